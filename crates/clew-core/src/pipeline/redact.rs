//! Redact: what no site may keep leaves every text of the event (`crate::redact` says what that
//! is).
//!
//! Owns no column and reads all that hold text from outside. Runs after the stages that fill them
//! and directly before privacy, so that quarantined events pass it like any other. Where the
//! client's address may not be stored in full, texts that repeat it lose it too.

use super::{CLICK_IDS, Context, Flow, RequestEvent, submission};
use crate::model::site::IpPolicy;
use crate::model::{IpForm, StoredEvent};
use crate::redact::{
    ADDRESS_MARK, MARK, is_secret_number, redact_address, redact_column, redact_field, redact_text,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

type Column = fn(&mut StoredEvent) -> &mut String;

/// Columns of prose and names. The keys are what their values are called, which is context.
const TEXTS: &[(&str, Column)] = &[
    ("title", |e| &mut e.title),
    ("name", |e| &mut e.name),
    ("client_session_id", |e| &mut e.client_session_id),
    ("source", |e| &mut e.source),
    ("medium", |e| &mut e.medium),
    ("channel", |e| &mut e.channel),
    ("utm_source", |e| &mut e.utm_source),
    ("utm_medium", |e| &mut e.utm_medium),
    ("utm_campaign", |e| &mut e.utm_campaign),
    ("utm_content", |e| &mut e.utm_content),
    ("utm_term", |e| &mut e.utm_term),
    ("campaign_region", |e| &mut e.campaign_region),
    ("ad_group", |e| &mut e.ad_group),
    ("ad_id", |e| &mut e.ad_id),
    ("search_query", |e| &mut e.search_query),
    ("screen", |e| &mut e.screen),
    ("viewport", |e| &mut e.viewport),
    ("language", |e| &mut e.language),
    ("time_zone", |e| &mut e.time_zone),
    ("country", |e| &mut e.country),
    ("region", |e| &mut e.region),
    ("city", |e| &mut e.city),
    ("network", |e| &mut e.network),
    ("browser_version", |e| &mut e.browser_version),
    ("os_version", |e| &mut e.os_version),
];

/// Columns that hold addresses or parts of them.
const ADDRESSES: &[Column] = &[
    |e| &mut e.url,
    |e| &mut e.path,
    |e| &mut e.hostname,
    |e| &mut e.referrer,
    |e| &mut e.referrer_host,
    // A type is one word of small letters; its mark is too.
    |e| &mut e.event_type,
];

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let own = OwnAddress::of(event, ctx);
    let draft = &mut event.draft;
    for (name, column) in TEXTS {
        let text = column(draft);
        if !text.is_empty() {
            put(text, |text| own.out_of(redact_column(name, text), MARK));
        }
    }
    for column in ADDRESSES {
        let text = column(draft);
        if !text.is_empty() {
            put(text, |text| own.out_of(redact_address(text), ADDRESS_MARK));
        }
    }
    draft.event_type.make_ascii_lowercase();
    for (name, column) in CLICK_IDS {
        let text = column(draft);
        if !text.is_empty() {
            put(text, |text| own.out_of(redact_column(name, text), MARK));
        }
    }
    properties(draft, &own);
    submission(event, ctx, &own);
    Flow::Continue
}

/// Values of a form, where they may be kept.
fn submission(event: &mut RequestEvent, ctx: &Context<'_>, own: &OwnAddress) {
    let Some(wire) = event.wire.submission.take() else {
        return;
    };
    if event.allowed.keeps(wire.kind) {
        let form = event.wire.form_id.as_deref();
        let own = |text: Cow<'_, str>| own.out_of(text, MARK).into_owned();
        let clean = submission::clean(*wire, form, ctx.site_key, own);
        event.submission = Some(Box::new(clean));
    }
}

/// Values by their names, then the names themselves. Two names that become one keep the first.
fn properties(draft: &mut StoredEvent, own: &OwnAddress) {
    for (name, value) in &mut draft.props {
        put(value, |value| own.out_of(redact_field(name, value), MARK));
    }
    let secret = draft
        .numbers
        .extract_if(.., |name, value| is_secret_number(name, *value));
    let secret: Vec<_> = secret.map(|(name, _)| (name, MARK.to_owned())).collect();
    draft.props.extend(secret);
    rename(&mut draft.props, own);
    rename(&mut draft.numbers, own);
}

fn rename<V>(members: &mut BTreeMap<String, V>, own: &OwnAddress) {
    let renamed: Vec<_> = members
        .keys()
        .filter_map(|name| match own.out_of(redact_text(name), MARK) {
            Cow::Borrowed(_) => None,
            Cow::Owned(clean) => Some((name.clone(), clean)),
        })
        .collect();
    for (name, clean) in renamed {
        if let Some(value) = members.remove(&name) {
            members.entry(clean).or_insert(value);
        }
    }
}

