//! `/track/*`: a session begins, has events and ends.

use super::event;
use crate::error::ErrorCode;
use crate::model::Consent;
use crate::wire::clock;
use crate::wire::members::{Members, Wrong};
use crate::wire::{IdKind, SiteRef, WireBatch, WireError, WireEvent, WireReject, WireRequest};

/// Events per request.
const BATCH_MAX: usize = 200;

type Item = Result<WireEvent, WireReject>;

pub(super) fn begun(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Members::of_body(request.body, event::NAMES)?;
    let session = session_id(&body, request)?;
    let begun = WireEvent {
        // However often it is told: a session begins once.
        id: Some(session.clone()),
        id_kind: IdKind::Session,
        event_type: "session_start".to_owned(),
        time: body.time("session_started_at")?,
        ..within(&body, &session)?
    };
    batch(&body, session, request, vec![Ok(begun)])
}

pub(super) fn ended(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Members::of_body(request.body, event::NAMES)?;
    let session = session_id(&body, request)?;
    let ended = WireEvent {
        id: body.id("id")?,
        event_type: "session_end".to_owned(),
        time: body.time("session_ended_at")?,
        ..within(&body, &session)?
    };
    batch(&body, session, request, vec![Ok(ended)])
}

pub(super) fn one(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Members::of_body(request.body, event::NAMES)?;
    let session = session_id(&body, request)?;
    let missing = Wrong::new("event", "expected an object");
    let raw = body.raw("event").ok_or(missing)?;
    let item = Members::of_item(raw, event::NAMES).map_err(|_| missing)?;
    let mut event = event::read(&item)?;
    event.inherit(&within(&body, &session)?);
    batch(&body, session, request, vec![Ok(event)])
}

pub(super) fn several(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Members::of_body(request.body, event::NAMES)?;
    let session = session_id(&body, request)?;
    let (list, more) = body.list("events", BATCH_MAX)?;
    if list.is_empty() {
        return Err(Wrong::new("events", "expected at least one").into());
    }
    let around = within(&body, &session)?;
    let too_large = |message: &'static str| WireError {
        message: Some(message.into()),
        ..ErrorCode::BatchTooLarge.into()
    };
    if more {
        return Err(too_large("A request holds at most 200 events."));
    }
    if around.may_be_inherited(list.len()).is_err() {
        let message = "What the events take over from around them is more than 4 MiB: send fewer.";
        return Err(too_large(message));
    }
    let read = |raw| {
        let mut event = event::read(&Members::of_item(raw, event::NAMES)?)?;
        event.inherit(&around);
        Ok(event)
    };
    let items = list.into_iter();
    let items = items.map(|raw| read(raw).map_err(|wrong: Wrong| wrong.in_item(raw)));
    batch(&body, session, request, items.collect())
}

/// What the body says of the session, for all of its events.
fn within(body: &Members<'_>, session: &str) -> Result<WireEvent, Wrong> {
    Ok(WireEvent {
        session_id: Some(session.to_owned()),
        ..event::common(body)?
    })
}

/// What the client calls its session; one that has no name gets one.
fn session_id(body: &Members<'_>, request: &WireRequest<'_>) -> Result<String, Wrong> {
    let stated = body.id("session_id")?;
    Ok(stated.unwrap_or_else(|| request.minted.to_string()))
}

fn batch(
    body: &Members<'_>,
    session: String,
    request: &WireRequest<'_>,
    items: Vec<Item>,
) -> Result<WireBatch, WireError> {
    Ok(of_site(body, items, Some(session), request)?)
}

/// A batch of the site that the body names, or else of the page's.
pub(super) fn of_site(
    body: &Members<'_>,
    items: Vec<Item>,
    echo: Option<String>,
    request: &WireRequest<'_>,
) -> Result<WireBatch, Wrong> {
    let consent: Consent = body.consent()?;
    let site = body.id("site_key")?;
    Ok(WireBatch {
        site: site.map_or(SiteRef::Page, |site| SiteRef::Id(site.trim().to_owned())),
        write_key: None,
        echo,
        sent_at: clock::sent_at(&items, request.minted),
        consent,
        items,
    })
}
