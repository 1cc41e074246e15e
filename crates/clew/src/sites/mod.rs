//! Every site's policy in memory: the ingest path asks nobody else.
//!
//! Owns the look-up by id or slug, the decision whose page may write ("Which host is it?") and the
//! site's current day with its salt. Reloads as a whole when the relational store says that
//! something changed; readers never wait for it.

mod resolve;

pub use resolve::Unresolved;

use crate::clock::{self, Moment};
use crate::secrets::{MasterKey, SaltError, Salts};
use crate::sign_in::HipaaAccounts;
use crate::site_script::ReadyScripts;
use arc_swap::{ArcSwap, ArcSwapOption};
use clew_core::error::ErrorCode;
use clew_core::model::domain::HostIndex;
use clew_core::model::id::RowId;
use clew_core::model::{EpochMs, IpListing, Profile, SiteId, SiteKey, SitePolicy, domain};
use clew_core::pipeline::DailySalt;
use clew_core::wire::Client;
use clew_store::relational::forms::ClientForm;
use clew_store::relational::policies::{self, SiteEntry};
use clew_store::relational::settings::SiteSettings;
use clew_store::relational::{Db, StoreError};
use ipnet::IpNet;
use jiff::ToSpan;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Slug of the site that the demo shop reports to.
pub const DEMO_SLUG: &str = "demo";

/// How often the store is asked for changes made by other processes.
const POLL: Duration = Duration::from_secs(5);

/// A site as the edge knows it.
#[derive(Debug)]
pub struct Site {
    entry: SiteEntry,
    key: SiteKey,
    day: ArcSwapOption<Day>,
    scripts: ReadyScripts,
}

/// One calendar day of a site's time zone and its salt.
#[derive(Clone, Debug)]
pub struct Day {
    start: EpochMs,
    end: EpochMs,
    pub salt: DailySalt,
}

impl Site {
    fn new(entry: SiteEntry, master: &MasterKey) -> Self {
        Self {
            key: master.site_key(entry.policy.id),
            entry,
            day: ArcSwapOption::empty(),
            scripts: ReadyScripts::default(),
        }
    }

    pub fn id(&self) -> SiteId {
        self.entry.policy.id
    }

    /// What lasting pseudonyms of this site's visitors are made with.
    pub fn key(&self) -> &SiteKey {
        &self.key
    }

    pub fn account(&self) -> RowId {
        self.entry.account
    }

    /// Slug, or else the id: safe in file names and addresses.
    pub fn name(&self) -> String {
        let slug = self.entry.slug.clone();
        slug.unwrap_or_else(|| self.id().to_string())
    }

    /// A paused site takes no events; what it has stays readable.
    pub fn is_active(&self) -> bool {
        self.entry.is_active
    }

    /// `pk_…`: public, may only write, and only for a listed host.
    pub fn write_key(&self) -> &str {
        &self.entry.write_key
    }

    pub fn settings(&self) -> &SiteSettings {
        &self.entry.settings
    }

    /// All that the edge knows about it.
    pub fn entry(&self) -> &SiteEntry {
        &self.entry
    }

    /// The scripts of this site that are ready to be sent: as long as its settings stand.
    pub fn scripts(&self) -> &ReadyScripts {
        &self.scripts
    }

    /// The site's forms, oldest first, paused ones included.
    pub fn forms(&self) -> &[ClientForm] {
        &self.entry.forms
    }

    /// The form that a page means by `name`: its id, its name, or the `id` of the element that its
    /// selector names.
    pub fn form(&self, name: &str) -> Option<&ClientForm> {
        let forms = || self.entry.forms.iter();
        if let Ok(id) = Uuid::try_parse(name) {
            return forms().find(|form| form.form_id.to_uuid() == id);
        }
        let names = |form: &&ClientForm| {
            form.form_name == name || form.form_selector.strip_prefix('#') == Some(name)
        };
        (!name.is_empty()).then(|| forms().find(names)).flatten()
    }

    /// Whether this is the site's own write key, which is public: no secret is compared here.
    pub fn has_write_key(&self, presented: &str) -> bool {
        self.entry.write_key == presented
    }

