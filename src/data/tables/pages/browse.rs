//! A table as a grid: sorted, filtered, a page at a time, and as a file.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::find;
use crate::base::{Bound, text};
use crate::data::pages::Download;
use crate::data::shown::Shown;
use crate::data::tables::view::{Condition, Filter, Place, Sort, View};
use crate::data::tables::{Table, TableColumn, actions, sql};
use crate::data::{Caps, Catalog, Cell, ColumnType, Data, Rows, Value, fetch};
use crate::store::{Budget, Error as StoreError, Lane};
use crate::web::{Again, Fields, Page, Result, Shell};
use crate::workspaces::Member;

const ROWS: usize = 50;
/// Rows a total is counted up to.
const MOST: i64 = 1_000_000;
const TIME: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "tables/browse.html")]
struct BrowsePage {
    shell: Shell,
    table: Table,
    heads: Vec<Head>,
    rows: Vec<Line>,
    chips: Vec<Chip>,
    /// The filters, for forms that keep them.
    words: Vec<String>,
    sort: String,
    form: FilterForm,
    /// Filters and order, without the place.
    query: String,
    /// This very page.
    here: String,
    previous: String,
    next: String,
}

struct Head {
    title: String,
    is_number: bool,
    sorted: &'static str,
    link: String,
}

struct Line {
    key: i64,
    cells: Vec<LineCell>,
}

struct LineCell {
    column: String,
    is_key: bool,
    shown: Shown,
}

struct Chip {
    label: String,
    without: String,
}

/// The fields that make one more filter.
#[derive(Template)]
#[template(path = "tables/conditions.html")]
pub(super) struct FilterForm {
    kind: ColumnType,
    column: String,
    conditions: Vec<Condition>,
    chosen: String,
    typed: String,
    fault: String,
}

impl FilterForm {
    fn of(column: &TableColumn) -> FilterForm {
        FilterForm {
            kind: column.kind,
            column: column.name.clone(),
            conditions: Condition::suited_to(column.kind),
            chosen: String::new(),
            typed: String::new(),
            fault: String::new(),
        }
    }

    fn again(table: &Table, fields: &Fields) -> Option<FilterForm> {
        let column = table.column(fields.get("column")?)?;
        Some(FilterForm {
            chosen: fields.get("condition").unwrap_or_default().to_owned(),
            typed: fields.get("value").unwrap_or_default().to_owned(),
            ..FilterForm::of(column)
        })
    }
}

/// The first column that people filter by: the key is rarely it.
fn usual(table: &Table) -> &TableColumn {
    let mut columns = table.columns.iter();
    columns
        .find(|column| column.name != table.key)
        .unwrap_or(&table.columns[0])
}

pub(super) async fn browse(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let (catalog, table) = find(&data, &member, &name).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let mut view = View::parse(&table, &fields)?;
    let mut form = FilterForm::again(&table, &fields);
    if let (Some(form), Some(column)) = (&mut form, fields.get("column")) {
        match Filter::parse(&table, column, &form.chosen, &form.typed) {
            Ok(filter) => {
                view.filters.push(filter);
                view.place = None;
                return Ok(Redirect::to(&address(&table, &view)).into_response());
            }
            Err(error) => form.fault = error.to_string(),
        }
    }
    let found = {
        let (table, view, catalog) = (table.clone(), view.clone(), Arc::clone(&catalog));
        let work = member.db.ask(Lane::Page, Budget::of(TIME), move |guarded| {
            guarded.at_once(|| sql::page(guarded, &catalog, (&table, &view), ROWS))
        });
        work.await.map_err(too_slow)?
    };
    let again = form.is_some();
    let page = page(&member, table, &view, (found, form));
    Ok(if again {
        Again(page).into_response()
    } else {
        Page(page).into_response()
    })
}

/// Says what to do about a long table.
fn too_slow(error: StoreError) -> crate::web::Error {
    match error {
        StoreError::TooSlow
        | StoreError::Limit {
            bound: Bound::Page, ..
        } => crate::web::Error::Invalid(
            "this table takes too long to sort or filter that way; make an index on the column \
             (Columns and settings), or filter by another"
                .to_owned(),
        ),
        other => other.into(),
    }
}

fn page(
    member: &Member,
    table: Table,
    view: &View,
    (found, form): (sql::Found, Option<FilterForm>),
) -> BrowsePage {
    let start = View {
        place: None,
        ..view.clone()
    };
    let link = |is_before: bool, row: Option<usize>| {
        let place = row.map(|row| place(&table, view, &found.rows, (row, is_before)));
        address(
            &table,
            &View {
                place,
                ..start.clone()
            },
        )
    };
    let last = found.rows.len().checked_sub(1);
    let previous = if found.has_previous {
        link(true, last.map(|_| 0))
    } else {
        String::new()
    };
    let next = if found.has_next && last.is_some() {
        link(false, last)
    } else {
        String::new()
    };
    let query = start.query(&table.key);
    BrowsePage {
        shell: Shell::of(&member.viewer, "data"),
        heads: heads(&table, view),
        rows: lines(&table, &found.rows),
        chips: chips(&table, &start),
        words: view.filters.iter().map(Filter::word).collect(),
        sort: sort_word(&view.sort),
        form: form.unwrap_or_else(|| FilterForm::of(usual(&table))),
        query: if query.is_empty() {
            query
        } else {
            format!("?{query}")
        },
        here: address(&table, view),
        previous,
        next,
        table,
    }
}

