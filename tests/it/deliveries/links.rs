//! A link opens a file once, and the file is what somebody would have saved.

use std::io::{Cursor, Read};
use std::process::Command;

use onsight::age::{Identity, Opener};
use onsight::base::{Secret, Time};
use onsight::web::Role;
use tempfile::TempDir;

use super::stage::{WORDS, bytes, stage};

#[tokio::test]
async fn a_link_opens_once_what_somebody_would_have_saved() {
    let stage = stage().await;
    let at = stage.set("to=link").await;
    stage.deliver(&at).await;
    let plain = stage.exported("csv", "which=all").await;
    let link = stage.link().await;
    let stranger = stage.site.stranger();

    let shown = stranger.get(&link).await;
    assert!(
        shown.text.contains("brands-20270115T080001Z.csv"),
        "{}",
        shown.text
    );
    let taken = bytes(&stranger, "POST", &link).await;

    assert_eq!(taken, plain);
    assert!(
        !String::from_utf8_lossy(&taken).contains(WORDS[0]),
        "personal ones stay"
    );
    assert_eq!(stranger.post(&link, "").await.status, 404, "it opens once");
    assert_eq!(stranger.get(&link).await.status, 404);
    let list = stage.list().await;
    let hash = onsight::journal::hex(&onsight::journal::sha256(&plain));
    assert!(list.contains(&hash) && list.contains("lies here"), "{list}");
    assert_eq!(
        stage.recorded().await,
        "delivery.set delivery.asked delivery.made delivery.link_made delivery.taken"
    );
    let told = "select detail from journal where action = 'delivery.taken'";
    let told = stage.told(told).await;
    for part in [
        &*hash,
        "\"rows\":1",
        "\"personal\":false",
        "\"sealed\":false",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_link_is_good_for_its_days_and_who_took_it_first_stays_noted() {
    let mut stage = stage().await;
    let at = stage.set("to=link").await;
    stage.deliver(&at).await;
    let plain = stage.exported("csv", "which=all").await;
    let stranger = stage.site.stranger();
    for _ in 0..2 {
        let link = stage.link().await;
        assert_eq!(bytes(&stranger, "POST", &link).await, plain);
        stage.site.site().clock.advance(Time::MINUTE);
    }
    assert_eq!(stage.lying().len(), 1);
    let third = stage.link().await;
    stage.site.site().clock.advance(7 * Time::DAY);

    assert_eq!(stranger.post(&third, "").await.status, 404);
    stage.work().await;

    assert_eq!(stage.lying(), [""; 0]);
    assert!(stage.recorded().await.ends_with("delivery.expired"));
    stage.again().await;
    let log = { &stage.ada }.get("/surveys/brands/deliveries/log.csv");
    let log = log.await.text;
    let noted = log.lines().nth(1).unwrap();
    let hash = onsight::journal::hex(&onsight::journal::sha256(&plain));
    for part in [
        "ada",
        ",Weekly,csv,all,no,no,",
        &hash,
        ",over,",
        "2027-01-15T08:00:01",
    ] {
        assert!(noted.contains(part), "{part}: {noted}");
    }
    assert!(!noted.contains("2027-01-15T08:01"), "{noted}");
}

#[tokio::test]
async fn nothing_of_it_lies_readable_on_the_disk() {
    let stage = stage().await;
    let at = stage.set("to=link&personal=yes&format=ndjson").await;
    stage.deliver(&at).await;
    assert_eq!(stage.lying().len(), 1);

    let mut folders = vec![stage.site.site().config.data.clone()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap_or_default();
            seen += 1;
            for word in WORDS {
                let mut parts = bytes.windows(word.len());
                assert!(
                    !parts.any(|part| part == word.as_bytes()),
                    "{}",
                    path.display()
                );
            }
        }
    }
    assert!(seen > 3);
    // It is in there all the same.
    let link = stage.link().await;
    let taken = bytes(&stage.site.stranger(), "POST", &link).await;
    let mut zip = zip::ZipArchive::new(Cursor::new(taken)).unwrap();
    let mut text = String::new();
    let mut entry = zip.by_name("brands-ndjson.ndjson").unwrap();
    entry.read_to_string(&mut text).unwrap();
    assert!(WORDS.iter().all(|word| text.contains(word)), "{text}");
}

#[tokio::test]
async fn several_formats_are_one_archive_that_the_program_age_opens() {
    let stage = stage().await;
    let folder = TempDir::new().unwrap();
    let identity = folder.path().join("identity");
    let made = Command::new("age-keygen").arg("-o").arg(&identity).output();
    assert!(made.expect("age is needed").status.success());
    let written = std::fs::read_to_string(&identity).unwrap();
    let known = &Identity::parse_file(&written).unwrap()[0];
    let form = format!(
        "to=link&format=sav&format=csv-long&personal=yes&recipients={}",
        known.recipient()
    );
    let at = stage.set(&form).await;
    stage.deliver(&at).await;
    let link = stage.link().await;
    let stranger = stage.site.stranger();
    let shown = stranger.get(&link).await.text;
    assert!(
        shown.contains(".zip.age") && shown.contains("sealed for an age key"),
        "{shown}"
    );

    let sealed = folder.path().join("sealed");
    std::fs::write(&sealed, bytes(&stranger, "POST", &link).await).unwrap();
    let opened = Command::new("age")
        .arg("-d")
        .arg("-i")
        .arg(&identity)
        .arg(&sealed)
        .output();

    let opened = opened.unwrap();
    assert!(opened.status.success(), "{opened:?}");
    let mut zip = zip::ZipArchive::new(Cursor::new(opened.stdout)).unwrap();
    assert_eq!(zip.len(), 3);
    for (format, ending) in [("csv", "csv"), ("csv-long", "csv"), ("sav", "sav")] {
        let mut there = Vec::new();
        let mut entry = zip.by_name(&format!("brands-{format}.{ending}")).unwrap();
        entry.read_to_end(&mut there).unwrap();
        let query = "which=all&personal=yes";
        assert_eq!(there, stage.exported(format, query).await, "{format}");
    }
    let told = stage
        .told("select detail from journal where action = 'delivery.made'")
        .await;
    assert!(
        told.contains("\"personal\":true") && told.contains("\"sealed\":true"),
        "{told}"
    );
    assert!(stage.list().await.contains("personal answers"));
}

#[tokio::test]
async fn a_passphrase_seals_it_and_is_shown_nowhere() {
    const PHRASE: &str = "correct horse battery staple";
    let stage = stage().await;
    let more = "to=link&with_words=yes&words=correct+horse+battery+staple";
    let at = stage.set(more).await;
    let bare = stage.keep("to=link&with_words=yes").await;
    assert_eq!(
        bare.status, 422,
        "a passphrase that is nowhere seals nothing"
    );
    // Kept once more without it: the one there is stays.
    let form = "name=Weekly&format=csv&pattern={survey}-{time}&days=7&to=link&with_words=yes";
    assert_eq!(stage.ada.post(&at, form).await.status, 303);
    stage.deliver(&at).await;
    let link = stage.link().await;

    let sealed = bytes(&stage.site.stranger(), "POST", &link).await;

    let words = Secret::from(PHRASE.to_owned());
    let mut opener = Opener::with_words(Cursor::new(sealed), &words).unwrap();
    let mut plain = Vec::new();
    opener.read_to_end(&mut plain).unwrap();
    assert_eq!(plain, stage.exported("csv", "").await);
    let page = stage.ada.get(&at).await.text;
    assert!(!page.contains(PHRASE), "{page}");
    let sql = "select group_concat(settings || hex(coalesce(secret, ''))) from survey_delivery";
    let kept = stage.told(sql).await;
    let in_hex = onsight::journal::hex(PHRASE.as_bytes()).to_uppercase();
    assert!(
        !kept.contains("battery") && !kept.contains(&in_hex),
        "{kept}"
    );
    let trail = stage
        .told("select group_concat(detail || diff) from journal")
        .await;
    assert!(!trail.contains("battery"), "{trail}");
}

#[tokio::test]
async fn what_lies_here_is_taken_back_with_its_link() {
    let stage = stage().await;
    let at = stage.set("to=link").await;
    stage.deliver(&at).await;
    let link = stage.link().await;
    let there = format!("/surveys/brands/delivered/{}", stage.newest().await);

    let back = stage.ada.post(&format!("{there}/withdraw"), "").await;

    assert_eq!(back.status, 303, "{}", back.text);
    assert_eq!(stage.site.stranger().post(&link, "").await.status, 404);
    assert_eq!(
        (stage.lying(), stage.states().await),
        (vec![], "withdrawn".to_owned())
    );
    assert_eq!(
        stage.ada.post(&format!("{there}/link"), "").await.status,
        409
    );
    assert_eq!(
        stage
            .ada
            .post(&format!("{there}/withdraw"), "")
            .await
            .status,
        409
    );
    assert!(stage.recorded().await.ends_with("delivery.withdrawn"));
}

#[tokio::test]
async fn who_may_not_export_sets_nothing_up_and_gets_no_link() {
    let stage = stage().await;
    let at = stage.set("to=link").await;
    stage.deliver(&at).await;
    let line = format!("/surveys/brands/delivered/{}", stage.newest().await);
    let user = stage.site.member("bob@example.org", Role::User).await;

    for (to, form) in [
        ("/surveys/brands/deliveries", "name=B"),
        (&*format!("{at}/deliver"), ""),
        (&*format!("{line}/link"), ""),
    ] {
        assert_eq!(user.post(to, form).await.status, 403, "{to}");
    }
    let builder = stage.site.member("cyd@example.org", Role::Builder).await;
    assert_eq!(builder.post(&format!("{line}/link"), "").await.status, 200);
}
