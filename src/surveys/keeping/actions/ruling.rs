//! A rule falls due: recorded, before anything goes.

use serde_json::{Value, json};

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::store::{Error, Transaction};
use crate::surveys::format::{Retention, Then};
use crate::surveys::hooks;
use crate::surveys::keeping::model::{Counted, Done, Of};
use crate::surveys::keeping::sql;

/// What webhooks hear of why.
const BY_RULE: &str = "by the survey's rule";

fn action(rule: Retention) -> &'static str {
    match rule.then {
        Then::Delete => "survey.answers_deleted",
        Then::Anonymise => "survey.anonymised",
    }
}

fn told(rule: Retention, what: Counted, links: usize) -> Value {
    json!({
        "rule": rule.to_string(),
        "rows": what.respondents,
        "answers": what.answers,
        "invited": what.invitees,
        "links": links,
    })
}

/// Is it still? A hold of this moment counts.
fn is_due(tx: &Transaction<'_>, of: &Of, (rule, now): (Retention, Time)) -> Result<bool, Error> {
    let standing = sql::standing(tx, of, now)?;
    Ok(standing.is_some_and(|standing| standing.is_due(rule, now)))
}

/// All answers of a closed survey are due. What is recorded here is gone on with
/// until it is whole. `None`: somebody stopped the rule meanwhile.
pub(in crate::surveys::keeping) async fn fall_due(
    site: &Site,
    of: &Of,
    rule: Retention,
    what: Counted,
) -> Result<Option<Done>, Error> {
    let (now, of) = (site.clock.now(), of.clone());
    let begun = match rule.then {
        Then::Delete => Done::Deleting,
        Then::Anonymise => Done::Anonymising,
    };
    site.system
        .write(move |tx| {
            if !is_due(tx, &of, (rule, now))? {
                return Ok(None);
            }
            let links = sql::drop_own_links(tx, &of)?;
            sql::set_done(tx, &of, (begun, now))?;
            let actor = Actor::system().in_workspace(of.workspace.to_string());
            let entry = Entry::new(now, &actor, action(rule), &*of.survey);
            let entry = entry.on("survey", &*of.survey);
            journal::record(tx, &entry.with(told(rule, what, links)))?;
            if rule.then == Then::Delete {
                hooks::erased_all(tx, &of, BY_RULE, now)?;
            }
            Ok(Some(begun))
        })
        .await
}

/// The answers of these respondents are due, each by themselves. `going` has
/// their numbers and links. `false`: somebody stopped the rule meanwhile.
pub(in crate::surveys::keeping) async fn fall_due_each(
    site: &Site,
    of: &Of,
    rule: Retention,
    (what, going): (Counted, Vec<(i64, String)>),
) -> Result<bool, Error> {
    let (now, of): (Time, Of) = (site.clock.now(), of.clone());
    site.system
        .write(move |tx| {
            if !is_due(tx, &of, (rule, now))? {
                return Ok(false);
            }
            sql::set_wiping(tx, &of, true)?;
            let mut links = 0;
            for (_, link) in going.iter().filter(|(_, link)| !link.is_empty()) {
                links += usize::from(sql::drop_link(tx, &of, link)?);
            }
            let actor = Actor::system().in_workspace(of.workspace.to_string());
            let entry = Entry::new(now, &actor, action(rule), &*of.survey);
            let entry = entry.on("survey", &*of.survey);
            journal::record(tx, &entry.with(told(rule, what, links)))?;
            if rule.then == Then::Delete {
                let came = going.iter().filter(|(id, _)| *id != 0);
                let gone: Vec<i64> = came.map(|(id, _)| *id).collect();
                hooks::erased(tx, &of, (&gone, BY_RULE), now)?;
            }
            Ok(true)
        })
        .await
}
