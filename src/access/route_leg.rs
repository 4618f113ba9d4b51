//! A path as people read it: legs of one kind on one road.

use std::iter;

use serde::Serialize;

use crate::domain::{
    Condition, KnownShare, LonLat, Millimetres, Milliseconds, OneWay, RoadClass, SeasonAccess,
    Surface,
};
use crate::network::{Cost, Direction, Position, RoadAttributes, Speed, Travel};

/// What a leg of a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LegKind {
    /// A walk between a place and the road, charged with the off-road factor.
    OffRoad,
    /// Along one road.
    Road,
    /// A walk from the point to the facility without any road, charged with the off-road factor.
    Straight,
    /// A part of the way that a patient is carried: off the road, or along one road.
    Carry,
}

impl LegKind {
    /// The word for it in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OffRoad => "off_road",
            Self::Road => "road",
            Self::Straight => "straight",
            Self::Carry => "carry",
        }
    }
}

/// A part of a path. EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// What it is.
    pub kind: LegKind,
    /// Where it runs.
    pub line: Vec<LonLat>,
    /// Its duration, waiting for a ferry included.
    pub time: Milliseconds,
    /// Its length, off the road charged with the off-road factor.
    pub length: Millimetres,
    /// Class of the road; none off the road.
    pub class: Option<RoadClass>,
    /// Surface of the road; none off the road and where unknown.
    pub surface: Option<Surface>,
    /// Condition of the road; none off the road and where unknown.
    pub condition: Option<Condition>,
    /// Season of the road and its crossings; none off the road and where unknown.
    pub season: Option<SeasonAccess>,
    /// The speed taken.
    pub speed_kmh: f64,
    /// Who says so, or `assumed`.
    pub speed_source: String,
    /// The source's id of the road; none off the road.
    pub road_id: Option<String>,
}

/// A path from one place to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Sum over the legs.
    pub time: Milliseconds,
    /// Sum over the legs.
    pub length: Millimetres,
    /// In order. Legs without length are left out, but a straight walk always stands.
    pub legs: Vec<Leg>,
    /// Of its length on roads; none for a path without roads.
    pub known_share: Option<KnownShare>,
}

/// A move along an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    pub(super) edge: u32,
    pub(super) from: Position,
    pub(super) to: Position,
}

impl Move {
    /// Both positions, in the order of the edge.
    fn low_and_high(&self) -> [Position; 2] {
        if self.from < self.to {
            [self.from, self.to]
        } else {
            [self.to, self.from]
        }
    }
}

/// Collects the legs of a path in order.
pub(super) struct LegWriter<'a> {
    travel: &'a Travel,
    legs: Vec<Leg>,
    /// What the last leg runs on, if it is a road.
    last: Option<OnRoad<'a>>,
}

/// What must be equal for two moves to be one leg.
#[derive(Clone, Copy, PartialEq)]
struct OnRoad<'a> {
    id: &'a str,
    /// As if vehicles might go both ways: edges of one road may run against each other.
    road: RoadAttributes,
    speed: Speed<'a>,
}

impl<'a> LegWriter<'a> {
    pub(super) fn new(travel: &'a Travel) -> Self {
        Self {
            travel,
            legs: Vec::new(),
            last: None,
        }
    }

    /// Adds a walk; one off the road without length is left out.
    pub(super) fn walk(&mut self, kind: LegKind, line: [LonLat; 2], cost: Cost) {
        if kind == LegKind::OffRoad && cost == Cost::ZERO {
            return;
        }
        let speed = self.travel.weights.profile.walking();
        self.last = None;
        self.legs.push(Leg {
            kind,
            line: line.to_vec(),
            time: cost.time(self.travel.metric),
            length: cost.length(self.travel.metric),
            class: None,
            surface: None,
            condition: None,
            season: None,
            speed_kmh: kmh(speed),
            speed_source: speed.source.to_owned(),
            road_id: None,
        });
    }