    /// The site that the demo shop of this server reports to.
    pub fn is_demo(&self) -> bool {
        self.entry.slug.as_deref() == Some(DEMO_SLUG)
    }

    pub fn policy(&self) -> &SitePolicy {
        &self.entry.policy
    }

    /// Whether this sender may write to this site: the page's host must be on the list; a sender
    /// without page (a server, curl) passes unless the site forbids it; a secret key needs no page.
    pub fn authorise(&self, client: &Client) -> Result<(), ErrorCode> {
        if client.trusted {
            return Ok(());
        }
        match &client.origin_host {
            Some(host) if domain::host_allowed(host, &self.policy().domains) => Ok(()),
            Some(_) => Err(ErrorCode::ForeignOrigin),
            None if self.policy().require_origin => Err(ErrorCode::OriginRequired),
            None => Ok(()),
        }
    }

    /// Limits and rating do not apply to this address here.
    pub fn whitelists(&self, ip: IpAddr) -> bool {
        self.policy().ip_lists.listing(ip) == Some(IpListing::Whitelisted)
    }

    /// The site's day at `now`; its salt is durable. Takes no lock except at the first request of
    /// a day.
    pub async fn day(&self, salts: &Arc<Salts>, now: EpochMs) -> Result<Arc<Day>, SaltError> {
        if let Some(day) = &*self.day.load()
            && (day.start..day.end).contains(&now)
            && salts.is_living(self.id(), day.start)
        {
            return Ok(day.clone());
        }
        let (start, end) = day_bounds(self.policy(), now);
        let (id, salts_of_day) = (self.id(), salts.clone());
        let moment = Moment {
            wall: now,
            ..clock::moment()
        };
        let make = move || salts_of_day.get_or_create(id, start, moment);
        let made = tokio::task::spawn_blocking(make).await;
        let salt = made.map_err(SaltError::interrupted)??;
        let day = Arc::new(Day {
            start,
            end,
            salt: DailySalt::new(salt),
        });
        self.day.store(Some(day.clone()));
        Ok(day)
    }
}

impl Sites {
    /// Lets go of the days whose salts are destroyed: quiet sites would hold theirs for ever.
    pub fn forget_days(&self, salts: &Salts) {
        for site in self.all() {
            let over = |day: &Arc<Day>| !salts.is_living(site.id(), day.start);
            if site.day.load().as_ref().is_some_and(over) {
                site.day.store(None);
            }
        }
    }
}

impl Site {
    /// When the site's day that `now` lies in ends.
    pub fn next_day(&self, now: EpochMs) -> EpochMs {
        day_bounds(self.policy(), now).1
    }
}

/// Start of the site-local day that `now` lies in, and of the next one.
fn day_bounds(policy: &SitePolicy, now: EpochMs) -> (EpochMs, EpochMs) {
    let local = now.to_timestamp().to_zoned(policy.time_zone.clone());
    let start = local.start_of_day();
    let end = local
        .date()
        .checked_add(1.day())
        .and_then(|date| date.to_zoned(policy.time_zone.clone()));
    let start = start.map_or(now.0, |start| start.timestamp().as_millisecond());
    let end = end.map_or(start + EpochMs::DAY, |end| end.timestamp().as_millisecond());
    (EpochMs(start), EpochMs(end))
}

#[derive(Debug, Default)]
struct Index {
    by_id: HashMap<SiteId, Arc<Site>>,
    by_slug: HashMap<String, SiteId>,
    by_write_key: HashMap<String, SiteId>,
    by_host: HostIndex<SiteId>,
    /// Networks that any site has whitelisted.
    whitelisted: Vec<IpNet>,
}

impl Index {
    fn insert(&mut self, site: Site) {
        let id = site.id();
        for domain in &site.policy().domains {
            self.by_host.insert(domain, id);
        }
        if let Some(slug) = &site.entry.slug {
            self.by_slug.insert(slug.clone(), id);
        }
        let whitelisted = &site.policy().ip_lists.whitelisted;
        self.whitelisted.extend(whitelisted);
        self.by_write_key.insert(site.entry.write_key.clone(), id);
        self.by_id.insert(id, Arc::new(site));
    }
}

