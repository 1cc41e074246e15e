//! Shapes of the description in words: a type as a reader says it, and a table of members.

use super::html::{escape, inline, table};
use serde_json::Value;

const SCHEMAS: &str = "#/components/schemas/";

/// Where a named shape stands on the page.
pub fn anchor(name: &str) -> String {
    format!("shape-{}", escape(name))
}

/// The type as HTML: `list of Site`, with a link where the page shows the shape.
pub fn kind(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.strip_prefix(SCHEMAS).unwrap_or(target);
        return format!("<a href=\"#{}\">{}</a>", anchor(name), escape(name));
    }
    for either in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[either].as_array() {
            return joined(choices.iter().map(kind), " or ");
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        return joined(parts.iter().map(kind), " with ");
    }
    if let Some(words) = schema["enum"].as_array() {
        let word = |word: &Value| format!("<code>{}</code>", escape(&plain(word)));
        return joined(words.iter().map(word), ", ");
    }
    let name = |name: &str| match name {
        "array" => format!("list of {}", kind(&schema["items"])),
        name => escape(name),
    };
    match &schema["type"] {
        Value::String(one) => name(one),
        Value::Array(several) => joined(several.iter().filter_map(Value::as_str).map(name), " or "),
        _ => "any".to_owned(),
    }
}

/// Bounds of the value: `1–255 characters`.
pub fn bounds(schema: &Value) -> String {
    let pairs = [
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
        ("minimum", "maximum", ""),
    ];
    let said = pairs.iter().filter_map(|(least, most, unit)| {
        // Zero is where every length begins.
        let least = schema[*least].as_i64().filter(|least| *least != 0);
        match (least, schema[*most].as_i64()) {
            (Some(least), Some(most)) => Some(format!("{least}–{most}{unit}")),
            (Some(least), None) => Some(format!("at least {least}{unit}")),
            (None, Some(most)) => Some(format!("up to {most}{unit}")),
            (None, None) => None,
        }
    });
    joined(said, ", ")
}

/// The members of an object, those that must be there first said so; for others their type.
pub fn members(schema: &Value) -> String {
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().map(members).collect();
    }
    let Some(properties) = schema["properties"].as_object() else {
        let about = inline(schema["description"].as_str().unwrap_or_default());
        return format!("<p>{} {about}</p>", kind(schema));
    };
    let required = schema["required"].as_array();
    let must = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let mut properties: Vec<_> = properties.iter().collect();
    properties.sort_by_key(|(name, _)| !must(name));
    let row = |(name, member): (&String, &Value)| {
        [
            named(name, must(name)),
            kind(member),
            joined([about(member), bounds(member)].into_iter(), "<br>"),
        ]
    };
    let rows: Vec<_> = properties.into_iter().map(row).collect();
    table(["Member", "Type", "Meaning"], &rows)
}

/// A name, marked where it has to be given.
pub fn named(name: &str, required: bool) -> String {
    let mark = if required {
        " <small>required</small>"
    } else {
        ""
    };
    format!("<code>{}</code>{mark}", escape(name))
}

/// What the description says of it.
pub fn about(value: &Value) -> String {
    inline(value["description"].as_str().unwrap_or_default())
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The parts that say something, with `between` between them.
fn joined(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_are_said_as_a_reader_says_them() {
        let site = json!({"$ref": "#/components/schemas/Site"});
        let link = "<a href=\"#shape-Site\">Site</a>";
        for (schema, said) in [
            (json!({"type": "string"}), "string".to_owned()),
            (
                json!({"type": ["string", "null"]}),
                "string or null".to_owned(),
            ),
            (
                json!({"type": "array", "items": site}),
                format!("list of {link}"),
            ),
            (
                json!({"oneOf": [{"type": "null"}, site]}),
                format!("null or {link}"),
            ),
            (
                json!({"enum": ["a", "b"]}),
                "<code>a</code>, <code>b</code>".to_owned(),
            ),
            (json!({}), "any".to_owned()),
        ] {
            assert_eq!(kind(&schema), said, "{schema}");
        }
    }

    #[test]
    fn bounds_are_said_with_their_unit() {
        assert_eq!(
            bounds(&json!({"minLength": 1, "maxLength": 255})),
            "1–255 characters"
        );
        assert_eq!(bounds(&json!({"maxItems": 20})), "up to 20 items");
        assert_eq!(bounds(&json!({"minimum": 0})), "");
    }
}
