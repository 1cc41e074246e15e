//! The wiring: every store and service of one server, opened in the right order and closed in the
//! reverse one.
//!
//! `journal` brings ledger and journal up, so that events can be taken; `reports` opens the event
//! store afterwards, beside the running server, and keeps the projectors going. Routes and jobs
//! use this and never each other.

mod erasure;
mod exports;
mod exposures;
mod journal;
pub mod people;
mod presence;
mod reports;
mod retention;
mod sample_data;
mod sealing;
mod submissions;
mod upkeep;

pub use erasure::{Reach, Subject};
pub use exports::ExportError;
pub use retention::{RetainError, RetentionStatus};
pub use sample_data::SampleDataError;

use crate::access_tokens::AccessTokens;
use crate::admin::lock::DataLock;
use crate::admin::{FirstStart, first_start};
use crate::audit::AuditTrail;
use crate::authority::Authority;
use crate::clock;
use crate::config::Config;
use crate::error::ApiResult;
use crate::exports::ExportFiles;
use crate::geo::{GeoData, GeoStatus};
use crate::ingest::{Backlog, CommitGate, Intake, Known, Live, Marks, Rebuilt, Tail, rebuild};
use crate::jobs::{self, Runner};
use crate::keyring::Keyring;
use crate::limits::RateLimits;
use crate::secrets::{MasterKey, Origin, Salts, SubmissionVault};
use crate::sightings::Sightings;
use crate::sign_in::{HipaaAccounts, SignIn};
use crate::site_script::SiteScripts;
use crate::sites::Sites;
use crate::telemetry::Prometheus;
use anyhow::Context as _;
use clew_core::error::ErrorCode;
use clew_core::pipeline::Resources;
use clew_journal::{Journal, Status};
use clew_store::archive::Archive;
use clew_store::events::{DuckStore, EventStore};
use clew_store::ledger::LedgerMonitor;
use clew_store::relational::{Db, StoreError, accounts};
use clew_store::retention::Files;
use metrics::{Histogram, histogram};
use std::sync::{Arc, OnceLock};
use tokio::sync::{Mutex, Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// One running server.
#[derive(Debug)]
pub struct App {
    pub config: Config,
    pub db: Db,
    pub audit: AuditTrail,
    pub sites: Sites,
    pub keyring: Keyring,
    pub access_tokens: AccessTokens,
    pub sign_in: SignIn,
    pub sightings: Sightings,
    pub scripts: SiteScripts,
    pub live: Arc<Live>,
    pub salts: Arc<Salts>,
    pub limits: RateLimits,
    /// The node that says whose hosts are whose, where it is not this one.
    pub authority: Option<Authority>,
    pub prometheus: Prometheus,
    pub ingest_latency: Histogram,
    pub intake: Intake,
    pub(crate) geo: Arc<GeoData>,
    archive: Archive,
    /// What has left the reports, as files.
    archived_events: Files,
    marks: Marks,
    exports: ExportFiles,
    pub journal: Journal<CommitGate>,
    ledger: LedgerMonitor,
    backlog: Arc<Backlog>,
    lag: parking_lot::Mutex<upkeep::Lag>,
    presence: presence::Presence,
    /// Set once the store has opened; reports answer 503 until then.
    events: OnceLock<DuckStore>,
    relational_lsn: OnceLock<watch::Receiver<u64>>,
    /// One rebuild at a time, and none while events leave.
    rebuilding: Mutex<()>,
    /// One word about who is who at a time.
    linking: Mutex<()>,
    sample_data: sample_data::SampleData,
    keys: MasterKey,
    /// Something is to be erased.
    erasing: Arc<Notify>,
    /// Held while records move from the journal into the archive, or are rewritten in either.
    moving: Mutex<()>,
    stop: CancellationToken,
    tasks: TaskTracker,
    _lock: DataLock,
}

impl App {
    /// Opens everything that taking events needs, then the rest in the background.
    ///
    /// # Errors
    /// Surroundings that allow no server: an unreadable key file, a database that does not open,
    /// a folder that cannot be written. Damaged contents of journal, ledger or event store are
    /// never a reason.
    pub async fn open(config: Config, lock: DataLock) -> anyhow::Result<Arc<Self>> {
        let prometheus = Prometheus::install();
        let resources = tokio::task::spawn_blocking(Resources::load);
        let geo_config = config.clone();
        let geo = tokio::task::spawn_blocking(move || Arc::new(GeoData::open(&geo_config)));
        let (master_key, salts) = open_secrets(&config)?;
        let db = Db::open(&config.database_url())
            .await
            .context("cannot open the database")?;
        let audit = AuditTrail::open(&db, &master_key, &config.key_path()).await?;
        if first_start(&db).await? == FirstStart::Prepared {
            tracing::info!("first start: made the account and the demo site");
        }
        let account = accounts::list(db.read()).await?.into_iter().next();
        let account = account.context("there is no account")?.id;
        let hipaa = HipaaAccounts::default();
        let sites = Sites::load(&db, master_key.clone(), hipaa.clone()).await?;
        let exports = ExportFiles::open(&config.data_dir.join("exports"), master_key.clone())
            .context("cannot open the folder of exports")?;
        let authority = config.authority.url().map(Authority::new).transpose();
        let authority = authority.context("the management node cannot be used")?;
        let marks = Marks::load(&db).await?;
        let opened = journal::open(&config, &db).await?;
        let backlog = Arc::new(Backlog::default());
        let resources = resources
            .await?
            .context("vendored look-up data cannot be read")?;
        let geo = geo.await?;
        let app = Arc::new(Self {
            keyring: Keyring::new(db.clone(), &config.analytics, account),
            access_tokens: AccessTokens::new(&master_key),
            sign_in: SignIn::new(db.clone(), &config.sign_in, hipaa, config.server.is_https()),
            sightings: Sightings::new(clock::now()),
            scripts: SiteScripts::default(),
            live: Arc::new(Live::open()),
            limits: RateLimits::new(&config.limits),
            authority,
            ingest_latency: histogram!("clew_http_request_seconds", "route" => "/v1/events"),
            intake: Intake::new(
                opened.journal.clone(),
                resources,
                Arc::clone(&geo),
                Arc::clone(&backlog),
                SubmissionVault::new(master_key.clone()),
            ),
            geo,
            archive: opened.archive,
            archived_events: Files::new(opened.blobs),
            marks,
            exports,
            journal: opened.journal,
            ledger: opened.ledger,
            events: OnceLock::new(),
            relational_lsn: OnceLock::new(),
            rebuilding: Mutex::new(()),
            linking: Mutex::new(()),
            sample_data: sample_data::SampleData::default(),
            keys: master_key,
            erasing: Arc::new(Notify::new()),
            moving: Mutex::new(()),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            _lock: lock,
            lag: parking_lot::Mutex::default(),
            presence: presence::Presence::default(),
            prometheus,
            backlog,
            config,
            salts,
            sites,
            audit,
            db,
        });
        app.tasks.spawn(reports::run(Arc::clone(&app)));
        app.tasks.spawn(sample_data::resume(Arc::clone(&app)));
        app.tasks.spawn(erasure::run(Arc::clone(&app)));
        app.tasks.spawn(exports::clean(Arc::clone(&app)));
        app.tasks.spawn(upkeep::run(Arc::clone(&app)));
        app.tasks.spawn(sealing::run(Arc::clone(&app)));
        app.tasks.spawn(upkeep::archive(Arc::clone(&app)));
        app.tasks.spawn(upkeep::geo(Arc::clone(&app)));
        app.tasks.spawn(upkeep::note_audit(Arc::clone(&app)));
        let runner = Runner::new(
            app.db.clone(),
            Arc::clone(&app),
            jobs::registry(),
            jobs::Options::default(),
            clock::now,
        );
        app.tasks
            .spawn(runner.run(jobs::SCHEDULES, app.stop.clone()));
        Ok(app)
    }

    /// Ends the background work and closes the stores; what was acknowledged is safe either way.
    pub async fn close(&self) {
        self.live.close();
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        let journal = self.journal.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || journal.close()).await {
            tracing::error!(%error, "the journal did not close");
        }
        if let Some(events) = self.events.get()
            && let Err(error) = events.close().await
        {
            tracing::error!(%error, "the event store did not close");
        }
        if let Err(error) = self.audit.note().await {
            tracing::error!(%error, "the end of the audit log could not be noted");
        }
        if let Err(error) = self.db.close().await {
            tracing::error!(%error, "the database did not close");
        }
    }

    /// Sites or keys have changed: nothing decides by the old ones any more.
    pub async fn policies_changed(&self) -> Result<(), StoreError> {
        self.sites.reload(&self.db).await?;
        self.keyring.forget();
        Ok(())
    }

    /// From which databases places come.
    pub fn geo_status(&self) -> GeoStatus {
        self.geo.status()
    }

    /// The event store, once it is open.
    pub fn events(&self) -> ApiResult<Arc<dyn EventStore>> {
        match self.events.get() {
            Some(store) => Ok(Arc::new(store.clone())),
            None => Err(ErrorCode::ReportsUnavailable.into()),
        }
    }

    /// Makes the event store anew from archive and journal; see [`rebuild`]. Whoever was erased and
    /// is in them again, from an old backup, is erased again.
    pub async fn rebuild(&self) -> anyhow::Result<Rebuilt> {
        let _one = self.rebuilding.lock().await;
        let store = self.opened_events().await?;
        let tail = self.tail();
        let progress = |cursor: u64, target: u64| tracing::info!(cursor, target, "rebuilding");
        let known = Known {
            keys: self.keys.clone(),
            marks: self.marks.clone(),
        };
        let rebuilt = rebuild(&store, &self.journal, tail, &known, &progress).await?;
        self.recheck_erasures().await?;
        Ok(rebuilt)
    }

    /// A consumer's view of everything that was ever journalled here.
    fn tail(&self) -> Tail {
        Tail::new(self.journal.clone(), self.archive.clone())
    }

    /// Why no events are taken right now, if so.
    pub fn journal_problem(&self) -> Option<String> {
        match self.journal.status() {
            Status::Healthy if self.backlog.is_over_limit() => {
                Some("reports are too far behind; no more events are taken".to_owned())
            }
            Status::Healthy => None,
            Status::ReadOnly { reason, .. } => Some(reason),
        }
    }

    /// Waits for the store that opens in the background.
    async fn opened_events(&self) -> anyhow::Result<DuckStore> {
        loop {
            if let Some(store) = self.events.get() {
                return Ok(store.clone());
            }
            anyhow::ensure!(!self.stop.is_cancelled(), "the server is stopping");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

/// The master key, which the first start makes and says so.
pub fn master_key(config: &Config) -> anyhow::Result<MasterKey> {
    let path = config.key_path();
    let (key, origin) = MasterKey::load_or_create(&path)?;
    if origin == Origin::Created {
        eprintln!(
            "A new master key lies in {}. Back it up apart from the data: sealed data cannot be \
             read without it.",
            path.display()
        );
    }
    Ok(key)
}

fn open_secrets(config: &Config) -> anyhow::Result<(MasterKey, Arc<Salts>)> {
    let key = master_key(config)?;
    let salts = Salts::open(&config.data_dir.join("salts"), key.clone(), clock::moment())?;
    Ok((key, Arc::new(salts)))
}
