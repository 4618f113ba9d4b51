//! Where in a village its letter fits: inside, clear of the border and of circles.

use super::ground::Step;

/// Places looked at along each side of a village's box.
const N_TRIED: u32 = 11;

/// A circle that a letter keeps clear of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Circle {
    pub(super) centre: (f64, f64),
    pub(super) radius: f64,
}

/// The middle of the roomiest place of those tried, where at least `room` pixels around it are free.
///
/// `rings` are closed, in pixels. O(tried² · (corners + circles)).
pub(super) fn spot(rings: &[Vec<(f64, f64)>], circles: &[Circle], room: f64) -> Option<(f64, f64)> {
    let corners = || rings.iter().flatten();
    let (first, rest) = {
        let mut corners = corners();
        (*corners.next()?, corners)
    };
    let (min, max) = rest.fold((first, first), |(min, max), (x, y)| {
        (
            (min.0.min(*x), min.1.min(*y)),
            (max.0.max(*x), max.1.max(*y)),
        )
    });
    if (max.0 - min.0).min(max.1 - min.1) < 2.0 * room {
        return None;
    }
    let near: Vec<Circle> = circles
        .iter()
        .filter(|circle| {
            let reach = circle.radius + room;
            let (x, y) = circle.centre;
            (min.0 - reach..=max.0 + reach).contains(&x)
                && (min.1 - reach..=max.1 + reach).contains(&y)
        })
        .copied()
        .collect();
    let along = |from: f64, to: f64, index: u32| {
        from + (to - from) * (f64::from(index) + 0.5) / f64::from(N_TRIED)
    };
    let mut best: Option<((f64, f64), f64)> = None;
    for row in 0..N_TRIED {
        for column in 0..N_TRIED {
            let place = (along(min.0, max.0, column), along(min.1, max.1, row));
            let free = free_around(place, rings, &near);
            if room <= free && best.is_none_or(|(_, most)| most < free) {
                best = Some((place, free));
            }
        }
    }
    best.map(|(place, _)| place)
}

/// Pixels to the nearest border or circle; negative outside.
fn free_around(place: (f64, f64), rings: &[Vec<(f64, f64)>], circles: &[Circle]) -> f64 {
    let mut is_inside = false;
    let mut free = f64::INFINITY;
    for ring in rings {
        for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            free = free.min(distance(place, *from, *to));
            if (from.1 <= place.1) != (to.1 <= place.1) {
                let share = (place.1 - from.1) / (to.1 - from.1);
                if place.0 < from.0 + share * (to.0 - from.0) {
                    is_inside = !is_inside;
                }
            }
        }
    }
    if !is_inside {
        return -1.0;
    }
    circles.iter().fold(free, |free, circle| {
        let (x, y) = circle.centre;
        free.min((place.0 - x).hypot(place.1 - y) - circle.radius)
    })
}

fn distance(place: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let squared = dx * dx + dy * dy;
    let along = if squared == 0.0 {
        0.0
    } else {
        (((place.0 - from.0) * dx + (place.1 - from.1) * dy) / squared).clamp(0.0, 1.0)
    };
    (place.0 - from.0 - along * dx).hypot(place.1 - from.1 - along * dy)
}

/// Rings in pixels, for [`spot`].
pub(super) fn in_px(rings: &[Vec<Step>], px: impl Fn(Step) -> (f64, f64)) -> Vec<Vec<(f64, f64)>> {
    rings
        .iter()
        .map(|ring| ring.iter().map(|step| px(*step)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Vec<Vec<(f64, f64)>> {
        vec![vec![(0.0, 0.0), (110.0, 0.0), (110.0, 110.0), (0.0, 110.0)]]
    }

    #[test]
    fn the_middle_of_a_square_is_its_roomiest_place() {
        assert_eq!(spot(&square(), &[], 10.0), Some((55.0, 55.0)));
        assert_eq!(spot(&square(), &[], 56.0), None);
    }

    #[test]
    fn a_letter_keeps_clear_of_a_circle() {
        let circle = Circle {
            centre: (55.0, 55.0),
            radius: 20.0,
        };
        let (x, y) = spot(&square(), &[circle], 10.0).unwrap();
        assert!(20.0 + 10.0 <= (x - 55.0).hypot(y - 55.0));
    }

    #[test]
    fn a_hole_is_outside() {
        let mut rings = square();
        rings.push(vec![
            (10.0, 10.0),
            (100.0, 10.0),
            (100.0, 100.0),
            (10.0, 100.0),
        ]);
        assert_eq!(spot(&rings, &[], 10.0), None);
        assert_eq!(spot(&[], &[], 0.0), None);
    }
}
