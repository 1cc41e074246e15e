//! The edge: a decoded batch goes through the pipeline and into the journal; the receipt says what
//! became of every event.
//!
//! Refuses to answer before the journal has synced. Touches no database: policy, salt and look-up
//! data come with the arrival.

use super::{Backlog, CommitGate, Duplicates, EncodedBatch, Meter};
use crate::geo::GeoData;
use crate::secrets::SubmissionVault;
use clew_core::error::ErrorCode;
use clew_core::model::{
    EpochMs, Erasure, EventId, RecordKind, SiteId, SiteKey, SitePolicy, StoredEvent, StoredLink,
    Submission,
};
use clew_core::pipeline::{
    self, CacheStats, Context, DailySalt, Origin, Outcome, Processed, Resources,
};
use clew_core::wire::{Client, NotCountedItem, QuarantinedItem, Receipt, WireBatch};
use clew_journal::{AppendError, Journal, Lsn};
use std::sync::Arc;

/// Everything about a request that its body does not say.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub site: &'a SitePolicy,
    pub client: &'a Client,
    /// `WireFormat::name`.
    pub format: &'static str,
    pub received: EpochMs,
    pub salt: &'a DailySalt,
    pub site_key: &'a SiteKey,
    /// Id of a first-party cookie that this server set.
    pub cookie_id: Option<&'a str>,
    /// A fresh UUIDv7, for events that carry neither id nor time.
    pub minted: EventId,
}

/// The door into the journal; one per process, shared by all requests.
#[derive(Debug)]
pub struct Intake {
    journal: Journal<CommitGate>,
    pub(super) resources: Resources,
    geo: Arc<GeoData>,
    backlog: Arc<Backlog>,
    pub(super) vault: SubmissionVault,
    pub(super) meter: Meter,
}

/// What the pipeline said of each submitted item, until the ledger has spoken too.
pub(super) struct Prepared {
    encoded: EncodedBatch,
    receipt: Receipt,
    /// Position in the request and fate, by position in the encoded batch.
    submitted: Vec<(u32, Fate)>,
}

enum Fate {
    Counted,
    Quarantined(String),
    NotCounted(&'static str),
}

impl Intake {
    pub fn new(
        journal: Journal<CommitGate>,
        resources: Resources,
        geo: Arc<GeoData>,
        backlog: Arc<Backlog>,
        vault: SubmissionVault,
    ) -> Self {
        Self {
            journal,
            resources,
            geo,
            backlog,
            vault,
            meter: Meter::register(),
        }
    }

    /// How often a user agent was known already.
    pub fn device_stats(&self) -> CacheStats {
        self.resources.device_stats()
    }

    /// Returns once every event of the batch is on disk, known already, or may not be kept.
    ///
    /// # Errors
    /// Nothing of the batch is promised: resend the same ids later. [`ErrorCode::Overloaded`],
    /// [`ErrorCode::StorageUnavailable`] or [`ErrorCode::ShuttingDown`].
    pub async fn accept(
        &self,
        mut batch: WireBatch,
        arrival: &Arrival<'_>,
    ) -> Result<Receipt, ErrorCode> {
        self.check_backlog()?;
        let echo = batch.echo.take();
        let mut receipt = self.commit(self.prepare(batch, arrival)?).await?;
        receipt.echo = echo;
        self.meter.count(&receipt);
        Ok(receipt)
    }

    pub(super) fn check_backlog(&self) -> Result<(), ErrorCode> {
        if self.backlog.is_over_limit() {
            return Err(ErrorCode::Overloaded);
        }
        Ok(())
    }

    /// Puts what was prepared into the journal.
    pub(super) async fn commit(&self, prepared: Prepared) -> Result<Receipt, ErrorCode> {
        let duplicates = if prepared.encoded.is_empty() {
            Duplicates::new()
        } else {
            self.append(prepared.encoded).await?
        };
        Ok(settle(prepared.receipt, prepared.submitted, &duplicates))
    }

    /// Waits until what was said about who is who is on disk; returns the LSN of its record.
    ///
    /// # Errors
    /// It is not known whether it is: look before saying it again.
    pub async fn link(
        &self,
        site: SiteId,
        links: Vec<StoredLink>,
        received: EpochMs,
    ) -> Result<u64, ErrorCode> {
        let encoded = EncodedBatch::of_links(site, links, received);
        let appended = self.journal.append(encoded).await;
        let appended = appended.map_err(|error| refusal(&error))?;
        appended
            .lsn
            .map(|lsn| lsn.0)
            .ok_or(ErrorCode::StorageUnavailable)
    }

    /// Waits until the batch is on disk.
    pub(super) async fn append(&self, encoded: EncodedBatch) -> Result<Duplicates, ErrorCode> {
        Ok(self.append_at(encoded).await?.1)
    }

    /// [`Self::append`], with the record's LSN: none when everything was known already.
    async fn append_at(
        &self,
        encoded: EncodedBatch,
    ) -> Result<(Option<Lsn>, Duplicates), ErrorCode> {
        let appended = self.journal.append(encoded).await;
        let appended = appended.map_err(|error| refusal(&error))?;
        let duplicates = appended.verdict.map_err(|error| {
            tracing::error!(%error, "the ledger refused a batch");
            ErrorCode::StorageUnavailable
        })?;
        Ok((appended.lsn, duplicates))
    }

    /// Has persons forgotten, in every projection and at every replay: durable once this returns
    /// the record's LSN. Doing it twice changes nothing.
    ///
    /// # Errors
    /// It is not known whether the record stands: try again later.
    pub async fn erase(
        &self,
        site: SiteId,
        erasure: &Erasure,
        received: EpochMs,
    ) -> Result<u64, ErrorCode> {
        let encoded = EncodedBatch::erasure(site, erasure, received);
        let (lsn, _) = self.append_at(encoded).await?;
        // A record without items is never a duplicate.
        Ok(lsn.ok_or(ErrorCode::Internal)?.0)
    }