    /// Adds a move along a permitted edge, which may pass from one road to the next.
    pub(super) fn along(&mut self, step: Move) {
        let network = &self.travel.network;
        let Move { edge, from, to } = step;
        let [low, high] = step.low_and_high();
        let is_change = |piece: &u32| network.road_id(*piece) != network.road_id(*piece - 1);
        let changes = (low.piece + 1..=high.piece).filter(is_change);
        let starts = changes.map(|piece| Position {
            piece,
            fraction: 0.0,
        });
        let mut stops: Vec<Position> = iter::once(low).chain(starts).chain([high]).collect();
        if to < from {
            stops.reverse();
        }
        for pair in stops.windows(2) {
            let [from, to] = [pair[0], pair[1]];
            self.along_road(Move { edge, from, to });
        }
    }

    /// Adds a move along one road, to the last leg if that is on the same one.
    fn along_road(&mut self, step: Move) {
        let (network, weights) = (&self.travel.network, &self.travel.weights);
        let Some(cost) = self.travel.along_edge(step.edge, step.from, step.to) else {
            return;
        };
        let Some(speed) = weights
            .speed(network, step.edge)
            .filter(|_| step.from != step.to)
        else {
            return;
        };
        let (time, length) = (
            cost.time(self.travel.metric),
            cost.length(self.travel.metric),
        );
        let line = self.line(step);
        let road = *network.road(step.edge);
        let id = network.road_id(step.low_and_high()[0].piece);
        let here = OnRoad {
            id,
            road: RoadAttributes {
                one_way: OneWay::No,
                ..road
            },
            speed,
        };
        if self.last.replace(here) == Some(here)
            && let Some(leg) = self.legs.last_mut()
        {
            leg.line.extend(&line[1..]);
            leg.time = Milliseconds(leg.time.0 + time.0);
            leg.length = Millimetres(leg.length.0 + length.0);
            return;
        }
        self.legs.push(Leg {
            kind: LegKind::Road,
            line,
            time,
            length,
            class: Some(road.class),
            surface: road.surface,
            condition: road.condition,
            season: road.season,
            speed_kmh: kmh(speed),
            speed_source: speed.source.to_owned(),
            road_id: Some(id.to_owned()),
        });
    }

    /// What was written, as it stands.
    pub(super) fn into_legs(self) -> Vec<Leg> {
        self.legs
    }

    pub(super) fn finish(self, total: Cost) -> Route {
        Route {
            time: total.time(self.travel.metric),
            length: total.length(self.travel.metric),
            known_share: known_share(&self.legs),
            legs: self.legs,
        }
    }

    /// Both positions and the vertices between them, in the order of the move.
    fn line(&self, step: Move) -> Vec<LonLat> {
        let network = &self.travel.network;
        let [low, high] = step.low_and_high();
        let mut line = vec![network.place(low)];
        line.extend((low.piece + 1..=high.piece).map(|piece| network.piece_ends(piece)[0]));
        line.push(network.place(high));
        line.dedup();
        if step.from > step.to {
            line.reverse();
        }
        line
    }
}

/// The position of the end of an edge that lies in a direction.
pub(super) fn end_towards(travel: &Travel, edge: u32, direction: Direction) -> Position {
    let [start, end] = travel.network.end_positions(edge);
    match direction {
        Direction::Forward => end,
        Direction::Backward => start,
    }
}

fn kmh(speed: Speed<'_>) -> f64 {
    f64::from(speed.m_per_h) / 1000.0
}

fn known_share(legs: &[Leg]) -> Option<KnownShare> {
    let length_where = |is_meant: fn(&Leg) -> bool| -> f64 {
        let roads = legs.iter().filter(|leg| leg.kind == LegKind::Road);
        roads
            .filter(|leg| is_meant(leg))
            .map(|leg| leg.length.to_metres())
            .sum()
    };
    let total_m = length_where(|_| true);
    (total_m > 0.0).then(|| KnownShare {
        surface: length_where(|leg| leg.surface.is_some()) / total_m,
        season: length_where(|leg| leg.season.is_some()) / total_m,
    })
}
