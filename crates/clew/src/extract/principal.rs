//! Who asks: the holder of a secret key, or a person who has signed in.
//!
//! Keys come as `Authorization: Bearer sk_…` or `X-API-Key: sk_…`, never in the address, and as
//! access tokens, which stand for a key or a person; people come with the session cookie, which
//! counts only when nothing of that is presented. Anything unknown,
//! revoked or expired gets the same 401. A site of another account looks exactly like a site that
//! does not exist, and so does a site on which a person has no role.

use super::address::{self, Peer};
use crate::access_tokens::{AccessTokens, Subject};
use crate::admin::Acting;
use crate::app::App;
use crate::clock;
use crate::error::ApiError;
use crate::middleware::request_id::RequestId;
use crate::middleware::site_access::SiteAccess;
use crate::sign_in::{SignedIn, Standing};
use crate::sites::Site;
use axum::extract::FromRequestParts;
use clew_core::error::ErrorCode;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, Profile, SiteId};
use clew_store::relational::audit::Actor;
use clew_store::relational::keys::{KeySites, Principal, VisiblePages};
use clew_store::relational::{AnalyticsPage, Role, Scope, StoreError};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Set on what a page asks by itself, while nobody may be sitting before it: it does not keep the
/// session alive.
const BACKGROUND: &str = "x-clew-background";

/// Extractor of management routes: a valid key or session within its limits.
#[derive(Clone, Debug)]
pub struct Caller {
    holder: Holder,
    request_id: Option<String>,
    access: SiteAccess,
}

/// Whoever was recognised.
#[derive(Clone, Debug)]
enum Holder {
    Key(Arc<Principal>),
    Person(Arc<Standing>),
}

impl Holder {
    fn id(&self) -> RowId {
        match self {
            Self::Key(key) => key.key,
            Self::Person(person) => person.by,
        }
    }
}

impl Caller {
    /// The session or key itself.
    pub fn holder(&self) -> RowId {
        self.holder.id()
    }

    /// Whether whoever sent these headers may still read the site. Asked by what goes on after its
    /// request: it counts neither as use of the session nor as a request.
    pub async fn may_still_read(
        app: &App,
        headers: &HeaderMap,
        account: RowId,
        site: SiteId,
    ) -> Result<bool, StoreError> {
        let now = clock::now();
        let holder = if let Some(credential) = secret_key(headers) {
            recognise(app, credential, now).await?
        } else {
            let token = app.sign_in.cookie.read(headers).unwrap_or_default();
            let person = app.sign_in.peek(token, now).await?;
            person.map(|person| Holder::Person(Arc::new(person.into())))
        };
        let exists = app.sites.get(site).is_some();
        Ok(holder.is_some_and(|holder| {
            let caller = Self {
                holder,
                request_id: None,
                access: SiteAccess::default(),
            };
            exists && caller.role_on(account, site).is_some() && caller.sees_whole_of(app, site)
        }))
    }

    /// For what makes people: a person with at least this role in the account. A key must not make
    /// itself somebody.
    pub fn require_person(&self, least: Role) -> Result<(), ApiError> {
        match &self.holder {
            Holder::Person(_) => self.require_role(least),
            Holder::Key(_) => {
                let message = "Sign in for this: keys do not manage people.";
                Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
            }
        }
    }

    /// A key gives away no more than it has: neither a scope nor a longer life.
    pub fn may_grant(
        &self,
        scopes: &BTreeSet<Scope>,
        expires_at: Option<EpochMs>,
    ) -> Result<(), ApiError> {
        let Holder::Key(own) = &self.holder else {
            return Ok(());
        };
        let lives_on = own
            .expires_at
            .is_some_and(|end| expires_at.is_none_or(|wanted| wanted > end));
        if lives_on || !scopes.is_subset(&own.scopes) {
            let message = "A key can only make keys with its own scopes that end no later.";
            return Err(ApiError::new(ErrorCode::Forbidden).with_message(message));
        }
        Ok(())
    }

    pub fn account(&self) -> RowId {
        match &self.holder {
            Holder::Key(key) => key.account,
            Holder::Person(person) => person.account,
        }
    }

