//! `/` and `/embed` as the server draws them, without any script.

use axum::body::Body;
use axum::http::Request;
use jangkau::domain::SAMPLE_NOTICE;

use crate::support::five_villages::{Answer, FiveVillages};

/// The text between the first `start` and the `end` after it.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the start is there");
    rest.split_once(end).expect("the end is there").0
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy")
}

#[tokio::test]
async fn pages_say_headline_rule_legend_and_ranking_without_a_script() {
    let api = FiveVillages::new().await;
    let access = api.json("/access?lang=id").await;
    for path in ["/?f=html&lang=id", "/embed?lang=id"] {
        let page = api.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let headline = between(
            &page.text,
            "<h1 id=\"headline\" class=\"headline\">",
            "</h1>",
        );
        assert!(headline.starts_with("2.840 dari 3.100 jiwa"), "{headline}");
        assert!(page.text.contains("Aturan: "), "{path}");
        let legend = between(&page.text, "<table id=\"legend\">", "</table>");
        for member in ["classes", "states"] {
            for row in access[member].as_array().unwrap() {
                let mark = row["state"].as_str().map_or_else(
                    || format!("data-class=\"{}\"", row["letter"].as_str().unwrap()),
                    |state| format!("data-state=\"{state}\""),
                );
                let cells = between(legend, &mark, "</tr>");
                let villages = format!("<td>{}</td>", row["villages"]);
                assert!(cells.contains(&villages), "{path} {mark}: {cells}");
            }
        }
        assert!(legend.contains("<td>3.100</td>"), "{legend}");
        let ranking = between(&page.text, "<table id=\"ranking\">", "</table>");
        assert_eq!(ranking.matches("data-code=").count(), 5);
        assert!(ranking.contains("Delta<small>Hilir</small>"), "{ranking}");
        assert!(
            page.text.contains("Alfa (Kec. Hulu): A, 20 menit"),
            "{path}"
        );
        assert!(page.text.contains("/map.svg?service=clinic"), "{path}");
        assert!(!page.text.contains("[p"), "a word is missing in {path}");
        for inline in [" style=", "<style", "javascript:", " onclick", "http-equiv"] {
            assert!(!page.text.contains(inline), "{path}: {inline}");
        }
    }
}

