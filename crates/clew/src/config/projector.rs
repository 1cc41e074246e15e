//! `[projector]`: from the journal into the event store.

/// The `[projector]` section.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Projector {
    /// Upper bound; 0 = as fast as the store takes them.
    pub rows_per_second: u32,
}
