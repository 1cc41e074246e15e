//! A real Clew server as a child process with a data folder of its own.

use crate::client::Client;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long a server may take until it accepts events.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// What a site needs to be written to and read from.
#[derive(Clone, Debug)]
pub struct Access {
    pub site: String,
    pub key: String,
}

/// Where and how servers of one test run live.
#[derive(Clone, Debug)]
pub struct Installation {
    pub bin: PathBuf,
    pub data: PathBuf,
    pub key_file: PathBuf,
    pub env: Vec<(String, String)>,
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub address: String,
    /// From spawn until it answered.
    pub started_in: Duration,
}

impl Installation {
    pub fn new(bin: &Path, data: PathBuf, key_file: PathBuf) -> Self {
        Self {
            bin: bin.into(),
            data,
            key_file,
            env: Vec::new(),
        }
    }

    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Creates a site and an admin key through the command line.
    pub async fn provision(&self) -> Result<Access> {
        self.provision_for("crash.example").await
    }

    pub async fn provision_for(&self, domain: &str) -> Result<Access> {
        let site = self
            .cli(&[
                "site", "create", "--name", "Crash", "--domain", domain, "--json",
            ])
            .await?;
        let key = self
            .cli(&["key", "create", "--role", "admin", "--json"])
            .await?;
        Ok(Access {
            site: text(&site, "id")?,
            key: text(&key, "key")?,
        })
    }

    /// Runs one command and parses its JSON.
    pub async fn cli(&self, args: &[&str]) -> Result<Value> {
        let output = self
            .command()
            .args(args)
            .arg("--data-dir")
            .arg(&self.data)
            .output()
            .await?;
        if !output.status.success() {
            bail!("clew {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("the command printed no JSON")
    }

    /// The last lines of the server's log, for a failure that they may explain.
    pub fn log_tail(&self) -> String {
        let log = std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.bin);
        command
            .env("CLEW_KEY_FILE", &self.key_file)
            .env("CLEW_RATE_LIMIT_PER_MINUTE", "0")
            .envs(
                self.env
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            );
        command
    }

    /// Starts the server and waits until it accepts events.
    pub async fn start(&self) -> Result<Server> {
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut command = self.command();
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.data.with_extension("log"))?;
        let begun = Instant::now();
        let child = command
            .args(["serve", "--listen", &address, "--data-dir"])
            .arg(&self.data)
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let mut server = Server {
            child,
            address,
            started_in: Duration::ZERO,
        };
        server.wait_until_ready(begun).await?;
        Ok(server)
    }
}

impl Server {
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// SIGKILL, then waits until the process is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("cannot kill the server")
    }

    /// SIGTERM; returns how long the drain took.
    pub async fn terminate(mut self) -> Result<Duration> {
        let begun = Instant::now();
        let status = Command::new("kill")
            .args(["-TERM", &self.pid().to_string()])
            .status()
            .await?;
        anyhow::ensure!(status.success(), "cannot signal the server");
        let exit = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await??;
        anyhow::ensure!(exit.success(), "the server drained with {exit}");
        Ok(begun.elapsed())
    }

    async fn wait_until_ready(&mut self, begun: Instant) -> Result<()> {
        let client = self.client();
        while begun.elapsed() < READY_WITHIN {
            if let Some(exit) = self.child.try_wait()? {
                bail!("the server ended at start with {exit}");
            }
            if client
                .get("/health/live", None)
                .await
                .is_ok_and(|reply| reply.status == 200)
            {
                self.started_in = begun.elapsed();
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        bail!("the server did not answer within {READY_WITHIN:?}")
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn text(value: &Value, field: &str) -> Result<String> {
    value[field]
        .as_str()
        .map(Into::into)
        .with_context(|| format!("no {field} in {value}"))
}
