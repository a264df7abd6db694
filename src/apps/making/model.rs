//! Who makes an app, and what its text must be before it is kept.

use std::sync::Arc;

use crate::apps::format::{App, Level, Problem};
use crate::apps::library::Listed;
use crate::apps::{Apps, Error, widgets};
use crate::base::text::slug;
use crate::journal::Actor;
use crate::store::Db;
use crate::web::{Person, Viewer, WorkspaceId};

/// What the text of an app may weigh, in bytes.
pub(in crate::apps) const MOST: usize = 1 << 20;

/// Ids that are addresses of ours under `/apps/`.
const TAKEN: [&str; 3] = ["new", "make", "import"];

/// Who makes something, and in which workspace.
#[derive(Clone, Debug)]
pub struct Author {
    pub workspace: WorkspaceId,
    pub actor: Actor,
    /// Whom policies bind; nobody at the console.
    pub(super) person: Option<Arc<Person>>,
}

impl Author {
    pub fn of(viewer: &Viewer) -> Author {
        Author {
            workspace: viewer.person.workspace,
            actor: viewer.actor(),
            person: Some(Arc::clone(&viewer.person)),
        }
    }

    /// The workspace's file as they may use it.
    pub(super) fn db(&self, apps: &Apps) -> Result<Db, Error> {
        let db = apps.site().files.open(&self.workspace.to_string())?;
        Ok(match &self.person {
            Some(person) => db.for_person(Arc::clone(person) as _),
            None => db,
        })
    }

    /// Whoever sits at the console.
    pub fn command_line(workspace: WorkspaceId) -> Author {
        Author {
            workspace,
            actor: Actor::command_line().in_workspace(workspace.to_string()),
            person: None,
        }
    }
}

/// An app, and what whoever looked for it may do with it.
#[derive(Clone, Debug)]
pub struct Found {
    pub app: Listed,
    /// It is published, and they may use it.
    pub may_open: bool,
    pub may_edit: bool,
}

/// An app file on its way in.
#[derive(Clone, Debug)]
pub struct Import {
    pub text: String,
    /// The id to give it instead of its own.
    pub id: Option<String>,
    pub publish: bool,
}

/// A text, and what is known about it.
pub(super) struct Read {
    /// `None` when it does not load.
    pub(super) app: Option<App>,
    pub(super) problems: Vec<Problem>,
}

impl Read {
    pub(super) fn of(text: &str) -> Read {
        match App::parse(text, &widgets::Known) {
            Ok(mut app) => Read {
                problems: std::mem::take(&mut app.problems),
                app: Some(app),
            },
            Err(problems) => Read {
                app: None,
                problems,
            },
        }
    }

    /// The same, where the text belongs to the app `id`.
    pub(super) fn of_app(text: &str, id: &str) -> Read {
        let mut read = Read::of(text);
        if let Some(app) = &read.app
            && app.id != id
        {
            let problem = foreign_id(text, &app.id, id);
            read.problems.insert(0, problem);
        }
        read
    }

    pub(super) fn is_publishable(&self) -> bool {
        let stands = |problem: &Problem| problem.level >= Level::Refused;
        self.app.is_some() && !self.problems.iter().any(stands)
    }
}

fn foreign_id(text: &str, said: &str, id: &str) -> Problem {
    let is_id = |line: &str| {
        let rest = line.strip_prefix("id").map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with('='))
    };
    Problem {
        line: text.lines().position(is_id).map_or(1, |at| at + 1),
        column: 1,
        message: format!(
            "this app is called `{id}`, and the text says `{said}`; set `id = \"{id}\"`, or import the text as an app of its own"
        ),
        level: Level::Refused,
    }
}

/// Refuses a text nobody could work with.
pub(super) fn fits(text: &str) -> Result<(), Error> {
    if text.len() > MOST {
        return Err(Error::Refused(format!(
            "the text has {} KiB, and an app's may have {}; make two apps of it",
            text.len() >> 10,
            MOST >> 10
        )));
    }
    Ok(())
}

/// An app may be called so.
pub(super) fn is_id(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    id.len() <= 60
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(plain)
        && !TAKEN.contains(&id)
}

/// The ids an app of that title could have, best first; they do not end.
pub(super) fn ids_for(title: &str) -> impl Iterator<Item = String> {
    let plain = slug(title);
    let mut base = if plain.starts_with(|c: char| c.is_ascii_lowercase()) {
        plain
    } else if plain.is_empty() {
        "app".to_owned()
    } else {
        format!("app-{plain}")
    };
    base.truncate(50);
    let first = Some(base.clone()).filter(|id| is_id(id));
    first
        .into_iter()
        .chain((2..).map(move |number| format!("{base}-{number}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_title_and_is_not_one_of_our_addresses() {
        assert_eq!(ids_for("Orders & desk").next().unwrap(), "orders-desk");
        assert_eq!(ids_for("New").next().unwrap(), "new-2");
        assert_eq!(ids_for("2013").next().unwrap(), "app-2013");
        assert_eq!(ids_for("日本").next().unwrap(), "app");
    }

    #[test]
    fn a_text_may_have_a_mebibyte() {
        assert!(fits(&"#".repeat(MOST)).is_ok());
        let refused = fits(&"#".repeat(MOST + 2048)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the text has 1026 KiB, and an app's may have 1024; make two apps of it"
        );
    }

    #[test]
    fn a_text_of_another_app_is_not_published_as_this_one() {
        let text = "format = 1\nid = \"b\"\ntitle = \"B\"\n";
        let read = Read::of_app(text, "a");
        assert!(!read.is_publishable());
        assert_eq!(read.problems[0].line, 2);
        assert!(Read::of_app(text, "b").is_publishable());
    }
}
