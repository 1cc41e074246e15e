//! Erasure from a real journal and a real archive, byte for byte.

use super::*;
use crate::archive::Archive;
use crate::blobs::LocalBlobs;
use crate::ledger::keys_of;
use clew_core::model::id::LedgerKey;
use clew_core::model::{
    EventId, LinkSource, PersonLinks, QuarantinedEvent, SiteKey, StoredBatch, StoredEvent,
    StoredLink, UserKey, VisitorId,
};
use clew_journal::{Header, Journal, Lsn, Open, Options, Record, SyncPolicy};
use prost::Message as _;
use std::path::Path;

const SITE: SiteId = SiteId::from_u128(0xa);
const OTHER: SiteId = SiteId::from_u128(0xb);
const ANNA: UserKey = UserKey::from_u128(0xa44a_0001_0002_0003_0004_0005_0006_0007);
const PHONE: VisitorId = VisitorId::from_u128(0xf04e_0001_0002_0003_0004_0005_0006_0007);
const CANARY: &str = "canary-of-anna";

fn key() -> SiteKey {
    SiteKey::new([9; 32])
}

fn journal(dir: &Path) -> Journal<Open> {
    let options = Options {
        node: 1,
        segment_bytes: 20_000,
        sync: SyncPolicy::Never,
        ..Options::new(dir.join("journal"))
    };
    Journal::open(options, Open).unwrap().0
}

fn archive(dir: &Path) -> Archive {
    let blobs = LocalBlobs::open(&dir.join("blobs")).unwrap();
    Archive::new(Arc::new(blobs), 1)
}

fn page(n: u128, visitor: VisitorId) -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(n),
        visitor_id: visitor,
        title: format!("page of {}", blake3::hash(&n.to_le_bytes())),
        ..StoredEvent::default()
    }
}

fn of_anna(n: u128, signed_in: bool) -> StoredEvent {
    let mut event = page(n, PHONE);
    event.title = CANARY.to_owned();
    if signed_in {
        event.visitor_id = VisitorId::from_u128(77);
        event.user_key = Some(ANNA);
        event.device_visitor = Some(PHONE);
    }
    event
}

/// Batches of other visitors, now and then with one event of Anna's in the middle.
async fn fill(journal: &Journal<Open>, batches: u128) {
    for n in 0..batches {
        let others = |i: u128| page(n * 10 + i, VisitorId::from_u128(1_000 + n));
        let mut batch = StoredBatch {
            events: vec![others(1), others(2)],
            ..StoredBatch::default()
        };
        match n % 10 {
            3 => batch.events.insert(1, of_anna(n * 10 + 5, true)),
            6 => batch.events.push(of_anna(n * 10 + 5, false)),
            9 => batch.quarantined.push(QuarantinedEvent {
                event_id: EventId::from_u128(n * 10 + 5),
                code: "late".into(),
                event: Some(of_anna(n * 10 + 5, false)),
            }),
            _ => {}
        }
        append(journal, SITE, &batch).await;
    }
    let elsewhere = StoredBatch {
        events: vec![StoredEvent {
            title: "elsewhere".into(),
            ..of_anna(1, true)
        }],
        ..StoredBatch::default()
    };
    append(journal, OTHER, &elsewhere).await;
}

async fn append(journal: &Journal<Open>, site: SiteId, batch: &StoredBatch) {
    let header = Header {
        kind: 1,
        schema: 3,
        received_ms: 5,
        site: site.to_bytes(),
    };
    journal
        .append((header, batch.encode_to_vec()))
        .await
        .unwrap();
}

fn targets(persons: ErasedPersons, before: u64) -> Targets {
    Arc::new([Target {
        erasure: ErasureId::from_u128(1),
        site: SITE,
        persons,
        before,
    }])
}

fn anna() -> ErasedPersons {
    ErasedPersons::new(key(), [PersonHash::of_user(&key(), ANNA)])
}

/// Asks until every id of hers is known, as a pass does.
async fn closed(store: &impl Erasable, before: u64) -> Targets {
    let mut known = targets(anna(), before);
    loop {
        let found = store.survey(&known).await.unwrap().remove(0);
        if found.also.is_empty() {
            return known;
        }
        let hashes = known[0].persons.hashes().iter().copied().chain(found.also);
        known = targets(ErasedPersons::new(key(), hashes), before);
    }
}

fn read(journal: &Journal<Open>) -> Vec<Record> {
    journal.reader(Lsn(0)).map(Result::unwrap).collect()
}

/// Every event id that the ledger would know from these records.
fn ledger_keys(records: &[Record]) -> BTreeSet<LedgerKey> {
    let keys = records.iter().flat_map(|record| {
        let site = SiteId::from_bytes(record.header.site);
        keys_of(record.header.kind, site, &record.payload).unwrap()
    });
    keys.collect()
}

fn others(records: &[Record]) -> Vec<(u64, StoredEvent)> {
    let events = records.iter().flat_map(|record| {
        let batch = StoredBatch::decode(record.payload.as_ref()).unwrap();
        let events = batch.events.into_iter();
        events
            .map(|event| (record.lsn.0, event))
            .collect::<Vec<_>>()
    });
    events.filter(|(_, event)| event.title != CANARY).collect()
}

