//! Who opens, edits and publishes an app; groups, attributes, auditors.

use onsight::apps::{self, Apps, Author, Import};
use onsight::data::Data;
use onsight::people;
use onsight::web::Role;

use crate::support::{Answer, TestSite, Visitor};

const QUERY: &str = "[uses.main]\nkind = \"sqlite\"\n[query.where]\nuse = \"main\"\nkind = \"read\"\nsql = \"select :region as region\"\n[query.where.param]\nregion = { from = \"user.region\", type = \"text\", null = true }\n";

fn text(id: &str, access: &str) -> String {
    format!(
        "format = 1\nid = \"{id}\"\ntitle = \"The {id} desk\"\n{access}\n{QUERY}[page.home]\ntitle = \"Home\"\npath = \"/\"\n"
    )
}

/// An app in use whose file says so.
async fn app(site: &TestSite, id: &str, access: &str) {
    let apps = Apps::new(Data::new(site.site().clone()));
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let wanted = Import {
        text: text(id, access),
        id: None,
        publish: true,
    };
    apps::import(&apps, &Author::command_line(workspace), wanted)
        .await
        .unwrap();
}

async fn id_of(site: &TestSite, email: &str) -> String {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let members = people::members_of(site.site(), workspace).await.unwrap();
    let found = members.into_iter().find(|one| one.email == email).unwrap();
    found.id.to_string()
}

/// A group with these people in it; gives its address.
async fn group(admin: &Visitor, name: &str, emails: &[&str]) -> String {
    let made = admin.post("/groups", &format!("name={name}")).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let at = made.location().to_owned();
    for email in emails {
        let answer = admin
            .post(&format!("{at}/members"), &format!("email={email}"))
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
    }
    at
}

fn draft_at(page: &Answer) -> &str {
    page.between("name=\"draft_at\" value=\"", "\"")
}

/// Saves a line more in the draft. Gives the answer.
async fn edit(who: &Visitor, admin: &Visitor, id: &str, access: &str, line: &str) -> Answer {
    let page = admin.get(&format!("/edit/{id}")).await;
    let seen = draft_at(&page);
    let text: String =
        form_urlencoded::byte_serialize(format!("{}# {line}\n", text(id, access)).as_bytes())
            .collect();
    who.post(
        &format!("/edit/{id}"),
        &format!("text={text}&draft_at={seen}"),
    )
    .await
}

#[tokio::test]
async fn an_app_one_may_not_open_is_not_there_by_any_way() {
    let (site, admin) = TestSite::new().await;
    let mut bob = site.member("bob@example.org", Role::User).await;
    app(
        &site,
        "pay",
        "[access]\nopen = [\"group:sales\"]\nedit = [\"person:ada@example.org\"]",
    )
    .await;
    let sales = group(&admin, "sales", &[]).await;
    let key = bob.post("/account/keys", "name=Excel").await;
    let key = key.between("id=\"made-key\">", "<").to_owned();
    let gone = async |bob: &Visitor| {
        let mut answers = Vec::new();
        for path in [
            "/apps/pay",
            "/apps/pay/p/x",
            "/apps/pay/part/home/w/count",
            "/apps/pay/export/home/w/csv",
        ] {
            answers.push(bob.get(path).await.status.as_u16());
        }
        answers.push(bob.post("/apps/pay/run/where", "").await.status.as_u16());
        answers
    };

    assert_eq!(gone(&bob).await, [404; 5]);
    assert!(!bob.get("/apps").await.text.contains("pay desk"));
    assert!(!bob.get("/search?q=pay").await.text.contains("/apps/pay"));
    bob.key = Some(key);
    assert_eq!(bob.get("/api/v1/apps/pay/queries/where").await.status, 404);
    bob.key = None;

    // It holds from the next request on.
    admin
        .post(&format!("{sales}/members"), "email=bob@example.org")
        .await;
    assert_eq!(bob.get("/apps/pay").await.status, 200);
    assert!(bob.get("/apps").await.text.contains("pay desk"));
    assert!(bob.get("/search?q=pay").await.text.contains("/apps/pay"));
    let user = id_of(&site, "bob@example.org").await;
    admin
        .post(&format!("{sales}/members/{user}/remove"), "")
        .await;
    assert_eq!(gone(&bob).await, [404; 5]);
}

