//! Referrer: who sent the visitor, and what kind of place that is.
//!
//! Owns the referrer columns and `source`. A referrer on the site's own list of domains is
//! internal and stays empty. Query and fragment of an external one are dropped: they belong to
//! another site's visitors. What somebody searched for is kept before that, where the engine still
//! tells it, the page does not state it and the visitor may be recognised at all.

mod known;

pub use known::{KnownReferrers, ReferrerKind};

use super::{Context, Flow, RequestEvent, page_url, text};
use crate::model::domain;
use url::{Host, Url};

const SEARCH_MAX: usize = 255;

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let stated = event.wire.referrer.take().unwrap_or_default();
    if let Some(url) = external(&stated, event, ctx) {
        event.draft.referrer = page_url::without_query(&url);
        event.draft.referrer_host = registrable(&url);
        url.host_str()
            .unwrap_or_default()
            .clone_into(&mut event.referrer_host);
        let known = ctx.resources.referrers.by_host(&event.referrer_host);
        if event.allowed.client_ids
            && event.draft.search_query.is_empty()
            && let Some(search) = known.and_then(|known| known.search(&url))
        {
            event.draft.search_query = text::bounded(search, SEARCH_MAX);
        }
    }
    let draft = &mut event.draft;
    let known = ctx.resources.referrers.by_host(&event.referrer_host);
    let name = match known {
        _ if !draft.utm_source.is_empty() => &draft.utm_source,
        Some(known) => &known.brand,
        None => &draft.referrer_host,
    };
    draft.source.clone_from(name);
    Flow::Continue
}

/// Apps refer as `android-app://package`; everything else that is not the web is nobody.
fn external(stated: &str, event: &RequestEvent, ctx: &Context<'_>) -> Option<Url> {
    if stated.is_empty() || stated.len() > page_url::INPUT_MAX {
        return None;
    }
    let url = Url::parse(stated.trim()).ok()?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let known_scheme = matches!(url.scheme(), "http" | "https" | "android-app");
    let internal = host == event.draft.hostname || domain::host_allowed(host, &ctx.site.domains);
    (known_scheme && !internal).then_some(url)
}

/// `news.bbc.co.uk` is `bbc.co.uk`; addresses and app packages are themselves.
fn registrable(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.host() {
        Some(Host::Domain(name)) if url.scheme() != "android-app" => {
            psl::domain_str(name).unwrap_or(name).to_owned()
        }
        _ => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Profile, StoredEvent};
    use crate::pipeline::tests::{Request, pageview};
    use crate::wire::WireEvent;

    fn from(referrer: &str) -> StoredEvent {
        let mut request = Request::new(Profile::Gdpr);
        request.site.domains.push("*.apps.example".to_owned());
        request.accepted(WireEvent {
            referrer: Some(referrer.to_owned()),
            ..pageview("https://www.shop.example/")
        })
    }

    #[test]
    fn an_external_referrer_is_named_and_loses_its_query() {
        for (referrer, kept, host, source) in [
            (
                "https://www.google.co.uk/search?q=a#b",
                "https://www.google.co.uk/search",
                "google.co.uk",
                "Google",
            ),
            (
                "https://chatgpt.com/",
                "https://chatgpt.com/",
                "chatgpt.com",
                "ChatGPT",
            ),
            (
                "https://l.facebook.com/l.php?u=x",
                "https://l.facebook.com/l.php",
                "facebook.com",
                "Facebook",
            ),
            (
                "https://gemini.google.com/app",
                "https://gemini.google.com/app",
                "google.com",
                "Gemini",
            ),
            (
                "https://news.bbc.co.uk/1/hi",
                "https://news.bbc.co.uk/1/hi",
                "bbc.co.uk",
                "bbc.co.uk",
            ),
            (
                "https://user:pw@blog.example/x",
                "https://blog.example/x",
                "blog.example",
                "blog.example",
            ),
            (
                "http://192.0.2.7:81/a",
                "http://192.0.2.7/a",
                "192.0.2.7",
                "192.0.2.7",
            ),
            (
                "android-app://org.telegram.messenger/",
                "android-app://org.telegram.messenger/",
                "org.telegram.messenger",
                "Telegram",
            ),
        ] {
            let event = from(referrer);
            assert_eq!(event.referrer, kept);
            assert_eq!(event.referrer_host, host);
            assert_eq!(event.source, source);
        }
    }

    #[test]
    fn what_was_searched_for_is_kept_where_the_visitor_may_be_recognised() {
        use crate::model::ConsentState::{Granted, Unknown};
        use crate::pipeline::tests::consent;
        for (profile, state, query, search) in [
            (Profile::Gdpr, Granted, "", "red shoes"),
            (Profile::Standard, Unknown, "", "red shoes"),
            (Profile::Standard, Unknown, "?search_query=boots", "boots"),
            (Profile::Gdpr, Unknown, "", ""),
            (Profile::Exempt, Granted, "", ""),
        ] {
            let event = Request::new(profile).accepted(WireEvent {
                consent: consent(state),
                referrer: Some("https://www.ecosia.org/search?q=red+shoes".to_owned()),
                ..pageview(&format!("https://shop.example/{query}"))
            });
            assert_eq!(event.search_query, search, "{profile:?} {state:?}");
            assert_eq!(event.referrer, "https://www.ecosia.org/search");
        }
    }

    #[test]
    fn internal_and_unreadable_referrers_are_nobody() {
        for referrer in [
            "",
            "https://shop.example/cart",
            "https://www.shop.example/cart",
            "https://x.apps.example/",
            "about:blank",
            "javascript:alert(1)",
            "shop",
            "https://",
            "file:///home/me",
        ] {
            let event = from(referrer);
            assert_eq!(
                (
                    event.referrer.as_str(),
                    event.referrer_host.as_str(),
                    event.source.as_str()
                ),
                ("", "", ""),
                "{referrer}"
            );
        }
    }
}
