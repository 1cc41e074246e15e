//! Names of archive files.

use crate::blobs::{BlobKey, InvalidKey};
use clew_core::model::{EpochMs, SiteId};
use jiff::tz::TimeZone;
use uuid::Uuid;

/// `retention/<site>/2026-05-run12-1.parquet`: a month of the site's calendar, the run that wrote
/// it, and its part, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    pub site: SiteId,
    /// `2026-05`.
    pub month: String,
    pub run: u64,
    pub part: u32,
}

impl FileName {
    pub(super) fn folder(site: SiteId) -> Result<BlobKey, InvalidKey> {
        BlobKey::new(format!("retention/{site}"))
    }

    pub(super) fn key(&self) -> Result<BlobKey, InvalidKey> {
        let Self {
            site,
            month,
            run,
            part,
        } = self;
        BlobKey::new(format!("retention/{site}/{month}-run{run}-{part}.parquet"))
    }

    /// `None`: not one of these files.
    pub(super) fn parse(key: &BlobKey) -> Option<Self> {
        let mut parts = key.as_str().strip_prefix("retention/")?.splitn(2, '/');
        let site: SiteId = Uuid::parse_str(parts.next()?).ok()?.into();
        let name = parts.next()?.strip_suffix(".parquet")?;
        let (month, rest) = name.split_once("-run")?;
        let (run, part) = rest.split_once('-')?;
        let (run, part) = (run.parse().ok()?, part.parse().ok()?);
        let month = month.to_owned();
        let parsed = Self {
            site,
            month,
            run,
            part,
        };
        (parsed.key().as_ref() == Ok(key)).then_some(parsed)
    }
}

/// The month of the site's calendar in which this moment lies.
pub(super) fn month(zone: &TimeZone, time: EpochMs) -> String {
    let date = time.to_timestamp().to_zoned(zone.clone()).date();
    // Years before 0 and after 9999 have signs or more digits, which no key may have.
    format!("{:04}-{:02}", date.year().clamp(0, 9999), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_from_its_key_and_nothing_else_is_one() {
        let name = FileName {
            site: SiteId::from_u128(0xA),
            month: "2026-05".into(),
            run: 12,
            part: 3,
        };
        let key = name.key().unwrap();
        let folder = "retention/00000000-0000-0000-0000-00000000000a";
        assert_eq!(key.as_str(), format!("{folder}/2026-05-run12-3.parquet"));
        assert_eq!(FileName::parse(&key), Some(name));
        for other in [
            "journal/00000000/x.parquet",
            "retention/x/2026-05-run12-3.parquet",
            &format!("{folder}/2026-05-run012-3.parquet"),
            &format!("{folder}/2026-05-12-3.parquet"),
            &format!("{folder}/2026-05-run12-3.csv"),
        ] {
            assert_eq!(FileName::parse(&BlobKey::new(other).unwrap()), None);
        }
    }

    #[test]
    fn months_are_the_sites() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let time = |text: &str| {
            let time: jiff::Timestamp = text.parse().unwrap();
            month(&zone, EpochMs(time.as_millisecond()))
        };
        assert_eq!(time("2026-05-31T21:59:59Z"), "2026-05");
        assert_eq!(time("2026-05-31T22:00:00Z"), "2026-06");
        assert_eq!(month(&zone, EpochMs(i64::MIN)), "0000-01");
        assert_eq!(month(&zone, EpochMs(i64::MAX)), "9999-12");
    }
}
