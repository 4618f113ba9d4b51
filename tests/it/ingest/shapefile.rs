//! Shapefiles written byte by byte, so that each byte may be wrong.

use super::*;

/// Roads by name and vertices, as the parts of a shapefile.
struct Parts {
    shp: Vec<u8>,
    shx: Vec<u8>,
    dbf: Vec<u8>,
    prj: Option<String>,
}

const WGS_84: &str = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

const POLY_LINE: i32 = 3;
const MULTI_PATCH: i32 = 31;
const HEAD_BYTES: usize = 100;

/// The content of a record of one line.
fn line(vertices: &[(f64, f64)]) -> Vec<u8> {
    let mut content = POLY_LINE.to_le_bytes().to_vec();
    for bound in [0.0_f64; 4] {
        content.extend(bound.to_le_bytes());
    }
    content.extend(1_i32.to_le_bytes());
    content.extend(i32::try_from(vertices.len()).unwrap().to_le_bytes());
    content.extend(0_i32.to_le_bytes());
    for (x, y) in vertices {
        content.extend(x.to_le_bytes());
        content.extend(y.to_le_bytes());
    }
    content
}

/// Where the number of vertices is in the content of a line.
const N_VERTICES_AT: std::ops::Range<usize> = 40..44;

fn head(n_bytes: usize, kind: i32) -> Vec<u8> {
    let mut head = vec![0; HEAD_BYTES];
    head[..4].copy_from_slice(&9994_i32.to_be_bytes());
    head[24..28].copy_from_slice(&words(n_bytes));
    head[28..32].copy_from_slice(&1000_i32.to_le_bytes());
    head[32..36].copy_from_slice(&kind.to_le_bytes());
    head
}

/// Bytes counted as the format does: in pairs.
fn words(n_bytes: usize) -> [u8; 4] {
    u32::try_from(n_bytes / 2).unwrap().to_be_bytes()
}

fn table(names: &[&str]) -> Vec<u8> {
    const WIDTH: u8 = 20;
    let columns = ["class", "name"];
    let head_bytes = u16::try_from(32 + 32 * columns.len() + 1).unwrap();
    let row_bytes = 1 + 2 * u16::from(WIDTH);
    let mut dbf = vec![0x03, 125, 1, 1];
    dbf.extend(u32::try_from(names.len()).unwrap().to_le_bytes());
    dbf.extend(head_bytes.to_le_bytes());
    dbf.extend(row_bytes.to_le_bytes());
    dbf.resize(32, 0);
    for column in columns {
        let mut field = column.as_bytes().to_vec();
        field.resize(11, 0);
        field.extend(b"C\0\0\0\0");
        field.push(WIDTH);
        field.resize(32, 0);
        dbf.extend(field);
    }
    dbf.push(0x0d);
    for name in names {
        dbf.extend(format!(" {:20}{name:20}", "desa").bytes());
    }
    dbf.push(0x1a);
    dbf
}

impl Parts {
    /// Three roads, each at its own longitude.
    fn three_roads() -> Self {
        let lines = [102.1, 102.2, 102.3].map(|lon| line(&[(lon, -2.5), (lon, -2.4)]));
        Self::of(&lines, &["Satu", "Dua", "Tiga"])
    }

    fn of(records: &[Vec<u8>], names: &[&str]) -> Self {
        Self::with_gaps(records, names, &[])
    }

    /// With `gap` behind each record, and the records numbered from 1 backwards.
    fn with_gaps(records: &[Vec<u8>], names: &[&str], gap: &[u8]) -> Self {
        let (mut body, mut index) = (Vec::new(), Vec::new());
        for (number, content) in (1_i32..).zip(records) {
            index.extend(words(HEAD_BYTES + body.len()));
            index.extend(words(content.len()));
            let number = if gap.is_empty() { number } else { -number };
            body.extend(number.to_be_bytes());
            body.extend(words(content.len()));
            body.extend(content);
            body.extend(gap);
        }
        Self {
            shp: [head(HEAD_BYTES + body.len(), POLY_LINE), body].concat(),
            shx: [head(HEAD_BYTES + index.len(), POLY_LINE), index].concat(),
            dbf: table(names),
            prj: Some(WGS_84.to_owned()),
        }
    }

