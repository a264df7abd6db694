//! A survey: its draft, its versions and its links in the accounts database, its
//! answers in a file and under a key of their own. Nobody finds the file while
//! the survey is hidden; it goes with its key.

mod sql;

use super::{Home, Kind, Place, Step, is_it, look_now};
use crate::ending::model::{Counts, Ending, Error, Preview, Thing};
use crate::ending::sql::{Kept, delete, forget_kept, holding, kept_places, park, restore, tried};
use crate::site::Site;
use crate::store::{self, ToSql, Transaction, project_file, project_of};
use crate::surveys::deliveries;
use crate::web::{Right, WorkspaceId};

pub(super) struct Survey;

pub(super) static KIND: Survey = Survey;

/// What holds something of a survey, besides the survey itself.
fn places(tx: &Transaction<'_>) -> Result<Vec<String>, Error> {
    let mut places = holding(tx, &["workspace", "survey"])?;
    places.push("survey".to_owned());
    Ok(places)
}

/// The condition by which a table's rows are of one survey.
fn of_survey(place: &str) -> &'static str {
    match place {
        "survey" => "workspace = :workspace and id = :survey",
        _ => "workspace = :workspace and survey = :survey",
    }
}

fn file(one: &Ending) -> String {
    project_file(one.workspace, &one.object)
}

/// Is there a survey of that id again? Its file is not this one's to destroy.
fn is_followed(site: &Site, one: &Ending) -> Result<bool, store::Error> {
    let (workspace, object) = (one.workspace, one.object.clone());
    let read = |conn: &store::Connection| sql::exists(conn, workspace, &object);
    site.system.read_now(read)
}

/// Takes its rows out and keeps them beside. Doing it twice is doing it once.
fn put_aside(tx: &Transaction<'_>, one: &Ending) -> Result<(), Error> {
    let surveys = sql::surveys(tx, one.workspace)?;
    if !surveys.iter().any(|thing| is_it(one, thing)) {
        return Ok(());
    }
    let values: &[(&str, &dyn ToSql)] =
        &[(":workspace", &one.workspace), (":survey", &one.object)];
    let (kept, places) = ((Kept::System, one.id), places(tx)?);
    for place in &places {
        park(tx, kept, place, (of_survey(place), values))?;
    }
    tried(places, |place| {
        delete(tx, place, (of_survey(place), values))
    })?;
    Ok(())
}

impl Kind for Survey {
    fn name(&self) -> &'static str {
        "survey"
    }

    fn noun(&self) -> &'static str {
        "survey"
    }

    fn method(&self) -> &'static str {
        "The key of its answers destroyed and their file unlinked; its questionnaire taken out of the accounts database, whose freed pages are overwritten with zeros"
    }

    fn home(&self) -> Home {
        Home::System
    }

    fn right(&self) -> Right {
        Right::Build
    }

    fn page(&self, object: &str) -> String {
        format!("/surveys/{object}/keeping")
    }

    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error> {
        Ok(sql::surveys(place.system, place.workspace)?)
    }

    fn preview(&self, place: &Place<'_>, thing: &Thing) -> Result<Preview, Error> {
        let of = (place.workspace, thing.object.as_str());
        let mut goes = sql::parts(place.system, of)?;
        let file = project_file(place.workspace, &thing.object);
        // A file that is not there is not made by looking.
        if place.site.files.is_there(&file)? {
            goes.extend(place.site.files.open(&file)?.read_now(sql::answers)?);
        }
        let keys = sql::keys(place.system, of)?.into_iter();
        Ok(Preview {
            goes,
            breaks: keys.map(|name| ("Key of a program", name)).collect(),
            ..Preview::default()
        })
    }

    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        if let Some(reason) = sql::hold(tx, one.workspace, &one.object)? {
            return Err(Error::Refused(format!(
                "this survey is on hold ({reason}); release it under Keeping, then delete it"
            )));
        }
        put_aside(tx, one)?;
        Ok(true)
    }

    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        if sql::exists(tx, one.workspace, &one.object)? {
            return Err(Error::Replaced {
                kind: "survey",
                name: one.object.clone(),
            });
        }
        sql::free_address(tx, one.id)?;
        let kept = (Kept::System, one.id);
        let places = kept_places(tx, Kept::System, one.id)?;
        let places = places.into_iter().map(|(place, _)| place).collect();
        tried(places, |place| restore(tx, kept, place))?;
        forget_kept(tx, kept, None)?;
        Ok(true)
    }

    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        put_aside(tx, one)?;
        let mut counts = Counts::new();
        for (place, rows) in kept_places(tx, Kept::System, one.id)? {
            let word = match place.as_str() {
                "survey" => "surveys",
                "survey_version" => "versions",
                "survey_link" => "links",
                _ => continue,
            };
            counts.insert(word.to_owned(), rows);
        }
        forget_kept(tx, (Kept::System, one.id), None)?;
        Ok(counts)
    }

    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error> {
        if !is_followed(site, one)? && site.files.is_there(&file(one))? {
            return Ok(Some("the file of its answers, or the key of it".to_owned()));
        }
        look_now(site, one.workspace, |place| {
            let surveys = sql::surveys(place.system, place.workspace)?;
            let is_there = surveys.iter().any(|thing| is_it(one, thing))
                || !kept_places(place.system, Kept::System, one.id)?.is_empty();
            Ok(is_there.then(|| "rows of the survey".to_owned()))
        })
    }

    /// Files of answers that are no survey's, here or on its way out.
    fn sweep(&self, site: &Site, workspace: WorkspaceId) -> Result<(), Error> {
        for name in site.files.projects(&workspace.to_string())? {
            let Some((_, id)) = project_of(&name) else {
                continue;
            };
            let is_known = |conn: &store::Connection| sql::is_known(conn, workspace, id);
            if !site.system.read_now(is_known)? {
                site.files.destroy(&name)?;
            }
        }
        Ok(())
    }

    fn beside(&self, site: &Site, one: &Ending, step: Step) -> Result<(), Error> {
        let file = file(one);
        match step {
            // What its journal tells is carried into the chain before it goes.
            Step::BeforeDestroying if site.files.is_there(&file)? => {
                site.files.open(&file)?;
            }
            Step::Destroyed => {
                if !is_followed(site, one)? {
                    site.files.destroy(&file)?;
                }
                // Files that lay here for a link; what opens them went with its rows.
                deliveries::sweep(site, one.workspace)?;
            }
            _ => {}
        }
        Ok(())
    }
}
