//! Jobs that come back: cron schedules.
//!
//! A schedule stands in the database with the time of its next tick. Whoever moves that time
//! forward enqueues the job in the same transaction, so however many runners look, a tick makes
//! one job. Ticks missed while nobody ran come as one.

use super::super::entity::schedule::{ActiveModel, Column, Entity, Model};
use super::super::error::{Result, corrupt, invalid};
use super::super::tx::Tx;
use super::{Enqueued, NewJob, enqueue};
use clew_core::model::EpochMs;
use croner::Cron;
use jiff::tz::TimeZone;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use std::str::FromStr as _;

/// `cron` has five fields (six with seconds), read on the wall clock of `time_zone`: a tick inside
/// the hour that daylight saving skips comes right after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Unique; a changed schedule keeps its name.
    pub name: String,
    pub kind: String,
    pub cron: String,
    pub time_zone: String,
    pub payload: String,
}

/// Registers or changes a schedule. Its next tick is kept unless cron or zone changed.
pub async fn ensure(tx: &Tx, schedule: &Schedule, now: EpochMs) -> Result<()> {
    let next_at = next_tick(&schedule.cron, &schedule.time_zone, now)?;
    let known = Entity::find_by_id(&schedule.name).one(tx).await?;
    let unmoved = known
        .as_ref()
        .filter(|k| k.cron == schedule.cron && k.time_zone == schedule.time_zone);
    let row = ActiveModel {
        name: Set(schedule.name.clone()),
        kind: Set(schedule.kind.clone()),
        cron: Set(schedule.cron.clone()),
        time_zone: Set(schedule.time_zone.clone()),
        payload: Set(schedule.payload.clone()),
        next_at: Set(unmoved.map_or(next_at.0, |k| k.next_at)),
        last_at: Set(known.as_ref().and_then(|k| k.last_at)),
    };
    if known.is_some() {
        Entity::update(row).exec(tx).await?;
    } else {
        let on_conflict = sea_orm::sea_query::OnConflict::column(Column::Name)
            .do_nothing()
            .to_owned();
        Entity::insert(row)
            .on_conflict(on_conflict)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// Enqueues a job for every schedule of these kinds whose time has come.
pub async fn tick(tx: &Tx, kinds: &[&str], now: EpochMs) -> Result<Vec<Enqueued>> {
    let due = of_kinds(kinds)
        .filter(Column::NextAt.lte(now.0))
        .order_by_asc(Column::Name);
    let mut enqueued = Vec::new();
    for schedule in due.all(tx).await? {
        if advance(tx, &schedule, now).await? {
            let mut job = NewJob::now(schedule.kind, schedule.payload, now);
            job.run_at = EpochMs(schedule.next_at);
            enqueued.push(enqueue(tx, job, now).await?);
        }
    }
    Ok(enqueued)
}

/// When the next schedule of these kinds ticks.
pub async fn next_due(c: &impl ConnectionTrait, kinds: &[&str]) -> Result<Option<EpochMs>> {
    let next: Option<Option<i64>> = of_kinds(kinds)
        .select_only()
        .expr(Column::NextAt.min())
        .into_tuple()
        .one(c)
        .await?;
    Ok(next.flatten().map(EpochMs))
}

/// The first tick after `after`.
pub fn next_tick(cron: &str, time_zone: &str, after: EpochMs) -> Result<EpochMs> {
    let cron = Cron::from_str(cron).map_err(|e| invalid("cron expression", &e))?;
    let zone = TimeZone::get(time_zone).map_err(|e| invalid("time zone", &e))?;
    let after = after.to_timestamp().to_zoned(zone);
    let next = cron
        .find_next_occurrence(&after, false)
        .map_err(|e| invalid("cron expression", &e))?;
    Ok(EpochMs(next.timestamp().as_millisecond()))
}

/// False when somebody else moved it first: their transaction makes the job.
async fn advance(tx: &Tx, schedule: &Model, now: EpochMs) -> Result<bool> {
    let next =
        next_tick(&schedule.cron, &schedule.time_zone, now).map_err(|e| corrupt("schedule", &e))?;
    let moved = Entity::update_many()
        .col_expr(Column::NextAt, Expr::value(next.0))
        .col_expr(Column::LastAt, Expr::value(schedule.next_at))
        .filter(Column::Name.eq(schedule.name.as_str()))
        .filter(Column::NextAt.eq(schedule.next_at))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected == 1)
}

fn of_kinds(kinds: &[&str]) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::Kind.is_in(kinds.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> EpochMs {
        EpochMs(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn ticks_follow_the_wall_clock_of_the_zone() {
        for (cron, zone, after, tick) in [
            (
                "0 3 * * *",
                "UTC",
                "2026-01-01T00:00:00Z",
                "2026-01-01T03:00:00Z",
            ),
            (
                "0 3 * * *",
                "UTC",
                "2026-01-01T03:00:00Z",
                "2026-01-02T03:00:00Z",
            ),
            (
                "0 3 * * *",
                "Europe/Berlin",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:00:00Z",
            ),
            (
                "30 2 * * *",
                "Europe/Berlin",
                "2026-03-28T12:00:00Z",
                "2026-03-29T01:00:00Z",
            ),
            (
                "*/10 * * * *",
                "UTC",
                "2026-01-01T00:09:59.999Z",
                "2026-01-01T00:10:00Z",
            ),
        ] {
            assert_eq!(
                next_tick(cron, zone, ms(after)).unwrap(),
                ms(tick),
                "{cron} {zone} {after}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(next_tick("every day", "UTC", EpochMs(0)).is_err());
        assert!(next_tick("0 3 * * *", "Mars/Base", EpochMs(0)).is_err());
        assert!(next_tick("0 0 30 2 *", "UTC", EpochMs(0)).is_err());
    }
}
