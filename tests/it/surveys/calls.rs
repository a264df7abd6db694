//! The call of another platform's hosts: one address, and what is asked stands in the body.

use axum::body::Body;
use onsight::base::Time;
use onsight::web::Role;
use serde_json::{Value, json};

use crate::fieldwork;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en", "de"]

[entry.pid]
unique = true

[[page]]
id = "first"

[[page.ask]]
id = "gender"
type = "single"
text = { en = "Are you …?", de = "Sind Sie …?" }
required = true
items = [ { code = 1, text = "Male" }, { code = 2, text = "Female" } ]

[[page.ask]]
id = "known"
type = "multi"
text = "Which do you know?"
items = [ { code = 1, text = "Crunchy" }, { code = 2, text = "Fruity" } ]

[[page.ask]]
id = "mail"
type = "text"
text = "Where may we write to?"
personal = true

[[page]]
id = "second"

[[page.ask]]
id = "why"
type = "text"
text = "Why?"
"#;

struct Study {
    site: TestSite,
    program: Visitor,
}

async fn key(site: &TestSite, of: &Visitor, apps: &str) -> Visitor {
    let made = of
        .post("/account/keys", &format!("name=R&apps={apps}"))
        .await;
    let mut program = site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    program
}

fn body(action: &str, target: &Value) -> Value {
    json!({
        "event_type": "survey_data_request",
        "action": action,
        "client_msg_id": "m-1",
        "data": { "target": target },
    })
}

async fn call(program: &Visitor, body: &Value) -> Answer {
    let text = Body::from(body.to_string());
    program
        .send_as("POST", "/api", "application/json", text)
        .await
}

impl Study {
    /// Of two pages a7 has sent the first one.
    async fn begun() -> (Study, String) {
        let (site, ada) = TestSite::new().await;
        fieldwork::publish(&ada, TEXT).await;
        let way = fieldwork::begin(&site, "/s/brands?pid=a7").await;
        fieldwork::send(&site, &way, "gender=2&known=2&mail=canary%40example.org").await;
        let program = key(&site, &ada, "survey%3Abrands").await;
        (Study { site, program }, way)
    }

    async fn asked(&self, action: &str, target: Value) -> Value {
        let answer = call(&self.program, &body(action, &target)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("canary"), "{}", answer.text);
        serde_json::from_str(&answer.text).unwrap()
    }
}

#[tokio::test]
async fn a_host_gets_what_was_said_so_far_page_by_page() {
    let (study, way) = Study::begun().await;
    let first = json!({ "survey_id": "brands", "respondent_id": "a7", "block_id": "first" });

    let page = study.asked("get_block_summary", first).await;

    assert_eq!(
        (&page["code"], &page["reason"]),
        (&200.into(), &"OK".into())
    );
    assert_eq!(page["event_type"], "survey_data_request");
    assert_eq!(page["client_msg_id"], "m-1");
    assert_eq!(page["platform_status"]["status"], "up");
    let data = &page["data"];
    assert_eq!(
        (&data["data_complete"], &data["block_id"], &data["run_id"]),
        (&true.into(), &"first".into(), &"1".into())
    );
    assert_eq!(
        (&data["respondent_id"], &data["respondent_encoded"]),
        (&"a7".into(), &Value::Null)
    );
    assert_eq!(
        data["questions"],
        json!([
            {
                "questionID": "gender", "questionTitle": "Are you …?", "qType": "single",
                "turn": null, "qResponseData": { "gender": 2 },
            },
            {
                "questionID": "known", "questionTitle": "Which do you know?", "qType": "multi",
                "turn": null, "qResponseData": { "known_1": 0, "known_2": 1 },
            },
        ])
    );
    let whole = json!({ "survey_id": "brands", "respondent_encoded": "a7" });
    let so_far = study.asked("get_survey_summary", whole.clone()).await;
    assert_eq!(so_far["data"]["data_complete"], false);
    assert_eq!(so_far["data"]["outcome"], Value::Null);
    let ahead = json!({ "survey_id": "brands", "respondent_id": "a7", "block_id": "second" });
    let nothing = study.asked("get_block_summary", ahead.clone()).await;
    assert_eq!(
        (&nothing["code"], &nothing["data"]),
        (&802.into(), &Value::Null)
    );

    study.site.site().clock.advance(Time::MINUTE);
    fieldwork::send(&study.site, &way, "why=Sweet").await;

    let end = study.asked("get_survey_summary", whole).await;
    assert_eq!(end["data"]["data_complete"], true);
    assert_eq!(end["data"]["outcome"], "complete");
    assert_eq!(end["data"]["questions"].as_array().unwrap().len(), 3);
    assert!(end["data"]["end_time"].as_str() > end["data"]["start_time"].as_str());
    let page = study.asked("get_block_summary", ahead).await;
    assert_eq!(
        page["data"]["questions"][0]["qResponseData"],
        json!({ "why": "Sweet" })
    );
}

