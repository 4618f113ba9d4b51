//! Roads to kecamatan, villages and hamlets, streets in towns, and a few links between neighbours.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::Figures;
use super::ground::Ground;
use super::random::Random;
use super::road_plan::RoadPlan;
use super::search::{Spread, Steps, cheapest_way};
use super::villages::{Home, Setting, Standing, Villages};
use crate::domain::{CrossingKind, RoadClass};

/// What local roads are laid between.
pub(super) struct Local<'a> {
    pub ground: &'a Ground,
    pub villages: &'a Villages,
    pub standing: &'a Standing,
    /// Sides along which the main river runs: the ferry is there.
    pub main_river: &'a BTreeSet<usize>,
}

/// A village road that at least so many villages use is a kabupaten road.
const KABUPATEN_ROAD_VILLAGES: usize = 3;
/// A road between neighbours may cost so much at most: about 80 steps of half a kilometre.
const LINK_LIMIT: u32 = 32_000;
/// Neighbours are linked where the way round is more than so many times as long.
const LINK_DETOUR: u32 = 3;

impl Local<'_> {
    /// Lays all of them; `kecamatan_names` by kecamatan, for the roads to them.
    pub(super) fn lay(
        &self,
        plan: &mut RoadPlan,
        homes: &[Home],
        kecamatan_names: &[String],
        figures: &Figures,
        random: &mut Random,
    ) {
        self.lay_to_kecamatan(plan, kecamatan_names);
        self.lay_to_villages(plan);
        self.lay_to_hamlets(plan, homes, random);
        self.lay_links(plan, figures, random);
        self.lay_streets(plan, random);
    }

    /// Steps that keep out of villages without a road.
    fn steps(&self, cell: usize) -> Steps {
        let villages = self.villages;
        self.ground
            .road_steps(cell)
            .map(|step| step.filter(|(next, _)| !villages.is_of(*next, &self.standing.is_isolated)))
    }

    /// Cells in order of what a road to them from the roads that are there would cost; those out of reach last.
    fn nearest_first(&self, plan: &RoadPlan, mut cells: Vec<usize>) -> Vec<usize> {
        let (n_cells, sources) = (self.ground.lattice.n_cells(), plan.cells(self.ground));
        let spread = Spread::from(n_cells, sources, |cell| self.steps(cell));
        cells.sort_by_key(|cell| (spread.cost(*cell).unwrap_or(u32::MAX), *cell));
        cells
    }

    /// Joins a cell to the nearest road by a new one; nothing where no way leads there.
    fn join(&self, plan: &mut RoadPlan, cell: usize, class: RoadClass, name: Option<usize>) {
        let is_road = |cell: usize| plan.passes(self.ground, cell);
        let way = cheapest_way(cell, is_road, u32::MAX, |cell| self.steps(cell));
        if let Some((way, _)) = way {
            plan.lay(self.ground, &way, class, name);
        }
    }

    fn lay_to_kecamatan(&self, plan: &mut RoadPlan, names: &[String]) {
        let seats = &self.villages.grouping.seats;
        let cells = seats.iter().map(|seat| self.villages.main[*seat]);
        for cell in self.nearest_first(plan, cells.collect()) {
            let seat = seats
                .iter()
                .position(|seat| self.villages.main[*seat] == cell);
            let name = seat.map(|seat| plan.name(format!("Jalan {}", names[seat])));
            self.join(plan, cell, RoadClass::Secondary, name);
        }
    }

    /// Roads to villages, from the near ones to the far ones, those by path last; then the busy ones are widened.
    fn lay_to_villages(&self, plan: &mut RoadPlan) {
        let cells = |is_by_path: bool| {
            let villages = (0..self.villages.len()).filter(|village| {
                !self.standing.is_isolated[*village]
                    && self.standing.is_by_path[*village] == is_by_path
            });
            villages
                .map(|village| self.villages.main[village])
                .collect()
        };
        let large_roads = plan.cells(self.ground);
        for cell in self.nearest_first(plan, cells(false)) {
            self.join(plan, cell, RoadClass::Unclassified, None);
        }
        self.widen_busy_roads(plan, large_roads);
        for cell in self.nearest_first(plan, cells(true)) {
            self.join(plan, cell, RoadClass::Path, None);
        }
    }

    /// Makes kabupaten roads of village roads that several villages use on their way to the large roads.
    fn widen_busy_roads(&self, plan: &mut RoadPlan, large_roads: Vec<usize>) {
        let n_cells = self.ground.lattice.n_cells();
        let travel = Spread::from(n_cells, large_roads, |cell| {
            plan.travel_steps(self.ground, cell)
        });
        let mut n_users: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for main in &self.villages.main {
            let way = travel.way_back(*main).unwrap_or_default();
            for pair in way.windows(2) {
                *n_users.entry((pair[0], pair[1])).or_default() += 1;
            }
        }
        for ((from, to), n) in n_users {
            if KABUPATEN_ROAD_VILLAGES <= n {
                plan.lay(self.ground, &[from, to], RoadClass::Tertiary, None);
            }
        }
    }

    fn lay_to_hamlets(&self, plan: &mut RoadPlan, homes: &[Home], random: &mut Random) {
        const CLASSES: [(f64, RoadClass); 3] = [
            (0.35, RoadClass::Unclassified),
            (0.50, RoadClass::Track),
            (0.15, RoadClass::Path),
        ];
        for home in homes.iter().filter(|home| home.setting == Setting::Linked) {
            if self.standing.is_isolated[home.village] {
                self.lay_inside_isolated(plan, home);
            } else {
                self.join(plan, home.cell, random.weighted(&CLASSES), None);
            }
        }
    }

    /// A path between the settlements of a village that no road leads to.
    fn lay_inside_isolated(&self, plan: &mut RoadPlan, home: &Home) {
        let steps = |cell: usize| {
            self.ground.dry_steps(cell).map(|step| {
                step.filter(|(next, _)| {
                    let is_inside = self.villages.of_cell[*next] == Some(home.village);
                    let side = self.ground.lattice.side_between(cell, *next);
                    is_inside && side.is_some_and(|side| !self.ground.is_river[side])
                })
            })
        };
        let main = self.villages.main[home.village];
        if let Some((way, _)) = cheapest_way(main, |cell| cell == home.cell, LINK_LIMIT, steps) {
            plan.lay(self.ground, &way, RoadClass::Path, None);
        }
    }

    /// Links neighbouring villages that have a long way round: some by land, and a few across rivers.
    fn lay_links(&self, plan: &mut RoadPlan, figures: &Figures, random: &mut Random) {
        let mut over_rivers = Vec::new();
        for village in 0..self.villages.len() {
            for other in &self.villages.neighbours[village] {
                if *other < village {
                    continue;
                }
                let Some((way, rivers)) = self.link(plan, village, *other) else {
                    continue;
                };
                match rivers[..] {
                    [] if random.chance(figures.shares.neighbours_linked) => {
                        let class = random
                            .weighted(&[(0.6, RoadClass::Unclassified), (0.4, RoadClass::Track)]);
                        plan.lay(self.ground, &way, class, None);
                    }
                    [side] => over_rivers.push((side, village, *other)),
                    _ => {}
                }
            }
        }
        random.shuffle(&mut over_rivers);
        over_rivers.sort_by_key(|(side, _, _)| !self.main_river.contains(side));
        self.lay_over_rivers(plan, figures, &over_rivers);
    }

    /// One ferry, on the main river where possible, then fords, then bridges.
    fn lay_over_rivers(
        &self,
        plan: &mut RoadPlan,
        figures: &Figures,
        wanted: &[(usize, usize, usize)],
    ) {
        let n = |per_hundred| Figures::for_villages(per_hundred, self.villages.len());
        let fords = n(figures.per_hundred_villages.fords);
        let bridges = n(figures.per_hundred_villages.extra_bridges);
        let mut kinds = std::iter::once((CrossingKind::Ferry, RoadClass::Unclassified))
            .chain(std::iter::repeat_n(
                (CrossingKind::Ford, RoadClass::Track),
                fords,
            ))
            .chain(std::iter::repeat_n(
                (CrossingKind::Bridge, RoadClass::Unclassified),
                bridges,
            ));
        for (_, village, other) in wanted {
            // What was laid meanwhile may have made it unnecessary, or led it elsewhere.
            let Some((way, rivers)) = self.link(plan, *village, *other) else {
                continue;
            };
            let [side] = rivers[..] else { continue };
            if plan.steps.contains_key(&side) {
                continue;
            }
            let Some((kind, class)) = kinds.next() else {
                return;
            };
            plan.lay(self.ground, &way, class, None);
            if let Some(step) = plan.steps.get_mut(&side) {
                step.crossing = Some(kind);
            }
        }
    }

    /// The cheapest way between two villages and the river sides on it, where the roads go a long way round.
    fn link(
        &self,
        plan: &RoadPlan,
        village: usize,
        other: usize,
    ) -> Option<(Vec<usize>, Vec<usize>)> {
        let (from, to) = (self.villages.main[village], self.villages.main[other]);
        if !plan.passes(self.ground, from) || !plan.passes(self.ground, to) {
            return None;
        }
        let (way, _) = cheapest_way(from, |cell| cell == to, LINK_LIMIT, |cell| self.steps(cell))?;
        let is_path = |village: usize| self.standing.is_by_path[village];
        if is_path(village) || is_path(other) {
            return None;
        }
        let lattice = &self.ground.lattice;
        let pairs = way.windows(2);
        let dry_cost: u32 = pairs
            .clone()
            .filter_map(|pair| {
                let steps = self.ground.dry_steps(pair[0]).into_iter().flatten();
                steps
                    .filter(|(next, _)| *next == pair[1])
                    .map(|(_, cost)| cost)
                    .next()
            })
            .sum();
        let by_road = cheapest_way(
            from,
            |cell| cell == to,
            dry_cost * LINK_DETOUR,
            |cell| plan.travel_steps(self.ground, cell),
        );
        let rivers = pairs
            .filter_map(|pair| lattice.side_between(pair[0], pair[1]))
            .filter(|side| self.ground.is_river[*side])
            .collect();
        by_road.is_none().then_some((way, rivers))
    }

    /// Streets around the capital and the seats of kecamatan.
    fn lay_streets(&self, plan: &mut RoadPlan, random: &mut Random) {
        for (kecamatan, seat) in self.villages.grouping.seats.iter().enumerate() {
            let radius = if kecamatan == 0 { 2 } else { 1 };
            self.lay_streets_around(plan, self.villages.main[*seat], radius, random);
        }
    }

    fn lay_streets_around(
        &self,
        plan: &mut RoadPlan,
        centre: usize,
        radius: usize,
        random: &mut Random,
    ) {
        const STREET: f64 = 0.55;
        let mut town = vec![centre];
        let mut rim = 0;
        for _ in 0..radius {
            let end = town.len();
            for at in rim..end {
                for (next, _) in self.steps(town[at]).into_iter().flatten() {
                    if !town.contains(&next) {
                        town.push(next);
                    }
                }
            }
            rim = end;
        }
        for cell in town.clone() {
            for (next, _) in self.ground.dry_steps(cell).into_iter().flatten() {
                let side = self.ground.lattice.side_between(cell, next);
                let is_dry = side.is_some_and(|side| !self.ground.is_river[side]);
                let is_joined = plan.passes(self.ground, cell);
                if is_dry && is_joined && town.contains(&next) && random.chance(STREET) {
                    plan.lay(self.ground, &[cell, next], RoadClass::Residential, None);
                }
            }
        }
    }
}
