//! OGC API Features: collections, pages, boxes, single features.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::five_villages::FiveVillages;

fn ids(page: &Value) -> Vec<String> {
    let features = page["features"].as_array().unwrap().iter();
    features
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect()
}

fn next(page: &Value) -> Option<String> {
    let links = page["links"].as_array().unwrap();
    let next = links.iter().find(|link| link["rel"] == "next")?;
    assert_eq!(next["type"], "application/geo+json");
    Some(next["href"].as_str().unwrap().to_owned())
}

/// Every id on the way from `first` to the last page, asking for `limit` each time.
async fn walk(api: &FiveVillages, first: &str, limit: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut address = Some(first.to_owned());
    while let Some(path) = address {
        let page = api.json(&path).await;
        assert_eq!(page["numberReturned"], json!(ids(&page).len()));
        found.extend(ids(&page));
        address = next(&page).map(|next| match limit {
            Some(limit) => next.replace("limit=7", &format!("limit={limit}")),
            None => next,
        });
    }
    found
}

#[tokio::test]
async fn the_front_door_and_the_collections_have_the_agreed_shape() {
    let api = FiveVillages::new().await;
    insta::assert_json_snapshot!("landing", api.json("/").await);
    insta::assert_json_snapshot!("collections", api.json("/collections").await);
    insta::assert_json_snapshot!("conformance", api.json("/conformance").await);
}

#[tokio::test]
async fn only_imported_layers_are_listed_and_each_describes_itself_as_in_the_list() {
    let api = FiveVillages::new().await;
    let list = api.json("/collections").await["collections"].clone();
    let listed: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        listed,
        ["clinics", "roads", "villages", "water-points", "access"]
    );
    for (index, id) in listed.iter().enumerate() {
        assert_eq!(api.json(&format!("/collections/{id}")).await, list[index]);
    }
    assert_eq!(
        api.get("/collections/schools").await.json()["code"],
        "collection.unknown"
    );
}

#[tokio::test]
async fn a_village_of_access_has_the_agreed_properties() {
    let api = FiveVillages::new().await;
    insta::assert_json_snapshot!(
        "access_items",
        api.json("/collections/access/items?limit=1").await
    );
}

#[tokio::test]
async fn released_columns_are_public_and_no_others() {
    let api = FiveVillages::new().await;
    let clinics = api.json("/collections/clinics/items").await;
    let first = &clinics["features"][0]["properties"];
    assert_eq!(first["owner"], "Dinas");
    assert_eq!(first["name"], "Puskesmas Hulu");
    assert_eq!(first["phone"], Value::Null);
    let villages = api.get("/collections/villages/items").await;
    assert!(!villages.text.contains("secret"));
}

#[tokio::test]
async fn walking_the_pages_meets_every_road_once_in_order() {
    let api = FiveVillages::new().await;
    let found = walk(&api, "/collections/roads/items?limit=7", None).await;
    let expected: Vec<String> = (0..1000).map(|n| format!("R-{n:04}")).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_cursor_means_the_same_with_another_limit() {
    let api = FiveVillages::new().await;
    let found = walk(&api, "/collections/roads/items?limit=7", Some("10000")).await;
    assert_eq!(found.len(), 1000);
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 1000);
}

#[tokio::test]
async fn an_offset_passes_over_and_the_next_page_follows_on() {
    let api = FiveVillages::new().await;
    let found = walk(&api, "/collections/roads/items?limit=7&offset=990", None).await;
    assert_eq!(found.first().unwrap(), "R-0990");
    assert_eq!(found.len(), 10);
}

#[tokio::test]
async fn number_matched_is_what_walking_finds() {
    let api = FiveVillages::new().await;
    for selection in ["bbox=102,-2,102.1,-1.9&", ""] {
        let first = format!("/collections/roads/items?{selection}limit=7");
        let n_matched = api.json(&first).await["numberMatched"].clone();
        assert_eq!(n_matched, json!(walk(&api, &first, None).await.len()));
    }
}

