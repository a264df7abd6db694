//! The sheet of settings: its one row, and what of it has a meaning here.

use super::super::{Account, Place};
use super::headers::Table;

#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) title: String,
    pub(super) id: String,
    pub(super) lang: String,
    pub(super) may_repeat_choices: bool,
    pub(super) place: Place,
}

const READ: &[&str] = &[
    "form_title", "form_id", "default_language", "allow_choice_duplicates",
];

/// What other settings are about.
const SAID: &[(&str, &str)] = &[
    ("version", "published versions are counted here"),
    ("style", "pages are laid out by groups, and look alike on all devices"),
    ("submission_url", "answers stay on this server"),
    ("public_key", "answers are kept encrypted anyway"),
    ("instance_name", "responses have no names of their own"),
    ("auto_send", "there is nothing to send"),
    ("auto_delete", "see `retention`"),
    ("name", "there is no root element"),
];

/// Without such a sheet the whole is spoken of at `head`.
pub(super) fn read(table: Option<&Table>, head: Place, account: &mut Account) -> Settings {
    let mut settings = Settings {
        place: head,
        ..Settings::default()
    };
    let Some(table) = table else { return settings };
    for (count, cells) in table.cells().enumerate() {
        let place = Place::new(&table.sheet, cells.row.number);
        account.row(&place, "settings");
        if count > 0 {
            account.note(&place, "only the first row of settings counts");
            continue;
        }
        settings = Settings {
            title: cells.get("form_title").to_owned(),
            id: cells.get("form_id").to_owned(),
            lang: cells.get("default_language").to_owned(),
            may_repeat_choices: is_yes(cells.get("allow_choice_duplicates")),
            place: place.clone(),
        };
        for (name, _) in cells.others(READ) {
            let why = SAID.iter().find(|(known, _)| *known == name);
            let why = why.map_or("it has no meaning here", |(_, why)| why);
            account.note(&place, format!("the setting {name} is not carried over: {why}"));
        }
    }
    settings
}

pub(super) fn is_yes(cell: &str) -> bool {
    ["yes", "true", "1", "true()", "y"].contains(&cell.trim().to_lowercase().as_str())
}

pub(super) fn is_no(cell: &str) -> bool {
    ["", "no", "false", "0", "false()", "n"].contains(&cell.trim().to_lowercase().as_str())
}
