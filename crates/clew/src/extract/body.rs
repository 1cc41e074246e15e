//! The bytes of a request: bounded as sent, bounded once inflated, of a type we read.
//!
//! Invariant: never more than `inflated` bytes exist in memory per request, whatever a
//! compressed body promises (gzip bombs end at the cap with 413).

use super::form;
use crate::config::Server;
use crate::error::ApiError;
use bytes::{Bytes, BytesMut};
use clew_core::error::ErrorCode;
use clew_core::wire::Door;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use hyper::body::Body;
use std::io::Read;
use std::pin::pin;
use std::time::Duration;

/// Bodies above this size are inflated off the async threads.
const INLINE_INFLATE: usize = 32 << 10;

/// A body that is too large is read on and thrown away up to this size: a reply sent into a client
/// that is still writing gets lost with the connection.
const DISCARD: u64 = 32 << 20;

/// How much of a body is read, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Bytes as sent.
    pub sent: usize,
    /// Bytes after decompression.
    pub inflated: usize,
    /// Time for the whole body to arrive.
    pub time: Duration,
    /// Bodies of HTML forms are taken too; they come out as JSON.
    pub forms: bool,
}

impl Caps {
    /// Those of a door for events.
    pub fn of(server: &Server, door: &Door) -> Self {
        Self {
            forms: door.takes_forms,
            ..Self::from(server)
        }
    }
}

impl From<&Server> for Caps {
    fn from(server: &Server) -> Self {
        Self {
            sent: server.body_limit_bytes,
            inflated: server.inflated_limit_bytes,
            time: server.body_timeout(),
            forms: false,
        }
    }
}

/// Reads and inflates a JSON body sent as `application/json` or `text/plain`, or a form's.
pub async fn read<B>(headers: &HeaderMap, body: B, caps: Caps) -> Result<Bytes, ApiError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let is_form = caps.forms && form::is_form(headers);
    if !is_form {
        check_type(headers)?;
    }
    let encoding = Encoding::of(headers)?;
    let announced = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    let announced = announced.and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|length| length > DISCARD) {
        return Err(ErrorCode::BodyTooLarge.into());
    }
    let sent = in_time(collect(body, caps.sent), caps.time).await?;
    let inflated = match encoding {
        Encoding::Identity => Ok(sent),
        _ if sent.len() <= INLINE_INFLATE => inflate(encoding, &sent, caps.inflated),
        _ => tokio::task::spawn_blocking(move || inflate(encoding, &sent, caps.inflated))
            .await
            .map_err(ApiError::internal)?,
    }?;
    if is_form {
        return form::to_json(&inflated);
    }
    Ok(inflated)
}

/// Most bodies have arrived with their headers: those never pay for a timer.
async fn in_time(
    reading: impl Future<Output = Result<Bytes, ApiError>>,
    limit: Duration,
) -> Result<Bytes, ApiError> {
    let mut reading = pin!(reading);
    if let std::task::Poll::Ready(done) = futures::poll!(&mut reading) {
        return done;
    }
    tokio::time::timeout(limit, reading)
        .await
        .unwrap_or_else(|_| Err(ErrorCode::RequestTimeout.into()))
}

