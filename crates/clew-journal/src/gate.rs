//! The gate: where the caller decides, in commit order, what is written.
//!
//! Owns the contract between the commit thread and its caller; refuses to know what a duplicate
//! is. Invariant: for every group there is exactly one `committed` or `aborted` after its `admit`
//! calls if the group had anything to write, and none otherwise.

use crate::record::{Header, Lsn};

/// Decides over entries one by one, on the commit thread, in commit order.
///
/// "Is it known? Then write it" has no race here, because nothing else runs in between.
pub trait Gate: Send + 'static {
    type Entry: Send + 'static;
    type Verdict: Send + 'static;

    /// Appends the payload to write to `out` (empty at the call) and returns its header.
    ///
    /// `None` means that there is nothing to write, and then nothing may be staged either.
    fn admit(&mut self, entry: Self::Entry, out: &mut Vec<u8>) -> (Option<Header>, Self::Verdict);

    /// The whole group is durable; `last` is its last LSN. What was staged is known from now on.
    fn committed(&mut self, last: Lsn);

    /// The group failed and none of it counts: forget what was staged.
    fn aborted(&mut self);

    /// About how many bytes the entry holds in memory while it waits; bounds the queue.
    fn weight(entry: &Self::Entry) -> usize {
        let _ = entry;
        size_of::<Self::Entry>()
    }
}

/// Lets everything through; for tools and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

impl Gate for Open {
    type Entry = (Header, Vec<u8>);
    type Verdict = ();

    fn admit(&mut self, (header, payload): Self::Entry, out: &mut Vec<u8>) -> (Option<Header>, ()) {
        out.extend_from_slice(&payload);
        (Some(header), ())
    }

    fn committed(&mut self, _last: Lsn) {}

    fn aborted(&mut self) {}

    fn weight((_, payload): &Self::Entry) -> usize {
        size_of::<Self::Entry>() + payload.len()
    }
}
