//! `[server]`: listeners, proxies, sizes and timeouts.

use super::ConfigError;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// The `[server]` section; units stand in the names.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    public_url: String,
    pub trusted_proxies: TrustedProxies,
    metrics_listen: String,
    pub body_limit_bytes: usize,
    pub inflated_limit_bytes: usize,
    header_timeout_seconds: u64,
    body_timeout_seconds: u64,
    request_timeout_seconds: u64,
    pub max_connections: usize,
    drain_seconds: u64,
}

impl Server {
    /// Address for browsers, without a trailing slash.
    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}", self.listen);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// Browsers reach this server over TLS only, so HSTS is safe.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Browsers on other machines reach this server without TLS.
    pub fn is_insecure(&self) -> bool {
        if self.is_https() {
            return false;
        }
        let url = self.public_url().parse::<http::Uri>().ok();
        let host = url.as_ref().and_then(http::Uri::host).unwrap_or_default();
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        !address.map_or(host == "localhost", |ip| ip.is_loopback())
    }

    pub fn metrics_listen(&self) -> Option<SocketAddr> {
        self.metrics_listen.parse().ok()
    }

    pub const fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    pub const fn body_timeout(&self) -> Duration {
        Duration::from_secs(self.body_timeout_seconds)
    }

    pub const fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }

    pub(super) fn validate(&self) -> Result<(), ConfigError> {
        if !self.metrics_listen.is_empty() && self.metrics_listen().is_none() {
            let problem = "expected an address and port such as 127.0.0.1:9090";
            return Err(ConfigError::invalid("server.metrics_listen", problem));
        }
        let known_scheme = ["", "http://", "https://"]
            .iter()
            .any(|scheme| match *scheme {
                "" => self.public_url.is_empty(),
                scheme => self.public_url.starts_with(scheme),
            });
        if !known_scheme {
            let problem = "expected an address such as https://stats.example.com";
            return Err(ConfigError::invalid("server.public_url", problem));
        }
        for (key, value) in [
            ("server.body_limit_bytes", self.body_limit_bytes),
            ("server.inflated_limit_bytes", self.inflated_limit_bytes),
            ("server.max_connections", self.max_connections),
        ] {
            if value == 0 {
                return Err(ConfigError::invalid(key, "must be greater than 0"));
            }
        }
        for (key, value) in [
            ("server.header_timeout_seconds", self.header_timeout_seconds),
            ("server.body_timeout_seconds", self.body_timeout_seconds),
            (
                "server.request_timeout_seconds",
                self.request_timeout_seconds,
            ),
        ] {
            if value == 0 {
                return Err(ConfigError::invalid(key, "must be greater than 0"));
            }
        }
        Ok(())
    }
}

/// Networks whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// `address` must be normalised: no IPv4-mapped IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<String>> for TrustedProxies {
    type Error = String;

    fn try_from(items: Vec<String>) -> Result<Self, Self::Error> {
        let parse = |item: &String| {
            let network = item.parse::<IpNet>();
            network
                .or_else(|_| item.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("{item:?} is neither an address nor a CIDR block"))
        };
        items.iter().map(parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    #[test]
    fn plain_http_is_insecure_unless_it_never_leaves_the_machine() {
        for (url, insecure) in [
            ("https://stats.example", false),
            ("http://stats.example:8080", true),
            ("http://10.0.0.5:8080", true),
            ("http://10.0.0.5", true),
            ("http://localhost", false),
            ("http://localhost:8080/", false),
            ("http://127.0.0.1:8080", false),
            ("http://[::1]:8080", false),
            ("http://[::1]", false),
            ("http://[2001:db8::1]", true),
            ("", false),
        ] {
            let config = Config::from_sources(&Overrides::default(), |name| {
                (name == "CLEW_PUBLIC_URL").then(|| url.to_owned())
            });
            assert_eq!(config.unwrap().server.is_insecure(), insecure, "{url}");
        }
    }
}
