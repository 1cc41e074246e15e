//! The hosts that may send events for a site. A host belongs to one site of the installation.

use super::entity::domain;
use super::error::{Result, conflict, invalid, missing};
use super::host::{canonical, spelling};
use super::revisions;
use super::tx::Tx;
use clew_core::model::{EpochMs, SiteId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _,
};

/// Hosts of one site; wildcards stand for many.
const MOST_DOMAINS: usize = 200;

/// Adds `host` (see [`canonical`]) and returns its canonical form. Adding it twice to one site
/// changes nothing; another site's host is a `Conflict { what: "domain" }`.
pub async fn add(tx: &Tx, site: SiteId, host: &str, now: EpochMs) -> Result<String> {
    let host = canonical(host)?;
    if owner(tx, &host).await? == Some(site) {
        return Ok(host);
    }
    let row = domain::ActiveModel {
        host: Set(host.clone()),
        site_id: Set(site.to_uuid()),
        created_at: Set(now.0),
    };
    let inserted = domain::Entity::insert(row).exec_without_returning(tx).await;
    inserted.map_err(conflict("domain"))?;
    revisions::policies_changed(tx).await?;
    Ok(host)
}

pub async fn remove(tx: &Tx, site: SiteId, host: &str) -> Result<()> {
    let done = domain::Entity::delete_many()
        .filter(domain::Column::Host.eq(spelling(host)?))
        .filter(domain::Column::SiteId.eq(site.to_uuid()))
        .exec(tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(missing("domain")());
    }
    revisions::policies_changed(tx).await
}

/// Makes `hosts` the site's whole list. `Conflict { what: "domain" }` for another site's host.
pub async fn replace(tx: &Tx, site: SiteId, hosts: &[String], now: EpochMs) -> Result<()> {
    if hosts.len() > MOST_DOMAINS {
        return Err(invalid("domain", "a site has at most 200"));
    }
    let mut wanted = Vec::with_capacity(hosts.len());
    for host in hosts {
        wanted.push(canonical(host)?);
    }
    for host in list(tx, site).await? {
        if !wanted.contains(&host) {
            remove(tx, site, &host).await?;
        }
    }
    for host in &wanted {
        add(tx, site, host, now).await?;
    }
    Ok(())
}

/// The host that stands for the site: the oldest one, of several the first by alphabet.
pub async fn oldest(c: &impl ConnectionTrait, site: SiteId) -> Result<Option<String>> {
    let rows = by_age(c, site).await?;
    Ok(rows.into_iter().next().map(|row| row.host))
}

/// Puts `host` in the place of the oldest one, also as to age, and leaves all others alone.
/// `Conflict { what: "domain" }` for another site's host.
pub async fn replace_oldest(tx: &Tx, site: SiteId, host: &str, now: EpochMs) -> Result<()> {
    let host = canonical(host)?;
    let rows = by_age(tx, site).await?;
    let Some(oldest) = rows.first() else {
        return add(tx, site, &host, now).await.map(|_| ());
    };
    if oldest.host == host {
        return Ok(());
    }
    // Older than the others, even where they came together.
    let others = rows.iter().skip(1).filter(|row| row.host != host);
    let since = others.map(|row| row.created_at - 1).min();
    let since = since.map_or(oldest.created_at, |since| since.min(oldest.created_at));
    remove(tx, site, &oldest.host).await?;
    if rows.iter().any(|row| row.host == host) {
        remove(tx, site, &host).await?;
    }
    add(tx, site, &host, EpochMs(since)).await.map(|_| ())
}

async fn by_age(c: &impl ConnectionTrait, site: SiteId) -> Result<Vec<domain::Model>> {
    let rows = domain::Entity::find()
        .filter(domain::Column::SiteId.eq(site.to_uuid()))
        .order_by_asc(domain::Column::CreatedAt)
        .order_by_asc(domain::Column::Host);
    Ok(rows.all(c).await?)
}

/// The site's hosts in alphabetical order.
pub async fn list(c: &impl ConnectionTrait, site: SiteId) -> Result<Vec<String>> {
    let rows = domain::Entity::find()
        .filter(domain::Column::SiteId.eq(site.to_uuid()))
        .order_by_asc(domain::Column::Host)
        .all(c)
        .await?;
    Ok(rows.into_iter().map(|r| r.host).collect())
}

/// Whose host this is. `host` must be canonical; wildcards are looked up as they are written.
async fn owner(c: &impl ConnectionTrait, host: &str) -> Result<Option<SiteId>> {
    let row = domain::Entity::find_by_id(host).one(c).await?;
    Ok(row.map(|r| r.site_id.into()))
}