#[tokio::test]
async fn a_question_alone_can_be_asked_for_and_nobody_is_no_fault() {
    let (study, _) = Study::begun().await;
    let of =
        |who: Value| json!({ "survey_id": "brands", "respondent_id": who, "block_id": "known" });

    let known = study.asked("get_block_summary", of("a7".into())).await;
    let nobody = study.asked("get_block_summary", of(4711.into())).await;

    let questions = known["data"]["questions"].as_array().unwrap();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0]["questionID"], "known");
    assert_eq!(nobody["code"], 802);
    assert_eq!(nobody["reason"], "no data for this target");
}

#[tokio::test]
async fn what_is_wrong_with_a_call_is_said() {
    let (study, _) = Study::begun().await;
    let whole = json!({ "survey_id": "brands", "respondent_id": "a7" });
    let with = |name: &str, value: Value| {
        let mut target = whole.clone();
        target[name] = value;
        target
    };
    let mut other_event = body("get_survey_summary", &whole);
    other_event["event_type"] = "survey_event".into();
    for (wrong, words) in [
        (json!([]), "invalid"),
        (
            json!({ "event_type": "survey_data_request" }),
            "missing field",
        ),
        (other_event, "must be `survey_data_request`"),
        (
            body("get_shop_shelf_summary", &whole),
            "not `get_shop_shelf_summary`",
        ),
        (body("get_block_summary", &whole), "needs `block_id`"),
        (
            body("get_block_summary", &with("block_id", "third".into())),
            "no page and no question is called `third`",
        ),
        (
            body("get_survey_summary", &with("block_id", "first".into())),
            "leave `block_id` out",
        ),
        (
            body(
                "get_survey_summary",
                &with("respondent_encoded", "a7".into()),
            ),
            "one of `respondent_id` and `respondent_encoded`",
        ),
        (
            body("get_survey_summary", &with("respondent_id", true.into())),
            "a text or a number",
        ),
    ] {
        let answer = call(&study.program, &wrong).await;
        assert_eq!(answer.status, 422, "{wrong}: {}", answer.text);
        assert!(answer.text.contains(words), "{wrong}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_key_is_asked_for_the_survey_in_the_body() {
    let (study, _) = Study::begun().await;
    let bob = study.site.member("bob@example.org", Role::User).await;
    let builder = study.site.member("cyd@example.org", Role::Builder).await;
    let users = key(&study.site, &bob, "survey%3Abrands").await;
    let others = key(&study.site, &builder, "brands%2C+survey%3Aother").await;
    let all = key(&study.site, &builder, "").await;
    let target = json!({ "survey_id": "brands", "respondent_id": "a7" });
    let asked = body("get_survey_summary", &target);

    for refused in [&users, &others, &all] {
        assert_eq!(call(refused, &asked).await.status, 403);
    }
    assert_eq!(call(&builder, &asked).await.status, 401);
    assert_eq!(call(&study.site.stranger(), &asked).await.status, 401);
    let elsewhere = json!({ "survey_id": "other", "respondent_id": "a7" });
    let nowhere = call(&others, &body("get_survey_summary", &elsewhere)).await;
    assert_eq!(nowhere.status, 404, "{}", nowhere.text);
}
