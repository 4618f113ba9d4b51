//! Layers written as files, in another order and with rings drawn another way, and imported again: nothing has changed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gdal::DriverManager;
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{
    FieldDefn, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal,
};
use geo_types::{Geometry, LineString, MultiPolygon, Point, Polygon};
use jangkau::app::{ImportChoices, import};
use jangkau::domain::{
    Condition, Counts, Facility, Feature, ImportReport, Layer, LonLat, Mode, ModeSet, OneWay,
    People, Record, Road, RoadClass, SeasonAccess, Status, Surface, VillageCode, VillageValues,
};
use jangkau::ingest::{ImportRequest, ReaderCommand};
use jangkau::store::Database;

use super::imports::import as import_records;
use super::records::{
    barrier, cell, code, corner, crossing, facility, forest, middle, office, population, road,
    section, settlement, villages,
};
use crate::support::database::ScratchDatabase;

/// Whose the records of [`import_records`] are.
const SOURCE: &str = "dinas";

/// A field of a file and what a record has there.
struct Field {
    name: &'static str,
    kind: OGRFieldType::Type,
    value: Option<Cell>,
}

enum Cell {
    Text(String),
    Number(f64),
}

fn text(name: &'static str, value: Option<impl Into<String>>) -> Field {
    Field {
        name,
        kind: OGRFieldType::OFTString,
        value: value.map(|text| Cell::Text(text.into())),
    }
}

fn number(name: &'static str, value: Option<f64>) -> Field {
    Field {
        name,
        kind: OGRFieldType::OFTReal,
        value: value.map(Cell::Number),
    }
}

fn word(name: &'static str, is_so: bool) -> Field {
    text(name, Some(if is_so { "ya" } else { "tidak" }))
}

/// The fields of a record under names that a shapefile has room for, and where it lies.
fn fields(layer: Layer, record: &Record) -> (Vec<Field>, Geometry<f64>) {
    let id = || text("id", Some(record.key.clone()));
    let point = |place: LonLat| -> Geometry<f64> { Point::new(place.lon(), place.lat()).into() };
    // Geometries of tables are there and not read.
    let nowhere = || point(middle(0));
    let (mut fields, geometry) = match &record.feature {
        Feature::Village(village) => (
            vec![
                text("code", Some(village.code.as_str())),
                text("name", Some(village.name.clone())),
                text("kecamatan", village.kecamatan.clone()),
                number("population", village.population.map(People::to_count)),
            ],
            village.area.clone().into(),
        ),
        Feature::Road(road) => (road_fields(id(), road), road.line.clone().into()),
        Feature::Facility(facility) => (facility_fields(id(), facility), point(facility.place)),
        Feature::Settlement(settlement) => (
            vec![
                id(),
                text("name", settlement.name.clone()),
                text(
                    "kode_desa",
                    settlement.village_code.as_ref().map(VillageCode::as_str),
                ),
                number("population", settlement.population.map(People::to_count)),
            ],
            point(settlement.place),
        ),
        Feature::VillageOffice(office) => (
            vec![
                id(),
                text("name", office.name.clone()),
                text(
                    "kode_desa",
                    office.village_code.as_ref().map(VillageCode::as_str),
                ),
            ],
            point(office.place),
        ),
        Feature::Barrier(barrier) => (
            vec![id(), text("kind", barrier.kind.clone())],
            barrier.line.clone().into(),
        ),
        Feature::Crossing(crossing) => (
            vec![
                id(),
                text("kind", Some(crossing.kind.as_str())),
                text("season", Some(crossing.season.as_str())),
            ],
            point(crossing.place),
        ),
        Feature::PopulationCell(cell) => (
            vec![id(), number("population", Some(cell.population.to_count()))],
            cell.area.clone().into(),
        ),
        Feature::VillageValues(table) => (table_fields(layer, table), nowhere()),
        Feature::RoadSection(section) => (
            vec![
                text("road", Some(section.road.clone())),
                number("from_sta", Some(section.from_m)),
                number("to_sta", Some(section.to_m)),
                text("surface", section.surface.map(Surface::as_str)),
                text("condition", section.condition.map(Condition::as_str)),
                number("width_m", section.width_m),
                text("season", section.season.map(SeasonAccess::as_str)),
            ],
            nowhere(),
        ),
        Feature::ContextFeature(context) => (
            vec![
                id(),
                text("name", context.name.clone()),
                text("kind", context.kind.clone()),
            ],
            context.geometry.clone(),
        ),
    };
    let note = record
        .extra
        .get("keterangan")
        .and_then(|value| value.as_str());
    fields.push(text("keterangan", note));
    let count = record
        .extra
        .get("nomor")
        .and_then(serde_json::Value::as_f64);
    fields.push(number("nomor", count));
    (fields, geometry)
}

