//! Writes a sample district as the files that an office would send.

use std::path::{Path, PathBuf};

use geo_types::{Geometry, Point};

use super::PublishError;
use super::atomic_file::write_whole;
use super::feature_table::{Column, ColumnKind, FeatureTable, Row, Shape, Value};
use super::text_file::{write_csv, write_geojson};
use super::vector_file::{write_geopackage, write_zipped_shapefile};
use crate::domain::{
    Barrier, Condition, Crossing, Facility, Keyed, LonLat, People, Road, SAMPLE_NOTICE,
    SAMPLE_SOURCE, SampleDistrict, SeasonAccess, Settlement, Surface, Village, VillageCode,
};

/// Writes `villages.zip, roads.gpkg, settlements.csv, clinics.gpkg, schools.csv, water-points.csv, barriers.geojson,
/// crossings.geojson` into a folder and gives their paths, in this order; beside them `README.txt`.
///
/// Without villages there is no `villages.zip` and no column `village_code`.
/// Every file has a column `source` with the value `sample`.
/// Each file is replaced whole; the folder is made where it is missing.
///
/// # Errors
/// The first file that cannot be written; those before it stay.
pub fn write_sample(district: &SampleDistrict, dir: &Path) -> Result<Vec<PathBuf>, PublishError> {
    std::fs::create_dir_all(dir).map_err(PublishError::file(dir))?;
    let mut paths = Vec::new();
    let mut write = |name: &str, table: &FeatureTable, writer: Writer| {
        let path = dir.join(name);
        writer(table, &path)?;
        paths.push(path);
        Ok(())
    };
    if !district.villages.is_empty() {
        write(
            "villages.zip",
            &villages(&district.villages),
            write_zipped_shapefile,
        )?;
    }
    write("roads.gpkg", &roads(&district.roads), write_geopackage)?;
    write(
        "settlements.csv",
        &settlements(&district.settlements),
        write_csv,
    )?;
    write(
        "clinics.gpkg",
        &facilities("clinics", &district.clinics),
        write_geopackage,
    )?;
    write(
        "schools.csv",
        &facilities("schools", &district.schools),
        write_csv,
    )?;
    let water_points = facilities("water_points", &district.water_points);
    write("water-points.csv", &water_points, write_csv)?;
    write(
        "barriers.geojson",
        &barriers(&district.barriers),
        write_geojson,
    )?;
    write(
        "crossings.geojson",
        &crossings(&district.crossings),
        write_geojson,
    )?;
    write_whole(&dir.join("README.txt"), readme().as_bytes())?;
    Ok(paths)
}

type Writer = fn(&FeatureTable, &Path) -> Result<(), PublishError>;

fn readme() -> String {
    format!(
        "{SAMPLE_NOTICE}\n\n\
         Semua berkas di folder ini dibuat oleh `jangkau sample`. Nama, kode, dan letak adalah rekaan.\n\
         All files in this folder were made by `jangkau sample`. Names, codes and places are invented.\n"
    )
}

fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Text,
    }
}

fn real(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Real,
    }
}

fn integer(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Integer,
    }
}

/// A table with the column `source` added to each row.
fn sample_table(
    name: &'static str,
    shape: Shape,
    mut columns: Vec<Column>,
    rows: impl Iterator<Item = Row>,
) -> FeatureTable {
    columns.push(text("source"));
    let rows = rows.map(|mut row| {
        row.values.push(Value::text(Some(SAMPLE_SOURCE)));
        row
    });
    FeatureTable {
        name,
        description: Some(SAMPLE_NOTICE),
        shape,
        columns,
        rows: rows.collect(),
    }
}

fn point(place: LonLat) -> Geometry<f64> {
    Point(place.into()).into()
}

fn villages(villages: &[Village]) -> FeatureTable {
    let columns = vec![
        text("kode"),
        text("nama"),
        text("kecamatan"),
        integer("penduduk"),
    ];
    let rows = villages.iter().map(|village| Row {
        geometry: village.area.clone().into(),
        values: vec![
            Value::text(Some(village.code.as_str())),
            Value::text(Some(village.name.as_str())),
            Value::text(village.kecamatan.clone()),
            people(village.population),
        ],
    });
    sample_table("villages", Shape::Polygon, columns, rows)
}

