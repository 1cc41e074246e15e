//! A site's own secret, from which every lasting pseudonym of its visitors is made.

/// 256 bits that only this installation knows and that no other site shares. Hashes made with it
/// cannot be joined with those of another site, nor tried out by somebody who has only the data.
#[derive(Clone)]
pub struct SiteKey([u8; 32]);

impl SiteKey {
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// First 128 bits of keyed BLAKE3 over length-prefixed parts; `purpose` separates the uses of
    /// one key.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
        keyed_16(&self.0, purpose, parts)
    }
}

impl std::fmt::Debug for SiteKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SiteKey(…)")
    }
}

/// See [`SiteKey::mac`]; also behind the daily salts.
pub(crate) fn keyed_16(key: &[u8; 32], purpose: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut out = [0; 16];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_key_separates_uses_and_sites_and_never_shows_itself() {
        let (a, b) = (SiteKey::new([1; 32]), SiteKey::new([2; 32]));
        assert_ne!(a.mac("link", &[b"x"]), b.mac("link", &[b"x"]));
        assert_ne!(a.mac("link", &[b"x"]), a.mac("erase", &[b"x"]));
        assert_ne!(a.mac("link", &[b"ab", b"c"]), a.mac("link", &[b"a", b"bc"]));
        assert_eq!(format!("{a:?}"), "SiteKey(…)");
    }
}
