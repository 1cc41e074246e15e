//! One event, or the fields that an envelope states for all of its events.

use super::field::Field;
use super::props::{Props, Shape};
use super::scalar::{Scalar, WrongType};
use crate::model::{Consent, ConsentAnswers, ConsentKey, ConsentState};
use crate::wire::typed::TypedFields;
use crate::wire::{WireEvent, WireSubmission};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// An event while it is read: a value of the wrong type is remembered by code instead of ending
/// the reading of the whole body.
#[derive(Debug, Default)]
pub(super) struct Item {
    event: WireEvent,
    /// What was typed, until the type is known.
    typed: BTreeMap<String, String>,
    pub(super) bad: Option<&'static str>,
}

impl Item {
    pub(super) fn into_event(mut self) -> Result<WireEvent, &'static str> {
        if let Some(code) = self.bad {
            return Err(code);
        }
        if !self.typed.is_empty() {
            self.event.submission = WireSubmission::of(&self.event.event_type, self.typed);
        }
        Ok(self.event)
    }

    /// Reads the value of `field`; the last of several equal keys counts.
    pub(super) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        field: Field,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let event = &mut self.event;
        let read = match field {
            Field::Unknown | Field::SiteId | Field::SentAt | Field::Events => {
                map.next_value::<IgnoredAny>()?;
                return Ok(());
            }
            Field::Consent => {
                let consent = map.next_value::<ConsentField>()?;
                event.consent = consent.0;
                consent.1
            }
            Field::Fields => match map.next_value::<TypedFields>()? {
                TypedFields(Some(fields)) => {
                    self.typed = fields;
                    Ok(())
                }
                TypedFields(None) => Err(WrongType),
            },
            Field::Props => {
                event.props.clear();
                event.numbers.clear();
                match map.next_value_seed(Props::of(event, &mut String::new()))? {
                    Shape::Object | Shape::Null => Ok(()),
                    Shape::TooDeep => {
                        self.bad.get_or_insert("props_too_deep");
                        return Ok(());
                    }
                    Shape::Other => Err(WrongType),
                }
            }
            other => event.set(other, map.next_value::<Scalar>()?),
        };
        if read.is_err() {
            self.bad.get_or_insert(code(field));
        }
        Ok(())
    }
}

impl WireEvent {
    fn set(&mut self, field: Field, value: Scalar) -> Result<(), WrongType> {
        match field {
            Field::Id => self.id = value.id()?,
            Field::VisitorId => self.visitor_id = value.id()?,
            Field::SessionId => self.session_id = value.id()?,
            Field::UserId => self.user_id = value.id()?,
            Field::Fingerprint => self.fingerprint = value.id()?,
            Field::Kind => self.event_type = value.text()?.unwrap_or_default(),
            Field::Name => self.name = value.text()?,
            Field::FormId => self.form_id = value.id()?,
            Field::T => self.time = value.time()?,
            Field::Url => self.url = value.text()?.unwrap_or_default(),
            Field::Title => self.title = value.text()?,
            Field::Referrer => self.referrer = value.text()?,
            Field::Screen => self.screen = value.text()?,
            Field::Viewport => self.viewport = value.text()?,
            Field::Language => self.language = value.text()?,
            Field::TimeZone => self.time_zone = value.text()?,
            Field::Currency => self.currency = value.text()?,
            Field::Value => self.value = value.amount()?,
            Field::Sequence => self.sequence = value.count()?,
            Field::EngagedMs => self.engaged_ms = value.count()?,
            Field::ScrollPercent => self.scroll_percent = value.count()?,
            Field::LoadTimeMs => self.load_time_ms = value.count()?,
            Field::Webdriver => self.webdriver = value.flag()?,
            Field::Silent => self.silent = value.flag()?,
            Field::SiteId
            | Field::SentAt
            | Field::Events
            | Field::Consent
            | Field::Props
            | Field::Fields
            | Field::Unknown => {}
        }
        Ok(())
    }
}

