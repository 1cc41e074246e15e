//! The hosts that may send events for a site. A host belongs to one site of the installation.

use super::entity::domain;
use super::error::{Result, conflict, invalid, missing};
use super::host::canonical;
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
        .filter(domain::Column::Host.eq(canonical(host)?))
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
