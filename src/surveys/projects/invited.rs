//! A list of respondents, each to have a link: CSV in, CSV out.

use serde_json::{Map, Value};

/// Respondents of one list at the most.
const MOST: usize = 50_000;

/// Somebody to be invited.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Invited {
    /// What they are called in the list of links: the first column.
    pub(super) name: String,
    /// What comes with them: the columns that are entry variables.
    pub(super) entry: Value,
}

/// Reads a list: the first line names the columns. `known` are the entry
/// variables of the survey.
pub(super) fn read(text: &str, known: &[String]) -> Result<Vec<Invited>, String> {
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
    let mut invited = Vec::new();
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(unreadable)?;
        let cells = heading.iter().zip(row.iter().map(str::trim));
        let entry = cells
            .filter(|(name, value)| known.contains(name) && !value.is_empty())
            .map(|(name, value)| (name.clone(), Value::from(value)));
        let name = row.get(0).unwrap_or_default().trim();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(format!(
                "line {} has no name in its first column, or one of more than 200 characters",
                at + 2
            ));
        }
        invited.push(Invited {
            name: name.to_owned(),
            entry: Value::Object(entry.collect::<Map<_, _>>()),
        });
        if invited.len() > MOST {
            return Err(format!("send {MOST} respondents at a time at the most"));
        }
    }
    if invited.is_empty() {
        return Err(
            "write a first line with the names of the columns, and a line for each respondent"
                .to_owned(),
        );
    }
    Ok(invited)
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
}