    /// In whose name changes are written down.
    pub fn acting(&self) -> Acting {
        Acting {
            account: self.account(),
            actor: match &self.holder {
                Holder::Key(key) => Actor::Key(key.key),
                Holder::Person(person) => Actor::User(person.user),
            },
            request_id: self.request_id.clone(),
        }
    }

    /// What a key must have been made for; a person's role decides alone. A key that sees some pages
    /// only has nothing else here: see [`Caller::page_of`]. Whether a site makes it such a key is
    /// asked with the site: see [`Caller::sees_whole`].
    pub fn require(&self, scope: Scope) -> Result<(), ApiError> {
        self.require_scope(scope)?;
        match &self.holder {
            Holder::Key(key) => match key.visible_pages {
                VisiblePages::All | VisiblePages::AllUnlessTheSiteLimits => Ok(()),
                VisiblePages::Only(_) | VisiblePages::AsTheSiteSays => Err(page_refused()),
            },
            Holder::Person(_) => Ok(()),
        }
    }

    /// What a key needs to hold this role anywhere.
    pub fn require_scope_of(&self, role: Role) -> Result<(), ApiError> {
        self.require(scope_of(role))
    }

    fn require_scope(&self, scope: Scope) -> Result<(), ApiError> {
        match &self.holder {
            Holder::Key(key) if !key.has(scope) => {
                let message = format!("This key lacks the scope {}.", scope.as_str());
                Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
            }
            _ => Ok(()),
        }
    }

    /// The role that holds for the whole account.
    pub fn role(&self) -> Option<Role> {
        match &self.holder {
            Holder::Key(key) => (key.sites == KeySites::All).then(|| key.role.into()),
            Holder::Person(person) => person.role,
        }
    }

    /// For what concerns the whole account: at least this role in it.
    pub fn require_role(&self, least: Role) -> Result<(), ApiError> {
        self.require(scope_of(least))?;
        match self.role() {
            Some(role) if role.includes(least) => Ok(()),
            _ => Err(ErrorCode::Forbidden.into()),
        }
    }

    /// For what concerns the whole installation.
    pub fn require_admin(&self) -> Result<(), ApiError> {
        self.require_role(Role::Admin)
    }

    /// The role on one site of the own account.
    pub fn role_on(&self, account: RowId, site: SiteId) -> Option<Role> {
        match &self.holder {
            Holder::Key(key) => key.covers(account, site).then(|| key.role.into()),
            Holder::Person(person) if person.account == account => person.role_on(site),
            Holder::Person(_) => None,
        }
    }

    /// The site of this id or slug, if the caller may read it.
    pub fn site(&self, app: &App, id_or_slug: &str) -> Result<Arc<Site>, ApiError> {
        self.site_as(app, id_or_slug, Role::Viewer)
    }

    /// The site of this id or slug, if the caller has at least this role on it.
    pub fn site_as(&self, app: &App, id_or_slug: &str, least: Role) -> Result<Arc<Site>, ApiError> {
        self.require(scope_of(least))?;
        let site = self.find_site(app, id_or_slug, least)?;
        self.sees_whole(&site)
            .then_some(site)
            .ok_or_else(page_refused)
    }

    /// The site whose page is asked for: of this id or slug, or the only one that the caller may
    /// read. A key that sees some pages only must see this one.
    pub fn page_of(
        &self,
        app: &App,
        id_or_slug: Option<&str>,
        page: AnalyticsPage,
    ) -> Result<Arc<Site>, ApiError> {
        self.require_scope(Scope::Read)?;
        let site = match id_or_slug {
            Some(id_or_slug) => self.find_site(app, id_or_slug, Role::Viewer)?,
            None => self.only_site(app)?,
        };
        self.require_page(&site, page)?;
        Ok(site)
    }

    /// As [`Caller::site_as`], or the only site that the caller may read.
    pub fn site_or_only_one_as(
        &self,
        app: &App,
        id_or_slug: Option<&str>,
        least: Role,
    ) -> Result<Arc<Site>, ApiError> {
        self.require(scope_of(least))?;
        match id_or_slug {
            Some(id_or_slug) => self.site_as(app, id_or_slug, least),
            None => self.site_as(app, &self.only_site(app)?.id().to_string(), least),
        }
    }

