//! Networks of hosting companies, VPN services and Tor exits, by address (`data/networks.bin`).
//!
//! The file is searched where it lies: a table of labels, then sorted records of start, end and
//! label, big endian, for IPv4 and for IPv6. Nothing is copied to the heap.

use std::net::IpAddr;

const DATA: &[u8] = include_bytes!("../../data/networks.bin");
const V4: usize = 4 + 4 + 1;
const V6: usize = 16 + 16 + 1;

/// What a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkKind {
    /// Rented machines, and the machines of crawlers and content networks.
    Hosting,
    Vpn,
    Tor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    /// Whose it is, e.g. `Amazon AWS`.
    pub name: &'static str,
    pub kind: NetworkKind,
}

/// Data that does not have its own layout: a broken build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table of known networks is damaged")]
pub struct NetworksError;

/// The table.
pub struct KnownNetworks {
    labels: Vec<KnownNetwork>,
    v4: &'static [u8],
    v6: &'static [u8],
    built_s: u64,
}

impl KnownNetworks {
    pub fn load() -> Result<Self, NetworksError> {
        Self::parse(DATA).ok_or(NetworksError)
    }

    fn parse(data: &'static [u8]) -> Option<Self> {
        let (head, rest) = data.split_at_checked(20)?;
        let size = |at: usize| {
            head.get(at..at + 4)?
                .try_into()
                .ok()
                .map(u32::from_be_bytes)
        };
        let (table, rest) = rest.split_at_checked(size(0)? as usize)?;
        let (v4, v6) = rest.split_at_checked(size(4)? as usize)?;
        let labels: Option<Vec<_>> = std::str::from_utf8(table)
            .ok()?
            .lines()
            .map(label)
            .collect();
        let labels = labels?;
        let fits = |table: &[u8], record: usize| {
            table.len().is_multiple_of(record)
                && table
                    .chunks_exact(record)
                    .all(|record| usize::from(record[record.len() - 1]) < labels.len())
        };
        let whole = v6.len() == size(8)? as usize && fits(v4, V4) && fits(v6, V6);
        let built_s = u64::from_be_bytes(head[12..].try_into().ok()?);
        whole.then_some(Self {
            labels,
            v4,
            v6,
            built_s,
        })
    }

    /// The network of a global address, if it is one of the known.
    pub fn look_up(&self, ip: IpAddr) -> Option<KnownNetwork> {
        let label = match ip.to_canonical() {
            IpAddr::V4(ip) => search::<V4>(self.v4, &ip.octets()),
            IpAddr::V6(ip) => search::<V6>(self.v6, &ip.octets()),
        }?;
        self.labels.get(usize::from(label)).copied()
    }

    /// How many ranges are known, and as of which second.
    pub fn info(&self) -> (usize, u64) {
        (self.v4.len() / V4 + self.v6.len() / V6, self.built_s)
    }
}

fn label(line: &'static str) -> Option<KnownNetwork> {
    let (kind, name) = line.split_once('\t')?;
    let kind = match kind {
        "hosting" | "cdn" | "bot" => NetworkKind::Hosting,
        "vpn" => NetworkKind::Vpn,
        "tor" => NetworkKind::Tor,
        _ => return None,
    };
    Some(KnownNetwork { name, kind })
}

/// Label of the record that holds `key`; big-endian bytes compare like numbers.
fn search<const RECORD: usize>(table: &[u8], key: &[u8]) -> Option<u8> {
    let record = |i: usize| &table[i * RECORD..(i + 1) * RECORD];
    let (mut low, mut high) = (0, table.len() / RECORD);
    while low < high {
        let middle = usize::midpoint(low, high);
        if &record(middle)[..key.len()] <= key {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let found = record(low.checked_sub(1)?);
    (key <= &found[key.len()..2 * key.len()]).then_some(found[RECORD - 1])
}

impl std::fmt::Debug for KnownNetworks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (ranges, _) = self.info();
        f.debug_struct("KnownNetworks")
            .field("ranges", &ranges)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<const RECORD: usize>(table: &[u8], key: usize) -> bool {
        let records: Vec<_> = table.chunks_exact(RECORD).collect();
        records.iter().all(|r| r[..key] <= r[key..2 * key])
            && records.windows(2).all(|w| w[0][key..2 * key] < w[1][..key])
    }

    #[test]
    fn the_shipped_table_is_sorted_and_does_not_overlap() {
        let known = KnownNetworks::load().unwrap();
        assert!(sorted::<V4>(known.v4, 4) && sorted::<V6>(known.v6, 16));
        assert!(known.info().0 > 20_000);
    }

    #[test]
    fn every_range_is_found_at_both_ends_and_not_beside_them() {
        let known = KnownNetworks::load().unwrap();
        for (i, record) in known.v4.chunks_exact(V4).enumerate() {
            let at = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
            let (start, end) = (at(&record[..4]), at(&record[4..8]));
            let expected = known.labels[usize::from(record[8])];
            for ip in [start, end] {
                assert_eq!(known.look_up(IpAddr::V4(ip.into())), Some(expected));
            }
            let next = known.v4.chunks_exact(V4).nth(i + 1);
            if next.is_none_or(|next| at(&next[..4]) > end + 1) {
                assert_eq!(known.look_up(IpAddr::V4((end + 1).into())), None);
            }
        }
    }

    #[test]
    fn well_known_addresses_are_known_and_homes_are_not() {
        let known = KnownNetworks::load().unwrap();
        for (ip, name, kind) in [
            ("52.95.110.1", "Amazon AWS", NetworkKind::Hosting),
            ("140.82.121.4", "GitHub", NetworkKind::Hosting),
            ("::ffff:140.82.121.4", "GitHub", NetworkKind::Hosting),
            ("2606:4700::1", "Cloudflare", NetworkKind::Hosting),
        ] {
            let found = known.look_up(ip.parse().unwrap());
            assert_eq!(found, Some(KnownNetwork { name, kind }), "{ip}");
        }
        for ip in [
            "203.0.113.9",
            "127.0.0.1",
            "::1",
            "2001:db8::1",
            "91.64.0.1",
        ] {
            assert_eq!(known.look_up(ip.parse().unwrap()), None, "{ip}");
        }
        for kind in [NetworkKind::Vpn, NetworkKind::Tor] {
            assert!(known.labels.iter().any(|label| label.kind == kind));
        }
    }
}
