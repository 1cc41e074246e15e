//! The batch collector: `POST /collect`, one event or many (CONTRACTS C).
//!
//! ```json
//! { "eventType": "pageview", "sessionId": "s-1", "siteId": "shop.example",
//!   "url": "https://shop.example/", "eventData": {} }
//! { "eventType": "batch", "sessionId": "s-1", "siteId": "shop.example",
//!   "events": [{"eventType": "click", "eventData": {"tag": "a"}, "timestamp": 1795176000000}] }
//! ```
//!
//! Owns the reading of both forms. The items of a batch take every member of the single form and
//! inherit what they leave out, identity and data excepted; the envelope itself is no event. The
//! site may be named by a host: [`SiteRef::Host`] leaves that to the authorisation of domains.
//!
//! Of forms this family tells names and never values: [`form`] keeps to that whatever was sent, so
//! no form event of it becomes a submission.
//!
//! Invariant: an item that cannot be read is set aside in its place and takes no neighbour with it.

mod form;
mod purchase;

use super::clew::{BATCH_MAX, INHERITED_MAX};
use super::clock;
use super::forms::is_of_a_form;
use super::members::{Members, Names, Wrong, elements, read_body};
use super::{
    Door, Receipt, SiteRef, WireBatch, WireError, WireEvent, WireFormat, WireReject, WireRequest,
};
use crate::error::ErrorCode;
use serde_json::json;
use serde_json::value::RawValue;

/// `POST /collect`.
#[derive(Debug)]
pub struct Collector;

const NAMES: Names = &[
    &["eventType", "event_type"],
    &["siteId", "site_id"],
    &["sessionId", "session_id"],
    &["visitorId", "visitor_id"],
    &["eventId", "event_id", "id"],
    &["timestamp"],
    &["url"],
    &["page_data", "pageData"],
    &["eventData", "event_data"],
    &["custom_fields", "customFields"],
    &["consent"],
    &["fingerprint"],
    &["screen"],
    &["viewport"],
    &["language"],
    &["timezone"],
    &["events"],
];

const PAGE: Names = &[&["url"], &["title"], &["referrer"]];

/// What the data of some types says that has a column of its own.
const SCROLL: Names = &[&[
    "scroll_percent",
    "scrollPercent",
    "percent",
    "percentage",
    "depth",
    "scroll_depth",
    "max_scroll",
]];

impl WireFormat for Collector {
    fn name(&self) -> &'static str {
        "collector"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[Door {
                path: "/collect",
                summary: "Send one event, or a batch.",
                description: "`siteId` is the site's id, slug or one of its hosts. With `eventType` `batch`, `events` holds up to 500 events, which inherit what stands beside them; one that cannot be read is set aside and takes no other with it. `page_view`, `click`, `scroll`, `form_focus`, `form_submit` and `purchase` have a meaning of their own, every other type is a custom event of that name. A `purchase` counts once per `order_id`. Of forms only the names of fields are kept.",
                request: include_str!("collector/request.schema.json"),
                answer: include_str!("collector/answer.schema.json"),
                ..Door::PLAIN
            }]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        let members = read_body(request.body, NAMES)?;
        let kind = members.required_text("eventType")?;
        let site = members.required_id("siteId")?;
        members.required_id("sessionId")?;
        let items = if kind == "batch" {
            batch(&members)?
        } else {
            vec![Ok(event(&members, kind)?)]
        };
        Ok(WireBatch {
            site: SiteRef::Host(site.trim().to_owned()),
            write_key: None,
            echo: None,
            sent_at: clock::sent_at(&items, request.minted),
            consent: members.consent()?,
            items,
        })
    }

    fn answer(&self, _: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>> {
        let processed = receipt.items();
        serde_json::to_vec(&json!({ "status": "success", "events_processed": processed }))
    }

    /// Who may not write is told the same, whether or not there is such a site.
    fn refusal(&self, code: ErrorCode) -> ErrorCode {
        match code {
            ErrorCode::UnknownSite => ErrorCode::ForeignOrigin,
            other => other,
        }
    }
}