async fn collect<B>(body: B, limit: usize) -> Result<Bytes, ApiError>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut body = pin!(body);
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    let mut arrived = 0_u64;
    while let Some(frame) = body.as_mut().frame().await {
        let frame = frame.map_err(|error| {
            ApiError::new(ErrorCode::InvalidBody)
                .with_message("The connection broke off inside the body.")
                .because(error)
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        arrived += data.len() as u64;
        if arrived > DISCARD {
            break;
        }
        if arrived > limit as u64 {
            (first, rest) = (Bytes::new(), BytesMut::new());
        } else if first.is_empty() {
            first = data;
        } else {
            rest.extend_from_slice(&data);
        }
    }
    if arrived > limit as u64 {
        return Err(ErrorCode::BodyTooLarge.into());
    }
    if rest.is_empty() {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

fn check_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let essence = value.as_bytes().split(|&b| b == b';').next();
    let essence = essence.unwrap_or_default().trim_ascii();
    let known = [&b"application/json"[..], b"text/plain"];
    if essence.is_empty() || known.iter().any(|name| essence.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(ErrorCode::UnsupportedMediaType.into())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let mut values = headers.get_all(CONTENT_ENCODING).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            // None at all, or more than one.
            return if headers.contains_key(CONTENT_ENCODING) {
                Err(ErrorCode::UnsupportedMediaType.into())
            } else {
                Ok(Self::Identity)
            };
        };
        match value
            .as_bytes()
            .trim_ascii()
            .to_ascii_lowercase()
            .as_slice()
        {
            b"" | b"identity" => Ok(Self::Identity),
            b"gzip" | b"x-gzip" => Ok(Self::Gzip),
            b"br" => Ok(Self::Brotli),
            _ => Err(ErrorCode::UnsupportedMediaType.into()),
        }
    }
}

fn inflate(encoding: Encoding, sent: &[u8], limit: usize) -> Result<Bytes, ApiError> {
    let mut out = Vec::with_capacity((sent.len() * 4).min(limit));
    let cap = limit as u64 + 1;
    let read = match encoding {
        Encoding::Identity => Read::take(sent, cap).read_to_end(&mut out),
        Encoding::Gzip => flate2::read::MultiGzDecoder::new(sent)
            .take(cap)
            .read_to_end(&mut out),
        Encoding::Brotli => brotli::Decompressor::new(sent, 4096)
            .take(cap)
            .read_to_end(&mut out),
    };
    read.map_err(|error| ApiError::new(ErrorCode::BadEncoding).because(error))?;
    if out.len() > limit {
        return Err(ErrorCode::BodyTooLarge.into());
    }
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::Full;
    use std::io::Write;

    type Headers = &'static [(&'static str, &'static str)];

    const CAPS: Caps = Caps {
        sent: 1 << 20,
        inflated: 8 << 20,
        time: Duration::from_secs(5),
        forms: false,
    };

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn brotli(text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = brotli::CompressorWriter::new(&mut out, 4096, 5, 22);
        encoder.write_all(text).unwrap();
        drop(encoder);
        out
    }

    async fn send(headers: &[(&str, &str)], body: Vec<u8>) -> Result<Bytes, ErrorCode> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        let body = Full::new(Bytes::from(body));
        read(&map, body, CAPS).await.map_err(|error| error.code())
    }

    #[tokio::test]
    async fn json_and_text_arrive_plain_or_compressed() {
        let text = br#"{"site_id":"x"}"#;
        let cases: [(Headers, Vec<u8>); 6] = [
            (&[], text.to_vec()),
            (
                &[("content-type", "application/json; charset=utf-8")],
                text.to_vec(),
            ),
            (
                &[("content-type", "Text/Plain;charset=UTF-8")],
                text.to_vec(),
            ),
            (&[("content-encoding", "gzip")], gzip(text)),
            (&[("content-encoding", "br")], brotli(text)),
            (&[("content-encoding", "identity")], text.to_vec()),
        ];
        for (headers, body) in cases {
            assert_eq!(
                send(headers, body).await.unwrap(),
                text.as_slice(),
                "{headers:?}"
            );
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused_with_its_reason() {
        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < CAPS.sent);
        let mut torn = gzip(b"{}");
        torn.truncate(12);
        let cases: [(Headers, Vec<u8>, ErrorCode); 9] = [
            (
                &[("content-type", "text/html")],
                vec![],
                ErrorCode::UnsupportedMediaType,
            ),
            (
                &[("content-type", "application/jsonp")],
                vec![],
                ErrorCode::UnsupportedMediaType,
            ),
            (
                &[("content-encoding", "zstd")],
                vec![],
                ErrorCode::UnsupportedMediaType,
            ),
            (
                &[("content-encoding", "gzip, gzip")],
                vec![],
                ErrorCode::UnsupportedMediaType,
            ),
            (
                &[("content-encoding", "gzip")],
                b"{}".to_vec(),
                ErrorCode::BadEncoding,
            ),
            (
                &[("content-encoding", "gzip")],
                torn,
                ErrorCode::BadEncoding,
            ),
            (
                &[("content-encoding", "br")],
                b"\xff\xff\xff".to_vec(),
                ErrorCode::BadEncoding,
            ),
            (
                &[("content-encoding", "gzip")],
                bomb,
                ErrorCode::BodyTooLarge,
            ),
            (&[], vec![b' '; CAPS.sent + 1], ErrorCode::BodyTooLarge),
        ];
        for (headers, body, code) in cases {
            assert_eq!(send(headers, body).await.unwrap_err(), code, "{headers:?}");
        }
    }

    #[tokio::test]
    async fn a_body_that_never_ends_times_out() {
        let caps = Caps {
            time: Duration::from_millis(20),
            ..CAPS
        };
        let endless = http_body_util::StreamBody::new(futures::stream::pending::<
            Result<hyper::body::Frame<Bytes>, std::io::Error>,
        >());
        let error = read(&HeaderMap::new(), endless, caps).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::RequestTimeout);
    }
}
