//! The advertising pixel: `POST /v1/pixel`, one event a body (CONTRACTS A).
//!
//! ```json
//! { "project_id": "acme", "pixel_id": "…", "event_id": "evt-1", "event_type": "page_view",
//!   "page_url": "https://shop.example/", "utm_source": "news", "gclid": "…",
//!   "form_data": {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@x.example"} }
//! ```
//!
//! Owns the names of its members. Campaign parameters and click ids come as members, in the page's
//! address, or both; they end in the same columns, and the address counts where they differ. Of a
//! form only first name, last name and e-mail address are taken; whatever else was sent with it is
//! dropped here, before anything looks at it.
//!
//! The answer names the event as the client did. An event without `event_id` is named by the
//! server; one with a `timestamp` is then known by its content, so that a retry counts once.

use super::clock;
use super::members::{Members, Names, Wrong};
use super::vocabulary::{CUSTOM, PAGEVIEW};
use super::{
    Door, Receipt, SiteRef, WireBatch, WireError, WireEvent, WireFormat, WireRequest,
    WireSubmission,
};
use serde_json::json;
use std::collections::BTreeMap;

/// `POST /v1/pixel`.
#[derive(Debug)]
pub struct Pixel;

const MEMBERS: &[&[&str]] = &[
    &["pixel_id", "site_id"],
    &["event_id"],
    &["visitor_id"],
    &["session_id"],
    &["event_type"],
    &["page_url", "url"],
    &["page_title", "title"],
    &["referrer_url", "referrer"],
    &["screen_resolution", "screen"],
    &["viewport"],
    &["language"],
    &["timezone"],
    &["timestamp"],
    &["consent"],
    &["form_id"],
    &["form_data"],
    &["utm_source"],
    &["utm_medium"],
    &["utm_campaign"],
    &["utm_content"],
    &["utm_term"],
    &["campaign_region"],
    &["ad_group"],
    &["ad_id"],
    &["search_query"],
    &["gclid"],
    &["gbraid"],
    &["wbraid"],
    &["dclid"],
    &["msclkid"],
    &["ttclid"],
    &["twclid"],
    &["li_fat_id"],
    &["sc_click_id", "ScCid"],
    &["rdt_cid"],
    &["epik"],
    &["fbclid"],
];

/// Where in [`MEMBERS`] the parameters of campaigns and ads begin.
const CAMPAIGN: usize = 16;

const NAMES: Names = Names::only(MEMBERS);

const FORM_FIELDS: Names = Names::only(&[&["first_name"], &["last_name"], &["email"]]);

impl WireFormat for Pixel {
    fn name(&self) -> &'static str {
        "pixel"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[Door {
                path: "/v1/pixel",
                summary: "Send one event of the advertising pixel.",
                description: "`pixel_id` is the site: its id, slug or public write key. `page_url` is required for page views and for events of your own. Campaign parameters and click ids count from the page's address as well as from members. Of `form_data` only `first_name`, `last_name` and `email` are kept. The same `event_id` counts once.",
                request: include_str!("pixel/request.schema.json"),
                answer: include_str!("pixel/answer.schema.json"),
                ..Door::PLAIN
            }]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        let members = Members::of_body(request.body, NAMES)?;
        let site = members.required_id("pixel_id")?;
        let mut event = event(&members)?;
        if event.url.is_empty() && [PAGEVIEW, CUSTOM].contains(&event.event_type.as_str()) {
            let expected = "is required for page views and events of your own";
            return Err(Wrong::new("page_url", expected).into());
        }
        if event.id.is_none() && event.time.is_none() {
            event.id = Some(request.minted.to_string());
        }
        let (echo, consent) = (event.id.clone(), event.consent);
        let items = vec![Ok(event)];
        Ok(WireBatch {
            site: SiteRef::Id(site.trim().to_owned()),
            write_key: None,
            echo,
            sent_at: clock::sent_at(&items, request.minted),
            consent,
            items,
        })
    }

    fn answer(&self, _: &Door, receipt: &Receipt) -> serde_json::Result<Vec<u8>> {
        let named = receipt.first.as_ref().map(ToString::to_string);
        let event_id = receipt.echo.clone().or(named);
        serde_json::to_vec(&json!({ "success": true, "event_id": event_id }))
    }
}

fn event(members: &Members<'_>) -> Result<WireEvent, Wrong> {
    let mut event = WireEvent {
        id: members.id("event_id")?,
        time: members.time("timestamp")?,
        visitor_id: members.id("visitor_id")?,
        session_id: members.id("session_id")?,
        consent: members.consent()?,
        url: members.text("page_url")?.unwrap_or_default(),
        title: members.text("page_title")?,
        referrer: members.text("referrer_url")?,
        screen: members.text("screen_resolution")?,
        viewport: members.text("viewport")?,
        language: members.text("language")?,
        time_zone: members.text("timezone")?,
        form_id: members.id("form_id")?,
        campaign: campaign(members)?,
        ..WireEvent::default()
    };
    let kind = members.text("event_type")?.filter(|kind| !kind.is_empty());
    event.set_type(kind.unwrap_or_else(|| PAGEVIEW.to_owned()));
    event.submission = submission(members, &event.event_type)?;
    Ok(event)
}

