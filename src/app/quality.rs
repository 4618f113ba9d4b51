//! What is wrong with the data, each fault with the people whose number mending it alone would change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::AppError;
use super::compute::{DATA_FILES, threads};
use super::demand::UnassignedSettlement;
use super::duplicates::{Duplicate, duplicates};
use super::model::Model;
use crate::access::{Join, Mending, NearestOptions, answer_each};
use crate::domain::{
    Catalogue, DatasetVersion, Facility, FaultKind, Indicator, IndicatorChoice, Keyed, Layer,
    LonLat, METHOD_VERSION, Millimetres, People, Service, ServiceName,
};
use crate::network::{
    Cancelled, Candidate, Components, Gap, NearMiss, Network, Travel, components, near_misses,
};
use crate::store::{Database, FaultPeople, NewFault, NewFaultList, RunInput};

/// Road ends this near another road are looked at (METRICS 6).
pub(super) const NEAR_MISS_M: f64 = 25.0;
/// A facility farther than this from any road that its users may take is listed: a few minutes on foot, more than the
/// size of a compound, and less than the snap radius, beyond which nobody reaches it by road.
const FAR_FROM_ROAD_M: f64 = 500.0;
/// How far from a facility a road is looked for, in steps: most are near.
const LOOKS_M: [f64; 4] = [FAR_FROM_ROAD_M, 2000.0, 8000.0, 32_000.0];
/// Faults of one kind that are kept; more mean that a whole layer is wrong, and a list does not help.
pub(super) const MAX_FAULTS_OF_KIND: usize = 20_000;

/// Raised when a rule of this file changes what is listed.
const LIST_VERSION: u32 = 1;

/// Everything found wrong, the most people first.
pub(super) struct Found {
    pub(super) faults: Vec<NewFault>,
    /// Faults beyond [`MAX_FAULTS_OF_KIND`].
    pub(super) n_left_out: u64,
}

/// Looks for faults, unless the list that is current was made from the same.
///
/// # Errors
/// The database fails, or `cancel` was raised.
pub(super) async fn save_faults(
    database: &Database,
    model: Arc<Model>,
    active: &[DatasetVersion],
    cancel: Arc<AtomicBool>,
) -> Result<FaultCounts, AppError> {
    let id = list_id(active, model.join_ends_m);
    let versions = model.versions.clone();
    let found = tokio::task::spawn_blocking(move || {
        find_faults(&model, &Catalogue::built_in(), threads(), &cancel)
    })
    .await
    .map_err(|cause| AppError::System {
        doing: "look for faults in the data",
        cause: cause.to_string(),
    })??;
    let mut counts: FaultCounts = FaultKind::ALL.iter().map(|kind| (*kind, 0)).collect();
    for fault in &found.faults {
        *counts.entry(fault.kind).or_default() += 1;
    }
    let input = |layer: &Layer| RunInput {
        layer: *layer,
        version: versions.get(layer).copied(),
    };
    let list = NewFaultList {
        id,
        is_sample: active.iter().any(|version| version.is_sample),
        inputs: Layer::ALL.iter().map(input).collect(),
        n_left_out: found.n_left_out,
        faults: found.faults,
    };
    database.save_fault_list(&list).await?;
    Ok(counts)
}

/// Faults by kind.
pub type FaultCounts = BTreeMap<FaultKind, u64>;

/// The same data, method and parameters give the same id.
fn list_id(active: &[DatasetVersion], join_ends_m: Option<f64>) -> String {
    let mut parts = vec![format!("{METHOD_VERSION} {LIST_VERSION} {join_ends_m:?}")];
    let versions: BTreeMap<Layer, &str> = active
        .iter()
        .filter(|version| Layer::ALL.contains(&version.layer))
        .map(|version| (version.layer, version.content_hash.as_str()))
        .collect();
    parts.extend(
        versions
            .iter()
            .map(|(layer, hash)| format!("{layer} {hash}")),
    );
    parts.extend(DATA_FILES.map(str::to_owned));
    hex(&Sha256::digest(parts.join("\u{1f}"))[..16])
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
    }
    text
}

