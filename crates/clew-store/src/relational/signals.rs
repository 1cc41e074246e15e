//! Who is told when a transaction became durable.

use super::tx::AfterCommit;
use tokio::sync::watch;

/// In-process notifications. They only shorten waiting: whoever misses one still finds the change
/// by reading the database (see `Db::refresh` and the runner's polling).
#[derive(Debug)]
pub(super) struct Signals {
    policies: watch::Sender<u64>,
    jobs: watch::Sender<u64>,
}

impl Signals {
    pub(super) fn new(policy_revision: u64) -> Self {
        Self {
            policies: watch::Sender::new(policy_revision),
            jobs: watch::Sender::new(0),
        }
    }

    pub(super) fn committed(&self, after: AfterCommit) {
        if let Some(revision) = after.policy_revision {
            self.policy_revision_is(revision);
        }
        if after.jobs_added {
            self.jobs.send_modify(|count| *count += 1);
        }
    }

    pub(super) fn policy_revision_is(&self, revision: u64) {
        self.policies.send_if_modified(|current| {
            let newer = revision > *current;
            *current = revision.max(*current);
            newer
        });
    }

    pub(super) fn policies(&self) -> watch::Receiver<u64> {
        self.policies.subscribe()
    }

    pub(super) fn jobs(&self) -> watch::Receiver<u64> {
        self.jobs.subscribe()
    }
}
