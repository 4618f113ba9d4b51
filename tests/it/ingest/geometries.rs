//! Geometries of the wrong kind or shape.

use super::*;

#[test]
fn a_bow_tie_is_refused_and_a_spike_repaired_row_14() {
    let (_, checked) = import(&request(Layer::Villages, "villages-bow-tie.geojson"));
    assert!(codes(&checked).contains(&FindingCode::GeometryInvalid));
    let (records, checked) = import(&request(Layer::Villages, "villages-spike.geojson"));
    assert_eq!(records.len(), 1);
    assert!(checked.may_be_kept(false));
    assert_eq!(codes(&checked), [FindingCode::GeometryInvalid]);
}

#[test]
fn heights_go_and_rings_turn_row_12() {
    let (records, checked) = import(&request(
        Layer::Villages,
        "villages-clockwise-with-heights.geojson",
    ));
    let Feature::Village(village) = &records[0].feature else {
        panic!("not a village");
    };
    let ring = village.area.0[0].exterior();
    let twice_area: f64 = ring.lines().map(|line| line.determinant()).sum();
    assert!(0.0 < twice_area);
    assert_eq!(village.population, Some(People(1_234_000)));
    assert_eq!(
        codes(&checked),
        [FindingCode::CodeAmbiguous, FindingCode::GeometryType]
    );
}

#[test]
fn a_record_without_geometry_is_an_error() {
    let (records, checked) = import(&request(Layer::Clinics, "clinics-without-geometry.geojson"));
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    assert_eq!(errors(&checked)[0].code, FindingCode::GeometryMissing);
    assert!(!checked.may_be_kept(false));
}

#[test]
fn the_rings_of_an_area_are_a_barrier() {
    let records = accepted(&request(Layer::Barriers, "barriers-as-areas.geojson"));
    let Feature::Barrier(barrier) = &records[0].feature else {
        panic!("not a barrier");
    };
    assert_eq!(barrier.line.0[0].0.len(), 5);
    assert_eq!(barrier.kind.as_deref(), Some("riverbank"));
}