fn holds(dir: &Path, needle: &[u8]) -> bool {
    let files = std::fs::read_dir(dir).unwrap();
    files.into_iter().any(|file| {
        let path = file.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[tokio::test]
async fn a_person_leaves_the_journal_and_others_stay_where_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    fill(&journal, 100).await;
    let before = read(&journal);
    assert!(holds(dir.path(), CANARY.as_bytes()));
    let hot = HotJournal::new(journal.clone());
    let open_reader = journal.reader(Lsn(0));
    let known = closed(&hot, u64::MAX).await;
    assert_eq!(hot.survey(&known).await.unwrap()[0].items, 30);

    hot.erase(&known).await.unwrap();
    assert_eq!(hot.survey(&known).await.unwrap()[0], Found::default());
    drop(open_reader);
    assert!(!holds(dir.path(), CANARY.as_bytes()));
    let after = read(&journal);
    assert_eq!(others(&after), others(&before));
    assert_eq!(
        after.iter().map(|r| r.lsn).collect::<Vec<_>>(),
        before.iter().map(|r| r.lsn).collect::<Vec<_>>()
    );
    assert_eq!(
        ledger_keys(&after),
        ledger_keys(&before),
        "still duplicates"
    );
    hot.erase(&known).await.unwrap();
    assert_eq!(read(&journal).len(), after.len(), "twice is once");
}

#[tokio::test]
async fn what_was_said_by_hand_of_a_person_goes_and_leads_to_other_browsers() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    let said = |links: Vec<(u128, UserKey)>| PersonLinks {
        links: links
            .into_iter()
            .map(|(visitor, person)| StoredLink {
                visitor: VisitorId::from_u128(visitor),
                person,
                linked: true,
                source: LinkSource::User as i32,
            })
            .collect(),
    };
    let ben = UserKey::from_u128(4);
    for links in [said(vec![(71, ANNA), (72, ben)]), said(vec![(73, ANNA)])] {
        let header = Header {
            kind: 5,
            schema: 3,
            received_ms: 5,
            site: SITE.to_bytes(),
        };
        let entry = (header, links.encode_to_vec());
        journal.append(entry).await.unwrap();
    }
    let tablet = StoredBatch {
        events: vec![page(1, VisitorId::from_u128(73))],
        ..StoredBatch::default()
    };
    append(&journal, SITE, &tablet).await;
    let hot = HotJournal::new(journal.clone());
    let known = closed(&hot, u64::MAX).await;
    assert_eq!(hot.survey(&known).await.unwrap()[0].items, 3);
    hot.erase(&known).await.unwrap();
    let left = read(&journal);
    assert_eq!(left.iter().map(|r| r.lsn.0).collect::<Vec<_>>(), [1, 3]);
    let first = PersonLinks::decode(left[0].payload.as_ref()).unwrap();
    assert_eq!(first, said(vec![(72, ben)]));
    assert!(others(&left[1..]).is_empty());
}

#[tokio::test]
async fn what_comes_behind_the_erasure_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    fill(&journal, 60).await;
    let hot = HotJournal::new(journal.clone());
    let known = closed(&hot, 31).await;
    assert_eq!(hot.survey(&known).await.unwrap()[0].items, 9);
    hot.erase(&known).await.unwrap();
    let later = targets(anna(), u64::MAX);
    let known = closed(&hot, u64::MAX).await;
    assert!(known[0].persons.hashes().len() > later[0].persons.hashes().len());
    assert_eq!(hot.survey(&known).await.unwrap()[0].items, 9);
}

#[tokio::test]
async fn a_person_leaves_the_archive_and_no_old_object_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (journal, archive) = (journal(dir.path()), archive(dir.path()));
    fill(&journal, 100).await;
    journal.seal().unwrap();
    for segment in journal.segments().iter().filter(|s| s.sealed) {
        let reader = journal.reader(Lsn(segment.first.0 - 1));
        let (first, last) = (segment.first.0, segment.last.0);
        archive.put(reader, first, last).await.unwrap();
    }
    let before = read(&journal);
    let store = ArchivedJournal::new(archive.clone());
    let known = closed(&store, u64::MAX).await;
    assert_eq!(store.survey(&known).await.unwrap()[0].items, 30);
    store.erase(&known).await.unwrap();
    assert_eq!(store.survey(&known).await.unwrap()[0], Found::default());

    let mut records = Vec::new();
    for segment in archive.list().await.unwrap() {
        let reader = archive.open(&segment).await.unwrap();
        records.extend(reader.map(Result::unwrap));
    }
    assert_eq!(others(&records), others(&before));
    assert_eq!(ledger_keys(&records), ledger_keys(&before));
    let mut plain = Vec::new();
    for record in &records {
        plain.extend_from_slice(&record.payload);
    }
    for gone in [CANARY.as_bytes(), &ANNA.encode_to_vec()] {
        let elsewhere = gone == ANNA.encode_to_vec();
        let places = plain.windows(gone.len()).filter(|w| *w == gone).count();
        assert_eq!(places, usize::from(elsewhere), "only on the other site");
    }
    assert_eq!(
        archive.sweep().await.unwrap(),
        0,
        "nothing is left to sweep"
    );
}

#[tokio::test]
async fn damaged_bytes_go_with_the_person_who_may_be_in_them() {
    let dir = tempfile::tempdir().unwrap();
    let journal = journal(dir.path());
    fill(&journal, 100).await;
    let victim = journal.segments().remove(0);
    let mut bytes = std::fs::read(&victim.path).unwrap();
    let at = bytes
        .windows(CANARY.len())
        .position(|w| w == CANARY.as_bytes());
    bytes[at.unwrap() - 40] ^= 0xff;
    std::fs::write(&victim.path, bytes).unwrap();
    assert!(!journal.verify(victim.id).unwrap().is_empty());
    assert!(!journal.quarantined().unwrap().is_empty());
    let hot = HotJournal::new(journal.clone());
    let known = closed(&hot, u64::MAX).await;
    hot.erase(&known).await.unwrap();
    assert!(!holds(dir.path(), CANARY.as_bytes()));
    assert!(journal.quarantined().unwrap().is_empty());
}
