//! What operators see: JSON logs on stderr and Prometheus metrics.

mod logs;
mod prometheus;

pub use logs::init as init_logs;
pub use prometheus::{Prometheus, UPKEEP, resident_bytes};
