//! Figures and health: who sees them, and whether they tell what happened.

use onsight::base::Time;
use onsight::telemetry::Watch;
use onsight::web::Role;

use crate::support::{TestSite, Visitor};

async fn token(ada: &Visitor) -> String {
    let made = ada.post("/health/figures/token", "").await;
    assert_eq!(made.status, 200, "{}", made.text);
    made.between("id=\"made-token\">", "<").to_owned()
}

#[tokio::test]
async fn the_figures_are_there_for_the_token_and_for_nothing_else() {
    let (site, ada) = TestSite::new().await;
    let mut program = site.stranger();
    assert_eq!(program.get("/metrics").await.status, 404);
    // An operator's session is no token either.
    assert_eq!(ada.get("/metrics").await.status, 404);

    let first = token(&ada).await;
    assert!(first.starts_with("metrics_") && first.len() > 60, "{first}");
    assert!(!ada.get("/health/figures").await.text.contains(&first));
    assert_eq!(program.get("/metrics").await.status, 401);
    assert_eq!(ada.get("/metrics").await.status, 401);
    program.key = Some(format!("{first}x"));
    assert_eq!(program.get("/metrics").await.status, 401);
    program.key = Some(first.clone());
    let answer = program.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.text.contains("onsight_build_info{version="),
        "{}",
        answer.text
    );
    // It opens that page and nothing else.
    assert_eq!(
        program.get("/health").await.location(),
        "/sign-in?then=%2Fhealth"
    );

    // A new one takes its place, and none closes it again.
    let second = token(&ada).await;
    assert_eq!(program.get("/metrics").await.status, 401);
    program.key = Some(second);
    assert_eq!(program.get("/metrics").await.status, 200);
    ada.post("/health/figures/token/remove", "").await;
    assert_eq!(program.get("/metrics").await.status, 404);
    site.site().carry().await.unwrap();
    let trail = ada.get("/audit/instance").await.text;
    for action in ["metrics.token_made", "metrics.token_removed"] {
        assert!(trail.contains(action), "{action} is not in the trail");
    }
    assert!(!trail.contains(&first));
}

#[tokio::test]
async fn requests_are_counted_by_their_pattern_and_acts_by_their_name() {
    let (site, ada) = TestSite::new().await;
    let mut watch = Watch::begin(site.site().clone()).await.unwrap();
    watch.look().await.unwrap();
    ada.get("/data/salaries?q=secret").await;
    ada.get("/nowhere/at/all").await;
    ada.post("/account/keys", "name=Excel").await;
    site.site().carry().await.unwrap();
    watch.look().await.unwrap();

    let text = site.site().meters.text();

    for line in [
        "onsight_http_requests_total{method=\"GET\",route=\"/data/{table}\",status=\"404\"} 1",
        "onsight_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        "onsight_http_request_duration_seconds_count{method=\"POST\",route=\"/account/keys\"} 1",
        "onsight_acts_total{action=\"key.made\",result=\"ok\"} 1",
        "# TYPE onsight_database_bytes gauge",
        "onsight_writes_waiting 0",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for hidden in ["salaries", "secret", "ada@", "Northgate"] {
        assert!(!text.contains(hidden), "{hidden} is in {text}");
    }
    // Every line is a remark or a name with a number.
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(
            name.starts_with("onsight_") || name.starts_with("process_"),
            "{line}"
        );
        assert!(value.parse::<f64>().is_ok(), "{line}");
    }
}

#[tokio::test]
async fn who_asks_whether_it_is_ready_hears_a_word_and_operators_hear_why() {
    let (site, ada) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    for visitor in [&site.stranger(), &bob] {
        let answer = visitor.get("/readyz").await;
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (200, "ready")
        );
    }
    let told = ada.get("/readyz").await;
    let told: serde_json::Value = serde_json::from_str(&told.text).unwrap();
    assert_eq!(told["ready"], true);
    let names: Vec<_> = told["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| &check["check"])
        .collect();
    assert_eq!(names, ["serving", "reading", "writing", "disk"]);

    site.site().drain();

    // Nobody new is sent here, and who is here is still served.
    let answer = site.stranger().get("/readyz").await;
    assert_eq!(
        (answer.status.as_u16(), answer.text.as_str()),
        (503, "not ready")
    );
    assert_eq!(site.stranger().get("/healthz").await.text, "ok");
    assert_eq!(ada.get("/health").await.status, 200);
}

#[tokio::test]
async fn the_page_of_the_last_day_shows_what_there_was() {
    let (site, ada) = TestSite::new().await;
    let mut watch = Watch::begin(site.site().clone()).await.unwrap();
    watch.look().await.unwrap();
    for _ in 0..7 {
        ada.get("/account").await;
        site.site().clock.advance(4 * Time::MINUTE);
        watch.look().await.unwrap();
    }
    let slots = site.site().meters.history.slots();
    let requests: u64 = slots.iter().map(|slot| slot.latency.total()).sum();
    assert!(slots.len() >= 3 && (5..=7).contains(&requests), "{slots:?}");

    // When a session was last seen is noted beside the request: here half an hour passes in a moment.
    let ada = site.again("ada@example.org", &ada).await;
    let page = ada.get("/health").await;

    assert_eq!(page.status, 200, "{}", page.text);
    for part in [
        "<onsight-chart",
        "GET /account",
        "Requests a minute",
        "badge good",
    ] {
        assert!(page.text.contains(part), "{part} is not on the page");
    }
}

#[tokio::test]
async fn a_start_stands_in_the_trail() {
    let (site, ada) = TestSite::new().await;
    Watch::begin(site.site().clone()).await.unwrap();
    site.site().carry().await.unwrap();
    let trail = ada.get("/audit/instance").await.text;
    assert!(trail.contains("server.started"), "{trail}");
}

#[tokio::test]
async fn the_same_version_with_other_content_raises_an_alert() {
    let (site, _) = TestSite::new().await;
    Watch::begin(site.site().clone()).await.unwrap();
    assert_eq!(open_alerts(&site).await, [""; 0]);
    // As if another program had been started under this version before.
    site.site()
        .system
        .write(|tx| {
            tx.execute("update program set sha256 = 'other'", [])?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();

    Watch::begin(site.site().clone()).await.unwrap();

    assert_eq!(open_alerts(&site).await, ["program.changed"]);
}

async fn open_alerts(site: &TestSite) -> Vec<String> {
    let read = |conn: &onsight::store::Connection| {
        let mut list = conn.prepare("select key from alert where state = 'open'")?;
        let keys = list.query_map([], |row| row.get(0))?;
        Ok::<_, onsight::store::Error>(keys.collect::<onsight::store::SqlResult<_>>()?)
    };
    site.site().system.read(read).await.unwrap()
}
