//! The tables of the embedded event store: the contract between the writer and every report.
//!
//! All tables are append-only: no primary key, no index, no UPDATE, no UPSERT. Rows leave by
//! DELETE for retention and erasure only, and their bytes leave when the file is copied.
//!
//! Conventions that SQL may rely on:
//! - Absent text is `''`, absent numbers are `0`; only what stands here without NOT NULL may be
//!   NULL.
//! - Ids are `UUID`: sixteen bytes inside the engine, so `count(DISTINCT visitor_id)` is exact and
//!   within a third of the cost of a dense integer. Bind them as text and cast: `?::UUID`.
//! - Times are `BIGINT` epoch milliseconds in UTC. Zoned types and zone functions are forbidden
//!   (the bundled engine has none): day and hour boundaries come from Rust as bound values.
//! - Booleans are real `BOOLEAN`s; enums are the protobuf numbers as `UTINYINT`.
//! - A row is one event that counts towards some number, bots (`bot <> ''`) and what the site set
//!   apart (`set_apart <> 0`) included; quarantined
//!   events lie in a table of their own and in no number.
//! - Columns of dimensions in `facts` and `pieces` carry the names by which reports filter.

use crate::reports::column::{carried, new};
use clew_core::report::{Dimension, Scope};

/// Version of everything below. A file of another version is set aside and rebuilt.
pub const SCHEMA_VERSION: i64 = 4;

/// Tables of rows that come from the journal, each with `site`, `lsn` and `idx`.
pub const ROW_TABLES: &[&str] = &["events", "quarantined"];

/// Tables computed from `events`, each with `site`; emptied for a site whenever rows of it are
/// deleted.
pub const SEAL_TABLES: &[&str] = &["sessions", "facts", "pieces", "voided", "seals"];

/// The tables, empty, in the catalog `catalog` (`main` or that of an attached file).
pub fn create_in(catalog: &str) -> String {
    let (of_event, of_session): (Vec<_>, Vec<_>) = Dimension::ALL
        .iter()
        .copied()
        .partition(|d| d.scope() == Scope::Event);
    let of_event: String = of_event
        .into_iter()
        .map(|d| {
            format!(
                "{} VARCHAR NOT NULL, {} BOOLEAN NOT NULL, ",
                carried(d),
                new(d)
            )
        })
        .collect();
    let of_session: Vec<_> = of_session
        .into_iter()
        .map(|d| format!("{} VARCHAR NOT NULL", carried(d)))
        .collect();
    CREATE
        .replace("CREATE TABLE ", &format!("CREATE TABLE {catalog}."))
        .replace("{event_dimensions}", &of_event)
        .replace("{session_dimensions}", &of_session.join(", "))
}

/// The first rows of an empty store: its version and a cursor that has seen nothing.
pub const SEED: &str = "INSERT INTO meta VALUES (4); INSERT INTO cursors VALUES (0);";

const CREATE: &str = "
CREATE TABLE meta (schema_version BIGINT NOT NULL);

-- One row per commit: everything up to this LSN is projected. The cursor is max(lsn).
CREATE TABLE cursors (lsn BIGINT NOT NULL);