#[tokio::test]
async fn a_box_gives_what_touches_it_across_the_antimeridian_too() {
    let api = FiveVillages::new().await;
    for (bbox, n_villages) in [
        ("102.01,-1.99,102.02,-1.98", 1),
        ("102.05,-2,102.15,-1.9", 2),
        ("102.05,-2,-1000,102.15,-1.9,1000", 2),
        ("-180,-90,180,90", 5),
        ("100,-5,-170,5", 5),
        ("177,-5,-177,5", 0),
        ("-180,85,180,90", 0),
    ] {
        for collection in ["villages", "access"] {
            let page = api
                .json(&format!("/collections/{collection}/items?bbox={bbox}"))
                .await;
            assert_eq!(ids(&page).len(), n_villages, "{collection} {bbox}");
            assert_eq!(
                page["numberMatched"],
                json!(n_villages),
                "{collection} {bbox}"
            );
        }
    }
}

#[tokio::test]
async fn every_time_is_accepted_and_matches() {
    let api = FiveVillages::new().await;
    for datetime in ["2021-01-01", "2021-01-01T00:00:00Z/..", "2021-01-01/P2D"] {
        let path = format!("/collections/villages/items?datetime={datetime}");
        assert_eq!(ids(&api.json(&path).await).len(), 5);
    }
}

#[tokio::test]
async fn a_limit_above_the_largest_is_taken_as_the_largest() {
    let api = FiveVillages::new().await;
    let page = api.json("/collections/roads/items?limit=1000000000").await;
    assert_eq!(ids(&page).len(), 1000);
}

#[tokio::test]
async fn a_single_feature_links_to_itself_and_its_collection() {
    let api = FiveVillages::new().await;
    let answer = api.get("/collections/clinics/items/C-1").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    insta::assert_json_snapshot!("clinic", answer.json());
    assert_eq!(
        api.get("/collections/clinics/items/C-9").await.json()["code"],
        "feature.unknown"
    );
}

#[tokio::test]
async fn geometries_equal_those_of_postgis_to_the_seventh_decimal() {
    let api = FiveVillages::new().await;
    let client = api.scratch.client().await;
    let rows = client
        .query(
            "select ST_AsGeoJSON(ST_ForcePolygonCCW(geom), 7) from village order by key",
            &[],
        )
        .await
        .unwrap();
    let page = api.json("/collections/villages/items").await;
    for (index, row) in rows.iter().enumerate() {
        let expected: Value = serde_json::from_str(row.get(0)).unwrap();
        assert_eq!(page["features"][index]["geometry"], expected);
    }
}

#[tokio::test]
async fn the_openapi_document_names_every_collections_own_path() {
    let api = FiveVillages::new().await;
    let answer = api.get("/api").await;
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.oai.openapi+json;version=3.0"
    );
    let document = answer.json();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    insta::assert_json_snapshot!("api_paths", paths);
    let limit = &document["components"]["parameters"]["limit"]["schema"];
    assert_eq!(limit["maximum"], 10_000);
    let bbox = &document["components"]["parameters"]["bbox"];
    assert_eq!(bbox["schema"]["minItems"], 4);
    assert_eq!(bbox["schema"]["maxItems"], 6);
    assert_eq!(bbox["explode"], false);
}

#[tokio::test]
async fn a_schema_says_every_property_and_what_it_holds() {
    let api = FiveVillages::new().await;
    for id in ["clinics", "roads", "villages", "water-points", "access"] {
        let collection = api.json(&format!("/collections/{id}")).await;
        for rel in ["describedby", "describedBy"] {
            let links = collection["links"].as_array().unwrap();
            let link = links.iter().find(|link| link["rel"] == rel).unwrap();
            assert_eq!(link["type"], "application/schema+json");
            assert_eq!(link["href"], format!("/collections/{id}/schema"));
        }
        let schema = api.json(&format!("/collections/{id}/schema")).await;
        let items = api.json(&format!("/collections/{id}/items")).await;
        for item in items["features"].as_array().unwrap() {
            for (name, value) in item["properties"].as_object().unwrap() {
                let property = &schema["properties"][name];
                assert!(property.is_object(), "{id}: {name} is not described");
                let is_fit = match property["type"].as_str() {
                    _ if value.is_null() => true,
                    Some("string") => property["enum"]
                        .as_array()
                        .map_or(value.is_string(), |words| words.contains(value)),
                    Some("number") => value.is_number(),
                    Some("boolean") => value.is_boolean(),
                    // A released column may hold anything.
                    _ => property.get("type").is_none(),
                };
                assert!(is_fit, "{id}: {name} is {value}");
            }
        }
    }
}
