//! The survey of the manual, as it stands there, with a machine of ours.

use super::machine::{Machine, Reply};
use super::stage::{GOLD, Stage};
use crate::fieldwork;

#[tokio::test(flavor = "multi_thread")]
async fn the_survey_of_the_manual_asks_and_lets_strangers_go() {
    let machine = Machine::open(&[Reply::Json(GOLD), Reply::Status(404)]).await;
    let manual = std::fs::read_to_string("docs/researcher.md").unwrap();
    let (_, example) = manual.split_once("<!-- call -->\n```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let text = example.replace("crm.example.org", "127.0.0.1:PORT");
    let stage = Stage::of(&text, &machine).await;

    let known = fieldwork::begin(&stage.site, "/s/brands?pid=a7").await;
    let page = stage.site.stranger().get(&known).await;
    assert!(page.text.contains("You came 3 times."), "{}", page.text);
    assert_eq!(machine.heard()[0].body, r#"{"customer":{"id":"a7"}}"#);

    let stranger = fieldwork::begin(&stage.site, "/s/brands?pid=b8").await;
    let page = stage.site.stranger().get(&stranger).await;
    assert!(
        page.text.contains("could not find you among"),
        "{}",
        page.text
    );
    let ended = "select coalesce(outcome, '-') from respondent order by id";
    assert_eq!(stage.texts(false, ended).await, ["-", "screenout"]);
    assert_eq!(stage.counts().await, ["answered 1", "refused 1"]);
}
