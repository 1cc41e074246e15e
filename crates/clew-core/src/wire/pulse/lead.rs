//! `POST /lead.capture`: a form that was sent, from a page or from an integration.

use super::session;
use crate::error::ErrorCode;
use crate::model::contact;
use crate::wire::members::{Members, Names};
use crate::wire::typed::{self, READ_MAX};
use crate::wire::{IdKind, WireBatch, WireError, WireEvent, WireRequest, WireSubmission};
use std::collections::BTreeMap;

/// Typed members of which nothing but one text, or number, has a meaning.
const TEXTS: [&str; 7] = [
    "email",
    "phone",
    "name",
    "first_name",
    "last_name",
    "company",
    "message",
];

/// Members that have a place of their own; all others were typed.
const NAMES: Names = Names::and_others(&[
    &["site_key"],
    &["form_id"],
    &["submission_id"],
    &["session_id"],
    &["visitor_id"],
    &["fingerprint"],
    &["url"],
    &["referrer"],
    &["consent"],
    &["t"],
    &["fields"],
    &[TEXTS[0]],
    &[TEXTS[1]],
    &[TEXTS[2]],
    &[TEXTS[3]],
    &[TEXTS[4]],
    &[TEXTS[5]],
    &[TEXTS[6]],
]);

const FORM: &str = "form_submit";

pub(super) fn read(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Members::of_body(request.body, NAMES)?;
    let fields = typed(&body)?;
    check(&fields)?;
    let lead = WireEvent {
        id: body.id("submission_id")?,
        id_kind: IdKind::Lead,
        event_type: FORM.to_owned(),
        time: body.time("t")?,
        session_id: body.id("session_id")?,
        visitor_id: body.id("visitor_id")?,
        fingerprint: body.id("fingerprint")?,
        url: body.text("url")?.unwrap_or_default(),
        // A lead is not lost for an address that is none, or that a preview or a cache has given
        // the page.
        page_is_optional: true,
        referrer: body.text("referrer")?,
        form_id: body.id("form_id")?,
        consent: body.consent()?,
        submission: WireSubmission::of(FORM, fields),
        ..WireEvent::default()
    };
    Ok(session::of_site(&body, vec![Ok(lead)], None, request)?)
}

/// `fields`, and what stands beside them.
fn typed(body: &Members<'_>) -> Result<BTreeMap<String, String>, WireError> {
    let mut fields = body.typed("fields")?.unwrap_or_default();
    // Who it is comes first: of the others there may be too many.
    for name in TEXTS {
        fields.extend(body.id(name)?.map(|value| (name.to_owned(), value)));
    }
    let others = body.entries();
    for (name, raw) in others.filter(|(name, _)| NAMES.member(name).is_none()) {
        if fields.len() >= READ_MAX + TEXTS.len() {
            break;
        }
        if let Some(value) = typed::value(raw.get()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::members::not_read;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_documented_is_read() {
        let schema = include_str!("lead.schema.json");
        assert_eq!(not_read(schema, &[NAMES]), BTreeSet::new());
    }
}
