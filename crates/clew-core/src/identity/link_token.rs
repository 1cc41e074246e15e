//! The token that hands a visitor's id from one of a site's domains to another, in the address
//! that a click leads to.
//!
//! `<visitor id>.<seconds since 1970, base 36>.<signature>`: readable, of this site, valid for two
//! minutes. Whoever shares the address later shares nothing.

use crate::model::{EpochMs, SiteId, SiteKey};
use uuid::Uuid;

/// Life of a token in seconds.
pub const LINK_LIFE: i64 = 120;

/// No token is longer.
const LENGTH_MAX: usize = 96;

/// A token for `visitor` at `now`.
pub fn issue_link(key: &SiteKey, site: SiteId, visitor: Uuid, now: EpochMs) -> String {
    let seconds = now.0.div_euclid(1000);
    let signature = u128::from_be_bytes(sign(key, site, visitor, seconds));
    format!(
        "{visitor}.{}.{signature:032x}",
        base36(seconds.unsigned_abs())
    )
}

/// The visitor, when the token is this site's own, unchanged and not older than [`LINK_LIFE`].
pub fn open_link(key: &SiteKey, site: SiteId, token: &str, now: EpochMs) -> Option<Uuid> {
    if token.len() > LENGTH_MAX {
        return None;
    }
    let mut parts = token.split('.');
    let (visitor, seconds, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let visitor = Uuid::try_parse(visitor)
        .ok()
        .filter(|_| parts.next().is_none())?;
    let seconds = i64::from_str_radix(seconds, 36).ok()?;
    let stated = u128::from_str_radix(signature, 16).ok()?.to_be_bytes();
    // Every byte is looked at, so that the time taken says nothing about where they differ.
    let ours = sign(key, site, visitor, seconds);
    let differs = ours.iter().zip(stated).fold(0, |all, (a, b)| all | (a ^ b));
    let age = now.0.div_euclid(1000).checked_sub(seconds)?;
    (differs == 0 && (0..=LINK_LIFE).contains(&age)).then_some(visitor)
}

fn sign(key: &SiteKey, site: SiteId, visitor: Uuid, seconds: i64) -> [u8; 16] {
    key.mac(
        "link",
        &[&site.to_bytes(), visitor.as_bytes(), &seconds.to_le_bytes()],
    )
}

fn base36(mut n: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((n % 36) as u32, 36).unwrap_or('0'));
        n /= 36;
        if n == 0 {
            return digits.iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: EpochMs = EpochMs(1_795_176_000_000);

    proptest! {
        #[test]
        fn a_token_opens_once_issued_for_two_minutes_and_for_its_site_only(
            visitor: u128, key: [u8; 32], site: u128, age in -300_000i64..300_000, spoiled in 0usize..96, with in "[0-9a-z.-]",
        ) {
            let (visitor, key, site) = (Uuid::from_u128(visitor), SiteKey::new(key), SiteId::from_u128(site));
            let token = issue_link(&key, site, visitor, NOW);
            let open = |key: &SiteKey, site, token: &str, at| open_link(key, site, token, at);
            prop_assert_eq!(open(&key, site, &token, NOW), Some(visitor));
            // NOW is a whole second.
            let living = (0..121_000).contains(&age);
            prop_assert_eq!(open(&key, site, &token, NOW.plus(age)).is_some(), living);
            let other = SiteId::from_u128(site.as_u128() ^ 1);
            prop_assert_eq!(open(&key, other, &token, NOW), None);
            prop_assert_eq!(open(&SiteKey::new([0; 32]), site, &token, NOW), None);
            let mut forged = token.clone();
            let at = spoiled % token.len();
            forged.replace_range(at..=at, &with);
            if forged != token {
                prop_assert_eq!(open(&key, site, &forged, NOW), None);
            }
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in "\\PC{0,100}") {
            prop_assert_eq!(open_link(&SiteKey::new([1; 32]), SiteId::from_u128(1), &text, NOW), None);
        }
    }

    #[test]
    fn the_life_ends_after_the_120th_second() {
        let (key, site, visitor) = (
            SiteKey::new([1; 32]),
            SiteId::from_u128(1),
            Uuid::from_u128(7),
        );
        let token = issue_link(&key, site, visitor, NOW);
        for (seconds, opens) in [(0, true), (120, true), (121, false), (-1, false)] {
            let at = NOW.plus(seconds * EpochMs::SECOND);
            assert_eq!(
                open_link(&key, site, &token, at).is_some(),
                opens,
                "{seconds}"
            );
        }
    }
}