#[tokio::test]
async fn a_program_reads_what_its_owner_may_open_with_their_attributes() {
    let (site, admin) = TestSite::new().await;
    let mut bob = site.member("bob@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    let key = bob.post("/account/keys", "name=Excel").await;
    bob.key = Some(key.between("id=\"made-key\">", "<").to_owned());
    let user = id_of(&site, "bob@example.org").await;
    let path = "/api/v1/apps/pay/queries/where";
    assert!(bob.get(path).await.text.contains("\"region\":null"));

    let said = format!("/members/{user}/attributes");
    admin.post(&said, "name-0=region&value-0=eu").await;

    let answer = bob.get(path).await;
    assert!(answer.text.contains("\"region\":\"eu\""), "{}", answer.text);
    // What the address says is not asked.
    let forged = bob.get(&format!("{path}?region=us")).await;
    assert!(!forged.text.contains("\"us\""), "{}", forged.text);
    // A key is as good as its owner: an auditor's opens nothing.
    admin
        .post(&format!("/members/{user}/role"), "role=auditor")
        .await;
    assert_eq!(bob.get(path).await.status, 403);
}

#[tokio::test]
async fn editing_and_publishing_are_for_whom_the_file_names_and_admins() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    let dan = site.member("dan@example.org", Role::Builder).await;
    let access = "[access]\nedit = [\"person:dan@example.org\"]";
    app(&site, "ops", access).await;
    let publish = "[access]\npublish = [\"person:dan@example.org\"]";
    app(&site, "law", publish).await;

    for path in [
        "",
        "/publish",
        "/versions",
        "/settings",
        "/export",
        "/preview",
    ] {
        let path = format!("/edit/ops{path}");
        assert_eq!(cyd.get(&path).await.status, 403, "{path}");
        assert_eq!(dan.get(&path).await.status, 200, "{path}");
        assert_eq!(admin.get(&path).await.status, 200, "{path}");
    }
    assert_eq!(edit(&cyd, &admin, "ops", access, "x").await.status, 403);
    for (act, form) in [
        ("rename", "title=Mine"),
        ("roll-back", "version=1"),
        ("publish", "note=&draft_at=0"),
        ("ask", "note=&draft_at=0"),
        ("check", "text="),
        ("preview", "text="),
    ] {
        let answer = cyd.post(&format!("/edit/ops/{act}"), form).await;
        assert_eq!(answer.status, 403, "{act}");
    }
    let deleted = cyd.post("/delete/app/ops", "typed=ops").await;
    assert_eq!(deleted.status, 403, "{}", deleted.text);
    assert_eq!(edit(&dan, &admin, "ops", access, "x").await.status, 303);

    // One who edits does not publish where others do.
    assert_eq!(edit(&cyd, &admin, "law", publish, "x").await.status, 303);
    let page = cyd.get("/edit/law/publish").await;
    assert_eq!(page.status, 200);
    let form = format!(
        "note=&draft_at={}",
        draft_at(&dan.get("/edit/law/publish").await)
    );
    assert_eq!(cyd.post("/edit/law/publish", &form).await.status, 403);
    assert_eq!(cyd.post("/delete/app/law", "typed=law").await.status, 403);
    let done = dan.post("/edit/law/publish", &form).await;
    assert_eq!(done.status, 303, "{}", done.text);
    // And a draft gives nobody a right before it is published.
    let mine = "[access]\npublish = [\"person:cyd@example.org\"]";
    assert_eq!(edit(&cyd, &admin, "law", mine, "y").await.status, 303);
    let form = format!(
        "note=&draft_at={}",
        draft_at(&dan.get("/edit/law/publish").await)
    );
    assert_eq!(cyd.post("/edit/law/publish", &form).await.status, 403);
}

