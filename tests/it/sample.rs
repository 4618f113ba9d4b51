//! The sample district: its counts, its people, its borders.

mod files;
mod inside;
mod roads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use geo::{Area, ChamberlainDuquetteArea, Contains, unary_union};
use geo_types::{Coord, MultiPolygon, Point};
use jangkau::domain::{SampleDistrict, Status};
use jangkau::synthetic::{MAX_VILLAGES, SampleError, SampleParameters, generate};

const N_VILLAGES: usize = 158;

fn district(n_villages: usize, seed: u64) -> SampleDistrict {
    let inside = None;
    generate(&SampleParameters {
        n_villages,
        seed,
        inside,
    })
    .unwrap()
}

static SAMPLE: LazyLock<SampleDistrict> = LazyLock::new(|| district(N_VILLAGES, 1));

/// A coordinate in whole millionths of a degree, to compare exactly.
fn micro(coord: Coord<f64>) -> [i64; 2] {
    let whole = |degrees: f64| format!("{:.0}", degrees * 1e6).parse().unwrap();
    [whole(coord.x), whole(coord.y)]
}

#[test]
fn it_has_the_counts_of_the_real_district() {
    let codes: BTreeSet<&str> = SAMPLE
        .villages
        .iter()
        .map(|village| village.code.as_str())
        .collect();
    assert_eq!(codes.len(), N_VILLAGES);
    let kecamatan: BTreeSet<&str> = codes.iter().map(|code| &code[..8]).collect();
    assert_eq!(kecamatan.len(), 11);
    let kelurahan = codes.iter().filter(|code| code[9..].starts_with('1'));
    assert_eq!(kelurahan.count(), 9);
    assert!(codes.iter().all(|code| code.starts_with("99.01.")));
}

#[test]
fn it_has_about_three_hundred_thousand_people_by_either_count() {
    let settled: f64 = SAMPLE
        .settlements
        .iter()
        .map(|settlement| settlement.record.population.unwrap().to_count())
        .sum();
    let official: f64 = SAMPLE
        .villages
        .iter()
        .map(|village| village.population.unwrap().to_count())
        .sum();
    assert!((290_000.0..=310_000.0).contains(&settled));
    assert!((290_000.0..=310_000.0).contains(&official));
}

#[test]
fn two_villages_of_different_kecamatan_share_a_name_and_no_more() {
    let mut kecamatan: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for village in &SAMPLE.villages {
        kecamatan
            .entry(&village.name)
            .or_default()
            .push(&village.code.as_str()[..8]);
    }
    let shared: Vec<&Vec<&str>> = kecamatan.values().filter(|codes| 1 < codes.len()).collect();
    assert_eq!(shared.len(), 1);
    assert!(matches!(shared[0][..], [one, other] if one != other));
}

#[test]
fn villages_cover_the_district_without_gaps_or_overlaps() {
    let areas: Vec<&MultiPolygon<f64>> = SAMPLE
        .villages
        .iter()
        .map(|village| &village.area)
        .collect();
    let sum: f64 = areas.iter().map(|area| area.unsigned_area()).sum();
    let union = unary_union(areas.iter().flat_map(|area| area.iter()));
    assert!((union.unsigned_area() - sum).abs() < sum * 1e-9);
    assert_eq!(union.0.len(), 1);
    assert!(union.0[0].interiors().is_empty());
    let area_km2 = union.chamberlain_duquette_unsigned_area() / 1e6;
    assert!((5_936.0 * 0.95..=5_936.0 * 1.05).contains(&area_km2));
}

