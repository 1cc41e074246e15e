//! One site's run: the rows that a mark covers, out of the event store and into files.

use super::file::{Content, FileError};
use super::name::{FileName, month};
use super::{Files, RetentionError};
use crate::events::{EventRow, EventStore, Scan, Wanted};
use clew_core::model::{SiteId, Watermark};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Rows after which a file is full.
const FILE_ROWS: u64 = 50_000;
/// Months that are open at once; the fullest is closed first.
const OPEN_FILES: usize = 4;

/// What is to be archived.
#[derive(Clone, Debug)]
pub struct Run {
    pub site: SiteId,
    /// The site's calendar, by which files are cut.
    pub zone: TimeZone,
    /// One more than the last committed run.
    pub number: u64,
    pub mark: Watermark,
}

/// What a run wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    pub rows: u64,
    pub files: u64,
}

/// Files that are being filled.
struct Open {
    run: Run,
    contents: BTreeMap<String, Content>,
    parts: BTreeMap<String, u32>,
}

impl Files {
    /// Writes what the mark covers, after removing what an interrupted run left. When this returns,
    /// every file is durable and was read back. The caller holds [`Files::lock`], and commits the
    /// run before anything is deleted.
    pub async fn archive(
        &self,
        store: &dyn EventStore,
        run: Run,
    ) -> Result<Archived, RetentionError> {
        self.sweep(run.site, run.number - 1).await?;
        let mut scan = Scan {
            site: run.site,
            wanted: Wanted::Expired(run.mark),
            through: run.mark.through,
            after: None,
        };
        let mut open = Open {
            run,
            contents: BTreeMap::new(),
            parts: BTreeMap::new(),
        };
        let mut done = Archived::default();
        loop {
            let rows = store.scan(&scan).await?;
            let Some(last) = rows.last() else { break };
            scan.after = Some(last.place());
            let filled = tokio::task::spawn_blocking(move || open.fill(rows)).await;
            let full;
            (open, full) = filled.map_err(|_| RetentionError::Worker)??;
            self.store_all(full, &mut done).await?;
        }
        let rest = open.close(|_| true);
        self.store_all(rest, &mut done).await?;
        Ok(done)
    }

    async fn store_all(
        &self,
        full: Vec<(FileName, Content)>,
        done: &mut Archived,
    ) -> Result<(), RetentionError> {
        for (name, content) in full {
            let content = tokio::task::spawn_blocking(move || content.finish()).await;
            let content = content.map_err(|_| RetentionError::Worker)?;
            done.rows += self.store(&name, content).await?;
            done.files += 1;
        }
        Ok(())
    }
}

impl Open {
    /// Takes rows in; returns the files that are full.
    #[allow(clippy::type_complexity)]
    fn fill(
        mut self,
        rows: Vec<EventRow>,
    ) -> Result<(Self, Vec<(FileName, Content)>), RetentionError> {
        let mut by_month: BTreeMap<String, Vec<EventRow>> = BTreeMap::new();
        for row in rows {
            let month = month(&self.run.zone, row.event.time());
            by_month.entry(month).or_default().push(row);
        }
        for (month, rows) in by_month {
            self.push(&month, &rows)?;
        }
        let mut full = self.close(|content| content.rows >= FILE_ROWS);
        while self.contents.len() > OPEN_FILES {
            let most = self.contents.values().map(|content| content.rows).max();
            full.extend(self.close(|content| Some(content.rows) == most));
        }
        Ok((self, full))
    }

    fn push(&mut self, month: &str, rows: &[EventRow]) -> Result<(), RetentionError> {
        let name = self.name(month);
        let failed = |source: FileError| match name.key() {
            Ok(key) => RetentionError::File { key, source },
            Err(error) => error.into(),
        };
        if !self.contents.contains_key(month) {
            let content = Content::new(&name).map_err(failed)?;
            self.contents.insert(month.to_owned(), content);
        }
        match self.contents.get_mut(month) {
            Some(content) => content.push(rows).map_err(failed),
            None => Ok(()),
        }
    }

    /// Of the month's file that is open, or comes next.
    fn name(&self, month: &str) -> FileName {
        FileName {
            site: self.run.site,
            month: month.to_owned(),
            run: self.run.number,
            part: self.parts.get(month).copied().unwrap_or(0) + 1,
        }
    }

    fn close(&mut self, full: impl Fn(&Content) -> bool) -> Vec<(FileName, Content)> {
        let months = self.contents.iter().filter(|(_, content)| full(content));
        let months: Vec<String> = months.map(|(month, _)| month.clone()).collect();
        let mut closed = Vec::new();
        for month in months {
            let name = self.name(&month);
            if let Some(content) = self.contents.remove(&month) {
                self.parts.insert(month, name.part);
                closed.push((name, content));
            }
        }
        closed
    }
}