fn road_fields(id: Field, road: &Road) -> Vec<Field> {
    let barred: Vec<&str> = road.barred.iter().map(Mode::as_str).collect();
    vec![
        id,
        text("name", road.name.clone()),
        text("class", Some(road.class.as_str())),
        text("surface", road.surface.map(Surface::as_str)),
        text("condition", road.condition.map(Condition::as_str)),
        number("width_m", road.width_m),
        text("one_way", Some(road.one_way.as_str())),
        word("bridge", road.is_bridge),
        text("season", road.season.map(SeasonAccess::as_str)),
        number("maxspeed", road.max_speed_kmh),
        word("tunnel", road.is_tunnel),
        text("barred", Some(barred.join(","))),
    ]
}

fn table_fields(layer: Layer, table: &VillageValues) -> Vec<Field> {
    let mut fields = vec![
        text("code", Some(table.code.as_str())),
        text("period", table.period.clone()),
    ];
    let names: &[&'static str] = match layer {
        Layer::Population => &["population", "households"],
        Layer::Poverty => &["poor", "rtm"],
        _ => &["health_km", "sd_km"],
    };
    fields.extend(names.iter().map(|name| {
        let field = if *name == "rtm" {
            "poor_households"
        } else {
            name
        };
        number(name, table.values.get(field).copied())
    }));
    fields
}

fn facility_fields(id: Field, facility: &Facility) -> Vec<Field> {
    vec![
        id,
        text("name", facility.name.clone()),
        text("tier", facility.tier.clone()),
        text("status", Some(facility.status.as_str())),
        number("capacity", facility.capacity),
        text(
            "improved",
            facility
                .improved
                .map(|improved| if improved { "ya" } else { "tidak" }),
        ),
        number("queue_min", facility.queue_min),
        text("season", facility.season.map(SeasonAccess::as_str)),
        Field {
            kind: OGRFieldType::OFTDate,
            ..text("confirmed", facility.confirmed_on.clone())
        },
    ]
}

/// The same area with each ring drawn the other way, from another vertex, and its parts in another order.
fn redrawn(geometry: Geometry<f64>) -> Geometry<f64> {
    let ring = |ring: &LineString<f64>| {
        let mut open: Vec<_> = ring.0[1..].to_vec();
        open.reverse();
        let by = open.len() / 2;
        open.rotate_left(by);
        open.push(open[0]);
        LineString(open)
    };
    let polygon = |polygon: &Polygon<f64>| {
        let holes = polygon.interiors().iter().rev().map(ring).collect();
        Polygon::new(ring(polygon.exterior()), holes)
    };
    match geometry {
        Geometry::MultiPolygon(area) => {
            MultiPolygon(area.0.iter().rev().map(polygon).collect()).into()
        }
        Geometry::Polygon(area) => MultiPolygon(vec![polygon(&area)]).into(),
        other => other,
    }
}

