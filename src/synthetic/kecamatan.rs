//! Groups neighbouring villages into kecamatan.

use std::collections::{BTreeMap, VecDeque};

use super::micro::Micro;
use super::random::Random;

/// Villages by kecamatan.
pub(super) struct Grouping {
    /// By kecamatan: the village that is its seat.
    pub seats: Vec<usize>,
    /// By village.
    pub kecamatan: Vec<usize>,
}

/// Grows `n` groups from seats that keep their distance, the capital's village the first.
///
/// Villages `at_edge` of the district are no seats while there are enough others.
pub(super) fn group_villages(
    neighbours: &[Vec<usize>],
    places: &[Micro],
    at_edge: &[bool],
    capital: usize,
    n: usize,
    seed: u64,
) -> Grouping {
    let mut random = Random::stream(seed, "kecamatan");
    let n = n.min(neighbours.len());
    let mut order: Vec<usize> = (0..neighbours.len())
        .filter(|village| *village != capital)
        .collect();
    random.shuffle(&mut order);
    let central: Vec<usize> = order
        .iter()
        .copied()
        .filter(|village| !at_edge[*village])
        .collect();
    let order = if n <= central.len() { central } else { order };
    let seats = seats(neighbours, capital, n, &order);
    let mut kecamatan: Vec<Option<usize>> = vec![None; neighbours.len()];
    for (group, seat) in seats.iter().enumerate() {
        kecamatan[*seat] = Some(group);
    }
    // What each should have: uneven, as the real ones are with 9 to 23 villages.
    let wanted: Vec<f64> = seats.iter().map(|_| random.between(0.6, 1.5)).collect();
    let mut n_villages = vec![1.0; seats.len()];
    let mut is_full = vec![false; seats.len()];
    let fill = |group: usize, n_villages: &[f64]| n_villages[group] / wanted[group];
    while let Some(group) = (0..seats.len())
        .filter(|group| !is_full[*group])
        .min_by(|a, b| fill(*a, &n_villages).total_cmp(&fill(*b, &n_villages)))
    {
        match nearest_free(neighbours, places, &kecamatan, group, seats[group]) {
            Some(village) => {
                kecamatan[village] = Some(group);
                n_villages[group] += 1.0;
            }
            None => is_full[group] = true,
        }
    }
    Grouping {
        kecamatan: with_strays(places, &seats, kecamatan),
        seats,
    }
}

/// Seats at least so many villages apart as leave room for `n`, the first that fit in the order given.
fn seats(neighbours: &[Vec<usize>], capital: usize, n: usize, order: &[usize]) -> Vec<usize> {
    // Groups of 14 villages in a honeycomb have seats √14 villages apart.
    const FURTHEST_APART: usize = 4;
    let mut seats = vec![capital];
    let mut apart = FURTHEST_APART;
    while seats.len() < n {
        for village in order {
            if seats.len() < n && is_apart(neighbours, &seats, *village, apart) {
                seats.push(*village);
            }
        }
        apart -= 1;
    }
    seats
}

/// Whether no seat is fewer than `apart` villages away.
fn is_apart(neighbours: &[Vec<usize>], seats: &[usize], from: usize, apart: usize) -> bool {
    let mut distance = BTreeMap::from([(from, 0)]);
    let mut queue = VecDeque::from([from]);
    while let Some(village) = queue.pop_front() {
        if distance[&village] == apart {
            return true;
        }
        if seats.contains(&village) {
            return false;
        }
        for next in &neighbours[village] {
            if !distance.contains_key(next) {
                distance.insert(*next, distance[&village] + 1);
                queue.push_back(*next);
            }
        }
    }
    true
}

fn nearest_free(
    neighbours: &[Vec<usize>],
    places: &[Micro],
    kecamatan: &[Option<usize>],
    group: usize,
    seat: usize,
) -> Option<usize> {
    let own = (0..neighbours.len()).filter(|village| kecamatan[*village] == Some(group));
    own.flat_map(|village| &neighbours[village])
        .copied()
        .filter(|village| kecamatan[*village].is_none())
        .min_by(|a, b| {
            let distance = |village: usize| places[village].distance_m(places[seat]);
            distance(*a).total_cmp(&distance(*b)).then(a.cmp(b))
        })
}

/// Gives villages that touch no group, such as those of another island, to the nearest seat.
fn with_strays(places: &[Micro], seats: &[usize], kecamatan: Vec<Option<usize>>) -> Vec<usize> {
    let groups = kecamatan.into_iter().enumerate().map(|(village, group)| {
        let nearest = || {
            (0..seats.len()).min_by(|a, b| {
                let distance = |group: usize| places[village].distance_m(places[seats[group]]);
                distance(*a).total_cmp(&distance(*b))
            })
        };
        group.or_else(nearest).unwrap_or(0)
    });
    groups.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_village_of_a_row_has_a_kecamatan_and_every_kecamatan_a_seat() {
        let n = 20;
        let neighbours: Vec<Vec<usize>> = (0..n)
            .map(|at: usize| {
                let mut around: Vec<usize> = at.checked_sub(1).into_iter().collect();
                around.extend((at + 1 < n).then_some(at + 1));
                around
            })
            .collect();
        let places: Vec<Micro> = (0..20).map(|x| Micro { x, y: 0 }).collect();
        let grouping = group_villages(&neighbours, &places, &[false; 20], 0, 4, 1);
        assert_eq!(grouping.seats.len(), 4);
        for (group, seat) in grouping.seats.iter().enumerate() {
            assert_eq!(grouping.kecamatan[*seat], group);
        }
        assert_eq!(grouping.kecamatan.len(), n);
    }
}