/// The number that each service is asked for: the catalogue's default.
pub(super) fn default_indicators(catalogue: &Catalogue) -> Vec<Indicator> {
    let default = |service: &ServiceName| {
        catalogue.indicator(IndicatorChoice {
            service: Some(*service),
            ..IndicatorChoice::default()
        })
    };
    ServiceName::ALL.iter().map(default).collect()
}

/// Looks for every kind of fault. A fault's people are counted once, though several of their numbers may change.
///
/// # Errors
/// `cancel` was raised.
pub(super) fn find_faults(
    model: &Model,
    catalogue: &Catalogue,
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Found, Cancelled> {
    let places: Vec<LonLat> = model
        .demand
        .points
        .iter()
        .map(|point| point.place)
        .collect();
    let mut numbers = Vec::new();
    for indicator in default_indicators(catalogue) {
        let service = catalogue.service(indicator.service).clone();
        if !model.has_inputs(&service) {
            continue;
        }
        let Some(travel) = model.travel(&indicator) else {
            continue;
        };
        let facilities = model.facilities(&service, &indicator);
        let options = NearestOptions {
            cutoff: Some(service.cutoff(indicator.metric)),
            threads,
        };
        let stand = facilities.iter().map(|each| each.record.place).collect();
        numbers.push(Numbers {
            mending: Mending::new(travel, stand, &places, options, cancel)?,
            facilities,
            travel,
            service,
            indicator,
        });
    }
    let search = FaultSearch {
        model,
        numbers,
        threads,
        cancel,
    };
    search.all()
}

/// The numbers of one indicator, ready to be asked what changes them.
struct Numbers<'a> {
    indicator: Indicator,
    service: Service,
    travel: &'a Travel,
    facilities: Vec<&'a Keyed<Facility>>,
    mending: Mending<'a>,
}

struct FaultSearch<'a> {
    model: &'a Model,
    numbers: Vec<Numbers<'a>>,
    threads: NonZeroUsize,
    cancel: &'a AtomicBool,
}

