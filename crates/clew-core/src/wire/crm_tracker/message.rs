//! One message of the tracker as an event of ours.

use crate::error::ErrorCode;
use crate::wire::members::{Members, Names, Wrong};
use crate::wire::vocabulary::{self, PAGEVIEW};
use crate::wire::{WireEvent, WireSubmission, typed};
use std::collections::BTreeMap;

/// Members of a message, and of the envelope around several.
pub(super) const NAMES: Names = Names::only(&[
    &["clientId"],
    &["apiKey"],
    &["events"],
    &["type"],
    &["id", "eventId"],
    &["timestamp"],
    &["sessionId"],
    &["visitorId"],
    &["formId"],
    &["page"],
    &["metadata"],
    &["consent"],
    &["fields"],
    &["trigger"],
    &["fieldName"],
    &["fieldValue"],
    &["fieldType"],
    &["formProgress"],
    &["message"],
    &["email"],
    &["name"],
    &["conversationId"],
    &["version"],
]);

const PAGE: Names = Names::only(&[&["url"], &["title"], &["referrer"]]);

const METADATA: Names = Names::only(&[
    &["language"],
    &["timezone"],
    &["screenResolution", "screen"],
    &["viewport"],
]);

/// Member of `formProgress` → property.
const PROGRESS: [(&str, &str); 3] = [
    ("completedFields", "completed_fields"),
    ("totalFields", "total_fields"),
    ("percentComplete", "percent_complete"),
];

const PROGRESS_NAMES: Names = Names::only(&[&[PROGRESS[0].0], &[PROGRESS[1].0], &[PROGRESS[2].0]]);

/// What an envelope says for its messages too: who, where and with what.
pub(super) fn common(message: &Members<'_>) -> Result<WireEvent, Wrong> {
    let page = message.object("page", PAGE)?;
    let metadata = message.object("metadata", METADATA)?;
    Ok(WireEvent {
        session_id: message.id("sessionId")?,
        visitor_id: message.id("visitorId")?,
        form_id: message.id("formId")?,
        url: page.text("url")?.unwrap_or_default(),
        title: page.text("title")?,
        referrer: page.text("referrer")?,
        language: metadata.text("language")?,
        time_zone: metadata.text("timezone")?,
        screen: metadata.text("screenResolution")?,
        viewport: metadata.text("viewport")?,
        consent: message.consent()?,
        ..WireEvent::default()
    })
}

/// Reads what all types have in common, then what the type says besides.
pub(super) fn read(message: &Members<'_>) -> Result<WireEvent, Wrong> {
    let kind = message.id("type").ok().flatten();
    let kind = kind.and_then(|kind| vocabulary::message(&kind));
    let mut event = WireEvent {
        id: message.id("id")?,
        time: message.time("timestamp")?,
        ..common(message)?
    };
    match kind {
        Some("form_submit") => {
            let fields = message.typed("fields")?;
            let fields = fields.ok_or(Wrong::new("fields", "expected an object of values"))?;
            filled_in(&mut event, "form_submit", fields);
        }
        Some("form_interaction") => interaction(&mut event, message)?,
        Some("chat_message") => chat(&mut event, message)?,
        Some("tracker_initialized") => {
            "tracker_initialized".clone_into(&mut event.event_type);
            let version = message.id("version")?;
            event
                .props
                .extend(version.map(|it| ("version".to_owned(), it)));
        }
        Some(PAGEVIEW) => PAGEVIEW.clone_into(&mut event.event_type),
        _ => return Err(UNKNOWN_TYPE),
    }
    Ok(event)
}

const UNKNOWN_TYPE: Wrong = Wrong::new(
    "type",
    "expected form_submission, form_interaction, chat_message_sent, tracker_initialized or page_view",
)
.refused_as(ErrorCode::UnknownType)
.set_aside_as("unknown_type");

fn filled_in(event: &mut WireEvent, kind: &str, fields: BTreeMap<String, String>) {
    kind.clone_into(&mut event.event_type);
    event.submission = WireSubmission::of(kind, fields);
}

/// Somebody is filling in a form: with values it is a form that was not sent (yet).
fn interaction(event: &mut WireEvent, message: &Members<'_>) -> Result<(), Wrong> {
    let mut fields = message.typed("fields")?.unwrap_or_default();
    let name = message.id("fieldName")?;
    let value = message.raw("fieldValue");
    if let (Some(name), Some(value)) = (&name, value.and_then(|raw| typed::value(raw.get()))) {
        fields.insert(name.clone(), value);
    }
    let trigger = message.id("trigger")?;
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
        ("field_type", message.id("fieldType")?),
    ] {
        event.props.extend(value.map(|it| (prop.to_owned(), it)));
    }
    let progress = message.object("formProgress", PROGRESS_NAMES)?;
    for (member, number) in PROGRESS {
        let value = progress.amount(member).ok().flatten();
        event
            .numbers
            .extend(value.map(|it| (number.to_owned(), it)));
    }
    Ok(())
}

fn chat(event: &mut WireEvent, message: &Members<'_>) -> Result<(), Wrong> {
    let mut fields = BTreeMap::new();
    for member in ["message", "email", "name"] {
        let value = message.id(member)?;
        fields.extend(value.map(|value| (member.to_owned(), value)));
    }
    if !fields.contains_key("message") {
        return Err(Wrong::new("message", "expected a text"));
    }
    filled_in(event, "chat_message", fields);
    let conversation = message.id("conversationId")?;
    let conversation = conversation.map(|it| ("conversation_id".to_owned(), it));
    event.props.extend(conversation);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::members::not_read;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_documented_is_read() {
        let known = [NAMES, PAGE, METADATA, PROGRESS_NAMES];
        for schema in [
            include_str!("track.schema.json"),
            include_str!("batch.schema.json"),
        ] {
            assert_eq!(not_read(schema, &known), BTreeSet::new());
        }
    }
}
