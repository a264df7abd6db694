//! The widgets of each page, checked by their kinds.

use toml_edit::TableLike;

use super::file::File;
use super::fits::grid;
use super::keys::{Kinds, WIDGET};
use super::settings::Settings;
use super::{AppOutline, Widget};
use crate::base::written::{Notes, suggestion};

/// One list of widgets per page, in the file's order.
pub(super) fn read(
    file: &File<'_>,
    app: &AppOutline<'_>,
    kinds: &dyn Kinds,
    notes: &mut Notes,
) -> Vec<Vec<Widget>> {
    let mut pages = Vec::new();
    for page in app.pages {
        let path = ["page", page.id.as_str(), "widget"];
        let tables = file.tables(&path).into_iter();
        pages.push(
            tables
                .map(|(id, table)| {
                    let path = ["page", page.id.as_str(), "widget", id];
                    let mut settings = Settings::new(table, file.at(&path), Some(app));
                    let kind = check(&mut settings, app, kinds);
                    let (found, queries) = settings.into_found();
                    notes.take(found);
                    Widget {
                        id: id.to_owned(),
                        kind,
                        at: at(table),
                        settings: owned(table),
                        queries,
                        position: file.position(&path),
                    }
                })
                .collect(),
        );
    }
    pages
}

/// The widget's kind, after its settings were checked.
fn check<'a>(settings: &mut Settings<'a>, app: &'a AppOutline<'a>, kinds: &dyn Kinds) -> String {
    for key in WIDGET {
        settings.expect_key(key);
    }
    let Some(kind) = settings.string("type") else {
        return String::new();
    };
    if !kinds.check(kind, settings, app) {
        let known: Vec<&str> = kinds.schema().iter().map(|kind| kind.name).collect();
        let near = suggestion(kind, &known);
        settings.problem("type", format!("there is no widget `{kind}`{near}"));
    }
    kind.to_owned()
}

fn at(table: &dyn TableLike) -> [u32; 3] {
    let numbers = table.get("at").map_or([1, 1, 12], grid);
    numbers.map(|number| u32::try_from(number).unwrap_or(1))
}

fn owned(table: &dyn TableLike) -> toml_edit::Table {
    table
        .iter()
        .map(|(key, item)| (key.to_owned(), item.clone()))
        .collect()
}
