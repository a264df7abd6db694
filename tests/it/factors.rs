//! Second factors, the question who it is, and the lock.

use onsight::base::Time;
use onsight::people;
use onsight::web::{Access, Role};

use crate::support::{Answer, TestSite, Visitor, code_of};

const PASSWORD: &str = "correct+horse+battery+staple";

/// A site whose admin has a password and an app; the app's seed and the
/// recovery codes.
async fn set_up() -> (TestSite, Visitor, String, Vec<String>) {
    let site = TestSite::empty();
    let code = people::offer_setup(site.site()).await.unwrap().unwrap();
    let mut ada = site.stranger();
    let form = format!(
        "code={}&workspace=Northgate&name=Ada&email=ada%40example.org&password={PASSWORD}",
        code.reveal()
    );
    ada.keep(&ada.post("/set-up", &form).await);
    let (seed, codes) = site.enrol(&ada).await;
    (site, ada, seed, codes)
}

/// Somebody who knows Ada's password and owes the rest.
async fn half(site: &TestSite) -> Visitor {
    let mut visitor = site.stranger();
    let form = format!("email=ada@example.org&then=%2Fmembers&password={PASSWORD}");
    let answer = visitor.post("/sign-in", &form).await;
    assert_eq!(answer.location(), "/sign-in/second?then=%2Fmembers");
    visitor.keep_named("__Host-entry=", &answer);
    visitor
}

async fn second(visitor: &Visitor, code: &str) -> Answer {
    let form = format!("code={code}&then=%2Fmembers");
    visitor.post("/sign-in/second", &form).await
}

/// The code of the app, so many seconds from now.
fn code_in(site: &TestSite, seed: &str, seconds: i64) -> String {
    code_of(seed, site.site().clock.now().plus(seconds * Time::SECOND))
}

#[tokio::test]
async fn an_admin_without_a_second_factor_reaches_enrolment_and_the_way_out_only() {
    let site = TestSite::empty();
    site.make("Northgate", "ada@example.org").await;
    let ada = site.enter_by_link("ada@example.org").await;
    let id = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0";
    let mut walked = 0;
    for route in onsight::server::routes(&site.people).map {
        let is_kept_from = matches!(
            route.access,
            Access::SignedIn | Access::Needs(_) | Access::Fresh(_)
        );
        if !is_kept_from {
            continue;
        }
        let parts = route.path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { id } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let body = axum::body::Body::empty();
        let answer = ada.send(route.method.as_str(), &path, body).await;
        let to = answer.location().split('?').next().unwrap();
        assert_eq!(to, "/account/factors", "{} {path}", route.method);
        walked += 1;
    }
    assert!(walked > 50);
    assert_eq!(ada.get("/account/factors").await.status, 200);
    assert_eq!(ada.get("/account").await.status, 200);
    assert_eq!(ada.post("/sign-out", "").await.location(), "/sign-in");
}

#[tokio::test]
async fn the_password_alone_opens_nothing() {
    let (site, ..) = set_up().await;
    let mut half = half(&site).await;
    assert_eq!(
        half.get("/account").await.location(),
        "/sign-in?then=%2Faccount"
    );
    // Nor does its token in the place of a session's.
    half.cookie = half.cookie.replace("__Host-entry", "__Host-session");
    assert_eq!(
        half.get("/account").await.location(),
        "/sign-in?then=%2Faccount"
    );
}

#[tokio::test]
async fn each_code_is_good_once_and_a_clock_may_be_a_step_off() {
    let (site, _, seed, _) = set_up().await;
    site.site().clock.advance(Time::HOUR);
    assert_eq!(second(&half(&site).await, "000000").await.status, 422);
    assert_eq!(
        second(&half(&site).await, &code_in(&site, &seed, 60))
            .await
            .status,
        422
    );
    assert_eq!(
        second(&half(&site).await, &code_in(&site, &seed, -60))
            .await
            .status,
        422
    );

    let now = code_in(&site, &seed, 0);
    let mut visitor = half(&site).await;
    let entered = second(&visitor, &now).await;
    assert_eq!(entered.location(), "/members", "{}", entered.text);
    visitor.keep(&entered);
    assert_eq!(visitor.get("/members").await.status, 200);

    let again = second(&half(&site).await, &now).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("used before"));
    let earlier = second(&half(&site).await, &code_in(&site, &seed, -30)).await;
    assert_eq!(earlier.status, 422, "a step before the last one");
    let later = second(&half(&site).await, &code_in(&site, &seed, 30)).await;
    assert_eq!(later.status, 303);
}

