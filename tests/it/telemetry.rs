//! What leaves by agreement: exactly the bytes that were shown, or none.

use std::collections::BTreeSet;

use onsight::base::Time;
use onsight::journal::Actor;
use onsight::people;
use onsight::telemetry::{self, InstanceId, Outcome};
use serde_json::Value;

use crate::sink::{Got, Sink};
use crate::support::{TestSite, Visitor};

/// The text of the report that a page shows.
fn shown(page: &str) -> String {
    let text = page.split("aria-label=\"The report\">").nth(1).unwrap();
    let text = text.split("</pre>").next().unwrap();
    text.replace("&#34;", "\"").replace("&quot;", "\"")
}

pub(crate) async fn agreed(visitor: &Visitor) -> String {
    let page = visitor.get("/telemetry").await;
    let instance = page.between("name=\"instance\" value=\"", "\"");
    let form = format!("reports=on&instance={instance}");
    let answer = visitor.post("/telemetry", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    instance.to_owned()
}

/// Its head names the machine that is asked and the length, and nobody.
fn says_no_more_than_http_needs(got: &Got) {
    let names: BTreeSet<String> = got
        .head
        .lines()
        .skip(1)
        .map(|line| line.split(':').next().unwrap().to_lowercase())
        .collect();
    let known = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ];
    assert_eq!(names, known.map(str::to_owned).into());
    assert!(got.head.starts_with("POST /v1 HTTP/1.1\r\n"));
    assert!(
        got.head
            .lines()
            .any(|line| line.eq_ignore_ascii_case("user-agent: Onsight"))
    );
}

#[tokio::test]
async fn the_collector_gets_the_very_bytes_that_were_shown_and_nothing_before_or_after() {
    let sink = Sink::on("127.0.0.1").await;
    let site = sink.site();
    let ada = site.found("Northgate", "ada@example.org").await;
    site.site().carry().await.unwrap();

    // Nobody said yes.
    assert_eq!(
        telemetry::send(site.site(), true).await.unwrap(),
        Outcome::Off
    );
    assert!(sink.got().is_empty());

    let instance = agreed(&ada).await;
    let page = ada.get("/telemetry").await;
    let body = shown(&page.text);
    assert!(body.contains(&instance), "{body}");
    assert!(sink.got().is_empty(), "agreeing sends nothing");

    let outcome = telemetry::send(site.site(), false).await.unwrap();

    let bytes = body.len();
    assert_eq!(outcome, Outcome::Sent { bytes, status: 202 });
    let got = sink.got();
    assert_eq!((got.len(), got[0].body.as_str()), (1, body.as_str()));
    says_no_more_than_http_needs(&got[0]);

    // The ledger has it, byte for byte.
    let state = telemetry::state(site.site()).await.unwrap();
    assert_eq!((state.sent.len(), &state.sent[0].body), (1, &body));
    assert_eq!(state.sent[0].answer.as_deref(), Some("thanks"));
    let kept = ada
        .get(&format!("/telemetry/sent/{}", state.sent[0].id))
        .await;
    assert_eq!(shown(&kept.text), body);

    // One a week.
    let again = telemetry::send(site.site(), false).await.unwrap();
    assert_eq!(again, Outcome::NotDue(site.site().clock.now()));
    site.site().clock.advance(7 * Time::DAY);
    let later = telemetry::send(site.site(), false).await.unwrap();
    assert!(
        matches!(later, Outcome::Sent { status: 202, .. }),
        "{later:?}"
    );

    // Off: the name is forgotten, and nothing leaves even when asked to.
    telemetry::decline(site.site(), &Actor::command_line())
        .await
        .unwrap();
    let state = telemetry::state(site.site()).await.unwrap();
    assert_eq!(state.instance(), None);
    assert_eq!(
        telemetry::send(site.site(), true).await.unwrap(),
        Outcome::Off
    );
    assert_eq!(sink.got().len(), 2);
}

