//! Exports of what is stored about somebody: who is meant, how far it is, until when it can be had.
//!
//! Owns the state; the files lie elsewhere, sealed. Names the person by a pseudonym, which goes when
//! the export ends.

use super::entity::export::{ActiveModel, Column, Entity, Model};
use super::error::{Result, corrupt, invalid, missing};
use super::tx::Tx;
use super::words::ExportState;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId, UserKey, VisitorId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

/// Most exports of a list.
const LISTED: u64 = 100;

/// Whose data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Visitor(VisitorId),
    User(UserKey),
}

impl Subject {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Visitor(_) => "visitor",
            Self::User(_) => "user",
        }
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subject({}, …)", self.kind())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub id: RowId,
    pub site: SiteId,
    /// `visitor` or `user`.
    pub subject_kind: String,
    /// `None` once it has ended.
    pub subject: Option<Subject>,
    pub state: ExportState,
    /// Why it failed.
    pub problem: Option<String>,
    /// Events written so far.
    pub events: u64,
    /// Sizes of the files.
    pub json_bytes: Option<u64>,
    pub csv_bytes: Option<u64>,
    pub requested_at: EpochMs,
    pub finished_at: Option<EpochMs>,
    /// From then on there are no files.
    pub expires_at: EpochMs,
}

pub async fn create(
    tx: &Tx,
    site: SiteId,
    subject: Subject,
    expires_at: EpochMs,
    now: EpochMs,
) -> Result<Export> {
    let named = match subject {
        Subject::Visitor(id) => id.to_uuid(),
        Subject::User(key) => key.to_uuid(),
    };
    let row = Model {
        id: Uuid::now_v7(),
        site_id: site.to_uuid(),
        subject_kind: subject.kind().to_owned(),
        subject: Some(named),
        state: ExportState::Queued.as_str().to_owned(),
        problem: None,
        events: 0,
        json_bytes: None,
        csv_bytes: None,
        requested_at: now.0,
        finished_at: None,
        expires_at: expires_at.0,
    };
    Entity::insert(ActiveModel::from(row.clone()))
        .exec_without_returning(tx)
        .await?;
    export(row)
}

/// `NotFound` when it is another site's.
pub async fn get(c: &impl ConnectionTrait, site: SiteId, id: RowId) -> Result<Export> {
    let row = Entity::find_by_id(id.to_uuid())
        .filter(Column::SiteId.eq(site.to_uuid()))
        .one(c)
        .await?;
    export(row.ok_or_else(missing("export"))?)
}

/// The site's exports, newest first.
pub async fn list(c: &impl ConnectionTrait, site: SiteId) -> Result<Vec<Export>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .order_by_desc(Column::Id)
        .limit(LISTED)
        .all(c)
        .await?;
    rows.into_iter().map(export).collect()
}

/// Exports whose files must be there, of all sites: every other file goes.
pub async fn alive(c: &impl ConnectionTrait, now: EpochMs) -> Result<Vec<RowId>> {
    let alive = [ExportState::Running, ExportState::Ready].map(ExportState::as_str);
    let rows = Entity::find()
        .filter(Column::State.is_in(alive))
        .filter(Column::ExpiresAt.gt(now.0))
        .all(c)
        .await?;
    Ok(rows.into_iter().map(|row| row.id.into()).collect())
}

/// How far it is. An export that has ended stays as it is.
pub async fn progress(tx: &Tx, site: SiteId, id: RowId, events: u64) -> Result<()> {
    under_way(site, id)
        .col_expr(Column::State, word(ExportState::Running))
        .col_expr(Column::Events, Expr::value(stored(events)?))
        .exec(tx)
        .await?;
    Ok(())
}

/// Both files are there, of these sizes. `NotFound` when it has ended meanwhile.
pub async fn ready(
    tx: &Tx,
    site: SiteId,
    id: RowId,
    events: u64,
    bytes: (u64, u64),
    now: EpochMs,
) -> Result<()> {
    let moved = under_way(site, id)
        .col_expr(Column::State, word(ExportState::Ready))
        .col_expr(Column::Events, Expr::value(stored(events)?))
        .col_expr(Column::JsonBytes, Expr::value(stored(bytes.0)?))
        .col_expr(Column::CsvBytes, Expr::value(stored(bytes.1)?))
        .col_expr(Column::FinishedAt, Expr::value(now.0))
        .exec(tx)
        .await?;
    match moved.rows_affected {
        0 => Err(missing("export")()),
        _ => Ok(()),
    }
}

/// It cannot be made.
pub async fn fail(tx: &Tx, site: SiteId, id: RowId, problem: &str, now: EpochMs) -> Result<()> {
    under_way(site, id)
        .col_expr(Column::State, word(ExportState::Failed))
        .col_expr(Column::Problem, Expr::value(problem))
        .col_expr(Column::Subject, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::FinishedAt, Expr::value(now.0))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends what is over its time, in all sites, and forgets whom it was about.
pub async fn expire(tx: &Tx, now: EpochMs) -> Result<u64> {
    let over = Entity::update_many()
        .col_expr(Column::State, word(ExportState::Expired))
        .col_expr(Column::Subject, Expr::value(Option::<Uuid>::None))
        .filter(Column::State.ne(ExportState::Expired.as_str()))
        .filter(Column::ExpiresAt.lte(now.0))
        .exec(tx)
        .await?;
    Ok(over.rows_affected)
}

/// Ends every export of a site, and forgets whom it was about: for erasure.
pub async fn withdraw(tx: &Tx, site: SiteId, now: EpochMs) -> Result<u64> {
    let over = Entity::update_many()
        .col_expr(Column::State, word(ExportState::Expired))
        .col_expr(Column::Subject, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::ExpiresAt, Expr::value(now.0))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::State.ne(ExportState::Expired.as_str()))
        .exec(tx)
        .await?;
    Ok(over.rows_affected)
}

/// Removes what ended long ago.
pub async fn prune(tx: &Tx, before: EpochMs) -> Result<u64> {
    let gone = Entity::delete_many()
        .filter(Column::State.eq(ExportState::Expired.as_str()))
        .filter(Column::ExpiresAt.lt(before.0))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

fn under_way(site: SiteId, id: RowId) -> sea_orm::UpdateMany<Entity> {
    let under_way = [ExportState::Queued, ExportState::Running].map(ExportState::as_str);
    Entity::update_many()
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::State.is_in(under_way))
}

fn word(state: ExportState) -> Expr {
    Expr::value(state.as_str())
}

fn export(row: Model) -> Result<Export> {
    let count = |n: i64| u64::try_from(n).map_err(|e| corrupt("export", &e));
    let subject = match (row.subject, row.subject_kind.as_str()) {
        (None, _) => None,
        (Some(id), "visitor") => Some(Subject::Visitor(id.into())),
        (Some(id), "user") => Some(Subject::User(id.into())),
        (Some(_), kind) => return Err(corrupt("export", kind)),
    };
    Ok(Export {
        id: row.id.into(),
        site: row.site_id.into(),
        subject_kind: row.subject_kind,
        subject,
        state: ExportState::stored(&row.state)?,
        problem: row.problem,
        events: count(row.events)?,
        json_bytes: row.json_bytes.map(count).transpose()?,
        csv_bytes: row.csv_bytes.map(count).transpose()?,
        requested_at: EpochMs(row.requested_at),
        finished_at: row.finished_at.map(EpochMs),
        expires_at: EpochMs(row.expires_at),
    })
}

fn stored(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|e| invalid("export", &e))
}
