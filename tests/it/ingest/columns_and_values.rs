//! What columns and values mean.

use super::*;

#[test]
fn an_empty_layer_and_a_wrong_type_are_never_a_success() {
    let empty = refusal(Layer::Clinics, "clinics-empty-layer.geojson");
    assert_eq!(empty.code, FindingCode::LayerEmpty);
    let (_, checked) = import(&request(Layer::Roads, "roads-as-points.geojson"));
    assert_eq!(
        codes(&checked),
        [FindingCode::LayerEmpty, FindingCode::GeometryType]
    );
    assert!(!checked.may_be_kept(true));
}

#[test]
fn a_filter_that_nothing_fulfils_is_an_empty_layer() {
    let mut request = request(Layer::Clinics, "clinics-duplicate-keys.csv");
    request.from.filter = Some("tier = 'posyandu'".to_owned());
    let (_, checked) = import(&request);
    assert!(codes(&checked).contains(&FindingCode::LayerEmpty));
}

#[test]
fn a_filter_that_is_no_condition_is_misuse_with_its_place() {
    for (filter, place) in [("tier = ", ""), ("1=1; drop table x", "character 4")] {
        let mut request = request(Layer::Clinics, "clinics-duplicate-keys.csv");
        request.from.filter = Some(filter.to_owned());
        let Err(IngestError::Request(cause)) = try_import(&request) else {
            panic!("{filter} was used");
        };
        assert!(cause.contains(place), "{cause}");
    }
}

#[test]
fn all_rows_of_a_duplicate_key_are_told_and_none_is_kept_row_21() {
    let (records, checked) = import(&request(Layer::Clinics, "clinics-duplicate-keys.csv"));
    let rows: Vec<Option<i64>> = errors(&checked)
        .iter()
        .filter(|finding| finding.code == FindingCode::KeyDuplicate)
        .map(|finding| finding.fid)
        .collect();
    assert_eq!(rows, [Some(1), Some(3), Some(4)]);
    assert_eq!((checked.n_accepted, checked.n_rejected), (1, 3));
    assert_eq!(checked.withdrawn_keys, ["A"]);
    let kept: Vec<&str> = records
        .iter()
        .map(|record| record.key.as_str())
        .filter(|key| {
            !checked
                .withdrawn_keys
                .iter()
                .any(|withdrawn| withdrawn == key)
        })
        .collect();
    assert_eq!(kept, ["B"]);
}

#[test]
fn an_id_that_is_not_one_can_be_left_out() {
    let mut request = request(Layer::Clinics, "clinics-duplicate-keys.csv");
    request.mapping = vec!["id=''".parse().unwrap()];
    let records = accepted(&request);
    assert!(
        records
            .iter()
            .all(|record| record.key.len() == 16 + "-1".len())
    );
}

#[test]
fn personal_columns_are_refused_and_their_values_not_repeated() {
    let named = refusal(Layer::Settlements, "settlements-nik-column.csv");
    assert_eq!(
        (named.code, named.field.as_deref()),
        (FindingCode::ColumnPersonal, Some("NIK"))
    );
    let seen = refusal(Layer::Clinics, "clinics-telephone-values.csv");
    assert_eq!(
        (seen.code, seen.field.as_deref()),
        (FindingCode::ColumnPersonal, Some("kontak"))
    );
    assert!(!format!("{seen:?}").contains("3456"));
}

#[test]
fn a_code_that_lost_its_dots_is_ambiguous_row_20() {
    let (records, checked) = import(&request(
        Layer::Villages,
        "villages-code-without-dots.geojson",
    ));
    assert_eq!(records.len(), 1);
    let errors = errors(&checked);
    assert_eq!(errors[0].code, FindingCode::CodeAmbiguous);
    assert!(errors[0].mend.contains("99.01.01.2001"));
}

#[test]
fn windows_1252_is_read_with_a_doubt_row_18() {
    for name in ["clinics-windows-1252.csv", "clinics-windows-1252.shp"] {
        let (records, checked) = import(&request(Layer::Clinics, name));
        let Feature::Facility(clinic) = &records[0].feature else {
            panic!("not a facility");
        };
        assert!(
            clinic.name.as_ref().unwrap().starts_with("Café Sehat"),
            "{clinic:?}"
        );
        assert_eq!(codes(&checked), [FindingCode::EncodingDoubtful]);
    }
}

#[test]
fn an_encoding_that_is_told_or_proved_is_not_doubted_row_18() {
    let mut told = request(Layer::Clinics, "clinics-windows-1252.csv");
    told.from.encoding = Some("windows-1252".to_owned());
    for request in [
        told,
        request(Layer::Clinics, "clinics-label-lies.shp"),
        request(Layer::Clinics, "clinics-utf-16.csv"),
    ] {
        let (records, checked) = import(&request);
        let Feature::Facility(clinic) = &records[0].feature else {
            panic!("not a facility");
        };
        assert!(
            clinic.name.as_ref().unwrap().starts_with("Café Sehat"),
            "{clinic:?}"
        );
        assert_eq!(checked.findings, [], "{:?}", checked.encoding);
    }
}

