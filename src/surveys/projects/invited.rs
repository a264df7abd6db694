//! A list of respondents, each to have a link: CSV in, CSV out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::mail::is_address;

/// Respondents of one list at the most.
const MOST: usize = 50_000;
/// Letters of a name, and of an address.
const NAME: usize = 200;
const FARTHEST: usize = 254;
/// The columns that say where to write, and in which language.
const ADDRESS: &str = "email";
const LANG: &str = "lang";

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Invited {
    /// What they are called in the list of links: the first column.
    pub(super) name: String,
    /// What comes with them: the columns that are entry variables.
    pub(super) entry: Value,
    /// Where to write, and in which language: the columns `email` and `lang`. Empty where
    /// nobody is written to.
    pub(super) address: String,
    pub(super) lang: String,
}

/// Reads a list: the first line names the columns. `known` are the entry
/// variables of the survey.
pub(super) fn read(text: &str, known: &[String]) -> Result<Vec<Invited>, String> {
    let list = List::of(text)?;
    list.each(|row| {
        let name = row.name();
        if name.is_empty() || name.chars().count() > NAME {
            return Err(format!(
                "line {} has no name in its first column, or one of more than {NAME} characters",
                row.line
            ));
        }
        Ok(Invited {
            name: name.to_owned(),
            entry: row.entry(known),
            address: String::new(),
            lang: String::new(),
        })
    })
}

/// Reads a list of people to be written to. `langs` are the languages of the survey.
pub(super) fn read_addresses(
    text: &str,
    known: &[String],
    langs: &[String],
) -> Result<Vec<Invited>, String> {
    let list = List::of(text)?;
    let heading = |name: &str| list.heading.iter().position(|known| known == name);
    if heading(ADDRESS).is_none() {
        return Err(format!(
            "no column is called `{ADDRESS}`; write it in the first line, above the addresses"
        ));
    }
    let is_first = heading(ADDRESS) == Some(0);
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    list.each(|row| {
        let (line, address) = (row.line, row.get(ADDRESS));
        if !address.is_ascii() {
            return Err(format!(
                "line {line}, column `{ADDRESS}`: `{address}` has letters that not every server for mail knows; write its domain as `xn--…`"
            ));
        }
        if !is_address(address) || address.len() > FARTHEST {
            return Err(format!(
                "line {line}, column `{ADDRESS}`: `{address}` is no e-mail address; write one such as ada@corp.example"
            ));
        }
        if let Some(before) = seen.insert(address.to_ascii_lowercase(), line) {
            return Err(format!(
                "line {line}, column `{ADDRESS}`: line {before} has the same address; take one out"
            ));
        }
        let lang = row.get(LANG);
        let lang = langs.iter().find(|known| known.eq_ignore_ascii_case(lang));
        if lang.is_none() && !row.get(LANG).is_empty() {
            return Err(format!(
                "line {line}, column `{LANG}`: the survey has no `{}`; write one of {}, or nothing",
                row.get(LANG),
                langs.join(", ")
            ));
        }
        let name = if is_first { "" } else { row.name() };
        if name.chars().count() > NAME {
            return Err(format!("line {line}: the name has more than {NAME} characters"));
        }
        Ok(Invited {
            name: name.to_owned(),
            entry: row.entry(known),
            address: address.to_owned(),
            lang: lang.cloned().unwrap_or_default(),
        })
    })
}

struct List {
    heading: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

struct Row<'a> {
    heading: &'a [String],
    cells: &'a csv::StringRecord,
    line: u64,
}

impl Row<'_> {
    fn name(&self) -> &str {
        self.cells.get(0).unwrap_or_default().trim()
    }

    fn get(&self, column: &str) -> &str {
        let at = self.heading.iter().position(|known| known == column);
        let cell = at.and_then(|at| self.cells.get(at));
        cell.unwrap_or_default().trim()
    }

    fn entry(&self, known: &[String]) -> Value {
        let cells = self.heading.iter().zip(self.cells.iter().map(str::trim));
        let entry = cells
            .filter(|(name, value)| known.contains(name) && !value.is_empty())
            .map(|(name, value)| (name.clone(), Value::from(value)));
        Value::Object(entry.collect::<Map<_, _>>())
    }
}

