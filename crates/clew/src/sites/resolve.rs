//! Which site a request is for: what the body declares, the public write key and the page's host
//! joined into one answer (CONTRACTS §0, "Which host is it?").
//!
//! Says only which site is meant. Whether the sender may write there is [`Site::authorise`]'s
//! question; a site that is paused looks like none.

use super::{Site, Sites};
use clew_core::error::ErrorCode;
use clew_core::model::domain;
use clew_core::wire::SiteRef;
use std::sync::Arc;

impl Sites {
    /// The site whose public write key this is.
    pub fn of_write_key(&self, key: &str) -> Option<Arc<Site>> {
        let index = self.index.load();
        let id = index.by_write_key.get(key)?;
        index.by_id.get(id).cloned()
    }

    /// The site that a sender means. `page` is the host of Origin, else of Referer.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownSite`], [`ErrorCode::Unauthorized`] for a write key that is nobody's or
    /// a request that says nothing at all, [`ErrorCode::Forbidden`] when the key is another site's,
    /// [`ErrorCode::ForeignOrigin`] for a page that no site lists or another site than the declared
    /// one does.
    pub fn resolve(
        &self,
        declared: &SiteRef,
        write_key: Option<&str>,
        page: Option<&str>,
    ) -> Result<Arc<Site>, ErrorCode> {
        let site = match write_key {
            Some(key) => self.of_key_and(declared, key),
            None => self.of_page_and(declared, page),
        }?;
        if site.is_active() {
            Ok(site)
        } else {
            Err(ErrorCode::UnknownSite)
        }
    }

    fn of_key_and(&self, declared: &SiteRef, key: &str) -> Result<Arc<Site>, ErrorCode> {
        let keyed = self.of_write_key(key).ok_or(ErrorCode::Unauthorized)?;
        let other = match declared {
            SiteRef::Id(name) => Some(self.named(name).ok_or(ErrorCode::UnknownSite)?),
            SiteRef::Host(name) => self.labelled(name),
            SiteRef::Page => None,
        };
        match other {
            Some(other) if other.id() != keyed.id() => Err(ErrorCode::Forbidden),
            _ => Ok(keyed),
        }
    }

    fn of_page_and(&self, declared: &SiteRef, page: Option<&str>) -> Result<Arc<Site>, ErrorCode> {
        let owner = || page.and_then(|host| self.of_host(host));
        match declared {
            SiteRef::Id(name) => self.named(name).ok_or(ErrorCode::UnknownSite),
            SiteRef::Host(name) => match (owner(), self.labelled(name)) {
                (Some(owner), Some(other)) if owner.id() != other.id() => {
                    Err(ErrorCode::ForeignOrigin)
                }
                (Some(site), _) | (None, Some(site)) => Ok(site),
                (None, None) => Err(ErrorCode::ForeignOrigin),
            },
            SiteRef::Page if page.is_none() => Err(ErrorCode::Unauthorized),
            SiteRef::Page => owner().ok_or(ErrorCode::ForeignOrigin),
        }
    }

    /// Id, slug or public write key.
    fn named(&self, name: &str) -> Option<Arc<Site>> {
        self.find(name).or_else(|| self.of_write_key(name))
    }

    /// Id, slug, public write key or host.
    fn labelled(&self, label: &str) -> Option<Arc<Site>> {
        let of_host = || self.of_host(&domain::normalise_host(label)?);
        self.named(label).or_else(of_host)
    }
}
