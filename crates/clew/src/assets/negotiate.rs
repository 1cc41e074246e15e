//! Which encoding a client takes.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// How a file may be sent, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// The best coding that `Accept-Encoding` allows (a weight of 0 forbids).
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_ENCODING).iter();
        let items = lines.filter_map(|line| line.to_str().ok());
        let items: Vec<&str> = items.flat_map(|line| line.split(',')).collect();
        let takes = |name: &str| items.iter().any(|item| is_accepted(item, name));
        if takes("br") {
            Self::Brotli
        } else if takes("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// Value of `Content-Encoding` and suffix of the entity tag.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

fn is_accepted(item: &str, name: &str) -> bool {
    let mut parts = item.split(';').map(str::trim);
    if !parts.next().unwrap_or_default().eq_ignore_ascii_case(name) {
        return false;
    }
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    weight.and_then(|q| q.parse::<f32>().ok()) != Some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_allowed_coding_wins() {
        for (header, coding) in [
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("BR", Coding::Brotli),
            ("deflate", Coding::Identity),
            ("", Coding::Identity),
            ("gzip;q=0", Coding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, header.parse().unwrap());
            assert_eq!(Coding::accepted(&headers), coding, "{header}");
        }
    }
}