#[tokio::test]
async fn the_sharing_page_adds_to_the_file_and_locks_nobody_out_by_accident() {
    let (site, admin) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    let at = group(&admin, "sales", &[]).await;
    let sales = at.rsplit('/').next().unwrap();
    assert_eq!(bob.get("/apps/pay").await.status, 200);

    let shared = cyd
        .post("/apps/pay/sharing", &format!("act=open&group={sales}"))
        .await;
    assert_eq!(shared.status, 303, "{}", shared.text);
    assert_eq!(bob.get("/apps/pay").await.status, 404);
    assert_eq!(
        cyd.get("/apps/pay").await.status,
        200,
        "who edits it may open it"
    );
    admin
        .post(&format!("{at}/members"), "email=bob@example.org")
        .await;
    assert_eq!(bob.get("/apps/pay").await.status, 200);

    // A group with another name is the same group, and it stays while it is needed.
    assert_eq!(
        admin
            .post(&format!("{at}/rename"), "name=Sales+North")
            .await
            .status,
        303
    );
    assert_eq!(bob.get("/apps/pay").await.status, 200);
    assert!(
        cyd.get("/apps/pay/sharing")
            .await
            .text
            .contains("sales north")
    );
    let kept = admin.post(&format!("{at}/delete"), "").await;
    assert_eq!(kept.status, 409);
    assert!(kept.text.contains("The pay desk"), "{}", kept.text);
}

#[tokio::test]
async fn nobody_shares_an_app_away_from_themselves() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    let nobody = cyd
        .post("/apps/pay/sharing", "act=publish&add=zoe@example.org")
        .await;
    assert_eq!(nobody.status, 422);
    assert!(
        nobody.text.contains("value=\"zoe@example.org\""),
        "{}",
        nobody.text
    );
    let out = cyd
        .post("/apps/pay/sharing", "act=publish&add=ada@example.org")
        .await;
    assert_eq!(out.status, 422);
    assert!(
        out.text.contains("you would lose this page"),
        "{}",
        out.text
    );
    assert_eq!(
        admin
            .post("/apps/pay/sharing", "act=publish&add=ada@example.org")
            .await
            .status,
        303
    );
    assert_eq!(cyd.post("/apps/pay/sharing", "act=open").await.status, 403);
    assert_eq!(cyd.get("/apps/pay/sharing").await.status, 200);
}

