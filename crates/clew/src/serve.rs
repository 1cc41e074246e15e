//! The listener: connections in, requests to the router, a drain at the end.
//!
//! Owns sockets and their limits: a deadline for headers (slow senders cannot hold a connection),
//! a cap on open connections, and a drain that lets requests under way finish. Refuses to know
//! any route.

use crate::extract::address::Peer;
use crate::middleware::edge;
use crate::middleware::request_id::RequestId;
use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::gauge;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

/// Pause after `accept` failed for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Limits of one listener.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub header_timeout: Duration,
    pub max_connections: usize,
    /// How long requests may go on after `stop`.
    pub drain: Duration,
}

impl From<&crate::config::Server> for Limits {
    fn from(server: &crate::config::Server) -> Self {
        Self {
            header_timeout: server.header_timeout(),
            max_connections: server.max_connections,
            drain: server.drain(),
        }
    }
}

/// Serves until `stop`, then drains: no new connections, idle ones are closed, the others get
/// `limits.drain` to finish.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let permits = Arc::new(Semaphore::new(limits.max_connections));
    let connections = TaskTracker::new();
    while let Some((stream, peer, permit)) = next(&listener, &permits, &stop).await {
        let work = connection(stream, peer, router.clone(), limits, stop.clone());
        connections.spawn(async move {
            work.await;
            drop(permit);
        });
        gauge!("clew_open_connections").set(connections.len() as f64);
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(limits.drain, connections.wait())
        .await
        .is_err()
    {
        let left = connections.len();
        tracing::warn!(left, "drain: connections cut off");
    }
}

/// The next connection, when there is room for it; `None` at `stop`.
async fn next(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let accepting = async {
        let permit = permits.clone().acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, peer, permit)),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "accept failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    stop.run_until_cancelled(accepting).await.flatten()
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection gone before its first request");
        return;
    }
    let service = service_fn(move |request| respond(router.clone(), peer, request));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        // Clients vanish and talk nonsense all day; that is no event of ours.
        tracing::debug!(%error, "connection ended");
    }
}

async fn respond(
    mut router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<http::Response<Body>, Infallible> {
    let mut request = request.map(Body::new);
    let id = RequestId::of(request.headers());
    let extensions = request.extensions_mut();
    extensions.insert(Peer(peer));
    extensions.insert(id.clone());
    let handler = async move {
        match router.call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    };
    Ok(edge::answer(id, handler).await)
}
