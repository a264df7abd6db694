//! Whoever is not signed in learns from no answer who has an account here.

use onsight::people::{self, Email, NewUser, Password};
use onsight::web::Role;

use crate::support::{Answer, TestSite};

const PASSWORD: &str = "correct horse battery staple";

/// A site with Ada, who has a password, Bob, who was invited and has none, and
/// Cyd, who was shut out.
async fn site() -> TestSite {
    let site = TestSite::empty();
    let new = |email: &str, role| NewUser {
        email: Email::parse(email).unwrap(),
        name: "Somebody".to_owned(),
        role,
        operator: false,
    };
    let words = PASSWORD.to_owned().into();
    let password = Password::choose(&words, "ada@example.org", "Ada", false).unwrap();
    let hash = site.people.passwords.hash(password).await.unwrap();
    let ada = new("ada@example.org", Role::Admin);
    people::welcome(site.site(), ada, "Northgate", Some(hash))
        .await
        .unwrap();
    for email in ["bob@example.org", "cyd@example.org"] {
        people::add(site.site(), new(email, Role::User))
            .await
            .unwrap();
    }
    let cyd = Email::parse("cyd@example.org").unwrap();
    people::disable(site.site(), &cyd).await.unwrap();
    site
}

/// Everything of the answer that the address typed does not explain.
fn plain(answer: &Answer, email: &str) -> (u16, Vec<String>, String) {
    let id = answer.headers["x-request-id"].to_str().unwrap();
    let headers = answer.headers.iter();
    let headers = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    (
        answer.status.as_u16(),
        headers.map(|line| line.replace(id, "…")).collect(),
        answer.text.replace(email, "…").replace(id, "…"),
    )
}

#[tokio::test]
async fn signing_in_answers_known_and_unknown_names_alike_after_the_same_work() {
    let site = site().await;
    let mut told = Vec::new();
    for email in [
        "ada@example.org",
        "bob@example.org",
        "cyd@example.org",
        "eve@example.org",
    ] {
        let before = site.people.passwords.computed();
        let form = format!("email={email}&password=wrong+words+altogether&then=%2F");
        let answer = site.stranger().post("/sign-in", &form).await;
        let work = site.people.passwords.computed() - before;
        told.push((plain(&answer, email), work));
    }
    assert_eq!(told[0].1, 1, "one hash for one try");
    assert_eq!(told[0].0.0, 422);
    for other in &told[1..] {
        assert_eq!(other, &told[0]);
    }
}

#[tokio::test]
async fn slowing_down_says_nothing_of_who_is_known() {
    let site = site().await;
    let mut told = Vec::new();
    for email in ["ada@example.org", "eve@example.org"] {
        let form = format!("email={email}&password=wrong+words+altogether&then=%2F");
        let mut last = None;
        for _ in 0..7 {
            last = Some(site.stranger().post("/sign-in", &form).await);
            // Each address has its own time to wait.
            site.site().clock.advance(1);
        }
        told.push(plain(&last.unwrap(), email).0);
        site.site().clock.advance(60 * 60 * 1_000);
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn a_link_that_never_was_is_answered_like_one_that_was_used() {
    let site = site().await;
    let email = Email::parse("ada@example.org").unwrap();
    let used = people::sign_in_link(site.site(), &email).await.unwrap();
    assert_eq!(site.stranger().post(&used, "").await.status, 303);
    let never = format!("/link/{}", "A".repeat(used.len() - "/link/".len()));
    for (method, body) in [
        ("GET", ""),
        ("POST", ""),
        ("POST", "name=Ada&password=correct+horse+battery+staple"),
    ] {
        let mut told = Vec::new();
        for link in [&used, &never] {
            let before = site.people.passwords.computed();
            let answer = site
                .stranger()
                .send(method, link, axum::body::Body::from(body))
                .await;
            told.push((
                plain(&answer, link),
                site.people.passwords.computed() - before,
            ));
        }
        assert_eq!(told[0], told[1], "{method} {body}");
        assert!(!told[0].0.2.contains("ada@example.org"));
    }
}

#[tokio::test]
async fn the_door_for_the_first_admin_is_shut_for_everybody_alike() {
    let site = site().await;
    let form = |email: &str| {
        format!(
            "code=AAAA-BBBB-CCCC-DDDD&workspace=W&name=N&email={email}&password=correct+horse+battery+staple"
        )
    };
    let known = site
        .stranger()
        .post("/set-up", &form("ada@example.org"))
        .await;
    let unknown = site
        .stranger()
        .post("/set-up", &form("eve@example.org"))
        .await;
    assert_eq!(
        plain(&known, "ada@example.org"),
        plain(&unknown, "eve@example.org")
    );
}
