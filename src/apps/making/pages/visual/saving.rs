//! What was filled in about a page or a widget becomes part of the text, or comes back
//! with what is wrong.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::canvas::{Look, settings, shown};
use super::changing::{Made, Trouble, change, seen_at};
use super::forming::Inside;
use super::panel::{Sent, at_fields, sheet};
use crate::apps::Apps;
use crate::apps::editing::{Filled, Outline, Unfit, set_widget_text};
use crate::apps::sharing::MayEdit;
use crate::web::{Again, Done, Faults, Fields, Result};
use crate::workspaces::Member;

/// What a form is about.
pub(super) struct Of<'a> {
    pub(super) app: &'a str,
    pub(super) page: &'a str,
    pub(super) widget: Option<&'a str>,
    pub(super) inside: Inside<'a>,
}

impl Of<'_> {
    /// Its address.
    fn place(&self, view: &str) -> String {
        let inside = self.inside.place();
        let widget = self
            .widget
            .map(|widget| format!("/widgets/{widget}{inside}"));
        let mark = if view.is_empty() { "" } else { "?" };
        let (app, page) = (self.app, self.page);
        format!(
            "/edit/{app}/pages/{page}{}{mark}{view}",
            widget.unwrap_or_default()
        )
    }
}

/// Everything typed is written, or nothing.
fn written(
    text: &str,
    sheet: &impl Filled,
    fields: &Fields,
) -> std::result::Result<String, Faults> {
    let faults = sheet.faults(text, fields);
    if !faults.is_empty() {
        let mut all = Faults::default();
        for (name, why) in faults {
            all.add(&name, why);
        }
        return Err(all);
    }
    sheet.write(text, fields).map_err(|unfit| match unfit {
        Unfit::Field(name, why) => Faults::of(&name, why),
        other => Faults::of("", other.to_string()),
    })
}

pub(super) async fn page(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let of = Of {
        app: &app,
        page: &page,
        widget: None,
        inside: Inside::Itself,
    };
    let what = format!("change the page {page}");
    save(&apps, &member, of, (&fields, what), |_| Ok(settings(&page))).await
}

pub(super) async fn widget(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response> {
    let of = Of {
        app: &app,
        page: &page,
        widget: Some(&widget),
        inside: Inside::Itself,
    };
    let what = format!("change {widget}");
    let form = |text: &str| {
        let outline = Outline::of(text)?;
        let missing = || Unfit::Missing(widget.clone());
        let placed = outline.page(&page).and_then(|page| page.widget(&widget));
        let (sheet, _) =
            sheet(&page, &widget, &placed.ok_or_else(missing)?.kind).ok_or_else(missing)?;
        Ok(sheet)
    };
    save(&apps, &member, of, (&fields, what), form).await
}

/// Saves a form, or shows it again.
pub(super) async fn save<F: Filled>(
    apps: &Apps,
    member: &Member,
    of: Of<'_>,
    (fields, what): (&Fields, String),
    form: impl Fn(&str) -> std::result::Result<F, Unfit> + Send + Sync,
) -> Result<Response> {
    let seen = seen_at(fields)?;
    let mut faults = Faults::default();
    let done = change(apps, member, (of.app, seen), |text| {
        let sheet = form(text)?;
        match written(text, &sheet, fields) {
            Ok(text) => Ok(Made {
                text,
                what,
                then: String::new(),
            }),
            Err(wrong) => {
                faults = wrong;
                Err(Unfit::Field(String::new(), String::new()).into())
            }
        }
    });
    let mut sent = Sent {
        typed: Some(fields.clone()),
        ..Sent::default()
    };
    match done.await {
        Ok((_, with)) => return Ok(saved(&of, fields, with)),
        Err(Trouble::Unfit(Unfit::Field(..))) => sent.faults = faults,
        Err(Trouble::Broken(problems, text)) => {
            let sheet =
                form(&text).map_err(|unfit| crate::apps::Error::Refused(unfit.to_string()))?;
            let own = (text.as_str(), of.page, of.widget.unwrap_or_default());
            sent.faults = at_fields(&sheet, own, &problems);
        }
        Err(trouble) => match trouble.words(apps, member, of.app).await {
            Ok(words) => sent.fault = words,
            Err(response) => return Ok(*response),
        },
    }
    again(apps, member, of, (fields, sent)).await
}

fn saved(of: &Of<'_>, fields: &Fields, with: Option<String>) -> Response {
    let said = match with {
        Some(by) => format!("Draft saved, together with what {by} changed meanwhile"),
        None => "Draft saved".to_owned(),
    };
    let to = of.place(fields.get("view").unwrap_or_default());
    Done::to(to).saying(said).into_response()
}

async fn again(
    apps: &Apps,
    member: &Member,
    of: Of<'_>,
    (fields, sent): (&Fields, Sent),
) -> Result<Response> {
    let look = Look {
        page: of.page,
        widget: of.widget,
        inside: of.inside,
        view: Fields::parse(fields.get("view").unwrap_or_default()),
        sent,
    };
    Ok(Again(shown(apps, member, of.app, look).await?).into_response())
}

/// The table of one widget, typed as text.
pub(super) async fn text(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let typed = fields.get("toml").unwrap_or_default().replace("\r\n", "\n");
    let of = Of {
        app: &app,
        page: &page,
        widget: Some(&widget),
        inside: Inside::Itself,
    };
    let done = change(&apps, &member, (&app, seen), |text| {
        Ok(Made {
            text: set_widget_text(text, (&page, &widget), &typed)?,
            what: format!("change {widget} as text"),
            then: String::new(),
        })
    });
    let mut sent = Sent {
        toml: Some(typed.clone()),
        ..Sent::default()
    };
    match done.await {
        Ok((_, with)) => return Ok(saved(&of, &fields, with)),
        Err(Trouble::Unfit(Unfit::Field(name, why))) => sent.faults = Faults::of(&name, why),
        Err(Trouble::Broken(problems, _)) => {
            let said = problems.iter().map(|problem| problem.message.clone());
            sent.faults = Faults::of("toml", said.collect::<Vec<_>>().join("; "));
        }
        Err(trouble) => match trouble.words(&apps, &member, &app).await {
            Ok(words) => sent.fault = words,
            Err(response) => return Ok(*response),
        },
    }
    again(&apps, &member, of, (&fields, sent)).await
}
