//! What each piece and edge costs one mode in one season.

use super::cost::{Cost, add};
use super::profile::duration;
use super::{Direction, Network, Position, Profile, RoadAttributes, Speed};
use crate::domain::{Metric, Millimetres, Milliseconds, Mode, OneWay, RoadClass, Season};

/// Time and length of a stretch of road.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) time: Milliseconds,
    pub(crate) length: Millimetres,
}

impl Stretch {
    const NOTHING: Self = Self {
        time: Milliseconds(0),
        length: Millimetres(0),
    };

    fn plus(self, more: Self) -> Self {
        Self {
            time: Milliseconds(add(self.time.0, more.time.0)),
            length: Millimetres(add(self.length.0, more.length.0)),
        }
    }

    fn minus(self, part: Self) -> Self {
        Self {
            time: Milliseconds(self.time.0.saturating_sub(part.time.0)),
            length: Millimetres(self.length.0.saturating_sub(part.length.0)),
        }
    }

    /// A part of it from its start, rounded once for each quantity.
    fn part(self, fraction: f64) -> Self {
        Self {
            time: Milliseconds(part(self.time.0, fraction)),
            length: Millimetres(part(self.length.0, fraction)),
        }
    }

    pub(crate) fn cost(self, metric: Metric) -> Cost {
        Cost::new(metric, self.time, self.length)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction from 0 to 1 of a u32 is a u32"
)]
fn part(whole: u32, fraction: f64) -> u32 {
    (fraction * f64::from(whole)).round() as u32
}

/// The cost of every stretch of a network for one profile in one season.
///
/// A piece is rounded once; an edge is the sum of its pieces; a position inside a piece is `round(fraction × piece)`
/// from the piece's lesser end, and the rest is the difference. A boat's wait
/// stands on the first piece of its edge. Immutable.
#[derive(Debug, Clone)]
pub struct Weights {
    /// The profile they are made from.
    pub profile: Profile,
    /// The season they hold for.
    pub season: Season,
    /// Pieces and edges whose time or length is too large to count, taken as the largest number.
    pub n_saturated: u32,
    /// Per edge: along it, against it.
    permitted: Vec<[bool; 2]>,
    /// Per edge; where it is not permitted, nothing that is ever read.
    edges: Vec<Stretch>,
    /// Per piece: from the start of the edge to the start of the piece, and the piece itself.
    pieces: Vec<[Stretch; 2]>,
}

impl Weights {
    /// The weights of a network. O(pieces).
    pub fn new(network: &Network, profile: &Profile, season: Season) -> Self {
        let mut weights = Self {
            profile: profile.clone(),
            season,
            n_saturated: 0,
            permitted: Vec::with_capacity(network.n_edges() as usize),
            edges: Vec::with_capacity(network.n_edges() as usize),
            pieces: Vec::with_capacity(network.n_pieces() as usize),
        };
        let kinds = network.kinds().iter();
        let kinds: Vec<(Option<u32>, [bool; 2])> = kinds
            .map(|road| {
                let speed = speed_on(profile, season, road);
                (speed.map(|speed| speed.m_per_h), directions(road, speed))
            })
            .collect();
        let mut ferries = network.ferry_pieces().iter().peekable();
        for edge in network.edges() {
            let (m_per_h, directions) = kinds[network.kind(edge) as usize];
            weights.permitted.push(directions);
            // A boat is waited for once, whichever way it goes: nobody boards it but at its ends.
            let mut boarding = network.is_boat(edge);
            let mut so_far = Stretch::NOTHING;
            for piece in network.pieces(edge) {
                let length = network.piece_length(piece);
                let moving = m_per_h.map_or(Milliseconds(0), |m_per_h| duration(length, m_per_h));
                let is_crossing = ferries.next_if_eq(&&piece).is_some();
                let wait = if is_crossing | std::mem::take(&mut boarding) {
                    profile.rules.ferry_wait.0
                } else {
                    0
                };
                let time = Milliseconds(add(moving.0, wait));
                let own = Stretch { time, length };
                weights.count_saturated(own);
                weights.pieces.push([so_far, own]);
                so_far = so_far.plus(own);
            }
            weights.count_saturated(so_far);
            weights.edges.push(so_far);
        }
        weights
    }

