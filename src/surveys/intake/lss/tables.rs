//! The tables of a LimeSurvey export: rows of named fields, read from its XML.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::super::Unreadable;

const LARGEST: usize = 32 << 20;
const MOST_ROWS: usize = 200_000;

/// One row of a table, by the names of its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Its place in its table, from 1.
    pub(super) number: u32,
    fields: HashMap<String, String>,
}

impl Row {
    pub(super) fn get(&self, field: &str) -> &str {
        self.fields.get(field).map_or("", String::as_str)
    }
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    rows: HashMap<String, Vec<Row>>,
    pub(super) langs: Vec<String>,
}

impl Tables {
    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// The tables by name, for the account.
    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.rows.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Tables, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::new(
            "the file is larger than 32 MB; that is no questionnaire",
        ));
    }
    let fault = |why: String| {
        Unreadable::new(format!(
            "the file is no whole XML ({why}); export the survey again"
        ))
    };
    let mut reader = Reader::from_reader(bytes);
    let mut desk = Desk::default();
    let mut buffer = Vec::new();
    loop {
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| fault(error.to_string()))?;
        match event {
            Event::Start(tag) => desk.open(tag.local_name().as_ref()),
            Event::End(_) => desk.close()?,
            Event::Empty(tag) => {
                desk.open(tag.local_name().as_ref());
                desk.close()?;
            }
            Event::Text(text) => desk.text.push_str(&text),
            Event::CData(text) => desk.text.push_str(&text),
            Event::GeneralRef(name) => desk.text.push_str(&entity(&name)),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        buffer.clear();
    }
    if desk.path.is_empty() {
        Ok(desk.tables)
    } else {
        Err(fault("it ends too early".into()))
    }
}

/// The five of XML and those by number; no others are looked up.
fn entity(name: &str) -> String {
    let by_number = name
        .strip_prefix('#')
        .and_then(|number| match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
    match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        _ => by_number
            .and_then(char::from_u32)
            .map_or_else(String::new, String::from),
    }
}

/// Where in the file it is: `document/questions/rows/row/qid`.
#[derive(Default)]
struct Desk {
    path: Vec<String>,
    text: String,
    row: Option<Row>,
    tables: Tables,
}

impl Desk {
    fn open(&mut self, name: &str) {
        self.path.push(name.to_owned());
        self.text.clear();
        if self.path.len() == 4 && self.path[2] == "rows" && name == "row" {
            self.row = Some(Row::default());
        }
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        let text = std::mem::take(&mut self.text);
        let table = self.path.get(1).cloned().unwrap_or_default();
        match (self.path.len(), self.row.as_mut()) {
            (5, Some(row)) => {
                let field = self.path.last().cloned().unwrap_or_default();
                row.fields.insert(field, text.trim().to_owned());
            }
            (4, Some(_)) => {
                let rows = self.tables.rows.entry(table).or_default();
                let mut row = self.row.take().unwrap_or_default();
                row.number = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
                rows.push(row);
                if rows.len() > MOST_ROWS {
                    return Err(Unreadable::new("a table of the survey has too many rows"));
                }
            }
            (3, None) if table == "languages" => self.tables.langs.push(text.trim().to_owned()),
            _ => {}
        }
        self.path.pop();
        Ok(())
    }
}
