//! Every route × every caller × own, other, foreign, deleted and missing site.
//!
//! The routes come from the API description, so a new one fails here until somebody has said who
//! may use it. What must happen is computed from that one line; what does happen is asked of a
//! real server. A refusal must not say anything about what was refused.

use crate::support::{PASSWORD, Person, Reply, TestApp};
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use clew_store::relational::Role::{self, Admin, Marketing, Owner, Viewer};
use clew_store::relational::form_fields::{self, NewField};
use clew_store::relational::forms::{self, NewForm};
use clew_store::relational::keys::{self, NewKey};
use clew_store::relational::{KeyRole, keys::KeySites};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Who may use a route.
#[derive(Clone, Copy, Debug)]
enum Rule {
    /// Everybody, without saying who they are.
    Open,
    /// Everybody, unless they present a key that is not valid or not made for sending events.
    Ingest,
    /// People with a session; keys are not people.
    Person,
    /// Everybody who is recognised; the answer holds only what they may see.
    Anybody,
    /// This role in the whole account.
    Account(Role),
    /// A person with this role in the whole account.
    AccountByPerson(Role),
    /// This role on the site of the path or query.
    Site(Role),
    /// Whoever sees the site of the path, with this role in the whole account.
    SiteByAccount(Role),
    /// This role on the site of the form or field of the path, which is not found otherwise.
    Inside(Role),
}
use Rule::{Account, AccountByPerson, Anybody, Ingest, Inside, Open, Site, SiteByAccount};

