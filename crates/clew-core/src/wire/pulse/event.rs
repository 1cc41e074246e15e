//! One event of a session: `{id, type, t, data}`.

use crate::wire::forms::{DESCRIBING, HOLDING, cut, is_of_a_form};
use crate::wire::overlay::{Overlay, Wrong};
use crate::wire::typed::READ_MAX;
use crate::wire::vocabulary::canonical;
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
    let mut data = Data::of(item)?;
    let mut event = WireEvent {
        id: item.own_id(&["id"])?,
        time: item.time(&["t", "timestamp"])?,
        ..surroundings(item, session)?
    };
    of_type(&mut event, &kind, item.own_id(&["name"])?, &mut data)?;
    if let Some(url) = data.text(&["url", "page_url"])? {
        event.url = url;
    }
    event.title = data.text(&["title"])?.or(event.title);
    event.referrer = data.text(&["referrer"])?.or(event.referrer);
    event.form_id = data.members.id(&["form_id"])?;
    data.placed.extend(data.members.which(&["form_id"]));
    if is_of_a_form(&kind) || event.name.as_deref().is_some_and(is_of_a_form) {
        form(&mut event, &kind, &mut data)?;
        return Ok(event);
    }
    data.worth(&mut event)?;
    data.members.put_props(&mut event, &data.placed)?;
    Ok(event)
}

/// Members of `data`, and which of them have a place of their own: all others are properties.
struct Data<'a> {
    members: Overlay<'a>,
    placed: Vec<&'static str>,
}

impl<'a> Data<'a> {
    fn of(item: &Overlay<'a>) -> Result<Self, Wrong> {
        let members = match item.own(&["data"]) {
            Some(_) => item.object("data")?,
            None => Overlay::default(),
        };
        Ok(Self {
            members,
            placed: Vec::new(),
        })
    }

    fn text(&mut self, names: &[&'static str]) -> Result<Option<String>, Wrong> {
        let text = self.members.text(names)?;
        self.placed.extend(self.members.which(names));
        Ok(text)
    }

    /// A number; what is none stays a property.
    fn number(&mut self, names: &[&'static str]) -> Option<f64> {
        let number = self.members.number(names)?;
        self.placed.extend(self.members.which(names));
        Some(number)
    }

    fn worth(&mut self, event: &mut WireEvent) -> Result<(), Wrong> {
        event.value = self.number(&["value"]);
        if event.value.is_some() {
            event.currency = self.text(&["currency"])?;
        }
        Ok(())
    }
}

fn of_type(
    event: &mut WireEvent,
    kind: &str,
    stated: Option<String>,
    data: &mut Data<'_>,
) -> Result<(), Wrong> {
    let ours = match kind {
        "page_view" | "pageview" => "pageview",
        known if SAME.contains(&known) => known,
        _ => "custom",
    };
    ours.clone_into(&mut event.event_type);
    event.name = match (ours, kind) {
        ("custom", "custom") if stated.is_none() => {
            let name = data.members.own_id(&["name"])?;
            data.placed.extend(data.members.which(&["name"]));
            name
        }
        ("custom", "custom") => stated,
        ("custom", other) => Some(other.to_owned()),
        _ => None,
    };
    if matches!(ours, "scroll" | "engagement") {
        let percent = data.number(&["percent", "scroll_percent"]);
        event.scroll_percent = percent.map(|percent| percent.round() as u32);
    }
    Ok(())
}

/// Of an event about a form only what describes the form is a property. Everything else was typed:
/// it is sealed, and its names alone stand with the event.
fn form(event: &mut WireEvent, kind: &str, data: &mut Data<'_>) -> Result<(), Wrong> {
    // A number without a currency may be anything that somebody typed.
    if data.members.which(&["currency"]).is_some() {
        data.worth(event)?;
    }
    let members = &data.members;
    let mut fields = members.typed("fields")?.unwrap_or_default();
    data.placed.push("fields");
    for holder in HOLDING.iter().copied() {
        if let Ok(Some(held)) = members.typed(holder) {
            fields.extend(held);
            data.placed.push(holder);
        }
    }
    for describing in DESCRIBING.iter().copied() {
        if data.placed.contains(&describing) {
            continue;
        }
        if let Ok(Some(text)) = members.own_id(&[describing]) {
            let text = cut(&text).to_owned();
            event.props.insert(describing.to_owned(), text);
            data.placed.push(describing);
        }
    }
    for name in members.names().filter(|name| !data.placed.contains(name)) {
        if fields.len() >= READ_MAX {
            break;
        }
        if let Some(value) = members.typed_value(name) {
            fields.entry(name.to_owned()).or_insert(value);
        }
    }
    let kind = canonical(kind).unwrap_or(kind);
    event.submission = WireSubmission::of_form(kind, fields);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(kind: &str, data: &Value) -> WireEvent {
        let body = json!({ "type": kind, "data": data }).to_string();
        read(&Overlay::of_body(body.as_bytes()).unwrap(), "s").unwrap()
    }

    #[test]
    fn what_was_typed_into_a_form_is_no_property() {
        let data = json!({
            "form_id": "c", "step": 2, "field_type": "email", "first_name": "Jane", "name": "Doe",
            "message": "I am ill", "value": 41_795_551_234_i64, "fields": { "email": "j@x.example" },
        });
        for (kind, submission) in [
            ("form_submit", "Submitted"),
            ("form_submission", "Submitted"),
            ("form_partial", "Partial"),
            ("form_interaction", "Partial"),
            ("form_focus", "Partial"),
            ("contact_form_submit", "Partial"),
        ] {
            let event = event(kind, &data);
            let typed = event.submission.as_ref().unwrap();
            let names: Vec<_> = typed.fields.keys().map(String::as_str).collect();
            assert_eq!(
                names,
                ["email", "first_name", "message", "name", "value"],
                "{kind}"
            );
            assert_eq!(format!("{:?}", typed.kind), submission, "{kind}");
            let props: Vec<_> = event.props.keys().map(String::as_str).collect();
            assert_eq!(props, ["field_type", "step"], "{kind}");
            assert!(event.numbers.is_empty() && event.value.is_none(), "{kind}");
            assert_eq!(event.form_id.as_deref(), Some("c"));
        }
        let named = json!({ "name": "contact form", "message": "I am ill" });
        let named = event("custom", &named);
        assert!(named.props.is_empty() && named.submission.is_some());
    }

    #[test]
    fn a_member_without_a_place_is_a_property() {
        let click = event(
            "click",
            &json!({ "name": "buy", "value": "blue", "percent": 3 }),
        );
        assert_eq!(click.props["name"], "buy");
        assert_eq!(click.props["value"], "blue");
        assert!((click.numbers["percent"] - 3.0).abs() < f64::EPSILON);
        let filter = event("filter", &json!({ "fields": ["a"], "currency": "EUR" }));
        assert_eq!(filter.props["fields.0"], "a");
        assert_eq!(filter.props["currency"], "EUR");
        let worth = event(
            "custom",
            &json!({ "name": "x", "value": 5, "currency": "EUR" }),
        );
        assert_eq!((worth.name.as_deref(), worth.value), (Some("x"), Some(5.0)));
        assert!(worth.props.is_empty() && worth.numbers.is_empty());
    }
}
