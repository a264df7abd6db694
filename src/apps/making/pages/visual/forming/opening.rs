//! The fields and lists of a form beside its page, and the settings of one of them.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::super::super::actions;
use super::super::canvas::{self, Canvas, Look};
use super::super::panel::Sent;
use super::super::saving::{Of, save};
use super::offered::{Lined, lines, more};
use crate::apps::editing::{About, Group, Offer, Part, Unfit};
use crate::apps::format::App;
use crate::apps::library::Draft;
use crate::apps::sharing::MayEdit;
use crate::apps::widgets::named;
use crate::apps::{Apps, Error};
use crate::base::text::title;
use crate::web::{Fields, Page, Result};
use crate::workspaces::Member;

/// What of a widget is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::apps::making::pages::visual) enum Inside<'a> {
    /// The widget.
    Itself,
    /// A field, like `qty`, or `parts.qty` in a list.
    Field(&'a str),
    List(&'a str),
}

/// What a form is made of.
pub(in crate::apps::making::pages::visual) struct Forming {
    /// Where the widget is.
    pub(in crate::apps::making::pages::visual) at: String,
    /// The form first, then its lists.
    pub(in crate::apps::making::pages::visual) parts: Vec<Drawn>,
    /// What lists of lines there could be: the word, and what people read.
    pub(in crate::apps::making::pages::visual) lines: Vec<Lined>,
    pub(in crate::apps::making::pages::visual) opened: Option<Opened>,
}

/// The form or a list of it, as it is listed.
pub(in crate::apps::making::pages::visual) struct Drawn {
    pub(in crate::apps::making::pages::visual) is: Part,
    pub(in crate::apps::making::pages::visual) called: String,
    /// Columns that could be asked for, too: name and title.
    pub(in crate::apps::making::pages::visual) more: Vec<(String, String)>,
}

/// One field or list whose settings are open.
pub(in crate::apps::making::pages::visual) struct Opened {
    pub(in crate::apps::making::pages::visual) title: String,
    /// Behind the address of the widget.
    pub(in crate::apps::making::pages::visual) place: String,
    pub(in crate::apps::making::pages::visual) groups: Vec<Group>,
}

impl Inside<'_> {
    /// Behind the address of the widget.
    pub(in crate::apps::making::pages::visual) fn place(&self) -> String {
        match self {
            Inside::Itself => String::new(),
            Inside::Field(name) => format!("/fields/{name}"),
            Inside::List(id) => format!("/lists/{id}"),
        }
    }

    /// What is said of it, if there is such a thing.
    fn about(
        self,
        text: &str,
        form: (&str, &str),
        kind: &str,
    ) -> std::result::Result<Option<About>, Unfit> {
        let missing = || Unfit::Missing(form.1.to_owned());
        let kind = named(kind).filter(|kind| kind.has_lines());
        let keys = kind.map(|kind| kind.schema().keys);
        let about = match (self, keys) {
            (Inside::Itself, _) => return Ok(None),
            (_, None) => return Err(missing()),
            (Inside::Field(name), Some(keys)) => {
                About::field(text, form, parted(text, form, name)?, keys)?
            }
            (Inside::List(id), Some(keys)) => About::list(text, form, id, keys)?,
        };
        Ok(Some(about))
    }
}

/// `parts.qty` is the field `qty` of the list `parts`, if there is such a list.
pub(super) fn parted<'a>(
    text: &str,
    form: (&str, &str),
    name: &'a str,
) -> std::result::Result<(&'a str, &'a str), Unfit> {
    let all = Part::all(text, form)?;
    let parted = name.split_once('.');
    let found = parted.filter(|(list, _)| all.iter().skip(1).any(|part| part.id == *list));
    Ok(found.unwrap_or(("", name)))
}

impl Drawn {
    /// What a field is called in addresses.
    pub(in crate::apps::making::pages::visual) fn address(&self, name: &str) -> String {
        if self.is.id.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.is.id)
        }
    }

    pub(in crate::apps::making::pages::visual) fn label(&self, name: &str) -> String {
        let found = self.is.fields.iter().find(|field| field.name == name);
        match found.filter(|field| !field.label.is_empty()) {
            Some(field) => field.label.clone(),
            None => title(name),
        }
    }
}

