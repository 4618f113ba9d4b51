//! Files that are broken, lie, or are something else.

use super::*;

#[test]
fn a_shapefile_without_its_table_is_refused_row_7() {
    let refused = refusal(Layer::Roads, "roads-without-dbf.shp");
    assert_eq!(refused.code, FindingCode::FileUnreadable);
    assert!(refused.mend.contains(".dbf"), "{}", refused.mend);
}

#[test]
fn a_broken_shapefile_is_refused_row_9() {
    for name in ["roads-record-length-lies.shp", "roads-cut-off.shp"] {
        assert_eq!(
            refusal(Layer::Roads, name).code,
            FindingCode::FileUnreadable,
            "{name}"
        );
    }
}

#[test]
fn rows_and_shapes_of_different_number_are_refused_row_11() {
    let refused = refusal(Layer::Roads, "roads-rows-missing.shp");
    assert_eq!(refused.code, FindingCode::ShpCountMismatch);
}

#[test]
fn a_record_with_two_billion_points_is_refused_and_the_others_are_read_row_9() {
    let (records, checked) = import(&request(Layer::Roads, "roads-point-count-lies.shp"));
    assert_eq!(records.len(), 1);
    let errors = errors(&checked);
    assert_eq!(
        (errors[0].code, errors[0].fid),
        (FindingCode::FileUnreadable, Some(0))
    );
}

#[test]
fn a_missing_index_is_made_anew_with_a_warning_and_not_beside_the_file_row_7() {
    let (records, checked) = import(&request(Layer::Roads, "roads-without-shx.shp"));
    assert_eq!(records.len(), 2);
    assert_eq!(codes(&checked), [FindingCode::FileUnreadable]);
    assert_eq!(checked.findings[0].severity, Severity::Warning);
    assert!(!fixture("roads-without-shx.shx").exists());
}

#[test]
fn a_file_is_what_it_holds_row_6() {
    for name in ["points-called-shp.shp", "virtual-layer.vrt"] {
        assert_eq!(
            refusal(Layer::Roads, name).code,
            FindingCode::FileUnsupported
        );
    }
}

#[test]
fn a_cut_off_json_is_refused_with_its_place() {
    let refused = refusal(Layer::Clinics, "clinics-cut-off.geojson");
    assert_eq!(refused.code, FindingCode::FileUnreadable);
    let length = std::fs::metadata(fixture("clinics-cut-off.geojson"))
        .unwrap()
        .len();
    let place = format!("line 1 column {length}");
    assert!(refused.cause.contains(&place), "{}", refused.cause);
}

#[test]
fn a_json_ten_thousand_deep_is_refused_row_29() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.geojson");
    let deep = format!(
        r#"{{"type":"FeatureCollection","x":{}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    std::fs::write(&path, deep).unwrap();
    let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::ParseLimit]);
}

#[test]
fn a_document_type_is_refused_and_a_sound_kml_is_read_row_27() {
    let refused = refusal(Layer::Clinics, "clinics-with-document-type.kml");
    assert_eq!(refused.code, FindingCode::FileUnsupported);
    let records = accepted(&request(Layer::Clinics, "clinics-sound.kml"));
    let Feature::Facility(clinic) = &records[0].feature else {
        panic!("not a facility");
    };
    assert_eq!(clinic.name.as_deref(), Some("Pustu Satu"));
    assert_eq!(clinic.tier.as_deref(), Some("pustu"));
    assert_eq!(clinic.status, Status::Functioning);
}

#[test]
fn a_file_that_is_not_there_and_a_path_of_gdals_own_are_missing() {
    for path in [
        "no-such-file.shp",
        "/vsizip/x.zip/y.shp",
        "http://127.0.0.1:1/x.geojson",
    ] {
        let request = ImportRequest::new(Layer::Roads, vec![path.into()]);
        assert!(
            matches!(try_import(&request), Err(IngestError::FileMissing(_))),
            "{path}"
        );
    }
}

#[test]
fn a_child_that_dies_is_a_finding() {
    let mut records = 0;
    let checked = read_records(
        &request(Layer::Clinics, "clinics-sound.kml"),
        &ReaderCommand {
            program: "/bin/sh".into(),
            arguments: vec!["-c".to_owned(), "kill -ABRT $$".to_owned()],
        },
        &mut |_| {
            records += 1;
            ControlFlow::Continue(())
        },
        &|_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!(records, 0);
    assert!(checked.is_refused);
    assert_eq!(codes(&checked), [FindingCode::ParseLimit]);
}

#[test]
fn a_child_without_memory_is_a_finding_row_59() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.geojson");
    // A line of a million vertices takes some hundred megabytes to parse.
    let vertices = vec!["[102.5,-2.5],[102.6,-2.5]"; 500_000].join(",");
    let line = format!(
        r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":[{vertices}]}}}}"#
    );
    std::fs::write(&path, line).unwrap();
    let limited = ReaderCommand {
        program: "/bin/sh".into(),
        arguments: vec![
            "-c".to_owned(),
            r#"ulimit -v 200000; exec "$0" "$1""#.to_owned(),
            env!("CARGO_BIN_EXE_jangkau").to_owned(),
            ReaderCommand::ARGUMENT.to_owned(),
        ],
    };
    let checked = read_records(
        &ImportRequest::new(Layer::Barriers, vec![path]),
        &limited,
        &mut |_| ControlFlow::Continue(()),
        &|_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert!(checked.is_refused);
    // Where the driver notices that memory is short, it cannot open the file; else the child dies.
    assert!(matches!(
        codes(&checked)[..],
        [FindingCode::FileUnreadable | FindingCode::ParseLimit]
    ));
}

#[test]
fn a_child_that_hangs_is_ended_when_somebody_cancels() {
    let result = read_records(
        &request(Layer::Clinics, "clinics-sound.kml"),
        &ReaderCommand {
            program: "/bin/sh".into(),
            arguments: vec!["-c".to_owned(), "exec sleep 3600".to_owned()],
        },
        &mut |_| ControlFlow::Continue(()),
        &|_| {},
        &AtomicBool::new(true),
    );
    assert!(matches!(result, Err(IngestError::Cancelled)));
}

#[test]
fn a_billion_laughs_and_an_entity_from_outside_are_refused_row_27() {
    for declared in [
        r#"<!DOCTYPE kml [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"#,
        r#"<!DOCTYPE kml [<!ENTITY c SYSTEM "file:///etc/passwd">]>"#,
        r#"<!DOCTYPE kml SYSTEM "http://127.0.0.1:1/x.dtd">"#,
    ] {
        let text = format!(
            "<?xml version='1.0'?>{declared}<kml><Document><name>&c;</name></Document></kml>"
        );
        let (_, checked) = import_text(Layer::Clinics, "peta.kml", text);
        assert_eq!(
            codes(&checked),
            [FindingCode::FileUnsupported],
            "{declared}"
        );
    }
}
