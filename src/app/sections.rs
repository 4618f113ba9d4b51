//! What surveys say of stretches of roads, joined to their lines by distance (linear referencing).

use std::collections::BTreeMap;

use geo_types::{Coord, LineString, MultiLineString};

use crate::domain::{Keyed, LonLat, Road, RoadSection};
use crate::network::local_distance_m;

/// Sections that end within this share of the line's length are stretched to it: odometers and drawn lines differ.
const STRETCHED_UP_TO: f64 = 0.05;

/// Stretches shorter than this are left to their neighbours.
const SHORTEST_M: f64 = 0.01;

/// The roads, those with sections cut where a section begins or ends; each stretch says what its section says.
///
/// Stations count from the start of the line, through its parts in their order. Where sections overlap, the one that
/// begins later counts; what no section covers stays as it was. Cut roads keep their id. `sections` are in order of
/// road and start. O(vertices + sections).
pub(super) fn surveyed(roads: Vec<Keyed<Road>>, sections: &[RoadSection]) -> Vec<Keyed<Road>> {
    let mut by_road: BTreeMap<&str, Vec<&RoadSection>> = BTreeMap::new();
    for section in sections {
        by_road.entry(&section.road).or_default().push(section);
    }
    roads
        .into_iter()
        .flat_map(|road| match by_road.get(road.id.as_str()) {
            Some(sections) => cut(&road, sections),
            None => vec![road],
        })
        .collect()
}

/// Length of the line in metres.
pub(super) fn length_m(line: &MultiLineString<f64>) -> f64 {
    line.0.iter().map(|part| places(part).length_m()).sum()
}

/// By how much stations are stretched so that the last is the end of the line; none where they differ by more than is
/// put down to measuring.
pub(super) fn stretch(stated_m: f64, length_m: f64) -> Option<f64> {
    let stretch = length_m / stated_m;
    ((stretch - 1.0).abs() <= STRETCHED_UP_TO).then_some(stretch)
}

fn cut(road: &Keyed<Road>, sections: &[&RoadSection]) -> Vec<Keyed<Road>> {
    let stated_m = sections
        .iter()
        .map(|section| section.to_m)
        .fold(0.0, f64::max);
    // Stations that fit nowhere near are taken as they are.
    let stretch = stretch(stated_m, length_m(&road.record.line)).unwrap_or(1.0);
    let mut pieces = Vec::new();
    let mut start_m = 0.0;
    for part in &road.record.line.0 {
        let part = places(part);
        let end_m = start_m + part.length_m();
        let mut stations: Vec<f64> = sections
            .iter()
            .flat_map(|section| [section.from_m * stretch, section.to_m * stretch])
            .filter(|station| start_m + SHORTEST_M < *station && *station < end_m - SHORTEST_M)
            .chain([start_m, end_m])
            .collect();
        stations.sort_by(f64::total_cmp);
        stations.dedup_by(|next, last| *next - *last < SHORTEST_M);
        for pair in stations.windows(2) {
            let middle = f64::midpoint(pair[0], pair[1]);
            let covering = sections.iter().rev().find(|section| {
                section.from_m * stretch <= middle && middle <= section.to_m * stretch
            });
            let line = part.between(pair[0] - start_m, pair[1] - start_m);
            pieces.push(piece(road, line, covering.copied()));
        }
        start_m = end_m;
    }
    pieces
}

fn piece(road: &Keyed<Road>, line: LineString<f64>, section: Option<&RoadSection>) -> Keyed<Road> {
    let mut record = Road {
        line: MultiLineString(vec![line]),
        ..road.record.clone()
    };
    if let Some(section) = section {
        record.surface = section.surface.or(record.surface);
        record.condition = section.condition.or(record.condition);
        record.width_m = section.width_m.or(record.width_m);
        record.season = section.season.or(record.season);
    }
    Keyed {
        id: road.id.clone(),
        record,
    }
}

/// A part of a line with the distance of each vertex from its start.
struct Measured {
    coords: Vec<Coord<f64>>,
    at_m: Vec<f64>,
}

fn places(line: &LineString<f64>) -> Measured {
    let mut at_m = Vec::with_capacity(line.0.len());
    let mut total = 0.0;
    for (number, coord) in line.0.iter().enumerate() {
        if number > 0 {
            total += distance_m(line.0[number - 1], *coord);
        }
        at_m.push(total);
    }
    Measured {
        coords: line.0.clone(),
        at_m,
    }
}

fn distance_m(from: Coord<f64>, to: Coord<f64>) -> f64 {
    match (LonLat::parse(from.x, from.y), LonLat::parse(to.x, to.y)) {
        (Ok(from), Ok(to)) => local_distance_m(from, to),
        // Stored lines were checked when they were imported.
        _ => 0.0,
    }
}

impl Measured {
    fn length_m(&self) -> f64 {
        self.at_m.last().copied().unwrap_or(0.0)
    }

