//! XLSForm: questionnaires in the sheets of a workbook.

mod asked;
mod build;
mod headers;
mod kinds;
mod lists;
mod phrases;
mod rows;
mod settings;
mod tongues;

use super::book::Sheet;
use super::draft::Draft;
use super::{Account, Beside, Place, Unreadable};
use build::Builder;
use headers::Table;
use tongues::Tongues;

pub(super) use phrases::quoted;

/// The sheets, by the names the specification has for them.
#[derive(Default)]
struct Sheets {
    survey: Table,
    choices: Vec<Table>,
    settings: Option<Table>,
}

pub(super) fn draft(
    book: &[Sheet],
    name: &str,
    beside: &dyn Beside,
    account: &mut Account,
) -> Result<Draft, Unreadable> {
    let sheets = sorted(book, account)?;
    if !sheets.survey.has("type") {
        let sheet = &sheets.survey.sheet;
        let why = format!(
            "the sheet `{sheet}` has no column `type` in its first row; that is no XLSForm"
        );
        return Err(Unreadable::new(why));
    }
    let head = Place::new(&sheets.survey.sheet, sheets.survey.head);
    let settings = settings::read(sheets.settings.as_ref(), head, account);
    let tables = || std::iter::once(&sheets.survey).chain(&sheets.choices);
    let langs: Vec<&str> = tables().flat_map(Table::langs).collect();
    let tongues = Tongues::of(&langs, &settings.lang, tables().any(Table::has_plain_texts));
    for table in tables() {
        heads(table, account);
    }
    let mut builder = Builder::new(tongues, beside, account);
    let nodes = rows::read(&sheets.survey, &mut builder);
    for table in &sheets.choices {
        let lists = lists::read(
            table,
            &builder.tongues,
            settings.may_repeat_choices,
            builder.account,
        );
        builder.add_lists(lists);
    }
    builder.build(&nodes);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(builder.finish(&settings, stem))
}

/// Which sheet is which; what is none of an XLSForm is told.
fn sorted(book: &[Sheet], account: &mut Account) -> Result<Sheets, Unreadable> {
    let mut sheets = Sheets::default();
    let mut has_survey = false;
    for sheet in book {
        let name = sheet.name.trim().to_lowercase();
        let Some(first) = sheet.rows.first().map(|row| row.number) else {
            continue;
        };
        let place = Place::new(&sheet.name, first);
        let near = |wanted: &str| name != wanted && strsim::osa_distance(&name, wanted) <= 2;
        match name.as_str() {
            "survey" => {
                sheets.survey = Table::of(sheet);
                has_survey = true;
            }
            "choices" | "columns" | "choices and columns" | "external_choices" | "select_ones" => {
                sheets.choices.push(Table::of(sheet));
            }
            "settings" => sheets.settings = Some(Table::of(sheet)),
            _ if near("choices") => {
                account.row(&place, "header");
                account.note(
                    &place,
                    format!("the sheet `{}` is read as `choices`", sheet.name),
                );
                sheets.choices.push(Table::of(sheet));
            }
            _ if near("settings") && sheets.settings.is_none() => {
                account.row(&place, "header");
                account.note(
                    &place,
                    format!("the sheet `{}` is read as `settings`", sheet.name),
                );
                sheets.settings = Some(Table::of(sheet));
            }
            _ => {
                account.row(
                    &place,
                    format!("sheet {}, {} rows", sheet.name, sheet.rows.len()),
                );
                account.note(&place, aside(&name));
            }
        }
    }
    if !has_survey {
        sheets.survey = only(book, account)?;
    }
    Ok(sheets)
}

/// A workbook with one sheet that looks like a form is one.
fn only(book: &[Sheet], account: &mut Account) -> Result<Table, Unreadable> {
    for sheet in book {
        let table = Table::of(sheet);
        if table.has("type") && table.has("name") {
            let place = Place::new(&sheet.name, table.head);
            let note = format!("the sheet `{}` is read as `survey`", sheet.name);
            account.note(&place, note);
            return Ok(table);
        }
    }
    let why = "the workbook has no sheet `survey`; that is no XLSForm";
    Err(Unreadable::new(why))
}

fn aside(name: &str) -> &'static str {
    match name {
        "entities" => "entities are not kept here; the sheet is left out",
        "osm" => "maps are not drawn here; the sheet is left out",
        _ => "is no sheet of an XLSForm; left out",
    }
}

/// Columns whose meaning nobody knows are told once, at the header.
fn heads(table: &Table, account: &mut Account) {
    let place = Place::new(&table.sheet, table.head);
    if table.columns.is_empty() {
        return;
    }
    account.row(&place, "header");
    for name in &table.doubled {
        account.note(
            &place,
            format!("the column `{name}` is there twice; the first one counts"),
        );
    }
    // Any column of a choice can be one for a filter.
    if !table.has("type") {
        return;
    }
    let unknown: Vec<&str> = { table.columns.iter() }
        .map(|column| column.name.as_str())
        .filter(|name| !rows::KNOWN.contains(name) && !name.starts_with('_'))
        .collect();
    if !unknown.is_empty() {
        let names = unknown.join(", ");
        account.note(
            &place,
            format!("columns without a meaning here are left out: {names}"),
        );
    }
}
