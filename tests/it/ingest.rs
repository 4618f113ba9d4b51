//! Files through the real child process: what is accepted, what is refused, and that nothing hangs.
//!
//! Fixtures in `tests/fixtures/ingest/` have one fault each, named by the file.
//! Rows are those of the list of hostile input that the design keeps.

use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jangkau::domain::{
    Feature, Finding, FindingCode, Layer, OneWay, People, Record, RoadClass, Severity, Status,
};
use jangkau::ingest::{
    Checked, FilesToRead, ImportRequest, IngestError, ReaderCommand, ReleaseColumns, inspect,
    read_features, read_records,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn reader() -> ReaderCommand {
    ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/ingest")
        .join(name)
}

fn request(layer: Layer, name: &str) -> ImportRequest {
    ImportRequest::new(layer, vec![fixture(name)])
}

fn try_import(request: &ImportRequest) -> Result<(Vec<Record>, Checked), IngestError> {
    let mut records = Vec::new();
    let checked = read_records(
        request,
        &reader(),
        &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        },
        &|_| {},
        &AtomicBool::new(false),
    )?;
    Ok((records, checked))
}

fn import(request: &ImportRequest) -> (Vec<Record>, Checked) {
    try_import(request).unwrap()
}

/// The records of a file in which nothing is wrong.
fn accepted(request: &ImportRequest) -> Vec<Record> {
    let (records, checked) = import(request);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(records.len() as u64, checked.n_accepted);
    records
}

fn errors(checked: &Checked) -> Vec<&Finding> {
    checked
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect()
}

/// The one error that refuses a whole file.
fn refusal(layer: Layer, name: &str) -> Finding {
    let (_, checked) = import(&request(layer, name));
    assert!(!checked.may_be_kept(true), "{name} could be kept");
    let errors = errors(&checked);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!(errors[0].file, name);
    assert!(!errors[0].mend.is_empty());
    errors[0].clone()
}

