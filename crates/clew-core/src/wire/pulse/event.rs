//! One event of a session: `{id, type, t, data}`.

use crate::wire::forms::{cut, describing, holds_fields};
use crate::wire::members::{Members, Names, Wrong, plain, put_prop};
use crate::wire::typed::{self, READ_MAX, TypedFields};
use crate::wire::vocabulary::{CUSTOM, SCROLLED, is_of_a_form};
use crate::wire::{WireEvent, WireSubmission};
use std::collections::BTreeMap;

/// Members of an event, and of the body around it.
pub(super) const NAMES: Names = Names::only(&[
    &["site_key"],
    &["session_id"],
    &["session_started_at", "t"],
    &["session_ended_at", "t"],
    &["event"],
    &["events"],
    &["id"],
    &["type"],
    &["t", "timestamp"],
    &["name"],
    &["data"],
    &["visitor_id"],
    &["fingerprint"],
    &["url"],
    &["title"],
    &["referrer"],
    &["screen"],
    &["viewport"],
    &["language"],
    &["timezone"],
    &["consent"],
]);

/// Members of `data` that may have a place of their own; all others are properties, or were typed.
const DATA: Names = Names::and_others(&[
    &["url", "page_url"],
    &["title"],
    &["referrer"],
    &["form_id", "formId"],
    &["name"],
    SCROLLED,
    &["value"],
    &["currency"],
    &["fields"],
]);

/// Who, where and with what.
pub(super) fn common(members: &Members<'_>) -> Result<WireEvent, Wrong> {
    Ok(WireEvent {
        session_id: members.id("session_id")?,
        visitor_id: members.id("visitor_id")?,
        fingerprint: members.id("fingerprint")?,
        url: members.text("url")?.unwrap_or_default(),
        title: members.text("title")?,
        referrer: members.text("referrer")?,
        screen: members.text("screen")?,
        viewport: members.text("viewport")?,
        language: members.text("language")?,
        time_zone: members.text("timezone")?,
        consent: members.consent()?,
        ..WireEvent::default()
    })
}

pub(super) fn read(item: &Members<'_>) -> Result<WireEvent, Wrong> {
    let kind = item.id("type")?;
    let kind = kind.ok_or(Wrong::new("type", "expected a text"))?;
    let mut event = WireEvent {
        id: item.id("id")?,
        time: item.time("t")?,
        name: item.id("name")?,
        ..common(item)?
    };
    let mut data = Data::of(item)?;
    if kind.eq_ignore_ascii_case(CUSTOM) && event.name.is_none() {
        event.name = data.id("name")?;
    }
    event.set_type(kind);
    if matches!(event.event_type.as_str(), "scroll" | "engagement") {
        event.scroll_percent = data.percent(SCROLLED[0]);
    }
    if let Some(url) = data.text("url")? {
        event.url = url;
    }
    event.title = data.text("title")?.or(event.title);
    event.referrer = data.text("referrer")?.or(event.referrer);
    event.form_id = data.id("form_id")?;
    let named = event.name.as_deref().is_some_and(is_of_a_form);
    if named || is_of_a_form(&event.event_type) {
        form(&mut event, &mut data)?;
    } else {
        data.worth(&mut event)?;
        data.properties(&mut event)?;
    }
    Ok(event)
}

/// Members of `data`, and which of them have a place of their own: all others are properties.
struct Data<'a> {
    members: Members<'a>,
    placed: Vec<&'static str>,
}

impl<'a> Data<'a> {
    fn of(item: &Members<'a>) -> Result<Self, Wrong> {
        Ok(Self {
            members: item.object("data", DATA)?,
            placed: Vec::new(),
        })
    }

    fn text(&mut self, member: &'static str) -> Result<Option<String>, Wrong> {
        self.placed.push(member);
        self.members.text(member)
    }

    fn id(&mut self, member: &'static str) -> Result<Option<String>, Wrong> {
        self.placed.push(member);
        self.members.id(member)
    }

