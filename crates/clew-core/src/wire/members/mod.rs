//! Members of a JSON object by their known names: the one reader of every family whose bodies are
//! not shaped like ours.
//!
//! Owns the tolerance that all of them share. A member is found by every spelling of its [`Names`];
//! where several are there the documented one counts, and of a name that occurs twice the last
//! value. Null is absent, and so is an id without a character. Refuses to guess: a value of another
//! type than its member has is an error that names the member ([`Wrong`]).
//!
//! Invariants: values stay bytes until they are asked for, so one bad value takes no neighbour with
//! it; members that nobody asks for are skipped without being kept; of the others at most
//! [`MEMBERS_MAX`] are; nothing recurses.

#[cfg(test)]
mod documented;
mod names;
mod read;
mod wrong;

#[cfg(test)]
pub(super) use documented::not_read;
pub(super) use names::Names;
pub(super) use read::{elements, entries};
pub(super) use wrong::Wrong;

use super::WireEvent;
use super::clew::{ConsentField, Props, Scalar, Shape};
use super::typed::TypedFields;
use crate::error::ErrorCode;
use crate::model::{Consent, EpochMs};
use read::Entry;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Members that are kept of one object, more than any form has: each costs many times its bytes in
/// memory.
pub(super) const MEMBERS_MAX: usize = 1_000;

/// The members of one object.
#[derive(Clone, Debug)]
pub(super) struct Members<'a> {
    names: Names,
    own: Vec<Entry<'a>>,
}

impl<'a> Members<'a> {
    /// The body of a request.
    ///
    /// # Errors
    /// [`ErrorCode::MalformedJson`], or [`ErrorCode::InvalidBody`] when it is no object or has more
    /// members than are read.
    pub(super) fn of_body(body: &'a [u8], names: Names) -> Result<Self, ErrorCode> {
        let body = std::str::from_utf8(body).map_err(|_| ErrorCode::MalformedJson)?;
        match Self::of(body, names) {
            Some(members) => Ok(members),
            None if serde_json::from_str::<IgnoredAny>(body).is_ok() => Err(ErrorCode::InvalidBody),
            None => Err(ErrorCode::MalformedJson),
        }
    }

    /// An item of a batch.
    ///
    /// # Errors
    /// It is no object.
    pub(super) fn of_item(item: &'a RawValue, names: Names) -> Result<Self, Wrong> {
        Self::of(item.get(), names).ok_or(Wrong::NO_OBJECT)
    }

    /// None when `json` is no object, or has more members than are read.
    pub(super) fn of(json: &'a str, names: Names) -> Option<Self> {
        let (own, more) = read::object(json, MEMBERS_MAX, Some(names))?;
        (!more).then_some(Self { names, own })
    }

    /// All that was kept, as it is written and in its order; names may repeat.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.own.iter().map(|(name, raw)| (name.as_ref(), *raw))
    }

    /// The value of the member whose documented name this is.
    pub(super) fn raw(&self, member: &str) -> Option<&'a RawValue> {
        let last = |spelling: &&str| {
            let mut all = self.own.iter().rev();
            let found = all.find(|(name, _)| name == spelling);
            found.map(|(_, raw)| *raw)
        };
        let values = self.names.spellings(member).iter().filter_map(last);
        values.into_iter().find(|raw| raw.get() != "null")
    }

    pub(super) fn text(&self, member: &'static str) -> Result<Option<String>, Wrong> {
        self.read(member, "expected a text", |raw| {
            serde_json::from_str(raw).ok()
        })
    }

    /// A text that is there and has at least one character.
    pub(super) fn required_text(&self, member: &'static str) -> Result<String, Wrong> {
        required(member, self.text(member)?)
    }

    /// An id: a text with at least one character, or a number as shops have them, as it is written.
    pub(super) fn id(&self, member: &'static str) -> Result<Option<String>, Wrong> {
        let id = self.read(member, "expected a text or a number", plain)?;
        Ok(id.filter(|id| !id.trim().is_empty()))
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

    /// A number from 0 on, or one in a text; rounded, and as much as fits.
    pub(super) fn count(&self, member: &'static str) -> Result<Option<u32>, Wrong> {
        let expected = "expected a number from 0 on";
        self.read(member, expected, |raw| {
            let number = scalar(raw)?.amount().ok()??;
            (number >= 0.0).then(|| number.round() as u32)
        })
    }

    /// A number, or one in a text.
    pub(super) fn amount(&self, member: &'static str) -> Result<Option<f64>, Wrong> {
        let amount = |raw: &str| scalar(raw)?.amount().ok();
        Ok(self.read(member, "expected a number", amount)?.flatten())
    }

    /// A share in percent; none also when the value is anything else.
    pub(super) fn percent(&self, member: &'static str) -> Option<u32> {
        let share = self.amount(member).ok().flatten()?;
        (0.0..=100.0).contains(&share).then(|| share.round() as u32)
    }

    /// What the visitor said.
    pub(super) fn consent(&self) -> Result<Consent, Wrong> {
        let expected = "expected true, false or an object of answers by purpose";
        let consent = |raw: &str| serde_json::from_str::<ConsentField>(raw).ok()?.read().ok();
        Ok(self.read("consent", expected, consent)?.unwrap_or_default())
    }

    /// An object; one without members where there is none.
    pub(super) fn object(&self, member: &'static str, names: Names) -> Result<Members<'a>, Wrong> {
        let object = self.read(member, "expected an object", |raw| Self::of(raw, names))?;
        Ok(object.unwrap_or(Members {
            names,
            own: Vec::new(),
        }))
    }

    /// Up to `most` elements of a list that must be there, and whether there were more.
    pub(super) fn list(
        &self,
        member: &'static str,
        most: usize,
    ) -> Result<(Vec<&'a RawValue>, bool), Wrong> {
        let list = self.read(member, "expected a list", |raw| elements(raw, most))?;
        list.ok_or(Wrong::new(member, "expected a list"))
    }

    /// Values of a form.
    pub(super) fn typed(
        &self,
        member: &'static str,
    ) -> Result<Option<BTreeMap<String, String>>, Wrong> {
        let typed = |raw: &str| serde_json::from_str::<TypedFields>(raw).ok()?.0;
        self.read(member, "expected an object of values", typed)
    }

    /// Adds the object's members, flattened, to the event's properties.
    pub(super) fn props(&self, member: &'static str, event: &mut WireEvent) -> Result<(), Wrong> {
        let props = |raw: &str| match read::value(raw, Props::of(event, &mut String::new()))? {
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
        let read = read(raw.get()).map(Some);
        read.ok_or(Wrong::new(member, expected))
    }
}

fn required(member: &'static str, value: Option<String>) -> Result<String, Wrong> {
    let value = value.filter(|value| !value.is_empty());
    value.ok_or(Wrong::new(member, "is required"))
}

fn scalar(raw: &str) -> Option<Scalar> {
    serde_json::from_str(raw).ok()
}

/// A text, or a number as it is written; what an id and what describes a form can be.
pub(super) fn plain(raw: &str) -> Option<String> {
    if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return Some(raw.to_owned());
    }
    serde_json::from_str(raw).ok()
}

/// Adds one value, flattened, to the event's properties; whether it was shallow enough.
pub(super) fn put_prop(event: &mut WireEvent, name: &str, raw: &str) -> bool {
    let mut flat = String::new();
    let mut root = Props::of(event, &mut flat);
    let read = read::value(raw, root.member(name));
    read.is_some_and(|shape| shape != Shape::TooDeep)
}

#[cfg(test)]
mod tests;
