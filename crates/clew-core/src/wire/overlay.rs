//! Overlay of JSON objects, read one by one: for families whose bodies are not shaped like ours.
//!
//! Owns the search for a member in an item and, where the item has none, in the envelope around
//! it. Of a key that occurs twice the last value counts; null is absent. A value of the wrong type
//! is an error of that member ([`Wrong`]), so that one bad item of a batch can be told from all
//! others.

use super::clew::{ConsentField, Props, Scalar, Shape};
use super::members::elements;
use super::typed::TypedFields;
use super::{WireError, WireEvent, WireReject};
use crate::error::ErrorCode;
use crate::model::{Consent, EpochMs};
use serde::Deserialize;
use serde::de::{DeserializeSeed as _, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Bytes of envelopes that the items of one batch may inherit together: without a bound, a small
/// body whose envelope is heavy would become megabytes on disk.
const INHERITED_MAX: usize = 4 << 20;

/// Members of one object, as many as a form has: each costs many times its bytes in memory.
const MEMBERS_MAX: usize = 1_000;

/// A member that has no sense, or none at all where there must be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) error: ErrorCode,
    pub(super) member: &'static str,
    pub(super) expected: &'static str,
    /// What an item of a batch is refused with.
    pub(super) reject: &'static str,
}

impl Wrong {
    pub(super) const fn new(member: &'static str, expected: &'static str) -> Self {
        Self {
            error: ErrorCode::InvalidBody,
            member,
            expected,
            reject: "invalid_member",
        }
    }

    pub(super) fn in_item(self, item: &RawValue) -> WireReject {
        WireReject::of(self.reject, item.get().as_bytes())
    }
}

impl From<Wrong> for WireError {
    fn from(wrong: Wrong) -> Self {
        Self::field(wrong.error, wrong.member, wrong.expected)
    }
}

/// An object, and the objects around it in which its members may stand too.
#[derive(Clone, Debug, Default)]
pub(super) struct Overlay<'a> {
    own: Own<'a>,
    around: Option<&'a Overlay<'a>>,
}

type Own<'a> = BTreeMap<String, &'a RawValue>;

/// Reads the members of an object; None when it is none, or has more than [`MEMBERS_MAX`].
fn members(json: &str) -> Option<Own<'_>> {
    let own = serde_json::from_str::<Bounded<'_>>(json).ok()?;
    Some(own.0)
}

struct Bounded<'a>(Own<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Bounded<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(BoundedVisitor).map(Bounded)
    }
}

struct BoundedVisitor;

impl<'de> Visitor<'de> for BoundedVisitor {
    type Value = Own<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of at most {MEMBERS_MAX} members")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut own = BTreeMap::new();
        while let Some((name, raw)) = map.next_entry::<String, &RawValue>()? {
            own.insert(name, raw);
            if own.len() > MEMBERS_MAX {
                return Err(A::Error::invalid_length(own.len(), &self));
            }
        }
        Ok(own)
    }
}

impl<'a> Overlay<'a> {
    /// A whole body.
    ///
    /// # Errors
    /// [`ErrorCode::MalformedJson`], or [`ErrorCode::InvalidBody`] when it is no object or has
    /// more members than anybody needs.
    pub(super) fn of_body(body: &'a [u8]) -> Result<Self, ErrorCode> {
        let body = std::str::from_utf8(body).map_err(|_| ErrorCode::MalformedJson)?;
        if let Some(own) = members(body) {
            return Ok(Self { own, around: None });
        }
        let is_json = serde_json::from_str::<IgnoredAny>(body).is_ok();
        Err(if is_json {
            ErrorCode::InvalidBody
        } else {
            ErrorCode::MalformedJson
        })
    }

    /// An object within; None when it is something else.
    fn of(raw: &'a RawValue) -> Option<Self> {
        let own = members(raw.get())?;
        Some(Self { own, around: None })
    }

    /// An item of a batch; what it does not say, `around` does.
    ///
    /// # Errors
    /// It is no object.
    pub(super) fn of_item(raw: &'a RawValue, around: &'a Self) -> Result<Self, Wrong> {
        let item = Self::of(raw).ok_or(Wrong {
            reject: "not_an_object",
            ..Wrong::new("events", "expected objects")
        })?;
        Ok(Self {
            around: Some(around),
            ..item
        })
    }

