//! What the ledger costs the commit thread. Argument: number of keys (default 20,000,000).
//!
//! Prints, never asserts: groups of 3,000 fresh UUIDv7 keys spread over six days, then repeated
//! keys, reopening, and a replay into an empty ledger.

use clew_core::model::id::{EventId, LedgerKey, SiteId};
use clew_store::ledger::{Admission, Ledger, LedgerError, LedgerOptions};
use std::path::Path;
use std::time::{Duration, Instant};

const GROUP: u64 = 3_000;
const START_MS: i64 = 1_763_000_000_000;
const SPREAD_MS: i64 = 6 * 86_400_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keys = std::env::args()
        .find_map(|a| a.parse().ok())
        .unwrap_or(20_000_000);
    let dir = tempfile::tempdir_in(".")?;
    let mut ledger = Ledger::open(dir.path(), LedgerOptions::default())?.0;
    fresh(&mut ledger, keys)?;
    repeated(&mut ledger, keys)?;
    println!("{:?}", ledger.monitor().stats());
    println!("resident memory: {} MB", resident_mb()?);
    let begun = Instant::now();
    ledger.close()?;
    println!("closed in {:?}", begun.elapsed());
    reopen(dir.path(), keys)?;
    replay(keys.min(5_000_000))
}

/// The n-th key of `keys` and when it is received.
fn key(n: u64, keys: u64) -> (LedgerKey, i64) {
    let at = START_MS + (i128::from(n) * i128::from(SPREAD_MS) / i128::from(keys)) as i64;
    let noise = u128::from(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 2);
    let id = ((at as u128) << 80) | (7 << 76) | (0b10 << 62) | noise;
    (
        LedgerKey::of(SiteId::from_u128(1), EventId::from_u128(id)),
        at,
    )
}

fn fresh(ledger: &mut Ledger, keys: u64) -> Result<(), LedgerError> {
    let (mut spent, mut slowest, mut waited) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    for group in 0..keys / GROUP {
        let made: Vec<_> = (group * GROUP..(group + 1) * GROUP)
            .map(|n| key(n, keys))
            .collect();
        let begun = Instant::now();
        for &(key, at) in &made {
            while let Err(error) = ledger.admit(key, at) {
                let LedgerError::Backlog = error else {
                    return Err(error);
                };
                let pause = Instant::now();
                ledger.commit(group, at);
                std::thread::sleep(Duration::from_millis(1));
                waited += pause.elapsed();
            }
        }
        ledger.commit(group + 1, made[0].1);
        spent += begun.elapsed();
        slowest = slowest.max(begun.elapsed());
    }
    let each = spent.saturating_sub(waited).as_nanos() as f64 / keys as f64;
    println!(
        "fresh: {each:.0} ns a key, slowest group of {GROUP}: {slowest:?}, waited for the writer: {waited:?}"
    );
    Ok(())
}

fn repeated(ledger: &mut Ledger, keys: u64) -> Result<(), LedgerError> {
    let sample = 200_000.min(keys / GROUP * GROUP);
    let made: Vec<_> = (0..sample)
        .map(|i| key(i * 7_919 % (keys / GROUP * GROUP), keys))
        .collect();
    let begun = Instant::now();
    let mut seen = 0;
    for &(key, at) in &made {
        seen += u64::from(ledger.admit(key, at)? == Admission::Seen);
    }
    ledger.abort();
    println!(
        "repeated: {:.0} ns a key, {seen} of {sample} seen",
        begun.elapsed().as_nanos() as f64 / sample as f64
    );
    Ok(())
}

fn reopen(dir: &Path, keys: u64) -> Result<(), LedgerError> {
    let begun = Instant::now();
    let (mut ledger, after) = Ledger::open(dir, LedgerOptions::default())?;
    println!(
        "reopened in {:?}, nothing to replay behind record {after}",
        begun.elapsed()
    );
    repeated(&mut ledger, keys)
}

fn replay(keys: u64) -> Result<(), Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir_in(".")?;
    let mut ledger = Ledger::open(dir.path(), LedgerOptions::default())?.0;
    let records: Vec<Vec<_>> = (0..keys / 50)
        .map(|r| (r * 50..(r + 1) * 50).map(|n| key(n, keys).0).collect())
        .collect();
    let begun = Instant::now();
    for (keys, lsn) in records.into_iter().zip(1..) {
        ledger.replay(lsn, START_MS, keys)?;
    }
    println!(
        "replayed {:.0} keys/s",
        keys as f64 / begun.elapsed().as_secs_f64()
    );
    Ok(())
}

fn resident_mb() -> std::io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    Ok(line
        .and_then(|l| l.trim().split(' ').next()?.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024)
}