/// Whole people; the sample has no fractions.
fn people(population: Option<People>) -> Value {
    population.map_or(Value::Empty, |people| Value::Integer(people.0 / 1000))
}

fn roads(roads: &[Keyed<Road>]) -> FeatureTable {
    let columns = vec![
        text("id"),
        text("name"),
        text("class"),
        text("surface"),
        text("condition"),
        real("width_m"),
        text("one_way"),
        text("bridge"),
        text("season"),
        real("max_speed_kmh"),
    ];
    let rows = roads.iter().map(|Keyed { id, record: road }| Row {
        geometry: road.line.clone().into(),
        values: vec![
            Value::text(Some(id.as_str())),
            Value::text(road.name.clone()),
            Value::text(Some(road.class.as_str())),
            Value::text(road.surface.map(Surface::as_str)),
            Value::text(road.condition.map(Condition::as_str)),
            Value::real(road.width_m),
            Value::text(Some(road.one_way.as_str())),
            Value::text(Some(if road.is_bridge { "yes" } else { "no" })),
            Value::text(road.season.map(SeasonAccess::as_str)),
            Value::real(road.max_speed_kmh),
        ],
    });
    sample_table("roads", Shape::Line, columns, rows)
}

fn settlements(settlements: &[Keyed<Settlement>]) -> FeatureTable {
    let has_codes = settlements
        .iter()
        .any(|settlement| settlement.record.village_code.is_some());
    let mut columns = vec![text("id"), text("name"), integer("population")];
    if has_codes {
        columns.push(text("village_code"));
    }
    let rows = settlements.iter().map(|Keyed { id, record }| {
        let mut values = vec![
            Value::text(Some(id.as_str())),
            Value::text(record.name.clone()),
            people(record.population),
        ];
        if has_codes {
            let code = record.village_code.as_ref();
            values.push(Value::text(code.map(VillageCode::as_str)));
        }
        Row {
            geometry: point(record.place),
            values,
        }
    });
    sample_table("settlements", Shape::Point, columns, rows)
}

fn facilities(name: &'static str, facilities: &[Keyed<Facility>]) -> FeatureTable {
    let columns = vec![
        text("id"),
        text("name"),
        text("tier"),
        text("status"),
        real("capacity"),
        text("improved"),
        real("queue_min"),
        text("confirmed_on"),
    ];
    let rows = facilities.iter().map(|Keyed { id, record }| Row {
        geometry: point(record.place),
        values: vec![
            Value::text(Some(id.as_str())),
            Value::text(record.name.clone()),
            Value::text(record.tier.clone()),
            Value::text(Some(record.status.as_str())),
            Value::real(record.capacity),
            Value::text(record.improved.map(|improved| improved.to_string())),
            Value::real(record.queue_min),
            Value::text(record.confirmed_on.clone()),
        ],
    });
    sample_table(name, Shape::Point, columns, rows)
}

fn barriers(barriers: &[Keyed<Barrier>]) -> FeatureTable {
    let rows = barriers.iter().map(|Keyed { id, record }| Row {
        geometry: record.line.clone().into(),
        values: vec![
            Value::text(Some(id.as_str())),
            Value::text(record.kind.clone()),
        ],
    });
    let columns = vec![text("id"), text("kind")];
    sample_table("barriers", Shape::Line, columns, rows)
}

fn crossings(crossings: &[Keyed<Crossing>]) -> FeatureTable {
    let rows = crossings.iter().map(|Keyed { id, record }| Row {
        geometry: point(record.place),
        values: vec![
            Value::text(Some(id.as_str())),
            Value::text(Some(record.kind.as_str())),
            Value::text(Some(record.season.as_str())),
        ],
    });
    let columns = vec![text("id"), text("kind"), text("season")];
    sample_table("crossings", Shape::Point, columns, rows)
}