    fn prepare(&self, batch: WireBatch, arrival: &Arrival<'_>) -> Result<Prepared, ErrorCode> {
        let context = Context {
            site: arrival.site,
            client: arrival.client,
            format: arrival.format,
            received: arrival.received,
            sent_at: batch.sent_at,
            salt: arrival.salt,
            site_key: arrival.site_key,
            device: self.resources.device_of(arrival.client),
            origin: Origin::look_up(
                arrival.client,
                arrival.site,
                &self.resources,
                &self.geo.atlas(),
            ),
            cookie_id: arrival.cookie_id,
            minted: arrival.minted,
            imported: None,
            resources: &self.resources,
        };
        let count = batch.items.len();
        let kind = RecordKind::Events;
        let encoded = EncodedBatch::new(kind, arrival.site.id, arrival.received, count);
        let mut prepared = Prepared::new(encoded, count);
        for (i, item) in (0u32..).zip(batch.items) {
            prepared.add(i, pipeline::run_item(item, i, &context), &self.vault)?;
        }
        Ok(prepared)
    }
}

impl Prepared {
    pub(super) fn new(encoded: EncodedBatch, expected: usize) -> Self {
        Self {
            encoded,
            receipt: Receipt::default(),
            submitted: Vec::with_capacity(expected),
        }
    }

    /// Encodes what is kept; what was typed into forms is sealed here.
    pub(super) fn add(
        &mut self,
        i: u32,
        processed: Processed,
        vault: &SubmissionVault,
    ) -> Result<(), ErrorCode> {
        let Processed {
            outcome,
            submission,
        } = processed;
        if i == 0 {
            self.receipt.first = outcome.event_id();
            self.receipt.first_submission_kept = submission.is_some();
            self.receipt.first_reason = match &outcome {
                Outcome::NotCounted { reason, .. } => Some(reason.code()),
                Outcome::Accepted(_) | Outcome::Quarantined(_) => None,
            };
        }
        match outcome {
            Outcome::Accepted(event) => {
                self.push(&event, submission, vault)?;
                self.submitted.push((i, Fate::Counted));
            }
            Outcome::Quarantined(event) => {
                self.encoded.push_quarantined(&event);
                self.submitted.push((i, Fate::Quarantined(event.code)));
            }
            Outcome::NotCounted {
                reason,
                keep: Some(event),
            } => {
                self.push(&event, submission, vault)?;
                self.submitted.push((i, Fate::NotCounted(reason.code())));
            }
            Outcome::NotCounted { reason, keep: None } => {
                self.receipt.not_counted.push(NotCountedItem {
                    i,
                    reason: reason.code(),
                });
            }
        }
        Ok(())
    }

    fn push(
        &mut self,
        event: &StoredEvent,
        submission: Option<Box<Submission>>,
        vault: &SubmissionVault,
    ) -> Result<(), ErrorCode> {
        let Some(submission) = submission else {
            self.encoded.push(event);
            return Ok(());
        };
        let sealed = vault.seal(self.encoded.site(), event.event_id, &submission);
        let sealed = sealed.map_err(|error| {
            tracing::error!(%error, "what was typed into a form cannot be sealed");
            ErrorCode::Internal
        })?;
        self.encoded.push_with(event, Some(&sealed));
        Ok(())
    }
}

/// Joins what the pipeline said with what the ledger knew.
fn settle(mut receipt: Receipt, submitted: Vec<(u32, Fate)>, known: &Duplicates) -> Receipt {
    let mut known = known.iter().copied().peekable();
    for (position, (i, fate)) in (0u16..).zip(submitted) {
        if known.next_if_eq(&position).is_some() {
            receipt.duplicates += 1;
            receipt.duplicate_items.push(i);
            continue;
        }
        match fate {
            Fate::Counted => receipt.accepted += 1,
            Fate::Quarantined(code) => receipt.quarantined.push(QuarantinedItem { i, code }),
            Fate::NotCounted(reason) => receipt.not_counted.push(NotCountedItem { i, reason }),
        }
    }
    receipt.not_counted.sort_unstable_by_key(|item| item.i);
    receipt
}

fn refusal(error: &AppendError) -> ErrorCode {
    match error {
        AppendError::Backlog => ErrorCode::Overloaded,
        AppendError::Closed => ErrorCode::ShuttingDown,
        AppendError::Full | AppendError::Failed(_) => ErrorCode::StorageUnavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_names_every_item_once_and_duplicates_first_of_all() {
        let receipt = Receipt {
            not_counted: vec![NotCountedItem {
                i: 4,
                reason: "consent_denied",
            }],
            ..Receipt::default()
        };
        let submitted = vec![
            (0, Fate::Counted),
            (1, Fate::Quarantined("late".into())),
            (2, Fate::Counted),
            (3, Fate::NotCounted("bot")),
            (5, Fate::Quarantined("late".into())),
        ];
        let known = Duplicates::from_slice(&[2, 4]);
        let receipt = settle(receipt, submitted, &known);
        assert_eq!(receipt.accepted, 1);
        assert_eq!(
            (receipt.duplicates, receipt.duplicate_items),
            (2, vec![2, 5])
        );
        assert_eq!(
            receipt.quarantined,
            [QuarantinedItem {
                i: 1,
                code: "late".into()
            }]
        );
        let reasons: Vec<_> = receipt
            .not_counted
            .iter()
            .map(|item| (item.i, item.reason))
            .collect();
        assert_eq!(reasons, [(3, "bot"), (4, "consent_denied")]);
    }
}
