//! Views of an app's pages: kept, shared, opened; whose they are; stars and what was
//! opened last.

use onsight::apps::{self, Apps, Author, Import};
use onsight::base::Time;
use onsight::data::Data;
use onsight::people;
use onsight::store::Error;
use onsight::web::Role;

use crate::ending::{delete, held};
use crate::support::{Answer, TestSite, Visitor};

const CANARY: [&str; 1] = ["canaryview7788"];
const ROWS: &str = "id,name,region\n1,First,north\n2,Second,south\n3,Third,north\n";

fn text(id: &str, param: &str) -> String {
    format!(
        r#"format = 1
id = "{id}"
title = "The {id}"
[uses.main]
kind = "sqlite"
needs = ["read"]
[query.list]
use = "main"
kind = "read"
sql = "select id, name, region from orders where (:region is null or region = :region)"
paging = {{ size = 2, sort = ["name"], default = "name", key = "id" }}
[query.list.param]
region = {{ from = "url.{param}", type = "text", max = 20, null = true }}
[page.home]
title = "Home"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "list"
[page.other]
title = "Other"
path = "/other"
"#
    )
}

struct Stage {
    site: TestSite,
    ada: Visitor,
    bob: Visitor,
}

impl Stage {
    async fn new() -> Stage {
        let (site, ada) = TestSite::new().await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        site.table(workspace, "orders", ROWS).await;
        let bob = site.member("bob@example.org", Role::User).await;
        let stage = Stage { site, ada, bob };
        stage.publish("desk").await;
        stage
    }

    async fn publish(&self, id: &str) {
        let site = self.site.site();
        let workspace = people::first_workspace(site).await.unwrap();
        let apps = Apps::new(Data::new(site.clone()));
        let wanted = Import {
            text: text(id, "region"),
            id: None,
            publish: true,
        };
        apps::import(&apps, &Author::command_line(workspace), wanted)
            .await
            .unwrap();
    }

    /// Another version, whose filter has that name.
    async fn rename_filter(&self, to: &str) {
        let page = self.ada.get("/edit/desk").await;
        let seen = page.between("name=\"draft_at\" value=\"", "\"");
        let text: String = form_urlencoded::byte_serialize(text("desk", to).as_bytes()).collect();
        let saved = self
            .ada
            .post("/edit/desk", &format!("text={text}&draft_at={seen}"))
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let page = self.ada.get("/edit/desk/publish").await;
        let seen = page.between("name=\"draft_at\" value=\"", "\"");
        let sent = format!("note=Other&draft_at={seen}");
        let published = self.ada.post("/edit/desk/publish", &sent).await;
        assert_eq!(published.status, 303, "{}", published.text);
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let workspace = people::first_workspace(self.site.site()).await.unwrap();
        let db = self.site.site().files.open(&workspace.to_string()).unwrap();
        db.read(move |conn| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?))
            .await
            .unwrap()
    }
}

/// Keeps a view of the first page. Gives the answer.
async fn keep(who: &Visitor, name: &str, shown: &str, more: &str) -> Answer {
    let shown: String = form_urlencoded::byte_serialize(shown.as_bytes()).collect();
    let form = format!("page=home&shown={shown}&name={name}{more}");
    who.post("/apps/desk/views", &form).await
}

/// The id of the view that an answer leads to.
fn id(kept: &Answer) -> String {
    assert_eq!(kept.status, 303, "{}", kept.text);
    let (_, id) = kept.location().rsplit_once("_view=").unwrap();
    id.to_owned()
}

const NORTH: &str = "region=north&sort=-name&after=%5B1%5D";

