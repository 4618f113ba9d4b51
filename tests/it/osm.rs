//! OSM files through the real child process.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jangkau::domain::{
    Condition, CrossingKind, Feature, Finding, FindingCode, Layer, Mode, OneWay, People, Record,
    Road, RoadClass, SeasonAccess, Severity, Status, Surface,
};
use jangkau::ingest::{
    Checked, FilesToRead, ImportRequest, IngestError, ReaderCommand, inspect, read_records,
};

const VILLAGE: &str = "<?xml version='1.0' encoding='UTF-8'?>
<osm version='0.6'>
<node id='1' lat='-2.3000000' lon='102.7000000'/>
<node id='2' lat='-2.3010000' lon='102.7010000'/>
<node id='3' lat='-2.3020000' lon='102.7020000'><tag k='ford' v='yes'/></node>
<node id='4' lat='-2.3030000' lon='102.7030000'><tag k='amenity' v='clinic'/><tag k='name' v='Puskesmas Limun'/></node>
<node id='5' lat='-2.3040000' lon='102.7040000'><tag k='place' v='hamlet'/><tag k='name' v='Dusun Baru'/><tag k='population' v='1200'/></node>
<way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='secondary_link'/><tag k='name' v='Jalan Lintas'/>
 <tag k='surface' v='asphalt'/><tag k='oneway' v='-1'/><tag k='maxspeed' v='30 mph'/><tag k='width' v='6.5 m'/></way>
<way id='11'><nd ref='2'/><nd ref='3'/><tag k='highway' v='track'/><tag k='tracktype' v='grade5'/>
 <tag k='ford' v='yes'/><tag k='tunnel' v='yes'/><tag k='motor_vehicle' v='no'/><tag k='motorcycle' v='yes'/></way>
<relation id='1'><tag k='type' v='restriction'/></relation>
</osm>
";

fn reader() -> ReaderCommand {
    ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    }
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

/// The village under a name, in a folder that lives as long as it is held.
fn village(name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::write(&file, VILLAGE).unwrap();
    (folder, file)
}

fn roads(file: &Path) -> (Vec<(String, Road)>, Checked) {
    let request = ImportRequest::new(Layer::Roads, vec![file.to_owned()]);
    let (records, checked) = try_import(&request).unwrap();
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(records.len() as u64, checked.n_accepted);
    let roads = records
        .into_iter()
        .filter_map(|record| match record.feature {
            Feature::Road(road) => Some((record.key, road)),
            _ => None,
        });
    let roads: Vec<_> = roads.collect();
    assert_eq!(roads.len() as u64, checked.n_accepted);
    (roads, checked)
}

#[test]
fn roads_are_imported_without_any_mapping() {
    let (_folder, file) = village("desa.osm");
    let (roads, checked) = roads(&file);
    let keys: Vec<&str> = roads.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["10", "11"]);

    let main = &roads[0].1;
    assert_eq!(main.name.as_deref(), Some("Jalan Lintas"));
    assert_eq!(
        (main.class, main.surface),
        (RoadClass::Secondary, Some(Surface::Paved))
    );
    assert_eq!((main.one_way, main.width_m), (OneWay::Backward, Some(6.5)));
    assert_eq!(main.max_speed_kmh, Some(30.0 * 1.609_344));
    assert!(main.barred.iter().next().is_none());

    let track = &roads[1].1;
    assert_eq!(
        (track.class, track.condition),
        (RoadClass::Track, Some(Condition::VeryPoor))
    );
    assert_eq!(
        (track.season, track.is_tunnel),
        (Some(SeasonAccess::Dry), true)
    );
    assert_eq!(
        track.barred.iter().collect::<Vec<_>>(),
        [Mode::Car, Mode::Ambulance]
    );
    let places: Vec<(f64, f64)> = track.line.0[0]
        .coords()
        .map(|place| (place.x, place.y))
        .collect();
    assert_eq!(places, [(102.701, -2.301), (102.702, -2.302)]);

    let told: Vec<FindingCode> = checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(
        told,
        [
            FindingCode::OsmIgnored,
            FindingCode::OsmAssumed,
            FindingCode::OsmAssumed
        ]
    );
    assert!(
        checked
            .findings
            .iter()
            .all(|finding| finding.severity == Severity::Info)
    );
    assert_eq!(
        checked.crs.as_deref(),
        Some("EPSG:4326 (WGS 84): the standard of OpenStreetMap")
    );
}

