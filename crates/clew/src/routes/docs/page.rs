//! The page around the routes: contents, one section per tag, the named shapes.

use super::html::{escape, inline, prose};
use super::operation::Operation;
use super::schema::{anchor, members};
use serde_json::Value;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");
const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// The tag that holds what has none.
const OTHER: &str = "Other";

/// All of the description as one HTML document.
pub fn written(description: &Value) -> String {
    let sections = sections(description);
    let version = escape(description["info"]["version"].as_str().unwrap_or_default());
    let about = prose(
        description["info"]["description"]
            .as_str()
            .unwrap_or_default(),
    );
    let mut html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Clew API</title>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <link rel=icon href=\"data:,\"><style>{STYLE}</style></head><body>\
         <header><h1>Clew API <small>{version}</small></h1>{about}\
         <p>Programs send a secret key as <code>Authorization: Bearer sk_…</code>; keys are made under \
         <a href=\"/app/settings/keys\">API keys</a>. For machines: \
         <a href=\"/openapi.json\">openapi.json</a>.</p></header><nav aria-label=Contents>"
    );
    // Writing into a string cannot fail.
    for section in &sections {
        let (id, name) = (section.id(), escape(section.name));
        let _ = write!(
            html,
            "<a href=\"#{id}\">{name} <small>{}</small></a>",
            section.routes.len()
        );
    }
    html.push_str("<a href=\"#shapes\">Shapes</a></nav><main>");
    for section in &sections {
        let (id, name) = (section.id(), escape(section.name));
        let _ = write!(
            html,
            "<section><h2 id=\"{id}\">{name}</h2><p>{}</p>",
            section.about
        );
        for route in &section.routes {
            html.push_str(&route.html(description));
        }
        html.push_str("</section>");
    }
    html.push_str(&shapes(description));
    html.push_str("</main></body></html>\n");
    html
}

struct Section<'a> {
    name: &'a str,
    /// HTML.
    about: String,
    routes: Vec<Operation<'a>>,
}

impl Section<'_> {
    fn id(&self) -> String {
        format!(
            "tag-{}",
            escape(&self.name.to_lowercase().replace(' ', "-"))
        )
    }
}

/// The tags in the order of the description, each once and only where it has routes; routes by path.
fn sections(description: &Value) -> Vec<Section<'_>> {
    let tags = description["tags"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let mut sections: Vec<Section<'_>> = Vec::new();
    for tag in tags {
        let name = tag["name"].as_str().unwrap_or(OTHER);
        if sections.iter().all(|known| known.name != name) {
            let about = inline(tag["description"].as_str().unwrap_or_default());
            sections.push(Section {
                name,
                about,
                routes: Vec::new(),
            });
        }
    }
    for (name, route) in routes(description) {
        match sections.iter_mut().find(|known| known.name == name) {
            Some(section) => section.routes.push(route),
            None => sections.push(Section {
                name,
                about: String::new(),
                routes: vec![route],
            }),
        }
    }
    sections.retain(|section| !section.routes.is_empty());
    sections
}

/// Every route with the name of its tag.
fn routes(description: &Value) -> impl Iterator<Item = (&str, Operation<'_>)> {
    let paths = description["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let said = item.get(method)?;
            let tag = said["tags"][0].as_str().unwrap_or(OTHER);
            Some((tag, Operation { path, method, said }))
        })
    })
}

fn shapes(description: &Value) -> String {
    let schemas = description["components"]["schemas"].as_object();
    let mut html = "<section><h2 id=shapes>Shapes</h2>\
                    <p>What bodies and answers are made of.</p>"
        .to_owned();
    for (name, schema) in schemas.into_iter().flatten() {
        let said = [
            prose(schema["description"].as_str().unwrap_or_default()),
            members(schema),
        ];
        let _ = write!(
            html,
            "<details><summary><code>{}</code></summary><div id=\"{}\">{}</div></details>",
            escape(name),
            anchor(name),
            said.concat()
        );
    }
    html.push_str("</section>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn description() -> Value {
        serde_json::to_value(crate::router::description()).unwrap()
    }

    /// The values of an attribute, as they stand in quotes.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let begin = format!("{attribute}=\"");
        let after = html.split(begin.as_str()).skip(1);
        after.filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_route_stands_in_its_section_once() {
        let description = description();
        let html = written(&description);
        let ids: Vec<_> = values(&html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "an id twice");
        for (tag, route) in routes(&description) {
            let id = route.said["operationId"].as_str().unwrap();
            assert!(unique.contains(&id), "{id}");
            assert_ne!(tag, OTHER, "{id} has no tag");
        }
    }

    #[test]
    fn every_link_leads_somewhere_and_none_to_another_host() {
        let html = written(&description());
        let ids: BTreeSet<_> = values(&html, "id").into_iter().collect();
        for link in values(&html, "href") {
            match link.strip_prefix('#') {
                Some("shapes") => {}
                Some(id) => assert!(ids.contains(id), "{link}"),
                None => assert!(link.starts_with('/') || link == "data:,", "{link}"),
            }
        }
        for element in ["<script", "<img", "<iframe", "<object"] {
            assert!(!html.contains(element), "{element}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