const MATRIX: &[(&str, &str, Rule)] = &[
    ("POST", "/v1/events", Ingest),
    ("POST", "/v1/pixel", Ingest),
    ("POST", "/collect", Ingest),
    ("POST", "/track", Ingest),
    ("GET", "/api/v1/config/domain/{domain}", Open),
    ("POST", "/v1/track", Ingest),
    ("POST", "/v1/track/batch", Ingest),
    ("POST", "/track/session-start", Ingest),
    ("POST", "/track/event", Ingest),
    ("POST", "/track/events", Ingest),
    ("POST", "/track/events-batch", Ingest),
    ("POST", "/track/session-end", Ingest),
    ("POST", "/lead.capture", Ingest),
    ("POST", "/lead", Ingest),
    ("POST", "/", Ingest),
    ("GET", "/p.gif", Open),
    ("POST", "/v1/link", Open),
    ("POST", "/v1/link/open", Open),
    ("GET", "/c.js", Open),
    ("GET", "/c/{script}", Open),
    ("GET", "/.well-known/gpc.json", Open),
    ("GET", "/m/{chunk}", Open),
    ("GET", "/pixel.js", Open),
    ("GET", "/script/{script}", Open),
    ("GET", "/production-tracker.js", Open),
    ("GET", "/main-app.v1.js", Open),
    ("GET", "/pixel/{client_id}/tracking.js", Open),
    ("GET", "/tracker.js", Open),
    ("GET", "/tracker.min.js", Open),
    ("GET", "/pulse.js", Open),
    ("GET", "/form.js", Open),
    ("GET", "/health", Open),
    ("GET", "/health/live", Open),
    ("GET", "/openapi.json", Open),
    ("GET", "/metrics", Account(Admin)),
    ("GET", "/v1/events", Site(Viewer)),
    ("GET", "/events/recent", Site(Viewer)),
    ("GET", "/v1/reports/attribution", Site(Viewer)),
    ("GET", "/v1/reports/{name}", Site(Viewer)),
    ("GET", "/v1/channels", Anybody),
    ("GET", "/v1/setup", Open),
    ("POST", "/v1/setup", Open),
    ("POST", "/v1/session", Open),
    ("GET", "/v1/session", Rule::Person),
    ("DELETE", "/v1/session", Rule::Person),
    ("POST", "/v1/session/password", Rule::Person),
    ("POST", "/v1/links/inspect", Open),
    ("POST", "/v1/links/redeem", Open),
    ("GET", "/v1/sessions", Rule::Person),
    ("DELETE", "/v1/sessions", Rule::Person),
    ("DELETE", "/v1/sessions/{sessionId}", Rule::Person),
    ("GET", "/v1/account", Account(Admin)),
    ("PUT", "/v1/account", Account(Owner)),
    ("GET", "/v1/users", Account(Admin)),
    ("POST", "/v1/users", AccountByPerson(Admin)),
    ("PUT", "/v1/users/{userId}", AccountByPerson(Admin)),
    ("DELETE", "/v1/users/{userId}", AccountByPerson(Admin)),
    ("POST", "/v1/users/{userId}/link", AccountByPerson(Admin)),
    ("GET", "/v1/keys", Account(Admin)),
    ("POST", "/v1/keys", Account(Admin)),
    ("DELETE", "/v1/keys/{keyId}", Account(Admin)),
    ("GET", "/v1/audit", Account(Admin)),
    ("GET", "/v1/audit/verification", Account(Admin)),
    ("POST", "/v1/auth/token", Open),
    ("GET", "/v1/clients", Anybody),
    ("POST", "/v1/clients", Account(Admin)),
    ("GET", "/v1/clients/{clientId}", Site(Viewer)),
    ("PUT", "/v1/clients/{clientId}", Site(Admin)),
    ("DELETE", "/v1/clients/{clientId}", SiteByAccount(Admin)),
    ("GET", "/v1/clients/{clientId}/forms", Site(Viewer)),
    ("POST", "/v1/clients/{clientId}/forms", Site(Admin)),
    ("GET", "/v1/forms/{formId}", Inside(Viewer)),
    ("PUT", "/v1/forms/{formId}", Inside(Admin)),
    ("DELETE", "/v1/forms/{formId}", Inside(Admin)),
    ("GET", "/v1/forms/{formId}/fields", Inside(Viewer)),
    ("POST", "/v1/forms/{formId}/fields", Inside(Admin)),
    ("PUT", "/v1/fields/{fieldId}", Inside(Admin)),
    ("DELETE", "/v1/fields/{fieldId}", Inside(Admin)),
    ("GET", "/forms/config", Open),
    ("GET", "/analytics/overview", Site(Viewer)),
    ("GET", "/analytics/timeseries", Site(Viewer)),
    ("GET", "/analytics/sessions", Site(Viewer)),
    ("GET", "/analytics/settings", Site(Admin)),
    ("PUT", "/analytics/settings", Site(Admin)),
    ("GET", "/analytics/marketing-keys", Account(Admin)),
    ("POST", "/analytics/marketing-keys", Account(Admin)),
    (
        "DELETE",
        "/analytics/marketing-keys/{keyId}",
        Account(Admin),
    ),
    ("GET", "/v1/sites", Anybody),
    ("POST", "/v1/sites", Account(Admin)),
    ("GET", "/v1/sites/{siteId}", Site(Viewer)),
    ("PUT", "/v1/sites/{siteId}", Site(Admin)),
    ("DELETE", "/v1/sites/{siteId}", SiteByAccount(Admin)),
    ("GET", "/v1/sites/{siteId}/verification", Site(Viewer)),
    ("GET", "/v1/sites/{siteId}/health", Site(Viewer)),
    ("GET", "/v1/sites/{siteId}/privacy", Site(Viewer)),
    ("GET", "/v1/sites/{siteId}/processing-record", Site(Admin)),
    ("GET", "/v1/sites/{siteId}/live", Site(Viewer)),
    ("GET", "/v1/sites/{siteId}/visitors", Site(Admin)),
    (
        "GET",
        "/v1/sites/{siteId}/visitors/{visitorId}",
        Site(Admin),
    ),
    (
        "POST",
        "/v1/sites/{siteId}/visitors/{visitorId}/links",
        Site(Admin),
    ),
    (
        "DELETE",
        "/v1/sites/{siteId}/visitors/{visitorId}/links",
        Site(Admin),
    ),
    ("GET", "/v1/sites/{siteId}/retention", Site(Viewer)),
    ("POST", "/v1/sites/{siteId}/retention/run", Site(Admin)),
    ("GET", "/v1/sites/{siteId}/exports", Site(Admin)),
    ("POST", "/v1/sites/{siteId}/exports", Site(Admin)),
    ("GET", "/v1/sites/{siteId}/exports/{exportId}", Site(Admin)),
    (
        "GET",
        "/v1/sites/{siteId}/exports/{exportId}/file",
        Site(Admin),
    ),
    ("GET", "/v1/sites/{siteId}/sample-data", Site(Viewer)),
    ("POST", "/v1/sites/{siteId}/sample-data", Site(Admin)),
    ("DELETE", "/v1/sites/{siteId}/sample-data", Site(Admin)),
    ("GET", "/v1/sites/{siteId}/erasures", Site(Admin)),
    ("POST", "/v1/sites/{siteId}/erasures", Site(Admin)),
    (
        "GET",
        "/v1/sites/{siteId}/erasures/{erasureId}",
        Site(Admin),
    ),
    (
        "GET",
        "/v1/sites/{siteId}/erasures/{erasureId}/certificate",
        Site(Admin),
    ),
];

