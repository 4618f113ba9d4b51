//! How many people live where.

use super::micro::count;
use super::random::Random;
use super::villages::{Home, Setting};

/// What makes a village large or small.
#[derive(Debug, Clone, Copy)]
pub(super) struct Character {
    pub is_kelurahan: bool,
    pub is_seat: bool,
    /// 0 in the plain, 1 in the highest hills.
    pub hill: f64,
}

/// People of each settlement, `total` in all: villages uneven, their main settlement the largest.
pub(super) fn settle_people(
    homes: &[Home],
    villages: &[Character],
    total: usize,
    random: &mut Random,
) -> Vec<usize> {
    let of_village: Vec<f64> = villages
        .iter()
        .map(|village| {
            let chance = random.unit();
            let rank = if village.is_kelurahan {
                2.6
            } else if village.is_seat {
                1.7
            } else {
                1.0
            };
            (0.35 + 2.2 * chance * chance) * rank * (1.0 - 0.5 * village.hill)
        })
        .collect();
    let weights: Vec<f64> = homes
        .iter()
        .map(|home| {
            let (low, high) = match home.setting {
                Setting::Main => (0.8, 1.2),
                Setting::Linked => (0.12, 0.5),
                Setting::OffRoad => (0.05, 0.2),
                Setting::Remote | Setting::Island => (0.03, 0.08),
            };
            of_village[home.village] * random.between(low, high)
        })
        .collect();
    apportion(total, &weights)
}

/// Shares out `total` by weight in whole numbers, by largest remainder, ties to the first.
fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let exact = |at: usize| total as f64 * weights[at] / sum;
    let mut shares: Vec<usize> = (0..weights.len())
        .map(|at| count(exact(at).floor()))
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by(|a, b| {
        let remainder = |at: usize| exact(at) - exact(at).floor();
        remainder(*b).total_cmp(&remainder(*a))
    });
    let given: usize = shares.iter().sum();
    for at in by_remainder.into_iter().take(total.saturating_sub(given)) {
        shares[at] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_and_add_up() {
        // 10 × 1/6, 2/6, 3/6 = 1.67, 3.33, 5.0: the one left over goes to the first.
        assert_eq!(apportion(10, &[1.0, 2.0, 3.0]), [2, 3, 5]);
    }
}
