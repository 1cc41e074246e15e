//! Sites: made, changed, watched, verified.

mod live;
mod manage;
mod verification;
