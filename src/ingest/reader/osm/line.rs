//! The line of a way from the places of its nodes, as far as they are known.

use geo_types::{Coord, LineString, MultiLineString};

use super::element::Place;

/// What is known of a node of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Where it is.
    At(Place),
    /// The file has it, but nowhere on the earth.
    Nowhere,
    /// The file does not have it, or has it as deleted.
    Missing,
}

/// A way's line, and what is missing of it.
#[derive(Debug, PartialEq)]
pub(super) struct Shaped {
    /// The parts between nodes that are not known, each of two different places or more; cut at the antimeridian.
    pub(super) line: MultiLineString<f64>,
    /// Nodes that the file does not have.
    pub(super) n_missing: usize,
    /// Nodes that are nowhere on the earth.
    pub(super) n_nowhere: usize,
    /// Whether it passes from one side of the antimeridian to the other.
    pub(super) crosses_antimeridian: bool,
}

/// Lays the line. Degrees, EPSG:4326.
pub(super) fn shape(nodes: impl IntoIterator<Item = Known>) -> Shaped {
    let mut shaped = Shaped {
        line: MultiLineString(Vec::new()),
        n_missing: 0,
        n_nowhere: 0,
        crosses_antimeridian: false,
    };
    let mut part: Vec<Coord<f64>> = Vec::new();
    let mut last: Option<Place> = None;
    for node in nodes {
        let place = match node {
            Known::At(place) => place,
            Known::Nowhere => {
                shaped.n_nowhere += 1;
                finish(&mut part, &mut shaped.line);
                last = None;
                continue;
            }
            Known::Missing => {
                shaped.n_missing += 1;
                finish(&mut part, &mut shaped.line);
                last = None;
                continue;
            }
        };
        if let Some([before, after]) = last.and_then(|last| antimeridian(last, place)) {
            shaped.crosses_antimeridian = true;
            push(&mut part, before);
            finish(&mut part, &mut shaped.line);
            push(&mut part, after);
        }
        let (x, y) = place.degrees();
        push(&mut part, Coord { x, y });
        last = Some(place);
    }
    finish(&mut part, &mut shaped.line);
    shaped
}

fn push(part: &mut Vec<Coord<f64>>, coord: Coord<f64>) {
    if part.last() != Some(&coord) {
        part.push(coord);
    }
}

fn finish(part: &mut Vec<Coord<f64>>, line: &mut MultiLineString<f64>) {
    let part = std::mem::take(part);
    if part.len() > 1 {
        line.0.push(LineString(part));
    }
}

/// Where the short way between two places meets ±180°: the same latitude, once on either side.
///
/// The latitude is interpolated in degrees; between nodes of one road that is exact enough.
fn antimeridian(from: Place, to: Place) -> Option<[Coord<f64>; 2]> {
    const HALF_TURN_E7: i64 = 1_800_000_000;
    if (from.lon_e7() - to.lon_e7()).abs() <= HALF_TURN_E7 {
        return None;
    }
    let to_it = HALF_TURN_E7 - from.lon_e7().abs();
    let from_it = HALF_TURN_E7 - to.lon_e7().abs();
    // Both on it, one written as 180 and the other as -180: anywhere between them.
    let whole = (to_it + from_it).max(1);
    let lat_e7 = from.lat_e7() + (to.lat_e7() - from.lat_e7()) * to_it / whole;
    let on_side = |of: Place| {
        let place = Place::parse(HALF_TURN_E7 * of.lon_e7().signum(), lat_e7)?;
        let (x, y) = place.degrees();
        Some(Coord { x, y })
    };
    Some([on_side(from)?, on_side(to)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Known {
        Known::At(Place::of_degrees(lon, lat).unwrap())
    }

    fn parts(nodes: &[Known]) -> Vec<Vec<(f64, f64)>> {
        let shaped = shape(nodes.iter().copied());
        let parts = shaped.line.0.iter();
        parts
            .map(|part| part.coords().map(|coord| (coord.x, coord.y)).collect())
            .collect()
    }

    #[test]
    fn a_missing_node_parts_the_line_and_a_lone_node_is_no_line() {
        let nodes = [
            at(1., 1.),
            at(2., 1.),
            Known::Missing,
            at(4., 1.),
            Known::Nowhere,
            at(6., 1.),
            at(7., 1.),
        ];
        assert_eq!(
            parts(&nodes),
            [vec![(1., 1.), (2., 1.)], vec![(6., 1.), (7., 1.)]]
        );
        let shaped = shape(nodes);
        assert_eq!((shaped.n_missing, shaped.n_nowhere), (1, 1));
        assert!(!shaped.crosses_antimeridian);
    }

    #[test]
    fn a_node_that_is_repeated_is_one() {
        assert_eq!(
            parts(&[at(1., 1.), at(1., 1.)]),
            Vec::<Vec<(f64, f64)>>::new()
        );
        assert_eq!(
            parts(&[at(1., 1.), at(1., 1.), at(2., 1.)]),
            [vec![(1., 1.), (2., 1.)]]
        );
    }

    #[test]
    fn a_line_over_the_antimeridian_ends_on_one_side_and_goes_on_on_the_other() {
        // A quarter of the way east of 179.9 lies 180, so the latitude is a quarter of the way too.
        let nodes = [at(179.9, -16.0), at(-179.7, -16.4)];
        assert_eq!(
            parts(&nodes),
            [
                vec![(179.9, -16.0), (180., -16.1)],
                vec![(-180., -16.1), (-179.7, -16.4)]
            ]
        );
        assert!(shape(nodes).crosses_antimeridian);
        let on_it = [
            at(179.9, -16.0),
            at(180., -16.0),
            at(-180., -16.0),
            at(-179.9, -16.0),
        ];
        assert_eq!(
            parts(&on_it),
            [
                vec![(179.9, -16.), (180., -16.)],
                vec![(-180., -16.), (-179.9, -16.)]
            ]
        );
    }

    #[test]
    fn half_a_turn_is_no_crossing() {
        assert_eq!(parts(&[at(-90., 0.), at(90., 0.)]).len(), 1);
    }
}
