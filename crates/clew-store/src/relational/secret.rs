//! How keys are made and recognised.
//!
//! A secret key has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess
//! that a slow hash would protect.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

const SECRET: &str = "sk_";
const WRITE: &str = "pk_";
/// `sk_` and 8 hex digits: enough to tell keys apart in a list, useless to an attacker.
const PREFIX_CHARS: usize = SECRET.len() + 8;
const SECRET_CHARS: usize = SECRET.len() + 64;

/// A fresh secret key; the plain text exists only here and in the reply that shows it.
pub(super) fn secret_key() -> String {
    format!("{SECRET}{}", hex::encode(rand::random::<[u8; 32]>()))
}

/// A fresh public write key.
pub(super) fn write_key() -> String {
    format!("{WRITE}{}", hex::encode(rand::random::<[u8; 16]>()))
}

/// What a browser or a link carries: 256 random bits. `Debug` shows nothing.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    pub(super) fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 32]>()))
    }

    /// Cheap test that spares the database what cannot be a token.
    pub(super) fn is_shaped(text: &str) -> bool {
        text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The part of a key that is stored readably; `None` for what cannot be a key at all.
pub(super) fn prefix(key: &str) -> Option<&str> {
    let plain = key.bytes().all(|byte| byte.is_ascii_graphic());
    let shaped = key.len() == SECRET_CHARS && key.starts_with(SECRET) && plain;
    shaped.then(|| &key[..PREFIX_CHARS])
}

pub(super) fn hash(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// Whether `key` has this hash, in a time that does not depend on where they differ.
pub(super) fn matches(key: &str, stored: &str) -> bool {
    hash(key).as_bytes().ct_eq(stored.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_matches_its_own_hash_only() {
        let (one, other) = (secret_key(), secret_key());
        assert_ne!(one, other);
        assert!(matches(&one, &hash(&one)));
        assert!(!matches(&one, &hash(&other)));
        assert!(!matches(&one, ""));
        assert!(one.starts_with(prefix(&one).unwrap()));
    }

    #[test]
    fn what_is_not_a_secret_key_has_no_prefix() {
        for key in [
            "",
            "sk_",
            "pk_0011223344556677",
            "sk_äöü",
            &"x".repeat(SECRET_CHARS),
            &format!("sk_{}", "\0".repeat(SECRET_CHARS - 3)),
        ] {
            assert_eq!(prefix(key), None, "{key}");
        }
    }
}
