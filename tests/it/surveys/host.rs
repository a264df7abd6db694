//! A survey elsewhere sends its respondents here, takes them back, and asks for what
//! they said: with the address to go back to encoded and as it is.

use serde_json::Value;

use super::stage::{ID, Stage};

const HOSTED: &str = r#"format = 1
id = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0"
title = "Part two"
allowed_origins = ["https://www.customer.example"]

[entry.respondent_id]
unique = true
required = true

[entry.link]
from = "return"
required = true
hosts = ["https://host.example"]

[[page]]
id = "one"

[[page.ask]]
id = "age"
type = "number"
text = "Age?"

[[page.ask]]
id = "email"
type = "text"
text = "Address?"
personal = true

[[page.leave]]
id = "young"
outcome = "screenout"
when = "${age} < 18"
"#;

async fn answer(stage: &Stage, way: &str, age: &str) -> String {
    let page = stage.stranger.get(way).await;
    let sent = stage
        .send(way, &page, &format!("age={age}&email=a%40b.example"))
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    stage.stranger.get(way).await.location().to_owned()
}

/// A program with a key that names the survey.
async fn program(stage: &Stage) -> crate::support::Visitor {
    let made = stage
        .ada()
        .post("/account/keys", &format!("name=Host&apps=survey%3A{ID}"))
        .await;
    let mut program = stage.site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    program
}

#[tokio::test]
async fn a_host_sends_somebody_takes_them_back_and_asks_at_once() {
    let stage = Stage::of(HOSTED).await;
    stage.link(2, "", ("{}", "{}")).await;
    let program = program(&stage).await;
    let back = "https://host.example/survey/a/7?state=xYz&part=2";
    let encoded: String = form_urlencoded::byte_serialize(back.as_bytes()).collect();

    for (id, link, age, outcome, code) in [
        ("raw-1", back, "40", "complete", 3),
        ("enc-1", &*encoded, "41", "complete", 3),
        ("enc-2", &*encoded, "12", "screenout", 1),
    ] {
        let query = format!("list=2&respondent_id={id}&link={link}");
        let way = stage.begin(&query).await;
        let page = stage.stranger.get(&way).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("form-action 'self' https://host.example;"),
            "{policy}"
        );

        let left = answer(&stage, &way, age).await;

        assert_eq!(left, format!("{back}&outcome={outcome}"));
        let path = format!("/api/v1/surveys/{ID}/response?respondent_id={id}");
        let asked = program.get(&path).await;
        assert_eq!(asked.status, 200, "{}", asked.text);
        let said: Value = serde_json::from_str(&asked.text).unwrap();
        assert_eq!(said["age"].to_string().trim_end_matches(".0"), age);
        assert_eq!(
            said["outcome"].to_string().trim_end_matches(".0"),
            code.to_string()
        );
        assert!(!asked.text.contains("b.example"), "{}", asked.text);
    }
    let nobody = format!("/api/v1/surveys/{ID}/response?respondent_id=nobody");
    assert_eq!(program.get(&nobody).await.status, 404);
    // What tells nobody apart finds nobody.
    let other = format!("/api/v1/surveys/{ID}/response?link=x");
    assert_eq!(program.get(&other).await.status, 404);
    let all = format!("/api/v1/surveys/{ID}/response");
    assert_eq!(program.get(&all).await.status, 422);
}

#[tokio::test]
async fn nobody_is_let_in_who_would_be_sent_to_a_stranger() {
    let stage = Stage::of(HOSTED).await;
    for bad in [
        "https://evil.example/",
        "https%3A%2F%2Fevil.example%2F",
        "https://host.example.evil.example/",
        "https://host.example@evil.example/",
        "https%3A%2F%2Fhost.example%40evil.example%2F",
        "https://evil.example/?https://host.example/",
        "https%3A%2F%2Fevil.example%5C.host.example",
        "https://host.example%5C@evil.example/",
        "http://host.example/",
        "//host.example/",
        "%2F%2Fevil.example",
        "javascript:alert(1)//https://host.example",
        "data:text/html,x",
        "https%3A%2F%2Fhost.example%2F%0D%0ASet-Cookie%3Aa",
        "",
    ] {
        let door = format!("/s/cereals?respondent_id=7&link={bad}");
        for answer in [
            stage.stranger.get(&door).await,
            stage.stranger.post(&door, "lang=en").await,
        ] {
            assert_eq!(answer.status, 403, "{bad}");
            assert_eq!(answer.location(), "", "{bad}");
        }
    }
    let missing = stage.stranger.get("/s/cereals?respondent_id=7").await;
    assert_eq!(missing.status, 403);
    let count = "select cast(count(*) as text) from respondent";
    assert_eq!(stage.texts(count, None), ["0"]);
    let reasons = stage.texts(
        "select reason || ' ' || times from refusal order by reason",
        None,
    );
    assert_eq!(reasons, ["missing 1", "return 30"]);
}