/// All sites that are not deleted.
#[derive(Debug)]
pub struct Sites {
    index: ArcSwap<Index>,
    master: MasterKey,
    hipaa: HipaaAccounts,
}

impl Sites {
    /// Reads every site.
    pub async fn load(
        db: &Db,
        master: MasterKey,
        hipaa: HipaaAccounts,
    ) -> Result<Self, StoreError> {
        let sites = Self {
            index: ArcSwap::default(),
            master,
            hipaa,
        };
        sites.reload(db).await?;
        Ok(sites)
    }

    pub fn get(&self, id: SiteId) -> Option<Arc<Site>> {
        self.index.load().by_id.get(&id).cloned()
    }

    /// Finds a site by its id, or by its slug.
    pub fn find(&self, id_or_slug: &str) -> Option<Arc<Site>> {
        let index = self.index.load();
        let id = match Uuid::try_parse(id_or_slug) {
            Ok(uuid) => SiteId::from(uuid),
            Err(_) => *index.by_slug.get(id_or_slug)?,
        };
        index.by_id.get(&id).cloned()
    }

    /// The site that lists `host`, exactly or by the longest wildcard.
    pub fn of_host(&self, host: &str) -> Option<Arc<Site>> {
        let index = self.index.load();
        let id = index.by_host.owner_of(host)?;
        index.by_id.get(id).cloned()
    }

    /// Whether any site has whitelisted the address.
    pub fn whitelists(&self, ip: IpAddr) -> bool {
        let index = self.index.load();
        index.whitelisted.iter().any(|net| net.contains(&ip))
    }

    /// Every site, in no order.
    pub fn all(&self) -> Vec<Arc<Site>> {
        self.index.load().by_id.values().cloned().collect()
    }

    /// Reads every site again.
    pub async fn reload(&self, db: &Db) -> Result<(), StoreError> {
        let entries = policies::all(db.read()).await?;
        let mut index = Index::default();
        let mut hipaa = HashSet::new();
        for entry in entries {
            if entry.policy.profile == Profile::Hipaa {
                hipaa.insert(entry.account);
            }
            index.insert(Site::new(entry, &self.master));
        }
        self.hipaa.replace(hipaa);
        self.index.store(Arc::new(index));
        Ok(())
    }

