//! What is done to the fields and lists of a form: added, moved, taken out. And a form
//! that is made of a table.

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::acting::{Told, answered, pressed};
use super::super::changing::{Made, change, seen_at};
use super::offered::table;
use super::opening::parted;
use crate::apps::editing::{
    NewField, Part, Unfit, Way, add_field, move_field, move_list, remove_field, remove_list,
};
use crate::apps::making::generate::{Shape, survey};
use crate::apps::making::guide::{NewLines, add_form, add_lines, asked_for, column};
use crate::apps::making::pages::actions;
use crate::apps::sharing::MayEdit;
use crate::apps::widgets::named;
use crate::apps::{Apps, Error};
use crate::data::tables::Table;
use crate::web::{Fields, Result};
use crate::workspaces::Member;

/// What is done, to which form.
struct Act<'a> {
    form: (&'a str, &'a str),
    fields: &'a Fields,
    /// The table that a field or a list is added from.
    shape: Option<&'a Shape>,
}

pub(in crate::apps::making::pages::visual) async fn act(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let form = (page.as_str(), widget.as_str());
    let wanted = wanted(&apps, &member, &app, (form, &fields)).await?;
    let shape = match wanted {
        Some(table) => Some(looked_at(&apps, &member, table).await?),
        None => None,
    };
    let act = Act {
        form,
        fields: &fields,
        shape: shape.as_ref(),
    };
    let done = change(&apps, &member, (&app, seen), |text| act.made(text)).await;
    answered(&apps, &member, &app, (&fields, done)).await
}

/// A form on a page, made of a table.
pub(in crate::apps::making::pages::visual) async fn begin(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let table = catalog.table(fields.get("table").unwrap_or_default());
    let table = table.cloned().ok_or(Error::Missing)?;
    let shape = looked_at(&apps, &member, table).await?;
    let done = change(&apps, &member, (&app, seen), |text| {
        let kind = named("form").ok_or_else(|| Unfit::Missing("form".to_owned()))?;
        let (text, id) = add_form(text, &page, (&shape, kind.schema()))?;
        Ok(Made {
            text,
            what: format!("add the form {id} for {}", shape.table.title),
            then: format!("/{page}/widgets/{id}"),
        })
    });
    let done = done.await;
    answered(&apps, &member, &app, (&fields, done)).await
}

async fn looked_at(apps: &Apps, member: &Member, table: Table) -> Result<Shape> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let shape = survey(&member.db, catalog, table).await;
    Ok(shape.map_err(Error::from)?)
}

/// The table that something is added from.
async fn wanted(
    apps: &Apps,
    member: &Member,
    app: &str,
    (form, fields): ((&str, &str), &Fields),
) -> Result<Option<Table>> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let asked = fields.get("do").unwrap_or_default();
    if asked == "add list" {
        let from = fields.get("from").unwrap_or_default();
        let table = from
            .split_once('.')
            .and_then(|(table, _)| catalog.table(table));
        return Ok(Some(table.cloned().ok_or(Error::Missing)?));
    }
    let Some(list) = asked.strip_prefix("add field") else {
        return Ok(None);
    };
    let draft = actions::look(apps, member.workspace, app).await?;
    let part = Part::of(&draft.text, form, list.trim()).map_err(|_unfit| Error::Missing)?;
    let table = table(&draft.text, &part, &catalog.tables).cloned();
    Ok(Some(table.ok_or(Error::Missing)?))
}

impl Act<'_> {
    /// `up field parts.qty`, `add field parts`, `remove list parts`.
    fn made(&self, text: &str) -> Told<Made> {
        let asked = self.fields.get("do").unwrap_or_default();
        let words: Vec<&str> = asked.split(' ').collect();
        match words.as_slice() {
            ["add", "field"] => self.one_more(text, ""),
            ["add", "field", list] => self.one_more(text, list),
            ["add", "list"] => self.lines(text),
            [verb, "field", name] => self.field(text, verb, name),
            [verb, "list", id] => self.list(text, verb, id),
            _ => Err(Unfit::Missing(asked.to_owned()).into()),
        }
    }

    fn then(&self, verb: &str, name: &str) -> String {
        let (page, widget) = self.form;
        let view = self.fields.get("view").unwrap_or_default();
        format!("/{page}/widgets/{widget}?{}", pressed(view, verb, name))
    }

    fn field(&self, text: &str, verb: &str, name: &str) -> Told<Made> {
        let of = parted(text, self.form, name)?;
        let (text, what) = match verb {
            "up" => (move_field(text, self.form, of, Way::Up)?, "move up"),
            "down" => (move_field(text, self.form, of, Way::Down)?, "move down"),
            "remove" => (remove_field(text, self.form, of)?, "remove"),
            _ => return Err(Unfit::Missing(verb.to_owned()).into()),
        };
        Ok(Made {
            text,
            what: format!("{what} the field {name}"),
            then: self.then(&format!("{verb}-field"), name),
        })
    }

    fn list(&self, text: &str, verb: &str, id: &str) -> Told<Made> {
        let (text, what) = match verb {
            "up" => (move_list(text, self.form, (id, Way::Up))?, "move up"),
            "down" => (move_list(text, self.form, (id, Way::Down))?, "move down"),
            "remove" => (remove_list(text, self.form, id)?, "remove"),
            _ => return Err(Unfit::Missing(verb.to_owned()).into()),
        };
        Ok(Made {
            text,
            what: format!("{what} the lines {id}"),
            then: self.then(&format!("{verb}-list"), id),
        })
    }

    fn one_more(&self, text: &str, list: &str) -> Told<Made> {
        let name = self.fields.get("column").unwrap_or_default();
        let settings = self.shape.and_then(|shape| asked_for(shape, name));
        let settings = settings.ok_or_else(|| {
            let why = "choose a column of the table".to_owned();
            Unfit::Field("column".to_owned(), why)
        })?;
        let new = NewField {
            name,
            column: &column(name),
            settings: &settings,
        };
        let (page, widget) = self.form;
        let field = if list.is_empty() {
            name.to_owned()
        } else {
            format!("{list}.{name}")
        };
        Ok(Made {
            text: add_field(text, self.form, list, &new)?,
            what: format!("add the field {field}"),
            then: format!("/{page}/widgets/{widget}/fields/{field}"),
        })
    }

    fn lines(&self, text: &str) -> Told<Made> {
        let word = |name: &str| self.fields.get(name).unwrap_or_default().trim();
        let over = word("from")
            .split_once('.')
            .map_or("", |(_, column)| column);
        let shape = self
            .shape
            .ok_or_else(|| Unfit::Missing("from".to_owned()))?;
        let form = Part::of(text, self.form, "")?;
        let id = match word("name") {
            "" => shape.table.name.as_str(),
            name => name,
        };
        let new = NewLines {
            shape,
            over,
            id,
            within: word("below"),
            changes: !form.change.is_empty(),
        };
        let (page, widget) = self.form;
        Ok(Made {
            text: add_lines(text, self.form, &new)?,
            what: format!("add the lines {id}"),
            then: format!("/{page}/widgets/{widget}/lists/{id}"),
        })
    }
}
