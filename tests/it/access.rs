//! Workspaces, who is in them, and how somebody is shut out.

use std::fmt::Write;

use axum::body::Body;
use http_body_util::BodyExt;
use onsight::base::Time;
use onsight::people::{self, Email};
use onsight::web::Role;

use crate::support::{Answer, TestSite, Visitor};

const FORM: &str = "application/x-www-form-urlencoded";

/// The id of a member, as the page of members tells it.
async fn id_of(admin: &Visitor, email: &str) -> String {
    let page = admin.get("/members").await;
    let row = page.text.split("<tr>").find(|row| row.contains(email));
    let row = row.unwrap_or_else(|| panic!("{email} is no member"));
    let id = row.split("/members/").nth(1).unwrap();
    id.split('"').next().unwrap().to_owned()
}

async fn account_of(operator: &Visitor, email: &str) -> String {
    let page = operator.get("/accounts").await;
    let row = page.text.split("<tr>").find(|row| row.contains(email));
    let id = row.unwrap().split("/accounts/").nth(1).unwrap();
    id.split('/').next().unwrap().to_owned()
}

async fn make_workspace(operator: &Visitor, name: &str, email: &str) -> Answer {
    let form = format!("name={name}&email={email}&admin=Eve");
    let made = operator.post("/workspaces", &form).await;
    assert_eq!(made.status, 200, "{}", made.text);
    made
}

#[tokio::test]
async fn an_operator_in_no_workspace_operates_and_sees_no_data() {
    let (site, ada) = TestSite::new().await;
    site.furnish().await;

    let op = site.operator(&ada, "op@example.org").await;

    assert_eq!(op.get("/").await.location(), "/workspace");
    for path in [
        "/workspaces",
        "/accounts",
        "/security",
        "/account",
        "/workspace",
    ] {
        let answer = op.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert!(!answer.text.contains("enguins"), "{path}");
    }
    for path in [
        "/apps",
        "/apps/penguins",
        "/data",
        "/data/penguins",
        "/members",
        "/audit",
    ] {
        assert_eq!(op.get(path).await.status, 403, "{path}");
    }
    assert_eq!(op.post("/account/keys", "name=x").await.status, 403);
}

