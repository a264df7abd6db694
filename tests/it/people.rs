//! How people come in, and how they are kept out.

use onsight::base::Time;
use onsight::people::{self, Email};
use onsight::web::Role;

use crate::support::TestSite;

const SET_UP: &str = "workspace=Northgate&name=Ada&email=ada%40example.org&password=";
const PASSWORD: &str = "correct+horse+battery+staple";

#[tokio::test]
async fn the_first_admin_comes_in_by_the_code_and_then_by_password() {
    let site = TestSite::empty();
    let code = people::offer_setup(site.site()).await.unwrap().unwrap();
    let mut ada = site.stranger();
    let form = format!("code={}&{SET_UP}{PASSWORD}", code.reveal());

    let entered = ada.post("/set-up", &form).await;

    assert_eq!(entered.status, 303, "{}", entered.text);
    ada.keep(&entered);
    let to = "/account/factors?then=%2Fmembers";
    assert_eq!(ada.get("/members").await.location(), to);
    site.enrol(&ada).await;
    assert_eq!(ada.get("/members").await.status, 200);
    let again = site
        .stranger()
        .post(
            "/sign-in",
            &format!("email=ADA@example.org&then=%2F&password={PASSWORD}"),
        )
        .await;
    assert_eq!(
        again.location(),
        "/sign-in/second?then=%2F",
        "{}",
        again.text
    );
    let closed = site.stranger().post("/set-up", &form).await;
    assert_eq!(closed.status, 409);
}

#[tokio::test]
async fn of_many_who_set_up_at_once_one_becomes_admin() {
    let site = TestSite::empty();
    let code = people::offer_setup(site.site()).await.unwrap().unwrap();
    let tries = (0..8).map(|n| {
        let visitor = site.stranger();
        let form = format!(
            "code={}&workspace=W&name=N{n}&email=n{n}%40example.org&password={PASSWORD}",
            code.reveal()
        );
        tokio::spawn(async move { visitor.post("/set-up", &form).await.status })
    });
    let mut entered = 0;
    for one in tries.collect::<Vec<_>>() {
        entered += usize::from(one.await.unwrap() == 303);
    }
    assert_eq!(entered, 1);
}

#[tokio::test]
async fn an_old_or_wrong_code_opens_nothing_and_what_was_typed_stays() {
    let site = TestSite::empty();
    let code = people::offer_setup(site.site()).await.unwrap().unwrap();
    let form = format!("code={}&{SET_UP}{PASSWORD}", code.reveal());
    let wrong = form.replace(code.reveal(), "AAAA-BBBB-CCCC-DDDD");

    let refused = site.stranger().post("/set-up", &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("onsight setup-code"));
    assert!(refused.text.contains("value=\"Northgate\""));

    site.site().clock.advance(31 * Time::MINUTE);
    assert_eq!(site.stranger().post("/set-up", &form).await.status, 422);
}

#[tokio::test]
async fn a_wrong_password_and_nobody_get_the_same_answer() {
    let site = TestSite::empty();
    let code = people::offer_setup(site.site()).await.unwrap().unwrap();
    let form = format!("code={}&{SET_UP}{PASSWORD}", code.reveal());
    site.stranger().post("/set-up", &form).await;
    let try_as = async |email: &str| {
        let form = format!("email={email}&then=%2F&password=wrong");
        site.stranger().post("/sign-in", &form).await
    };

    let known = try_as("ada@example.org").await;
    let unknown = try_as("bob@example.org").await;

    assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (422, 422));
    let same = |text: &str| text.replace("ada@", "@").replace("bob@", "@");
    assert_eq!(same(&known.text), same(&unknown.text));
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let (site, _) = TestSite::new().await;
    let form = "email=ada@example.org&then=%2F&password=wrong";
    for _ in 0..6 {
        site.stranger().post("/sign-in", form).await;
    }
    let answer = site.stranger().post("/sign-in", form).await;
    assert!(answer.text.contains("too many tries"), "{}", answer.text);
}

