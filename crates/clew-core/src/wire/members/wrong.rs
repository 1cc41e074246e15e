//! A member that is not what it must be, in the two ways that clients are told of it: by name when
//! the whole request is refused, by code when one item of a batch is set aside.

use crate::error::ErrorCode;
use crate::wire::{WireError, WireReject};
use serde_json::value::RawValue;

/// A member whose value has no sense, or that is not there and must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire) struct Wrong {
    pub(in crate::wire) error: ErrorCode,
    pub(in crate::wire) member: &'static str,
    expected: &'static str,
    reject: Option<&'static str>,
}

impl Wrong {
    /// An item that is no object.
    pub(super) const NO_OBJECT: Self =
        Self::new("events", "expected objects").set_aside_as("not_an_object");

    pub(in crate::wire) const fn new(member: &'static str, expected: &'static str) -> Self {
        Self {
            error: ErrorCode::InvalidBody,
            member,
            expected,
            reject: None,
        }
    }

    /// With another code than members of that name have.
    pub(in crate::wire) const fn set_aside_as(mut self, reject: &'static str) -> Self {
        self.reject = Some(reject);
        self
    }

    /// With another error than [`ErrorCode::InvalidBody`].
    pub(in crate::wire) const fn refused_as(mut self, error: ErrorCode) -> Self {
        self.error = error;
        self
    }

    /// What an item of a batch is set aside with.
    pub(in crate::wire) fn code(self) -> &'static str {
        self.reject.unwrap_or_else(|| code_of(self.member))
    }

    pub(in crate::wire) fn in_item(self, item: &RawValue) -> WireReject {
        WireReject::of(self.code(), item.get().as_bytes())
    }
}

impl From<Wrong> for WireError {
    fn from(wrong: Wrong) -> Self {
        Self::field(wrong.error, wrong.member, wrong.expected)
    }
}

/// The codes of `/v1/events`, whatever a family calls the member.
fn code_of(member: &str) -> &'static str {
    match member {
        "type" | "eventType" | "event_type" => "invalid_type",
        "id" | "eventId" | "event_id" => "invalid_id",
        "name" => "invalid_name",
        "t" | "timestamp" => "invalid_time",
        "value" => "invalid_value",
        "currency" => "invalid_currency",
        "visitor_id" | "visitorId" => "invalid_visitor_id",
        "session_id" | "sessionId" => "invalid_session_id",
        "fingerprint" => "invalid_fingerprint",
        "consent" => "invalid_consent",
        "url" | "page_url" => "invalid_url",
        "title" | "page_title" => "invalid_title",
        "referrer" | "referrer_url" => "invalid_referrer",
        "data" | "eventData" | "custom_fields" => "invalid_props",
        "form_id" | "formId" => "invalid_form_id",
        "fields" => "invalid_fields",
        "screen" | "screenResolution" | "viewport" | "language" | "timezone" => "invalid_text",
        _ => "invalid_member",
    }
}
