//! What an open page that follows is told, and when.

use super::*;
use crate::apps::following::{Following, Said};
use crate::web::Grant;
use crate::workspaces::Member;

const FOLLOWS: &str = "format = 1\nid = \"sample\"\ntitle = \"Sample\"
[uses.main]\nkind = \"sqlite\"\n[uses.far]\nkind = \"postgres\"
[query.list]\nuse = \"main\"\nkind = \"read\"\nsql = \"select name from orders\"
[query.away]\nuse = \"far\"\nkind = \"read\"\nsql = \"select name from orders\"
[page.home]\ntitle = \"Home\"\npath = \"/\"\nlive = \"30s\"
[page.home.widget.rows]\ntype = \"report\"\nat = [1, 1, 12]\nquery = \"list\"
[page.home.widget.there]\ntype = \"report\"\nat = [2, 1, 12]\nquery = \"away\"
";

impl Desk {
    /// Somebody on a stay: they are in no list of members.
    fn visiting(&self) -> Member {
        let workspace = self.person.workspace;
        let person = Person {
            name: "Op".to_owned(),
            email: "op@example.com".to_owned(),
            workspace_name: String::new(),
            via: Via::Web,
            groups: Vec::new(),
            attributes: BTreeMap::new(),
            whereabouts: Whereabouts {
                grant: Some(Grant {
                    id: "g".to_owned(),
                    ends: NOON.plus(Time::DAY),
                }),
                ..Whereabouts::default()
            },
            ..self.person
        };
        Member {
            viewer: Viewer {
                standing: Standing::default(),
                person: Arc::new(person),
                address: IpAddr::V4(Ipv4Addr::LOCALHOST),
                door: Door::Only,
                seen: Arc::default(),
                toast: None,
            },
            workspace,
            db: self.apps.site().files.open(&workspace.to_string()).unwrap(),
        }
    }

    async fn following(&self) -> Following {
        let workspace = self.person.workspace;
        let published = self.apps.published(workspace, "sample").await.unwrap();
        let changes = self.apps.site().files.changes(&workspace.to_string());
        let (now, member) = (changes.now(), self.visiting());
        let mut following = Following::begin(&self.apps, &member, (published, 0), now).unwrap();
        assert_eq!(following.next().await, Some(Said::Here(now)));
        following
    }
}

fn widgets(said: Option<Said>) -> Vec<String> {
    match said {
        Some(Said::Changed(_, widgets)) => widgets,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn rows_elsewhere_are_asked_again_as_often_as_the_page_says() {
    let desk = Desk::of(FOLLOWS.to_owned(), &[]).await;
    let mut following = desk.following().await;
    let begun = tokio::time::Instant::now();

    assert_eq!(following.next().await, Some(Said::Beat));
    assert_eq!(widgets(following.next().await), ["there"]);
    assert_eq!(begun.elapsed().as_secs(), 30);
    assert_eq!(following.next().await, Some(Said::Beat));
    assert_eq!(widgets(following.next().await), ["there"]);
    assert_eq!(begun.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_changes_in_one_second_is_told_together() {
    let desk = Desk::of(FOLLOWS.to_owned(), &[]).await;
    let mut following = desk.following().await;
    desk.write("update orders set name = 'A' where id = 1")
        .await;
    assert_eq!(widgets(following.next().await), ["rows"]);
    let told = tokio::time::Instant::now();
    for sql in [
        "update orders set name = 'B' where id = 1",
        "update orders set name = 'C' where id = 1",
    ] {
        desk.write(sql).await;
    }

    assert_eq!(widgets(following.next().await), ["rows"]);

    assert!(told.elapsed() >= std::time::Duration::from_secs(1));
    assert_eq!(following.next().await, Some(Said::Beat), "and no more");
}

#[tokio::test(start_paused = true)]
async fn another_version_is_told_and_ends_the_line() {
    let desk = Desk::of(FOLLOWS.to_owned(), &[]).await;
    let mut following = desk.following().await;
    let workspace = desk.person.workspace;
    let next = desk.apps.site().system.write(move |tx| {
        tx.execute("insert into app_version (workspace, app, version, text, note, at, by) values (?1, 'sample', 2, ?2, '', 0, '')", (workspace, FOLLOWS))?;
        tx.execute("update app set version = 2", [])?;
        Ok::<_, Error>(())
    });
    next.await.unwrap();
    desk.apps.changed(workspace, "sample");

    assert_eq!(following.next().await, Some(Said::Anew));
    assert_eq!(following.next().await, None);
}