    /// The first of `names` that is there, in the object itself.
    pub(super) fn own(&self, names: &[&str]) -> Option<&'a RawValue> {
        let found = names.iter().filter_map(|name| self.own.get(*name).copied());
        found.into_iter().find(|raw| raw.get() != "null")
    }

    fn any(&self, names: &[&str]) -> Option<&'a RawValue> {
        let around = || self.around.and_then(|around| around.own(names));
        self.own(names).or_else(around)
    }

    /// Which of `names` is the first that is there, in the object itself.
    pub(super) fn which(&self, names: &[&'static str]) -> Option<&'static str> {
        let mut names = names.iter().copied();
        names.find(|name| self.own(&[name]).is_some())
    }

    /// Names of all members of the object itself.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.own.keys().map(String::as_str)
    }

    /// A text, here or around.
    pub(super) fn text(&self, names: &[&'static str]) -> Result<Option<String>, Wrong> {
        let wrong = Wrong {
            reject: "invalid_text",
            ..Wrong::new(names[0], "expected a text")
        };
        read(self.any(names), wrong, |value: Scalar| value.text().ok())
    }

    /// A text of the object itself.
    pub(super) fn own_text(&self, names: &[&'static str]) -> Result<Option<String>, Wrong> {
        let wrong = Wrong::new(names[0], "expected a text");
        read(self.own(names), wrong, |value: Scalar| value.text().ok())
    }

    /// An id, here or around: a text, or a number as shops have them.
    pub(super) fn id(&self, names: &[&'static str]) -> Result<Option<String>, Wrong> {
        read(self.any(names), bad_id(names[0]), |value: Scalar| {
            value.id().ok()
        })
    }

    /// An id of the object itself.
    pub(super) fn own_id(&self, names: &[&'static str]) -> Result<Option<String>, Wrong> {
        read(self.own(names), bad_id(names[0]), |value: Scalar| {
            value.id().ok()
        })
    }

    /// When the object itself happened.
    pub(super) fn time(&self, names: &[&'static str]) -> Result<Option<EpochMs>, Wrong> {
        let wrong = Wrong {
            reject: "invalid_time",
            ..Wrong::new(names[0], "expected epoch milliseconds or RFC 3339")
        };
        read(self.own(names), wrong, |value: Scalar| value.time().ok())
    }

    /// A number of the object itself; None also when it is something else.
    pub(super) fn number(&self, names: &[&str]) -> Option<f64> {
        let raw = self.own(names)?;
        let value = serde_json::from_str::<Scalar>(raw.get()).ok()?;
        value.amount().ok().flatten()
    }

    /// What the visitor said, here or around.
    pub(super) fn consent(&self) -> Result<Consent, Wrong> {
        let wrong = Wrong {
            reject: "invalid_consent",
            ..Wrong::new("consent", "expected answers by purpose")
        };
        let raw = self.any(&["consent"]);
        let read = read(raw, wrong, |field: ConsentField| {
            field.read().ok().map(Some)
        })?;
        Ok(read.unwrap_or_default())
    }

    /// An object, here or around.
    pub(super) fn object(&self, name: &'static str) -> Result<Overlay<'a>, Wrong> {
        let Some(raw) = self.any(&[name]) else {
            return Ok(Overlay::default());
        };
        Overlay::of(raw).ok_or(Wrong {
            reject: "not_an_object",
            ..Wrong::new(name, "expected an object")
        })
    }

    /// Values of a form, of the object itself; None when there is no such member.
    pub(super) fn typed(
        &self,
        name: &'static str,
    ) -> Result<Option<BTreeMap<String, String>>, Wrong> {
        let wrong = Wrong {
            reject: "invalid_fields",
            ..Wrong::new(name, "expected an object of values")
        };
        read(self.own(&[name]), wrong, |fields: TypedFields| {
            fields.0.map(Some)
        })
    }

    /// The value of one form field, of the object itself.
    pub(super) fn typed_value(&self, name: &str) -> Option<String> {
        let raw = self.own(&[name])?;
        let one = format!(r#"{{"v":{}}}"#, raw.get());
        let fields = serde_json::from_str::<TypedFields>(&one).ok()?;
        fields.0?.remove("v")
    }

    /// Up to `most` items of a batch, as they are written, and whether there were more.
    pub(super) fn list(
        &self,
        name: &'static str,
        most: usize,
    ) -> Result<(Vec<&'a RawValue>, bool), Wrong> {
        let wrong = Wrong::new(name, "expected a list");
        let raw = self.own(&[name]).ok_or(wrong)?;
        elements(raw, most).ok_or(wrong)
    }

    /// Whether `items` items can inherit from this object, of whose bytes the list `list` is no
    /// part.
    pub(super) fn may_be_inherited(&self, items: usize, list: &str) -> bool {
        let others = self.own.iter().filter(|(name, _)| *name != list);
        let weight: usize = others.map(|(_, raw)| raw.get().len()).sum();
        items * weight <= INHERITED_MAX
    }

    /// The members but those named become properties of the event, nested ones flat.
    pub(super) fn put_props(&self, event: &mut WireEvent, but: &[&str]) -> Result<(), Wrong> {
        let others = self
            .own
            .iter()
            .filter(|(name, _)| !but.contains(&name.as_str()));
        let mut json = String::from("{");
        for (name, raw) in others {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&serde_json::Value::from(name.as_str()).to_string());
            json.push(':');
            json.push_str(raw.get());
        }
        json.push('}');
        let mut reader = serde_json::Deserializer::from_str(&json);
        match Props::of(event, &mut String::new()).deserialize(&mut reader) {
            Ok(Shape::Object | Shape::Null) => Ok(()),
            Ok(Shape::TooDeep | Shape::Other) | Err(_) => Err(Wrong {
                reject: "invalid_props",
                ..Wrong::new("data", "expected an object of at most eight levels")
            }),
        }
    }
}

const fn bad_id(member: &'static str) -> Wrong {
    Wrong {
        reject: "invalid_id",
        ..Wrong::new(member, "expected a text or a whole number")
    }
}

fn read<'a, T: serde::Deserialize<'a>, V>(
    raw: Option<&'a RawValue>,
    wrong: Wrong,
    value: impl FnOnce(T) -> Option<Option<V>>,
) -> Result<Option<V>, Wrong> {
    let Some(raw) = raw else {
        return Ok(None);
    };
    let read = serde_json::from_str(raw.get()).ok();
    read.and_then(value).ok_or(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_asks_its_envelope() {
        let body = br#"{"a":"x","b":null,"t":5,"a":"y","events":[{"b":7},{"a":null},[]]}"#;
        let envelope = Overlay::of_body(body).unwrap();
        let (items, more) = envelope.list("events", 3).unwrap();
        assert!(!more);
        let item = Overlay::of_item(items[0], &envelope).unwrap();
        assert_eq!(item.text(&["a"]), Ok(Some("y".to_owned())));
        assert_eq!(item.id(&["b"]), Ok(Some("7".to_owned())));
        assert_eq!(item.text(&["b"]).unwrap_err().reject, "invalid_text");
        assert_eq!(item.time(&["t"]), Ok(None), "a time is its own");
        let item = Overlay::of_item(items[1], &envelope).unwrap();
        assert_eq!(item.text(&["z", "a"]), Ok(Some("y".to_owned())));
        let refused = Overlay::of_item(items[2], &envelope).unwrap_err();
        assert_eq!(refused.reject, "not_an_object");
    }

    #[test]
    fn a_body_is_json_and_an_object() {
        for (body, code) in [
            (&b"{"[..], ErrorCode::MalformedJson),
            (b"", ErrorCode::MalformedJson),
            (b"\xff", ErrorCode::MalformedJson),
            (b"[1]", ErrorCode::InvalidBody),
            (b"null", ErrorCode::InvalidBody),
        ] {
            assert_eq!(Overlay::of_body(body).unwrap_err(), code);
        }
    }

    #[test]
    fn members_and_lists_are_bounded() {
        let body = |count: usize| {
            let members: Vec<_> = (0..count).map(|n| format!(r#""m{n}":1"#)).collect();
            format!(r#"{{{},"m0":2}}"#, members.join(","))
        };
        assert!(Overlay::of_body(body(MEMBERS_MAX).as_bytes()).is_ok());
        let many = body(MEMBERS_MAX + 1);
        let refused = Overlay::of_body(many.as_bytes()).unwrap_err();
        assert_eq!(refused, ErrorCode::InvalidBody);
        let inside = format!(r#"{{"page":{many},"events":[1,2,3]}}"#);
        let envelope = Overlay::of_body(inside.as_bytes()).unwrap();
        assert_eq!(envelope.object("page").unwrap_err().reject, "not_an_object");
        let (items, more) = envelope.list("events", 2).unwrap();
        assert_eq!((items.len(), more), (2, true));
    }

    #[test]
    fn a_heavy_envelope_is_not_multiplied() {
        let body = format!(r#"{{"page":"{}","events":[]}}"#, "x".repeat(10_000));
        let envelope = Overlay::of_body(body.as_bytes()).unwrap();
        assert!(envelope.may_be_inherited(400, "events"));
        assert!(!envelope.may_be_inherited(500, "events"));
    }

    #[test]
    fn members_become_properties_but_those_that_are_named() {
        let body = br#"{"a":{"b":1,"c":"x"},"fields":{"email":"jane@mail.example"}}"#;
        let mut event = WireEvent::default();
        let members = Overlay::of_body(body).unwrap();
        members.put_props(&mut event, &["fields"]).unwrap();
        assert!((event.numbers["a.b"] - 1.0).abs() < f64::EPSILON);
        assert_eq!(event.props.len(), 1);
        let deep = format!(r#"{{"a":{}1{}}}"#, r#"{"b":"#.repeat(20), "}".repeat(20));
        let members = Overlay::of_body(deep.as_bytes()).unwrap();
        assert!(members.put_props(&mut event, &[]).is_err());
    }
}
