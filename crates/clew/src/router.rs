//! The site map: every address that Clew answers.
//!
//! Ingest stands outside all layers (see `middleware`); scripts and pages, management and reports
//! share theirs.

use crate::app::App;
use crate::middleware::security_headers::{self, Https};
use crate::middleware::{access_log, cors, cross_site, site_access, timeout};
use crate::routes::openapi::Description;
use crate::routes::{
    account, analytics, attribution, audit, auth_token, channels, clients, collect, dashboard,
    data_health, demo, docs, domain_config, erasures, events, exports, family_scripts, fields,
    form_config, forms, gpc, health, keys, live, metrics, openapi, pixel_gif, privacy,
    processing_record, recent_events, reports, retention, sample_data, scripts, session, sessions,
    sites, unknown, users, verification, visitor_link, visitors,
};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, options};
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

type Routes = OpenApiRouter<Arc<App>>;

/// Public doors for events.
fn ingest() -> Routes {
    collect::routes()
        .routes(routes!(pixel_gif::get))
        .routes(routes!(visitor_link::issue))
        .routes(routes!(visitor_link::open))
        .routes(routes!(form_config::get))
        .routes(routes!(domain_config::get))
}

/// Everything that an API client calls besides sending events.
fn api() -> Routes {
    OpenApiRouter::new()
        .routes(routes!(events::list))
        .routes(routes!(recent_events::list))
        .routes(routes!(attribution::get))
        .routes(routes!(reports::get))
        .routes(routes!(channels::list))
        .routes(routes!(scripts::core))
        .routes(routes!(scripts::of_site))
        .routes(routes!(scripts::chunk))
        .routes(routes!(family_scripts::pixel))
        .routes(routes!(family_scripts::client))
        .routes(routes!(family_scripts::production_tracker))
        .routes(routes!(family_scripts::main_app))
        .routes(routes!(family_scripts::collector))
        .routes(routes!(family_scripts::tracker))
        .routes(routes!(family_scripts::tracker_min))
        .routes(routes!(family_scripts::pulse))
        .routes(routes!(family_scripts::form))
        .routes(routes!(health::check))
        .routes(routes!(health::live))
        .routes(routes!(metrics::with_key))
        .routes(routes!(openapi::document))
        .routes(routes!(gpc::statement))
}

/// Who may come in, what they own and what they may do.
fn management() -> Routes {
    OpenApiRouter::new()
        .routes(routes!(session::setup_state, session::setup))
        .routes(routes!(
            session::current,
            session::sign_in,
            session::sign_out
        ))
        .routes(routes!(session::change_password))
        .routes(routes!(session::inspect_link))
        .routes(routes!(session::redeem_link))
        .routes(routes!(sessions::list, sessions::revoke_others))
        .routes(routes!(sessions::revoke))
        .routes(routes!(account::get, account::put))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::update, users::delete))
        .routes(routes!(users::link))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(audit::verify))
        .routes(routes!(sites::list, sites::create))
        .routes(routes!(sites::get, sites::update, sites::delete))
        .routes(routes!(verification::get))
        .routes(routes!(data_health::get))
        .routes(routes!(privacy::get))
        .routes(routes!(processing_record::get))
        .routes(routes!(live::watch))
        .routes(routes!(erasures::list, erasures::create))
        .routes(routes!(erasures::get))
        .routes(routes!(erasures::certificate))
        .routes(routes!(visitors::list))
        .routes(routes!(visitors::get))
        .routes(routes!(visitors::merge, visitors::separate))
        .routes(routes!(exports::list, exports::create))
        .routes(routes!(exports::get))
        .routes(routes!(exports::download))
        .routes(routes!(retention::get))
        .routes(routes!(retention::run))
        .routes(routes!(
            sample_data::get,
            sample_data::post,
            sample_data::delete
        ))
}

/// Sites and their forms, as clients of a CRM tracker know them.
fn clients() -> Routes {
    OpenApiRouter::new()
        .routes(routes!(auth_token::create))
        .routes(routes!(clients::list, clients::create))
        .routes(routes!(clients::get, clients::update, clients::delete))
        .routes(routes!(forms::list, forms::create))
        .routes(routes!(forms::get, forms::update, forms::delete))
        .routes(routes!(fields::list, fields::create))
        .routes(routes!(fields::update, fields::delete))
}

/// What Pulse dashboards ask.
fn analytics() -> Routes {
    OpenApiRouter::new()
        .routes(routes!(analytics::reports::overview))
        .routes(routes!(analytics::reports::timeseries))
        .routes(routes!(analytics::sessions::list))
        .routes(routes!(analytics::settings::get, analytics::settings::put))
        .routes(routes!(
            analytics::marketing_keys::list,
            analytics::marketing_keys::create
        ))
        .routes(routes!(analytics::marketing_keys::revoke))
}

/// Pages for people.
fn pages() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(dashboard::home))
        .route("/app", get(dashboard::home))
        .route("/app/", get(dashboard::index))
        .route("/app/{*path}", get(dashboard::file))
        .route("/demo", get(demo::home))
        .route("/demo/", get(demo::index))
        .route("/demo/{*path}", get(demo::file))
        .route("/docs", get(docs::page))
}

fn preflights() -> Router<Arc<App>> {
    let preflight = || options(async || cors::preflight());
    Router::new()
        .route("/p.gif", preflight())
        .route("/v1/link", preflight())
        .route("/v1/link/open", preflight())
        .route("/api/v1/config/domain/{domain}", preflight())
        .route("/forms/config", preflight())
        .merge(analytics_options())
}

fn analytics_options() -> Router<Arc<App>> {
    let allow = |methods| options(async move || analytics::allow(methods));
    Router::new()
        .route("/analytics/overview", allow("GET, HEAD, OPTIONS"))
        .route("/analytics/timeseries", allow("GET, HEAD, OPTIONS"))
        .route("/analytics/sessions", allow("GET, HEAD, OPTIONS"))
        .route("/analytics/settings", allow("GET, HEAD, PUT, OPTIONS"))
        .route(
            "/analytics/marketing-keys",
            allow("GET, HEAD, POST, OPTIONS"),
        )
        .route(
            "/analytics/marketing-keys/{keyId}",
            allow("DELETE, OPTIONS"),
        )
}

/// The whole server.
pub fn router(app: Arc<App>) -> Router {
    let https = Https(app.config.server.is_https());
    let longest = app.config.server.request_timeout();
    let layered = Router::from(api())
        .merge(Router::from(management()))
        .merge(Router::from(clients()))
        .merge(Router::from(analytics()))
        .merge(pages())
        .fallback(unknown::not_found)
        .layer(from_fn_with_state(app.clone(), site_access::audit))
        .layer(cross_site::layer(&app.config.server.public_url()))
        .layer(from_fn_with_state(longest, timeout::limit))
        .layer(from_fn_with_state(https, security_headers::add))
        .layer(from_fn(access_log::log));
    Router::from(ingest())
        .merge(preflights())
        .merge(layered)
        .method_not_allowed_fallback(unknown::method_not_allowed)
        .with_state(app)
}

/// The listener of `metrics_listen`: one address, no key.
pub fn metrics_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics::open))
        .fallback(unknown::not_found)
        .with_state(app)
}

/// The OpenAPI description of [`router`].
pub fn description() -> utoipa::openapi::OpenApi {
    let routes = OpenApiRouter::with_openapi(Description::openapi());
    let (_, mut description) = routes
        .merge(ingest())
        .merge(api())
        .merge(management())
        .merge(clients())
        .merge(analytics())
        .split_for_parts();
    openapi::name_operations(&mut description);
    openapi::complete(&mut description);
    description
}
