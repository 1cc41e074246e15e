//! Validate: does the event make sense, when did it happen, and on which page?
//!
//! Owns type, name, time, address, measurements, value and properties of the draft. Text that is
//! too long is cut, what has no meaning is quarantined with a code of its own.

use super::{Context, Flow, QuarantineCode, RequestEvent, page_url, text};
use crate::model::{EpochMs, domain, money};
use std::collections::BTreeMap;

/// Older events are set aside: deduplication remembers seven days (DESIGN law 2).
pub(super) const LATE_AFTER: i64 = 7 * EpochMs::DAY;
/// Clocks differ; what lies further ahead is an error.
pub(super) const FUTURE_AFTER: i64 = 5 * EpochMs::MINUTE;
/// Smaller differences between the clocks are mostly the journey of the request itself.
const SKEW_MATTERS: i64 = 5 * EpochMs::SECOND;

/// Properties per event, strings and numbers together.
pub(super) const PROPS_MAX: usize = 32;
const PROP_KEY_MAX: usize = 128;
const PROP_VALUE_MAX: usize = 1024;
const TYPE_MAX: usize = 40;
const NAME_MAX: usize = 255;
const TITLE_MAX: usize = 512;
const SHORT_MAX: usize = 64;
const DAY_MS: u32 = 86_400_000;

pub(super) fn stage(event: &mut RequestEvent, ctx: &Context<'_>) -> Flow {
    let verdicts = [
        kind(event),
        time(event, ctx),
        page(event, ctx),
        value(event),
    ];
    measurements(event);
    form(event);
    properties(event);
    verdicts
        .into_iter()
        .find_map(Result::err)
        .map_or(Flow::Continue, Flow::Quarantine)
}

fn kind(event: &mut RequestEvent) -> Result<(), QuarantineCode> {
    let kind = std::mem::take(&mut event.wire.event_type);
    let valid = is_type(&kind);
    if valid {
        event.draft.event_type = kind;
    }
    let name = text::bounded(event.wire.name.take().unwrap_or_default(), NAME_MAX);
    if event.draft.event_type == "custom" {
        event.draft.name = name;
    } else if !name.is_empty() {
        event.wire.props.entry("name".to_owned()).or_insert(name);
    }
    if !valid {
        return Err(QuarantineCode::InvalidType);
    }
    if event.draft.event_type == "custom" && event.draft.name.is_empty() {
        return Err(QuarantineCode::MissingName);
    }
    Ok(())
}

