//! A site's own lists of addresses.

use ipnet::IpNet;
use std::net::IpAddr;

/// On which list an address stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IpListing {
    /// Stored apart, never counted, never sent.
    Blocked,
    /// Visible, never counted or sent: the site's own people.
    Testing,
    /// Skips limits and rating.
    Whitelisted,
}

/// Networks by list. An address on several is whitelisted before it is blocked before it is a
/// tester's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IpLists {
    pub blocked: Vec<IpNet>,
    pub testing: Vec<IpNet>,
    pub whitelisted: Vec<IpNet>,
}

impl IpLists {
    pub fn listing(&self, ip: IpAddr) -> Option<IpListing> {
        let on = |list: &[IpNet]| list.iter().any(|net| net.contains(&ip));
        if on(&self.whitelisted) {
            Some(IpListing::Whitelisted)
        } else if on(&self.blocked) {
            Some(IpListing::Blocked)
        } else if on(&self.testing) {
            Some(IpListing::Testing)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_on_the_list_that_counts_most() {
        let nets = |list: &[&str]| list.iter().map(|net| net.parse().unwrap()).collect();
        let lists = IpLists {
            blocked: nets(&["203.0.113.0/24", "2001:db8::/32"]),
            testing: nets(&["203.0.113.9/32", "198.51.100.7/32"]),
            whitelisted: nets(&["203.0.113.128/25"]),
        };
        for (ip, listing) in [
            ("203.0.113.9", Some(IpListing::Blocked)),
            ("203.0.113.200", Some(IpListing::Whitelisted)),
            ("198.51.100.7", Some(IpListing::Testing)),
            ("2001:db8::1", Some(IpListing::Blocked)),
            ("192.0.2.1", None),
        ] {
            assert_eq!(lists.listing(ip.parse().unwrap()), listing, "{ip}");
        }
    }
}
