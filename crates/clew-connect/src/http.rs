//! The one place that builds a client for outside hosts.
//!
//! Owns timeouts, limits and redirects. Made for addresses that the operator names; an address
//! that a customer or a visitor may choose needs a guard against the inner network first, and that
//! guard belongs here too.

use futures::TryStreamExt as _;
use reqwest::redirect::{Attempt, Policy};
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence of the other side.
const READ: Duration = Duration::from_secs(30);
const REDIRECTS: usize = 5;

/// A client for downloads.
#[derive(Clone, Debug)]
pub struct Downloads(reqwest::Client);

/// A download that brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    #[error("{url} cannot be reached: {problem}")]
    Unreachable { url: String, problem: String },
    #[error("{url} answered {status}")]
    Refused { url: String, status: u16 },
    #[error("{url} is larger than {limit} bytes")]
    TooLarge { url: String, limit: u64 },
    #[error("what was downloaded cannot be written: {0}")]
    Write(#[from] std::io::Error),
    #[error("no client for outside hosts: {0}")]
    Client(reqwest::Error),
}

impl DownloadError {
    /// Whether the server is there and does not have it.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
    }
}

impl Downloads {
    pub fn new() -> Result<Self, DownloadError> {
        prepare_tls();
        let client = reqwest::Client::builder()
            .user_agent(concat!("clew/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(READ)
            .redirect(Policy::custom(follow))
            .build()
            .map_err(DownloadError::Client)?;
        Ok(Self(client))
    }

    /// Hands the body to `sink` piece by piece; at most `limit` bytes.
    pub async fn fetch(
        &self,
        url: &str,
        limit: u64,
        mut sink: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<u64, DownloadError> {
        let unreachable = |error: &reqwest::Error| DownloadError::Unreachable {
            url: url.to_owned(),
            problem: problem(error),
        };
        let response = self.0.get(url).send().await;
        let response = response.map_err(|error| unreachable(&error))?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            let url = url.to_owned();
            return Err(DownloadError::Refused { url, status });
        }
        let mut body = response.bytes_stream();
        let mut received = 0;
        while let Some(piece) = body.try_next().await.map_err(|error| unreachable(&error))? {
            received += piece.len() as u64;
            if received > limit {
                let url = url.to_owned();
                return Err(DownloadError::TooLarge { url, limit });
            }
            sink(&piece)?;
        }
        Ok(received)
    }
}

/// A client for an address that must be exactly what was configured: no redirect, no proxy, and
/// every exchange over within `longest`.
pub(crate) fn to_one_host(longest: Duration) -> Result<reqwest::Client, DownloadError> {
    prepare_tls();
    reqwest::Client::builder()
        .user_agent(concat!("clew/", env!("CARGO_PKG_VERSION")))
        .timeout(longest)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(DownloadError::Client)
}

/// Another part of the process may have chosen a provider already; either serves.
fn prepare_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Never from https down to http.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let weaker = attempt.url().scheme() == "http"
        && attempt.previous().iter().any(|url| url.scheme() == "https");
    if weaker || attempt.previous().len() > REDIRECTS {
        return attempt.stop();
    }
    attempt.follow()
}

/// The innermost cause: the outer ones only repeat the address.
pub(crate) fn problem(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::response::Redirect;
    use axum::routing::get;

    async fn server() -> String {
        let routes = Router::new()
            .route("/file", get(|| async { "x".repeat(100_000) }))
            .route("/moved", get(|| async { Redirect::temporary("/file") }))
            .route("/round", get(|| async { Redirect::temporary("/round") }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        format!("http://{address}")
    }

    async fn fetched(path: &str, limit: u64) -> Result<Vec<u8>, DownloadError> {
        let url = server().await + path;
        let mut body = Vec::new();
        let downloads = Downloads::new()?;
        let sink = |piece: &[u8]| {
            body.extend(piece);
            Ok(())
        };
        downloads.fetch(&url, limit, sink).await?;
        Ok(body)
    }

    #[tokio::test]
    async fn a_body_comes_whole_and_over_a_redirect() {
        assert_eq!(fetched("/file", 1 << 20).await.unwrap().len(), 100_000);
        assert_eq!(fetched("/moved", 1 << 20).await.unwrap().len(), 100_000);
    }

    #[tokio::test]
    async fn what_is_too_large_missing_or_endless_is_refused() {
        let too_large = fetched("/file", 1000).await.unwrap_err();
        assert!(matches!(too_large, DownloadError::TooLarge { .. }));
        assert!(fetched("/nothing", 1000).await.unwrap_err().is_missing());
        let endless = fetched("/round", 1000).await.unwrap_err();
        assert!(matches!(
            endless,
            DownloadError::Refused { status: 307, .. }
        ));
    }

    #[tokio::test]
    async fn an_unreachable_host_is_named_with_the_cause() {
        let downloads = Downloads::new().unwrap();
        let error = downloads
            .fetch("http://127.0.0.1:1/x", 10, |_| Ok(()))
            .await;
        let text = error.unwrap_err().to_string();
        assert!(
            text.starts_with("http://127.0.0.1:1/x cannot be reached: "),
            "{text}"
        );
        assert!(text.contains("refused"), "{text}");
    }
}
