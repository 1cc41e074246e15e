//! Journal → relational store: what brought the visitors, who is linked to whom, and when each site
//! was last heard of.
//!
//! Imports bring touches and links and no activity: what happened elsewhere says nothing about
//! whether this site is heard of. Taken back, their touches and links go. Erased persons go too, and
//! an erasure that the store does not know of, because it is older than the journal, is put on the
//! list of what is to be done. So is what was submitted to a site that was deleted meanwhile.
//!
//! Its cursor moves in the transaction of the rows it projected, so it may be killed anywhere.
//! Decodes only the few fields that it needs. Refuses to skip silently, like the event projector.

use super::tail::Chunk;
use super::{Tail, TailError};
use crate::secrets::MasterKey;
use clew_core::attribution::{TouchEvent, thread, touch_of};
use clew_core::model::{
    EpochMs, ErasedPersons, Erasure, ErasureId, ImportId, LinkSource, PersonLinks, RecordKind,
    Revocation, SiteId, UserKey, VisitorId,
};
use clew_journal::Record;
use clew_store::relational::cursors;
use clew_store::relational::person_links::{self, PersonLink};
use clew_store::relational::site_activity::{self, SiteActivity};
use clew_store::relational::touches::{self, StoredTouch};
use clew_store::relational::{Db, StoreError, Tx, erasures, persons, sites};
use metrics::{counter, gauge};
use prost::Message as _;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Pause between transactions: one fsync for everything that came meanwhile.
const BREATH: Duration = Duration::from_millis(500);

const RETRY: Duration = Duration::from_secs(1);

/// Marks the link of a visitor that a user id makes, beside that of the browser: records hold at
/// most 65,535 events.
const OF_USER_ID: u32 = 1 << 20;

#[derive(Debug)]
pub struct RelationalProjector {
    tail: Tail,
    db: Db,
    keys: MasterKey,
    projected: watch::Sender<u64>,
    /// Told of every erasure.
    erasing: Arc<Notify>,
}

impl RelationalProjector {
    /// Name of its cursor.
    pub const CURSOR: &str = "relational";

    /// `keys`: to recognise erased persons by.
    pub fn new(tail: Tail, db: Db, keys: MasterKey, erasing: Arc<Notify>) -> Self {
        Self {
            tail,
            db,
            keys,
            erasing,
            projected: watch::Sender::new(0),
        }
    }

    /// Follows the last projected LSN.
    pub fn projected(&self) -> watch::Receiver<u64> {
        self.projected.subscribe()
    }

    /// Projects until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let work = async {
            loop {
                let error = match self.follow().await {
                    Ok(never) => match never {},
                    Err(error) => error,
                };
                tracing::error!(%error, "relational projector: trying again");
                counter!("clew_projector_failures_total", "projector" => "relational").increment(1);
                tokio::time::sleep(RETRY).await;
            }
        };
        stop.run_until_cancelled(work).await;
    }

    async fn follow(&mut self) -> Result<Infallible, ProjectError> {
        let mut cursor = cursors::get(self.db.read(), Self::CURSOR).await?;
        loop {
            self.projected.send_replace(cursor);
            gauge!("clew_projected_lsn", "projector" => "relational").set(cursor as f64);
            self.tail.wait_beyond(cursor).await?;
            let Chunk { records, through } = self.tail.read(cursor).await?;
            let keys = self.keys.clone();
            let gather = move || Gathered::from(&records, &keys);
            let gathered = tokio::task::spawn_blocking(gather).await;
            let gathered = gathered.map_err(|_| ProjectError::Worker)?;
            let erases = !gathered.erased.is_empty();
            let late = self.write(gathered, cursor, through).await?;
            if erases || late {
                self.erasing.notify_one();
            }
            cursor = through;
            if self.tail.is_near_the_end(cursor) {
                tokio::time::sleep(BREATH).await;
            }
        }
    }

    /// True when something was submitted to a site that is gone, and is to be erased.
    async fn write(&self, gathered: Gathered, from: u64, to: u64) -> Result<bool, StoreError> {
        let write = self.db.write_tx(move |tx| {
            Box::pin(async move {
                person_links::append(tx, &gathered.links).await?;
                touches::append(tx, &gathered.touches).await?;
                for (site, import) in &gathered.revoked {
                    person_links::revoke(tx, *site, *import).await?;
                    touches::revoke(tx, *site, *import).await?;
                }
                for erased in &gathered.erased {
                    erased.write(tx, gathered.newest).await?;
                }
                // After the erasures: what stands before one of them needs no other.
                let submitted = &gathered.submitted;
                let late = sites::erase_late_submissions(tx, submitted, gathered.newest).await?;
                for (site, seen) in &gathered.activity {
                    site_activity::note(tx, *site, *seen, gathered.newest).await?;
                }
                cursors::advance(tx, Self::CURSOR, from, to, gathered.newest).await?;
                Ok(late)
            })
        });
        write.await
    }
}

