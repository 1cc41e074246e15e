//! How one entry is tied to the one before it.
//!
//! The encoding is frozen: every column in order, each with its length or a mark that it is null,
//! so that no two different rows have the same bytes. Anybody with a copy of the rows can compute
//! the hashes again; only the seal of the head needs the installation's key.

use crate::relational::entity::audit_entry::Model;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

const CONTEXT: &str = "clew 2026 audit entry";
const SEAL_CONTEXT: &[u8] = b"clew 2026 audit head";

/// A place in the chain: the number of an entry, and its hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// From 1; 0 is the beginning of an empty chain, whose hash is all zeros.
    pub seq: u64,
    pub hash: [u8; 32],
}

/// What the head is sealed with. It comes from the master key, which is not in the database.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The seal of a chain that ends here.
    pub fn seal(&self, head: &Link) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(SEAL_CONTEXT);
        hasher.update(&head.seq.to_be_bytes()).update(&head.hash);
        *hasher.finalize().as_bytes()
    }

    pub fn verifies(&self, head: &Link, seal: &[u8]) -> bool {
        self.seal(head).ct_eq(seal).into()
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Everything that an entry says, as it is hashed.
pub(in crate::relational) struct Columns<'a> {
    pub id: Uuid,
    pub account_id: Option<Uuid>,
    pub site_id: Option<Uuid>,
    pub actor_kind: &'a str,
    pub actor_id: Option<Uuid>,
    pub action: &'a str,
    pub subject_kind: &'a str,
    pub subject_id: &'a str,
    pub detail: Option<&'a str>,
    pub request_id: Option<&'a str>,
    pub at: i64,
}

impl<'a> Columns<'a> {
    pub(super) fn of(row: &'a Model) -> Self {
        Self {
            id: row.id,
            account_id: row.account_id,
            site_id: row.site_id,
            actor_kind: &row.actor_kind,
            actor_id: row.actor_id,
            action: &row.action,
            subject_kind: &row.subject_kind,
            subject_id: &row.subject_id,
            detail: row.detail.as_deref(),
            request_id: row.request_id.as_deref(),
            at: row.at,
        }
    }

    /// Where these columns stand when they follow `before`.
    pub(in crate::relational) fn link_behind(&self, before: &Link) -> Link {
        let seq = before.seq + 1;
        let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
        hasher.update(&before.hash).update(&seq.to_be_bytes());
        let ids = [Some(self.id), self.account_id, self.site_id, self.actor_id];
        for id in ids {
            member(&mut hasher, id.as_ref().map(|id| id.as_bytes().as_slice()));
        }
        let texts = [
            Some(self.actor_kind),
            Some(self.action),
            Some(self.subject_kind),
            Some(self.subject_id),
            self.detail,
            self.request_id,
        ];
        for text in texts {
            member(&mut hasher, text.map(str::as_bytes));
        }
        hasher.update(&self.at.to_be_bytes());
        Link {
            seq,
            hash: *hasher.finalize().as_bytes(),
        }
    }
}

/// A null and an empty text are two different things.
fn member(hasher: &mut blake3::Hasher, value: Option<&[u8]>) {
    match value {
        None => hasher.update(&[0]),
        Some(bytes) => hasher
            .update(&[1])
            .update(&(bytes.len() as u64).to_be_bytes())
            .update(bytes),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns<'static> {
        Columns {
            id: Uuid::from_u128(1),
            account_id: Some(Uuid::from_u128(2)),
            site_id: None,
            actor_kind: "user",
            actor_id: Some(Uuid::from_u128(3)),
            action: "site.update",
            subject_kind: "site",
            subject_id: "s",
            detail: None,
            request_id: Some("r"),
            at: 7,
        }
    }

    /// The encoding must never change: databases hold hashes of it.
    #[test]
    fn the_encoding_is_frozen() {
        let first = columns().link_behind(&Link::default());
        assert_eq!(first.seq, 1);
        let text = hex::encode(first.hash);
        assert_eq!(
            text,
            "f37a1809ddc1986fb5782b4b84ab841563e1a3a187d43148c5995562ec91a950"
        );
    }

    #[test]
    fn every_column_the_number_and_the_entry_before_count() {
        let base = columns().link_behind(&Link::default()).hash;
        let changes: Vec<fn(&mut Columns<'static>)> = vec![
            |c| c.id = Uuid::from_u128(9),
            |c| c.account_id = None,
            |c| c.site_id = Some(Uuid::from_u128(2)),
            |c| c.actor_kind = "key",
            |c| c.actor_id = Some(Uuid::from_u128(4)),
            |c| c.action = "site.delete",
            |c| c.subject_kind = "sit",
            |c| c.subject_id = "es",
            |c| c.detail = Some(""),
            |c| c.request_id = None,
            |c| c.at = 8,
        ];
        let mut seen = vec![base];
        for change in changes {
            let mut changed = columns();
            change(&mut changed);
            seen.push(changed.link_behind(&Link::default()).hash);
        }
        let other = Link {
            seq: 1,
            ..Link::default()
        };
        seen.push(columns().link_behind(&other).hash);
        let other = Link {
            seq: 0,
            hash: [1; 32],
        };
        seen.push(columns().link_behind(&other).hash);
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }

    #[test]
    fn a_seal_holds_for_its_own_head_and_key_only() {
        let key = SealKey::new([1; 32]);
        let head = columns().link_behind(&Link::default());
        let seal = key.seal(&head);
        assert!(key.verifies(&head, &seal));
        assert!(!key.verifies(&head, &[]));
        assert!(!SealKey::new([2; 32]).verifies(&head, &seal));
        assert!(!key.verifies(&Link { seq: 2, ..head }, &seal));
    }
}
