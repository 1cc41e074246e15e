//! Sharing a whole number out by weight without losing or making a unit.

/// Shares of `total`, in the order of `weights`, that add up to it exactly.
///
/// Each gets the whole units of its exact part; what is left goes, a unit each, to the largest
/// remainders, ties to the earlier (Hamilton's method). A negative total (a refund) is shared like
/// the positive one. Without any weight nothing is shared: every part is 0.
pub fn apportion(total: i64, weights: &[u64]) -> Vec<i64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let units = u128::from(total.unsigned_abs());
    // Below 2^63 * 2^64: fits.
    let exact = |&weight: &u64| units * u128::from(weight);
    let mut parts: Vec<u128> = weights.iter().map(|weight| exact(weight) / sum).collect();
    let mut rest: Vec<(u128, usize)> = weights.iter().map(|w| exact(w) % sum).zip(0..).collect();
    rest.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let left = units - parts.iter().sum::<u128>();
    for (_, place) in rest.into_iter().take(left as usize) {
        parts[place] += 1;
    }
    let signed = |part: u128| {
        let part = i128::try_from(part).unwrap_or(i128::MAX);
        let part = if total < 0 { -part } else { part };
        i64::try_from(part).unwrap_or(total)
    };
    parts.into_iter().map(signed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_goes_to_the_largest_remainders() {
        for (total, weights, expected) in [
            (100, &[1, 1, 1][..], &[34, 33, 33][..]),
            (-100, &[1, 1, 1], &[-34, -33, -33]),
            (10, &[2, 1, 4], &[3, 1, 6]),
            (1, &[1, 3], &[0, 1]),
            (0, &[5, 5], &[0, 0]),
            (7, &[0, 0], &[0, 0]),
            (7, &[], &[]),
            (i64::MAX, &[u64::MAX], &[i64::MAX]),
            (i64::MIN, &[1], &[i64::MIN]),
        ] {
            assert_eq!(
                apportion(total, weights),
                expected,
                "{total} by {weights:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nobody_is_off_by_a_unit(
            total: i64, weights in proptest::collection::vec(0u64.., 1..20),
        ) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let parts = apportion(total, &weights);
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let floor = u128::from(total.unsigned_abs()) * u128::from(*weight) / sum;
                let part = u128::from(part.unsigned_abs());
                prop_assert!(part == floor || part == floor + 1);
            }
        }
    }
}