/// What a run of records says to the relational store.
#[derive(Debug, Default)]
struct Gathered {
    links: Vec<PersonLink>,
    touches: Vec<StoredTouch>,
    /// Each reaches what stands before it; an import that is taken back brings nothing any more.
    revoked: Vec<(SiteId, ImportId)>,
    erased: Vec<ErasedHere>,
    /// Of each site, the last record that brought what somebody typed.
    submitted: BTreeMap<SiteId, u64>,
    activity: BTreeMap<SiteId, SiteActivity>,
    newest: EpochMs,
}

/// An erasure record; it reaches everything before it.
#[derive(Debug)]
struct ErasedHere {
    id: ErasureId,
    site: SiteId,
    lsn: u64,
    persons: ErasedPersons,
}

impl ErasedHere {
    async fn write(&self, tx: &Tx, now: EpochMs) -> Result<(), StoreError> {
        persons::erase(tx, self.site, &self.persons, self.lsn).await?;
        let hashes = self.persons.hashes().clone();
        erasures::replayed(tx, self.site, self.id, hashes, self.lsn, now).await
    }
}

impl Gathered {
    fn from(records: &[Record], keys: &MasterKey) -> Self {
        let mut gathered = Self::default();
        let mut known = HashMap::new();
        for record in records {
            let payload = record.payload.as_ref();
            let read = match RecordKind::from_u8(record.header.kind) {
                Some(RecordKind::Events | RecordKind::Import) => {
                    BatchTouches::decode(payload).map(|batch| {
                        gathered.add(record, &batch, &mut known);
                    })
                }
                Some(RecordKind::Revoke) => Revocation::decode(payload).map(|revocation| {
                    gathered.revoke(record, revocation.import_id);
                }),
                Some(RecordKind::Erase) => Erasure::decode(payload).map(|erasure| {
                    gathered.erase(record, erasure, keys);
                    // Who is linked again afterwards is linked anew.
                    known.clear();
                }),
                Some(RecordKind::Link) => {
                    PersonLinks::decode(payload).map(|said| gathered.hear(record, &said))
                }
                None => continue,
            };
            if let Err(error) = read {
                let lsn = record.lsn.0;
                tracing::error!(lsn, %error, "a journal record cannot be projected and is passed over");
                counter!("clew_projector_unreadable_total").increment(1);
            }
        }
        gathered
    }
}

impl Gathered {
    fn add(
        &mut self,
        record: &Record,
        batch: &BatchTouches,
        known: &mut HashMap<(SiteId, VisitorId, Option<ImportId>), UserKey>,
    ) {
        let site = SiteId::from_bytes(record.header.site);
        let received = EpochMs(record.header.received_ms);
        self.newest = self.newest.max(received);
        if !batch.submissions.is_empty() {
            self.submitted.insert(site, record.lsn.0);
        }
        if batch.import_id.is_none() && !batch.events.is_empty() {
            let seen = self.activity.entry(site).or_insert(SiteActivity {
                first_event_at: received,
                last_event_at: received,
                last_quarantined_at: None,
            });
            seen.first_event_at = seen.first_event_at.min(received);
            seen.last_event_at = seen.last_event_at.max(received);
        }
        self.add_touches(record, batch);
        for (seq, event) in (0u32..).zip(&batch.events) {
            let Some(user) = event.user_key else {
                continue;
            };
            // Both are this user: the browser, and the visitor that the user id makes.
            let said = [
                (Some(event.visitor_id), seq | OF_USER_ID),
                (event.device_visitor, seq),
            ];
            for (visitor, seq) in said {
                let Some(visitor) = visitor else {
                    continue;
                };
                // A signed-in visitor repeats the link with every event; one row says it.
                let import = batch.import_id;
                if known.insert((site, visitor, import), user) != Some(user) {
                    self.links.push(PersonLink {
                        site,
                        visitor,
                        user,
                        linked: true,
                        source: LinkSource::Page,
                        node: record.node,
                        lsn: record.lsn.0,
                        seq,
                        at: received,
                        import,
                    });
                }
            }
        }
    }

    /// What this run brought is written first and goes with what earlier ones did.
    fn erase(&mut self, record: &Record, erasure: Erasure, keys: &MasterKey) {
        let site = SiteId::from_bytes(record.header.site);
        self.erased.push(ErasedHere {
            id: erasure.erasure_id,
            site,
            lsn: record.lsn.0,
            persons: ErasedPersons::new(keys.site_key(site), erasure.persons),
        });
        self.newest = self.newest.max(EpochMs(record.header.received_ms));
    }

