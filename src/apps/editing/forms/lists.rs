//! The lists of lines below a form: another one, in another order, one less.

use std::fmt::Write;

use super::super::pages::Way;
use super::super::parts::widget;
use super::parts::Part;
use super::words::unsaid;
use crate::base::written::edit::{Entry, Unfit, add_piece, elements, find, parse, spelled};

/// Another list, behind the others.
pub fn add_list(text: &str, (page, id): (&str, &str), entry: &Entry) -> Result<String, Unfit> {
    let path = widget(page, id);
    let toml = parse(text)?;
    let at = find(toml.as_table(), &path).ok_or_else(|| Unfit::Missing(id.to_owned()))?;
    let is_first = at.body.get("lines").is_none();
    drop(toml);
    if is_first {
        let mut piece = format!("[[page.{}.widget.{}.lines]]\n", spelled(page), spelled(id));
        for (key, value) in entry {
            let _ = writeln!(piece, "{key} = {value}");
        }
        // Where the form itself has no heading, neither has this.
        if let Ok(new) = add_piece(text, &path, &piece) {
            return Ok(new);
        }
    }
    elements::push(text, &path, "lines", entry)
}

/// A list before the one before it, or behind the one behind it. Nothing changes at the
/// ends.
pub fn move_list(
    text: &str,
    (page, id): (&str, &str),
    (list, way): (&str, Way),
) -> Result<String, Unfit> {
    let all = Part::all(text, (page, id))?;
    let lists = all.len().saturating_sub(1);
    let at = Part::of(text, (page, id), list)?.at;
    let first = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at).filter(|at| at + 1 < lists),
    };
    match first {
        Some(first) => elements::swap(text, &widget(page, id), "lines", first),
        None => Ok(text.to_owned()),
    }
}

/// Takes a list out, with those below its lines. Its queries stay.
pub fn remove_list(text: &str, form: (&str, &str), list: &str) -> Result<String, Unfit> {
    let all = Part::all(text, form)?;
    let own = all.iter().skip(1).find(|one| one.id == list);
    let own = own.ok_or_else(|| Unfit::Missing(list.to_owned()))?;
    let mut going = vec![own.id.as_str()];
    let mut next = 0;
    while let Some(over) = going.get(next).copied() {
        let below = all
            .iter()
            .filter(|one| one.within == over && !one.id.is_empty());
        going.extend(below.map(|one| one.id.as_str()));
        next += 1;
    }
    let mut new = text.to_owned();
    let above = all.iter().find(|one| one.id == own.within);
    if let Some(above) = above {
        new = unsaid(&new, &above.path, ("when", list))?;
    }
    for one in all.iter().skip(1).rev() {
        if going.contains(&one.id.as_str()) {
            new = elements::remove(&new, &widget(form.0, form.1), "lines", one.at)?;
        }
    }
    Ok(new)
}
