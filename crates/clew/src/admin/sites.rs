//! Creating and listing sites.

use super::audit::{self, Done};
use super::command::{Failure, NewSiteSpec, Reply, SiteView};
use crate::clock;
use crate::sites::DEMO_SLUG;
use clew_core::model::EpochMs;
use clew_core::model::id::RowId;
use clew_store::relational::sites::{NewSite, Site};
use clew_store::relational::{Db, Result, StoreError, Tx, accounts, domains, host, sites};

pub(super) async fn create(db: &Db, spec: NewSiteSpec) -> std::result::Result<Reply, Failure> {
    let now = clock::now();
    let site = db
        .write_tx(move |tx| Box::pin(async move { create_in(tx, spec, now).await }))
        .await?;
    Ok(Reply::Site(view(site)))
}

pub(super) async fn list(db: &Db) -> std::result::Result<Reply, Failure> {
    let mut views = Vec::new();
    for account in accounts::list(db.read()).await? {
        let sites = sites::list(db.read(), account.id).await?;
        views.extend(sites.into_iter().map(view));
    }
    Ok(Reply::Sites { sites: views })
}

async fn create_in(tx: &Tx, spec: NewSiteSpec, now: EpochMs) -> Result<Site> {
    let account = accounts::default(tx, now).await?;
    release_from_demo(tx, account.id, &spec.domains).await?;
    let mut new = NewSite::named(spec.name);
    new.slug = spec.slug;
    new.domains = spec.domains;
    if let Some(zone) = spec.time_zone {
        new.time_zone = zone;
    }
    let site = sites::create(tx, account.id, new, now).await?;
    let done = Done {
        action: "site.create",
        account: account.id,
        site: Some(site.id),
        subject: site.id.to_string(),
    };
    audit::note(tx, done, now).await?;
    Ok(site)
}

/// The demo site's hosts (localhost) are free for the taking: its own pages are recognised by
/// being served from here.
async fn release_from_demo(tx: &Tx, account: RowId, wanted: &[String]) -> Result<()> {
    let demo = match sites::find(tx, account, DEMO_SLUG).await {
        Ok(demo) => demo,
        Err(StoreError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    for domain in wanted {
        let canonical = host::canonical(domain)?;
        if demo.domains.contains(&canonical) {
            domains::remove(tx, demo.id, &canonical).await?;
        }
    }
    Ok(())
}

fn view(site: Site) -> SiteView {
    SiteView {
        id: site.id.to_string(),
        slug: site.slug,
        name: site.name,
        domains: site.domains,
        write_key: site.write_key,
        time_zone: site.time_zone,
    }
}
