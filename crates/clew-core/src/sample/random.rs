//! The generator's dice: the same seed gives the same year on every machine and for ever.
//!
//! SplitMix64, written out because a library's stream may change with its version and sample data
//! is recognised by its bytes. Only arithmetic that every processor rounds alike is used: no
//! logarithms, no exponentials.

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// What is drawn for: streams of different purposes never meet.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    Day = 1,
    Visitor = 2,
    Visits = 3,
}

#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of the `index`-th thing of this purpose.
    pub(super) fn of(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut random = Self(seed);
        for word in [purpose as u64, index] {
            random.0 = random.bits() ^ word.wrapping_mul(GOLDEN);
        }
        random
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// In `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// In `[0, end)`; 0 when there is nothing to choose from.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// In `[from, to)`.
    pub(super) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// In `[from, to)`, mostly near `from`: how long people stay, how far back they last came.
    pub(super) fn mostly_low(&mut self, from: f64, to: f64) -> f64 {
        let unit = self.unit();
        from + (to - from) * unit * unit * unit
    }

    pub(super) fn of_list<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// One of the items, each as likely as its weight says.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> &'a T {
        let total: f64 = items.iter().map(&weight).sum();
        let mut left = self.unit() * total;
        for item in items {
            left -= weight(item);
            if left < 0.0 {
                return item;
            }
        }
        &items[items.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed_for_ever() {
        let mut random = Random::of(7, Purpose::Day, 3);
        let first: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        let expected = [
            4_914_848_442_989_286_407,
            17_654_039_745_069_798_798,
            18_220_314_410_058_552_259,
        ];
        assert_eq!(first, expected);
    }

    #[test]
    fn streams_of_neighbours_differ() {
        let bits = |seed, purpose, index| Random::of(seed, purpose, index).bits();
        let one = bits(1, Purpose::Day, 1);
        assert_ne!(one, bits(2, Purpose::Day, 1));
        assert_ne!(one, bits(1, Purpose::Visitor, 1));
        assert_ne!(one, bits(1, Purpose::Day, 2));
    }

    #[test]
    fn a_weight_is_a_share() {
        let mut random = Random::of(1, Purpose::Day, 1);
        let items = [("a", 1.0), ("b", 0.0), ("c", 3.0)];
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            let (name, _) = random.weighted(&items, |item| item.1);
            counts[items.iter().position(|item| item.0 == *name).unwrap()] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2_300..2_700).contains(&counts[0]), "{counts:?}");
    }
}