    /// The touches of one record, repetitions left out: a page sends several events that name what
    /// brought its visitor. A record is one for ever, so the same rows come of every replay.
    fn add_touches(&mut self, record: &Record, batch: &BatchTouches) {
        let mut by_visitor: HashMap<VisitorId, Vec<_>> = HashMap::new();
        let mut places = HashMap::new();
        for (seq, event) in (0u32..).zip(&batch.events) {
            if let Some(touch) = touch_of(event) {
                places.insert(touch.event, seq);
                by_visitor.entry(touch.visitor).or_default().push(touch);
            }
        }
        for touch in by_visitor.into_values().flat_map(thread) {
            let Some(&seq) = places.get(&touch.event) else {
                continue;
            };
            self.touches.push(StoredTouch {
                site: SiteId::from_bytes(record.header.site),
                touch,
                node: record.node,
                lsn: record.lsn.0,
                seq,
                import: batch.import_id,
            });
        }
    }

    /// What somebody said by hand.
    fn hear(&mut self, record: &Record, said: &PersonLinks) {
        let at = EpochMs(record.header.received_ms);
        let links = (0u32..).zip(&said.links).map(|(seq, link)| PersonLink {
            site: SiteId::from_bytes(record.header.site),
            visitor: link.visitor,
            user: link.person,
            linked: link.linked,
            source: link.source(),
            node: record.node,
            lsn: record.lsn.0,
            seq,
            at,
            import: None,
        });
        self.links.extend(links);
        self.newest = self.newest.max(at);
    }

    /// What this run brought goes here, what earlier ones brought in the database.
    fn revoke(&mut self, record: &Record, import: ImportId) {
        let site = SiteId::from_bytes(record.header.site);
        let gone = |of: SiteId, by: Option<ImportId>| of == site && by == Some(import);
        self.links.retain(|link| !gone(link.site, link.import));
        self.touches.retain(|touch| !gone(touch.site, touch.import));
        self.revoked.push((site, import));
        self.newest = self.newest.max(EpochMs(record.header.received_ms));
    }
}

/// The fields of a `StoredBatch` that are read here; protobuf skips the others.
#[derive(Clone, PartialEq, prost::Message)]
struct BatchTouches {
    #[prost(message, repeated, tag = "1")]
    events: Vec<TouchEvent>,
    #[prost(message, optional, tag = "3")]
    import_id: Option<ImportId>,
    #[prost(message, repeated, tag = "5")]
    submissions: Vec<Submitted>,
}

/// That somebody sent something; what it was is skipped.
#[derive(Clone, PartialEq, prost::Message)]
struct Submitted {}

