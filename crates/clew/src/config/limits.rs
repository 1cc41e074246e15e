//! `[limits]`: requests per minute.

/// The `[limits]` section; 0 switches a limit off.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Per client network: /24 of IPv4, /48 of IPv6.
    pub rate_limit_per_minute: u32,
    /// Per write key (`pk_…`), presented or standing in the request.
    pub write_key_rate_limit_per_minute: u32,
    pub key_rate_limit_per_minute: u32,
    pub site_rate_limit_per_minute: u32,
}
