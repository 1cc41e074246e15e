//! Which events belong to one visit.
