//! Writes one run from keys in ascending order, in constant memory.
//!
//! Pages and filter grow side by side in one file; the header comes last, so a run that was cut
//! short never opens. Data is synced every few megabytes: one large sync at the end would hold up
//! the journal's own sync on the same disk.

use super::filter::{self, Block};
use super::run::{Family, Header, KEYS_PER_PAGE, PAGE, seal};
use super::table::Span;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

const BUFFER: usize = 256 * 1024;
const SYNC_EVERY: u64 = 4 * 1024 * 1024;

/// Sequential writes to one region of the file.
#[derive(Debug)]
struct Region {
    offset: u64,
    buffer: Vec<u8>,
}

impl Region {
    fn new(offset: u64) -> Self {
        Self {
            offset,
            buffer: Vec::with_capacity(BUFFER),
        }
    }

    fn write(&mut self, file: &File, bytes: &[u8]) -> io::Result<()> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER {
            self.flush(file)?;
        }
        Ok(())
    }

    fn flush(&mut self, file: &File) -> io::Result<()> {
        file.write_all_at(&self.buffer, self.offset)?;
        self.offset += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

#[derive(Debug)]
pub(super) struct RunWriter {
    file: File,
    header: Header,
    pages: Region,
    filter: Region,
    fences: Vec<u32>,
    page: Vec<u128>,
    block: Block,
    block_number: u64,
    unsynced: u64,
}

impl RunWriter {
    /// Creates (or truncates) `path` for at most `max_keys` keys.
    pub(super) fn create(
        path: &Path,
        family: Family,
        max_keys: u64,
        span: Span,
    ) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .open(path)?;
        let header = Header {
            family,
            keys: 0,
            pages: max_keys.div_ceil(KEYS_PER_PAGE as u64),
            blocks: filter::block_count(max_keys),
            fences_crc: 0,
            span,
        };
        Ok(Self {
            file,
            pages: Region::new(PAGE as u64),
            filter: Region::new(header.filter_offset()),
            fences: Vec::with_capacity(header.pages as usize),
            page: Vec::with_capacity(KEYS_PER_PAGE),
            block: Block::default(),
            block_number: 0,
            unsynced: 0,
            header,
        })
    }

    /// `key` must be greater than the one before it, and there may be no more than announced.
    pub(super) fn push(&mut self, key: u128) -> io::Result<()> {
        let block = filter::block_of(key, self.header.blocks);
        while self.block_number < block {
            self.finish_block()?;
        }
        self.block.insert(key);
        self.page.push(key);
        self.header.keys += 1;
        if self.page.len() == KEYS_PER_PAGE {
            self.finish_page()?;
        }
        Ok(())
    }

    fn finish_block(&mut self) -> io::Result<()> {
        let bytes = self.block.encode(self.block_number);
        self.block = Block::default();
        self.block_number += 1;
        self.filter.write(&self.file, &bytes)
    }

    fn finish_page(&mut self) -> io::Result<()> {
        let number = self.fences.len();
        let lead = self.page.first().map_or(u32::MAX, |key| (key >> 96) as u32);
        self.fences.push(lead);
        let mut page = [0; PAGE];
        for (bytes, key) in page.chunks_exact_mut(16).zip(&self.page) {
            bytes.copy_from_slice(&key.to_le_bytes());
        }
        let tail = KEYS_PER_PAGE * 16;
        page[tail..tail + 4].copy_from_slice(&(self.page.len() as u32).to_le_bytes());
        page[tail + 4..tail + 8].copy_from_slice(&(number as u32).to_le_bytes());
        seal(&mut page);
        self.page.clear();
        self.pages.write(&self.file, &page)?;
        self.unsynced += PAGE as u64;
        if self.unsynced >= SYNC_EVERY {
            self.unsynced = 0;
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// Completes the file and makes its content durable (its name is the caller's affair).
    pub(super) fn finish(mut self) -> io::Result<Header> {
        // Duplicates between merged runs leave fewer keys than announced: the missing pages are
        // written empty, so every page has its checksum.
        while (self.fences.len() as u64) < self.header.pages {
            self.finish_page()?;
        }
        while self.block_number < self.header.blocks {
            self.finish_block()?;
        }
        self.pages.flush(&self.file)?;
        self.filter.flush(&self.file)?;
        let fences: Vec<u8> = self.fences.iter().flat_map(|f| f.to_le_bytes()).collect();
        self.header.fences_crc = crc32c::crc32c(&fences);
        self.file
            .write_all_at(&fences, self.header.fences_offset())?;
        self.file.write_all_at(&self.header.encode(), 0)?;
        self.file.sync_all()?;
        Ok(self.header)
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::Run;
    use super::*;

    const SPAN: Span = Span {
        first_lsn: 1,
        last_lsn: 9,
        oldest_ms: 0,
        newest_ms: 1,
    };

    fn keys(count: u64) -> Vec<u128> {
        let mut keys: Vec<u128> = (0..count)
            .map(|i| {
                u128::from_le_bytes(
                    *blake3::hash(&i.to_le_bytes())
                        .as_bytes()
                        .first_chunk()
                        .unwrap(),
                )
            })
            .collect();
        keys.sort_unstable();
        keys
    }

    fn written(path: &Path, keys: &[u128], announced: u64) -> Run {
        let mut writer = RunWriter::create(path, Family::Stray, announced, SPAN).unwrap();
        for &key in keys {
            writer.push(key).unwrap();
        }
        writer.finish().unwrap();
        Run::open(1, path).unwrap()
    }

    #[test]
    fn a_run_finds_its_keys_and_no_others_resident_or_not() {
        let dir = tempfile::tempdir().unwrap();
        for count in [1, 254, 255, 256, 5_000] {
            let all = keys(2 * count);
            let (inside, outside): (Vec<_>, Vec<_>) =
                all.iter().enumerate().partition(|(i, _)| i % 2 == 0);
            let inside: Vec<u128> = inside.into_iter().map(|(_, k)| *k).collect();
            let mut run = written(&dir.path().join("r"), &inside, count + 700);
            for resident in [0, usize::MAX] {
                run.set_resident(resident).unwrap();
                assert!(inside.iter().all(|&k| run.contains(k).unwrap()), "{count}");
                assert!(
                    !outside.iter().any(|(_, k)| run.contains(**k).unwrap()),
                    "{count}"
                );
            }
            let read: Vec<u128> = run.keys(3).map(Result::unwrap).collect();
            assert_eq!(read, inside);
        }
    }

    #[test]
    fn keys_that_share_their_leading_bits_over_many_pages_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let same: Vec<u128> = (0..2_000)
            .map(|i| (0xabcd_u128 << 96) | (i << 20))
            .collect();
        let run = written(&dir.path().join("r"), &same, 2_000);
        assert!(same.iter().all(|&k| run.contains(k).unwrap()));
        assert!(!run.contains((0xabcd_u128 << 96) | 5).unwrap());
    }

    #[test]
    fn any_flipped_byte_is_an_error_or_changes_no_answer() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r");
        let inside = keys(600);
        written(&path, &inside, 600);
        let good = std::fs::read(&path).unwrap();
        for at in (0..good.len()).step_by(37) {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            std::fs::write(&path, &bad).unwrap();
            let Ok(run) = Run::open(1, &path) else {
                continue;
            };
            for &key in &inside {
                assert_ne!(run.contains(key).ok(), Some(false), "byte {at} hid a key");
            }
        }
    }

    #[test]
    fn a_run_cut_short_does_not_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("r");
        written(&path, &keys(600), 600);
        let good = std::fs::read(&path).unwrap();
        for length in (0..good.len()).step_by(911) {
            std::fs::write(&path, &good[..length]).unwrap();
            assert!(Run::open(1, &path).is_err(), "{length} bytes");
        }
    }
}
