//! One message of the tracker as an event of ours.

use crate::error::ErrorCode;
use crate::wire::overlay::{Overlay, Wrong};
use crate::wire::{WireEvent, WireSubmission};
use std::collections::BTreeMap;

/// Reads what all types have in common, then what the type says besides.
pub(super) fn read(message: &Overlay<'_>) -> Result<WireEvent, Wrong> {
    let kind = message.own_id(&["type"])?.unwrap_or_default();
    let page = message.object("page")?;
    let surroundings = message.object("metadata")?;
    let mut event = WireEvent {
        id: message.own_id(&["id", "eventId"])?,
        time: message.time(&["timestamp"])?,
        session_id: message.id(&["sessionId"])?,
        visitor_id: message.id(&["visitorId"])?,
        form_id: message.id(&["formId"])?,
        url: page.text(&["url"])?.unwrap_or_default(),
        title: page.text(&["title"])?,
        referrer: page.text(&["referrer"])?,
        language: surroundings.text(&["language"])?,
        time_zone: surroundings.text(&["timezone"])?,
        screen: surroundings.text(&["screenResolution", "screen"])?,
        viewport: surroundings.text(&["viewport"])?,
        consent: message.consent()?,
        ..WireEvent::default()
    };
    match kind.as_str() {
        "form_submission" => {
            let fields = message.typed("fields")?;
            let fields = fields.ok_or(Wrong::new("fields", "expected an object of values"))?;
            filled_in(&mut event, "form_submit", fields);
        }
        "form_interaction" => interaction(&mut event, message)?,
        "chat_message_sent" => chat(&mut event, message)?,
        "tracker_initialized" => {
            "tracker_initialized".clone_into(&mut event.event_type);
            let version = message.own_id(&["version"])?;
            event
                .props
                .extend(version.map(|it| ("version".to_owned(), it)));
        }
        "page_view" | "pageview" => "pageview".clone_into(&mut event.event_type),
        _ => return Err(unknown_type()),
    }
    Ok(event)
}

const fn unknown_type() -> Wrong {
    Wrong {
        error: ErrorCode::UnknownType,
        member: "type",
        expected: "expected form_submission, form_interaction, chat_message_sent, tracker_initialized or page_view",
        reject: "unknown_type",
    }
}

fn filled_in(event: &mut WireEvent, kind: &str, fields: BTreeMap<String, String>) {
    kind.clone_into(&mut event.event_type);
    event.submission = WireSubmission::of(kind, fields);
}

/// Somebody is filling in a form: with values it is a form that was not sent (yet).
fn interaction(event: &mut WireEvent, message: &Overlay<'_>) -> Result<(), Wrong> {
    let mut fields = message.typed("fields")?.unwrap_or_default();
    let name = message.own_id(&["fieldName"])?;
    if let (Some(name), Some(value)) = (&name, message.typed_value("fieldValue")) {
        fields.insert(name.clone(), value);
    }
    let trigger = message.own_id(&["trigger"])?;
    let kind = match trigger.as_deref() {
        _ if !fields.is_empty() => "form_partial",
        Some("focus") => "form_focus",
        Some("start") => "form_start",
        Some("view") => "form_view",
        _ => "form_interaction",
    };
    filled_in(event, kind, fields);
    for (prop, value) in [
        ("trigger", trigger),
        ("field", name),
        ("field_type", message.own_id(&["fieldType"])?),
    ] {
        event.props.extend(value.map(|it| (prop.to_owned(), it)));
    }
    let progress = message.object("formProgress")?;
    for (number, member) in [
        ("completed_fields", "completedFields"),
        ("total_fields", "totalFields"),
        ("percent_complete", "percentComplete"),
    ] {
        let value = progress.number(&[member]);
        event
            .numbers
            .extend(value.map(|it| (number.to_owned(), it)));
    }
    Ok(())
}

fn chat(event: &mut WireEvent, message: &Overlay<'_>) -> Result<(), Wrong> {
    let mut fields = BTreeMap::new();
    for member in ["message", "email", "name"] {
        let value = message.own_text(&[member])?;
        let value = value.filter(|value| !value.trim().is_empty());
        fields.extend(value.map(|value| (member.to_owned(), value)));
    }
    if !fields.contains_key("message") {
        return Err(Wrong::new("message", "expected a text"));
    }
    filled_in(event, "chat_message", fields);
    let conversation = message.own_id(&["conversationId"])?;
    let conversation = conversation.map(|it| ("conversation_id".to_owned(), it));
    event.props.extend(conversation);
    Ok(())
}
