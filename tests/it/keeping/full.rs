//! A survey in the field on a disk that fills up, and has room again.

use std::fs;

use onsight::surveys::keeping;

use super::stage::{Study, TEXT, on};
use crate::disk::{fill, in_mounts_of_its_own, site_on};
use crate::fieldwork::page_of;
use crate::support::Answer;

#[test]
fn respondents_on_a_full_disk_hear_so_and_nothing_acknowledged_is_lost() {
    in_mounts_of_its_own("keeping::full::answered_on_a_disk_that_fills_up");
}

/// Somebody who answers on after the disk is full: their address, and the page they
/// could not send.
struct Stuck {
    way: String,
    form: String,
}

/// Pages are sent until one is refused. Gives who sent it, and how many were taken in.
async fn until_refused(study: &Study) -> (Stuck, i64) {
    let stranger = study.site.stranger();
    for taken in 0..2_000 {
        let begun = stranger.post("/s/brands", "lang=en").await;
        if begun.status == 303 {
            let way = begun.location().to_owned();
            let form = format!(
                "{}&gender=2&why=w{taken}",
                page_of(&stranger.get(&way).await)
            );
            let sent = stranger.post(&way, &form).await;
            if sent.status == 303 {
                continue;
            }
            assert_eq!(sent.status, 507, "{}", sent.text);
            assert!(sent.text.contains("full"), "{}", sent.text);
            return (Stuck { way, form }, taken);
        }
        assert_eq!(begun.status, 507, "{}", begun.text);
        assert!(begun.text.contains("full"), "{}", begun.text);
        return (
            Stuck {
                way: String::new(),
                form: String::new(),
            },
            taken,
        );
    }
    panic!("it fits although nothing fits");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn answered_on_a_disk_that_fills_up() {
    let disk = tempfile::tempdir().unwrap();
    let site = site_on(disk.path(), 48 * 1024);
    let ada = site.found("Northgate", "ada@example.org").await;
    let study = on(site, ada, &TEXT.replace("unique = true", "")).await;
    let first = study
        .answers("/s/brands?pid=canarypid7713", "gender=1&why=canarywhy7711")
        .await;
    let waiting = study.begins("/s/brands").await;
    let shown = page_of(&study.site.stranger().get(&waiting).await);
    let filler = disk.path().join("filler");
    fill(&filler);

    let (stuck, taken) = until_refused(&study).await;

    let stranger = study.site.stranger();
    assert_eq!(
        stranger.get(&waiting).await.status,
        200,
        "what is there is shown"
    );
    assert_eq!(stranger.get(&first).await.status, 200);
    let late = stranger
        .post(&waiting, &format!("{shown}&gender=1&why=late"))
        .await;
    assert_eq!(late.status, 507, "{}", late.text);
    let board = study.ada.get("/surveys/brands").await;
    assert_eq!(board.status, 200, "{}", board.text);
    // Nobody is half erased: it is recorded, or it is refused.
    let found = study
        .ada
        .post("/surveys/brands/keeping/find", "known=canarypid7713")
        .await;
    let number = found
        .between("name=\"respondent\" value=\"", "\"")
        .to_owned();
    let form = format!("respondent={number}");
    let erased = study.ada.post("/surveys/brands/keeping/erase", &form).await;
    let gone = study
        .ada
        .post("/delete/survey/brands", "typed=brands")
        .await;
    assert_eq!(gone.status, 507, "{}", gone.text);

    fs::remove_file(&filler).unwrap();

    // Without hands: nothing was started again.
    let late = stranger
        .post(&waiting, &format!("{shown}&gender=1&why=late"))
        .await;
    assert_eq!(late.status, 303, "{}", late.text);
    if !stuck.way.is_empty() {
        let sent = stranger.post(&stuck.way, &stuck.form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    let again = i64::from(!stuck.way.is_empty());
    whole(&study, &erased, taken + again + 1).await;
}

/// Somebody is erased or is not, and everybody else's answers are there.
async fn whole(study: &Study, erased: &Answer, others: i64) {
    let is_erased = erased.status == 303;
    keeping::round(study.site.site()).await.unwrap();
    if is_erased {
        let canaries = ["canarywhy7711", "canarypid7713"];
        assert_eq!(study.held(&canaries).await, [""; 0]);
    } else {
        assert_eq!(erased.status, 507, "{}", erased.text);
        assert!(!study.held(&["canarywhy7711"]).await.is_empty());
    }
    let kept = "select count(*) from answer where variable = 'why'";
    let kept = study.number(kept).await;
    assert_eq!(kept, others + i64::from(!is_erased));
    assert_eq!(study.db().check().await.unwrap(), Vec::<String>::new());
}
