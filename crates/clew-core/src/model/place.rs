//! Where a visitor was.

/// Names as they are shown; empty = unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    pub region: String,
    pub city: String,
}
