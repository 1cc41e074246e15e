//! The work that comes back.

use clew_store::relational::jobs::schedules::Schedule;

/// A line of the timetable.
#[derive(Clone, Copy, Debug)]
pub struct Scheduled {
    /// Unique, for ever: a changed line keeps its name.
    pub name: &'static str,
    pub kind: &'static str,
    /// Five fields, in UTC.
    pub cron: &'static str,
    /// JSON payload of the job.
    pub payload: &'static str,
}

/// Everything that this program does by the clock.
pub const SCHEDULES: &[Scheduled] = &[
    Scheduled {
        name: "prune_jobs",
        kind: "prune_jobs",
        cron: "17 3 * * *",
        payload: r#"{"done_days":7,"dead_days":90}"#,
    },
    Scheduled {
        name: "retention",
        kind: "retention",
        cron: "12 * * * *",
        payload: "{}",
    },
    Scheduled {
        name: "expire_exports",
        kind: "expire_exports",
        cron: "*/10 * * * *",
        payload: "{}",
    },
];

impl Scheduled {
    pub(super) fn schedule(&self) -> Schedule {
        Schedule {
            name: self.name.to_owned(),
            kind: self.kind.to_owned(),
            cron: self.cron.to_owned(),
            time_zone: "UTC".to_owned(),
            payload: self.payload.to_owned(),
        }
    }
}
