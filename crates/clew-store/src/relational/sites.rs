//! Sites: what is measured, and for whom.
//!
//! Deleting leaves a tombstone (events keep its id) and frees the slug and the hosts. Every change
//! counts the policy revision up, in the same transaction.

use super::accounts::checked_name;
use super::entity::{domain, site, site_setting};
use super::error::{Result, conflict, invalid, missing};
use super::settings::{self, SiteSettings};
use super::tx::Tx;
use super::{domains, erasures, forms, policies, revisions, secret};
use clew_core::model::id::RowId;
use clew_core::model::site::{IpPolicy, Profile, contradiction};
use clew_core::model::{EpochMs, SiteId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub id: SiteId,
    pub account: RowId,
    /// Usable wherever the id is.
    pub slug: Option<String>,
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    pub profile: Profile,
    pub ip: IpPolicy,
    /// `pk_…`: public, may only write.
    pub write_key: String,
    pub is_active: bool,
    pub created_at: EpochMs,
    pub updated_at: EpochMs,
    /// Canonical hosts in alphabetical order.
    pub domains: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct NewSite {
    pub name: String,
    pub slug: Option<String>,
    pub domains: Vec<String>,
    pub time_zone: String,
    pub profile: Profile,
    pub ip: IpPolicy,
    pub settings: SiteSettings,
    /// false: paused from the start.
    pub is_active: bool,
    /// A given id, for sites that other systems already name (imports, demo); else a new one.
    pub id: Option<SiteId>,
}

impl NewSite {
    /// A site with the strictest defaults: profile gdpr, no addresses, UTC.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slug: None,
            domains: Vec::new(),
            time_zone: "UTC".to_owned(),
            profile: Profile::Gdpr,
            ip: IpPolicy::None,
            settings: SiteSettings::default(),
            is_active: true,
            id: None,
        }
    }
}

/// What to change; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct SiteChange {
    pub name: Option<String>,
    pub slug: Option<Option<String>>,
    pub time_zone: Option<String>,
    pub profile: Option<Profile>,
    pub ip: Option<IpPolicy>,
    pub is_active: Option<bool>,
    /// The whole list of hosts.
    pub domains: Option<Vec<String>>,
    /// Takes the place of the oldest host.
    pub oldest_domain: Option<String>,
    pub settings: Option<SiteSettings>,
}

/// Creates a site with its hosts and settings. `Conflict` of "slug", "domain" or "site id".
pub async fn create(tx: &Tx, account: RowId, new: NewSite, now: EpochMs) -> Result<Site> {
    let id = new.id.map_or_else(Uuid::new_v4, SiteId::to_uuid);
    let slug = new.slug.as_deref().map(checked_slug).transpose()?;
    if site::Entity::find_by_id(id).one(tx).await?.is_some() {
        return Err(super::StoreError::Conflict { what: "site id" });
    }
    let row = site::ActiveModel {
        id: Set(id),
        account_id: Set(account.to_uuid()),
        slug: Set(slug),
        name: Set(checked_name("site name", &new.name)?),
        time_zone: Set(checked_zone(&new.time_zone)?),
        profile: Set(policies::profile_word(new.profile).to_owned()),
        ip_policy: Set(policies::ip_word(new.ip).to_owned()),
        write_key: Set(secret::write_key()),
        is_active: Set(new.is_active),
        created_at: Set(now.0),
        updated_at: Set(now.0),
        deleted_at: Set(None),
    };
    let inserted = site::Entity::insert(row).exec_without_returning(tx).await;
    inserted.map_err(conflict("slug"))?;
    domains::replace(tx, id.into(), &new.domains, now).await?;
    settings::set(tx, id.into(), &new.settings, now).await?;
    get(tx, account, id.into()).await
}

pub async fn get(c: &impl ConnectionTrait, account: RowId, id: SiteId) -> Result<Site> {
    let row = living(account)
        .filter(site::Column::Id.eq(id.to_uuid()))
        .one(c)
        .await?;
    with_domains(c, row.ok_or_else(missing("site"))?).await
}

/// As [`get`], and nobody else changes the site before this transaction ends: what is read after it
/// may be changed and written back without undoing what somebody else writes. On SQLite, where
/// there is one writer, that holds anyway.
pub async fn get_for_change(tx: &Tx, account: RowId, id: SiteId) -> Result<Site> {
    let row = living(account)
        .filter(site::Column::Id.eq(id.to_uuid()))
        .lock_exclusive()
        .one(tx)
        .await?;
    with_domains(tx, row.ok_or_else(missing("site"))?).await
}

/// Finds a site of the account by id or slug.
pub async fn find(c: &impl ConnectionTrait, account: RowId, id_or_slug: &str) -> Result<Site> {
    if let Ok(id) = Uuid::parse_str(id_or_slug) {
        return get(c, account, id.into()).await;
    }
    let row = living(account)
        .filter(site::Column::Slug.eq(id_or_slug))
        .one(c)
        .await?;
    with_domains(c, row.ok_or_else(missing("site"))?).await
}

