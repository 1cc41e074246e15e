//! What an e-mail address and an IP address look like among other bytes.

use std::net::{IpAddr, Ipv6Addr};

/// Endings of file names with an at sign in them: `logo@2x.png`.
const FILES: [&str; 6] = ["png", "jpg", "jpeg", "gif", "webp", "svg"];

pub(super) fn has_email(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'@', bytes).any(|at| is_email(bytes, at))
}

fn is_email(bytes: &[u8], at: usize) -> bool {
    let is_local = |b: &u8| b.is_ascii_alphanumeric() || b"._+-".contains(b);
    let local = bytes[..at].iter().rev().take_while(|b| is_local(b)).count();
    let is_domain = |b: &u8| b.is_ascii_alphanumeric() || b".-".contains(b);
    let length = bytes[at + 1..].iter().take_while(|b| is_domain(b)).count();
    let domain = String::from_utf8_lossy(&bytes[at + 1..at + 1 + length]).to_ascii_lowercase();
    let domain = domain.trim_end_matches(['.', '-']);
    let Some((name, top)) = domain.rsplit_once('.') else {
        return false;
    };
    local >= 2
        && name.len() >= 2
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic())
        && !FILES.contains(&top)
}

/// Whether an address stands in the text that says where somebody is: not that of the machine itself.
pub(super) fn has_address(text: &str) -> bool {
    let outside = |c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':');
    text.split(outside).any(|word| {
        let word = word.trim_end_matches(['.', ':']);
        if word.len() < 4 || !word.contains(['.', ':']) {
            return false;
        }
        match word.parse::<IpAddr>() {
            Ok(IpAddr::V4(ip)) => !ip.is_loopback() && !ip.is_unspecified(),
            Ok(IpAddr::V6(ip)) => ip != Ipv6Addr::LOCALHOST && !ip.is_unspecified(),
            Err(_) => with_port(word),
        }
    })
}

/// `203.0.113.9:443`.
fn with_port(word: &str) -> bool {
    let address = word.rsplit_once(':').map(|(address, _)| address);
    address.is_some_and(|a| {
        a.parse::<std::net::Ipv4Addr>()
            .is_ok_and(|ip| !ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_told_from_pictures_and_noise() {
        for text in [
            "anna@shop.example",
            "x=anna.b+c@mail.shop.example&y",
            "\u{0}an@ab.de\u{1}",
        ] {
            assert!(has_email(text.as_bytes()), "{text}");
        }
        for text in [
            "logo@2x.png",
            "a @ b.de",
            "@media",
            "x@y",
            "an@b.1",
            "[REDACTED]",
        ] {
            assert!(!has_email(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn addresses_are_told_from_times_and_numbers() {
        for text in [
            "203.0.113.9",
            "from 203.0.113.9.",
            "h://203.0.113.9:80/",
            "2001:db8::1",
        ] {
            assert!(has_address(text), "{text}");
        }
        for text in [
            "12:30:15",
            "1.2.3",
            "127.0.0.1",
            "::1",
            "a:b",
            "dead:beef",
            "version 1.2.3.4.5",
        ] {
            assert!(!has_address(text), "{text}");
        }
    }
}