    fn import(&self, change: impl FnOnce(&mut ImportRequest)) -> (Vec<Record>, Checked) {
        let scratch = Scratch::new();
        let path = scratch.write("jalan.shp", &self.shp);
        scratch.write("jalan.shx", &self.shx);
        scratch.write("jalan.dbf", &self.dbf);
        if let Some(prj) = &self.prj {
            scratch.write("jalan.prj", prj);
        }
        let mut request = ImportRequest::new(Layer::Roads, vec![path]);
        change(&mut request);
        import(&request)
    }
}

/// Names of roads with the longitude where each begins.
fn names_and_places(records: &[Record]) -> Vec<(&str, f64)> {
    let roads = records.iter().map(|record| match &record.feature {
        Feature::Road(road) => (name(record), road.line.0[0].0[0].x),
        other => unreachable!("{other:?} is no road"),
    });
    roads.collect()
}

const ALL: [(&str, f64); 3] = [("Satu", 102.1), ("Dua", 102.2), ("Tiga", 102.3)];

#[test]
fn a_sound_shapefile_has_nothing_to_tell() {
    let (records, checked) = Parts::three_roads().import(|_| {});
    assert_eq!(checked.findings, []);
    assert_eq!(names_and_places(&records), ALL);
}

#[test]
fn junk_between_records_is_passed_over_and_rows_stay_with_their_shapes_row_10() {
    let sound = Parts::three_roads();
    let lines = [102.1, 102.2, 102.3].map(|lon| line(&[(lon, -2.5), (lon, -2.4)]));
    let mut parts = Parts::with_gaps(&lines, &["Satu", "Dua", "Tiga"], b"junk junk!");
    parts.shp[24..28].copy_from_slice(&words(sound.shp.len()));
    let (records, checked) = parts.import(|_| {});
    assert_eq!(names_and_places(&records), ALL);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    let warnings: Vec<&str> = checked
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.cause.as_str())
        .collect();
    assert!(
        warnings
            .iter()
            .any(|cause| cause.contains("not numbered 1, 2, 3")),
        "{warnings:?}"
    );
    assert!(
        warnings
            .iter()
            .any(|cause| cause.contains("its records end at")),
        "{warnings:?}"
    );
}

#[test]
fn a_count_of_vertices_that_lies_refuses_its_record_only_row_9() {
    for lie in [-1, i32::MAX, i32::MIN, 100] {
        let mut lines = [102.1, 102.2, 102.3].map(|lon| line(&[(lon, -2.5), (lon, -2.4)]));
        lines[1][N_VERTICES_AT].copy_from_slice(&lie.to_le_bytes());
        let (records, checked) = Parts::of(&lines, &["Satu", "Dua", "Tiga"]).import(|_| {});
        assert_eq!(names_and_places(&records), [ALL[0], ALL[2]], "{lie}");
        let errors = errors(&checked);
        assert_eq!(errors.len(), 1, "{errors:#?}");
        assert_eq!(errors[0].fid, Some(1));
    }
}

#[test]
fn a_null_shape_of_any_length_is_a_record_without_geometry_row_11() {
    let mut lines = [102.1, 102.2, 102.3].map(|lon| line(&[(lon, -2.5), (lon, -2.4)]));
    // Null, with the length of a line.
    lines[0][..4].copy_from_slice(&0_i32.to_le_bytes());
    lines[1] = 0_i32.to_le_bytes().to_vec();
    let (records, checked) = Parts::of(&lines, &["Satu", "Dua", "Tiga"]).import(|_| {});
    assert_eq!(names_and_places(&records), [ALL[2]]);
    let found: Vec<(FindingCode, Option<i64>)> = errors(&checked)
        .iter()
        .map(|finding| (finding.code, finding.fid))
        .collect();
    let missing = FindingCode::GeometryMissing;
    assert_eq!(found, [(missing, Some(0)), (missing, Some(1))]);
}

#[test]
fn more_rows_than_shapes_are_blocked_row_11() {
    let mut parts = Parts::three_roads();
    parts.dbf = table(&["Satu", "Dua", "Tiga", "Empat"]);
    let (records, checked) = parts.import(|_| {});
    assert!(records.is_empty() && checked.is_refused);
    assert_eq!(codes(&checked), [FindingCode::ShpCountMismatch]);
}

