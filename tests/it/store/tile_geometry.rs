//! What tiles and pictures are drawn from: there with its version or soon after, gone with it, and without gaps between
//! villages.

use std::path::{Path, PathBuf};

use geo_types::{LineString, MultiPolygon, Polygon};
use jangkau::domain::{Feature, Layer, Record, VillageCode};
use serde_json::Value;
use tokio_postgres::Client;

use super::imports::import;
use super::records::{barrier, crossing, facility, road, village, villages};
use crate::support::database::ScratchDatabase;

async fn count(client: &Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn villages_are_stored_for_tiles_when_they_are_activated_and_all_else_once_somebody_serves() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let client = scratch.client().await;
    for (layer, records, bands) in [
        (Layer::Villages, villages(3), &["z0", "z5", "z8", "z11"][..]),
        (Layer::Roads, vec![road("r")], &["z0", "z5", "z8", "z11"]),
        (
            Layer::Barriers,
            vec![barrier("b")],
            &["z0", "z5", "z8", "z11"],
        ),
        (Layer::Crossings, vec![crossing("c")], &["z11"]),
        (Layer::Clinics, vec![facility("C", 1)], &["z11"]),
    ] {
        let version = import(database, layer, &records).await.version.0;
        // Two who serve do not make it twice.
        let (one, other) =
            tokio::join!(database.fill_tile_geometry(), database.fill_tile_geometry());
        let is_made_later = usize::from(layer != Layer::Villages);
        assert_eq!(one.unwrap() + other.unwrap(), is_made_later, "{layer}");
        for band in bands {
            let sql = format!(
                "select count(*) from tile_geometry_{band}
                 where dataset_version = {version} and not ST_IsEmpty(geom) and ST_SRID(geom) = 3857"
            );
            let n = count(&client, &sql).await;
            assert_eq!(n, i64::try_from(records.len()).unwrap(), "{layer} {band}");
        }
    }
}

#[tokio::test]
async fn lines_around_kecamatan_are_stored_with_their_villages() {
    let scratch = ScratchDatabase::migrated().await;
    let mut records = villages(4);
    for record in &mut records[2..] {
        record.key = record.key.replace("99.01.01", "99.01.02");
        if let Feature::Village(village) = &mut record.feature {
            village.code = VillageCode::parse(&record.key).unwrap();
        }
    }
    import(&scratch.database, Layer::Villages, &records).await;
    let client = scratch.client().await;
    // Four squares in a row, a line after the second: around all 4 + 4 + 1 + 1 sides, between them 1, each 0.01°.
    // The coarsest band may cut corners, since a square is as large there as what may be left out.
    let sides = "select count(*) from kecamatan_border where band <> 'z0'
        and round((ST_Length(ST_Transform(geom, 4326)) / 0.01)::numeric, 2) = 4 + 4 + 1 + 1 + 1";
    assert_eq!(count(&client, sides).await, 3);
    let bands = "select count(*) from kecamatan_border";
    assert_eq!(count(&client, bands).await, 4);
}

#[tokio::test]
async fn an_import_that_changes_nothing_stores_nothing_for_tiles() {
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &villages(3)).await;
    import(&scratch.database, Layer::Villages, &villages(3)).await;
    let client = scratch.client().await;
    let tables =
        "select count(*) from pg_class where relkind = 'r' and relname ~ '^tile_geometry_z0_'";
    assert_eq!(count(&client, tables).await, 1);
}

#[tokio::test]
async fn a_version_without_geometry_gets_what_it_should_have() {
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &villages(3)).await;
    let client = scratch.client().await;
    let outlines =
        "select string_agg(key || ST_AsEWKT(geom), ' ' order by key) from tile_geometry_z8";
    let before: String = client.query_one(outlines, &[]).await.unwrap().get(0);
    client
        .batch_execute(
            "do $$ declare one text; begin
                for one in select relname from pg_class where relkind = 'r' and relname ~ '^tile_geometry_z' loop
                    execute format('drop table %I', one);
                end loop;
            end $$",
        )
        .await
        .unwrap();
    assert_eq!(scratch.database.fill_tile_geometry().await.unwrap(), 1);
    let after: String = client.query_one(outlines, &[]).await.unwrap().get(0);
    assert_eq!(after, before);
    assert_eq!(scratch.database.fill_tile_geometry().await.unwrap(), 0);
}

