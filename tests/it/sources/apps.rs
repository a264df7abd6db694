//! Apps over databases elsewhere: the same text on every engine.

use onsight::people;
use onsight::web::Role;

use super::servers::{Server, form, id};
use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = include_str!("jobs.toml");

/// An app over one of three engines.
struct Desk {
    site: TestSite,
    ada: Visitor,
    /// What stands in every row of this test and of no other on the same server.
    mark: &'static str,
    once: std::cell::Cell<u32>,
}

impl Desk {
    /// `None`: over the workspace's own database.
    async fn over(server: Option<&'static Server>, mark: &'static str) -> Desk {
        let (site, ada) = match server {
            Some(server) => server.site().await,
            None => TestSite::new().await,
        };
        let kind = server.map_or("sqlite", |server| server.kind);
        match server {
            Some(server) => {
                let writer = [
                    ("name", "MAIN"),
                    ("writer", "writer"),
                    ("writer_password", server.password),
                ];
                server.connect(&ada, &writer).await;
            }
            None => own_table(&site).await,
        }
        let text = TEXT.replace("kind = \"sqlite\"", &format!("kind = \"{kind}\""));
        let brought = upload(&ada, "/apps/import", "jobs.toml", &text).await;
        assert_eq!(brought.status, 303, "{}", brought.text);
        let seen = ada.get("/edit/jobs/publish").await;
        assert!(!seen.text.contains("bad-text"), "{}", seen.text);
        let at = seen.between("name=\"draft_at\" value=\"", "\"");
        let form = format!("note=&draft_at={at}");
        let published = ada.post("/edit/jobs/publish", &form).await;
        assert_eq!(published.status, 303, "{}", published.text);
        let once = std::cell::Cell::new(0);
        Desk {
            site,
            ada,
            mark,
            once,
        }
    }

    async fn page(&self, query: &str) -> String {
        let path = format!("/apps/jobs?mark={}-%25&{query}", self.mark);
        let page = self.ada.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }

    /// The rows of the table as CSV.
    async fn rows(&self, query: &str) -> String {
        let path = format!(
            "/apps/jobs/export/home/list/csv?mark={}-%25&{query}",
            self.mark
        );
        let file = self.ada.get(&path).await;
        assert_eq!(file.status, 200, "{}", file.text);
        let text = file.text.replace("\r\n", "\n");
        // Our own engine has no type for it.
        let ends = |text: &str| text.ends_with(",0") || text.ends_with(",1");
        let line = |line: &str| match line.rsplit_once(',') {
            Some((rest, last)) if ends(line) => format!("{rest},{}", last == "1"),
            _ => line.to_owned(),
        };
        text.lines().map(|text| line(text) + "\n").collect()
    }

    async fn send(&self, query: &str, widget: &str, fields: &[(&str, &str)]) -> Answer {
        self.once.set(self.once.get() + 1);
        let once = format!("{:032x}", self.once.get());
        self.resend(query, (widget, &once), fields).await
    }

    async fn resend(
        &self,
        query: &str,
        (widget, once): (&str, &str),
        fields: &[(&str, &str)],
    ) -> Answer {
        let at = format!("mark={}-%25", self.mark);
        let mut all = vec![("_page", "home"), ("_widget", widget), ("_once", once)];
        all.push(("_at", &at));
        all.extend(fields);
        let path = format!("/apps/jobs/run/{query}");
        self.ada.post(&path, &form(&all)).await
    }

    async fn add(&self, title: &str, code: &str, more: &[(&str, &str)]) -> Answer {
        let code = format!("{}-{code}", self.mark);
        let fields = [("title", title), ("code", &code)];
        self.send("add", "new", &[&fields, more].concat()).await
    }

    /// The sequence of the actions of the journal that concern the app.
    async fn told(&self) -> Vec<String> {
        let workspace = people::first_workspace(self.site.site()).await.unwrap();
        let db = self.site.site().files.open(&workspace.to_string()).unwrap();
        let read = db.read(|conn| {
            let sql = "select action from journal where action like 'app.query%' \
                       or action like 'job.%' order by id";
            let mut list = conn.prepare(sql)?;
            let actions = list.query_map([], |row| row.get::<_, String>(0))?;
            Ok::<_, onsight::store::Error>(actions.collect::<Result<Vec<_>, _>>()?)
        });
        read.await.unwrap()
    }
}

