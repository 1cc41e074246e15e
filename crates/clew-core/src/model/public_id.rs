//! The short name of a lead, for people to say and to type.

use super::EventId;

/// Crockford's base 32: no letter that is taken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Sixty bits: a million leads of one site share none of them by chance.
const LENGTH: usize = 12;

/// Derived from the lead's id, so that it is known before anybody has looked at the lead and never
/// changes; the id cannot be read from it.
pub fn public_id(lead: EventId) -> String {
    let hash = EventId::hashed(&[b"public id of a lead", &lead.to_bytes()]).as_u128();
    let letter = |place: usize| char::from(ALPHABET[(hash >> (5 * place)) as usize & 31]);
    (0..LENGTH).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_id_is_short_and_always_the_same() {
        let one = public_id(EventId::from_u128(1));
        assert_eq!(one.len(), LENGTH);
        assert_eq!(one, public_id(EventId::from_u128(1)));
        assert_ne!(one, public_id(EventId::from_u128(2)));
        assert!(one.bytes().all(|b| ALPHABET.contains(&b)));
    }
}
