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
        .map(|sent| ctx.received.since(sent))
        .filter(|skew| skew.saturating_abs() > SKEW_MATTERS)
        .unwrap_or(0);
    let corrected = stated.plus(skew);
    event.draft.client_time_ms = stated.0;
    // Nothing is stored as happening after it was received.
    event.draft.time_ms = corrected.0.min(ctx.received.0);
    if corrected.since(ctx.received) > FUTURE_AFTER {
        Err(QuarantineCode::Future)
    } else if ctx.received.since(corrected) > LATE_AFTER && !ctx.imported {
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
    let url = page_url::parse(&address).ok_or(QuarantineCode::InvalidUrl)?;
    let clean = page_url::clean(&url, &ctx.site.query_allow);
    event.draft.hostname = clean.hostname;
    event.draft.path = clean.path;
    event.draft.url = clean.url;
    // A secret key speaks for apps and servers whose pages are on no list.
    let allowed =
        ctx.client.trusted || domain::host_allowed(&event.draft.hostname, &ctx.site.domains);
    event.page = Some(url);
    if allowed {
        Ok(())
    } else {
        Err(QuarantineCode::ForeignHost)
    }
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
