//! States that are looked at now and then: the disk, the certificate, what is
//! on its way elsewhere, the chain. Each raises its alert and settles it again.

use crate::base::Time;
use crate::journal::Chain;
use crate::site::Site;
use crate::store::{Error, Room};

use super::actions::{raise, settle};
use super::model::{Alert, Severity};
use super::reading::broken_chain;
use super::sql;

/// Hundredths of the disk that are few, and that are too few.
const FEW: u64 = 15;
const TOO_FEW: u64 = 5;
/// What is left of a certificate when it is time, and when it is late.
const SOON: i64 = 14 * Time::DAY;
const VERY_SOON: i64 = 3 * Time::DAY;
/// How long something may wait for a machine that takes it.
const STALLED: i64 = 15 * Time::MINUTE;
const STALLED_LONG: i64 = Time::DAY;
/// Letters are tried again by themselves: an hour is a long time for them.
const UNSENT: i64 = Time::HOUR;

/// Looks at everything that is quick to look at.
pub(super) async fn look(site: &Site) -> Result<(), Error> {
    disk(site, Room::of(&site.config.data)?).await?;
    let shown = site.certificates.shown();
    certificate(site, shown.until, shown.is_ours).await?;
    forwarding(site).await?;
    mail(site).await?;
    webhooks(site).await
}

pub(super) async fn disk(site: &Site, room: Room) -> Result<(), Error> {
    let percent = room.percent();
    let severity = match percent {
        ..TOO_FEW => Severity::Critical,
        TOO_FEW..FEW => Severity::Warning,
        _ => return settle(site, "disk.low").await,
    };
    let alert = Alert {
        key: "disk.low".to_owned(),
        severity,
        title: format!("{percent} % of the disk are free"),
        text: format!(
            "The disk with {} has {} MB left. A full disk saves nothing any more. Delete what \
             nobody needs, lower how long backups and audit records are kept, or give it more room.",
            site.config.data.display(),
            room.free >> 20
        ),
        workspace: None,
    };
    raise(site, alert).await
}

pub(super) async fn certificate(site: &Site, until: Time, is_ours: bool) -> Result<(), Error> {
    let left = until.0.saturating_sub(site.clock.now().0);
    let severity = match left {
        ..VERY_SOON => Severity::Critical,
        VERY_SOON..SOON => Severity::Warning,
        _ => return settle(site, "certificate.ending").await,
    };
    let what = if is_ours {
        "It should have been renewed by itself: look in the log why it was not."
    } else {
        "Put a renewed one in its place; it is taken up within a minute."
    };
    let alert = Alert {
        key: "certificate.ending".to_owned(),
        severity,
        title: if left < 0 {
            "The certificate is over".to_owned()
        } else {
            format!("The certificate ends in {} days", left / Time::DAY)
        },
        text: format!(
            "It is good until {}. From then on browsers let nobody in. {what}",
            until.rfc3339()
        ),
        workspace: None,
    };
    raise(site, alert).await
}

/// How taking up or renewing the certificate went; for whoever does that.
pub async fn renewed(site: &Site, fault: Option<String>) -> Result<(), Error> {
    let key = "certificate.renewal";
    let Some(fault) = fault else {
        return settle(site, key).await;
    };
    let alert = Alert {
        key: key.to_owned(),
        severity: Severity::Warning,
        title: "The certificate could not be renewed".to_owned(),
        text: format!(
            "{fault}. The one in use stays. Check that the files named in the configuration are \
             there, belong together and can be read."
        ),
        workspace: None,
    };
    raise(site, alert).await
}

async fn forwarding(site: &Site) -> Result<(), Error> {
    let now = site.clock.now();
    for (name, fault, since) in site.system.read(sql::forwarding).await? {
        let key = format!("audit.forwarding:{name}");
        let Some(severity) = stalled(since, STALLED, now) else {
            settle(site, &key).await?;
            continue;
        };
        let why = if fault.is_empty() {
            "no fault was told".to_owned()
        } else {
            fault
        };
        let alert = Alert {
            key,
            severity,
            title: format!("Audit records are not taken by {name}"),
            text: format!(
                "The oldest waits since {}: {why}. Nothing is lost, it is sent later. See to it \
                 that the collector can be reached and takes records.",
                since.unwrap_or(now).rfc3339()
            ),
            workspace: None,
        };
        raise(site, alert).await?;
    }
    Ok(())
}

/// How bad it is that something waits since then.
fn stalled(since: Option<Time>, limit: i64, now: Time) -> Option<Severity> {
    let waits = now.0.saturating_sub(since?.0);
    match waits {
        ..=STALLED_LONG if waits <= limit => None,
        ..=STALLED_LONG => Some(Severity::Warning),
        _ => Some(Severity::Critical),
    }
}

async fn mail(site: &Site) -> Result<(), Error> {
    let (key, now) = ("mail.stalled", site.clock.now());
    let found = site.system.read(sql::mail).await?;
    let since = found.as_ref().map(|(_, since)| *since);
    let (Some((fault, since)), Some(severity)) = (found, stalled(since, UNSENT, now)) else {
        return settle(site, key).await;
    };
    let alert = Alert {
        key: key.to_owned(),
        severity,
        title: "Letters do not leave".to_owned(),
        text: format!(
            "The oldest waits since {}: {fault}. After a day a letter is given up. Try the server \
             for mail step by step.",
            since.rfc3339()
        ),
        workspace: None,
    };
    raise(site, alert).await
}

