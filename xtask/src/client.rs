//! A small HTTP client for loopback: bodies whole, connections kept.

use anyhow::Result;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Clone, Debug)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: String,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

impl Client {
    pub fn new(address: &str) -> Self {
        let pool = Pool::builder(TokioExecutor::new()).build(HttpConnector::new());
        Self {
            pool,
            base: format!("http://{address}"),
        }
    }

    /// Asks once more when the connection broke: a kept connection may close under a request.
    /// Posts are never repeated here, so that a server which drops them is noticed.
    pub async fn get(&self, path: &str, key: Option<&str>) -> Result<Reply> {
        match self.get_once(path, key).await {
            Ok(reply) => Ok(reply),
            Err(_) => self.get_once(path, key).await,
        }
    }

    async fn get_once(&self, path: &str, key: Option<&str>) -> Result<Reply> {
        self.send(Method::GET, path, key, Bytes::new()).await
    }

    pub async fn post(&self, path: &str, body: Bytes) -> Result<Reply> {
        self.send(Method::POST, path, None, body).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Bytes,
    ) -> Result<Reply> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("user-agent", BROWSER);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let answer = self.pool.request(request.body(Full::new(body))?);
        let answer = tokio::time::timeout(TIMEOUT, answer).await??;
        let status = answer.status().as_u16();
        let body = tokio::time::timeout(TIMEOUT, answer.into_body().collect())
            .await??
            .to_bytes();
        Ok(Reply { status, body })
    }
}

/// Load must look like people, or it is counted as bots.
pub const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
