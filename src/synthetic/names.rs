//! Invented Indonesian-sounding names.

use super::figures::Words;
use super::random::Random;

/// Hands out names, each once.
pub(super) struct Names<'a> {
    words: &'a Words,
    /// Numbers of names not given yet, the next one last; a number counts second words fastest.
    left: Vec<usize>,
    random: Random,
}

impl<'a> Names<'a> {
    /// Names in an order that depends on the seed: those of two words before those of three.
    pub(super) fn new(words: &'a Words, seed: u64) -> Self {
        let mut random = Random::stream(seed, "names");
        let n_short = words.first.len() * words.second.len();
        let mut short: Vec<usize> = (0..n_short).collect();
        let mut long: Vec<usize> = (n_short..n_short * (1 + words.third.len())).collect();
        random.shuffle(&mut short);
        random.shuffle(&mut long);
        long.append(&mut short);
        Self {
            words,
            left: long,
            random,
        }
    }

    /// A name that was not given before.
    ///
    /// # Panics
    /// All are given: `data/sample.toml` has words for more than the largest district.
    pub(super) fn unique(&mut self) -> String {
        let number = self
            .left
            .pop()
            .expect("a test counts the words for the largest district");
        let second = &self.words.second[number % self.words.second.len()];
        let rest = number / self.words.second.len();
        let first = &self.words.first[rest % self.words.first.len()];
        match (rest / self.words.first.len()).checked_sub(1) {
            None => format!("{first} {second}"),
            Some(third) => format!("{first} {second} {}", self.words.third[third]),
        }
    }

    /// A word for a kecamatan, a road or a hamlet; words may return.
    pub(super) fn word(&mut self) -> &'a str {
        &self.words.second[self.random.below(self.words.second.len())]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::synthetic::MAX_VILLAGES;
    use crate::synthetic::figures::Figures;

    #[test]
    fn the_largest_district_has_a_name_for_every_village() {
        let figures = Figures::built_in();
        let mut names = Names::new(&figures.names, 1);
        // Each kecamatan, of which there are at most 99, takes one too.
        let n_names = MAX_VILLAGES + 99;
        let given: BTreeSet<String> = (0..n_names).map(|_| names.unique()).collect();
        assert_eq!(given.len(), n_names);
    }
}