/// Writes the records, the last first.
fn write(driver: &str, path: &Path, layer: Layer, records: &[Record]) {
    let (columns, first) = fields(layer, &records[0]);
    let kind = match redrawn(first) {
        Geometry::Point(_) => OGRwkbGeometryType::wkbPoint,
        Geometry::MultiLineString(_) => OGRwkbGeometryType::wkbMultiLineString,
        _ => OGRwkbGeometryType::wkbMultiPolygon,
    };
    let mut dataset = DriverManager::get_driver_by_name(driver)
        .unwrap()
        .create_vector_only(path)
        .unwrap();
    let options: &[&str] = match driver {
        "GPKG" => &[],
        _ => &["ENCODING=UTF-8"],
    };
    let mut srs = SpatialRef::from_epsg(4326).unwrap();
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let out = dataset
        .create_layer(LayerOptions {
            name: "lapisan",
            srs: Some(&srs),
            ty: kind,
            options: Some(options),
        })
        .unwrap();
    for column in &columns {
        let field = FieldDefn::new(column.name, column.kind).unwrap();
        field.add_to_layer(&out).unwrap();
    }
    for record in records.iter().rev() {
        let (values, geometry) = fields(layer, record);
        let mut feature = gdal::vector::Feature::new(out.defn()).unwrap();
        for (index, field) in values.iter().enumerate() {
            match &field.value {
                Some(Cell::Text(text)) => feature.set_field_string(index, text).unwrap(),
                Some(Cell::Number(number)) => feature.set_field_double(index, *number).unwrap(),
                None => feature.set_field_null(index).unwrap(),
            }
        }
        let geometry = redrawn(geometry).to_gdal().unwrap();
        feature.set_geometry(geometry).unwrap();
        feature.create(&out).unwrap();
    }
    dataset.close().unwrap();
}

async fn again(database: &Database, layer: Layer, file: &Path) -> ImportReport {
    let mut request = ImportRequest::new(layer, vec![file.to_owned()]);
    if layer.is_facility() {
        request
            .mapping
            .push("confirmed_on=confirmed".parse().unwrap());
    }
    if layer == Layer::Poverty {
        request.mapping.push("poor_households=rtm".parse().unwrap());
    }
    let choices = ImportChoices {
        source: Some(SOURCE.to_owned()),
        district: (layer == Layer::Villages).then(|| "99.01".to_owned()),
        made_by: "tester".to_owned(),
        ..ImportChoices::default()
    };
    let reader = ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    };
    let cancel = Arc::new(AtomicBool::new(false));
    import(
        database,
        &reader,
        request,
        &choices,
        Arc::new(|_| ()),
        cancel,
    )
    .await
    .unwrap()
}

