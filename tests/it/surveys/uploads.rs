//! Files that respondents send: an answer like any other, saved and never shown.

use std::io::{Cursor, Read};

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http_body_util::BodyExt;
use onsight::people;
use onsight::store::{Db, Error, project_file};

use crate::ending::archives;
use crate::fieldwork::{begin, publish};
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Receipts"
withdraw = true

[[page]]
id = "p"

[[page.ask]]
id = "receipt"
type = "upload"
text = "A picture of the receipt?"
accept = "image"
size = 1

[[page.ask]]
id = "more"
type = "upload"
text = "Anything else?"
most = 2
size = 5
personal = true

[[page.ask]]
id = "note"
type = "text"
text = "A note?"
required = true
"#;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\ncanarypoints7701";

type File<'a> = (&'a str, &'a str, &'a [u8]);

struct Stage {
    site: TestSite,
    ada: Visitor,
    db: Db,
}

async fn live() -> Stage {
    let (site, ada) = TestSite::new().await;
    publish(&ada, TEXT).await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let file = project_file(workspace, "brands");
    let db = site.site().files.open(&file).unwrap();
    Stage { site, ada, db }
}

impl Stage {
    /// Sends the page that was shown, as a browser does, with these fields and files.
    async fn send(&self, way: &str, fields: &[(&str, &str)], files: &[File<'_>]) -> Answer {
        let page = self.site.stranger().get(way).await;
        self.send_as(way, &page, fields, files).await
    }

    async fn send_as(
        &self,
        way: &str,
        page: &Answer,
        fields: &[(&str, &str)],
        files: &[File<'_>],
    ) -> Answer {
        let mut body = Vec::new();
        for name in [".page", ".turn", ".nonce", ".lang"] {
            let value = page.between(&format!("name=\"{name}\" value=\""), "\"");
            part(&mut body, name, None, value.as_bytes());
        }
        for (name, value) in fields {
            part(&mut body, name, None, value.as_bytes());
        }
        for (name, file, bytes) in files {
            part(&mut body, name, Some(file), bytes);
        }
        body.extend_from_slice(b"--cut--\r\n");
        let kind = "multipart/form-data; boundary=cut";
        let to = format!("{way}/files");
        let stranger = self.site.stranger();
        stranger.send_as("POST", &to, kind, Body::from(body)).await
    }

    /// The files that lie there, and the bytes of all their pieces.
    fn lying(&self) -> (Vec<String>, i64) {
        self.db
            .read_now(|conn| {
                let mut list = conn.prepare("select name from upload order by id")?;
                let names = list.query_map([], |row| row.get(0))?;
                let names = names.collect::<Result<Vec<String>, _>>()?;
                let sum = "select coalesce(sum(length(body)), 0) from upload_piece";
                let bytes = conn.query_row(sum, [], |row| row.get(0))?;
                Ok::<_, Error>((names, bytes))
            })
            .unwrap()
    }
}

fn part(body: &mut Vec<u8>, name: &str, file: Option<&str>, bytes: &[u8]) {
    let file = file.map(|file| format!("; filename=\"{file}\""));
    let head = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n",
        file.unwrap_or_default()
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n");
}

#[tokio::test]
async fn a_file_is_kept_and_its_page_sent_twice_counts_once() {
    let stage = live().await;
    let way = begin(&stage.site, "/s/brands").await;
    let page = stage.site.stranger().get(&way).await;
    let form = format!("action=\"{way}/files\" enctype=\"multipart/form-data\"");
    assert!(page.text.contains(&form), "{}", page.text);
    assert!(
        page.text
            .contains("type=\"file\" id=\"i-receipt\" name=\"receipt\" accept=\"image/*\"")
    );
    let long: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    let files: [File<'_>; 3] = [
        ("receipt", "C:\\Fotos\\Beleg 1.png", PNG),
        ("more", "long.bin", &long),
        ("more", "", b""),
    ];

    for _ in 0..2 {
        let sent = stage.send_as(&way, &page, &[("note", "n")], &files).await;
        assert_eq!(sent.location(), way, "{}", sent.text);
    }

    let (names, bytes) = stage.lying();
    assert_eq!((names.len(), &*names[0]), (2, "Beleg 1.png"));
    assert_ne!(names[1], "long.bin", "the question is personal");
    // Each piece of a quarter of a MiB has a nonce and a tag.
    let pieces = long.len().div_ceil(256 << 10);
    let sealed = PNG.len() + long.len() + pieces * 28;
    assert_eq!(bytes, i64::try_from(sealed).unwrap());
    let csv = stage
        .ada
        .get("/surveys/brands/exports/csv?personal=yes")
        .await;
    assert!(csv.text.contains("Beleg 1.png,long.bin,"), "{}", csv.text);
    let plain = stage.ada.get("/surveys/brands/exports/csv").await;
    assert!(!plain.text.contains("long.bin"));
}

#[tokio::test]
async fn a_page_in_the_middle_sent_twice_keeps_its_file_once() {
    let (site, ada) = TestSite::new().await;
    let second = "\n[[page]]\nid = \"q\"\n\n[[page.ask]]\nid = \"last\"\ntype = \"text\"\ntext = \"Last?\"\n";
    publish(&ada, &format!("{TEXT}{second}")).await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = { &site.site().files }.open(&project_file(workspace, "brands"));
    let stage = Stage {
        site,
        ada,
        db: db.unwrap(),
    };
    let way = begin(&stage.site, "/s/brands").await;
    let page = stage.site.stranger().get(&way).await;

    for _ in 0..3 {
        let sent = stage
            .send_as(&way, &page, &[("note", "n")], &[("receipt", "a.png", PNG)])
            .await;
        assert_eq!(sent.location(), way, "{}", sent.text);
    }

    assert_eq!(
        stage.lying(),
        (vec!["a.png".to_owned()], i64::try_from(PNG.len()).unwrap())
    );
    let last = stage.site.stranger().get(&way).await;
    assert!(last.text.contains("Last?"), "{}", last.text);
    // No file is asked for there: it is a form like any other.
    assert!(!last.text.contains("multipart"));
}

#[tokio::test]
async fn a_page_that_has_to_be_put_right_keeps_its_files() {
    let stage = live().await;
    let way = begin(&stage.site, "/s/brands").await;

    let amiss = stage.send(&way, &[], &[("receipt", "a.png", PNG)]).await;

    assert_eq!(amiss.status, 422);
    assert!(amiss.text.contains("Please answer this question."));
    let there = "<input type=\"checkbox\" name=\"receipt\" value=\"a.png\" checked>";
    assert!(amiss.text.contains(there), "{}", amiss.text);
    // Who reloads that address is at their way again.
    let back = stage.site.stranger().get(&format!("{way}/files")).await;
    assert_eq!(back.location(), way);

    let sent = stage
        .send_as(&way, &amiss, &[("receipt", "a.png"), ("note", "n")], &[])
        .await;
    assert_eq!(sent.location(), way, "{}", sent.text);
    assert_eq!(stage.lying().0, ["a.png"]);
}

#[tokio::test]
async fn what_a_question_does_not_take_is_said_and_not_kept() {
    let stage = live().await;
    let way = begin(&stage.site, "/s/brands").await;
    let large = [PNG, &vec![0; 1 << 20]].concat();
    for (file, said) in [
        (
            ("receipt", "a.png", &b"%PDF-1.7"[..]),
            "“a.png” is no picture.",
        ),
        (("receipt", "a.png", b"<svg/>"), "“a.png” is no picture."),
        (
            ("receipt", "b.png", &large),
            "“b.png” is too large. A file may have at most 1 MiB.",
        ),
        (("receipt", "c.png", b""), "“c.png” is empty."),
    ] {
        let answer = stage.send(&way, &[("note", "n")], &[file]).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
        assert!(!answer.text.contains("type=\"checkbox\" name=\"receipt\""));
    }
    let three: Vec<File<'_>> = ["1", "2", "3"].map(|name| ("more", name, PNG)).to_vec();
    let many = stage.send(&way, &[("note", "n")], &three).await;
    assert!(
        many.text.contains("Please send at most 2 files."),
        "{}",
        many.text
    );
    // Nobody has a file by saying its name.
    let forged = stage
        .send(&way, &[("note", "n"), ("receipt", "other.png")], &[])
        .await;
    assert!(
        forged
            .text
            .contains("One of the files is not here any more.")
    );

    let files: [File<'_>; 2] = [("note", "x.txt", b"x"), ("nobody", "y.txt", b"y")];
    let sent = stage.send(&way, &[("note", "n")], &files).await;
    assert_eq!(sent.location(), way, "{}", sent.text);
    assert_eq!(stage.lying(), (Vec::new(), 0), "they ended without a file");
}

const HOSTILE: &[u8] = b"<script>alert(1)</script>";

/// A picture and a page came. Gives the way of who sent them.
async fn sent_two(stage: &Stage) -> String {
    let way = begin(&stage.site, "/s/brands").await;
    let files: [File<'_>; 2] = [
        ("receipt", "a.png", PNG),
        ("more", "M\u{fc}ll.html", HOSTILE),
    ];
    stage.send(&way, &[("note", "n")], &files).await;
    way
}

#[tokio::test]
async fn builders_save_what_was_sent_and_nobody_sees_it_as_a_page() {
    let stage = live().await;
    let way = sent_two(&stage).await;
    let ada = &stage.ada;

    let response = ada.get("/surveys/brands/responses/1").await;
    let link = response.between(
        "<a class=\"link\" href=\"/surveys/brands/responses/1/files/",
        "\"",
    );
    let link = format!("/surveys/brands/responses/1/files/{link}");
    let saved = ada.get(&link).await;
    assert_eq!(saved.status, 200, "{}", response.text);
    assert!(saved.text.contains("canarypoints7701"));
    let header = |name| saved.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(header(CONTENT_TYPE), "application/octet-stream");
    assert_eq!(
        header(CONTENT_DISPOSITION),
        "attachment; filename=\"a.png\"; filename*=UTF-8''a.png"
    );
    assert!(header(CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(saved.headers["x-content-type-options"], "nosniff");
    // The other one is personal: who wants it says so, and that is on record.
    let personal = link.replace("/files/1", "/files/2");
    assert_ne!(personal, link, "{link}");
    assert_eq!(ada.get(&personal).await.status, 404);
    let said = ada.get(&format!("{personal}?personal=yes")).await;
    assert_eq!(said.text.as_bytes(), HOSTILE);
    let eve = stage.site.found("Southgate", "eve@example.org").await;
    for path in [&link, "/surveys/brands/files"] {
        assert_eq!(eve.get(path).await.status, 404, "{path}");
    }
    assert_eq!(
        ada.get("/surveys/brands/responses/2/files/1").await.status,
        404
    );
    assert_eq!(
        stage
            .site
            .stranger()
            .get(&format!("{way}/files/1"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn what_was_sent_leaves_in_one_file_and_with_all_else_that_is_held() {
    let stage = live().await;
    sent_two(&stage).await;
    let ada = &stage.ada;
    let names = |zip: &zip::ZipArchive<Cursor<Vec<u8>>>| {
        let mut names: Vec<String> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&zipped(ada, "").await), ["1/receipt/a.png"]);
    let mut all = zipped(ada, "?personal=yes").await;
    assert_eq!(names(&all), ["1/more/M\u{fc}ll.html", "1/receipt/a.png"]);
    let mut bytes = Vec::new();
    all.by_name("1/receipt/a.png")
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(bytes, PNG);
    let exports = ada.get("/surveys/brands/exports").await.text;
    assert!(exports.contains("2 files, 1 KiB"), "{exports}");
    let workspace = people::first_workspace(stage.site.site()).await.unwrap();
    let at = archives::ask(ada, &workspace.to_string()).await;
    let link = archives::link(ada, &at).await;
    let archive = archives::open(archives::take(ada, &link).await);
    let held = names(&archive);
    assert!(
        held.contains(&"surveys/brands/files/1/receipt/a.png".to_owned()),
        "{held:?}"
    );
}

#[tokio::test]
async fn a_file_of_a_personal_question_lies_sealed() {
    let stage = live().await;
    let way = begin(&stage.site, "/s/brands").await;
    let files: [File<'_>; 3] = [
        ("receipt", "canaryplain7702.png", PNG),
        ("more", "canaryname7703.txt", b"canarybytes7704"),
        ("more", "canaryname7703.txt", b"canaryother7705"),
    ];
    let amiss = stage.send(&way, &[], &files).await;
    for name in ["canaryname7703.txt", "canaryname7703 (2).txt"] {
        let there = format!("name=\"more\" value=\"{name}\" checked");
        assert!(amiss.text.contains(&there), "{}", amiss.text);
    }
    let named = [
        ("receipt", "canaryplain7702.png"),
        ("more", "canaryname7703 (2).txt"),
        ("note", "n"),
    ];
    stage.send_as(&way, &amiss, &named, &[]).await;
    assert_eq!(stage.lying().0.len(), 2, "the other one went");

    let pages = stage.db.read_now(|conn| {
        let mut list = conn.prepare("select data from sqlite_dbpage")?;
        let pages = list.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        Ok::<_, Error>(pages.collect::<Result<Vec<_>, _>>()?.concat())
    });
    let pages = pages.unwrap();
    let has = |word: &str| {
        pages
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    assert!(has("canaryplain7702") && has("canarypoints7701"));
    for word in ["canaryname7703", "canarybytes7704", "canaryother7705"] {
        assert!(!has(word), "{word}");
    }
    let mut all = zipped(&stage.ada, "?personal=yes").await;
    let mut bytes = Vec::new();
    let mut file = all.by_name("1/more/canaryname7703 (2).txt").unwrap();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"canaryother7705");
}

async fn zipped(by: &Visitor, query: &str) -> zip::ZipArchive<Cursor<Vec<u8>>> {
    let path = format!("/surveys/brands/files{query}");
    let answer = by.ask("GET", &path, "text/plain", Body::empty()).await;
    assert_eq!(answer.status(), 200);
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap()
}

#[tokio::test]
async fn a_file_goes_with_the_answer_that_named_it() {
    let stage = live().await;
    let way = begin(&stage.site, "/s/brands").await;
    let back = stage
        .send(&way, &[(".back", "1")], &[("receipt", "a.png", PNG)])
        .await;
    assert_eq!(back.location(), way, "{}", back.text);
    assert_eq!(stage.lying().0, ["a.png"]);

    // Another takes its place; then they take all of it back.
    let sent = stage
        .send(
            &way,
            &[("receipt", "a.png"), (".back", "1")],
            &[("receipt", "b.png", PNG)],
        )
        .await;
    assert_eq!(sent.location(), way, "{}", sent.text);
    assert_eq!(stage.lying().0, ["b.png"]);
    let gone = stage
        .site
        .stranger()
        .post(&format!("{way}/withdraw"), "")
        .await;
    assert_eq!(gone.location(), "/s/brands/withdrawn");

    assert_eq!(stage.lying(), (Vec::new(), 0));
}
