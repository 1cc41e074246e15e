//! Making, changing and deleting sites.

use super::acting::{Acting, Done};
use super::changes::Changes;
use crate::clock;
use crate::sites::DEMO_SLUG;
use clew_core::model::{EpochMs, SiteId};
use clew_store::relational::settings::SiteSettings;
use clew_store::relational::sites::{NewSite, Site, SiteChange};
use clew_store::relational::{Db, Result, StoreError, Tx, domains, host, settings, sites};

/// `Conflict` of "slug" or "domain", `Invalid` values.
pub async fn create(db: &Db, by: Acting, new: NewSite) -> Result<Site> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            release_from_demo(tx, &by, None, &new.domains, now).await?;
            let site = sites::create(tx, by.account, new, now).await?;
            let settings = settings::get(tx, site.id).await?;
            let changes = Changes::of_site(None, (&site, &settings));
            by.note_with(tx, done("site.create", site.id), changes.detail(), now);
            Ok(site)
        })
    })
    .await
}

/// Changes some settings and leaves the others as they are.
pub type SettingsChange = Box<dyn FnOnce(&mut SiteSettings) + Send>;

/// `settings` is applied to what is stored at the moment of writing, and the site is held until then,
/// so that nobody's change undoes another's. `may_release`: hosts of the demo site may be taken, which takes a role on that site too.
pub async fn update(
    db: &Db,
    by: Acting,
    id: SiteId,
    mut change: SiteChange,
    settings: Option<SettingsChange>,
    may_release: bool,
) -> Result<Site> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            let old = sites::get_for_change(tx, by.account, id).await?;
            if may_release {
                let wanted = change.domains.iter().flatten();
                let wanted: Vec<_> = wanted.chain(&change.oldest_domain).cloned().collect();
                release_from_demo(tx, &by, Some(id), &wanted, now).await?;
            }
            let before = settings::get(tx, id).await?;
            if let Some(apply) = settings {
                let mut changed = before.clone();
                apply(&mut changed);
                change.settings = Some(changed);
            }
            let site = sites::update(tx, by.account, id, change, now).await?;
            let after = settings::get(tx, id).await?;
            let changes = Changes::of_site(Some((&old, &before)), (&site, &after));
            by.note_with(tx, done("site.update", id), changes.detail(), now);
            Ok(site)
        })
    })
    .await
}

pub async fn delete(db: &Db, by: Acting, id: SiteId) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            sites::delete(tx, by.account, id, now).await?;
            by.note(tx, done("site.delete", id), now).await
        })
    })
    .await
}

/// Notes that sample data is wanted or unwanted; the work itself goes on in the background.
pub async fn note_sample_data(db: &Db, by: Acting, id: SiteId, action: &'static str) -> Result<()> {
    let now = clock::now();
    db.write_tx(move |tx| Box::pin(async move { by.note(tx, done(action, id), now).await }))
        .await
}

fn done(action: &'static str, site: SiteId) -> Done {
    Done {
        action,
        site: Some(site),
        subject: site.to_string(),
    }
}

/// The demo site's hosts (localhost) are free for the taking: its own pages are recognised by
/// being served from here.
async fn release_from_demo(
    tx: &Tx,
    by: &Acting,
    taker: Option<SiteId>,
    wanted: &[String],
    now: EpochMs,
) -> Result<()> {
    let demo = match sites::find(tx, by.account, DEMO_SLUG).await {
        Ok(demo) if Some(demo.id) != taker => demo,
        Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(()),
        Err(error) => return Err(error),
    };
    for domain in wanted {
        let canonical = host::canonical(domain)?;
        if demo.domains.contains(&canonical) {
            domains::remove(tx, demo.id, &canonical).await?;
            let mut changes = Changes::default();
            changes.field("domains", Some(vec![&canonical]), vec![]);
            by.note_with(tx, done("site.update", demo.id), changes.detail(), now);
        }
    }
    Ok(())
}
