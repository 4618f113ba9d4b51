//! `/map.svg` and `/map.png`.

use axum::body::Body;
use axum::http::Request;
use jangkau::domain::SAMPLE_NOTICE;
use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;

use crate::support::five_villages::FiveVillages;

/// All texts of a picture, in order.
fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn the_legend_of_a_picture_has_the_counts_of_access() {
    let api = FiveVillages::new().await;
    for query in ["", "?classes=equal&n=3", "?service=water"] {
        let lang = if query.is_empty() {
            "?lang=id"
        } else {
            "&lang=id"
        };
        let answer = api.json(&format!("/access{query}{lang}")).await;
        let picture = api.get(&format!("/map.svg{query}{lang}")).await;
        assert_eq!(picture.status, 200, "{}", picture.text);
        let texts = texts(&picture.text);
        let rows = |member: &str| answer[member].as_array().unwrap().clone();
        let mut n_rows = 0;
        for row in rows("classes").into_iter().chain(rows("states")) {
            let is_class = row.get("state").is_none();
            if !is_class && (row["villages"] == 0 && row["people"].as_i64().unwrap_or(0) == 0) {
                continue;
            }
            let label = row["label"].as_str().unwrap();
            let place = texts
                .iter()
                .position(|text| text == label)
                .unwrap_or_else(|| panic!("`{label}` is not in the legend of {query}: {texts:?}"));
            assert_eq!(texts[place - 1], row["letter"].as_str().unwrap());
            assert_eq!(texts[place + 1], row["villages"].to_string());
            if let Some(people) = row["people"].as_i64() {
                assert_eq!(texts[place + 2].replace('.', ""), people.to_string());
            }
            n_rows += 1;
        }
        assert!(3 <= n_rows, "{query}");
    }
}

#[tokio::test]
async fn a_picture_names_headline_rule_run_date_and_every_village() {
    let api = FiveVillages::new().await;
    let picture = api.get("/map.svg?lang=id").await;
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    let document = Document::parse(&picture.text).unwrap();
    let villages: Vec<&str> = document
        .descendants()
        .filter_map(|node| node.attribute("data-code"))
        .collect();
    assert_eq!(
        villages,
        [
            "99.01.01.2001",
            "99.01.01.2002",
            "99.01.02.2001",
            "99.01.02.2002",
            "99.01.02.2003"
        ]
    );
    assert!(picture.text.contains("Alfa (Kec. Hulu): A, 20 menit"));
    assert!(
        picture
            .text
            .contains("Delta (Kec. Hilir): ×, Tidak ada jalur")
    );
    let texts = texts(&picture.text).join(" ");
    for said in [
        "2.840 dari 3.100 jiwa",
        "Aturan: ",
        "2.000 m",
        "Perhitungan 00000000",
        "Data dimuat ",
    ] {
        assert!(texts.contains(said), "`{said}` is not in {texts}");
    }
    assert!(!texts.contains('['), "a word is missing: {texts}");
    let english = api.get("/map.svg?lang=en").await;
    assert!(english.text.contains("2,840 of 3,100 people"));
    assert!(english.text.contains("Rule: "));
}

#[tokio::test]
async fn villages_of_two_kecamatan_have_a_border_between_them() {
    let api = FiveVillages::new().await;
    let picture = api.get("/map.svg").await;
    assert_eq!(picture.text.matches("class=\"kecamatan\"").count(), 1);
}

#[tokio::test]
async fn a_png_has_the_size_asked_for_and_the_same_bytes_every_time() {
    let api = FiveVillages::new().await;
    for (query, width, height) in [
        ("", 1600, 900),
        ("?width=800", 800, 450),
        ("?width=1200&height=630", 1200, 630),
        ("?height=300", 533, 300),
    ] {
        let picture = api.get(&format!("/map.png{query}")).await;
        assert_eq!(picture.status, 200, "{}", picture.text);
        assert_eq!(picture.header("content-type"), "image/png");
        let pixels = Pixmap::decode_png(&picture.bytes).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (width, height));
        let mut colours: Vec<_> = pixels
            .pixels()
            .iter()
            .map(|pixel| (pixel.red(), pixel.green(), pixel.blue()))
            .collect();
        colours.sort_unstable();
        colours.dedup();
        assert!(10 < colours.len(), "{query} is blank");
    }
    let once = api.get("/map.png?width=400&height=300").await.bytes;
    assert_eq!(api.get("/map.png?width=400&height=300").await.bytes, once);
}

