//! The two background threads of a ledger.
//!
//! One writes full tables (short, always at hand, so the commit thread hardly ever waits); the
//! other drops expired runs and merges, which may take long. Neither ever gives up: a failed
//! write is reported, kept visible and tried again.

use super::store::Store;
use super::table::KeyTable;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const RETRY: Duration = Duration::from_millis(500);
const MAINTENANCE: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(super) struct Workers {
    tables: Option<SyncSender<Arc<KeyTable>>>,
    wake: Option<SyncSender<()>>,
    threads: Vec<JoinHandle<()>>,
    store: Arc<Store>,
}

impl Workers {
    pub(super) fn start(store: &Arc<Store>) -> io::Result<Self> {
        let (tables, tables_out) = sync_channel(1);
        let (wake, wake_out) = sync_channel(1);
        let mut workers = Self {
            tables: Some(tables),
            wake: Some(wake.clone()),
            threads: Vec::new(),
            store: Arc::clone(store),
        };
        let (writer, merger) = (Arc::clone(store), Arc::clone(store));
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.to_owned()).spawn(body)
        };
        workers.threads.push(spawn(
            "ledger-write",
            Box::new(move || write(&writer, &tables_out, &wake)),
        )?);
        workers.threads.push(spawn(
            "ledger-merge",
            Box::new(move || maintain(&merger, &wake_out)),
        )?);
        Ok(workers)
    }

    /// Hands a table over. The channel holds one and the owner never has two under way, so this
    /// does not block; false when the writer is gone.
    pub(super) fn submit(&self, table: Arc<KeyTable>) -> bool {
        self.tables
            .as_ref()
            .is_some_and(|tables| tables.try_send(table).is_ok())
    }

    /// Asks for maintenance soon; a request that is pending already covers this one.
    pub(super) fn wake(&self) {
        if let Some(wake) = &self.wake {
            let (Ok(()) | Err(_)) = wake.try_send(());
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.store.stop.store(true, Ordering::Relaxed);
        self.tables = None;
        self.wake = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a ledger thread panicked");
            }
        }
    }
}

fn write(store: &Store, tables: &Receiver<Arc<KeyTable>>, wake: &SyncSender<()>) {
    for table in tables {
        while let Err(error) = store.flush(&table) {
            store.report_write_error(&error);
            thread::sleep(RETRY);
            if store.stop.load(Ordering::Relaxed) {
                return;
            }
        }
        // A request that is pending already covers this one.
        let (Ok(()) | Err(_)) = wake.try_send(());
    }
}

fn maintain(store: &Store, wake: &Receiver<()>) {
    let mut expired = HashMap::new();
    loop {
        let outcome = store
            .record_damage()
            .and_then(|()| store.expire(&mut expired))
            .and_then(|()| {
                while store.merge_once()? {}
                Ok(())
            });
        if let Err(error) = outcome {
            store.report_write_error(&error);
        }
        match wake.recv_timeout(MAINTENANCE) {
            Err(RecvTimeoutError::Disconnected) => return,
            _ if store.stop.load(Ordering::Relaxed) => return,
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
