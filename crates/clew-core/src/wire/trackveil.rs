//! The cookieless page-view tracker: `POST /track` (CONTRACTS E).
//!
//! ```json
//! { "site_id": "…", "url": "https://shop.example/", "title": "Shop", "load_time": 412 }
//! ```
//!
//! One page view a body. A body with `events` is our own SDK's batch ([`super::clew`]) and is read
//! as one: the family's script is that SDK. Never has to do with a cookie; whether a fingerprint may
//! be known is the pipeline's question.

use super::clew::decode_batch;
use super::clock;
use super::members::{Members, Names, Wrong};
use super::vocabulary::PAGEVIEW;
use super::{Door, Receipt, SiteRef, WireBatch, WireError, WireEvent, WireFormat, WireRequest};
use crate::error::ErrorCode;
use serde_json::json;
use uuid::Uuid;

/// `POST /track`.
#[derive(Debug)]
pub struct Trackveil;

const NAMES: Names = Names::only(&[
    &["site_id"],
    &["events"],
    &["id", "event_id"],
    &["timestamp"],
    &["fingerprint"],
    &["consent"],
    &["url"],
    &["title"],
    &["referrer"],
    &["screen"],
    &["viewport"],
    &["language"],
    &["timezone"],
    &["load_time"],
]);

impl WireFormat for Trackveil {
    fn name(&self) -> &'static str {
        "trackveil"
    }

    fn doors(&self) -> &'static [Door] {
        const {
            &[Door {
                path: "/track",
                summary: "Send one page view, without cookies.",
                description: "`load_time` is in milliseconds. `fingerprint` is used only where the site's profile and the visitor's consent allow it, and only under a key of the site; everybody else is known for a day at most. With an `id` a view that is sent again counts once.",
                request: include_str!("trackveil/request.schema.json"),
                answer: include_str!("trackveil/answer.schema.json"),
                errors: &[ErrorCode::InvalidSiteId],
                cookies: false,
                ..Door::PLAIN
            }]
        }
    }

    fn decode(&self, request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
        let members = Members::of_body(request.body, NAMES)?;
        let site = members.required_id("site_id").unwrap_or_default();
        let site = site.trim();
        if !is_site_id(site) {
            let expected = "expected the id of a site";
            return Err(WireError::field(
                ErrorCode::InvalidSiteId,
                "site_id",
                expected,
            ));
        }
        if members.raw("events").is_some() {
            return Ok(decode_batch(request.body)?);
        }
        let event = view(&members)?;
        let consent = event.consent;
        let items = vec![Ok(event)];
        Ok(WireBatch {
            site: SiteRef::Id(site.to_owned()),
            write_key: None,
            echo: None,
            sent_at: clock::sent_at(&items, request.minted),
            consent,
            items,
        })
    }

    fn answer(&self, _: &Door, _: &Receipt) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&json!({ "success": true }))
    }
}

fn view(members: &Members<'_>) -> Result<WireEvent, Wrong> {
    Ok(WireEvent {
        event_type: PAGEVIEW.to_owned(),
        id: members.id("id")?,
        time: members.time("timestamp")?,
        fingerprint: members.id("fingerprint")?,
        consent: members.consent()?,
        url: members.required_text("url")?,
        title: members.text("title")?,
        referrer: members.text("referrer")?,
        screen: members.text("screen")?,
        viewport: members.text("viewport")?,
        language: members.text("language")?,
        time_zone: members.text("timezone")?,
        load_time_ms: members.count("load_time")?,
        ..WireEvent::default()
    })
}

/// A UUID, a slug or a public write key: what could be a site's. A legal slug is up to 63 of
/// `a-z`, `0-9` and inner hyphens.
fn is_site_id(site: &str) -> bool {
    let letters = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let is_slug = (1..=63).contains(&site.len())
        && letters(site)
        && !site.starts_with('-')
        && !site.ends_with('-');
    let is_write_key = |key: &str| key.len() <= 64 && letters(key);
    is_slug || Uuid::try_parse(site).is_ok() || site.strip_prefix("pk_").is_some_and(is_write_key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EventId;
    use crate::wire::members::not_read;

    fn decode(body: &str) -> Result<WireBatch, WireError> {
        Trackveil.decode(&WireRequest {
            path: "/track",
            body: body.as_bytes(),
            minted: EventId::from_u128(1),
        })
    }

    #[test]
    fn what_is_documented_is_read() {
        let schema = Trackveil.doors()[0].request;
        let left = not_read(schema, &[NAMES]);
        assert_eq!(left, ["sent_at".to_owned()].into());
    }

    #[test]
    fn what_can_be_no_sites_name_is_malformed() {
        for (site, ok) in [
            ("\"0199aaaa-0000-7000-8000-00000000000a\"", true),
            ("\"0199AAAA00007000800000000000000A\"", true),
            ("\"demo\"", true),
            ("\"pk_00112233445566778899aabbccddeeff\"", true),
            ("\"-demo\"", false),
            ("\"Demo shop\"", false),
            ("\"shop.example\"", false),
            ("\"\"", false),
            ("null", false),
            ("{}", false),
            ("\"' OR 1=1 --\"", false),
        ] {
            let body = format!(r#"{{"site_id":{site},"url":"https://a.example/"}}"#);
            let refused = decode(&body).err().map(|error| error.code);
            let expected = (!ok).then_some(ErrorCode::InvalidSiteId);
            assert_eq!(refused, expected, "{site}");
        }
    }

    #[test]
    fn the_sdks_batch_comes_in_here_too() {
        let batch = decode(
            r#"{"site_id":"demo","sent_at":1,"events":[{"type":"click","id":"a"},{"type":"custom","name":"x"}]}"#,
        );
        assert_eq!(batch.unwrap().items.len(), 2);
        let error = decode(r#"{"site_id":"demo","events":7}"#).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidBody);
    }
}