/// Names that only those may read who may read the thing.
const OWN: &str = "own-quagga";
const OTHER: &str = "other-okapi";
const FOREIGN: &str = "foreign-zebra";

/// Which site the request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// Of the caller's account, and named in single-site roles and limited keys.
    Own,
    /// Of the caller's account, and not named there.
    Other,
    Foreign,
    Deleted,
    Missing,
}

const TARGETS: [Target; 5] = [
    Target::Own,
    Target::Other,
    Target::Foreign,
    Target::Deleted,
    Target::Missing,
];

/// Somebody who asks, and what they may do by their own account.
#[allow(clippy::struct_excessive_bools)]
struct Caller {
    name: String,
    header: (&'static str, String),
    /// Nobody at all.
    stranger: bool,
    is_person: bool,
    /// Came with a cookie.
    has_session: bool,
    account: Option<Role>,
    own_site: Option<Role>,
    /// The largest thing a key was made for; people are not limited this way.
    reads: bool,
    manages: bool,
    sends: bool,
}

struct World {
    app: TestApp,
    account: RowId,
    own: SiteId,
    other: SiteId,
    foreign: SiteId,
    deleted: SiteId,
    /// They were there before their site was deleted.
    deleted_form: RowId,
    deleted_field: RowId,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let account = app.account().await;
        let elsewhere = app.other_account().await;
        let own = app.site_in(account, OWN).await;
        let other = app.site_in(account, OTHER).await;
        let foreign = app.site_in(elsewhere, FOREIGN).await;
        let deleted = app.site_in(account, OTHER).await;
        let (deleted_form, deleted_field) = form_of(&app, deleted).await;
        delete_site(&app, account, deleted).await;
        let key = app.key("admin", &[], &[]).await;
        app.wait_for_reports(&key).await;
        Self {
            app,
            account,
            own,
            other,
            foreign,
            deleted,
            deleted_form,
            deleted_field,
        }
    }

    fn id(&self, target: Target) -> SiteId {
        match target {
            Target::Own => self.own,
            Target::Other => self.other,
            Target::Foreign => self.foreign,
            Target::Deleted => self.deleted,
            Target::Missing => SiteId::from_u128(0xDEAD),
        }
    }

