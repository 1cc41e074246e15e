//! The envelope of a batch, and what its events inherit from it.

use super::BATCH_MAX;
use super::field::Field;
use super::item::Item;
use super::scalar::Scalar;
use crate::error::ErrorCode;
use crate::model::{Consent, ConsentState};
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
        if events.too_many || events.items.len() * defaults.weight() > INHERITED_MAX {
            return Err(ErrorCode::BatchTooLarge);
        }
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

/// Bytes that the events of one batch may inherit together: without a bound, a small body whose
/// envelope is heavy would become megabytes on disk.
pub(in crate::wire) const INHERITED_MAX: usize = 4 << 20;

impl WireEvent {
    /// About how many bytes an event that inherits everything gets.
    pub(in crate::wire) fn weight(&self) -> usize {
        let texts = [
            &self.visitor_id,
            &self.session_id,
            &self.user_id,
            &self.fingerprint,
            &self.title,
            &self.referrer,
            &self.screen,
            &self.viewport,
            &self.language,
            &self.time_zone,
            &self.currency,
        ];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        let props: usize = self
            .props
            .iter()
            .map(|(key, value)| key.len() + value.len())
            .sum();
        let numbers: usize = self
            .numbers
            .keys()
            .map(|key| key.len() + size_of::<f64>())
            .sum();
        self.url.len() + texts + props + numbers
    }

    pub(in crate::wire) fn inherit(&mut self, from: &Self) {
        for (own, default) in [
            (&mut self.visitor_id, &from.visitor_id),
            (&mut self.session_id, &from.session_id),
            (&mut self.user_id, &from.user_id),
            (&mut self.fingerprint, &from.fingerprint),
            (&mut self.title, &from.title),
            (&mut self.referrer, &from.referrer),
            (&mut self.screen, &from.screen),
            (&mut self.viewport, &from.viewport),
            (&mut self.language, &from.language),
            (&mut self.time_zone, &from.time_zone),
            (&mut self.currency, &from.currency),
        ] {
            if own.is_none() {
                own.clone_from(default);
            }
        }
        if self.url.is_empty() {
            self.url.clone_from(&from.url);
        }
        for (key, value) in &from.props {
            if !self.numbers.contains_key(key) {
                self.props
                    .entry(key.clone())
                    .or_insert_with(|| value.clone());
            }
        }
        for (key, value) in &from.numbers {
            if !self.props.contains_key(key) {
                self.numbers.entry(key.clone()).or_insert(*value);
            }
        }
        self.webdriver |= from.webdriver;
        self.silent |= from.silent;
        inherit_consent(&mut self.consent, &from.consent);
    }
}

/// Purpose by purpose: what the event does not answer, the envelope does.
fn inherit_consent(own: &mut Consent, from: &Consent) {
    const UNKNOWN: i32 = ConsentState::Unknown as i32;
    for (own, from) in [
        (&mut own.analytics, from.analytics),
        (&mut own.marketing, from.marketing),
        (&mut own.replay, from.replay),
        (&mut own.partial, from.partial),
    ] {
        if *own == UNKNOWN {
            *own = from;
        }
    }
    own.gpc |= from.gpc;
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
