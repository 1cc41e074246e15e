//! The databases of one installation, asked as one.

use super::{Database, DatabaseInfo};
use crate::model::Place;
use std::net::IpAddr;
use std::sync::Arc;

/// None, one or both of a database of places and a database of networks.
#[derive(Debug, Default)]
pub struct Atlas {
    places: Option<Arc<Database>>,
    networks: Option<Arc<Database>>,
}

/// What the databases say about an address; empty where they say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    pub place: Place,
    pub asn: u32,
    pub network: String,
}

impl Atlas {
    pub const fn new(places: Option<Arc<Database>>, networks: Option<Arc<Database>>) -> Self {
        Self { places, networks }
    }

    pub fn look_up(&self, ip: IpAddr) -> Located {
        let mut located = Located::default();
        if let Some(places) = &self.places {
            located.place = places.place(ip);
        }
        // Some databases of places name the network too.
        for database in [&self.networks, &self.places].into_iter().flatten() {
            if located.asn == 0 {
                (located.asn, located.network) = database.network(ip);
            }
        }
        located
    }

    pub const fn has_places(&self) -> bool {
        self.places.is_some()
    }

    /// The open databases, for those who ask where the numbers come from.
    pub fn databases(&self) -> impl Iterator<Item = DatabaseInfo> {
        [&self.places, &self.networks]
            .into_iter()
            .flatten()
            .map(|database| database.info())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::testing;

    #[test]
    fn places_and_networks_are_asked_together() {
        let atlas = testing::atlas();
        let located = atlas.look_up(testing::VIENNA);
        assert_eq!(located.place.country, "AT");
        assert_eq!(located.place.region, "Vienna");
        assert_eq!(located.place.city, "Vienna");
        assert_eq!(
            (located.asn, located.network.as_str()),
            (64_500, "Example Net")
        );
        assert_eq!(atlas.look_up(testing::NOWHERE), Located::default());
        let names: Vec<_> = atlas.databases().map(|info| info.name).collect();
        assert_eq!(names, ["DBIP-City-Lite", "DBIP-ASN-Lite"]);
        assert_eq!(
            Atlas::default().look_up(testing::VIENNA),
            Located::default()
        );
    }
}