#[tokio::test]
async fn a_half_session_ends_when_it_was_used_and_after_ten_minutes() {
    let (site, _, seed, _) = set_up().await;
    site.site().clock.advance(Time::HOUR);
    let used = half(&site).await;
    assert_eq!(second(&used, &code_in(&site, &seed, 0)).await.status, 303);
    site.site().clock.advance(Time::MINUTE);
    let again = second(&used, &code_in(&site, &seed, 0)).await;
    assert_eq!(again.location(), "/sign-in?then=%2Fmembers");

    let late = half(&site).await;
    site.site().clock.advance(10 * Time::MINUTE);
    let late = second(&late, &code_in(&site, &seed, 0)).await;
    assert_eq!(late.location(), "/sign-in?then=%2Fmembers");
}

#[tokio::test]
async fn of_many_who_use_a_recovery_code_at_once_one_comes_in() {
    let (site, ada, _, codes) = set_up().await;
    assert_eq!(codes.len(), 10);
    let mut tries = Vec::new();
    for _ in 0..5 {
        let (visitor, code) = (half(&site).await, codes[3].clone());
        tries.push(tokio::spawn(
            async move { second(&visitor, &code).await.status },
        ));
    }
    let mut entered = 0;
    for one in tries {
        entered += usize::from(one.await.unwrap() == 303);
    }
    assert_eq!(entered, 1);
    assert!(ada.get("/account/factors").await.text.contains("9 left"));
}

#[tokio::test]
async fn guessing_codes_is_slowed_down_as_guessing_passwords_is() {
    let (site, _, seed, _) = set_up().await;
    site.site().clock.advance(Time::HOUR);
    let visitor = half(&site).await;
    for _ in 0..6 {
        assert_eq!(second(&visitor, "000000").await.status, 422);
    }
    let right = second(&visitor, &code_in(&site, &seed, 0)).await;
    assert!(right.text.contains("too many tries"), "{}", right.text);
}

#[tokio::test]
async fn a_link_stands_in_for_the_password_and_not_for_the_second_factor() {
    let (site, ..) = set_up().await;
    let email = people::Email::parse("ada@example.org").unwrap();
    let link = people::sign_in_link(site.site(), &email).await.unwrap();
    let answer = site.stranger().post(&link, "").await;
    assert_eq!(answer.location(), "/sign-in/second?then=%2F");
}

#[tokio::test]
async fn a_form_that_needs_a_proof_is_kept_and_done_after_it() {
    let (site, ada, seed, _) = set_up().await;
    let bob = site.member("bob@example.org", Role::User).await;
    let page = ada.get("/members").await;
    let id = page
        .text
        .split("/members/")
        .filter_map(|part| part.split_once("/disable"))
        .map(|(id, _)| id.to_owned())
        .next()
        .unwrap();
    let path = format!("/members/{id}/role");
    site.site().clock.advance(6 * Time::MINUTE);

    let asked = ada.post(&path, "role=builder").await;
    assert!(asked.location().starts_with("/confirm-it-is-you?kept="));
    let kept = asked.location().split('=').nth(1).unwrap().to_owned();
    assert_eq!(bob.get("/data").await.status, 403, "not done yet");

    // A password is no second factor, and another's code is none.
    let form = format!("then=&kept={kept}&password={PASSWORD}");
    assert_eq!(ada.post("/confirm-it-is-you", &form).await.status, 422);
    let form = format!("then=&kept={kept}&code={}", code_in(&site, &seed, 0));
    let proven = ada.post("/confirm-it-is-you", &form).await;
    let go_on = format!("/confirm-it-is-you/go-on?kept={kept}");
    assert_eq!(proven.location(), go_on, "{}", proven.text);
    let page = ada.get(&go_on).await;
    assert!(page.text.contains(&format!("{path}?kept={kept}")));

    let done = ada.post(&format!("{path}?kept={kept}"), "").await;
    assert_eq!(done.location(), "/members", "{}", done.text);
    site.site().clock.advance(3 * Time::SECOND);
    assert_eq!(bob.get("/data").await.status, 200);
    let twice = ada.post(&format!("{path}?kept={kept}"), "").await;
    assert_eq!(twice.status, 422, "the form is given out once");
}

