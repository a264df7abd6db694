//! Which columns of a table become what in its app.

use super::shape::{Facts, Shape};
use crate::base::text;
use crate::data::ColumnType;

/// How many of each an app has at the most.
const FILTERS: usize = 4;
const SEARCHED: usize = 3;
const SHOWN: usize = 8;
/// Bars one can tell apart.
const BARS: usize = 12;

/// Words in a column's name that say adding it up means something.
const ADDS_UP: [&str; 14] = [
    "amount", "total", "price", "revenue", "sales", "cost", "quantity", "qty", "value", "paid",
    "budget", "sum", "hours", "units",
];
/// Words that say a number only names or places something.
const NAMES: [&str; 20] = [
    "id",
    "no",
    "nr",
    "number",
    "code",
    "zip",
    "postcode",
    "phone",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "time",
    "flight",
    "lat",
    "latitude",
    "lon",
    "lng",
    "longitude",
];

/// The columns of a table, by what they are good for.
#[derive(Debug)]
pub(in crate::apps::making) struct Parts<'a> {
    pub(super) shape: &'a Shape,
    /// What one row is called: `penguin`, or `row`.
    pub(super) one: String,
    /// Filters one chooses from.
    pub(super) choices: Vec<&'a Facts>,
    /// Filters that are yes or no.
    pub(super) flags: Vec<&'a Facts>,
    /// Columns the search looks into.
    pub(super) searched: Vec<&'a Facts>,
    /// When a row happened.
    pub(super) moment: Option<&'a Facts>,
    pub(super) measure: Option<Measure<'a>>,
    /// What the bars of a chart stand for.
    pub(super) category: Option<&'a Facts>,
    /// The columns of the list.
    pub(super) shown: Vec<&'a Facts>,
}

/// A number worth looking at, and how many rows of it become one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure<'a> {
    pub(super) facts: &'a Facts,
    /// Added up; otherwise the average.
    pub(super) adds_up: bool,
}

impl Measure<'_> {
    pub(super) fn function(&self) -> &'static str {
        if self.adds_up { "sum" } else { "avg" }
    }

    /// `avg_body_mass_g`
    pub(super) fn alias(&self) -> String {
        format!("{}_{}", self.function(), self.facts.name())
    }

    /// "Average body mass g"
    pub(super) fn title(&self) -> String {
        let title = &self.facts.column.title;
        if self.adds_up {
            title.clone()
        } else {
            let mut letters = title.chars();
            let lower = letters.next().into_iter().flat_map(char::to_lowercase);
            format!("Average {}", lower.chain(letters).collect::<String>())
        }
    }
}

impl<'a> Parts<'a> {
    pub(in crate::apps::making) fn of(shape: &'a Shape) -> Parts<'a> {
        let columns = || shape.columns.iter();
        let mut choices: Vec<&Facts> = columns().filter(|facts| facts.is_choice()).collect();
        // Words say more than numbers, and few more than many.
        choices.sort_by_key(|facts| (facts.kind() != ColumnType::Text, facts.values.len()));
        let category = choices
            .iter()
            .copied()
            // Of equals the first column wins, so the last of the reversed.
            .rev()
            .filter(|facts| facts.kind() == ColumnType::Text)
            .max_by_key(|facts| {
                let count = facts.values.len();
                (count <= BARS, (3..=8).contains(&count), facts.filled)
            });
        choices.truncate(FILTERS);
        // People look for them in the order of the table.
        choices.sort_by_key(|facts| columns().position(|one| one.name() == facts.name()));
        let searched =
            columns().filter(|facts| facts.kind() == ColumnType::Text && !facts.is_choice());
        let flags = columns().filter(|facts| facts.kind() == ColumnType::Boolean);
        Parts {
            one: one_of(&shape.table.title),
            moment: columns()
                .filter(|facts| facts.kind().is_temporal() && facts.filled > 0)
                // Of equals the first column wins, so the last of the reversed.
                .rev()
                .max_by_key(|facts| facts.filled),
            measure: measure(shape),
            category,
            choices,
            flags: flags.take(2).collect(),
            searched: searched.take(SEARCHED).collect(),
            shown: Vec::new(),
            shape,
        }
        .with_the_telling_columns()
    }

    /// The list shows what tells rows apart, what people filter by and what is
    /// counted, then whatever comes first, all in the order of the table.
    fn with_the_telling_columns(mut self) -> Parts<'a> {
        let words = self
            .choices
            .iter()
            .filter(|facts| facts.kind() == ColumnType::Text);
        let telling = words
            .chain(&self.moment)
            .chain(self.searched.first())
            .chain(self.measure.iter().map(|measure| &measure.facts))
            .copied();
        let mut shown: Vec<&Facts> = Vec::new();
        for facts in telling.chain(&self.shape.columns) {
            let is_new = shown.iter().all(|one| one.name() != facts.name());
            if is_new && shown.len() < SHOWN {
                shown.push(facts);
            }
        }
        let place = |facts: &&Facts| {
            let mut columns = self.shape.columns.iter();
            columns.position(|one| one.name() == facts.name())
        };
        shown.sort_by_key(place);
        self.shown = shown;
        self
    }

    /// Columns that filters and the first sorting go by: worth an index.
    pub(in crate::apps::making) fn indexed(&self) -> Vec<String> {
        let filters = self.choices.iter().chain(self.moment.iter());
        filters.map(|facts| facts.name().to_owned()).collect()
    }

    /// Does every row have a value there?
    pub(super) fn is_filled(&self, facts: &Facts) -> bool {
        self.shape.rows > 0 && facts.filled == self.shape.rows
    }

    /// A chart over time goes by days while they are few, by months otherwise.
    pub(super) fn is_by_day(&self) -> bool {
        let days = self.moment.and_then(|facts| {
            let (first, last) = (day(&facts.least)?, day(&facts.most)?);
            first.until(last).ok().map(|span| span.get_days())
        });
        days.is_some_and(|days| days <= 92)
    }

    /// What the count of rows is called in SQL.
    pub(super) fn count_alias(&self) -> String {
        let name = &self.shape.table.name;
        match self.shape.table.column(name) {
            None => name.clone(),
            Some(_) => format!("{name}_count"),
        }
    }
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    text.get(..10)?.parse().ok()
}

fn measure(shape: &Shape) -> Option<Measure<'_>> {
    let has = |facts: &Facts, known: &[&str]| {
        let mut words = facts.name().split('_');
        words.any(|word| known.contains(&word))
    };
    let measures = shape.columns.iter().filter(|facts| {
        facts.kind().is_numeric() && facts.filled > 0 && !facts.is_choice() && !has(facts, &NAMES)
    });
    measures
        .map(|facts| Measure {
            facts,
            adds_up: has(facts, &ADDS_UP),
        })
        // Of equals the first one written wins, so the last of the reversed.
        .rev()
        .max_by_key(|measure| (measure.adds_up, measure.facts.filled))
}

/// What one row of a table of that title is called.
fn one_of(title: &str) -> String {
    text::one_of(title)
        .filter(|one| !text::identifier(one).is_empty())
        .unwrap_or_else(|| "row".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_many_is_called_by_its_name_when_that_is_plain() {
        for (many, one) in [
            ("Penguins", "penguin"),
            ("Companies", "company"),
            ("Boxes", "box"),
            ("People", "person"),
            ("Purchase orders", "purchase order"),
            ("Analysis", "row"),
            ("Orders 2024", "row"),
            ("Staff", "row"),
        ] {
            assert_eq!(one_of(many), one);
        }
    }
}
