//! Every survey: its questionnaire as it stands and as it was published, and
//! what people answered.

use std::io;

use super::{Given, Part, Taking, give_json, give_text};
use crate::ending::archive::Pack;
use crate::ending::model::Error;
use crate::store;
use crate::surveys::exports;
use crate::surveys::projects::{Held, all_of, held};

pub(super) struct Surveys;

pub(super) static KIND: Surveys = Surveys;

/// The files of answers in an archive: the kind, and its name there.
const FILES: [(&str, &str); 4] = [
    ("csv", "responses.csv"),
    ("csv-long", "answers.csv"),
    ("ndjson", "responses.ndjson"),
    ("ddi", "codebook.xml"),
];

impl From<exports::Error> for Error {
    fn from(error: exports::Error) -> Error {
        match error {
            exports::Error::Store(error) => error.into(),
            exports::Error::Disk(error) => error.into(),
            other => store::Error::from(io::Error::other(other)).into(),
        }
    }
}

impl Part for Surveys {
    fn name(&self) -> &'static str {
        "surveys"
    }

    fn title(&self) -> &'static str {
        "Surveys"
    }

    fn holds(&self) -> &'static str {
        "Each survey's questionnaire and every published version as TOML, which another Onsight takes in; its pictures; the files that respondents sent; its links as JSON; people invited by mail as CSV; all answers, personal ones too, as CSV and as JSON lines, with the data map and a DDI codebook; the pages that were sent, as CSV, and what pages noted while they were open, as JSON lines"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let ids = all_of(from.system, from.workspace)?;
        let mut responses = 0;
        for id in &ids {
            let survey = held(from.site, from.system, from.workspace, id)?;
            responses += give(&format!("surveys/{id}"), &survey, to)?;
        }
        Ok(Given::from([
            ("surveys", ids.len() as u64),
            ("responses", responses),
        ]))
    }
}

fn give(folder: &str, survey: &Held<'_>, to: &mut dyn Pack) -> Result<u64, Error> {
    for (name, text) in &survey.texts {
        give_text(to, &format!("{folder}/{name}.toml"), text)?;
    }
    give_json(to, &format!("{folder}/about.json"), &survey.about())?;
    give_json(to, &format!("{folder}/datamap.json"), &survey.datamap())?;
    for (kind, name) in FILES {
        let format = exports::of(kind).ok_or(Error::Missing)?;
        to.begin(&format!("{folder}/{name}"))?;
        survey.answers(format, &mut &mut *to)?;
    }
    to.begin(&format!("{folder}/invited.csv"))?;
    survey.invited(&mut &mut *to)?;
    for (name, hash) in survey.assets()? {
        to.begin(&format!("{folder}/assets/{name}"))?;
        survey.asset(&hash, &mut &mut *to)?;
    }
    for (path, id) in survey.files()? {
        to.begin(&format!("{folder}/files/{path}"))?;
        survey.file(id, &mut &mut *to)?;
    }
    to.begin(&format!("{folder}/events.ndjson"))?;
    survey.events(&mut &mut *to)?;
    to.begin(&format!("{folder}/pages.csv"))?;
    Ok(survey.pages(&mut &mut *to)?)
}
