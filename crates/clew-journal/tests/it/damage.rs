//! Bytes that rot, vanish, or were put there by somebody else.

use crate::{
    cases,
    image::{Image, Start, append, first_segment, options},
};
use clew_journal::{Journal, Lsn, Open, ReadError, record::HEAD_LEN, segment::HEADER_LEN};
use std::path::Path;

/// Splitmix64 from a fixed seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

/// The LSNs that did not come back; everything that did is as it was appended.
fn lost(image: &Image, start: &Start) -> Vec<u64> {
    assert!(
        start.records.iter().all(|record| image.has(record)),
        "a record came back changed"
    );
    let came = |lsn: &u64| start.records.iter().any(|r| r.lsn.0 == *lsn);
    (1..=image.records.len() as u64)
        .filter(|lsn| !came(lsn))
        .collect()
}

#[test]
fn any_flipped_bit_costs_at_most_its_record_and_never_goes_unnoticed() {
    let mut image = Image::build(12 << 10, (0..40).map(|i| i * 53 % 400));
    let mut dice = Dice(0xf11b);
    for _ in 0..cases(100_000, 2_000_000) {
        let file = dice.below(image.files.len());
        let byte = dice.below(image.files[file].1.len());
        let bit = 1 << dice.below(8);
        image.files[file].1[byte] ^= bit;
        let start = image.start();
        let lost = lost(&image, &start);
        let hit = |lsn: u64| {
            let placed = &image.records[lsn as usize - 1];
            placed.file == file && placed.bytes.contains(&byte)
        };
        let expected: Vec<u64> = (1..=image.records.len() as u64)
            .filter(|lsn| hit(*lsn))
            .collect();
        assert_eq!(lost, expected, "file {file}, byte {byte}, bit {bit}");
        let report = start.recovered.report();
        if let Some(lsn) = lost.first() {
            let last = *lsn == image.records.len() as u64;
            let told = if last {
                report.torn_bytes > 0
            } else {
                !start.errors.is_empty()
            };
            assert!(told, "record {lsn} went in silence");
            let in_tail = file == image.last_file();
            assert_eq!(report.alarm(), in_tail && !last, "alarm at start");
        } else {
            assert!(
                !report.alarm() && start.errors.is_empty(),
                "nothing is lost"
            );
        }
        image.files[file].1[byte] ^= bit;
    }
}

#[test]
fn a_segment_cut_at_any_byte_keeps_every_record_in_front_of_the_cut() {
    let sizes = std::iter::repeat_n([600, 0, 37, 1500, 250], 22).flatten();
    let whole = Image::build(1 << 20, sizes);
    let (path, bytes) = &whole.files[0];
    assert!(bytes.len() >= 64 << 10, "{}", bytes.len());
    for len in 0..=bytes.len() {
        let image = Image {
            files: vec![(path.clone(), bytes[..len].to_vec())],
            records: Vec::new(),
        };
        let start = image.start();
        let report = start.recovered.report();
        let expected = whole.records.iter().filter(|r| r.bytes.end <= len).count();
        assert_eq!(start.records.len(), expected, "cut at {len}");
        assert!(start.records.iter().all(|record| whole.has(record)));
        // Below 76 bytes no copy of the header is left: the file is put aside as a whole.
        assert_eq!(report.alarm(), len < 76, "cut at {len}");
        assert!(start.errors.is_empty());
    }
}

#[test]
fn a_cut_journal_takes_new_records_behind_the_ones_that_survived() {
    let whole = Image::build(1 << 20, [100; 20]);
    let (path, bytes) = &whole.files[0];
    for len in (0..bytes.len()).step_by(61) {
        let image = Image {
            files: vec![(path.clone(), bytes[..len].to_vec())],
            records: Vec::new(),
        };
        let start = image.start();
        let last = start.recovered.report().last.0;
        let survived = start.records.len();
        let (journal, _) = start.recovered.start(Open).unwrap();
        let lsn = append(&journal, b"new");
        assert!(lsn.0 > last, "{lsn} after {last}");
        journal.close();
        let disk = std::sync::Arc::new(start.disk.after_power_cut());
        let (journal, report) = Journal::open_on(disk, options(1 << 20), Open).unwrap();
        assert_eq!(report.last, lsn);
        assert_eq!(
            journal.reader(Lsn(0)).filter_map(Result::ok).count(),
            survived + 1
        );
    }
}

#[test]
fn damage_in_the_tail_is_put_aside_and_everything_around_it_is_read() {
    let mut image = Image::build(1 << 20, [300; 10]);
    let hit = image.records[4].bytes.clone();
    image.files[0].1[hit.start + 2] ^= 0xff;
    image.files[0].1[hit.start + HEAD_LEN + 9] ^= 0xff;
    let start = image.start();
    let [damage] = &start.recovered.report().damage[..] else {
        panic!("one damage")
    };
    assert_eq!(
        (damage.at, damage.bytes),
        (hit.start as u64, hit.len() as u64)
    );
    assert_eq!(damage.lost, Some((Lsn(5), Lsn(5))));
    let kept = start.disk.read(damage.kept.as_ref().unwrap()).unwrap();
    assert_eq!(kept, image.files[0].1[hit]);
    assert!(!damage.last_group);
    assert_eq!(lost(&image, &start), [5]);
    assert!(matches!(
        start.errors[..],
        [ReadError::Damaged {
            lost: Some((Lsn(5), Lsn(5))),
            ..
        }]
    ));
}

