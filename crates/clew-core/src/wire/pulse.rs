//! Family D, pulse: `POST /track/*` for what happens on a page, `POST /lead.capture` for leads.
//!
//! Owns the two shapes of requests ([`session`], [`lead`]) and the words of their answers. A lead
//! is the form that was sent: its id is the event's, and what becomes of it is decided when it is
//! projected, so the answer says `pending` unless the sender's address already decides.

mod event;
mod lead;
mod session;

use super::{Door, Receipt, WireBatch, WireError, WireFormat, WireRequest};
use crate::model::public_id::public_id;
use crate::pipeline::NotCounted;
use serde_json::json;

const START: &str = "/track/session-start";
const EVENT: &str = "/track/event";
const EVENTS: &str = "/track/events";
const EVENTS_BATCH: &str = "/track/events-batch";
const END: &str = "/track/session-end";
const CAPTURE: &str = "/lead.capture";

const UNNAMED: &str = "site_key is missing: name the site there, send a secret key of the scope ingest, or post from one of the site's pages.";

const SESSION: Door = Door {
    unnamed: UNNAMED,
    request: include_str!("pulse/start.schema.json"),
    answer: include_str!("pulse/track.answer.json"),
    ..Door::PLAIN
};

const BATCH: Door = Door {
    path: EVENTS,
    summary: "Send events of a session.",
    description: "1 to 200 events. One that cannot be read takes none of the others along.",
    request: include_str!("pulse/events.schema.json"),
    ..SESSION
};

const LEAD: Door = Door {
    path: CAPTURE,
    summary: "Hand in a lead.",
    description: "From a page of a site's domains, or from a server with a secret key of the scope `ingest`. Needs an e-mail address, a telephone number, or first and last name; members that are not listed are kept as fields of the form. `lead_id` is valid for ever; the same `submission_id` gives the same `lead_id` and counts once. `status`: `blocked` and `testing` follow the site's address lists (robots are `blocked` too), `not_kept` (with a `lead_id` of null) says that the site's privacy rules forbid keeping the form, and everything else is `pending` until it has been looked at.",
    request: include_str!("pulse/lead.schema.json"),
    answer: include_str!("pulse/lead.answer.json"),
    status: 201,
    unnamed: UNNAMED,
    takes_forms: true,
    form: Some(include_str!("pulse/lead.form.json")),
    ..Door::PLAIN
};

#[derive(Debug)]
pub struct Pulse;

impl WireFormat for Pulse {
    fn name(&self) -> &'static str {
        "pulse"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[
                Door {
                    path: START,
                    summary: "Begin a session.",
                    description: "Counts once per `session_id`, and as no page view. Without a `session_id` the answer names one to go on with.",
                    ..SESSION
                },
                Door {
                    path: EVENT,
                    summary: "Send an event of a session.",
                    description: "Types are `page_view` (or `pageview`), `click`, `scroll`, `form_*` and `custom`; any other is a custom event of that name.",
                    request: include_str!("pulse/event.schema.json"),
                    ..SESSION
                },
                BATCH,
                Door {
                    path: EVENTS_BATCH,
                    ..BATCH
                },
                Door {
                    path: END,
                    summary: "End a session.",
                    description: "A sign of life like any other, and no page view.",
                    request: include_str!("pulse/end.schema.json"),
                    ..SESSION
                },
                LEAD,
                Door {
                    path: "/lead",
                    successor: Some(CAPTURE),
                    ..LEAD
                },
                Door {
                    path: "/",
                    successor: Some(CAPTURE),
                    ..LEAD
                },
            ]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        match request.path {
            START => session::begun(request),
            END => session::ended(request),
            EVENT => session::one(request),
            EVENTS | EVENTS_BATCH => session::several(request),
            _ => lead::read(request),
        }
    }

    fn answer(&self, door: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>> {
        let answer = if door.status == LEAD.status {
            let lead = receipt.first.filter(|_| receipt.first_submission_kept);
            json!({
                "lead_id": lead,
                "public_id": lead.map(public_id),
                "status": status(receipt),
            })
        } else {
            json!({ "ok": true, "session_id": receipt.echo })
        };
        serde_json::to_vec(&answer)
    }
}

fn status(receipt: &Receipt) -> &'static str {
    if !receipt.first_submission_kept {
        return "not_kept";
    }
    let (blocked, bot) = (NotCounted::BlockedIp.code(), NotCounted::Bot.code());
    match receipt.first_set_apart() {
        Some(reason) if reason == blocked || reason == bot => "blocked",
        Some(reason) if reason == NotCounted::TestingIp.code() => "testing",
        _ => "pending",
    }
}
