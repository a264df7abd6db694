//! The SQL of an app of several tables. Names of tables and columns stand in it, values
//! never do.

use std::fmt::Write;

use super::family::{Family, Kin, Link};
use super::lookups::Lookup;
use crate::apps::making::generate::parts::Parts;
use crate::apps::making::generate::shape::Facts;
use crate::apps::making::generate::sql::name;

/// Letters of a line of columns.
const LINE: usize = 84;

/// A statement about a table: beside it stand those that its links name, but for one that
/// all of its rows have alike.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) kin: &'a Kin<'a>,
    pub(super) family: &'a Family,
    pub(super) without: Option<&'a Link>,
}

impl About<'_> {
    /// The links whose rows are shown by what they are called.
    fn shown(&self) -> impl Iterator<Item = (&Link, &str)> {
        let links = self.links();
        links.filter_map(|link| Some((link, link.called(self.family)?)))
    }

    fn links(&self) -> impl Iterator<Item = &Link> {
        let links = self.kin.links.iter();
        links.filter(|link| !is(link, self.without))
    }

    /// A column of the table: with the table's name where others stand beside it.
    pub(super) fn own(&self, column: &str) -> String {
        if self.shown().next().is_none() {
            name(column)
        } else {
            format!("{}.{}", name(self.kin.table()), name(column))
        }
    }

    /// What the rows that links name are called, for the search.
    pub(super) fn called(&self) -> Vec<String> {
        let each = self.shown();
        each.map(|(link, column)| format!("{}.{}", name(&link.alias), name(column)))
            .collect()
    }

    fn from(&self, conditions: &[String]) -> String {
        let mut sql = format!("  from {}", name(self.kin.table()));
        for (link, _) in self.shown() {
            let to = &self.family.shape(link.to).table;
            let (table, alias) = (name(&to.name), name(&link.alias));
            let shown = if table == alias {
                table
            } else {
                format!("{table} as {alias}")
            };
            // Writing to a String cannot fail.
            let _ = write!(
                sql,
                "\n  left join {shown} on {alias}.{} = {}",
                name(&to.key),
                self.own(&link.column)
            );
        }
        for (at, condition) in conditions.iter().enumerate() {
            sql.push_str(if at == 0 { "\n where " } else { "\n   and " });
            sql.push_str(condition);
        }
        sql
    }

    /// What a link shows: what the row is called, or its key.
    fn link(&self, link: &Link) -> String {
        let shown = match link.called(self.family) {
            Some(column) => format!("{}.{}", name(&link.alias), name(column)),
            None => self.own(&link.column),
        };
        if shown.rsplit('.').next() == Some(link.field.as_str()) {
            shown
        } else {
            format!("{shown} as {}", name(&link.field))
        }
    }

    /// The columns of a list, the key first.
    pub(super) fn list(&self, conditions: &[String]) -> String {
        let mut all = vec![self.own(self.kin.key())];
        all.extend(self.links().map(|link| self.link(link)));
        let shown = self.kin.parts.shown.iter();
        all.extend(shown.map(|facts| self.own(facts.name())));
        format!("select {}\n{}", columns(&all), self.from(conditions))
    }

    /// The rows that belong to one of another table, by the link they have alike.
    pub(super) fn belongs(&self) -> String {
        let by = self
            .without
            .map(|link| format!("{} = :id", self.own(&link.column)));
        self.list(&by.into_iter().collect::<Vec<_>>())
    }

    /// One row, whole, with what its links name and their keys.
    pub(super) fn one(&self) -> String {
        let mut all = vec![self.own(self.kin.key())];
        for link in self.links() {
            all.push(self.link(link));
            if link.column != link.field {
                all.push(self.own(&link.column));
            }
        }
        let columns_of = self.kin.parts.shape.columns.iter();
        all.extend(columns_of.map(|facts| self.own(facts.name())));
        let by = format!("{} = :{}", self.own(self.kin.key()), self.kin.key_param());
        format!("select {}\n{}", columns(&all), self.from(&[by]))
    }
}

/// `a, b, c` on as many lines as that takes.
fn columns(all: &[String]) -> String {
    let one = all.join(", ");
    if one.len() <= LINE {
        one
    } else {
        all.join(",\n       ")
    }
}

/// Is it that link?
pub(super) fn is(link: &Link, other: Option<&Link>) -> bool {
    other.is_some_and(|other| other.column == link.column)
}

/// The key of the row somebody named.
pub(super) fn key_of(link: &Link, key: &str, called: Option<&str>, table: &str) -> String {
    match called {
        Some(called) => format!(
            "(select {} from {} where {} = :{})",
            name(key),
            name(table),
            name(called),
            link.field
        ),
        None => format!(":{}", link.field),
    }
}