#[tokio::test]
async fn a_picture_is_framed_and_shown_by_anybody_and_runs_nothing() {
    let api = FiveVillages::new().await;
    for path in ["/map.svg", "/map.png"] {
        let picture = api.get(path).await;
        let policy = picture.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors *");
        assert_eq!(
            picture.header("cross-origin-resource-policy"),
            "cross-origin"
        );
        assert_eq!(picture.header("x-frame-options"), "");
        assert!(!picture.text.contains(" style="), "{path}");
        assert!(!picture.text.contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn a_picture_that_is_known_is_not_sent_again_and_head_has_its_headers() {
    let api = FiveVillages::new().await;
    for path in ["/map.svg?lang=en", "/map.png?width=400&height=300"] {
        let first = api.get(path).await;
        assert_eq!(first.header("cache-control"), "no-cache");
        let again = Request::get(path)
            .header("if-none-match", first.header("etag"))
            .body(Body::empty())
            .unwrap();
        let again = api.send(again).await;
        assert_eq!(again.status, 304, "{path}");
        assert!(again.bytes.is_empty(), "{path}");
        let head = Request::head(path).body(Body::empty()).unwrap();
        let head = api.send(head).await;
        assert!(head.bytes.is_empty(), "{path}");
        for name in [
            "content-type",
            "etag",
            "content-disposition",
            "content-security-policy",
        ] {
            assert_eq!(head.header(name), first.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn samples_are_marked_in_the_picture_and_in_its_name() {
    let api = FiveVillages::new().await;
    let sample = api.get("/map.svg?service=water").await;
    assert!(sample.text.contains(SAMPLE_NOTICE));
    assert_eq!(
        sample.header("content-disposition"),
        "inline; filename=\"CONTOH-jangkau-water.foot.dry.time-00000000.svg\""
    );
    let real = api.get("/map.png").await;
    assert_eq!(
        real.header("content-disposition"),
        "inline; filename=\"jangkau-clinic.motorcycle.dry.time-00000000.png\""
    );
    assert!(!api.get("/map.svg").await.text.contains("CONTOH"));
}

#[tokio::test]
async fn a_size_beyond_the_limits_and_an_unknown_parameter_are_refused() {
    let api = FiveVillages::new().await;
    for query in [
        "width=399",
        "width=4001",
        "height=299",
        "height=1e3",
        "width=4000&height=4000",
        "width=-1",
        "by=kecamatan",
        "format=png",
        "lang=nl",
    ] {
        for format in ["svg", "png"] {
            let answer = api.get(&format!("/map.{format}?{query}")).await;
            assert_eq!(answer.status, 400, "{query}: {}", answer.text);
            assert_eq!(answer.json()["code"], "query.invalid");
        }
    }
    let missing = api.get("/map.svg?service=school").await;
    assert_eq!(missing.status, 404);
    assert_eq!(missing.json()["code"], "run.missing");
}

#[tokio::test]
async fn a_village_called_like_markup_stays_a_name() {
    let api = FiveVillages::new().await;
    let client = api.scratch.client().await;
    client
        .execute(
            "update village set name = '<b>\"&' where key = '99.01.01.2001'",
            &[],
        )
        .await
        .unwrap();
    let picture = api.get("/map.svg?lang=id").await;
    let document = Document::parse(&picture.text).unwrap();
    let village = document
        .descendants()
        .find(|node| node.attribute("data-code") == Some("99.01.01.2001"))
        .unwrap();
    let title = village.first_element_child().unwrap();
    assert_eq!(title.text(), Some("<b>\"& (Kec. Hulu): A, 20 menit"));
}
