//! What happens to an event between the wire and the journal.
//!
//! [`run`] takes one [`WireEvent`] (nothing checked, nothing trusted) through [`STAGES`] and says
//! what becomes of it ([`Outcome`]). A stage is a pure function over the [`RequestEvent`]: it
//! reads the [`Context`] of the request, fills its own columns of the draft and may speak a
//! verdict. Time, salts, minted ids and look-up data are all in the context, so the same request
//! gives the same outcome on every machine and on every retry.
//!
//! Invariants:
//! * The client's address lives in [`RequestEvent`], which cannot be serialised. The only way out
//!   is [`privacy`], the last stage; what it returns is a [`StoredEvent`], the only thing that the
//!   journal accepts (DESIGN law 1).
//! * A verdict of quarantine does not end the walk: the event goes on through every later stage,
//!   so that a quarantined event is stripped like any other and a visitor who refused to be
//!   measured is not kept there either.
//! * Nothing disappears without a name: every event that is not counted carries a
//!   [`NotCounted`] or a [`QuarantineCode`].
//!
//! Adding a stage: one file with `pub(super) fn stage(&mut RequestEvent, &Context) -> Flow`, one
//! line in [`STAGES`].

mod bots;
mod campaign;
mod channel;
mod consent;
mod consent_table;
mod device;
mod event_id;
mod geo;
mod identity;
mod network;
mod origin;
mod page_url;
mod privacy;
mod redact;
mod referrer;
mod request_event;
mod resources;
mod submission;
mod text;
mod validate;
mod verdict;

pub use campaign::{CLICK_IDS, campaign_parameters};
pub use channel::CHANNELS;
pub use consent::{Decision, Permissions, decide, effective};
pub use consent_table::{ConsentRow, Kept, VisitorState, consent_table};
pub use device::{Bot, BotKind, CacheStats, CachedDevices, Device, DeviceParser, RegexDevices};
pub use event_id::unreadable_event_id;
pub use identity::{DailySalt, user_ids};
pub use origin::Origin;
pub use referrer::{KnownReferrers, ReferrerKind};
pub use request_event::RequestEvent;
pub use resources::{Resources, ResourcesError};
pub use verdict::{NotCounted, QuarantineCode};

use crate::model::{
    EpochMs, EventId, ImportId, Place, QuarantinedEvent, SetApart, SiteKey, SitePolicy,
    StoredEvent, Submission,
};
use crate::wire::{Client, WireEvent, WireReject};
use std::sync::Arc;

/// What a stage says about the event it has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Continue,
    /// Not countable; goes on to be stripped and is set aside.
    Quarantine(QuarantineCode),
    /// Nothing of it may be kept: the walk ends here.
    Discard(NotCounted),
}

/// One named step.
pub struct Stage {
    pub name: &'static str,
    run: fn(&mut RequestEvent, &Context<'_>) -> Flow,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn stage(name: &'static str, run: fn(&mut RequestEvent, &Context<'_>) -> Flow) -> Stage {
    Stage { name, run }
}

/// The walk, in order (DESIGN law 1).
pub const STAGES: &[Stage] = &[
    stage("validate", validate::stage),
    stage("consent", consent::stage),
    stage("bots", bots::stage),
    stage("device", device::stage),
    stage("geo", geo::stage),
    stage("network", network::stage),
    stage("identity", identity::stage),
    stage("campaign", campaign::stage),
    stage("referrer", referrer::stage),
    stage("channel", channel::stage),
    stage("redact", redact::stage),
    stage("privacy", privacy::stage),
];

/// Everything about the request that an event does not say itself. One per batch.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub site: &'a SitePolicy,
    pub client: &'a Client,
    /// [`crate::wire::WireFormat::name`], part of the identity of events without a UUID.
    pub format: &'static str,
    /// Server clock at receipt; stands in the journal record's header too.
    pub received: EpochMs,
    /// Client clock when it sent the batch.
    pub sent_at: Option<EpochMs>,
    /// The site's salt of the day of `received` in the site's zone.
    pub salt: &'a DailySalt,
    /// What lasting pseudonyms of this site's visitors are made with.
    pub site_key: &'a SiteKey,
    /// `resources.device_of(client)`, looked up once per request.
    pub device: Arc<Device>,
    /// What the client's address says, looked up once per request.
    pub origin: Origin,
    /// Id of a first-party cookie that this server set; ranks above an id in the body.
    pub cookie_id: Option<&'a str>,
    /// A fresh UUIDv7; events with neither id nor time take theirs from it and their index.
    pub minted: EventId,
    /// Imports are exempt from lateness, not from privacy.
    pub imported: Option<Imported<'a>>,
    pub resources: &'a Resources,
}

/// What the context of an imported event says beyond that of a live one.
#[derive(Clone, Copy, Debug)]
pub struct Imported<'a> {
    /// Part of the identity of every event of the import: taken back, the same events can be
    /// imported again under another id.
    pub import: ImportId,
    /// Where the visitor was, as the source of the import recorded it.
    pub place: &'a Place,
}

