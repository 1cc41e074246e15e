//! What brought each visitor: a projection of the journal's events.
//!
//! Append-only, but for imports that are taken back, erasure and retention. Rows are known by their
//! place in the journal, so projecting a record again changes nothing. What they mean (order, first
//! touch, repetitions) is decided when reading, by `clew_core::attribution`.
//!
//! A direct visit is stored only while nothing earlier of its visitor is: rows that stand below it
//! are looked up once per call, for all visitors together. An import's rows may go again, so they
//! hide nothing but their own.

use super::entity::touch::{ActiveModel, Column, Entity, Model};
use super::error::{Result, invalid};
use super::imports;
use super::persons::Held;
use super::tx::Tx;
use clew_core::attribution::{Touch, thread};
use clew_core::model::{EpochMs, ErasedPersons, ImportId, SiteId, VisitorId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Parameters of one statement stay far below what either database allows.
const VISITORS_PER_QUERY: usize = 500;
const TOUCHES_PER_INSERT: usize = 500;

/// Touches that are kept of one person for a lead; see [`leading_to`].
const MOST_LEADING: u64 = 5_000;

/// A touch and where the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTouch {
    pub site: SiteId,
    pub touch: Touch,
    pub node: u32,
    pub lsn: u64,
    /// Position within its record.
    pub seq: u32,
    /// The import that brought it.
    pub import: Option<ImportId>,
}

/// Touches of some visitors, oldest first; see [`Found::complete`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub touches: Vec<Touch>,
    /// False: there are more than were asked for.
    pub complete: bool,
}

/// Appends touches; those already there are left as they are, and direct ones that something
/// precedes are left out.
pub async fn append(tx: &Tx, touches: &[StoredTouch]) -> Result<()> {
    let (direct, named): (Vec<_>, Vec<_>) = touches.iter().partition(|t| t.touch.is_direct());
    insert(tx, &named).await?;
    let candidates = earliest(&direct);
    let mut by_site: HashMap<SiteId, Vec<VisitorId>> = HashMap::new();
    for (site, visitor, _) in candidates.keys() {
        by_site.entry(*site).or_default().push(*visitor);
    }
    let mut known = HashMap::new();
    for (site, mut visitors) in by_site {
        visitors.sort_unstable();
        visitors.dedup();
        note_earliest(tx, site, &visitors, &mut known).await?;
    }
    let is_first = |candidate: &&StoredTouch| {
        let earlier = |import| {
            let key = (candidate.site, candidate.touch.visitor, import);
            known.get(&key).is_some_and(|at| *at < candidate.touch.at)
        };
        !(earlier(None) || earlier(candidate.import))
    };
    let mut first: Vec<_> = candidates.into_values().filter(is_first).collect();
    first.sort_unstable_by_key(|touch| (touch.node, touch.lsn, touch.seq));
    insert(tx, &first).await
}

type Key = (SiteId, VisitorId, Option<ImportId>);

/// The earliest of each visitor, imports apart.
fn earliest<'a>(direct: &[&'a StoredTouch]) -> HashMap<Key, &'a StoredTouch> {
    let mut earliest: HashMap<Key, &StoredTouch> = HashMap::new();
    for &stored in direct {
        let key = (stored.site, stored.touch.visitor, stored.import);
        let kept = earliest.entry(key).or_insert(stored);
        let order = |stored: &StoredTouch| (stored.touch.at, stored.touch.event);
        if order(stored) < order(kept) {
            *kept = stored;
        }
    }
    earliest
}

/// Time of the earliest stored touch of each visitor, imports apart.
async fn note_earliest(
    tx: &Tx,
    site: SiteId,
    visitors: &[VisitorId],
    known: &mut HashMap<Key, EpochMs>,
) -> Result<()> {
    for chunk in visitors.chunks(VISITORS_PER_QUERY) {
        let rows: Vec<(Uuid, Option<Uuid>, i64)> = Entity::find()
            .select_only()
            .column(Column::VisitorId)
            .column(Column::ImportId)
            .column_as(Column::At.min(), "earliest")
            .filter(Column::SiteId.eq(site.to_uuid()))
            .filter(Column::VisitorId.is_in(chunk.iter().map(|v| v.to_uuid())))
            .group_by(Column::VisitorId)
            .group_by(Column::ImportId)
            .into_tuple()
            .all(tx)
            .await?;
        for (visitor, import, at) in rows {
            let key = (site, visitor.into(), import.map(ImportId::from));
            known.insert(key, EpochMs(at));
        }
    }
    Ok(())
}