/// Exactly one row is called so, or nothing was named where nothing has to be.
pub(super) fn is_one(link: &Link, by: &str, table: &str) -> String {
    let one = format!(
        "(select count(*) from {} where {} = :{}) = 1",
        name(table),
        name(by),
        link.field
    );
    if link.is_required {
        one
    } else {
        format!("(:{} is null or {one})", link.field)
    }
}

/// Adds a row whose links are named in the form.
pub(super) fn add(kin: &Kin<'_>, family: &Family) -> String {
    let lookups: Vec<Lookup> = { kin.links.iter() }
        .map(|link| Lookup::of(family, link))
        .collect();
    let (names, mut values) = placed(kin, None);
    values.splice(0..0, lookups.iter().map(|lookup| lookup.value.clone()));
    let into = format!("insert into {} ({})", name(kin.table()), columns(&names));
    if lookups.is_empty() {
        return format!("{into}\nvalues ({})", columns(&values));
    }
    let conditions: Vec<&str> = { lookups.iter() }
        .map(|lookup| lookup.condition.as_str())
        .collect();
    format!(
        "{into}\nselect {}\n where {}",
        columns(&values),
        conditions.join("\n   and ")
    )
}

/// Adds a row that belongs to the one whose page it is begun on, if that is there.
pub(super) fn add_to(kin: &Kin<'_>, family: &Family, link: &Link) -> String {
    let to = &family.shape(link.to).table;
    let others: Vec<&Link> = { kin.links.iter() }
        .filter(|one| !is(one, Some(link)))
        .collect();
    let lookups = || { others.iter() }.map(|one| Lookup::of(family, one));
    let (names, mut values) = placed(kin, Some(link));
    let first = [name(&to.key)].into_iter();
    values.splice(0..0, first.chain(lookups().map(|lookup| lookup.value)));
    let mut sql = format!(
        "insert into {} ({})\nselect {}\n  from {}\n where {} = :{}",
        name(kin.table()),
        columns(&names),
        columns(&values),
        name(&to.name),
        name(&to.key),
        kin.parent_param()
    );
    for lookup in lookups() {
        sql.push_str("\n   and ");
        sql.push_str(&lookup.condition);
    }
    sql
}

/// The columns of an insertion, its links first and `first` the first of them; and the
/// places of the values of those that are no links.
fn placed(kin: &Kin<'_>, first: Option<&Link>) -> (Vec<String>, Vec<String>) {
    let others = kin.links.iter().filter(|link| !is(link, first));
    let links = first.into_iter().chain(others);
    let own = || kin.parts.shape.columns.iter().map(Facts::name);
    let names = links.map(|link| link.column.as_str()).chain(own());
    (
        names.map(name).collect(),
        own().map(|column| format!(":{column}")).collect(),
    )
}

pub(super) fn change(kin: &Kin<'_>, family: &Family) -> String {
    let lookups = kin
        .links
        .iter()
        .map(|link| (link, Lookup::of(family, link)));
    let (mut sets, mut conditions) = (Vec::new(), Vec::new());
    for (link, lookup) in lookups {
        sets.push(format!("{} = {}", name(&link.column), lookup.value));
        conditions.push(lookup.condition);
    }
    for facts in &kin.parts.shape.columns {
        sets.push(format!("{} = :{}", name(facts.name()), facts.name()));
    }
    let mut sql = format!(
        "update {}\n   set {}\n where {} = :{}",
        name(kin.table()),
        sets.join(",\n       "),
        name(kin.key()),
        kin.key_param()
    );
    for condition in conditions {
        sql.push_str("\n   and ");
        sql.push_str(&condition);
    }
    sql
}

/// Removes a row that nothing belongs to.
pub(super) fn remove(kin: &Kin<'_>, family: &Family) -> String {
    let param = kin.key_param();
    let mut sql = format!(
        "delete from {}\n where {} = :{param}",
        name(kin.table()),
        name(kin.key())
    );
    for child in kin.children {
        let (table, link) = (&family.shape(child.at).table.name, family.link(child));
        let _ = write!(
            sql,
            "\n   and not exists (select 1 from {} where {} = :{param})",
            name(table),
            name(&link.column)
        );
    }
    sql
}

/// One row with a figure for each table, and the sums worth knowing.
pub(super) fn figures(all: &[(String, String)]) -> String {
    let each: Vec<String> = { all.iter() }
        .map(|(what, alias)| format!("({what}) as {}", name(alias)))
        .collect();
    format!("select {}", each.join(",\n       "))
}

pub(super) fn count(table: &str) -> String {
    format!("select count(*) from {}", name(table))
}

pub(super) fn sum(table: &str, column: &str) -> String {
    format!("select sum({}) from {}", name(column), name(table))
}

/// What a chart over time draws.
pub(super) fn over_time(parts: &Parts<'_>, moment: &Facts) -> String {
    crate::apps::making::generate::sql::over_time(parts, moment, &[])
}

pub(super) fn counted_by(parts: &Parts<'_>, by: &Facts) -> String {
    crate::apps::making::generate::sql::counted_by(parts, by, &[])
}