    async fn callers(&self) -> Vec<Caller> {
        let mut callers = vec![
            stranger("nobody", "x-nothing", "1"),
            stranger(
                "a forged cookie",
                "cookie",
                &format!("clew={}", "0".repeat(64)),
            ),
            stranger(
                "a forged key",
                "authorization",
                &format!("Bearer sk_{}", "0".repeat(64)),
            ),
            stranger(
                "a forged write key",
                "x-api-key",
                "pk_00112233445566778899aabbccddeeff",
            ),
        ];
        let paused = self.app.person(self.account, Some(Admin), &[]).await;
        self.pause(&paused).await;
        callers.push(stranger("somebody paused", "cookie", &paused.cookie));
        for role in [Owner, Admin, Marketing, Viewer] {
            let person = self.app.person(self.account, Some(role), &[]).await;
            callers.push(somebody(&format!("{role:?}"), &person, Some(role), None));
        }
        for role in [Admin, Marketing, Viewer] {
            let roles = [(self.own, role)];
            let person = self.app.person(self.account, None, &roles).await;
            callers.push(somebody(
                &format!("{role:?} of a site"),
                &person,
                None,
                Some(role),
            ));
        }
        let roles = [(self.own, Admin)];
        let person = self.app.person(self.account, Some(Viewer), &roles).await;
        callers.push(somebody(
            "Viewer, Admin of a site",
            &person,
            Some(Viewer),
            Some(Admin),
        ));
        let none = self.app.person(self.account, None, &[]).await;
        callers.push(somebody("a member without a role", &none, None, None));
        for role in [KeyRole::Admin, KeyRole::Marketing, KeyRole::Viewer] {
            for limited in [false, true] {
                callers.push(self.key(role, limited, &[]).await);
            }
        }
        callers.push(self.key(KeyRole::Admin, false, &["ingest"]).await);
        for role in [Admin, Viewer] {
            let person = self.app.person(self.account, Some(role), &[]).await;
            let proof = json!({ "email": person.email, "password": PASSWORD });
            let mut caller = somebody(&format!("a token of {role:?}"), &person, Some(role), None);
            caller.header = self.app.token(&proof).await;
            (caller.has_session, caller.sends) = (false, false);
            callers.push(caller);
        }
        let mut limited = self.key(KeyRole::Admin, true, &[]).await;
        let key = limited.header.1.replace("Bearer ", "");
        limited.name = "a token of an admin key of one site".into();
        limited.header = self.app.token(&json!({ "api_key": key })).await;
        callers.push(limited);
        callers
    }

    async fn pause(&self, person: &Person) {
        let (account, id, now) = (self.account, person.id, clew::clock::now());
        let change = clew_store::relational::users::UserChange {
            is_active: Some(false),
            ..Default::default()
        };
        let work = self.app.app.db.write_tx(move |tx| {
            Box::pin(async move {
                clew_store::relational::users::update(tx, account, id, change, now).await
            })
        });
        work.await.unwrap();
    }

    async fn key(&self, role: KeyRole, limited: bool, scopes: &[&str]) -> Caller {
        let own = self.own.to_string();
        let sites: &[&str] = if limited { &[&own] } else { &[] };
        let key = self.app.key(role.as_str(), sites, scopes).await;
        let ingest_only = !scopes.is_empty();
        Caller {
            name: format!("a key: {role:?}, limited {limited}, scopes {scopes:?}"),
            header: ("authorization", format!("Bearer {key}")),
            stranger: false,
            is_person: false,
            has_session: false,
            account: (!limited).then(|| role.into()),
            own_site: limited.then(|| role.into()),
            reads: !ingest_only,
            manages: !ingest_only && role == KeyRole::Admin,
            sends: ingest_only || role != KeyRole::Viewer,
        }
    }

    /// Something to be changed or removed, new each time.
    async fn user(&self) -> RowId {
        self.app.person(self.account, Some(Viewer), &[]).await.id
    }

    async fn secret_key(&self) -> RowId {
        let (account, now) = (self.account, clew::clock::now());
        let new = NewKey {
            name: "to be revoked".into(),
            role: KeyRole::Viewer,
            scopes: None,
            sites: KeySites::All,
            expires_at: None,
            visible_pages: None,
        };
        let work =
            self.app.app.db.write_tx(move |tx| {
                Box::pin(async move { keys::create(tx, account, new, now).await })
            });
        work.await.unwrap().key.id
    }

