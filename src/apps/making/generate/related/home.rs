//! The first page: how many rows there are, what they add up to, how they came over time
//! and in which state they are.

use std::fmt::Write;

use super::family::Kin;
use super::sql;
use crate::apps::making::generate::queries::{explained, query};
use crate::apps::making::generate::text::quoted;
use crate::data::ColumnType;

/// Figures and charts of the first page, at the most.
const FIGURES: usize = 8;
const CHARTS: usize = 6;
/// Letters of a name in an app's text.
const NAME: usize = 60;

/// A figure: where it comes from, its name there, what it is called, how it is written.
struct Figure<'a> {
    kin: &'a Kin<'a>,
    what: String,
    alias: String,
    label: String,
    format: &'static str,
}

/// A chart: its query, and what is drawn.
struct Chart {
    query: String,
    sql: String,
    mark: &'static str,
    x: String,
    y: String,
    title: String,
}

pub(super) fn queries(all: &[Kin<'_>], out: &mut String) {
    let figures = figures(all);
    let asked: Vec<(String, String)> = { figures.into_iter() }
        .map(|figure| (figure.what, figure.alias))
        .collect();
    explained(
        "The figures of the first page.",
        "figures",
        &sql::figures(&asked),
        out,
    );
    for chart in charts(all) {
        query(&chart.query, "read", &chart.sql, out);
    }
}

fn figures<'a>(all: &'a [Kin<'a>]) -> Vec<Figure<'a>> {
    let sums = all.iter().filter_map(|kin| {
        // What did not happen at some time, like a list of prices, adds up to nothing.
        kin.parts.moment?;
        let measure = kin.parts.measure.filter(|measure| measure.adds_up)?;
        let (name, title) = (measure.facts.name(), measure.title());
        Some(Figure {
            what: sql::sum(kin.table(), name),
            alias: format!("{}_{name}", kin.names.list),
            label: format!("{title} of {}", kin.title().to_lowercase()),
            format: if measure.facts.kind() == ColumnType::Integer {
                "number"
            } else {
                "number:2"
            },
            kin,
        })
    });
    let sums: Vec<Figure<'_>> = sums.take(FIGURES / 2).collect();
    let counts = all.iter().map(|kin| Figure {
        what: sql::count(kin.table()),
        alias: kin.names.list.clone(),
        label: kin.title().to_owned(),
        format: "number",
        kin,
    });
    let mut figures: Vec<Figure<'_>> = counts.take(FIGURES - sums.len()).collect();
    for sum in sums {
        let is_new = figures.iter().all(|known| known.alias != sum.alias);
        if is_new && sum.alias.len() <= NAME {
            figures.push(sum);
        }
    }
    figures
}

/// What happened over time comes first, of each table; then the states rows are in.
fn charts(all: &[Kin<'_>]) -> Vec<Chart> {
    let over_time = all.iter().filter_map(|kin| {
        let (parts, list) = (&kin.parts, &kin.names.list);
        let moment = parts.moment?;
        let (period, mark) = if parts.is_by_day() {
            ("day", "line")
        } else {
            ("month", "bar")
        };
        let summed = parts.measure.filter(|measure| measure.adds_up);
        let (y, what) = match summed {
            Some(measure) => {
                let title = format!("{} of {}", measure.title(), kin.title().to_lowercase());
                (measure.alias(), title)
            }
            None => (parts.count_alias(), kin.title().to_owned()),
        };
        Some(Chart {
            query: format!("{list}_by_{period}"),
            sql: sql::over_time(parts, moment),
            mark,
            x: period.to_owned(),
            y,
            title: format!("{what} by {period}"),
        })
    });
    let by_state = all.iter().filter_map(|kin| {
        let (parts, list) = (&kin.parts, &kin.names.list);
        let category = parts.category?;
        let of = category.column.title.to_lowercase();
        Some(Chart {
            query: format!("{list}_by_{}", category.name()),
            sql: sql::counted_by(parts, category),
            mark: "bar",
            x: category.name().to_owned(),
            y: parts.count_alias(),
            title: format!("{} by {of}", kin.title()),
        })
    });
    let is_fit = |chart: &Chart| {
        let is_table = all.iter().any(|kin| kin.names.list == chart.query);
        chart.query.len() <= NAME && !is_table
    };
    let half = CHARTS / 2;
    let found = over_time
        .take(half)
        .chain(by_state.take(half))
        .filter(is_fit);
    let mut charts: Vec<Chart> = Vec::new();
    for chart in found {
        // A column may be called month.
        if charts.iter().all(|known| known.query != chart.query) && charts.len() < CHARTS {
            charts.push(chart);
        }
    }
    charts
}

pub(super) fn page(all: &[Kin<'_>], out: &mut String) {
    out.push_str(
        r#"
# The first page. A widget stands at = [row, column, width] on a grid of 12
# columns; on a phone they stand one below the other.
[page.home]
title = "Overview"
path  = "/"
order = 10
"#,
    );
    let figures = figures(all);
    let across = figures.len().clamp(1, 4);
    for (at, figure) in figures.iter().enumerate() {
        stat(figure, (at, across), out);
    }
    let below = 1 + figures.len().div_ceil(across);
    let charts = charts(all);
    for (at, chart) in charts.iter().enumerate() {
        // The last of an odd number has the whole width.
        let is_alone = at % 2 == 0 && at + 1 == charts.len();
        drawn(
            chart,
            [
                below + at / 2,
                1 + at % 2 * 6,
                if is_alone { 12 } else { 6 },
            ],
            out,
        );
    }
}

fn stat(figure: &Figure<'_>, (at, across): (usize, usize), out: &mut String) {
    let _ = write!(
        out,
        r#"
[page.home.widget.{alias}]
type   = "stat"
at     = [{row}, {column}, {width}]
query  = "figures"
value  = "{alias}"
label  = {label}
format = "{format}"
row    = {{ goto = "{list}" }}
"#,
        row = 1 + at / across,
        column = 1 + at % across * (12 / across),
        width = 12 / across,
        alias = figure.alias,
        label = quoted(&figure.label),
        format = figure.format,
        list = figure.kin.names.list,
    );
}

fn drawn(chart: &Chart, [row, column, width]: [usize; 3], out: &mut String) {
    let _ = write!(
        out,
        r#"
[page.home.widget.{query}]
type  = "chart"
at    = [{row}, {column}, {width}]
query = "{query}"
mark  = "{mark}"
x     = "{x}"
y     = ["{y}"]
title = {title}
"#,
        query = chart.query,
        mark = chart.mark,
        x = chart.x,
        y = chart.y,
        title = quoted(&chart.title),
    );
}
