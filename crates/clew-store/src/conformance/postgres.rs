//! A throw-away PostgreSQL server for one test.
//!
//! It listens on a socket in its own temporary folder only, so tests never share ports or data.
//! A missing installation fails the test: a suite that skips a backend proves nothing about it.

use std::io::Write as _;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The server runs until this is dropped, or until the test process dies: a shell holds the other
/// end of a pipe and stops the server when the pipe closes.
pub(super) struct Postgres {
    shell: Child,
    folder: TempDir,
}

impl Postgres {
    pub(super) fn start() -> Self {
        let programs = programs();
        let folder = TempDir::with_prefix("clew-pg-").unwrap();
        let owner = unprivileged();
        if let Some((uid, gid)) = owner {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let data = folder.path().join("data");
        let mut initdb = Command::new(programs.join("initdb"));
        initdb
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(&data);
        let made = as_user(&mut initdb, owner, folder.path()).output().unwrap();
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let shell = serve(&programs, &data, folder.path(), owner);
        let server = Self { shell, folder };
        server.wait_until_ready(&programs);
        server
    }

    /// Creates an empty database and returns its URL.
    pub(super) async fn database(&self, name: &str) -> String {
        use sea_orm::ConnectionTrait as _;
        let admin = sea_orm::Database::connect(self.url("postgres"))
            .await
            .unwrap();
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        admin.close().await.unwrap();
        self.url(name)
    }

    fn url(&self, database: &str) -> String {
        let socket = self.folder.path().display();
        format!("postgres://postgres@localhost/{database}?host={socket}")
    }

    fn wait_until_ready(&self, programs: &Path) {
        let started = Instant::now();
        loop {
            let mut probe = Command::new(programs.join("pg_isready"));
            let ready = probe
                .arg("-q")
                .arg("-h")
                .arg(self.folder.path())
                .status()
                .unwrap();
            if ready.success() {
                return;
            }
            let log =
                || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(
                started.elapsed() < Duration::from_secs(30),
                "PostgreSQL: {}",
                log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut pipe) = self.shell.stdin.take() {
            drop(pipe.write_all(b"stop\n"));
        }
        drop(self.shell.wait());
    }
}

/// Durability is not what these tests are about: fsync is off.
fn serve(programs: &Path, data: &Path, socket: &Path, owner: Option<(u32, u32)>) -> Child {
    const SCRIPT: &str = r#"
        "$0" -D "$1" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
             -c max_connections=200 >"$2/log" 2>&1 </dev/null &
        read -r _; kill -QUIT $!; wait"#;
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg(SCRIPT)
        .arg(programs.join("postgres"))
        .arg(data)
        .arg(socket);
    as_user(&mut shell, owner, socket)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap()
}

fn as_user<'a>(
    command: &'a mut Command,
    owner: Option<(u32, u32)>,
    folder: &Path,
) -> &'a mut Command {
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid);
    }
    command.current_dir(folder)
}

/// PostgreSQL refuses to run as root: then it runs as `nobody`.
fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let fields: Vec<_> = users
        .lines()
        .map(|l| l.split(':').collect::<Vec<_>>())
        .collect();
    let nobody = fields.iter().find(|f| f.len() > 3 && f[0] == "nobody");
    let nobody = nobody.expect("running as root needs a user `nobody` for PostgreSQL");
    Some((nobody[2].parse().unwrap(), nobody[3].parse().unwrap()))
}

/// The folder with the newest server's programs: Debian keeps them out of PATH.
fn programs() -> PathBuf {
    let mut folders: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .collect();
    folders.sort();
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|p| std::env::split_paths(&p).collect::<Vec<_>>());
    let mut candidates = folders
        .into_iter()
        .rev()
        .map(|(_, path)| path)
        .chain(on_path);
    candidates
        .find(|folder| ["initdb", "postgres", "pg_isready"].iter().all(|p| folder.join(p).exists()))
        .expect("the tests need PostgreSQL: apt-get install postgresql (the server is not started, only its programs are used)")
}