/// Records of every layer: some that say all they can, one that says nothing that it need not.
fn layers() -> Vec<(Layer, Vec<Record>)> {
    let mut areas = villages(3);
    for record in &mut areas {
        if let Feature::Village(village) = &mut record.feature {
            add_hole_and_part(&mut village.area);
        }
    }
    if let Feature::Village(village) = &mut areas[2].feature {
        "Désa \u{2018}Baru\u{2019} – 2".clone_into(&mut village.name);
        (village.kecamatan, village.population) = (None, None);
    }
    let mut woods = vec![forest("A"), forest("B")];
    if let Feature::ContextFeature(context) = &mut woods[1].feature {
        context.kind = None;
    }
    let facilities = |tier: Option<&str>| {
        let mut all = vec![facility("A", 0), facility("B", 1), facility("C", 2)];
        for record in &mut all {
            if let Feature::Facility(facility) = &mut record.feature {
                facility.tier = tier.map(str::to_owned);
            }
        }
        all[2].extra.clear();
        if let Feature::Facility(facility) = &mut all[2].feature {
            facility.status = Status::Unknown;
            (facility.name, facility.tier, facility.capacity) = (None, None, None);
            (facility.improved, facility.queue_min) = (None, None);
            (facility.season, facility.confirmed_on) = (None, None);
        }
        all
    };
    let mut roads = vec![road("A"), road("B")];
    if let Feature::Road(road) = &mut roads[1].feature {
        (road.class, road.one_way) = (RoadClass::Path, OneWay::No);
        (road.is_bridge, road.is_tunnel, road.barred) = (false, false, ModeSet::NONE);
        (road.name, road.surface, road.condition) = (None, None, None);
        (road.width_m, road.season, road.max_speed_kmh) = (None, None, None);
    }
    let values = |fields: [(&str, f64); 2]| {
        let mut record = population(0, 1.0);
        if let Feature::VillageValues(table) = &mut record.feature {
            table.values = fields.map(|(name, value)| (name.to_owned(), value)).into();
        }
        vec![record]
    };
    let mut offices = vec![office("A"), office("B")];
    if let Feature::VillageOffice(office) = &mut offices[1].feature {
        (office.name, office.village_code) = (None, None);
    }
    vec![
        (Layer::Villages, areas),
        (Layer::Roads, roads),
        (Layer::Clinics, facilities(Some("puskesmas"))),
        (Layer::WaterPoints, facilities(None)),
        (Layer::Schools, facilities(Some("sd"))),
        (
            Layer::Settlements,
            vec![settlement(0, Some(code(1))), settlement(1, None)],
        ),
        (
            Layer::PopulationCells,
            vec![
                cell("S-1", 12.5, corner(0), corner(101)),
                cell("S-2", 0.25, corner(101), corner(202)),
            ],
        ),
        (Layer::Barriers, vec![barrier("A"), barrier("B")]),
        (Layer::Crossings, vec![crossing("A"), crossing("B")]),
        (Layer::Markets, facilities(Some("harian"))),
        (Layer::VillageOffices, offices),
        (
            Layer::Population,
            vec![population(0, 120.5), population(1, 80.0)],
        ),
        (
            Layer::Poverty,
            values([("poor", 12.0), ("poor_households", 3.0)]),
        ),
        (
            Layer::DeclaredValues,
            values([("health_km", 1.25), ("sd_km", 0.5)]),
        ),
        (
            Layer::RoadSections,
            vec![section("A", 0.0, 500.0), section("A", 500.0, 912.5)],
        ),
        ("hutan-lindung".parse().unwrap(), woods),
    ]
}

/// A hole in the middle of a square, and beside the village another part of it, far from other villages.
fn add_hole_and_part(area: &mut MultiPolygon<f64>) {
    let start = area.0[0].exterior().0[0];
    let square = |x: f64, y: f64, side: f64| {
        let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)];
        LineString::from(corners.to_vec())
    };
    let shell = area.0[0].exterior().clone();
    let west = shell.0.iter().map(|at| at.x).fold(start.x, f64::min);
    let south = shell.0.iter().map(|at| at.y).fold(start.y, f64::min);
    area.0[0] = Polygon::new(shell, vec![square(west + 0.004, south + 0.004, 0.001)]);
    let far = corner(5000).y;
    area.0
        .push(Polygon::new(square(west, far, 0.005), Vec::new()));
}

#[tokio::test]
async fn a_layer_that_is_written_and_imported_again_has_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layers = layers();
    for layer in Layer::ALL {
        assert!(layers.iter().any(|(each, _)| each == layer), "{layer}");
    }
    for (layer, records) in layers {
        let version = import_records(database, layer, &records).await.version;
        let known = database.known_records(layer, version).await.unwrap();
        let stored: Vec<Record> = records
            .iter()
            .map(|record| known.get(SOURCE, &record.key).unwrap().clone())
            .collect();
        for (driver, suffix) in [("GPKG", "gpkg"), ("ESRI Shapefile", "shp")] {
            let file = folder.path().join(format!("{layer}.{suffix}"));
            write(driver, &file, layer, &stored);
            let report = again(database, layer, &file).await;
            let unchanged = Counts {
                unchanged: records.len() as u64,
                warnings: report.counts.warnings,
                ..Counts::default()
            };
            assert_eq!(
                report.counts, unchanged,
                "{layer} {driver} {:#?}",
                report.rows
            );
            assert!(!report.activated, "{layer} {driver}");
            assert_eq!(report.version, Some(version));
        }
    }
}
