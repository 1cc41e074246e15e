//! Which event this is: the unit of deduplication (DESIGN law 2).
//!
//! | the client sent | identity |
//! |---|---|
//! | a UUID | the UUID itself |
//! | another id | hash of (site, format, id) |
//! | the id of a session, an order or a lead | hash of (site, format, kind, id) |
//! | no id, but a time | hash of (site, format, visitor, session, time, type, payload, index) |
//! | neither | the request's minted UUIDv7, plus the index |
//!
//! Of an import, the result is hashed once more with the id of the import: two imports never take
//! each other's events for duplicates, and what was taken back can be loaded again.
//!
//! The visitor in the third row is the one the identity stage arrived at, so that nothing which
//! may not be stored goes into an unkeyed hash. Of what somebody sent (a form, a message) it is the
//! sender under the day's salt instead, whatever may be measured: the same form is the same event
//! before and after consent. Consequence: a cookieless event without id, and a form without id, that
//! is retried across the site's midnight is a new event.

use super::{Context, RequestEvent};
use crate::model::{EventId, SessionKey, SiteId, SiteKey};
use crate::wire::{IdKind, WireEvent, WireSubmission};
use uuid::Uuid;

pub(super) fn of(event: &RequestEvent, ctx: &Context<'_>) -> EventId {
    let id = stated(event, ctx);
    match ctx.imported {
        None => id,
        Some(imported) => EventId::hashed(&[
            b"import",
            &ctx.site.id.to_bytes(),
            &imported.import.to_bytes(),
            &id.to_bytes(),
        ]),
    }
}

fn stated(event: &RequestEvent, ctx: &Context<'_>) -> EventId {
    let wire = &event.wire;
    if let Some(id) = wire.id.as_deref().filter(|id| !id.is_empty()) {
        if wire.id_kind != IdKind::Event {
            return EventId::hashed(&[
                b"named",
                &ctx.site.id.to_bytes(),
                ctx.format.as_bytes(),
                &[wire.id_kind as u8],
                id.as_bytes(),
            ]);
        }
        return match Uuid::try_parse(id) {
            Ok(uuid) => uuid.into(),
            Err(_) => EventId::hashed(&[
                b"id",
                &ctx.site.id.to_bytes(),
                ctx.format.as_bytes(),
                id.as_bytes(),
            ]),
        };
    }
    match event.content {
        Some(content) => EventId::hashed(&[
            b"content",
            &ctx.site.id.to_bytes(),
            ctx.format.as_bytes(),
            &who(event),
            &content,
            &event.index.to_le_bytes(),
        ]),
        // The low bits of a UUIDv7 are random: one draw serves a whole batch.
        None => EventId::from_u128(ctx.minted.as_u128() ^ u128::from(event.index)),
    }
}

/// Visitor and session; of what somebody sent, whoever sent it by the salt of the day: that does not
/// change with their consent, and tells people apart where nobody may be recognised.
fn who(event: &RequestEvent) -> [u8; 32] {
    let (first, second) = match event.sender {
        Some(sender) => (sender, [0; 16]),
        None => (
            event.draft.visitor_id.to_bytes(),
            event
                .draft
                .client_session
                .map_or([0; 16], SessionKey::to_bytes),
        ),
    };
    let mut who = [0; 32];
    who[..16].copy_from_slice(&first);
    who[16..].copy_from_slice(&second);
    who
}

/// Who sent what was typed, if anything was, by the ids that they sent or else by their browser.
/// Taken before any stage touches the event.
pub(super) fn sender(wire: &WireEvent, ctx: &Context<'_>) -> Option<[u8; 16]> {
    wire.submission.as_ref()?;
    let stated = [&wire.user_id, &wire.visitor_id, &wire.session_id];
    let stated = stated.map(|id| id.as_deref().unwrap_or_default().trim().as_bytes());
    if stated.iter().any(|id| !id.is_empty()) {
        return Some(ctx.salt.mac("sender", &stated));
    }
    let ip = ctx.client.ip.to_canonical().to_string();
    let browser = ctx.client.user_agent.as_bytes();
    let parts = [ip.as_bytes(), browser];
    Some(ctx.salt.mac("sender by address", &parts))
}

