//! `/v1/sites/{siteId}/live`: events as they become visible, as Server-Sent Events.
//!
//! Refuses to outlive what opened it: the caller is recognised again now and then, and a watcher
//! whose session or role has ended is sent away.

use super::event_view::EventView;
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::given::PathText;
use crate::extract::principal::Caller;
use crate::ingest::LiveEvent;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, SiteId};
use futures::stream::{self, Stream, StreamExt as _};
use http::HeaderMap;
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
const RECOGNISE: Duration = Duration::from_secs(2);

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
        (status = 429, description = "rate_limited: too many live views of this session or key"),
        (status = 503, description = "shutting_down"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn watch(
    State(app): State<Arc<App>>,
    caller: Caller,
    PathText(id): PathText,
    headers: HeaderMap,
) -> ApiResult<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let site = caller.site(&app, &id)?;
    let (site, account) = (site.id(), site.account());
    let seat = app.live.seat(caller.holder()).ok_or_else(|| {
        let message = "Too many live views are open; close some.";
        ApiError::new(ErrorCode::RateLimited).with_message(message)
    })?;
    let receiver = app.live.watch(site);
    let receiver = receiver.ok_or_else(|| ApiError::from(ErrorCode::ShuttingDown))?;
    // The end of this stream (the server stops) ends the whole.
    let told = app.clone();
    let events = BroadcastStream::new(receiver)
        .map(move |received| line(&told, received))
        .map(Some)
        .chain(stream::once(async { None }));
    let lines = stream::select(
        events,
        stream::select(
            presence(app.clone(), site).map(Some),
            gate(app, headers, account, site).map(|()| None),
        ),
    );
    let lines = lines.take_while(move |line| {
        let _kept = &seat;
        std::future::ready(line.is_some())
    });
    let lines = lines.filter_map(|line| std::future::ready(line.map(Ok)));
    Ok(Sse::new(lines).keep_alive(KeepAlive::default()))
}

fn line(app: &App, received: Result<LiveEvent, BroadcastStreamRecvError>) -> Event {
    match received {
        Ok(live) => {
            let event = Arc::unwrap_or_clone(live.event);
            let view = EventView::new(&app.sites, live.site, EpochMs(live.received_ms), event);
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
            let visitors = app.present_visitors(site).await?;
            Some(message("presence", &json!({ "visitors": visitors })))
        }
    });
    Box::pin(told)
}

/// Yields once whoever watches may not watch any more.
fn gate(
    app: Arc<App>,
    headers: HeaderMap,
    account: RowId,
    site: SiteId,
) -> impl Stream<Item = ()> + Send {
    stream::once(async move {
        loop {
            tokio::time::sleep(RECOGNISE).await;
            match Caller::may_still_read(&app, &headers, account, site).await {
                Ok(true) => {}
                Ok(false) => return,
                // A busy database is no clear no.
                Err(error) => tracing::warn!(%error, "live: cannot ask who is watching"),
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