#[tokio::test]
async fn a_file_that_needs_a_proof_comes_after_it() {
    let (site, ada, seed, _) = set_up().await;
    site.site().clock.advance(6 * Time::MINUTE);
    let path = "/data/orders/export.csv?sort=id";
    let asked = ada.get(path).await;
    let then = "%2Fdata%2Forders%2Fexport.csv%3Fsort%3Did";
    assert_eq!(asked.location(), format!("/confirm-it-is-you?then={then}"));

    let form = format!("then={then}&kept=&code={}", code_in(&site, &seed, 0));
    let proven = ada.post("/confirm-it-is-you", &form).await;

    assert_eq!(
        proven.location(),
        format!("/confirm-it-is-you/go-on?then={then}")
    );
    assert!(
        ada.get(proven.location())
            .await
            .text
            .contains("export.csv?sort=id")
    );
    assert_eq!(
        ada.get(path).await.status,
        404,
        "asked for, and there is no such table"
    );
}

#[tokio::test]
async fn a_locked_session_goes_on_where_it_was_after_the_password() {
    let (site, ada, ..) = set_up().await;
    site.site().clock.advance(15 * Time::MINUTE);
    let json = ada.clone();
    let asked = axum::http::Request::builder()
        .uri("/members")
        .header("host", "localhost")
        .header("accept", "application/json")
        .header("cookie", &json.cookie)
        .body(axum::body::Body::empty())
        .unwrap();
    let router = onsight::server::router(&site.people);
    let answer = tower::ServiceExt::oneshot(router, asked).await.unwrap();
    assert_eq!(answer.status(), 401);

    let invitation = "email=bob%40example.org&name=Bob&role=user";
    let locked = ada.post("/members", invitation).await;
    assert!(locked.location().starts_with("/locked?kept="));
    let kept = locked.location().split('=').nth(1).unwrap().to_owned();
    assert!(ada.get("/locked").await.text.contains("Unlock"));
    let wrong = format!("then=%2Fmembers&kept={kept}&password=wrong");
    assert_eq!(ada.post("/locked", &wrong).await.status, 422);
    assert_eq!(
        ada.get("/members").await.location(),
        "/locked?then=%2Fmembers"
    );

    let right = format!("then=%2Fmembers&kept={kept}&password={PASSWORD}");
    assert_eq!(ada.post("/locked", &right).await.status, 303);
    assert_eq!(ada.get("/members").await.status, 200);
    // The password unlocks; what asks for a proof still asks for the second factor.
    let unsure = ada.post("/account/keys", "name=Excel").await;
    assert!(unsure.location().starts_with("/confirm-it-is-you"));
    let done = ada.post(&format!("/members?kept={kept}"), "").await;
    assert!(done.text.contains("bob@example.org"), "{}", done.text);
}