/// The account's sites by name.
pub async fn list(c: &impl ConnectionTrait, account: RowId) -> Result<Vec<Site>> {
    let rows = living(account)
        .order_by_asc(site::Column::Name)
        .order_by_asc(site::Column::Id);
    let mut sites = Vec::new();
    for row in rows.all(c).await? {
        sites.push(with_domains(c, row).await?);
    }
    Ok(sites)
}

/// Changes a site. `Conflict` of "slug" or "domain".
pub async fn update(
    tx: &Tx,
    account: RowId,
    id: SiteId,
    change: SiteChange,
    now: EpochMs,
) -> Result<Site> {
    get(tx, account, id).await?;
    let mut row = site::ActiveModel {
        id: Set(id.to_uuid()),
        updated_at: Set(now.0),
        ..Default::default()
    };
    if let Some(name) = change.name {
        row.name = Set(checked_name("site name", &name)?);
    }
    if let Some(slug) = change.slug {
        row.slug = Set(slug.as_deref().map(checked_slug).transpose()?);
    }
    if let Some(zone) = change.time_zone {
        row.time_zone = Set(checked_zone(&zone)?);
    }
    if let Some(profile) = change.profile {
        row.profile = Set(policies::profile_word(profile).to_owned());
    }
    if let Some(ip) = change.ip {
        row.ip_policy = Set(policies::ip_word(ip).to_owned());
    }
    if let Some(is_active) = change.is_active {
        row.is_active = Set(is_active);
    }
    let updated = site::Entity::update(row).exec(tx).await;
    updated.map_err(conflict("slug"))?;
    if let Some(domains) = &change.domains {
        domains::replace(tx, id, domains, now).await?;
    }
    if let Some(host) = &change.oldest_domain {
        domains::replace_oldest(tx, id, host, now).await?;
    }
    if let Some(settings) = &change.settings {
        settings::set(tx, id, settings, now).await?;
    }
    revisions::policies_changed(tx).await?;
    let site = get(tx, account, id).await?;
    let settings = settings::get(tx, id).await?;
    refuse_contradiction(&site, &settings)?;
    Ok(site)
}

/// What the profile forbids cannot be set; the caller's transaction ends with the refusal.
fn refuse_contradiction(site: &Site, settings: &SiteSettings) -> Result<()> {
    let (visitor_id, fingerprint) = (settings.visitor_id, settings.fingerprint);
    match contradiction(site.profile, site.ip, visitor_id, fingerprint) {
        Some(found) => Err(invalid(found.setting, found.why)),
        None => Ok(()),
    }
}

/// Leaves a tombstone: the site vanishes for everyone, its slug and hosts are free again.
pub async fn delete(tx: &Tx, account: RowId, id: SiteId, now: EpochMs) -> Result<()> {
    let done = site::Entity::update_many()
        .col_expr(site::Column::DeletedAt, Expr::value(now.0))
        .col_expr(site::Column::UpdatedAt, Expr::value(now.0))
        .col_expr(site::Column::IsActive, Expr::value(false))
        .col_expr(site::Column::Slug, Expr::value(Option::<String>::None))
        .filter(site::Column::Id.eq(id.to_uuid()))
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    if done.rows_affected == 0 {
        return Err(missing("site")());
    }
    cascade(tx, id, now).await?;
    revisions::policies_changed(tx).await
}

/// What goes with a site, whoever deletes it: all that is told of it here and that nobody could
/// reach any more, and whatever people submitted to it, bytes included. What is kept of its events
/// stays under the tombstone's id for as long as the site said; that much is remembered of its
/// settings.
async fn cascade(tx: &Tx, id: SiteId, now: EpochMs) -> Result<()> {
    erasures::request_of_deleted_site(tx, id, now).await?;
    let left = settings::get(tx, id).await?.of_tombstone();
    settings::set(tx, id, &left, now).await?;
    domain::Entity::delete_many()
        .filter(domain::Column::SiteId.eq(id.to_uuid()))
        .exec(tx)
        .await?;
    forms::delete_of_site(tx, id).await
}

/// The account's deleted sites, in the order of their ids.
pub async fn tombstone_ids(c: &impl ConnectionTrait, account: RowId) -> Result<Vec<SiteId>> {
    let ids = site::Entity::find()
        .select_only()
        .column(site::Column::Id)
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_not_null())
        .order_by_asc(site::Column::Id)
        .into_tuple::<Uuid>()
        .all(c)
        .await?;
    Ok(ids.into_iter().map(SiteId::from).collect())
}

/// The account's deleted sites, whose events may still be there, each with its last profile. One
/// that cannot be read is reported to the log and left out.
pub async fn tombstones(
    c: &impl ConnectionTrait,
    account: RowId,
) -> Result<Vec<(SiteId, Profile)>> {
    let rows = site::Entity::find()
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_not_null())
        .all(c)
        .await?;
    let known = rows.into_iter().filter_map(|row| {
        let profile = policies::profile(&row.profile).inspect_err(|error| {
            tracing::error!(site = %row.id, %error, "what this deleted site has left is not shown");
        });
        Some((row.id.into(), profile.ok()?))
    });
    Ok(known.collect())
}

