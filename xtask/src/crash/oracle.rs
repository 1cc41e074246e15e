//! Remembers what clients sent and what they were promised, and compares it with what is stored.
//!
//! The promise: acknowledged ⊆ stored ⊆ sent, each exactly once.

use crate::client::Client;
use crate::server::Access;
use anyhow::{Context as _, Result, bail, ensure};
use hyper::body::Bytes;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long projection of everything acknowledged may take after a restart.
const PROJECTED_WITHIN: Duration = Duration::from_secs(10);

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
    /// Reports reached the end of the journal; without it, nothing else here can be believed.
    pub caught_up: bool,
}

impl Verdict {
    /// # Errors
    /// Acknowledged events are gone.
    pub fn ensure_kept(&self, round: &str) -> Result<()> {
        ensure!(self.caught_up, "{round}: reports do not catch up");
        ensure!(
            self.lost == 0,
            "{round}: {} acknowledged events are gone",
            self.lost
        );
        Ok(())
    }
}

impl Promises {
    /// Waits until the acknowledged events are visible, then compares id by id.
    ///
    /// # Errors
    /// An event is stored twice, or was never sent.
    pub async fn compare(&self, client: &Client, access: &Access, round: &str) -> Result<Verdict> {
        // Events are projected in order: once a later one shows, all earlier ones would, and a
        // second copy of one as well.
        let last = format!("{round}-end");
        post_sentinel(client, access, &last).await?;
        let begun = Instant::now();
        let mut caught_up = false;
        while !caught_up && begun.elapsed() < PROJECTED_WITHIN {
            tokio::time::sleep(Duration::from_millis(50)).await;
            caught_up = !stored_ids(client, access, &last, begun).await?.is_empty();
        }
        let begun = Instant::now();
        let stored = stored_ids(client, access, round, begun).await?;
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
            caught_up,
        })
    }
}

async fn post_sentinel(client: &Client, access: &Access, name: &str) -> Result<()> {
    let body = json!({ "site_id": access.site, "events": [
        { "id": Uuid::now_v7(), "type": "custom", "name": name, "url": "https://crash.example/" }] });
    let body: Bytes = body.to_string().into();
    // The same id twice counts once, so the oracle may repeat its own post.
    let reply = match client.post("/v1/events", body.clone()).await {
        Ok(reply) => reply,
        Err(_) => client.post("/v1/events", body).await?,
    };
    ensure!(
        reply.status == 200,
        "{name}: {} {:?}",
        reply.status,
        reply.body
    );
    Ok(())
}

/// Every stored event of a round with how often it is there.
async fn stored_ids(
    client: &Client,
    access: &Access,
    round: &str,
    begun: Instant,
) -> Result<HashMap<String, u32>> {
    let mut ids = HashMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!(
            "/v1/events?site={}&name={round}&limit=1000{cursor}",
            access.site
        );
        let reply = client.get(&path, Some(&access.key)).await?;
        if reply.status == 503 {
            // Reports open after collection.
            ensure!(
                begun.elapsed() < PROJECTED_WITHIN,
                "{round}: reports stay closed"
            );
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