CREATE TABLE events (
    -- journal: where the event came from; (lsn, idx) is unique and total
    site               UUID     NOT NULL,
    lsn                BIGINT   NOT NULL,
    idx                INTEGER  NOT NULL,  -- position within the batch
    kind               UTINYINT NOT NULL,  -- RecordKind: 1 events, 2 import
    received_ms        BIGINT   NOT NULL,
    import_id          UUID,               -- NULL: not imported
    -- who
    event_id           UUID     NOT NULL,
    visitor_id         UUID     NOT NULL,
    identity_method    UTINYINT NOT NULL,  -- 0 daily hash, 1 fingerprint, 2 storage, 3 cookie, 4 user id
    client_session     UUID,
    client_session_id  VARCHAR  NOT NULL,
    user_key           UUID,
    -- when
    time_ms            BIGINT   NOT NULL,  -- corrected client time: what reports use
    client_time_ms     BIGINT   NOT NULL,
    sequence           UINTEGER NOT NULL,
    -- what
    event_type         VARCHAR  NOT NULL,
    name               VARCHAR  NOT NULL,
    engaged_ms         UINTEGER NOT NULL,
    scroll_percent     UTINYINT NOT NULL,
    load_time_ms       UINTEGER NOT NULL,
    value_minor        BIGINT   NOT NULL,
    currency           VARCHAR  NOT NULL,
    props              MAP(VARCHAR, VARCHAR) NOT NULL,
    numbers            MAP(VARCHAR, DOUBLE)  NOT NULL,
    -- where on the site
    url                VARCHAR  NOT NULL,
    hostname           VARCHAR  NOT NULL,
    path               VARCHAR  NOT NULL,
    title              VARCHAR  NOT NULL,
    -- where from
    referrer           VARCHAR  NOT NULL,
    referrer_host      VARCHAR  NOT NULL,
    source             VARCHAR  NOT NULL,
    medium             VARCHAR  NOT NULL,
    channel            VARCHAR  NOT NULL,
    utm_source         VARCHAR  NOT NULL,
    utm_medium         VARCHAR  NOT NULL,
    utm_campaign       VARCHAR  NOT NULL,
    utm_content        VARCHAR  NOT NULL,
    utm_term           VARCHAR  NOT NULL,
    click_id_kind      VARCHAR  NOT NULL,
    gclid              VARCHAR  NOT NULL,
    gbraid             VARCHAR  NOT NULL,
    wbraid             VARCHAR  NOT NULL,
    dclid              VARCHAR  NOT NULL,
    fbclid             VARCHAR  NOT NULL,
    msclkid            VARCHAR  NOT NULL,
    ttclid             VARCHAR  NOT NULL,
    twclid             VARCHAR  NOT NULL,
    li_fat_id          VARCHAR  NOT NULL,
    sc_click_id        VARCHAR  NOT NULL,
    rdt_cid            VARCHAR  NOT NULL,
    epik               VARCHAR  NOT NULL,
    campaign_region    VARCHAR  NOT NULL,
    ad_group           VARCHAR  NOT NULL,
    ad_id              VARCHAR  NOT NULL,
    search_query       VARCHAR  NOT NULL,
    -- on what
    browser            VARCHAR  NOT NULL,
    browser_version    VARCHAR  NOT NULL,
    os                 VARCHAR  NOT NULL,
    os_version         VARCHAR  NOT NULL,
    device             VARCHAR  NOT NULL,
    screen             VARCHAR  NOT NULL,
    viewport           VARCHAR  NOT NULL,
    language           VARCHAR  NOT NULL,
    time_zone          VARCHAR  NOT NULL,
    -- from where
    country            VARCHAR  NOT NULL,
    region             VARCHAR  NOT NULL,
    city               VARCHAR  NOT NULL,
    asn                UINTEGER NOT NULL,
    network            VARCHAR  NOT NULL,
    ip_form            UTINYINT NOT NULL,
    ip                 VARCHAR  NOT NULL,
    -- how it may be used; consent: 0 unknown, 1 denied, 2 granted
    consent_analytics  UTINYINT NOT NULL,
    consent_marketing  UTINYINT NOT NULL,
    consent_replay     UTINYINT NOT NULL,
    consent_partial    UTINYINT NOT NULL,
    gpc                BOOLEAN  NOT NULL,
    profile            UTINYINT NOT NULL,
    bot                VARCHAR  NOT NULL,
    unverified_origin  BOOLEAN  NOT NULL,
    device_visitor     UUID,               -- whom the browser named, when a user id named the visitor
    bot_kind           VARCHAR  NOT NULL,
    set_apart          UTINYINT NOT NULL,  -- 0 no, 1 blocked, 2 testing, 3 silent: then in no number
    place_source       UTINYINT NOT NULL,  -- 0 none, 1 import, 2 database, 3 proxy, 4 time zone
    signals            UINTEGER NOT NULL,  -- bits of clew_core::model::Signals
    suspicion          UTINYINT NOT NULL,
    suspicion_rules    UINTEGER NOT NULL,
    fingerprint        UUID
);

