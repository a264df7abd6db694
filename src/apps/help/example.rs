//! The example of a kind of widget: an app in itself, drawn as every app is.

use crate::apps::format::{App, Problem};
use crate::apps::render::{self, Ask};
use crate::apps::widgets::{Kind, Known};
use crate::base::Time;
use crate::web::{self, Fields};

/// An app that shows a widget of one kind.
pub(super) struct Example {
    /// What the kind is good for.
    pub(super) about: String,
    pub(super) text: &'static str,
}

/// A page of it, to be looked at.
pub(super) struct Seen {
    pub(super) title: String,
    pub(super) html: String,
}

/// The text of an example is not that of an app.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

impl Example {
    /// The first lines say what it is good for; the rest is the app.
    pub(super) fn of(kind: &dyn Kind) -> Example {
        let mut text = kind.example();
        let mut about = Vec::new();
        while let Some((line, rest)) = text.split_once('\n') {
            let Some(said) = line.strip_prefix("# ") else {
                break;
            };
            about.push(said);
            text = rest;
        }
        Example {
            about: about.join(" "),
            text,
        }
    }

    pub(super) fn app(&self) -> Result<App, web::Error> {
        App::parse(self.text, &Known).map_err(|problems| {
            let said: Vec<String> = problems.iter().map(Problem::to_string).collect();
            web::Error::broken(Unreadable(said.join("; ")))
        })
    }

    /// The page at that path, as the address says, with pages of the app below `base`.
    pub(super) fn seen(&self, path: &str, look: (&Fields, &str), now: Time) -> web::Result<Seen> {
        let (fields, base) = look;
        let app = self.app()?;
        let page = app.page_at(path).ok_or(web::Error::NotFound)?;
        let ask = Ask {
            app: &app,
            page,
            fields,
            base,
            is_preview: true,
            is_read_only: true,
        };
        Ok(Seen {
            title: page.title.clone(),
            html: render::sample(&ask, now)?,
        })
    }
}
