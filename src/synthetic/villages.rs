//! Villages and their settlements, before anything is named or counted.

use super::ground::Ground;
use super::kecamatan::Grouping;
use super::random::Random;
use super::search::Spread;

/// Where villages are and how they belong together.
pub(super) struct Villages {
    /// By cell.
    pub of_cell: Vec<Option<usize>>,
    /// By village: its cells, in order.
    pub cells: Vec<Vec<usize>>,
    /// By village: the cell of its main settlement.
    pub main: Vec<usize>,
    /// By village: those that touch it.
    pub neighbours: Vec<Vec<usize>>,
    pub grouping: Grouping,
}

impl Villages {
    /// Number of villages.
    pub(super) fn len(&self) -> usize {
        self.main.len()
    }

    /// Whether a cell belongs to a village of a list.
    pub(super) fn is_of(&self, cell: usize, list: &[bool]) -> bool {
        self.of_cell[cell].is_some_and(|village| list[village])
    }
}

/// The cells of each village, in order.
pub(super) fn cells_by_village(of_cell: &[Option<usize>], n_villages: usize) -> Vec<Vec<usize>> {
    let mut cells = vec![Vec::new(); n_villages];
    for (cell, village) in of_cell.iter().enumerate() {
        if let Some(village) = village {
            cells[*village].push(cell);
        }
    }
    cells
}

/// How a settlement is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// The main one of its village.
    Main,
    /// A hamlet with a road or path of its own.
    Linked,
    /// A hamlet half a kilometre to two from a road.
    OffRoad,
    /// A hamlet more than two kilometres from any road.
    Remote,
    /// The hamlet on the island in the river.
    Island,
}

/// A settlement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub village: usize,
    pub cell: usize,
    pub setting: Setting,
}

/// How villages stand to the road network, by village.
pub(super) struct Standing {
    /// No road leads here.
    pub is_isolated: Vec<bool>,
    /// Only a path leads here.
    pub is_by_path: Vec<bool>,
}

/// Leaves the villages that are hardest to reach without a road, and some more with a path only; never a seat.
pub(super) fn choose_standing(
    villages: &Villages,
    from_arteries: &Spread,
    n_isolated: usize,
    n_by_path: usize,
) -> Standing {
    let mut far: Vec<usize> = (0..villages.len())
        .filter(|village| !villages.grouping.seats.contains(village))
        .collect();
    far.sort_by_key(|village| std::cmp::Reverse(from_arteries.cost(villages.main[*village])));
    let mut standing = Standing {
        is_isolated: vec![false; villages.len()],
        is_by_path: vec![false; villages.len()],
    };
    // A small district keeps most of its villages on the road.
    let n_isolated = n_isolated.min(far.len() / 8);
    let n_by_path = n_by_path.min(far.len() / 8);
    for village in &far[..n_isolated] {
        standing.is_isolated[*village] = true;
    }
    for village in far[n_isolated..].iter().step_by(2).take(n_by_path) {
        standing.is_by_path[*village] = true;
    }
    standing
}

/// Numbers of hamlets beside the main settlement, and how often they occur; assumed.
const N_HAMLETS: [(f64, usize); 6] = [
    (0.14, 0),
    (0.24, 1),
    (0.25, 2),
    (0.19, 3),
    (0.11, 4),
    (0.07, 5),
];
/// A hamlet for each so many cells at most, 1.5 km² in an ordinary district.
const CELLS_A_HAMLET: usize = 7;

/// The main settlements and the hamlets that get a road, and for each village the number of hamlets that get none.
pub(super) fn settle(
    ground: &Ground,
    villages: &Villages,
    off_road: f64,
    random: &mut Random,
) -> (Vec<Home>, Vec<usize>) {
    let mut homes = Vec::new();
    let mut n_off_road = vec![0; villages.len()];
    for (village, cells) in villages.cells.iter().enumerate() {
        let main = villages.main[village];
        homes.push(Home {
            village,
            cell: main,
            setting: Setting::Main,
        });
        let n_hamlets = random
            .weighted(&N_HAMLETS)
            .min(cells.len() / CELLS_A_HAMLET);
        let mut free = cells.clone();
        free.retain(|cell| *cell != main && !ground.is_island[*cell]);
        for _ in 0..n_hamlets {
            if random.chance(off_road) {
                n_off_road[village] += 1;
            } else if let Some(cell) = nearer_of_two(ground, main, &mut free, random) {
                homes.push(Home {
                    village,
                    cell,
                    setting: Setting::Linked,
                });
            }
        }
    }
    (homes, n_off_road)
}

/// Takes one of the free cells, rather a near one: the better of two.
fn nearer_of_two(
    ground: &Ground,
    main: usize,
    free: &mut Vec<usize>,
    random: &mut Random,
) -> Option<usize> {
    let distance = |at: usize| {
        let cells = &ground.lattice.cells;
        cells[free[at]].distance_m(cells[main])
    };
    if free.is_empty() {
        return None;
    }
    let (one, other) = (random.below(free.len()), random.below(free.len()));
    let at = if distance(other) < distance(one) {
        other
    } else {
        one
    };
    Some(free.swap_remove(at))
}

/// Hamlets off the road, a few very far from any, and the one on the island.
pub(super) fn settle_off_road(
    ground: &Ground,
    villages: &Villages,
    n_off_road: &[usize],
    n_remote: usize,
    from_road: &Spread,
    random: &mut Random,
) -> Vec<Home> {
    // Six steps of 500 m, across the rows of the lattice 6 × 0.866 × 500 m = 2.6 km, less what jitter takes.
    const REMOTE_STEPS: u32 = 6;
    const NEAR_STEPS: std::ops::RangeInclusive<u32> = 1..=3;
    let mut homes = Vec::new();
    let pick = |village: usize, steps: std::ops::RangeInclusive<u32>, random: &mut Random| {
        let fitting: Vec<usize> = villages.cells[village]
            .iter()
            .copied()
            .filter(|cell| !ground.is_island[*cell])
            .filter(|cell| {
                from_road
                    .cost(*cell)
                    .is_some_and(|cost| steps.contains(&cost))
            })
            .collect();
        (!fitting.is_empty()).then(|| fitting[random.below(fitting.len())])
    };
    for (village, n) in n_off_road.iter().enumerate() {
        for _ in 0..*n {
            let cell = pick(village, NEAR_STEPS, random);
            homes.extend(cell.map(|cell| Home {
                village,
                cell,
                setting: Setting::OffRoad,
            }));
        }
    }
    let mut order: Vec<usize> = (0..villages.len()).collect();
    random.shuffle(&mut order);
    let remote = order.into_iter().filter_map(|village| {
        let cell = pick(village, REMOTE_STEPS..=u32::MAX, random)?;
        Some(Home {
            village,
            cell,
            setting: Setting::Remote,
        })
    });
    homes.extend(remote.take(n_remote));
    homes
}
