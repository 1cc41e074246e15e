//! The commit thread: one group after the other, one sync for each.
//!
//! Owns the gate and the writer. Refuses to answer anybody before the whole group is durable,
//! entries that wrote nothing included: they may be duplicates of an entry in the same group.
//!
//! Invariant: everything taken from the queue is answered in the same turn, success or not.

use crate::{
    error::AppendError,
    gate::Gate,
    health::Health,
    queue::{Answer, Appended, Queue, Taken, Waiting},
    record::{GROUP_START, Lsn, MAX_PAYLOAD, encode},
    writer::Writer,
};
use std::{io, sync::Arc};
use tokio::sync::oneshot;

/// Buffers above this size are given back after the group that needed them.
const KEEP_BUFFER: usize = 4 << 20;

pub(crate) struct Committer<G: Gate> {
    pub(crate) gate: G,
    pub(crate) writer: Writer,
    pub(crate) queue: Arc<Queue<G>>,
    group: Group<G::Verdict>,
}

struct Group<V> {
    frames: Vec<u8>,
    payload: Vec<u8>,
    answers: Vec<(oneshot::Sender<Answer<V>>, Appended<V>)>,
    last: u64,
}

/// Lets callers see "closed" instead of silence if the thread ever ends by a panic.
struct Abandon<G: Gate>(Arc<Queue<G>>, Arc<Health>);

impl<G: Gate> Drop for Abandon<G> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.1.fail(AppendError::Closed);
        }
        self.0.abandon();
    }
}

impl<G: Gate> Committer<G> {
    pub(crate) fn new(gate: G, writer: Writer, queue: Arc<Queue<G>>) -> Self {
        let group = Group {
            frames: Vec::new(),
            payload: Vec::new(),
            answers: Vec::new(),
            last: 0,
        };
        Self {
            gate,
            writer,
            queue,
            group,
        }
    }

    /// Runs until the queue is closed and drained.
    pub(crate) fn run(mut self) {
        let abandon = Abandon(Arc::clone(&self.queue), Arc::clone(&self.writer.health));
        let mut batch = Vec::new();
        loop {
            let Taken { seals, closed } = self.queue.take(&mut batch, self.writer.patience());
            if batch.is_empty() && seals.is_empty() {
                if closed {
                    break;
                }
                // Woken by the clock: a journal that is down looks whether it can come up again.
                drop(self.writer.ready());
                continue;
            }
            if !batch.is_empty() {
                self.commit(&mut batch);
            }
            for seal in seals {
                // Whoever asked may have gone; the segment is sealed all the same.
                drop(seal.send(self.writer.seal()));
            }
        }
        drop(abandon);
    }

    fn commit(&mut self, batch: &mut Vec<Waiting<G>>) {
        let salt = match self.writer.ready() {
            Ok(salt) => salt,
            Err(error) => return refuse(batch.drain(..).map(|w| w.reply), &error),
        };
        let framed = self.frame(batch, salt);
        let nothing = self.group.frames.is_empty();
        let outcome = framed.and_then(|()| {
            if nothing {
                Ok(())
            } else {
                self.writer.append(&self.group.frames, self.group.last)
            }
        });
        match outcome {
            Ok(()) => {
                if !nothing {
                    self.gate.committed(Lsn(self.group.last));
                }
                for (reply, appended) in self.group.answers.drain(..) {
                    // A caller that stopped waiting loses only the answer, not the record.
                    drop(reply.send(Ok(appended)));
                }
            }
            Err(error) => {
                self.gate.aborted();
                refuse(self.group.answers.drain(..).map(|(reply, _)| reply), &error);
            }
        }
        for buffer in [&mut self.group.frames, &mut self.group.payload] {
            buffer.clear();
            buffer.shrink_to(KEEP_BUFFER);
        }
    }

    /// Asks the gate about every entry and frames what it lets through.
    fn frame(&mut self, batch: &mut Vec<Waiting<G>>, salt: u32) -> Result<(), AppendError> {
        let group = &mut self.group;
        let node = self.writer.options.node;
        let mut next = self.writer.next_lsn;
        let mut outcome = Ok(());
        for Waiting { entry, reply } in batch.drain(..) {
            group.payload.clear();
            let (header, verdict) = self.gate.admit(entry, &mut group.payload);
            let lsn = header.map(|_| Lsn(next));
            group.answers.push((reply, Appended { lsn, verdict }));
            if let Some(header) = header {
                if group.payload.len() > MAX_PAYLOAD {
                    let too_long = io::Error::new(io::ErrorKind::InvalidInput, "payload too long");
                    outcome = Err(AppendError::Failed(Arc::new(too_long)));
                    continue;
                }
                let flags = if group.frames.is_empty() {
                    GROUP_START
                } else {
                    0
                };
                encode(
                    &mut group.frames,
                    salt,
                    (node, next, flags),
                    &header,
                    &group.payload,
                );
                group.last = next;
                next += 1;
            }
        }
        outcome
    }
}

fn refuse<V>(replies: impl Iterator<Item = oneshot::Sender<Answer<V>>>, error: &AppendError) {
    for reply in replies {
        // A caller that stopped waiting needs no refusal.
        drop(reply.send(Err(error.clone())));
    }
}