impl FaultSearch<'_> {
    fn all(&self) -> Result<Found, Cancelled> {
        let network = self.model.network();
        let parts = components(network);
        let mut found = Found {
            faults: Vec::new(),
            n_left_out: 0,
        };
        let misses = near_misses(network, &parts, NEAR_MISS_M);
        found.keep(misses, |misses| self.near_misses(misses))?;
        let islands = parts.gaps(network).into_iter().zip(1..).collect::<Vec<_>>();
        found.keep(islands, |islands| self.islands(network, &parts, islands))?;
        for layer in Layer::ALL {
            let pairs = duplicates(self.model.all_facilities(*layer));
            found.keep(pairs, |pairs| Ok(self.duplicates(*layer, pairs)))?;
        }
        found.keep(self.far_facilities()?, |faults| Ok(faults.to_vec()))?;
        found.keep(self.unassigned(), |faults| Ok(faults.to_vec()))?;
        found.faults.sort_by(|a, b| {
            let by_people = b.people.cmp(&a.people);
            by_people.then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id)))
        });
        let mut ids = BTreeSet::new();
        found.faults.retain(|fault| ids.insert(fault.id.clone()));
        Ok(found)
    }

    fn near_misses(&self, misses: &[NearMiss]) -> Result<Vec<NewFault>, Cancelled> {
        let joins: Vec<Join> = misses.iter().map(Join::from).collect();
        let changed = self.changed_by(&joins)?;
        let fault = |(miss, changed): (&NearMiss, Vec<Vec<usize>>)| {
            let barriers = &self.model.barriers;
            let detail = json!({
                "gap_m": metres(miss.gap),
                "road_id": miss.road_id,
                "other_road_id": miss.other_road_id,
                "near_lon": miss.near.lon(),
                "near_lat": miss.near.lat(),
                "between_components": miss.is_between_components,
                "crosses_barrier": barriers.crosses(miss.end, miss.near),
            });
            self.fault(FaultKind::NearMiss, miss.end, detail, &changed)
        };
        Ok(misses.iter().zip(changed).map(fault).collect())
    }

    fn islands(
        &self,
        network: &Network,
        parts: &Components,
        islands: &[(Option<Gap>, usize)],
    ) -> Result<Vec<NewFault>, Cancelled> {
        let joins: Vec<Join> = islands
            .iter()
            .filter_map(|(gap, _)| gap.as_ref())
            .map(Join::from)
            .collect();
        let mut changed = self.changed_by(&joins)?.into_iter();
        let living = self.people_by_part(network, parts);
        let mut faults = Vec::new();
        for (gap, part) in islands {
            let component = &parts.parts[*part];
            let changed = match gap {
                Some(_) => changed.next().unwrap_or_default(),
                None => vec![Vec::new(); self.numbers.len()],
            };
            let lives_here: &[usize] = living.get(part).map_or(&[], Vec::as_slice);
            let road = network.pieces(component.edges[0]).start;
            let detail = json!({
                "gap_m": gap.map(|gap| metres(gap.length)),
                "near_lon": gap.map(|gap| gap.to.place.lon()),
                "near_lat": gap.map(|gap| gap.to.place.lat()),
                "road_id": network.road_id(road),
                "other_road_id": gap.map(|gap| network.road_id(gap.to.position.piece)),
                "length_m": component.length_m,
                "edges": component.n_edges,
                "people_living": people_json(self.people(lives_here)),
            });
            let place = gap.map_or(component.place, |gap| gap.from.place);
            faults.push(self.fault(FaultKind::Island, place, detail, &changed));
        }
        Ok(faults)
    }

    /// The demand points by the part of the network that holds the road nearest to them, within the snap radius.
    fn people_by_part(&self, network: &Network, parts: &Components) -> BTreeMap<usize, Vec<usize>> {
        let mut living: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let Some(numbers) = self.numbers.first() else {
            return living;
        };
        for (point, here) in self.model.demand.points.iter().enumerate() {
            if let Some(road) = nearest_road(numbers.travel, here.place, &LOOKS_M[..2]) {
                let part = parts.of_edge(network, road.edge) as usize;
                living.entry(part).or_default().push(point);
            }
        }
        living
    }

    fn duplicates(&self, layer: Layer, pairs: &[Duplicate<'_>]) -> Vec<NewFault> {
        let fault = |pair: &Duplicate<'_>| {
            let ids = [&pair.one.id, &pair.other.id];
            let users = |numbers: &Numbers<'_>| {
                let counts: Vec<u32> = (0..)
                    .zip(&numbers.facilities)
                    .filter(|(_, each)| ids.contains(&&each.id))
                    .map(|(position, _)| position)
                    .collect();
                if numbers.service.layer == layer && counts.len() == 2 {
                    numbers.mending.users(&counts)
                } else {
                    Vec::new()
                }
            };
            let changed: Vec<Vec<usize>> = self.numbers.iter().map(users).collect();
            let detail = json!({
                "layer": layer.as_str(),
                "facility_id": pair.one.id,
                "other_facility_id": pair.other.id,
                "name": pair.one.record.name,
                "other_name": pair.other.record.name,
                "tier": pair.one.record.tier,
                "near_lon": pair.other.record.place.lon(),
                "near_lat": pair.other.record.place.lat(),
                "gap_m": metres(pair.distance),
            });
            let place = pair.one.record.place;
            let fault = self.fault(FaultKind::DuplicateFacility, place, detail, &changed);
            self.only_of_layer(layer, fault)
        };
        pairs.iter().map(fault).collect()
    }

    fn far_facilities(&self) -> Result<Vec<NewFault>, Cancelled> {
        let mut faults = Vec::new();
        for (which, numbers) in self.numbers.iter().enumerate() {
            for facility in &numbers.facilities {
                if self.cancel.load(Ordering::Relaxed) {
                    return Err(Cancelled);
                }
                let place = facility.record.place;
                let road = nearest_road(numbers.travel, place, &LOOKS_M);
                if road.is_some_and(|road| road.distance.to_metres() <= FAR_FROM_ROAD_M) {
                    continue;
                }
                let mut changed = vec![Vec::new(); self.numbers.len()];
                if let Some(road) = road {
                    changed[which] = numbers.mending.facility_at(road.place);
                }
                let radius = numbers.travel.snap_radius();
                let detail = json!({
                    "layer": numbers.service.layer.as_str(),
                    "facility_id": facility.id,
                    "name": facility.record.name,
                    "tier": facility.record.tier,
                    "gap_m": road.map(|road| metres(road.distance)),
                    "near_lon": road.map(|road| road.place.lon()),
                    "near_lat": road.map(|road| road.place.lat()),
                    "mode": numbers.indicator.mode.as_str(),
                    "beyond_snap_radius": road.is_none_or(|road| radius < road.distance),
                });
                let fault = self.fault(FaultKind::FarFacility, place, detail, &changed);
                faults.push(self.only_of_layer(numbers.service.layer, fault));
            }
        }
        Ok(faults)
    }

    fn unassigned(&self) -> Vec<NewFault> {
        let fault = |settlement: &UnassignedSettlement| {
            let detail = json!({"settlement_id": settlement.key, "name": settlement.name});
            let numbers = self.numbers.iter();
            NewFault {
                id: id_of(FaultKind::UnassignedSettlement, settlement.place, &detail),
                kind: FaultKind::UnassignedSettlement,
                place: settlement.place,
                people: settlement.people,
                by_service: numbers.map(|each| each.people(settlement.people)).collect(),
                detail,
            }
        };
        let settlements = &self.model.demand.unassigned_settlements;
        settlements.iter().map(fault).collect()
    }

    /// For each join the points that it changes, for each number.
    fn changed_by(&self, joins: &[Join]) -> Result<Vec<Vec<Vec<usize>>>, Cancelled> {
        let changed = |(): &mut (), join: &Join| {
            let numbers = self.numbers.iter();
            numbers.map(|each| each.mending.join(join)).collect()
        };
        answer_each(joins, self.threads, self.cancel, || (), changed)
    }

    /// A fault with the points whose numbers it changes, for each number.
    fn fault(
        &self,
        kind: FaultKind,
        place: LonLat,
        detail: Json,
        changed: &[Vec<usize>],
    ) -> NewFault {
        let by_service = self
            .numbers
            .iter()
            .zip(changed)
            .map(|(numbers, points)| numbers.people(self.people(points)))
            .collect();
        let all: BTreeSet<usize> = changed.iter().flatten().copied().collect();
        let all: Vec<usize> = all.into_iter().collect();
        NewFault {
            id: id_of(kind, place, &detail),
            kind,
            place,
            people: if self.numbers.is_empty() {
                None
            } else {
                self.people(&all)
            },
            by_service,
            detail,
        }
    }

    /// A fault of a facility, without the services that never use it.
    fn only_of_layer(&self, layer: Layer, mut fault: NewFault) -> NewFault {
        let services = self
            .numbers
            .iter()
            .filter(|numbers| numbers.service.layer == layer);
        let services: Vec<ServiceName> = services.map(|each| each.indicator.service).collect();
        fault
            .by_service
            .retain(|each| services.contains(&each.service));
        fault
    }

    /// The people at points; none where there are points and nobody's number is known.
    fn people(&self, points: &[usize]) -> Option<People> {
        let known = points
            .iter()
            .filter_map(|point| self.model.demand.points[*point].people)
            .reduce(|a, b| a + b);
        known.or(points.is_empty().then_some(People::ZERO))
    }
}

