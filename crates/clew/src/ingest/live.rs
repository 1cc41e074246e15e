//! Events for those who watch: what the event projector has just made visible, as it comes.
//!
//! Costs nothing while nobody watches a site. Refuses to slow the projector down: a watcher that
//! does not keep up loses the oldest events and is told how many. Imports are history and never
//! live.

use super::tail::Chunk;
use clew_core::model::id::RowId;
use clew_core::model::record::StoredBatch;
use clew_core::model::{RecordKind, SiteId, StoredEvent};
use parking_lot::Mutex;
use prost::Message as _;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events that a slow watcher may be behind.
const BUFFER: usize = 256;

/// An event of one site, visible in reports since a moment ago.
#[derive(Clone, Debug)]
pub struct LiveEvent {
    pub site: SiteId,
    pub received_ms: i64,
    pub event: Arc<StoredEvent>,
}

/// Watches of one session or key at once: some windows, no flood.
const PER_HOLDER: usize = 16;

/// Who watches which site.
#[derive(Debug, Default)]
pub struct Live {
    channels: Mutex<Option<HashMap<SiteId, broadcast::Sender<LiveEvent>>>>,
    /// Open watches of each session or key.
    holders: Mutex<HashMap<RowId, usize>>,
}

/// One of the watches that a session or key may have; given back when dropped.
#[derive(Debug)]
pub struct Seat {
    live: Arc<Live>,
    holder: RowId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut holders = self.live.holders.lock();
        if let Some(open) = holders.get_mut(&self.holder) {
            *open -= 1;
            if *open == 0 {
                holders.remove(&self.holder);
            }
        }
    }
}

impl Live {
    pub fn open() -> Self {
        Self {
            channels: Mutex::new(Some(HashMap::new())),
            holders: Mutex::default(),
        }
    }

    /// A seat for one more watch; `None` when this session or key has enough of them.
    pub fn seat(self: &Arc<Self>, holder: RowId) -> Option<Seat> {
        let mut holders = self.holders.lock();
        let open = holders.entry(holder).or_default();
        if *open >= PER_HOLDER {
            return None;
        }
        *open += 1;
        Some(Seat {
            live: self.clone(),
            holder,
        })
    }

    /// Everything that becomes visible from now on; `None` once the server is stopping.
    pub fn watch(&self, site: SiteId) -> Option<broadcast::Receiver<LiveEvent>> {
        let mut channels = self.channels.lock();
        let channel = channels
            .as_mut()?
            .entry(site)
            .or_insert_with(|| broadcast::Sender::new(BUFFER));
        Some(channel.subscribe())
    }

    /// Ends every watch.
    pub fn close(&self) {
        self.channels.lock().take();
    }

    /// The events of a chunk that somebody waits for.
    pub(super) fn wanted(&self, chunk: &Chunk) -> Vec<LiveEvent> {
        let mut watched = Vec::new();
        if let Some(channels) = self.channels.lock().as_mut() {
            channels.retain(|_, channel| channel.receiver_count() > 0);
            watched.extend(channels.keys().copied());
        }
        if watched.is_empty() {
            return Vec::new();
        }
        let mut events = Vec::new();
        for record in &chunk.records {
            let header = &record.header;
            let site = SiteId::from_bytes(header.site);
            let is_live = RecordKind::from_u8(header.kind) == Some(RecordKind::Events);
            if !is_live || !watched.contains(&site) {
                continue;
            }
            // The projector itself reports records that cannot be read.
            let Ok(batch) = StoredBatch::decode(record.payload.as_ref()) else {
                continue;
            };
            events.extend(batch.events.into_iter().map(|event| LiveEvent {
                site,
                received_ms: header.received_ms,
                event: Arc::new(event),
            }));
        }
        events
    }

    /// Shows events that are visible now.
    pub(super) fn show(&self, events: Vec<LiveEvent>) {
        let channels = self.channels.lock();
        let Some(channels) = channels.as_ref() else {
            return;
        };
        for event in events {
            if let Some(channel) = channels.get(&event.site) {
                // The last watcher may have left in between.
                let _left = channel.send(event);
            }
        }
    }
}
