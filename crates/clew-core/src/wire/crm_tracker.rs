//! Family B, the CRM web tracker: `POST /v1/track` and `POST /v1/track/batch`.
//!
//! Owns its four types of messages and what they are in our terms ([`message`]). Who may write is
//! said by the public write key (header or `apiKey`) or by the page's host; a `clientId` names the
//! site, vouches for nothing and must not contradict either. Its clients know nothing of sites, so a site that is
//! unknown or paused is told them as a key that is not valid.

mod message;

use super::clock;
use super::overlay::{Overlay, Wrong};
use super::{Door, Receipt, SiteRef, WireBatch, WireError, WireFormat, WireRequest};
use crate::error::ErrorCode;
use serde_json::json;

const ONE: &str = "/v1/track";
const MANY: &str = "/v1/track/batch";

/// Messages per request.
const BATCH_MAX: usize = 500;

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
        let envelope = Overlay::of_body(request.body)?;
        let mut batch = WireBatch {
            site: match envelope.id(&["clientId"])? {
                Some(client) if !client.trim().is_empty() => SiteRef::Id(client.trim().to_owned()),
                _ => SiteRef::Page,
            },
            write_key: envelope.text(&["apiKey"])?,
            echo: None,
            sent_at: None,
            consent: envelope.consent()?,
            items: Vec::new(),
        };
        if request.path == MANY {
            several(&envelope, &mut batch)?;
        } else {
            batch.items.push(Ok(message::read(&envelope)?));
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

fn several(envelope: &Overlay<'_>, batch: &mut WireBatch) -> Result<(), WireError> {
    let (items, more) = envelope.list("events", BATCH_MAX)?;
    if items.is_empty() {
        return Err(Wrong::new("events", "expected at least one").into());
    }
    if more || !envelope.may_be_inherited(items.len(), "events") {
        return Err(ErrorCode::BatchTooLarge.into());
    }
    for raw in items {
        let item = Overlay::of_item(raw, envelope).and_then(|item| message::read(&item));
        batch.items.push(item.map_err(|wrong| wrong.in_item(raw)));
    }
    Ok(())
}
