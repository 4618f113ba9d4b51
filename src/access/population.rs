//! Sharing a village's people among its points.

use crate::domain::People;

/// Splits a total by weight, so that the shares add up to it exactly.
///
/// Each share is the thousandths below its exact part; those left go one each to the largest remainders, ties to the
/// first. Where all weights are zero the shares are equal. A negative weight counts as zero. Without weights there are
/// no shares. O(n log n).
///
/// # Examples
/// ```
/// use jangkau::access::split_people;
/// use jangkau::domain::People;
///
/// let thirds = split_people(People(1000), &[People(1); 3]);
/// assert_eq!(thirds, [People(334), People(333), People(333)]);
/// ```
///
/// # References
/// Balinski & Young, *Fair Representation* (1982): the method of Hamilton, or of largest remainders.
#[expect(clippy::missing_panics_doc, reason = "a share is at most the total")]
pub fn split_people(total: People, weights: &[People]) -> Vec<People> {
    let mut weights: Vec<i128> = weights
        .iter()
        .map(|weight| i128::from(weight.0.max(0)))
        .collect();
    if weights.iter().all(|weight| *weight == 0) {
        weights.fill(1);
    }
    let sum: i128 = weights.iter().sum();
    let exact = |weight: &i128| i128::from(total.0) * weight;
    let mut shares: Vec<i128> = weights
        .iter()
        .map(|weight| exact(weight).div_euclid(sum))
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|point| std::cmp::Reverse(exact(&weights[*point]).rem_euclid(sum)));
    let n_left = i128::from(total.0) - shares.iter().sum::<i128>();
    for (point, _) in by_remainder.into_iter().zip(0..n_left) {
        shares[point] += 1;
    }
    let people = |share| People(i64::try_from(share).expect("a share is at most the total"));
    shares.into_iter().map(people).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainder_gets_what_is_left() {
        // Of 10: 10 × 1/6 = 1.67, 10 × 2/6 = 3.33, 10 × 3/6 = 5; the one left goes to the first.
        let weights = [People(1), People(2), People(3)];
        assert_eq!(
            split_people(People(10), &weights),
            [People(2), People(3), People(5)]
        );
    }

    #[test]
    fn without_weights_points_share_equally() {
        assert_eq!(
            split_people(People(4), &[People::ZERO; 2]),
            [People(2), People(2)]
        );
        assert!(split_people(People(4), &[]).is_empty());
    }

    proptest! {
        #[test]
        fn shares_always_add_up_to_the_total(total in 0..i64::MAX, weights in prop::collection::vec(0..i64::MAX, 1..40)) {
            let weights: Vec<People> = weights.into_iter().map(People).collect();
            let shares = split_people(People(total), &weights);
            prop_assert_eq!(shares.iter().map(|share| i128::from(share.0)).sum::<i128>(), i128::from(total));
        }
    }
}
