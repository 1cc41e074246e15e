//! `POST /lead.capture`: a form that was sent, from a page or from an integration.

use super::session;
use crate::error::ErrorCode;
use crate::model::contact;
use crate::wire::overlay::Overlay;
use crate::wire::typed::READ_MAX;
use crate::wire::{IdKind, WireBatch, WireError, WireEvent, WireRequest, WireSubmission};
use std::collections::BTreeMap;

/// Members that are about the request; all others are what was typed.
const NOT_TYPED: &[&str] = &[
    "site_key",
    "form_id",
    "submission_id",
    "session_id",
    "visitor_id",
    "fingerprint",
    "url",
    "referrer",
    "consent",
    "t",
    "fields",
];

/// Typed members of which nothing but a text has a meaning.
const TEXTS: [&str; 7] = [
    "email",
    "phone",
    "name",
    "first_name",
    "last_name",
    "company",
    "message",
];

const FORM: &str = "form_submit";

pub(super) fn read(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Overlay::of_body(request.body)?;
    let fields = typed(&body)?;
    check(&fields)?;
    let submission = body.own_id(&["submission_id"])?;
    let submission = submission.filter(|id| !id.is_empty());
    let lead = WireEvent {
        id: submission,
        id_kind: IdKind::Lead,
        event_type: FORM.to_owned(),
        time: body.time(&["t"])?,
        session_id: body.id(&["session_id"])?,
        visitor_id: body.id(&["visitor_id"])?,
        fingerprint: body.id(&["fingerprint"])?,
        url: body.text(&["url"])?.unwrap_or_default(),
        // A lead is not lost for an address that is none, or that a preview or a cache has given
        // the page.
        page_is_optional: true,
        referrer: body.text(&["referrer"])?,
        form_id: body.id(&["form_id"])?,
        consent: body.consent()?,
        submission: WireSubmission::of(FORM, fields),
        ..WireEvent::default()
    };
    Ok(session::of_site(&body, vec![Ok(lead)], None, request)?)
}

/// `fields`, and what stands beside them.
fn typed(body: &Overlay<'_>) -> Result<BTreeMap<String, String>, WireError> {
    let mut fields = body.typed("fields")?.unwrap_or_default();
    for name in TEXTS {
        body.own_text(&[name])?;
    }
    // Who it is comes first: of the others there may be too many.
    let others = |name: &&str| !NOT_TYPED.contains(name) && !TEXTS.contains(name);
    for name in TEXTS.into_iter().chain(body.names().filter(others)) {
        if fields.len() >= READ_MAX + TEXTS.len() {
            break;
        }
        if let Some(value) = body.typed_value(name) {
            fields.insert(name.to_owned(), value);
        }
    }
    Ok(fields)
}

/// A lead needs somebody who can be answered, or at least named.
fn check(fields: &BTreeMap<String, String>) -> Result<(), WireError> {
    let stated = |name: &str| fields.get(name).filter(|value| !value.trim().is_empty());
    let invalid = |field, expected| WireError::field(ErrorCode::InvalidBody, field, expected);
    let (email, phone) = (stated("email"), stated("phone"));
    if email.is_some_and(|email| contact::email(email).is_none()) {
        return Err(invalid("email", "expected an e-mail address"));
    }
    if phone.is_some_and(|phone| contact::phone(phone).is_none()) {
        return Err(invalid("phone", "expected a telephone number"));
    }
    let both = stated("first_name").is_some() && stated("last_name").is_some();
    let whole = stated("name").is_some_and(|name| name.split_whitespace().count() > 1);
    if email.is_none() && phone.is_none() && !both && !whole {
        let expected = "expected an e-mail address, a telephone number, or first and last name";
        return Err(invalid("email", expected));
    }
    Ok(())
}
