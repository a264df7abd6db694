//! The settings of one widget beside its page.

use super::super::{Problem, Told};
use super::frames::ByWidget;
use super::offer;
use crate::apps::Apps;
use crate::apps::editing::{Field, Outline, Owner, Paged, Sheet, widget, widget_text};
use crate::apps::format::{App, KindSchema};
use crate::apps::library::Draft;
use crate::apps::widgets::named;
use crate::base::text::title;
use crate::web::{Faults, Fields, Result};
use crate::workspaces::Member;

/// What was sent about a widget and could not be kept as it is.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) typed: Option<Fields>,
    pub(super) faults: Faults,
    pub(super) fault: String,
    /// The table as text.
    pub(super) toml: Option<String>,
}

pub(super) struct Panel {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) doc: &'static str,
    /// The name of its kind, if there is something to read about it.
    pub(super) help: &'static str,
    pub(super) at: [u32; 3],
    pub(super) fields: Vec<Field>,
    /// Keys that have no field, with their lines.
    pub(super) others: Vec<(String, usize)>,
    pub(super) line: usize,
    /// Its table by itself; none where that is no piece of its own.
    pub(super) toml: Option<String>,
    pub(super) is_text_open: bool,
    pub(super) problems: Vec<Told>,
}

/// The form about a widget, if its kind is known.
pub(super) fn sheet(page: &str, id: &str, kind: &str) -> Option<(Sheet, KindSchema)> {
    let schema = named(kind)?.schema();
    Some((Sheet::of(widget(page, id), schema.keys), schema))
}

pub(super) async fn panel(
    apps: &Apps,
    member: &Member,
    (draft, app, outline): (&Draft, Option<&App>, &Outline),
    (page, id): (&Paged, &str),
    (sent, problems): (&Sent, &mut ByWidget),
) -> Result<Option<Panel>> {
    let Some(placed) = page.widget(id) else {
        return Ok(None);
    };
    let text = draft.text.as_str();
    let typed = sent.typed.as_ref();
    let sheet = sheet(&page.id, id, &placed.kind);
    let mut offer = offer::of_app(outline, app);
    let loaded = app
        .and_then(|app| app.page(&page.id))
        .map(|page| &page.widgets);
    let loaded = loaded.into_iter().flatten().find(|one| one.id == id);
    if let (Some(app), Some(widget), Some((_, schema))) = (app, loaded, &sheet) {
        let of = (app, page.id.as_str(), widget);
        offer = offer::of_widget(apps, member, offer, of, (*schema, typed)).await?;
    }
    let at = placed.at.unwrap_or([1, 1, 12]);
    Ok(Some(Panel {
        id: id.to_owned(),
        kind: title(&placed.kind),
        doc: sheet.as_ref().map_or("", |(_, schema)| schema.doc),
        help: sheet.as_ref().map_or("", |(_, schema)| schema.name),
        at,
        fields: sheet
            .as_ref()
            .map_or_else(Vec::new, |(sheet, _)| sheet.fields(text, &offer, typed)),
        others: sheet
            .as_ref()
            .map_or_else(Vec::new, |(sheet, _)| sheet.others(text, &["type", "at"])),
        line: placed.line,
        toml: sent
            .toml
            .clone()
            .or_else(|| widget_text(text, (&page.id, id)).ok()),
        is_text_open: sent.toml.is_some(),
        problems: problems.remove(id).unwrap_or_default(),
    }))
}

/// What is wrong with a widget of a text that is not kept, each at its field.
pub(super) fn at_fields(
    sheet: &Sheet,
    (text, page, id): (&str, &str, &str),
    problems: &[Problem],
) -> Faults {
    let mut faults = Faults::default();
    let outline = Outline::of(text).ok();
    for problem in problems {
        let owner = outline
            .as_ref()
            .and_then(|outline| outline.owner(problem.line));
        let is_own = matches!(owner, Some(Owner::Widget(on, widget)) if on == page && widget == id);
        let field = is_own.then(|| sheet.field_at(text, problem.line)).flatten();
        match field {
            Some(name) => faults.add(&name, problem.message.clone()),
            None => faults.add("", problem.to_string()),
        }
    }
    faults
}
