//! From JSON definitions to one app file, with the account of every key.

use super::building::Building;
use super::definitions::{self, Definitions};
use super::draft::Draft;
use super::json;
use super::ledger::{Account, Ledger};
use super::statement::Engine;
use super::write;
use crate::apps::format::{App, Problem};
use crate::apps::widgets;
use crate::base::text;

/// All files together, in bytes.
pub const MOST: usize = 4 << 20;
/// The app file, in bytes.
const TEXT: usize = 1 << 20;

/// A file with definitions.
#[derive(Clone, Debug)]
pub struct Brought {
    pub name: String,
    pub text: String,
}

/// Definitions that became an app.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The app file; it loads.
    pub text: String,
    pub account: Account,
}

/// Why files hold no definitions at all, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(super) fn new(why: impl Into<String>) -> Unreadable {
        Unreadable(why.into())
    }
}

/// Makes one app of all definitions in the files.
///
/// # Errors
///
/// When a file is no JSON, holds no object, or is more than an app could be.
pub fn convert(files: &[Brought], engine: Engine) -> Result<Converted, Unreadable> {
    if files.iter().map(|file| file.text.len()).sum::<usize>() > MOST {
        return Err(Unreadable::new(
            "the files have more than 4 MiB together; bring fewer at a time",
        ));
    }
    let (mut facts, mut nodes) = (Vec::new(), Vec::new());
    for file in files {
        nodes.push(json::read(&file.name, &file.text, &mut facts)?);
    }
    if facts.is_empty() {
        return Err(Unreadable::new(
            "no definition stands in there; a definition is an object, like the JSON of a form or a report",
        ));
    }
    let ledger = Ledger::new(facts);
    let text = built(&nodes, &ledger, engine)?;
    if text.len() > TEXT {
        return Err(Unreadable::new(format!(
            "the app would have {} KiB, and an app file has 1,024 at most; bring fewer definitions at a time",
            text.len() >> 10
        )));
    }
    let text = match App::parse(&text, &widgets::Known) {
        Ok(_) => text,
        Err(problems) => bare(&ledger, &problems),
    };
    Ok(Converted {
        text,
        account: ledger.into_account(),
    })
}

fn built(nodes: &[json::Node], ledger: &Ledger, engine: Engine) -> Result<String, Unreadable> {
    let known = Definitions::of(nodes, ledger);
    if known.all.len() > definitions::MOST {
        return Err(Unreadable::new(
            "these are more than 500 definitions; bring fewer at a time",
        ));
    }
    let draft = Draft {
        engine,
        ..Draft::default()
    };
    let mut building = Building::new(known, ledger, draft);
    building.assemble();
    let mut draft = building.draft;
    draft.id = id(&draft.title);
    Ok(write::text(&draft))
}

/// An id for an app of that title, which is none of our addresses.
fn id(title: &str) -> String {
    let mut id = text::slug(title);
    id.truncate(50);
    let id = id.trim_end_matches('-');
    let is_free = id.starts_with(|c: char| c.is_ascii_lowercase())
        && !["new", "make", "import"].contains(&id);
    match id {
        "" => "app".to_owned(),
        plain if is_free => plain.to_owned(),
        other => format!("app-{other}"),
    }
}

/// What was made does not load: nothing is carried over, and that is said.
fn bare(ledger: &Ledger, problems: &[Problem]) -> String {
    let first = problems
        .first()
        .map(ToString::to_string)
        .unwrap_or_default();
    ledger.all_refused(&format!(
        "the app file made of these definitions does not load: {first}"
    ));
    "format = 1\nid     = \"app\"\ntitle  = \"Brought over\"\n".to_owned()
}
