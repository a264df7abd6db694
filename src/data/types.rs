//! What a column holds, as people say it and as the database keeps it.

use serde::{Deserialize, Serialize};

/// The type of a column of the built-in database.
///
/// | type | kept as | example |
/// |---|---|---|
/// | integer | `integer`, 64 bit | `42` |
/// | number | `real` | `4.2` |
/// | text | `text` | `Ada` |
/// | date | `text`, `YYYY-MM-DD` | `2026-11-21` |
/// | datetime | `text`, `YYYY-MM-DDTHH:MM:SS`, a fraction if there is one, `Z` if the zone is known (then in UTC) | `2026-11-21T19:18:08Z` |
/// | boolean | `integer`, 0 or 1 | `1` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnType {
    Integer,
    Number,
    Text,
    Date,
    DateTime,
    Boolean,
}

impl ColumnType {
    pub const ALL: [ColumnType; 6] = [
        ColumnType::Integer,
        ColumnType::Number,
        ColumnType::Text,
        ColumnType::Date,
        ColumnType::DateTime,
        ColumnType::Boolean,
    ];

    pub fn name(self) -> &'static str {
        match self {
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Text => "text",
            ColumnType::Date => "date",
            ColumnType::DateTime => "datetime",
            ColumnType::Boolean => "boolean",
        }
    }

    pub fn named(name: &str) -> Option<ColumnType> {
        ColumnType::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word a `strict` table of SQLite has for it.
    pub fn storage(self) -> &'static str {
        match self {
            ColumnType::Integer | ColumnType::Boolean => "integer",
            ColumnType::Number => "real",
            ColumnType::Text | ColumnType::Date | ColumnType::DateTime => "text",
        }
    }

    /// Stands on the right, digits under digits.
    pub fn is_numeric(self) -> bool {
        matches!(self, ColumnType::Integer | ColumnType::Number)
    }

    pub fn is_temporal(self) -> bool {
        matches!(self, ColumnType::Date | ColumnType::DateTime)
    }
}
