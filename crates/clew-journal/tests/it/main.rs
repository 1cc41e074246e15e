//! Tests of the journal through its public API.
//!
//! `CLEW_DEEP=1` multiplies the cases of the random ones; the seed stays fixed.

#![allow(clippy::unwrap_used)]

mod basics;
mod concurrency;
mod damage;
mod faults;
mod fixtures;
mod image;
mod ledger;
mod model;

/// How many cases a random test runs: more on demand.
fn cases(normal: u32, deep: u32) -> u32 {
    let deep_wanted = std::env::var("CLEW_DEEP").is_ok_and(|v| v == "1");
    if deep_wanted { deep } else { normal }
}
