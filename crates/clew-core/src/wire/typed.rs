//! Values of form fields as clients send them: JSON of any shape becomes text.
//!
//! A tick is `true`, several choices are joined by commas, what is nested carries its names. What
//! was left empty is no value. Work is bounded: four levels deep, 200 fields.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// More are not read: the pipeline keeps fewer.
pub(super) const READ_MAX: usize = 200;
const DEPTH_MAX: u8 = 4;

/// Field name → value; None when what stood there was no object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TypedFields(pub(super) Option<BTreeMap<String, String>>);

impl<'de> Deserialize<'de> for TypedFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldsVisitor)
    }
}

/// One value as text; None when it was left empty or is no JSON.
pub(super) fn value(json: &str) -> Option<String> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Typed { depth: 0 }.deserialize(&mut deserializer).ok()?
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = TypedFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TypedFields, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Typed { depth: 0 })?;
            if let Some(value) = value.filter(|_| fields.len() < READ_MAX) {
                fields.insert(name, value);
            }
        }
        Ok(TypedFields(Some(fields)))
    }

    fn visit_unit<E>(self) -> Result<TypedFields, E> {
        Ok(TypedFields(Some(BTreeMap::new())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TypedFields, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(TypedFields(None))
    }

    fn visit_bool<E>(self, _: bool) -> Result<TypedFields, E> {
        Ok(TypedFields(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<TypedFields, E> {
        Ok(TypedFields(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<TypedFields, E> {
        Ok(TypedFields(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<TypedFields, E> {
        Ok(TypedFields(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<TypedFields, E> {
        Ok(TypedFields(None))
    }
}

/// One value as text; None when it was left empty.
#[derive(Clone, Copy, Debug)]
struct Typed {
    depth: u8,
}

impl Typed {
    fn inside(self) -> Option<Self> {
        (self.depth < DEPTH_MAX).then_some(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Typed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Typed {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok((!value.trim().is_empty()).then(|| value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Some(inside) = self.inside() else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(None);
        };
        let mut parts = Vec::new();
        while let Some(part) = seq.next_element_seed(inside)? {
            parts.extend(part.filter(|_| parts.len() < READ_MAX));
        }
        Ok((!parts.is_empty()).then(|| parts.join(", ")))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some(inside) = self.inside() else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(None);
        };
        let mut parts = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(inside)?;
            let part = value.map(|value| format!("{name}: {value}"));
            parts.extend(part.filter(|_| parts.len() < READ_MAX));
        }
        Ok((!parts.is_empty()).then(|| parts.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Option<BTreeMap<String, String>> {
        serde_json::from_str::<TypedFields>(json).unwrap().0
    }

    #[test]
    fn every_shape_becomes_text() {
        let json = r#"{"a":" x ","b":"  ","c":null,"d":true,"e":-1.5,"f":["x",2,null],
            "g":{"h":"x","i":{"j":1}},"k":[],"a2":18446744073709551615}"#;
        let got = fields(json).unwrap();
        let expected = [
            ("a", " x "),
            ("a2", "18446744073709551615"),
            ("d", "true"),
            ("e", "-1.5"),
            ("f", "x, 2"),
            ("g", "h: x, i: j: 1"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(got, BTreeMap::from(expected));
    }

    #[test]
    fn what_is_no_object_is_told_and_bounds_hold() {
        for json in ["[]", "1", "-1", "1.5", "true", r#""x""#] {
            assert_eq!(fields(json), None, "{json}");
        }
        assert_eq!(fields("null"), Some(BTreeMap::new()));
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(100), "]".repeat(100));
        assert_eq!(fields(&deep), Some(BTreeMap::new()));
        let many: Vec<_> = (0..500).map(|n| format!(r#""f{n}":1"#)).collect();
        let many = format!("{{{}}}", many.join(","));
        assert_eq!(fields(&many).unwrap().len(), READ_MAX);
    }
}
