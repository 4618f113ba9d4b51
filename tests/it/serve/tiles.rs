//! Tiles and their description, through the whole router.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use gdal::Dataset;
use gdal::vector::LayerAccess;
use serde_json::{Value, json};

use crate::support::five_villages::{Answer, FIXTURE, FiveVillages};
use crate::support::mvt::{TileFeature, layer_named, layers};
use jangkau::serve::Limits;

const RUN: &str = "0000000000000000000000000000000a";

/// The tile of zoom 8 that holds all five villages: 360° / 256 = 1.40625° a column; (102 + 180) / 1.40625 = 200.5.
const WHOLE: &str = "8/200/129";

/// What a tile may be before compression, without the mark of truncation.
const MAX_BYTES: usize = 500_000;

async fn get_as(api: &FiveVillages, path: &str, accepted: &str) -> Answer {
    let request = Request::get(path).header("accept-encoding", accepted);
    api.send(request.body(Body::empty()).unwrap()).await
}

/// Column and row of a place.
fn tile_of(zoom: u8, lon: f64, lat: f64) -> String {
    let n = f64::from(1_u32 << zoom);
    let x = ((lon + 180.0) / 360.0 * n).floor();
    let y = ((1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * n).floor();
    format!("{zoom}/{x}/{y}")
}

fn codes(features: &[TileFeature]) -> BTreeSet<String> {
    let code = |feature: &TileFeature| feature.get("code").as_str().unwrap().to_owned();
    features.iter().map(code).collect()
}

#[tokio::test]
async fn the_description_of_a_layer_leads_to_its_tiles() {
    let api = FiveVillages::new().await;
    let mut document = api.json("/tiles/clinics").await;
    assert_eq!(document["tilejson"], "3.0.0");
    assert_eq!(document["edition"], "3");
    assert_eq!(document["minzoom"], 0);
    assert_eq!(document["maxzoom"], 14);
    assert_eq!(document["bounds"], json!([102.05, -1.95, 102.15, -1.95]));
    assert_eq!(document["attribution"], "Sumber / Source: Dinkes, RSUD");
    assert_eq!(document["notice"], Value::Null);
    let address = document["tiles"][0].take();
    let address = address.as_str().unwrap().replace("{z}/{x}/{y}", WHOLE);
    assert_eq!(address, format!("/tiles/clinics/3/{WHOLE}"));
    let tile = api.get(&address).await;
    assert_eq!(layer_named(&tile.bytes, "clinics").features.len(), 2);
    assert_eq!(
        api.json("/tiles/water-points").await["notice"],
        "DATA CONTOH – bukan data nyata / SAMPLE DATA – not real"
    );
    let access = api.json("/tiles/access").await;
    assert_eq!(access["edition"], RUN);
    assert_eq!(access["rule"]["run_id"], RUN);
    let layers: Vec<&Value> = access["vector_layers"].as_array().unwrap().iter().collect();
    let ids: Vec<&Value> = layers.iter().map(|layer| &layer["id"]).collect();
    assert_eq!(
        ids,
        ["kecamatan", "access", "access-points", "access-labels"]
    );
}

#[tokio::test]
async fn an_address_without_edition_leads_to_the_current_one() {
    let api = FiveVillages::new().await;
    for (path, to) in [
        (
            format!("/tiles/roads/{WHOLE}"),
            format!("/tiles/roads/2/{WHOLE}"),
        ),
        (
            format!("/tiles/access/{WHOLE}"),
            format!("/tiles/access/{RUN}/{WHOLE}"),
        ),
        // OGC API Tiles: the row before the column.
        (
            "/collections/roads/tiles/WebMercatorQuad/8/129/200".to_owned(),
            format!("/tiles/roads/2/{WHOLE}"),
        ),
        (
            format!("/tiles/access/{WHOLE}?service=water"),
            format!("/tiles/access/0000000000000000000000000000000b/{WHOLE}"),
        ),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, 307, "{path}");
        assert_eq!(answer.header("location"), to);
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(api.get(&to).await.status, 200);
    }
}

