//! Pages: new ones, in another order, and what is taken out.

use super::outline::{Outline, Paged};
use super::parts::page;
use crate::base::text::slug;
use crate::base::written::edit::{
    Step, Unfit, add_piece, exchange_named, put, remove_named, spelling, take,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// A name that none of these has, like the one wanted.
pub(super) fn free(taken: &[&str], wanted: &str) -> String {
    let numbered = (2..).map(|number: u32| format!("{wanted}-{number}"));
    let mut names = [wanted.to_owned()].into_iter().chain(numbered);
    names
        .find(|name| !taken.contains(&name.as_str()))
        .unwrap_or_default()
}

/// A word for a title that may stand as a name.
pub(super) fn name_of(title: &str, otherwise: &str) -> String {
    let mut name = slug(title);
    name.truncate(50);
    let name = name.trim_end_matches('-');
    if name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.to_owned()
    } else {
        otherwise.to_owned()
    }
}

/// A new page at the end, where nothing stands yet. Gives its id.
pub fn add_page(text: &str, title: &str) -> Result<(String, String), Unfit> {
    let outline = Outline::of(text)?;
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 120 {
        let why = "write a title of 1 to 120 characters, such as Orders";
        return Err(Unfit::Field("title".to_owned(), why.to_owned()));
    }
    let ids: Vec<&str> = outline.pages.iter().map(|page| page.id.as_str()).collect();
    let id = free(&ids, &name_of(title, "page"));
    let paths: Vec<&str> = outline
        .pages
        .iter()
        .map(|page| page.path.as_str())
        .collect();
    let path = if paths.contains(&"/") || !paths.is_empty() {
        free(&paths, &format!("/{id}"))
    } else {
        "/".to_owned()
    };
    let title = spelling::text(title, None);
    let piece = format!("[page.{id}]\ntitle = {title}\npath  = \"{path}\"\n");
    Ok((add_piece(text, &[Step::key("page")], &piece)?, id))
}

/// A page before the one before it in the menu, or behind the one behind it. Nothing
/// changes at the ends.
pub fn move_page(text: &str, id: &str, way: Way) -> Result<String, Unfit> {
    let outline = Outline::of(text)?;
    let pages = outline.in_order();
    let at = pages.iter().position(|page| page.id == id);
    let at = at.ok_or_else(|| Unfit::Missing(id.to_owned()))?;
    let other = match way {
        Way::Up => at.checked_sub(1),
        Way::Down => Some(at + 1).filter(|next| *next < pages.len()),
    };
    let Some(other) = other else {
        return Ok(text.to_owned());
    };
    let (one, two) = (pages[at], pages[other]);
    match (one.order, two.order) {
        (Some(here), Some(there)) if here != there => {
            let new = put(text, &page(&one.id), "order", &there.to_string())?;
            put(&new, &page(&two.id), "order", &here.to_string())
        }
        (here, there) if here == there => {
            let swapped = exchange_named(text, &page(&one.id), &page(&two.id));
            swapped.or_else(|_| numbered(text, &pages, (at, other)))
        }
        _ => numbered(text, &pages, (at, other)),
    }
}

/// All pages with an order of their own, two of them exchanged.
fn numbered(text: &str, pages: &[&Paged], (one, other): (usize, usize)) -> Result<String, Unfit> {
    let mut ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    ids.swap(one, other);
    let mut new = text.to_owned();
    for (at, id) in ids.iter().enumerate() {
        new = put(&new, &page(id), "order", &((at + 1) * 10).to_string())?;
    }
    Ok(new)
}

/// Takes a page out, with its widgets.
pub fn remove_page(text: &str, id: &str) -> Result<String, Unfit> {
    remove_named(text, &[Step::key("page")], id)
}

/// Takes a key out, if it is there.
pub fn without(text: &str, path: &[Step], key: &str) -> Result<String, Unfit> {
    match take(text, path, key) {
        Err(Unfit::Shape(_)) => remove_named(text, path, key),
        done => done,
    }
}