/// What a widget asks for, if it is a form.
pub(in crate::apps::making::pages::visual) async fn forming(
    apps: &Apps,
    member: &Member,
    (draft, app): (&Draft, Option<&App>),
    (page, id, kind): (&str, &str, &str),
    (inside, offer, typed): (Inside<'_>, &Offer, Option<&Fields>),
) -> Result<Option<Forming>> {
    if named(kind).is_none_or(|kind| !kind.has_lines()) {
        return match inside {
            Inside::Itself => Ok(None),
            _ => Err(Error::Missing.into()),
        };
    }
    let text = draft.text.as_str();
    let gone = |_| Error::Missing;
    let about = inside.about(text, (page, id), kind).map_err(gone)?;
    let opened = match about {
        None => None,
        Some(about) => Some(Opened {
            title: inside.title(),
            place: inside.place(),
            groups: groups(apps, member, (text, app), &about, (offer, typed)).await?,
        }),
    };
    let parts = Part::all(text, (page, id)).map_err(gone)?;
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let lines = lines(text, &parts, &catalog.tables);
    let drawn = parts.into_iter().map(|part| Drawn {
        more: more(text, &part, &catalog.tables),
        called: match part.id.as_str() {
            "" => "Fields".to_owned(),
            id if part.title.is_empty() => title(id),
            _ => part.title.clone(),
        },
        is: part,
    });
    Ok(Some(Forming {
        at: format!("/edit/{}/pages/{page}/widgets/{id}", draft.id),
        parts: drawn.collect(),
        lines,
        opened,
    }))
}

impl Inside<'_> {
    fn title(&self) -> String {
        match self {
            Inside::Itself => String::new(),
            Inside::Field(name) => format!("Field {name}"),
            Inside::List(id) => format!("Lines {id}"),
        }
    }
}

/// The fields about it, with the columns of the query that its choices come from.
async fn groups(
    apps: &Apps,
    member: &Member,
    (text, app): (&str, Option<&App>),
    about: &About,
    (offer, typed): (&Offer, Option<&Fields>),
) -> Result<Vec<Group>> {
    let mut offer = Offer {
        columns: Vec::new(),
        ..offer.clone()
    };
    if let (Some(app), Some(query)) = (app, about.query(text, typed)) {
        let columns = actions::columns(apps, member, app, &query).await?;
        offer.columns = columns.into_iter().map(|column| column.name).collect();
    }
    Ok(about.groups(text, &offer, typed))
}

type Place = (String, String, String, String);

async fn opened(
    apps: &Apps,
    member: &Member,
    (app, page, widget): (&str, &str, &str),
    (inside, query): (Inside<'_>, Option<String>),
) -> Result<Page<Canvas>> {
    let look = Look {
        page,
        widget: Some(widget),
        inside,
        view: Fields::parse(&query.unwrap_or_default()),
        sent: Sent::default(),
    };
    Ok(Page(canvas::shown(apps, member, app, look).await?))
}

pub(in crate::apps::making::pages::visual) async fn field(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget, field)): Path<Place>,
    RawQuery(query): RawQuery,
) -> Result<Page<Canvas>> {
    let of = (app.as_str(), page.as_str(), widget.as_str());
    opened(&apps, &member, of, (Inside::Field(&field), query)).await
}

pub(in crate::apps::making::pages::visual) async fn list(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget, list)): Path<Place>,
    RawQuery(query): RawQuery,
) -> Result<Page<Canvas>> {
    let of = (app.as_str(), page.as_str(), widget.as_str());
    opened(&apps, &member, of, (Inside::List(&list), query)).await
}

pub(in crate::apps::making::pages::visual) async fn save_field(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget, field)): Path<Place>,
    fields: Fields,
) -> Result<Response> {
    let what = format!("change the field {field} of {widget}");
    let inside = Inside::Field(&field);
    saved(
        &apps,
        &member,
        (&app, &page, &widget),
        (inside, &fields, what),
    )
    .await
}

pub(in crate::apps::making::pages::visual) async fn save_list(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget, list)): Path<Place>,
    fields: Fields,
) -> Result<Response> {
    let what = format!("change the lines {list} of {widget}");
    let inside = Inside::List(&list);
    saved(
        &apps,
        &member,
        (&app, &page, &widget),
        (inside, &fields, what),
    )
    .await
}

async fn saved(
    apps: &Apps,
    member: &Member,
    (app, page, widget): (&str, &str, &str),
    (inside, fields, what): (Inside<'_>, &Fields, String),
) -> Result<Response> {
    let of = Of {
        app,
        page,
        widget: Some(widget),
        inside,
    };
    save(apps, member, of, (fields, what), |text| {
        let about = inside.about(text, (page, widget), "form")?;
        about.ok_or_else(|| Unfit::Missing(widget.to_owned()))
    })
    .await
}
