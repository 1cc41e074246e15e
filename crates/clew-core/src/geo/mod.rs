//! Addresses and time zones: what is publicly known about where and whose they are.
//!
//! Owns the reading of databases that somebody else keeps: MaxMind-format files that the operator
//! brings ([`Atlas`]), and three tables that ship with this build ([`KnownNetworks`],
//! [`is_hosting`], [`Zones`]). Refuses IO: bytes are passed in, a new file makes a new atlas.
//! Nothing here is ever told by the visitor, except the time zone, which is asked last.

mod atlas;
mod database;
mod hosting;
mod networks;
mod zones;

pub use atlas::{Atlas, Located};
pub use database::{Database, DatabaseError, DatabaseInfo};
pub use hosting::is_hosting;
pub use networks::{KnownNetwork, KnownNetworks, NetworkKind, NetworksError};
pub use zones::Zones;

#[cfg(test)]
pub(crate) mod testing;