impl Numbers<'_> {
    fn people(&self, people: Option<People>) -> FaultPeople {
        FaultPeople {
            service: self.indicator.service,
            mode: self.indicator.mode,
            people,
        }
    }
}

impl Found {
    /// Adds the faults of one kind, at most [`MAX_FAULTS_OF_KIND`].
    fn keep<T>(
        &mut self,
        mut found: Vec<T>,
        fault: impl FnOnce(&[T]) -> Result<Vec<NewFault>, Cancelled>,
    ) -> Result<(), Cancelled> {
        let n_more = found.len().saturating_sub(MAX_FAULTS_OF_KIND);
        self.n_left_out += n_more as u64;
        found.truncate(MAX_FAULTS_OF_KIND);
        self.faults.extend(fault(&found)?);
        Ok(())
    }
}

/// The nearest permitted road, looked for farther and farther away.
fn nearest_road(travel: &Travel, place: LonLat, looks_m: &[f64]) -> Option<Candidate> {
    let mut within = looks_m.iter().copied().map(Millimetres::from_metres);
    within.find_map(|within| travel.permitted_road(place, within))
}

/// A name that stays while the fault does: of its kind, its place and what it is about.
fn id_of(kind: FaultKind, place: LonLat, detail: &Json) -> String {
    const ABOUT: [&str; 7] = [
        "layer",
        "road_id",
        "other_road_id",
        "facility_id",
        "other_facility_id",
        "settlement_id",
        "mode",
    ];
    let about = ABOUT.map(|member| detail[member].as_str());
    let text = format!("{kind} {:.7} {:.7} {about:?}", place.lon(), place.lat());
    format!("{kind}-{}", hex(&Sha256::digest(text.as_bytes())[..6]))
}

