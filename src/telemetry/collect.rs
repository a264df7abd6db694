//! Gathers what a report tells, and turns it into buckets at once.

use std::path::Path;

use crate::base::Time;
use crate::site::Site;

use super::model::{Error, InstanceId, Platform, Report};
use super::sql;

/// How far back a feature counts as used.
const LATELY: i64 = 30 * Time::DAY;

/// The report that would go now.
pub(super) async fn report(site: &Site, instance: InstanceId) -> Result<Report, Error> {
    let now = site.clock.now();
    let since = now.plus(-LATELY);
    let mut known = site
        .system
        .read(move |conn| sql::known(conn, since))
        .await?;
    for name in site.files.names()? {
        // One after the other: nobody waits for this.
        let (tables, rows) = site.files.open(&name)?.read(sql::tables).await?;
        known.tables += tables;
        known.rows = known.rows.saturating_add(rows);
    }
    Ok(Report::of(&known, instance, platform(), now))
}

fn platform() -> Platform {
    Platform {
        os: std::env::consts::OS,
        arch: std::env::consts::ARCH,
        installed_as: installed_as(Path::new("/")),
    }
}

/// How it came onto the machine, by what packages and images leave behind.
fn installed_as(root: &Path) -> &'static str {
    let is_there = |path: &str| root.join(path).exists();
    let marks = ["etc/onsight-image", ".dockerenv", "run/.containerenv"];
    if marks.into_iter().any(is_there) {
        "image"
    } else if is_there("var/lib/dpkg/info/onsight.list") {
        "package"
    } else {
        "file"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_holds_the_package_is_an_image() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(installed_as(root.path()), "file");
        let info = root.path().join("var/lib/dpkg/info");
        std::fs::create_dir_all(&info).unwrap();
        std::fs::write(info.join("onsight.list"), "").unwrap();
        assert_eq!(installed_as(root.path()), "package");
        std::fs::write(root.path().join(".dockerenv"), "").unwrap();
        assert_eq!(installed_as(root.path()), "image");
    }
}
