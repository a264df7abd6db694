//! All that is held of a survey, for whoever takes their data away.

use std::io::Write;

use serde_json::{Value, json};

use super::model::{Error, Link};
use super::reading::{History, history_now, reached};
use super::responses::{Responses, Which};
use super::sql;
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::site::Site;
use crate::store::{self, Connection, project_file};
use crate::surveys::assets;
use crate::surveys::deliveries;
use crate::surveys::exports::{self, Format, Job};
use crate::surveys::keeping::Of;
use crate::surveys::letters::sql as letters;
use crate::surveys::live::{Since, events_since, line};
use crate::surveys::personal::Vault;
use crate::surveys::uploads;
use crate::web::WorkspaceId;

/// Links of a survey that are given at the most.
const LINKS: u32 = u32::MAX;
/// Events read from the file at a time.
const EVENTS: u32 = 5_000;
/// People written to, read from the file at a time.
const INVITED: u32 = 1_000;

/// A survey with everything that is known of it.
pub struct Held<'a> {
    site: &'a Site,
    workspace: WorkspaceId,
    history: History,
    links: Vec<Link>,
    deliveries: Value,
    /// Its texts: the name of each, and what it says.
    pub texts: Vec<(String, String)>,
}

/// The ids of the surveys of a workspace.
pub fn all_of(conn: &Connection, workspace: WorkspaceId) -> Result<Vec<String>, store::Error> {
    let all = sql::list(conn, workspace)?.into_iter();
    Ok(all.map(|survey| survey.id).collect())
}

/// What is held of one of them, but its answers.
pub fn held<'a>(
    site: &'a Site,
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Held<'a>, exports::Error> {
    let history = history_now(conn, workspace, id).map_err(as_export)?;
    let mut texts = vec![("draft".to_owned(), history.project.text.clone())];
    for version in sql::versions(conn, workspace, id)? {
        let text = sql::version_text(conn, workspace, id, version.number)?;
        texts.push((
            format!("version-{}", version.number),
            text.unwrap_or_default(),
        ));
    }
    let of = Of {
        workspace,
        survey: id.to_owned(),
    };
    Ok(Held {
        site,
        workspace,
        deliveries: deliveries::given(conn, &of)?,
        links: sql::links(conn, workspace, id, LINKS)?,
        history,
        texts,
    })
}

pub(super) fn as_export(error: Error) -> exports::Error {
    match error {
        Error::Store(error) => error.into(),
        Error::Export(error) => error,
        _ => store::Error::NotFound.into(),
    }
}

