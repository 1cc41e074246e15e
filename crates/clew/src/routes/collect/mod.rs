//! Every door where events come in: one route for all wire formats, mounted from their list.
//!
//! A door reads bytes, finds the site, asks whether the sender may write there and hands the batch
//! to the journal; what bytes mean and what the answer says is the format's business. A new format
//! needs no line here.

mod description;
mod reply;
mod submit;

pub use reply::Marks;
pub(super) use submit::{Sender, pace, submit};
use submit::{is_unnamed, unnamed};

use crate::app::App;
use crate::clock;
use crate::error::{ApiError, ApiResult};
use crate::extract::address::{self, Peer};
use crate::extract::{body, client, origin, principal};
use crate::middleware::cors;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, options, post};
use clew_core::model::EventId;
use clew_core::wire::{Door, FORMATS, Receipt, WireError, WireFormat, WireRequest};
use http::HeaderMap;
use http::header::ORIGIN;
use std::sync::Arc;
use std::time::Instant;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// All doors of all formats, with their preflights and their part of the API description.
pub fn routes() -> OpenApiRouter<Arc<App>> {
    let mut routes = OpenApiRouter::new();
    for format in FORMATS {
        for door in format.doors() {
            let path = routes
                .get_openapi_mut()
                .paths
                .paths
                .entry(door.path.to_owned());
            path.or_default().post = Some(description::operation(door));
            routes = routes.route(door.path, answering(*format, door));
        }
    }
    routes
}

fn answering(format: &'static dyn WireFormat, door: &'static Door) -> MethodRouter<Arc<App>> {
    let collect = move |State(app): State<Arc<App>>, request: Request| async move {
        collect(&app, format, door, request).await
    };
    let preflight =
        async |State(app): State<Arc<App>>, headers: HeaderMap| preflight(&app, door, &headers);
    post(collect).merge(options(preflight))
}

async fn collect(
    app: &App,
    format: &'static dyn WireFormat,
    door: &'static Door,
    request: Request,
) -> Response {
    let begun = Instant::now();
    let mut marks = Marks::of(door);
    let taken = take(app, format, door, request, &mut marks).await;
    let mut response = match taken.and_then(|receipt| reply::success(format, door, &receipt)) {
        Ok(response) => response,
        Err(error) => error.into_response(),
    };
    marks.put_on(&mut response);
    app.ingest_latency.record(begun.elapsed().as_secs_f64());
    response
}

/// Reply to a preflight: with credentials for pages of a site whose visitors have a cookie here.
fn preflight(app: &App, door: &Door, headers: &HeaderMap) -> Response {
    let mut response = cors::preflight().into_response();
    if !door.cookies {
        return response;
    }
    let host = origin::origin_host(headers);
    let site = host
        .and_then(|host| app.sites.of_host(&host))
        .filter(|site| site.is_active());
    if let (Some(site), Some(origin)) = (site, headers.get(ORIGIN))
        && submit::party(app, site.policy(), headers).is_some()
    {
        cors::allow_credentials(response.headers_mut(), origin.clone());
    }
    response
}

async fn take(
    app: &App,
    format: &'static dyn WireFormat,
    door: &'static Door,
    request: Request,
    marks: &mut Marks,
) -> ApiResult<Receipt> {
    let received = clock::now();
    let (parts, sent) = request.into_parts();
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
    let headers = &parts.headers;
    let proxies = &app.config.server.trusted_proxies;
    let pace = pace(app, address::client_ip(peer.0.ip(), headers, proxies))?;
    let body = body::read(headers, sent, body::Caps::of(&app.config.server, door)).await?;
    let minted = EventId::from(Uuid::now_v7());
    let request = WireRequest {
        path: door.path,
        body: &body,
        minted,
    };
    let batch = format.decode(&request).map_err(unreadable)?;
    let key = principal::presented(app, headers).await?;
    let sender = Sender {
        client: client::client(peer.0.ip(), headers, &app.config, key.is_some()),
        headers,
        key: key.as_deref(),
        received,
        pace,
        minted,
    };
    let taken = if is_unnamed(door, &batch, &sender) {
        Err(unnamed(door))
    } else {
        submit(app, format.name(), batch, sender, marks).await
    };
    taken.map_err(|error| {
        let code = format.refusal(error.code());
        error.told_as(code)
    })
}

fn unreadable(error: WireError) -> ApiError {
    let refused = ApiError::new(error.code);
    let refused = match error.message {
        Some(message) => refused.with_message(message),
        None => refused,
    };
    match error.field {
        Some(field) => refused.with_details(serde_json::json!({ "field": field })),
        None => refused,
    }
}