/// What became of one event.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Accepted(StoredEvent),
    /// Kept where it can be looked at, in no number.
    Quarantined(QuarantinedEvent),
    /// Left out of the numbers for a known reason; `keep` is stored (a bot's, a tester's, a form
    /// of somebody who may not be measured) or there is nothing that may be kept.
    NotCounted {
        reason: NotCounted,
        keep: Option<StoredEvent>,
    },
}

impl Outcome {
    /// Identity of the event, where something of it is kept.
    pub fn event_id(&self) -> Option<EventId> {
        match self {
            Self::Accepted(event) => Some(event.event_id),
            Self::Quarantined(event) => Some(event.event_id),
            Self::NotCounted { keep, .. } => keep.as_ref().map(|event| event.event_id),
        }
    }
}

/// An event and what was typed in it, at the end of the walk.
#[derive(Debug, PartialEq)]
pub struct Processed {
    pub outcome: Outcome,
    /// Only beside an event that is kept and not quarantined.
    pub submission: Option<Box<Submission>>,
}

impl From<Outcome> for Processed {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            submission: None,
        }
    }
}

/// Walks one event through [`STAGES`]. `index` is its position in the batch.
pub fn run(event: WireEvent, index: u32, ctx: &Context<'_>) -> Processed {
    let mut event = RequestEvent::new(event, index, ctx);
    let mut quarantine = None;
    for stage in STAGES {
        match (stage.run)(&mut event, ctx) {
            Flow::Continue => {}
            Flow::Quarantine(code) => {
                quarantine.get_or_insert(code);
            }
            Flow::Discard(reason) => return Outcome::NotCounted { reason, keep: None }.into(),
        }
    }
    let silent = event.silent;
    let (stored, submission) = privacy::seal(event);
    // A form that is kept by itself needs neither page nor value.
    let quarantine = quarantine.filter(|code| silent.is_none() || !code.is_left_out_of_silence());
    if let Some(code) = quarantine {
        let quarantined = Outcome::Quarantined(QuarantinedEvent {
            event_id: stored.event_id,
            code: code.code().to_owned(),
            // What was sent is not kept with a quarantined event, and then nothing of it may be.
            event: silent.is_none().then_some(stored),
        });
        return quarantined.into();
    }
    let outcome = match not_counted(&stored, silent) {
        Some(reason) => Outcome::NotCounted {
            reason,
            keep: Some(stored),
        },
        None => Outcome::Accepted(stored),
    };
    Processed {
        outcome,
        submission,
    }
}

fn not_counted(event: &StoredEvent, silent: Option<NotCounted>) -> Option<NotCounted> {
    if event.is_bot() {
        return Some(NotCounted::Bot);
    }
    match event.set_apart() {
        SetApart::No | SetApart::Silent => silent,
        SetApart::Blocked => Some(NotCounted::BlockedIp),
        SetApart::Testing => Some(NotCounted::TestingIp),
    }
}

/// An item that could not be read at all: its code and an id, nothing of its content.
pub fn unreadable(reject: &WireReject, ctx: &Context<'_>) -> Outcome {
    Outcome::Quarantined(QuarantinedEvent {
        event_id: unreadable_event_id(ctx.site.id, ctx.format, reject.digest),
        code: reject.code.to_owned(),
        event: None,
    })
}

/// [`run`] or [`unreadable`], for the items of a [`crate::wire::WireBatch`].
pub fn run_item(item: Result<WireEvent, WireReject>, index: u32, ctx: &Context<'_>) -> Processed {
    match item {
        Ok(event) => run(event, index, ctx),
        Err(reject) => unreadable(&reject, ctx).into(),
    }
}

#[cfg(test)]
mod tests;
