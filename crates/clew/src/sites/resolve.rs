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

/// Why a request is for no site. Paused sites look like sites that do not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// The declared site does not exist.
    NoSuchSite,
    /// Neither a site, nor a key, nor a page.
    NothingSaid,
    /// The write key is nobody's, or its site is paused.
    NoSuchWriteKey,
    /// The write key belongs to another site than the declared one.
    KeyOfAnother,
    /// No site lists the page's host, or the declared one.
    UnlistedHost,
    /// Another site than the declared one lists the page's host.
    PageOfAnother,
}

impl Unresolved {
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NoSuchSite => ErrorCode::UnknownSite,
            Self::NothingSaid | Self::NoSuchWriteKey => ErrorCode::Unauthorized,
            Self::KeyOfAnother => ErrorCode::Forbidden,
            Self::UnlistedHost | Self::PageOfAnother => ErrorCode::ForeignOrigin,
        }
    }

    /// What is wrong and what to do about it, for whoever sent the request.
    pub const fn message(self) -> &'static str {
        match self {
            Self::NoSuchSite => "No site has this id, or it is paused.",
            Self::NothingSaid => "Nothing says which site this is for: name it in the body.",
            Self::NoSuchWriteKey => {
                "No site has this write key, or it is paused. The key stands on the site's Install page."
            }
            Self::KeyOfAnother => {
                "This write key belongs to another site than the one that is named here; send them as a pair, or the key alone."
            }
            Self::UnlistedHost => {
                "No site lists this host; add it under Settings, Domains, if it is yours."
            }
            Self::PageOfAnother => {
                "This page belongs to another site than the one that is named here."
            }
        }
    }
}

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
    /// [`Unresolved`] says which of the three does not fit.
    pub fn resolve(
        &self,
        declared: &SiteRef,
        write_key: Option<&str>,
        page: Option<&str>,
    ) -> Result<Arc<Site>, Unresolved> {
        let (site, absent) = match write_key {
            Some(key) => (self.of_key_and(declared, key)?, Unresolved::NoSuchWriteKey),
            None => (self.of_page_and(declared, page)?, Unresolved::NoSuchSite),
        };
        site.is_active().then_some(site).ok_or(absent)
    }

    fn of_key_and(&self, declared: &SiteRef, key: &str) -> Result<Arc<Site>, Unresolved> {
        let keyed = self.of_write_key(key).ok_or(Unresolved::NoSuchWriteKey)?;
        let other = match declared {
            SiteRef::Id(name) => Some(self.named(name).ok_or(Unresolved::NoSuchSite)?),
            SiteRef::Host(name) => self.labelled(name),
            SiteRef::Page => None,
        };
        match other {
            Some(other) if other.id() != keyed.id() => Err(Unresolved::KeyOfAnother),
            _ => Ok(keyed),
        }
    }

    fn of_page_and(&self, declared: &SiteRef, page: Option<&str>) -> Result<Arc<Site>, Unresolved> {
        let owner = || page.and_then(|host| self.of_host(host));
        match declared {
            SiteRef::Id(name) => self.named(name).ok_or(Unresolved::NoSuchSite),
            SiteRef::Host(name) => match (owner(), self.labelled(name)) {
                (Some(owner), Some(other)) if owner.id() != other.id() => {
                    Err(Unresolved::PageOfAnother)
                }
                (Some(site), _) | (None, Some(site)) => Ok(site),
                (None, None) => Err(Unresolved::UnlistedHost),
            },
            SiteRef::Page if page.is_none() => Err(Unresolved::NothingSaid),
            SiteRef::Page => owner().ok_or(Unresolved::UnlistedHost),
        }
    }

    /// The site that the sender names, whether or not it may write there: who is told about a
    /// refusal.
    pub fn declared(&self, declared: &SiteRef, write_key: Option<&str>) -> Option<Arc<Site>> {
        match declared {
            SiteRef::Id(name) => self.named(name),
            SiteRef::Host(label) => self.labelled(label),
            SiteRef::Page => write_key.and_then(|key| self.of_write_key(key)),
        }
    }

    /// Id, slug or public write key.
    pub fn named(&self, name: &str) -> Option<Arc<Site>> {
        self.find(name).or_else(|| self.of_write_key(name))
    }

    /// Id, slug, public write key or host.
    fn labelled(&self, label: &str) -> Option<Arc<Site>> {
        let of_host = || self.of_host(&domain::normalise_host(label)?);
        self.named(label).or_else(of_host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::MasterKey;
    use crate::sign_in::HipaaAccounts;
    use crate::sites::Index;
    use arc_swap::ArcSwap;
    use clew_core::model::id::RowId;
    use clew_core::model::{SiteId, SitePolicy};
    use clew_store::relational::policies::SiteEntry;
    use clew_store::relational::settings::SiteSettings;

    const SHOP: u128 = 1;
    const APPS: u128 = 2;
    const DEEP: u128 = 3;
    const PAUSED: u128 = 4;

    fn site(id: u128, slug: &str, domains: &[&str]) -> Site {
        let entry = SiteEntry {
            policy: SitePolicy {
                domains: domains.iter().map(ToString::to_string).collect(),
                ..SitePolicy::strict(SiteId::from_u128(id))
            },
            account: RowId::from_u128(1),
            is_active: id != PAUSED,
            slug: Some(slug.to_owned()),
            write_key: format!("pk_{slug}"),
            settings: SiteSettings::default(),
            forms: Vec::new(),
        };
        Site::new(entry, &MasterKey::from_bytes([1; 32]))
    }

    fn sites() -> Sites {
        let mut index = Index::default();
        for (id, slug, domains) in [
            (SHOP, "shop", &["shop.example", "xn--bcher-kva.example"][..]),
            (APPS, "apps", &["*.apps.example"]),
            (DEEP, "deep", &["*.deep.apps.example", "a.apps.example"]),
            (PAUSED, "paused", &["paused.example"]),
        ] {
            index.insert(site(id, slug, domains));
        }
        Sites {
            index: ArcSwap::from_pointee(index),
            master: MasterKey::from_bytes([1; 32]),
            hipaa: HipaaAccounts::default(),
        }
    }

    fn resolved(
        declared: &SiteRef,
        key: Option<&str>,
        page: Option<&str>,
    ) -> Result<u128, Unresolved> {
        let site = sites().resolve(declared, key, page)?;
        Ok(site.id().as_u128())
    }

    fn id(name: &str) -> SiteRef {
        SiteRef::Id(name.to_owned())
    }

    fn host(name: &str) -> SiteRef {
        SiteRef::Host(name.to_owned())
    }

    #[test]
    fn a_declared_id_is_an_id_a_slug_or_a_write_key() {
        let uuid = SiteId::from_u128(SHOP).to_string();
        for (name, expected) in [
            (uuid.as_str(), Ok(SHOP)),
            (&uuid.to_uppercase(), Ok(SHOP)),
            ("shop", Ok(SHOP)),
            ("pk_shop", Ok(SHOP)),
            ("Shop", Err(Unresolved::NoSuchSite)),
            ("shop.example", Err(Unresolved::NoSuchSite)),
            ("paused", Err(Unresolved::NoSuchSite)),
            ("", Err(Unresolved::NoSuchSite)),
        ] {
            // Whether the page may write there is another question.
            for page in [None, Some("shop.example"), Some("evil.example")] {
                assert_eq!(resolved(&id(name), None, page), expected, "{name} {page:?}");
            }
        }
    }

    #[test]
    fn a_declared_host_must_be_of_the_pages_own_site() {
        const UNLISTED: Result<u128, Unresolved> = Err(Unresolved::UnlistedHost);
        const OTHERS: Result<u128, Unresolved> = Err(Unresolved::PageOfAnother);
        for (declared, page, expected) in [
            ("shop.example", None, Ok(SHOP)),
            ("SHOP.example.:8080", None, Ok(SHOP)),
            ("www.shop.example", Some("shop.example"), Ok(SHOP)),
            ("bücher.example", Some("xn--bcher-kva.example"), Ok(SHOP)),
            ("shop", Some("shop.example"), Ok(SHOP)),
            ("a.apps.example", None, Ok(DEEP)),
            ("b.apps.example", None, Ok(APPS)),
            ("x.deep.apps.example", None, Ok(DEEP)),
            ("b.apps.example", Some("c.apps.example"), Ok(APPS)),
            ("a.apps.example", Some("b.apps.example"), OTHERS),
            ("shop.example", Some("a.apps.example"), OTHERS),
            ("nobody.example", None, UNLISTED),
            ("nobody.example", Some("nobody.example"), UNLISTED),
            ("nobody.example", Some("shop.example"), Ok(SHOP)),
            // Whose the page is nobody knows; that it may not write there is said later.
            ("shop.example", Some("evil.example"), Ok(SHOP)),
            ("paused.example", None, Err(Unresolved::NoSuchSite)),
            ("a b", None, UNLISTED),
            ("", None, UNLISTED),
        ] {
            let site = resolved(&host(declared), None, page);
            assert_eq!(site, expected, "{declared} {page:?}");
        }
    }

    #[test]
    fn a_write_key_must_be_somebodys_and_the_declared_sites() {
        for (declared, key, expected) in [
            (id("shop"), "pk_shop", Ok(SHOP)),
            (host("shop.example"), "pk_shop", Ok(SHOP)),
            (host("nobody.example"), "pk_shop", Ok(SHOP)),
            (SiteRef::Page, "pk_shop", Ok(SHOP)),
            (id("shop"), "pk_apps", Err(Unresolved::KeyOfAnother)),
            (
                host("shop.example"),
                "pk_apps",
                Err(Unresolved::KeyOfAnother),
            ),
            (id("nowhere"), "pk_shop", Err(Unresolved::NoSuchSite)),
            (id("shop"), "pk_nobody", Err(Unresolved::NoSuchWriteKey)),
            (SiteRef::Page, "pk_paused", Err(Unresolved::NoSuchWriteKey)),
        ] {
            let site = resolved(&declared, Some(key), Some("shop.example"));
            assert_eq!(site, expected, "{declared:?} {key}");
        }
    }

    #[test]
    fn where_nothing_is_declared_the_page_tells() {
        for (page, expected) in [
            (Some("shop.example"), Ok(SHOP)),
            (Some("evil.example"), Err(Unresolved::UnlistedHost)),
            (None, Err(Unresolved::NothingSaid)),
        ] {
            assert_eq!(resolved(&SiteRef::Page, None, page), expected, "{page:?}");
        }
    }

    #[test]
    fn a_refusal_is_told_to_whom_the_sender_names() {
        let sites = sites();
        let told = |declared: &SiteRef, key| {
            let site = sites.declared(declared, key);
            site.map(|site| site.id().as_u128())
        };
        assert_eq!(told(&id("shop"), None), Some(SHOP));
        assert_eq!(told(&host("b.apps.example"), None), Some(APPS));
        assert_eq!(told(&SiteRef::Page, Some("pk_shop")), Some(SHOP));
        assert_eq!(told(&host("nobody.example"), None), None);
        assert_eq!(told(&SiteRef::Page, None), None);
    }
}
