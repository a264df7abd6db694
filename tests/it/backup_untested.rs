//! Backups that nobody puts back for so long that nobody knows whether one can.

use std::fs;

use onsight::backup;
use onsight::base::Time;

use crate::backup::Vault;
use crate::trust::{is, line};

const CHECK: &str = "Copies can be put back";
const ALERT: &str = "backup.test_overdue";

#[tokio::test(flavor = "multi_thread")]
async fn ninety_one_days_without_a_restore_test_are_red_and_told_until_one_succeeds() {
    let vault = Vault::new().await;
    let marks = [0, 1].map(|at| vault.place(at).join("onsight.backup"));
    let kept = marks.each_ref().map(|mark| fs::read(mark).unwrap());
    // Neither place is mounted: nothing can be made, and nothing be tested.
    for mark in &marks {
        fs::remove_file(mark).unwrap();
    }
    for _ in 0..3 {
        vault.site().clock.advance(30 * Time::DAY);
        backup::round(vault.site()).await.unwrap();
    }
    let admin = vault.test.again("ada@example.org", &vault.admin).await;
    let found = line(&admin, CHECK).await;
    assert!(is(&found, "amber"), "{found}");
    assert!(!vault.alerts().await.contains(&ALERT.to_owned()));

    vault.site().clock.advance(Time::DAY);
    backup::round(vault.site()).await.unwrap();

    let admin = vault.test.again("ada@example.org", &vault.admin).await;
    let found = line(&admin, CHECK).await;
    assert!(
        is(&found, "red") && found.contains("for 90 days"),
        "{found}"
    );
    assert!(vault.alerts().await.contains(&ALERT.to_owned()));
    let page = admin.get("/alerts/instance").await;
    assert!(page.text.contains("Backups are untested"), "{}", page.text);

    // They are mounted again: the next look makes a point and puts it back.
    for (mark, bytes) in marks.iter().zip(&kept) {
        fs::write(mark, bytes).unwrap();
    }
    vault.site().clock.advance(Time::HOUR);
    backup::round(vault.site()).await.unwrap();
    let admin = vault.test.again("ada@example.org", &vault.admin).await;
    let found = line(&admin, CHECK).await;
    assert!(is(&found, "green"), "{found}");
    assert_eq!(vault.alerts().await, Vec::<String>::new());
}
