//! Erasures of persons: what was asked, how far each is, what it left to show.
//!
//! Owns the state from which an erasure goes on after a crash. Refuses to know whom it is about:
//! persons stand here as keyed hashes, from the first moment on. Rows stay when the erasure is
//! done, because a restored backup has to be cleaned again.

use super::entity::erasure::{ActiveModel, Column, Entity, Model};
use super::entity::erasure_step;
use super::error::{Result, corrupt, invalid, missing};
use super::tx::Tx;
use super::words::{ErasureReason, ErasureState, StepState, SubjectKind};
use clew_core::model::{EpochMs, ErasureId, PersonHash, SiteId};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long an erasure may take.
pub const DUE_MS: i64 = EpochMs::DAY;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub id: ErasureId,
    pub site: SiteId,
    pub subject: SubjectKind,
    pub reason: Option<ErasureReason>,
    pub state: ErasureState,
    pub persons: BTreeSet<PersonHash>,
    /// Where it stands in the journal; what records before say of these persons goes.
    pub record_lsn: Option<u64>,
    pub attempts: u32,
    /// Why the last attempt failed.
    pub message: Option<String>,
    pub requested_at: EpochMs,
    pub started_at: Option<EpochMs>,
    pub finished_at: Option<EpochMs>,
    pub due_at: EpochMs,
    /// JSON, once it is done.
    pub certificate: Option<String>,
}

/// What one store had of these persons, and has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub store: String,
    pub state: StepState,
    pub found: u64,
    /// As counted after the store was erased from.
    pub remaining: Option<u64>,
    pub finished_at: Option<EpochMs>,
}

/// Somebody asks for an erasure.
pub async fn request(
    tx: &Tx,
    site: SiteId,
    subject: SubjectKind,
    reason: Option<ErasureReason>,
    persons: BTreeSet<PersonHash>,
    now: EpochMs,
) -> Result<Erasure> {
    let id = Uuid::now_v7().into();
    let erasure = Erasure {
        id,
        site,
        subject,
        reason,
        state: ErasureState::Queued,
        persons,
        record_lsn: None,
        attempts: 0,
        message: None,
        requested_at: now,
        started_at: None,
        finished_at: None,
        due_at: now.plus(DUE_MS),
        certificate: None,
    };
    insert(tx, &erasure).await?;
    Ok(erasure)
}

/// Everything that was submitted to a site that is gone, of whomever. Once is enough for what stands
/// before it in the journal; see [`request_of_late_submissions`].
pub async fn request_of_deleted_site(tx: &Tx, site: SiteId, now: EpochMs) -> Result<()> {
    let asked = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::Subject.eq(SubjectKind::Site.as_str()))
        .one(tx)
        .await?;
    if asked.is_none() {
        request_every_submission(tx, site, now).await?;
    }
    Ok(())
}

/// The record `lsn` brought a submission to a site that is gone: it goes too, by another erasure
/// unless one stands behind it in the journal or will. Exact where every record up to `lsn` that
/// erases has been [`replayed`]. True when it was asked for.
pub(super) async fn request_of_late_submissions(
    tx: &Tx,
    site: SiteId,
    lsn: u64,
    now: EpochMs,
) -> Result<bool> {
    let behind = Column::RecordLsn.gt(stored(lsn)?);
    let reached = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::Persons.contains(joined(&[PersonHash::EVERY_SUBMISSION].into())))
        .filter(Column::RecordLsn.is_null().or(behind))
        .one(tx)
        .await?;
    if reached.is_none() {
        request_every_submission(tx, site, now).await?;
    }
    Ok(reached.is_none())
}

async fn request_every_submission(tx: &Tx, site: SiteId, now: EpochMs) -> Result<()> {
    let every = [PersonHash::EVERY_SUBMISSION].into();
    request(tx, site, SubjectKind::Site, None, every, now).await?;
    Ok(())
}

/// Ids of the sites for which [`request_of_deleted_site`] was asked.
pub(super) fn deleted_sites_asked_for() -> SelectStatement {
    Entity::find()
        .select_only()
        .column(Column::SiteId)
        .filter(Column::Subject.eq(SubjectKind::Site.as_str()))
        .into_query()
}