impl Held<'_> {
    /// Its state, its versions and its links; no key of a link is known.
    pub fn about(&self) -> Value {
        let of = &self.history.project;
        let versions = self.history.versions.iter().map(|(version, _)| {
            json!({
                "version": version.number,
                "note": version.note,
                "at": version.at.rfc3339(),
                "by": version.by,
            })
        });
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
        let links = self.links.iter().map(|link| {
            json!({
                "id": link.id,
                "kind": link.kind,
                "name": link.name,
                "entry": read(&link.entry),
                "exits": read(&link.exits),
                "postbacks": read(&link.postbacks),
                "supplier": link.supplier,
                "list": link.list,
                "open": link.is_open,
                "made": link.created.rfc3339(),
                "by": link.created_by,
            })
        });
        json!({
            "id": of.id,
            "address": of.slug,
            "title": of.title,
            "state": of.state.name(),
            "in_use": of.version,
            "versions": versions.collect::<Vec<_>>(),
            "links": links.collect::<Vec<_>>(),
            "deliveries": self.deliveries,
        })
    }

    /// What the variables of its answers are.
    pub fn datamap(&self) -> Value {
        self.history.map().json()
    }

    /// Does something with the file of its answers as it stands now; nothing where
    /// nobody ever came.
    fn look<T: Default>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, exports::Error>,
    ) -> Result<T, exports::Error> {
        let name = project_file(self.workspace, &self.history.project.id);
        if !self.site.files.is_there(&name)? {
            return Ok(T::default());
        }
        let db = self.site.files.open(&name)?;
        db.read_now(|conn| {
            let still = conn.unchecked_transaction()?;
            Ok(work(&still))
        })?
    }

    /// All of it is theirs, what is personal too.
    fn vault(&self) -> Result<Vault, exports::Error> {
        let file = project_file(self.workspace, &self.history.project.id);
        Ok(Vault::of(self.site, &file)?)
    }

    /// The names and hashes of its pictures: those of the list, and those that only what was
    /// published shows, by their hash.
    pub fn assets(&self) -> Result<Vec<(String, String)>, exports::Error> {
        self.look(|conn| {
            let listed = assets::list(conn)?.into_iter();
            let mut all: Vec<_> = listed.map(|one| (one.name, one.asset.hash)).collect();
            for (hash, form) in assets::all(conn)? {
                if all.iter().all(|(_, known)| *known != hash) {
                    all.push((format!("{hash}.{}", form.ending()), hash));
                }
            }
            Ok(all)
        })
    }

    /// What its respondents sent: where each file lies among them, and its number. Tests too.
    pub fn files(&self) -> Result<Vec<(String, i64)>, exports::Error> {
        self.look(|conn| {
            let vault = self.vault()?;
            let mut all = Vec::new();
            for is_test in [false, true] {
                let (found, _) = uploads::owned(conn, (0, u32::MAX), is_test, Some(&vault))?;
                all.extend(found.iter().map(|file| (file.path(), file.of.id)));
            }
            Ok(all)
        })
    }

    /// Writes one of these files.
    pub fn file(&self, id: i64, out: &mut dyn Write) -> Result<(), exports::Error> {
        self.look(|conn| {
            let vault = self.vault()?;
            let mut at = 0;
            while let Some(piece) = uploads::piece(conn, (id, at), Some(&vault))? {
                out.write_all(&piece)?;
                at += 1;
            }
            Ok(())
        })
    }

    /// Writes one of its pictures.
    pub fn asset(&self, hash: &str, out: &mut dyn Write) -> Result<(), exports::Error> {
        self.look(|conn| {
            if let Some((_, body)) = assets::body(conn, hash)? {
                out.write_all(&body)?;
            }
            Ok(())
        })
    }

    /// Writes everybody's answers, personal ones too, as a file of that kind.
    pub fn answers(&self, format: &dyn Format, out: &mut dyn Write) -> Result<(), exports::Error> {
        let folder = self.site.files.staging(&self.workspace.to_string())?;
        let whole = self.history.map();
        self.look(|conn| {
            let vault = self.vault()?;
            let map = reached(conn, whole).map_err(as_export)?;
            let mut responses = Responses {
                conn,
                map: &map,
                links: &self.history.links,
                which: Which::default(),
                vault: Some(&vault),
            };
            let job = Job {
                map: &map,
                lang: map.lang(),
                stem: &self.history.project.id,
                now: self.site.clock.now(),
                folder: &folder,
            };
            format.write(&job, &mut responses, out)
        })
    }

    /// Writes the pages everybody sent, and when. Gives how many respondents there are.
    pub fn pages(&self, out: &mut dyn Write) -> Result<u64, exports::Error> {
        self.look(|conn| {
            let mut line = Vec::new();
            Csv::default().heading(
                ["respondent", "page", "turn", "milliseconds", "sent"],
                &mut line,
            );
            out.write_all(&line)?;
            let (mut after, mut count) = (0, 0);
            loop {
                let found = sql::respondents(conn, (after, 500), false, None)?;
                let Some(last) = found.last() else {
                    return Ok(count);
                };
                after = last.id;
                count += found.len() as u64;
                for one in &found {
                    give_visits(conn, one.id, out)?;
                }
            }
        })
    }
}

impl Held<'_> {
    /// Writes whom the survey writes to by mail: nothing of what they answered.
    pub fn invited(&self, out: &mut dyn Write) -> Result<(), exports::Error> {
        let heading = ["name", "email", "lang", "letters", "wants_letters"];
        self.look(|conn| {
            let mut lines = Vec::new();
            Csv::default().heading(heading, &mut lines);
            let mut skip = 0;
            loop {
                let found = letters::people(conn, (INVITED, skip))?;
                for one in &found {
                    let (count, wants) = (one.sent.to_string(), !one.is_stopped);
                    let wants = if wants { "yes" } else { "no" };
                    let cells = [&*one.name, &*one.address, &*one.lang, &*count, wants];
                    Csv::default().row(cells.map(Cell::Text), &mut lines);
                }
                out.write_all(&lines)?;
                lines.clear();
                if found.is_empty() {
                    return Ok(());
                }
                skip += INVITED;
            }
        })
    }

    /// Writes what the pages noted while they were open, one JSON object per line.
    pub fn events(&self, out: &mut dyn Write) -> Result<(), exports::Error> {
        self.look(|conn| {
            let mut after = 0;
            loop {
                let since = Since {
                    after,
                    most: EVENTS,
                    is_test: false,
                };
                let found = events_since(conn, since)?;
                let Some(last) = found.last() else {
                    return Ok(());
                };
                after = last.id;
                let lines: String = found.iter().map(line).collect();
                out.write_all(lines.as_bytes())?;
            }
        })
    }
}

fn give_visits(conn: &Connection, id: i64, out: &mut dyn Write) -> Result<(), exports::Error> {
    let mut lines = Vec::new();
    for visit in sql::visits(conn, id)? {
        let [id, turn, spent, at] = [
            id.to_string(),
            visit.turn.to_string(),
            visit
                .spent
                .map(|spent| spent.to_string())
                .unwrap_or_default(),
            visit.at.rfc3339(),
        ];
        let cells = [&id, &visit.page, &turn, &spent, &at].map(|text| Cell::Text(text));
        Csv::default().row(cells, &mut lines);
    }
    out.write_all(&lines)?;
    Ok(())
}
