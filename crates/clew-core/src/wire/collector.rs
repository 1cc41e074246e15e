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

use super::clew::BATCH_MAX;
use super::clock;
use super::members::{Members, Names, Wrong};
use super::vocabulary::{CUSTOM, PAGEVIEW, SCROLLED, is_of_a_form};
use super::{
    Door, Receipt, SiteRef, WireBatch, WireError, WireEvent, WireFormat, WireReject, WireRequest,
};
use crate::error::ErrorCode;
use serde_json::json;
use serde_json::value::RawValue;

/// `POST /collect`.
#[derive(Debug)]
pub struct Collector;

const NAMES: Names = Names::only(&[
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
]);

const PAGE: Names = Names::only(&[&["url"], &["title"], &["referrer"]]);

/// What the data of some types says that has a place of its own.
const DATA: Names = Names::only(&[SCROLLED, NAMED]);

/// Members of the data of a `custom` event that name it.
const NAMED: &[&str] = &["event_name", "name"];

/// The type of an envelope, which is no event.
const BATCH: &str = "batch";

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
        let members = Members::of_body(request.body, NAMES)?;
        let kind = members.required_text("eventType")?;
        let site = members.required_id("siteId")?;
        members.required_id("sessionId")?;
        let items = if kind.eq_ignore_ascii_case(BATCH) {
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
    let (events, more) = envelope.list("events", BATCH_MAX)?;
    if more {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let defaults = common(envelope)?;
    defaults.may_be_inherited(events.len())?;
    let read = |raw| item(raw, &defaults).map_err(|wrong| wrong.in_item(raw));
    Ok(events.into_iter().map(read).collect())
}

fn item(raw: &RawValue, defaults: &WireEvent) -> Result<WireEvent, Wrong> {
    let members = Members::of_item(raw, NAMES)?;
    let kind = members.required_text("eventType")?;
    if kind.eq_ignore_ascii_case(BATCH) {
        return Err(Wrong::new("eventType", "expected the type of an event"));
    }
    let mut event = event(&members, kind)?;
    event.time = event.time.or(defaults.time);
    event.inherit(defaults);
    Ok(event)
}

/// One event of this type.
fn event(members: &Members<'_>, mut kind: String) -> Result<WireEvent, Wrong> {
    let shared = common(members)?;
    let mut event = WireEvent {
        id: members.id("eventId")?,
        name: stated_name(members, &kind),
        ..WireEvent::default()
    };
    if is_of_a_form(&kind) || event.name.as_deref().is_some_and(is_of_a_form) {
        form::read(members, &mut event);
    } else {
        members.props("eventData", &mut event)?;
    }
    if kind.eq_ignore_ascii_case(purchase::TYPE) {
        purchase::TYPE.clone_into(&mut kind);
        purchase::read(members, &mut event)?;
    }
    event.set_type(kind);
    match event.event_type.as_str() {
        PAGEVIEW => page_of_data(&mut event),
        "scroll" => event.scroll_percent = members.object("eventData", DATA)?.percent(SCROLLED[0]),
        _ => {}
    }
    event.time = shared.time;
    event.inherit(&shared);
    Ok(event)
}

/// `track` of older pixels put the name of an event into its data.
fn stated_name(members: &Members<'_>, kind: &str) -> Option<String> {
    let data = (kind == CUSTOM).then(|| members.object("eventData", DATA));
    data?.ok()?.id(NAMED[0]).ok()?
}

/// What an envelope may say for its items too.
fn common(members: &Members<'_>) -> Result<WireEvent, Wrong> {
    let page = members.object("page_data", PAGE)?;
    let mut event = WireEvent {
        time: members.time("timestamp")?,
        visitor_id: members.id("visitorId")?,
        session_id: members.id("sessionId")?,
        consent: members.consent()?,
        fingerprint: members.id("fingerprint")?,
        url: members.text("url")?.unwrap_or_default(),
        title: page.text("title")?,
        referrer: page.text("referrer")?,
        screen: members.text("screen")?,
        viewport: members.text("viewport")?,
        language: members.text("language")?,
        time_zone: members.text("timezone")?,
        ..WireEvent::default()
    };
    let url = page.text("url")?;
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
