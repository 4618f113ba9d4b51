//! Small worlds with everything that makes networks hard, from a seed.

use std::sync::Arc;

use jangkau::domain::{LonLat, Metric, Mode, OneWay, RoadClass, Season};
use jangkau::network::{
    Barriers, BuildOptions, Profiles, RoadAttributes, RoadSegment, SnapChoice, Travel, Weights,
    build,
};

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        numbers.below(2);
        numbers
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(limit)).expect("it is below a u32")
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(u32::try_from(choices.len()).expect("a few")) as usize]
    }
}

/// Speeds of the worlds: each class says all, and surface and season do not matter.
pub(crate) const PROFILES: &str = r#"
rules = [
  { name = "snap_radius_m", value = 250 },
  { name = "off_road_factor", value = 2 },
  { name = "walking_speed_kmh", value = 5, source = "a test" },
  { name = "ferry_wait_s", value = 600 },
]
assumptions = [
  { classes = ["motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "service", "track", "path", "footway", "pedestrian", "steps", "cycleway", "bridleway",
    "road", "ferry", "unusable"], surface = "earth", condition = "fair" },
]
speeds = [
  { mode = "foot", classes = ["trunk", "tertiary", "footway"], walked = true },
  { mode = "motorcycle", classes = ["trunk"], speed_kmh = 200 },
  { mode = "motorcycle", classes = ["tertiary"], speed_kmh = 18 },
  { mode = "motorcycle", classes = ["footway"], walked = true },
]
"#;

/// Roads, barriers and places within a square kilometre.
pub(crate) struct World {
    pub(crate) segments: Vec<RoadSegment>,
    pub(crate) barriers: Vec<Vec<LonLat>>,
    pub(crate) facilities: Vec<LonLat>,
    pub(crate) demand: Vec<LonLat>,
}

/// A place in grid steps of 0.001 degrees (111 m) from a corner in Jambi.
pub(crate) fn at(east_steps: f64, north_steps: f64) -> LonLat {
    LonLat::parse(102.7 + east_steps * 0.001, -2.3 + north_steps * 0.001).expect("it is in Jambi")
}

const SIDE: u32 = 7;

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let n_segments = numbers.below(16);
        let mut segments: Vec<RoadSegment> = Vec::new();
        for position in 0..n_segments {
            let mut segment = random_segment(&mut numbers, position);
            // Some lines are there twice, and some of those the other way round.
            if let Some(twin) = segments.last().filter(|_| numbers.below(8) == 0) {
                segment.line.clone_from(&twin.line);
                if numbers.below(2) == 0 {
                    segment.line.reverse();
                }
            }
            segments.push(segment);
        }
        let n_barriers = numbers.below(3);
        let barriers = (0..n_barriers)
            .map(|_| (0..3).map(|_| random_place(&mut numbers)).collect())
            .collect();
        let n_facilities = numbers.below(5);
        let facilities = (0..n_facilities)
            .map(|_| random_place(&mut numbers))
            .collect();
        let demand = (0..6).map(|_| random_place(&mut numbers)).collect();
        Self {
            segments,
            barriers,
            facilities,
            demand,
        }
    }

    pub(crate) fn travel(&self, mode: Mode, metric: Metric, snap: SnapChoice) -> Travel {
        let (network, _) = build(&self.segments, &[], &BuildOptions::default());
        let profiles = Profiles::parse(PROFILES).expect("the text above is right");
        let profile = profiles.profile(mode).expect("it has both modes");
        let weights = Weights::new(&network, profile, Season::Dry);
        let barriers = Barriers::new(&self.barriers);
        Travel::new(
            Arc::new(network),
            Arc::new(weights),
            Arc::new(barriers),
            metric,
            snap,
        )
    }
}

/// A walk over the grid: loops, repeated vertices and vertices 11 mm apart come by themselves or are put in.
fn random_segment(numbers: &mut Numbers, position: u32) -> RoadSegment {
    let (mut east, mut north) = (numbers.below(SIDE), numbers.below(SIDE));
    let mut line = vec![at(f64::from(east), f64::from(north))];
    for _ in 0..=numbers.below(4) {
        match numbers.below(6) {
            0 | 1 => east = (east + 1) % SIDE,
            2 | 3 => north = (north + 1) % SIDE,
            4 => (east, north) = (numbers.below(SIDE), numbers.below(SIDE)),
            _ => line.push(at(f64::from(east) + 0.0001, f64::from(north))),
        }
        line.push(at(f64::from(east), f64::from(north)));
    }
    if numbers.below(6) == 0 {
        line.push(line[0]);
    }
    let class = numbers.one_of(&[
        RoadClass::Trunk,
        RoadClass::Tertiary,
        RoadClass::Tertiary,
        RoadClass::Footway,
        RoadClass::Motorway,
    ]);
    RoadSegment {
        id: format!("{position:03}"),
        line,
        road: RoadAttributes {
            one_way: numbers.one_of(&[OneWay::No, OneWay::No, OneWay::Forward, OneWay::Backward]),
            ..RoadAttributes::of_class(class)
        },
    }
}

/// On a vertex, between two, or anywhere.
fn random_place(numbers: &mut Numbers) -> LonLat {
    let divisor = numbers.one_of(&[1, 2, 1000]);
    let mut steps = || f64::from(numbers.below(SIDE * divisor)) / f64::from(divisor);
    at(steps(), steps())
}
