//! `X-Request-Id`: taken from the caller when it is harmless, minted otherwise, always answered.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header's name.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 64;

/// Id of one request, in its extensions and in its reply.
#[derive(Clone, Debug)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's id if it has up to 64 of `A-Z a-z 0-9 . _ -`, else 128 random bits.
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get(X_REQUEST_ID) {
            Some(given) if is_harmless(given.as_bytes()) => Self(given.clone()),
            _ => Self::mint(),
        }
    }

    pub fn mint() -> Self {
        let mut text = [0; 32];
        // The buffer has the exact size, so encoding cannot fail.
        let encoded = hex::encode_to_slice(rand::random::<[u8; 16]>(), &mut text);
        let value = encoded
            .ok()
            .and_then(|()| HeaderValue::from_bytes(&text).ok());
        Self(value.unwrap_or_else(|| HeaderValue::from_static("none")))
    }

    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

fn is_harmless(id: &[u8]) -> bool {
    let allowed = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    (1..=LONGEST).contains(&id.len()) && id.iter().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harmless_id_is_kept_and_any_other_replaced() {
        for (given, kept) in [
            ("abc-1.2_3", true),
            ("", false),
            ("a b", false),
            ("<script>", false),
            (&"x".repeat(65), false),
            (&"x".repeat(64), true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, given.parse().unwrap());
            let id = RequestId::of(&headers);
            assert_eq!(id.as_str() == given, kept, "{given}");
            assert!(is_harmless(id.as_str().as_bytes()));
        }
        assert_ne!(RequestId::mint().as_str(), RequestId::mint().as_str());
    }
}