/// What is still to be known of a deleted site: whose its events were, and how long they stay.
#[derive(Clone, Debug)]
pub struct DeletedSite {
    pub id: SiteId,
    pub account: RowId,
    /// IANA name.
    pub time_zone: String,
    /// As [`SiteSettings::of_tombstone`] leaves them.
    pub settings: SiteSettings,
}

/// The deleted sites of all accounts, each by itself: what cannot be read is its own site's affair.
/// Retention is the one that asks: nobody else's.
pub async fn deleted(c: &impl ConnectionTrait) -> Result<Vec<(SiteId, Result<DeletedSite>)>> {
    let rows = tombs().order_by_asc(site::Column::Id).all(c).await?;
    let ids = tombs().select_only().column(site::Column::Id).into_query();
    let documents = site_setting::Entity::find()
        .filter(site_setting::Column::SiteId.in_subquery(ids))
        .all(c)
        .await?;
    let documents: HashMap<_, _> = documents
        .into_iter()
        .map(|r| (r.site_id, r.value))
        .collect();
    let deleted = rows.into_iter().map(|row| {
        let settings = documents.get(&row.id);
        let settings =
            settings.map_or_else(|| Ok(SiteSettings::default()), |it| settings::parse(it));
        let site = settings.map(|settings| DeletedSite {
            id: row.id.into(),
            account: row.account_id.into(),
            time_zone: row.time_zone,
            settings,
        });
        (row.id.into(), site)
    });
    Ok(deleted.collect())
}

/// Sites that were deleted when that erased nothing yet: what was submitted to them goes too.
/// Nothing of them is read but that they are gone.
pub async fn erase_what_deleted_ones_left(tx: &Tx, now: EpochMs) -> Result<()> {
    let ids = tombs()
        .select_only()
        .column(site::Column::Id)
        .filter(site::Column::Id.not_in_subquery(erasures::deleted_sites_asked_for()))
        .order_by_asc(site::Column::Id)
        .into_tuple::<Uuid>();
    for id in ids.all(tx).await? {
        erasures::request_of_deleted_site(tx, id.into(), now).await?;
    }
    Ok(())
}

/// What was submitted to sites that are gone, taken by somebody who had not heard of it yet, goes
/// too. `submitted`: of each site, the last record that brought a submission. True when anything was
/// asked for.
pub async fn erase_late_submissions(
    tx: &Tx,
    submitted: &BTreeMap<SiteId, u64>,
    now: EpochMs,
) -> Result<bool> {
    if submitted.is_empty() {
        return Ok(false);
    }
    let sites = submitted.keys().map(|site| site.to_uuid());
    let gone = tombs()
        .select_only()
        .column(site::Column::Id)
        .filter(site::Column::Id.is_in(sites))
        .order_by_asc(site::Column::Id)
        .into_tuple::<Uuid>();
    let mut asked = false;
    for id in gone.all(tx).await? {
        let site = SiteId::from(id);
        let lsn = submitted.get(&site).copied().unwrap_or_default();
        asked |= erasures::request_of_late_submissions(tx, site, lsn, now).await?;
    }
    Ok(asked)
}

fn tombs() -> Select<site::Entity> {
    site::Entity::find().filter(site::Column::DeletedAt.is_not_null())
}

fn living(account: RowId) -> Select<site::Entity> {
    site::Entity::find()
        .filter(site::Column::AccountId.eq(account.to_uuid()))
        .filter(site::Column::DeletedAt.is_null())
}

async fn with_domains(c: &impl ConnectionTrait, row: site::Model) -> Result<Site> {
    let domains = domains::list(c, row.id.into()).await?;
    Ok(Site {
        id: row.id.into(),
        account: row.account_id.into(),
        slug: row.slug,
        name: row.name,
        time_zone: row.time_zone,
        profile: policies::profile(&row.profile)?,
        ip: policies::ip(&row.ip_policy)?,
        write_key: row.write_key,
        is_active: row.is_active,
        created_at: EpochMs(row.created_at),
        updated_at: EpochMs(row.updated_at),
        domains,
    })
}

/// Lower-case letters, digits and inner hyphens, up to 63; nothing that could be read as an id.
fn checked_slug(slug: &str) -> Result<String> {
    let valid = (1..=63).contains(&slug.len())
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && Uuid::parse_str(slug).is_err();
    if valid {
        Ok(slug.to_owned())
    } else {
        Err(invalid(
            "slug",
            "use up to 63 of a-z, 0-9 and inner hyphens",
        ))
    }
}

fn checked_zone(zone: &str) -> Result<String> {
    jiff::tz::TimeZone::get(zone).map_err(|e| invalid("time zone", &e))?;
    Ok(zone.to_owned())
}
