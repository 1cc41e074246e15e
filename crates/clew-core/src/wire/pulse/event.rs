//! One event of a session: `{id, type, t, data}`.

use crate::wire::overlay::{Overlay, Wrong};
use crate::wire::{WireEvent, WireSubmission};

/// Types that mean the same here; every other one is a custom event of that name.
const SAME: &[&str] = &[
    "click",
    "scroll",
    "engagement",
    "form_view",
    "form_start",
    "form_focus",
    "form_submit",
    "form_partial",
    "form_interaction",
];

/// Overlay of `data` that have a place of their own.
const PLACED: &[&str] = &[
    "url",
    "page_url",
    "title",
    "referrer",
    "form_id",
    "fields",
    "name",
    "percent",
    "scroll_percent",
    "value",
    "currency",
];

/// Who, where and in which session.
pub(super) fn surroundings(members: &Overlay<'_>, session: &str) -> Result<WireEvent, Wrong> {
    Ok(WireEvent {
        session_id: Some(session.to_owned()),
        visitor_id: members.id(&["visitor_id"])?,
        fingerprint: members.id(&["fingerprint"])?,
        url: members.text(&["url"])?.unwrap_or_default(),
        title: members.text(&["title"])?,
        referrer: members.text(&["referrer"])?,
        screen: members.text(&["screen"])?,
        viewport: members.text(&["viewport"])?,
        language: members.text(&["language"])?,
        time_zone: members.text(&["timezone"])?,
        consent: members.consent()?,
        ..WireEvent::default()
    })
}

pub(super) fn read(item: &Overlay<'_>, session: &str) -> Result<WireEvent, Wrong> {
    let kind = item.own_id(&["type"])?;
    let kind = kind.filter(|kind| !kind.trim().is_empty()).ok_or(Wrong {
        reject: "invalid_type",
        ..Wrong::new("type", "expected a text")
    })?;
    let data = match item.own(&["data"]) {
        Some(_) => item.object("data")?,
        None => Overlay::default(),
    };
    let mut event = WireEvent {
        id: item.own_id(&["id"])?,
        time: item.time(&["t", "timestamp"])?,
        ..surroundings(item, session)?
    };
    of_type(&mut event, &kind, item, &data)?;
    if let Some(url) = data.text(&["url", "page_url"])? {
        event.url = url;
    }
    event.title = data.text(&["title"])?.or(event.title);
    event.referrer = data.text(&["referrer"])?.or(event.referrer);
    event.form_id = data.id(&["form_id"])?;
    event.value = data.number(&["value"]);
    event.currency = data.text(&["currency"])?;
    data.put_props(&mut event, PLACED)?;
    Ok(event)
}

fn of_type(
    event: &mut WireEvent,
    kind: &str,
    item: &Overlay<'_>,
    data: &Overlay<'_>,
) -> Result<(), Wrong> {
    let ours = match kind {
        "page_view" | "pageview" => "pageview",
        known if SAME.contains(&known) => known,
        _ => "custom",
    };
    ours.clone_into(&mut event.event_type);
    let stated = item.own_id(&["name"])?.or(data.own_id(&["name"])?);
    if ours == "custom" {
        event.name = match kind {
            "custom" => stated,
            other => Some(other.to_owned()),
        };
    }
    if matches!(ours, "scroll" | "engagement") {
        let percent = data.number(&["percent", "scroll_percent"]);
        event.scroll_percent = percent.map(|percent| percent.round() as u32);
    }
    if let Some(fields) = data.typed("fields")? {
        event.submission = WireSubmission::of(ours, fields);
    }
    Ok(())
}
