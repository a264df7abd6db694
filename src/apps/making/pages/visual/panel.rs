//! The settings of one widget beside its page.

use super::super::{Problem, Told};
use super::forming::{Forming, Inside, forming};
use super::frames::ByWidget;
use super::offer;
use crate::apps::Apps;
use crate::apps::editing::{Field, Filled, Outline, Owner, Paged, Sheet, widget, widget_text};
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
    /// What a form asks for, and below it.
    pub(super) forming: Option<Forming>,
}

impl Panel {
    /// Are the settings of one of its fields or lists open?
    pub(super) fn is_inside(&self) -> bool {
        self.forming
            .as_ref()
            .is_some_and(|forming| forming.opened.is_some())
    }
}

/// What is said of the fields and lists of a form, each at its own place.
const OF_FIELDS: &[&str] = &["labels", "help", "choices", "when", "compute", "lines"];

/// The form about a widget, if its kind is known.
pub(super) fn sheet(page: &str, id: &str, kind: &str) -> Option<(Sheet, KindSchema)> {
    let kind = named(kind)?;
    let (schema, sheet) = (
        kind.schema(),
        Sheet::of(widget(page, id), kind.schema().keys),
    );
    let elsewhere = if kind.has_lines() { OF_FIELDS } else { &[] };
    Some((sheet.but(elsewhere), schema))
}

/// The keys of a widget that the panel has, or that everything has.
fn known(kind: &str) -> Vec<&'static str> {
    let elsewhere = named(kind).filter(|kind| kind.has_lines());
    let elsewhere = elsewhere.map_or(&[][..], |_| OF_FIELDS);
    ["type", "at"].iter().chain(elsewhere).copied().collect()
}

pub(super) async fn panel(
    apps: &Apps,
    member: &Member,
    (draft, app, outline): (&Draft, Option<&App>, &Outline),
    (page, id, inside): (&Paged, &str, Inside<'_>),
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
    let form = (page.id.as_str(), id, placed.kind.as_str());
    let forming = forming(apps, member, (draft, app), form, (inside, &offer, typed)).await?;
    Ok(Some(Panel {
        id: id.to_owned(),
        kind: title(&placed.kind),
        doc: sheet.as_ref().map_or("", |(_, schema)| schema.doc),
        help: sheet.as_ref().map_or("", |(_, schema)| schema.name),
        at,
        fields: sheet
            .as_ref()
            .map_or_else(Vec::new, |(sheet, _)| sheet.fields(text, &offer, typed)),
        others: sheet.as_ref().map_or_else(Vec::new, |(sheet, _)| {
            sheet.others(text, &known(&placed.kind))
        }),
        line: placed.line,
        toml: sent
            .toml
            .clone()
            .or_else(|| widget_text(text, (&page.id, id)).ok()),
        is_text_open: sent.toml.is_some(),
        problems: problems.remove(id).unwrap_or_default(),
        forming,
    }))
}

/// What is wrong with a widget of a text that is not kept, each at its field.
pub(super) fn at_fields(
    form: &impl Filled,
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
        let is_own = is_own || form.knows_its_lines();
        let field = is_own.then(|| form.field_at(text, problem.line)).flatten();
        match field {
            Some(name) => faults.add(&name, problem.message.clone()),
            None => faults.add("", problem.to_string()),
        }
    }
    faults
}
