//! Members of a JSON object by their known names: what the formats with one event a body, or many
//! spellings, read with.
//!
//! Owns the tolerance that all of them share: unknown members are skipped without being kept, of a
//! name that occurs twice the last value counts, null is absent. Refuses to guess: a value of
//! another type than its member has is an error that names the member.
//!
//! Invariants: values stay bytes until they are asked for, so one bad value takes no neighbour with
//! it; nothing recurses; the work is linear in the body.

use super::clew::{ConsentField, Props, Scalar, Shape};
use super::{WireError, WireEvent};
use crate::error::ErrorCode;
use crate::model::{Consent, EpochMs};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Every spelling of a member, the documented one first.
pub(super) type Names = &'static [&'static [&'static str]];

/// The known members of one object.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    names: Names,
    values: Vec<Option<&'a RawValue>>,
}

/// A member whose value is not what it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) member: &'static str,
    expected: &'static str,
}

impl Wrong {
    /// What an item of a batch is set aside with.
    pub(super) fn code(self) -> &'static str {
        match self.member {
            "eventType" | "event_type" => "invalid_type",
            "timestamp" => "invalid_time",
            "eventId" | "event_id" => "invalid_id",
            "sessionId" | "session_id" => "invalid_session_id",
            "visitorId" | "visitor_id" => "invalid_visitor_id",
            "url" | "page_url" => "invalid_url",
            "title" => "invalid_title",
            "referrer" => "invalid_referrer",
            "value" => "invalid_value",
            "currency" => "invalid_currency",
            "consent" => "invalid_consent",
            "eventData" | "custom_fields" => "invalid_props",
            _ => "unreadable",
        }
    }
}

impl From<Wrong> for WireError {
    fn from(wrong: Wrong) -> Self {
        Self::field(ErrorCode::InvalidBody, wrong.member, wrong.expected)
    }
}

/// Reads the body of a request, which must be an object.
///
/// # Errors
/// [`ErrorCode::MalformedJson`] or [`ErrorCode::InvalidBody`].
pub(super) fn read_body(body: &[u8], names: Names) -> Result<Members<'_>, ErrorCode> {
    let body = std::str::from_utf8(body).map_err(|_| ErrorCode::MalformedJson)?;
    match Members::of(body, names) {
        Some(members) => Ok(members),
        None if serde_json::from_str::<IgnoredAny>(body).is_ok() => Err(ErrorCode::InvalidBody),
        None => Err(ErrorCode::MalformedJson),
    }
}

/// Up to `most` elements of an array and whether there were more; none when it is no array.
pub(super) fn elements(array: &RawValue, most: usize) -> Option<(Vec<&RawValue>, bool)> {
    read(array.get(), ElementsSeed(most))
}

/// Up to `most` members of an object with whatever names; none when it is no object.
pub(super) fn entries(object: &RawValue, most: usize) -> Option<Vec<(String, &RawValue)>> {
    read(object.get(), EntriesSeed(most))
}

fn read<'a, S: DeserializeSeed<'a>>(json: &'a str, seed: S) -> Option<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = seed.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

impl<'a> Members<'a> {
    /// None when `json` is no object.
    pub(super) fn of(json: &'a str, names: Names) -> Option<Self> {
        read(json, MembersSeed(names))
    }

    /// The value of the member whose documented name this is; null is none.
    pub(super) fn raw(&self, member: &str) -> Option<&'a RawValue> {
        let known = self.names.iter().position(|names| names[0] == member);
        debug_assert!(known.is_some(), "{member} is no known member");
        let value = self.values.get(known?).copied().flatten();
        value.filter(|value| value.get() != "null")
    }

    pub(super) fn text(&self, member: &'static str) -> Result<Option<String>, Wrong> {
        let expected = "expected a text";
        self.read(member, expected, |raw| serde_json::from_str(raw).ok())
    }

    /// A text that is there and has at least one character.
    pub(super) fn required_text(&self, member: &'static str) -> Result<String, Wrong> {
        required(member, self.text(member)?)
    }

    /// An id: a text, or a number as shops have them, as it is written.
    pub(super) fn id(&self, member: &'static str) -> Result<Option<String>, Wrong> {
        self.read(member, "expected a text or a number", plain)
    }

    pub(super) fn required_id(&self, member: &'static str) -> Result<String, Wrong> {
        required(member, self.id(member)?)
    }

    /// Epoch milliseconds, or RFC 3339.
    pub(super) fn time(&self, member: &'static str) -> Result<Option<EpochMs>, Wrong> {
        let expected = "expected epoch milliseconds or an RFC 3339 time";
        let time = |raw: &str| scalar(raw)?.time().ok();
        Ok(self.read(member, expected, time)?.flatten())
    }

    /// A number from 0 on.
    pub(super) fn count(&self, member: &'static str) -> Result<Option<u32>, Wrong> {
        let count = |raw: &str| scalar(raw)?.count().ok();
        let read = self.read(member, "expected a number from 0 on", count)?;
        Ok(read.flatten())
    }

    /// A number, or one in a text.
    pub(super) fn amount(&self, member: &'static str) -> Result<Option<f64>, Wrong> {
        let amount = |raw: &str| scalar(raw)?.amount().ok();
        Ok(self.read(member, "expected a number", amount)?.flatten())
    }

    pub(super) fn consent(&self) -> Result<Consent, Wrong> {
        let expected = "expected true, false or an object of answers by purpose";
        let consent = |raw: &str| serde_json::from_str::<ConsentField>(raw).ok()?.read().ok();
        Ok(self.read("consent", expected, consent)?.unwrap_or_default())
    }

    pub(super) fn object(
        &self,
        member: &'static str,
        names: Names,
    ) -> Result<Option<Members<'a>>, Wrong> {
        self.read(member, OBJECT, |raw| Self::of(raw, names))
    }

    /// Adds the object's members, flattened, to the event's properties.
    pub(super) fn props(&self, member: &'static str, event: &mut WireEvent) -> Result<(), Wrong> {
        let props = |raw: &str| match read(raw, Props::of(event, &mut String::new()))? {
            Shape::Object => Some(()),
            Shape::Null | Shape::TooDeep | Shape::Other => None,
        };
        self.read(member, "expected an object of up to eight levels", props)?;
        Ok(())
    }

    fn read<T>(
        &self,
        member: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a str) -> Option<T>,
    ) -> Result<Option<T>, Wrong> {
        let Some(raw) = self.raw(member) else {
            return Ok(None);
        };
        read(raw.get()).map(Some).ok_or(Wrong { member, expected })
    }
}

