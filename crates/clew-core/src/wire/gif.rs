//! The counting image for pages without scripts and for mails: `GET /p.gif?site=&url=&ref=&name=`.
//!
//! Owns the reading of its query. One request is one event: a page view, or a custom event when
//! it has a name. It carries neither id nor time, so this door counts at least once: a client
//! that asks again is a second view.

use super::{SiteRef, WireBatch, WireEvent};
use crate::error::ErrorCode;
use crate::model::Consent;

/// Part of the identity of events, like [`super::WireFormat::name`].
pub const NAME: &str = "gif";

/// Longer queries are refused.
const QUERY_MAX: usize = 16 * 1024;

/// Reads the query; `page` is the Referer, which names the page when `url` does not.
///
/// # Errors
/// [`ErrorCode::InvalidParameter`] without a site or with a query beyond 16 KiB.
pub fn decode(query: &str, page: Option<&str>) -> Result<WireBatch, ErrorCode> {
    if query.len() > QUERY_MAX {
        return Err(ErrorCode::InvalidParameter);
    }
    let mut site = String::new();
    let mut event = WireEvent::default();
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        match key.as_ref() {
            "site" => value.clone_into(&mut site),
            "url" => value.clone_into(&mut event.url),
            "ref" => event.referrer = Some(value.to_owned()),
            "name" => event.name = Some(value.to_owned()),
            _ => {}
        }
    }
    if site.is_empty() {
        return Err(ErrorCode::InvalidParameter);
    }
    if event.url.is_empty() {
        page.unwrap_or_default().clone_into(&mut event.url);
    }
    let kind = if event.name.is_some() {
        "custom"
    } else {
        "pageview"
    };
    kind.clone_into(&mut event.event_type);
    Ok(WireBatch {
        site: SiteRef::Id(site),
        write_key: None,
        echo: None,
        sent_at: None,
        consent: Consent::default(),
        items: vec![Ok(event)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(query: &str, page: Option<&str>) -> WireEvent {
        decode(query, page).unwrap().items.remove(0).unwrap()
    }

    #[test]
    fn a_query_is_one_event() {
        let view = event(
            "site=shop&url=https%3A%2F%2Fa.example%2F%3Fx%3D1&ref=https://b.example/",
            None,
        );
        assert_eq!(view.event_type, "pageview");
        assert_eq!(view.url, "https://a.example/?x=1");
        assert_eq!(view.referrer.as_deref(), Some("https://b.example/"));

        let open = event("site=shop&name=mail+opened", None);
        assert_eq!(
            (open.event_type.as_str(), open.name.as_deref()),
            ("custom", Some("mail opened"))
        );
    }

    #[test]
    fn the_page_is_the_referer_unless_stated() {
        assert_eq!(
            event("site=s", Some("https://a.example/p")).url,
            "https://a.example/p"
        );
        assert_eq!(
            event("site=s&url=https://b.example/", Some("https://a.example/p")).url,
            "https://b.example/"
        );
    }

    #[test]
    fn a_query_without_a_site_is_refused() {
        for query in [
            "",
            "site=",
            "site=+&url=x",
            "%ff%fe",
            &format!("site=s&url={}", "x".repeat(QUERY_MAX)),
        ] {
            assert_eq!(
                decode(query, None).unwrap_err(),
                ErrorCode::InvalidParameter
            );
        }
    }
}