    /// A form and a field of the site, new each time where there can be one.
    async fn form(&self, site: &str) -> (RowId, RowId) {
        let site = SiteId::from(uuid::Uuid::parse_str(site).unwrap());
        if site == self.deleted {
            return (self.deleted_form, self.deleted_field);
        }
        if ![self.own, self.other, self.foreign].contains(&site) {
            return (RowId::from_u128(0xDEAD), RowId::from_u128(0xDEAD));
        }
        form_of(&self.app, site).await
    }

    async fn ask(&self, method: &str, path: &str, site: &str, caller: &Caller) -> Reply {
        let mut path = path.replace("{siteId}", site).replace("{chunk}", "none.js");
        path = path.replace("{script}", &format!("{site}.js"));
        path = path.replace("{clientId}", site);
        if path.contains("{formId}") || path.contains("{fieldId}") {
            let (form, field) = self.form(site).await;
            path = path.replace("{formId}", &form.to_string());
            path = path.replace("{fieldId}", &field.to_string());
        }
        path = path.replace("{name}", &format!("overview?site={site}"));
        if path.contains("{userId}") {
            path = path.replace("{userId}", &self.user().await.to_string());
        }
        if path.contains("{keyId}") {
            path = path.replace("{keyId}", &self.secret_key().await.to_string());
        }
        for name in ["{sessionId}", "{visitorId}", "{exportId}", "{erasureId}"] {
            path = path.replace(name, &uuid::Uuid::new_v4().to_string());
        }
        path = path.replace("{domain}", "nobody.example");
        let by_query = [
            "/v1/events",
            "/events/recent",
            "/v1/reports/attribution",
            "/analytics/overview",
            "/analytics/timeseries",
            "/analytics/sessions",
            "/analytics/settings",
        ];
        if by_query.contains(&path.as_str()) && method != "POST" {
            path = format!("{path}?site={site}");
        }
        let mut request = self.app.request(method, &path);
        if let Some(body) = body(method, &path, site) {
            request = request.json(&body);
        }
        // Nothing is taken at these doors for the name of a client alone.
        if path.starts_with("/v1/track") {
            request = request.header("origin", "https://shop.example");
        }
        let (name, value) = &caller.header;
        let request = request.header(name, value);
        if path.ends_with("/live") {
            let head = request.stream(|text| text.contains("\r\n\r\n")).await;
            return Reply::of_head(&head);
        }
        request.send().await
    }
}

