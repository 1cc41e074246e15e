//! A door in the API description.

use crate::error::status;
use clew_core::error::ErrorCode;
use clew_core::wire::Door;
use std::collections::BTreeMap;
use utoipa::openapi::path::{Operation, OperationBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Required, ResponseBuilder, Schema};

/// What a client must know to use the door.
pub(super) fn operation(door: &Door) -> Operation {
    let mut body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .description(Some("Optionally gzip or br encoded"));
    let mut kinds = vec![
        ("application/json", door.request),
        ("text/plain", door.request),
    ];
    if door.takes_forms {
        let form = door.form.unwrap_or(door.request);
        kinds.push(("application/x-www-form-urlencoded", form));
    }
    for (kind, request) in kinds {
        let content = ContentBuilder::new().schema(Some(schema(request)));
        body = body.content(kind, content.build());
    }
    let answer = ContentBuilder::new().schema(Some(schema(door.answer)));
    let success = ResponseBuilder::new()
        .description("On disk")
        .content("application/json", answer.build());
    let mut operation = OperationBuilder::new()
        .tag("Ingest")
        .summary(Some(door.summary))
        .description(Some(door.description))
        .request_body(Some(body.build()))
        .response(door.status.to_string(), success.build());
    if door.successor.is_some() {
        operation = operation.deprecated(Some(utoipa::openapi::Deprecated::True));
    }
    for (status, codes) in refusals(door) {
        let refusal = ResponseBuilder::new().description(codes.join(", "));
        operation = operation.response(status.to_string(), refusal.build());
    }
    operation.build()
}

/// Error codes by HTTP status.
fn refusals(door: &Door) -> BTreeMap<u16, Vec<&'static str>> {
    let mut refusals = BTreeMap::<u16, Vec<_>>::new();
    let codes = Door::ALWAYS.iter().chain(door.errors);
    for code in codes.filter(|code| **code != ErrorCode::Internal) {
        let status = status(*code).as_u16();
        refusals.entry(status).or_default().push(code.code());
    }
    refusals
}

/// The schemas are constants of the formats; a test reads every one of them.
fn schema(text: &str) -> RefOr<Schema> {
    serde_json::from_str(text).expect("the format states a JSON Schema")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clew_core::wire::FORMATS;

    #[test]
    fn every_door_has_a_readable_description() {
        for door in FORMATS.iter().flat_map(|format| format.doors()) {
            let operation = operation(door);
            assert!(
                !door.summary.is_empty() && !door.description.is_empty(),
                "{door:?}"
            );
            let responses = &operation.responses.responses;
            for code in door.errors.iter().filter(|c| **c != ErrorCode::Internal) {
                let refusal = responses.get(status(*code).as_str());
                let Some(RefOr::T(refusal)) = refusal else {
                    panic!("{door:?} does not tell of {code:?}");
                };
                let told = refusal
                    .description
                    .split(", ")
                    .any(|told| told == code.code());
                assert!(told, "{door:?} does not tell of {code:?}");
            }
            let succeeds = responses.keys().any(|status| status.starts_with('2'));
            assert!(succeeds, "{door:?} does not tell what comes of it");
        }
    }
}
