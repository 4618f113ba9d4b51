//! Numbers that look random and are the same on every machine.

/// A stream of numbers from a seed (`SplitMix64`).
///
/// # References
/// Steele, Lea and Flood (2014), *Fast splittable pseudorandom number generators*, <https://doi.org/10.1145/2660193.2660195>.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Scrambles the bits of a number: the output function of `SplitMix64`.
fn scramble(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A number from 0 up to, but not including, 1 out of the upper 53 bits.
fn unit(bits: u64) -> f64 {
    // 2^53: every multiple of 2^-53 below 1 is exact.
    (bits >> 11) as f64 / 9_007_199_254_740_992.0
}

/// A number from 0 up to, but not including, 1 that belongs to a place of a grid.
pub(super) fn unit_at(seed: u64, column: i64, row: i64) -> f64 {
    let column = scramble(seed ^ column.cast_unsigned().wrapping_mul(GOLDEN));
    unit(scramble(column ^ row.cast_unsigned().wrapping_mul(GOLDEN)))
}

impl Random {
    /// The stream for one purpose: drawing more for one never changes another.
    pub(super) fn stream(seed: u64, purpose: &str) -> Self {
        Self {
            state: seed_for(seed, purpose),
        }
    }

    fn next_bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        scramble(self.state)
    }

    /// A number from 0 up to, but not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        unit(self.next_bits())
    }

    /// A number from `low` up to, but not including, `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A position in a list of `n` items; 0 where `n` is 0.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half of a product of two 64-bit numbers is below `n`, which is a usize"
    )]
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_bits()) * n as u128) >> 64) as usize
    }

    /// Whether something of this probability happens.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of a list by weight; the first whose share of the sum is met.
    ///
    /// # Panics
    /// The list is empty.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(f64, T)]) -> T {
        let total: f64 = choices.iter().map(|(weight, _)| weight).sum();
        let mut rest = self.unit() * total;
        for (weight, choice) in choices {
            if rest < *weight {
                return *choice;
            }
            rest -= weight;
        }
        choices[choices.len() - 1].1
    }

    /// Puts a list in a new order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// A seed of its own for one purpose (FNV-1a of its name, then scrambled with the seed).
pub(super) fn seed_for(seed: u64, purpose: &str) -> u64 {
    let name = purpose
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    scramble(seed ^ name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // First outputs of SplitMix64 from state 0, as printed by the reference implementation.
        let mut random = Random { state: 0 };
        assert_eq!(random.next_bits(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next_bits(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn a_position_is_always_in_the_list() {
        let mut random = Random::stream(7, "positions");
        assert!((0..1000).all(|_| random.below(3) < 3));
    }
}
