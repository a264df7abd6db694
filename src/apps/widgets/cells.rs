//! How a value of a query stands on a page: money, days, badges, links.

use super::figures::{day, escape, grouped, integer, is_day, moment, real, rounded};
use crate::data::{Cell, Column, ColumnType};

/// How a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format<'a> {
    Plain,
    /// Digits after the point; as many as there are when absent.
    Number(Option<u32>),
    /// The currency's code.
    Money(&'a str),
    /// Of a share, with digits after the point.
    Percent(u32),
    Date,
    DateTime,
    Badge,
    Boolean,
    Link,
}

pub(super) const FORMATS: &str =
    "money:EUR, number, number:2, percent, percent:1, date, datetime, badge, boolean and link";

/// The same, each by itself.
pub(super) const FORMAT_WORDS: &[&str] = &[
    "money:EUR",
    "number",
    "number:2",
    "percent",
    "percent:1",
    "date",
    "datetime",
    "badge",
    "boolean",
    "link",
];

impl<'a> Format<'a> {
    /// As the app's file says it: `money:EUR`.
    pub(super) fn parse(text: &'a str) -> Option<Format<'a>> {
        let (name, detail) = match text.split_once(':') {
            Some((name, detail)) => (name, Some(detail)),
            None => (text, None),
        };
        let digits = || {
            let digits: Option<u32> = detail?.parse().ok();
            digits.filter(|digits| *digits <= 9)
        };
        let is_bare = detail.is_none();
        Some(match name {
            "plain" if is_bare => Format::Plain,
            "number" if is_bare => Format::Number(None),
            "number" => Format::Number(Some(digits()?)),
            "percent" if is_bare => Format::Percent(1),
            "percent" => Format::Percent(digits()?),
            "money" => {
                let code = detail.unwrap_or("EUR");
                let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
                is_code.then_some(Format::Money(code))?
            }
            "date" if is_bare => Format::Date,
            "datetime" if is_bare => Format::DateTime,
            "badge" if is_bare => Format::Badge,
            "boolean" if is_bare => Format::Boolean,
            "link" if is_bare => Format::Link,
            _ => return None,
        })
    }

    /// What the app's file says of the column, or else what its type suggests.
    pub(super) fn of(column: &Column, written: &[(&'a str, &'a str)]) -> Format<'a> {
        let said = written.iter().find(|(name, _)| *name == column.name);
        if let Some(format) = said.and_then(|(_, text)| Format::parse(text)) {
            return format;
        }
        match column.kind {
            Some(ColumnType::Date) => Format::Date,
            Some(ColumnType::DateTime) => Format::DateTime,
            Some(ColumnType::Boolean) => Format::Boolean,
            _ => Format::Plain,
        }
    }

    /// Is it a number, as far as the format tells?
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Format::Number(_) | Format::Money(_) | Format::Percent(_)
        )
    }

    /// Stands beside the column's title.
    pub(super) fn unit(self) -> Option<&'a str> {
        match self {
            Format::Money(code) => Some(code),
            _ => None,
        }
    }
}

/// Adds the cell as HTML. `tones` says which words make which colour of badge.
pub(super) fn write(cell: Cell<'_>, format: Format<'_>, tones: &[(&str, &str)], out: &mut String) {
    match (cell, format) {
        (Cell::Null, _) => {}
        (Cell::Integer(number), Format::Boolean) => {
            out.push_str(if number == 0 { "no" } else { "yes" });
        }
        (Cell::Integer(number), Format::Plain) => integer(number, out),
        (Cell::Real(number), Format::Plain) => real(number, out),
        (Cell::Integer(number), format) if format.is_number() => {
            out.push_str("<data value=\"");
            integer(number, out);
            whole(number, format, out);
        }
        (Cell::Real(number), format) if format.is_number() => {
            out.push_str("<data value=\"");
            real(number, out);
            fraction(number, format, out);
        }
        (Cell::Text(text), Format::Date) if is_day(text) => {
            out.push_str("<time datetime=\"");
            escape(text, out);
            out.push_str("\" data-format=\"date\">");
            day(text, out);
            out.push_str("</time>");
        }
        (Cell::Text(text), Format::DateTime) if is_day(text) => {
            out.push_str("<time datetime=\"");
            escape(text, out);
            out.push_str("\" data-format=\"datetime\">");
            moment(text, out);
            out.push_str("</time>");
        }
        (Cell::Text(text), Format::Link) if is_web(text) => {
            out.push_str("<a class=\"link\" rel=\"noopener noreferrer nofollow\" href=\"");
            escape(text, out);
            out.push_str("\">");
            escape(text, out);
            out.push_str("</a>");
        }
        (cell, Format::Badge) => {
            out.push_str("<span class=\"badge");
            if let Cell::Text(text) = cell
                && let Some((_, tone)) = tones.iter().find(|(word, _)| *word == text)
            {
                out.push(' ');
                escape(tone, out);
            }
            out.push_str("\">");
            plain(cell, out);
            out.push_str("</span>");
        }
        (cell, _) => plain(cell, out),
    }
}