fn address(table: &Table, view: &View) -> String {
    let query = view.query(&table.key);
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/data/{}{mark}{query}", table.name)
}

fn sort_word(sort: &Sort) -> String {
    let minus = if sort.descending { "-" } else { "" };
    format!("{minus}{}", sort.column)
}

fn place(table: &Table, view: &View, rows: &Rows, (row, is_before): (usize, bool)) -> Place {
    let cell = |name: &str| {
        let column = rows.column(name).unwrap_or_default();
        rows.get(row, column)
    };
    Place {
        is_before,
        key: match cell(&table.key) {
            Cell::Integer(key) => key,
            _ => 0,
        },
        value: (view.sort.column != table.key).then(|| Value::of(cell(&view.sort.column))),
    }
}

fn heads(table: &Table, view: &View) -> Vec<Head> {
    let head = |column: &TableColumn| {
        let sorted = match view.sort.descending {
            _ if column.name != view.sort.column => "none",
            false => "ascending",
            true => "descending",
        };
        Head {
            title: column.title.clone(),
            is_number: column.kind.is_numeric(),
            sorted,
            link: address(table, &view.sorted(&column.name, sorted == "ascending")),
        }
    };
    table.columns.iter().map(head).collect()
}

fn lines(table: &Table, rows: &Rows) -> Vec<Line> {
    let key = rows.column(&table.key).unwrap_or_default();
    let line = |row: usize| Line {
        key: match rows.get(row, key) {
            Cell::Integer(key) => key,
            _ => 0,
        },
        cells: table
            .columns
            .iter()
            .zip(rows.row(row))
            .map(|(column, cell)| LineCell {
                column: column.name.clone(),
                is_key: column.name == table.key,
                shown: Shown::of(cell, Some(column.kind)),
            })
            .collect(),
    };
    (0..rows.len()).map(line).collect()
}

fn chips(table: &Table, start: &View) -> Vec<Chip> {
    let chip = |at: usize| {
        let mut without = start.clone();
        let filter = without.filters.remove(at);
        Chip {
            label: filter.label(),
            without: address(table, &without),
        }
    };
    (0..start.filters.len()).map(chip).collect()
}

#[derive(Template)]
#[template(source = "{{ said }}", ext = "html")]
pub(super) struct Total {
    said: String,
}

/// How many rows there are, for a page that is already there.
pub(super) async fn count(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Total>> {
    let (catalog, table) = find(&data, &member, &name).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let question = sql::count(&table, &View::parse(&table, &fields)?.filters, MOST + 1);
    let counted = member
        .db
        .ask(Lane::Page, Budget::of(TIME), move |guarded| {
            fetch(guarded, &catalog, &question, Caps::PAGE)
        })
        .await;
    let said = match counted.as_ref().map(|rows| rows.get(0, 0)) {
        Ok(Cell::Integer(1)) => "1 row".to_owned(),
        Ok(Cell::Integer(count)) if count > MOST => "more than 1,000,000 rows".to_owned(),
        Ok(Cell::Integer(count)) => format!("{} rows", text::thousands(count)),
        Err(StoreError::TooSlow | StoreError::Limit { .. }) => {
            "many rows: counting them takes too long".to_owned()
        }
        _ => String::new(),
    };
    Ok(Page(Total { said }))
}

/// The conditions and the field suited to a column.
pub(super) async fn conditions(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<FilterForm>> {
    let (_, table) = find(&data, &member, &name).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let form = fields.get("column").and_then(|column| table.column(column));
    Ok(Page(FilterForm::of(form.unwrap_or(usual(&table)))))
}

async fn download(
    data: &Data,
    member: &Member,
    (name, query): (String, Option<String>),
    format: &'static str,
) -> Result<Download> {
    let (catalog, table): (Arc<Catalog>, Table) = find(data, member, &name).await?;
    let fields = Fields::parse(query.as_deref().unwrap_or_default());
    let view = View::parse(&table, &fields)?;
    actions::exported(data, member, &name, format).await?;
    Ok(Download {
        catalog,
        question: sql::all(&table, &view),
        name,
        folder: data.site.files.staging(&member.workspace.to_string())?,
    })
}

pub(super) async fn csv(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let download = download(&data, &member, (name, query), "csv").await?;
    download.csv(&member).await
}

pub(super) async fn xlsx(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let download = download(&data, &member, (name, query), "xlsx").await?;
    download.xlsx(&member).await
}