const OBJECT: &str = "expected an object";

fn required(member: &'static str, value: Option<String>) -> Result<String, Wrong> {
    let expected = "is required";
    let value = value.filter(|value| !value.is_empty());
    value.ok_or(Wrong { member, expected })
}

fn scalar(raw: &str) -> Option<Scalar> {
    serde_json::from_str(raw).ok()
}

/// A text, or a number as it is written; what an id and the value of a form's field can be.
pub(super) fn plain(raw: &str) -> Option<String> {
    if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Some(raw.to_owned());
    }
    serde_json::from_str(raw).ok()
}

struct MembersSeed(Names);

impl<'de> DeserializeSeed<'de> for MembersSeed {
    type Value = Members<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MembersSeed {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.len()];
        while let Some(known) = map.next_key_seed(NameSeed(self.0))? {
            match known {
                Some(place) => values[place] = Some(map.next_value::<&RawValue>()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Members {
            names: self.0,
            values,
        })
    }
}

/// Which member a key is.
struct NameSeed(Names);

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|names| names.contains(&key)))
    }
}

struct ElementsSeed(usize);

impl<'de> DeserializeSeed<'de> for ElementsSeed {
    type Value = (Vec<&'de RawValue>, bool);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ElementsSeed {
    type Value = (Vec<&'de RawValue>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while elements.len() < self.0 {
            match seq.next_element()? {
                Some(element) => elements.push(element),
                None => return Ok((elements, false)),
            }
        }
        let mut more = false;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            more = true;
        }
        Ok((elements, more))
    }
}

struct EntriesSeed(usize);

impl<'de> DeserializeSeed<'de> for EntriesSeed {
    type Value = Vec<(String, &'de RawValue)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntriesSeed {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while entries.len() < self.0 {
            match map.next_entry::<String, &RawValue>()? {
                Some(entry) => entries.push(entry),
                None => return Ok(entries),
            }
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names = &[&["siteId", "site_id"], &["n"], &["o"], &["consent"]];

    fn members(json: &str) -> Members<'_> {
        read_body(json.as_bytes(), NAMES).unwrap()
    }

    #[test]
    fn known_members_are_found_by_every_spelling_and_the_last_one_counts() {
        let read = members(r#"{"siteId":"a","x":[[[{}]]],"site_id":"b","n":null}"#);
        assert_eq!(read.text("siteId").unwrap().as_deref(), Some("b"));
        assert!(read.raw("n").is_none() && read.raw("o").is_none());
    }

    #[test]
    fn what_is_no_object_is_invalid_and_what_is_no_json_is_malformed() {
        for (body, code) in [
            ("[]", ErrorCode::InvalidBody),
            ("\"x\"", ErrorCode::InvalidBody),
            ("null", ErrorCode::InvalidBody),
            ("", ErrorCode::MalformedJson),
            ("{", ErrorCode::MalformedJson),
            ("{}x", ErrorCode::MalformedJson),
        ] {
            assert_eq!(read_body(body.as_bytes(), NAMES).unwrap_err(), code);
        }
        assert_eq!(
            read_body(b"\xff", NAMES).unwrap_err(),
            ErrorCode::MalformedJson
        );
    }

    #[test]
    fn a_value_of_another_type_is_named() {
        let read = members(r#"{"siteId":{},"n":"x","o":[],"consent":7}"#);
        for wrong in [
            read.text("siteId").unwrap_err(),
            read.id("siteId").unwrap_err(),
        ] {
            assert_eq!(wrong.member, "siteId");
        }
        assert!(read.count("n").is_err() && read.time("n").is_err());
        assert!(read.object("o", NAMES).is_err() && read.consent().is_err());
        let lone = members(r#"{"siteId":"\ud800"}"#);
        assert!(lone.text("siteId").is_err());
    }

    #[test]
    fn numbers_are_ids_as_they_are_written() {
        let read = members(r#"{"siteId":12345678901234567890,"n":1.50}"#);
        assert_eq!(
            read.id("siteId").unwrap().as_deref(),
            Some("12345678901234567890")
        );
        assert_eq!(read.id("n").unwrap().as_deref(), Some("1.50"));
    }

    #[test]
    fn lists_are_read_up_to_a_bound() {
        let raw: &RawValue = serde_json::from_str("[1,2,3]").unwrap();
        let (two, more) = elements(raw, 2).unwrap();
        assert_eq!((two.len(), more), (2, true));
        assert_eq!(
            elements(raw, 3).map(|(all, more)| (all.len(), more)),
            Some((3, false))
        );
        assert!(entries(raw, 2).is_none());
        let raw: &RawValue = serde_json::from_str(r#"{"a":1,"b":2}"#).unwrap();
        assert_eq!(entries(raw, 1).unwrap().len(), 1);
    }
}