/// The cell as escaped text and nothing else.
pub(super) fn plain(cell: Cell<'_>, out: &mut String) {
    match cell {
        Cell::Null => {}
        Cell::Integer(number) => integer(number, out),
        Cell::Real(number) => real(number, out),
        Cell::Text(text) => escape(text, out),
        Cell::Blob(bytes) => {
            out.push_str("<span class=\"null\">");
            grouped(i64::try_from(bytes.len()).unwrap_or(i64::MAX), out);
            out.push_str(" bytes</span>");
        }
    }
}

/// The cell as the text an address or a field carries.
pub(in crate::apps) fn text(cell: Cell<'_>) -> String {
    let mut out = String::new();
    match cell {
        Cell::Text(text) => out.push_str(text),
        Cell::Blob(_) => {}
        cell => plain(cell, &mut out),
    }
    out
}

fn whole(number: i64, format: Format<'_>, out: &mut String) {
    open_end(format, out);
    if format == Format::Number(None) {
        grouped(number, out);
    } else {
        #[expect(clippy::cast_precision_loss, reason = "rounded checks what is exact")]
        let number = number as f64;
        figure(number, format, out);
    }
    out.push_str("</data>");
}

fn fraction(number: f64, format: Format<'_>, out: &mut String) {
    open_end(format, out);
    figure(number, format, out);
    out.push_str("</data>");
}

fn open_end(format: Format<'_>, out: &mut String) {
    out.push_str("\" data-format=\"");
    match format {
        Format::Money(code) => {
            out.push_str("money:");
            out.push_str(code);
        }
        Format::Percent(digits) => {
            out.push_str("percent:");
            integer(i64::from(digits), out);
        }
        Format::Number(Some(digits)) => {
            out.push_str("number:");
            integer(i64::from(digits), out);
        }
        _ => out.push_str("number"),
    }
    out.push_str("\">");
}

fn figure(number: f64, format: Format<'_>, out: &mut String) {
    match format {
        Format::Money(code) => {
            rounded(number, 2, out);
            out.push(' ');
            out.push_str(code);
        }
        Format::Percent(digits) => {
            rounded(number * 100.0, digits, out);
            out.push_str(" %");
        }
        Format::Number(Some(digits)) => rounded(number, digits, out),
        _ => real(number, out),
    }
}

/// An address a click may open.
fn is_web(text: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(cell: Cell<'_>, format: &str) -> String {
        let mut out = String::new();
        let tones = [("paid", "good")];
        write(cell, Format::parse(format).unwrap(), &tones, &mut out);
        out
    }

    #[test]
    fn values_are_written_as_their_format_says() {
        insta::assert_snapshot!(said(Cell::Real(1240.5), "money:EUR"), @r#"<data value="1240.5" data-format="money:EUR">1,240.50 EUR</data>"#);
        insta::assert_snapshot!(said(Cell::Integer(12345), "number"), @r#"<data value="12345" data-format="number">12,345</data>"#);
        insta::assert_snapshot!(said(Cell::Real(0.256), "percent"), @r#"<data value="0.256" data-format="percent:1">25.6 %</data>"#);
        insta::assert_snapshot!(said(Cell::Text("2026-11-21"), "date"), @r#"<time datetime="2026-11-21" data-format="date">21 Nov 2026</time>"#);
        insta::assert_snapshot!(said(Cell::Text("paid"), "badge"), @r#"<span class="badge good">paid</span>"#);
        insta::assert_snapshot!(said(Cell::Integer(0), "boolean"), @"no");
        insta::assert_snapshot!(said(Cell::Null, "money:EUR"), @"");
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        assert_eq!(
            said(Cell::Text("javascript:alert(1)"), "link"),
            "javascript:alert(1)"
        );
        assert!(said(Cell::Text("https://a.b/?x=\"><script>"), "link").contains("&lt;script&gt;"));
    }

    #[test]
    fn a_format_nobody_knows_is_none() {
        for text in ["money:euro", "number:x", "date:2", "glitter", "number:99"] {
            assert!(Format::parse(text).is_none(), "{text}");
        }
    }
}