fn metres(length: Millimetres) -> f64 {
    length.to_metres()
}

fn people_json(people: Option<People>) -> Json {
    people.map_or(Json::Null, |people| json!(people.0 as f64 / 1000.0))
}

#[cfg(test)]
mod tests {
    use geo_types::{LineString, MultiLineString};

    use super::super::model::Layers;
    use super::*;
    use crate::domain::{DatasetVersionId, ModeSet, OneWay, Road, RoadClass, Status, VillageCode};
    use crate::store::{SettlementInput, VillageInput};

    /// Metres of a degree on the equator.
    const M_PER_DEGREE: f64 = 111_319.49;

    /// A place so many metres east and north of a corner on the equator.
    fn at(east_m: f64, north_m: f64) -> LonLat {
        LonLat::parse(102.0 + east_m / M_PER_DEGREE, north_m / M_PER_DEGREE).unwrap()
    }

    fn road(id: &str, line: &[(f64, f64)]) -> Keyed<Road> {
        let line: Vec<(f64, f64)> = line
            .iter()
            .map(|(east, north)| at(*east, *north))
            .map(|place| (place.lon(), place.lat()))
            .collect();
        let record = Road {
            name: None,
            class: RoadClass::Tertiary,
            surface: None,
            condition: None,
            width_m: None,
            one_way: OneWay::No,
            is_bridge: false,
            is_tunnel: false,
            barred: ModeSet::NONE,
            season: None,
            max_speed_kmh: None,
            line: MultiLineString(vec![LineString::from(line)]),
        };
        Keyed {
            id: id.to_owned(),
            record,
        }
    }

    fn clinic(id: &str, name: &str, place: LonLat) -> Keyed<Facility> {
        let record = Facility {
            name: Some(name.to_owned()),
            tier: Some("puskesmas".to_owned()),
            status: Status::Functioning,
            capacity: None,
            improved: None,
            queue_min: None,
            season: None,
            confirmed_on: None,
            place,
        };
        Keyed {
            id: id.to_owned(),
            record,
        }
    }

    /// A village and its one settlement of the same name.
    fn village(code: &str, people: i64, place: LonLat) -> (VillageInput, SettlementInput) {
        let code = VillageCode::parse(code).unwrap();
        let village = VillageInput {
            code: code.clone(),
            name: code.to_string(),
            kecamatan: None,
            kecamatan_code: None,
            population: None,
            inside: place,
        };
        let settlement = SettlementInput {
            key: format!("s-{code}"),
            name: None,
            population: Some(People(people * 1000)),
            place,
            village: Some(code),
        };
        (village, settlement)
    }

    /// A main road of 30 km with a clinic at its western end, which stands in the data twice; 100 people whose road ends
    /// 10 m from it; 40 on an island 5 km away; 25 at its eastern end, from where a clinic stands 3 km off every road;
    /// 7 near the western end; and a settlement of 9 outside all villages.
    fn faults() -> Vec<NewFault> {
        let (villages, mut settlements): (Vec<_>, Vec<_>) = [
            village("99.01.01.2001", 100, at(10_000.0, 6_000.0)),
            village("99.01.01.2002", 40, at(20_000.0, 6_000.0)),
            village("99.01.01.2003", 25, at(29_000.0, 0.0)),
            village("99.01.01.2004", 7, at(2_000.0, 0.0)),
        ]
        .into_iter()
        .unzip();
        settlements.push(SettlementInput {
            key: "lost".to_owned(),
            name: Some("Ujung".to_owned()),
            population: Some(People(9000)),
            place: at(15_000.0, 0.0),
            village: None,
        });
        let layers = Layers {
            villages,
            settlements,
            cells: Vec::new(),
            roads: vec![
                road("main", &[(0.0, 0.0), (30_000.0, 0.0)]),
                road("side", &[(10_000.0, 10.0), (10_000.0, 6_000.0)]),
                road("island", &[(20_000.0, 5_000.0), (20_000.0, 8_000.0)]),
            ],
            crossings: Vec::new(),
            barriers: Vec::new(),
            facilities: BTreeMap::from([(
                Layer::Clinics,
                vec![
                    clinic("c1", "Puskesmas Satu", at(0.0, 0.0)),
                    clinic("c2", "PUSKESMAS SATU", at(30.0, 0.0)),
                    clinic("c3", "Puskesmas Jauh", at(29_000.0, 3_000.0)),
                ],
            )]),
        };
        let versions = [
            Layer::Villages,
            Layer::Roads,
            Layer::Clinics,
            Layer::Settlements,
        ]
        .map(|layer| (layer, DatasetVersionId(1)));
        let model = Model::build(layers, BTreeMap::from(versions), None);
        let cancel = AtomicBool::new(false);
        let catalogue = Catalogue::built_in();
        find_faults(&model, &catalogue, NonZeroUsize::MIN, &cancel)
            .unwrap()
            .faults
    }