#[test]
fn every_inner_border_is_shared_by_exactly_two_villages_in_opposite_directions() {
    let mut sides: BTreeMap<([i64; 2], [i64; 2]), usize> = BTreeMap::new();
    let rings = SAMPLE
        .villages
        .iter()
        .flat_map(|village| &village.area.0)
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    for pair in rings.flat_map(|ring| ring.0.windows(2)) {
        *sides.entry((micro(pair[0]), micro(pair[1]))).or_default() += 1;
    }
    assert!(sides.values().all(|n| *n == 1));
    let outer: Vec<_> = sides
        .keys()
        .filter(|(from, to)| !sides.contains_key(&(*to, *from)))
        .collect();
    // The outline is one closed ring: as many sides as corners, each corner entered and left once.
    let starts: BTreeSet<_> = outer.iter().map(|(from, _)| from).collect();
    let ends: BTreeSet<_> = outer.iter().map(|(_, to)| to).collect();
    assert_eq!(starts.len(), outer.len());
    assert_eq!(starts, ends);
}

#[test]
fn villages_are_of_very_different_size() {
    let mut areas: Vec<f64> = SAMPLE
        .villages
        .iter()
        .map(|village| village.area.chamberlain_duquette_unsigned_area() / 1e6)
        .collect();
    areas.sort_by(f64::total_cmp);
    // A tenth of the villages is smaller than a third of the mean, a tenth larger than twice the mean.
    let mean = areas.iter().sum::<f64>() / areas.len() as f64;
    assert!(areas[N_VILLAGES / 10] < mean / 3.0);
    assert!(2.0 * mean < areas[N_VILLAGES * 9 / 10]);
}

#[test]
fn settlements_lie_in_the_village_that_their_code_names() {
    let areas: BTreeMap<&str, &MultiPolygon<f64>> = SAMPLE
        .villages
        .iter()
        .map(|village| (village.code.as_str(), &village.area))
        .collect();
    let mut per_village: BTreeMap<&str, usize> = BTreeMap::new();
    for settlement in &SAMPLE.settlements {
        let code = settlement.record.village_code.as_ref().unwrap().as_str();
        let place: Point<f64> = Coord::from(settlement.record.place).into();
        assert!(
            areas[code].contains(&place),
            "{} lies outside {code}",
            settlement.id
        );
        *per_village.entry(code).or_default() += 1;
    }
    assert_eq!(per_village.len(), N_VILLAGES);
    assert!(per_village.values().all(|n| *n <= 8));
}

#[test]
fn facilities_are_of_every_tier_and_some_do_not_work() {
    let n = |tier: &str| {
        SAMPLE
            .clinics
            .iter()
            .filter(|clinic| clinic.record.tier.as_deref() == Some(tier))
            .count()
    };
    assert_eq!(n("rumah-sakit"), 2);
    assert_eq!(n("puskesmas"), 11);
    assert!((N_VILLAGES / 5..=N_VILLAGES / 2).contains(&n("pustu")));
    assert!(0 < n("poskesdes") && 0 < n("posyandu"));
    assert_eq!(
        SAMPLE
            .clinics
            .iter()
            .filter(|clinic| clinic.record.tier.is_none())
            .count(),
        1
    );
    assert!(
        SAMPLE
            .clinics
            .iter()
            .any(|clinic| clinic.record.status == Status::Broken)
    );
    let broken = SAMPLE
        .water_points
        .iter()
        .filter(|point| point.record.status == Status::Broken)
        .count();
    let share = broken as f64 / SAMPLE.water_points.len() as f64;
    assert!((0.15..=0.35).contains(&share));
}

#[test]
fn the_same_seed_gives_the_same_district_and_another_seed_another() {
    assert_eq!(*SAMPLE, district(N_VILLAGES, 1));
    assert_ne!(*SAMPLE, district(N_VILLAGES, 2));
}

#[test]
fn no_villages_and_too_many_are_refused() {
    for n_villages in [0, MAX_VILLAGES + 1] {
        let parameters = SampleParameters {
            n_villages,
            seed: 1,
            inside: None,
        };
        assert_eq!(
            generate(&parameters),
            Err(SampleError::VillageCount { n_villages })
        );
    }
    let parameters = SampleParameters {
        n_villages: 1,
        seed: 1,
        inside: Some(vec![MultiPolygon(vec![])]),
    };
    assert_eq!(generate(&parameters), Err(SampleError::NoGround));
}