#[test]
fn fords_are_imported_as_crossings_from_the_same_file() {
    let (_folder, file) = village("desa.osm");
    let (records, checked) = try_import(&ImportRequest::new(Layer::Crossings, vec![file])).unwrap();
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].key, "3");
    let Feature::Crossing(crossing) = &records[0].feature else {
        panic!("{:?} is no crossing", records[0].feature);
    };
    assert_eq!(
        (crossing.kind, crossing.season),
        (CrossingKind::Ford, SeasonAccess::Dry)
    );
}

#[test]
fn clinics_and_settlements_are_imported_from_the_same_file() {
    let (_folder, file) = village("desa.osm");
    let mut request = ImportRequest::new(Layer::Clinics, vec![file]);
    let (records, checked) = try_import(&request).unwrap();
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(records[0].key, "node/4");
    let Feature::Facility(clinic) = &records[0].feature else {
        panic!("{:?} is no facility", records[0].feature);
    };
    assert_eq!(
        (clinic.tier.as_deref(), clinic.status),
        (Some("puskesmas"), Status::Functioning)
    );
    assert_eq!(records[0].extra["osm_tag"], "amenity=clinic");
    request.mapping = vec!["status='tidak berfungsi'".parse().unwrap()];
    let (records, _) = try_import(&request).unwrap();
    assert!(
        matches!(&records[0].feature, Feature::Facility(clinic) if clinic.status == Status::Broken)
    );

    request.layer = Layer::Settlements;
    request.mapping = Vec::new();
    let (records, _) = try_import(&request).unwrap();
    let Feature::Settlement(hamlet) = &records[0].feature else {
        panic!("{:?} is no settlement", records[0].feature);
    };
    assert_eq!(hamlet.population, Some(People::from_count(1200.0)));
    assert_eq!((hamlet.place.lon(), hamlet.place.lat()), (102.704, -2.304));

    request.layer = Layer::Schools;
    let (_, checked) = try_import(&request).unwrap();
    assert!(
        checked
            .findings
            .iter()
            .any(|finding| finding.code == FindingCode::LayerEmpty)
    );
}

#[test]
fn inspecting_an_osm_file_counts_what_is_in_it() {
    let (_folder, file) = village("desa.osm");
    let request = FilesToRead {
        files: vec![file],
        ..FilesToRead::default()
    };
    let found = inspect(&request, &reader(), &AtomicBool::new(false)).unwrap();
    let layers: Vec<(&str, Option<u64>)> = found
        .layers
        .iter()
        .map(|layer| (layer.name.as_str(), layer.n_features))
        .collect();
    assert_eq!(
        layers,
        [
            ("roads", Some(2)),
            ("crossings", Some(1)),
            ("clinics", Some(1)),
            ("schools", Some(0)),
            ("water-points", Some(0)),
            ("settlements", Some(1)),
            ("barriers", Some(0)),
            ("markets", Some(0)),
            ("village-offices", Some(0))
        ]
    );
    assert_eq!(found.findings.len(), 1);
}

#[test]
fn what_means_nothing_for_an_osm_file_is_misuse() {
    let (_folder, file) = village("desa.osm");
    let plain = ImportRequest::new(Layer::Roads, vec![file]);
    let mut told = plain.clone();
    told.from.crs = Some("epsg:4326".to_owned());
    assert!(try_import(&told).is_ok());
    told.from.crs = Some("EPSG:32748".to_owned());
    assert!(matches!(try_import(&told), Err(IngestError::Request(_))));
    let mut told = plain.clone();
    told.from.filter = Some("class = 'track'".to_owned());
    assert!(matches!(try_import(&told), Err(IngestError::Request(_))));
    let mut told = plain;
    told.from.encoding = Some("windows-1252".to_owned());
    assert!(matches!(try_import(&told), Err(IngestError::Request(_))));
}

