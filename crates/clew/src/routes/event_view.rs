//! An event as the API shows it.

use crate::sites::Sites;
use clew_core::model::{EpochMs, PlaceSource, SetApart, Signals, SiteId, StoredEvent};
use clew_core::scoring::suspicion;
use clew_store::events::{EventPage, EventRow};
use serde::Serialize;
use serde_json::{Map, Value};

/// One page of events, newest first.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventList {
    pub events: Vec<EventView>,
    /// Pass it back as `cursor`; null on the last page.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    pub event_id: String,
    /// The site; null when it has been deleted.
    pub client_id: Option<String>,
    /// The form of the site that the event tells of; null when it has been deleted, or is none that
    /// the site knows.
    pub form_id: Option<String>,
    pub lead_id: Option<String>,
    pub event_type: String,
    /// Name of a custom event.
    pub name: Option<String>,
    pub session_id: Option<String>,
    /// Null for a form whose sender may not be measured.
    pub visitor_id: Option<String>,
    pub url: String,
    /// What the client said: properties, revenue, engagement.
    #[schema(value_type = Object)]
    pub payload: Map<String, Value>,
    /// What was found out: source, device, language.
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
    /// When it happened, RFC 3339 in UTC.
    pub timestamp: String,
    /// When it was received, RFC 3339 in UTC.
    pub created_at: String,
}

impl EventList {
    pub fn of(sites: &Sites, page: EventPage) -> Self {
        let events = page.events.into_iter();
        Self {
            events: events.map(|row| EventView::of(sites, row)).collect(),
            next_cursor: page.next.map(|cursor| cursor.to_string()),
        }
    }
}

impl EventView {
    pub fn of(sites: &Sites, row: EventRow) -> Self {
        Self::new(sites, row.site, EpochMs(row.received_ms), row.event)
    }

    pub fn new(sites: &Sites, site: SiteId, received: EpochMs, event: StoredEvent) -> Self {
        let site = sites.get(site);
        let form = event.props.get("form_id");
        let form = form.and_then(|name| site.as_ref()?.form(name));
        Self {
            event_id: event.event_id.to_string(),
            form_id: form.map(|form| form.form_id.to_string()),
            client_id: site.map(|site| site.id().to_string()),
            lead_id: None,
            payload: payload(&event),
            metadata: metadata(&event),
            timestamp: event.time().to_timestamp().to_string(),
            created_at: received.to_timestamp().to_string(),
            visitor_id: (!event.is_of_nobody()).then(|| event.visitor_id.to_string()),
            session_id: present(event.client_session_id),
            event_type: event.event_type,
            name: present(event.name),
            url: event.url,
        }
    }
}

fn payload(event: &StoredEvent) -> Map<String, Value> {
    let mut payload = Map::new();
    for (name, text) in &event.props {
        payload.insert(name.clone(), text.as_str().into());
    }
    for (name, number) in &event.numbers {
        payload.insert(name.clone(), (*number).into());
    }
    for (name, number) in [
        ("engaged_ms", event.engaged_ms),
        ("scroll_percent", event.scroll_percent),
        ("load_time_ms", event.load_time_ms),
    ] {
        if number > 0 {
            payload.insert(name.to_owned(), number.into());
        }
    }
    if !event.currency.is_empty() {
        payload.insert("value_minor".to_owned(), event.value_minor.into());
        payload.insert("currency".to_owned(), event.currency.as_str().into());
    }
    payload
}

fn metadata(event: &StoredEvent) -> Map<String, Value> {
    let mut metadata = Map::new();
    let texts = [
        ("title", &event.title),
        ("referrer", &event.referrer),
        ("source", &event.source),
        ("medium", &event.medium),
        ("campaign", &event.utm_campaign),
        ("term", &event.utm_term),
        ("content", &event.utm_content),
        ("channel", &event.channel),
        ("browser", &event.browser),
        ("os", &event.os),
        ("device", &event.device),
        ("screen", &event.screen),
        ("viewport", &event.viewport),
        ("language", &event.language),
        ("time_zone", &event.time_zone),
        ("country", &event.country),
        ("region", &event.region),
        ("city", &event.city),
        ("ip", &event.ip),
        ("network", &event.network),
        ("bot", &event.bot),
        ("bot_kind", &event.bot_kind),
    ];
    for (name, text) in texts {
        if !text.is_empty() {
            metadata.insert(name.to_owned(), text.as_str().into());
        }
    }
    if !event.is_of_nobody() {
        let method = format!("{:?}", event.identity_method());
        metadata.insert("identity_method".to_owned(), snake_case(&method).into());
    }
    judge(event, &mut metadata);
    if event.unverified_origin {
        metadata.insert("unverified_origin".to_owned(), true.into());
    }
    metadata
}

/// How the place is known, what speaks against a person, and why the event counts or not.
fn judge(event: &StoredEvent, metadata: &mut Map<String, Value>) {
    let mut insert = |name: &str, value: Value| metadata.insert(name.to_owned(), value);
    if event.place_source() != PlaceSource::None {
        let source = format!("{:?}", event.place_source());
        insert("place_source", snake_case(&source).into());
    }
    if event.asn > 0 {
        insert("asn", event.asn.into());
    }
    if event.set_apart() != SetApart::No {
        let why = format!("{:?}", event.set_apart());
        insert("set_apart", snake_case(&why).into());
    }
    let signals: Vec<_> = Signals(event.signals)
        .iter()
        .map(clew_core::model::Signal::code)
        .collect();
    if !signals.is_empty() {
        insert("signals", signals.into());
    }
    if event.suspicion > 0 {
        let facts = suspicion::Facts::of(event);
        let reasons = suspicion::reasons(event.suspicion_rules, &facts);
        insert("suspicion", event.suspicion.into());
        insert("suspicion_reasons", serde_json::json!(reasons));
    }
}

fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn present(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