    fn of_kind(kind: FaultKind) -> Vec<NewFault> {
        let mut found = faults();
        found.retain(|fault| fault.kind == kind);
        found
    }

    fn people(fault: &NewFault) -> Option<i64> {
        fault.people.map(|people| people.0 / 1000)
    }

    /// Whether a member of a fault's detail is near a number of metres; degrees of latitude differ by less than 1 %.
    fn is_about(fault: &NewFault, member: &str, metres: f64) -> bool {
        fault.detail[member]
            .as_f64()
            .is_some_and(|actual| (actual - metres).abs() < metres / 100.0)
    }

    #[test]
    fn a_village_behind_a_gap_of_ten_metres_is_its_people() {
        let [miss] = &of_kind(FaultKind::NearMiss)[..] else {
            panic!("one gap was drawn");
        };
        assert_eq!(people(miss), Some(100));
        assert!(is_about(miss, "gap_m", 10.0));
        assert_eq!(miss.detail["road_id"], "side");
        assert_eq!(miss.by_service.len(), 1, "only clinics are imported");
    }

    #[test]
    fn an_island_is_listed_with_its_gap_and_the_people_on_it() {
        let islands = of_kind(FaultKind::Island);
        let numbers: Vec<_> = islands.iter().map(people).collect();
        // The side road is one too: it is joined by the same ten metres.
        assert_eq!(numbers, [Some(100), Some(40)]);
        assert!(is_about(&islands[1], "gap_m", 5_000.0));
        assert!(is_about(&islands[1], "length_m", 3_000.0));
        assert_eq!(islands[1].detail["people_living"], 40.0);
    }

    #[test]
    fn a_clinic_that_is_there_twice_is_told_with_those_who_use_it() {
        let [twice] = &of_kind(FaultKind::DuplicateFacility)[..] else {
            panic!("one clinic is there twice");
        };
        // Those near it and those at the other end of the road; the others reach no clinic.
        assert_eq!(people(twice), Some(7 + 25));
        assert!(is_about(twice, "gap_m", 30.0));
        assert_eq!(twice.detail["other_facility_id"], "c2");
    }

    #[test]
    fn a_clinic_three_kilometres_off_the_road_is_told_with_those_who_would_use_it() {
        let [far] = &of_kind(FaultKind::FarFacility)[..] else {
            panic!("one clinic stands far off");
        };
        assert_eq!(people(far), Some(25));
        assert!(is_about(far, "gap_m", 3_000.0));
        assert_eq!(far.detail["beyond_snap_radius"], true);
    }

    #[test]
    fn a_settlement_in_no_village_is_its_people() {
        let [lost] = &of_kind(FaultKind::UnassignedSettlement)[..] else {
            panic!("one settlement is in no village");
        };
        assert_eq!(
            (people(lost), &lost.detail["name"]),
            (Some(9), &json!("Ujung"))
        );
    }

    #[test]
    fn the_list_begins_with_the_most_people_and_its_names_are_the_same_each_time() {
        let found = faults();
        let numbers: Vec<_> = found.iter().map(people).collect();
        let mut sorted = numbers.clone();
        sorted.sort_by(|a, b| b.cmp(a));
        assert_eq!(numbers, sorted);
        assert_eq!(found, faults());
    }
}