#[tokio::test]
async fn a_tile_says_what_the_features_say() {
    let api = FiveVillages::new().await;
    for (layer, source_layer, edition, key) in [
        ("villages", "villages", "1", "code"),
        ("clinics", "clinics", "3", "id"),
        ("water-points", "water-points", "4", "id"),
        ("access", "access", RUN, "code"),
    ] {
        let tile = api.get(&format!("/tiles/{layer}/{edition}/{WHOLE}")).await;
        let tile = layer_named(&tile.bytes, source_layer);
        assert_eq!(tile.extent, 4096);
        let items = api.json(&format!("/collections/{layer}/items")).await;
        let items = items["features"].as_array().unwrap();
        assert_eq!(tile.features.len(), items.len(), "{layer}");
        for item in items {
            let id = item["id"].as_str().unwrap();
            let found = tile.features.iter().find(|feature| feature.get(key) == id);
            let feature = found.unwrap();
            for (name, value) in &feature.attributes {
                let same = if name == "id" {
                    &item["id"]
                } else {
                    &item["properties"][name]
                };
                let is_same = match (value.as_f64(), same.as_f64()) {
                    (Some(tile), Some(item)) => (tile - item).abs() < 1e-9,
                    _ => value == same,
                };
                assert!(is_same, "{layer} {id}: {name} is {value} and {same}");
            }
            if layer == "villages" {
                let number: u64 = id.replace('.', "").parse().unwrap();
                assert_eq!(feature.id, Some(number));
            }
        }
    }
}

