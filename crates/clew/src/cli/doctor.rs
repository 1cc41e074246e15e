//! `clew doctor`: looks at everything a running server depends on, and changes nothing.

use super::args::Shared;
use super::{output, small_runtime};
use crate::admin::command::AuditView;
use crate::admin::lock::{DataLock, LockError};
use crate::admin::{Command, Reply, local_socket};
use crate::config::Config;
use crate::geo::{GeoData, GeoDatabase};
use crate::secrets::MasterKey;
use clew_journal::{Lsn, Reader};
use clew_store::relational::Db;
use rustix::fs::statvfs;
use serde::Serialize;
use std::os::unix::fs::PermissionsExt;
use std::process::ExitCode;

const LEAST_FREE_BYTES: u64 = 1 << 30;

/// One examined thing.
#[derive(Debug, Serialize)]
struct Finding {
    check: &'static str,
    outcome: Outcome,
    detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Ok,
    /// Works, and deserves attention.
    Warning,
    Failed,
}

impl Finding {
    fn new(check: &'static str, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self {
            check,
            outcome,
            detail: detail.into(),
        }
    }

    fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Outcome::Ok, detail)
    }

    fn warning(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Outcome::Warning, detail)
    }

    fn failed(check: &'static str, detail: impl Into<String>) -> Self {
        Self::new(check, Outcome::Failed, detail)
    }
}

pub(super) fn run(shared: &Shared) -> anyhow::Result<ExitCode> {
    let findings = match shared.load(None) {
        Ok(config) => small_runtime()?.block_on(examine(&config)),
        Err(error) => vec![Finding::failed("configuration", error.to_string())],
    };
    let fine = findings.iter().all(|f| f.outcome != Outcome::Failed);
    if shared.json {
        let report = serde_json::json!({ "ok": fine, "checks": findings });
        output::print(&report.to_string())?;
    } else {
        for finding in &findings {
            let mark = match finding.outcome {
                Outcome::Ok => "ok     ",
                Outcome::Warning => "warning",
                Outcome::Failed => "FAILED ",
            };
            output::print(&format!("{mark}  {:14} {}", finding.check, finding.detail))?;
        }
    }
    Ok(if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![
        Finding::ok("configuration", "valid"),
        time_zones(),
        engine(),
        key_file(config),
        addresses(config),
    ];
    if !config.data_dir.exists() {
        let detail = format!(
            "{} does not exist yet; `clew serve` makes it",
            config.data_dir.display()
        );
        findings.push(Finding::warning("data folder", detail));
        return findings;
    }
    findings.push(data_folder(config));
    findings.push(disk(config));
    findings.extend(stores(config).await);
    findings
}

fn time_zones() -> Finding {
    match jiff::tz::TimeZone::get("Europe/Berlin") {
        Ok(_) => Finding::ok("time zones", "the zone database is readable"),
        Err(error) => Finding::failed("time zones", error.to_string()),
    }
}

fn engine() -> Finding {
    match clew_store::events::engine_version() {
        Ok(version) => Finding::ok("report engine", format!("DuckDB {version}")),
        Err(error) => Finding::failed("report engine", error.to_string()),
    }
}

/// Which databases tell countries and networks, and whom to thank for them.
fn addresses(config: &Config) -> Finding {
    let status = GeoData::open(config).status();
    let name = |database: &GeoDatabase| match database.attribution {
        Some(credit) => format!("{} ({credit})", database.name),
        None => database.name.clone(),
    };
    let names: Vec<_> = status.databases.iter().map(name).collect();
    if status.source == "database" {
        return Finding::ok("addresses", names.join(", "));
    }
    let detail = "no database of places: countries follow from the browser's time zone; \
                  `clew geo update` brings one";
    Finding::ok("addresses", detail)
}

fn key_file(config: &Config) -> Finding {
    let path = config.key_path();
    match MasterKey::load(&path) {
        Ok(_) => Finding::ok("key file", format!("{}, mode 0600", path.display())),
        Err(_) if !path.exists() && !config.data_dir.exists() => {
            Finding::ok("key file", "made at the first start")
        }
        Err(error) => Finding::failed("key file", error.to_string()),
    }
}

fn data_folder(config: &Config) -> Finding {
    let path = config.data_dir.display();
    let mode = match std::fs::metadata(&config.data_dir) {
        Ok(metadata) if metadata.is_dir() => metadata.permissions().mode() & 0o777,
        Ok(_) => return Finding::failed("data folder", format!("{path} is not a folder")),
        Err(error) => return Finding::failed("data folder", format!("{path}: {error}")),
    };
    match tempfile_in(&config.data_dir) {
        Err(error) => Finding::failed("data folder", format!("{path} is not writable: {error}")),
        Ok(()) if mode & 0o077 != 0 => {
            let hint = format!("{path} is open to others (mode {mode:o}): run `chmod 700 {path}`");
            Finding::warning("data folder", hint)
        }
        Ok(()) => Finding::ok("data folder", format!("{path}, writable, mode {mode:o}")),
    }
}

fn tempfile_in(folder: &std::path::Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    std::fs::write(&path, b"clew")?;
    std::fs::remove_file(path)
}

fn disk(config: &Config) -> Finding {
    match statvfs(&config.data_dir) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let detail = format!("{:.1} GiB free", free as f64 / f64::from(1 << 30));
            if free < LEAST_FREE_BYTES {
                Finding::warning("disk", detail)
            } else {
                Finding::ok("disk", detail)
            }
        }
        Err(error) => Finding::failed("disk", error.to_string()),
    }
}

