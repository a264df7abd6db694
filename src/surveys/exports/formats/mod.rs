//! What a kind of file has to say and do.

use std::io::{self, Write};
use std::path::Path;

use super::Records;
use crate::base::Time;
use crate::data::writers;
use crate::kinds;
use crate::store;
use crate::surveys::map::DataMap;

/// A kind of file that the data of a survey can leave in.
pub trait Format: Sync {
    /// Its word in addresses, such as `csv-labels`.
    fn id(&self) -> &'static str;

    /// What people call it.
    fn name(&self) -> &'static str;

    /// What it is good for, in a sentence.
    fn help(&self) -> &'static str;

    /// What the name of its file ends in, such as `sav`, and its media type.
    fn file(&self) -> (&'static str, &'static str);

    /// Writes the file. Nothing is kept of the responses but what counts them.
    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error>;
}

kinds! { pub dyn Format: csv_codes, csv_labels, csv_long, xlsx_labels, xlsx_codes, sav, sps, triple_s, ddi, codebook, ndjson }

/// The kind of that id.
pub fn of(id: &str) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.id() == id)
}

/// What is to be written.
pub struct Job<'a> {
    /// The variables, in the order the responses give their values.
    pub map: &'a DataMap,
    /// The language of labels.
    pub lang: &'a str,
    /// The name of files inside a packed one: the address of the survey.
    pub stem: &'a str,
    pub now: Time,
    /// Where a file may grow, sealed, before it is sent.
    pub folder: &'a Path,
}

impl Job<'_> {
    pub(in crate::surveys::exports) fn title(&self) -> &str {
        match self.map.title.text(self.lang) {
            "" => self.stem,
            title => title,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the file cannot be written: {0}")]
    Disk(#[from] io::Error),
    #[error("the file cannot be packed: {0}")]
    Packing(#[from] zip::result::ZipError),
    #[error(transparent)]
    Book(#[from] writers::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}