#[tokio::test]
async fn the_planners_page_is_never_framed_and_the_embedded_one_by_anybody() {
    let api = FiveVillages::new().await;
    let planner = api.get("/?f=html").await;
    assert!(policy(&planner).contains("frame-ancestors 'none'"));
    assert_eq!(planner.header("x-frame-options"), "DENY");
    let embed = api.get("/embed").await;
    assert!(policy(&embed).contains("frame-ancestors *"));
    assert_eq!(embed.header("x-frame-options"), "");
    for page in [&planner, &embed] {
        assert!(policy(page).starts_with("default-src 'none'; script-src 'self'"));
        assert!(!policy(page).contains("unsafe"));
        assert!(page.headers.get("set-cookie").is_none());
    }
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again_and_head_has_its_headers() {
    let api = FiveVillages::new().await;
    for path in ["/?f=html&lang=en", "/embed?lang=en"] {
        let first = api.get(path).await;
        let again = Request::get(path)
            .header("if-none-match", first.header("etag"))
            .body(Body::empty())
            .unwrap();
        let again = api.send(again).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(policy(&again), policy(&first));
        let head = Request::head(path).body(Body::empty()).unwrap();
        let head = api.send(head).await;
        assert!(head.text.is_empty(), "{path}");
        for name in ["content-type", "etag", "content-security-policy"] {
            assert_eq!(head.header(name), first.header(name), "{path} {name}");
        }
    }
}

#[tokio::test]
async fn pages_speak_both_languages_and_a_switch_keeps_the_question() {
    let api = FiveVillages::new().await;
    let page = api.get("/?f=html&classes=equal&n=3&lang=en").await;
    assert!(page.text.contains("<html lang=\"en\">"));
    assert!(page.text.contains("2,840 of 3,100 people"));
    assert!(
        page.text
            .contains("href=\"?f=html&#38;classes=equal&#38;n=3&#38;lang=id\"")
    );
    let csv = "/access?service=clinic&#38;mode=motorcycle&#38;season=dry&#38;metric=time\
        &#38;tier=puskesmas,pustu,rumah-sakit&#38;classes=equal&#38;n=3&#38;lang=en&#38;f=csv";
    assert!(page.text.contains(csv), "{}", page.text);
    let embed = api.get("/embed?service=water&lang=en&height=400").await;
    assert!(embed.text.contains("<html lang=\"en\">"));
    assert!(
        embed
            .text
            .contains("class=\"full-screen\" href=\"/?service=water&#38;mode=foot")
    );
}

#[tokio::test]
async fn a_page_is_shared_with_its_headline_and_its_picture() {
    let api = FiveVillages::new().await;
    let request = Request::get("/?f=html&lang=id")
        .header("host", "127.0.0.1:8080")
        .body(Body::empty())
        .unwrap();
    let page = api.send(request).await;
    let image = between(&page.text, "property=\"og:image\" content=\"", "\"");
    let image = image.replace("&#38;", "&");
    let path = image.strip_prefix("http://127.0.0.1:8080").unwrap();
    assert!(path.ends_with("&width=1200&height=630"), "{path}");
    let picture = api.get(path).await;
    assert_eq!(picture.status, 200);
    assert_eq!(picture.header("content-type"), "image/png");
    let description = between(&page.text, "property=\"og:description\" content=\"", "\"");
    assert!(description.starts_with("2.840 dari 3.100 jiwa"));
}

#[tokio::test]
async fn samples_are_marked_on_every_page() {
    let api = FiveVillages::new().await;
    for path in ["/?f=html&service=water", "/embed?service=water"] {
        let page = api.get(path).await;
        assert!(page.text.contains(SAMPLE_NOTICE), "{path}");
        assert!(page.text.contains("<title>CONTOH – "), "{path}");
    }
    assert!(!api.get("/embed").await.text.contains("CONTOH"));
}

#[tokio::test]
async fn a_name_with_markup_stays_text_on_pages() {
    let api = FiveVillages::new().await;
    let client = api.scratch.client().await;
    client
        .execute(
            "update village set name = '<b>\"&</title><script>', kecamatan = '<i>' where key = '99.01.02.2002'",
            &[],
        )
        .await
        .unwrap();
    for path in ["/?f=html", "/embed"] {
        let page = api.get(path).await.text;
        assert!(
            page.contains("&#60;b&#62;&#34;&#38;&#60;/title&#62;&#60;script&#62;"),
            "{path}"
        );
        for raw in ["<b>", "<i>", "<script>"] {
            assert!(!page.contains(raw), "{path}: {raw}");
        }
    }
}

#[tokio::test]
async fn what_was_never_computed_is_a_page_that_says_what_to_do() {
    let api = FiveVillages::new().await;
    for path in [
        "/?f=html&service=school&lang=id",
        "/embed?service=school&lang=id",
    ] {
        let page = api.get(path).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Belum ada peta"), "{path}");
        assert!(page.text.contains("jangkau compute"), "{path}");
        assert!(page.text.contains("jangkau sample"), "{path}");
        assert!(!page.text.contains("[p"), "a word is missing in {path}");
    }
    let page = api.get("/?f=html&service=school").await;
    assert!(
        page.text.contains("clinic.motorcycle.dry.time"),
        "what there is is named"
    );
    let empty = FiveVillages::with(jangkau::serve::Limits::default(), "select 1").await;
    let page = empty.get("/?f=html&lang=en").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("No map yet"));
    assert!(page.text.contains("jangkau import"));
}

#[tokio::test]
async fn parameters_of_pages_are_checked() {
    let api = FiveVillages::new().await;
    for path in [
        "/?f=html&colour=red",
        "/?f=html&n=0",
        "/embed?width=3",
        "/embed?classes=jenks",
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.json()["code"], "query.invalid");
    }
    let sorted = api
        .get("/?f=html&sort=people&order=desc&top=3&by=kecamatan")
        .await;
    assert_eq!(sorted.status, 200);
}

#[tokio::test]
async fn files_with_a_hashed_name_are_kept_for_good_and_come_compressed() {
    let api = FiveVillages::new().await;
    let page = api.get("/?f=html").await.text;
    let script = format!("/assets/{}", between(&page, "src=\"/assets/", "\""));
    let mut tags = Vec::new();
    for (accepted, used) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
        let request = Request::get(&script)
            .header("accept-encoding", accepted)
            .body(Body::empty())
            .unwrap();
        let file = api.send(request).await;
        assert_eq!(file.header("content-encoding"), used, "{accepted}");
        assert_eq!(
            file.header("cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(
            file.header("content-type"),
            "text/javascript; charset=utf-8"
        );
        assert!(file.header("vary").contains("Accept-Encoding"));
        tags.push(file.header("etag").to_owned());
    }
    assert!(tags[0].starts_with('"') && tags[1].starts_with('"'));
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "each variant has its own tag");
    let font = api.get("/assets/DejaVuSans.ttf").await;
    assert_eq!(font.header("content-type"), "font/ttf");
    assert_eq!(font.header("cache-control"), "no-cache");
    let variant = api.get(&format!("{script}.br")).await;
    assert_eq!(variant.status, 404);
}