-- Events that count in no number, for the owner to see why. The event itself stays in the journal.
CREATE TABLE quarantined (
    site         UUID    NOT NULL,
    lsn          BIGINT  NOT NULL,
    idx          INTEGER NOT NULL,
    received_ms  BIGINT  NOT NULL,
    import_id    UUID,
    event_id     UUID    NOT NULL,
    code         VARCHAR NOT NULL,
    time_ms      BIGINT,               -- NULL: the event could not be read at all
    event_type   VARCHAR NOT NULL,
    url          VARCHAR NOT NULL,
    visitor_id   UUID,                 -- whose it is, for erasure
    user_key     UUID
);

-- Closed sessions (see `events::sealing`). A row is void once `voided` names its number.
CREATE TABLE sessions (
    site       UUID    NOT NULL,
    session    INTEGER NOT NULL,  -- counts the site's sealed sessions, never used twice
    first_event UUID   NOT NULL,  -- the event that opened it
    by_visitor BOOLEAN NOT NULL,  -- keyed by visitor; else by the client's session
    skey       UUID    NOT NULL,
    start_ms   BIGINT  NOT NULL,
    alive_ms   BIGINT  NOT NULL,  -- last sign of life: start_ms + duration
    last_ms    BIGINT  NOT NULL,  -- last event, late engagement reports included
    last_event UUID    NOT NULL
);

-- The events of closed sessions, each with its session's properties: what a report about pages
-- reads. Engagement reports without a session have a number of their own and no `start_ms`.
CREATE TABLE facts (
    site            UUID     NOT NULL,
    session         INTEGER  NOT NULL,
    start_ms        BIGINT,
    duration_ms     BIGINT   NOT NULL,
    views           BIGINT   NOT NULL,
    bounce          BOOLEAN  NOT NULL,
    opens           BOOLEAN  NOT NULL,  -- the session's first event
    time_ms         BIGINT   NOT NULL,
    visitor_id      UUID     NOT NULL,
    identity_method UTINYINT NOT NULL,
    interaction     BOOLEAN  NOT NULL,
    is_view         BOOLEAN  NOT NULL,
    engaged_ms      UINTEGER NOT NULL,
    scroll_percent  UTINYINT NOT NULL,
    -- each value of the event, and whether the session's first interaction with it is this one
    {event_dimensions}{session_dimensions}
);

-- The same, added up over each session's quarters of an hour: what every other report reads. The
-- visit itself counts in the piece of its first event.
CREATE TABLE pieces (
    site        UUID     NOT NULL,
    session     INTEGER  NOT NULL,
    time_ms     BIGINT   NOT NULL,  -- of the first event
    visitor_id  UUID     NOT NULL,
    method      UTINYINT,           -- best identity method of an interaction, if there is one
    events      INTEGER  NOT NULL,
    pageviews   INTEGER  NOT NULL,
    engaged     BIGINT   NOT NULL,
    visits      INTEGER  NOT NULL,
    bounces     INTEGER  NOT NULL,
    duration    BIGINT   NOT NULL,
    visit_views BIGINT   NOT NULL,
    {session_dimensions}
);

CREATE TABLE voided (
    site    UUID    NOT NULL,
    session INTEGER NOT NULL
);

-- How far a site is sealed; the row with the highest generation holds.
CREATE TABLE seals (
    site       UUID    NOT NULL,
    generation BIGINT  NOT NULL,
    lsn        BIGINT  NOT NULL,  -- events up to here were looked at
    closed_ms  BIGINT  NOT NULL,  -- sessions whose last event lies before are sealed
    open_ms    BIGINT  NOT NULL,  -- no unsealed session of these events starts before
    sessions   INTEGER NOT NULL   -- highest number given to a session
);
";
