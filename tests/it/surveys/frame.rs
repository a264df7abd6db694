//! What the site around a survey is told, and who is told nothing.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

const HARNESS: &str = include_str!("frame.mjs");

/// What a page with these data says and where it leaves for, in a frame of `ancestor`.
fn told(about: &Value, ancestor: Option<&str>, link: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("survey-frame.mjs");
    fs::copy("assets/js/survey-frame.js", script).unwrap();
    fs::write(folder.path().join("frame.mjs"), HARNESS).unwrap();
    let done = Command::new("node")
        .arg("frame.mjs")
        .arg(json!([about, ancestor, link]).to_string())
        .current_dir(folder.path())
        .output()
        .expect("node is installed: tests/run does it");
    let words = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{words}");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn kinds(told: &Value) -> Vec<String> {
    let said = told["said"].as_array().unwrap().iter();
    said.map(|one| {
        format!(
            "{} {}",
            one[0].as_str().unwrap(),
            one[1]["type"].as_str().unwrap()
        )
    })
    .collect()
}

#[test]
fn a_page_says_who_it_is_where_it_is_and_how_high() {
    let about = json!({
        "origins": "https://a.example https://b.example", "surveyId": "brands",
        "respondent": "17", "page": "3", "pages": "12", "outcome": "",
    });

    let told = told(&about, Some("https://b.example"), &Value::Null);

    let b = "https://b.example";
    assert_eq!(
        kinds(&told),
        ["ready", "page", "resize"].map(|kind| format!("{b} {kind}"))
    );
    assert_eq!(
        told["said"][1][1],
        json!({
            "source": "onsight", "v": 1, "type": "page", "surveyId": "brands",
            "respondent": 17, "page": 3, "pages": 12,
        })
    );
    assert_eq!(told["said"][2][1]["height"], 424);
    assert_eq!(told["left"], json!([]));
}

#[test]
fn the_end_is_told_before_anybody_leaves() {
    let about = json!({
        "origins": "https://a.example", "surveyId": "brands", "respondent": "17",
        "page": "0", "pages": "0", "outcome": "screenout",
    });
    let link = json!({ "href": "https://panel.example/end" });

    let within = told(&about, None, &link);
    let away = told(
        &about,
        None,
        &json!({ "href": "https://panel.example/end", "target": "_top" }),
    );

    assert_eq!(within["said"][1][1]["outcome"], "screenout");
    assert_eq!(within["left"], json!(["frame https://panel.example/end"]));
    assert_eq!(away["left"], json!(["_top https://panel.example/end"]));
}

#[test]
fn a_site_that_is_not_named_is_told_nothing() {
    let mut about = json!({
        "origins": "https://a.example", "surveyId": "brands", "respondent": "0",
        "page": "1", "pages": "2", "outcome": "",
    });
    let evil = told(&about, Some("https://evil.example"), &Value::Null);
    assert_eq!(evil["said"], json!([]));
    // A browser that does not say who is around delivers to those that are named alone.
    let unsaid = told(&about, None, &Value::Null);
    assert!(
        kinds(&unsaid)
            .iter()
            .all(|one| one.starts_with("https://a.example "))
    );
    assert!(unsaid["said"][0][1].get("respondent").is_none());
    about["alone"] = json!("yes");
    assert_eq!(told(&about, None, &Value::Null)["said"], json!([]));
}