#[test]
fn a_damaged_tail_gets_no_more_records() {
    let mut image = Image::build(1 << 20, [300; 10]);
    let hit = image.records[4].bytes.start;
    image.files[0].1[hit] ^= 1;
    let start = image.start();
    let (journal, _) = start.recovered.start(Open).unwrap();
    assert_eq!(append(&journal, &[1]), Lsn(11));
    assert_eq!(journal.segments().len(), 2);
}

#[test]
fn a_segment_whose_header_is_gone_is_put_aside_as_a_whole() {
    let mut image = Image::build(9 << 10, [500; 12]);
    assert!(image.files.len() > 3);
    image.files[1].1[..HEADER_LEN as usize].fill(0xee);
    let gone: Vec<u64> = (1..=12)
        .filter(|lsn| image.records[*lsn as usize - 1].file == 1)
        .collect();
    let start = image.start();
    assert_eq!(lost(&image, &start), gone);
    let [damage] = &start.recovered.report().damage[..] else {
        panic!("one damage")
    };
    let kept = start.disk.read(damage.kept.as_ref().unwrap()).unwrap();
    assert_eq!(kept, image.files[1].1);
    let missing = (Lsn(gone[0]), Lsn(gone[gone.len() - 1]));
    assert_eq!(damage.lost, Some(missing));
    assert!(matches!(start.errors[..], [ReadError::Missing(from, to)] if (from, to) == missing));
}

#[test]
fn numbers_of_a_lost_tail_segment_are_not_given_out_again() {
    let mut image = Image::build(9 << 10, [500; 12]);
    let tail = image.last_file();
    image.files[tail].1[..HEADER_LEN as usize].fill(0);
    let start = image.start();
    let (journal, report) = start.recovered.start(Open).unwrap();
    assert!(report.alarm());
    let next = journal.segments().last().unwrap().first;
    assert!(next > Lsn(12), "{next} may have been seen");
}

#[test]
fn a_missing_segment_is_reported_and_read_past() {
    let mut image = Image::build(9 << 10, [500; 12]);
    image.files.remove(1);
    let start = image.start();
    let gone: Vec<u64> = (1..=12)
        .filter(|lsn| image.records[*lsn as usize - 1].file == 1)
        .collect();
    let gap = (Lsn(gone[0]), Lsn(gone[gone.len() - 1]));
    assert_eq!(start.recovered.report().gaps, [gap]);
    assert!(matches!(start.errors[..], [ReadError::Missing(from, to)] if (from, to) == gap));
}

#[test]
fn a_whole_record_smuggled_in_a_payload_is_not_taken_for_one() {
    let donor = Image::build(1 << 20, [64; 3]);
    let forged = donor.files[0].1[donor.records[2].bytes.clone()].to_vec();
    let mut image = Image::build(1 << 20, [400; 2]);
    let host = image.records[0].bytes.clone();
    let bytes = &mut image.files[0].1;
    bytes[host.start + HEAD_LEN..][..forged.len()].copy_from_slice(&forged);
    bytes[host.start] ^= 0xff;
    let start = image.start();
    assert_eq!(lost(&image, &start), [1]);
}

#[test]
fn unreadable_sectors_cost_only_the_records_in_them() {
    let image = Image::build(1 << 20, [300; 40]);
    let start = image.start();
    let bad = HEADER_LEN + 4096..HEADER_LEN + 4097;
    start
        .disk
        .make_unreadable(&first_segment(), bad.clone())
        .unwrap();
    let disk = std::sync::Arc::new(start.disk.after_kill());
    let (journal, report) = Journal::open_on(disk, options(1 << 20), Open).unwrap();
    assert_eq!(report.damage.len(), 1);
    let (mut good, mut io, mut damaged) = (0, 0, 0);
    for item in journal.reader(Lsn(0)) {
        match item {
            Ok(record) => {
                assert!(image.has(&record));
                good += 1;
            }
            Err(ReadError::Io { .. }) => io += 1,
            Err(ReadError::Damaged { .. }) => damaged += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(
        (io, damaged),
        (2, 1),
        "two refusals, then the sector counts as damage"
    );
    // A 4 KiB sector meets at most 13 records of 356 bytes.
    assert!((27..40).contains(&good), "{good}");
}

#[test]
fn verifying_a_sealed_segment_finds_what_a_start_does_not_scan() {
    let mut image = Image::build(9 << 10, [500; 12]);
    let hit = image.records[0].bytes.clone();
    image.files[0].1[hit.end - 1] ^= 1;
    let start = image.start();
    assert!(
        !start.recovered.report().alarm(),
        "sealed segments are not scanned at start"
    );
    let (journal, _) = start.recovered.start(Open).unwrap();
    let segments = journal.segments();
    let found = journal.verify(segments[0].id).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].lost, Some((Lsn(1), Lsn(1))));
    assert!(journal.verify(segments[1].id).unwrap().is_empty());
    let kept = journal.quarantined().unwrap();
    assert_eq!(kept, [found[0].kept.clone().unwrap()]);
    assert_eq!(
        journal.verify(segments[0].id).unwrap(),
        found,
        "found again, kept once"
    );
    assert_eq!(journal.quarantined().unwrap().len(), 1);
    assert_eq!(journal.clear_quarantine().unwrap(), 1);
    assert!(journal.quarantined().unwrap().is_empty());
    assert!(start.disk.read(Path::new(&kept[0])).is_err());
}
