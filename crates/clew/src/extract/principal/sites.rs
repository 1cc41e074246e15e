//! Which sites there are for a caller, and how much of each.
//!
//! A site of another account, and one on which a person has no role, does not exist. Whoever gets a
//! site of the hipaa profile from here is written down.

use super::caller::Caller;
use super::holder::Holder;
use super::rights::{page_refused, scope_of};
use crate::app::App;
use crate::error::ApiError;
use crate::sites::Site;
use clew_core::error::ErrorCode;
use clew_core::model::{Profile, SiteId};
use clew_store::relational::keys::VisiblePages;
use clew_store::relational::{AnalyticsPage, Role, Scope};
use std::sync::Arc;

impl Caller {
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
