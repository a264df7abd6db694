//! Pictures of a survey: brought by a builder, seen by those who answer, and by nobody else.

use std::io::Read;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use onsight::base::Time;
use onsight::people;
use onsight::store::project_file;
use onsight::surveys::keeping::round;

use crate::ending::archives;
use crate::fieldwork::{begin, page_of, send, upload};
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Packs"
langs = ["en", "de"]
retention = "30d after close"

[[page]]
id = "p"

[[page.ask]]
id = "pack"
type = "images"
text = { en = "Which one?", de = "Welche?" }
required = true
items = [
  { code = 1, text = "Red", image = "pack-a.png", alt = { en = "A red box", de = "Eine rote Schachtel" } },
  { code = 2, text = "Blue", image = "pack-b.jpg", alt = { en = "A blue box", de = "Eine blaue Schachtel" } },
  { code = 9, text = "None", unknown = true },
]

[[page]]
id = "p2"

[[page.ask]]
id = "all"
type = "images"
text = "All of them?"
most = 2
items = [
  { code = 1, text = "Red", image = "pack-a.png", alt = "A red box" },
  { code = 2, text = "Blue", image = "pack-b.jpg", alt = "A blue box" },
]

[[page]]
id = "p3"

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
when = "${pack} = 2 and selected(${all}, 1)"
"#;

const SECRET: &str = "canaryplace8801";

/// A PNG whose points say `what`, with a note of where it was made.
fn png(what: &str) -> Vec<u8> {
    let chunk = |name: &str, content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&length[..], name.as_bytes(), content, b"sums"].concat()
    };
    let head = b"\0\0\x01\x2c\0\0\0\xc8\x08\x02\0\0\0";
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk("IHDR", head),
        chunk("tEXt", SECRET.as_bytes()),
        chunk("IDAT", what.as_bytes()),
        chunk("IEND", b""),
    ]
    .concat()
}

fn jpeg() -> Vec<u8> {
    b"\xff\xd8\xff\xc0\0\x0b\x08\0\x20\0\x30\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0points\xff\xd9".to_vec()
}