    fn only_site(&self, app: &App) -> Result<Arc<Site>, ApiError> {
        let mut sites = app.sites.all();
        sites.retain(|site| self.role_on(site.account(), site.id()).is_some());
        match sites.as_slice() {
            [] => Err(ErrorCode::UnknownSite.into()),
            [only] => {
                self.note_access(only);
                Ok(only.clone())
            }
            _ => Err(ApiError::parameter(
                "site",
                "name one: you may read several",
            )),
        }
    }

    fn require_page(&self, site: &Site, page: AnalyticsPage) -> Result<(), ApiError> {
        let Holder::Key(key) = &self.holder else {
            return Ok(());
        };
        let visible = match &key.visible_pages {
            VisiblePages::All => true,
            VisiblePages::Only(pages) => pages.contains(&page),
            VisiblePages::AsTheSiteSays | VisiblePages::AllUnlessTheSiteLimits => {
                site.settings().marketing.visible_pages.contains(&page)
            }
        };
        visible.then_some(()).ok_or_else(page_refused)
    }

    /// Whether no setting of the site limits the caller to some of its pages.
    pub fn sees_whole(&self, site: &Site) -> bool {
        match &self.holder {
            Holder::Key(key) if key.visible_pages == VisiblePages::AllUnlessTheSiteLimits => {
                site.settings().marketing.shows_every_page()
            }
            _ => true,
        }
    }

    /// The same for a site that was read from the database.
    pub fn sees_whole_of(&self, app: &App, site: SiteId) -> bool {
        app.sites
            .get(site)
            .is_none_or(|site| self.sees_whole(&site))
    }

    fn find_site(&self, app: &App, id_or_slug: &str, least: Role) -> Result<Arc<Site>, ApiError> {
        let site = app.sites.find(id_or_slug);
        let site = site.filter(|site| site.account() == self.account());
        let site = site.ok_or(ErrorCode::UnknownSite)?;
        match self.role_on(site.account(), site.id()) {
            Some(role) if role.includes(least) => {
                self.note_access(&site);
                Ok(site)
            }
            Some(_) => Err(ErrorCode::Forbidden.into()),
            None => match &self.holder {
                Holder::Key(_) => Err(ErrorCode::Forbidden.into()),
                Holder::Person(_) => Err(ErrorCode::UnknownSite.into()),
            },
        }
    }

    /// Every site that the caller may read, and more of it than some pages.
    pub fn sites(&self, app: &App) -> Vec<Arc<Site>> {
        let mut sites = app.sites.all();
        sites.retain(|site| {
            self.role_on(site.account(), site.id()).is_some() && self.sees_whole(site)
        });
        for site in &sites {
            self.note_access(site);
        }
        sites
    }

    /// Whoever gets at a site of the hipaa profile is written down; see `site_access`.
    fn note_access(&self, site: &Site) {
        self.note_access_to(site.id(), site.policy().profile);
    }

    /// As for every site that a caller gives out; for what is left of deleted ones.
    pub fn note_access_to(&self, site: SiteId, profile: Profile) {
        if profile == Profile::Hipaa {
            self.access.note(site, self.acting());
        }
    }
}

fn page_refused() -> ApiError {
    let message = "This key sees some pages only, and this is none of them.";
    ApiError::new(ErrorCode::Forbidden).with_message(message)
}

/// Viewing and marketing read; administration manages.
const fn scope_of(role: Role) -> Scope {
    match role {
        Role::Owner | Role::Admin => Scope::Manage,
        Role::Marketing | Role::Viewer => Scope::Read,
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        let request_id = parts.extensions.get::<RequestId>();
        let request_id = request_id.map(|id| id.as_str().to_owned());
        let holder = if let Some(credential) = secret_key(&parts.headers) {
            limit_client(app, parts)?;
            let holder = recognise(app, credential, clock::now()).await?;
            let holder = holder.ok_or(ErrorCode::Unauthorized)?;
            app.limits.check_key(holder.id())?;
            holder
        } else {
            let person = person(app, parts).await?;
            Holder::Person(Arc::new(Arc::unwrap_or_clone(person).into()))
        };
        let access = parts.extensions.get::<SiteAccess>().cloned();
        let access = access.ok_or_else(|| ApiError::internal("a caller outside the layers"))?;
        Ok(Self {
            holder,
            request_id,
            access,
        })
    }
}

