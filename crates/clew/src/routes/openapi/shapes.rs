//! Shapes of parameters and members that their Rust types do not tell: closed words, times in two
//! notations, texts without control characters.
//!
//! Words come from the lists that the server itself reads by, so the description cannot name others.

use clew_store::relational::{AnalyticsPage, ErasureReason, KeyRole, Scope};
use jiff::Timestamp;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder,
    Schema, SchemaFormat, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

/// No control character, and at least one that is not white space.
const ONE_LINE: &str = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$";

/// A moment in a query: epoch milliseconds or RFC 3339.
pub(crate) struct Moment;

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let ms = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(Timestamp::MIN.as_millisecond()))
            .maximum(Some(Timestamp::MAX.as_millisecond()));
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
        AnyOfBuilder::new().item(ms).item(text).into()
    }
}

impl ToSchema for Moment {}

fn words(words: impl Iterator<Item = &'static str>) -> ObjectBuilder {
    let words: Vec<_> = words.collect();
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
}

/// A list of closed words with at least `least` of them; null where it may be left out.
fn list(of: ObjectBuilder, least: usize, may_be_null: bool) -> Schema {
    let list = ArrayBuilder::new().items(of).min_items(Some(least));
    let kind = if may_be_null {
        SchemaType::from_iter([Type::Array, Type::Null])
    } else {
        SchemaType::Type(Type::Array)
    };
    list.schema_type(kind).into()
}

pub(crate) fn pages() -> Schema {
    list(page(), 0, false)
}

pub(crate) fn pages_or_null() -> Schema {
    list(page(), 0, true)
}

/// At least one page, or none given.
pub(crate) fn some_pages() -> Schema {
    list(page(), 1, true)
}

fn page() -> ObjectBuilder {
    words(AnalyticsPage::ALL.iter().map(|page| page.as_str()))
}

pub(crate) fn scopes() -> Schema {
    list(scope(), 0, false)
}

/// At least one scope, or none given.
pub(crate) fn some_scopes() -> Schema {
    list(scope(), 1, true)
}

fn scope() -> ObjectBuilder {
    words(Scope::ALL.iter().map(|scope| scope.as_str()))
}

pub(crate) fn key_role() -> Schema {
    words(KeyRole::ALL.iter().map(|role| role.as_str())).into()
}

pub(crate) fn erasure_reason() -> Schema {
    let words = ErasureReason::ALL.iter().map(|reason| reason.as_str());
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new()
        .item(self::words(words))
        .item(null)
        .into()
}

/// A visitor, or whoever has a user id.
pub(crate) fn export_subject() -> Schema {
    OneOfBuilder::new()
        .item(only("visitorId", visitor()))
        .item(only("userId", user()))
        .into()
}

/// As [`export_subject`], or whom forms name by an e-mail address.
pub(crate) fn erasure_subject() -> Schema {
    let about = "Whatever names this address in a form, and the user with this id. Not stored.";
    let email = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::Custom("email".to_owned())))
        .description(Some(about));
    OneOfBuilder::new()
        .item(only("visitorId", visitor()))
        .item(only("userId", user()))
        .item(only("email", email))
        .into()
}

/// Another visitor, or whoever has a user id.
pub(crate) fn merged_with() -> Schema {
    OneOfBuilder::new()
        .item(only("withVisitorId", visitor()))
        .item(only("userId", user().max_length(Some(128))))
        .into()
}

fn visitor() -> ObjectBuilder {
    let about = "A visitor as events show it; whoever it is linked to is meant with it.";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .description(Some(about))
}

fn user() -> ObjectBuilder {
    let about = "The id that your site gave to `identify()`. Not stored.";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .max_length(Some(1_024))
        .pattern(Some(r"\S"))
        .description(Some(about))
}

/// A person's e-mail address and password, or a secret key.
pub(crate) fn credentials() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let person = ObjectBuilder::new()
        .property("email", text())
        .property("password", text())
        .required("email")
        .required("password")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    let key = text().description(Some("A secret key (`sk_…`)."));
    OneOfBuilder::new()
        .item(person)
        .item(only("api_key", key))
        .into()
}

fn only(name: &str, value: ObjectBuilder) -> ObjectBuilder {
    ObjectBuilder::new()
        .property(name, value)
        .required(name)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

/// Up to 20 selectors, or none given.
pub(crate) fn selectors() -> Schema {
    ArrayBuilder::new()
        .items(one_line(500))
        .max_items(Some(20))
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .into()
}

pub(crate) fn selector() -> Schema {
    one_line(500).into()
}

pub(crate) fn selector_or_null() -> Schema {
    or_null(one_line(500))
}

pub(crate) fn line() -> Schema {
    one_line(255).into()
}

pub(crate) fn line_or_null() -> Schema {
    or_null(one_line(255))
}

/// Up to 255 characters, none of them a control character; may be empty.
pub(crate) fn label() -> Schema {
    let text = one_line(255).min_length(None::<usize>);
    or_null(text.pattern(Some(r"^[^\x00-\x1f\x7f-\x9f]*$")))
}

fn or_null(text: ObjectBuilder) -> Schema {
    text.schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .into()
}

fn one_line(longest: usize) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(longest))
        .pattern(Some(ONE_LINE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_those_that_the_server_reads() {
        let schema = serde_json::to_value(some_scopes()).unwrap();
        let expected = serde_json::json!(["read", "manage", "ingest"]);
        assert_eq!(schema["items"]["enum"], expected);
        assert_eq!(schema["minItems"], 1);
    }
}