async fn insert(tx: &Tx, touches: &[&StoredTouch]) -> Result<()> {
    for chunk in touches.chunks(TOUCHES_PER_INSERT) {
        let rows = chunk.iter().map(|t| row(t)).collect::<Result<Vec<_>>>()?;
        let place = OnConflict::columns([Column::Node, Column::Lsn, Column::Seq]);
        Entity::insert_many(rows)
            .on_conflict(place.clone().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// An import is taken back: its touches go, those from elsewhere stay.
pub async fn revoke(tx: &Tx, site: SiteId, import: ImportId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::ImportId.eq(import.to_uuid()))
        .exec(tx)
        .await?;
    Ok(())
}

/// How many touches these persons have from before `before`, an LSN.
pub(crate) async fn survey(
    c: &impl ConnectionTrait,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
    held: &mut Held,
) -> Result<()> {
    for visitors in own(c, site, persons, before)
        .await?
        .chunks(VISITORS_PER_QUERY)
    {
        held.rows += Entity::find()
            .filter(theirs(site, visitors, before)?)
            .count(c)
            .await?;
    }
    Ok(())
}

/// The touches of these persons from before `before`, an LSN, go; returns how many did.
pub(crate) async fn erase(
    tx: &Tx,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
) -> Result<u64> {
    let mut removed = 0;
    for visitors in own(tx, site, persons, before)
        .await?
        .chunks(VISITORS_PER_QUERY)
    {
        let gone = Entity::delete_many().filter(theirs(site, visitors, before)?);
        removed += gone.exec(tx).await?.rows_affected;
    }
    Ok(removed)
}

fn theirs(site: SiteId, visitors: &[Uuid], before: u64) -> Result<Condition> {
    let before = i64::try_from(before).map_err(|e| invalid("touch", &e))?;
    Ok(Condition::all()
        .add(Column::SiteId.eq(site.to_uuid()))
        .add(Column::VisitorId.is_in(visitors.iter().copied()))
        .add(Column::Lsn.lt(before)))
}

/// Which of the visitors that have touches are meant: the database knows no hashes.
async fn own(
    c: &impl ConnectionTrait,
    site: SiteId,
    persons: &ErasedPersons,
    before: u64,
) -> Result<Vec<Uuid>> {
    let before = i64::try_from(before).map_err(|e| invalid("touch", &e))?;
    let mut visitors: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::VisitorId)
        .distinct()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Column::Lsn.lt(before))
        .into_tuple()
        .all(c)
        .await?;
    visitors.retain(|visitor| persons.has_visitor((*visitor).into()));
    Ok(visitors)
}

/// Retention: touches before this moment go, and those of imports that were over before it; returns
/// how many.
pub async fn delete_before(tx: &Tx, site: SiteId, before: EpochMs) -> Result<u64> {
    let over = imports::over_before(tx, site, before).await?;
    let live = Condition::all()
        .add(Column::ImportId.is_null())
        .add(Column::At.lt(before.0));
    let imported = Column::ImportId.is_in(over.into_iter().map(ImportId::to_uuid));
    let gone = Entity::delete_many()
        .filter(Column::SiteId.eq(site.to_uuid()))
        .filter(Condition::any().add(live).add(imported))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected)
}

/// The touches of these visitors up to `until`, as they are stored; at most `most`, of which each
/// visitor's are the oldest.
pub async fn of_visitors(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitors: &[VisitorId],
    until: EpochMs,
    most: u64,
) -> Result<Found> {
    let mut touches = Vec::new();
    for chunk in visitors.chunks(VISITORS_PER_QUERY) {
        let left = most.saturating_sub(touches.len() as u64);
        let rows = Entity::find()
            .filter(Column::SiteId.eq(site.to_uuid()))
            .filter(Column::VisitorId.is_in(chunk.iter().map(|v| v.to_uuid())))
            .filter(Column::At.lte(until.0))
            .order_by_asc(Column::At)
            .order_by_asc(Column::EventId)
            .limit(left + 1)
            .all(c)
            .await?;
        touches.extend(rows.into_iter().map(touch));
        if touches.len() as u64 > most {
            touches.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            let complete = false;
            return Ok(Found { touches, complete });
        }
    }
    let complete = true;
    Ok(Found { touches, complete })
}

/// The touches that led these visitors of one person to what they did at `at`, in order and each
/// once: what a lead keeps for ever (`clew_core::attribution::Led`).
pub async fn leading_to(
    c: &impl ConnectionTrait,
    site: SiteId,
    visitors: &[VisitorId],
    at: EpochMs,
) -> Result<Vec<Touch>> {
    let found = of_visitors(c, site, visitors, at, MOST_LEADING).await?;
    Ok(thread(found.touches))
}

fn touch(row: Model) -> Touch {
    Touch {
        at: EpochMs(row.at),
        event: row.event_id.into(),
        visitor: row.visitor_id.into(),
        source: row.source,
        medium: row.medium,
        campaign: row.campaign,
        content: row.content,
        term: row.term,
        channel: row.channel,
        click_id_kind: row.click_id_kind,
        click_id: row.click_id,
        referrer_host: row.referrer_host,
        landing_path: row.landing_path,
    }
}

fn row(stored: &StoredTouch) -> Result<ActiveModel> {
    let too_large = |e| invalid("touch", &e);
    let touch = &stored.touch;
    Ok(ActiveModel {
        node: Set(i64::from(stored.node)),
        lsn: Set(i64::try_from(stored.lsn).map_err(too_large)?),
        seq: Set(i32::try_from(stored.seq).map_err(too_large)?),
        site_id: Set(stored.site.to_uuid()),
        visitor_id: Set(touch.visitor.to_uuid()),
        event_id: Set(touch.event.to_uuid()),
        at: Set(touch.at.0),
        source: Set(touch.source.clone()),
        medium: Set(touch.medium.clone()),
        campaign: Set(touch.campaign.clone()),
        content: Set(touch.content.clone()),
        term: Set(touch.term.clone()),
        channel: Set(touch.channel.clone()),
        click_id_kind: Set(touch.click_id_kind.clone()),
        click_id: Set(touch.click_id.clone()),
        referrer_host: Set(touch.referrer_host.clone()),
        landing_path: Set(touch.landing_path.clone()),
        import_id: Set(stored.import.map(ImportId::to_uuid)),
    })
}
