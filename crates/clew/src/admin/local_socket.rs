//! `clew.sock`: the command line talks to the running server.
//!
//! A Unix socket in the data folder with mode 0600: whoever may read the data may administer it.
//! One JSON line each way per connection.

use super::command::{Command, Failure, Reply};
use crate::app::App;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;

const FILE: &str = "clew.sock";
/// `sockaddr_un` holds 108 bytes with the final zero.
const LONGEST_PATH: usize = 107;
const LONGEST_LINE: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(30);

/// The server's end.
#[derive(Debug)]
pub struct LocalSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl LocalSocket {
    /// Must be called by the holder of the data folder's lock only: it replaces what a killed
    /// server has left behind.
    pub fn bind(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join(FILE);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = with_short_path(data_dir, |short| UnixListener::bind(short))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self { listener, path })
    }

    /// Answers commands until `stop`, then removes the socket.
    pub async fn serve(self, app: Arc<App>, stop: CancellationToken) {
        while let Some(accepted) = stop.run_until_cancelled(self.listener.accept()).await {
            match accepted {
                Ok((stream, _)) => {
                    let app = app.clone();
                    tokio::spawn(async move {
                        if let Err(error) = answer(stream, &app).await {
                            tracing::warn!(%error, "local socket: a command got no answer");
                        }
                    });
                }
                Err(error) => {
                    tracing::error!(%error, "local socket: accept failed");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::debug!(%error, "local socket: nothing to remove");
        }
    }
}

async fn answer(mut stream: UnixStream, app: &App) -> io::Result<()> {
    let line = tokio::time::timeout(PATIENCE, read_line(&mut stream)).await??;
    let outcome: Result<Reply, Failure> = match serde_json::from_str::<Command>(&line) {
        Ok(command) => super::in_server(app, command).await,
        Err(error) => Err(Failure::new(format!(
            "the server does not know this command ({error}); are both of the same version?"
        ))),
    };
    let mut line = serde_json::to_string(&outcome)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await?;
    stream.shutdown().await
}

/// Sends a command to the server of `data_dir`; `None` when no server answers there.
pub async fn send(
    data_dir: &Path,
    command: &Command,
) -> io::Result<Option<Result<Reply, Failure>>> {
    let connect = with_short_path(data_dir, |path| {
        // Connecting to a local socket does not block.
        std::os::unix::net::UnixStream::connect(path)
    });
    let stream = match connect {
        Ok(stream) => stream,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    stream.set_nonblocking(true)?;
    let mut stream = UnixStream::from_std(stream)?;
    let mut line = serde_json::to_string(command)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await?;
    // A rebuild takes as long as it takes; a server that dies closes the connection.
    let line = read_line(&mut stream).await?;
    Ok(Some(serde_json::from_str(&line)?))
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
    )
}

async fn read_line(stream: &mut UnixStream) -> io::Result<String> {
    let mut line = String::new();
    let mut reader = BufReader::new(stream.take(LONGEST_LINE));
    reader.read_line(&mut line).await?;
    Ok(line)
}

/// Socket addresses are short. A longer one goes through the folder's open descriptor.
fn with_short_path<T>(
    data_dir: &Path,
    action: impl FnOnce(&Path) -> io::Result<T>,
) -> io::Result<T> {
    let path = data_dir.join(FILE);
    if path.as_os_str().len() <= LONGEST_PATH {
        return action(&path);
    }
    let folder = std::fs::File::open(data_dir)?;
    let short = format!("/proc/self/fd/{}/{FILE}", folder.as_raw_fd());
    action(Path::new(&short))
}
