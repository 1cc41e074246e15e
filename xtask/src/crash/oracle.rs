//! Remembers what clients sent and what they were promised, and compares it with what is stored.
//!
//! The promise: acknowledged ⊆ stored ⊆ sent, each exactly once.

use crate::client::Client;
use crate::server::Access;
use anyhow::{Context as _, Result, bail, ensure};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// How long projection of everything acknowledged may take after a restart.
const PROJECTED_WITHIN: Duration = Duration::from_secs(15);

/// Ids of one round of load.
#[derive(Debug, Default)]
pub struct Promises {
    pub sent: HashSet<String>,
    pub acknowledged: HashSet<String>,
}

/// What a comparison found; `lost` is only tolerated by the negative control.
#[derive(Clone, Copy, Debug, Default)]
pub struct Verdict {
    pub acknowledged: usize,
    pub stored: usize,
    pub lost: usize,
}

impl Promises {
    /// Waits until the acknowledged events are visible, then compares id by id.
    ///
    /// # Errors
    /// An event is stored twice, or was never sent.
    pub async fn compare(&self, client: &Client, access: &Access, round: &str) -> Result<Verdict> {
        let begun = Instant::now();
        let stored = loop {
            let stored = stored_ids(client, access, round).await?;
            let complete = self.acknowledged.iter().all(|id| stored.contains_key(id));
            if complete || begun.elapsed() > PROJECTED_WITHIN {
                break stored;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        if let Some((id, times)) = stored.iter().find(|(_, times)| **times > 1) {
            bail!("{round}: event {id} is stored {times} times");
        }
        if let Some(id) = stored.keys().find(|id| !self.sent.contains(*id)) {
            bail!("{round}: event {id} is stored but was never sent");
        }
        let lost = self
            .acknowledged
            .iter()
            .filter(|id| !stored.contains_key(*id))
            .count();
        Ok(Verdict {
            acknowledged: self.acknowledged.len(),
            stored: stored.len(),
            lost,
        })
    }
}

/// Every stored event of a round with how often it is there.
async fn stored_ids(client: &Client, access: &Access, round: &str) -> Result<HashMap<String, u32>> {
    let mut ids = HashMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!(
            "/v1/events?site={}&name={round}&limit=1000{cursor}",
            access.site
        );
        let reply = client.get(&path, Some(&access.key)).await?;
        if reply.status == 503 {
            // Reports open after collection; the caller's deadline bounds the wait.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        }
        ensure!(
            reply.status == 200,
            "{path}: {} {:?}",
            reply.status,
            reply.body
        );
        let page = reply.json()?;
        for event in page["events"].as_array().context("no events in the page")? {
            let id = event["eventId"]
                .as_str()
                .context("an event without an id")?;
            *ids.entry(id.to_owned()).or_insert(0) += 1;
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(ids),
        }
    }
}
