//! Every reason why something became no number, for the API description: clients that have words for
//! each can be held to have words for all.

use clew_core::error::ErrorCode;
use clew_core::pipeline::{NotCounted, QuarantineCode};
use clew_core::wire::REJECTS;
use std::collections::BTreeSet;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, RefOr, SchemaFormat, Type};

/// What refuses a request after the site is known.
const REFUSED: &[ErrorCode] = &[
    ErrorCode::ForeignOrigin,
    ErrorCode::OriginRequired,
    ErrorCode::Unauthorized,
    ErrorCode::Forbidden,
    ErrorCode::UnknownSite,
];

/// Why events are set aside.
fn set_aside() -> BTreeSet<&'static str> {
    let judged = QuarantineCode::ALL.iter().map(|code| code.code());
    judged.chain(REJECTS.iter().copied()).collect()
}

/// An object of counts by the codes of events that were set aside.
pub(super) fn counts_of_set_aside() -> Object {
    let count = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0));
    let count = RefOr::T(Schema::Object(count.build()));
    ObjectBuilder::new()
        .property_names(Some(one_of(set_aside())))
        .additional_properties(Some(AdditionalProperties::RefOr(count)))
        .description(Some("Events set aside, by reason."))
        .build()
}

/// A code of whatever the edge remembers of a site.
pub(super) fn noted() -> Object {
    let mut codes = set_aside();
    codes.extend(NotCounted::ALL.iter().map(|reason| reason.code()));
    codes.extend(REFUSED.iter().map(|code| code.code()));
    let mut schema = one_of(codes);
    schema.description =
        Some("Why the request was refused, or its event left out or set aside.".to_owned());
    schema
}

fn one_of(codes: BTreeSet<&'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(codes))
        .build()
}