    /// The stretch between two distances, ends put between vertices where they must be.
    fn between(&self, from_m: f64, to_m: f64) -> LineString<f64> {
        let inner = (0..self.coords.len())
            .filter(|vertex| from_m < self.at_m[*vertex] && self.at_m[*vertex] < to_m)
            .map(|vertex| self.coords[vertex]);
        let ends = [self.place_at(from_m), self.place_at(to_m)];
        let mut coords = vec![ends[0]];
        coords.extend(inner);
        coords.push(ends[1]);
        LineString(coords)
    }

    fn place_at(&self, at_m: f64) -> Coord<f64> {
        let next = self.at_m.partition_point(|vertex| *vertex < at_m);
        if next == 0 {
            return self.coords[0];
        }
        let Some(after) = self.coords.get(next) else {
            return self.coords[self.coords.len() - 1];
        };
        let (before, from) = (self.coords[next - 1], self.at_m[next - 1]);
        let share = (at_m - from) / (self.at_m[next] - from);
        if (share - 1.0).abs() < f64::EPSILON {
            return *after;
        }
        Coord {
            x: before.x + (after.x - before.x) * share,
            y: before.y + (after.y - before.y) * share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ModeSet, OneWay, RoadClass, SeasonAccess, Surface};

    /// A road eastwards along the equator through three vertices, in all 0.02 degrees: 2,226.39 m.
    fn road() -> Keyed<Road> {
        let line = LineString::from(vec![(102.0, 0.0), (102.01, 0.0), (102.02, 0.0)]);
        Keyed {
            id: "012".to_owned(),
            record: Road {
                name: None,
                class: RoadClass::Tertiary,
                surface: Some(Surface::Earth),
                condition: None,
                width_m: None,
                one_way: OneWay::No,
                is_bridge: false,
                is_tunnel: false,
                barred: ModeSet::NONE,
                season: None,
                max_speed_kmh: None,
                line: MultiLineString(vec![line]),
            },
        }
    }

    fn section(from_m: f64, to_m: f64, surface: Surface) -> RoadSection {
        RoadSection {
            road: "012".to_owned(),
            from_m,
            to_m,
            surface: Some(surface),
            condition: None,
            width_m: None,
            season: Some(SeasonAccess::Dry),
        }
    }

    /// Length in metres to one decimal, and surface.
    fn found(sections: &[RoadSection]) -> Vec<(f64, Option<Surface>)> {
        surveyed(vec![road()], sections)
            .iter()
            .map(|piece| {
                let length = (length_m(&piece.record.line) * 10.0).round() / 10.0;
                (length, piece.record.surface)
            })
            .collect()
    }

    #[test]
    fn a_road_is_cut_where_sections_end_and_keeps_its_length_and_ends() {
        let sections = [
            section(0.0, 500.0, Surface::Paved),
            section(500.0, 900.0, Surface::Gravel),
        ];
        let pieces = surveyed(vec![road()], &sections);
        assert!(pieces.iter().all(|piece| piece.id == "012"));
        assert_eq!(
            found(&sections),
            [
                (500.0, Some(Surface::Paved)),
                (400.0, Some(Surface::Gravel)),
                (1326.4, Some(Surface::Earth))
            ]
        );
        let total: f64 = pieces
            .iter()
            .map(|piece| length_m(&piece.record.line))
            .sum();
        assert!((total - length_m(&road().record.line)).abs() < 1e-6);
        for pair in pieces.windows(2) {
            assert_eq!(
                pair[0].record.line.0[0].0.last(),
                pair[1].record.line.0[0].0.first()
            );
        }
        // The vertex in the middle is where it was.
        assert!(
            pieces[2].record.line.0[0]
                .0
                .contains(&Coord { x: 102.01, y: 0.0 })
        );
        assert_eq!(pieces[0].record.season, Some(SeasonAccess::Dry));
        assert_eq!(pieces[2].record.season, None);
    }

    #[test]
    fn stations_that_nearly_reach_the_end_are_stretched_and_others_are_not() {
        let nearly = [
            section(0.0, 1100.0, Surface::Paved),
            section(1100.0, 2200.0, Surface::Gravel),
        ];
        assert_eq!(
            found(&nearly),
            [
                (1113.2, Some(Surface::Paved)),
                (1113.2, Some(Surface::Gravel))
            ]
        );
        let far = [section(0.0, 9000.0, Surface::Paved)];
        assert_eq!(found(&far), [(2226.4, Some(Surface::Paved))]);
    }

    #[test]
    fn of_overlapping_sections_the_later_start_counts_and_other_roads_stay() {
        let overlapping = [
            section(0.0, 2226.39, Surface::Paved),
            section(1000.0, 1200.0, Surface::Gravel),
        ];
        let surfaces: Vec<_> = found(&overlapping)
            .into_iter()
            .map(|(_, surface)| surface)
            .collect();
        assert_eq!(
            surfaces,
            [
                Some(Surface::Paved),
                Some(Surface::Gravel),
                Some(Surface::Paved)
            ]
        );
        let other = RoadSection {
            road: "013".to_owned(),
            ..section(0.0, 10.0, Surface::Paved)
        };
        assert_eq!(surveyed(vec![road()], &[other]), [road()]);
    }
}
