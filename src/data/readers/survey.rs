//! What is learned about each column while the rows go by.

use super::cast::shown;
use super::distinct::Tally;
use super::moment::{self, Orders, Slot};
use super::number;
use super::options::Missing;
use super::value::{Class, Record, Value, classify, trim};
use super::{ColumnFindings, Counts, DateOrder, Decimal, Findings, Options, Ragged};
use crate::base::text;
use crate::data::ColumnType;

/// Rows shown before anything is decided.
const PREVIEW: usize = 20;

/// Ragged rows named one by one.
pub(super) const NAMED: usize = 100;

/// Everything learned so far.
pub(super) struct Survey<'o> {
    options: &'o Options,
    missing: Missing,
    columns: Vec<ColumnSurvey>,
    pub(super) rows: u64,
    preview: Vec<Vec<String>>,
    ragged: Vec<Ragged>,
    ragged_rows: u64,
}

struct ColumnSurvey {
    heading: String,
    counts: Counts,
    /// The orders every date so far can be read in.
    orders: Orders,
    empty: u64,
    missing: u64,
    errors: u64,
    unreadable: u64,
    longest: usize,
    tally: Tally,
    /// The last integer, while they increase.
    last: Option<i64>,
    increasing: bool,
}

impl<'o> Survey<'o> {
    /// Knows the columns from the first record, and takes it as a row unless
    /// it is the heading.
    pub(super) fn new(options: &'o Options, first: &Record<'_>) -> Survey<'o> {
        let mut slot = Slot::EMPTY;
        let columns = first.values.iter().map(|value| {
            let heading = if options.header {
                shown(*value, &mut slot).trim().to_owned()
            } else {
                String::new()
            };
            ColumnSurvey::new(heading)
        });
        let mut survey = Survey {
            options,
            missing: Missing::new(&options.missing),
            columns: columns.collect(),
            rows: 0,
            preview: Vec::new(),
            ragged: Vec::new(),
            ragged_rows: 0,
        };
        if !options.header {
            survey.take(first);
        }
        survey
    }

    pub(super) fn take(&mut self, record: &Record<'_>) {
        self.rows += 1;
        let width = self.columns.len();
        if record.values.len() != width {
            self.note_ragged(record);
        }
        let (missing, decimal) = (&self.missing, self.options.decimal);
        let rest = record.values.len().min(width);
        for (column, value) in self.columns.iter_mut().zip(record.values) {
            column.take(*value, missing, decimal);
        }
        for column in &mut self.columns[rest..] {
            column.nothing();
        }
        if self.preview.len() < PREVIEW {
            let mut slot = Slot::EMPTY;
            let row = record.values.iter().take(width);
            self.preview.push(
                row.map(|value| text::shorten(&shown(*value, &mut slot), 200).into_owned())
                    .collect(),
            );
        }
    }

    #[cold]
    fn note_ragged(&mut self, record: &Record<'_>) {
        let width = self.columns.len();
        if record.values.len() > width && is_blank(&record.values[width..]) {
            return;
        }
        self.ragged_rows += 1;
        if self.ragged.len() < NAMED {
            self.ragged.push(Ragged {
                line: record.line,
                cells: record.values.len(),
            });
        }
    }

    pub(super) fn finish(self, declared: &[Option<ColumnType>], notes: Vec<String>) -> Findings {
        let usual = self.usual_order();
        let mut names: Vec<String> = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            names.push(unique_name(&column.heading, at, &names));
        }
        let declared = declared.iter().copied().chain(std::iter::repeat(None));
        let columns = self.columns.into_iter().zip(names).zip(declared);
        Findings {
            options: self.options.clone(),
            rows: self.rows,
            columns: columns
                .map(|((column, name), declared)| column.finish(name, declared, usual))
                .collect(),
            preview: self.preview,
            ragged: self.ragged,
            ragged_rows: self.ragged_rows,
            notes,
        }
    }

    /// The order of day and month where a column leaves it open: what another
    /// column of the file shows, else what the options say.
    fn usual_order(&self) -> DateOrder {
        let shows = |order: Orders| self.columns.iter().any(|column| column.orders == order);
        match (shows(moment::DMY), shows(moment::MDY), self.options.dates) {
            (false, true, _) | (false, false, DateOrder::Mdy) => DateOrder::Mdy,
            _ => DateOrder::Dmy,
        }
    }
}

/// The heading as a name for SQL no column before it has.
fn unique_name(heading: &str, at: usize, taken: &[String]) -> String {
    let mut name = text::identifier(heading);
    if name.is_empty() {
        name = format!("column_{}", at + 1);
    }
    let is_taken = |name: &String| taken.contains(name);
    if !is_taken(&name) {
        return name;
    }
    (2..=taken.len() + 2)
        .map(|number| format!("{name}_{number}"))
        .find(|name| !is_taken(name))
        .unwrap_or(name)
}

