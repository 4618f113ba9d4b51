//! The classes of a choropleth: where one colour ends and the next begins.
//!
//! Costs are in the metric's engine unit: whole milliseconds or millimetres.
//! A class holds the costs above its lower break and up to its upper break, that included.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{Metric, ServiceName};

const POLICY_BREAKS: &str = include_str!("../../data/policy-breaks.toml");

/// Most costs that natural breaks look at: a million steps a class.
const NATURAL_SAMPLE: usize = 1_000;

/// How breaks are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassMethod {
    /// Thresholds that policy names, equal for every district and year.
    Policy,
    /// About as many places in each class.
    Quantile,
    /// Classes of equal width between the least and the largest cost.
    Equal,
    /// Breaks that make costs within a class most alike (Fisher and Jenks).
    Natural,
}

/// The upper ends of all classes but the last, which is open. Rising, no repeats; may be empty: one class.
pub type ClassBreaks = Vec<u32>;

/// The position of the class that a cost belongs to.
pub fn class_of(breaks: &[u32], cost: u32) -> usize {
    breaks.partition_point(|upper| *upper < cost)
}

impl ClassMethod {
    /// Every method, by the word it has in addresses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("policy", Self::Policy),
        ("quantile", Self::Quantile),
        ("equal", Self::Equal),
        ("natural", Self::Natural),
    ];

    /// Breaks for `costs` into at most `n_classes` classes; `policy` gives its own.
    ///
    /// Fewer classes come out where costs repeat; no costs, or equal ones, give one class.
    /// O(n log n), natural O(k · n²) over at most 1,000 costs, evenly chosen where there are more.
    pub fn breaks(self, costs: &[u32], n_classes: usize, policy: &[u32]) -> ClassBreaks {
        let mut sorted = costs.to_vec();
        sorted.sort_unstable();
        let mut breaks = match self {
            Self::Policy => return policy.to_vec(),
            Self::Quantile => quantile_breaks(&sorted, n_classes),
            Self::Equal => equal_breaks(&sorted, n_classes),
            Self::Natural => natural_breaks(&sorted, n_classes),
        };
        breaks.dedup();
        // A break at the largest cost would leave the last class empty.
        breaks.retain(|upper| Some(upper) < sorted.last());
        breaks
    }
}

fn quantile_breaks(sorted: &[u32], n_classes: usize) -> ClassBreaks {
    (1..n_classes)
        .filter_map(|class| (sorted.len() * class).div_ceil(n_classes).checked_sub(1))
        .map(|index| sorted[index])
        .collect()
}

