//! Starts a journal on whatever bytes the fuzzer likes.
//!
//! The committed fixture is the seed. The input is a script of changes to it: bytes set, files cut,
//! grown, dropped or renamed. Half of the runs then repair all checksums, so that nonsense with a
//! right checksum is met too.
//!
//! Holds: a start fails only for a foreign node or format; nothing panics; numbers rise; readers
//! end; a record appended afterwards gets a number nobody has seen and is there after a power cut.

#![no_main]

use clew_journal::{
    Header, Journal, Lsn, Open, OpenError, Options, Reader, Recovered,
    record::HEAD_LEN,
    segment::HEADER_LEN,
    storage::sim::SimDisk,
};
use libfuzzer_sys::fuzz_target;
use std::{path::Path, sync::Arc};

const FIRST: &[u8] =
    include_bytes!("../../../../fixtures/journal/1/00000000000000000041.seg");
const SECOND: &[u8] =
    include_bytes!("../../../../fixtures/journal/1/00000000000000000045.seg");
const NODE: u32 = 7;

struct File {
    name: u64,
    bytes: Vec<u8>,
}

/// Consumes the input piece by piece.
struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<usize> {
        Some(usize::from(self.byte()?) | usize::from(self.byte()?) << 8)
    }

    /// Applies one change; `None` at the end of the script.
    fn change(&mut self, files: &mut Vec<File>) -> Option<()> {
        let what = self.byte()?;
        let file = usize::from(self.byte()?) % files.len().max(1);
        let at = self.number()?;
        let value = self.byte()?;
        let count = files.len();
        let this = files.get_mut(file)?;
        let len = this.bytes.len();
        match what % 8 {
            // Records are what matters most, so most changes land behind the header.
            0..=2 if len > HEADER_LEN as usize => {
                let place = HEADER_LEN as usize + at % (len - HEADER_LEN as usize);
                this.bytes[place] = value;
            }
            3 if len > 0 => this.bytes[at % len.min(76)] = value,
            4 => this.bytes.truncate(at % (len + 1)),
            5 => this.bytes.resize(len + at % 5000, value),
            6 if count < 4 => {
                let (name, bytes) = (this.name + u64::from(value), this.bytes.clone());
                files.push(File { name, bytes });
            }
            7 => drop(files.remove(file)),
            _ => {}
        }
        Some(())
    }
}

/// Gives every header and every record in place a right checksum.
fn repair(bytes: &mut [u8]) {
    for at in [0, HEADER_LEN as usize / 2] {
        if let Some(copy) = bytes.get_mut(at..at + 76) {
            let crc = crc32c::crc32c(&copy[..72]);
            copy[72..].copy_from_slice(&crc.to_le_bytes());
        }
    }
    let Some(salt) = bytes.get(24..28) else { return };
    let salt = u32::from_le_bytes(salt.try_into().unwrap());
    let mut at = HEADER_LEN as usize;
    while at + HEAD_LEN <= bytes.len() {
        let len = u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        let end = at.saturating_add(HEAD_LEN).saturating_add(len);
        let Some(frame) = bytes.get_mut(at..end) else { return };
        let (head, payload) = frame.split_at_mut(HEAD_LEN);
        let crc = crc32c::crc32c_append(salt, &head[..8]);
        let crc = crc32c::crc32c_append(crc, &head[12..52]);
        let crc = crc32c::crc32c_append(crc, payload);
        head[8..12].copy_from_slice(&crc.to_le_bytes());
        let crc = crc32c::crc32c_append(salt, &head[..52]);
        head[52..].copy_from_slice(&crc.to_le_bytes());
        at = end;
    }
}

/// Reads to the end; every step must make progress.
fn read(reader: Reader, bytes: usize) -> u64 {
    let (mut last, mut steps) = (0, 0);
    for item in reader {
        if let Ok(record) = item {
            assert!(record.lsn.0 > last, "order");
            last = record.lsn.0;
        }
        steps += 1;
        assert!(steps < 1000 + bytes / 10, "the reader does not end");
    }
    last
}

fn options() -> Options {
    Options { node: NODE, ..Options::new("/journal") }
}

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let Some(mode) = script.byte() else { return };
    let mut files = vec![
        File { name: 41, bytes: FIRST.to_vec() },
        File { name: 45, bytes: SECOND.to_vec() },
    ];
    while script.change(&mut files).is_some() {}
    let disk = SimDisk::new(u64::from(mode));
    let mut total = 0;
    for file in &mut files {
        if mode % 2 == 1 {
            repair(&mut file.bytes);
        }
        total += file.bytes.len();
        disk.plant(&Path::new("/journal").join(format!("{:020}.seg", file.name)), &file.bytes);
    }
    let looked = Reader::open_dir_on(Arc::new(disk.clone()), Path::new("/journal"), Lsn(0));
    if let Ok(reader) = looked {
        read(reader, total);
    }
    let recovered = match Recovered::open_on(Arc::new(disk.clone()), options()) {
        Ok(recovered) => recovered,
        Err(OpenError::ForeignNode { .. } | OpenError::Format { .. }) => return,
        Err(error) => panic!("{error}"),
    };
    let seen = read(recovered.reader(Lsn(0)), total);
    let (journal, report) = recovered.start(Open).unwrap();
    let highest = seen.max(report.last.0);
    if highest > 1 << 62 {
        return;
    }
    let header = Header { kind: 1, schema: 1, received_ms: 0, site: [0; 16] };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let done = runtime.block_on(journal.append((header, b"after".to_vec())));
    let lsn = done.unwrap().lsn.unwrap();
    assert!(lsn.0 > highest, "{lsn} may have been seen");
    journal.close();
    let disk = Arc::new(disk.after_power_cut());
    let (journal, _) = Journal::open_on(disk, options(), Open).unwrap();
    let stored = journal.reader(Lsn(lsn.0 - 1)).next().unwrap().unwrap();
    assert_eq!((stored.lsn, &*stored.payload), (lsn, &b"after"[..]));
});
