//! The data of a survey on its way out, all of it as it stands at one moment: for who saves a
//! file, and for deliveries.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::giving::as_export;
use super::model::Error;
use super::reading::{self, History};
use super::responses::{Responses, Which};
use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{Connection, project_file};
use crate::surveys::exports::{self, Format, Job};
use crate::surveys::format::Outcome;
use crate::surveys::keeping::Of;
use crate::surveys::map::DataMap;
use crate::surveys::personal::Vault;
use crate::web::Fields;

/// What a file is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::surveys) struct Wanted {
    pub(in crate::surveys) lang: String,
    /// `complete`, `all` or `tests`.
    pub(in crate::surveys) which: String,
    pub(in crate::surveys) has_personal: bool,
}

impl Wanted {
    pub(in crate::surveys) fn of(fields: &Fields, langs: &[String]) -> Wanted {
        let lang = langs
            .iter()
            .find(|lang| Some(lang.as_str()) == fields.get("lang"));
        let which = match fields.get("which") {
            Some("all") => "all",
            Some("tests") => "tests",
            _ => "complete",
        };
        Wanted {
            lang: lang
                .or(langs.first())
                .cloned()
                .unwrap_or_else(|| "en".to_owned()),
            which: which.to_owned(),
            has_personal: fields.get("personal") == Some("yes"),
        }
    }

    /// The same without what tells who somebody is: for programs.
    pub(super) fn without_personal(self) -> Wanted {
        Wanted {
            has_personal: false,
            ..self
        }
    }

    pub(super) fn query(&self) -> String {
        let personal = if self.has_personal {
            "&personal=yes"
        } else {
            ""
        };
        format!("lang={}&which={}{personal}", self.lang, self.which)
    }

    fn responses(&self) -> Which {
        Which {
            is_test: self.which == "tests",
            outcome: (self.which == "complete").then(|| Outcome::Complete.name().to_owned()),
        }
    }
}

/// A survey whose data leaves.
pub(in crate::surveys) struct Subject {
    of: Of,
    history: History,
}

impl Subject {
    pub(in crate::surveys) async fn find(site: &Site, of: &Of) -> Result<Subject, exports::Error> {
        let history = reading::history(site, of.workspace, &of.survey).await;
        Ok(Subject {
            of: of.clone(),
            history: history.map_err(as_export)?,
        })
    }

    /// The word in respondents' addresses.
    pub(in crate::surveys) fn slug(&self) -> &str {
        &self.history.project.slug
    }

    /// Does something with its data as it stands now.
    pub(in crate::surveys) async fn now<T: Send + 'static>(
        &self,
        site: &Site,
        wanted: Wanted,
        work: impl FnOnce(&Moment<'_>) -> Result<T, exports::Error> + Send + 'static,
    ) -> Result<T, exports::Error> {
        let place = (self.of.workspace, &*self.of.survey);
        moment(site, place, (&self.history, wanted), work)
            .await
            .map_err(as_export)
    }
}

/// The data of a survey at one moment.
pub(in crate::surveys) struct Moment<'a> {
    conn: &'a Connection,
    map: DataMap,
    links: &'a BTreeMap<String, String>,
    wanted: &'a Wanted,
    /// There only where what is personal is wanted.
    vault: Option<&'a Vault>,
    stem: &'a str,
    now: Time,
    /// Where a file may grow, sealed.
    pub(in crate::surveys) folder: &'a Path,
}

impl Moment<'_> {
    pub(in crate::surveys) fn write(
        &self,
        format: &dyn Format,
        out: &mut dyn Write,
    ) -> Result<(), exports::Error> {
        let mut responses = Responses {
            conn: self.conn,
            map: &self.map,
            links: self.links,
            which: self.wanted.responses(),
            vault: self.vault,
        };
        let job = Job {
            map: &self.map,
            lang: &self.wanted.lang,
            stem: self.stem,
            now: self.now,
            folder: self.folder,
        };
        format.write(&job, &mut responses, out)
    }

    /// How many responses a file has, and a word that is another when one came, went on
    /// or went.
    pub(in crate::surveys) fn count(&self) -> Result<(u64, String), exports::Error> {
        let which = self.wanted.responses();
        Ok(sql::extent(
            self.conn,
            which.is_test,
            which.outcome.as_deref(),
        )?)
    }
}

/// Does something with the data of a survey as it stands now.
pub(super) async fn moment<T: Send + 'static>(
    site: &Site,
    (workspace, survey): (crate::web::WorkspaceId, &str),
    (history, wanted): (&History, Wanted),
    work: impl FnOnce(&Moment<'_>) -> Result<T, exports::Error> + Send + 'static,
) -> Result<T, Error> {
    let folder = site.files.staging(&workspace.to_string())?;
    let (links, whole) = (history.links.clone(), history.map());
    let (now, stem) = (site.clock.now(), survey.to_owned());
    let file = project_file(workspace, survey);
    let vault = { wanted.has_personal }.then(|| Vault::of(site, &file));
    let vault = vault.transpose()?;
    reading::look(site, (workspace, survey), move |conn| {
        let map = if wanted.has_personal {
            whole
        } else {
            whole.without_personal()
        };
        let moment = Moment {
            conn,
            map: reading::reached(conn, map)?,
            links: &links,
            wanted: &wanted,
            vault: vault.as_ref(),
            stem: &stem,
            now,
            folder: &folder,
        };
        Ok(work(&moment)?)
    })
    .await
}
