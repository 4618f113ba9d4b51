//! Where things are: systems, swapped axes, nowhere.

use super::*;

#[test]
fn a_file_without_crs_is_refused_with_a_proposal_and_read_when_told_row_7() {
    let refused = refusal(Layer::Roads, "roads-without-prj.shp");
    assert_eq!(refused.code, FindingCode::CrsMissing);
    assert!(refused.mend.contains("EPSG:4326"), "{}", refused.mend);

    let mut told = request(Layer::Roads, "roads-without-prj.shp");
    told.from.crs = Some("EPSG:4326".to_owned());
    assert_eq!(accepted(&told).len(), 2);
}

#[test]
fn a_crs_that_is_no_code_is_misuse() {
    for crs in ["/etc/passwd", "http://127.0.0.1/x", "EPSG:999999", "4326"] {
        let mut told = request(Layer::Roads, "roads-without-prj.shp");
        told.from.crs = Some(crs.to_owned());
        assert!(
            matches!(try_import(&told), Err(IngestError::Request(_))),
            "{crs}"
        );
    }
}

#[test]
fn a_projection_that_names_a_file_is_refused_row_17() {
    let refused = refusal(Layer::Roads, "roads-prj-names-a-file.shp");
    assert_eq!(refused.code, FindingCode::CrsMissing);
}

#[test]
fn swapped_coordinates_are_told_for_each_row_row_16() {
    let (records, checked) = import(&request(Layer::Schools, "schools-swapped-coordinates.csv"));
    assert!(records.is_empty());
    assert!(!checked.may_be_kept(true));
    let swapped: Vec<Option<i64>> = checked
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::CoordsSwapped)
        .map(|finding| finding.fid)
        .collect();
    assert_eq!(swapped, [Some(1), Some(2)]);
}

#[test]
fn coordinates_of_nowhere_are_told_and_the_rest_goes_on_row_13() {
    let (records, checked) = import(&request(
        Layer::Schools,
        "schools-coordinates-out-of-range.csv",
    ));
    assert_eq!(records.len(), 1);
    assert_eq!(checked.n_rejected, 4);
    assert!(!checked.may_be_kept(false));
    assert!(checked.may_be_kept(true));
    let found: Vec<(Option<i64>, FindingCode)> = errors(&checked)
        .iter()
        .map(|finding| (finding.fid, finding.code))
        .collect();
    assert_eq!(
        found,
        [
            (Some(2), FindingCode::CoordsOutOfRange),
            (Some(3), FindingCode::CoordsOutOfRange),
            (Some(4), FindingCode::CoordsOutOfRange),
            (Some(5), FindingCode::GeometryMissing),
        ]
    );
}

#[test]
fn the_crs_member_of_a_geojson_is_honoured_row_29() {
    let (records, checked) = import(&request(Layer::Clinics, "clinics-crs-member.geojson"));
    assert!(checked.crs.unwrap().starts_with("EPSG:32748"));
    let Feature::Facility(clinic) = &records[0].feature else {
        panic!("not a facility");
    };
    // Easting 222,000 m is 278 km west of the zone's meridian 105° E, about 2.5° near the equator.
    assert!((clinic.place.lon() - 102.5).abs() < 0.01);
    assert!((clinic.place.lat() + 2.5).abs() < 0.01);
}

#[test]
fn a_crs_that_is_a_link_is_not_followed() {
    let refused = refusal(Layer::Clinics, "clinics-crs-link.geojson");
    assert_eq!(refused.code, FindingCode::CrsMissing);
}

#[test]
fn data_far_from_the_district_are_implausible() {
    let mut request = request(Layer::Roads, "roads-without-prj.shp");
    request.from.crs = Some("EPSG:4326".to_owned());
    request.from.district = Some([106.6, -6.4, 107.0, -6.0]);
    let (_, checked) = import(&request);
    assert_eq!(codes(&checked), [FindingCode::CrsImplausible]);
    assert!(checked.is_refused);
    request.from.district = Some([102.0, -2.8, 103.3, -1.8]);
    assert_eq!(accepted(&request).len(), 2);
}
