//! What is kept of an event about a form: which form, which fields, never what was typed.
//!
//! The documented data is `{form_id, field, field_type}` and, of a form that was sent, the names of
//! its fields. Pages send more, so this reads by an allow-list: members that describe the form keep
//! their value, every other member is taken for a field and only its name is kept.

use super::NAMED;
use crate::wire::WireEvent;
use crate::wire::forms::{cut, describing, holds_fields};
use crate::wire::members::{Members, Names, elements, entries, plain};
use serde_json::value::RawValue;

/// Members of the data, and of fields in it, that are looked at.
const MOST: usize = 64;

/// A field in a list of fields.
const FIELD: Names = Names::only(&[&["name", "field", "field_name", "id"]]);

/// Reads the data into properties.
pub(super) fn read(members: &Members<'_>, event: &mut WireEvent) {
    let data = members.raw("eventData");
    let data = data.and_then(|data| entries(data.get(), MOST));
    let mut names = Vec::new();
    for (key, value) in data.unwrap_or_default() {
        if let Some(known) = describing(&key) {
            if let Some(text) = plain(value.get()) {
                event.props.insert(known.to_owned(), cut(&text).to_owned());
            }
        } else if holds_fields(&key) {
            held(value, &mut names);
        } else if event.name.is_none() || !NAMED.contains(&key.as_ref()) {
            names.push(key.into_owned());
        }
    }
    names.retain(|name| !name.is_empty());
    names.truncate(MOST);
    if !names.is_empty() {
        let names: Vec<_> = names.iter().map(|name| cut(name)).collect();
        event.props.insert("fields".to_owned(), names.join(","));
    }
    event.form_id = event.props.get("form_id").cloned();
}

/// Names in `{"email": …}`, `["email", …]` or `[{"name": "email", …}]`.
fn held(fields: &RawValue, names: &mut Vec<String>) {
    if let Some(fields) = entries(fields.get(), MOST) {
        names.extend(fields.into_iter().map(|(name, _)| name.into_owned()));
        return;
    }
    let list = elements(fields.get(), MOST).map(|(list, _)| list);
    for field in list.unwrap_or_default() {
        match Members::of(field.get(), FIELD) {
            Some(field) => names.extend(field.text("name").ok().flatten()),
            None => names.extend(serde_json::from_str::<String>(field.get())),
        }
    }
}
