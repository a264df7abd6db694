//! Answers put on hold, and released.

use serde_json::json;

use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::surveys::keeping::model::{Error, Hold, Of};
use crate::surveys::keeping::sql;

/// A longer reason is none.
const LONGEST: usize = 500;

/// Has the answers kept for that reason, whatever the rule says.
pub async fn hold(site: &Site, actor: &Actor, of: &Of, reason: &str) -> Result<(), Error> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        return Err(Error::Refused(format!(
            "write why the answers are to be kept, in at most {LONGEST} characters"
        )));
    }
    let (now, actor, of) = (site.clock.now(), actor.clone(), of.clone());
    site.system
        .write(move |tx| {
            let before = sql::standing(tx, &of, now)?.ok_or(Error::Missing)?;
            let hold = Hold {
                reason,
                at: now,
                by: actor.name.clone(),
            };
            sql::set_hold(tx, &of, &hold)?;
            let entry = Entry::new(now, &actor, "survey.held", &*of.survey);
            let (before, after) = (
                json!({ "hold": before.hold.map(|hold| hold.reason) }),
                json!({ "hold": hold.reason }),
            );
            journal::record(tx, &entry.changed(&before, &after))?;
            Ok(())
        })
        .await
}

/// Has the rule go on.
pub async fn release(site: &Site, actor: &Actor, of: &Of) -> Result<(), Error> {
    let (now, actor, of) = (site.clock.now(), actor.clone(), of.clone());
    site.system
        .write(move |tx| {
            let before = sql::standing(tx, &of, now)?.ok_or(Error::Missing)?;
            let Some(hold) = before.hold else {
                return Err(Error::Refused("this survey is not on hold".to_owned()));
            };
            sql::release(tx, &of)?;
            let entry = Entry::new(now, &actor, "survey.released", &*of.survey);
            let (before, after) = (json!({ "hold": hold.reason }), json!({ "hold": null }));
            journal::record(tx, &entry.changed(&before, &after))?;
            Ok(())
        })
        .await
}
