//! A JSON value of any type, of which only scalars are kept.

use crate::model::EpochMs;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Never fails for a value of the wrong type: the reader decides what that means.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::wire) enum Scalar {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    /// An array or an object, skipped.
    Compound,
}

/// Not a value that this field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire) struct WrongType;

impl Scalar {
    pub(in crate::wire) fn text(self) -> Result<Option<String>, WrongType> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            _ => Err(WrongType),
        }
    }

    /// An id: a string, or a number as shops have them.
    pub(in crate::wire) fn id(self) -> Result<Option<String>, WrongType> {
        match self {
            Self::Integer(number) => Ok(Some(number.to_string())),
            other => other.text(),
        }
    }

    /// A count; fractions are rounded, more than fits is as much as fits.
    pub(in crate::wire) fn count(self) -> Result<Option<u32>, WrongType> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(number) if number >= 0 => {
                Ok(Some(u32::try_from(number).unwrap_or(u32::MAX)))
            }
            Self::Float(number) if number >= 0.0 => Ok(Some(number.round() as u32)),
            _ => Err(WrongType),
        }
    }

    /// A fact that holds or, left out, does not.
    pub(in crate::wire) fn flag(self) -> Result<bool, WrongType> {
        match self {
            Self::Null => Ok(false),
            Self::Bool(holds) => Ok(holds),
            _ => Err(WrongType),
        }
    }

    /// An amount: a number, or one in a string.
    pub(in crate::wire) fn amount(self) -> Result<Option<f64>, WrongType> {
        match self {
            Self::Null => Ok(None),
            Self::Integer(number) => Ok(Some(number as f64)),
            Self::Float(number) => Ok(Some(number)),
            Self::Text(text) => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => Err(WrongType),
            },
            Self::Bool(_) | Self::Compound => Err(WrongType),
        }
    }

    /// Epoch milliseconds, or RFC 3339.
    pub(in crate::wire) fn time(self) -> Result<Option<EpochMs>, WrongType> {
        match self {
            Self::Null => Ok(None),
            // Numbers beyond 2^53 are no times; casting them would invent one.
            Self::Integer(ms) if ms.unsigned_abs() < 1 << 53 => Ok(Some(EpochMs(ms))),
            Self::Float(ms) if ms.abs() < 9_007_199_254_740_992.0 => Ok(Some(EpochMs(ms as i64))),
            Self::Text(text) => text
                .trim()
                .parse::<jiff::Timestamp>()
                .map(|time| Some(EpochMs(time.as_millisecond())))
                .map_err(|_| WrongType),
            Self::Integer(_) | Self::Float(_) | Self::Bool(_) | Self::Compound => Err(WrongType),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(i64::try_from(value).map_or(Scalar::Float(value as f64), Scalar::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Compound)
    }
}
