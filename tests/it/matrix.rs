//! Every route, asked by everybody: one table says what each of them gets.

use axum::body::Body;
use onsight::alerts::{self, Alert, Severity};
use onsight::people::{self, Email, NewUser};
use onsight::server;
use onsight::store::Error;
use onsight::web::{Role, WorkspaceId};

use crate::support::{Answer, NOON, TestSite, Visitor};
use crate::uploads::{send, settled};

const SURVEY: &str = include_str!("../../src/surveys/format/example.toml");
const SAMPLE: &str = include_str!("../../src/apps/widgets/sample.toml");
/// Nothing is called this.
const ABSENT: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0";
/// What a member of another workspace may never be shown.
const PRIVATE: [&str; 5] = ["Northgate", "ada@", "bob@", "Findling", "by_status"];

/// Who asks, in the order of the columns of [`TABLE`]. The operator is a user
/// of the workspace besides; the last one is the admin of another workspace,
/// and holds the real ids of this one.
const WHO: [&str; 7] = [
    "stranger", "user", "builder", "admin", "auditor", "operator", "other",
];

/// These answer about the text they are sent, and look for no app.
const OF_NO_APP: [&str; 5] = [
    "POST /edit/{app}/check",
    "POST /edit/{app}/preview",
    // The workspace's own trail, in one format or another.
    "GET /audit/export/{format}",
    // The same for everybody who builds.
    "GET /help/widgets/{kind}",
    "GET /help/widgets/{kind}/p/{*path}",
];

include!("matrix/table.rs");

/// What a host asks; the survey stands in the body.
const CALL: &str = r#"{"event_type": "survey_data_request", "action": "get_survey_summary",
    "data": {"target": {"survey_id": "sample", "respondent_id": "1"}}}"#;

/// What is delivered of the survey.
const SETTINGS: &str = r#"{"name":"Findling","formats":["csv"],"wanted":{"lang":"en","which":"all",
    "has_personal":false},"recipients":[],"pattern":"{survey}-{time}","whither":{"Link":{"days":7,
    "has_words":false}},"when":{"every":"Never","day":0,"at":0,"zone":"UTC","is_new_only":false}}"#;
const DELIVERY: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b1";
/// A database nobody reaches: the server may not be called.
const SOURCE: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b3";
const PLACE: &str = r#"{"host":"127.0.0.1","port":1,"database":"Findling","user":"reader",
    "guard":"off","ca":"","reason":"nobody goes there",
    "bounds":{"connections":1,"seconds":1,"rows":1}}"#;
const DELIVERED: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b2";

/// A workspace with one of everything, and somebody in front of it.
struct Stage {
    site: TestSite,
    ids: Vec<(&'static str, String)>,
    visitor: Visitor,
    program: Visitor,
}

async fn add(site: &TestSite, email: &str, role: Role, operator: bool) -> Visitor {
    let new = NewUser {
        email: Email::parse(email).unwrap(),
        name: email.split('@').next().unwrap().to_owned(),
        role,
        operator,
    };
    people::add(site.site(), new).await.unwrap();
    site.enter(email).await
}

/// Another workspace with its admin, who does not operate the instance.
async fn other(site: &TestSite) -> Visitor {
    let new = NewUser {
        email: Email::parse("eve@example.org").unwrap(),
        name: "Eve".to_owned(),
        role: Role::Admin,
        operator: false,
    };
    // So that the other one stays the first.
    site.site().clock.advance(1);
    people::welcome(site.site(), new, "Southgate", None)
        .await
        .unwrap();
    site.enter("eve@example.org").await
}

/// A program with a key of that person's, where they may have one.
async fn program(site: &TestSite, of: &Visitor) -> Visitor {
    let made = of.post("/account/keys", "name=Excel").await;
    let mut program = site.stranger();
    if made.text.contains("onsight_") {
        program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    }
    program
}

impl Stage {
    async fn set(who: &str) -> Stage {
        let (site, ada) = TestSite::new().await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        let user = add(&site, "bob@example.org", Role::User, false).await;
        let visitor = match who {
            "stranger" => site.stranger(),
            "user" => user.clone(),
            "builder" => add(&site, "cyd@example.org", Role::Builder, false).await,
            "admin" => add(&site, "dan@example.org", Role::Admin, false).await,
            "auditor" => add(&site, "fay@example.org", Role::Auditor, false).await,
            "operator" => add(&site, "gus@example.org", Role::User, true).await,
            "other" => other(&site).await,
            _ => unreachable!(),
        };
        furnish(&site, workspace).await;
        let ids = ids(&site, workspace, &ada, &user).await;
        let program = match who {
            "stranger" => site.stranger(),
            _ => program(&site, &visitor).await,
        };
        Stage {
            site,
            ids,
            visitor,
            program,
        }
    }