#[tokio::test]
async fn an_invitation_lets_one_person_in_once() {
    let (site, admin) = TestSite::new().await;
    let invited = admin
        .post("/members", "email=bob%40example.org&name=Bob&role=user")
        .await;
    let link = format!("/link/{}", invited.between("https://localhost/link/", "<"));
    let mut bob = site.stranger();

    let short = bob.post(&link, "name=Bob&password=short").await;
    assert_eq!(short.status, 422);
    assert!(short.text.contains("at least 15"));

    let joined = bob
        .post(&link, &format!("name=Bob&password={PASSWORD}"))
        .await;
    assert_eq!(joined.status, 303, "{}", joined.text);
    bob.keep(&joined);
    assert_eq!(bob.get("/account").await.status, 200);
    assert_eq!(bob.get("/members").await.status, 403);
    assert_eq!(site.stranger().get(&link).await.status, 422);
}

#[tokio::test]
async fn disabling_shuts_out_on_the_next_request_and_the_last_admin_stays() {
    let (site, admin) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    assert_eq!(bob.get("/account").await.status, 200);
    let page = admin.get("/members").await;
    let id = page
        .text
        .split("/members/")
        .filter_map(|part| part.split_once("/disable"))
        .map(|(id, _)| id.to_owned())
        .next()
        .unwrap();

    assert_eq!(
        admin
            .post(&format!("/members/{id}/disable"), "")
            .await
            .status,
        303
    );

    assert_eq!(bob.get("/account").await.status, 303);
    let last = people::disable(site.site(), &Email::parse("ada@example.org").unwrap()).await;
    assert!(last.unwrap_err().to_string().contains("last admin"));
    assert_eq!(admin.get("/members").await.status, 200);
}

#[tokio::test]
async fn a_session_locks_when_nobody_uses_it_and_ends_in_any_case() {
    let (site, admin) = TestSite::new().await;
    assert_eq!(admin.get("/account").await.status, 200);
    site.site().clock.advance(15 * Time::MINUTE);
    let locked = admin.get("/account").await;
    assert_eq!(locked.location(), "/locked?then=%2Faccount");
    site.site().clock.advance(12 * Time::HOUR);
    let over = admin.get("/account").await;
    assert_eq!(over.location(), "/sign-in?then=%2Faccount");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let (_site, admin) = TestSite::new().await;
    assert_eq!(admin.post("/sign-out", "").await.status, 303);
    assert_eq!(admin.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    let (site, admin) = TestSite::new().await;
    let router = onsight::server::router(&site.people);
    let request = Request::builder()
        .method("POST")
        .uri("/sign-out")
        .header("host", "localhost")
        .header("cookie", &admin.cookie)
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(admin.get("/account").await.status, 200);
}

#[tokio::test]
async fn what_people_did_is_in_the_chain_and_the_chain_holds() {
    use onsight::journal::Chain;

    let (site, admin) = TestSite::new().await;
    admin
        .post("/members", "email=bob%40example.org&name=Bob&role=user")
        .await;
    site.site().carry().await.unwrap();
    site.site().carry().await.unwrap();

    let audit = admin.get("/audit").await;
    assert_eq!(audit.text.matches("member.invited").count(), 1);
    let links = site.site().system.read(Chain::verify).await.unwrap();
    assert!(links.unwrap() >= 3);

    site.site()
        .system
        .write(|tx| {
            tx.execute(
                "update _chain set record = json_set(record, '$[5]', 'Mallory') where seq = 2",
                [],
            )?;
            Ok::<_, onsight::store::Error>(())
        })
        .await
        .unwrap();
    let links = site.site().system.read(Chain::verify).await.unwrap();
    assert_eq!(links.unwrap_err().seq, 2);
}

#[tokio::test]
async fn a_key_opens_no_page_and_a_revoked_key_opens_nothing() {
    let (site, admin) = TestSite::new().await;
    let made = admin.post("/account/keys", "name=Excel").await;
    let mut program = site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));

    assert_eq!(program.get("/account").await.status, 303);
}