#[tokio::test]
async fn what_was_refused_or_never_arrived_stands_in_the_ledger_as_well() {
    let sink = Sink::on("127.0.0.1").await;
    let site = sink.site();
    let ada = site.found("Northgate", "ada@example.org").await;
    agreed(&ada).await;
    *sink.answer.lock().unwrap() = "500 Broken";

    let refused = telemetry::send(site.site(), false).await.unwrap();
    assert!(
        matches!(refused, Outcome::Sent { status: 500, .. }),
        "{refused:?}"
    );
    // It did not arrive, so it is still due.
    *sink.answer.lock().unwrap() = "200 OK";
    let taken = telemetry::send(site.site(), false).await.unwrap();
    assert!(
        matches!(taken, Outcome::Sent { status: 200, .. }),
        "{taken:?}"
    );

    // A machine that shows another certificate gets not a byte of it.
    let other = Sink::on("127.0.0.1").await;
    let mistrusting = TestSite::with(|config| onsight::config::Config {
        allow: vec![format!("127.0.0.1:{}", other.port)],
        telling: onsight::config::Telling {
            endpoint: Some(other.endpoint()),
            ca: site.site().config.telling.ca.clone(),
            ..onsight::config::Telling::default()
        },
        ..config
    });
    let eve = mistrusting.found("Northgate", "eve@example.org").await;
    agreed(&eve).await;
    assert!(telemetry::send(mistrusting.site(), false).await.is_err());
    assert!(other.got().is_empty());
    let state = telemetry::state(mistrusting.site()).await.unwrap();
    assert_eq!((state.sent.len(), state.sent[0].arrived()), (1, false));
    let page = eve.get("/telemetry").await;
    assert!(page.text.contains("no answer"), "{}", page.text);
}

/// Every key of an object and of those in it, as a path.
fn keys(value: &Value, at: &str, into: &mut BTreeSet<String>) {
    if let Value::Object(parts) = value {
        for (name, part) in parts {
            let path = format!("{at}{name}");
            keys(part, &format!("{path}."), into);
            if !part.is_object() {
                into.insert(path);
            }
        }
    }
}

#[tokio::test]
async fn a_report_has_the_keys_and_the_values_that_are_documented_and_no_others() {
    let (site, _) = TestSite::new().await;
    site.furnish().await;
    site.site().carry().await.unwrap();
    let report = telemetry::preview(site.site())
        .await
        .unwrap()
        .bytes()
        .unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let mut found = BTreeSet::new();
    keys(&report, "", &mut found);

    // The table of the documentation: | `key` | … |
    let documented = std::fs::read_to_string("docs/telemetry.md").unwrap();
    let section = documented.split("### What is in it").nth(1).unwrap();
    let section = section.split("\n###").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.filter_map(|line| line.split_once("` | "));
    let table: Vec<(String, String)> = rows
        .map(|(key, what)| (key.to_owned(), what.to_owned()))
        .collect();
    let names: BTreeSet<String> = table.iter().map(|(key, _)| key.clone()).collect();

    assert_eq!(
        found, names,
        "docs/telemetry.md and a report have the same keys"
    );
    let what = |key: &str| &table.iter().find(|(known, _)| known == key).unwrap().1;
    for key in [
        "uptime",
        "counts.workspaces",
        "counts.people",
        "counts.rows",
    ] {
        let value = key.split('.').fold(&report, |value, part| &value[part]);
        let value = format!("`{}`", value.as_str().unwrap());
        assert!(
            what(key).contains(&value),
            "{key} is {value}, and that is not documented"
        );
    }
    for feature in report["features"].as_array().unwrap() {
        let name = format!("`{}`", feature.as_str().unwrap());
        assert!(what("features").contains(&name), "{name} is not documented");
    }
    assert!(!report["features"].as_array().unwrap().is_empty());
}

/// Words that say what they are, from a seed.
fn canaries(seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    (0..8)
        .map(|_| {
            let letters = (0..9).map(|_| char::from(b'a' + u8::try_from(next() % 26).unwrap()));
            letters.collect()
        })
        .collect()
}

#[tokio::test]
async fn no_name_no_row_no_statement_and_no_address_is_ever_in_a_report() {
    for seed in [7, 4_711, 99_991] {
        let words = canaries(seed);
        let [workspace, person, table, column, cell, query, member, group] = &words[..] else {
            unreachable!()
        };
        let site = TestSite::empty();
        let ada = site
            .found(workspace, &format!("{person}@{member}.example"))
            .await;
        let place = people::first_workspace(site.site()).await.unwrap();
        let csv = format!("id,{column}\n1,{cell}\n2,{cell}{cell}\n");
        site.table(place, table, csv.leak()).await;
        let form = format!("name={query}&sql=select+{column}+from+{table}+where+1%3D1&params=");
        ada.post("/queries/save", &form).await;
        ada.post("/groups", &format!("name={group}")).await;
        ada.post("/account/keys", &format!("name={cell}")).await;
        ada.get(&format!("/data/{table}")).await;
        ada.get(&format!("/data/{table}/export.csv")).await;
        site.site().carry().await.unwrap();

        let report = telemetry::preview(site.site())
            .await
            .unwrap()
            .bytes()
            .unwrap();
        let lower = report.to_lowercase();
        for word in &words {
            assert!(!lower.contains(word.as_str()), "{word} is in {report}");
        }
        let ids = [place.to_string(), place.to_string()[..8].to_owned()];
        for hidden in
            ids.iter()
                .map(String::as_str)
                .chain(["127.0.0.1", "localhost", "select", "@"])
        {
            assert!(!report.contains(hidden), "{hidden} is in {report}");
        }
        // It does tell that something was done.
        assert!(
            report.contains("\"groups\"") && report.contains("\"api_keys\""),
            "{report}"
        );
    }
}

