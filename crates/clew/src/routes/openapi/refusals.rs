//! What any route may refuse, added to the description of every one of them.
//!
//! A route's own annotation says what is special about it and wins; whatever follows from its shape
//! (it has a body, it asks who is calling, it changes something) is said here once. Every refusal
//! has the same body.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Content, ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

const ERROR: &str = "Error";

/// Completes every operation.
pub(super) fn complete(description: &mut OpenApi) {
    for item in description.paths.paths.values_mut() {
        let methods = [
            (&mut item.get, false),
            (&mut item.put, true),
            (&mut item.post, true),
            (&mut item.delete, true),
        ];
        for (operation, changes) in methods {
            if let Some(operation) = operation {
                add(operation, changes);
                operation.responses.responses.iter_mut().for_each(give_body);
            }
        }
    }
    let components = description.components.get_or_insert_default();
    components.schemas.insert(ERROR.to_owned(), error().into());
}

fn add(operation: &mut Operation, changes: bool) {
    let parameters: Vec<_> = operation.parameters.iter().flatten().collect();
    let has = |place: &ParameterIn| {
        let here =
            |other: &&RefOr<Parameter>| matches!(other, RefOr::T(p) if p.parameter_in == *place);
        parameters.iter().any(here)
    };
    let secured = operation.security.is_some();
    let has_body = operation.request_body.is_some();
    let refusals = [
        (has(&ParameterIn::Query), 400, "invalid_parameter"),
        (has_body, 400, "malformed_json or bad_encoding"),
        (secured, 401, "unauthorized"),
        (secured, 403, "forbidden"),
        (
            changes,
            403,
            "cross_site: asked for by another web site's page",
        ),
        (has(&ParameterIn::Path), 404, "not_found"),
        (has_body, 408, "request_timeout"),
        (has_body, 413, "body_too_large"),
        (has_body, 415, "unsupported_media_type"),
        (
            has_body,
            422,
            "invalid_body; details.field names the member",
        ),
        (secured, 429, "rate_limited, with Retry-After"),
        (
            true,
            503,
            "overloaded, shutting_down or storage_unavailable, with Retry-After",
        ),
    ];
    for (applies, status, codes) in refusals {
        let responses = &mut operation.responses.responses;
        if applies {
            let refusal = || RefOr::T(ResponseBuilder::new().description(codes).build());
            responses.entry(status.to_string()).or_insert_with(refusal);
        }
    }
}

/// Refusals without a body of their own have that of all errors.
fn give_body((status, response): (&String, &mut RefOr<Response>)) {
    if let RefOr::T(response) = response
        && status.starts_with(['4', '5'])
        && response.content.is_empty()
    {
        let content: Content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(ERROR)))
            .build();
        let json = "application/json".to_owned();
        response.content.insert(json, content.into());
    }
}

fn error() -> Schema {
    let text = |about: &str| {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some(about)).build()
    };
    let details = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What the code alone does not say: `field`, `parameter`, `limit`, or `request_id` where the fault is ours"));
    let inner = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("code", text("Stable, for programs"))
        .property("message", text("For people"))
        .property("details", details.build())
        .required("code")
        .required("message");
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("error", inner.build())
        .required("error")
        .build()
        .into()
}

/// Keys are what programs present: the cookie of people who signed in opens the same routes and is
/// left out where a key does.
pub(super) fn tidy(description: &mut OpenApi) {
    for item in description.paths.paths.values_mut() {
        let methods = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
        ];
        for operation in methods.into_iter().flatten() {
            if let Some(security) = &mut operation.security
                && security.len() > 1
            {
                security.truncate(2);
                security.remove(0);
            }
        }
    }
}
