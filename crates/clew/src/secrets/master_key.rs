//! The master key: a file of 64 hexadecimal digits, mode 0600.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use clew_core::model::{SiteId, SiteKey};
use clew_store::relational::audit::SealKey;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const NONCE: usize = 24;

/// 256 bits that wrap every other secret.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

/// Whether the key was there or has just been made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Found,
    Created,
}

/// The key file cannot be used; the text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("key file {path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("key file {path} can be read by others (mode {mode:o}): run `chmod 600 {path}`")]
    Exposed { path: PathBuf, mode: u32 },
    #[error(
        "key file {path} does not hold 64 hexadecimal digits: restore it from your backup, \
         without it sealed data cannot be read"
    )]
    Malformed { path: PathBuf },
}

/// Sealed with another key, for another purpose, or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed data does not open with this master key")]
pub struct Unsealable;

impl MasterKey {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads the key at `path`, or makes one there: durable before this returns.
    pub fn load_or_create(path: &Path) -> Result<(Self, Origin), KeyFileError> {
        match Self::load(path) {
            Err(KeyFileError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                let key = Self(rand::random());
                key.write_new(path).map_err(|source| KeyFileError::Io {
                    path: path.to_owned(),
                    source,
                })?;
                Ok((key, Origin::Created))
            }
            loaded => loaded.map(|key| (key, Origin::Found)),
        }
    }

    /// Reads the key at `path`.
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let io_error = |source| KeyFileError::Io {
            path: path.to_owned(),
            source,
        };
        let mut file = File::open(path).map_err(io_error)?;
        let mode = file.metadata().map_err(io_error)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Exposed {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(io_error)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| KeyFileError::Malformed {
            path: path.to_owned(),
        })?;
        Ok(Self(bytes))
    }

    fn write_new(&self, path: &Path) -> io::Result<()> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        std::fs::create_dir_all(folder)?;
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{}", hex::encode(self.0))?;
        file.sync_all()?;
        File::open(folder)?.sync_all()
    }

    /// Encrypts for one purpose; `bound` must be presented again to open it.
    pub fn seal(&self, purpose: &str, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: bound,
        };
        let sealed = self.cipher(purpose).encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_| Unsealable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Decrypts what [`MasterKey::seal`] made for the same purpose and the same `bound`.
    pub fn open(&self, purpose: &str, bound: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, msg) = sealed.split_first_chunk::<NONCE>().ok_or(Unsealable)?;
        let payload = Payload { msg, aad: bound };
        let plain = self.cipher(purpose).decrypt(&(*nonce).into(), payload);
        plain.map_err(|_| Unsealable)
    }

    /// The key from which lasting pseudonyms of one site's visitors are made: the same for ever, as
    /// long as the master key is.
    pub fn site_key(&self, site: SiteId) -> SiteKey {
        let mut hasher = blake3::Hasher::new_derive_key("clew 2026 site key");
        hasher.update(&self.0).update(&site.to_bytes());
        SiteKey::new(*hasher.finalize().as_bytes())
    }

    /// Signs what this installation certifies; only this key can have made it.
    pub fn certify(&self, bytes: &[u8]) -> [u8; 32] {
        let key = blake3::derive_key("clew 2026 certificates", &self.0);
        *blake3::keyed_hash(&key, bytes).as_bytes()
    }

    /// What access tokens are signed with.
    pub fn token_key(&self) -> [u8; 32] {
        blake3::derive_key("clew 2026 access tokens", &self.0)
    }

    /// What the end of the audit log is sealed with.
    pub fn audit_key(&self) -> SealKey {
        let mut hasher = blake3::Hasher::new_derive_key("clew 2026 audit seal");
        hasher.update(&self.0);
        SealKey::new(*hasher.finalize().as_bytes())
    }

    /// What the log of destroyed salts is chained with.
    pub fn salt_log_key(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("clew 2026 salt destruction log");
        hasher.update(&self.0);
        *hasher.finalize().as_bytes()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        let mut hasher = blake3::Hasher::new_derive_key("clew 2026 sealed data by purpose");
        hasher.update(&self.0).update(purpose.as_bytes());
        XChaCha20Poly1305::new(&(*hasher.finalize().as_bytes()).into())
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub/clew.key");
        let (made, origin) = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(origin, Origin::Created);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let (found, origin) = MasterKey::load_or_create(&path).unwrap();
        assert_eq!(origin, Origin::Found);
        assert_eq!(made.0, found.0);
    }

    #[test]
    fn a_key_that_others_may_read_or_that_is_no_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clew.key");
        MasterKey::load_or_create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = MasterKey::load_or_create(&path);
        assert!(matches!(refused, Err(KeyFileError::Exposed { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, "short").unwrap();
        let refused = MasterKey::load_or_create(&path);
        assert!(matches!(refused, Err(KeyFileError::Malformed { .. })));
    }

    #[test]
    fn every_site_has_a_key_of_its_own_that_stays() {
        let key = MasterKey::from_bytes([7; 32]);
        let mac = |key: &MasterKey, site| key.site_key(SiteId::from_u128(site)).mac("p", &[b"x"]);
        assert_eq!(mac(&key, 1), mac(&MasterKey::from_bytes([7; 32]), 1));
        assert_ne!(mac(&key, 1), mac(&key, 2));
        assert_ne!(mac(&key, 1), mac(&MasterKey::from_bytes([8; 32]), 1));
    }

    #[test]
    fn sealed_data_opens_for_its_own_purpose_and_place_only() {
        let key = MasterKey::from_bytes([7; 32]);
        let sealed = key.seal("salt", b"site", b"secret").unwrap();
        assert_eq!(key.open("salt", b"site", &sealed).unwrap(), b"secret");
        assert_eq!(key.open("token", b"site", &sealed), Err(Unsealable));
        assert_eq!(key.open("salt", b"other", &sealed), Err(Unsealable));
        let other = MasterKey::from_bytes([8; 32]);
        assert_eq!(other.open("salt", b"site", &sealed), Err(Unsealable));
        assert_ne!(sealed, key.seal("salt", b"site", b"secret").unwrap());
    }
}