    /// Reloads at every change until `stop`. `on_change` runs after each reload.
    pub async fn follow(&self, db: Db, on_change: impl Fn(), stop: CancellationToken) {
        let mut revision = db.policy_revision();
        let mut poll = tokio::time::interval(POLL);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                changed = revision.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    match self.reload(&db).await {
                        Ok(()) => on_change(),
                        Err(error) => {
                            tracing::error!(%error, "sites: reload failed, trying again");
                            revision.mark_changed();
                            tokio::time::sleep(POLL).await;
                        }
                    }
                }
                _ = poll.tick() => {
                    if let Err(error) = db.refresh().await {
                        tracing::warn!(%error, "sites: cannot ask for changes");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn site(zone: &str, require_origin: bool) -> Site {
        let entry = SiteEntry {
            policy: SitePolicy {
                time_zone: TimeZone::get(zone).unwrap(),
                domains: vec!["shop.example".into(), "*.apps.example".into()],
                require_origin,
                ..SitePolicy::strict(SiteId::from_u128(1))
            },
            account: RowId::from_u128(1),
            is_active: true,
            slug: None,
            write_key: String::new(),
            settings: SiteSettings::default(),
            forms: Vec::new(),
        };
        Site::new(entry, &MasterKey::from_bytes([1; 32]))
    }

    fn client(origin: Option<&str>, trusted: bool) -> Client {
        Client {
            ip: [192, 0, 2, 1].into(),
            user_agent: String::new(),
            origin_host: origin.map(Into::into),
            language: String::new(),
            gpc: false,
            dnt: false,
            trusted,
            hints: None,
            place: None,
            tor: false,
        }
    }

    #[test]
    fn the_page_must_be_the_sites_own_unless_there_is_none() {
        let (open, strict) = (site("UTC", false), site("UTC", true));
        let foreign = Err(ErrorCode::ForeignOrigin);
        for (origin, trusted, of_open, of_strict) in [
            (Some("shop.example"), false, Ok(()), Ok(())),
            (Some("a.apps.example"), false, Ok(()), Ok(())),
            (Some("evil.example"), false, foreign, foreign),
            (Some("evil.example"), true, Ok(()), Ok(())),
            (None, false, Ok(()), Err(ErrorCode::OriginRequired)),
            (None, true, Ok(()), Ok(())),
        ] {
            let client = client(origin, trusted);
            assert_eq!(open.authorise(&client), of_open, "{client:?}");
            assert_eq!(strict.authorise(&client), of_strict, "{client:?}");
        }
    }

    #[test]
    fn a_day_is_as_long_as_the_sites_zone_makes_it() {
        for (zone, now, hours) in [
            ("UTC", "2026-03-29T12:00:00Z", 24),
            ("Europe/Berlin", "2026-03-29T12:00:00Z", 23),
            ("Europe/Berlin", "2026-10-25T12:00:00Z", 25),
            ("America/Los_Angeles", "2026-07-01T03:00:00Z", 24),
        ] {
            let now: jiff::Timestamp = now.parse().unwrap();
            let now = EpochMs(now.as_millisecond());
            let (start, end) = day_bounds(site(zone, false).policy(), now);
            assert_eq!(end.since(start), hours * EpochMs::HOUR, "{zone} {now:?}");
            assert!((start..end).contains(&now));
        }
    }

    fn at(wall: EpochMs) -> Moment {
        Moment {
            wall,
            ..clock::moment()
        }
    }

    #[tokio::test]
    async fn a_destroyed_salt_is_in_no_sites_memory() {
        let dir = tempfile::tempdir().unwrap();
        let key = MasterKey::from_bytes([1; 32]);
        let now = EpochMs(1_760_000_000_000);
        let salts = Arc::new(Salts::open(dir.path(), key.clone(), at(now)).unwrap());
        let sites = Sites {
            index: ArcSwap::default(),
            master: key,
            hipaa: HipaaAccounts::default(),
        };
        let quiet = Arc::new(site("UTC", false));
        let mut index = Index::default();
        index.by_id.insert(quiet.id(), quiet.clone());
        sites.index.store(Arc::new(index));
        let before = quiet.day(&salts, now).await.unwrap().start;
        let old = salts.get(quiet.id(), before).unwrap();
        sites.forget_days(&salts);
        assert!(quiet.day.load().is_some());
        salts
            .destroy_expired(at(now.plus(3 * EpochMs::DAY)))
            .unwrap();
        sites.forget_days(&salts);
        assert!(quiet.day.load().is_none());
        // The clock comes back: another salt, not the old one.
        quiet.day(&salts, now).await.unwrap();
        assert_ne!(salts.get(quiet.id(), before), Some(old));
    }

    #[tokio::test]
    async fn the_salt_changes_at_the_sites_midnight() {
        let dir = tempfile::tempdir().unwrap();
        let key = crate::secrets::MasterKey::from_bytes([1; 32]);
        let midnight: jiff::Timestamp = "2026-06-01T00:00:00+02:00".parse().unwrap();
        let midnight = EpochMs(midnight.as_millisecond());
        let salts = Arc::new(Salts::open(dir.path(), key, at(midnight)).unwrap());
        let site = site("Europe/Berlin", false);
        let mut starts = Vec::new();
        for now in [midnight.plus(-1), midnight, midnight.plus(EpochMs::HOUR)] {
            starts.push(site.day(&salts, now).await.unwrap().start);
        }
        assert_eq!(starts[1], midnight);
        assert_eq!(starts[1], starts[2]);
        assert_ne!(starts[0], starts[1]);
        let of = |start| salts.get(site.id(), start).unwrap();
        assert_ne!(of(starts[0]), of(starts[1]));
    }
}