#[tokio::test]
async fn a_rule_makes_a_second_factor_a_duty_at_once() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    assert_eq!(cyd.get("/data").await.status, 200);

    let saved = admin
        .post("/sign-in-rules", "idle=30&longest=8&factor=builder")
        .await;

    assert_eq!(saved.location(), "/sign-in-rules", "{}", saved.text);
    assert_eq!(
        cyd.get("/data").await.location(),
        "/account/factors?then=%2Fdata"
    );
    let (seed, _) = site.enrol(&cyd).await;
    assert_eq!(cyd.get("/data").await.status, 200);
    site.site().clock.advance(29 * Time::MINUTE);
    assert_eq!(cyd.get("/data").await.status, 200);
    assert_eq!(seed.len(), 32);
    site.site().clock.advance(8 * Time::HOUR);
    assert_eq!(cyd.get("/data").await.location(), "/sign-in?then=%2Fdata");
    let refused = admin.post("/sign-in-rules", "idle=4&longest=25").await;
    assert_eq!(refused.location(), "/sign-in", "their session ended too");
}

#[tokio::test]
async fn nothing_secret_is_in_the_audit_trail() {
    let (site, ada, seed, codes) = set_up().await;
    let again = second(&half(&site).await, &codes[0]).await;
    assert_eq!(again.status, 303);
    site.site().carry().await.unwrap();
    let audit = ada.get("/audit/export/ndjson").await.text;
    assert!(audit.contains("factor.added") && audit.contains("password+recovery"));
    for secret in [seed.as_str(), &codes[0], "battery"] {
        assert!(!audit.contains(secret));
    }
    let account = ada.get("/account/factors").await.text;
    assert!(!account.contains(&seed) && !account.contains(&codes[1]));
}

#[tokio::test]
async fn only_a_demo_lets_its_admin_in_by_link_alone() {
    let demo = TestSite::with(onsight::config::Config::for_demo);
    demo.make("Demo", "demo@example.org").await;
    let admin = demo.enter_by_link("demo@example.org").await;
    assert_eq!(admin.get("/members").await.status, 200);
    demo.site().clock.advance(Time::HOUR);
    assert_eq!(admin.get("/members").await.status, 200);
    // Whoever takes a factor there is held to it.
    demo.enrol(&admin).await;
    demo.site().clock.advance(Time::HOUR);
    assert_eq!(
        admin.get("/members").await.location(),
        "/locked?then=%2Fmembers"
    );
}

#[tokio::test]
async fn who_lost_everything_is_helped_by_an_admin_or_on_the_server() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    site.enrol(&cyd).await;
    let page = admin.get("/members").await;
    let id = page
        .text
        .split("/members/")
        .filter_map(|part| part.split_once("/factors/reset"))
        .map(|(id, _)| id.to_owned())
        .next()
        .unwrap();

    let reset = admin
        .post(&format!("/members/{id}/factors/reset"), "")
        .await;

    assert_eq!(reset.location(), "/members");
    assert_eq!(
        cyd.get("/account").await.location(),
        "/sign-in?then=%2Faccount"
    );
    let back = site.enter_by_link("cyd@example.org").await;
    assert!(
        back.get("/account/factors")
            .await
            .text
            .contains("id=\"seed\"")
    );
    let ada = people::Email::parse("ada@example.org").unwrap();
    people::forget_factors_of(site.site(), &ada).await.unwrap();
    site.site().clock.advance(3 * Time::SECOND);
    assert_eq!(
        admin.get("/account").await.location(),
        "/sign-in?then=%2Faccount"
    );
}

#[tokio::test]
async fn a_ceremony_nobody_began_opens_nothing() {
    let (site, ..) = set_up().await;
    let stranger = site.stranger();
    let begun = stranger.post("/sign-in/passkey/begin", "").await;
    assert_eq!(begun.status, 200, "{}", begun.text);
    assert!(begun.text.contains("\"rpId\":\"localhost\""));
    let answer = "{\"ceremony\":\"x\",\"answer\":{\"id\":\"AA\",\"rawId\":\"AA\",\
        \"type\":\"public-key\",\"response\":{\"authenticatorData\":\"AA\",\
        \"clientDataJSON\":\"AA\",\"signature\":\"AA\",\"userHandle\":null}}}";
    let body = axum::body::Body::from(answer);
    let refused = stranger
        .send_as("POST", "/sign-in/passkey", "application/json", body)
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("was refused"), "{}", refused.text);
}