#[tokio::test]
async fn one_person_goes_between_the_workspaces_open_to_them_and_to_no_other() {
    let (site, ada) = TestSite::new().await;
    let made = make_workspace(&ada, "Southgate", "eve@example.org").await;
    assert!(!ada.get("/members").await.text.contains("eve@example.org"));
    let eve = site.join(&made).await;
    assert!(!eve.get("/members").await.text.contains("ada@example.org"));

    let invited = eve
        .post(
            "/members",
            "email=ada%40example.org&name=Ada+L&role=builder",
        )
        .await;
    assert!(eve.get("/members").await.text.contains("Ada L"));
    let link = invited.link();

    // The link opens nobody's account: not for whoever made it, not for a stranger.
    let taken = "name=Mallory&password=correct+horse+battery+staple";
    assert_eq!(site.stranger().post(&link, taken).await.status, 422);
    let invitation = site.stranger().get(&link).await.location().to_owned();
    let stranger = site.stranger().get(&invitation).await;
    assert!(stranger.location().starts_with("/sign-in"));
    assert_eq!(eve.post(&invitation, "").await.status, 422);

    assert!(ada.get(&invitation).await.text.contains("Join Southgate"));
    assert_eq!(ada.post(&invitation, "").await.status, 303);
    assert_eq!(ada.get("/data").await.status, 200);
    assert_eq!(ada.get("/members").await.status, 403, "a builder there");
    assert_eq!(ada.post(&invitation, "").await.status, 422, "once");

    let menu = ada.get("/apps").await;
    let north = menu.between("name=\"workspace\" value=\"", "\"").to_owned();
    let switched = ada
        .post("/workspace/switch", &format!("workspace={north}"))
        .await;
    assert_eq!(switched.status, 303, "{}", switched.text);
    assert_eq!(ada.get("/members").await.status, 200, "an admin here");
    let refused = eve
        .post("/workspace/switch", &format!("workspace={north}"))
        .await;
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn an_admin_resets_no_password_of_somebody_who_is_not_theirs_alone() {
    let (site, ada) = TestSite::new().await;
    let made = make_workspace(&ada, "Southgate", "eve@example.org").await;
    let eve = site.join(&made).await;
    eve.post("/members", "email=op%40example.org&name=Op&role=user")
        .await;
    eve.post("/members", "email=ada%40example.org&name=Ada&role=user")
        .await;
    let id = id_of(&eve, "ada@example.org").await;

    // Not joined yet: a new invitation, which opens no account.
    let again = eve.post(&format!("/members/{id}/link"), "").await;
    let invitation = site
        .stranger()
        .get(&again.link())
        .await
        .location()
        .to_owned();
    assert!(invitation.starts_with("/invitation/"), "{invitation}");
    assert_eq!(ada.post(&invitation, "").await.status, 303);
    let refused = eve.post(&format!("/members/{id}/link"), "").await;
    assert_eq!(refused.status, 409, "{}", refused.text);

    // Of an operator who has not come in yet, nobody else makes the account.
    ada.post("/accounts", "email=root%40example.org&name=Root")
        .await;
    let invited = eve
        .post("/members", "email=root%40example.org&name=Root&role=user")
        .await;
    let taken = "name=Mallory&password=correct+horse+battery+staple";
    assert_eq!(
        site.stranger().post(&invited.link(), taken).await.status,
        422
    );
}

#[tokio::test]
async fn a_closed_workspace_lets_nobody_in_and_keeps_everything() {
    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let workspace = site.furnish().await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    assert_eq!(bob.get("/data/penguins").await.status, 200);

    let closed = op.post(&format!("/workspaces/{workspace}/close"), "").await;
    assert_eq!(closed.status, 303, "{}", closed.text);

    assert!(
        bob.get("/data/penguins")
            .await
            .location()
            .starts_with("/sign-in")
    );
    assert_eq!(
        ada.get("/data").await.status,
        403,
        "an operator stays signed in"
    );
    let reason = "role=user&reason=ticket+4711+totals&hours=1";
    let asked = op
        .post(&format!("/workspaces/{workspace}/break-glass"), reason)
        .await;
    assert_eq!(asked.status, 404);

    op.post(&format!("/workspaces/{workspace}/open"), "").await;
    let page = bob.get("/data/penguins").await;
    assert!(page.text.contains("Adelie"), "{}", page.text);
    let renamed = op
        .post(&format!("/workspaces/{workspace}/rename"), "name=Northern")
        .await;
    assert_eq!(renamed.status, 303);
    assert!(bob.get("/apps").await.text.contains("Northern"));
    let nameless = op
        .post(&format!("/workspaces/{workspace}/rename"), "name=+")
        .await;
    assert_eq!(nameless.status, 422);
}

/// Two admins, each doing the same to the other at the same time.
async fn at_once(act: &'static str, form: &'static str) -> [u16; 2] {
    let (site, ada) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::Admin).await;
    let ada_id = id_of(&bob, "ada@example.org").await;
    let bob_id = id_of(&ada, "bob@example.org").await;
    let out = |by: &Visitor, whom: &str| {
        let (by, path) = (by.clone(), format!("/members/{whom}/{act}"));
        tokio::spawn(async move { by.post(&path, form).await.status.as_u16() })
    };
    let (one, other) = (out(&ada, &bob_id), out(&bob, &ada_id));
    let done = [one.await.unwrap(), other.await.unwrap()];
    let admins: i64 = site
        .site()
        .system
        .read(|conn| {
            let sql = "select count(*) from membership where role = 'admin' and disabled is null";
            Ok::<_, onsight::store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(admins, 1, "{act}");
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_admins_who_shut_out_each_other_at_once_one_stays() {
    for (act, form) in [("disable", ""), ("role", "role=user")] {
        let done = at_once(act, form).await;
        let made = done.iter().filter(|status| **status == 303).count();
        assert!(made >= 1, "{act}: {done:?}");
    }
}

#[tokio::test]
async fn the_last_operator_and_the_last_admin_stay() {
    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let (ada_id, op_id) = (
        account_of(&op, "ada@example.org").await,
        account_of(&op, "op@example.org").await,
    );
    let out = |by: &Visitor, whom: &str| {
        let (by, path) = (by.clone(), format!("/accounts/{whom}/operator"));
        tokio::spawn(async move { by.post(&path, "operator=no").await.status.as_u16() })
    };
    let (one, other) = (out(&ada, &op_id), out(&op, &ada_id));
    let done = [one.await.unwrap(), other.await.unwrap()];
    assert_eq!(
        done.iter().filter(|status| **status == 303).count(),
        1,
        "{done:?}"
    );

    let (site, ada) = TestSite::new().await;
    let op = site.operator(&ada, "op@example.org").await;
    let ada_id = account_of(&op, "ada@example.org").await;
    let refused = op.post(&format!("/accounts/{ada_id}/disable"), "").await;
    assert_eq!(refused.status, 409, "the only admin of Northgate");
    let role = ada
        .post(&format!("/members/{ada_id}/role"), "role=user")
        .await;
    assert_eq!(role.status, 409);
}

#[tokio::test]
async fn whoever_is_shut_out_of_one_workspace_stays_in_the_other() {
    let (site, ada) = TestSite::new().await;
    let made = make_workspace(&ada, "Southgate", "eve@example.org").await;
    let eve = site.join(&made).await;
    let invited = ada
        .post("/members", "email=eve%40example.org&name=Eve&role=builder")
        .await;
    let invitation = site
        .stranger()
        .get(&invited.link())
        .await
        .location()
        .to_owned();
    eve.post(&invitation, "").await;
    assert_eq!(eve.get("/data").await.status, 200);
    let id = id_of(&ada, "eve@example.org").await;

    ada.post(&format!("/members/{id}/disable"), "").await;

    assert_eq!(eve.get("/data").await.status, 303, "that session has ended");
    let form = "email=eve%40example.org&then=%2F&password=correct+horse+battery+staple";
    let mut again = site.stranger();
    site.site().clock.advance(Time::MINUTE);
    let half = again.post("/sign-in", form).await;
    again.keep_named("__Host-entry=", &half);
    let code = format!("code={}&then=%2F", site.shown(&eve));
    let entered = again.post("/sign-in/second", &code).await;
    again.keep(&entered);
    assert_eq!(again.get("/members").await.status, 200, "in Southgate");
}

#[tokio::test]
async fn many_are_shut_out_at_once_with_their_keys_and_let_in_again() {
    let (site, ada) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    let cyd = site.member("cyd@example.org", Role::User).await;
    let made = bob.post("/account/keys", "name=Excel").await;
    let mut program = site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    let rows = "/api/v1/apps/none/queries/none";
    assert_eq!(program.get(rows).await.status, 404);
    let (bob_id, cyd_id) = (
        id_of(&ada, "bob@example.org").await,
        id_of(&ada, "cyd@example.org").await,
    );
    let both = format!("user={bob_id}&user={cyd_id}");

    let out = ada.post("/members/disable", &both).await;

    assert_eq!(out.status, 303, "{}", out.text);
    assert_eq!(bob.get("/account").await.status, 303);
    assert_eq!(cyd.get("/account").await.status, 303);
    assert_eq!(program.get(rows).await.status, 401);
    assert_eq!(ada.post("/members/disable", "").await.status, 422);
    let ada_id = id_of(&ada, "ada@example.org").await;
    let own = format!("user={bob_id}&user={ada_id}");
    assert_eq!(ada.post("/members/disable", &own).await.status, 409);

    assert_eq!(ada.post("/members/enable", &both).await.status, 303);
    assert_eq!(program.get(rows).await.status, 404);
}

/// An export of more rows than anybody waits for.
async fn endless(visitor: &Visitor) -> Body {
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000000) select i from n";
    let form: String = form_urlencoded(sql);
    let response = visitor
        .ask("POST", "/queries/export", FORM, Body::from(form))
        .await;
    assert_eq!(response.status(), 200);
    response.into_body()
}

fn form_urlencoded(sql: &str) -> String {
    let mut form = String::from("sql=");
    for byte in sql.bytes() {
        write!(form, "%{byte:02X}").unwrap();
    }
    form
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_under_way_breaks_off_when_its_reader_is_shut_out() {
    let (site, ada) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    let mut body = endless(&bob).await;
    assert!(body.frame().await.unwrap().is_ok());
    let mut kept = endless(&ada).await;
    let id = id_of(&ada, "bob@example.org").await;

    ada.post(&format!("/members/{id}/disable"), "").await;

    let mut ended = None;
    for _ in 0..100_000 {
        match body.frame().await {
            Some(Ok(_)) => {}
            other => {
                ended = other;
                break;
            }
        }
    }
    assert!(ended.is_some_and(|end| end.is_err()), "broken, not whole");
    assert!(kept.frame().await.unwrap().is_ok(), "others' go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_breaks_off_an_export_as_well() {
    let (site, _ada) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::Builder).await;
    let mut body = endless(&bob).await;
    assert!(body.frame().await.unwrap().is_ok());

    people::disable(site.site(), &Email::parse("bob@example.org").unwrap())
        .await
        .unwrap();
    people::patrol(&site.people).await.unwrap();

    assert!(body.frame().await.unwrap().is_err());
}
