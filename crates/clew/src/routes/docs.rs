//! `/docs`: the API description as a plain page, without script and without foreign hosts.

use crate::router;
use axum::response::Html;
use std::fmt::Write;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Operation, PathItem};

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#1b1f24}h2{margin-top:2.5rem;border-top:1px solid #ccd;padding-top:1rem}\
code{background:#eef;padding:.1em .3em;border-radius:3px}td,th{text-align:left;\
padding:.15rem 1rem .15rem 0;vertical-align:top}";

/// The page.
pub async fn page() -> Html<String> {
    let mut html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Clew API</title>\
         <meta name=viewport content=\"width=device-width\"><style>{STYLE}</style>\
         <h1>Clew API</h1><p>Machine-readable: <a href=/openapi.json>openapi.json</a>. Send secret \
         keys as <code>Authorization: Bearer sk_…</code>.</p>"
    );
    let description = router::description();
    for (path, item) in &description.paths.paths {
        for (method, operation) in operations(item) {
            section(&mut html, method, path, operation);
        }
    }
    html.push_str("</html>");
    Html(html)
}

fn operations(item: &PathItem) -> Vec<(&'static str, &Operation)> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("DELETE", &item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
        .collect()
}

fn section(html: &mut String, method: &str, path: &str, operation: &Operation) {
    let summary = escape(operation.summary.as_deref().unwrap_or_default());
    let text = escape(operation.description.as_deref().unwrap_or_default());
    let path = escape(path);
    // Writing into a string cannot fail.
    let _ = write!(
        html,
        "<h2><code>{method} {path}</code> {summary}</h2><p>{text}</p>"
    );
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<table><tr><th>parameter<th>meaning");
        for parameter in parameters {
            let RefOr::T(parameter) = parameter else {
                continue;
            };
            let about = escape(parameter.description.as_deref().unwrap_or_default());
            let name = escape(&parameter.name);
            let _ = write!(html, "<tr><td><code>{name}</code><td>{about}");
        }
        html.push_str("</table>");
    }
    html.push_str("<table><tr><th>status<th>meaning");
    for (status, response) in &operation.responses.responses {
        let about = match response {
            RefOr::T(response) => escape(&response.description),
            RefOr::Ref(_) => String::new(),
        };
        let _ = write!(html, "<tr><td>{}<td>{about}", escape(status));
    }
    html.push_str("</table>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_route_is_described_and_nothing_is_loaded_from_elsewhere() {
        let Html(html) = page().await;
        for path in router::description().paths.paths.keys() {
            assert!(html.contains(&escape(path)), "{path}");
        }
        assert!(!html.contains("://"), "no foreign hosts");
    }
}
