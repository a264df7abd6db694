//! Respondents who take their answers back themselves.

use super::stage::{TEXT, live, of};

const WORDS: [&str; 2] = ["canarywhy7711", "canarypid7713"];

#[tokio::test]
async fn they_are_asked_once_and_everything_goes() {
    let study = live().await;
    let way = study.begins("/s/brands?pid=canarypid7713").await;
    let stranger = study.site.stranger();
    let page = stranger.get(&way).await;
    let at = format!("{way}/withdraw");
    assert!(
        page.text.contains(&format!("href=\"{at}\"")),
        "{}",
        page.text
    );
    let end = study.sends(&way, "gender=1&why=canarywhy7711").await;
    assert!(end.text.contains(&format!("href=\"{at}\"")), "{}", end.text);
    study
        .answers("/s/brands?pid=b2", "gender=2&why=stays5501")
        .await;

    let asked = stranger.get(&format!("{at}?lang=de")).await;
    assert!(
        asked.text.contains("Alle Ihre Antworten löschen?"),
        "{}",
        asked.text
    );
    assert_eq!(
        study.number("select count(*) from respondent").await,
        2,
        "only asked"
    );
    let gone = stranger.post(&at, "").await;

    assert_eq!(gone.location(), "/s/brands/withdrawn", "{}", gone.text);
    let said = stranger.get(gone.location()).await;
    assert!(
        said.text.contains("Your answers are erased"),
        "{}",
        said.text
    );
    assert_eq!(study.held(&WORDS).await, [""; 0]);
    study.logs_are_empty();
    assert_eq!(study.number("select count(*) from respondent").await, 1);
    let twice = stranger.post(&at, "").await;
    assert_eq!(twice.status, 404);
    assert!(
        twice.text.contains("no answers at this address"),
        "{}",
        twice.text
    );
    let trail = "select group_concat(actor_name || address || detail) from journal where action = 'respondent.erased'";
    let trail = study.told(trail).await;
    assert!(
        trail.starts_with("a respondent{") && trail.contains("withdrawn"),
        "{trail}"
    );
}

#[tokio::test]
async fn a_survey_that_does_not_say_so_offers_no_such_thing() {
    let study = of(&TEXT.replace("withdraw = true", "")).await;
    let way = study.begins("/s/brands?pid=a1").await;
    let stranger = study.site.stranger();

    assert!(!stranger.get(&way).await.text.contains("/withdraw"));
    for at in [format!("{way}/withdraw"), "/s/brands/withdrawn".to_owned()] {
        assert_eq!(stranger.get(&at).await.status, 404, "{at}");
    }
    assert_eq!(
        stranger.post(&format!("{way}/withdraw"), "").await.status,
        404
    );
    assert_eq!(study.number("select count(*) from respondent").await, 1);
}
