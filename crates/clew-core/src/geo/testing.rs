//! The tiny databases of fixtures/geo, in which only 203.0.113.0/24 is somewhere.

use super::{Atlas, Database};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

pub(crate) const CITY: &[u8] = include_bytes!("../../../../fixtures/geo/places.mmdb");
pub(crate) const ASN: &[u8] = include_bytes!("../../../../fixtures/geo/networks.mmdb");
pub(crate) const FLAT: &[u8] = include_bytes!("../../../../fixtures/geo/flat.mmdb");

pub(crate) const VIENNA: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
pub(crate) const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1));

pub(crate) fn open(bytes: &[u8]) -> Database {
    Database::read(bytes.to_vec()).unwrap()
}

/// Places and networks.
pub(crate) fn atlas() -> Atlas {
    Atlas::new(Some(Arc::new(open(CITY))), Some(Arc::new(open(ASN))))
}
