//! The event while its request lasts.

use super::{Context, NotCounted, Permissions, event_id};
use crate::model::{StoredEvent, Submission};
use crate::wire::WireEvent;
use std::net::IpAddr;
use url::Url;

/// An event together with what must not outlive the request: the client's address, the ids it
/// sent and the draft that is not yet stripped.
///
/// Has no serialisation and no public way to its parts; only the last stage takes it apart.
pub struct RequestEvent {
    /// As sent. Stages take out what they consume.
    pub(super) wire: WireEvent,
    pub(super) index: u32,
    /// What an event without id, but with a time, is recognised by.
    pub(super) content: Option<[u8; 16]>,
    /// Who sent what was typed, under the day's salt.
    pub(super) sender: Option<[u8; 16]>,
    pub(super) ip: IpAddr,
    /// The page, when its address could be read.
    pub(super) page: Option<Url>,
    /// Whole host of an external referrer; the draft has only its registrable domain.
    pub(super) referrer_host: String,
    /// Nothing until the consent stage has spoken.
    pub(super) allowed: Permissions,
    /// Why nobody may be measured by this event, which is kept for what was sent in it.
    pub(super) silent: Option<NotCounted>,
    pub(super) draft: StoredEvent,
    /// What was typed, once the redact stage has cleaned it.
    pub(super) submission: Option<Box<Submission>>,
}

impl RequestEvent {
    pub(super) fn new(wire: WireEvent, index: u32, ctx: &Context<'_>) -> Self {
        Self {
            content: event_id::content_digest(&wire, ctx.site_key),
            sender: event_id::sender(&wire, ctx),
            submission: None,
            wire,
            index,
            ip: ctx.client.ip.to_canonical(),
            page: None,
            referrer_host: String::new(),
            allowed: Permissions::NOTHING,
            silent: None,
            draft: StoredEvent {
                unverified_origin: ctx.client.origin_host.is_none() && !ctx.client.trusted,
                ..StoredEvent::default()
            },
        }
    }
}

impl std::fmt::Debug for RequestEvent {
    /// Never shows what the request said about the visitor: this ends up in logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestEvent")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
