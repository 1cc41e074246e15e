//! `/track/*`: a session begins, has events and ends.

use super::event;
use crate::error::ErrorCode;
use crate::model::Consent;
use crate::wire::clock;
use crate::wire::overlay::{Overlay, Wrong};
use crate::wire::{IdKind, SiteRef, WireBatch, WireError, WireEvent, WireReject, WireRequest};

/// Events per request.
const BATCH_MAX: usize = 200;

type Item = Result<WireEvent, WireReject>;

pub(super) fn begun(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Overlay::of_body(request.body)?;
    let session = session_id(&body, request)?;
    let begun = WireEvent {
        // However often it is told: a session begins once.
        id: Some(session.clone()),
        id_kind: IdKind::Session,
        event_type: "session_start".to_owned(),
        time: body.time(&["session_started_at", "t"])?,
        ..event::surroundings(&body, &session)?
    };
    batch(&body, session, request, vec![Ok(begun)])
}

pub(super) fn ended(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Overlay::of_body(request.body)?;
    let session = session_id(&body, request)?;
    let ended = WireEvent {
        id: body.own_id(&["id"])?,
        event_type: "session_end".to_owned(),
        time: body.time(&["session_ended_at", "t"])?,
        ..event::surroundings(&body, &session)?
    };
    batch(&body, session, request, vec![Ok(ended)])
}

pub(super) fn one(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Overlay::of_body(request.body)?;
    let session = session_id(&body, request)?;
    let missing = Wrong::new("event", "expected an object");
    let raw = body.own(&["event"]).ok_or(missing)?;
    let item = Overlay::of_item(raw, &body).map_err(|_| missing)?;
    let event = event::read(&item, &session)?;
    batch(&body, session, request, vec![Ok(event)])
}

pub(super) fn several(request: &WireRequest<'_>) -> Result<WireBatch, WireError> {
    let body = Overlay::of_body(request.body)?;
    let session = session_id(&body, request)?;
    let (list, more) = body.list("events", BATCH_MAX)?;
    if list.is_empty() {
        return Err(Wrong::new("events", "expected at least one").into());
    }
    if more || !body.may_be_inherited(list.len(), "events") {
        let message = "A request holds at most 200 events.";
        return Err(WireError {
            message: Some(message.into()),
            ..ErrorCode::BatchTooLarge.into()
        });
    }
    let items = list.into_iter().map(|raw| {
        let item = Overlay::of_item(raw, &body);
        let read = item.and_then(|item| event::read(&item, &session));
        read.map_err(|wrong| wrong.in_item(raw))
    });
    let items = items.collect();
    batch(&body, session, request, items)
}

/// What the client calls its session; one that has no name gets one.
fn session_id(body: &Overlay<'_>, request: &WireRequest<'_>) -> Result<String, Wrong> {
    let stated = body.own_id(&["session_id"])?;
    let stated = stated.filter(|id| !id.trim().is_empty());
    Ok(stated.unwrap_or_else(|| request.minted.to_string()))
}

fn batch(
    body: &Overlay<'_>,
    session: String,
    request: &WireRequest<'_>,
    items: Vec<Item>,
) -> Result<WireBatch, WireError> {
    Ok(of_site(body, items, Some(session), request)?)
}

/// A batch of the site that the body names, or else of the page's.
pub(super) fn of_site(
    body: &Overlay<'_>,
    items: Vec<Item>,
    echo: Option<String>,
    request: &WireRequest<'_>,
) -> Result<WireBatch, Wrong> {
    let consent: Consent = body.consent()?;
    let site = body.own_id(&["site_key"])?;
    let site = site.filter(|site| !site.trim().is_empty());
    Ok(WireBatch {
        site: site.map_or(SiteRef::Page, |site| SiteRef::Id(site.trim().to_owned())),
        write_key: None,
        echo,
        sent_at: clock::sent_at(&items, request.minted),
        consent,
        items,
    })
}
