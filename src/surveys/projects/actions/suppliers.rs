//! Suppliers: kept with what they sign with, forgotten; what they did not hear said again.

use serde_json::json;

use crate::base::Secret;
use crate::journal::{self, Entry};
use crate::surveys::panels::{Sealed, seal};
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::sql;
use crate::surveys::running::{self, Surveys};

/// Keeps a supplier, in place of one of that name. What it signs with is sealed here
/// and shown to nobody again.
pub(in crate::surveys::projects) async fn keep_supplier(
    surveys: &Surveys,
    author: &Author,
    mut new: Sealed,
    secret: Option<&Secret>,
) -> Result<(), Error> {
    let (now, author) = (surveys.site.clock.now(), author.clone());
    if let Some(secret) = secret {
        let of = (&*new.kind, &*new.name);
        new.secret = Some(seal(&surveys.seal()?, author.workspace, of, secret)?);
    }
    let done = surveys.site.system.write(move |tx| {
        sql::keep_supplier(tx, author.workspace, &new, (now, &author.actor.name))?;
        let entry = Entry::new(now, &author.actor, "supplier.set", &*new.name);
        let detail = json!({
            "kind": new.kind, "way": new.way, "entry": new.entry, "exit": new.exit,
            "own_authority": !new.ca.is_empty(),
        });
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await
}

/// Forgets a supplier: its links let nobody in any more.
pub(in crate::surveys::projects) async fn forget_supplier(
    surveys: &Surveys,
    author: &Author,
    name: &str,
) -> Result<(), Error> {
    let (now, author, name) = (surveys.site.clock.now(), author.clone(), name.to_owned());
    let done = surveys.site.system.write(move |tx| {
        if !sql::forget_supplier(tx, author.workspace, &name)? {
            return Err(Error::Missing);
        }
        let entry = Entry::new(now, &author.actor, "supplier.removed", &*name);
        journal::record(tx, &entry)?;
        Ok(())
    });
    done.await
}

/// Tells suppliers once more what they did not hear. Gives how many postbacks. Recorded
/// before and beside the survey's file, which goes with its answers: two files share no
/// transaction.
pub(in crate::surveys::projects) async fn tell_again(
    surveys: &Surveys,
    author: &Author,
    survey: &str,
) -> Result<usize, Error> {
    let site = &surveys.site;
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let workspace = author.workspace;
    let rows = running::given_up(surveys, (workspace, &survey)).await?;
    let of = survey.clone();
    let told = site.system.write(move |tx| {
        let entry = Entry::new(now, &author.actor, "survey.postbacks_retried", &*of);
        journal::record(tx, &entry.with(json!({ "rows": rows })))?;
        Ok::<_, Error>(())
    });
    told.await?;
    Ok(running::try_again(surveys, (workspace, &survey)).await?)
}
