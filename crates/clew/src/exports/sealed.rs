//! A sealed file: pieces of up to 256 KiB, each encrypted for its place, the last one marked.
//!
//! Nothing of the plain text is ever on the disk, not even while it is written.

use super::ExportFormat;
use crate::secrets::MasterKey;
use clew_core::model::id::RowId;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

const PURPOSE: &str = "export";
const PIECE: usize = 256 << 10;
/// A sealed piece is a little longer than a plain one; nothing longer was written here.
const LONGEST: usize = PIECE + 1_024;

/// What every piece of one file is bound to.
struct Binding {
    key: MasterKey,
    id: RowId,
    format: ExportFormat,
    place: u64,
}

impl Binding {
    /// Export, format, place, and whether it is the last.
    fn next(&mut self, last: bool) -> Vec<u8> {
        let place = self.place;
        self.place += 1;
        let mut bound = self.id.to_bytes().to_vec();
        bound.push(self.format as u8);
        bound.extend_from_slice(&place.to_be_bytes());
        bound.push(u8::from(last));
        bound
    }
}

/// Seals what is written to it.
pub struct SealedWriter {
    file: BufWriter<File>,
    binding: Binding,
    piece: Vec<u8>,
    bytes: u64,
}

impl SealedWriter {
    pub(super) fn create(
        path: &Path,
        key: &MasterKey,
        id: RowId,
        format: ExportFormat,
    ) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(path)?;
        let key = key.clone();
        let place = 0;
        Ok(Self {
            file: BufWriter::new(file),
            binding: Binding {
                key,
                id,
                format,
                place,
            },
            piece: Vec::with_capacity(PIECE),
            bytes: 0,
        })
    }

    /// Seals the rest; durable when this returns. Returns the plain bytes of the file.
    pub fn finish(mut self) -> io::Result<u64> {
        self.seal(true)?;
        let file = self.file.into_inner()?;
        file.sync_all()?;
        Ok(self.bytes)
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let bound = self.binding.next(last);
        let sealed = self.binding.key.seal(PURPOSE, &bound, &self.piece);
        let sealed = sealed.map_err(io::Error::other)?;
        self.piece.clear();
        self.file.write_all(&[u8::from(last)])?;
        self.file.write_all(&(sealed.len() as u32).to_be_bytes())?;
        self.file.write_all(&sealed)
    }
}

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.seal(false)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    /// What is not a whole piece waits for more.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The plain pieces of a sealed file, in order. A file that was changed or cut ends with an error.
pub struct SealedReader {
    file: BufReader<File>,
    binding: Binding,
    ended: bool,
}

impl SealedReader {
    pub(super) fn open(
        path: &Path,
        key: &MasterKey,
        id: RowId,
        format: ExportFormat,
    ) -> io::Result<Self> {
        let key = key.clone();
        let place = 0;
        Ok(Self {
            file: BufReader::new(File::open(path)?),
            binding: Binding {
                key,
                id,
                format,
                place,
            },
            ended: false,
        })
    }

    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let (mut last, mut length) = ([0], [0; 4]);
        self.file.read_exact(&mut last)?;
        self.file.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut sealed = vec![0; length];
        self.file.read_exact(&mut sealed)?;
        self.ended = last == [1];
        let bound = self.binding.next(self.ended);
        let plain = self.binding.key.open(PURPOSE, &bound, &sealed);
        plain.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl Iterator for SealedReader {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let piece = self.piece();
        self.ended |= piece.is_err();
        Some(piece)
    }
}

impl std::fmt::Debug for SealedWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedWriter(…)")
    }
}

impl std::fmt::Debug for SealedReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedReader(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: RowId = RowId::from_u128(7);

    fn key() -> MasterKey {
        MasterKey::from_bytes([3; 32])
    }

    fn write(path: &Path, plain: &[u8]) -> u64 {
        let mut file = SealedWriter::create(path, &key(), ID, ExportFormat::Json).unwrap();
        file.write_all(plain).unwrap();
        file.finish().unwrap()
    }

    fn read(path: &Path, id: RowId, format: ExportFormat) -> io::Result<Vec<u8>> {
        let reader = SealedReader::open(path, &key(), id, format)?;
        let pieces: io::Result<Vec<_>> = reader.collect();
        Ok(pieces?.concat())
    }

    #[test]
    fn a_file_of_any_length_comes_back_and_is_never_plain() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let plain: Vec<u8> = b"canary@example.com "
                .iter()
                .copied()
                .cycle()
                .take(length)
                .collect();
            assert_eq!(write(&path, &plain), length as u64);
            assert_eq!(read(&path, ID, ExportFormat::Json).unwrap(), plain);
            let stored = std::fs::read(&path).unwrap();
            assert!(!stored.windows(6).any(|window| window == b"canary"));
        }
    }

    #[test]
    fn a_file_that_was_moved_cut_or_changed_does_not_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        write(&path, &vec![7; 2 * PIECE + 5]);
        assert!(read(&path, RowId::from_u128(8), ExportFormat::Json).is_err());
        assert!(read(&path, ID, ExportFormat::Csv).is_err());
        let whole = std::fs::read(&path).unwrap();
        let piece = (whole.len() - 5 - 45) / 2;
        let swapped = [
            &whole[piece..2 * piece],
            &whole[..piece],
            &whole[2 * piece..],
        ]
        .concat();
        let mut flipped = whole.clone();
        flipped[1_000] ^= 1;
        let mut marked = whole.clone();
        marked[0] = 1;
        for bytes in [
            &whole[..piece],
            &whole[..whole.len() - 1],
            &swapped,
            &flipped,
            &marked,
            &[],
        ] {
            std::fs::write(&path, bytes).unwrap();
            assert!(
                read(&path, ID, ExportFormat::Json).is_err(),
                "{}",
                bytes.len()
            );
        }
    }
}
