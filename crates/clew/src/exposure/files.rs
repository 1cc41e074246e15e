//! Files as bytes.

use super::Search;
use super::find::has_email;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Bytes looked at at once, with an overlap so that nothing hides on a border.
const PIECE: usize = 8 << 20;
const OVERLAP: usize = 512;

/// Every file below `folder`. Those that pack their contents are looked into elsewhere, and here for
/// canaries only; `known` are the e-mail addresses of this server's own users.
pub fn look_through(
    search: &mut Search,
    folder: &Path,
    known: &BTreeSet<String>,
) -> io::Result<()> {
    look(search, folder, folder, known)
}

fn look(
    search: &mut Search,
    root: &Path,
    folder: &Path,
    known: &BTreeSet<String>,
) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            look(search, root, &path, known)?;
        } else if kind.is_file() {
            match file(search, root, &path, known) {
                // Gone since it was listed.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                looked => looked?,
            }
        }
    }
    Ok(())
}

fn file(search: &mut Search, root: &Path, path: &Path, known: &BTreeSet<String>) -> io::Result<()> {
    use std::io::Read as _;
    search.files += 1;
    let place = path
        .strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string();
    let packed = place.starts_with("blobs/") || place.starts_with("events/");
    let mut open = std::fs::File::open(path)?;
    let (mut piece, mut found) = (Vec::new(), BTreeSet::new());
    loop {
        let kept = piece.len().min(OVERLAP);
        piece.drain(..piece.len() - kept);
        let read = open.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if read == 0 {
            break;
        }
        for canary in &search.canaries {
            if memchr::memmem::find(&piece, canary.as_bytes()).is_some() {
                found.insert(canary.clone());
            }
        }
        if !packed && has_email(&without(&piece, known)) {
            found.insert("email".to_owned());
        }
    }
    for what in found {
        search.note("files", &place, &what, None, false);
    }
    Ok(())
}

/// The bytes with the known addresses blanked out.
fn without(piece: &[u8], known: &BTreeSet<String>) -> Vec<u8> {
    let mut bytes = piece.to_vec();
    for address in known {
        let places: Vec<_> = memchr::memmem::find_iter(piece, address.as_bytes()).collect();
        for at in places {
            bytes[at..at + address.len()].fill(b' ');
        }
    }
    bytes
}