#[test]
fn control_characters_are_refused_row_18() {
    let (records, checked) = import(&request(Layer::Clinics, "clinics-control-characters.csv"));
    assert_eq!(records.len(), 1);
    assert_eq!(errors(&checked)[0].code, FindingCode::EncodingDoubtful);
}

#[test]
fn semicolons_and_decimal_commas_are_read_row_25() {
    let records = accepted(&request(
        Layer::Schools,
        "schools-semicolons-and-decimal-commas.csv",
    ));
    let schools: Vec<(Option<&str>, Status, f64)> = records
        .iter()
        .map(|record| match &record.feature {
            Feature::Facility(school) => {
                (school.tier.as_deref(), school.status, school.place.lon())
            }
            _ => panic!("not a facility"),
        })
        .collect();
    assert_eq!(
        schools,
        [
            (Some("sd"), Status::Functioning, 102.61),
            (Some("smp"), Status::Broken, 102.62)
        ]
    );
}

#[test]
fn a_table_without_coordinates_says_which_columns_it_has() {
    let refused = refusal(Layer::Schools, "schools-without-coordinates.csv");
    assert_eq!(refused.code, FindingCode::FieldMissing);
    assert!(refused.cause.contains("name, tier"));
}

#[test]
fn unknown_words_are_told_once_each_and_unfinished_roads_are_unusable() {
    let (records, checked) = import(&request(Layer::Roads, "roads-unknown-words.geojson"));
    assert!(checked.may_be_kept(false));
    let classes: Vec<RoadClass> = records
        .iter()
        .map(|record| match &record.feature {
            Feature::Road(road) => road.class,
            _ => panic!("not a road"),
        })
        .collect();
    assert_eq!(
        classes,
        [RoadClass::Road, RoadClass::Road, RoadClass::Unusable]
    );
    let values: Vec<Option<&str>> = checked
        .findings
        .iter()
        .map(|finding| finding.value.as_deref())
        .collect();
    assert_eq!(values, [Some("jalan_tikus"), Some("lumpur")]);
}

#[test]
fn a_crossing_of_unknown_kind_is_refused() {
    let (records, checked) = import(&request(Layer::Crossings, "crossings-unknown-kind.geojson"));
    assert_eq!(records.len(), 1);
    assert_eq!(errors(&checked)[0].code, FindingCode::CodeUnknown);
}

#[test]
fn a_column_to_release_must_exist() {
    let mut request = request(Layer::Clinics, "clinics-telephone-values.csv");
    request.release = ReleaseColumns::Named(vec!["telp".to_owned()]);
    let (_, checked) = import(&request);
    assert_eq!(errors(&checked)[0].code, FindingCode::FieldMissing);
    request.release = ReleaseColumns::Named(vec!["KONTAK".to_owned()]);
    assert_eq!(import(&request).1.released_columns, ["kontak"]);
}

#[test]
fn codes_in_other_spellings_are_suggested_and_blocked_row_20() {
    for (code, expected, suggestion) in [
        (
            r#""99.01.1.2001""#,
            FindingCode::CodeAmbiguous,
            "99.01.01.2001",
        ),
        (
            r#""9901012001""#,
            FindingCode::CodeAmbiguous,
            "99.01.01.2001",
        ),
        ("9901012001", FindingCode::CodeAmbiguous, "99.01.01.2001"),
        (
            r#""9.01.01.2001""#,
            FindingCode::CodeAmbiguous,
            "09.01.01.2001",
        ),
        (r#""Desa A""#, FindingCode::CodeUnknown, "99.01.01.2001"),
    ] {
        let text = format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"kode":{code},"nama":"Desa"}},"geometry":{{"type":"Polygon","coordinates":[[[102,-2],[103,-2],[103,-1],[102,-2]]]}}}}]}}"#
        );
        let (records, checked) = import_text(Layer::Villages, "desa.geojson", text);
        assert!(records.is_empty(), "{code}");
        let found = only(&checked, expected);
        if expected == FindingCode::CodeAmbiguous {
            assert!(found.mend.contains(suggestion), "{code}: {}", found.mend);
        }
        assert_eq!(found.fid, Some(0));
    }
}

#[test]
fn a_village_that_is_there_twice_with_different_shapes_is_told_twice_and_blocked_row_21() {
    let village = |east: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"kode":"99.01.01.2001","nama":"Desa"}},"geometry":{{"type":"Polygon","coordinates":[[[102,-2],[{east},-2],[{east},-1],[102,-2]]]}}}}"#
        )
    };
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        village(102.5),
        village(102.6)
    );
    let (_, checked) = import_text(Layer::Villages, "desa.geojson", text);
    assert!(!checked.may_be_kept(true));
    let rows: Vec<Option<i64>> = checked
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::KeyDuplicate)
        .map(|finding| finding.fid)
        .collect();
    assert_eq!(rows, [Some(0), Some(1)]);
}