#[tokio::test]
async fn what_is_in_a_tile_is_described_and_private_columns_are_in_none() {
    let api = FiveVillages::new().await;
    for (layer, edition) in [
        ("villages", "1"),
        ("roads", "2"),
        ("clinics", "3"),
        ("water-points", "4"),
        ("access", RUN),
    ] {
        let document = api.json(&format!("/tiles/{layer}")).await;
        let described: BTreeMap<&str, &Value> = document["vector_layers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| (layer["id"].as_str().unwrap(), &layer["fields"]))
            .collect();
        let close = tile_of(13, 102.0501, -1.95);
        for tile in [WHOLE.to_owned(), close] {
            let tile = api.get(&format!("/tiles/{layer}/{edition}/{tile}")).await;
            for layer in layers(&tile.bytes) {
                let fields = described[layer.name.as_str()];
                for feature in &layer.features {
                    for name in feature.attributes.keys() {
                        assert!(fields[name].is_string(), "{}: {name}", layer.name);
                    }
                }
            }
            for private in [
                "secret", "private", "owner", "Dinas", "phone", "0812", "hidden",
            ] {
                assert!(!tile.text.contains(private), "{layer}: {private}");
            }
        }
    }
}

#[tokio::test]
async fn people_of_the_points_are_the_people_of_the_run() {
    let api = FiveVillages::new().await;
    let mut people = BTreeMap::new();
    // 360° / 2^10 = 0.3516°: columns 802 and 803 hold 102° to 102.66°.
    for tile in ["10/802/517", "10/803/517"] {
        let tile = api.get(&format!("/tiles/access/{RUN}/{tile}")).await;
        for point in layer_named(&tile.bytes, "access-points").features {
            let id = point.get("id").as_str().unwrap().to_owned();
            people.insert(id, point.get("people").as_f64().unwrap());
        }
    }
    let access = api.json("/access").await;
    let states = access["people"].as_object().unwrap();
    let by_state = |state: &str| states[state].as_f64().unwrap();
    let run: f64 = [
        "within",
        "beyond_cutoff",
        "no_path",
        "unsnapped",
        "no_input",
    ]
    .map(by_state)
    .iter()
    .sum();
    assert_eq!(people.len(), 6);
    assert!(
        (people.values().sum::<f64>() - run).abs() < 0.0005,
        "{people:?}"
    );
    assert!((run - f64::from(100 + 200 + 400 + 800 + 1600)).abs() < 0.0005);
}

#[tokio::test]
async fn what_crosses_an_edge_is_on_both_sides_and_nothing_is_cut_short_of_it() {
    let api = FiveVillages::new().await;
    // The edge lies at 803 · 0.3515625° − 180° = 102.3047°, within Delta (102.3° to 102.4°).
    let mut sides = Vec::new();
    for tile in ["10/802/517", "10/803/517"] {
        let tile = api.get(&format!("/tiles/access/{RUN}/{tile}")).await;
        let features = layer_named(&tile.bytes, "access").features;
        let delta = features
            .iter()
            .find(|feature| feature.get("name") == "Delta");
        let x: Vec<i64> = delta.unwrap().vertices.iter().map(|[x, _]| *x).collect();
        sides.push((*x.iter().min().unwrap(), *x.iter().max().unwrap()));
        let label = layer_named(&tile.bytes, "access-labels");
        assert!(
            label
                .features
                .iter()
                .any(|label| label.get("kecamatan") == "Hilir")
        );
    }
    // West of the edge it goes on to the margin of 64 cells; east of it it begins where Delta does, within the
    // margin: (102.3 - 102.3046875) / 0.3515625 · 4096 = -54.6.
    assert_eq!(sides[0].1, 4096 + 64);
    assert_eq!(sides[1].0, -55);
    let roads = |tile: Answer| -> BTreeSet<String> {
        let features = layer_named(&tile.bytes, "roads").features;
        let id = |road: &TileFeature| road.get("id").as_str().unwrap().to_owned();
        features.iter().map(id).collect()
    };
    // Zoom 12: the same edge, 3,212 columns of 0.0878906°. Road 609 runs over it: 102.3045° to 102.305°.
    let west = roads(api.get("/tiles/roads/2/12/3211/2070").await);
    let east = roads(api.get("/tiles/roads/2/12/3212/2070").await);
    assert!(west.contains("R-0609") && east.contains("R-0609"));
}

#[tokio::test]
async fn a_village_smaller_than_a_cell_is_still_there() {
    let api = FiveVillages::new().await;
    // At zoom 0 a cell is 360° / 4096 = 0.088°, a village 0.1°; a hundredth of one is far below a cell.
    let client = api.scratch.client().await;
    client
        .batch_execute(
            "update tile_geometry_z0 set geom = ST_Multi(ST_Buffer(ST_Centroid(geom), 10))
             where key = '99.01.01.2001'",
        )
        .await
        .unwrap();
    for (layer, edition, source_layer) in [("access", RUN, "access"), ("villages", "1", "villages")]
    {
        let tile = api.get(&format!("/tiles/{layer}/{edition}/0/0/0")).await;
        assert_eq!(
            codes(&layer_named(&tile.bytes, source_layer).features).len(),
            5
        );
    }
}

#[tokio::test]
async fn every_stored_form_decodes_to_the_same_tile_and_has_its_own_tag() {
    let api = FiveVillages::new().await;
    let path = format!("/tiles/access/{RUN}/{WHOLE}");
    let plain = get_as(&api, &path, "").await;
    assert_eq!(
        plain.header("content-type"),
        "application/vnd.mapbox-vector-tile"
    );
    assert_eq!(plain.header("content-encoding"), "");
    let mut tags = BTreeSet::from([plain.header("etag").to_owned()]);
    for (accepted, encoding) in [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br")] {
        let answer = get_as(&api, &path, accepted).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(
            answer.header("content-length"),
            answer.bytes.len().to_string(),
            "a stored form is sent as it is"
        );
        let mut plain_again = Vec::new();
        if encoding == "gzip" {
            let mut decoder = flate2::read::GzDecoder::new(&answer.bytes[..]);
            decoder.read_to_end(&mut plain_again).unwrap();
        } else {
            let mut decoder = brotli::Decompressor::new(&answer.bytes[..], 4096);
            decoder.read_to_end(&mut plain_again).unwrap();
        }
        assert_eq!(plain_again, plain.bytes);
        assert!(answer.bytes.len() < plain.bytes.len());
        tags.insert(answer.header("etag").to_owned());
    }
    assert_eq!(tags.len(), 3);
    assert!(
        tags.iter().all(|tag| tag.starts_with('"')),
        "{tags:?} are strong"
    );
    // A coding that is not stored is not made either: the tag would stand for other bytes.
    assert_eq!(
        get_as(&api, &path, "zstd").await.header("content-encoding"),
        ""
    );
}

#[tokio::test]
async fn a_tile_never_changes_and_says_so() {
    let api = FiveVillages::new().await;
    let path = format!("/tiles/access/{RUN}/{WHOLE}");
    for accepted in ["", "gzip", "br"] {
        let first = get_as(&api, &path, accepted).await;
        assert_eq!(
            first.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(first.header("vary"), "Accept-Encoding");
        for tag in [
            first.header("etag").to_owned(),
            format!("W/{}", first.header("etag")),
        ] {
            let again = Request::get(&path)
                .header("accept-encoding", accepted)
                .header("if-none-match", tag)
                .body(Body::empty())
                .unwrap();
            let again = api.send(again).await;
            assert_eq!(again.status, 304);
            assert!(again.bytes.is_empty());
            for name in ["etag", "vary", "cache-control"] {
                assert_eq!(again.header(name), first.header(name));
            }
        }
        let head = Request::head(&path).header("accept-encoding", accepted);
        let head = api.send(head.body(Body::empty()).unwrap()).await;
        assert_eq!(head.status, 200);
        assert!(head.bytes.is_empty());
        for name in [
            "etag",
            "vary",
            "content-type",
            "content-encoding",
            "content-length",
        ] {
            assert_eq!(head.header(name), first.header(name), "{name}");
        }
    }
}

#[tokio::test]
async fn a_tile_is_made_once_however_often_it_is_asked_for() {
    let api = FiveVillages::new().await;
    let path = format!("/tiles/villages/1/{WHOLE}");
    let first = api.get(&path).await;
    let client = api.scratch.client().await;
    let sql = "drop table tile_geometry_z8 cascade";
    client.batch_execute(sql).await.unwrap();
    let again = api.get(&path).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.bytes, first.bytes);
}

#[tokio::test]
async fn a_tile_of_what_was_just_imported_waits_until_it_can_be_drawn() {
    let api = FiveVillages::new().await;
    let client = api.scratch.client().await;
    let sql = "drop table tile_geometry_z11_3";
    client.batch_execute(sql).await.unwrap();
    let address = format!("/tiles/clinics/3/{WHOLE}");
    let draws = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        api.scratch.database.fill_tile_geometry().await.unwrap()
    };
    let (tile, n_drawn) = tokio::join!(api.get(&address), draws);
    assert_eq!(n_drawn, 1);
    assert_eq!(layer_named(&tile.bytes, "clinics").features.len(), 2);
}