#[tokio::test]
async fn a_view_is_a_link_that_holds_what_the_address_said() {
    let stage = Stage::new().await;
    let bob = &stage.bob;

    let kept = keep(bob, "Up+north", NORTH, "").await;

    let view = id(&kept);
    let link = format!("/apps/desk?region=north&sort=-name&_view={view}");
    assert_eq!(kept.location(), link);
    let page = bob.get(&link).await;
    assert!(page.text.contains("Third") && !page.text.contains("Second"));
    let other = bob.get("/apps/desk?region=south").await;
    let menu = other.between("id=\"views\"", "</div>");
    let href = link.replace('&', "&#38;");
    assert!(menu.contains(&href) && menu.contains("Up north"), "{menu}");
}

#[tokio::test]
async fn views_of_others_are_not_there() {
    let stage = Stage::new().await;
    let Stage { site, ada, bob } = &stage;
    let view = id(&keep(ada, "Secret+north", NORTH, "").await);
    let cyd = site.member("cyd@example.org", Role::Builder).await;

    for who in [bob, &cyd] {
        for act in ["", "/replace", "/first", "/delete"] {
            let form = "page=home&shown=&name=Mine&first=yes";
            let answer = who
                .post(&format!("/apps/desk/views/{view}{act}"), form)
                .await;
            assert_eq!(answer.status, 404, "{act}: {}", answer.text);
        }
        for path in ["/apps/desk/views", "/apps/desk", "/apps"] {
            assert!(!who.get(path).await.text.contains("Secret north"), "{path}");
        }
        let page = who.get(&format!("/apps/desk?_view={view}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("Second") && !page.text.contains("Secret north"));
    }
    assert_eq!(stage.number("select count(*) from _view").await, 1);
    assert_eq!(stage.number("select count(*) from _view_first").await, 0);
}

#[tokio::test]
async fn views_of_another_workspace_are_not_there() {
    let Stage { site, ada, .. } = Stage::new().await;
    let view = id(&keep(&ada, "Secret+north", NORTH, "&shared=yes").await);
    site.site().clock.advance(1);
    let eve = site.found("Southgate", "eve@example.org").await;

    let at = format!("/apps/desk/views/{view}");
    for act in ["", "/replace", "/first", "/delete"] {
        let answer = eve.post(&format!("{at}{act}"), "page=home&name=Mine").await;
        assert_eq!(answer.status, 404, "{act}");
    }
    assert_eq!(eve.get("/apps/desk/views").await.status, 404);
    assert_eq!(eve.post("/apps/desk/star", "starred=yes").await.status, 404);
}

#[tokio::test]
async fn only_who_may_edit_shares_and_everybody_opens_what_is_shared() {
    let stage = Stage::new().await;
    let Stage { ada, bob, .. } = &stage;

    let refused = keep(bob, "Ours", NORTH, "&shared=yes").await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let own = id(&keep(bob, "Ours", NORTH, "").await);
    let at = format!("/apps/desk/views/{own}");
    let refused = bob.post(&at, "name=Ours&shared=yes").await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    let page = bob.get("/apps/desk/views?page=home&shown=").await;
    assert!(!page.text.contains("name=\"shared\""));

    let shared = id(&keep(ada, "All+of+us", NORTH, "&shared=yes").await);
    assert!(bob.get("/apps/desk").await.text.contains("All of us"));
    let at = format!("/apps/desk/views/{shared}");
    for act in ["", "/replace", "/delete"] {
        let answer = bob.post(&format!("{at}{act}"), "page=home&name=Mine").await;
        assert_eq!(answer.status, 403, "{act}");
    }
    let chosen = bob.post(&format!("{at}/first"), "first=yes").await;
    assert_eq!(chosen.status, 303, "{}", chosen.text);

    // Taken back, it is nobody else's any more.
    ada.post(&at, "name=All+of+us").await;
    let plain = bob.get("/apps/desk").await;
    assert_eq!(plain.status, 200);
    assert!(!plain.text.contains("All of us"));
}

#[tokio::test]
async fn a_page_opens_with_the_view_that_one_chose_and_with_a_question_mark_without() {
    let stage = Stage::new().await;
    let Stage { ada, bob, .. } = &stage;
    let kept = keep(bob, "North", NORTH, "&first=yes").await;
    let link = kept.location().to_owned();

    let opened = bob.get("/apps/desk").await;
    assert_eq!(opened.status, 303);
    assert_eq!(opened.location(), link);
    assert_eq!(bob.get("/apps/desk?").await.status, 200);
    assert_eq!(bob.get("/apps/desk?region=south").await.status, 200);
    assert_eq!(bob.get("/apps/desk/p/other").await.status, 200);
    assert_eq!(ada.get("/apps/desk").await.status, 200, "for oneself alone");

    let at = format!("/apps/desk/views/{}", id(&kept));
    bob.post(&format!("{at}/first"), "").await;
    assert_eq!(bob.get("/apps/desk").await.status, 200);
}

#[tokio::test]
async fn a_view_is_renamed_replaced_and_deleted() {
    let stage = Stage::new().await;
    let bob = &stage.bob;
    let view = id(&keep(bob, "North", NORTH, "&first=yes").await);
    id(&keep(bob, "South", "region=south", "").await);
    let at = format!("/apps/desk/views/{view}");

    let twice = keep(bob, "South", "", "").await;
    assert_eq!(twice.status, 422);
    assert!(twice.text.contains("you have a view of that name"));
    assert_eq!(keep(bob, "+", "", "").await.status, 422);
    assert_eq!(bob.post(&at, "name=South").await.status, 422);
    assert_eq!(bob.post(&at, "name=Further+north").await.status, 303);
    let replaced = bob
        .post(
            &format!("{at}/replace"),
            "page=home&shown=sort%3Dname%26x%3D1",
        )
        .await;
    assert_eq!(
        replaced.location(),
        format!("/apps/desk?sort=name&_view={view}")
    );
    let strange = bob
        .post(&format!("{at}/replace"), "page=other&shown=")
        .await;
    assert_eq!(strange.status, 404, "of another page");
    assert!(bob.get("/apps/desk?").await.text.contains("Further north"));
    assert_eq!(bob.post(&format!("{at}/delete"), "").await.status, 303);

    assert_eq!(bob.get("/apps/desk").await.status, 200);
    assert_eq!(stage.number("select count(*) from _view").await, 1);
    assert_eq!(stage.number("select count(*) from _view_first").await, 0);
}

#[tokio::test]
async fn a_view_that_names_a_filter_that_is_gone_shows_the_rest_and_says_so() {
    let stage = Stage::new().await;
    let bob = &stage.bob;
    let view = id(&keep(bob, "North", NORTH, "&first=yes").await);

    stage.rename_filter("area").await;

    let opened = bob.get("/apps/desk").await;
    let link = format!("/apps/desk?sort=-name&_view={view}");
    assert_eq!(opened.location(), link);
    let page = bob.get(&link).await;
    assert!(
        page.text.contains("“Region”. The rest is shown"),
        "{}",
        page.text
    );
    assert!(page.text.contains("Second") && page.text.contains("Third"));
    let list = bob.get("/apps/desk/views").await;
    assert!(list.text.contains("Not on its page any more: “Region”"));
}

#[tokio::test]
async fn who_looks_as_somebody_else_sees_none_of_theirs_and_keeps_none() {
    let Stage { site, ada, bob } = Stage::new().await;
    let view = id(&keep(&bob, "Of+Bob", NORTH, "&first=yes").await);
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let members = people::members_of(site.site(), workspace).await.unwrap();
    let user = members.iter().find(|one| one.email.starts_with("bob@"));
    let form = format!("user={}", user.unwrap().id);
    assert_eq!(ada.post("/apps/desk/view-as", &form).await.status, 303);

    let page = ada.get("/apps/desk").await;
    assert_eq!(page.status, 200, "it opens without a view");
    assert!(!page.text.contains("Of Bob"));
    assert_eq!(keep(&ada, "Mine", "", "").await.status, 422);
    let at = format!("/apps/desk/views/{view}/delete");
    assert_eq!(ada.post(&at, "").await.status, 422);
}

#[tokio::test]
async fn views_and_stars_go_with_the_app_and_come_back_with_it() {
    let stage = Stage::new().await;
    let Stage { site, ada, bob } = &stage;
    id(&keep(bob, "canaryview7788", NORTH, "&first=yes").await);
    bob.post("/apps/desk/star", "starred=yes").await;
    site.site().clock.advance(1);

    assert_eq!(held(site, &CANARY).await.len(), 1, "in its own file alone");
    let ending = delete(ada, "/delete/app/desk", "typed=desk").await;
    // Another app of that id is another app.
    stage.publish("desk").await;
    assert_eq!(bob.get("/apps/desk").await.status, 200);
    assert!(!bob.get("/apps/desk/views").await.text.contains(CANARY[0]));
    assert!(!bob.get("/apps").await.text.contains("★"));
    site.site().clock.advance(1);
    delete(ada, "/delete/app/desk", "typed=desk").await;
    let back = ada.post(&format!("/deleting/{ending}/undo"), "").await;
    assert_eq!(back.status, 303, "{}", back.text);

    assert_eq!(bob.get("/apps/desk").await.status, 303, "with its view");
    assert!(bob.get("/apps").await.text.contains("★"));

    site.site().clock.advance(1);
    delete(ada, "/delete/app/desk", "typed=desk").await;
    site.site().clock.advance(23 * Time::HOUR);
    onsight::ending::round(site.site()).await.unwrap();
    assert_eq!(stage.number("select count(*) from _view").await, 0);
    assert_eq!(stage.number("select count(*) from _view_first").await, 0);
    assert_eq!(held(site, &CANARY).await, []);
}

#[tokio::test]
async fn a_star_puts_an_app_first_for_oneself() {
    let stage = Stage::new().await;
    let Stage { ada, bob, .. } = &stage;
    stage.publish("zoo").await;
    let order = |page: &Answer| {
        let at = |id: &str| page.text.find(&format!("id=\"app-{id}\"")).unwrap();
        at("zoo") < at("desk")
    };
    assert!(!order(&bob.get("/apps").await));

    let starred = bob.post("/apps/zoo/star", "starred=yes").await;

    assert_eq!(starred.location(), "/apps");
    assert!(order(&bob.get("/apps").await));
    assert!(!order(&ada.get("/apps").await));
    let form = "page=home&shown=region%3Dnorth";
    let unstarred = bob.post("/apps/zoo/star", form).await;
    assert_eq!(unstarred.location(), "/apps/zoo?region=north");
    assert!(!order(&bob.get("/apps").await));
}

#[tokio::test]
async fn what_was_opened_last_stands_above_and_is_known_by_its_last_time_alone() {
    let stage = Stage::new().await;
    let Stage { site, ada, bob } = &stage;
    stage.publish("zoo").await;
    assert!(!bob.get("/apps").await.text.contains("Opened last"));
    for app in ["zoo", "desk", "zoo"] {
        bob.get(&format!("/apps/{app}")).await;
        site.site().clock.advance(1);
    }

    let mut list = String::new();
    for _ in 0..1_000 {
        list = bob.get("/apps").await.text;
        let recent = list.split("Opened last").nth(2).unwrap_or_default();
        if recent.contains("href=\"/apps/desk\"") && recent.contains("href=\"/apps/zoo\"") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }

    let recent = list.split("Opened last").nth(2).unwrap();
    let recent = recent.split("</nav>").next().unwrap();
    let at = |id: &str| recent.find(&format!("href=\"/apps/{id}\"")).unwrap();
    assert!(at("zoo") < at("desk"), "{recent}");
    assert!(!ada.get("/apps").await.text.contains("Opened last"));
    let kept = crate::ending::number(site, "select count(*) from app_mine where opened > 0");
    assert_eq!(kept.await, 2);
}
