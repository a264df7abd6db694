//! What a workspace is given back holds its surveys and every answer.

use std::io::{Cursor, Read};

use http_body_util::BodyExt;
use onsight::age::Opener;
use onsight::base::Secret;

use super::stage::{Study, TEXT, live};

const FORM: &str = "seal=passphrase&words=correct+horse+battery+staple";

/// The archive of all data, opened.
async fn archive(study: &Study) -> zip::ZipArchive<Cursor<Vec<u8>>> {
    let form = format!("workspace={}&{FORM}", study.workspace);
    let asked = study.ada.post("/returns", &form).await;
    let at = asked.location().to_owned();
    let progress = format!("{at}/progress");
    for _ in 0..4_000 {
        if study.ada.get(&progress).await.text.contains("data-done") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let made = study.ada.post(&format!("{at}/link"), "").await;
    let link = format!("/take/{}", made.between("/take/", "<"));
    let kind = "application/x-www-form-urlencoded";
    let stranger = study.site.stranger();
    let taken = stranger.ask("POST", &link, kind, axum::body::Body::empty());
    let sealed = taken.await.into_body().collect().await.unwrap().to_bytes();
    let words = Secret::from("correct horse battery staple".to_owned());
    let mut opener = Opener::with_words(Cursor::new(sealed.to_vec()), &words).unwrap();
    let mut bytes = Vec::new();
    opener.read_to_end(&mut bytes).unwrap();
    zip::ZipArchive::new(Cursor::new(bytes)).unwrap()
}

#[tokio::test]
async fn questionnaires_links_and_answers_are_in_it_and_no_key() {
    let study = live().await;
    let link = study.link("name,pid\nGrace,a7\n").await;
    study
        .answers(&link, "gender=1&mail=grace%40example.org&why=because")
        .await;
    study.begins("/s/brands?pid=b2").await;

    let mut zip = archive(&study).await;

    let mut entry = |name: &str| {
        let mut text = String::new();
        let mut file = zip.by_name(&format!("surveys/brands/{name}")).unwrap();
        file.read_to_string(&mut text).unwrap();
        text
    };
    let written = TEXT.replace("withdraw = true", "withdraw = true\n");
    assert_eq!(entry("draft.toml"), written);
    assert_eq!(entry("version-1.toml"), written);
    let csv = entry("responses.csv");
    assert!(
        csv.contains("grace@example.org") && csv.contains("because"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 3);
    assert_eq!(entry("responses.ndjson").lines().count(), 2);
    assert!(entry("answers.csv").contains("because"));
    assert_eq!(entry("pages.csv").lines().count(), 2);
    assert!(entry("codebook.xml").contains("Are you"));
    assert!(entry("datamap.json").contains("\"gender\""));
    let about: serde_json::Value = serde_json::from_str(&entry("about.json")).unwrap();
    assert_eq!(about["links"][0]["name"], "Grace");
    assert_eq!(about["links"][0]["entry"]["pid"], "a7");
    let key = link.split("k=").nth(1).unwrap();
    assert!(!about.to_string().contains(key));
    let mut list = String::new();
    zip.by_name("manifest.json")
        .unwrap()
        .read_to_string(&mut list)
        .unwrap();
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["counts"]["surveys"]["surveys"], 1);
    assert_eq!(list["counts"]["surveys"]["responses"], 2);
}
