//! The envelope of a batch.

use super::BATCH_MAX;
use super::field::Field;
use super::item::Item;
use super::scalar::Scalar;
use crate::error::ErrorCode;
use crate::wire::{SiteRef, WireBatch, WireEvent, WireReject};
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// A batch whose items are read as `T`.
#[derive(Debug)]
pub(super) struct Envelope<T> {
    site: Option<Scalar>,
    sent_at: Option<Scalar>,
    defaults: Item,
    events: Option<Events<T>>,
}

impl Envelope<Item> {
    pub(super) fn items_are_good(&self) -> bool {
        self.events
            .as_ref()
            .is_none_or(|events| events.items.iter().all(|item| item.bad.is_none()))
    }
}

impl<T> Envelope<T> {
    /// Turns items into events with `read` and hands them what they inherit.
    pub(super) fn into_batch(
        self,
        read: impl Fn(T) -> Result<WireEvent, WireReject>,
    ) -> Result<WireBatch, ErrorCode> {
        let site = self.site.and_then(|site| site.text().ok().flatten());
        let site = site.filter(|site| !site.trim().is_empty());
        let sent_at = self.sent_at.map_or(Ok(None), Scalar::time);
        let (Some(site), Ok(sent_at), Some(events), Ok(defaults)) =
            (site, sent_at, self.events, self.defaults.into_event())
        else {
            return Err(ErrorCode::InvalidBody);
        };
        if events.too_many {
            return Err(ErrorCode::BatchTooLarge);
        }
        defaults.may_be_inherited(events.items.len())?;
        let items = events.items.into_iter().map(|item| {
            let mut event = read(item)?;
            event.inherit(&defaults);
            Ok(event)
        });
        Ok(WireBatch {
            site: SiteRef::Id(site.trim().to_owned()),
            write_key: None,
            echo: None,
            sent_at,
            consent: defaults.consent,
            items: items.collect(),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Envelope<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor(PhantomData))
    }
}

struct EnvelopeVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EnvelopeVisitor<T> {
    type Value = Envelope<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with site_id and events")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut envelope = Envelope {
            site: None,
            sent_at: None,
            defaults: Item::default(),
            events: None,
        };
        while let Some(field) = map.next_key::<Field>()? {
            match field {
                Field::SiteId => envelope.site = Some(map.next_value()?),
                Field::SentAt => envelope.sent_at = Some(map.next_value()?),
                Field::Events => envelope.events = Some(map.next_value()?),
                // These make an event what it is and cannot be said of a batch.
                Field::Id
                | Field::Kind
                | Field::Name
                | Field::T
                | Field::Value
                | Field::FormId
                | Field::Fields => {
                    map.next_value::<IgnoredAny>()?;
                }
                shared => envelope.defaults.read(shared, &mut map)?,
            }
        }
        Ok(envelope)
    }
}

/// At most [`BATCH_MAX`] items; the rest is counted as too many and not kept.
#[derive(Debug)]
struct Events<T> {
    items: Vec<T>,
    too_many: bool,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Events<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EventsVisitor(PhantomData))
    }
}

struct EventsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EventsVisitor<T> {
    type Value = Events<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while items.len() < BATCH_MAX {
            match seq.next_element()? {
                Some(item) => items.push(item),
                None => {
                    return Ok(Events {
                        items,
                        too_many: false,
                    });
                }
            }
        }
        let mut too_many = false;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            too_many = true;
        }
        Ok(Events { items, too_many })
    }
}
