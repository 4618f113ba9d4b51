//! Gives drawn roads their surface, condition, width, season and signs.

use super::micro::Micro;
use super::numbered::numbered;
use super::random::Random;
use super::road_lines::RoadLine;
use super::road_plan::RoadPlan;
use crate::domain::{
    Condition, Crossing, CrossingKind, Keyed, ModeSet, Road, RoadClass, SeasonAccess, Surface,
};
use geo_types::{LineString, MultiLineString};

/// What is the same all along a stretch between two junctions.
#[derive(Clone, Copy)]
struct Quality {
    surface: Surface,
    condition: Option<Condition>,
    width_m: f64,
    season: SeasonAccess,
    max_speed_kmh: Option<f64>,
}

/// What roads of a class are like; assumed. Shares of paved, gravel and earth; width; share of earth that only dry
/// weather opens; signed speed.
struct Usual {
    surfaces: [f64; 3],
    width_m: f64,
    dry_only: f64,
    max_speed_kmh: Option<f64>,
}

fn usual(class: RoadClass) -> Usual {
    let (surfaces, width_m, dry_only, max_speed_kmh) = match class {
        RoadClass::Trunk => ([1.0, 0.0, 0.0], 7.0, 0.0, Some(80.0)),
        RoadClass::Primary => ([0.9, 0.1, 0.0], 6.0, 0.0, Some(60.0)),
        RoadClass::Secondary => ([0.7, 0.3, 0.0], 5.0, 0.0, None),
        RoadClass::Tertiary => ([0.35, 0.5, 0.15], 4.5, 0.05, None),
        RoadClass::Residential => ([0.7, 0.25, 0.05], 4.0, 0.0, None),
        RoadClass::Unclassified => ([0.1, 0.35, 0.55], 3.5, 0.15, None),
        RoadClass::Track => ([0.0, 0.1, 0.9], 2.5, 0.4, None),
        _ => ([0.0, 0.0, 1.0], 1.2, 0.1, None),
    };
    Usual {
        surfaces,
        width_m,
        dry_only,
        max_speed_kmh,
    }
}

impl Quality {
    fn draw(class: RoadClass, random: &mut Random) -> Self {
        let usual = usual(class);
        let [paved, gravel, earth] = usual.surfaces;
        let surface = random.weighted(&[
            (paved, Surface::Paved),
            (gravel, Surface::Gravel),
            (earth, Surface::Earth),
        ]);
        // Better surfaces are in better repair; one stretch in ten was never surveyed.
        let conditions = match surface {
            Surface::Paved => [0.55, 0.30, 0.12, 0.03],
            Surface::Gravel => [0.20, 0.40, 0.30, 0.10],
            Surface::Earth => [0.05, 0.30, 0.40, 0.25],
        };
        let choices: Vec<(f64, Condition)> = conditions
            .into_iter()
            .zip(Condition::ALL.iter().copied())
            .collect();
        let is_surveyed = class != RoadClass::Path && random.chance(0.9);
        let condition = random.weighted(&choices);
        let is_dry_only = surface == Surface::Earth && random.chance(usual.dry_only);
        Self {
            surface,
            condition: is_surveyed.then_some(condition),
            width_m: usual.width_m,
            season: if is_dry_only {
                SeasonAccess::Dry
            } else {
                SeasonAccess::All
            },
            max_speed_kmh: usual.max_speed_kmh,
        }
    }
}

/// Road records in the order drawn.
pub(super) fn finish_roads(
    lines: Vec<RoadLine>,
    plan: &RoadPlan,
    random: &mut Random,
) -> Vec<Keyed<Road>> {
    let mut roads = Vec::with_capacity(lines.len());
    let mut on_stretch = None;
    for drawn in lines {
        let quality = match on_stretch {
            Some((stretch, quality)) if stretch == drawn.stretch => quality,
            _ => Quality::draw(drawn.step.class, random),
        };
        on_stretch = Some((drawn.stretch, quality));
        roads.push(finish(drawn, quality, plan));
    }
    numbered("R", roads)
}

fn finish(drawn: RoadLine, quality: Quality, plan: &RoadPlan) -> Road {
    let line: LineString<f64> = drawn.line.into_iter().map(Micro::coord).collect();
    let season = match drawn.crossing {
        Some(kind) if season_of(kind) == SeasonAccess::Dry => SeasonAccess::Dry,
        _ => quality.season,
    };
    Road {
        name: drawn.step.name.map(|name| plan.names[name].clone()),
        class: drawn.step.class,
        surface: Some(quality.surface),
        condition: quality.condition,
        width_m: Some(quality.width_m),
        one_way: drawn.one_way,
        is_bridge: drawn.crossing == Some(CrossingKind::Bridge),
        is_tunnel: false,
        barred: ModeSet::NONE,
        season: Some(season),
        max_speed_kmh: quality.max_speed_kmh,
        line: MultiLineString(vec![line]),
    }
}

/// Crossing records in the order drawn.
pub(super) fn finish_crossings(crossings: Vec<(Micro, CrossingKind)>) -> Vec<Keyed<Crossing>> {
    let crossings = crossings.into_iter().map(|(place, kind)| Crossing {
        kind,
        season: season_of(kind),
        place: place.lon_lat(),
    });
    numbered("X", crossings)
}

fn season_of(kind: CrossingKind) -> SeasonAccess {
    match kind {
        CrossingKind::Ford => SeasonAccess::Dry,
        CrossingKind::Bridge | CrossingKind::Ferry => SeasonAccess::All,
    }
}
