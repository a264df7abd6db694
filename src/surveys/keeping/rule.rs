//! What will happen to the answers of a survey, and when.

use super::model::{Counted, Error, Of, Standing, standing};
use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store;
use crate::surveys::format::{Retention, Since, Then};

/// Somebody is reminded so long before answers go, and again.
pub(super) const REMINDERS: [i64; 2] = [14 * Time::DAY, 3 * Time::DAY];

/// How a survey stands, and what comes next.
#[derive(Clone, Debug)]
pub struct Plan {
    pub standing: Standing,
    /// All there is now.
    pub here: Counted,
    pub coming: Option<Coming>,
}

/// What a rule does next.
#[derive(Clone, Debug)]
pub struct Coming {
    pub rule: Retention,
    /// Nobody knows while the survey is open, or nobody answered.
    pub due: Option<Time>,
    /// When somebody is reminded, where that is still ahead.
    pub reminders: Vec<Time>,
    /// What it concerns then, as things stand now.
    pub what: Counted,
}

impl Coming {
    pub fn is_deleting(&self) -> bool {
        self.rule.then == Then::Delete
    }
}

/// What there is in the file of a survey of those who were heard of last by then.
pub(super) async fn counted(
    site: &Site,
    of: &Of,
    until: Time,
    is_all: bool,
) -> Result<Counted, store::Error> {
    if !site.files.is_there(&of.file())? {
        return Ok(Counted::default());
    }
    let db = site.files.open(&of.file())?;
    db.read(move |conn| sql::counted(conn, until, is_all)).await
}

/// What would happen as things stand: nothing is changed by asking.
pub async fn plan(site: &Site, of: &Of) -> Result<Plan, Error> {
    let standing = standing(site, of).await?;
    let here = counted(site, of, Time(i64::MAX), true).await?;
    let coming = match standing.rule {
        Some(rule) => Some(coming(site, &standing, rule).await?),
        None => None,
    };
    Ok(Plan {
        standing,
        here,
        coming,
    })
}

async fn coming(site: &Site, standing: &Standing, rule: Retention) -> Result<Coming, Error> {
    let (of, now) = (&standing.of, site.clock.now());
    let is_all = rule.then == Then::Delete;
    let (due, until) = match rule.since {
        Since::Close => {
            let due = standing.closed.map(|closed| rule.due(closed));
            let is_over = standing.is_over(due);
            (due.filter(|_| !is_over), Time(i64::MAX))
        }
        Since::Answer => {
            let first = first(site, of, is_all).await?;
            // Those who go together with the first of them, or are overdue.
            let due = first.map(|first| rule.due(first).max(now));
            let until = due.map_or(Time(i64::MIN), |due| rule.heard_by(due));
            (due, until)
        }
    };
    let ahead = due
        .into_iter()
        .flat_map(|due| REMINDERS.map(|before| due.plus(-before)));
    let reminders = match rule.since {
        Since::Close => ahead.filter(|at| *at > now).collect(),
        Since::Answer => Vec::new(),
    };
    Ok(Coming {
        rule,
        due,
        reminders,
        what: counted(site, of, until, is_all).await?,
    })
}

/// When the first was heard of last whom the rule concerns.
async fn first(site: &Site, of: &Of, is_all: bool) -> Result<Option<Time>, Error> {
    if !site.files.is_there(&of.file())? {
        return Ok(None);
    }
    let db = site.files.open(&of.file())?;
    Ok(db.read(move |conn| sql::first(conn, is_all)).await?)
}
