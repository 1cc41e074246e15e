//! One file in its three encodings, and the reply that sends it.

use super::negotiate::Coding;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};
use std::io::Write;

/// How long a client may keep a file without asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Ask every time; usually answered 304.
    Revalidate,
    /// An hour: scripts at a stable address.
    Hour,
    /// Five minutes, and in the browser only: what not everybody is given.
    Private,
    /// Five minutes, one more while it is asked for again: what a site's owner may change.
    Brief,
    /// For ever: the address changes with the content.
    Immutable,
}

impl Caching {
    const fn header(self) -> &'static str {
        match self {
            Self::Revalidate => "no-cache",
            Self::Hour => "public, max-age=3600",
            Self::Private => "private, max-age=300",
            Self::Brief => "public, max-age=300, stale-while-revalidate=60",
            Self::Immutable => "public, max-age=31536000, immutable",
        }
    }
}

/// A file with its precompressed forms; cloning shares the bytes.
#[derive(Clone, Debug)]
pub struct Encoded {
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
    content_type: HeaderValue,
    tag: String,
}

impl Encoded {
    /// Compresses what gains from it; meant to run once per file.
    pub fn new(plain: Bytes, content_type: &str) -> Self {
        let compressible = is_text(content_type) && plain.len() > 256;
        let smaller = |bytes: Vec<u8>| (bytes.len() < plain.len()).then(|| Bytes::from(bytes));
        let gzip = compressible.then(|| gzip(&plain)).and_then(smaller);
        let brotli = compressible.then(|| brotli(&plain)).and_then(smaller);
        Self::assemble(plain, gzip, brotli, content_type)
    }

    /// A file that its build has compressed already.
    pub fn precompressed(plain: Bytes, gzip: Bytes, brotli: Bytes, content_type: &str) -> Self {
        Self::assemble(plain, Some(gzip), Some(brotli), content_type)
    }

    fn assemble(
        plain: Bytes,
        gzip: Option<Bytes>,
        brotli: Option<Bytes>,
        content_type: &str,
    ) -> Self {
        let content_type = HeaderValue::from_str(content_type);
        Self {
            gzip,
            brotli,
            tag: hex::encode(&Sha256::digest(&plain)[..12]),
            content_type: content_type
                .unwrap_or(HeaderValue::from_static("application/octet-stream")),
            plain,
        }
    }

    /// Bytes in memory.
    pub fn bytes(&self) -> usize {
        let forms = [Some(&self.plain), self.gzip.as_ref(), self.brotli.as_ref()];
        forms.into_iter().flatten().map(Bytes::len).sum()
    }

    /// 200 in the best encoding, or 304 when the client has this very content.
    pub fn reply(&self, request: &HeaderMap, caching: Caching) -> Response {
        let (body, coding) = self.best(Coding::accepted(request));
        let etag = match coding.name() {
            Some(name) => format!("\"{}-{name}\"", self.tag),
            None => format!("\"{}\"", self.tag),
        };
        let unchanged = is_known(request, &etag);
        let mut response = Response::new(if unchanged {
            Body::empty()
        } else {
            Body::from(body)
        });
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&etag) {
            headers.insert(ETAG, etag);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching.header()));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if !unchanged {
            headers.insert(CONTENT_TYPE, self.content_type.clone());
            if let Some(name) = coding.name() {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
            }
        }
        response
    }

    fn best(&self, accepted: Coding) -> (Bytes, Coding) {
        match (accepted, &self.brotli, &self.gzip) {
            (Coding::Brotli, Some(bytes), _) => (bytes.clone(), Coding::Brotli),
            (Coding::Brotli | Coding::Gzip, _, Some(bytes)) => (bytes.clone(), Coding::Gzip),
            _ => (self.plain.clone(), Coding::Identity),
        }
    }
}

fn is_known(request: &HeaderMap, etag: &str) -> bool {
    let lines = request.get_all(IF_NONE_MATCH).iter();
    let mut tags = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.starts_with("text/")
        || essence.ends_with("javascript")
        || essence.ends_with("json")
        || essence.ends_with("xml")
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory cannot fail; an empty result would only mean "not smaller".
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.unwrap_or_else(|_| plain.to_vec())
}

fn brotli(plain: &[u8]) -> Vec<u8> {
    // The highest quality takes seconds per megabyte; it is for scripts, which are small.
    let quality = if plain.len() < 128 << 10 { 11 } else { 6 };
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        ..Default::default()
    };
    let mut out = Vec::new();
    match brotli::BrotliCompress(&mut &*plain, &mut out, &params) {
        Ok(_) => out,
        Err(_) => plain.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::ACCEPT_ENCODING;

    fn ask(file: &Encoded, headers: &[(http::HeaderName, &str)]) -> Response {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(name, value.parse().unwrap());
        }
        file.reply(&map, Caching::Hour)
    }

    #[test]
    fn a_file_is_sent_compressed_and_not_twice() {
        let file = Encoded::new(Bytes::from("let x = 1;".repeat(100)), "text/javascript");
        let first = ask(&file, &[(ACCEPT_ENCODING, "gzip, br")]);
        assert_eq!(first.headers()[CONTENT_ENCODING], "br");
        assert_eq!(first.headers()[VARY], "Accept-Encoding");
        let tag = first.headers()[ETAG].to_str().unwrap();
        let again = ask(
            &file,
            &[(ACCEPT_ENCODING, "gzip, br"), (IF_NONE_MATCH, tag)],
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let weak = format!("\"x\", W/{tag}");
        let again = ask(&file, &[(ACCEPT_ENCODING, "br"), (IF_NONE_MATCH, &weak)]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let plain = ask(&file, &[(IF_NONE_MATCH, tag)]);
        assert_eq!(plain.status(), StatusCode::OK);
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
    }

    #[test]
    fn what_does_not_shrink_is_sent_as_it_is() {
        let file = Encoded::new(Bytes::from(vec![7; 2000]), "image/png");
        let reply = ask(&file, &[(ACCEPT_ENCODING, "br")]);
        assert!(!reply.headers().contains_key(CONTENT_ENCODING));
    }
}
