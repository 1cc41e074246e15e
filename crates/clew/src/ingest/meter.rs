//! Counters of the ingest path, registered once so that counting an event is one atomic add.

use clew_core::pipeline::{NotCounted, QuarantineCode};
use clew_core::wire::Receipt;
use metrics::{Counter, counter};

#[derive(Debug)]
pub struct Meter {
    accepted: Counter,
    imported: Counter,
    duplicates: Counter,
}

impl Meter {
    pub fn register() -> Self {
        // Every reason exists from the start, so that a dashboard shows zero and not a gap.
        for code in QuarantineCode::ALL {
            dropped("quarantined", code.code()).absolute(0);
        }
        for reason in NotCounted::ALL {
            dropped("not_counted", reason.code()).absolute(0);
        }
        Self {
            accepted: counter!("clew_events_accepted_total"),
            imported: counter!("clew_events_imported_total"),
            duplicates: counter!("clew_events_duplicate_total"),
        }
    }

    pub fn count(&self, receipt: &Receipt) {
        self.accepted.increment(u64::from(receipt.accepted));
        self.count_others(receipt);
    }

    /// Events that were not sent here and now, apart from those that were.
    pub fn count_import(&self, receipt: &Receipt) {
        self.imported.increment(u64::from(receipt.accepted));
        self.count_others(receipt);
    }

    fn count_others(&self, receipt: &Receipt) {
        if receipt.duplicates > 0 {
            self.duplicates.increment(u64::from(receipt.duplicates));
        }
        for item in &receipt.quarantined {
            dropped("quarantined", &item.code).increment(1);
        }
        for item in &receipt.not_counted {
            dropped("not_counted", item.reason).increment(1);
        }
    }
}

fn dropped(kind: &'static str, reason: &str) -> Counter {
    counter!("clew_events_dropped_total", "kind" => kind, "reason" => reason.to_owned())
}
