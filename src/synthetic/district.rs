//! A whole district from a seed.

use std::collections::BTreeSet;

use geo_types::{LineString, MultiLineString, MultiPolygon};

use super::arteries::lay_arteries;
use super::facilities::Placing;
use super::figures::Figures;
use super::ground::Ground;
use super::land::Land;
use super::local_roads::Local;
use super::micro::{Micro, count};
use super::names::Names;
use super::numbered::numbered;
use super::people::{Character, settle_people};
use super::place_villages::{invent_villages, real_villages};
use super::random::Random;
use super::registry::Registry;
use super::rivers::{Rivers, draw_rivers};
use super::road_lines::{Vertices, draw_lines};
use super::road_plan::RoadPlan;
use super::roads::{finish_crossings, finish_roads};
use super::search::Spread;
use super::spots::Spots;
use super::village_areas::trace_areas;
use super::villages::{Home, Setting, Villages, choose_standing, settle, settle_off_road};
use crate::domain::{Barrier, Keyed, People, SampleDistrict, Settlement, Village};

/// What a sample district is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleParameters {
    /// Number of villages, 1 to [`MAX_VILLAGES`]; the area grows with it. Not used where `inside` is given.
    pub n_villages: usize,
    /// The same seed gives the same district, on any machine.
    pub seed: u64,
    /// Real village areas in EPSG:4326, within 15° of the equator, to put roads, settlements and facilities inside of.
    pub inside: Option<Vec<MultiPolygon<f64>>>,
}

/// The largest number of villages of a sample: about that of Sumatra.
pub const MAX_VILLAGES: usize = 10_000;

/// Why there can be no such district.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// None, or too many.
    #[error("cannot make a sample of {n_villages} villages: expected 1 to {MAX_VILLAGES}")]
    VillageCount {
        /// How many were asked for.
        n_villages: usize,
    },
    /// Village areas that are empty or mere slivers.
    #[error("cannot make a sample inside the village areas given: they cover no ground")]
    NoGround,
}

/// Makes a district.
///
/// Phases, each drawing from its own stream of numbers: land and rivers; the large roads; villages around them;
/// kecamatan; roads to them; hamlets off the road; people; facilities.
///
/// Cost: `O(cells × log cells)`, about 175 cells a village and at most 1.5 million; seconds for the largest.
///
/// # Errors
/// No or too many villages, or areas without ground.
///
/// # Examples
/// ```
/// use jangkau::synthetic::{SampleParameters, generate};
///
/// let parameters = SampleParameters { n_villages: 12, seed: 1, inside: None };
/// let district = generate(&parameters)?;
/// assert_eq!(district.villages.len(), 12);
/// assert_eq!(district, generate(&parameters)?);
/// # Ok::<(), jangkau::synthetic::SampleError>(())
/// ```
pub fn generate(parameters: &SampleParameters) -> Result<SampleDistrict, SampleError> {
    let figures = Figures::built_in();
    let inside = parameters.inside.as_deref();
    let n_villages = inside.map_or(parameters.n_villages, <[_]>::len);
    if !(1..=MAX_VILLAGES).contains(&n_villages) {
        return Err(SampleError::VillageCount { n_villages });
    }
    let seed = parameters.seed;
    let land = match inside {
        None => Land::invented(&figures, n_villages, seed),
        Some(areas) => Land::within(areas, seed).ok_or(SampleError::NoGround)?,
    };
    let known = land.village;
    let mut ground = Ground::new(land.lattice, land.is_ground, land.bounds, &figures, seed);
    let per_hundred = &figures.per_hundred_villages;
    let n_tributaries = Figures::for_villages(per_hundred.tributaries, n_villages);
    let rivers = draw_rivers(&mut ground, &figures, n_tributaries, seed);
    let mut plan = RoadPlan::default();
    lay_arteries(&mut plan, &ground, &figures);
    let villages = match inside {
        None => invent_villages(&ground, &plan, &figures, n_villages, seed),
        Some(areas) => real_villages(&ground, &plan, &figures, known, areas, seed),
    };
    let builder = Builder {
        figures: &figures,
        inside,
        seed,
        ground,
        rivers,
        villages,
    };
    Ok(builder.build(plan))
}