async fn webhooks(site: &Site) -> Result<(), Error> {
    let now = site.clock.now();
    let key = "alerts.webhook";
    let stuck = site.system.read(sql::stuck_webhooks).await?;
    let worst = stuck
        .into_iter()
        .filter_map(|(place, fault, since)| {
            let severity = stalled(Some(since), STALLED, now)?;
            Some((severity, place, fault))
        })
        .max_by_key(|(severity, ..)| *severity);
    let Some((severity, place, fault)) = worst else {
        return settle(site, key).await;
    };
    let alert = Alert {
        key: key.to_owned(),
        severity,
        title: "A webhook takes no alerts".to_owned(),
        text: format!(
            "{place}: {fault}. Messages wait for a day. Send a test from the page that says who \
             is told."
        ),
        workspace: None,
    };
    raise(site, alert).await
}

/// Reads the whole chain again. Long: once a day.
pub(super) async fn chain(site: &Site) -> Result<(), Error> {
    match site.system.read(Chain::verify).await? {
        Ok(_) => Ok(()),
        Err(broken) => raise(site, broken_chain(&broken.to_string())).await,
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::alerts::model::{Kept, State};
    use crate::base::Clock;
    use crate::config::{Config, Said};

    const NOON: Time = Time(1_800_000_000_000);

    fn site(folder: &TempDir) -> Site {
        let said = Said {
            data: Some(folder.path().to_owned()),
            ..Said::default()
        };
        Site::open(Config::of(&[said]).unwrap(), Clock::set_to(NOON)).unwrap()
    }

    async fn all(site: &Site) -> Vec<Kept> {
        let wanted = sql::Wanted {
            any_state: true,
            ..sql::Wanted::default()
        };
        let found = site.system.read(move |conn| sql::list(conn, &wanted, 100));
        found.await.unwrap()
    }

    /// Key, severity, state.
    async fn said(site: &Site) -> Vec<(String, Severity, State)> {
        let all = all(site).await.into_iter();
        all.map(|kept| (kept.alert.key, kept.alert.severity, kept.state))
            .collect()
    }

    #[tokio::test]
    async fn a_disk_that_fills_up_is_one_alert_that_gets_worse_and_settles() {
        let folder = TempDir::new().unwrap();
        let site = site(&folder);
        let room = |free| Room { free, total: 100 };
        disk(&site, room(15)).await.unwrap();
        assert!(said(&site).await.is_empty());
        for (free, severity) in [
            (14, Severity::Warning),
            (5, Severity::Warning),
            (4, Severity::Critical),
        ] {
            disk(&site, room(free)).await.unwrap();
            let expected = ("disk.low".to_owned(), severity, State::Open);
            assert_eq!(said(&site).await, [expected], "{free}");
        }
        disk(&site, room(50)).await.unwrap();
        assert_eq!(said(&site).await[0].2, State::Settled);
        assert_eq!(all(&site).await.len(), 1);
    }

    #[tokio::test]
    async fn a_certificate_close_to_its_end_is_one_alert() {
        let folder = TempDir::new().unwrap();
        let site = site(&folder);
        let in_days = |days: i64| NOON.plus(days * Time::DAY);
        certificate(&site, in_days(15), false).await.unwrap();
        assert!(said(&site).await.is_empty());
        certificate(&site, in_days(13), false).await.unwrap();
        certificate(&site, in_days(2), false).await.unwrap();
        certificate(&site, in_days(-1), false).await.unwrap();
        let expected = (
            "certificate.ending".to_owned(),
            Severity::Critical,
            State::Open,
        );
        assert_eq!(said(&site).await, [expected]);
        assert_eq!(all(&site).await[0].alert.title, "The certificate is over");

        renewed(&site, Some("no such file".to_owned()))
            .await
            .unwrap();
        renewed(&site, Some("no such file".to_owned()))
            .await
            .unwrap();
        assert_eq!(all(&site).await.len(), 2);
        certificate(&site, in_days(90), false).await.unwrap();
        renewed(&site, None).await.unwrap();
        let states: Vec<_> = said(&site).await.into_iter().map(|one| one.2).collect();
        assert_eq!(states, [State::Settled, State::Settled]);
    }

    #[test]
    fn what_waits_is_told_after_a_while_and_told_louder_after_a_day() {
        let since = Some(NOON);
        let after = |wait| stalled(since, STALLED, NOON.plus(wait));
        assert_eq!(after(STALLED), None);
        assert_eq!(after(STALLED + 1), Some(Severity::Warning));
        assert_eq!(after(STALLED_LONG + 1), Some(Severity::Critical));
        assert_eq!(stalled(None, STALLED, NOON), None);
    }

    #[tokio::test]
    async fn a_whole_site_at_rest_alarms_nobody() {
        let folder = TempDir::new().unwrap();
        let site = site(&folder);
        forwarding(&site).await.unwrap();
        mail(&site).await.unwrap();
        webhooks(&site).await.unwrap();
        chain(&site).await.unwrap();
        assert!(said(&site).await.is_empty());
    }
}
