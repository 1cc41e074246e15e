//! Asking a management node whose a host is: `GET {url}/api/v1/config/domain/{domain}`.
//!
//! Made for the one address that the operator configures. Follows no redirect, so that address is
//! all that is ever asked; takes at most 64 KiB within the time given, and nothing that does not
//! have the documented shape.

use crate::http::{DownloadError, problem, to_one_host};
use clew_core::model::DomainConfig;
use futures::TryStreamExt as _;
use reqwest::{StatusCode, Url};
use std::time::Duration;

/// Longest answer that is read.
const LARGEST: usize = 64 << 10;

/// A client of one management node.
#[derive(Clone, Debug)]
pub struct Authority {
    client: reqwest::Client,
    url: Url,
}

/// Nothing is known about the host: not that it is registered, nor that it is not.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("it answered {0}")]
    Refused(u16),
    #[error("it answered something else than a domain's configuration: {0}")]
    Unreadable(String),
}

impl Authority {
    /// # Errors
    /// An address that is none, or a client that cannot be built.
    pub fn new(url: &str, longest: Duration) -> Result<Self, DownloadError> {
        let client = to_one_host(longest)?;
        let url = Url::parse(url).map_err(|error| DownloadError::Unreachable {
            url: url.to_owned(),
            problem: error.to_string(),
        })?;
        Ok(Self { client, url })
    }

    /// What the node says about a normalised host; none when nobody has registered it.
    ///
    /// # Errors
    /// No answer in time, another status than 200 and 404, or another shape.
    pub async fn look_up(&self, domain: &str) -> Result<Option<DomainConfig>, AuthorityError> {
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| AuthorityError::Unreachable("it has no path".to_owned()))?
            .pop_if_empty()
            .extend(["api", "v1", "config", "domain", domain]);
        let unreachable = |error: &reqwest::Error| AuthorityError::Unreachable(problem(error));
        let response = self.client.get(url).send().await;
        let response = response.map_err(|error| unreachable(&error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            other => return Err(AuthorityError::Refused(other.as_u16())),
        }
        let mut stream = response.bytes_stream();
        let mut body = Vec::new();
        while let Some(piece) = stream.try_next().await.map_err(|e| unreachable(&e))? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                return Err(AuthorityError::Unreadable("it is too long".to_owned()));
            }
        }
        serde_json::from_slice(&body)
            .map(Some)
            .map_err(|error| AuthorityError::Unreadable(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::extract::Path;
    use axum::response::{IntoResponse, Redirect, Response};
    use axum::routing::get;

    const GOOD: &str = r#"{"client_id":"0199aaaa-0000-7000-8000-00000000000a","privacy_level":"gdpr",
        "ip_collection":{"enabled":false,"hash_required":true},
        "consent":{"required":false,"default_behavior":"opt_in"},"features":{"more":1},"new":[]}"#;

    async fn said(Path(domain): Path<String>) -> Response {
        match domain.as_str() {
            "good.example" | "[::1]" => GOOD.into_response(),
            "moved.example" => Redirect::temporary("good.example").into_response(),
            "page.example" => "<html>".into_response(),
            "level.example" => GOOD.replace("gdpr", "none").into_response(),
            "nobody.example" => GOOD.replace("0199aaaa", "x").into_response(),
            "long.example" => " ".repeat(1 << 20).into_response(),
            "broken.example" => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            "slow.example" => {
                tokio::time::sleep(Duration::from_secs(20)).await;
                GOOD.into_response()
            }
            _ => axum::http::StatusCode::NOT_FOUND.into_response(),
        }
    }

    #[tokio::test]
    async fn only_the_documented_answer_is_believed() {
        let routes = Router::new().route("/base/api/v1/config/domain/{domain}", get(said));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let url = format!("http://{address}/base/");
        let authority = Authority::new(&url, Duration::from_millis(300)).unwrap();
        for known in ["good.example", "[::1]"] {
            let config = authority.look_up(known).await.unwrap().unwrap();
            assert!(!config.ip_collection.enabled, "{known}");
        }
        for unknown in ["other.example", "../../../secret", "a/b"] {
            assert_eq!(authority.look_up(unknown).await.unwrap(), None, "{unknown}");
        }
        for (domain, why) in [
            ("moved.example", "it answered 307"),
            ("broken.example", "it answered 500"),
            ("page.example", "something else"),
            ("level.example", "something else"),
            ("nobody.example", "something else"),
            ("long.example", "too long"),
            ("slow.example", "cannot be reached"),
        ] {
            let error = authority.look_up(domain).await.unwrap_err().to_string();
            assert!(error.contains(why), "{domain}: {error}");
        }
    }
}
