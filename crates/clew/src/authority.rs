//! Another node decides whose a host is: asking it, remembering what it said, and what its word
//! means here (CONTRACTS C, `PIXEL_MANAGEMENT_URL`).
//!
//! Fails closed: as long as the node does not answer, or answers nonsense, a host is nobody's. One
//! question per host is under way at a time, and few altogether, so that a flood of invented hosts
//! neither reaches the node nor makes others wait longer than the time limit.

use crate::sites::{Site, Sites};
use clew_connect::authority::{Authority as Client, AuthorityError};
use clew_connect::http::DownloadError;
use clew_core::error::ErrorCode;
use clew_core::model::{DomainConfig, SitePolicy, domain};
use metrics::counter;
use moka::sync::Cache;
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OnceCell, Semaphore};

/// Longest time for one answer.
const LONGEST: Duration = Duration::from_secs(2);
/// How long an answer holds: whose the host is, that it is nobody's, that none came.
const REGISTERED: Duration = Duration::from_secs(5 * 60);
const UNKNOWN: Duration = Duration::from_secs(30);
const UNANSWERED: Duration = Duration::from_secs(5);
/// Hosts remembered.
const HOSTS: u64 = 10_000;
/// Questions under way at once.
const AT_ONCE: usize = 32;
/// Failures are said in the log this often at most.
const LOG_EVERY: Duration = Duration::from_secs(60);

/// The management node, and what it said lately.
#[derive(Debug)]
pub struct Authority {
    client: Client,
    hosts: Cache<String, Arc<Asked>>,
    under_way: Semaphore,
    logged: Mutex<Option<Instant>>,
}

/// One question about one host.
#[derive(Debug, Default)]
struct Asked {
    answer: OnceCell<(Instant, Answer)>,
}

#[derive(Clone, Debug)]
enum Answer {
    Registered(Arc<DomainConfig>),
    Unknown,
    Unanswered,
}

impl Asked {
    fn is_over(&self) -> bool {
        self.answer.get().is_some_and(|(since, answer)| {
            let holds = match answer {
                Answer::Registered(_) => REGISTERED,
                Answer::Unknown => UNKNOWN,
                Answer::Unanswered => UNANSWERED,
            };
            since.elapsed() > holds
        })
    }
}

impl Authority {
    /// # Errors
    /// An address that cannot be used.
    pub fn new(url: &str) -> Result<Self, DownloadError> {
        Ok(Self {
            client: Client::new(url, LONGEST)?,
            hosts: Cache::builder()
                .max_capacity(HOSTS)
                .time_to_live(REGISTERED)
                .build(),
            under_way: Semaphore::new(AT_ONCE),
            logged: Mutex::new(None),
        })
    }

    /// What the node says about a normalised host; none unless it says that it is somebody's.
    pub async fn look_up(&self, host: &str) -> Option<Arc<DomainConfig>> {
        let mut asked = self.hosts.get_with_by_ref(host, Arc::default);
        if asked.is_over() {
            asked = Arc::default();
            self.hosts.insert(host.to_owned(), Arc::clone(&asked));
        }
        let ask = async || (Instant::now(), self.ask(host).await);
        match &asked.answer.get_or_init(ask).await.1 {
            Answer::Registered(config) => Some(Arc::clone(config)),
            Answer::Unknown | Answer::Unanswered => None,
        }
    }

    async fn ask(&self, host: &str) -> Answer {
        let answer = tokio::time::timeout(LONGEST, async {
            let _one = self.under_way.acquire().await;
            self.client.look_up(host).await
        });
        let answer = answer.await.unwrap_or_else(|_| {
            let late = "too many questions are waiting for it";
            Err(AuthorityError::Unreachable(late.to_owned()))
        });
        let (outcome, answer) = match answer {
            Ok(Some(config)) => ("registered", Answer::Registered(Arc::new(config))),
            Ok(None) => ("unknown", Answer::Unknown),
            Err(error) => {
                self.log(&error);
                ("unanswered", Answer::Unanswered)
            }
        };
        counter!("clew_authority_lookups_total", "outcome" => outcome).increment(1);
        answer
    }

    fn log(&self, error: &AuthorityError) {
        let mut logged = self.logged.lock();
        if logged.is_none_or(|last| last.elapsed() >= LOG_EVERY) {
            *logged = Some(Instant::now());
            tracing::error!(%error, "the management node does not say whose hosts are whose; nobody may send there");
        }
    }

    /// The site that a sender means, and what may be kept of it: never more than this node's own
    /// settings allow. None where no host is in question, because the site is named by its id and
    /// no page vouches for it; this node decides then.
    ///
    /// # Errors
    /// [`ErrorCode::ForeignOrigin`] unless the node says that the host belongs to a site of ours,
    /// and to the one that is declared, if one is; [`ErrorCode::OriginRequired`].
    pub async fn judge(
        &self,
        sites: &Sites,
        declared: &str,
        page: Option<&str>,
    ) -> Result<Option<(Arc<Site>, SitePolicy)>, ErrorCode> {
        let named = sites.named(declared);
        let stated = match &named {
            Some(_) => None,
            None => domain::normalise_host(declared),
        };
        let Some(host) = page.or(stated.as_deref()) else {
            return Ok(None);
        };
        let config = self.look_up(host).await.ok_or(ErrorCode::ForeignOrigin)?;
        let site = sites.get(config.site()).filter(|site| site.is_active());
        let site = site.ok_or(ErrorCode::ForeignOrigin)?;
        if named.is_some_and(|named| named.id() != site.id()) {
            return Err(ErrorCode::ForeignOrigin);
        }
        if let Some(other) = stated.as_deref().filter(|stated| *stated != host) {
            let other = self.look_up(other).await;
            if other.is_none_or(|other| other.site() != site.id()) {
                return Err(ErrorCode::ForeignOrigin);
            }
        }
        if page.is_none() && site.policy().require_origin {
            return Err(ErrorCode::OriginRequired);
        }
        let mut policy = config
            .tighten(site.policy())
            .ok_or(ErrorCode::ForeignOrigin)?;
        policy.domains.push(host.to_owned());
        Ok(Some((site, policy)))
    }
}
