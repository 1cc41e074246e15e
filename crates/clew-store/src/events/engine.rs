//! One open DuckDB instance, hardened.
//!
//! Extensions are never installed or loaded, the file system is closed except for the store's own
//! folder (spilling and copies), and the configuration is locked: no SQL can undo that.

use super::EventStoreError;
use super::marker::{self, Marker, OpenReport, Opened};
use super::schema::{SCHEMA_VERSION, SEED, create_in};
use duckdb::{Config, Connection};
use std::path::{Path, PathBuf};

const MIB: u64 = 1 << 20;

/// How an instance is configured.
#[derive(Clone, Debug)]
pub(super) struct EngineOptions {
    pub(super) file: PathBuf,
    pub(super) memory_bytes: u64,
    pub(super) threads: u8,
}

/// `min(25 % of RAM, 2 GiB)`, where RAM is what this process may use: the machine's or its
/// control group's.
pub fn memory_limit() -> u64 {
    let machine = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("MemTotal:"))?;
            let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
            Some(kib * 1024)
        });
    let groups = [
        "/sys/fs/cgroup/memory.max",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
    ];
    let group = groups
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok()?.trim().parse().ok())
        .min();
    let usable = [machine, group].into_iter().flatten().min();
    (usable.unwrap_or(2 << 30) / 4).clamp(64 * MIB, 2 << 30)
}

/// Version of the engine that is linked, e.g. `v1.5.6`.
pub fn engine_version() -> Result<String, EventStoreError> {
    let connection = Connection::open_in_memory()?;
    Ok(connection.query_row("SELECT version()", [], |row| row.get(0))?)
}

/// Opens the file behind its marker. Whatever is wrong with it, the result is a usable store:
/// sound, or empty with the alarm in the report.
///
/// # Errors
/// The surroundings are at fault, not the file: locked by another process, full disk, no
/// permission. The file is left alone.
pub(super) fn open_guarded(
    options: &EngineOptions,
) -> Result<(Connection, OpenReport), EventStoreError> {
    let marked = Marker::exists(&options.file);
    let guard = Marker::set(&options.file)?;
    let opened = open_marked(options, marked);
    // Whatever the outcome, this process lived to see it.
    guard.clear()?;
    let (connection, outcome) = opened?;
    let cursor = cursor(&connection)?;
    Ok((connection, OpenReport { outcome, cursor }))
}

fn open_marked(
    options: &EngineOptions,
    marked: bool,
) -> Result<(Connection, Opened), EventStoreError> {
    if !options.file.exists() && !marker::wal_path(&options.file).exists() {
        return Ok((create(options)?, Opened::Created));
    }
    if marked {
        let reason = "the process ended while the file was being opened".to_owned();
        return start_over(options, reason);
    }
    match open(options).and_then(|connection| check(&connection).map(|()| connection)) {
        Ok(connection) => Ok((connection, Opened::Existing)),
        Err(error) if is_environment(&error) => Err(error),
        Err(error) => start_over(options, error.to_string()),
    }
}

/// Sets the file aside and begins an empty one.
fn start_over(
    options: &EngineOptions,
    reason: String,
) -> Result<(Connection, Opened), EventStoreError> {
    let file = marker::set_aside(&options.file)?;
    alarm(&file, &reason);
    Ok((create(options)?, Opened::SetAside { file, reason }))
}

pub(super) fn alarm(file: &Path, reason: &str) {
    tracing::error!(
        alarm = "event_store_set_aside",
        file = %file.display(),
        reason,
        "the event store was unusable; it is set aside and everything is projected anew"
    );
}

/// A new file with empty tables, complete on disk.
pub(super) fn create(options: &EngineOptions) -> Result<Connection, EventStoreError> {
    let tables = create_in("main");
    let created = open(options).and_then(|connection| {
        connection.execute_batch(&format!(
            "BEGIN TRANSACTION; {tables} {SEED} COMMIT; CHECKPOINT;"
        ))?;
        Ok(connection)
    });
    if created.is_err() {
        // Half a file would look damaged the next time; there is nothing in it.
        marker::remove_with_wal(&options.file)?;
    }
    created
}

