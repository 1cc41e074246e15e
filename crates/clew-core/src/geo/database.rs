//! One MaxMind-format file, of any of the usual makers.
//!
//! The makers agree on the container and not on the fields: MaxMind and DB-IP nest them
//! (`country.iso_code`), others keep them flat (`country_code`). Each field is looked for under
//! its known names; a file that lacks one leaves it empty. Damaged entries say nothing.

use crate::model::Place;
use maxminddb::{LookupResult, MaxMindDbError, PathElement, Reader};
use std::net::IpAddr;

const NAME_MAX: usize = 64;

/// The whole file in memory: reading never waits for a disk.
pub struct Database(Reader<Vec<u8>>);

/// Bytes that are no such file.
#[derive(Debug, thiserror::Error)]
#[error("not a readable MaxMind-format database: {0}")]
pub struct DatabaseError(#[from] MaxMindDbError);

/// Where numbers come from.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DatabaseInfo {
    /// The maker's own name, e.g. `DBIP-City-Lite`.
    pub name: String,
    pub built_ms: i64,
    /// Nodes of the search tree: a measure of how much it knows.
    pub records: u32,
    /// What the licence wants shown, where it is known.
    pub attribution: Option<&'static str>,
}

type Entry<'a> = LookupResult<'a, Vec<u8>>;

impl Database {
    /// Opens a file's bytes; cheap, whatever their number.
    pub fn read(bytes: Vec<u8>) -> Result<Self, DatabaseError> {
        Ok(Self(Reader::from_source(bytes)?))
    }

    /// Reads every record once: slow, and certain.
    pub fn verify(&self) -> Result<(), DatabaseError> {
        Ok(self.0.verify()?)
    }

    /// Whether its makers mean networks rather than places.
    pub fn is_of_networks(&self) -> bool {
        let kind = self.0.metadata().database_type.to_ascii_lowercase();
        let named = |word: &str| kind.contains(word);
        (named("asn") || named("isp")) && !named("country") && !named("city")
    }

    pub fn info(&self) -> DatabaseInfo {
        let metadata = self.0.metadata();
        let seconds = i64::try_from(metadata.build_epoch).unwrap_or(0);
        DatabaseInfo {
            name: metadata.database_type.clone(),
            built_ms: seconds.saturating_mul(1000),
            records: metadata.node_count,
            attribution: attribution(&metadata.database_type),
        }
    }

    pub(super) fn place(&self, ip: IpAddr) -> Place {
        let Some(entry) = self.entry(ip) else {
            return Place::default();
        };
        let names = &[
            &["country", "iso_code"][..],
            &["registered_country", "iso_code"],
            &["country_code"],
        ];
        let country = text(&entry, names).to_ascii_uppercase();
        let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic());
        Place {
            country: if is_country { country } else { String::new() },
            region: region(&entry),
            city: text(&entry, &[&["city", "names", "en"], &["city"]]),
        }
    }

    pub(super) fn network(&self, ip: IpAddr) -> (u32, String) {
        let Some(entry) = self.entry(ip) else {
            return (0, String::new());
        };
        let number = path::<u32>(&entry, &["autonomous_system_number"]);
        let number = number.or_else(|| {
            let text = path::<&str>(&entry, &["asn"])?;
            text.trim_start_matches("AS").parse().ok()
        });
        let names = &[&["autonomous_system_organization"][..], &["as_name"]];
        match number {
            Some(number) if number > 0 => (number, text(&entry, names)),
            _ => (0, String::new()),
        }
    }

    fn entry(&self, ip: IpAddr) -> Option<Entry<'_>> {
        let entry = self.0.lookup(ip).ok()?;
        entry.has_data().then_some(entry)
    }
}

fn path<'a, T: serde::Deserialize<'a>>(entry: &Entry<'a>, keys: &[&'a str]) -> Option<T> {
    let mut elements = [const { PathElement::Index(0) }; 4];
    for (element, key) in elements.iter_mut().zip(keys) {
        *element = match *key {
            "0" => PathElement::Index(0),
            key => PathElement::Key(key),
        };
    }
    entry.decode_path(&elements[..keys.len()]).ok().flatten()
}

fn text<'a>(entry: &Entry<'a>, names: &[&[&'a str]]) -> String {
    let found = names.iter().find_map(|keys| path::<&str>(entry, keys));
    let name = found.unwrap_or_default().trim();
    name.chars()
        .filter(|c| !c.is_control())
        .take(NAME_MAX)
        .collect()
}

fn region(entry: &Entry<'_>) -> String {
    let names = &[
        &["subdivisions", "0", "names", "en"][..],
        &["state1"],
        &["region"],
        &["stateprov"],
    ];
    text(entry, names)
}

/// What the makers of free databases ask for.
fn attribution(kind: &str) -> Option<&'static str> {
    let kind = kind.to_ascii_lowercase();
    if kind.contains("dbip") || kind.contains("db-ip") {
        Some("IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0")
    } else if kind.contains("geolite2") {
        Some("GeoLite data created by MaxMind (https://www.maxmind.com)")
    } else if kind.contains("ipinfo") {
        Some("IP address data powered by IPinfo (https://ipinfo.io), CC BY-SA 4.0")
    } else {
        None
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.info().name).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::testing;

    #[test]
    fn a_file_says_what_it_is() {
        let database = testing::open(testing::CITY);
        database.verify().unwrap();
        let info = database.info();
        assert_eq!(info.built_ms, 1_795_000_000_000);
        assert!(info.attribution.unwrap().contains("db-ip.com"));
        assert!(!database.is_of_networks());
        assert!(testing::open(testing::ASN).is_of_networks());
    }

    #[test]
    fn flat_fields_are_understood_too() {
        let database = testing::open(testing::FLAT);
        let place = database.place(testing::VIENNA);
        assert_eq!(
            (place.country.as_str(), place.city.as_str()),
            ("AT", "Vienna")
        );
        assert_eq!(
            database.network(testing::VIENNA),
            (64_501, "Flat Net".to_owned())
        );
    }

    #[test]
    fn bytes_that_are_no_database_are_refused_and_damage_says_nothing() {
        for bytes in [Vec::new(), b"hello".to_vec(), vec![0; 4096]] {
            assert!(Database::read(bytes).is_err());
        }
        let whole = testing::CITY.to_vec();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            if let Ok(database) = Database::read(damaged) {
                let _ = database.place(testing::VIENNA);
                let _ = database.network(testing::VIENNA);
            }
        }
    }
}
