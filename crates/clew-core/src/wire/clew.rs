//! The canonical format of the browser SDK and of servers: `POST /v1/events` (CONTRACTS §0).
//!
//! ```json
//! { "site_id": "…", "sent_at": 1795176000000, "visitor_id": "…", "session_id": "…",
//!   "consent": {"analytics": true},
//!   "events": [{"id": "…", "type": "pageview", "t": 1795175999000, "url": "https://…"}] }
//! ```
//!
//! Owns the reading of bytes, nothing more: whether an event makes sense is the pipeline's
//! question. The envelope takes every field of an event besides its own three; what an event
//! leaves out it inherits (`id`, `type`, `name`, `t` and `value` excepted).
//!
//! Invariants:
//! * An item that cannot be read (wrong types, a lone surrogate, a number beyond every range …)
//!   becomes a [`WireReject`] in its place and takes no neighbour with it. Only a body that is
//!   no JSON, or whose envelope has the wrong shape, is refused as a whole.
//! * A key that occurs twice counts with its last value, as in every browser.
//! * Depth costs no stack: values that are not read are skipped without recursion, properties
//!   are followed eight levels deep.
//!
//! One typed pass reads the usual body; only when an item turns out to be bad is the body split
//! into raw items and each read alone.

mod envelope;
mod field;
mod item;
mod link;
mod props;
mod scalar;

pub(super) use item::ConsentField;
pub use link::{LinkRequest, decode_link};
pub(super) use props::{Props, Shape};
pub(super) use scalar::Scalar;

use super::{Door, Receipt, WireBatch, WireError, WireEvent, WireFormat, WireReject, WireRequest};
use crate::error::ErrorCode;
use envelope::Envelope;
use item::Item;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use serde_json::value::RawValue;

/// Events per request.
pub const BATCH_MAX: usize = 500;

/// `POST /v1/events`.
#[derive(Debug)]
pub struct Clew;

impl WireFormat for Clew {
    fn name(&self) -> &'static str {
        "clew"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[Door {
                path: "/v1/events",
                summary: "Send events.",
                description: "Up to 500 events of one site. The reply comes after they are on disk: a 2xx is a promise. Send the same ids again after any other answer, or none; repeated events are counted once and named under `duplicates`. Pages need no key, their host must be on the site's list; servers send a secret key with the scope `ingest`, or no Origin at all.",
                request: include_str!("clew/request.schema.json"),
                answer: include_str!("clew/answer.schema.json"),
                ..Door::PLAIN
            }]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        Ok(decode_batch(request.body)?)
    }

    fn answer(&self, _: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(receipt)
    }
}

/// Reads a batch: the body of `/v1/events`, and of every door that takes our own SDK.
///
/// # Errors
/// [`ErrorCode::MalformedJson`], [`ErrorCode::InvalidBody`] or [`ErrorCode::BatchTooLarge`].
pub fn decode_batch(body: &[u8]) -> Result<WireBatch, ErrorCode> {
    let body = std::str::from_utf8(body).map_err(|_| ErrorCode::MalformedJson)?;
    match read::<Item>(body) {
        Ok(envelope) if envelope.items_are_good() => {
            envelope.into_batch(|item| item.into_event().map_err(|code| WireReject::of(code, b"")))
        }
        _ => read::<&RawValue>(body)?.into_batch(read_alone),
    }
}

fn read<'de, T: Deserialize<'de>>(body: &'de str) -> Result<Envelope<T>, ErrorCode> {
    serde_json::from_str(body).map_err(|error| {
        // A wrong shape is noticed before the end is reached; what follows may be no JSON at all.
        let wrong_shape =
            error.classify() == Category::Data && serde_json::from_str::<IgnoredAny>(body).is_ok();
        if wrong_shape {
            ErrorCode::InvalidBody
        } else {
            ErrorCode::MalformedJson
        }
    })
}

fn read_alone(raw: &RawValue) -> Result<WireEvent, WireReject> {
    serde_json::from_str::<Item>(raw.get())
        .map_err(|_| "unreadable")
        .and_then(Item::into_event)
        .map_err(|code| WireReject::of(code, raw.get().as_bytes()))
}

#[cfg(test)]
mod tests;