    /// The speed on an edge, and who says so; none where the mode may not use it in the season.
    pub(crate) fn speed(&self, network: &Network, edge: u32) -> Option<Speed<'_>> {
        speed_on(&self.profile, self.season, network.road(edge))
    }

    /// Whether an edge may be followed in a direction.
    pub(crate) fn permits(&self, edge: u32, direction: Direction) -> bool {
        self.permitted[edge as usize][direction as usize]
    }

    /// Whether an edge may be used at all.
    pub(crate) fn permits_any(&self, edge: u32) -> bool {
        self.permitted[edge as usize] != [false; 2]
    }

    /// Whether every permitted edge is permitted both ways, so that the way back costs what the way there costs.
    pub(crate) fn is_symmetric(&self) -> bool {
        self.permitted
            .iter()
            .all(|[forward, backward]| forward == backward)
    }

    /// A whole permitted edge, in either direction.
    pub(crate) fn edge(&self, edge: u32) -> Stretch {
        self.edges[edge as usize]
    }

    /// From the start of the edge to a position on it.
    pub(crate) fn start_to(&self, network: &Network, position: Position) -> Stretch {
        let [before, own] = self.pieces[position.piece as usize];
        if network.is_turned(position.piece) {
            before.plus(own.minus(own.part(1.0 - position.fraction)))
        } else {
            before.plus(own.part(position.fraction))
        }
    }

    fn count_saturated(&mut self, stretch: Stretch) {
        let is_saturated = stretch.cost(Metric::Time).is_saturated();
        self.n_saturated += u32::from(is_saturated);
    }
}

/// Who may not ride pushes, where walking is allowed and the mode knows it: who pushes is a walker.
fn speed_on<'a>(profile: &'a Profile, season: Season, road: &RoadAttributes) -> Option<Speed<'a>> {
    if road.season.is_some_and(|access| !access.allows(season)) {
        return None;
    }
    let speed = profile.speed(
        road.class,
        road.surface,
        road.condition,
        season,
        road.max_speed_kmh,
    )?;
    if !speed.is_walked && !road.barred.contains(profile.mode) {
        return Some(speed);
    }
    let is_boat = road.class == RoadClass::Ferry;
    let walks = profile.is_walked_somewhere() && !is_boat && !road.barred.contains(Mode::Foot);
    walks.then(|| profile.walking())
}

/// Along the edge and against it: both when walked, by the signs when ridden.
fn directions(road: &RoadAttributes, speed: Option<Speed<'_>>) -> [bool; 2] {
    let Some(speed) = speed else {
        return [false; 2];
    };
    match road.one_way {
        OneWay::Forward if !speed.is_walked => [true, false],
        OneWay::Backward if !speed.is_walked => [false, true],
        OneWay::No | OneWay::Forward | OneWay::Backward => [true; 2],
    }
}

#[cfg(test)]
mod tests {
    use super::super::Profiles;
    use super::*;
    use crate::domain::ModeSet;

    /// In km/h, and whether it is walked.
    fn speed(mode: Mode, class: RoadClass, barred: &[Mode]) -> Option<(f64, bool)> {
        let profiles = Profiles::built_in();
        let road = RoadAttributes {
            barred: barred.iter().copied().collect::<ModeSet>(),
            ..RoadAttributes::of_class(class)
        };
        let speed = speed_on(profiles.profile(mode).unwrap(), Season::Dry, &road)?;
        Some((f64::from(speed.m_per_h) / 1000.0, speed.is_walked))
    }

    #[test]
    fn who_may_not_ride_pushes_unless_walkers_are_barred_too() {
        use Mode::{Bicycle, Car, Foot, Motorcycle};
        let walked = speed(Foot, RoadClass::Path, &[]);
        assert!(walked.is_some_and(|(_, is_walked)| is_walked));
        for mode in [Bicycle, Motorcycle] {
            let ridden = speed(mode, RoadClass::Path, &[]);
            assert!(ridden.is_some_and(|(_, is_walked)| !is_walked), "{mode}");
            assert_eq!(speed(mode, RoadClass::Path, &[mode, Car]), walked, "{mode}");
            assert_eq!(speed(mode, RoadClass::Footway, &[mode]), walked, "{mode}");
            assert_eq!(speed(mode, RoadClass::Path, &[mode, Foot]), None, "{mode}");
            assert_eq!(speed(mode, RoadClass::Footway, &[Foot]), None, "{mode}");
            assert_eq!(speed(mode, RoadClass::Motorway, &[mode]), None, "{mode}");
            assert_eq!(speed(mode, RoadClass::Ferry, &[mode]), None, "{mode}");
        }
        assert_eq!(speed(Car, RoadClass::Residential, &[Car]), None);
        assert_eq!(speed(Foot, RoadClass::Path, &[Foot]), None);
    }
}