fn body(method: &str, path: &str, site: &str) -> Option<Value> {
    let fresh = || uuid::Uuid::new_v4().simple().to_string();
    match (method, path) {
        ("POST", "/v1/events") => Some(json!({ "site_id": site, "events": [] })),
        ("POST", "/v1/pixel") => {
            Some(json!({ "pixel_id": site, "page_url": "https://shop.example/" }))
        }
        ("POST", "/collect") => {
            Some(json!({ "siteId": site, "sessionId": "s", "eventType": "batch", "events": [] }))
        }
        ("POST", "/track") => Some(json!({ "site_id": site, "url": "https://shop.example/" })),
        ("POST", "/v1/track") => Some(json!({ "clientId": site, "type": "tracker_initialized" })),
        ("POST", "/v1/track/batch") => {
            Some(json!({ "clientId": site, "events": [{ "type": "page_view" }] }))
        }
        ("POST", path) if path.starts_with("/track/events") => {
            Some(json!({ "site_key": site, "events": [{ "type": "click" }] }))
        }
        ("POST", path) if path.starts_with("/track/") => {
            Some(json!({ "site_key": site, "event": { "type": "click" } }))
        }
        ("POST", "/lead.capture" | "/lead" | "/") => {
            Some(json!({ "site_key": site, "email": "jane@mail.example" }))
        }
        ("POST", "/v1/link") => {
            Some(json!({ "site_id": site, "visitor_id": uuid::Uuid::new_v4() }))
        }
        ("POST", "/v1/link/open") => Some(json!({ "site_id": site, "token": fresh() })),
        ("POST", "/v1/setup") => {
            Some(json!({ "token": "x", "email": "a@x.y", "password": "0123456789" }))
        }
        ("POST", "/v1/session") => Some(json!({ "email": fresh(), "password": "wrong" })),
        ("POST", "/v1/session/password") => {
            Some(json!({ "currentPassword": "wrong", "newPassword": "0123456789" }))
        }
        ("POST", "/v1/links/inspect") => Some(json!({ "token": fresh() })),
        ("POST", "/v1/links/redeem") => Some(json!({ "token": fresh(), "password": "0123456789" })),
        ("PUT", "/v1/account") => Some(json!({ "name": "Renamed" })),
        ("POST", "/v1/users") => {
            Some(json!({ "email": format!("{}@x.y", fresh()), "role": "viewer" }))
        }
        ("POST", "/v1/keys") => Some(json!({ "name": "k", "role": "viewer" })),
        ("POST", "/v1/auth/token") => Some(json!({ "api_key": fresh() })),
        ("POST", "/v1/clients") => Some(json!({ "domain": format!("{}.example", fresh()) })),
        ("PUT", path) if path.starts_with("/v1/clients/") => Some(json!({ "isActive": true })),
        ("POST", path) if path.ends_with("/forms") => {
            Some(json!({ "formName": "f", "pageUrl": "/", "formSelector": "#f" }))
        }
        ("PUT", path) if path.starts_with("/v1/forms/") => Some(json!({ "isActive": true })),
        ("POST", path) if path.ends_with("/fields") => {
            Some(json!({ "fieldName": "f", "fieldSelector": "#f", "fieldType": "text" }))
        }
        ("PUT", path) if path.starts_with("/v1/fields/") => Some(json!({ "isRequired": true })),
        ("PUT", path) if path.starts_with("/analytics/settings") => {
            Some(json!({ "bot_detection": true }))
        }
        ("POST", "/analytics/marketing-keys") => Some(json!({ "name": "k" })),
        ("POST", "/v1/sites") => Some(json!({ "name": "New", "domains": [] })),
        ("POST", path) if path.ends_with("/links") => Some(json!({ "userId": "somebody" })),
        ("POST", path) if path.ends_with("/exports") || path.ends_with("/erasures") => {
            Some(json!({ "subject": { "userId": fresh() } }))
        }
        ("PUT", path) if path.starts_with("/v1/users/") => Some(json!({ "name": "Other" })),
        ("PUT", path) if path.starts_with("/v1/sites/") => Some(json!({ "isActive": true })),
        _ => None,
    }
}

fn stranger(name: &str, header: &'static str, value: &str) -> Caller {
    Caller {
        name: name.into(),
        header: (header, value.into()),
        stranger: true,
        is_person: false,
        has_session: false,
        account: None,
        own_site: None,
        reads: false,
        manages: false,
        // A key that is nobody's is refused before anything else is asked.
        sends: !["authorization", "x-api-key"].contains(&header),
    }
}

fn somebody(name: &str, person: &Person, account: Option<Role>, own: Option<Role>) -> Caller {
    Caller {
        name: name.into(),
        header: ("cookie", person.cookie.clone()),
        stranger: false,
        is_person: true,
        has_session: true,
        account,
        own_site: own,
        reads: true,
        manages: true,
        sends: true,
    }
}

/// What must come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Allowed,
    Unauthorized,
    Forbidden,
    UnknownSite,
}

