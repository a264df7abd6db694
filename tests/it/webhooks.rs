//! Webhooks of a survey: what happened is told, signed, once or more often, and to nobody
//! who is not to be told.

mod again;
mod gone;
mod receiver;
mod stage;
mod tried;

use std::io::Write;
use std::process::{Command, Stdio};

use onsight::base::Time;
use receiver::Receiver;
use stage::{LIST, Stage, TEXT, form, signature};

const ENDS: &[&str] = &["response.complete", "response.screenout"];

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_told_signed_and_no_more_than_was_asked_for() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    stage.later(Time::SECOND);
    stage.answers("12").await;
    assert!(
        receiver.heard().is_empty(),
        "who answers does not wait for it"
    );

    assert_eq!(stage.send().await, 2);

    assert_eq!(receiver.events(), ENDS);
    let heard = receiver.heard();
    assert!(heard[0].head.starts_with("POST /in/hunter2 "), "{heard:?}");
    for one in &heard {
        assert_eq!(
            one.header("webhook-signature"),
            signature(&hook.secret, one)
        );
        assert_eq!(one.header("content-type"), "application/json");
        assert_eq!(one.json()["id"], one.header("webhook-id"));
        for word in ["canary9", "grace", "answers"] {
            assert!(!one.body.contains(word), "{word}: {}", one.body);
        }
    }
    let said = heard[0].json();
    assert_eq!(said["survey"], "brands");
    assert_eq!(said["workspace"], stage.workspace.to_string());
    assert_eq!(said["response"]["respondent"], 1);
    assert_eq!(said["response"]["outcome"], "complete");
    assert_eq!(said["response"]["version"], 1);
    assert_eq!(heard[1].json()["response"]["outcome"], "screenout");
    assert_ne!(heard[0].header("webhook-id"), heard[1].header("webhook-id"));
    assert_eq!(stage.send().await, 0, "it is told once");
    assert_eq!(receiver.heard().len(), 2);
    let page = stage.page().await;
    assert!(page.text.contains(">taken<"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_told_where_somebody_wants_them_and_personal_ones_never() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1&answers=1").await;
    stage.answers("40").await;

    assert_eq!(stage.send().await, 1);

    let heard = receiver.heard().remove(0);
    let answers = heard.json()["response"]["answers"].clone();
    assert_eq!(answers["age"], 40, "{answers}");
    assert_eq!(answers["pid"], "canary9", "{answers}");
    assert!(!heard.body.contains("grace"), "{}", heard.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_builders_do_with_the_survey_is_told_and_what_nobody_wants_is_not() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let events = ["survey.published", "survey.closed", "survey.reopened"];
    stage.add(&receiver, &events, "&on=1").await;
    // This one is off, and the survey's end interests neither.
    stage.add(&receiver, &events, "").await;

    stage.answers("40").await;
    for what in ["close", "reopen"] {
        let done = stage.ada.post(&format!("/surveys/brands/{what}"), "").await;
        assert_eq!(done.status, 303, "{}", done.text);
        stage.later(Time::SECOND);
    }
    let draft = "select cast(draft_at as text) from survey";
    let draft = stage.texts(true, draft).await.remove(0);
    let form = format!("note=Second&draft_at={draft}");
    let published = stage.ada.post("/surveys/brands/publish", &form).await;
    assert_eq!(published.status, 303, "{}", published.text);

    assert_eq!(stage.send().await, 3);
    assert_eq!(receiver.events(), [events[1], events[2], events[0]]);
    let heard = receiver.heard();
    let versions: Vec<_> = heard
        .iter()
        .map(|one| one.json()["version"].clone())
        .collect();
    assert_eq!(versions, [1, 1, 2]);
    assert!(
        stage.messages().await.is_empty(),
        "nothing beside the answers"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_anonymous_survey_and_of_tests_nobody_is_told() {
    let receiver = Receiver::open(&["200"]).await;
    let anonymous = TEXT
        .replacen("format = 1\n", "format = 1\nanonymous = true\n", 1)
        .replace("withdraw = true\n", "")
        .replace("personal = true\n", "");
    let stage = Stage::of(&anonymous, &[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;
    assert_eq!(stage.send().await, 0);
    assert!(stage.messages().await.is_empty());
    let page = stage.page().await;
    assert!(
        page.text.contains("This survey is anonymous"),
        "{}",
        page.text
    );

    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    stage.add(&receiver, ENDS, "&on=1").await;
    let preview = stage.ada.post("/surveys/brands/preview", "").await;
    crate::fieldwork::send(&stage.site, preview.location(), "mail=x&age=40").await;
    assert_eq!(stage.send().await, 0);
    assert!(stage.messages().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_secret_signs_beside_the_one_before_for_a_day() {
    let receiver = Receiver::open(&["200"]).await;
    let mut stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;

    let renewed = stage.ada.post(&hook.at("/secret"), "").await;

    assert_eq!(renewed.status, 200, "{}", renewed.text);
    let new = format!("whsec_{}", renewed.between("whsec_", "<"));
    assert_ne!(new, hook.secret);
    stage.answers("40").await;
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard().remove(0);
    let both = [signature(&new, &heard), signature(&hook.secret, &heard)];
    assert_eq!(heard.header("webhook-signature"), both.join(" "));
    // A day later only the new one signs, and the one before is forgotten.
    stage.later(Time::DAY);
    stage.answers("40").await;
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard().remove(1);
    assert_eq!(heard.header("webhook-signature"), signature(&new, &heard));
    let old = "select id from survey_hook where old_secret is not null";
    assert!(stage.texts(true, old).await.is_empty());
    // Neither is on a page, in a record or in a message.
    stage.again().await;
    for at in [LIST.to_owned(), hook.at("")] {
        let page = stage.ada.get(&at).await;
        assert!(!page.text.contains("whsec_"), "{}", page.text);
    }
    let trail = "select coalesce(detail, '') || coalesce(diff, '') || object from journal";
    for line in stage.texts(true, trail).await {
        assert!(
            !line.contains("whsec_") && !line.contains("hunter2"),
            "{line}"
        );
    }
}

/// The example of the manual, run over a message that arrived.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_manual_checks_a_real_message() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.ada.post(&hook.at("/secret"), "").await;
    stage.answers("40").await;
    assert_eq!(stage.send().await, 1);
    let heard = receiver.heard().remove(0);
    let manual = std::fs::read_to_string("docs/researcher.md").unwrap();
    let example = manual.split_once("```python\n").unwrap().1;
    let example = example.split_once("```").unwrap().0;

    let checked = |secret: &str, body: &str, late: i64| {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let headers: serde_json::Map<_, _> = { names.iter() }
            .map(|name| ((*name).to_owned(), heard.header(name).into()))
            .collect();
        let now: i64 = heard.header(names[1]).parse().unwrap();
        let script = format!(
            "{example}\nimport json, sys\ntime.time = lambda: {}\nprint(is_genuine({secret:?}, json.loads({:?}), sys.stdin.buffer.read()))",
            now + late,
            serde_json::Value::Object(headers).to_string(),
        );
        let mut python = Command::new("python3")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        python
            .stdin
            .take()
            .unwrap()
            .write_all(body.as_bytes())
            .unwrap();
        let said = python.wait_with_output().unwrap();
        String::from_utf8(said.stdout).unwrap().trim().to_owned()
    };

    assert_eq!(checked(&hook.secret, &heard.body, 10), "True");
    assert_eq!(
        checked(
            &hook.secret,
            &heard.body.replace("complete", "screenout"),
            10
        ),
        "False"
    );
    assert_eq!(checked("whsec_AAAA", &heard.body, 10), "False");
    assert_eq!(
        checked(&hook.secret, &heard.body, 3_600),
        "False",
        "an old one played again"
    );
}

#[tokio::test]
async fn a_form_says_what_is_wrong_and_an_address_nobody_is_sent_to_is_refused_at_once() {
    let receiver = Receiver::prepared(&["200"]).await;
    let stage = Stage::calling(&[]).await;
    let page = stage.page().await;
    assert!(page.text.contains("Nothing is told yet"), "{}", page.text);
    let good = form(&receiver, ENDS, "&on=1");
    let of = |address: &str| {
        let port = receiver.port;
        let known = format!("https%3A%2F%2F127.0.0.1%3A{port}%2Fin%2Fhunter2");
        let address: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        good.replace(&known, &address)
    };

    for (address, words) in [
        ("http://hooks.corp/", "begins with https://"),
        (
            "https://169.254.169.254/latest",
            "a link-local address, where clouds keep",
        ),
        (
            "https://[fd00:ec2::254]/",
            "an address of a cloud&#39;s metadata",
        ),
        ("https://0.0.0.0/", "no address of a machine"),
    ] {
        let refused = stage.ada.post(LIST, &of(address)).await;
        assert_eq!(refused.status, 422, "{address}");
        assert!(
            refused.text.contains("href=\"#address\""),
            "{}",
            refused.text
        );
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
        assert!(
            refused.text.contains("value=\"Warehouse\""),
            "what was typed stays"
        );
    }
    let nothing = stage.ada.post(LIST, "").await;
    for field in ["name", "address", "events"] {
        assert!(
            nothing.text.contains(&format!("href=\"#{field}\"")),
            "{field}"
        );
    }
    assert!(stage.records().await.is_empty());
    for number in 0..20 {
        let added = stage.ada.post(LIST, &good).await;
        assert_eq!(added.status, 200, "{number}: {}", added.text);
    }
    let more = stage.ada.post(LIST, &good).await;
    assert_eq!(more.status, 422);
    assert!(more.text.contains("at most 20 webhooks"), "{}", more.text);
    assert!(stage.page().await.text.len() < 60_000);
}
