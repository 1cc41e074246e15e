//! Prints what group commit gives: writers that each wait for their own durable transaction.
//!
//! `cargo bench -p clew-store --bench write_tx`. The first line is one writer at a time, which
//! pays for an fsync each; the others share it.

use clew_core::model::EpochMs;
use clew_store::relational::{Db, accounts};
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(std::env::current_dir()?)?;
    let db = Db::open_sqlite(&folder.path().join("bench.db")).await?;
    println!("write_tx on SQLite (WAL, synchronous=FULL), one INSERT each:");
    for writers in [1, 8, 64, 512] {
        let (committed, slowest) = measure(&db, writers).await?;
        let rate = committed as f64 / TIME.as_secs_f64();
        println!("  {writers:>3} writers: {rate:>8.0} transactions/s, slowest {slowest:?}");
    }
    let stored = accounts::list(db.read()).await?.len();
    println!("  {stored} rows stored");
    db.close().await?;
    Ok(())
}

async fn measure(db: &Db, writers: usize) -> Result<(usize, Duration), Box<dyn std::error::Error>> {
    let until = Instant::now() + TIME;
    let tasks = (0..writers).map(|_| tokio::spawn(write_until(db.clone(), until)));
    let (mut committed, mut slowest) = (0, Duration::ZERO);
    for task in futures::future::join_all(tasks).await {
        let (own, worst) = task??;
        committed += own;
        slowest = slowest.max(worst);
    }
    Ok((committed, slowest))
}

async fn write_until(
    db: Db,
    until: Instant,
) -> Result<(usize, Duration), clew_store::relational::StoreError> {
    let (mut committed, mut slowest) = (0, Duration::ZERO);
    while Instant::now() < until {
        let started = Instant::now();
        let work = db.write_tx(|tx| {
            Box::pin(async move { accounts::create(tx, "bench", EpochMs(1)).await })
        });
        work.await?;
        committed += 1;
        slowest = slowest.max(started.elapsed());
    }
    Ok((committed, slowest))
}