fn campaign(members: &Members<'_>) -> Result<BTreeMap<&'static str, String>, Wrong> {
    let mut campaign = BTreeMap::new();
    for name in MEMBERS[CAMPAIGN..].iter().map(|spellings| spellings[0]) {
        campaign.extend(members.id(name)?.map(|value| (name, value)));
    }
    Ok(campaign)
}

/// What was typed into the form, of the three fields that may be known; what is no text is nothing
/// that somebody typed.
fn submission(members: &Members<'_>, kind: &str) -> Result<Option<Box<WireSubmission>>, Wrong> {
    let form = members.object("form_data", FORM_FIELDS)?;
    let field = |name| Some((name, form.id(name).ok()??));
    let fields = FORM_FIELDS.documented().filter_map(field);
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    Ok(WireSubmission::of_form(kind, fields.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventId, SubmissionKind};
    use crate::pipeline::campaign_parameters;
    use crate::wire::members::not_read;
    use std::collections::BTreeSet;

    const MINTED: EventId = EventId::from_u128(7);

    fn decode(body: &str) -> Result<WireBatch, WireError> {
        Pixel.decode(&WireRequest {
            path: "/v1/pixel",
            body: body.as_bytes(),
            minted: MINTED,
        })
    }

    fn answer(batch: &WireBatch, first: Option<EventId>) -> serde_json::Value {
        let receipt = Receipt {
            first,
            echo: batch.echo.clone(),
            ..Receipt::default()
        };
        let answer = Pixel.answer(&Pixel.doors()[0], &receipt).unwrap();
        serde_json::from_slice(&answer).unwrap()
    }

    #[test]
    fn what_is_documented_is_read() {
        let schema = Pixel.doors()[0].request;
        let left = not_read(schema, &[NAMES, FORM_FIELDS]);
        assert_eq!(left, ["project_id".to_owned()].into());
    }

    #[test]
    fn every_parameter_that_has_a_column_is_taken() {
        let taken: BTreeSet<_> = MEMBERS[CAMPAIGN..]
            .iter()
            .map(|spellings| spellings[0])
            .collect();
        assert_eq!(taken, campaign_parameters().collect());
    }

    #[test]
    fn the_event_is_named_as_the_client_did_else_by_the_server() {
        let named = decode(r#"{"pixel_id":"s","page_url":"u","event_id":"evt 1"}"#).unwrap();
        assert_eq!(answer(&named, Some(MINTED))["event_id"], "evt 1");
        let minted = decode(r#"{"pixel_id":"s","page_url":"u"}"#).unwrap();
        assert_eq!(answer(&minted, None)["event_id"], MINTED.to_string());
        // Known by its content: a retry must be the same event.
        let timed = decode(r#"{"pixel_id":"s","page_url":"u","timestamp":1795176000000}"#).unwrap();
        assert_eq!(timed.items[0].as_ref().unwrap().id, None);
        let first = EventId::from_u128(9);
        assert_eq!(answer(&timed, Some(first))["event_id"], first.to_string());
        assert_eq!(answer(&timed, None)["event_id"], json!(null));
    }

    #[test]
    fn a_page_is_required_where_there_must_be_one() {
        for (kind, required) in [
            ("null", true),
            ("\"page_view\"", true),
            ("\"signup\"", true),
            ("\"click\"", false),
            ("\"form_submit\"", false),
        ] {
            let body = format!(r#"{{"pixel_id":"s","event_type":{kind}}}"#);
            let refused = decode(&body).err().and_then(|error| error.field);
            assert_eq!(refused, required.then_some("page_url"), "{kind}");
        }
    }

    #[test]
    fn only_three_fields_of_a_form_are_taken() {
        let batch = decode(
            r#"{"pixel_id":"s","event_type":"form_submit","form_data":{"email":"a@b.example",
                "first_name":"Ada","last_name":null,"password":"x","card":"4111"}}"#,
        );
        let event = batch.unwrap().items.remove(0).unwrap();
        let submission = event.submission.unwrap();
        let fields: Vec<_> = submission.fields.keys().map(String::as_str).collect();
        assert_eq!(fields, ["email", "first_name"]);
        assert_eq!(submission.kind, SubmissionKind::Submitted);
    }

    #[test]
    fn a_form_is_sent_only_when_that_is_said() {
        for (kind, data, expected) in [
            (
                "form_submit",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Submitted),
            ),
            (
                "formSubmit",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Submitted),
            ),
            (
                "form_submission",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Submitted),
            ),
            (
                "form_focus",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Partial),
            ),
            (
                "page_view",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Partial),
            ),
            (
                "signup",
                r#"{"email":"a@b.example"}"#,
                Some(SubmissionKind::Partial),
            ),
            ("form_submit", "{}", None),
            ("form_submit", "null", None),
        ] {
            let body = format!(
                r#"{{"pixel_id":"s","page_url":"u","event_type":"{kind}","form_data":{data}}}"#
            );
            let event = decode(&body).unwrap().items.remove(0).unwrap();
            let kept = event.submission.map(|submission| submission.kind);
            assert_eq!(kept, expected, "{kind} {data}");
        }
    }
}