/// Sends files, and before them whether they may take another's place.
async fn bring(by: &Visitor, files: &[(&str, &[u8])], replaces: bool) -> Answer {
    let mut body = Vec::new();
    if replaces {
        let tick = "--cut\r\nContent-Disposition: form-data; name=\"replace\"\r\n\r\n1\r\n";
        body.extend_from_slice(tick.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--cut--\r\n");
    let kind = "multipart/form-data; boundary=cut";
    let to = "/surveys/brands/assets";
    by.send_as("POST", to, kind, Body::from(body)).await
}

/// The survey is published with two pictures.
async fn live() -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let brought = upload(&ada, "/surveys/import", "brands.toml", TEXT).await;
    assert_eq!(brought.location(), "/surveys/brands/edit");
    let here = bring(
        &ada,
        &[("Pack A.PNG", &png("red")), ("pack-b.jpeg", &jpeg())],
        false,
    )
    .await;
    assert_eq!(here.location(), "/surveys/brands/assets", "{}", here.text);
    again(&ada, "First").await;
    (site, ada)
}

/// Publishes the draft as it is.
async fn again(by: &Visitor, note: &str) {
    let review = by.get("/surveys/brands/publish").await;
    let seen = review.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("note={note}&draft_at={seen}");
    let published = by.post("/surveys/brands/publish", &form).await;
    assert_eq!(
        published.location(),
        "/surveys/brands",
        "{}",
        published.text
    );
}

/// The address of the first picture of a page.
fn first_picture(page: &Answer) -> String {
    let address = page.between("<img src=\"", "\"");
    assert!(address.contains("/assets/"), "{}", page.text);
    address.to_owned()
}

#[tokio::test]
async fn a_survey_is_published_when_its_pictures_are_there() {
    let (_site, ada) = TestSite::new().await;
    upload(&ada, "/surveys/import", "brands.toml", TEXT).await;

    let text = form_urlencoded::byte_serialize(TEXT.as_bytes()).collect::<String>();
    let check = || async {
        let found = ada
            .post("/surveys/brands/check", &format!("text={text}"))
            .await;
        found.text
    };
    let found = check().await;
    let line = 1 + TEXT
        .lines()
        .position(|line| line.contains("pack-b.jpg"))
        .unwrap();
    assert!(
        found.contains("there is no picture `pack-a.png` under Assets"),
        "{found}"
    );
    assert!(found.contains(&format!("\"line\":{line}")), "{found}");
    let review = ada.get("/surveys/brands/publish").await;
    assert!(
        review.text.contains("there is no picture `pack-b.jpg`"),
        "{}",
        review.text
    );
    assert!(!review.text.contains("name=\"draft_at\""));

    bring(
        &ada,
        &[("pack-a.png", &png("red")), ("pack-b.jpg", &jpeg())],
        false,
    )
    .await;

    assert_eq!(check().await, "[]");
    again(&ada, "First").await;
}

#[tokio::test]
async fn who_answers_sees_the_pictures_and_nobody_else_does() {
    let (site, ada) = live().await;
    bring(&ada, &[("other.png", &png("other"))], false).await;
    let way = begin(&site, "/s/brands").await;
    let page = site.stranger().get(&way).await;
    let address = first_picture(&page);
    assert!(address.starts_with(&format!("{way}/assets/")), "{address}");
    assert!(
        page.text
            .contains("width=\"300\" height=\"200\" alt=\"A red box\"")
    );

    let stranger = site.stranger();
    let picture = stranger.get(&address).await;
    assert_eq!(picture.status, 200);
    let header = |name| picture.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(header(CONTENT_TYPE), "image/png");
    assert!(
        header(CACHE_CONTROL).contains("private") && header(CACHE_CONTROL).contains("immutable")
    );
    assert!(header(CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(picture.headers["x-content-type-options"], "nosniff");
    assert!(picture.text.contains("red") && !picture.text.contains(SECRET));

    let hash = address.rsplit('/').next().unwrap();
    let list = ada.get("/surveys/brands/assets").await;
    let all: Vec<&str> = list.text.split("src=\"").skip(1).collect();
    let hashes: Vec<&str> = { all.iter() }
        .filter_map(|rest| {
            rest.split('"')
                .next()?
                .strip_prefix("/surveys/brands/assets/")
        })
        .collect();
    assert_eq!(hashes.len(), 3, "{}", list.text);
    // What lies there and is not shown, a way of nobody, a survey of nobody.
    let other = hashes
        .iter()
        .find(|known| !page.text.contains(**known))
        .unwrap();
    for nobody in [
        format!("{way}/assets/{other}"),
        format!("/s/brands/r/AAAAAAAAAAAAAAAAAAAAAA/assets/{hash}"),
        format!("/s/other/r/AAAAAAAAAAAAAAAAAAAAAA/assets/{hash}"),
        format!("{way}/assets/0"),
    ] {
        assert_eq!(stranger.get(&nobody).await.status, 404, "{nobody}");
    }
    let own = format!("/surveys/brands/assets/{hash}");
    assert_eq!(ada.get(&own).await.headers[CONTENT_TYPE], "image/png");
    let eve = site.found("Southgate", "eve@example.org").await;
    for path in [&own, "/surveys/brands/assets"] {
        assert_eq!(eve.get(path).await.status, 404, "{path}");
    }
    let theirs = bring(&eve, &[("a.png", &png("a"))], false).await;
    assert_eq!(theirs.status, 404);

    send(&site, &way, "pack=1").await;
    send(&site, &way, "all=1").await;
    assert_eq!(stranger.get(&address).await.status, 404, "they ended");
}

#[tokio::test]
async fn a_picture_is_an_answer_like_any_other() {
    let (site, ada) = live().await;
    let way = begin(&site, "/s/brands").await;
    let stranger = site.stranger();
    let page = stranger.get(&way).await;
    let form = format!("{}&pack=3", page_of(&page));
    let refused = stranger.post(&way, &form).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text
            .contains("That is not one of the answers here.")
    );
    let empty = stranger.post(&way, &page_of(&page)).await;
    assert!(empty.text.contains("Please answer this question."));

    send(&site, &way, "pack=2").await;
    let asked = send(&site, &way, "all=1&all=2").await;
    assert!(asked.text.contains("Why?"), "{}", asked.text);
    send(&site, &way, "why=so").await;
    let none = begin(&site, "/s/brands").await;
    send(&site, &none, "pack=9").await;
    send(&site, &none, "").await;

    let csv = ada.get("/surveys/brands/exports/csv").await.text;
    let mut rows = csv.lines();
    let head: Vec<&str> = rows.next().unwrap().split(',').collect();
    let at = head.iter().position(|name| name.contains("pack")).unwrap();
    assert_eq!(head[at..].join(","), "pack,all_1,all_2,why");
    let tail = |row: &str| row.split(',').skip(at).collect::<Vec<_>>().join(",");
    assert_eq!(rows.map(tail).collect::<Vec<_>>(), ["2,1,1,so", "9,-9,-9,"]);
    let labels = ada.get("/surveys/brands/exports/csv-labels").await.text;
    assert!(labels.contains("Blue"), "{labels}");
    let results = ada.get("/surveys/brands/results").await.text;
    assert!(
        results.contains("Which one?") && results.contains("Blue"),
        "{results}"
    );
}

#[tokio::test]
async fn what_was_published_keeps_its_pictures() {
    let (site, ada) = live().await;
    let way = begin(&site, "/s/brands").await;
    let old = first_picture(&site.stranger().get(&way).await);

    let refused = bring(&ada, &[("pack-a.png", &png("green"))], false).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .text
            .contains("there is a picture called pack-a.png already")
    );
    let replaced = bring(&ada, &[("pack-a.png", &png("green"))], true).await;
    assert_eq!(replaced.status, 303, "{}", replaced.text);

    assert!(site.stranger().get(&old).await.text.contains("red"));
    let page = site.stranger().get(&begin(&site, "/s/brands").await).await;
    assert!(first_picture(&page).ends_with(old.rsplit('/').next().unwrap()));
    // The draft shows what is there now.
    let preview = ada.post("/surveys/brands/preview", "").await;
    let shown = first_picture(&ada.get(preview.location()).await);
    assert!(ada.get(&shown).await.text.contains("green"));

    let kept = ada
        .post("/surveys/brands/assets/remove", "name=pack-a.png")
        .await;
    assert_eq!(kept.status, 422);
    assert!(
        kept.text.contains("pack in version 1, all in version 1"),
        "{}",
        kept.text
    );
    bring(&ada, &[("spare.png", &png("spare"))], false).await;
    let gone = ada
        .post("/surveys/brands/assets/remove", "name=spare.png")
        .await;
    assert_eq!(gone.location(), "/surveys/brands/assets");
    let list = ada.get("/surveys/brands/assets").await.text;
    assert!(list.contains("pack-b.jpg") && !list.contains("spare.png"));
    let again = ada
        .post("/surveys/brands/assets/remove", "name=spare.png")
        .await;
    assert!(again.text.contains("no picture of that name here any more"));
}

#[tokio::test]
async fn what_is_no_picture_does_not_get_in() {
    let (site, ada) = TestSite::new().await;
    upload(&ada, "/surveys/import", "brands.toml", TEXT).await;
    let long = [png("red"), vec![0; 4 << 20]].concat();

    let answer = bring(
        &ada,
        &[
            (
                "a.png",
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            ),
            ("b.png", &png("x")[..40]),
            ("long.png", &long),
            ("../c.png", &png("fits")),
        ],
        false,
    )
    .await;

    assert_eq!(answer.status, 422);
    for said in [
        "a.png: it is no PNG, JPEG or WebP picture",
        "b.png: the picture is cut off or broken",
        "long.png: a picture has at most 4 MiB",
        "<code>c.png</code>",
    ] {
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    assert_eq!(answer.text.matches("class=\"thumb\"").count(), 1);
    let nothing = bring(&ada, &[], false).await;
    assert!(nothing.text.contains("choose one or more pictures"));
    drop(site);
}

#[tokio::test]
async fn pictures_go_where_the_answers_go() {
    let (site, ada) = live().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let preview = ada.get("/delete/survey/brands").await;
    assert!(
        preview
            .text
            .contains("<td>Pictures</td><td class=\"n\"><data value=\"2\""),
        "{}",
        preview.text
    );
    let at = archives::ask(&ada, &workspace.to_string()).await;
    let link = archives::link(&ada, &at).await;
    let mut zip = archives::open(archives::take(&ada, &link).await);
    let mut bytes = Vec::new();
    zip.by_name("surveys/brands/assets/pack-a.png")
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert!(String::from_utf8_lossy(&bytes).contains("red"));

    let way = begin(&site, "/s/brands").await;
    let picture = first_picture(&site.stranger().get(&way).await);
    let file = project_file(workspace, "brands");
    site.site().rotate_file(&file).await.unwrap();
    assert_eq!(site.stranger().get(&picture).await.status, 200);
    ada.post("/surveys/brands/close", "").await;
    site.site().clock.advance(31 * Time::DAY);
    assert_eq!(round(site.site()).await.unwrap(), 1);
    assert_eq!(site.stranger().get(&picture).await.status, 404);

    // The rule took them with the answers: it does not open without them.
    let ada = site.again("ada@example.org", &ada).await;
    let shut = ada.post("/surveys/brands/reopen", "").await;
    assert_eq!(shut.status, 422);
    assert!(
        shut.text.contains("pack-a.png, pack-b.jpg"),
        "{}",
        shut.text
    );
    let files: [(&str, &[u8]); 2] = [("pack-a.png", &png("red")), ("pack-b.jpg", &jpeg())];
    bring(&ada, &files, false).await;
    let open = ada.post("/surveys/brands/reopen", "").await;
    assert_eq!(open.location(), "/surveys/brands", "{}", open.text);
    let page = site.stranger().get(&begin(&site, "/s/brands").await).await;
    assert_eq!(site.stranger().get(&first_picture(&page)).await.status, 200);
}
