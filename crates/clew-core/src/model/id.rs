//! 128-bit identifiers.
//!
//! Each is a newtype over a `u128` that protobuf stores as two fixed 64-bit words (18 bytes, no
//! allocation). A UUID is used as it is; any foreign string becomes the first 128 bits of a
//! domain-separated BLAKE3 hash (DESIGN law 2), so two sites or formats never share an id.

use std::fmt;
use uuid::Uuid;

macro_rules! id128 {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Message)]
        pub struct $name {
            #[prost(fixed64, tag = "1")]
            hi: u64,
            #[prost(fixed64, tag = "2")]
            lo: u64,
        }

        impl $name {
            pub const fn from_u128(value: u128) -> Self {
                Self { hi: (value >> 64) as u64, lo: value as u64 }
            }

            pub const fn as_u128(self) -> u128 {
                ((self.hi as u128) << 64) | self.lo as u128
            }

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self::from_u128(u128::from_be_bytes(bytes))
            }

            pub const fn to_bytes(self) -> [u8; 16] {
                self.as_u128().to_be_bytes()
            }

            pub const fn to_uuid(self) -> Uuid {
                Uuid::from_u128(self.as_u128())
            }

            /// Hash of `parts`, separated from every other kind of id by this type's name.
            /// Parts are length-prefixed, so `["ab", "c"]` and `["a", "bc"]` differ.
            pub fn hashed(parts: &[&[u8]]) -> Self {
                Self::from_bytes(hash_parts(concat!("clew.v1.", stringify!($name)), parts))
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self::from_u128(value.as_u128())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.to_uuid().fmt(f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Uuid::deserialize(deserializer).map(Self::from)
            }
        }
    )*};
}

id128! {
    /// A website (A's pixel, B's and C's client, D's site key, E's site).
    SiteId
    /// Identity of an event within its site; the unit of deduplication.
    EventId
    /// A browser as far as policy lets us recognise it.
    VisitorId
    /// Hash of the session id that a client sent.
    SessionKey
    /// Hash of the user id given to `identify()`.
    UserKey
    /// Hash of a browser's fingerprint under its site's key.
    FingerprintKey
    /// Key of the deduplication ledger: hash of (site, event id), with the hour of a UUIDv7 in its
    /// lowest 16 bits.
    LedgerKey
    /// Everything that one import brought; what is taken back as one.
    ImportId
    /// One erasure of a person.
    ErasureId
    /// Keyed hash of a visitor or user who was erased; see [`super::erasure`].
    PersonHash
    /// A user, account, key, domain or job of the management side.
    RowId
}

/// Hours are counted modulo this, so that with 0 = "no time" they fill 16 bits (7.5 years).
const HOURS: i64 = 0xffff;

/// Changes random bits of a UUIDv7 only, neither its time nor its version.
const QUARANTINED: u128 = 0x2545_f491_4f6c_dd1d;

impl LedgerKey {
    pub fn of(site: SiteId, event: EventId) -> Self {
        let mut input = [0u8; 32];
        input[..16].copy_from_slice(&site.to_bytes());
        input[16..].copy_from_slice(&event.to_bytes());
        let hash = u128::from_be_bytes(first_16(blake3::hash(&input)));
        let hour = event.uuid_v7_ms().map_or(0, Self::hour_of);
        Self::from_u128((hash & !0xffff) | u128::from(hour))
    }

    /// Key of an event that was quarantined. It differs from that of the same event counted, so
    /// that a client that sends it again, put right, is counted.
    pub fn of_quarantined(site: SiteId, event: EventId) -> Self {
        Self::of(site, EventId::from_u128(event.as_u128() ^ QUARANTINED))
    }

    /// Hour in which the event id was made, as [`Self::hour_of`]; None unless it is a UUIDv7.
    pub const fn hour(self) -> Option<u16> {
        match self.as_u128() as u16 {
            0 => None,
            hour => Some(hour),
        }
    }

    /// The hour of `ms` (epoch milliseconds) on a ring of 65,535 hours, 1 to 65,535.
    pub const fn hour_of(ms: i64) -> u16 {
        (ms.div_euclid(3_600_000).rem_euclid(HOURS) + 1) as u16
    }
}

impl FingerprintKey {
    /// The visitor that a browser is which nothing but its fingerprint names.
    pub const fn visitor(self) -> VisitorId {
        VisitorId::from_u128(self.as_u128())
    }
}

impl VisitorId {
    /// What stands for the visitor of an event that is nobody's: the event itself, so that no two
    /// of them ever have one in common.
    pub const fn of_nobody(event: EventId) -> Self {
        Self::from_u128(event.as_u128())
    }
}

impl EventId {
    /// Epoch milliseconds inside a UUIDv7; None for every other id.
    pub const fn uuid_v7_ms(self) -> Option<i64> {
        let id = self.as_u128();
        let is_v7 = (id >> 76) & 0xf == 7 && (id >> 62) & 0b11 == 0b10;
        if is_v7 { Some((id >> 80) as i64) } else { None }
    }
}

fn hash_parts(context: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(context.len() as u64).to_le_bytes());
    hasher.update(context.as_bytes());
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    first_16(hasher.finalize())
}

fn first_16(hash: blake3::Hash) -> [u8; 16] {
    let mut out = [0u8; 16];
    out.copy_from_slice(&hash.as_bytes()[..16]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message as _;

    #[test]
    fn an_id_survives_protobuf_text_and_bytes() {
        let id = EventId::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
        assert_eq!(EventId::decode(id.encode_to_vec().as_slice()).unwrap(), id);
        assert_eq!(EventId::from_bytes(id.to_bytes()), id);
        assert_eq!(id.to_string().parse::<Uuid>().unwrap(), id.to_uuid());
    }

    #[test]
    fn hashes_are_separated_by_type_and_by_part_boundaries() {
        assert_ne!(
            VisitorId::hashed(&[b"ab", b"c"]).as_u128(),
            VisitorId::hashed(&[b"a", b"bc"]).as_u128()
        );
        assert_ne!(
            VisitorId::hashed(&[b"ab"]).as_u128(),
            EventId::hashed(&[b"ab"]).as_u128()
        );
    }

    #[test]
    fn a_ledger_key_carries_the_hour_of_a_uuid_v7_and_of_nothing_else() {
        let site = SiteId::from_u128(7);
        let at = 1_763_640_000_000_i64;
        let v7 = EventId::from_u128(((at as u128) << 80) | (7 << 76) | (0b10 << 62) | 5);
        assert_eq!(v7.uuid_v7_ms(), Some(at));
        let hour = LedgerKey::of(site, v7).hour().unwrap();
        assert_eq!(hour, LedgerKey::hour_of(at));
        assert_eq!(LedgerKey::hour_of(at + 3_600_000), hour + 1);
        let v4 = EventId::from_u128((4 << 76) | (0b10 << 62));
        assert_eq!(LedgerKey::of(site, v4).hour(), None);
        assert_ne!(
            LedgerKey::of(site, v7),
            LedgerKey::of(SiteId::from_u128(8), v7)
        );
    }
}