/// Extractor of routes that only people have a use for: their own password and sessions.
#[derive(Clone, Debug)]
pub struct Person(pub Arc<SignedIn>);

impl FromRequestParts<Arc<App>> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, ApiError> {
        Ok(Self(person(app, parts).await?))
    }
}

/// A dashboard asks many questions at once, so people have the allowance of a key instead of
/// sharing that of their network.
async fn person(app: &App, parts: &Parts) -> Result<Arc<SignedIn>, ApiError> {
    let token = app.sign_in.cookie.read(&parts.headers);
    let found = match token {
        Some(token) if parts.headers.contains_key(BACKGROUND) => {
            app.sign_in.peek(token, clock::now()).await?
        }
        Some(token) => app.sign_in.recognise(token, clock::now()).await?,
        None => None,
    };
    let Some(person) = found else {
        limit_client(app, parts)?;
        return Err(ErrorCode::Unauthorized.into());
    };
    app.limits.check_key(person.session.id)?;
    Ok(Arc::new(person))
}

fn limit_client(app: &App, parts: &Parts) -> Result<(), ApiError> {
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.ok_or_else(|| ApiError::internal("a request without a peer"))?;
    let proxies = &app.config.server.trusted_proxies;
    let client = address::client_ip(peer.0.ip(), &parts.headers, proxies);
    Ok(app.limits.check_client(client)?)
}

/// The presented key's holder; `None` when no secret key was presented at all. A person's access
/// token is no key.
pub async fn presented(app: &App, headers: &HeaderMap) -> Result<Option<Arc<Principal>>, ApiError> {
    let Some(credential) = secret_key(headers) else {
        return Ok(None);
    };
    let recognised = recognise(app, credential, clock::now()).await;
    match recognised.map_err(ApiError::internal)? {
        Some(Holder::Key(principal)) => Ok(Some(principal)),
        Some(Holder::Person(_)) => {
            let message = "This takes a secret key; a person's access token is none.";
            Err(ApiError::new(ErrorCode::Forbidden).with_message(message))
        }
        None => Err(ErrorCode::Unauthorized.into()),
    }
}

/// Whoever a secret key or an access token stands for.
async fn recognise(
    app: &App,
    credential: &str,
    now: EpochMs,
) -> Result<Option<Holder>, StoreError> {
    if let Some(key) = app.keyring.verify(credential, now).await? {
        return Ok(Some(Holder::Key(key)));
    }
    if !AccessTokens::is_shaped(credential) {
        return Ok(None);
    }
    let Some(claims) = app.access_tokens.read(credential, now) else {
        return Ok(None);
    };
    if now.since(claims.issued) >= app.sign_in.token_life_ms(claims.account) {
        return Ok(None);
    }
    match claims.subject {
        Subject::Key(key) => {
            let key = app.keyring.living(claims.account, key, now).await?;
            Ok(key.map(Holder::Key))
        }
        Subject::Person { .. } => {
            let person = app.sign_in.by_claims(&claims, now).await?;
            Ok(person.map(|person| Holder::Person(Arc::new(person))))
        }
    }
}

/// What stands where a secret key belongs. A public write key is no credential.
fn secret_key(headers: &HeaderMap) -> Option<&str> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let (scheme, key) = text.split_once(' ').unwrap_or((text, ""));
        return Some(if scheme.eq_ignore_ascii_case("bearer") {
            key.trim()
        } else {
            ""
        });
    }
    let key = headers.get("x-api-key")?.to_str().unwrap_or_default();
    (!key.starts_with("pk_")).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_key_is_found_in_both_headers_and_a_write_key_is_none() {
        for (name, value, expected) in [
            ("authorization", "Bearer sk_1", Some("sk_1")),
            ("authorization", "bearer  sk_1 ", Some("sk_1")),
            ("authorization", "Basic abc", Some("")),
            ("x-api-key", "sk_1", Some("sk_1")),
            ("x-api-key", "pk_1", None),
            ("cookie", "sk_1", None),
        ] {
            let mut headers = HeaderMap::new();
            let name: http::HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(secret_key(&headers), expected, "{value}");
        }
    }
}