#[tokio::test]
async fn a_tile_without_features_is_empty_and_not_an_error() {
    let api = FiveVillages::new().await;
    for path in [
        "/tiles/roads/2/8/0/0".to_owned(),
        format!("/tiles/access/{RUN}/14/0/0"),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, 204, "{path}");
        assert!(answer.bytes.is_empty());
        assert!(answer.header("cache-control").contains("immutable"));
    }
}

#[tokio::test]
async fn what_is_no_tile_is_refused_and_never_fails_inside() {
    let api = FiveVillages::new().await;
    for (path, status, code) in [
        ("/tiles/villages/1/15/0/0", 404, "tile.unknown"),
        ("/tiles/villages/1/0/1/0", 404, "tile.unknown"),
        ("/tiles/villages/1/8/0/256", 404, "tile.unknown"),
        ("/tiles/villages/1/99999/0/0", 404, "tile.unknown"),
        ("/tiles/villages/15/0/0", 404, "tile.unknown"),
        ("/tiles/villages/1/8/-1/0", 400, "request.invalid"),
        ("/tiles/villages/1/8/0/1.5", 400, "request.invalid"),
        ("/tiles/villages/1/8/0/0.mvt", 400, "request.invalid"),
        (
            "/tiles/villages/1/8/0/99999999999999999999",
            400,
            "request.invalid",
        ),
        ("/tiles/villages/1/z/x/y", 400, "request.invalid"),
        ("/tiles/villages/2/8/0/0", 404, "edition.unknown"),
        ("/tiles/villages/999/8/0/0", 404, "edition.unknown"),
        ("/tiles/villages/-1/8/0/0", 404, "edition.unknown"),
        (
            "/tiles/villages/%27%20or%201=1/8/0/0",
            404,
            "edition.unknown",
        ),
        ("/tiles/access/0000/8/0/0", 404, "edition.unknown"),
        ("/tiles/access/%27/8/0/0", 404, "edition.unknown"),
        ("/tiles/markets/1/8/0/0", 404, "edition.unknown"),
        ("/tiles/hutan-lindung/1/8/0/0", 404, "edition.unknown"),
        ("/tiles/hutan_lindung/1/8/0/0", 404, "collection.unknown"),
        ("/tiles/schools", 404, "collection.unknown"),
        ("/tiles/schools/8/0/0", 404, "collection.unknown"),
        ("/tiles/village", 404, "collection.unknown"),
        ("/tiles/villages/1/8/200/129?x=1", 400, "query.invalid"),
        ("/tiles/villages?service=clinic", 400, "query.invalid"),
        ("/tiles/access?service=market", 400, "query.invalid"),
        ("/tiles/access?season=wet", 404, "run.missing"),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.json()["code"], code, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_tile_too_full_keeps_the_important_and_says_what_it_leaves_out() {
    // 100 primary roads and 7,900 paths within one tile of zoom 14, each with a name of 120 bytes: about 1 MB.
    let many = "
        insert into dataset_version (id, layer, content_hash, is_sample, n_records, report, made_by)
        overriding system value values (9, 'roads', 'v9', false, 8000, '{}', 'test');
        create table road_9 partition of road for values in (9);
        insert into road (dataset_version, source, key, content_hash, extra, name, class, one_way, is_bridge, geom)
        select 9, 'test', 'R-' || lpad(n::text, 4, '0'), '\\x00', '{}', rpad('Jalan ' || n, 120, '-'),
            case when n % 80 = 0 then 'primary' else 'path' end, 'no', false,
            ST_SetSRID(ST_Multi(ST_MakeLine(
                ST_MakePoint(102.05 + n * 1e-6, -1.95), ST_MakePoint(102.051 + n * 1e-6, -1.951))), 4326)
        from generate_series(0, 7999) n;";
    let api = FiveVillages::with(Limits::default(), &format!("{FIXTURE}{many}")).await;
    let path = format!("/tiles/roads/9/{}", tile_of(14, 102.05, -1.95));
    let answer = api.get(&path).await;
    let n_dropped: usize = answer.header("x-jangkau-dropped").parse().unwrap();
    let roads = layer_named(&answer.bytes, "roads").features;
    assert_eq!(roads.len() + n_dropped, 8_000);
    let primary = roads.iter().filter(|road| road.get("class") == "primary");
    assert_eq!(primary.count(), 100);
    let mark = layer_named(&answer.bytes, "truncated").features;
    assert_eq!(mark.len(), 1);
    assert_eq!(mark[0].get("dropped"), n_dropped);
    assert!(
        answer.bytes.len() < MAX_BYTES + 200,
        "{}",
        answer.bytes.len()
    );
    assert!(
        MAX_BYTES / 2 < answer.bytes.len(),
        "no more is left out than needed"
    );
    let whole = api.get(&format!("/tiles/roads/2/{WHOLE}")).await;
    assert_eq!(whole.header("x-jangkau-dropped"), "");
    assert!(
        layers(&whole.bytes)
            .iter()
            .all(|layer| layer.name != "truncated")
    );
}

#[tokio::test]
async fn many_who_ask_at_once_get_the_same_tile() {
    let api = FiveVillages::new().await;
    let path = format!("/tiles/access/{RUN}/{WHOLE}");
    let asked = (0..32).map(|_| api.get(&path));
    let answers = futures_util::future::join_all(asked).await;
    for answer in &answers {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.bytes, answers[0].bytes);
    }
}

#[tokio::test]
async fn gdal_reads_a_tile_where_it_is() {
    let api = FiveVillages::new().await;
    let tile = api.get(&format!("/tiles/access/{RUN}/{WHOLE}")).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{WHOLE}.pbf"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, &tile.bytes).unwrap();
    let dataset = Dataset::open(format!("MVT:{}", path.display())).unwrap();
    let mut villages = dataset.layer_by_name("access").unwrap();
    let code = villages.defn().field_index("code").unwrap();
    let state = villages.defn().field_index("state").unwrap();
    let mut states = BTreeMap::new();
    for feature in villages.features() {
        let text = |field| feature.field_as_string(field).unwrap().unwrap();
        states.insert(text(code), text(state));
    }
    assert_eq!(states.len(), 5);
    assert_eq!(states["99.01.02.2002"], "no_path");
    // EPSG:3857: 102° is 11,354,588 m; a cell of zoom 8 is 156,543 m / 4,096 = 38 m.
    let envelope = villages.get_extent().unwrap();
    assert!(
        (envelope.MinX - 102.0 * 20_037_508.343 / 180.0).abs() < 40.0,
        "{}",
        envelope.MinX
    );
    for (name, n) in [("access-points", 6), ("access-labels", 5)] {
        assert_eq!(
            dataset.layer_by_name(name).unwrap().features().count(),
            n,
            "{name}"
        );
    }
}

/// Statements that wait for a lock on tile geometry.
async fn n_waiting(client: &tokio_postgres::Client) -> i64 {
    let sql = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%tile_geometry%'";
    client.query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_tile_that_nobody_waits_for_is_given_up_and_the_next_who_asks_gets_it() {
    let api = FiveVillages::new().await;
    let path = format!("/tiles/villages/1/{WHOLE}");
    let mut locker = api.scratch.client().await;
    let watcher = api.scratch.client().await;
    let lock = locker.transaction().await.unwrap();
    lock.batch_execute("lock table tile_geometry_z5 in access exclusive mode")
        .await
        .unwrap();
    let watcher = &watcher;
    let until = |n: i64| async move {
        while n_waiting(watcher).await != n {
            tokio::task::yield_now().await;
        }
    };
    {
        let asked = api.get(&path);
        // The first to come true ends the other: the client goes away as soon as its statement waits.
        tokio::select! {
            answer = asked => unreachable!("{} behind a lock", answer.status),
            () = until(1) => {}
        }
    }
    let given_up = tokio::time::timeout(Duration::from_millis(1_500), until(0));
    given_up.await.unwrap();
    lock.commit().await.unwrap();
    assert_eq!(api.get(&path).await.status, 200);
}
