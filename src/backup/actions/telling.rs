//! Who is told what about backups, and when it is over.

use crate::alerts::{self, Alert, Severity};
use crate::backup::model::{Error, Hold, Point, State, Tested};
use crate::backup::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Connection};

const FAILED: &str = "backup.failed";
const DEGRADED: &str = "backup.degraded";
const LATE: &str = "backup.late";
const SHRUNK: &str = "backup.shrunk";
const DISK: &str = "backup.disk";
const TEST: &str = "backup.test";
const OVERDUE: &str = "backup.test_overdue";

fn alert(key: &str, severity: Severity, title: &str, text: String) -> Alert {
    Alert {
        key: key.to_owned(),
        severity,
        title: title.to_owned(),
        text,
        workspace: None,
    }
}

/// Says how a point ended: what is wrong, and what is well again.
pub(in crate::backup) async fn tell(
    site: &Site,
    point: &Point,
    error: Option<&Error>,
) -> Result<(), Error> {
    let fault = point.fault.clone().unwrap_or_default();
    if error.is_some_and(Error::is_full) {
        let text = format!(
            "A backup needs room on this server's disk for what it puts together, and there was none: {fault}. Nothing older was touched. Make room; the next try is in ten minutes."
        );
        alerts::raise(
            site,
            alert(
                DISK,
                Severity::Critical,
                "The disk is full: no backup",
                text,
            ),
        )
        .await?;
    } else {
        alerts::settle(site, DISK).await?;
    }
    if point.state == State::Failed {
        let text = format!(
            "{fault}. The points before are whole. Put right what it says; the next try is in ten minutes, or on the Backup page."
        );
        alerts::raise(
            site,
            alert(FAILED, Severity::Critical, "A backup failed", text),
        )
        .await?;
        return Ok(());
    }
    for over in [FAILED, LATE] {
        alerts::settle(site, over).await?;
    }
    if point.state == State::Degraded {
        let text = format!(
            "The point {} is not at every destination that has to hold it: {fault}. What the others hold is whole. Test the destination on the Backup page.",
            point.id
        );
        alerts::raise(
            site,
            alert(
                DEGRADED,
                Severity::Warning,
                "A backup is not everywhere",
                text,
            ),
        )
        .await?;
    } else {
        alerts::settle(site, DEGRADED).await?;
    }
    shrunk(site, point).await
}

/// Less than half of what the point before held is a reason to look.
async fn shrunk(site: &Site, point: &Point) -> Result<(), Error> {
    let (id, bytes) = (point.id.clone(), point.bytes);
    let before = move |conn: &Connection| {
        let points = sql::points(conn)?;
        let whole =
            |one: &&Point| one.id != id && matches!(one.state, State::Whole | State::Degraded);
        Ok::<_, store::Error>(points.iter().find(whole).map(|one| one.bytes))
    };
    let Some(before) = site.system.read(before).await? else {
        return Ok(());
    };
    if bytes.saturating_mul(2) >= before {
        // It stays open until somebody looked: the next point is compared with
        // the small one.
        return Ok(());
    }
    let text = format!(
        "The point {} holds {bytes} bytes, the one before {before}. If nobody deleted that much, look at what is missing, and hold the older points on the Backup page.",
        point.id
    );
    alerts::raise(
        site,
        alert(
            SHRUNK,
            Severity::Warning,
            "A backup is much smaller than the last",
            text,
        ),
    )
    .await?;
    Ok(())
}

pub(in crate::backup) async fn raise_late(site: &Site, slot: Time, why: &str) -> Result<(), Error> {
    let text = format!(
        "There is no point for {}, which came more than an hour ago. {why}",
        slot.rfc3339()
    );
    Ok(alerts::raise(
        site,
        alert(LATE, Severity::Critical, "A backup is late", text),
    )
    .await?)
}

/// How a restore test ended.
pub(in crate::backup) async fn tell_test(site: &Site, tested: &Tested) -> Result<(), Error> {
    let Some(fault) = &tested.fault else {
        for over in [TEST, OVERDUE] {
            alerts::settle(site, over).await?;
        }
        return Ok(());
    };
    let words = format!(
        "The point {} at {} could not be put back: {fault}. Make a new point at once, test it, and find out what changed the one that is damaged.",
        tested.point, tested.destination
    );
    Ok(alerts::raise(
        site,
        alert(TEST, Severity::Critical, "A restore test failed", words),
    )
    .await?)
}

pub(in crate::backup) async fn overdue(site: &Site) -> Result<(), Error> {
    let text = "No restore test has succeeded for 90 days: whether the backups can be put back is not known. Run one on the Backup page, or with onsight backup test.".to_owned();
    Ok(alerts::raise(
        site,
        alert(OVERDUE, Severity::Critical, "Backups are untested", text),
    )
    .await?)
}

/// A copy is not what was written.
pub(in crate::backup) async fn tell_lost(site: &Site, why: &str) -> Result<(), Error> {
    let text = format!(
        "{why}. This copy no longer counts. Make a new point, and look after the disk it lies on."
    );
    Ok(alerts::raise(
        site,
        alert(
            "backup.copy",
            Severity::Critical,
            "A copy of a backup is damaged",
            text,
        ),
    )
    .await?)
}

/// Nobody looked whether the hold is still needed.
pub(in crate::backup) async fn tell_hold(site: &Site, hold: &Hold) -> Result<(), Error> {
    let key = format!("backup.hold:{}", hold.id);
    let text = format!(
        "{} opened it on {} because: {}. Its review was due on {}. Release it on the Backup page, or open another with a later date.",
        hold.opened_by,
        hold.opened.rfc3339(),
        hold.reason,
        hold.review.rfc3339()
    );
    Ok(alerts::raise(
        site,
        alert(
            &key,
            Severity::Warning,
            "A hold on backups waits for its review",
            text,
        ),
    )
    .await?)
}
