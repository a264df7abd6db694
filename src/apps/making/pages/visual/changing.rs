//! A change of the text that somebody saw: made, joined with what others did since,
//! checked and saved.

use axum::response::{IntoResponse, Response};

use super::super::{Author, Error, Level, Problem, Read, actions, editor, fault};
use crate::apps::Apps;
use crate::apps::editing::Unfit;
use crate::apps::making::actions::Change;
use crate::base::Time;
use crate::web::{self, Again, Fields, Result};
use crate::workspaces::Member;

/// What became of the text, a word for it, and where one looks next.
pub(in crate::apps::making::pages) struct Made {
    pub(in crate::apps::making::pages) text: String,
    pub(in crate::apps::making::pages) what: String,
    /// Below `/edit/{app}/pages`.
    pub(in crate::apps::making::pages) then: String,
}

/// Why nothing was changed.
pub(in crate::apps::making::pages) enum Trouble {
    Error(Error),
    Unfit(Unfit),
    /// It would not load any more; with the text as it would be.
    Broken(Vec<Problem>, String),
    /// Somebody else changed the same; with the text of the one who comes later.
    Apart(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Error(error)
    }
}

impl From<Unfit> for Trouble {
    fn from(unfit: Unfit) -> Trouble {
        Trouble::Unfit(unfit)
    }
}

/// The draft that a form was made from.
pub(in crate::apps::making::pages) fn seen_at(fields: &Fields) -> Result<Time> {
    let at = fields.get("draft_at").and_then(|at| at.parse().ok());
    at.map(Time).ok_or_else(|| {
        web::Error::Invalid("this page is too old to save from; open it anew".to_owned())
    })
}

/// Changes the draft as it was seen. Gives whether others had changed it, too.
pub(in crate::apps::making::pages) async fn change(
    apps: &Apps,
    member: &Member,
    (app, seen): (&str, Time),
    work: impl FnOnce(&str) -> std::result::Result<Made, Trouble> + Send,
) -> std::result::Result<(Made, Option<String>), Trouble> {
    let base = actions::seen(apps, member.workspace, app, seen).await?;
    let mut made = work(&base.text)?;
    let was_whole = Read::of(&base.text).app.is_some();
    if let (true, Err(problems)) = (was_whole, whole(&made.text)) {
        return Err(Trouble::Broken(problems, made.text));
    }
    made.text = match base.joined(&made.text) {
        Ok(both) => both,
        Err(_) => return Err(Trouble::Apart(made.text)),
    };
    let change = Change {
        text: made.text.clone(),
        seen: base.now.at,
        what: made.what.clone(),
    };
    let author = Author::of(&member.viewer);
    actions::save(apps, &author, app, change).await?;
    let with = (!base.is_newest()).then(|| base.now.by.clone());
    Ok((made, with))
}

/// The problems that keep a text from loading, if there are any.
fn whole(text: &str) -> std::result::Result<(), Vec<Problem>> {
    let read = Read::of(text);
    match read.app {
        Some(_) => Ok(()),
        None => Err(read
            .problems
            .into_iter()
            .filter(|problem| problem.level == Level::Error)
            .collect()),
    }
}

impl Trouble {
    /// In words for whoever wanted the change; a failure, or both texts on one page, where
    /// words do not do.
    pub(in crate::apps::making::pages) async fn words(
        self,
        apps: &Apps,
        member: &Member,
        app: &str,
    ) -> std::result::Result<String, Box<Response>> {
        match self {
            Trouble::Unfit(unfit) => Ok(unfit.to_string()),
            Trouble::Broken(problems, _) => {
                let said = problems.iter().map(ToString::to_string);
                Ok(format!(
                    "the app would not work any more: {}",
                    said.collect::<Vec<_>>().join("; ")
                ))
            }
            Trouble::Error(error) => fault(error).map_err(|error| Box::new(error.into_response())),
            Trouble::Apart(text) => Err(Box::new(
                match editor::both(apps, member, app, text).await {
                    Ok(page) => (editor::whole(), Again(page)).into_response(),
                    Err(error) => error.into_response(),
                },
            )),
        }
    }
}
