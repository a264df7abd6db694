//! A list of people to invite, as a spreadsheet saves it: read line by line,
//! with what is wrong said at the line.

use std::collections::HashSet;

use crate::people::model::NewUser;
use crate::web::Role;

/// More than this at once is more than one look can check.
const MOST: usize = 1_000;

/// One line of the list.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// As an editor counts them, the heading included.
    pub(super) number: u64,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role: String,
    /// What is wrong with it.
    pub(super) fault: Option<String>,
}

/// What the list says, and who can be invited as it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) lines: Vec<Line>,
    pub(super) fine: Vec<NewUser>,
}

impl List {
    pub(super) fn faults(&self) -> usize {
        let faults = self.lines.iter().filter(|line| line.fault.is_some());
        faults.count()
    }
}

/// Where each column stands.
struct Columns {
    email: usize,
    name: Option<usize>,
    role: Option<usize>,
}

impl Columns {
    fn find(heading: &csv::StringRecord) -> Result<Columns, String> {
        let place = |name: &str| {
            let mut cells = heading.iter();
            cells.position(|cell| {
                cell.trim_start_matches('\u{feff}')
                    .eq_ignore_ascii_case(name)
            })
        };
        let known = ["email", "name", "role"];
        let odd = heading.iter().find(|cell| {
            let cell = cell.trim_start_matches('\u{feff}');
            !known.iter().any(|name| cell.eq_ignore_ascii_case(name))
        });
        let email = place("email")
            .ok_or("the first line names the columns: email, and if you like name and role")?;
        if let Some(odd) = odd {
            return Err(format!(
                "there is no column “{odd}”; the columns are email, name and role"
            ));
        }
        Ok(Columns {
            email,
            name: place("name"),
            role: place("role"),
        })
    }

    fn line(&self, record: &csv::StringRecord, number: u64) -> Line {
        let cell = |at: Option<usize>| {
            let cell = at.and_then(|at| record.get(at));
            cell.unwrap_or_default().to_owned()
        };
        Line {
            number,
            email: cell(Some(self.email)),
            name: cell(self.name),
            role: cell(self.role),
            fault: None,
        }
    }
}

/// Numbers lines as an editor does, blank ones included.
struct Numbers<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Numbers<'_> {
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let begins = record.position().map_or(0, csv::Position::byte);
        let mut begins = usize::try_from(begins).unwrap_or(0).min(self.text.len());
        let bytes = self.text.as_bytes();
        // What is between two records belongs to neither.
        while matches!(bytes.get(begins), Some(b'\r' | b'\n')) {
            begins += 1;
        }
        let passed = self.text.get(self.at..begins).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = begins;
        self.line
    }
}

/// Reads the list. `here` holds the addresses of those who are members already.
/// A fault of the list as a whole is an error.
pub(super) fn read(text: &str, here: &HashSet<String>) -> Result<List, String> {
    let first = text.lines().next().unwrap_or_default();
    let separator = [b'\t', b';', b',']
        .into_iter()
        .find(|separator| first.as_bytes().contains(separator));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.unwrap_or(b','))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| format!("this cannot be read as CSV: {error}");
    let columns = Columns::find(reader.headers().map_err(unreadable)?)?;
    let (mut list, mut seen) = (List::default(), here.clone());
    let mut numbers = Numbers {
        text,
        at: 0,
        line: 1,
    };
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if list.lines.len() == MOST {
            return Err(format!(
                "this has more than {MOST} people; send a part of it"
            ));
        }
        let mut line = columns.line(&record, numbers.of(&record));
        match check(&line, &mut seen) {
            Ok(new) => list.fine.push(new),
            Err(fault) => line.fault = Some(fault),
        }
        list.lines.push(line);
    }
    if list.lines.is_empty() {
        return Err("there is nobody on this list; write a line for each person".to_owned());
    }
    Ok(list)
}

fn check(line: &Line, seen: &mut HashSet<String>) -> Result<NewUser, String> {
    let role = match line.role.to_lowercase().as_str() {
        "" => Role::User,
        role => Role::named(role).ok_or_else(|| {
            let known = Role::ALL.map(Role::name).join(", ");
            format!("“{role}” is no role; a role is one of: {known}")
        })?,
    };
    // Without a name, the address has one.
    let name = match line.name.as_str() {
        "" => line.email.split('@').next().unwrap_or_default(),
        name => name,
    };
    let new = NewUser::parse(&line.email, name, role).map_err(|faults| {
        let faults: Vec<&str> = faults.iter().map(|(_, fault)| fault).collect();
        faults.join("; ")
    })?;
    if !seen.insert(new.email.as_str().to_owned()) {
        return Err("this address is a member already, or stands on the list twice".to_owned());
    }
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_alone(text: &str) -> Result<List, String> {
        read(text, &HashSet::from(["ada@example.org".to_owned()]))
    }

    #[test]
    fn what_is_wrong_is_said_at_its_line() {
        let list = read_alone(
            "\u{feff}Email;Name;Role\nbob@example.org;Bob \"B\" Ross;builder\n\nnobody;X;user\nADA@example.org;Ada;\nBob@example.org;Bob;\ncyd@example.org;;owner\ndee@example.org;;\n",
        )
        .unwrap();

        let faults: Vec<_> = { list.lines.iter() }
            .map(|line| (line.number, line.fault.is_some()))
            .collect();
        assert_eq!(
            faults,
            [
                (2, false),
                (4, true),
                (5, true),
                (6, true),
                (7, true),
                (8, false)
            ]
        );
        assert_eq!(list.faults(), 4);
        assert_eq!(list.fine[0].role, Role::Builder);
        assert_eq!(list.fine[1].name, "dee");
        assert!(list.lines[4].fault.as_ref().unwrap().contains("owner"));
    }

    #[test]
    fn a_list_that_is_none_is_refused_as_a_whole() {
        assert!(read_alone("").unwrap_err().contains("columns"));
        assert!(read_alone("name\nBob").unwrap_err().contains("email"));
        assert!(
            read_alone("email,phone\nx@y,1")
                .unwrap_err()
                .contains("phone")
        );
        assert!(read_alone("email\n\n").unwrap_err().contains("nobody"));
        let long = format!("email\n{}", "x@y.org\n".repeat(MOST + 1));
        assert!(read_alone(&long).unwrap_err().contains("more than"));
    }
}
