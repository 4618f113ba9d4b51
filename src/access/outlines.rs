//! Outlines of the inside of a grid of points: marching squares.

use std::collections::HashMap;

/// An area without the areas of its holes. Rings are closed; the outer one runs anticlockwise, holes clockwise.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) outer: Vec<[f64; 2]>,
    pub(super) holes: Vec<Vec<[f64; 2]>>,
}

/// The line between two neighbouring points, by the lower of them: to the right of it, or up from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Side {
    Right(usize),
    Up(usize),
}

/// The parts that the points inside form, in order of their lowest row; in units of the grid.
///
/// Points are numbered row by row, `[n_columns, n_rows]` of them; none of the outermost ring is inside. An outline
/// crosses the line from a point inside to one outside at the fraction that `cut` says, which is above 0 and below 1.
/// Points that are neighbours only across a corner are not joined. Parts and holes of less than `least_area` are left
/// out. Rings never touch, so every part is a valid polygon. O(points + parts × vertices of holes).
pub(super) fn outlines(
    [n_columns, n_rows]: [usize; 2],
    is_inside: &dyn Fn(usize) -> bool,
    cut: &dyn Fn(usize, usize) -> f64,
    least_area: f64,
) -> Vec<Part> {
    let mut next = HashMap::new();
    let mut starts = Vec::new();
    for row in 0..n_rows.saturating_sub(1) {
        for column in 0..n_columns.saturating_sub(1) {
            let corner = row * n_columns + column;
            for (from, to) in segments(corner, n_columns, is_inside) {
                next.insert(from, to);
                starts.push(from);
            }
        }
    }
    let place = |side: Side| {
        let (a, b, along) = match side {
            Side::Right(point) => (point, point + 1, [1.0, 0.0]),
            Side::Up(point) => (point, point + n_columns, [0.0, 1.0]),
        };
        let fraction = if is_inside(a) {
            cut(a, b)
        } else {
            1.0 - cut(b, a)
        };
        let (x, y) = ((a % n_columns) as f64, (a / n_columns) as f64);
        [x + fraction * along[0], y + fraction * along[1]]
    };
    let mut rings = Vec::new();
    for start in starts {
        let mut ring = Vec::new();
        let mut here = start;
        while let Some(to) = next.remove(&here) {
            ring.push(place(here));
            here = to;
        }
        if let Some(first) = ring.first().copied() {
            ring.push(first);
            rings.push(ring);
        }
    }
    into_parts(rings, least_area)
}

/// The pieces of outline within a square, each with the inside on its left.
fn segments(
    a: usize,
    n_columns: usize,
    is_inside: &dyn Fn(usize) -> bool,
) -> impl Iterator<Item = (Side, Side)> {
    let (b, d) = (a + 1, a + n_columns);
    let c = d + 1;
    let (bottom, right, top, left) = (Side::Right(a), Side::Up(b), Side::Right(d), Side::Up(a));
    let pair = match [a, b, c, d].map(is_inside) {
        [false, false, false, false] | [true, true, true, true] => [None, None],
        [true, false, false, false] => [Some((bottom, left)), None],
        [false, true, false, false] => [Some((right, bottom)), None],
        [false, false, true, false] => [Some((top, right)), None],
        [false, false, false, true] => [Some((left, top)), None],
        [true, true, false, false] => [Some((right, left)), None],
        [false, true, true, false] => [Some((top, bottom)), None],
        [false, false, true, true] => [Some((left, right)), None],
        [true, false, false, true] => [Some((bottom, top)), None],
        [true, true, true, false] => [Some((top, left)), None],
        [false, true, true, true] => [Some((left, bottom)), None],
        [true, false, true, true] => [Some((bottom, right)), None],
        [true, true, false, true] => [Some((right, top)), None],
        [true, false, true, false] => [Some((bottom, left)), Some((top, right))],
        [false, true, false, true] => [Some((right, bottom)), Some((left, top))],
    };
    pair.into_iter().flatten()
}

/// Gives each hole to the smallest part around it.
fn into_parts(rings: Vec<Vec<[f64; 2]>>, least_area: f64) -> Vec<Part> {
    let (mut outers, mut holes) = (Vec::new(), Vec::new());
    for ring in rings {
        let area = area(&ring);
        if area >= least_area {
            outers.push((area, ring));
        } else if area <= -least_area {
            holes.push(ring);
        }
    }
    let mut parts: Vec<(f64, Part)> = outers
        .into_iter()
        .map(|(area, outer)| {
            let holes = Vec::new();
            (area, Part { outer, holes })
        })
        .collect();
    for hole in holes {
        let around = parts
            .iter_mut()
            .filter(|(_, part)| contains(&part.outer, hole[0]))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, part)) = around {
            part.holes.push(hole);
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Of a closed ring, positive where it runs anticlockwise.
fn area(ring: &[[f64; 2]]) -> f64 {
    let doubled: f64 = ring
        .windows(2)
        .map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1])
        .sum();
    doubled / 2.0
}

/// Whether a place that is not on the ring lies within it: a ray to the east crosses it an odd number of times.
fn contains(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let is_crossed = |pair: &&[[f64; 2]]| {
        let ([xa, ya], [xb, yb]) = (pair[0], pair[1]);
        (ya > y) != (yb > y) && x < xa + (y - ya) / (yb - ya) * (xb - xa)
    };
    ring.windows(2).filter(is_crossed).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a picture from the north down; `#` is inside.
    fn parts(picture: &[&str], least_area: f64) -> Vec<Part> {
        let n_columns = picture[0].len();
        let points: Vec<bool> = picture
            .iter()
            .rev()
            .flat_map(|row| row.bytes().map(|byte| byte == b'#'))
            .collect();
        outlines(
            [n_columns, picture.len()],
            &|point| points[point],
            &|_, _| 0.5,
            least_area,
        )
    }

    #[test]
    fn one_point_is_a_diamond_of_half_a_square() {
        let parts = parts(&["...", ".#.", "..."], 0.0);
        assert_eq!(parts.len(), 1);
        assert!((area(&parts[0].outer) - 0.5).abs() < 1e-9);
        assert_eq!(parts[0].outer.first(), parts[0].outer.last());
    }

    #[test]
    fn a_hole_belongs_to_the_smallest_part_around_it() {
        let picture = [
            ".........",
            ".#######.",
            ".#.....#.",
            ".#.###.#.",
            ".#.#.#.#.",
            ".#.###.#.",
            ".#.....#.",
            ".#######.",
            ".........",
        ];
        let parts = parts(&picture, 0.0);
        let n_holes: Vec<usize> = parts.iter().map(|part| part.holes.len()).collect();
        assert_eq!(n_holes, [1, 1]);
        assert!(parts.iter().all(|part| area(&part.holes[0]) < 0.0));
    }

    #[test]
    fn neighbours_across_a_corner_are_two_parts() {
        assert_eq!(parts(&["....", ".#..", "..#.", "...."], 0.0).len(), 2);
        assert_eq!(parts(&["....", "..#.", ".#..", "...."], 0.0).len(), 2);
    }

    #[test]
    fn what_is_smaller_than_asked_for_is_left_out() {
        assert_eq!(parts(&["...", ".#.", "..."], 1.0), []);
        let ring = [".....", ".###.", ".#.#.", ".###.", "....."];
        assert_eq!(parts(&ring, 1.0)[0].holes.len(), 0);
    }
}
