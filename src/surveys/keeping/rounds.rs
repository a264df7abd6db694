//! What is due by a rule is done; who has to know is reminded before.

use super::model::{Done, Error, Of, Standing, standing};
use super::removing::{finish, let_go, make_nobodys, sweep, take_out, wipe};
use super::rule::{REMINDERS, counted};
use super::{actions, noting, sql};
use crate::alerts::{self, Alert, Severity};
use crate::base::Time;
use crate::sanity;
use crate::site::Site;
use crate::store;
use crate::surveys::deliveries;
use crate::surveys::format::{Retention, Since, Then};

/// A rule that could not be followed so long after its day is a critical matter.
const LATE: i64 = Time::DAY;

/// Goes on with every erasure, and does what rules say is due. Gives for how many
/// surveys something was done.
pub async fn round(site: &Site) -> Result<usize, store::Error> {
    if let Err(error) = finish(site).await {
        tracing::warn!("an erasure is not whole yet: {error}");
    }
    if !sanity::is_sound(site).await? {
        return Ok(0);
    }
    let mut done = 0;
    for of in site.system.read(sql::all).await? {
        match one(site, &of).await {
            Ok(is_done) => {
                alerts::settle(site, &key("failed", &of)).await?;
                done += usize::from(is_done);
            }
            Err(error) => failed(site, &of, &error).await?,
        }
    }
    Ok(done)
}

fn key(what: &str, of: &Of) -> String {
    format!("survey.retention_{what}:{}", of.file())
}

/// Follows the rule of one survey.
async fn one(site: &Site, of: &Of) -> Result<bool, Error> {
    if let Err(error) = sweep(site, of).await {
        tracing::warn!(survey.id = %of.survey, "addresses of survey {} could not be looked at: {error}", of.survey);
    }
    let standing = standing(site, of).await?;
    // What was recorded is gone on with, whatever was said since.
    if matches!(standing.done, Done::Deleting | Done::Anonymising) {
        complete(site, of, standing.done).await?;
        return Ok(true);
    }
    if standing.is_wiping {
        wipe(site, of).await?;
    }
    let rule = standing.rule.filter(|_| standing.hold.is_none());
    let now = site.clock.now();
    match rule.map(|rule| (rule, rule.since)) {
        None => quiet(site, &standing).await.map(|()| false),
        Some((rule, Since::Close)) => {
            let due = standing.closed.map(|closed| rule.due(closed));
            let Some(due) = due.filter(|due| !standing.is_over(Some(*due))) else {
                return quiet(site, &standing).await.map(|()| false);
            };
            if now < due {
                return remind(site, &standing, rule, due).await.map(|()| false);
            }
            let what = counted(site, of, Time(i64::MAX), rule.then == Then::Delete).await?;
            let Some(begun) = actions::fall_due(site, of, rule, what).await? else {
                return Ok(false);
            };
            complete(site, of, begun).await?;
            quiet(site, &standing).await?;
            Ok(true)
        }
        Some((rule, Since::Answer)) => {
            quiet(site, &standing).await?;
            each(site, of, rule).await
        }
    }
}

/// Answers that are due one by one.
async fn each(site: &Site, of: &Of, rule: Retention) -> Result<bool, Error> {
    let is_all = rule.then == Then::Delete;
    let until = rule.heard_by(site.clock.now());
    let what = counted(site, of, until, is_all).await?;
    if what.respondents == 0 && what.invitees == 0 {
        return Ok(false);
    }
    let db = site.files.open(&of.file())?;
    let mut going = db.read(move |conn| sql::due(conn, until, is_all)).await?;
    let ids = going.iter().map(|(id, _)| *id).collect();
    // Who was invited and never came is due from when they were written to last.
    let absent = db.read(move |conn| sql::never_came(conn, until)).await?;
    going.extend(absent.iter().map(|link| (0, link.clone())));
    if !actions::fall_due_each(site, of, rule, (what, going)).await? {
        return Ok(false);
    }
    let_go(site, of, absent).await?;
    match rule.then {
        Then::Delete => {
            take_out(site, of, ids).await?;
            site.system.scrub().await?;
        }
        Then::Anonymise => make_nobodys(site, of, until).await?,
    }
    noting::wiped(site, of).await?;
    Ok(true)
}

/// Does what was recorded: for good, and as often as it takes.
async fn complete(site: &Site, of: &Of, begun: Done) -> Result<(), Error> {
    let done = if begun == Done::Deleting {
        let (place, file) = (site.clone(), of.file());
        let gone = tokio::task::spawn_blocking(move || place.files.destroy(&file));
        gone.await.map_err(|_panicked| store::Error::Closed)??;
        deliveries::recall(site, of).await?;
        site.system.scrub().await?;
        Done::Deleted
    } else {
        make_nobodys(site, of, Time(i64::MAX)).await?;
        Done::Anonymised
    };
    Ok(noting::done(site, of, done).await?)
}

/// Reminds those who look after the workspace: two weeks ahead, and three days.
async fn remind(site: &Site, standing: &Standing, rule: Retention, due: Time) -> Result<(), Error> {
    let now = site.clock.now();
    let passed = REMINDERS.iter().filter(|before| now >= due.plus(-**before));
    let level = i64::try_from(passed.count()).unwrap_or_default();
    if level <= standing.reminded {
        return Ok(());
    }
    let (what, short) = match rule.then {
        Then::Delete => ("are deleted for good", "deleted"),
        Then::Anonymise => (
            "become nobody's: links, personal answers and moments go",
            "made anonymous",
        ),
    };
    let alert = Alert {
        key: key("ahead", &standing.of),
        severity: if level > 1 {
            Severity::Warning
        } else {
            Severity::Info
        },
        title: format!("The answers of a survey are soon {short}"),
        text: format!(
            "The answers of {} {what} on {}, {rule}. Take the files you need before, or put the survey on hold with a reason: /surveys/{}/keeping",
            standing.title,
            due.rfc3339(),
            standing.of.survey
        ),
        workspace: Some(standing.of.workspace),
    };
    alerts::raise(site, alert).await?;
    Ok(noting::reminded(site, &standing.of, level).await?)
}

/// Nothing is ahead: whoever was reminded need not look any more.
async fn quiet(site: &Site, standing: &Standing) -> Result<(), Error> {
    if standing.reminded > 0 {
        alerts::settle(site, &key("ahead", &standing.of)).await?;
        noting::reminded(site, &standing.of, 0).await?;
    }
    Ok(())
}

async fn failed(site: &Site, of: &Of, error: &Error) -> Result<(), store::Error> {
    tracing::warn!(survey.id = %of.survey, "the rule of survey {} could not be followed: {error}", of.survey);
    let now = site.clock.now();
    let read = {
        let of = of.clone();
        move |conn: &store::Connection| sql::standing(conn, &of, now)
    };
    let known = site.system.read(read).await?;
    let is_late = known.is_some_and(|known| known.is_late(now, LATE));
    let alert = Alert {
        key: key("failed", of),
        severity: if is_late {
            Severity::Critical
        } else {
            Severity::Warning
        },
        title: "The retention of a survey could not be followed".to_owned(),
        text: format!(
            "The answers of survey {} are due by its rule and are here yet: {error}. It is tried again every hour.",
            of.survey
        ),
        workspace: Some(of.workspace),
    };
    alerts::raise(site, alert).await
}
