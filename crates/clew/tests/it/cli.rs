//! The command line as a user runs it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

struct Installation {
    dir: tempfile::TempDir,
}

impl Installation {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn clew(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clew"));
        command.args(arguments).arg("--data-dir").arg(self.data());
        command
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.clew(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn serve(&self) -> Server {
        let child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let socket = self.data().join("clew.sock");
        let begun = Instant::now();
        while !socket.exists() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "the server did not start"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
        Server(child)
    }
}

struct Server(Child);

impl Server {
    /// SIGTERM; returns what it had logged.
    fn terminate(mut self) -> String {
        let pid = i32::try_from(self.0.id()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut log = String::new();
        self.0
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        let status = self.0.wait().unwrap();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone unless a test failed on the way.
        if let Ok(None) = self.0.try_wait() {
            self.0.kill().unwrap();
        }
    }
}

fn create_site<'a>(slug: &'a str, domain: &'a str) -> [&'a str; 9] {
    [
        "site", "create", "--name", "N", "--domain", domain, "--slug", slug, "--json",
    ]
}

#[test]
fn administration_works_without_and_beside_a_server() {
    let clew = Installation::new();
    let before = clew.json(&create_site("before", "before.example"));
    assert_eq!(before["slug"], "before");
    assert_eq!(before["domains"][0], "before.example");
    assert!(before["write_key"].as_str().unwrap().starts_with("pk_"));
    let server = clew.serve();
    let during = clew.json(&create_site("during", "localhost"));
    assert_eq!(during["domains"][0], "localhost");
    let key = clew.json(&[
        "key", "create", "--role", "viewer", "--site", "during", "--json",
    ]);
    assert!(
        key["key"]
            .as_str()
            .unwrap()
            .starts_with(key["prefix"].as_str().unwrap())
    );
    assert_eq!(key["role"], "viewer");
    let sites = clew.json(&["site", "list", "--json"]);
    let slugs: Vec<_> = sites
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["slug"].clone())
        .collect();
    assert!(slugs.contains(&"before".into()) && slugs.contains(&"during".into()));
    let log = server.terminate();
    assert!(
        log.contains("dashboard") && log.contains("stopped"),
        "{log}"
    );
    assert!(!clew.data().join("clew.sock").exists());
}

#[test]
fn failures_say_what_to_do_and_end_with_a_status() {
    let clew = Installation::new();
    clew.json(&create_site("one", "one.example"));
    for (arguments, hint) in [
        (&create_site("one", "two.example")[..], "--slug"),
        (&create_site("three", "one.example")[..], "clew site list"),
        (
            &["key", "create", "--role", "king"],
            "admin, marketing, viewer",
        ),
        (
            &["key", "create", "--role", "admin", "--site", "no"],
            "clew site list",
        ),
        (&["serve", "--config", "/nowhere.toml"], "nowhere.toml"),
        (&["serve", "--listen", "nowhere"], "server.listen"),
    ] {
        let output = clew.clew(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(hint), "{arguments:?}: {error}");
    }
}

#[test]
fn a_second_server_on_the_same_data_is_refused() {
    let clew = Installation::new();
    let server = clew.serve();
    let output = clew.clew(&["serve", "--listen", "127.0.0.1:0"]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && error.contains("--data-dir"),
        "{error}"
    );
    server.terminate();
}

#[test]
fn the_audit_log_is_verified_beside_a_server_and_without_one() {
    let clew = Installation::new();
    clew.json(&[
        "site",
        "create",
        "--name",
        "Shop",
        "--domain",
        "shop.example",
        "--json",
    ]);
    let alone = clew.json(&["audit", "verify", "--json"]);
    assert_eq!((&alone["ok"], &alone["entries"]), (&true.into(), &1.into()));
    let server = clew.serve();
    let beside = clew.json(&["audit", "verify", "--json"]);
    assert_eq!(beside["ok"], true, "{beside}");
    server.terminate();
    tamper(&clew.data().join("clew.sqlite"));
    let output = clew.clew(&["audit", "verify"]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.contains("does NOT hold from entry 1 on (altered)"),
        "{told}"
    );
    let doctor = clew.clew(&["doctor"]);
    assert!(!doctor.status.success());
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("FAILED   audit log"));
}

/// As somebody with write access to the database.
fn tamper(database: &Path) {
    use clew_store::relational::{ConnectionTrait as _, Db};
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open_sqlite(database).await.unwrap();
        let work = db.write_tx(|tx| {
            Box::pin(async move {
                let sql = "UPDATE audit_log SET actor_kind = 'system'";
                Ok(tx.execute_unprepared(sql).await.map(drop)?)
            })
        });
        work.await.unwrap();
        db.close().await.unwrap();
    });
}

#[test]
fn the_doctor_finds_what_is_wrong() {
    let clew = Installation::new();
    assert!(
        clew.json(&["doctor", "--json"])["ok"] == true,
        "nothing there yet is fine"
    );
    let server = clew.serve();
    let beside = clew.json(&["doctor", "--json"]);
    assert_eq!(beside["ok"], true, "{beside}");
    server.terminate();
    let healthy = clew.json(&["doctor", "--json"]);
    assert_eq!(healthy["ok"], true, "{healthy}");
    let key = clew.dir.path().join("data.key");
    set_mode(&key, 0o644);
    let output = clew.clew(&["doctor"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("chmod 600"));
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_demo_fills_itself_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_clew"))
        .args(["demo", "--listen", "127.0.0.1:0", "--events", "10000"])
        .env("TMPDIR", folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let ready = lines.by_ref().map_while(Result::ok).find(|line| {
        assert!(!line.contains("no sample data"), "{line}");
        line.contains("Sample data is ready: 10000 events")
    });
    assert!(ready.is_some());
    assert!(folder.path().read_dir().unwrap().next().is_some());
    let pid = i32::try_from(server.0.id()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let rest: Vec<_> = lines.map_while(Result::ok).collect();
    let status = server.0.wait().unwrap();
    assert!(status.success(), "{status}: {rest:?}");
    assert!(folder.path().read_dir().unwrap().next().is_none());
}

#[test]
fn openapi_and_config_are_printed() {
    let clew = Installation::new();
    let openapi = clew.json(&["openapi"]);
    assert!(openapi["paths"]["/v1/events"].is_object());
    let config = clew.clew(&["config"]);
    assert_eq!(config.stdout, clew::config::DEFAULT_FILE.as_bytes());
}

#[test]
fn a_user_may_get_a_password_through_a_pipe() {
    use std::io::Write;
    let clew = Installation::new();
    let arguments = [
        "user",
        "create",
        "--email",
        "A@example.com",
        "--role",
        "owner",
    ];
    let mut command = clew.command(&arguments);
    command.args(["--password-stdin", "--json"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"correct horse battery\n").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let user: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&user["email"], &user["role"]),
        (&"a@example.com".into(), &"owner".into())
    );
}
