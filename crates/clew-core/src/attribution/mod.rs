//! What brought a visitor, and which of it a conversion is owed to.
//!
//! `touch` says which events count as being brought; `thread` makes the touches of one visitor or
//! person out of them; `model` shares one conversion out among them; `apportion` does the sharing
//! without losing a millionth or a cent; `led` is what a
//! lead keeps of them, `tally` the report over many conversions. All of it is a pure function of the touches and the time
//! of the conversion, so an answer can be given again at any time.

mod apportion;
mod led;
mod model;
mod tally;
mod thread;
mod touch;

pub use apportion::apportion;
pub use led::{Led, LedBy};
pub use model::{LOOK_BACK_MS, Model, Share, WHOLE, credit};
pub use tally::{Converted, Credit, Facet, Tally};
pub use thread::{first, thread};
pub use touch::{Touch, TouchEvent, touch_of};