/// Identity of an item that could not be read: its bytes.
pub fn unreadable_event_id(site: SiteId, format: &str, digest: [u8; 16]) -> EventId {
    EventId::hashed(&[b"unreadable", &site.to_bytes(), format.as_bytes(), &digest])
}

/// Digest of what the event says, the same whatever the order of keys on the wire was. `None`
/// unless the third row of the table applies. Taken before any stage touches the event. What was
/// typed into a form goes in under the site's key: an id must not let anybody try values out.
pub(super) fn content_digest(wire: &WireEvent, key: &SiteKey) -> Option<[u8; 16]> {
    if wire.id.as_deref().is_some_and(|id| !id.is_empty()) {
        return None;
    }
    let time = wire.time?;
    let mut out = Vec::with_capacity(256);
    out.extend_from_slice(&time.0.to_le_bytes());
    for text in [
        Some(&wire.event_type),
        wire.name.as_ref(),
        Some(&wire.url),
        wire.title.as_ref(),
        wire.referrer.as_ref(),
        wire.currency.as_ref(),
    ] {
        push(&mut out, text.map(String::as_bytes));
    }
    for number in [
        wire.sequence,
        wire.engaged_ms,
        wire.scroll_percent,
        wire.load_time_ms,
    ] {
        push(
            &mut out,
            number
                .map(u32::to_le_bytes)
                .as_ref()
                .map(<[u8; 4]>::as_slice),
        );
    }
    push(
        &mut out,
        wire.value
            .map(f64::to_le_bytes)
            .as_ref()
            .map(<[u8; 8]>::as_slice),
    );
    for (key, value) in &wire.props {
        push(&mut out, Some(key.as_bytes()));
        push(&mut out, Some(value.as_bytes()));
    }
    for (key, value) in &wire.numbers {
        push(&mut out, Some(key.as_bytes()));
        push(&mut out, Some(&value.to_le_bytes()));
    }
    for (key, value) in &wire.campaign {
        push(&mut out, Some(key.as_bytes()));
        push(&mut out, Some(value.as_bytes()));
    }
    if let Some(form) = &wire.form_id {
        push(&mut out, Some(form.as_bytes()));
    }
    if let Some(submission) = &wire.submission {
        push(&mut out, Some(&typed(submission, key)));
    }
    let mut digest = [0; 16];
    digest.copy_from_slice(&blake3::hash(&out).as_bytes()[..16]);
    Some(digest)
}

fn typed(submission: &WireSubmission, key: &SiteKey) -> [u8; 16] {
    let kind = (submission.kind as i32).to_le_bytes();
    let mut parts: Vec<&[u8]> = vec![&kind];
    for (name, value) in &submission.fields {
        parts.extend([name.as_bytes(), value.as_bytes()]);
    }
    key.mac("content of a submission", &parts)
}

