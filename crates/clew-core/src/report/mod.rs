//! What a report may ask for.