fn expected(rule: Rule, caller: &Caller, target: Target) -> Fate {
    let enough = |role: Option<Role>, least: Role| match role {
        Some(role) if (role as u8) <= (least as u8) => Fate::Allowed,
        _ => Fate::Forbidden,
    };
    let scoped = |least: Role| match least {
        Owner | Admin => caller.manages,
        Marketing | Viewer => caller.reads,
    };
    match rule {
        Open => Fate::Allowed,
        Ingest if caller.sends => Fate::Allowed,
        Ingest if !caller.stranger => Fate::Forbidden,
        _ if caller.stranger => Fate::Unauthorized,
        Rule::Person if caller.has_session => Fate::Allowed,
        Rule::Person => Fate::Unauthorized,
        Anybody if caller.reads => Fate::Allowed,
        Ingest | Anybody => Fate::Forbidden,
        Account(least) | Site(least) | SiteByAccount(least) | Inside(least) if !scoped(least) => {
            Fate::Forbidden
        }
        AccountByPerson(_) if !caller.is_person => Fate::Forbidden,
        Account(least) | AccountByPerson(least) => enough(caller.account, least),
        Site(least) | SiteByAccount(least) | Inside(least) => {
            let here = match target {
                Target::Own => caller.account.into_iter().chain(caller.own_site).min(),
                Target::Other => caller.account,
                _ => return Fate::UnknownSite,
            };
            match here {
                // A key's holder knows the account; a person without a role here does not.
                None if caller.is_person => Fate::UnknownSite,
                Some(_) if matches!(rule, SiteByAccount(_)) => enough(caller.account, least),
                role => enough(role, least),
            }
        }
    }
}

fn fate(rule: Rule, reply: &Reply) -> Fate {
    let code = match reply.status {
        401 | 403 | 404 => reply.code(),
        _ => String::new(),
    };
    match code.as_str() {
        "unauthorized" => Fate::Unauthorized,
        "forbidden" => Fate::Forbidden,
        "unknown_site" => Fate::UnknownSite,
        "not_found" if matches!(rule, Inside(_)) => Fate::UnknownSite,
        _ => Fate::Allowed,
    }
}

