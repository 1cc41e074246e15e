//! Why an item of a batch is set aside before it is an event: every code, in one list.

/// Codes are public and for ever. [`super::WireReject::of`] takes no other.
pub const REJECTS: &[&str] = &[
    "invalid_consent",
    "invalid_currency",
    "invalid_fields",
    "invalid_fingerprint",
    "invalid_form_id",
    "invalid_id",
    "invalid_member",
    "invalid_name",
    "invalid_number",
    "invalid_props",
    "invalid_referrer",
    "invalid_session_id",
    "invalid_text",
    "invalid_time",
    "invalid_title",
    "invalid_type",
    "invalid_url",
    "invalid_user_id",
    "invalid_value",
    "invalid_visitor_id",
    "invalid_webdriver",
    "not_an_object",
    "unknown_type",
    "unreadable",
];
