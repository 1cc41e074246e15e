//! `[authority]`: another node that says whose hosts are whose.

use super::ConfigError;
use std::net::IpAddr;
use url::{Host, Url};

/// The `[authority]` section.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    url: String,
}

impl Authority {
    /// Address of the management node; none when this node decides by itself.
    pub fn url(&self) -> Option<&str> {
        let url = self.url.trim().trim_end_matches('/');
        (!url.is_empty()).then_some(url)
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if self.url().is_some_and(|url| !is_acceptable(url)) {
            let problem = "expected an address such as https://manage.example.com; \
                           http only for a loopback or private address";
            return Err(ConfigError::invalid("authority.url", problem));
        }
        Ok(())
    }
}

/// What is answered there decides what may be stored, so nobody on the way may change it.
fn is_acceptable(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let plain = url.query().is_none() && url.fragment().is_none() && url.has_host();
    match url.scheme() {
        "https" => plain,
        "http" => plain && url.host().is_some_and(|host| is_near(&host)),
        _ => false,
    }
}

fn is_near(host: &Host<&str>) -> bool {
    let address: IpAddr = match host {
        Host::Domain(name) => return *name == "localhost",
        Host::Ipv4(ip) => (*ip).into(),
        Host::Ipv6(ip) => (*ip).into(),
    };
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_near_addresses_only() {
        for (url, acceptable) in [
            ("", true),
            ("https://manage.example", true),
            ("https://manage.example:8443/clew/", true),
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://10.1.2.3", true),
            ("http://192.168.1.2", true),
            ("http://[::1]:8080", true),
            ("http://[fd00::1]", true),
            ("http://manage.example", false),
            ("http://203.0.113.5", false),
            ("http://[2001:db8::1]", false),
            ("http://localhost.evil.example", false),
            ("ftp://manage.example", false),
            ("manage.example", false),
            ("https://manage.example/?x=1", false),
            ("https://", false),
        ] {
            let authority = Authority {
                url: url.to_owned(),
            };
            assert_eq!(authority.validate().is_ok(), acceptable, "{url}");
        }
    }
}
