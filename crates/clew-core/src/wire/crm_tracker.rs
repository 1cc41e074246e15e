//! Family B, the CRM web tracker: `POST /v1/track` and `POST /v1/track/batch`.
//!
//! Owns its four types of messages and what they are in our terms ([`message`]). Who may write is
//! said by the public write key (header or `apiKey`) or by the page's host; a `clientId` names the
//! site, vouches for nothing and must not contradict either. Its clients know nothing of sites, so a site that is
//! unknown or paused is told them as a key that is not valid.

mod message;

use super::clew::BATCH_MAX;
use super::clock;
use super::members::{Members, Wrong};
use super::vocabulary::PAGEVIEW;
use super::{
    Door, Receipt, SiteRef, WireBatch, WireError, WireEvent, WireFormat, WireReject, WireRequest,
};
use crate::error::ErrorCode;
use serde_json::json;

const ONE: &str = "/v1/track";
const MANY: &str = "/v1/track/batch";

const UNNAMED: &str = "The client's write key is missing: send it as X-API-Key or as apiKey, or post from a page on the client's list of domains.";

#[derive(Debug)]
pub struct CrmTracker;

impl WireFormat for CrmTracker {
    fn name(&self) -> &'static str {
        "crm_tracker"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[
                Door {
                    path: ONE,
                    summary: "Send a message of the CRM web tracker.",
                    description: "A form that was sent, one that is being filled in, a chat message, or the tracker's start. Who may write is said by the client's public write key (`X-API-Key`, or `apiKey` for beacons) or by a page on its list of domains. `formId` is a form's id here or what the page calls it. What was typed is redacted and sealed before it is stored; values of forms that were not sent are kept only where profile and consent allow it.",
                    request: include_str!("crm_tracker/track.schema.json"),
                    answer: include_str!("crm_tracker/track.answer.json"),
                    errors: &[ErrorCode::UnknownType],
                    needs_key_or_page: true,
                    unnamed: UNNAMED,
                    ..Door::PLAIN
                },
                Door {
                    path: MANY,
                    summary: "Send messages of the CRM web tracker.",
                    description: "Up to 500 messages, which inherit what the envelope says of page, visitor, session and surroundings. For beacons, which cannot send headers: `apiKey`, or `clientId` together with the page's own host. A message that cannot be read takes none of the others along; it is named under `rejected`.",
                    request: include_str!("crm_tracker/batch.schema.json"),
                    answer: include_str!("crm_tracker/batch.answer.json"),
                    needs_key_or_page: true,
                    unnamed: UNNAMED,
                    ..Door::PLAIN
                },
            ]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        let envelope = Members::of_body(request.body, message::NAMES)?;
        let client = envelope.id("clientId")?;
        let mut batch = WireBatch {
            site: client.map_or(SiteRef::Page, |client| {
                SiteRef::Id(client.trim().to_owned())
            }),
            write_key: envelope.text("apiKey")?,
            echo: None,
            sent_at: None,
            consent: envelope.consent()?,
            items: Vec::new(),
        };
        if request.path == MANY {
            batch.items = several(&envelope)?;
        } else {
            batch.items.push(Ok(one(&envelope)?));
        }
        batch.sent_at = clock::sent_at(&batch.items, request.minted);
        Ok(batch)
    }

    fn answer(&self, door: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>> {
        if door.path == ONE {
            return serde_json::to_vec(&json!({ "success": true }));
        }
        let processed = receipt.items() - receipt.quarantined.len();
        let mut answer = json!({ "success": true, "processed": processed });
        if !receipt.quarantined.is_empty() {
            answer["rejected"] = serde_json::to_value(&receipt.quarantined)?;
        }
        serde_json::to_vec(&answer)
    }

    fn refusal(&self, code: ErrorCode) -> ErrorCode {
        match code {
            ErrorCode::UnknownSite => ErrorCode::Unauthorized,
            other => other,
        }
    }
}

/// The only message of a request: what can be no event is refused, because nobody would learn of it
/// otherwise.
fn one(message: &Members<'_>) -> Result<WireEvent, Wrong> {
    let event = message::read(message)?;
    if event.event_type == PAGEVIEW && event.url.trim().is_empty() {
        return Err(Wrong::new("page", "a page view needs the page's url"));
    }
    Ok(event)
}

fn several(envelope: &Members<'_>) -> Result<Vec<Result<WireEvent, WireReject>>, WireError> {
    let (items, more) = envelope.list("events", BATCH_MAX)?;
    if items.is_empty() {
        return Err(Wrong::new("events", "expected at least one").into());
    }
    if more {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    let here = message::common(envelope)?;
    here.may_be_inherited(items.len())?;
    // A message from another page has that page's title and referrer, or none.
    let elsewhere = WireEvent {
        title: None,
        referrer: None,
        ..here.clone()
    };
    let read = |raw| {
        let mut event = message::read(&Members::of_item(raw, message::NAMES)?)?;
        let same_page = event.url.is_empty();
        event.inherit(if same_page { &here } else { &elsewhere });
        Ok(event)
    };
    let items = items.into_iter();
    Ok(items
        .map(|raw| read(raw).map_err(|wrong: Wrong| wrong.in_item(raw)))
        .collect())
}
