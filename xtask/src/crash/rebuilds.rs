//! Projections lost on purpose: whatever is deleted or damaged, reports come back the same, and
//! collection never stops meanwhile.

use super::load;
use crate::client::Client;
use crate::server::{Access, Installation, Server};
use anyhow::{Context as _, Result, bail, ensure};
use hyper::body::Bytes;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use uuid::Uuid;

const LOAD: Duration = Duration::from_secs(3);
const SAME_WITHIN: Duration = Duration::from_secs(60);
const TWO_ARCHIVER_ROUNDS: Duration = Duration::from_secs(12);
const ROUND: &str = "rebuild";

/// Reports that must not change; all look at one round only, so that later events do not matter.
const REPORTS: &[&str] = &[
    "overview?metrics=visitors,visits,events",
    "timeseries?metrics=visitors,visits,events&interval=hour",
    "breakdown?dimension=page",
    "breakdown?dimension=source",
    "breakdown?dimension=browser",
    "breakdown?dimension=channel",
];

pub async fn run(bin: &Path, seed: u64) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    // Small segments, so that a short load leaves many of them sealed and archived.
    let installation = Installation::new(bin, data.clone(), folder.path().join("clew.key"))
        .with_env("CLEW_JOURNAL_SEGMENT_BYTES", "65536");
    let access = installation.provision().await?;
    // Another site: what arrives meanwhile must not prolong the visits that are compared.
    let other = installation.provision_for("other.example").await?;
    let server = installation.start().await?;
    let posted = load::run(&server.client(), &access, ROUND, seed, LOAD)
        .await
        .stop()
        .await;
    let verdict = posted.compare(&server.client(), &access, ROUND).await?;
    verdict.ensure_kept(ROUND)?;
    let before = reports(&server.client(), &access).await?;

    let collector = Collector::start(&server, &other);
    let rebuilt = installation.cli(&["rebuild", "--json"]).await?;
    same(
        &server,
        &access,
        &before,
        "rebuild beside the running server",
    )
    .await?;
    let taken = collector.stop().await?;
    server.terminate().await?;

    let store = data.join("events");
    let server = lose(
        &installation,
        [&access, &other],
        &before,
        "event store deleted",
        || Ok(std::fs::remove_dir_all(&store)?),
    )
    .await?;
    server.terminate().await?;
    let server = lose(
        &installation,
        [&access, &other],
        &before,
        "event store corrupted",
        || {
            let file = store.join("events.duckdb");
            let mut bytes = std::fs::read(&file)?;
            for byte in bytes.iter_mut().skip(4096).step_by(7) {
                *byte ^= 0x5a;
            }
            Ok(std::fs::write(&file, bytes)?)
        },
    )
    .await?;
    // Whatever is sealed by now gets archived before the server stops.
    tokio::time::sleep(TWO_ARCHIVER_ROUNDS).await;
    server.terminate().await?;
    let mut removed = 0;
    let server = lose(
        &installation,
        [&access, &other],
        &before,
        "archived segments, store and ledger deleted",
        || {
            removed = remove_archived(&data)?;
            std::fs::remove_dir_all(data.join("ledger"))?;
            Ok(std::fs::remove_dir_all(&store)?)
        },
    )
    .await?;
    let id = posted
        .acknowledged
        .iter()
        .next()
        .context("nothing was acknowledged")?;
    let again = post(&server.client(), &access, id, "crash.example").await?;
    ensure!(
        again["duplicates"] == 1,
        "the ledger forgot an event: {again}"
    );
    println!(
        "rebuild: {} events, same reports after clew rebuild ({}), deletion, corruption and removal of \
         {removed} hot segments; {taken} posts meanwhile, all accepted",
        verdict.stored, rebuilt["rows"]
    );
    server.kill().await
}

/// Damages a stopped installation and waits until it reports the same again.
async fn lose(
    installation: &Installation,
    [access, other]: [&Access; 2],
    before: &[Value],
    what: &str,
    damage: impl FnOnce() -> Result<()>,
) -> Result<Server> {
    damage().with_context(|| what.to_owned())?;
    let server = installation.start().await?;
    let collector = Collector::start(&server, other);
    same(&server, access, before, what).await?;
    collector.stop().await?;
    Ok(server)
}

async fn same(server: &Server, access: &Access, before: &[Value], what: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let now = reports(&server.client(), access).await;
        if now.as_ref().is_ok_and(|now| now == before) {
            return Ok(());
        }
        if begun.elapsed() > SAME_WITHIN {
            let now = now.with_context(|| what.to_owned())?;
            let differs = before
                .iter()
                .zip(&now)
                .position(|(before, now)| before != now);
            bail!(
                "{what}: report {:?} differs",
                differs.map(|report| REPORTS[report])
            );
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The bodies of all reports without their `meta`, which tells the moment.
async fn reports(client: &Client, access: &Access) -> Result<Vec<Value>> {
    let filters = format!("%5B%5B%22is%22%2C%22event%22%2C%5B%22{ROUND}%22%5D%5D%5D");
    let mut bodies = Vec::new();
    for report in REPORTS {
        let path = format!(
            "/v1/reports/{report}&site={}&period=7d&filters={filters}",
            access.site
        );
        let reply = client.get(&path, Some(&access.key)).await?;
        ensure!(
            reply.status == 200,
            "{path}: {} {:?}",
            reply.status,
            reply.body
        );
        let mut body = reply.json()?;
        body.as_object_mut()
            .context("a report is an object")?
            .remove("meta");
        bodies.push(body);
    }
    Ok(bodies)
}

/// Removes every hot segment but the last, as an operator short of space might.
fn remove_archived(data: &Path) -> Result<usize> {
    let mut segments: Vec<_> = std::fs::read_dir(data.join("journal"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "seg"))
        .collect();
    segments.sort();
    segments.pop();
    for segment in &segments {
        std::fs::remove_file(segment)?;
    }
    Ok(segments.len())
}

async fn post(client: &Client, access: &Access, id: &str, host: &str) -> Result<Value> {
    let body: Bytes = json!({ "site_id": access.site, "events": [
        { "id": id, "type": "pageview", "url": format!("https://{host}/meanwhile") }] })
    .to_string()
    .into();
    let reply = client.post("/v1/events", body).await?;
    ensure!(
        reply.status == 200,
        "collection stopped: {} {:?}",
        reply.status,
        reply.body
    );
    reply.json()
}

/// Posts all the time and remembers the first refusal.
struct Collector {
    task: JoinHandle<Result<u32>>,
    stop: tokio_util::sync::CancellationToken,
}

impl Collector {
    fn start(server: &Server, access: &Access) -> Self {
        let stop = tokio_util::sync::CancellationToken::new();
        let (client, access, ended) = (server.client(), access.clone(), stop.clone());
        let task = tokio::spawn(async move {
            let mut taken = 0;
            while !ended.is_cancelled() {
                post(
                    &client,
                    &access,
                    &Uuid::now_v7().to_string(),
                    "other.example",
                )
                .await?;
                taken += 1;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok(taken)
        });
        Self { task, stop }
    }

    async fn stop(self) -> Result<u32> {
        self.stop.cancel();
        self.task.await?
    }
}