#[test]
fn bodies_are_refused_row_12() {
    let mut parts = Parts::three_roads();
    parts.shp[32..36].copy_from_slice(&MULTI_PATCH.to_le_bytes());
    let (_, checked) = parts.import(|_| {});
    assert_eq!(codes(&checked), [FindingCode::GeometryType]);
    assert!(checked.is_refused);
}

#[test]
fn vertices_nowhere_refuse_their_record_only_row_13() {
    for bad in [f64::NAN, f64::INFINITY, 1e308, -1e38] {
        let lines = [
            line(&[(102.1, -2.5), (102.1, -2.4)]),
            line(&[(102.2, -2.5), (bad, -2.4)]),
        ];
        let (records, checked) = Parts::of(&lines, &["Satu", "Dua"]).import(|_| {});
        assert_eq!(names_and_places(&records), [ALL[0]], "{bad}");
        let refused = only(&checked, FindingCode::CoordsOutOfRange);
        assert_eq!(refused.fid, Some(1));
    }
}

const SAROLANGUN: [f64; 4] = [102.06, -2.77, 103.24, -1.89];

/// Roads in the middle of the district, in metres of zone 48 south.
fn in_metres() -> Parts {
    let line = line(&[(250_000.0, 9_740_000.0), (251_000.0, 9_740_000.0)]);
    Parts {
        prj: None,
        ..Parts::of(&[line], &["Satu"])
    }
}

#[test]
fn the_wrong_zone_or_hemisphere_is_told_and_the_right_one_offered_row_16() {
    let read_as = |crs: &str| {
        in_metres().import(|request| {
            request.from.crs = Some(crs.to_owned());
            request.from.district = Some(SAROLANGUN);
        })
    };
    for wrong in ["EPSG:32747", "EPSG:32648", "EPSG:32647"] {
        let (_, checked) = read_as(wrong);
        assert!(checked.is_refused, "{wrong}");
        let told = only(&checked, FindingCode::CrsImplausible);
        assert!(told.mend.contains("EPSG:32748"), "{wrong}: {}", told.mend);
    }
    assert_eq!(read_as("EPSG:32748").0.len(), 1);
}

#[test]
fn metres_that_are_called_degrees_are_told_row_16() {
    let mut parts = in_metres();
    parts.prj = Some(WGS_84.to_owned());
    let (records, checked) = parts.import(|_| {});
    assert!(records.is_empty());
    let told = only(&checked, FindingCode::CoordsOutOfRange);
    assert!(told.mend.contains("--crs"), "{}", told.mend);
}

#[test]
fn swapped_axes_are_told_as_such_row_16() {
    // Far from 90 degrees, so that only the district tells.
    let line = line(&[(-2.5, 12.5), (-2.4, 12.5)]);
    let (_, checked) = Parts::of(&[line], &["Satu"]).import(|request| {
        request.from.district = Some([12.0, -3.0, 13.0, -2.0]);
    });
    let told = only(&checked, FindingCode::CrsImplausible);
    assert!(told.mend.contains("swapped"), "{}", told.mend);
}

#[test]
fn a_projection_that_is_long_or_points_elsewhere_is_refused_and_told_row_17() {
    for hostile in [
        format!("{WGS_84}{}", " ".repeat(10_000_000)),
        WGS_84.replace("D_WGS_1984", "http://127.0.0.1:1/x"),
        "+proj=longlat +nadgrids=@/etc/passwd".to_owned(),
        "+init=epsg:4326".to_owned(),
    ] {
        let mut parts = Parts::three_roads();
        parts.prj = Some(hostile);
        let (_, checked) = parts.import(|_| {});
        assert_eq!(codes(&checked), [FindingCode::CrsMissing]);
        assert!(checked.is_refused);
        // Whoever knows the system may say it, once the file no longer does.
        parts.prj = None;
        let (records, _) = parts.import(|request| request.from.crs = Some("EPSG:4326".to_owned()));
        assert_eq!(records.len(), 3);
    }
}
