//! `/openapi.json`: the description of all routes, generated from the routes themselves.

mod refusals;
pub(crate) mod shapes;

use crate::router;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use std::sync::LazyLock;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::assets::{Caching, Encoded};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clew",
        description = "Events in, reports out. Errors are `{\"error\":{\"code\",\"message\",\"details\"?}}`; times are RFC 3339 or epoch milliseconds in, RFC 3339 UTC out. People who are signed in reach every route that takes a key with their session cookie too.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Credentials),
    tags(
        (name = "Ingest", description = "Public doors for events"),
        (name = "Scripts", description = "The browser SDK"),
        (name = "Events", description = "What came in"),
        (name = "Reports", description = "What it means"),
        (name = "Sites", description = "What is measured"),
        (name = "Clients", description = "The same sites, with forms and fields, for those who come from a CRM tracker"),
        (name = "Analytics", description = "Reports and settings, for those who come from Pulse"),
        (name = "Visitors", description = "Who came, and who is who"),
        (name = "Privacy", description = "How long data stays, and what is stored about somebody"),
        (name = "Sign-in", description = "People and their sessions"),
        (name = "Account", description = "The account and its audit log"),
        (name = "Users", description = "Who belongs to the account"),
        (name = "Keys", description = "Secret API keys"),
        (name = "Privacy", description = "What is kept, of whom, for how long, and what visitors can ask for"),
        (name = "Operations", description = "Health and metrics"),
    )
)]
pub(crate) struct Description;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("sk_…")
            .description(Some("A secret key from `clew key create`, or an access token from `POST /v1/auth/token`; keys may also come as `X-API-Key`"));
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("secret_key", SecurityScheme::Http(bearer.build()));
        let cookie = ApiKeyValue::with_description(
            "__Host-clew",
            "Set by `POST /v1/session`; called `clew` where the server is reached without TLS",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Gives every operation an id of its own, as OpenAPI demands: method and path, since handlers of
/// different nouns share their names.
pub(crate) fn name_operations(description: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let words = path.split(|c: char| !c.is_ascii_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let noun = words.join("_");
        for (method, operation) in [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
        ] {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{noun}"));
            }
        }
    }
}

/// Says what follows from the shape of every route.
pub(crate) fn complete(description: &mut utoipa::openapi::OpenApi) {
    refusals::complete(description);
    refusals::tidy(description);
}

static DOCUMENT: LazyLock<Option<Encoded>> = LazyLock::new(|| {
    let text = document_text().ok()?;
    Some(Encoded::new(Bytes::from(text), "application/json"))
});

/// The description as pretty JSON with a final newline: the committed file, byte for byte.
pub fn document_text() -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(&router::description())?;
    text.push('\n');
    Ok(text)
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "Operations",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json"))
)]
pub async fn document(headers: HeaderMap) -> crate::error::ApiResult<Response> {
    let document = DOCUMENT.as_ref().ok_or_else(|| {
        crate::error::ApiError::internal("the API description cannot be written as JSON")
    })?;
    Ok(document.reply(&headers, Caching::Revalidate))
}
