//! A survey in which nothing joins an answer to a person.

use onsight::base::Time;

use super::stage::{SECOND, Study, TEXT, of};
use crate::fieldwork::page_of;

async fn study() -> Study {
    with("").await
}

/// The same with more at its end.
async fn with(more: &str) -> Study {
    let text = format!("{TEXT}{more}")
        .replace("withdraw = true", "withdraw = true\nanonymous = true")
        .replace("unique = true", "")
        .replace("personal = true", "");
    let mut study = of(&text).await;
    study.site.site().clock.advance(7 * Time::HOUR + 123_456);
    study.again().await;
    study
}

#[tokio::test]
async fn a_link_lets_in_once_and_no_answer_names_it() {
    let study = study().await;
    let link = study.link("name,region\ncanaryname7714,north\n").await;

    let way = study.begins(&link).await;
    let again = study.site.stranger().post(&link, "lang=en").await;
    study
        .sends(&way, "gender=1&why=stays5501&.spent=4000")
        .await;

    assert_eq!(again.status, 409, "{}", again.text);
    for (sql, count) in [
        (
            "select count(*) from respondent where link <> '' or device <> '' or exit_to is not null",
            0,
        ),
        (
            "select count(*) from respondent where started % 86400000 <> 0 or seen % 86400000 <> 0 or ended % 86400000 <> 0",
            0,
        ),
        ("select count(*) from answer where at % 86400000 <> 0", 0),
        (
            "select count(*) from page_visit where at % 86400000 <> 0 or spent is not null",
            0,
        ),
        (
            "select count(*) from respondent join parted using (token_hash)",
            0,
        ),
        ("select count(*) from link_used", 1),
        ("select count(*) from answer where variable = 'why'", 1),
        ("select count(*) from page_visit", 1),
    ] {
        assert_eq!(study.number(sql).await, count, "{sql}");
    }
}

#[tokio::test]
async fn who_has_ended_sees_the_last_page_and_reaches_nothing() {
    let study = study().await;
    let way = study.begins("/s/brands").await;
    let stranger = study.site.stranger();
    let page = stranger.get(&way).await;
    assert!(page.text.contains("/withdraw"), "until the end");
    let form = format!("{}&gender=1&why=stays5501", page_of(&page));

    for _ in 0..2 {
        let sent = stranger.post(&way, &form).await;
        assert_eq!(sent.location(), way, "{}", sent.text);
        let end = stranger.get(&way).await;
        assert!(end.text.contains("Thank you"), "{}", end.text);
        assert!(!end.text.contains("/withdraw"));
    }

    assert_eq!(stranger.get(&format!("{way}/withdraw")).await.status, 404);
    assert_eq!(
        stranger.post(&format!("{way}/withdraw"), "").await.status,
        404
    );
    let form = format!("known=https%3A%2F%2Flocalhost{way}");
    let found = study.ada.post("/surveys/brands/keeping/find", &form).await;
    assert!(found.text.contains("Nobody was found"));
    assert_eq!(
        study
            .number("select count(*) from respondent where outcome = 'complete'")
            .await,
        1
    );
}

#[tokio::test]
async fn programs_get_a_day_when_it_is_over_and_nothing_twice() {
    let mut study = study().await;
    study.answers("/s/brands", "gender=1").await;
    let made = study
        .ada
        .post("/account/keys", "name=R&apps=survey%3Abrands")
        .await;
    let mut program = study.site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    let at = "/api/v1/surveys/brands/responses?since=";

    let today = program.get(at).await;
    assert_eq!((today.status.as_u16(), today.text.as_str()), (200, ""));
    study.answers("/s/brands", "gender=2").await;
    study.site.site().clock.advance(Time::DAY);
    study.again().await;

    let got = program.get(at).await;
    assert_eq!(got.text.lines().count(), 2, "{}", got.text);
    let cursor = got.headers["onsight-cursor"].to_str().unwrap().to_owned();
    assert_eq!(program.get(&format!("{at}{cursor}")).await.text, "");
}

#[tokio::test]
async fn what_tells_who_somebody_is_is_refused() {
    let text = TEXT.replace("withdraw = true", "withdraw = true\nanonymous = true");
    let survey = onsight::surveys::format::Survey::read(&text).unwrap();

    assert!(!survey.is_publishable());
    let said: Vec<_> = survey.problems.iter().map(ToString::to_string).collect();
    let said = said.join("\n");
    assert!(
        said.contains("[entry.pid]") && said.contains("`mail`"),
        "{said}"
    );
    assert!(
        survey.problems.iter().all(|problem| problem.line == 6),
        "{said}"
    );
}

#[tokio::test]
async fn who_stops_in_the_middle_leaves_no_moment_behind() {
    let study = with(SECOND).await;
    study.answers("/s/brands", "gender=1").await;
    assert_eq!(study.number("select count(*) from quota_place").await, 1);
    study.minutes(31);

    let way = study.begins("/s/brands").await;
    study.sends(&way, "gender=1").await;

    let held = "select group_concat(respondent) = '2' from quota_place";
    assert_eq!(
        study.number(held).await,
        1,
        "the other's place is forgotten"
    );
}
