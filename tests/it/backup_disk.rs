//! Backups where there is no room, and where nothing may be written, on disks
//! that are mounted for the test alone.

use std::fs;

use onsight::backup::State;
use onsight::base::Time;
use onsight::ending;

use crate::backup::Vault;
use crate::disk::{in_mounts_of_its_own, mount, only_read, unmount};

#[test]
fn a_full_disk_is_told_and_room_brings_backups_back() {
    in_mounts_of_its_own("backup_disk::no_room_and_room_again");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the test above, in mounts of its own"]
async fn no_room_and_room_again() {
    let vault = Vault::new().await;
    let whole = vault.make(true).await.unwrap();

    // Where points are put together.
    let work = vault.site().config.data.join("backup");
    mount(&work, 4);
    let error = vault.make(true).await.unwrap_err();
    unmount(&work);
    assert!(error.to_string().contains("No space left"), "{error}");
    let alerts = vault.alerts().await;
    for wanted in ["backup.disk", "backup.failed"] {
        assert!(alerts.contains(&wanted.to_owned()), "{alerts:?}");
    }
    assert!(vault.lying(0).contains(&whole.id));
    assert_eq!(vault.make(true).await.unwrap().state, State::Whole);
    assert_eq!(vault.alerts().await, Vec::<String>::new());

    // One of the two places where they go.
    let place = vault.place(0).to_owned();
    let mark = fs::read(place.join("onsight.backup")).unwrap();
    mount(&place, 8);
    fs::write(place.join("onsight.backup"), mark).unwrap();
    let point = vault.make(true).await.unwrap();
    assert_eq!(
        (point.state, point.copies.as_slice()),
        (State::Degraded, &["place 1".to_owned()][..])
    );
    let fault = point.fault.unwrap();
    assert!(fault.contains("the disk there is full"), "{fault}");
    only_read(&place);
    let fault = vault.make(true).await.unwrap().fault.unwrap();
    assert!(fault.contains("Read-only file system"), "{fault}");
    assert_eq!(vault.alerts().await, ["backup.degraded"]);
    unmount(&place);
    assert_eq!(vault.make(true).await.unwrap().state, State::Whole);
    assert_eq!(vault.alerts().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_of_less_than_half_is_told_until_somebody_looked() {
    let vault = Vault::new().await;
    let rows = (0..60_000).map(|row| format!("{row},{row:0>90}\n"));
    let fat = format!("id,text\n{}", rows.collect::<String>()).leak();
    vault.test.table(vault.workspace, "fat", fat).await;
    let before = vault.make(true).await.unwrap();
    let gone = vault.admin.post("/delete/table/fat", "typed=fat").await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    vault.site().clock.advance(23 * Time::HOUR);
    assert_eq!(ending::round(vault.site()).await.unwrap(), 1);

    let after = vault.make(true).await.unwrap();

    assert!(after.bytes * 2 < before.bytes, "{before:?} {after:?}");
    assert_eq!(vault.alerts().await, ["backup.shrunk"]);
    vault.make(true).await.unwrap();
    assert_eq!(vault.alerts().await, ["backup.shrunk"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_half_brought_when_a_process_ended_goes_with_the_next_point() {
    let vault = Vault::new().await;
    let whole = vault.make(true).await.unwrap();
    let place = vault.place(0);
    let cut_off = place.join("points/20200101T000000Z-00000000");
    fs::create_dir(&cut_off).unwrap();
    let halves = [
        cut_off.join("000-databases.0000.part"),
        place.join("keyring/0000000009.part"),
    ];
    let strange = place.join("somebody.part");
    for path in halves.iter().chain([&strange]) {
        fs::write(path, "half").unwrap();
    }

    vault.site().clock.advance(1);
    assert_eq!(vault.make(true).await.unwrap().state, State::Whole);

    assert!(halves.iter().all(|path| !path.exists()));
    assert!(!cut_off.exists(), "the folder goes with its last file");
    assert!(strange.exists(), "what is somebody else's stays");
    assert!(vault.lying(0).contains(&whole.id));
}