fn codes(checked: &Checked) -> Vec<FindingCode> {
    checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

mod coordinates {
    use super::*;

    #[test]
    fn a_file_without_crs_is_refused_with_a_proposal_and_read_when_told() {
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
        let (records, checked) =
            import(&request(Layer::Schools, "schools-swapped-coordinates.csv"));
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
}

mod broken_files {
    use super::*;

    #[test]
    fn a_broken_shapefile_is_refused_row_9() {
        for name in [
            "roads-record-length-lies.shp",
            "roads-cut-off.shp",
            "roads-rows-missing.shp",
            "roads-without-dbf.shp",
        ] {
            assert_eq!(
                refusal(Layer::Roads, name).code,
                FindingCode::FileUnreadable,
                "{name}"
            );
        }
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
}

mod archives {
    use super::*;

    #[test]
    fn an_archive_that_lies_is_refused_rows_2_3_5() {
        for (name, code) in [
            ("zip-bad-path.zip", FindingCode::ZipBadPath),
            ("zip-symbolic-link.zip", FindingCode::ZipBadPath),
            ("zip-encrypted.zip", FindingCode::ZipEncrypted),
            ("zip-wrong-checksum.zip", FindingCode::ZipCorrupt),
            ("zip-size-lies.zip", FindingCode::ZipCorrupt),
            ("zip-cut-off.zip", FindingCode::ZipCorrupt),
            ("zip-nothing-inside.zip", FindingCode::FileUnsupported),
        ] {
            assert_eq!(refusal(Layer::Clinics, name).code, code, "{name}");
        }
    }

    #[test]
    fn folders_upper_case_and_junk_do_not_matter_row_8() {
        let (records, checked) = import(&request(Layer::Roads, "zip-deep-upper-case-and-junk.zip"));
        assert_eq!(records.len(), 2);
        assert!(checked.may_be_kept(false));
        let junk = &checked.findings[0];
        assert_eq!(junk.severity, Severity::Info);
        assert!(junk.value.as_ref().unwrap().starts_with("__MACOSX"));
    }

    #[test]
    fn of_two_layers_one_must_be_named_row_8() {
        let refused = refusal(Layer::Roads, "zip-two-layers.zip");
        assert_eq!(refused.field.as_deref(), Some("source-layer"));
        assert!(refused.cause.contains("jalan, sungai"));
        for named in ["sungai", "2"] {
            let mut request = request(Layer::Roads, "zip-two-layers.zip");
            request.from.source_layer = Some(named.to_owned());
            assert_eq!(accepted(&request).len(), 2);
        }
    }

    #[test]
    fn a_bomb_is_refused_at_its_cap_row_1() {
        let folder = tempfile::tempdir().unwrap();
        let bomb = folder.path().join("bomb.zip");
        let mut zip = ZipWriter::new(File::create(&bomb).unwrap());
        zip.start_file("bomb.csv", SimpleFileOptions::default())
            .unwrap();
        let megabyte = vec![b'0'; 1_000_000];
        // One megabyte above what may be inflated whatever the ratio; zeros deflate about a thousand times.
        for _ in 0..201 {
            zip.write_all(&megabyte).unwrap();
        }
        zip.finish().unwrap();
        let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![bomb]));
        assert_eq!(codes(&checked), [FindingCode::ZipTooLarge]);
    }

    #[test]
    fn too_many_entries_are_refused_row_4() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("many.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for entry in 0..1001 {
            zip.start_file(format!("{entry}.csv"), SimpleFileOptions::default())
                .unwrap();
        }
        zip.finish().unwrap();
        let (_, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
        assert_eq!(codes(&checked), [FindingCode::ZipTooManyEntries]);
    }
}

mod columns_and_values {
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
        let (records, checked) =
            import(&request(Layer::Crossings, "crossings-unknown-kind.geojson"));
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
}

mod geometries {
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
        let (records, checked) =
            import(&request(Layer::Clinics, "clinics-without-geometry.geojson"));
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
}

#[test]
fn inspecting_lists_layers_and_columns_without_reading_them() {
    let files = FilesToRead {
        files: vec![fixture("zip-two-layers.zip")],
        ..FilesToRead::default()
    };
    let inspection = inspect(&files, &reader(), &AtomicBool::new(false)).unwrap();
    let layers: Vec<(&str, Option<u64>)> = inspection
        .layers
        .iter()
        .map(|layer| (layer.name.as_str(), layer.n_features))
        .collect();
    assert_eq!(layers, [("jalan", Some(2)), ("sungai", Some(2))]);
    assert_eq!(inspection.layers[0].fields, ["class"]);
}

#[test]
fn the_hash_of_one_file_is_that_of_its_bytes() {
    let (_, checked) = import(&request(Layer::Clinics, "clinics-empty-layer.geojson"));
    // `sha256sum` of `{"type": "FeatureCollection", "features": []}` and a line end.
    assert_eq!(checked.file_hash, EMPTY_COLLECTION_SHA_256);
}

const EMPTY_COLLECTION_SHA_256: &str =
    "40731612d393519f9ce8894e0a22139bce972cb36b00166016106230d200d110";

/// Files made by others, where they are at hand; counts are those of their README.
mod real_data {
    use super::*;

    fn folder() -> Option<PathBuf> {
        let folder = std::env::var_os("JANGKAU_REAL_DATA").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data"),
            PathBuf::from,
        );
        folder.is_dir().then_some(folder)
    }

    fn real(layer: Layer, name: &str) -> Option<ImportRequest> {
        Some(ImportRequest::new(layer, vec![folder()?.join(name)]))
    }

    #[test]
    fn sarolangun_has_158_villages_in_11_kecamatan() {
        let Some(request) = real(
            Layer::Villages,
            "boundaries-jambi/sarolangun_desa_15.03.geojson",
        ) else {
            return;
        };
        let (records, checked) = import(&request);
        assert_eq!(checked.findings, []);
        assert_eq!(records.len(), 158);
        let mut kecamatan: Vec<String> = records
            .iter()
            .map(|record| record.key[.."15.03.01".len()].to_owned())
            .collect();
        kecamatan.sort();
        kecamatan.dedup();
        assert_eq!(kecamatan.len(), 11);
    }

    #[test]
    fn jakarta_has_18574_roads_with_their_directions() {
        let Some(request) = real(Layer::Roads, "roads-jakarta-osm2012/jakarta_roads.shp") else {
            return;
        };
        let records = accepted(&request);
        assert_eq!(records.len(), 18_574);
        let count = |wanted: OneWay| {
            records
                .iter()
                .filter(|record| matches!(&record.feature, Feature::Road(road) if road.one_way == wanted))
                .count()
        };
        assert_eq!(
            (count(OneWay::Forward), count(OneWay::Backward)),
            (1886, 31)
        );
    }

    #[test]
    fn kecamatan_without_codes_are_keyed_by_name() {
        let Some(mut request) = real(
            Layer::Villages,
            "roads-jakarta-osm2012/kecamatan_jakarta.shp",
        ) else {
            return;
        };
        request.code_from = Some("KEC_NAME".to_owned());
        let records = accepted(&request);
        assert_eq!(records.len(), 42);
        assert!(records.iter().all(|record| record.key.starts_with("x:")));
    }

    #[test]
    fn buildings_become_clinics_by_a_filter() {
        let Some(mut request) = real(Layer::Clinics, "inasafe-indonesia/buildings_osm_4326.shp")
        else {
            return;
        };
        request.from.filter = Some("type IN ('clinic','hospital','doctors')".to_owned());
        let (records, checked) = import(&request);
        assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
        // Three clinics, one hospital, one practice.
        assert_eq!(records.len(), 3 + 1 + 1);
        let hospitals = records
            .iter()
            .filter(|record| matches!(&record.feature, Feature::Facility(clinic) if clinic.tier.as_deref() == Some("rumah-sakit")))
            .count();
        assert_eq!(hospitals, 1);
    }

    #[test]
    fn malawis_water_points_keep_their_four_states() {
        let Some(request) = real(
            Layer::WaterPoints,
            "waterpoints-malawi/waterpointfunctionality.csv",
        ) else {
            return;
        };
        let (records, checked) = import(&request);
        assert_eq!(records.len(), 11_409, "{:#?}", checked.findings);
        let count = |wanted: Status| {
            records
                .iter()
                .filter(|record| matches!(&record.feature, Feature::Facility(point) if point.status == wanted))
                .count()
        };
        assert_eq!(
            [
                Status::Functioning,
                Status::Partly,
                Status::Broken,
                Status::Gone
            ]
            .map(count),
            [4151, 5893, 734, 631]
        );
    }

    #[test]
    fn polygons_of_a_district_are_read_without_a_layer() {
        let Some(folder) = folder() else {
            return;
        };
        let files = FilesToRead {
            files: vec![folder.join("boundaries-jambi/sarolangun_desa_15.03.geojson")],
            ..FilesToRead::default()
        };
        let mut n_areas = 0;
        let read = read_features(
            &files,
            &reader(),
            &mut |_, feature| {
                n_areas += u32::from(matches!(
                    feature.geometry,
                    Some(geo_types::Geometry::Polygon(_))
                ));
                ControlFlow::Continue(())
            },
            &AtomicBool::new(false),
        )
        .unwrap();
        assert!(!read.has_errors());
        assert_eq!(n_areas, 158);
    }

    #[test]
    fn every_awkward_file_is_read_or_refused_with_a_finding() {
        let Some(folder) = folder() else {
            return;
        };
        let mut files = Vec::new();
        for set in std::fs::read_dir(folder.join("awkward")).unwrap() {
            for file in std::fs::read_dir(set.unwrap().path()).unwrap() {
                files.push(file.unwrap().path());
            }
        }
        for layer in [Layer::Villages, Layer::Barriers, Layer::Settlements] {
            for file in &files {
                let mut request = ImportRequest::new(layer, vec![file.clone()]);
                if layer != Layer::Villages {
                    request.mapping = vec!["id=''".parse().unwrap()];
                }
                let (records, checked) = import(&request);
                assert!(
                    !records.is_empty() || !errors(&checked).is_empty(),
                    "{} gave neither records nor an error",
                    file.display()
                );
            }
        }
    }
}