#[tokio::test]
async fn an_auditor_reads_the_log_and_the_settings_and_no_row() {
    let (site, admin) = TestSite::new().await;
    let eva = site.member("eva@example.org", Role::Auditor).await;
    app(
        &site,
        "pay",
        "[access]\nopen = [\"person:eva@example.org\"]",
    )
    .await;
    let at = group(&admin, "sales", &["eva@example.org"]).await;
    let user = id_of(&site, "eva@example.org").await;

    assert_eq!(eva.get("/").await.location(), "/audit");
    for path in [
        "/audit",
        "/members",
        "/groups",
        "/publishing",
        &at,
        &format!("/members/{user}"),
    ] {
        let page = eva.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for form in ["/members", "/groups", "/publishing"] {
            let form = format!("method=\"post\" action=\"{form}");
            assert!(!page.text.contains(&form), "{path}: {form}");
        }
        assert!(!page.text.contains("href=\"/apps\" data-key"), "{path}");
    }
    for path in [
        "/apps",
        "/apps/pay",
        "/apps/new",
        "/data",
        "/queries",
        "/edit/pay",
        "/apps/pay/sharing",
    ] {
        assert_eq!(eva.get(path).await.status, 403, "{path}");
    }
    assert!(!eva.get("/search?q=pay").await.text.contains("/apps/pay"));
    for (path, form) in [
        ("/groups".to_owned(), "name=mine"),
        (format!("{at}/delete"), ""),
        (format!("/members/{user}/role"), "role=admin"),
        (format!("/members/{user}/groups"), ""),
        (format!("/members/{user}/attributes"), ""),
        ("/account/keys".to_owned(), "name=key"),
    ] {
        assert_eq!(eva.post(&path, form).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn where_publishing_takes_two_no_author_approves() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    let dan = site.member("dan@example.org", Role::Builder).await;
    let eve = site.member("eve@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    assert_eq!(cyd.post("/publishing/two", "two=yes").await.status, 403);
    assert_eq!(admin.post("/publishing/two", "two=yes").await.status, 303);

    edit(&dan, &admin, "pay", "", "from dan").await;
    edit(&cyd, &admin, "pay", "", "from cyd").await;
    let form = format!(
        "note=Better&draft_at={}",
        draft_at(&cyd.get("/edit/pay/publish").await)
    );
    let alone = cyd.post("/edit/pay/publish", &form).await;
    assert_eq!(alone.status, 422, "{}", alone.text);
    let asked = cyd.post("/edit/pay/ask", &form).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let at = asked.location().to_owned();
    assert_eq!(cyd.post("/edit/pay/ask", &form).await.status, 422, "once");

    for (who, name) in [(&cyd, "who asked"), (&dan, "who wrote a part")] {
        let answer = who.post(&format!("{at}/approve"), "").await;
        assert_eq!(answer.status, 422, "{name}");
        assert!(answer.text.contains("somebody else must approve"), "{name}");
    }
    assert!(eve.get("/publishing").await.text.contains(&at));
    let done = eve.post(&format!("{at}/approve"), "").await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(
        eve.post(&format!("{at}/approve"), "").await.status,
        422,
        "once"
    );
    assert!(
        admin
            .get("/edit/pay/versions")
            .await
            .text
            .contains("Better")
    );
    let log = {
        site.site().carry().await.unwrap();
        admin.get("/audit").await.text
    };
    for action in [
        "workspace.four_eyes_on",
        "app.publish_requested",
        "app.publish_approved",
        "app.published",
    ] {
        assert!(log.contains(action), "{action}");
    }

    // Version 1 was nobody's but its author's, so it does not come back alone.
    assert_eq!(
        admin.post("/edit/pay/roll-back", "version=1").await.status,
        422
    );
    assert_eq!(
        admin.post("/edit/pay/roll-back", "version=2").await.status,
        303
    );
}

#[tokio::test]
async fn what_changed_after_it_was_asked_for_is_not_approved() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    let dan = site.member("dan@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    admin.post("/publishing/two", "two=yes").await;
    edit(&cyd, &admin, "pay", "", "fine").await;
    let form = format!(
        "note=&draft_at={}",
        draft_at(&cyd.get("/edit/pay/publish").await)
    );
    let at = cyd.post("/edit/pay/ask", &form).await.location().to_owned();

    edit(&cyd, &admin, "pay", "", "not so fine").await;

    let late = dan.post(&format!("{at}/approve"), "").await;
    assert_eq!(late.status, 422);
    assert!(late.text.contains("changed the draft"), "{}", late.text);
    assert_eq!(dan.post(&format!("{at}/withdraw"), "").await.status, 403);
    assert_eq!(
        dan.post(&format!("{at}/refuse"), "reason=+").await.status,
        422
    );
    assert_eq!(
        dan.post(&format!("{at}/refuse"), "reason=Look+again")
            .await
            .status,
        303
    );
    assert!(cyd.get(&at).await.text.contains("Look again"));
}

#[tokio::test]
async fn it_is_told_why_and_the_same_holds() {
    let (site, admin) = TestSite::new().await;
    let bob = site.member("bob@example.org", Role::User).await;
    app(&site, "pay", "[access]\nopen = [\"group:sales\"]").await;
    let user = id_of(&site, "bob@example.org").await;
    let path = format!("/members/{user}/access?object=app:pay");

    let refused = admin.get(&path).await;
    assert_eq!(refused.status, 200);
    assert!(
        refused.text.contains("does not name them"),
        "{}",
        refused.text
    );
    assert_eq!(bob.get("/apps/pay").await.status, 404);

    group(&admin, "sales", &["bob@example.org"]).await;
    let given = admin.get(&path).await;
    assert!(
        given.text.contains("lets group:sales open"),
        "{}",
        given.text
    );
    assert_eq!(bob.get("/apps/pay").await.status, 200);

    assert_eq!(admin.get(&format!("{path}x")).await.status, 404);
    assert_eq!(bob.get(&path).await.status, 403);
}

#[tokio::test]
async fn groups_members_and_requests_of_another_workspace_do_not_exist() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    app(&site, "pay", "").await;
    let at = group(&admin, "sales", &[]).await;
    let sales = at.rsplit('/').next().unwrap();
    let user = id_of(&site, "cyd@example.org").await;
    admin.post("/publishing/two", "two=yes").await;
    edit(&cyd, &admin, "pay", "", "x").await;
    let form = format!(
        "note=&draft_at={}",
        draft_at(&cyd.get("/edit/pay/publish").await)
    );
    let request = cyd.post("/edit/pay/ask", &form).await.location().to_owned();
    let other = site.found("Southgate", "eve@example.org").await;
    let own = group(&other, "own", &[]).await;

    for path in [
        at.clone(),
        format!("/members/{user}"),
        format!("/members/{user}/access"),
        request.clone(),
        "/apps/pay/sharing".to_owned(),
    ] {
        assert_eq!(other.get(&path).await.status, 404, "{path}");
    }
    for (path, form) in [
        (format!("{at}/rename"), "name=mine"),
        (format!("{at}/delete"), ""),
        (format!("{at}/members"), "email=eve@example.org"),
        (format!("{at}/members/{user}/remove"), ""),
        (format!("{own}/members/{user}/remove"), ""),
        (format!("/members/{user}/groups"), ""),
        (format!("/members/{user}/attributes"), "name-0=a&value-0=b"),
        (format!("{request}/approve"), ""),
        (format!("{request}/refuse"), "reason=no"),
        (format!("{request}/withdraw"), ""),
        ("/apps/pay/sharing".to_owned(), "act=open"),
    ] {
        assert_eq!(other.post(&path, form).await.status, 404, "{path}");
    }
    // Neither their groups nor their people can be named.
    let foreign = other
        .post(&format!("{own}/members"), "email=cyd@example.org")
        .await;
    assert_eq!(foreign.status, 422);
    app_of(&other).await;
    let shared = other
        .post(
            "/apps/the-desk/sharing",
            &format!("act=open&group={sales}&person={user}"),
        )
        .await;
    assert_eq!(shared.status, 303, "{}", shared.text);
    let page = other.get("/apps/the-desk/sharing").await;
    assert!(
        page.text
            .contains("Nobody is named, so whoever may open apps"),
        "{}",
        page.text
    );
}

async fn app_of(who: &Visitor) {
    let made = who.post("/apps/new", "title=The+desk").await;
    assert_eq!(made.location(), "/edit/the-desk", "{}", made.text);
}

#[tokio::test]
async fn a_form_that_is_wrong_keeps_what_was_typed() {
    let (site, admin) = TestSite::new().await;
    site.member("bob@example.org", Role::User).await;
    let user = id_of(&site, "bob@example.org").await;
    group(&admin, "sales", &[]).await;

    let taken = admin.post("/groups", "name=SALES").await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("of that name already") && taken.text.contains("value=\"SALES\""));
    let wrong = admin
        .post(
            &format!("/members/{user}/attributes"),
            "name-0=role&value-0=admin&name-1=desk&value-1=north",
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("has a meaning already") && wrong.text.contains("value=\"north\""));
}

#[tokio::test]
async fn a_policy_that_cannot_be_enforced_is_published_on_no_way() {
    let (site, admin) = TestSite::new().await;
    let cyd = site.member("cyd@example.org", Role::Builder).await;
    let dan = site.member("dan@example.org", Role::Builder).await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "shifts", "region\nnorth\n").await;
    let policy = "[policy.shifts]\non = \"main.shifts\"\nrows = \"region = 'north'\"";
    app(&site, "pay", policy).await;
    admin.post("/publishing/two", "two=yes").await;
    edit(&cyd, &admin, "pay", policy, "fine").await;
    let form = format!(
        "note=&draft_at={}",
        draft_at(&cyd.get("/edit/pay/publish").await)
    );
    let asked = cyd.post("/edit/pay/ask", &form).await;
    assert_eq!(asked.status, 303, "{}", asked.text);
    let at = asked.location().to_owned();

    // What the policy binds goes.
    let gone = admin.post("/delete/table/shifts", "typed=shifts").await;
    assert_eq!(gone.status, 303, "{}", gone.text);

    let refused = |answer: &Answer, way: &str| {
        assert_eq!(answer.status, 422, "{way}");
        let says = answer.text.contains("cannot be enforced");
        assert!(says, "{way}: {}", answer.text);
    };
    refused(&dan.post(&format!("{at}/approve"), "").await, "approve");
    let back = cyd.post(&format!("{at}/withdraw"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);
    refused(&cyd.post("/edit/pay/ask", &form).await, "ask");
    admin.post("/publishing/two", "two=").await;
    refused(&admin.post("/edit/pay/publish", &form).await, "publish");
    let older = admin.post("/edit/pay/roll-back", "version=1").await;
    refused(&older, "roll back");
    let apps = Apps::new(Data::new(site.site().clone()));
    let wanted = Import {
        text: text("pay", policy),
        id: Some("pay-too".to_owned()),
        publish: true,
    };
    let taken = apps::import(&apps, &Author::command_line(workspace), wanted).await;
    assert!(
        matches!(taken, Err(apps::Error::Problems(_))),
        "import: {taken:?}"
    );
}