/// Length first, so that neighbouring parts cannot trade bytes; absent differs from empty.
fn push(out: &mut Vec<u8>, part: Option<&[u8]>) {
    let length = part.map_or(u64::MAX, |part| part.len() as u64);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(part.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use crate::model::{EventId, ImportId, Profile, SiteId};
    use crate::pipeline::tests::{NOW, Request, pageview};
    use crate::pipeline::{Imported, Outcome, Place, run};
    use crate::wire::WireEvent;

    fn id_of(request: &Request, event: WireEvent, index: u32) -> EventId {
        match request.run_at(event, index) {
            Outcome::Accepted(stored) => stored.event_id,
            other => panic!("{other:?}"),
        }
    }

    fn timed() -> WireEvent {
        WireEvent {
            time: Some(NOW),
            props: [("a".to_owned(), "b".to_owned())].into(),
            ..pageview("https://shop.example/")
        }
    }

    fn with_id(id: &str) -> WireEvent {
        WireEvent {
            id: Some(id.to_owned()),
            ..timed()
        }
    }

    #[test]
    fn a_uuid_is_used_as_it_is_in_any_spelling() {
        let request = Request::new(Profile::Gdpr);
        let uuid = "0199aaaa-0000-7000-8000-00000000000a";
        for id in [uuid, &uuid.to_uppercase(), &uuid.replace('-', "")] {
            assert_eq!(id_of(&request, with_id(id), 3).to_string(), uuid);
        }
    }

    #[test]
    fn the_same_event_of_another_import_is_another_event() {
        let mut request = Request::new(Profile::Gdpr);
        let uuid = "0199aaaa-0000-7000-8000-00000000000a";
        let live = id_of(&request, with_id(uuid), 0);
        request.imported = Some(Place::default());
        let place = Place::default();
        let of_import = |import: u128, event: WireEvent| {
            let mut ctx = request.context();
            let import = ImportId::from_u128(import);
            ctx.imported = Some(Imported {
                import,
                place: &place,
            });
            match run(event, 0, &ctx).outcome {
                Outcome::Accepted(stored) => stored.event_id,
                other => panic!("{other:?}"),
            }
        };
        for event in [with_id(uuid), with_id("order-17"), timed()] {
            let first = of_import(1, event.clone());
            assert_eq!(first, of_import(1, event.clone()), "loaded twice");
            assert_ne!(first, of_import(2, event));
            assert_ne!(first, live);
        }
    }

    #[test]
    fn another_id_is_hashed_with_site_and_format() {
        let request = Request::new(Profile::Gdpr);
        let id = id_of(&request, with_id("order-17"), 0);
        assert_eq!(id, id_of(&request, with_id("order-17"), 5));
        assert_ne!(id, id_of(&request, with_id("order-18"), 0));
        let mut elsewhere = Request::new(Profile::Gdpr);
        elsewhere.site.id = SiteId::from_u128(8);
        assert_ne!(id, id_of(&elsewhere, with_id("order-17"), 0));
        let mut ctx = request.context();
        ctx.format = "gif";
        let Outcome::Accepted(other) = run(with_id("order-17"), 0, &ctx).outcome else {
            panic!("not accepted");
        };
        assert_ne!(id, other.event_id);
    }

    #[test]
    fn without_an_id_the_content_is_the_identity() {
        let request = Request::new(Profile::Gdpr);
        let id = id_of(&request, timed(), 0);
        assert_eq!(id, id_of(&request, timed(), 0), "a retry is the same event");
        assert_ne!(
            id,
            id_of(&request, timed(), 1),
            "twice in one batch is two events"
        );
        let mut other_visitor = Request::new(Profile::Gdpr);
        other_visitor.client.user_agent.push_str(" other");
        assert_ne!(id, id_of(&other_visitor, timed(), 0));
        for changed in [
            WireEvent {
                time: Some(NOW.plus(-1)),
                ..timed()
            },
            WireEvent {
                title: Some(String::new()),
                ..timed()
            },
            WireEvent {
                value: Some(1.0),
                ..timed()
            },
            WireEvent {
                form_id: Some("contact".to_owned()),
                ..timed()
            },
            WireEvent {
                submission: Some(Box::default()),
                ..timed()
            },
            WireEvent {
                props: [("a".to_owned(), "c".to_owned())].into(),
                ..timed()
            },
            WireEvent {
                props: [("ab".to_owned(), String::new())].into(),
                ..timed()
            },
        ] {
            assert_ne!(id, id_of(&request, changed.clone(), 0), "{changed:?}");
        }
        let mut resent = Request::new(Profile::Gdpr);
        resent.sent_at = Some(NOW.plus(-60_000));
        assert_eq!(
            id,
            id_of(&resent, timed(), 0),
            "when it was sent is no part of it"
        );
    }

    #[test]
    fn with_neither_id_nor_time_every_event_is_new() {
        let request = Request::new(Profile::Gdpr);
        let minted = request.context().minted;
        let plain = || pageview("https://shop.example/");
        let ids = [0, 1, 2].map(|index| id_of(&request, plain(), index));
        assert_eq!(ids[0], minted);
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    }
}
