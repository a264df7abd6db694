//! What is worth a second look before an app is published: each rule looks at the app and
//! at what the database says, and names the place, the reason and what to do.

mod facts;
mod fix;
mod personal;
mod reading;
mod sql;
#[cfg(test)]
mod tests;

use self::facts::Shown;
use crate::apps::format::{App, Widget};
use crate::data::tables::Table;
use crate::kinds;

pub(super) use facts::{Facts, gather};
pub(super) use fix::Fix;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// It is worth a thought.
    Should,
    /// Whoever publishes all the same says why.
    Must,
}

/// Something a rule found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    /// The rule and what it is about: the same thing found again is called the same.
    pub(super) id: String,
    pub(super) weight: Weight,
    /// In the text.
    pub(super) line: usize,
    pub(super) place: String,
    pub(super) why: String,
    pub(super) todo: String,
    pub(super) fix: Option<Fix>,
}

impl Finding {
    /// The name of the rule.
    pub(super) fn rule(&self) -> &str {
        self.id.split(':').next().unwrap_or_default()
    }
}

/// What a rule looks at.
pub(super) struct Sight<'a> {
    app: &'a App,
    tables: &'a [Table],
    facts: &'a Facts,
}

/// One thing to look for.
pub(super) trait Rule: Sync {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding>;
}

kinds! {
    pub(super) dyn Rule: open_form, open_report, unbounded, no_index, unused_query, unset_param,
    no_expect, unreachable_page
}

/// Everything the rules find: what weighs most first, then in the order of the text.
pub(super) fn look(app: &App, tables: &[Table], facts: &Facts) -> Vec<Finding> {
    let sight = Sight { app, tables, facts };
    let mut found: Vec<Finding> = ALL.iter().flat_map(|rule| rule.look(&sight)).collect();
    found.sort_by(|a, b| (b.weight, a.line, &a.id).cmp(&(a.weight, b.line, &b.id)));
    found
}

impl<'a> Sight<'a> {
    /// The widgets, each with its page.
    fn widgets(&self) -> impl Iterator<Item = (&'a crate::apps::format::Page, &'a Widget)> {
        let pages = self.app.pages.iter();
        pages.flat_map(|page| page.widgets.iter().map(move |widget| (page, widget)))
    }

    /// The tables whose names stand in a statement.
    fn named_in(&self, sql: &str) -> Vec<&'a Table> {
        let words = reading::words(sql);
        let is_named = |table: &&Table| words.contains(&table.name);
        self.tables.iter().filter(is_named).collect()
    }

    /// Do the app's own policies narrow down who sees that column?
    fn is_governed(&self, from: Option<&(String, String)>) -> bool {
        let Some((table, column)) = from else {
            return false;
        };
        self.app.policies.iter().any(|policy| {
            let on = policy.on.split_once('.').map(|(_, table)| table);
            let masks = policy.mask.iter().any(|(masked, _)| masked == column);
            on == Some(table) && (policy.rows.is_some() || masks)
        })
    }

    fn columns(&self, query: &str) -> &'a [Shown] {
        let asked = self.facts.asked.get(query);
        asked
            .map(|asked| asked.columns.as_slice())
            .unwrap_or_default()
    }
}

/// `the report list on the page Orders`
fn place_of(page: &crate::apps::format::Page, widget: &Widget) -> String {
    format!(
        "the {} {} on the page {}",
        widget.kind, widget.id, page.title
    )
}

/// `a`, `b` and `c`
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
