//! Prints what one commit thread carries: 512 async producers, 600-byte records.
//!
//! `cargo bench -p clew-journal --bench append [seconds]`. Nothing is asserted.

use clew_journal::{Gate, Header, Journal, Lsn, Open, Options, SyncPolicy};
use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

const PRODUCERS: usize = 512;
const PAYLOAD: usize = 600;

/// CPU time of the commit thread, from the kernel's accounting.
fn commit_thread_cpu() -> Option<Duration> {
    for task in std::fs::read_dir("/proc/self/task").ok()? {
        let dir = task.ok()?.path();
        if std::fs::read_to_string(dir.join("comm")).ok()?.trim() == "journal" {
            let stat = std::fs::read_to_string(dir.join("schedstat")).ok()?;
            return Some(Duration::from_nanos(stat.split(' ').next()?.parse().ok()?));
        }
    }
    None
}

/// Like `Open`, counting commit groups.
struct Counting(Arc<AtomicU64>);

impl Gate for Counting {
    type Entry = (Header, Vec<u8>);
    type Verdict = ();

    fn admit(&mut self, entry: Self::Entry, out: &mut Vec<u8>) -> (Option<Header>, ()) {
        Open.admit(entry, out)
    }

    fn committed(&mut self, _last: Lsn) {
        self.0.fetch_add(1, Relaxed);
    }

    fn aborted(&mut self) {}
}

async fn producer(
    journal: Journal<Counting>,
    stop: Arc<AtomicBool>,
) -> Result<Vec<u32>, clew_journal::AppendError> {
    let header = Header {
        kind: 1,
        schema: 1,
        received_ms: 0,
        site: [7; 16],
    };
    let mut micros = Vec::new();
    while !stop.load(Relaxed) {
        let start = Instant::now();
        journal.append((header, vec![42; PAYLOAD])).await?;
        micros.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(micros)
}

fn run(sync: SyncPolicy, seconds: u64) -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir_in(std::env::current_dir()?)?;
    let options = Options {
        sync,
        ..Options::new(dir.path().join("journal"))
    };
    let groups = Arc::new(AtomicU64::new(0));
    let (journal, _) = Journal::open(options, Counting(Arc::clone(&groups)))?;
    let stop = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    let start = Instant::now();
    let mut micros = runtime.block_on(async {
        let spawn = |_| tokio::spawn(producer(journal.clone(), Arc::clone(&stop)));
        let tasks: Vec<_> = (0..PRODUCERS).map(spawn).collect();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        stop.store(true, Relaxed);
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await??);
        }
        Ok::<_, Box<dyn Error>>(all)
    })?;
    let took = start.elapsed().as_secs_f64();
    micros.sort_unstable();
    let at = |part: f64| f64::from(micros[(micros.len() as f64 * part) as usize]) / 1e3;
    let appends = micros.len() as f64;
    let cpu = commit_thread_cpu().unwrap_or_default().as_secs_f64();
    println!(
        "{sync:?}: {:.0} appends/s, p50 {:.1} ms, p99 {:.1} ms, {:.0} per group, commit thread {:.2} us per append",
        appends / took,
        at(0.5),
        at(0.99),
        appends / groups.load(Relaxed) as f64,
        cpu * 1e6 / appends,
    );
    journal.close();
    read_back(&dir.path().join("journal"))
}

fn read_back(dir: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let recovered = clew_journal::Recovered::open(Options::new(dir))?;
    let opened = start.elapsed();
    let start = Instant::now();
    let mut bytes = 0;
    let mut records = 0u64;
    for record in recovered.reader(Lsn(0)) {
        bytes += record?.payload.len();
        records += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "  recovery {:.0} ms, read back {records} records: {:.0} records/s, {:.0} MB/s",
        opened.as_secs_f64() * 1e3,
        records as f64 / seconds,
        bytes as f64 / seconds / 1e6,
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args()
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(5);
    run(SyncPolicy::Durable, seconds)?;
    run(SyncPolicy::Never, seconds)
}
