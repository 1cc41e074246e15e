//! Objects and lists as the bytes of their parts, up to a bound; the rest is skipped unread.

use super::Names;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A member as it is written.
pub(super) type Entry<'a> = (Cow<'a, str>, &'a RawValue);

/// What was kept, and whether there was more of it than might be.
type Bounded<T> = (Vec<T>, bool);

/// Up to `most` elements of an array, and whether there were more; none when it is no array.
pub(in crate::wire) fn elements(json: &str, most: usize) -> Option<Bounded<&RawValue>> {
    value(json, Elements(most))
}

/// Up to `most` members of an object with whatever names, in their order; none when it is no object.
pub(in crate::wire) fn entries(json: &str, most: usize) -> Option<Vec<Entry<'_>>> {
    object(json, most, None).map(|(entries, _)| entries)
}

/// Up to `most` members of an object, of those that `names` keeps; none when it is no object.
pub(super) fn object(json: &str, most: usize, names: Option<Names>) -> Option<Bounded<Entry<'_>>> {
    value(json, Object { most, names })
}

/// The whole of `json`; none when that is not what `seed` reads.
pub(super) fn value<'a, S: DeserializeSeed<'a>>(json: &'a str, seed: S) -> Option<S::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = seed.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

struct Object {
    most: usize,
    names: Option<Names>,
}

impl<'de> DeserializeSeed<'de> for Object {
    type Value = Bounded<Entry<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Bounded<Entry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut kept, mut more) = (Vec::new(), false);
        while let Some(name) = map.next_key_seed(Name(self.names))? {
            match name {
                Some(name) if kept.len() < self.most => kept.push((name, map.next_value()?)),
                name => {
                    more |= name.is_some();
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok((kept, more))
    }
}

/// A name, where members of that name are kept.
struct Name(Option<Names>);

impl Name {
    fn keeps(&self, name: &str) -> bool {
        self.0.is_none_or(|names| names.keeps(name))
    }
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(self.keeps(name).then_some(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.keeps(name).then(|| Cow::Owned(name.to_owned())))
    }
}

struct Elements(usize);

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Bounded<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Bounded<&'de RawValue>;

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
