//! What machines that a survey asks are shown, and whose certificates are trusted.

use serde_json::json;

use crate::base::Secret;
use crate::journal::{self, Entry};
use crate::surveys::calls::{self, key, seal};
use crate::surveys::keeping::Of;
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::sql as projects;
use crate::surveys::running::Surveys;

/// Secrets of one survey.
const MOST: usize = 30;

fn of(author: &Author, survey: &str) -> Of {
    Of {
        workspace: author.workspace,
        survey: survey.to_owned(),
    }
}

/// Keeps a secret, in the place of one of that name. It is sealed here and shown to nobody
/// again.
pub(in crate::surveys::projects) async fn keep_call_secret(
    surveys: &Surveys,
    author: &Author,
    survey: &str,
    (name, secret): (&str, &Secret),
) -> Result<(), Error> {
    let site = &surveys.site;
    let (now, author, of) = (site.clock.now(), author.clone(), of(author, survey));
    let sealed = seal(&key(site)?, (&of, name), secret)?;
    let name = name.to_owned();
    let done = site.system.write(move |tx| {
        projects::find(tx, author.workspace, &of.survey)?;
        let known = calls::sql::secret_names(tx, &of)?;
        if known.len() >= MOST && !known.contains(&name) {
            return Err(Error::Refused(format!(
                "a survey has at most {MOST} secrets; remove one that nothing uses"
            )));
        }
        let by = (now, &*author.actor.name);
        let was_there = calls::sql::keep_secret(tx, (&of, &name), &sealed, by)?;
        let entry = Entry::new(now, &author.actor, "call.secret_set", &*name);
        let entry = entry.on("survey", &*of.survey);
        journal::record(tx, &entry.with(json!({ "replaced": was_there })))?;
        Ok(())
    });
    done.await
}

/// Forgets a secret: calls that show it fail from then on.
pub(in crate::surveys::projects) async fn forget_call_secret(
    surveys: &Surveys,
    author: &Author,
    (survey, name): (&str, &str),
) -> Result<(), Error> {
    let (now, author, of) = (surveys.site.clock.now(), author.clone(), of(author, survey));
    let name = name.to_owned();
    let done = surveys.site.system.write(move |tx| {
        if !calls::sql::forget_secret(tx, (&of, &name))? {
            return Err(Error::Missing);
        }
        let entry = Entry::new(now, &author.actor, "call.secret_removed", &*name);
        journal::record(tx, &entry.on("survey", &*of.survey))?;
        Ok(())
    });
    done.await
}

/// Trusts machines whose certificates that authority signed, and no others; empty: those
/// that this machine trusts.
pub(in crate::surveys::projects) async fn trust_machines(
    surveys: &Surveys,
    author: &Author,
    (survey, ca): (&str, &str),
) -> Result<(), Error> {
    let (now, author, of) = (surveys.site.clock.now(), author.clone(), of(author, survey));
    let ca = ca.trim().to_owned();
    let done = surveys.site.system.write(move |tx| {
        projects::find(tx, author.workspace, &of.survey)?;
        calls::sql::set_authority(tx, &of, &ca, (now, &author.actor.name))?;
        let entry = Entry::new(now, &author.actor, "call.authority_set", &*of.survey);
        let entry = entry.on("survey", &*of.survey);
        journal::record(tx, &entry.with(json!({ "own_authority": !ca.is_empty() })))?;
        Ok(())
    });
    done.await
}
