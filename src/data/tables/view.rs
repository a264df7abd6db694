//! How somebody looks at a table: which rows, in which order, from where on;
//! all of it as the address says.

use super::{Error, Table, TableColumn};
use crate::data::{ColumnType, Value, typed};
use crate::web::Fields;

/// Values longer than this are looked up again instead of carried in an address.
const CARRIED: usize = 200;

#[derive(Clone, Debug)]
pub(in crate::data) struct View {
    pub(in crate::data) filters: Vec<Filter>,
    pub(in crate::data) sort: Sort,
    pub(in crate::data) place: Option<Place>,
}

#[derive(Clone, Debug)]
pub(in crate::data) struct Filter {
    pub(in crate::data) column: TableColumn,
    pub(in crate::data) condition: Condition,
    /// As it was typed.
    pub(in crate::data) typed: String,
    pub(in crate::data) test: Test,
}

/// What people choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Condition {
    Contains,
    Is,
    From,
    To,
    Empty,
    Filled,
}

/// What the engine is asked.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) enum Test {
    Contains(String),
    Is(Value),
    From(Value),
    To(Value),
    Before(Value),
    /// From the first, before the second.
    Within(Value, Value),
    Empty,
    Filled,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Sort {
    pub(in crate::data) column: String,
    pub(in crate::data) descending: bool,
}

/// The row a page begins after, or ends before.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) struct Place {
    pub(in crate::data) is_before: bool,
    pub(in crate::data) key: i64,
    /// What the row held in the column sorted by; `None`: to be looked up.
    pub(in crate::data) value: Option<Value>,
}

impl Condition {
    const ALL: [Condition; 6] = [
        Condition::Contains,
        Condition::Is,
        Condition::From,
        Condition::To,
        Condition::Empty,
        Condition::Filled,
    ];

    pub(in crate::data) fn name(self) -> &'static str {
        match self {
            Condition::Contains => "contains",
            Condition::Is => "is",
            Condition::From => "from",
            Condition::To => "to",
            Condition::Empty => "empty",
            Condition::Filled => "filled",
        }
    }

    pub(in crate::data) fn label(self) -> &'static str {
        match self {
            Condition::Contains => "contains",
            Condition::Is => "is",
            Condition::From => "from",
            Condition::To => "up to",
            Condition::Empty => "is empty",
            Condition::Filled => "is not empty",
        }
    }

    /// Needs a value beside it.
    pub(in crate::data) fn takes_value(self) -> bool {
        !matches!(self, Condition::Empty | Condition::Filled)
    }

    /// The conditions that make sense for a column.
    pub(in crate::data) fn suited_to(kind: ColumnType) -> Vec<Condition> {
        let fits = |condition: &Condition| match condition {
            Condition::Contains => kind == ColumnType::Text,
            Condition::From | Condition::To => kind.is_numeric() || kind.is_temporal(),
            Condition::Is | Condition::Empty | Condition::Filled => true,
        };
        Condition::ALL.into_iter().filter(fits).collect()
    }

    fn named(name: &str) -> Option<Condition> {
        Condition::ALL.into_iter().find(|one| one.name() == name)
    }
}

impl Filter {
    /// From the three fields of the form.
    pub(in crate::data) fn parse(
        table: &Table,
        column: &str,
        condition: &str,
        typed: &str,
    ) -> Result<Filter, Error> {
        let column = table
            .column(column)
            .ok_or_else(|| Error::NoColumn(column.to_owned()))?;
        let fault = |text: String| Error::BadValue(column.title.clone(), text);
        let condition = Condition::named(condition)
            .filter(|condition| Condition::suited_to(column.kind).contains(condition))
            .ok_or_else(|| {
                let suited = Condition::suited_to(column.kind);
                let names: Vec<_> = suited.iter().map(|one| one.label()).collect();
                fault(format!("choose one of: {}", names.join(", ")))
            })?;
        let test = test(column.kind, condition, typed).map_err(fault)?;
        Ok(Filter {
            column: column.clone(),
            condition,
            typed: if condition.takes_value() { typed } else { "" }.to_owned(),
            test,
        })
    }

    /// As the address carries it.
    pub(in crate::data) fn word(&self) -> String {
        format!(
            "{}.{}.{}",
            self.column.name,
            self.condition.name(),
            self.typed
        )
    }