/// No cell holds anything.
pub(super) fn is_blank(values: &[Value<'_>]) -> bool {
    values.iter().all(|value| match value {
        Value::Nothing => true,
        Value::Text(cell) => trim(cell).is_empty(),
        _ => false,
    })
}

impl ColumnSurvey {
    fn new(heading: String) -> ColumnSurvey {
        ColumnSurvey {
            heading,
            counts: Counts::default(),
            orders: moment::YMD | moment::DMY | moment::MDY,
            empty: 0,
            missing: 0,
            errors: 0,
            unreadable: 0,
            longest: 0,
            tally: Tally::new(),
            last: None,
            increasing: true,
        }
    }

    fn nothing(&mut self) {
        self.empty += 1;
        self.increasing = false;
    }

    #[inline]
    fn take(&mut self, value: Value<'_>, missing: &Missing, decimal: Decimal) {
        let Value::Text(cell) = value else {
            return self.take_typed(value);
        };
        let cell = trim(cell);
        if cell.is_empty() {
            return self.nothing();
        }
        if missing.find(cell).is_some() {
            self.missing += 1;
            self.increasing = false;
            return;
        }
        if cell.len() > self.longest {
            self.measure(cell);
        }
        self.tally.add(cell);
        self.count(classify(cell, decimal));
    }

    #[cold]
    fn measure(&mut self, cell: &[u8]) {
        let characters = String::from_utf8_lossy(cell).chars().count();
        self.longest = self.longest.max(characters);
    }

    fn take_typed(&mut self, value: Value<'_>) {
        let class = match value {
            Value::Nothing | Value::Text(_) => return self.nothing(),
            Value::Integer(integer) => Class::Integer(integer),
            Value::Real(real) => number::whole(real).map_or(Class::Number, Class::Integer),
            Value::Boolean(_) => Class::Boolean,
            Value::Error(_) => {
                self.errors += 1;
                self.increasing = false;
                return;
            }
            Value::Blob(_) => {
                self.unreadable += 1;
                self.increasing = false;
                return;
            }
        };
        let mut slot = Slot::EMPTY;
        let text = shown(value, &mut slot);
        self.longest = self.longest.max(text.len());
        self.tally.add(text.as_bytes());
        self.count(class);
    }

    #[inline]
    fn count(&mut self, class: Class) {
        match class {
            Class::Integer(integer) => {
                self.counts.integer += 1;
                if self.increasing {
                    self.increasing = self.last.is_none_or(|last| last < integer);
                    self.last = Some(integer);
                }
                return;
            }
            Class::Number => self.counts.number += 1,
            Class::Boolean => self.counts.boolean += 1,
            Class::Text => self.counts.text += 1,
            Class::Date(orders) => {
                self.counts.date += 1;
                self.orders &= orders;
            }
            Class::DateTime(orders) => {
                self.counts.datetime += 1;
                self.orders &= orders;
            }
        }
        self.increasing = false;
    }

    fn finish(
        self,
        name: String,
        declared: Option<ColumnType>,
        usual: DateOrder,
    ) -> ColumnFindings {
        let mut kind = self.counts.best();
        if kind.is_temporal() && self.orders == 0 {
            kind = ColumnType::Text;
        }
        let distinct = self.tally.all();
        if let Some(declared) = declared.filter(|declared| self.fits(*declared)) {
            kind = declared;
        }
        let (dates, ambiguous) = match self.orders {
            _ if !kind.is_temporal() => (None, false),
            orders if orders & moment::YMD != 0 => (Some(DateOrder::Ymd), false),
            moment::DMY => (Some(DateOrder::Dmy), false),
            moment::MDY => (Some(DateOrder::Mdy), false),
            _ => (Some(usual), true),
        };
        ColumnFindings {
            samples: self.tally.samples(),
            distinct,
            increasing: self.increasing && self.counts.integer > 0,
            heading: self.heading,
            name,
            kind,
            dates,
            ambiguous_dates: ambiguous,
            counts: self.counts,
            empty: self.empty,
            missing: self.missing,
            errors: self.errors,
            unreadable: self.unreadable,
            longest: self.longest,
        }
    }

    /// Every value can be read as what the file declares.
    fn fits(&self, declared: ColumnType) -> bool {
        let all = self.counts.all();
        match declared {
            ColumnType::Boolean => {
                let is_bit = |text: &str| matches!(text, "0" | "1" | "true" | "false");
                let values = self.tally.all();
                values.is_some_and(|values| values.iter().all(|value| is_bit(&value.value)))
            }
            ColumnType::Date | ColumnType::DateTime if self.orders == 0 => false,
            kind => self.counts.fitting(kind) == all,
        }
    }
}
