//! `/v1/sites/{siteId}/live`: events as they become visible, as Server-Sent Events.
//!
//! Refuses to outlive what opened it: the caller is recognised again now and then, and a watcher
//! whose session or role has ended is sent away.

use super::event_view::EventView;
use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::principal::Caller;
use crate::ingest::LiveEvent;
use axum::extract::{FromRequestParts as _, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use clew_core::error::ErrorCode;
use clew_core::model::{EpochMs, SiteId};
use clew_core::report;
use clew_core::report::Body;
use futures::stream::{self, Stream, StreamExt as _};
use http::request::Parts;
use serde_json::json;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use tokio_stream::wrappers::{BroadcastStream, IntervalStream};

/// How often the number of present visitors is told.
const PRESENCE: Duration = Duration::from_secs(5);
/// How often the caller must still be allowed to watch.
const RECOGNISE: Duration = Duration::from_secs(15);

type Lines = Pin<Box<dyn Stream<Item = Event> + Send>>;

/// Watch a site.
///
/// `text/event-stream` with three kinds of events: `event` (as in `GET /v1/events`), `presence`
/// (`{"visitors": n}`, at once and every five seconds) and `gap` (`{"missed": n}`, when the
/// reader was too slow).
#[utoipa::path(
    get,
    path = "/v1/sites/{siteId}/live",
    tag = "Events",
    params(("siteId" = String, Path, description = "Site id or slug")),
    responses(
        (status = 200, description = "Server-Sent Events", content_type = "text/event-stream"),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
        (status = 404, description = "unknown_site"),
        (status = 503, description = "shutting_down"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn watch(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    parts: Parts,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let site = caller.site(&app, &id)?.id();
    let receiver = app.live.watch(site);
    let receiver = receiver.ok_or_else(|| ApiError::from(ErrorCode::ShuttingDown))?;
    // The end of this stream (the server stops) ends the whole.
    let events = BroadcastStream::new(receiver)
        .map(line)
        .map(Some)
        .chain(stream::once(async { None }));
    let lines = stream::select(
        events,
        stream::select(
            presence(app.clone(), site).map(Some),
            gate(app, parts, id).map(|()| None),
        ),
    );
    let lines = lines.take_while(|line| std::future::ready(line.is_some()));
    let lines = lines.filter_map(|line| std::future::ready(line.map(Ok)));
    Ok(Sse::new(lines).keep_alive(KeepAlive::default()))
}

fn line(received: Result<LiveEvent, BroadcastStreamRecvError>) -> Event {
    match received {
        Ok(live) => {
            let event = Arc::unwrap_or_clone(live.event);
            let view = EventView::new(live.site, EpochMs(live.received_ms), event);
            message("event", &view)
        }
        Err(BroadcastStreamRecvError::Lagged(missed)) => {
            message("gap", &json!({ "missed": missed }))
        }
    }
}

fn presence(app: Arc<App>, site: SiteId) -> Lines {
    let ticks = IntervalStream::new(tokio::time::interval(PRESENCE));
    let told = ticks.filter_map(move |_| {
        let app = app.clone();
        async move {
            let visitors = visitors(&app, site).await?;
            Some(message("presence", &json!({ "visitors": visitors })))
        }
    });
    Box::pin(told)
}

/// Visitors of the last five minutes; `None` while reports do not answer.
async fn visitors(app: &App, site: SiteId) -> Option<u64> {
    let known = app.sites.get(site)?;
    let zone = &known.policy().time_zone;
    let plan = report::parse("realtime", &[], site, zone, clock::now());
    let table = app.events().ok()?.run(&plan.ok()?).await;
    match table.ok()?.body {
        Body::Realtime(realtime) => Some(realtime.visitors),
        _ => None,
    }
}

/// Yields once the caller may not watch any more.
fn gate(app: Arc<App>, parts: Parts, site: String) -> impl Stream<Item = ()> + Send {
    stream::once(async move {
        let mut parts = parts;
        loop {
            tokio::time::sleep(RECOGNISE).await;
            let caller = Caller::from_request_parts(&mut parts, &app).await;
            let refused = match caller {
                Ok(caller) => caller.site(&app, &site).is_err(),
                // Only a clear no ends the watch, not a busy database.
                Err(error) => error.status().is_client_error(),
            };
            if refused {
                return;
            }
        }
    })
}

fn message(kind: &str, data: &impl serde::Serialize) -> Event {
    let event = Event::default().event(kind);
    event.json_data(data).unwrap_or_else(|error| {
        tracing::error!(%error, kind, "a live line cannot be written as JSON");
        Event::default().comment("unreadable")
    })
}
