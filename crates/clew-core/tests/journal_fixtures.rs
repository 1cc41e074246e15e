//! Payloads of every schema decode for ever: `fixtures/journal/1/events.pb` is a batch with every
//! field of its time set, `2/`, `3/` and `4/` hold
//! the payloads that schemas 2 to 4 added. New fields get
//! new numbers and these files are never written again; a later schema gets a folder of its own.

use clew_core::model::id::LedgerKey;
use clew_core::model::record::BatchIds;
use clew_core::model::{
    Consent, ConsentState, Erasure, ErasureId, EventId, FingerprintKey, IdentityMethod, ImportId,
    IpForm, LinkSource, PersonHash, PersonLinks, PlaceSource, Profile, QuarantinedEvent,
    Revocation, SessionKey, SetApart, StoredBatch, StoredEvent, StoredLink, StoredSubmission,
    SubmissionKind, UserKey, VisitorId,
};
use prost::Message as _;

fn text(column: &str) -> String {
    format!("{column} ä")
}

fn consent() -> Consent {
    let mut consent = Consent {
        gpc: true,
        ..Consent::default()
    };
    consent.set_analytics(ConsentState::Granted);
    consent.set_marketing(ConsentState::Denied);
    consent.set_replay(ConsentState::Denied);
    consent.set_partial(ConsentState::Granted);
    consent
}

fn full_event() -> StoredEvent {
    StoredEvent {
        event_id: EventId::from_u128(0x0199_aaaa_0000_7000_8000_0000_0000_0001),
        visitor_id: VisitorId::from_u128(u128::MAX),
        identity_method: IdentityMethod::UserId as i32,
        client_session: Some(SessionKey::from_u128(3)),
        client_session_id: text("client_session_id"),
        user_key: Some(UserKey::from_u128(4)),
        time_ms: 1_795_176_000_000,
        client_time_ms: -1,
        sequence: u32::MAX,
        event_type: text("event_type"),
        name: text("name"),
        engaged_ms: 5,
        scroll_percent: 100,
        load_time_ms: 7,
        value_minor: -1999,
        currency: "EUR".to_owned(),
        props: [
            ("b".to_owned(), "2".to_owned()),
            ("a".to_owned(), "1".to_owned()),
        ]
        .into(),
        numbers: [("n".to_owned(), -0.5), ("m".to_owned(), 1e300)].into(),
        url: text("url"),
        hostname: text("hostname"),
        path: text("path"),
        title: text("title"),
        referrer: text("referrer"),
        referrer_host: text("referrer_host"),
        source: text("source"),
        medium: text("medium"),
        channel: text("channel"),
        utm_source: text("utm_source"),
        utm_medium: text("utm_medium"),
        utm_campaign: text("utm_campaign"),
        utm_content: text("utm_content"),
        utm_term: text("utm_term"),
        click_id_kind: text("click_id_kind"),
        gclid: text("gclid"),
        gbraid: text("gbraid"),
        wbraid: text("wbraid"),
        dclid: text("dclid"),
        fbclid: text("fbclid"),
        msclkid: text("msclkid"),
        ttclid: text("ttclid"),
        twclid: text("twclid"),
        li_fat_id: text("li_fat_id"),
        sc_click_id: text("sc_click_id"),
        rdt_cid: text("rdt_cid"),
        epik: text("epik"),
        campaign_region: text("campaign_region"),
        ad_group: text("ad_group"),
        ad_id: text("ad_id"),
        search_query: text("search_query"),
        browser: text("browser"),
        browser_version: text("browser_version"),
        os: text("os"),
        os_version: text("os_version"),
        device: text("device"),
        screen: text("screen"),
        viewport: text("viewport"),
        language: text("language"),
        time_zone: text("time_zone"),
        country: text("country"),
        region: text("region"),
        city: text("city"),
        asn: 64_500,
        network: text("network"),
        ip_form: IpForm::Truncated as i32,
        ip: text("ip"),
        consent: consent(),
        profile: Profile::Hipaa as i32,
        bot: text("bot"),
        unverified_origin: true,
        device_visitor: Some(VisitorId::from_u128(5)),
        ..StoredEvent::default()
    }
}

fn batch() -> StoredBatch {
    let quarantined = |id: u128, event: Option<StoredEvent>| QuarantinedEvent {
        event_id: EventId::from_u128(id),
        code: "late".to_owned(),
        event,
    };
    StoredBatch {
        events: vec![full_event(), StoredEvent::default()],
        quarantined: vec![quarantined(7, Some(full_event())), quarantined(8, None)],
        ..StoredBatch::default()
    }
}

const FIXTURE: &[u8] = include_bytes!("../../../fixtures/journal/1/events.pb");

#[test]
fn a_batch_of_schema_1_decodes_field_by_field() {
    assert_eq!(StoredBatch::decode(FIXTURE).unwrap(), batch());
}

#[test]
fn the_ids_alone_can_be_read() {
    let ids = BatchIds::decode(FIXTURE).unwrap();
    let events: Vec<_> = ids.events.iter().map(|e| e.event_id.as_u128()).collect();
    assert_eq!(events, [0x0199_aaaa_0000_7000_8000_0000_0000_0001, 0]);
    let quarantined: Vec<_> = ids
        .quarantined
        .iter()
        .map(|e| e.event_id.as_u128())
        .collect();
    assert_eq!(quarantined, [7, 8]);
}