/// What an item with this field of the wrong type is refused with.
const fn code(field: Field) -> &'static str {
    match field {
        Field::Id => "invalid_id",
        Field::Kind => "invalid_type",
        Field::Name => "invalid_name",
        Field::T => "invalid_time",
        Field::Value => "invalid_value",
        Field::Currency => "invalid_currency",
        Field::VisitorId => "invalid_visitor_id",
        Field::SessionId => "invalid_session_id",
        Field::UserId => "invalid_user_id",
        Field::Fingerprint => "invalid_fingerprint",
        Field::Consent => "invalid_consent",
        Field::Webdriver => "invalid_webdriver",
        Field::Silent => "invalid_silent",
        Field::Url => "invalid_url",
        Field::Title => "invalid_title",
        Field::Referrer => "invalid_referrer",
        Field::Props => "invalid_props",
        Field::FormId => "invalid_form_id",
        Field::Fields => "invalid_fields",
        Field::Sequence | Field::EngagedMs | Field::ScrollPercent | Field::LoadTimeMs => {
            "invalid_number"
        }
        Field::Screen | Field::Viewport | Field::Language | Field::TimeZone => "invalid_text",
        Field::SiteId | Field::SentAt | Field::Events | Field::Unknown => "unreadable",
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

fn not_an_object() -> Item {
    Item {
        bad: Some("not_an_object"),
        ..Item::default()
    }
}

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        let mut item = Item::default();
        while let Some(field) = map.next_key::<Field>()? {
            item.read(field, &mut map)?;
        }
        Ok(item)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Item, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(not_an_object())
    }

    fn visit_unit<E>(self) -> Result<Item, E> {
        Ok(not_an_object())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Item, E> {
        Ok(not_an_object())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Item, E> {
        Ok(not_an_object())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Item, E> {
        Ok(not_an_object())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Item, E> {
        Ok(not_an_object())
    }

    fn visit_str<E>(self, _: &str) -> Result<Item, E> {
        Ok(not_an_object())
    }
}

/// `{analytics, marketing, replay, partial, gpc}` or the keys of Consent Mode v2, each true, false,
/// null, `"granted"`, `"denied"` or `"withdrawn"`; or one such answer for all purposes.
pub(in crate::wire) struct ConsentField(Consent, Result<(), WrongType>);

impl ConsentField {
    pub(in crate::wire) fn read(self) -> Result<Consent, WrongType> {
        self.1.map(|()| self.0)
    }
}

impl<'de> Deserialize<'de> for ConsentField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ConsentVisitor)
    }
}

struct ConsentVisitor;

fn answer(value: &Scalar) -> Result<ConsentState, WrongType> {
    match value {
        Scalar::Null => Ok(ConsentState::Unknown),
        Scalar::Bool(answer) => Ok(Some(*answer).into()),
        Scalar::Text(text) => match text.as_str() {
            "granted" => Ok(ConsentState::Granted),
            "denied" => Ok(ConsentState::Denied),
            "withdrawn" => Ok(ConsentState::Withdrawn),
            "unknown" | "pending" | "" => Ok(ConsentState::Unknown),
            _ => Err(WrongType),
        },
        Scalar::Integer(_) | Scalar::Float(_) | Scalar::Compound => Err(WrongType),
    }
}

fn for_all(value: &Scalar) -> ConsentField {
    let mut consent = Consent::default();
    let read = answer(value).map(|state| {
        consent.set_analytics(state);
        consent.set_marketing(state);
        consent.set_replay(state);
        consent.set_partial(state);
    });
    ConsentField(consent, read)
}

impl<'de> Visitor<'de> for ConsentVisitor {
    type Value = ConsentField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("consent")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ConsentField, A::Error> {
        let mut answers = ConsentAnswers::default();
        let mut read = Ok(());
        while let Some(key) = map.next_key::<ConsentKey>()? {
            let value = map.next_value::<Scalar>()?;
            if key != ConsentKey::Unknown {
                let state = answer(&value).unwrap_or_else(|wrong| {
                    read = Err(wrong);
                    ConsentState::Unknown
                });
                answers.set(key, state);
            }
        }
        Ok(ConsentField(answers.consent(), read))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<ConsentField, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(for_all(&Scalar::Compound))
    }

    fn visit_unit<E>(self) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Integer(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Float(value as f64)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<ConsentField, E> {
        Ok(for_all(&Scalar::Text(value.to_owned())))
    }
}
