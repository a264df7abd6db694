//! Claims about drafts and versions.

use super::*;
use crate::apps::making::model::{Author, Import};
use crate::apps::{Apps, Error};
use crate::base::{Clock, Time};
use crate::config::{Config, Said};
use crate::data::Data;
use crate::people::{self, Email, NewUser};
use crate::site::Site;
use crate::web::Role;

const TEXT: &str = "# mine\nformat = 1\nid = \"desk\"\ntitle = \"Desk\"\n\n[page.home]\ntitle = \"Home\"   # the first\npath = \"/\"\n";

struct Bench {
    apps: Apps,
    author: Author,
    _folder: tempfile::TempDir,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let said = Said {
        data: Some(folder.path().join("data")),
        ..Said::default()
    };
    let clock = Clock::set_to(Time(1_795_000_000_000));
    let site = Site::open(Config::of(&[said]).unwrap(), clock).unwrap();
    let new = NewUser {
        email: Email::parse("ada@example.org").unwrap(),
        name: "Ada".to_owned(),
        role: Role::Admin,
        operator: true,
    };
    let workspace = people::welcome(&site, new, "Desk", None).await.unwrap();
    Bench {
        apps: Apps::new(Data::new(site)),
        author: Author::command_line(workspace),
        _folder: folder,
    }
}

impl Bench {
    async fn import(&self, text: &str, id: Option<&str>) -> Result<String, Error> {
        let wanted = Import {
            text: text.to_owned(),
            id: id.map(str::to_owned),
            publish: false,
        };
        import(&self.apps, &self.author, wanted).await
    }

    /// Saves `text` over the draft as it is, and publishes it.
    async fn publish(&self, text: &str) -> i64 {
        let seen = self.draft().await.at;
        let at = save(
            &self.apps,
            &self.author,
            "desk",
            Change::typed(text.to_owned(), seen),
        )
        .await
        .unwrap();
        publish(&self.apps, &self.author, "desk", ("", ""), at)
            .await
            .unwrap()
    }

    async fn draft(&self) -> crate::apps::Draft {
        look(&self.apps, self.author.workspace, "desk")
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn what_is_published_is_numbered_and_in_use_at_once() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();

    let first = bench.publish(TEXT).await;
    let second = bench.publish(&TEXT.replace("Desk", "Orders desk")).await;

    assert_eq!((first, second), (1, 2));
    let used = bench.apps.published(bench.author.workspace, "desk").await;
    assert_eq!(used.unwrap().app.title, "Orders desk");
}

#[tokio::test]
async fn a_text_with_problems_is_kept_and_not_published() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();
    let broken = TEXT.replace("path", "pth");
    let seen = bench.draft().await.at;
    let at = save(
        &bench.apps,
        &bench.author,
        "desk",
        Change::typed(broken.clone(), seen),
    )
    .await
    .unwrap();

    let refused = publish(&bench.apps, &bench.author, "desk", ("", ""), at).await;

    assert!(matches!(refused, Err(Error::Problems(_))));
    assert_eq!(bench.draft().await.text, broken);
}

#[tokio::test]
async fn a_stale_save_overwrites_nothing() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();
    let seen = bench.draft().await.at;
    let theirs = TEXT.replace("mine", "theirs");
    save(
        &bench.apps,
        &bench.author,
        "desk",
        Change::typed(theirs.clone(), seen),
    )
    .await
    .unwrap();

    let mine = save(
        &bench.apps,
        &bench.author,
        "desk",
        Change::typed("mine".into(), seen),
    )
    .await;

    assert!(matches!(mine, Err(Error::Stale(_))));
    assert_eq!(bench.draft().await.text, theirs);
}

#[tokio::test]
async fn going_back_publishes_the_old_text_as_a_new_version() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();
    bench.publish(TEXT).await;
    bench.publish(&TEXT.replace("Desk", "Other")).await;

    let version = roll_back(&bench.apps, &bench.author, "desk", 1)
        .await
        .unwrap();

    assert_eq!(version, 3);
    let used = bench.apps.published(bench.author.workspace, "desk").await;
    assert_eq!(used.unwrap().app.title, "Desk");
    assert_eq!(bench.draft().await.text, TEXT);
    let history = history(&bench.apps, &bench.author, "desk", None, None)
        .await
        .unwrap();
    assert_eq!((history.text, history.before), (TEXT.to_owned(), Some(2)));
}

#[tokio::test]
async fn going_back_leaves_unpublished_work_alone() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();
    bench.publish(TEXT).await;
    let seen = bench.draft().await.at;
    let at_work = TEXT.replace("mine", "at work");
    save(
        &bench.apps,
        &bench.author,
        "desk",
        Change::typed(at_work.clone(), seen),
    )
    .await
    .unwrap();

    roll_back(&bench.apps, &bench.author, "desk", 1)
        .await
        .unwrap();

    assert_eq!(bench.draft().await.text, at_work);
}

#[tokio::test]
async fn a_taken_id_is_refused_and_another_one_offered() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();

    let clash = bench.import(TEXT, None).await;

    assert!(matches!(clash, Err(Error::Exists(id)) if id == "desk"));
    let free = other_id(&bench.apps, bench.author.workspace, "desk")
        .await
        .unwrap();
    assert_eq!(bench.import(TEXT, Some(&free)).await.unwrap(), "desk-2");
}

#[tokio::test]
async fn out_and_in_again_is_the_same_byte_for_byte() {
    let (here, there) = (bench().await, bench().await);
    let text = TEXT.replace('\n', "\r\n");
    here.import(&text, None).await.unwrap();
    let out = export(&here.apps, &here.author, "desk").await.unwrap();

    there.import(&out, None).await.unwrap();

    let again = export(&there.apps, &there.author, "desk").await.unwrap();
    assert_eq!((&out, &again), (&text, &text));
}

#[tokio::test]
async fn renaming_changes_the_title_and_no_other_byte() {
    let bench = bench().await;
    bench.import(TEXT, None).await.unwrap();

    rename(&bench.apps, &bench.author, "desk", "Orders")
        .await
        .unwrap();

    let draft = bench.draft().await;
    assert_eq!(
        draft.text,
        TEXT.replace("title = \"Desk\"", "title = \"Orders\"")
    );
    assert_eq!(draft.title, "Orders");
}

#[tokio::test]
async fn an_app_begun_with_nothing_can_be_published_as_it_is() {
    let bench = bench().await;

    let id = start(&bench.apps, &bench.author, "The \"desk\"")
        .await
        .unwrap();

    let draft = look(&bench.apps, bench.author.workspace, &id)
        .await
        .unwrap();
    assert_eq!(
        (draft.id.as_str(), draft.title.as_str()),
        ("the-desk", "The \"desk\"")
    );
    publish(&bench.apps, &bench.author, &id, ("", ""), draft.at)
        .await
        .unwrap();
}
