//! Blocked Bloom filter whose blocks follow key order.
//!
//! Owns the 64-byte block: 480 filter bits and a CRC-32C over them and the block's number. The
//! block of a key is the leading part of the key itself, so a sorted stream of keys fills the
//! blocks one after another (a merge needs one block of memory, however large the run) and a
//! lookup touches one cache line, or reads 64 bytes when the block is not resident.
//!
//! Invariant: a key that was added is always found; a block that fails its checksum is an error,
//! never a "no".

/// Keys per block on average: 12 bits a key, about 0.6 % false positives.
const KEYS_PER_BLOCK: u64 = 40;
const WORDS: usize = 15;
const BITS: u64 = 480;
const PROBES: u32 = 6;
pub(super) const BLOCK_BYTES: usize = 64;

/// One cache line of filter.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Block([u32; WORDS]);

impl Block {
    pub(super) fn insert(&mut self, key: u128) {
        for (word, bit) in probes(key) {
            self.0[word] |= bit;
        }
    }

    pub(super) fn contains(&self, key: u128) -> bool {
        // Without branches: the probes share a cache line, and a mispredicted exit costs more.
        probes(key).fold(0, |missing, (word, bit)| missing | (bit & !self.0[word])) == 0
    }

    pub(super) fn encode(&self, number: u64) -> [u8; BLOCK_BYTES] {
        let mut out = [0; BLOCK_BYTES];
        for (bytes, word) in out.chunks_exact_mut(4).zip(self.0) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let crc = checksum(number, &out[..4 * WORDS]);
        out[4 * WORDS..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// None when the checksum does not fit.
    pub(super) fn decode(number: u64, bytes: &[u8; BLOCK_BYTES]) -> Option<Self> {
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        if checksum(number, body) != u32::from_le_bytes(*crc) {
            return None;
        }
        let mut block = Self::default();
        for (word, bytes) in block.0.iter_mut().zip(body.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Some(block)
    }
}

fn checksum(number: u64, body: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), body)
}

/// Blocks for a run of at most `keys` keys.
pub(super) fn block_count(keys: u64) -> u64 {
    keys.div_ceil(KEYS_PER_BLOCK).max(1)
}

/// Number of the block that `key` belongs to; monotone in `key`.
pub(super) fn block_of(key: u128, blocks: u64) -> u64 {
    ((u128::from((key >> 64) as u64) * u128::from(blocks)) >> 64) as u64
}

/// Bits 16 to 76 choose the bits: the low 16 hold the hour, the high ones chose the block.
fn probes(key: u128) -> impl Iterator<Item = (usize, u32)> {
    let bits = (key >> 16) as u64;
    (0..PROBES).map(move |i| {
        let position = (((bits >> (i * 10)) & 0x3ff) * BITS) >> 10;
        ((position >> 5) as usize, 1 << (position & 31))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(i: u64) -> u128 {
        let hash = blake3::hash(&i.to_le_bytes());
        u128::from_le_bytes(*hash.as_bytes().first_chunk().unwrap())
    }

    #[test]
    fn every_added_key_is_found_and_few_others() {
        let blocks = block_count(20_000);
        let mut filter = vec![Block::default(); blocks as usize];
        for i in 0..20_000 {
            filter[block_of(key(i), blocks) as usize].insert(key(i));
        }
        let found = |i| filter[block_of(key(i), blocks) as usize].contains(key(i));
        assert!((0..20_000).all(found));
        let wrong = (20_000..120_000).filter(|&i| found(i)).count();
        assert!(wrong < 1_500, "{wrong} of 100,000 fresh keys passed");
    }

    #[test]
    fn a_changed_byte_or_a_moved_block_is_refused() {
        let mut block = Block::default();
        block.insert(key(1));
        let bytes = block.encode(9);
        assert!(Block::decode(9, &bytes).unwrap().contains(key(1)));
        assert!(Block::decode(8, &bytes).is_none());
        for i in 0..BLOCK_BYTES {
            let mut bad = bytes;
            bad[i] ^= 1;
            assert!(Block::decode(9, &bad).is_none(), "byte {i}");
        }
    }
}