#[tokio::test]
async fn a_version_that_is_dropped_takes_its_tile_geometry_with_it() {
    let scratch = ScratchDatabase::migrated().await;
    let old = import(&scratch.database, Layer::Villages, &villages(3)).await;
    let new = import(&scratch.database, Layer::Villages, &villages(2)).await;
    let client = scratch.client().await;
    let old = old.version.0;
    client
        .batch_execute(&format!(
            "set role jangkau_app;
             delete from activation where {old} in (dataset_version, previous);
             delete from source_edition where dataset_version = {old};
             delete from dataset_version where id = {old}"
        ))
        .await
        .unwrap();
    let left = "select count(distinct dataset_version) from tile_geometry_z5";
    assert_eq!(count(&client, left).await, 1);
    let tables =
        "select count(*) from pg_class where relkind = 'r' and relname ~ '^tile_geometry_z'";
    // The four bands of the newer version.
    assert_eq!(count(&client, tables).await, 4);
    let reads = scratch.database.reads().await.unwrap();
    assert_eq!(reads.outlines(new.version, 100.0).await.unwrap().len(), 2);
}

#[tokio::test]
async fn outlines_come_by_code_and_coarser_for_coarser_pixels() {
    let scratch = ScratchDatabase::migrated().await;
    let mut round = village(0);
    if let Feature::Village(village) = &mut round.feature {
        // A circle of 400 vertices, 0.05° or 5.6 km across.
        let ring = (0..=400).map(|step| {
            let angle = f64::from(step % 400) / 400.0 * std::f64::consts::TAU;
            (102.0 + 0.025 * angle.cos(), -2.0 + 0.025 * angle.sin())
        });
        let ring = LineString::from(ring.collect::<Vec<_>>());
        village.area = MultiPolygon(vec![Polygon::new(ring, Vec::new())]);
    }
    let version = import(&scratch.database, Layer::Villages, &[round, village(500)])
        .await
        .version;
    let reads = scratch.database.reads().await.unwrap();
    let mut sizes = Vec::new();
    for resolution_m in [1.0, 30.0, 300.0, 3_000.0] {
        let outlines = reads.outlines(version, resolution_m).await.unwrap();
        let codes: Vec<&str> = outlines
            .iter()
            .map(|outline| outline.code.as_str())
            .collect();
        assert_eq!(codes, ["99.01.01.0000", "99.01.01.0500"]);
        sizes.push(outlines[0].wkb.len());
    }
    // 16 bytes a vertex.
    assert!(400 * 16 < sizes[0]);
    assert!(
        sizes.is_sorted_by(|finer, coarser| coarser < finer),
        "{sizes:?}"
    );
}

/// The 158 villages of Sarolangun as records; none where the real data are not at hand.
fn sarolangun() -> Option<Vec<Record>> {
    let folder = std::env::var_os("JANGKAU_REAL_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data"),
        PathBuf::from,
    );
    let text =
        std::fs::read_to_string(folder.join("boundaries-jambi/sarolangun_desa_15.03.geojson"));
    let collection: Value = serde_json::from_str(&text.ok()?).unwrap();
    let ring = |ring: &Value| {
        let coords = ring.as_array().unwrap().iter();
        let coords = coords.map(|pair| (pair[0].as_f64().unwrap(), pair[1].as_f64().unwrap()));
        LineString::from(coords.collect::<Vec<_>>())
    };
    let features = collection["features"].as_array().unwrap().iter().zip(0..);
    Some(
        features
            .map(|(feature, number)| {
                let mut record = village(number);
                let Feature::Village(village) = &mut record.feature else {
                    unreachable!("it is a village")
                };
                let mut rings = feature["geometry"]["coordinates"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(ring);
                let shell = rings.next().unwrap();
                village.area = MultiPolygon(vec![Polygon::new(shell, rings.collect())]);
                record
            })
            .collect(),
    )
}

#[tokio::test]
async fn real_villages_keep_their_neighbours_in_every_band() {
    let Some(records) = sarolangun() else {
        return;
    };
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &records).await;
    let client = scratch.client().await;
    let figures = |band: &str| {
        format!(
            "select count(*), sum(ST_Area(geom)), ST_Area(ST_Union(ST_MakeValid(geom))), sum(ST_NPoints(geom)),
                min(ST_Area(geom)), bool_and(ST_IsValid(geom))
             from tile_geometry_{band}"
        )
    };
    let full = client.query_one(&figures("z11"), &[]).await.unwrap();
    // The file itself has slivers, of 0.17 km² as overlaps: no band may have much more.
    let overlap_m2 = |row: &tokio_postgres::Row| row.get::<_, f64>(1) - row.get::<_, f64>(2);
    let mut n_vertices: i64 = full.get(3);
    for band in ["z8", "z5", "z0"] {
        let row = client.query_one(&figures(band), &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 158, "{band}");
        assert!(0.0 < row.get::<_, f64>(4), "{band}: a village vanished");
        assert!(row.get::<_, bool>(5), "{band}: not valid");
        assert!(row.get::<_, i64>(3) < n_vertices, "{band}");
        n_vertices = row.get(3);
        let share = (overlap_m2(&row) - overlap_m2(&full)).abs() / full.get::<_, f64>(2);
        assert!(share < 1e-3, "{band}: {share}");
    }
}
