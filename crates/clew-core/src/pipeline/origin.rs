//! Origin: what the address of a request says, looked up once for all of its events.

use super::Resources;
use crate::geo::{Atlas, NetworkKind, is_hosting};
use crate::model::{IpListing, Place, PlaceSource, Signal, Signals, SitePolicy};
use crate::wire::Client;

/// Everything that follows from the address; the stages take from it what may be kept.
#[derive(Clone, Debug)]
pub struct Origin {
    pub place: Place,
    /// How `place` is known; `None` where it is not.
    pub source: PlaceSource,
    /// 0 = unknown.
    pub asn: u32,
    pub network: String,
    /// Those that the address alone gives.
    pub signals: Signals,
    /// On which of the site's own lists it stands.
    pub listing: Option<IpListing>,
}

impl Origin {
    /// Nothing is known: events of an import, whose address is nobody's any more.
    pub const UNKNOWN: Self = Self {
        place: Place {
            country: String::new(),
            region: String::new(),
            city: String::new(),
        },
        source: PlaceSource::None,
        asn: 0,
        network: String::new(),
        signals: Signals(0),
        listing: None,
    };

    pub fn look_up(
        client: &Client,
        site: &SitePolicy,
        resources: &Resources,
        atlas: &Atlas,
    ) -> Self {
        let ip = client.ip.to_canonical();
        let located = atlas.look_up(ip);
        let (place, source) = place(client.place.as_ref(), located.place);
        let known = resources.networks.look_up(ip);
        let mut signals = Signals::default();
        match known.map(|network| network.kind) {
            Some(NetworkKind::Tor) => signals.add(Signal::Tor),
            Some(NetworkKind::Vpn) => signals.add(Signal::Vpn),
            Some(NetworkKind::Hosting) => signals.add(Signal::Datacenter),
            None if is_hosting(located.asn) => signals.add(Signal::Datacenter),
            None => {}
        }
        if client.tor {
            signals.add(Signal::Tor);
        }
        let network = if located.network.is_empty() {
            known.map_or("", |network| network.name).to_owned()
        } else {
            located.network
        };
        Self {
            place,
            source,
            asn: located.asn,
            network,
            signals,
            listing: site.ip_lists.listing(ip),
        }
    }
}

/// The proxy that the operator trusts knows best; the database may add what it leaves out, where
/// the two agree on the country.
fn place(proxy: Option<&Place>, database: Place) -> (Place, PlaceSource) {
    match proxy.filter(|place| !place.country.is_empty()) {
        Some(stated) if stated.city.is_empty() && stated.country == database.country => {
            (database, PlaceSource::Database)
        }
        Some(stated) => (stated.clone(), PlaceSource::Proxy),
        None if database.country.is_empty() => (Place::default(), PlaceSource::None),
        None => (database, PlaceSource::Database),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_and_database_are_weighed() {
        let place_of = |country: &str, city: &str| Place {
            country: country.to_owned(),
            city: city.to_owned(),
            ..Place::default()
        };
        for (proxy, database, expected) in [
            (None, ("", ""), ("", "", PlaceSource::None)),
            (None, ("AT", "Graz"), ("AT", "Graz", PlaceSource::Database)),
            (
                Some(("", "")),
                ("AT", ""),
                ("AT", "", PlaceSource::Database),
            ),
            (
                Some(("AT", "")),
                ("AT", "Graz"),
                ("AT", "Graz", PlaceSource::Database),
            ),
            (
                Some(("AT", "Linz")),
                ("AT", "Graz"),
                ("AT", "Linz", PlaceSource::Proxy),
            ),
            (
                Some(("DE", "")),
                ("AT", "Graz"),
                ("DE", "", PlaceSource::Proxy),
            ),
        ] {
            let proxy = proxy.map(|(country, city)| place_of(country, city));
            let (found, source) = place(proxy.as_ref(), place_of(database.0, database.1));
            let got = (found.country.as_str(), found.city.as_str(), source);
            assert_eq!(got, expected);
        }
    }
}