impl List {
    fn of(text: &str) -> Result<List, String> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let delimiter = if first.matches(';').count() > first.matches(',').count() {
            b';'
        } else {
            b','
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let unreadable = |error: csv::Error| format!("the list cannot be read: {error}");
        let heading: Vec<String> = reader
            .headers()
            .map_err(unreadable)?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        if let Some(twice) = { heading.iter().enumerate() }
            .find_map(|(at, name)| heading[..at].contains(name).then_some(name))
        {
            return Err(format!("two columns are called `{twice}`; rename one"));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            rows.push(row.map_err(unreadable)?);
            if rows.len() > MOST {
                return Err(format!("send {MOST} respondents at a time at the most"));
            }
        }
        if rows.is_empty() {
            return Err(
                "write a first line with the names of the columns, and a line for each respondent"
                    .to_owned(),
            );
        }
        Ok(List { heading, rows })
    }

    fn each(
        &self,
        mut read: impl FnMut(&Row<'_>) -> Result<Invited, String>,
    ) -> Result<Vec<Invited>, String> {
        let rows = self.rows.iter().enumerate().map(|(at, cells)| {
            let line = cells.position().map_or(at as u64 + 2, csv::Position::line);
            read(&Row {
                heading: &self.heading,
                cells,
                line,
            })
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_are_entry_variables_come_with_the_respondent() {
        let known = ["pid".to_owned(), "region".to_owned()];

        let list = read("\u{feff}name;pid;note\n\"Ada; L.\";7;x\nBob;;y\n", &known).unwrap();

        assert_eq!(list[0].name, "Ada; L.");
        assert_eq!(list[0].entry.to_string(), r#"{"pid":"7"}"#);
        assert_eq!(list[1].entry.to_string(), "{}");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said() {
        for (text, words) in [
            ("", "first line"),
            ("name\n", "first line"),
            ("name,pid,pid\na,1,2\n", "two columns"),
            ("name,pid\n ,1\n", "line 2"),
            ("name,pid\na\n", "cannot be read"),
        ] {
            let said = read(text, &["pid".to_owned()]).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_named_with_its_line() {
        let (known, langs) = (["region".to_owned()], ["en".to_owned(), "de".to_owned()]);
        let list =
            "name;email;lang;region\nAda;ada@corp.example;DE;north\nBob;bob@corp.example;;\n";
        let read_list = read_addresses(list, &known, &langs).unwrap();
        assert_eq!(read_list[0].address, "ada@corp.example");
        assert_eq!((&*read_list[0].lang, &*read_list[1].lang), ("de", ""));
        assert_eq!(read_list[0].entry.to_string(), r#"{"region":"north"}"#);
        let bare = read_addresses("email\nada@corp.example\n", &known, &langs).unwrap();
        assert_eq!(bare[0].name, "", "an address is nobody's name");

        for (text, words) in [
            ("name\nAda\n", "no column is called `email`"),
            (
                "name,email\nAda,ada\n",
                "line 2, column `email`: `ada` is no e-mail address",
            ),
            ("name,email\nAda,\n", "line 2, column `email`"),
            (
                "name,email\n\"A\nB\",a@b.example\nAda,a@b@c\n",
                "line 4, column `email`",
            ),
            (
                "name,email\nAda,zo\u{eb}@corp.example\n",
                "letters that not every server",
            ),
            (
                "name,email\nA,a@b.example\nB,A@B.example\n",
                "line 3, column `email`: line 2 has",
            ),
            (
                "name,email,lang\nA,a@b.example,xx\n",
                "line 2, column `lang`: the survey has no `xx`",
            ),
        ] {
            let said = read_addresses(text, &known, &langs).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
