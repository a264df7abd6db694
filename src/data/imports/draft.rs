//! What a person decided so far about a file: kept as it was typed, right or wrong.

use serde::{Deserialize, Serialize};

use super::model::Seen;
use crate::base::text;
use crate::data::ColumnType;
use crate::data::readers::{ColumnFindings, Findings, Plan};
use crate::data::tables::{Table, TableName};

/// What rows do to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The table is made of them.
    New,
    /// They come after the rows that are there.
    Append,
    /// The rows that are there go.
    Replace,
    /// Rows that are there are brought up to date, the others come after them.
    Upsert,
}

impl Mode {
    /// What can be done to a table that is there.
    pub(super) const INTO: [Mode; 3] = [Mode::Append, Mode::Upsert, Mode::Replace];

    pub fn name(self) -> &'static str {
        match self {
            Mode::New => "new",
            Mode::Append => "append",
            Mode::Replace => "replace",
            Mode::Upsert => "upsert",
        }
    }

    pub(super) fn named(name: &str) -> Option<Mode> {
        Mode::INTO.into_iter().find(|mode| mode.name() == name)
    }

    /// As a choice on a page.
    pub(super) fn title(self) -> &'static str {
        match self {
            Mode::New => "Make a new table",
            Mode::Append => "Add the rows",
            Mode::Replace => "Replace all rows",
            Mode::Upsert => "Update and add",
        }
    }

    pub(super) fn help(self) -> &'static str {
        match self {
            Mode::New => "of these rows",
            Mode::Append => "What is in the table stays as it is.",
            Mode::Replace => "What is in the table now goes.",
            Mode::Upsert => "Rows with the same value in the matching column are updated.",
        }
    }
}

/// Where the rows go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Target {
    New {
        name: String,
        title: String,
        /// The column that names the rows; `None` has them numbered.
        key: Option<String>,
    },
    Into {
        table: String,
        mode: Mode,
        /// The column by which rows are known again.
        on: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The part of the file.
    pub(super) part: String,
    pub(super) plan: Plan,
    /// What people will read above the columns of a new table.
    pub(super) titles: Vec<String>,
    pub(super) target: Target,
}

impl Draft {
    /// A new table of everything that was found.
    pub(super) fn new_table(seen: &Seen, file: &str, tables: &[Table]) -> Draft {
        let findings = &seen.findings;
        let plan = Plan::of(findings);
        let mut columns = plan.columns.iter().zip(&findings.columns).enumerate();
        let key = columns.find(|(at, (_, found))| names_rows(*at, found));
        let key = key.map(|(_, (column, _))| column.name.clone());
        let (name, title) = proposed(seen, file, tables);
        Draft {
            part: seen.part.clone(),
            titles: findings.columns.iter().map(title_of).collect(),
            plan,
            target: Target::New { name, title, key },
        }
    }

    /// Rows for a table that is there, each column to the one of its name.
    pub(super) fn into_table(seen: &Seen, table: &Table) -> Draft {
        let findings = &seen.findings;
        let mut plan = Plan::of(findings);
        let mut taken = Vec::new();
        for (column, found) in plan.columns.iter_mut().zip(&findings.columns) {
            let to = table.columns.iter().find(|to| {
                let same = to.name == found.name || to.title.eq_ignore_ascii_case(&found.heading);
                same && !taken.contains(&to.name)
            });
            column.skip = to.is_none();
            if let Some(to) = to {
                taken.push(to.name.clone());
                column.name.clone_from(&to.name);
                column.kind = to.kind;
            }
        }
        let on = taken.contains(&table.key).then(|| table.key.clone());
        Draft {
            part: seen.part.clone(),
            titles: findings.columns.iter().map(title_of).collect(),
            plan,
            target: Target::Into {
                table: table.name.clone(),
                mode: Mode::Append,
                on,
            },
        }
    }

    /// The same decisions after another look, if the file still has the same
    /// columns. What they hold was found anew.
    pub(super) fn again(self, seen: &Seen) -> Option<Draft> {
        let found = &seen.findings.columns;
        let headings = found.iter().map(|column| &column.heading);
        let is_same = self.part == seen.part
            && self.plan.columns.len() == found.len()
            && headings.eq(self.plan.columns.iter().map(|column| &column.heading));
        if !is_same {
            return None;
        }
        let mut plan = Plan::of(&seen.findings);
        plan.on_bad = self.plan.on_bad;
        for (column, decided) in plan.columns.iter_mut().zip(self.plan.columns) {
            column.name = decided.name;
            column.skip = decided.skip;
            if matches!(self.target, Target::Into { .. }) {
                column.kind = decided.kind;
            }
        }
        Some(Draft { plan, ..self })
    }

    /// The table it goes into, when that one is there already.
    pub(super) fn existing(&self) -> Option<&str> {
        match &self.target {
            Target::Into { table, .. } => Some(table),
            Target::New { .. } => None,
        }
    }
}

/// Whole numbers, none missing, none twice, in a place or under a name that
/// says they stand for the row: amounts may happen to go upwards, too.
fn names_rows(at: usize, found: &ColumnFindings) -> bool {
    let is_named = |name: &str| name == found.name || found.name.ends_with(&format!("_{name}"));
    found.kind == ColumnType::Integer
        && found.increasing
        && (at == 0
            || ["id", "key", "nr", "no", "number"]
                .into_iter()
                .any(is_named))
}

fn title_of(found: &ColumnFindings) -> String {
    match found.heading.trim() {
        "" => text::title(&found.name),
        heading if heading == found.name => text::title(heading),
        heading => text::shorten(heading, 80).into_owned(),
    }
}

/// A free name made of the file's, or of the part's where there are several.
fn proposed(seen: &Seen, file: &str, tables: &[Table]) -> (String, String) {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let from = match seen.parts.len() {
        0 | 1 => stem,
        _ => seen.part_title(),
    };
    let base = [from, stem]
        .into_iter()
        .find_map(|title| TableName::of_title(title).ok())
        .map_or_else(|| "table_1".to_owned(), |name| name.as_str().to_owned());
    let is_free = |name: &str| tables.iter().all(|table| table.name != name);
    let numbered = (2..).map(|number| format!("{}_{number}", &base[..base.len().min(50)]));
    let name = std::iter::once(base.clone())
        .chain(numbered)
        .find(|name| is_free(name))
        .unwrap_or(base);
    (name, text::title(from))
}

/// How many values of a column cannot be read as that type.
pub(super) fn misfits(findings: &Findings, column: usize, kind: ColumnType) -> u64 {
    findings.columns.get(column).map_or(0, |found| {
        let all = found.counts.fitting(ColumnType::Text);
        all.saturating_sub(found.counts.fitting(kind))
    })
}