fn equal_breaks(sorted: &[u32], n_classes: usize) -> ClassBreaks {
    let (Some(least), Some(largest)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let width = u64::from(largest - least);
    (1..n_classes as u64)
        .map(|class| width * class / n_classes as u64)
        .map(|above| least + u32::try_from(above).expect("at most the width of the whole"))
        .collect()
}

/// Fisher's exact optimum: the least sum of squared deviations from the class means.
fn natural_breaks(sorted: &[u32], n_classes: usize) -> ClassBreaks {
    let values = sample(sorted, NATURAL_SAMPLE);
    let n_classes = n_classes.min(values.len());
    let deviations = Deviations::of(&values);
    // least[i]: the least deviation of the first i values; starts[c][i]: where the last of c + 2 classes starts.
    let mut least: Vec<f64> = (0..=values.len())
        .map(|end| deviations.between(0, end))
        .collect();
    let mut starts: Vec<Vec<usize>> = Vec::new();
    for n_before in 1..n_classes {
        let (next, start): (Vec<f64>, Vec<usize>) = (0..=values.len())
            .map(|end| {
                (n_before..end)
                    .map(|start| (least[start] + deviations.between(start, end), start))
                    .min_by(|a, b| a.0.total_cmp(&b.0))
                    .unwrap_or((f64::INFINITY, end))
            })
            .unzip();
        least = next;
        starts.push(start);
    }
    let mut breaks = Vec::new();
    let mut end = values.len();
    for start in starts.iter().rev() {
        end = start[end];
        breaks.extend(end.checked_sub(1).map(|last| values[last]));
    }
    breaks.reverse();
    breaks
}

/// At most `limit` of the values, evenly chosen, the first and last among them.
fn sample(sorted: &[u32], limit: usize) -> Vec<u32> {
    if sorted.len() <= limit {
        return sorted.to_vec();
    }
    (0..limit)
        .map(|index| sorted[index * (sorted.len() - 1) / (limit - 1)])
        .collect()
}

/// Prefix sums from which the squared deviation of any stretch follows in O(1).
struct Deviations {
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Deviations {
    fn of(values: &[u32]) -> Self {
        let mut sums = vec![0.0];
        let mut squares = vec![0.0];
        for value in values {
            let value = f64::from(*value);
            sums.push(sums[sums.len() - 1] + value);
            squares.push(squares[squares.len() - 1] + value * value);
        }
        Self { sums, squares }
    }

    fn between(&self, start: usize, end: usize) -> f64 {
        if start == end {
            return 0.0;
        }
        let sum = self.sums[end] - self.sums[start];
        self.squares[end] - self.squares[start] - sum * sum / (end - start) as f64
    }
}

/// The thresholds of every service, read from `data/policy-breaks.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyBreaks(BTreeMap<ServiceName, ServiceBreaks>);

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceBreaks {
    time_min: Vec<u32>,
    headline_min: u32,
    distance_m: Vec<u32>,
    headline_m: u32,
}

impl PolicyBreaks {
    /// The thresholds that are part of the program.
    #[expect(clippy::missing_panics_doc, reason = "a test reads the built-in file")]
    pub fn built_in() -> Self {
        Self(toml::from_str(POLICY_BREAKS).expect("a test reads the built-in data file"))
    }

    /// The breaks of a service, in milliseconds or millimetres.
    pub fn of(&self, service: ServiceName, metric: Metric) -> ClassBreaks {
        let breaks = &self.0[&service];
        match metric {
            Metric::Time => breaks
                .time_min
                .iter()
                .map(|minutes| minutes * 60_000)
                .collect(),
            Metric::Distance => breaks
                .distance_m
                .iter()
                .map(|metres| metres * 1000)
                .collect(),
        }
    }

    /// The threshold of a service's headline, in milliseconds or millimetres.
    pub fn headline(&self, service: ServiceName, metric: Metric) -> u32 {
        let breaks = &self.0[&service];
        match metric {
            Metric::Time => breaks.headline_min * 60_000,
            Metric::Distance => breaks.headline_m * 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [ClassMethod; 3] = [
        ClassMethod::Quantile,
        ClassMethod::Equal,
        ClassMethod::Natural,
    ];

    #[test]
    fn every_service_has_rising_breaks_and_a_headline_among_them() {
        let policy = PolicyBreaks::built_in();
        for service in ServiceName::ALL {
            for metric in Metric::ALL {
                let breaks = policy.of(*service, *metric);
                assert!(breaks.is_sorted_by(|a, b| a < b));
                assert!(breaks.contains(&policy.headline(*service, *metric)));
            }
        }
    }

    #[test]
    fn a_cost_equal_to_a_break_belongs_to_the_class_below_it() {
        let half_hour = 30 * 60_000;
        assert_eq!(class_of(&[half_hour], half_hour), 0);
        assert_eq!(class_of(&[half_hour], half_hour + 1), 1);
    }

    #[test]
    fn no_values_one_value_and_equal_values_give_one_class() {
        for method in METHODS {
            for costs in [&[][..], &[7], &[7, 7, 7, 7]] {
                assert_eq!(method.breaks(costs, 5, &[]), [] as [u32; 0], "{method:?}");
            }
        }
    }

    #[test]
    fn no_class_of_two_values_is_empty() {
        for method in METHODS {
            assert_eq!(method.breaks(&[3, 9], 2, &[]).len(), 1, "{method:?}");
        }
    }

    #[test]
    fn quantiles_share_places_equally() {
        assert_eq!(ClassMethod::Quantile.breaks(&[1, 2, 3, 40], 2, &[]), [2]);
    }

    #[test]
    fn equal_classes_share_the_range_equally() {
        assert_eq!(
            ClassMethod::Equal.breaks(&[0, 10, 40], 4, &[]),
            [10, 20, 30]
        );
    }

    #[test]
    fn natural_breaks_fall_into_the_gaps() {
        let costs = [10, 11, 12, 50, 51, 90, 91];
        assert_eq!(ClassMethod::Natural.breaks(&costs, 3, &[]), [12, 51]);
    }
}
