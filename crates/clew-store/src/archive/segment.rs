//! Name of an archived segment: everything a listing has to know.
//!
//! `journal/<node>/<first LSN>-<last LSN>-<generation>-<bytes>.zst`, numbers padded so that keys
//! sort. The stated size tells a torn object from a whole one without reading it; a rewrite stores
//! the next generation beside the old one before that is removed, so a crash in between leaves
//! both, and the higher one counts.

use crate::blobs::{BlobInfo, BlobKey, InvalidKey};

/// A segment in the archive, whole as far as its size tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchivedSegment {
    pub node: u32,
    pub first_lsn: u64,
    pub last_lsn: u64,
    /// 0 as archived, one more for every rewrite.
    pub generation: u32,
    /// Size of the object.
    pub bytes: u64,
}

impl ArchivedSegment {
    pub fn key(&self) -> Result<BlobKey, InvalidKey> {
        let Self {
            node,
            first_lsn,
            last_lsn,
            generation,
            bytes,
        } = self;
        BlobKey::new(format!(
            "journal/{node:010}/{first_lsn:020}-{last_lsn:020}-{generation:010}-{bytes:020}.zst"
        ))
    }

    pub fn folder(node: u32) -> Result<BlobKey, InvalidKey> {
        BlobKey::new(format!("journal/{node:010}"))
    }

    /// None for names that are not a segment's.
    pub(super) fn parse(key: &BlobKey) -> Option<Self> {
        let (node, name) = key.as_str().strip_prefix("journal/")?.split_once('/')?;
        let mut fields = name.strip_suffix(".zst")?.split('-');
        let mut field = || fields.next()?.parse::<u64>().ok();
        let segment = Self {
            node: node.parse().ok()?,
            first_lsn: field()?,
            last_lsn: field()?,
            generation: field()?.try_into().ok()?,
            bytes: field()?,
        };
        (segment.key().as_ref() == Ok(key)).then_some(segment)
    }
}

/// The objects of a listing, sorted out.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// One per range, by LSN.
    pub current: Vec<ArchivedSegment>,
    /// Torn, superseded or strange objects of the same folder.
    pub garbage: Vec<BlobKey>,
}

pub(super) fn sort_out(listing: Vec<BlobInfo>) -> Sorted {
    let mut sorted = Sorted::default();
    for info in listing {
        let segment = ArchivedSegment::parse(&info.key).filter(|s| s.bytes == info.bytes);
        let Some(segment) = segment else {
            sorted.garbage.push(info.key);
            continue;
        };
        // Sorted by key, so a higher generation of the same range comes right after the lower.
        match sorted.current.last_mut() {
            Some(last)
                if (last.first_lsn, last.last_lsn) == (segment.first_lsn, segment.last_lsn) =>
            {
                sorted.garbage.extend(last.key());
                *last = segment;
            }
            _ => sorted.current.push(segment),
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(first_lsn: u64, generation: u32, bytes: u64) -> ArchivedSegment {
        ArchivedSegment {
            node: 3,
            first_lsn,
            last_lsn: first_lsn + 9,
            generation,
            bytes,
        }
    }

    fn info(segment: &ArchivedSegment, bytes: u64) -> BlobInfo {
        BlobInfo {
            key: segment.key().unwrap(),
            bytes,
        }
    }

    #[test]
    fn a_name_says_all_and_nothing_else_is_a_name() {
        let named = segment(1, 2, 77);
        assert_eq!(ArchivedSegment::parse(&named.key().unwrap()), Some(named));
        for strange in [
            "journal/1/1-2-0-3.zst",
            "journal/x",
            "replay/0000000003/1",
            "journal/0000000003/note",
        ] {
            assert_eq!(
                ArchivedSegment::parse(&BlobKey::new(strange).unwrap()),
                None,
                "{strange}"
            );
        }
    }

    #[test]
    fn the_highest_whole_generation_counts() {
        let (old, new, torn) = (segment(1, 0, 10), segment(1, 1, 8), segment(1, 2, 9));
        let other = segment(11, 0, 5);
        let listing = vec![
            info(&old, 10),
            info(&new, 8),
            info(&torn, 4),
            info(&other, 5),
        ];
        let sorted = sort_out(listing);
        assert_eq!(sorted.current, [new, other]);
        assert_eq!(sorted.garbage, [old.key().unwrap(), torn.key().unwrap()]);
    }
}