#[test]
fn joined_batches_decode_as_one() {
    let twice = [FIXTURE, FIXTURE].concat();
    let joined = StoredBatch::decode(twice.as_slice()).unwrap();
    assert_eq!((joined.events.len(), joined.quarantined.len()), (4, 4));
}

const IMPORT: ImportId = ImportId::from_u128(0x0199_aaaa_0000_7000_8000_0000_0000_0009);
const IMPORTED: &[u8] = include_bytes!("../../../fixtures/journal/2/import.pb");
const REVOKED: &[u8] = include_bytes!("../../../fixtures/journal/2/revocation.pb");

#[test]
fn an_import_of_schema_2_names_itself() {
    let expected = StoredBatch {
        import_id: Some(IMPORT),
        ..batch()
    };
    assert_eq!(StoredBatch::decode(IMPORTED).unwrap(), expected);
    assert_eq!(StoredBatch::decode(FIXTURE).unwrap().import_id, None);
}

#[test]
fn a_revocation_of_schema_2_names_the_import() {
    let expected = Revocation { import_id: IMPORT };
    assert_eq!(Revocation::decode(REVOKED).unwrap(), expected);
}

/// What schema 3 added to an event.
fn enriched_event() -> StoredEvent {
    StoredEvent {
        bot_kind: text("bot_kind"),
        set_apart: SetApart::Testing as i32,
        place_source: PlaceSource::TimeZone as i32,
        signals: 0x1ff,
        suspicion: 100,
        suspicion_rules: 1,
        fingerprint: Some(FingerprintKey::from_u128(6)),
        ..full_event()
    }
}

const ENRICHED: &[u8] = include_bytes!("../../../fixtures/journal/3/events.pb");

#[test]
fn a_batch_of_schema_3_decodes_field_by_field() {
    let expected = StoredBatch {
        events: vec![enriched_event(), StoredEvent::default()],
        ..StoredBatch::default()
    };
    assert_eq!(StoredBatch::decode(ENRICHED).unwrap(), expected);
}

const ERASED: &[u8] = include_bytes!("../../../fixtures/journal/3/erasure.pb");
const EMPTIED: &[u8] = include_bytes!("../../../fixtures/journal/3/erased.pb");

fn erasure() -> Erasure {
    Erasure {
        erasure_id: ErasureId::from_u128(0x0199_aaaa_0000_7000_8000_0000_0000_000a),
        persons: vec![PersonHash::from_u128(1 << 100), PersonHash::from_u128(2)],
    }
}

fn emptied() -> StoredBatch {
    StoredBatch {
        import_id: Some(IMPORT),
        erased: vec![LedgerKey::from_u128(3 << 70), LedgerKey::from_u128(4)],
        ..StoredBatch::default()
    }
}

#[test]
fn an_erasure_of_schema_3_names_hashes_only() {
    assert_eq!(Erasure::decode(ERASED).unwrap(), erasure());
    assert_eq!(StoredBatch::decode(EMPTIED).unwrap(), emptied());
    assert_eq!(BatchIds::decode(EMPTIED).unwrap().erased, emptied().erased);
}

const LINKED: &[u8] = include_bytes!("../../../fixtures/journal/3/link.pb");

#[test]
fn links_of_schema_3_name_visitor_person_and_source() {
    let link = |visitor, person, linked, source| StoredLink {
        visitor: VisitorId::from_u128(visitor),
        person: UserKey::from_u128(person),
        linked,
        source: source as i32,
    };
    let merged = 0x0199_aaaa_0000_7000_8000_0000_0000_0004;
    let expected = PersonLinks {
        links: vec![
            link(5, merged, true, LinkSource::Merge),
            link(u128::MAX, 4, true, LinkSource::User),
            link(5, 4, false, LinkSource::User),
        ],
    };
    assert_eq!(PersonLinks::decode(LINKED).unwrap(), expected);
    assert_eq!(expected.encode_to_vec(), LINKED);
}

const SUBMITTED: &[u8] = include_bytes!("../../../fixtures/journal/4/submissions.pb");

fn submitted() -> StoredBatch {
    let submission = |event: u128, kind: SubmissionKind, persons: &[u128]| StoredSubmission {
        event_id: EventId::from_u128(event),
        kind: kind as i32,
        form: text("form"),
        sealed: vec![0, 1, 254, 255],
        persons: persons.iter().copied().map(PersonHash::from_u128).collect(),
    };
    StoredBatch {
        events: vec![enriched_event(), StoredEvent::default()],
        submissions: vec![
            submission(
                0x0199_aaaa_0000_7000_8000_0000_0000_0001,
                SubmissionKind::Chat,
                &[1 << 100, 2],
            ),
            submission(0, SubmissionKind::Partial, &[]),
        ],
        ..StoredBatch::default()
    }
}

#[test]
fn submissions_of_schema_4_stand_beside_their_events() {
    assert_eq!(StoredBatch::decode(SUBMITTED).unwrap(), submitted());
    let ids = BatchIds::decode(SUBMITTED).unwrap();
    assert_eq!(ids.events.len(), 2);
    assert_eq!(submitted().encode_to_vec(), SUBMITTED);
}
