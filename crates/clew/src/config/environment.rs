//! The variables: one line each, so a reader sees them all. Those without `CLEW_` are what an
//! earlier system called them.

use super::ConfigError;
use config::ConfigBuilder;
use config::builder::DefaultState;

/// A variable and the configuration key that it sets.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    pub name: &'static str,
    pub key: &'static str,
    /// Comma-separated list.
    list: bool,
}

const fn one(name: &'static str, key: &'static str) -> Variable {
    Variable {
        name,
        key,
        list: false,
    }
}

const fn list(name: &'static str, key: &'static str) -> Variable {
    Variable {
        name,
        key,
        list: true,
    }
}

/// Every variable that Clew reads.
pub const VARIABLES: &[Variable] = &[
    one("CLEW_DATA_DIR", "data_dir"),
    one("CLEW_KEY_FILE", "key_file"),
    one("CLEW_LISTEN", "server.listen"),
    one("CLEW_PUBLIC_URL", "server.public_url"),
    list("CLEW_TRUSTED_PROXIES", "server.trusted_proxies"),
    one("CLEW_METRICS_LISTEN", "server.metrics_listen"),
    one("CLEW_BODY_LIMIT_BYTES", "server.body_limit_bytes"),
    one("CLEW_INFLATED_LIMIT_BYTES", "server.inflated_limit_bytes"),
    one(
        "CLEW_HEADER_TIMEOUT_SECONDS",
        "server.header_timeout_seconds",
    ),
    one("CLEW_BODY_TIMEOUT_SECONDS", "server.body_timeout_seconds"),
    one(
        "CLEW_REQUEST_TIMEOUT_SECONDS",
        "server.request_timeout_seconds",
    ),
    one("CLEW_MAX_CONNECTIONS", "server.max_connections"),
    one("CLEW_DRAIN_SECONDS", "server.drain_seconds"),
    one("CLEW_RATE_LIMIT_PER_MINUTE", "limits.rate_limit_per_minute"),
    one(
        "CLEW_WRITE_KEY_RATE_LIMIT_PER_MINUTE",
        "limits.write_key_rate_limit_per_minute",
    ),
    one(
        "CLEW_KEY_RATE_LIMIT_PER_MINUTE",
        "limits.key_rate_limit_per_minute",
    ),
    one(
        "CLEW_SITE_RATE_LIMIT_PER_MINUTE",
        "limits.site_rate_limit_per_minute",
    ),
    one("CLEW_SIGN_IN_IDLE_HOURS", "sign_in.idle_hours"),
    one(
        "CLEW_SIGN_IN_HIPAA_IDLE_MINUTES",
        "sign_in.hipaa_idle_minutes",
    ),
    one("CLEW_SIGN_IN_LONGEST_DAYS", "sign_in.longest_days"),
    one("ANALYTICS_API_KEY", "analytics.api_key"),
    one("ANALYTICS_MARKETING_API_KEY", "analytics.marketing_api_key"),
    one("CLEW_NODE", "journal.node"),
    one("CLEW_JOURNAL_SEGMENT_BYTES", "journal.segment_bytes"),
    one("CLEW_JOURNAL_MAX_QUEUE", "journal.max_queue"),
    one("CLEW_JOURNAL_BACKLOG_BYTES", "journal.backlog_bytes"),
    one("CLEW_JOURNAL_UNSAFE_NO_SYNC", "journal.unsafe_no_sync"),
    one(
        "CLEW_PROJECTOR_ROWS_PER_SECOND",
        "projector.rows_per_second",
    ),
    one("CLEW_DEDUPE_DAYS", "ledger.dedupe_days"),
    one("CLEW_LEDGER_MEMORY_BYTES", "ledger.memory_bytes"),
    one("CLEW_REPORT_MEMORY_BYTES", "reports.memory_bytes"),
    one("CLEW_REPORT_TIMEOUT_SECONDS", "reports.timeout_seconds"),
    one("CLEW_GEO_PLACES", "geo.places"),
    one("CLEW_GEO_NETWORKS", "geo.networks"),
    one("CLEW_GEO_PROXY_HEADERS", "geo.proxy_headers"),
    one("CLEW_GEO_UPDATE_URL", "geo.update_url"),
    one("CLEW_DATABASE_URL", "database.url"),
    one("CLEW_LOG", "log.level"),
];

pub(super) fn apply(
    mut builder: ConfigBuilder<DefaultState>,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<ConfigBuilder<DefaultState>, ConfigError> {
    for variable in VARIABLES {
        let Some(value) = environment(variable.name) else {
            continue;
        };
        builder = if variable.list {
            let items = value.split(',').map(str::trim).filter(|v| !v.is_empty());
            let items: Vec<String> = items.map(String::from).collect();
            builder.set_override(variable.key, items)?
        } else {
            builder.set_override(variable.key, value)?
        };
    }
    Ok(builder)
}
