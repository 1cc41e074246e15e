//! The embedded store under damage, kills, swaps and load.

mod child;
mod damage;
mod questions;
mod sealing;
mod sql_text;
mod swap;

use super::{DuckOptions, DuckStore, OpenReport};
use std::path::Path;

pub(super) fn open(dir: &Path) -> (DuckStore, OpenReport) {
    let mut options = DuckOptions::new(dir);
    options.memory_bytes = 256 << 20;
    DuckStore::open(options).unwrap()
}
