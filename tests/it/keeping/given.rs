//! What a workspace is given back holds its surveys and every answer.

use super::stage::{TEXT, live};
use crate::ending::archives;

#[tokio::test]
async fn questionnaires_links_and_answers_are_in_it_and_no_key() {
    let study = live().await;
    let link = study.link("name,pid\nGrace,a7\n").await;
    study
        .answers(&link, "gender=1&mail=grace%40example.org&why=because")
        .await;
    study.begins("/s/brands?pid=b2").await;
    let form = "name=panel_a&secret=opensesame-opensesame";
    let supplier = "/surveys/brands/suppliers/hmac-sha256";
    assert_eq!(study.ada.post(supplier, form).await.status, 303);
    let postback = "complete+https%3A%2F%2Fpanel.example%2Fs2s";
    let form = format!("name=Wave&supplier=panel_a&list=4&exits=&postbacks={postback}");
    let made = study.ada.post("/surveys/brands/links", &form).await;
    assert_eq!(made.status, 200, "{}", made.text);

    let at = archives::ask(&study.ada, &study.workspace.to_string()).await;
    let take = archives::link(&study.ada, &at).await;
    let sealed = archives::take(&study.site.stranger(), &take).await;

    let mut zip = archives::open(sealed);
    let mut entry = |name: &str| archives::entry(&mut zip, &format!("surveys/brands/{name}"));
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
    let (wave, grace) = (&about["links"][0], &about["links"][1]);
    assert_eq!(grace["name"], "Grace");
    assert_eq!(grace["entry"]["pid"], "a7");
    assert_eq!(wave["supplier"], "panel_a");
    assert_eq!(wave["list"], 4);
    assert_eq!(wave["postbacks"]["complete"], "https://panel.example/s2s");
    assert!(!about.to_string().contains("opensesame"));
    let key = link.split("k=").nth(1).unwrap();
    assert!(!about.to_string().contains(key));
    let list = archives::entry(&mut zip, "manifest.json");
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["counts"]["surveys"]["surveys"], 1);
    assert_eq!(list["counts"]["surveys"]["responses"], 2);
}