    /// As people read it.
    pub(in crate::data) fn label(&self) -> String {
        let label = format!(
            "{} {} {}",
            self.column.title,
            self.condition.label(),
            self.typed
        );
        label.trim_end().to_owned()
    }
}

fn test(kind: ColumnType, condition: Condition, typed: &str) -> Result<Test, String> {
    match condition {
        Condition::Empty => return Ok(Test::Empty),
        Condition::Filled => return Ok(Test::Filled),
        Condition::Contains if !typed.is_empty() => return Ok(Test::Contains(typed.to_owned())),
        _ => {}
    }
    let value = typed::parse(kind, typed)?;
    if value == Value::Null {
        return Err("say which value, or choose `is empty`".to_owned());
    }
    // A day, asked of moments, is all of that day.
    if let (ColumnType::DateTime, Some(day)) = (kind, typed::day(typed.trim())) {
        let next = day.tomorrow().map_err(|error| error.to_string())?;
        let (first, next) = (Value::Text(day.to_string()), Value::Text(next.to_string()));
        return Ok(match condition {
            Condition::From => Test::From(first),
            Condition::To => Test::Before(next),
            _ => Test::Within(first, next),
        });
    }
    Ok(match condition {
        Condition::From => Test::From(value),
        Condition::To => Test::To(value),
        _ => Test::Is(value),
    })
}

impl View {
    /// Reads `f=column.condition.value&sort=-column&after=17&at=v3`.
    pub(in crate::data) fn parse(table: &Table, fields: &Fields) -> Result<View, Error> {
        let filters = fields.all("f").map(|word| {
            let mut parts = word.splitn(3, '.');
            let mut part = || parts.next().unwrap_or_default();
            let (column, condition, typed) = (part(), part(), part());
            Filter::parse(table, column, condition, typed)
        });
        let said = fields.get("sort").unwrap_or(&table.key);
        let (column, descending) = match said.strip_prefix('-') {
            Some(column) => (column, true),
            None => (said, false),
        };
        let column = table
            .column(column)
            .ok_or_else(|| Error::NoColumn(column.to_owned()))?;
        Ok(View {
            filters: filters.collect::<Result<_, _>>()?,
            place: place(fields, column.kind),
            sort: Sort {
                column: column.name.clone(),
                descending,
            },
        })
    }

    /// The same rows from the beginning, in that order.
    pub(in crate::data) fn sorted(&self, column: &str, descending: bool) -> View {
        View {
            sort: Sort {
                column: column.to_owned(),
                descending,
            },
            place: None,
            ..self.clone()
        }
    }

    /// As an address carries it; `key` is the table's, by which rows are sorted anyway.
    pub(in crate::data) fn query(&self, key: &str) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        for filter in &self.filters {
            out.append_pair("f", &filter.word());
        }
        if self.sort.descending || self.sort.column != key {
            let minus = if self.sort.descending { "-" } else { "" };
            out.append_pair("sort", &format!("{minus}{}", self.sort.column));
        }
        if let Some(place) = &self.place {
            let name = if place.is_before { "before" } else { "after" };
            out.append_pair(name, &place.key.to_string());
            if let Some(value) = place.value.as_ref().and_then(carried) {
                out.append_pair("at", &value);
            }
        }
        out.finish()
    }
}

fn place(fields: &Fields, kind: ColumnType) -> Option<Place> {
    let (is_before, key) = match (fields.get("after"), fields.get("before")) {
        (Some(key), _) => (false, key),
        (None, Some(key)) => (true, key),
        (None, None) => return None,
    };
    let value = fields
        .get("at")
        .and_then(|at| match at.split_at_checked(1)? {
            ("n", "") => Some(Value::Null),
            ("v", text) => match kind.storage() {
                "integer" => text.parse().ok().map(Value::Integer),
                "real" => text.parse().ok().map(Value::Real),
                _ => Some(Value::Text(text.to_owned())),
            },
            _ => None,
        });
    Some(Place {
        is_before,
        key: key.parse().ok()?,
        value,
    })
}

fn carried(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("n".to_owned()),
        Value::Integer(number) => Some(format!("v{number}")),
        Value::Real(number) => Some(format!("v{number:?}")),
        Value::Text(text) if text.len() <= CARRIED => Some(format!("v{text}")),
        Value::Text(_) => None,
    }
}
