//! Pictures of a survey: brought, replaced, removed.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::store::{Db, project_file};
use crate::surveys::assets::{self, Asset, Clean, MOST};
use crate::surveys::projects::model::{Author, Error};
use crate::surveys::projects::reading;
use crate::surveys::running::Surveys;

/// A picture somebody brings.
pub(in crate::surveys::projects) struct Brought {
    pub(in crate::surveys::projects) name: String,
    pub(in crate::surveys::projects) clean: Clean,
    /// It may take the place of another of that name.
    pub(in crate::surveys::projects) replaces: bool,
}

/// The file of a survey that is there.
async fn file(surveys: &Surveys, author: &Author, survey: &str) -> Result<Db, Error> {
    reading::project(&surveys.site, author.workspace, survey).await?;
    let files = &surveys.site.files;
    Ok(files.open(&project_file(author.workspace, survey))?)
}

/// The hashes that published versions show: their bytes stay.
async fn shown(surveys: &Surveys, author: &Author, survey: &str) -> Result<Vec<String>, Error> {
    let kept = assets::kept(&surveys.site, (author.workspace, survey)).await?;
    let hashes = kept.iter().flat_map(|(.., assets)| assets.hashes());
    Ok(hashes.map(str::to_owned).collect())
}

/// Puts a picture into the list. What published versions show under its name goes on
/// being shown by them.
pub(in crate::surveys::projects) async fn bring(
    surveys: &Surveys,
    author: &Author,
    survey: &str,
    brought: Brought,
) -> Result<(), Error> {
    let _alone = surveys.hanging.lock().await;
    let db = file(surveys, author, survey).await?;
    let shown = shown(surveys, author, survey).await?;
    let (site, workspace) = (&surveys.site, author.workspace.to_string());
    site.files
        .has_room(&workspace, brought.clean.body.len() as u64)?;
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = db.write(move |tx| {
        let Brought {
            name,
            clean,
            replaces,
        } = brought;
        let all = assets::list(tx)?;
        let (known, new) = (all.iter().find(|one| one.name == name), Asset::of(&clean));
        if known.is_some_and(|known| known.asset == new) {
            return Ok(());
        }
        if known.is_some() && !replaces {
            return Err(Error::Refused(format!(
                "there is a picture called {name} already; tick the box to put this one in its place, or give the file another name"
            )));
        }
        if known.is_none() && all.len() >= MOST {
            return Err(Error::Refused(format!(
                "a survey has at most {MOST} pictures; remove one, then bring {name}"
            )));
        }
        assets::put(tx, &name, (&new, &clean.body), (now, &author.actor.name))?;
        assets::forget_unused(tx, &shown)?;
        let action = match known {
            Some(_) => "survey.asset_replaced",
            None => "survey.asset_added",
        };
        let entry = Entry::new(now, &author.actor, action, survey);
        let detail = json!({ "name": name, "bytes": new.bytes, "sha256": new.hash });
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await
}

/// Takes a picture out of the list, unless a published version shows it.
pub(in crate::surveys::projects) async fn remove(
    surveys: &Surveys,
    author: &Author,
    survey: &str,
    name: &str,
) -> Result<(), Error> {
    let _alone = surveys.hanging.lock().await;
    let db = file(surveys, author, survey).await?;
    let users = reading::users(&surveys.site, (author.workspace, survey), name).await?;
    if !users.is_empty() {
        return Err(Error::Refused(format!(
            "{name} is shown by what was published: {}; it stays for whoever looks at these answers later",
            users.join(", ")
        )));
    }
    let shown = shown(surveys, author, survey).await?;
    let now = surveys.site.clock.now();
    let (author, survey, name) = (author.clone(), survey.to_owned(), name.to_owned());
    let done = db.write(move |tx| {
        let all = assets::list(tx)?;
        let Some(known) = all.into_iter().find(|one| one.name == name) else {
            let words = "there is no picture of that name here any more";
            return Err(Error::Refused(words.to_owned()));
        };
        assets::remove(tx, &name)?;
        assets::forget_unused(tx, &shown)?;
        let entry = Entry::new(now, &author.actor, "survey.asset_removed", survey);
        let detail = json!({ "name": name, "sha256": known.asset.hash });
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await
}