#[test]
fn every_route_is_in_the_matrix() {
    let described = clew::router::description();
    let described = serde_json::to_value(described).unwrap();
    let mut routes = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            routes.insert((method.to_uppercase(), path.clone()));
        }
    }
    let listed: BTreeSet<_> = MATRIX
        .iter()
        .map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    let missing: Vec<_> = routes.symmetric_difference(&listed).collect();
    assert!(missing.is_empty(), "say who may use {missing:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_further_than_their_role() {
    let world = World::new().await;
    let callers = world.callers().await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for &(method, path, rule) in MATRIX {
        // Signing out and ending sessions would change who the later callers are.
        if rule_ends_sessions(method, path) {
            continue;
        }
        for caller in &callers {
            for &target in targets(rule, path) {
                let whole = ["/v1/sites/{siteId}", "/v1/clients/{clientId}"];
                let deletes = method == "DELETE" && whole.contains(&path);
                let may = expected(rule, caller, target) == Fate::Allowed;
                let site = if deletes && may {
                    world.app.site_in(world.account, OTHER).await
                } else {
                    world.id(target)
                };
                let reply = world.ask(method, path, &site.to_string(), caller).await;
                asked += 1;
                let (want, got) = (expected(rule, caller, target), fate(rule, &reply));
                if want != got || leaks(&reply, got, caller, target) || reply.status >= 500 {
                    wrong.push(format!(
                        "{method} {path} {target:?} by {}: want {want:?}, got {got:?} {} {}",
                        caller.name,
                        reply.status,
                        reply.text()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {wrong:#?}", wrong.len());
    assert!(asked > 1_000, "only {asked} questions asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_sees_one_page_gets_nothing_else() {
    let world = World::new().await;
    let admin = world.app.key("admin", &[], &[]).await;
    let made = world.app.request("POST", "/analytics/marketing-keys");
    let wanted = json!({ "name": "agency", "visible_pages": ["overview"] });
    let made = made.key(&admin).json(&wanted).send().await;
    assert_eq!(made.status, 201, "{}", made.text());
    let key = made.json()["key"].as_str().unwrap().to_owned();
    let mut caller = stranger("an agency", "authorization", "");
    caller.header = ("authorization", format!("Bearer {key}"));
    let own = world.own.to_string();
    for &(method, path, rule) in MATRIX {
        if matches!(rule, Open | Ingest) {
            continue;
        }
        let reply = world.ask(method, path, &own, &caller).await;
        let visible = ["/analytics/overview", "/v1/reports/{name}"].contains(&path);
        let expected = match rule {
            _ if visible => 200,
            Rule::Person => 401,
            _ => 403,
        };
        assert_eq!(reply.status, expected, "{method} {path}: {}", reply.text());
    }
}

#[tokio::test]
async fn only_people_end_sessions_and_only_their_own() {
    let world = World::new().await;
    let key = world.app.key("admin", &[], &[]).await;
    for (method, path) in [
        ("DELETE", "/v1/session"),
        ("DELETE", "/v1/sessions"),
        (
            "DELETE",
            "/v1/sessions/00000000-0000-7000-8000-000000000000",
        ),
    ] {
        let reply = world.app.request(method, path).key(&key).send().await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (401, "unauthorized"),
            "{path}"
        );
        let reply = world.app.request(method, path).send().await;
        assert_eq!(reply.status, 401, "{path}");
    }
    let (ada, bob) = (world.app.owner().await, world.app.owner().await);
    let list = world
        .app
        .get("/v1/sessions")
        .cookie(&ada.cookie)
        .send()
        .await;
    let session = list.json()["sessions"][0]["sessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/sessions/{session}");
    let foreign = world
        .app
        .request("DELETE", &path)
        .cookie(&bob.cookie)
        .send()
        .await;
    assert_eq!(foreign.status, 404);
    let own = world
        .app
        .request("DELETE", &path)
        .cookie(&ada.cookie)
        .send()
        .await;
    assert_eq!(own.status, 204);
    let gone = world
        .app
        .get("/v1/session")
        .cookie(&ada.cookie)
        .send()
        .await;
    assert_eq!(gone.status, 401);
}

fn rule_ends_sessions(method: &str, path: &str) -> bool {
    method == "DELETE" && path.starts_with("/v1/session")
}

fn targets(rule: Rule, path: &str) -> &'static [Target] {
    let about_a_site = matches!(rule, Site(_) | SiteByAccount(_) | Inside(_));
    let about_a_site = about_a_site || path.contains("{siteId}");
    if about_a_site {
        &TARGETS
    } else {
        &TARGETS[..1]
    }
}

/// A refusal names nothing; a foreign site is named to nobody; single-site people see one site.
fn leaks(reply: &Reply, got: Fate, caller: &Caller, target: Target) -> bool {
    let text = reply.text();
    let refused = got != Fate::Allowed;
    let sees_other = caller.account.is_some();
    text.contains(FOREIGN)
        || (refused && (text.contains(OWN) || text.contains(OTHER)))
        || (!sees_other && text.contains(OTHER) && target != Target::Other)
}

async fn form_of(app: &TestApp, site: SiteId) -> (RowId, RowId) {
    let now = clew::clock::now();
    let new = NewForm {
        name: "f".into(),
        page_url: "/".into(),
        selector: "#f".into(),
        alternative_selectors: Vec::new(),
        is_active: true,
        metadata: forms::Object::new(),
    };
    let field = NewField {
        selector: "#f".into(),
        name: "f".into(),
        kind: "text".into(),
        label: None,
        is_required: false,
        validation_rules: forms::Object::new(),
        order: None,
    };
    let work = app.app.db.write_tx(move |tx| {
        Box::pin(async move {
            let form = forms::create(tx, site, new, now).await?.id;
            Ok((form, form_fields::create(tx, form, field, now).await?.id))
        })
    });
    work.await.unwrap()
}

async fn delete_site(app: &TestApp, account: RowId, site: SiteId) {
    let now = clew::clock::now();
    let work = app.app.db.write_tx(move |tx| {
        Box::pin(async move { clew_store::relational::sites::delete(tx, account, site, now).await })
    });
    work.await.unwrap();
    app.app.policies_changed().await.unwrap();
}
