//! JSON log lines on stderr, one event each, with the fields of the event at the top level.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Starts logging with filter directives such as `info` or `clew=debug,warn`.
pub fn init(directives: &str) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(directives)?;
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        // Its complaint about a log that cannot be written goes to stderr too, and would panic there.
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        // Only tests start twice in one process; the first subscriber stays.
        tracing::debug!("logging was started before");
    }
    Ok(())
}