#[tokio::test]
async fn a_researcher_plays_the_host_and_a_stranger_does_not() {
    let stage = Stage::of(HOSTED).await;
    let host = format!("/surveys/{ID}/host");
    assert_ne!(stage.stranger.get(&host).await.status, 200);
    assert_ne!(
        stage.stranger.get(&format!("{host}/back")).await.status,
        200
    );

    for link in ["raw", "encoded"] {
        let form = format!("respondent=t-{link}&list=&link={link}");
        let sent = stage.ada().post(&host, &form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let way = sent.location().to_owned();
        let page = stage.stranger.get(&way).await;
        stage.send(&way, &page, "age=40&email=a%40b.example").await;
        let end = stage.stranger.get(&way).await;
        let to = end
            .between("class=\"btn primary\" href=\"", "\"")
            .to_owned();
        let to = to.replace("&amp;", "&").replace("&#38;", "&");
        let wanted = format!("https://localhost{host}/back?state=t-{link}&part=2&outcome=complete");
        assert_eq!(to, wanted);

        let back = stage
            .ada()
            .get(to.strip_prefix("https://localhost").unwrap())
            .await;

        assert_eq!(back.status, 200, "{}", back.text);
        for words in [
            "outcome",
            "complete",
            "&quot;age&quot;",
            "/response?respondent_id=",
        ] {
            let plain = back.text.replace("&#34;", "&quot;");
            assert!(plain.contains(words), "{words}: {}", back.text);
        }
        assert!(!back.text.contains("b.example"), "{}", back.text);
    }
    // A test is in nobody's data.
    let program = program(&stage).await;
    let path = format!("/api/v1/surveys/{ID}/response?respondent_id=t-raw");
    assert_eq!(program.get(&path).await.status, 404);
    let door = format!("/s/cereals?respondent_id=8&link=https://localhost{host}/back");
    assert_eq!(stage.stranger.get(&door).await.status, 403);
}

#[tokio::test]
async fn only_the_sites_that_a_survey_names_may_show_it_in_a_frame() {
    let stage = Stage::of(HOSTED).await;
    let query = "respondent_id=9&link=https://host.example/back?a=1";
    let door = stage.stranger.get(&format!("/s/cereals?{query}")).await;
    let way = stage.begin(query).await;
    let page = stage.stranger.get(&way).await;
    for answer in [&door, &page] {
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        let around = "frame-ancestors 'self' https://www.customer.example;";
        assert!(policy.contains(around), "{policy}");
        assert!(answer.headers.get("x-frame-options").is_none());
        assert!(
            answer
                .text
                .contains("data-origins=\"https://www.customer.example\"")
        );
        assert!(answer.text.contains("survey-frame.js"));
    }
    assert!(page.text.contains("data-respondent=\"1\""), "{}", page.text);
    let token = way.rsplit('/').next().unwrap();
    let body = page.between("<body", ">");
    assert!(!body.contains(token), "the page around never gets the key");

    stage.send(&way, &page, "age=40&email=").await;
    let plain = stage.stranger.get(&way).await;
    assert_eq!(plain.status, 303);

    // Everywhere else nothing has changed.
    let home = stage.ada().get("/surveys").await;
    assert_eq!(home.headers["x-frame-options"], "DENY");
    let policy = home.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let text = HOSTED.replace("allowed_origins = [\"https://www.customer.example\"]\n", "");
    let closed = Stage::of(&text).await;
    let door = closed.stranger.get(&format!("/s/cereals?{query}")).await;
    assert_eq!(door.headers["x-frame-options"], "DENY");
    assert!(!door.text.contains("survey-frame.js"));
}

#[tokio::test]
async fn the_site_around_an_anonymous_survey_is_not_told_whose_the_answers_are() {
    let text = "format = 1\nid = \"a\"\ntitle = \"A\"\nanonymous = true\nallowed_origins = [\"https://www.customer.example\"]\n[[page]]\nid = \"one\"\n[[page.ask]]\nid = \"age\"\ntype = \"number\"\ntext = \"Age?\"\n";
    let stage = Stage::of(text).await;
    let way = stage.begin("").await;

    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "age=40").await;
    let end = stage.stranger.get(&way).await;

    for answer in [&page, &end] {
        let body = answer.between("<body", ">");
        assert!(body.contains("data-respondent=\"0\""), "{body}");
    }
    assert!(
        end.text.contains("data-outcome=\"complete\""),
        "{}",
        end.text
    );
    // Of any other it is.
    let stage = Stage::of(&text.replace("anonymous = true\n", "")).await;
    let page = stage.stranger.get(&stage.begin("").await).await;
    assert!(page.text.contains("data-respondent=\"1\""), "{}", page.text);
}
