//! Clients that post batches until they are stopped, and sometimes post one again.

use super::oracle::Promises;
use crate::client::Client;
use crate::server::Access;
use hyper::body::Bytes;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

const CLIENTS: u64 = 8;
const LARGEST_BATCH: u32 = 12;

/// Runs the load for `duration`, calls nothing off; returns what was sent and promised.
///
/// Requests in flight when the server dies stay "sent, not acknowledged": either fate is right.
pub async fn run(
    client: &Client,
    access: &Access,
    round: &str,
    seed: u64,
    duration: Duration,
) -> Load {
    let promises = Arc::new(Mutex::new(Promises::default()));
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let rng = StdRng::seed_from_u64(seed.wrapping_mul(31).wrapping_add(number));
        let poster = Poster {
            client: client.clone(),
            site: access.site.clone(),
            round: round.to_owned(),
            promises: Arc::clone(&promises),
            rng,
        };
        clients.spawn(poster.run());
    }
    tokio::time::sleep(duration).await;
    Load { promises, clients }
}

/// Load that still runs; stop it after the server is gone.
#[derive(Debug)]
pub struct Load {
    promises: Arc<Mutex<Promises>>,
    clients: JoinSet<()>,
}

impl Load {
    pub async fn stop(mut self) -> Promises {
        self.clients.shutdown().await;
        let mut promises = self
            .promises
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::take(&mut *promises)
    }
}

struct Poster {
    client: Client,
    site: String,
    round: String,
    promises: Arc<Mutex<Promises>>,
    rng: StdRng,
}

impl Poster {
    async fn run(mut self) {
        loop {
            let ids: Vec<String> = (0..self.rng.random_range(1..=LARGEST_BATCH))
                .map(|_| Uuid::now_v7().to_string())
                .collect();
            let body = self.body(&ids);
            self.promises().sent.extend(ids.iter().cloned());
            // One batch in four is posted again although it was acknowledged, as a client does
            // whose reply got lost.
            let repeats = if self.rng.random_ratio(1, 4) { 2 } else { 1 };
            for _ in 0..repeats {
                let Ok(reply) = self.client.post("/v1/events", body.clone()).await else {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    break;
                };
                if reply.status == 200 {
                    self.promises().acknowledged.extend(ids.iter().cloned());
                }
            }
            tokio::time::sleep(Duration::from_millis(self.rng.random_range(0..10))).await;
        }
    }

    fn body(&self, ids: &[String]) -> Bytes {
        let events: Vec<_> = ids
            .iter()
            .map(|id| {
                json!({ "id": id, "type": "custom", "name": self.round,
                        "url": "https://crash.example/page?utm_source=crash" })
            })
            .collect();
        json!({ "site_id": self.site, "events": events })
            .to_string()
            .into()
    }

    fn promises(&self) -> std::sync::MutexGuard<'_, Promises> {
        self.promises
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
