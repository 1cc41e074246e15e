//! Names of blobs.
//!
//! Keys are made by the server from numbers and hashes, never from what a client sent; the type
//! proves that a key is a plain relative path, whatever made it.

use std::fmt;

const MAX_BYTES: usize = 512;

/// A relative path: segments of `a-z 0-9 . _ -` joined by `/`, none of them starting with a dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a blob key: {0:?}")]
pub struct InvalidKey(String);

impl BlobKey {
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidKey> {
        let key = key.into();
        let valid = key.len() <= MAX_BYTES && key.split('/').all(is_segment);
        if valid {
            Ok(Self(key))
        } else {
            Err(InvalidKey(key))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_segment(segment: &str) -> bool {
    let allowed =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(allowed)
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_relative_paths_are_keys() {
        for key in ["a", "journal/0000000001/00-42.zst", "r/0192_x/7"] {
            assert_eq!(BlobKey::new(key).unwrap().as_str(), key);
        }
    }

    #[test]
    fn traversal_and_anything_unusual_is_refused() {
        let long = "a".repeat(MAX_BYTES + 1);
        for key in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "a/..",
            "a//b",
            "a/",
            "./a",
            "a/.hidden",
            "a\\b",
            "a\0b",
            "C:/x",
            "a#1",
            "ä",
            "A",
            "a b",
            "a%2e%2e/b",
            "a\n",
            "~/x",
            "a?b",
            &long,
        ] {
            assert!(BlobKey::new(key).is_err(), "{key:?}");
        }
    }
}