fn open(options: &EngineOptions) -> Result<Connection, EventStoreError> {
    let folder = options.file.parent().unwrap_or(Path::new("."));
    let spill = folder.join("events.tmp");
    let config = Config::default()
        .with("autoinstall_known_extensions", "false")?
        .with("autoload_known_extensions", "false")?
        .with("allow_community_extensions", "false")?
        .with("temp_directory", spill.to_string_lossy())?
        .with("preserve_insertion_order", "false")?
        .with("checkpoint_threshold", "512MB")?
        .max_memory(&format!("{}MiB", options.memory_bytes / MIB))?
        .threads(i64::from(options.threads))?;
    let connection = Connection::open_with_flags(&options.file, config)?;
    connection.execute_batch(&format!(
        "SET allowed_directories = [{}]; SET enable_external_access = false; \
         SET lock_configuration = true;",
        quoted(folder)
    ))?;
    Ok(connection)
}

/// Whether an opened file is a store of this version whose cursor covers its rows.
fn check(connection: &Connection) -> Result<(), EventStoreError> {
    let version: i64 =
        connection.query_row("SELECT max(schema_version) FROM meta", [], |row| row.get(0))?;
    if version != SCHEMA_VERSION {
        let text = format!("schema version {version}, this program writes {SCHEMA_VERSION}");
        return Err(EventStoreError::SetAside(text));
    }
    let ahead: i64 = connection.query_row(
        "SELECT count(*) FROM (SELECT lsn FROM events UNION ALL SELECT lsn FROM quarantined) \
         WHERE lsn > (SELECT max(lsn) FROM cursors)",
        [],
        |row| row.get(0),
    )?;
    if ahead > 0 {
        let text = format!("{ahead} rows lie beyond the cursor");
        return Err(EventStoreError::SetAside(text));
    }
    Ok(())
}

/// Runs `work` in a transaction: all of it, or nothing.
pub(super) fn transaction<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, EventStoreError>,
) -> Result<T, EventStoreError> {
    connection.execute_batch("BEGIN TRANSACTION")?;
    let done = work().and_then(|value| {
        connection.execute_batch("COMMIT")?;
        Ok(value)
    });
    if done.is_err()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        // A failed commit, or an instance that is gone, has rolled back already.
        tracing::debug!(%error, "nothing to roll back");
    }
    done
}

pub(super) fn cursor(connection: &Connection) -> Result<u64, EventStoreError> {
    let lsn: i64 = connection.query_row("SELECT max(lsn) FROM cursors", [], |row| row.get(0))?;
    Ok(lsn as u64)
}

/// A path as a SQL literal; configuration and ATTACH take no bound parameters.
pub(super) fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "''"))
}

/// Whether an opening failed for a reason that a new file would not cure.
fn is_environment(error: &EventStoreError) -> bool {
    let text = match error {
        EventStoreError::Io(_) => return true,
        EventStoreError::Engine(error) => error.to_string(),
        _ => return false,
    };
    let words = [
        "Could not set lock",
        "Permission denied",
        "No space left",
        "Read-only file",
    ];
    words.iter().any(|word| text.contains(word))
}

/// What an engine error says about the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// The statement failed, the store is fine.
    None,
    /// The instance refuses further work until it is opened again.
    Instance,
    /// Bytes on disk are not what was written.
    File,
}

impl Damage {
    /// What to tell whoever met it.
    pub(super) fn told(self, reason: String) -> EventStoreError {
        match self {
            Self::File => EventStoreError::SetAside(reason),
            Self::None | Self::Instance => EventStoreError::Reopened(reason),
        }
    }
}

/// The engine reports damage in words only.
pub(super) fn damage(error: &EventStoreError) -> Damage {
    let EventStoreError::Engine(error) = error else {
        return Damage::None;
    };
    let text = error.to_string();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&[
        "Corrupt",
        "corrupt",
        "checksum",
        "ould not read",
        "Serialization Error",
        "deserialize",
    ]) {
        Damage::File
    } else if says(&["FATAL", "INTERNAL", "has been invalidated"]) {
        Damage::Instance
    } else {
        Damage::None
    }
}