fn batch(envelope: &Members<'_>) -> Result<Vec<Result<WireEvent, WireReject>>, WireError> {
    let missing = || {
        WireError::field(
            ErrorCode::InvalidBody,
            "events",
            "expected a list of events",
        )
    };
    let events = envelope.raw("events").ok_or_else(missing)?;
    let (events, more) = elements(events, BATCH_MAX).ok_or_else(missing)?;
    let defaults = common(envelope)?;
    if more || events.len() * defaults.weight() > INHERITED_MAX {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let items = events.into_iter().map(|raw| item(raw, &defaults));
    Ok(items.collect())
}

fn item(raw: &RawValue, defaults: &WireEvent) -> Result<WireEvent, WireReject> {
    let reject = |code| WireReject::of(code, raw.get().as_bytes());
    let members = Members::of(raw.get(), NAMES).ok_or_else(|| reject("not_an_object"))?;
    let read = members
        .required_text("eventType")
        .and_then(|kind| event(&members, kind));
    let mut event = read.map_err(|wrong| reject(wrong.code()))?;
    if event.name.as_deref() == Some("batch") {
        return Err(reject("invalid_type"));
    }
    event.time = event.time.or(defaults.time);
    event.inherit(defaults);
    Ok(event)
}

/// One event of this type.
fn event(members: &Members<'_>, kind: String) -> Result<WireEvent, Wrong> {
    let shared = common(members)?;
    let mut event = WireEvent {
        id: members.id("eventId")?.filter(|id| !id.is_empty()),
        ..WireEvent::default()
    };
    if is_of_a_form(&kind) {
        form::read(members, &mut event);
    } else {
        members.props("eventData", &mut event)?;
    }
    let kind = if kind.eq_ignore_ascii_case(purchase::TYPE) {
        purchase::TYPE.to_owned()
    } else {
        kind
    };
    if kind == purchase::TYPE {
        purchase::read(members, &mut event)?;
    }
    event.set_type(kind);
    match event.event_type.as_str() {
        "pageview" => page_of_data(&mut event),
        "scroll" => {
            let data = members.object("eventData", SCROLL)?;
            event.scroll_percent = match data {
                Some(data) => data.count(SCROLL[0][0])?,
                None => None,
            };
        }
        "custom" if event.name.as_deref() == Some("custom") => {
            // `track` of older pixels put the name into the data.
            let named = ["event_name", "name"].map(|key| event.props.get(key).cloned());
            event.name = named.into_iter().flatten().next().or(event.name.take());
        }
        _ => {}
    }
    event.time = shared.time;
    event.inherit(&shared);
    Ok(event)
}

/// What an envelope may say for its items too.
fn common(members: &Members<'_>) -> Result<WireEvent, Wrong> {
    let page = members.object("page_data", PAGE)?;
    let of_page = |member| match &page {
        Some(page) => page.text(member),
        None => Ok(None),
    };
    let mut event = WireEvent {
        time: members.time("timestamp")?,
        visitor_id: members.id("visitorId")?,
        session_id: members.id("sessionId")?,
        consent: members.consent()?,
        fingerprint: members.text("fingerprint")?,
        url: members.text("url")?.unwrap_or_default(),
        title: of_page("title")?,
        referrer: of_page("referrer")?,
        screen: members.text("screen")?,
        viewport: members.text("viewport")?,
        language: members.text("language")?,
        time_zone: members.text("timezone")?,
        ..WireEvent::default()
    };
    let url = of_page("url")?;
    if event.url.is_empty() {
        event.url = url.unwrap_or_default();
    }
    members.props("custom_fields", &mut event)?;
    Ok(event)
}

/// Some clients tell the page of a view as its data.
fn page_of_data(event: &mut WireEvent) {
    event.url = event.props.remove("url").unwrap_or_default();
    event.title = event.props.remove("title");
    event.referrer = event.props.remove("referrer");
}

#[cfg(test)]
mod tests;
