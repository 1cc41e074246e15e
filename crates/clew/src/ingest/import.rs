//! The edge of imports: events from elsewhere go through the same pipeline into the same journal.
//!
//! What differs is who vouches for them. Each event brings what the edge would have known of its
//! sender, they are exempt from lateness and from rate limits, and their records name the import,
//! so that it can be taken back as one. Privacy and consent hold as for anybody.

use super::accept::Prepared;
use super::{EncodedBatch, Intake};
use clew_core::error::ErrorCode;
use clew_core::model::{EpochMs, EventId, ImportId, Place, SiteId, SiteKey, SitePolicy};
use clew_core::pipeline::{self, Context, DailySalt, Imported, Origin};
use clew_core::wire::{Client, Receipt, WireEvent};

/// What the events of one batch have in common.
#[derive(Clone, Copy, Debug)]
pub struct Importing<'a> {
    pub site: &'a SitePolicy,
    pub site_key: &'a SiteKey,
    pub import: ImportId,
    /// Name of the format that the source speaks, part of the identity of its events.
    pub format: &'static str,
    /// Now: stands in the journal, while each event has a time of its own.
    pub received: EpochMs,
    /// A fresh UUIDv7, for events that carry neither id nor time.
    pub minted: EventId,
}

/// One event and its sender.
#[derive(Clone, Debug)]
pub struct ImportedEvent<'a> {
    pub client: &'a Client,
    pub place: &'a Place,
    pub salt: &'a DailySalt,
    pub event: WireEvent,
}

/// A batch that has passed the pipeline.
pub struct ImportBatch(Prepared);

impl std::fmt::Debug for ImportBatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ImportBatch(…)")
    }
}

impl Intake {
    /// Runs the pipeline; work for a thread that may take its time. At most 65,535 events.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`], when what was typed into a form cannot be sealed.
    pub fn prepare_import<'a>(
        &self,
        importing: &Importing<'_>,
        events: impl ExactSizeIterator<Item = ImportedEvent<'a>>,
    ) -> Result<ImportBatch, ErrorCode> {
        let Importing {
            site,
            site_key,
            import,
            format,
            received,
            minted,
        } = *importing;
        let count = events.len();
        let encoded = EncodedBatch::of_import(site.id, import, received, count);
        let mut prepared = Prepared::new(encoded, count);
        for (i, imported) in (0u32..).zip(events) {
            let context = Context {
                site,
                client: imported.client,
                format,
                received,
                sent_at: None,
                salt: imported.salt,
                site_key,
                device: self.resources.device_of(imported.client),
                origin: Origin::UNKNOWN,
                cookie_id: None,
                minted,
                imported: Some(Imported {
                    import,
                    place: imported.place,
                }),
                resources: &self.resources,
            };
            let processed = pipeline::run(imported.event, i, &context);
            prepared.add(i, processed, &self.vault)?;
        }
        Ok(ImportBatch(prepared))
    }

    /// Returns once every event of the batch is on disk, known already, or may not be kept.
    ///
    /// # Errors
    /// As of [`Intake::accept`]: prepare the same events again later.
    pub async fn import(&self, batch: ImportBatch) -> Result<Receipt, ErrorCode> {
        self.check_backlog()?;
        let receipt = self.commit(batch.0).await?;
        self.meter.count_import(&receipt);
        Ok(receipt)
    }

    /// Takes an import back: durable once this returns, and obeyed by every projection. Doing it
    /// twice changes nothing.
    ///
    /// # Errors
    /// It is not known whether the import is taken back: try again later.
    pub async fn revoke(
        &self,
        site: SiteId,
        import: ImportId,
        received: EpochMs,
    ) -> Result<(), ErrorCode> {
        let revocation = EncodedBatch::revocation(site, import, received);
        self.append(revocation).await.map(drop)
    }
}