    /// A share; what is none stays a property.
    fn percent(&mut self, member: &'static str) -> Option<u32> {
        let share = self.members.percent(member)?;
        self.placed.push(member);
        Some(share)
    }

    /// An amount, and of what; an amount that is no number stays a property.
    fn worth(&mut self, event: &mut WireEvent) -> Result<(), Wrong> {
        event.value = self.members.amount("value").ok().flatten();
        if event.value.is_some() {
            self.placed.push("value");
            event.currency = self.text("currency")?;
        }
        Ok(())
    }

    /// What has no place (yet), in its order.
    fn others(&self) -> impl Iterator<Item = (&str, &'a str)> {
        let placed = |name| {
            let member = DATA.member(name);
            member.is_some_and(|member| self.placed.contains(&member))
        };
        let others = self.members.entries();
        let others = others.filter(move |(name, _)| !placed(name));
        others.map(|(name, raw)| (name, raw.get()))
    }

    fn properties(&self, event: &mut WireEvent) -> Result<(), Wrong> {
        let mut others = self.others();
        if others.all(|(name, raw)| put_prop(event, name, raw)) {
            return Ok(());
        }
        let expected = "expected an object of up to eight levels";
        Err(Wrong::new("data", expected))
    }
}

/// Of an event about a form only what describes the form is a property. Everything else was typed:
/// it is sealed, and its names alone stand with the event.
fn form(event: &mut WireEvent, data: &mut Data<'_>) -> Result<(), Wrong> {
    // A number without a currency may be anything that somebody typed.
    if data.members.raw("currency").is_some() {
        data.worth(event)?;
    }
    let mut fields = data.members.typed("fields")?.unwrap_or_default();
    data.placed.push("fields");
    let mut beside = BTreeMap::new();
    for (name, raw) in data.others() {
        if let Some(held) = held(name, raw) {
            fields.extend(held);
        } else if let Some((known, text)) = describing(name).zip(plain(raw)) {
            event.props.insert(known.to_owned(), cut(&text).to_owned());
        } else if let Some(value) = typed::value(raw) {
            beside.insert(name.to_owned(), value);
        }
    }
    for (name, value) in beside {
        if fields.len() < READ_MAX {
            fields.entry(name).or_insert(value);
        }
    }
    event.submission = WireSubmission::of_form(&event.event_type, fields);
    Ok(())
}

/// What the fields of a form hold, where the member is what holds them.
fn held(name: &str, raw: &str) -> Option<BTreeMap<String, String>> {
    let is_object = raw.starts_with('{');
    let fields =
        (is_object && holds_fields(name)).then(|| serde_json::from_str::<TypedFields>(raw));
    fields?.ok()?.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::members::not_read;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    fn event(kind: &str, data: &Value) -> WireEvent {
        let body = json!({ "type": kind, "data": data }).to_string();
        read(&Members::of_body(body.as_bytes(), NAMES).unwrap()).unwrap()
    }

    #[test]
    fn what_is_documented_is_read() {
        for schema in [
            include_str!("start.schema.json"),
            include_str!("event.schema.json"),
            include_str!("events.schema.json"),
            include_str!("end.schema.json"),
        ] {
            assert_eq!(not_read(schema, &[NAMES, DATA]), BTreeSet::new());
        }
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
        let far = event("scroll", &json!({ "depth": 1_400, "percent": 60 }));
        assert_eq!(far.scroll_percent, Some(60));
        let pixels = event("scroll", &json!({ "depth": 1_400 }));
        assert_eq!(pixels.scroll_percent, None);
        assert!((pixels.numbers["depth"] - 1_400.0).abs() < f64::EPSILON);
        let worth = event(
            "custom",
            &json!({ "name": "x", "value": 5, "currency": "EUR" }),
        );
        assert_eq!((worth.name.as_deref(), worth.value), (Some("x"), Some(5.0)));
        assert!(worth.props.is_empty() && worth.numbers.is_empty());
    }
}
