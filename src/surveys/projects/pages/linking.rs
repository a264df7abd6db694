//! What a link is to be, as a form says it.

use serde::Deserialize;

use super::actions;
use crate::surveys::projects::model::exits as read_exits;
use crate::surveys::projects::sql;
use crate::web::Faults;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    pub(super) name: String,
    #[serde(default)]
    pub(super) supplier: String,
    #[serde(default)]
    pub(super) list: String,
    #[serde(default)]
    pub(super) exits: String,
    #[serde(default)]
    pub(super) postbacks: String,
}

/// A link as it was asked for, or what is wrong with it.
pub(super) fn wanted(form: &LinkForm) -> Result<actions::Wanted, Faults> {
    let mut faults = Faults::default();
    let name = form.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 120 {
        faults.add(
            "name",
            "write a name of at most 120 characters, such as the supplier's",
        );
    }
    let list = match form.list.trim() {
        "" => None,
        text => text
            .parse()
            .ok()
            .filter(|number| (1..=9_999).contains(number)),
    };
    if list.is_none() && !form.list.trim().is_empty() {
        faults.add("list", "write a number from 1 to 9999, or nothing");
    }
    let end = end(&form.exits, &form.postbacks, ("exits", "postbacks"));
    if !form.postbacks.trim().is_empty() && form.supplier.is_empty() {
        faults.add("supplier", "choose the supplier whose server is told");
    }
    match end {
        Ok(end) if faults.is_empty() => Ok(actions::Wanted {
            kind: "open",
            name,
            supplier: form.supplier.clone(),
            list,
            end,
        }),
        Ok(_) => Err(faults),
        Err(amiss) => {
            for (field, words) in amiss {
                faults.add(&field, words);
            }
            Err(faults)
        }
    }
}

/// What happens at the end, or what is wrong in which field.
pub(super) fn end(
    exits: &str,
    postbacks: &str,
    fields: (&str, &str),
) -> Result<sql::End, Vec<(String, String)>> {
    let (exits, postbacks) = (read_exits(exits), read_exits(postbacks));
    match (exits, postbacks) {
        (Ok(exits), Ok(postbacks)) => Ok(sql::End { exits, postbacks }),
        (exits, postbacks) => {
            let amiss = |field: &str, words: Option<String>| Some((field.to_owned(), words?));
            let all = [
                amiss(fields.0, exits.err()),
                amiss(fields.1, postbacks.err()),
            ];
            Err(all.into_iter().flatten().collect())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExitsForm {
    pub(super) exits: String,
    #[serde(default)]
    pub(super) postbacks: String,
}