#[derive(Debug, thiserror::Error)]
enum ProjectError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Tail(#[from] TailError),
    #[error("a worker thread failed")]
    Worker,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::model::{EventId, StoredBatch, StoredEvent};
    use clew_journal::{Header, Lsn};

    fn record(lsn: u64, received_ms: i64, events: Vec<StoredEvent>) -> Record {
        let payload = StoredBatch {
            events,
            ..StoredBatch::default()
        }
        .encode_to_vec();
        Record {
            lsn: Lsn(lsn),
            node: 1,
            header: Header {
                kind: 1,
                schema: 1,
                received_ms,
                site: [9; 16],
            },
            payload: payload.into(),
        }
    }

    fn keys() -> MasterKey {
        MasterKey::from_bytes([7; 32])
    }

    fn imported(mut record: Record, import: ImportId) -> Record {
        record.header.kind = RecordKind::Import as u8;
        let mut batch = StoredBatch::decode(record.payload).unwrap();
        batch.import_id = Some(import);
        record.payload = batch.encode_to_vec().into();
        record
    }

    fn revocation(lsn: u64, import: ImportId) -> Record {
        let mut record = record(lsn, 9_000, vec![]);
        record.header.kind = RecordKind::Revoke as u8;
        let payload = Revocation { import_id: import };
        record.payload = payload.encode_to_vec().into();
        record
    }

    #[test]
    fn an_import_brings_links_and_no_activity_until_it_is_taken_back() {
        let (first, second) = (ImportId::from_u128(1), ImportId::from_u128(2));
        let mut records = vec![
            imported(record(1, 1_000, vec![signed_in(1)]), first),
            imported(record(2, 1_000, vec![signed_in(2)]), second),
        ];
        let gathered = Gathered::from(&records, &keys());
        assert!(gathered.activity.is_empty());
        let imports = |gathered: &Gathered| -> Vec<_> {
            gathered.links.iter().map(|link| link.import).collect()
        };
        let (first, second) = (Some(first), Some(second));
        assert_eq!(imports(&gathered), [first, first, second, second]);
        records.push(record(3, 1_000, vec![signed_in(3)]));
        records.push(revocation(4, ImportId::from_u128(1)));
        let gathered = Gathered::from(&records, &keys());
        assert_eq!(imports(&gathered), [second, second, None, None]);
        let revoked = (SiteId::from_bytes([9; 16]), ImportId::from_u128(1));
        assert_eq!(gathered.revoked, [revoked]);
        assert_eq!(gathered.activity.len(), 1, "of the live event alone");
    }

    fn landing(id: u128, minute: i64, source: &str) -> StoredEvent {
        StoredEvent {
            event_id: EventId::from_u128(id),
            visitor_id: VisitorId::from_u128(50),
            identity_method: 2,
            event_type: "pageview".into(),
            time_ms: minute * EpochMs::MINUTE,
            source: source.into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_record_says_each_touch_once_and_forgets_those_of_a_revoked_import() {
        let import = ImportId::from_u128(1);
        let page = vec![
            landing(1, 0, "Google"),
            landing(2, 5, "Google"),
            landing(3, 6, ""),
            landing(4, 40, "Google"),
            StoredEvent {
                identity_method: 0,
                ..landing(5, 0, "Bing")
            },
        ];
        let touches = |records: Vec<Record>| -> Vec<_> {
            let touches = Gathered::from(&records, &keys()).touches.into_iter();
            touches.map(|t| (t.lsn, t.seq, t.import)).collect()
        };
        let records = vec![
            record(1, 1_000, page.clone()),
            imported(record(2, 1_000, page), import),
        ];
        let live = [(1, 0, None), (1, 3, None)];
        let of_import = [(2, 0, Some(import)), (2, 3, Some(import))];
        assert_eq!(touches(records.clone()), [live, of_import].concat());
        let taken_back = [records, vec![revocation(3, import)]].concat();
        assert_eq!(touches(taken_back), live);
    }

    #[test]
    fn what_is_said_by_hand_is_kept_with_its_source() {
        let link = |linked| clew_core::model::StoredLink {
            visitor: VisitorId::from_u128(1),
            person: UserKey::from_u128(2),
            linked,
            source: LinkSource::Merge as i32,
        };
        let mut said = record(7, 5_000, vec![]);
        said.header.kind = RecordKind::Link as u8;
        let links = vec![link(true), link(false)];
        said.payload = PersonLinks { links }.encode_to_vec().into();
        let gathered = Gathered::from(&[said], &keys());
        let links = gathered.links.iter();
        let links: Vec<_> = links.map(|l| (l.linked, l.source, l.lsn, l.seq)).collect();
        assert_eq!(
            links,
            [
                (true, LinkSource::Merge, 7, 0),
                (false, LinkSource::Merge, 7, 1)
            ]
        );
        assert_eq!(gathered.newest, EpochMs(5_000));
        assert!(gathered.activity.is_empty());
    }

    #[test]
    fn who_signs_in_again_behind_an_erasure_is_linked_anew() {
        let mut erasure = record(2, 1_000, vec![]);
        erasure.header.kind = RecordKind::Erase as u8;
        let payload = Erasure {
            erasure_id: ErasureId::from_u128(1),
            persons: Vec::new(),
        };
        erasure.payload = payload.encode_to_vec().into();
        let records = [
            record(1, 1_000, vec![signed_in(1)]),
            erasure,
            record(3, 1_000, vec![signed_in(2)]),
        ];
        let gathered = Gathered::from(&records, &keys());
        let places: Vec<_> = gathered.links.iter().map(|link| link.lsn).collect();
        assert_eq!(places, [1, 1, 3, 3]);
        assert_eq!(gathered.erased[0].lsn, 2);
    }

    fn signed_in(id: u128) -> StoredEvent {
        StoredEvent {
            event_id: EventId::from_u128(id),
            visitor_id: VisitorId::from_u128(50),
            user_key: Some(UserKey::from_u128(60)),
            device_visitor: Some(VisitorId::from_u128(70)),
            ..Default::default()
        }
    }

    #[test]
    fn a_link_is_gathered_once_and_activity_spans_all_records() {
        let anonymous = StoredEvent {
            event_id: EventId::from_u128(3),
            ..Default::default()
        };
        let records = vec![
            record(4, 2_000, vec![anonymous, signed_in(1)]),
            record(5, 1_000, vec![signed_in(2)]),
        ];
        let gathered = Gathered::from(&records, &keys());
        let links = gathered.links.iter();
        let links: Vec<_> = links
            .map(|l| (l.visitor.as_u128(), l.user.as_u128(), l.lsn, l.seq))
            .collect();
        assert_eq!(links, [(50, 60, 4, 1 | OF_USER_ID), (70, 60, 4, 1)]);
        let seen = gathered.activity[&SiteId::from_bytes([9; 16])];
        assert_eq!(
            (seen.first_event_at, seen.last_event_at),
            (EpochMs(1_000), EpochMs(2_000))
        );
        assert_eq!(gathered.newest, EpochMs(2_000));
    }
}
