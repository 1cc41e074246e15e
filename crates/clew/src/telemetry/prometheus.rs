//! The process's metrics in Prometheus text form.
//!
//! Latencies are summaries with p50, p95 and p99 per route. Samples wait in lock-free buckets
//! until upkeep folds them in, so recording one costs the request path almost nothing.

use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// How often [`Prometheus::upkeep`] wants to be called.
pub const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder of this process; there is one, however many servers run in it.
#[derive(Clone, Debug)]
pub struct Prometheus {
    handle: PrometheusHandle,
    started: Instant,
}

impl Prometheus {
    /// Installs the recorder, or finds the one that is installed.
    pub fn install() -> Self {
        static HANDLE: OnceLock<Prometheus> = OnceLock::new();
        HANDLE.get_or_init(Self::start).clone()
    }

    fn start() -> Self {
        let mut builder = PrometheusBuilder::new();
        match PrometheusBuilder::new().set_quantiles(&[0.5, 0.95, 0.99]) {
            Ok(with_quantiles) => builder = with_quantiles,
            Err(error) => tracing::error!(%error, "metrics: default quantiles stay"),
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::error!("metrics: another recorder is installed; /metrics stays empty");
        }
        describe();
        Self {
            handle,
            started: Instant::now(),
        }
    }

    /// Folds waiting samples in; without it they pile up in memory.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// All metrics in text form.
    pub fn render(&self) -> String {
        gauge!("clew_uptime_seconds").set(self.started.elapsed().as_secs_f64());
        if let Some(bytes) = resident_bytes() {
            gauge!("clew_memory_resident_bytes").set(bytes as f64);
        }
        self.handle.render()
    }
}

fn describe() {
    describe_histogram!("clew_http_request_seconds", "Latency per route.");
    describe_counter!("clew_http_requests_total", "Requests by route and status.");
    describe_counter!(
        "clew_rate_limited_total",
        "Requests refused with 429, by limit."
    );
    describe_counter!(
        "clew_refused_total",
        "Batches that their sender may not write, by reason."
    );
    describe_counter!(
        "clew_authority_lookups_total",
        "Questions to the management node, by outcome."
    );
    describe_counter!("clew_panics_total", "Requests that panicked.");
    describe_counter!("clew_script_loads_total", "Tracker scripts served.");
    describe_gauge!("clew_open_connections", "Open client connections.");
    describe_gauge!(
        "clew_memory_resident_bytes",
        "Resident memory of the process."
    );
    describe_gauge!("clew_uptime_seconds", "Seconds since the start.");
    describe_histogram!("clew_report_seconds", "Time of one report by name.");
    describe_gauge!(
        "clew_journal_lag_records",
        "Durable records that a projector has not reached yet."
    );
}

/// Resident memory; `None` where /proc is missing.
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib << 10)
}
