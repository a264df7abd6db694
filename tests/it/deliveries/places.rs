//! Files brought to other machines: real servers on loopback.

use std::fs;

use data_encoding::HEXLOWER;
use onsight::base::Time;

use super::stage::{Stage, calling, encoded, stage};
use crate::backup_places::Ssh;
use crate::backup_s3::{self, S3};
use crate::webdav::{self, Dav};

/// A form about another machine.
fn form(address: &str, (secret, pin): (&str, &str)) -> String {
    let (address, secret, pin) = (encoded(address), encoded(secret), encoded(pin));
    format!("to=place&address={address}&secret={secret}&pin={pin}&clear=yes")
}

/// What is said of each step of a trial.
async fn tried(stage: &Stage, at: &str) -> Vec<(String, String)> {
    let page = stage.ada.post(&format!("{at}/try"), "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let card = page.between("Trial of ", "</section>");
    let steps = card.split("<dt>").skip(1).map(|step| {
        let (title, rest) = step.split_once("</dt><dd>").unwrap();
        let said = rest.split("</dd>").next().unwrap();
        (title.to_owned(), said.to_owned())
    });
    steps.collect()
}

/// The step that failed, and why.
async fn fault(stage: &Stage, at: &str) -> (String, String) {
    let mut steps = tried(stage, at).await;
    let (last, before) = steps.split_last_mut().unwrap();
    assert!(
        before.iter().all(|(_, said)| said.contains("works")),
        "{before:?}"
    );
    last.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_over_ssh_and_its_key_goes_to_no_other_account() {
    let ssh = Ssh::start();
    let stage = calling(vec![format!("127.0.0.1:{}", ssh.port)]).await;
    let key = fs::read_to_string(ssh.at("key")).unwrap();
    let at = stage
        .set(&form(&ssh.address(), (&key, "SHA256:nobody")))
        .await;

    let (step, why) = fault(&stage, &at).await;
    assert!(
        step.contains("Believe") && why.contains(&ssh.print()),
        "{step}: {why}"
    );
    // The key stays for that account, and another folder is no other account.
    let more = form(&format!("{}/none", ssh.address()), ("", &ssh.print()));
    let again =
        |more: &str| format!("name=W&format=csv&which=all&pattern={{survey}}-{{time}}&{more}");
    assert_eq!(stage.ada.post(&at, &again(&more)).await.status, 303);
    let (step, why) = fault(&stage, &at).await;
    assert!(
        step.contains("folder") && why.contains("not there"),
        "{step}: {why}"
    );
    let more = form("sftp://eve@127.0.0.1:22/in", ("", &ssh.print()));
    let other = stage.ada.post(&at, &again(&more)).await;
    assert!(
        other.status == 422 && other.text.contains("another account"),
        "{}",
        other.text
    );
    let more = form(&ssh.address(), ("", &ssh.print()));
    assert_eq!(stage.ada.post(&at, &again(&more)).await.status, 303);
    let steps = tried(&stage, &at).await;
    assert_eq!(steps.len(), 6);
    assert!(
        steps.iter().all(|(_, said)| said.contains("works")),
        "{steps:?}"
    );
    assert_eq!(
        fs::read_dir(ssh.at("copies")).unwrap().count(),
        0,
        "it was removed"
    );
    let page = stage.ada.get(&at).await.text + &stage.list().await;
    assert!(!page.contains("PRIVATE KEY"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_over_ssh() {
    let ssh = Ssh::start();
    let stage = calling(vec![format!("127.0.0.1:{}", ssh.port)]).await;
    let key = fs::read_to_string(ssh.at("key")).unwrap();
    let at = form(&ssh.address(), (&key, &ssh.print()));
    let at = stage.set(&at).await;

    stage.deliver(&at).await;

    assert_eq!(stage.states().await, "delivered", "{}", stage.list().await);
    let there: Vec<_> = fs::read_dir(ssh.at("copies")).unwrap().collect();
    assert_eq!(there.len(), 1);
    let there = there[0].as_ref().unwrap();
    assert_eq!(there.file_name(), "brands-20270115T080001Z.csv");
    assert_eq!(
        fs::read(there.path()).unwrap(),
        stage.exported("csv", "which=all").await
    );
    assert_eq!(stage.lying(), [""; 0]);
    let trail = stage
        .told("select group_concat(detail || diff || reason) from journal")
        .await;
    assert!(
        !trail.contains("PRIVATE KEY") && trail.contains(&ssh.address()),
        "{trail}"
    );
    assert!(
        stage
            .recorded()
            .await
            .ends_with("delivery.asked delivery.made delivery.arrived")
    );
    // Two of one second have two names.
    stage.deliver(&at).await;
    let names = fs::read_dir(ssh.at("copies")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        names.contains(&"brands-20270115T080001Z-2.csv".into()),
        "{names:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_to_object_storage() {
    let s3 = S3::start();
    let stage = calling(vec![format!("127.0.0.1:{}", s3.port)]).await;
    let address = s3.address(backup_s3::KEY, "box");
    let ca = s3.certified.ca.clone();
    for (address, secret, pin, step, why) in [
        (&address, "wrong", &*ca, "Sign in", "SignatureDoesNotMatch"),
        (
            &s3.address(backup_s3::KEY, "none"),
            backup_s3::SECRET,
            &ca,
            "folder",
            "NoSuchBucket",
        ),
        (&address, backup_s3::SECRET, "", "Believe", "certificate"),
    ] {
        let at = stage.set(&form(address, (secret, pin))).await;
        let (failed, said) = fault(&stage, &at).await;
        assert!(
            failed.contains(step) && said.contains(why),
            "{failed}: {said}"
        );
        assert!(!said.contains(backup_s3::SECRET), "{said}");
    }
    let at = stage.set(&form(&address, (backup_s3::SECRET, &ca))).await;
    stage.deliver(&at).await;

    assert_eq!(stage.states().await, "delivered", "{}", stage.list().await);
    assert_eq!(s3.keys(""), ["onsight/brands-20270115T080001Z.csv"]);
    let there = s3.tell("read onsight/brands-20270115T080001Z.csv");
    let there = HEXLOWER.decode(there.as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(there, stage.exported("csv", "which=all").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_speaks_webdav_is_tried_step_by_step() {
    let dav = Dav::start();
    let stage = calling(vec![format!("127.0.0.1:{}", dav.port)]).await;
    let ca = dav.certified.ca.clone();
    for (address, secret, pin, step, why) in [
        (dav.address(), "wrong", &*ca, "Sign in", "401"),
        (
            dav.folder_called("none"),
            webdav::WORD,
            &ca,
            "folder",
            "not there",
        ),
        (dav.address(), webdav::WORD, "", "Believe", "certificate"),
    ] {
        let at = stage.set(&form(&address, (secret, pin))).await;
        let (failed, said) = fault(&stage, &at).await;
        assert!(
            failed.contains(step) && said.contains(why),
            "{failed}: {said}"
        );
    }
    let at = stage.set(&form(&dav.address(), (webdav::WORD, &ca))).await;
    assert_eq!(tried(&stage, &at).await.len(), 6);
    assert!(dav.files().is_empty(), "what was tried is removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_over_webdav_whole_or_not_at_all() {
    let dav = Dav::start();
    let mut stage = calling(vec![format!("127.0.0.1:{}", dav.port)]).await;
    let ca = dav.certified.ca.clone();
    let at = stage.set(&form(&dav.address(), (webdav::WORD, &ca))).await;

    // It is full, then it loses the connection, then it loses it at the last step.
    dav.tell("refuse PUT");
    stage.deliver(&at).await;
    let plain = stage.exported("csv", "which=all").await;
    let list = stage.list().await;
    assert!(
        list.contains("on its way") && list.contains("no room left"),
        "{list}"
    );
    for (minutes, method) in [(1, "cut PUT"), (5, "refuse MOVE")] {
        dav.tell(method);
        stage.site.site().clock.advance(minutes * Time::MINUTE);
        stage.work().await;
        assert_eq!(stage.states().await, "made", "{method}");
        assert!(
            !dav.files()
                .iter()
                .any(|(name, _)| name == "brands-20270115T080001Z.csv"),
            "{method}"
        );
    }
    stage.site.site().clock.advance(15 * Time::MINUTE);
    // Somebody answers meanwhile: what was made is what leaves.
    stage.answers("late").await;
    stage.work().await;

    assert_eq!(stage.states().await, "delivered");
    assert_eq!(
        dav.files(),
        [("brands-20270115T080001Z.csv".to_owned(), plain)]
    );
    assert_eq!(stage.lying(), [""; 0]);
    stage.again().await;
    let log = stage
        .ada
        .get("/surveys/brands/deliveries/log.csv")
        .await
        .text;
    assert!(
        log.contains("davs://ada@127.0.0.1") && !log.contains(webdav::WORD),
        "{log}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_server_says_which_machines_are_called() {
    let mut stage = stage().await;
    let at = stage
        .set(&form("davs://ada@127.0.0.1:8443/in", ("word", "")))
        .await;

    let (step, why) = fault(&stage, &at).await;

    assert!(
        step.contains("may be called") && why.contains("[egress] allow"),
        "{step}: {why}"
    );
    let trail = "select group_concat(reason) from journal where action = 'delivery.tried'";
    assert!(stage.told(trail).await.contains("not allowed"));
    // It is tried for a day, and then somebody is told.
    stage.deliver(&at).await;
    assert_eq!(stage.states().await, "made");
    for _ in 0..12 {
        stage.site.site().clock.advance(4 * Time::HOUR);
        stage.work().await;
    }
    assert_eq!(
        (stage.states().await, stage.lying()),
        ("failed".to_owned(), vec![])
    );
    let sql = "select detail from journal where action = 'alert.raised'";
    let alert = stage.told(sql).await;
    assert!(alert.contains("delivery.failed:brands."), "{alert}");
    assert!(stage.recorded().await.ends_with("delivery.failed"));
    stage.again().await;
    assert!(stage.list().await.contains("not allowed"));
}

#[tokio::test]
async fn what_lies_elsewhere_unsealed_was_chosen_and_no_folder_of_this_machine_is_a_place() {
    let stage = stage().await;
    let bare = form("sftp://a@nas.corp/in", ("word", "")).replace("&clear=yes", "");
    for (more, field) in [
        (bare.as_str(), "clear"),
        (&form("/var/lib", ("", "")), "address"),
        (&form("sftp://a:word@nas.corp/in", ("", "")), "address"),
        (
            "to=place&address=sftp%3A%2F%2Fa%40nas.corp%2Fin&clear=yes",
            "secret",
        ),
    ] {
        let again = stage.keep(more).await;
        assert_eq!(again.status, 422, "{more}");
        assert!(
            again.text.contains(&format!("href=\"#{field}\"")),
            "{field}: {}",
            again.text
        );
        assert!(
            !again.text.contains("value=\"word\""),
            "no secret comes back"
        );
    }
    assert_eq!(
        stage
            .told("select cast(count(*) as text) from survey_delivery")
            .await,
        "0"
    );
}