    /// The route with real ids in its path.
    fn path(&self, route: &str) -> String {
        fill(route, |name| {
            let known = self.ids.iter().find(|(known, _)| *known == name);
            known.map_or(ABSENT, |(_, id)| id)
        })
    }

    async fn ask(&self, method: &str, path: &str) -> Answer {
        let visitor = if path == "/api" || path.starts_with("/api/") {
            &self.program
        } else {
            &self.visitor
        };
        let body = match path.rsplit('/').next() {
            Some("api") => CALL,
            Some("role") => "role=user",
            Some("change") => "what=instance",
            Some("title") => "title=Other",
            _ => "",
        };
        visitor.send(method, path, Body::from(body)).await
    }
}

/// `{table}` becomes what `word` says for `table`; where parameters of two
/// kinds share a name, the words around tell them apart.
fn fill<'a>(route: &'a str, word: impl Fn(&'a str) -> &'a str) -> String {
    let mut before = "";
    let parts = route.split('/').map(|part| {
        let name = part.trim_start_matches(['{', '*']).trim_end_matches('}');
        let name = name.trim_start_matches('*');
        let name = match (before, name) {
            ("rows", "key") => "row",
            (_, "query") if route.contains("/run/") => "order",
            (_, "kind") if route.starts_with("/help/") => "shape",
            (_, "path") if route.starts_with("/help/") => "shown",
            _ => name,
        };
        before = part;
        if part.starts_with('{') {
            word(name)
        } else {
            part
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

async fn furnish(site: &TestSite, workspace: WorkspaceId) {
    site.site()
        .system
        .write(move |tx| {
            tx.execute("insert into app (workspace, id, title, draft, draft_at, draft_by, version, created) values (?1, 'sample', 'Findling', ?2, 0, '', 1, 0)", (workspace, SAMPLE))?;
            tx.execute("insert into app_version (workspace, app, version, text, note, at, by) values (?1, 'sample', 1, ?2, 'Findling', 0, '')", (workspace, SAMPLE))?;
            tx.execute("insert into survey (workspace, id, slug, title, draft, draft_at, draft_by, created) values (?1, 'sample', 'findling', 'Findling', ?2, 0, '', 0)", (workspace, SURVEY))?;
            tx.execute("insert into survey_delivery (workspace, survey, id, settings, is_on, changed, by_user, by_name) values (?1, 'sample', ?2, ?3, 0, 0, '', 'Findling')", (workspace, DELIVERY, SETTINGS))?;
            tx.execute("insert into survey_delivered (workspace, survey, id, delivery, said, asked, by_user, by_name, state, next, expires) values (?1, 'sample', ?2, ?3, ?4, 0, '', 'Findling', 'there', ?5, ?5)", (workspace, DELIVERED, DELIVERY, SETTINGS, NOON.0 * 2))?;
            tx.execute("insert into source (workspace, id, name, kind, settings, revision, changed, changed_by) values (?1, ?2, 'Findling', 'postgres', ?3, 1, 0, '')", (workspace, SOURCE, PLACE))?;
            tx.execute("insert into query (workspace, name, sql, params, changed, changed_by) values (?1, 'by_status', 'select name from orders', '[]', 0, '')", [workspace])?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let rows =
        "id,name,amount,day,status\n1,Findling,10.5,2026-11-01,new\n2,Zweiter,2,2026-11-02,paid\n";
    site.table(workspace, "orders", rows).await;
}

/// The real ids of the workspace; session and key are the user's own.
async fn ids(
    site: &TestSite,
    workspace: WorkspaceId,
    admin: &Visitor,
    user: &Visitor,
) -> Vec<(&'static str, String)> {
    let sent = send(admin, "Findling.csv", b"id,name\n1,Findling\n").await;
    settled(admin, sent.location()).await;
    let upload = sent.location().rsplit('/').next().unwrap().to_owned();
    user.post("/account/keys", "name=Findling").await;
    // A second session of theirs, seen from the first.
    site.enter("bob@example.org").await;
    let account = user.get("/account").await;
    let keys = user.get("/account/keys").await;
    let members = people::members_of(site.site(), workspace).await.unwrap();
    let bob = members
        .iter()
        .find(|member| member.email.starts_with("bob@"));
    let ids = vec![
        ("table", "orders".to_owned()),
        ("row", "1".to_owned()),
        ("column", "name".to_owned()),
        ("name", "by_status".to_owned()),
        ("upload", upload),
        ("app", "sample".to_owned()),
        ("survey", "sample".to_owned()),
        ("delivery", DELIVERY.to_owned()),
        ("source", SOURCE.to_owned()),
        ("delivered", DELIVERED.to_owned()),
        ("path", "edit".to_owned()),
        ("shape", "report".to_owned()),
        ("shown", "order".to_owned()),
        ("query", "list".to_owned()),
        ("order", "close".to_owned()),
        ("page", "home".to_owned()),
        ("widget", "list".to_owned()),
        ("part", "count".to_owned()),
        ("format", "csv".to_owned()),
        ("user", bob.unwrap().id.to_string()),
        (
            "session",
            between(&account.text, "/account/sessions/", "/end\""),
        ),
        ("key", between(&keys.text, "/account/keys/", "/revoke")),
        ("workspace", workspace.to_string()),
        ("alert", alert(site, workspace).await),
    ];
    for (name, id) in &ids {
        assert!(!id.is_empty(), "the stage has no {name}: {}", account.text);
    }
    ids
}

/// The id of an alert that is the workspace's own.
async fn alert(site: &TestSite, workspace: WorkspaceId) -> String {
    let alert = Alert {
        key: "export.mass:bob".to_owned(),
        severity: Severity::Warning,
        title: "Findling leaves".to_owned(),
        text: "Look.".to_owned(),
        workspace: Some(workspace),
    };
    alerts::raise(site.site(), alert).await.unwrap();
    let id = site.site().system.read(|conn| {
        let id = conn.query_row("select id from alert", [], |row| row.get(0));
        Ok::<_, Error>(id?)
    });
    id.await.unwrap()
}

/// What stands between two marks, in the last place where both do.
fn between(text: &str, before: &str, after: &str) -> String {
    let found = text
        .rsplit(before)
        .filter_map(|rest| rest.split_once(after));
    let mut ids = found.map(|(id, _)| id).filter(|id| id.len() < 80);
    ids.next().unwrap_or_default().to_owned()
}

/// `s` sent to sign in, `f` to set up a factor, `l` to unlock, `c` to confirm that it
/// is them; `x` refused, `0` not there, `!` broken, `+` let in,
/// whatever is then said of an empty form.
fn sign(answer: &Answer) -> char {
    match answer.status.as_u16() {
        401 => 's',
        303 if answer.location().split('?').next() == Some("/sign-in") => 's',
        303 if answer.location().starts_with("/account/factors?") => 'f',
        303 if answer.location().starts_with("/locked") => 'l',
        303 if answer.location().starts_with("/confirm-it-is-you?") => 'c',
        403 => 'x',
        404 => '0',
        500.. => '!',
        _ => '+',
    }
}

/// What ends or deletes something comes last, so that it takes nothing away
/// from the others.
fn in_order(site: &TestSite) -> Vec<(String, &'static str)> {
    let map = server::routes(&site.people).map;
    let ends = |path: &str| {
        let last = path.rsplit('/').next().unwrap_or_default();
        match last {
            // Who removes their factor may do nothing else from then on, and who
            // leaves a workspace or closes it sees it no more.
            _ if path == "/account/factors/app/remove" => 7,
            "sign-out" => 6,
            "close" | "switch" => 5,
            "end" if !path.contains('{') => 3,
            "end" | "disable" => 2,
            "delete" | "cancel" | "revoke" | "role" | "roll-back" => 1,
            _ => 0,
        }
    };
    let mut routes: Vec<_> = map
        .iter()
        .map(|route| (route.method.to_string(), route.path))
        .collect();
    routes.sort_by_key(|(method, path)| (ends(path), method != "GET"));
    routes
}

#[tokio::test]
async fn everybody_gets_from_every_route_what_the_table_says() {
    let mut wrong = Vec::new();
    let mut found: Vec<(String, String)> = Vec::new();
    for who in WHO {
        let stage = Stage::set(who).await;
        for (method, route) in in_order(&stage.site) {
            let path = stage.path(route);
            let answer = stage.ask(&method, &path).await;
            let named = format!("{method} {route}");
            if who == "other" {
                private(&named, &answer, &mut wrong);
                absent(&stage, &named, (&path, &answer), &mut wrong).await;
            }
            match found.iter_mut().find(|(known, _)| *known == named) {
                Some((_, signs)) => signs.push(sign(&answer)),
                None => found.push((named, sign(&answer).to_string())),
            }
        }
        if who == "other" {
            unharmed(&stage).await;
        }
    }
    for (route, signs) in &found {
        match TABLE.iter().find(|(known, _)| known == route) {
            None => wrong.push(format!("no row: (\"{route}\", \"{signs}\"),")),
            Some((_, said)) if said != signs => {
                wrong.push(format!("{route}: the table says {said}, they got {signs}"));
            }
            Some(_) => {}
        }
    }
    for (route, _) in TABLE {
        if !found.iter().any(|(known, _)| known == route) {
            wrong.push(format!("{route} is in the table and is no route"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn private(named: &str, answer: &Answer, wrong: &mut Vec<String>) {
    for word in PRIVATE {
        if answer.text.contains(word) {
            wrong.push(format!("{named} shows another workspace “{word}”"));
        }
    }
}

/// What is somebody else's is answered as what never was.
async fn absent(
    stage: &Stage,
    named: &str,
    (path, answer): (&str, &Answer),
    wrong: &mut Vec<String>,
) {
    let (method, route) = named.split_once(' ').unwrap();
    let nowhere = fill(route, |name| if name == "row" { "999999" } else { ABSENT });
    if nowhere == path || OF_NO_APP.contains(&named) {
        return;
    }
    let absent = stage.ask(method, &nowhere).await;
    let plain = |answer: &Answer, path: &str| {
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        answer.text.replace(path, "…").replace(&id, "…")
    };
    let same = (answer.status, plain(answer, path)) == (absent.status, plain(&absent, &nowhere));
    // A form may be found wanting before anybody looks whose it is.
    if !same || answer.status.as_u16() < 400 {
        wrong.push(format!(
            "{named}: a real id is answered otherwise than an absent one"
        ));
    }
}

/// Whatever the stranger tried, everything is as it was.
async fn unharmed(stage: &Stage) {
    let site = stage.site.site();
    let workspace = people::first_workspace(site).await.unwrap();
    let db = site.files.open(&workspace.to_string()).unwrap();
    let rows: i64 = db
        .read(|conn| {
            let sql = "select count(*) from orders where name = 'Findling'";
            Ok::<_, Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(rows, 1);
    let kept: (i64, i64, i64, i64, i64) = site
        .system
        .read(|conn| {
            let sql = "select (select count(*) from app where title = 'Findling'),
                (select count(*) from query), (select count(*) from upload),
                (select count(*) from api_key where revoked is null and name = 'Findling'),
                (select count(*) from user where email glob 'bob@*' and disabled is null)";
            let row = conn.query_row(sql, [], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            });
            Ok::<_, Error>(row?)
        })
        .await
        .unwrap();
    assert_eq!(kept, (1, 1, 1, 1, 1));
    assert!(site.clock.now() >= NOON);
}
