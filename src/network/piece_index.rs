//! Which pieces lie near a place, found through boxes over runs of them.

use std::ops::Range;

use rstar::AABB;

use super::grid_point::GridPoint;
use super::road_network::id;

/// Things in a run, and runs or groups in a group.
const FAN_OUT: u32 = 8;

/// A box on the grid of vertices, its border included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GridBox {
    least: [i32; 2],
    most: [i32; 2],
}

impl GridBox {
    /// The box of a straight line.
    pub(super) fn of(ends: [GridPoint; 2]) -> Self {
        let [a, b] = ends.map(GridPoint::to_pair);
        Self {
            least: [a[0].min(b[0]), a[1].min(b[1])],
            most: [a[0].max(b[0]), a[1].max(b[1])],
        }
    }

    /// The least box on the grid that contains one in degrees.
    pub(super) fn around(area: &AABB<[f64; 2]>) -> Self {
        let (least, most) = (area.lower(), area.upper());
        Self {
            least: least.map(GridPoint::steps_below),
            most: most.map(GridPoint::steps_above),
        }
    }

    /// The same for an R-tree.
    pub(super) fn to_envelope(self) -> AABB<[i64; 2]> {
        AABB::from_corners(self.least.map(i64::from), self.most.map(i64::from))
    }

    #[inline]
    pub(super) fn touches(&self, other: &Self) -> bool {
        self.least[0] <= other.most[0]
            && other.least[0] <= self.most[0]
            && self.least[1] <= other.most[1]
            && other.least[1] <= self.most[1]
    }

    fn merged(self, other: &Self) -> Self {
        let [a, b] = [self, *other];
        Self {
            least: [a.least[0].min(b.least[0]), a.least[1].min(b.least[1])],
            most: [a.most[0].max(b.most[0]), a.most[1].max(b.most[1])],
        }
    }
}

/// A tree of boxes over things in an order in which neighbours are near, such as the pieces of a network.
///
/// Level 0 holds a box for each run of [`FAN_OUT`] things, every other level one for each [`FAN_OUT`] boxes of the level
/// below, and the last level one box. Made without sorting, in O(n); a query passes the boxes that it touches.
#[derive(Debug, Clone, Default)]
pub(super) struct PieceIndex {
    levels: Vec<Vec<GridBox>>,
    n_things: u32,
}

impl PieceIndex {
    /// Numbers are the positions in `boxes`.
    pub(super) fn new(boxes: impl Iterator<Item = GridBox>) -> Self {
        let mut runs: Vec<GridBox> = Vec::new();
        let mut n_things = 0;
        for own in boxes {
            match runs.last_mut() {
                Some(run) if n_things % FAN_OUT != 0 => *run = run.merged(&own),
                _ => runs.push(own),
            }
            n_things += 1;
        }
        let mut levels = vec![runs];
        loop {
            let below = &levels[levels.len() - 1];
            if below.len() <= 1 {
                break;
            }
            let groups = below.chunks(FAN_OUT as usize);
            let merged = |group: &[GridBox]| group.iter().fold(group[0], GridBox::merged);
            levels.push(groups.map(merged).collect());
        }
        Self { levels, n_things }
    }

    /// The runs of things that may touch an area, in order.
    pub(super) fn runs_in(&self, area: GridBox) -> impl Iterator<Item = Range<u32>> {
        // Where to look next: a level and a position on it; none at the end.
        let mut next = (self.n_things > 0).then(|| (self.levels.len() - 1, 0));
        std::iter::from_fn(move || {
            while let Some((level, position)) = next {
                let is_touched = self.levels[level][position as usize].touches(&area);
                if is_touched && level > 0 {
                    next = Some((level - 1, position * FAN_OUT));
                    continue;
                }
                next = self.after(level, position);
                if is_touched {
                    let start = position * FAN_OUT;
                    return Some(start..(start + FAN_OUT).min(self.n_things));
                }
            }
            None
        })
    }

    /// What comes after a box and all that is in it: the next one beside it, else the one after the group it is in.
    fn after(&self, mut level: usize, mut position: u32) -> Option<(usize, u32)> {
        loop {
            let next = position + 1;
            if next < id(self.levels[level].len()) && !next.is_multiple_of(FAN_OUT) {
                return Some((level, next));
            }
            level += 1;
            position /= FAN_OUT;
            if level == self.levels.len() {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_box() -> impl Strategy<Value = GridBox> {
        let point = || (-20..20, -20..20).prop_map(|(lon, lat)| GridPoint::new(lon, lat));
        [point(), point()].prop_map(GridBox::of)
    }

    proptest! {
        #[test]
        fn runs_hold_all_that_touches_and_come_in_order(
            boxes in prop::collection::vec(any_box(), 0..700),
            area in any_box(),
        ) {
            let index = PieceIndex::new(boxes.iter().copied());
            let found: Vec<u32> = index.runs_in(area).flatten().collect();
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            let touching = |number: &u32| boxes[*number as usize].touches(&area);
            let expected: Vec<u32> = (0..id(boxes.len())).filter(touching).collect();
            let found: Vec<u32> = found.into_iter().filter(touching).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
