//! Properties: nested objects and arrays become flat names (`cart.items.0.sku`).

use crate::wire::WireEvent;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Properties of one event, strings and numbers together; the first ones sent are kept.
const KEPT_MAX: usize = 32;
const DEPTH_MAX: u8 = 8;
/// A flat name; longer ones are cut by the pipeline, this only bounds the work here.
const NAME_MAX: usize = 512;

/// How reading went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire) enum Shape {
    Object,
    Null,
    /// Nested deeper than eight levels.
    TooDeep,
    /// Not an object.
    Other,
}

/// Reads a value into the properties of an event.
pub(in crate::wire) struct Props<'a> {
    event: &'a mut WireEvent,
    name: &'a mut String,
    depth: u8,
}

impl<'a> Props<'a> {
    pub(in crate::wire) fn of(event: &'a mut WireEvent, name: &'a mut String) -> Self {
        Self {
            event,
            name,
            depth: 0,
        }
    }

    fn full(&self) -> bool {
        self.event.props.len() + self.event.numbers.len() >= KEPT_MAX
    }

    fn text(self, value: String) -> Shape {
        if self.depth > 0 && (!self.full() || self.event.props.contains_key(self.name.as_str())) {
            self.event.numbers.remove(self.name.as_str());
            self.event.props.insert(self.name.clone(), value);
        }
        Shape::Other
    }

    fn number(self, value: f64) -> Shape {
        if self.depth > 0 && (!self.full() || self.event.numbers.contains_key(self.name.as_str())) {
            self.event.props.remove(self.name.as_str());
            self.event.numbers.insert(self.name.clone(), value);
        }
        Shape::Other
    }

    /// A seed for the value of the member `key` alone.
    pub(in crate::wire) fn member(&mut self, key: &str) -> Props<'_> {
        self.under(key).0
    }

    /// A seed for the value under `name.key`, and the length to cut the name back to.
    fn under(&mut self, key: &str) -> (Props<'_>, usize) {
        let length = self.name.len();
        if length + key.len() < NAME_MAX {
            if self.depth > 0 {
                self.name.push('.');
            }
            self.name.push_str(key);
        }
        let seed = Props {
            event: &mut *self.event,
            name: &mut *self.name,
            depth: self.depth + 1,
        };
        (seed, length)
    }
}

impl<'de> DeserializeSeed<'de> for Props<'_> {
    type Value = Shape;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Props<'_> {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Shape, E> {
        Ok(self.text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Shape, E> {
        Ok(self.number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Shape, E> {
        Ok(self.number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Shape, E> {
        Ok(self.number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Shape, E> {
        Ok(self.text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Shape, E> {
        Ok(self.text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Shape, A::Error> {
        if self.depth == 0 || self.depth >= DEPTH_MAX || self.full() {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(if self.depth >= DEPTH_MAX {
                Shape::TooDeep
            } else {
                Shape::Other
            });
        }
        let mut deep = false;
        for index in 0usize.. {
            let (seed, length) = self.under(&index.to_string());
            let shape = seq.next_element_seed(seed)?;
            self.name.truncate(length);
            match shape {
                Some(shape) => deep |= shape == Shape::TooDeep,
                None => break,
            }
        }
        Ok(if deep { Shape::TooDeep } else { Shape::Other })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Shape, A::Error> {
        if self.depth >= DEPTH_MAX {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Shape::TooDeep);
        }
        let mut deep = false;
        while let Some(key) = map.next_key::<String>()? {
            let (seed, length) = self.under(&key);
            let shape = map.next_value_seed(seed)?;
            self.name.truncate(length);
            deep |= shape == Shape::TooDeep;
        }
        Ok(if deep { Shape::TooDeep } else { Shape::Object })
    }
}