#[test]
fn a_file_under_a_wrong_name_in_an_archive_or_far_away_is_refused() {
    let refusal = |request: &ImportRequest| {
        let (_, checked) = try_import(request).unwrap();
        assert!(!checked.may_be_kept(true), "{:#?}", checked.findings);
        let mut errors = checked.findings.into_iter();
        let first = errors
            .find(|finding| finding.severity == Severity::Error)
            .unwrap();
        assert!(!first.mend.is_empty());
        first.code
    };
    let (_folder, file) = village("desa.pbf");
    let request = ImportRequest::new(Layer::Roads, vec![file]);
    assert_eq!(refusal(&request), FindingCode::FileUnsupported);

    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("desa.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&archive).unwrap());
    zip.start_file("desa.osm", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(VILLAGE.as_bytes()).unwrap();
    zip.finish().unwrap();
    let request = ImportRequest::new(Layer::Roads, vec![archive]);
    assert_eq!(refusal(&request), FindingCode::FileUnsupported);

    let (_folder, file) = village("desa.osm");
    let mut request = ImportRequest::new(Layer::Roads, vec![file]);
    request.from.district = Some([110.0, -8.0, 111.0, -7.0]);
    assert_eq!(refusal(&request), FindingCode::CrsImplausible);
    request.layer = Layer::Villages;
    assert_eq!(refusal(&request), FindingCode::FileUnsupported);
}

mod real_files {
    use super::*;

    fn real(name: &str) -> Option<PathBuf> {
        let folder = std::env::var_os("JANGKAU_REAL_DATA").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data"),
            PathBuf::from,
        );
        Some(folder.join(name)).filter(|file| file.exists())
    }

    /// How many roads have each word.
    fn counted<T: ToString>(
        roads: &[(String, Road)],
        word: impl Fn(&Road) -> T,
    ) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for (_, road) in roads {
            *counts.entry(word(road).to_string()).or_default() += 1;
        }
        counts
    }

    fn table(rows: &[(&str, u32)]) -> BTreeMap<String, u32> {
        rows.iter()
            .map(|(word, count)| ((*word).to_owned(), *count))
            .collect()
    }

    fn barred(road: &Road) -> String {
        road.barred
            .iter()
            .map(Mode::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn n_vertices(roads: &[(String, Road)]) -> usize {
        let parts = roads.iter().flat_map(|(_, road)| &road.line.0);
        parts.map(|part| part.0.len()).sum()
    }

    // The numbers of these tests were counted by a script on pyosmium 4, which shares no code with the reader.

    #[test]
    fn liechtenstein_is_counted_as_pyosmium_counts_it() {
        let Some(file) = real("networks/liechtenstein.osm.pbf") else {
            return;
        };
        let (roads, checked) = roads(&file);
        assert_eq!(
            counted(&roads, |road| road.class),
            table(&[
                ("bridleway", 3),
                ("cycleway", 304),
                ("footway", 374),
                ("living_street", 18),
                ("path", 398),
                ("pedestrian", 2),
                ("primary", 126),
                ("residential", 1108),
                ("secondary", 142),
                ("service", 708),
                ("steps", 98),
                ("tertiary", 78),
                ("track", 1091),
                ("unclassified", 208),
            ])
        );
        // Asphalt 636, paved 80, concrete 3, metal 1; gravel 308, unpaved 37, pebblestone 4, compacted 3, fine gravel 2;
        // ground 70, dirt 26, grass 15, sand 2, wood 2.
        assert_eq!(
            counted(&roads, |road| road.surface.map_or("-", Surface::as_str)),
            table(&[
                ("-", 3469),
                ("paved", 636 + 80 + 3 + 1),
                ("gravel", 308 + 37 + 4 + 3 + 2),
                ("earth", 70 + 26 + 15 + 2 + 2)
            ])
        );
        assert_eq!(
            counted(&roads, |road| road.condition.map_or("-", Condition::as_str)),
            table(&[
                ("-", 3972),
                ("fair", 379),
                ("good", 169),
                ("poor", 104),
                ("very_poor", 34)
            ])
        );
        assert_eq!(
            counted(&roads, barred),
            table(&[
                ("", 4187),
                ("bicycle", 22),
                ("bicycle car ambulance", 4),
                ("bicycle motorcycle car ambulance", 36),
                ("car ambulance", 20),
                ("foot", 2),
                ("foot bicycle", 2),
                ("foot bicycle motorcycle car ambulance", 48),
                ("foot motorcycle car ambulance", 16),
                ("motorcycle car ambulance", 321),
            ])
        );
        assert_eq!(
            counted(&roads, |road| road.one_way),
            table(&[("-1", 2), ("no", 4565), ("yes", 91)])
        );
        assert_eq!(roads.iter().filter(|(_, road)| road.is_bridge).count(), 188);
        assert_eq!(roads.iter().filter(|(_, road)| road.is_tunnel).count(), 5);
        assert_eq!(
            roads
                .iter()
                .filter(|(_, road)| road.season == Some(SeasonAccess::Dry))
                .count(),
            1
        );
        assert!(
            checked
                .findings
                .iter()
                .any(|finding| finding.cause.starts_with("3 turn restrictions"))
        );
    }

    /// Number of records of a layer by the column that says what they are, and by the kind of element.
    fn mapped(file: &Path, layer: Layer) -> (BTreeMap<String, u32>, BTreeMap<String, u32>) {
        let request = ImportRequest::new(layer, vec![file.to_owned()]);
        let (records, checked) = try_import(&request).unwrap();
        assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
        let (mut kinds, mut elements) = (BTreeMap::new(), BTreeMap::new());
        for record in records {
            let kind = match &record.feature {
                Feature::Barrier(barrier) => barrier.kind.clone().unwrap(),
                _ => record.extra["osm_tag"].as_str().unwrap().to_owned(),
            };
            *kinds.entry(kind).or_default() += 1;
            let element = record.key.split('/').next().unwrap().to_owned();
            *elements.entry(element).or_default() += 1;
        }
        (kinds, elements)
    }

    #[test]
    fn places_and_barriers_of_liechtenstein_are_counted_as_pyosmium_counts_them() {
        let Some(file) = real("networks/liechtenstein.osm.pbf") else {
            return;
        };
        // amenity=hospital|clinic|doctors|health_post, or healthcare but pharmacies and the like.
        assert_eq!(mapped(&file, Layer::Clinics).1, table(&[("node", 1)]));
        // amenity=school.
        assert_eq!(
            mapped(&file, Layer::Schools).1,
            table(&[("node", 7), ("way", 12)])
        );
        // amenity=drinking_water|water_point, man_made=water_well|water_tap, natural=spring.
        assert_eq!(
            mapped(&file, Layer::WaterPoints).0,
            table(&[("amenity=drinking_water", 14), ("natural=spring", 1)])
        );
        assert_eq!(
            mapped(&file, Layer::Settlements).0,
            table(&[
                ("place=hamlet", 4),
                ("place=neighbourhood", 4),
                ("place=village", 15)
            ])
        );
        // amenity=townhall.
        assert_eq!(
            mapped(&file, Layer::VillageOffices).1,
            table(&[("node", 1), ("way", 2)])
        );
        // waterway=river|canal|riverbank|dock, natural=water|coastline|cliff|strait|bay; two ponds and the like less,
        // and seven lakes that are relations.
        let (kinds, elements) = mapped(&file, Layer::Barriers);
        assert_eq!(
            kinds,
            table(&[
                ("canal", 7),
                ("cliff", 52),
                ("river", 5),
                ("riverbank", 8),
                ("water", 52)
            ])
        );
        assert_eq!(elements, table(&[("way", 7 + 52 + 5 + 8 + 52)]));
        let request = ImportRequest::new(Layer::Barriers, vec![file]);
        let (_, checked) = try_import(&request).unwrap();
        let told: Vec<&str> = checked
            .findings
            .iter()
            .map(|finding| finding.cause.as_str())
            .collect();
        assert!(
            told.iter()
                .any(|cause| cause.starts_with("7 barriers are relations")),
            "{told:?}"
        );
        assert!(
            told.iter()
                .any(|cause| cause.starts_with("2 barriers were left out")),
            "{told:?}"
        );
    }

    #[test]
    fn bangor_and_fiji_are_counted_as_pyosmium_counts_them() {
        let (Some(bangor), Some(fiji)) = (
            real("osm-pbf/bangor_maine.osm.pbf"),
            real("osm-pbf/fiji-ferry.osm.pbf"),
        ) else {
            return;
        };
        let (bangor, checked) = roads(&bangor);
        assert_eq!(
            counted(&bangor, |road| road.class),
            table(&[
                ("bridleway", 1),
                ("cycleway", 3),
                ("footway", 18),
                ("motorway", 147),
                ("path", 24),
                ("primary", 76),
                ("residential", 934),
                ("road", 1),
                ("secondary", 37),
                ("service", 478),
                ("tertiary", 33),
                ("track", 31),
                ("trunk", 19),
                ("unclassified", 5),
            ])
        );
        assert_eq!(
            counted(&bangor, |road| road.one_way),
            table(&[("-1", 3), ("no", 1570), ("yes", 234)])
        );
        // Whoever cut the extract left single nodes of twenty ways at its edge.
        let left_out = |finding: &&Finding| finding.code == FindingCode::OsmIncomplete;
        assert_eq!(checked.findings.iter().filter(left_out).count(), 20);
        // The one road of class `discontinued`.
        assert!(
            checked
                .findings
                .iter()
                .any(|finding| finding.value.as_deref() == Some("discontinued"))
        );

        let (fiji, _) = roads(&fiji);
        assert_eq!(
            counted(&fiji, |road| road.class),
            table(&[
                ("cycleway", 1),
                ("footway", 46),
                ("path", 91),
                ("primary", 28),
                ("residential", 384),
                ("secondary", 102),
                ("service", 350),
                ("steps", 2),
                ("tertiary", 58),
                ("track", 28),
                ("unclassified", 86),
            ])
        );
        assert_eq!(
            counted(&fiji, barred)["foot bicycle motorcycle car ambulance"],
            13
        );
        assert_eq!(n_vertices(&fiji), 12_155);
    }
}
