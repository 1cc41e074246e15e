//! Stopping: what is under way finishes, slow senders do not hold anybody up.

use crate::support::{TestApp, id, pageview};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_server_stops() {
    let app = TestApp::start().await;
    let body = app.batch(&[pageview(&id(1))]);
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: x\r\norigin: https://shop.example\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let (begin, end) = body.split_at(10);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(begin.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopping = tokio::spawn(app.shut_down());
    tokio::time::sleep(Duration::from_millis(100)).await;
    stream.write_all(end.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    stopping.await.unwrap();
}

#[tokio::test]
async fn idle_connections_do_not_delay_the_end() {
    let app = TestApp::start().await;
    let _idle = TcpStream::connect(app.address).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    app.shut_down().await;
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn a_sender_of_endless_headers_is_cut_off() {
    let app = TestApp::start_with(&[("CLEW_HEADER_TIMEOUT_SECONDS", "1")]).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n")
        .await
        .unwrap();
    let mut reply = Vec::new();
    let cut = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut reply)).await;
    assert!(cut.is_ok(), "the connection is still open");
}