/// What is known once there are villages.
struct Builder<'a> {
    figures: &'a Figures,
    inside: Option<&'a [MultiPolygon<f64>]>,
    seed: u64,
    ground: Ground,
    rivers: Rivers,
    villages: Villages,
}

impl Builder<'_> {
    fn build(mut self, mut plan: RoadPlan) -> SampleDistrict {
        self.smooth_lines();
        let main_places: Vec<Micro> = self
            .villages
            .main
            .iter()
            .map(|cell| self.ground.lattice.cells[*cell])
            .collect();
        let mut names = Names::new(&self.figures.names, self.seed);
        let registry = Registry::new(&self.villages, &main_places, self.figures, &mut names);
        let homes = self.settle_and_lay_roads(&mut plan, &registry);
        let vertices = Vertices::new(&plan, &self.ground);
        let spots = Spots {
            ground: &self.ground,
            road_vertices: &vertices.cells,
            areas: self.inside,
        };
        let mut random = self.stream("spots");
        let places: Vec<Micro> = homes
            .iter()
            .map(|home| spots.settlement(home, &mut random))
            .collect();
        let home_names: Vec<String> = homes
            .iter()
            .map(|home| home_name(home, &registry, &mut names))
            .collect();
        let people = self.people(&homes, &registry);
        let mut homes_of = vec![Vec::new(); self.villages.len()];
        for (at, home) in homes.iter().enumerate() {
            homes_of[home.village].push(at);
        }
        let placing = Placing {
            villages: &self.villages,
            village_names: &registry.names,
            homes: &homes,
            homes_of: &homes_of,
            places: &places,
            people: &people,
            home_names: &home_names,
            spots: &spots,
            shares: &self.figures.shares,
        };
        let (lines, crossings) = draw_lines(&plan, &self.ground, &vertices);
        SampleDistrict {
            villages: self.village_records(&homes, &people, &registry),
            roads: finish_roads(lines, &plan, &mut self.stream("road quality")),
            settlements: self.settlement_records(
                &homes,
                &places,
                &people,
                &registry,
                home_names.clone(),
            ),
            clinics: placing.clinics(&mut self.stream("clinics")),
            schools: placing.schools(&mut self.stream("schools")),
            water_points: placing.water_points(&mut self.stream("water points")),
            barriers: self.barrier_records(),
            crossings: finish_crossings(crossings),
        }
    }

    fn stream(&self, purpose: &str) -> Random {
        Random::stream(self.seed, purpose)
    }

    fn smooth_lines(&mut self) {
        let is_river = self.ground.is_river.clone();
        let of_cell = &self.villages.of_cell;
        let sides: BTreeSet<usize> = self
            .ground
            .land
            .iter()
            .flat_map(|cell| (0..6).map(|direction| self.ground.lattice.side(*cell, direction)))
            .filter(|side| {
                let [a, b] = self.ground.lattice.side_cells(*side);
                is_river[*side] || of_cell[a] != of_cell[b]
            })
            .collect();
        self.ground.smooth(|side| sides.contains(&side));
    }

    fn settle_and_lay_roads(&self, plan: &mut RoadPlan, registry: &Registry) -> Vec<Home> {
        let (ground, villages, figures) = (&self.ground, &self.villages, self.figures);
        let n = |per_hundred| Figures::for_villages(per_hundred, villages.len());
        let from_arteries = Spread::from(ground.lattice.n_cells(), plan.cells(ground), |cell| {
            ground.road_steps(cell)
        });
        let standing = choose_standing(
            villages,
            &from_arteries,
            n(figures.per_hundred_villages.isolated_villages),
            n(figures.per_hundred_villages.path_villages),
        );
        let mut random = self.stream("hamlets");
        let (mut homes, n_off_road) = settle(
            ground,
            villages,
            figures.shares.hamlets_off_road,
            &mut random,
        );
        let local = Local {
            ground,
            villages,
            standing: &standing,
            main_river: &self.main_river_sides(),
        };
        let names = &registry.kecamatan_names;
        local.lay(plan, &homes, names, figures, &mut self.stream("roads"));
        let from_road = ground.steps_from(plan.cells(ground));
        let n_remote = n(figures.per_hundred_villages.remote_hamlets);
        homes.extend(settle_off_road(
            ground,
            villages,
            &n_off_road,
            n_remote,
            &from_road,
            &mut random,
        ));
        homes.extend(self.island_home());
        homes
    }

    fn main_river_sides(&self) -> BTreeSet<usize> {
        let lattice = &self.ground.lattice;
        let main = self.rivers.courses.first();
        let pairs = main.into_iter().flat_map(|course| course.windows(2));
        pairs
            .filter_map(|pair| {
                let mut sides = lattice.corner_sides(pair[0]).into_iter();
                sides.find(|(_, end)| *end == pair[1]).map(|(side, _)| side)
            })
            .collect()
    }

    fn island_home(&self) -> Option<Home> {
        let cell = self.rivers.island?;
        let village = self.villages.of_cell[cell]?;
        let setting = Setting::Island;
        Some(Home {
            village,
            cell,
            setting,
        })
    }

    fn people(&self, homes: &[Home], registry: &Registry) -> Vec<usize> {
        let villages = &self.villages;
        let characters: Vec<Character> = (0..villages.len())
            .map(|village| Character {
                is_kelurahan: registry.is_kelurahan[village],
                is_seat: villages.grouping.seats.contains(&village),
                hill: self.ground.hill[villages.main[village]],
            })
            .collect();
        let total = self
            .figures
            .scaled(self.figures.district.people, villages.len());
        settle_people(homes, &characters, total, &mut self.stream("people"))
    }

    /// Villages with an official population that the sum of the settlements meets to a few per cent.
    fn village_records(
        &self,
        homes: &[Home],
        people: &[usize],
        registry: &Registry,
    ) -> Vec<Village> {
        if self.inside.is_some() {
            return Vec::new();
        }
        let n_villages = self.villages.len();
        let mut settled = vec![0; n_villages];
        for (home, people) in homes.iter().zip(people) {
            settled[home.village] += people;
        }
        let mut random = self.stream("official population");
        let areas = trace_areas(&self.ground, &self.villages.of_cell, n_villages);
        let mut villages: Vec<Village> = areas
            .into_iter()
            .enumerate()
            .map(|(village, area)| {
                let official = count(settled[village] as f64 * random.between(0.97, 1.04));
                let kecamatan = self.villages.grouping.kecamatan[village];
                Village {
                    code: registry.codes[village].clone(),
                    name: registry.names[village].clone(),
                    kecamatan: Some(registry.kecamatan_names[kecamatan].clone()),
                    population: Some(People::from_count(official as f64)),
                    area,
                }
            })
            .collect();
        villages.sort_by(|a, b| a.code.cmp(&b.code));
        villages
    }

    fn settlement_records(
        &self,
        homes: &[Home],
        places: &[Micro],
        people: &[usize],
        registry: &Registry,
        names: Vec<String>,
    ) -> Vec<Keyed<Settlement>> {
        let code_of = |village: usize| {
            let is_invented = self.inside.is_none();
            is_invented.then(|| registry.codes[village].clone())
        };
        let settlements = homes
            .iter()
            .zip(names)
            .enumerate()
            .map(|(at, (home, name))| Settlement {
                name: Some(name),
                village_code: code_of(home.village),
                population: Some(People::from_count(people[at] as f64)),
                place: places[at].lon_lat(),
            });
        numbered("P", settlements)
    }

    fn barrier_records(&self) -> Vec<Keyed<Barrier>> {
        let corners = &self.ground.lattice.corners;
        let barriers = self.rivers.courses.iter().map(|course| {
            let line: LineString<f64> = course
                .iter()
                .map(|corner| corners[*corner].coord())
                .collect();
            Barrier {
                kind: Some("river".to_owned()),
                line: MultiLineString(vec![line]),
            }
        });
        numbered("B", barriers)
    }
}

fn home_name(home: &Home, registry: &Registry, names: &mut Names<'_>) -> String {
    match home.setting {
        Setting::Main => registry.names[home.village].clone(),
        Setting::Island => format!("Dusun Pulau {}", names.word()),
        Setting::Linked | Setting::OffRoad | Setting::Remote => format!("Dusun {}", names.word()),
    }
}