fn is_type(kind: &str) -> bool {
    kind.len() <= TYPE_MAX
        && kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// `corrected = t + (received - sent_at)`: how long ago it happened is all that a client's clock
/// is believed about.
fn time(event: &mut RequestEvent, ctx: &Context<'_>) -> Result<(), QuarantineCode> {
    let Some(stated) = event.wire.time else {
        event.draft.time_ms = ctx.received.0;
        return Ok(());
    };
    let skew = ctx
        .sent_at
        // Nothing happens after it was sent: such a `sent_at` says nothing about the clock.
        .filter(|sent| stated.since(*sent) <= FUTURE_AFTER)
        .map(|sent| ctx.received.since(sent))
        .filter(|skew| skew.saturating_abs() > SKEW_MATTERS)
        .unwrap_or(0);
    let corrected = stated.plus(skew);
    event.draft.client_time_ms = stated.0;
    // Nothing is stored as happening after it was received.
    event.draft.time_ms = corrected.0.min(ctx.received.0);
    if corrected.since(ctx.received) > FUTURE_AFTER {
        Err(QuarantineCode::Future)
    } else if ctx.received.since(corrected) > LATE_AFTER && ctx.imported.is_none() {
        Err(QuarantineCode::Late)
    } else {
        Ok(())
    }
}

fn page(event: &mut RequestEvent, ctx: &Context<'_>) -> Result<(), QuarantineCode> {
    let address = std::mem::take(&mut event.wire.url);
    let title = event.wire.title.take().unwrap_or_default();
    event.draft.title = text::bounded(title, TITLE_MAX);
    if address.trim().is_empty() {
        return match event.draft.event_type.as_str() {
            "pageview" => Err(QuarantineCode::MissingUrl),
            _ => Ok(()),
        };
    }
    let optional = event.wire.page_is_optional;
    let Some(url) = page_url::parse(&address) else {
        return or_left_out(optional, QuarantineCode::InvalidUrl);
    };
    let clean = page_url::clean(&url, &ctx.site.query_allow);
    // A secret key speaks for apps and servers whose pages are on no list.
    let allowed = ctx.client.trusted || domain::host_allowed(&clean.hostname, &ctx.site.domains);
    if !allowed && optional {
        return Ok(());
    }
    event.draft.hostname = clean.hostname;
    event.draft.path = clean.path;
    event.draft.url = clean.url;
    event.page = Some(url);
    if allowed {
        Ok(())
    } else {
        Err(QuarantineCode::ForeignHost)
    }
}

/// An address that is none is left out where the event does not depend on it.
const fn or_left_out(optional: bool, code: QuarantineCode) -> Result<(), QuarantineCode> {
    if optional { Ok(()) } else { Err(code) }
}

fn value(event: &mut RequestEvent) -> Result<(), QuarantineCode> {
    let Some(value) = event.wire.value else {
        return Ok(());
    };
    let Some(currency) = event.wire.currency.take().filter(|c| !c.trim().is_empty()) else {
        // An amount of nothing in particular is a number, not money.
        event
            .wire
            .numbers
            .entry("value".to_owned())
            .or_insert(value);
        return Ok(());
    };
    let currency = money::currency_code(&currency).ok_or(QuarantineCode::InvalidCurrency)?;
    event.draft.value_minor =
        money::minor_units(value, &currency).ok_or(QuarantineCode::InvalidValue)?;
    event.draft.currency = currency;
    Ok(())
}

fn measurements(event: &mut RequestEvent) {
    let (wire, draft) = (&mut event.wire, &mut event.draft);
    draft.sequence = wire.sequence.unwrap_or(0);
    draft.engaged_ms = wire.engaged_ms.unwrap_or(0).min(DAY_MS);
    draft.scroll_percent = wire.scroll_percent.unwrap_or(0).min(100);
    draft.load_time_ms = wire.load_time_ms.unwrap_or(0).min(DAY_MS);
    draft.screen = short(wire.screen.take());
    draft.viewport = short(wire.viewport.take());
    draft.time_zone = short(wire.time_zone.take());
}

/// Which form, and the names of its fields; what stands in them is no property.
fn form(event: &mut RequestEvent) {
    let wire = &mut event.wire;
    if let Some(form) = &wire.form_id {
        let form = text::bounded(form.clone(), NAME_MAX);
        if !form.is_empty() {
            wire.props.entry("form_id".to_owned()).or_insert(form);
        }
    }
    if let Some(submission) = &wire.submission {
        let names: Vec<_> = submission.fields.keys().map(String::as_str).collect();
        if !names.is_empty() {
            let names = text::bounded(names.join(","), PROP_VALUE_MAX);
            wire.props.entry("fields".to_owned()).or_insert(names);
        }
    }
}

fn short(text: Option<String>) -> String {
    text::bounded(text.unwrap_or_default(), SHORT_MAX)
}

fn properties(event: &mut RequestEvent) {
    let props = std::mem::take(&mut event.wire.props);
    let numbers = std::mem::take(&mut event.wire.numbers);
    event.draft.props = props
        .into_iter()
        .take(PROPS_MAX)
        .map(|(key, value)| (key, text::bounded_lines(value, PROP_VALUE_MAX)))
        .filter_map(named)
        .collect();
    let room = PROPS_MAX - event.draft.props.len();
    event.draft.numbers = numbers
        .into_iter()
        .filter(|(_, value)| value.is_finite())
        .take(room)
        .filter_map(named)
        .collect::<BTreeMap<_, _>>();
}

fn named<V>((key, value): (String, V)) -> Option<(String, V)> {
    let key = text::bounded(key, PROP_KEY_MAX);
    (!key.is_empty()).then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Profile, StoredEvent};
    use crate::pipeline::tests::{NOW, Request, pageview};
    use crate::pipeline::{Outcome, Place};
    use crate::wire::WireEvent;

    const PAGE: &str = "https://shop.example/";

    /// The code an event is quarantined with, or the stored event.
    fn verdict(request: &Request, event: WireEvent) -> Result<StoredEvent, String> {
        match request.run(event) {
            Outcome::Accepted(stored) => Ok(stored),
            Outcome::Quarantined(quarantined) => Err(quarantined.code),
            Outcome::NotCounted { reason, .. } => panic!("{reason:?}"),
        }
    }

    fn code(request: &Request, event: WireEvent) -> String {
        verdict(request, event).err().unwrap_or_default()
    }

    #[test]
    fn types_follow_the_grammar() {
        let request = Request::new(Profile::Gdpr);
        for (kind, expected) in [
            ("pageview", ""),
            ("form_start2", ""),
            ("", "invalid_type"),
            ("Pageview", "invalid_type"),
            ("2x", "invalid_type"),
            ("a-b", "invalid_type"),
            ("a b", "invalid_type"),
            ("ä", "invalid_type"),
            (&"x".repeat(41), "invalid_type"),
            ("custom", "missing_name"),
        ] {
            let event = WireEvent {
                event_type: kind.to_owned(),
                ..pageview(PAGE)
            };
            assert_eq!(code(&request, event), expected, "{kind}");
        }
    }

    #[test]
    fn a_name_belongs_to_custom_events_and_is_a_property_elsewhere() {
        let request = Request::new(Profile::Gdpr);
        let named = |kind: &str| WireEvent {
            event_type: kind.to_owned(),
            name: Some(" sign\u{0} up ".to_owned()),
            ..pageview(PAGE)
        };
        let custom = request.accepted(named("custom"));
        assert_eq!((custom.name.as_str(), custom.props.len()), ("sign up", 0));
        let click = request.accepted(named("click"));
        assert_eq!(
            (click.name.as_str(), click.props["name"].as_str()),
            ("", "sign up")
        );
    }

    #[test]
    fn time_is_corrected_by_the_clocks_difference_and_bounded() {
        use EpochMs as E;
        // (client time - now, sent_at - now, corrected - now or the code), in milliseconds
        let hour = E::HOUR;
        for (t, sent, expected) in [
            (-1_000, None, Ok(-1_000)),
            (-1_000, Some(-800), Ok(-1_000)),
            (hour, Some(hour + 2_000), Ok(-2_000)),
            (-10 * 365 * E::DAY, Some(-10 * 365 * E::DAY + 500), Ok(-500)),
            (-1_000, Some(-NOW.0), Ok(-1_000)),
            (4 * E::MINUTE, None, Ok(0)),
            (6 * E::MINUTE, None, Err("future")),
            (hour, Some(0), Err("future")),
            (-7 * E::DAY, None, Ok(-7 * E::DAY)),
            (-7 * E::DAY - 1, None, Err("late")),
            // An hour of skew does not bring an event of eight days ago into the week.
            (-8 * E::DAY, Some(-hour), Err("late")),
            (i64::MAX - NOW.0, None, Err("future")),
            (i64::MIN + 1, Some(1), Err("late")),
            (i64::MAX - NOW.0, Some(-NOW.0), Err("future")),
        ] {
            let mut request = Request::new(Profile::Gdpr);
            request.sent_at = sent.map(|sent| NOW.plus(sent));
            let event = WireEvent {
                time: Some(NOW.plus(t)),
                ..pageview(PAGE)
            };
            let got = verdict(&request, event).map(|stored| stored.time_ms - NOW.0);
            assert_eq!(got, expected.map_err(str::to_owned), "{t} {sent:?}");
        }
    }

    #[test]
    fn the_clients_own_time_is_kept_and_absent_means_receipt() {
        let mut request = Request::new(Profile::Gdpr);
        request.sent_at = Some(NOW.plus(EpochMs::HOUR));
        let event = WireEvent {
            time: Some(NOW.plus(EpochMs::HOUR)),
            ..pageview(PAGE)
        };
        let stored = request.accepted(event);
        assert_eq!(
            (stored.time_ms, stored.client_time_ms),
            (NOW.0, NOW.0 + EpochMs::HOUR)
        );
        let stored = request.accepted(pageview(PAGE));
        assert_eq!((stored.time_ms, stored.client_time_ms), (NOW.0, 0));
    }

    #[test]
    fn imports_may_be_old_but_not_from_the_future() {
        let mut request = Request::new(Profile::Gdpr);
        request.imported = Some(Place::default());
        let at = |t: i64| WireEvent {
            time: Some(NOW.plus(t)),
            ..pageview(PAGE)
        };
        assert_eq!(code(&request, at(-400 * EpochMs::DAY)), "");
        assert_eq!(code(&request, at(EpochMs::DAY)), "future");
    }

    #[test]
    fn pages_are_on_the_sites_hosts() {
        let request = Request::new(Profile::Gdpr);
        for (url, expected) in [
            (PAGE, ""),
            ("http://www.shop.example:8080/a", ""),
            ("", "missing_url"),
            ("javascript:alert(1)", "invalid_url"),
            ("/only/a/path", "invalid_url"),
            ("https://evil.example/", "foreign_host"),
            ("https://shop.example.evil.example/", "foreign_host"),
            ("https://shop.example@evil.example/", "foreign_host"),
        ] {
            assert_eq!(code(&request, pageview(url)), expected, "{url}");
        }
        let mut request = Request::new(Profile::Gdpr);
        request.client.trusted = true;
        assert_eq!(code(&request, pageview("https://app.example/")), "");
    }

    #[test]
    fn an_address_that_does_not_matter_is_left_out() {
        let request = Request::new(Profile::Gdpr);
        for (url, kept) in [
            (PAGE, PAGE),
            ("javascript:alert(1)", ""),
            ("/only/a/path", ""),
            ("https://partner.example/lp", ""),
        ] {
            let stored = request.accepted(WireEvent {
                event_type: "form_submit".to_owned(),
                page_is_optional: true,
                ..pageview(url)
            });
            assert_eq!(stored.url, kept, "{url}");
            assert_eq!(stored.hostname.is_empty(), kept.is_empty(), "{url}");
        }
    }

    #[test]
    fn an_event_of_a_server_needs_no_page() {
        let request = Request::new(Profile::Gdpr);
        let event = WireEvent {
            event_type: "custom".to_owned(),
            name: Some("invoice".to_owned()),
            ..WireEvent::default()
        };
        assert_eq!(request.accepted(event).url, "");
    }

    #[test]
    fn money_needs_a_currency() {
        let request = Request::new(Profile::Gdpr);
        let worth = |value: f64, currency: Option<&str>| WireEvent {
            value: Some(value),
            currency: currency.map(str::to_owned),
            ..pageview(PAGE)
        };
        let stored = request.accepted(worth(19.99, Some("eur")));
        assert_eq!(
            (stored.value_minor, stored.currency.as_str()),
            (1999, "EUR")
        );
        let stored = request.accepted(worth(3.0, None));
        assert_eq!((stored.value_minor, stored.numbers["value"]), (0, 3.0));
        assert_eq!(
            code(&request, worth(1.0, Some("euros"))),
            "invalid_currency"
        );
        assert_eq!(code(&request, worth(1e300, Some("EUR"))), "invalid_value");
    }

    #[test]
    fn sizes_are_bounded() {
        let request = Request::new(Profile::Gdpr);
        let stored = request.accepted(WireEvent {
            title: Some("t".repeat(10_000)),
            screen: Some("s".repeat(10_000)),
            scroll_percent: Some(400),
            engaged_ms: Some(u32::MAX),
            props: (0..40)
                .map(|n| (format!("p{n:02}"), "v".repeat(5_000)))
                .collect(),
            numbers: (0..40)
                .map(|n| (format!("n{n:02}"), f64::from(n)))
                .collect(),
            ..pageview(PAGE)
        });
        assert_eq!((stored.title.len(), stored.screen.len()), (512, 64));
        assert_eq!((stored.scroll_percent, stored.engaged_ms), (100, DAY_MS));
        assert_eq!((stored.props.len(), stored.numbers.len()), (32, 0));
        assert!(stored.props.values().all(|value| value.len() == 1024));
    }

    #[test]
    fn a_quarantined_event_is_stripped_like_any_other() {
        let request = Request::new(Profile::Gdpr);
        let event = WireEvent {
            visitor_id: Some("visitor-original".to_owned()),
            ..pageview("https://evil.example/?gclid=secret-click&mail=a@b.example")
        };
        let Outcome::Quarantined(quarantined) = request.run(event) else {
            panic!("not quarantined");
        };
        let stored = quarantined.event.unwrap();
        assert_eq!(
            (stored.url.as_str(), stored.gclid.as_str()),
            ("https://evil.example/", "")
        );
        assert_eq!(stored.event_id, quarantined.event_id);
    }
}