#[tokio::test]
async fn a_file_can_be_carried_by_hand_and_shows_when_it_was_changed() {
    let (site, ada) = TestSite::new().await;
    let refused = ada.post("/telemetry/file", "").await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    agreed(&ada).await;

    let file = ada.post("/telemetry/file", "").await;

    assert_eq!(file.status, 200, "{}", file.text);
    assert!(
        file.headers["content-disposition"]
            .to_str()
            .unwrap()
            .contains("onsight-report-2027")
    );
    let key = onsight::journal::hex(&site.site().signer().public());
    let checked = telemetry::check(&file.text, Some(&key)).unwrap();
    let state = telemetry::state(site.site()).await.unwrap();
    assert_eq!(state.sent[0].body, checked.report);
    assert!(state.sent[0].is_file && state.sent[0].arrived());
    for (from, to) in [
        ("\\\"0\\\"", "\\\"1\\\""),
        ("x86_64", "x86_65"),
        ("2027-W", "2026-W"),
    ] {
        let changed = file.text.replacen(from, to, 1);
        if changed != file.text {
            let said = telemetry::check(&changed, None).unwrap_err().to_string();
            assert!(said.contains("was changed"), "{said}");
        }
    }
    assert!(telemetry::check(&file.text, Some(&"00".repeat(32))).is_err());
    for hostile in ["", "{}", "null", "[1]", &"x".repeat(100_000)] {
        assert!(telemetry::check(hostile, None).is_err());
    }
}

#[tokio::test]
async fn an_operator_is_asked_once_and_no_is_the_answer_of_who_says_nothing() {
    let (site, ada) = TestSite::new().await;
    assert_eq!(ada.get("/begin").await.location(), "/telemetry/ask");
    let page = ada.get("/telemetry/ask").await;
    let body = shown(&page.text);
    let report: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(report["schema"], 1);
    assert!(page.text.find("No, send nothing").unwrap() < page.text.find("Yes, send").unwrap());
    // Looking decides nothing.
    assert_eq!(telemetry::state(site.site()).await.unwrap().choice, None);
    let strange = ada.post("/telemetry", "reports=maybe").await;
    assert_eq!(strange.status, 422, "{}", strange.text);
    let forged = ada
        .post("/telemetry", "reports=on&instance=ada@example.org")
        .await;
    assert_eq!(forged.status, 422, "{}", forged.text);

    let no = ada.post("/telemetry", "reports=off&from=set-up").await;

    assert_eq!(no.location(), "/");
    assert_eq!(ada.get("/begin").await.location(), "/");
    let state = telemetry::state(site.site()).await.unwrap();
    assert!(state.choice.is_some() && state.instance().is_none());
    // Who operates nothing is not asked.
    let bob = site
        .member("bob@example.org", onsight::web::Role::User)
        .await;
    assert_eq!(bob.get("/begin").await.location(), "/");
}

#[tokio::test]
async fn the_name_of_the_instance_is_the_one_that_was_shown_and_can_be_another() {
    let (site, ada) = TestSite::new().await;
    let first = agreed(&ada).await;
    let of = async || {
        let state = telemetry::state(site.site()).await.unwrap();
        state.instance().map(InstanceId::as_str).map(str::to_owned)
    };
    assert_eq!(of().await.as_deref(), Some(first.as_str()));

    ada.post("/telemetry", "reports=on&renew=yes").await;

    let second = of().await.unwrap();
    assert_ne!(second, first);
    site.site().carry().await.unwrap();
    let trail = ada.get("/audit/instance").await.text;
    assert!(trail.contains("telemetry.renewed"), "{trail}");
    // The trail says that it changed, not what it is.
    assert!(!trail.contains(&first) && !trail.contains(&second));
}