async fn own_table(site: &TestSite) {
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = site.table(workspace, "other", "id,a\n1,b\n").await;
    db.write(|tx| {
        tx.execute_batch(
            "create table job (
                 id integer primary key, title text not null, code text unique, hours real,
                 due text, at text, done integer not null default 0,
                 constraint positive check (hours >= 0))",
        )?;
        Ok::<_, onsight::store::Error>(())
    })
    .await
    .unwrap();
}

fn each() -> [(Option<&'static Server>, &'static str); 3] {
    [
        (None, "own"),
        (Some(Server::postgres()), "pg"),
        (Some(Server::mariadb()), "my"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_text_does_the_same_on_every_engine() {
    for (server, mark) in each() {
        let desk = Desk::over(server, mark).await;
        let kind = server.map_or("sqlite", |server| server.kind);
        for (number, hours) in [("1", "1.5"), ("2", "10"), ("3", "")] {
            let more = [
                ("hours", hours),
                ("due", "2026-11-2"),
                ("at", "2026-11-21T08:00:00Z"),
            ];
            let due = format!("{}{number}", more[1].1);
            let more = [more[0], ("due", due.as_str()), more[2]];
            let added = desk.add(&format!("Job {number}"), number, &more).await;
            assert_eq!(added.status, 303, "{kind}: {}", added.text);
        }

        let page = desk.page("").await;
        for said in ["Job 1", "Job 3", "1.50", "11.50"] {
            assert!(page.contains(said), "{kind} {said}: {page}");
        }
        let all = desk.rows("sort=title").await;
        let wanted = "Title,Hours,Due,Done\nJob 1,1.5,2026-11-21,false\n\
                      Job 2,10,2026-11-22,false\nJob 3,,2026-11-23,false\n";
        assert_eq!(all, wanted, "{kind}");
        // Lists, optional conditions, dates.
        let some = desk.rows("due=2026-11-22&due=2026-11-23&sort=-title").await;
        assert!(some.contains("Job 3") && some.contains("Job 2"), "{some}");
        assert!(!some.contains("Job 1"), "{kind}: {some}");
        let late = desk.rows("since=2026-11-21T08:00:01Z").await;
        assert!(!late.contains("Job"), "{kind}: {late}");

        let key = page.between_id();
        let done = desk.send("finish", "list", &[("row.id", &key)]).await;
        assert_eq!(done.status, 303, "{kind}: {}", done.text);
        let finished = desk.rows("sort=title").await;
        assert_eq!(finished.matches("true").count(), 1, "{kind}: {finished}");
        let again = desk.send("finish", "list", &[("row.id", &key)]).await;
        assert_eq!(again.status, 422, "{kind}: {}", again.text);
        let path = format!("/apps/jobs/part/home/list/count?mark={mark}-%25");
        let count = desk.ada.get(&path).await.text;
        assert!(count.contains("of 3"), "{kind}: {count}");
        let path = format!("/apps/jobs/part/home/list/totals?mark={mark}-%25");
        let sums = desk.ada.get(&path).await.text;
        assert!(sums.contains("11.50"), "{kind}: {sums}");
    }
}

trait Keys {
    fn between_id(&self) -> String;
}

impl Keys for String {
    /// The key of the first row of the table.
    fn between_id(&self) -> String {
        let (_, rest) = self
            .split_once("name=\"row.id\" value=\"")
            .expect("a row with its key");
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_table_refuses_is_said_at_its_field_on_every_engine() {
    for (server, mark) in each() {
        let desk = Desk::over(server, &format!("no{mark}").leak()[..]).await;
        let kind = server.map_or("sqlite", |server| server.kind);
        assert_eq!(desk.add("Once", "a", &[]).await.status, 303);

        let twice = desk.add("Twice", "a", &[]).await;
        assert_eq!(twice.status, 422, "{kind}: {}", twice.text);
        assert!(twice.text.contains("another entry has that value already"));
        let negative = desk.add("Less", "b", &[("hours", "-1")]).await;
        assert_eq!(negative.status, 422, "{kind}: {}", negative.text);
        assert!(
            negative.text.contains("does not meet the rule"),
            "{}",
            negative.text
        );
        let all = desk.rows("").await;
        assert_eq!(all.matches("Once").count(), 1, "{kind}: {all}");
        assert!(
            !all.contains("Twice") && !all.contains("Less"),
            "{kind}: {all}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_rows_are_the_whole_result_both_ways_with_rows_without_a_value() {
    for (server, mark) in each() {
        let desk = Desk::over(server, &format!("pages{mark}").leak()[..]).await;
        let kind = server.map_or("sqlite", |server| server.kind);
        for number in 0..9 {
            let hours = if number % 3 == 0 {
                String::new()
            } else {
                (number % 2).to_string()
            };
            let at = format!("2026-11-21T08:00:0{}Z", number / 2);
            let more = [("hours", hours.as_str()), ("at", &at)];
            let title = format!("Row {number}");
            assert_eq!(desk.add(&title, &title, &more).await.status, 303);
        }
        for sort in ["title", "-title", "hours", "-hours", "at", "-at", ""] {
            let sorted = format!("sort={sort}");
            let (mut seen, mut query) = (Vec::new(), sorted.clone());
            let mut back = String::new();
            loop {
                let page = desk.page(&query).await;
                seen.push(titles(&page));
                if let Some(before) = place(&page, "before") {
                    back = before;
                }
                match place(&page, "after") {
                    Some(after) => query = format!("{sorted}&after={after}"),
                    None => break,
                }
            }
            let sizes: Vec<usize> = seen.iter().map(Vec::len).collect();
            assert_eq!(sizes, [4, 4, 1], "{kind} {sort}: {seen:?}");
            let mut all = seen.concat();
            let file = desk.rows(&sorted).await;
            let order: Vec<&str> = file.lines().skip(1).map(|line| &line[..5]).collect();
            if !sort.is_empty() {
                assert_eq!(all, order, "{kind} {sort}");
            }
            all.sort();
            all.dedup();
            assert_eq!(all.len(), 9, "{kind} {sort}: {seen:?}");
            let before = desk.page(&format!("{sorted}&before={back}")).await;
            assert_eq!(titles(&before), seen[1], "{kind} {sort}");
        }
    }
}

/// What stands first in each row of the table.
fn titles(page: &str) -> Vec<String> {
    let rows = page.split("Row ").skip(1);
    let mut found: Vec<String> = rows.map(|rest| format!("Row {}", &rest[..1])).collect();
    found.dedup();
    found
}

/// The place of an address that leads to the next page or the one before.
fn place(page: &str, word: &str) -> Option<String> {
    let links = page.split("href=\"").skip(1);
    let mut links = links.filter_map(|rest| rest.split('"').next());
    let link = links.find_map(|link| Some(link.split_once(&format!("{word}="))?.1))?;
    Some(link.split('&').next().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_twice_changes_once_and_each_step_is_written_down() {
    for server in Server::both() {
        let desk = Desk::over(Some(server), "twice").await;
        let once = "f".repeat(32);
        let fields = [("title", "Only"), ("code", "twice-only")];
        let submit = || desk.resend("add", ("new", &once), &fields);
        let (first, second) = tokio::join!(submit(), submit());
        // The other one came while the first was under way, or after it.
        assert!(
            first.status == 303 || second.status == 303,
            "{}",
            first.text
        );
        assert_eq!(submit().await.status, 303);
        assert_eq!(desk.rows("").await.matches("Only").count(), 1);

        assert_eq!(desk.add("Again", "x", &[("hours", "-1")]).await.status, 422);
        let told = desk.told().await;
        let wanted = [
            "app.query_sent",
            "job.added",
            "app.query_sent",
            "app.query_refused",
        ];
        assert_eq!(told, wanted, "{}", server.kind);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_and_changing_are_two_accounts_and_neither_does_the_other_s_work() {
    let server = Server::postgres();
    let desk = Desk::over(Some(server), "two").await;
    let list = desk.ada.get("/sources").await.text;
    let path = list.between_path("/sources/");
    // Without the second account nothing is changed, and an admin is told what to do.
    let form = server.form(&[("name", "MAIN"), ("revision", "1")]);
    let saved = desk.ada.post(&path, &form).await;
    assert_eq!(saved.status, 303, "{}", saved.text);

    let refused = desk.add("None", "n", &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("an admin enters an account"),
        "{}",
        refused.text
    );
    assert!(
        desk.ada
            .get("/edit/jobs/settings")
            .await
            .text
            .contains("nobody may change rows")
    );
    let same = server.form(&[("name", "MAIN"), ("revision", "2"), ("writer", "reader")]);
    let same = desk.ada.post(&path, &same).await;
    assert_eq!(same.status, 422);
    assert!(same.text.contains("another account"), "{}", same.text);

    // A read query cannot change anything, whatever it is called.
    let sneaky = TEXT
        .replace("kind = \"sqlite\"", "kind = \"postgres\"")
        .replace("id = \"jobs\"", "id = \"sneaky\"")
        .replace(
            "select count(*) as n",
            "with x as (delete from job returning 1) select count(*) as n",
        );
    let brought = upload(&desk.ada, "/apps/import", "sneaky.toml", &sneaky).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    let drawn = desk.ada.get("/edit/sneaky/preview").await.text;
    assert!(
        drawn.contains("must be at the top level") || drawn.contains("permission denied"),
        "{drawn}"
    );
}

trait Paths {
    fn between_path(&self, begins: &str) -> String;
}

impl Paths for String {
    fn between_path(&self, begins: &str) -> String {
        let at = self.match_indices(begins).find(|(at, _)| {
            let rest = &self[at + begins.len()..];
            rest.len() > 36 && !rest.starts_with("new")
        });
        let (at, _) = at.expect("a database in the list");
        let id = self[at + begins.len()..].chars();
        let id: String = id
            .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
            .collect();
        format!("{begins}{id}")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_stands_for_the_database_that_was_chosen_and_for_no_other_workspace_s() {
    let server = Server::mariadb();
    let desk = Desk::over(Some(server), "named").await;
    let writer = [
        ("name", "Second"),
        ("writer", "writer"),
        ("writer_password", server.password),
        ("database", "mysql"),
    ];
    let second = server.connect(&desk.ada, &writer).await;
    let settings = desk.ada.get("/edit/jobs/settings").await.text;
    assert!(settings.contains("It asks MAIN"), "{settings}");

    let chosen = form(&[("uses.main", id(&second))]);
    let done = desk.ada.post("/edit/jobs/databases", &chosen).await;
    assert_eq!(done.status, 303, "{}", done.text);
    let page = desk.page("").await;
    assert!(
        page.contains("doesn&#39;t exist") || page.contains("job"),
        "{page}"
    );
    assert!(page.contains("denied") || page.contains("exist"), "{page}");
    let gone = desk.ada.post(&format!("{second}/delete"), "").await;
    assert_eq!(gone.status, 303);
    let page = desk.page("").await;
    assert!(page.contains("not connected any more"), "{page}");
    // None chosen: the one of that name again.
    let none = desk.ada.post("/edit/jobs/databases", "uses.main=").await;
    assert_eq!(none.status, 303);
    assert!(!desk.page("").await.contains("not connected any more"));

    desk.site.site().clock.advance(1);
    let eve = desk.site.found("Southgate", "eve@example.org").await;
    let text = TEXT.replace("kind = \"sqlite\"", "kind = \"mysql\"");
    let brought = upload(&eve, "/apps/import", "jobs.toml", &text).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    let drawn = eve.get("/edit/jobs/preview").await.text;
    assert!(drawn.contains("none is chosen"), "{drawn}");
    let first = desk
        .ada
        .get("/sources")
        .await
        .text
        .between_path("/sources/");
    let chosen = form(&[("uses.main", id(&first))]);
    let stolen = eve.post("/edit/jobs/databases", &chosen).await;
    assert_eq!(stolen.status, 422, "{}", stolen.text);
    // Whoever only uses apps chooses nothing.
    let user = desk.site.member("uma@example.org", Role::User).await;
    assert_eq!(
        user.post("/edit/jobs/databases", "uses.main=").await.status,
        403
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_apps_and_both_passwords_are_in_no_file_and_no_record() {
    for server in Server::both() {
        let desk = Desk::over(Some(server), "canary").await;
        let word = format!("{}-APP", server.canary);
        assert_eq!(desk.add(&word, "c", &[]).await.status, 303);
        assert!(desk.page("").await.contains(&word));
        assert!(desk.rows("").await.contains(&word));
        let twice = desk.add(&word, "c", &[]).await;
        assert_eq!(twice.status, 422);

        let found = crate::canaries::held(&desk.site, &[&word, server.password]).await;
        assert!(found.is_empty(), "{found:?}");
        let path = desk
            .ada
            .get("/sources")
            .await
            .text
            .between_path("/sources/");
        let page = desk.ada.get(&path).await.text;
        assert!(page.contains("value=\"writer\"") && !page.contains(server.password));
    }
}
