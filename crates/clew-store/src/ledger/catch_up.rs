//! Brings a ledger up to date from the records of journal and archive.
//!
//! Runs at boot, before the first `admit`. Only the ids of a batch are decoded.

use super::{Ledger, LedgerError};
use clew_core::model::id::{LedgerKey, SiteId};
use clew_core::model::record::{BatchIds, RecordKind};
use prost::Message as _;

/// What one journal record says to the ledger.
#[derive(Clone, Debug)]
pub struct LedgerRecord<B> {
    pub lsn: u64,
    /// Kind byte of the record's header.
    pub kind: u8,
    pub received_ms: i64,
    pub site: SiteId,
    pub payload: B,
}

/// What [`catch_up`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaughtUp {
    pub records: u64,
    pub keys: u64,
    /// Last record seen; 0 when there was none.
    pub last_lsn: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A record's frame verified but its content does not decode.
    #[error("record {lsn} cannot be decoded")]
    Payload {
        lsn: u64,
        #[source]
        source: prost::DecodeError,
    },
    #[error("journal or archive cannot be read")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Keys of every event of a record, counted, quarantined or erased since; none for kinds without events.
pub fn keys_of(
    kind: u8,
    site: SiteId,
    payload: &[u8],
) -> Result<impl Iterator<Item = LedgerKey> + use<>, prost::DecodeError> {
    let ids = match RecordKind::from_u8(kind) {
        Some(RecordKind::Events | RecordKind::Import) => BatchIds::decode(payload)?,
        Some(RecordKind::Revoke | RecordKind::Erase | RecordKind::Link) | None => {
            BatchIds::default()
        }
    };
    let counted = ids.events.into_iter();
    let quarantined = ids.quarantined.into_iter();
    Ok(counted
        .map(move |id| LedgerKey::of(site, id.event_id))
        .chain(quarantined.map(move |id| LedgerKey::of_quarantined(site, id.event_id)))
        .chain(ids.erased))
}

/// Replays `records` (ascending, after [`Ledger::resume_after`]) into `ledger`. Records received
/// before `oldest_ms` are skipped: their keys have expired.
pub fn catch_up<B, E>(
    ledger: &mut Ledger,
    records: impl IntoIterator<Item = Result<LedgerRecord<B>, E>>,
    oldest_ms: i64,
) -> Result<CaughtUp, CatchUpError>
where
    B: AsRef<[u8]>,
    E: std::error::Error + Send + Sync + 'static,
{
    let mut done = CaughtUp::default();
    for record in records {
        let record = record.map_err(|error| CatchUpError::Source(Box::new(error)))?;
        let lsn = record.lsn;
        done.records += 1;
        done.last_lsn = lsn;
        if record.received_ms < oldest_ms {
            ledger.replay(lsn, record.received_ms, [])?;
            continue;
        }
        let keys = keys_of(record.kind, record.site, record.payload.as_ref())
            .map_err(|source| CatchUpError::Payload { lsn, source })?;
        let counted = keys.inspect(|_| done.keys += 1);
        ledger.replay(lsn, record.received_ms, counted)?;
    }
    Ok(done)
}
