//! `[log]`: what reaches stderr.

/// The `[log]` section.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Filter directives of `tracing_subscriber::EnvFilter`.
    pub level: String,
}