/// The journal says that these persons were erased. When that is known, it only learns where the
/// record stands; after a restore it is not, and what came back with the backup has to go again.
pub async fn replayed(
    tx: &Tx,
    site: SiteId,
    id: ErasureId,
    persons: BTreeSet<PersonHash>,
    lsn: u64,
    now: EpochMs,
) -> Result<()> {
    let erasure = Erasure {
        id,
        site,
        subject: SubjectKind::Replayed,
        reason: None,
        state: ErasureState::Queued,
        persons,
        record_lsn: Some(lsn),
        attempts: 0,
        message: None,
        requested_at: now,
        started_at: None,
        finished_at: None,
        due_at: now.plus(DUE_MS),
        certificate: None,
    };
    insert(tx, &erasure).await?;
    Entity::update_many()
        .col_expr(Column::RecordLsn, Expr::value(stored(lsn)?))
        .filter(Column::Id.eq(id.to_uuid()))
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::RecordLsn.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// The newest first.
pub async fn list(c: &impl ConnectionTrait, site: SiteId, limit: u64) -> Result<Vec<Erasure>> {
    let rows = Entity::find()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .order_by_desc(Column::RequestedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(c)
        .await?;
    rows.into_iter().map(erasure).collect()
}

pub async fn get(c: &impl ConnectionTrait, site: SiteId, id: ErasureId) -> Result<Option<Erasure>> {
    let row = Entity::find_by_id(id.to_uuid())
        .filter(Column::SiteId.eq(site.to_uuid()))
        .one(c)
        .await?;
    row.map(erasure).transpose()
}

/// Everything that is still to be done, of all sites, the oldest first.
pub async fn unfinished(c: &impl ConnectionTrait) -> Result<Vec<Erasure>> {
    in_states(
        c,
        &[
            ErasureState::Queued,
            ErasureState::Running,
            ErasureState::Failed,
        ],
    )
    .await
}

/// Everything that was done, of all sites.
pub async fn finished(c: &impl ConnectionTrait) -> Result<Vec<Erasure>> {
    in_states(c, &[ErasureState::Done]).await
}

async fn in_states(c: &impl ConnectionTrait, states: &[ErasureState]) -> Result<Vec<Erasure>> {
    let rows = Entity::find()
        .filter(Column::State.is_in(states.iter().map(|state| state.as_str())))
        .order_by_asc(Column::Id)
        .all(c)
        .await?;
    rows.into_iter().map(erasure).collect()
}

/// An attempt begins.
pub async fn begin(tx: &Tx, erasure: &Erasure, now: EpochMs) -> Result<()> {
    let started = erasure.started_at.unwrap_or(now);
    change(
        tx,
        erasure,
        [
            (Column::State, word(ErasureState::Running)),
            (Column::StartedAt, Expr::value(started.0)),
            (Column::Attempts, Expr::col(Column::Attempts).add(1)),
        ],
    )
    .await
}

/// More of the same person was found, or the journal has the erasure now.
pub async fn extend(
    tx: &Tx,
    erasure: &Erasure,
    persons: &BTreeSet<PersonHash>,
    record_lsn: Option<u64>,
) -> Result<()> {
    let lsn = record_lsn.map(stored).transpose()?;
    let changes = [
        (Column::Persons, Expr::value(joined(persons))),
        (Column::RecordLsn, Expr::value(lsn)),
    ];
    change(tx, erasure, changes).await
}

/// An attempt failed; another one follows.
pub async fn fail(tx: &Tx, erasure: &Erasure, message: &str) -> Result<()> {
    let changes = [
        (Column::State, word(ErasureState::Failed)),
        (Column::Message, Expr::value(message)),
    ];
    change(tx, erasure, changes).await
}

/// Nothing is left, and the certificate says so.
pub async fn finish(tx: &Tx, erasure: &Erasure, certificate: &str, now: EpochMs) -> Result<()> {
    let changes = [
        (Column::State, word(ErasureState::Done)),
        (Column::Message, Expr::value(None::<String>)),
        (Column::FinishedAt, Expr::value(now.0)),
        (Column::Certificate, Expr::value(certificate)),
    ];
    change(tx, erasure, changes).await
}

/// Something came back: it is done all over again, and due anew.
pub async fn reopen(tx: &Tx, erasure: &Erasure, now: EpochMs) -> Result<()> {
    let changes = [
        (Column::State, word(ErasureState::Queued)),
        (Column::DueAt, Expr::value(now.plus(DUE_MS).0)),
    ];
    change(tx, erasure, changes).await
}

async fn change(
    tx: &Tx,
    erasure: &Erasure,
    changes: impl IntoIterator<Item = (Column, SimpleExpr)>,
) -> Result<()> {
    let mut update = Entity::update_many()
        .filter(Column::Id.eq(erasure.id.to_uuid()))
        .filter(Column::SiteId.eq(erasure.site.to_uuid()));
    for (column, value) in changes {
        update = update.col_expr(column, value);
    }
    match update.exec(tx).await?.rows_affected {
        1 => Ok(()),
        _ => Err(missing("erasure")()),
    }
}

/// Writes down how far a store is; what was found before stays the larger number.
pub async fn put_step(tx: &Tx, erasure: ErasureId, step: &Step) -> Result<()> {
    let row = erasure_step::Model {
        erasure_id: erasure.to_uuid(),
        store: step.store.clone(),
        state: step.state.as_str().to_owned(),
        found: stored(step.found)?,
        remaining: step.remaining.map(stored).transpose()?,
        finished_at: step.finished_at.map(|at| at.0),
    };
    let key = [erasure_step::Column::ErasureId, erasure_step::Column::Store];
    let rest = [
        erasure_step::Column::State,
        erasure_step::Column::Found,
        erasure_step::Column::Remaining,
        erasure_step::Column::FinishedAt,
    ];
    erasure_step::Entity::insert(erasure_step::ActiveModel::from(row))
        .on_conflict(OnConflict::columns(key).update_columns(rest).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// How far each store is, by name.
pub async fn steps(c: &impl ConnectionTrait, erasure: ErasureId) -> Result<Vec<Step>> {
    let rows = erasure_step::Entity::find()
        .filter(erasure_step::Column::ErasureId.eq(erasure.to_uuid()))
        .order_by_asc(erasure_step::Column::Store)
        .all(c)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Step {
                state: StepState::stored(&row.state)?,
                store: row.store,
                found: counted(row.found)?,
                remaining: row.remaining.map(counted).transpose()?,
                finished_at: row.finished_at.map(EpochMs),
            })
        })
        .collect()
}

async fn insert(tx: &Tx, erasure: &Erasure) -> Result<()> {
    let row = Model {
        id: erasure.id.to_uuid(),
        site_id: erasure.site.to_uuid(),
        subject: erasure.subject.as_str().to_owned(),
        reason: erasure.reason.map(|reason| reason.as_str().to_owned()),
        state: erasure.state.as_str().to_owned(),
        persons: joined(&erasure.persons),
        record_lsn: erasure.record_lsn.map(stored).transpose()?,
        attempts: 0,
        message: None,
        requested_at: erasure.requested_at.0,
        started_at: None,
        finished_at: None,
        due_at: erasure.due_at.0,
        certificate: None,
    };
    Entity::insert(ActiveModel::from(row))
        .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn erasure(row: Model) -> Result<Erasure> {
    Ok(Erasure {
        id: row.id.into(),
        site: row.site_id.into(),
        subject: SubjectKind::stored(&row.subject)?,
        reason: row
            .reason
            .as_deref()
            .map(ErasureReason::stored)
            .transpose()?,
        state: ErasureState::stored(&row.state)?,
        persons: parted(&row.persons)?,
        record_lsn: row.record_lsn.map(counted).transpose()?,
        attempts: u32::try_from(row.attempts).map_err(|e| corrupt("erasure", &e))?,
        message: row.message,
        requested_at: EpochMs(row.requested_at),
        started_at: row.started_at.map(EpochMs),
        finished_at: row.finished_at.map(EpochMs),
        due_at: EpochMs(row.due_at),
        certificate: row.certificate,
    })
}

fn word(state: ErasureState) -> SimpleExpr {
    Expr::value(state.as_str())
}

fn joined(persons: &BTreeSet<PersonHash>) -> String {
    let hashes = persons.iter().map(|hash| hex::encode(hash.to_bytes()));
    hashes.collect::<Vec<_>>().join(" ")
}

fn parted(persons: &str) -> Result<BTreeSet<PersonHash>> {
    let hashes = persons.split_whitespace().map(|word| {
        let mut bytes = [0; 16];
        hex::decode_to_slice(word, &mut bytes).map_err(|e| corrupt("erasure", &e))?;
        Ok(PersonHash::from_bytes(bytes))
    });
    hashes.collect()
}

fn stored(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|e| invalid("count", &e))
}

fn counted(count: i64) -> Result<u64> {
    u64::try_from(count).map_err(|e| corrupt("erasure", &e))
}