/// What only one process may open: through the server, or here when none runs.
async fn stores(config: &Config) -> Vec<Finding> {
    match local_socket::send(&config.data_dir, &Command::Ping).await {
        Ok(Some(Ok(Reply::Pong { version, pid }))) => {
            let detail = format!("version {version}, process {pid}; it watches its stores itself");
            let audit = match local_socket::send(&config.data_dir, &Command::AuditVerify).await {
                Ok(Some(Ok(Reply::Audit(found)))) => audit_finding(&found),
                _ => Finding::failed("audit log", "the server does not say"),
            };
            return vec![Finding::ok("server", detail), audit];
        }
        Ok(Some(_)) => {
            let detail = "the running server is of another version; restart it";
            return vec![Finding::failed("server", detail)];
        }
        Ok(None) => {}
        Err(error) => return vec![Finding::failed("server", error.to_string())],
    }
    match DataLock::take(&config.data_dir) {
        Err(LockError::Held(_)) => {
            let detail = "a process holds the data folder and does not answer";
            vec![Finding::failed("server", detail)]
        }
        Err(error) => vec![Finding::failed("server", error.to_string())],
        Ok(_lock) => vec![
            Finding::ok("server", "not running"),
            journal(config),
            database(config).await,
            audit_log(config).await,
        ],
    }
}

fn journal(config: &Config) -> Finding {
    let dir = config.data_dir.join("journal");
    if !dir.exists() {
        return Finding::ok("journal", "empty");
    }
    let mut reader = match Reader::open_dir(&dir, Lsn(0)) {
        Ok(reader) => reader,
        Err(error) => return Finding::failed("journal", error.to_string()),
    };
    let mut records = 0_u64;
    for record in &mut reader {
        match record {
            Ok(_) => records += 1,
            Err(error) => return Finding::failed("journal", error.to_string()),
        }
    }
    Finding::ok("journal", format!("{records} records, all readable"))
}

async fn database(config: &Config) -> Finding {
    let checked = async {
        let db = Db::open(&config.database_url()).await?;
        let problems = db.integrity().await?;
        db.close().await?;
        Ok::<_, clew_store::relational::StoreError>(problems)
    };
    match checked.await {
        Ok(problems) if problems.is_empty() => Finding::ok("database", "intact"),
        Ok(problems) => Finding::failed("database", problems.join("; ")),
        Err(error) => Finding::failed("database", error.to_string()),
    }
}

async fn audit_log(config: &Config) -> Finding {
    match super::audit::inspect(config).await {
        Ok(found) => audit_finding(&found),
        Err(error) => Finding::failed("audit log", format!("{error:#}")),
    }
}

fn audit_finding(found: &AuditView) -> Finding {
    let text = output::audit_text(found);
    if found.ok {
        Finding::ok("audit log", text)
    } else {
        Finding::failed("audit log", text)
    }
}
