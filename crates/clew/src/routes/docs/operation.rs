//! One route: what it does, what it takes, what it answers.

use super::html::{escape, inline, prose, table};
use super::schema::{about, bounds, kind, members, named};
use serde_json::{Map, Value};

/// A route of the description. `Copy`, as it only borrows.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    pub path: &'a str,
    pub method: &'static str,
    pub said: &'a Value,
}

impl Operation<'_> {
    /// Closed, with a heading that says what it is; its anchor stands inside, so that a link to
    /// it opens it.
    pub fn html(self, description: &Value) -> String {
        let Self { path, method, said } = self;
        let id = escape(said["operationId"].as_str().unwrap_or_default());
        let summary = inline(said["summary"].as_str().unwrap_or_default());
        let verb = method.to_uppercase();
        let (marked, path) = (method, escape(path));
        let body = [
            prose(said["description"].as_str().unwrap_or_default()),
            credentials(said),
            parameters(said),
            body(said, description),
            responses(said, description),
        ];
        format!(
            "<details><summary><b class={marked}>{verb}</b> <code>{path}</code> \
             <span>{summary}</span></summary><div id=\"{id}\">{}</div></details>",
            body.concat()
        )
    }
}

/// Who may call it.
fn credentials(said: &Value) -> String {
    let Some(schemes) = said["security"].as_array() else {
        return "<p class=quiet>Open to anybody.</p>".to_owned();
    };
    let names = schemes
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|one| one.keys());
    let words: Vec<&str> = names
        .map(|name| match name.as_str() {
            "secret_key" => "a secret key",
            "session" => "the cookie of somebody signed in",
            other => other,
        })
        .collect();
    let optional = schemes
        .iter()
        .any(|one| one.as_object().is_some_and(Map::is_empty));
    let verb = if optional { "Takes" } else { "Needs" };
    format!("<p class=quiet>{verb} {}.</p>", escape(&words.join(" or ")))
}

fn parameters(said: &Value) -> String {
    let given = said["parameters"].as_array().map_or(&[][..], Vec::as_slice);
    let rows: Vec<_> = given
        .iter()
        .map(|one| {
            let name = one["name"].as_str().unwrap_or_default();
            let bounds = bounds(&one["schema"]);
            let between = if bounds.is_empty() { "" } else { "<br>" };
            [
                named(name, one["required"] == true),
                escape(one["in"].as_str().unwrap_or_default()),
                kind(&one["schema"]),
                format!("{}{between}{bounds}", about(one)),
            ]
        })
        .collect();
    match table(["Parameter", "In", "Type", "Meaning"], &rows) {
        table if table.is_empty() => table,
        table => format!("<h3>Parameters</h3>{table}"),
    }
}

fn body(said: &Value, description: &Value) -> String {
    let body = &said["requestBody"];
    let Some((media, schema)) = content(body) else {
        return String::new();
    };
    let shape = match schema["$ref"].as_str() {
        Some(_) => format!("{}{}", kind(schema), members(resolved(schema, description))),
        None => members(schema),
    };
    let about = about(body);
    format!(
        "<h3>Body</h3><p><code>{}</code> {about} {shape}",
        escape(media)
    )
}

fn responses(said: &Value, description: &Value) -> String {
    let Some(answers) = said["responses"].as_object() else {
        return String::new();
    };
    let rows: Vec<_> = answers
        .iter()
        .map(|(status, answer)| {
            let answer = resolved(answer, description);
            let shape = match content(answer) {
                Some((media, schema)) if schema.is_null() => escape(media),
                Some((_, schema)) => kind(schema),
                None => String::new(),
            };
            let class = if status.starts_with(['4', '5']) {
                "no"
            } else {
                "yes"
            };
            let status = format!("<b class={class}>{}</b>", escape(status));
            [status, about(answer), shape]
        })
        .collect();
    let table = table(["Status", "Meaning", "Body"], &rows);
    format!("<h3>Answers and refusals</h3>{table}")
}

/// The first media type with its shape.
fn content(of: &Value) -> Option<(&String, &Value)> {
    let (media, said) = of["content"].as_object()?.iter().next()?;
    Some((media, &said["schema"]))
}

/// Follows a reference into the description; what is none is itself.
fn resolved<'a>(value: &'a Value, description: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    let found = target.and_then(|pointer| description.pointer(pointer));
    found.unwrap_or(value)
}