fn put(text: &mut String, clean: impl FnOnce(&str) -> Cow<'_, str>) {
    if let Cow::Owned(clean) = clean(text) {
        *text = clean;
    }
}

/// The client's address as a text, where texts must not repeat it.
struct OwnAddress(Option<String>);

impl OwnAddress {
    fn of(event: &RequestEvent, ctx: &Context<'_>) -> Self {
        let kept = ctx.site.ip == IpPolicy::Full && event.allowed.ip == IpForm::Full;
        if kept || ctx.client.trusted || event.ip.is_loopback() {
            return Self(None);
        }
        let own = event.ip.to_string();
        // Who tries a site out on the machine that serves it comes from the page's own host.
        let host = event.page.as_ref().and_then(|page| page.host_str());
        let is_host = host.is_some_and(|host| host.trim_matches(['[', ']']) == own);
        Self((!is_host).then_some(own))
    }

    fn out_of<'a>(&self, text: Cow<'a, str>, mark: &str) -> Cow<'a, str> {
        match &self.0 {
            // The length decides for most texts, its first digits for nearly all others.
            Some(own) if text.len() >= own.len() && has_whole(&text, own) => {
                Cow::Owned(text.replace(own.as_str(), mark))
            }
            _ => text,
        }
    }
}

/// `1.2.3.4` is not in `11.2.3.45`.
fn has_whole(text: &str, address: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit() || c == ':');
    text.match_indices(address).any(|(at, _)| {
        !part(text[..at].chars().next_back()) && !part(text[at + address.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ConsentState::Granted;
    use crate::model::Profile::{Gdpr, Standard};
    use crate::pipeline::Outcome;
    use crate::pipeline::tests::{Request, consent, pageview};
    use crate::wire::WireEvent;

    const MAIL: &str = "jane.canary@mail.example";

    /// An event with an address in every place that takes text.
    fn telling() -> WireEvent {
        let coded = MAIL.replace('@', "%40");
        let text = || Some(format!("to {MAIL}"));
        WireEvent {
            event_type: "custom".to_owned(),
            name: text(),
            title: text(),
            referrer: Some(format!("https://www.google.com/{coded}")),
            session_id: Some(MAIL.to_owned()),
            screen: text(),
            viewport: text(),
            language: text(),
            time_zone: text(),
            props: [
                ("note".to_owned(), MAIL.to_owned()),
                (MAIL.to_owned(), "x".to_owned()),
            ]
            .into(),
            numbers: [(MAIL.to_owned(), 1.0), ("cvv".to_owned(), 123.0)].into(),
            consent: consent(Granted),
            url: format!(
                "https://shop.example/u/{coded}/?page={coded}&utm_source={coded}&utm_medium={coded}\
                 &utm_campaign={coded}&utm_content={coded}&utm_term={coded}&campaign_region={coded}\
                 &ad_group={coded}&ad_id={coded}&search_query={coded}&gclid={coded}&_clew={coded}"
            ),
            ..WireEvent::default()
        }
    }

    #[test]
    fn no_text_of_an_event_keeps_an_address() {
        for profile in [Gdpr, Standard] {
            let mut request = Request::new(profile);
            request.site.query_allow = vec!["page".to_owned(), "_clew".to_owned()];
            let stored = format!("{:?}", request.accepted(telling()));
            assert!(!stored.contains("canary"), "{stored}");
            assert!(stored.contains("/u/REDACTED/?page=REDACTED"), "{stored}");
            assert!(stored.contains(r#""cvv": "[REDACTED]""#), "{stored}");
            assert!(!stored.contains("_clew"), "{stored}");
        }
    }

    #[test]
    fn a_quarantined_event_is_redacted_too() {
        let outcome = Request::new(Gdpr).run(WireEvent {
            event_type: "Bad Type".to_owned(),
            ..telling()
        });
        assert!(matches!(outcome, Outcome::Quarantined(_)));
        assert!(!format!("{outcome:?}").contains("canary"));
    }

    #[test]
    fn texts_do_not_repeat_an_address_that_may_not_be_stored() {
        let event = || WireEvent {
            title: Some("You are 203.0.113.9, not 203.0.113.99".to_owned()),
            ..pageview("https://shop.example/from/203.0.113.9/x")
        };
        let stored = Request::new(Gdpr).accepted(event());
        assert_eq!(stored.path, "/from/REDACTED/x");
        assert!(!stored.title.contains("203.0.113.9,"), "{}", stored.title);
        let mut local = Request::new(Gdpr);
        local.site.domains = vec!["203.0.113.9".to_owned()];
        let stored = local.accepted(pageview("http://203.0.113.9/x"));
        assert_eq!(
            (stored.hostname.as_str(), stored.path.as_str()),
            ("203.0.113.9", "/x")
        );
        let mut open = Request::new(Standard);
        open.site.ip = IpPolicy::Full;
        assert_eq!(open.accepted(event()).path, "/from/203.0.113.9/x");
    }
}
