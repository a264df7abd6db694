//! New pages and questions, copies of them, and what is taken out.

use crate::base::written::edit::{
    Heads, Step, Unfit, cut, elements, find, insert, line_at, line_start, parse, spelled, spelling,
    splice, take, whole,
};
use toml_edit::{Item, Table};

use super::naming::{asks, free, names, taken};
use super::part::{Part, page};
use crate::surveys::blocks::{Has, Kind};

/// A text in the first language: that the others have none yet is said.
fn words(text: &str, langs: &[String]) -> String {
    let text = spelling::text(text, None);
    match langs {
        [first, _, ..] => format!("{{ {} = {text} }}", spelled(first)),
        _ => text,
    }
}

/// The lines of a new question: whole, and ready to be asked.
fn lines(kind: &dyn Kind, id: &str, pictures: &[String], langs: &[String]) -> String {
    let mut lines = format!(
        "[[page.ask]]\nid   = \"{id}\"\ntype = \"{}\"\n",
        kind.name()
    );
    let said = format!("text = {}\n", words(kind.title(), langs));
    lines.push_str(&said);
    let picture = pictures.first().map_or("picture.png", String::as_str);
    lines.push_str(&kind.begun().replace("picture.png", picture));
    let has_its_own = |key: &str| kind.begun().contains(&format!("{key} = ["));
    for (key, has, each) in [
        ("rows", kind.rows(), "Row"),
        ("items", kind.items(), "Answer"),
    ] {
        if has == Has::None || has_its_own(key) {
            continue;
        }
        let item = |code: u8| {
            let text = words(&format!("{each} {code}"), langs);
            format!("  {{ code = {code}, text = {text} }},\n")
        };
        lines += &[key, " = [\n", &item(1), &item(2), "]\n"].concat();
    }
    lines
}

/// A new question behind the one at `on`; on a page without one, the first. Gives its id.
pub fn add_question(
    text: &str,
    (at, on): (usize, Option<usize>),
    kind: &dyn Kind,
    (pictures, langs): (&[String], &[String]),
) -> Result<(String, String), Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let id = free(&taken(root), &format!("q{}", asks(root).len() + 1));
    let heads = Heads::of(text, root);
    let border =
        border(root, &heads, at, on).ok_or_else(|| Unfit::Shape(Part::Page(at).line(text)))?;
    let new = insert(text, border, &lines(kind, &id, pictures, langs));
    let new = whole(new, line_at(text, border))?;
    let place = on.map_or(0, |on| on + 1);
    match Part::question(&new, &id) {
        Ok(Part::Ask(page, ask)) if (page, ask) == (at, place) => Ok((new, id)),
        _ => Err(Unfit::Shape(line_at(text, border))),
    }
}

/// Where a question ends, or the keys of a page without one.
fn border(root: &Table, heads: &Heads<'_>, at: usize, on: Option<usize>) -> Option<usize> {
    let page = root.get("page")?.as_array_of_tables()?.get(at)?;
    let Some(on) = on else {
        let index = heads.index(page.span()?.start)?;
        return Some(heads.own(index, &["ask", "leave"]).end);
    };
    let ask = page.get("ask")?.as_array_of_tables()?.get(on)?;
    Some(heads.unit(heads.index(ask.span()?.start)?).end)
}

/// A new page behind the one at `at`, or at the end. Gives its id.
pub fn add_page(text: &str, at: Option<usize>) -> Result<(String, String), Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let count = elements::count(text, &[], "page");
    let id = free(&taken(root), &format!("page{}", count + 1));
    let heads = Heads::of(text, root);
    let tables = root.get("page").and_then(Item::as_array_of_tables);
    let last = at.or_else(|| count.checked_sub(1));
    let border = match (last, tables) {
        (None, None) => Some(text.len()),
        (Some(at), Some(tables)) => {
            let start = tables.get(at).and_then(Table::span).map(|span| span.start);
            let index = start.and_then(|start| heads.index(start));
            index.map(|index| heads.unit(index).end)
        }
        _ => None,
    };
    let border = border.ok_or_else(|| Unfit::Shape(Part::Page(0).line(text)))?;
    let new = insert(text, border, &format!("[[page]]\nid = \"{id}\"\n"));
    Ok((whole(new, line_at(text, border))?, id))
}

/// The same question once more, behind it, under another id. Gives that id.
pub fn copy_question(text: &str, (at, on): (usize, usize)) -> Result<(String, String), Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let part = Part::Ask(at, on);
    let shape = || Unfit::Shape(part.line(text));
    let ask = root.get("page").and_then(Item::as_array_of_tables);
    let ask = ask.and_then(|pages| pages.get(at)?.get("ask")?.as_array_of_tables()?.get(on));
    let ask = ask.ok_or_else(shape)?;
    let start = ask.span().ok_or_else(shape)?.start;
    let heads = Heads::of(text, root);
    let unit = heads.unit(heads.index(start).ok_or_else(shape)?);
    let old = ask.get("id").and_then(Item::as_value).ok_or_else(shape)?;
    let span = old.span().ok_or_else(shape)?;
    let stem = old
        .as_str()
        .ok_or_else(shape)?
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = stem
        .strip_suffix("_copy")
        .unwrap_or(old.as_str().unwrap_or_default());
    let id = free(&taken(root), &format!("{stem}_copy"));
    let from = line_start(text, start);
    let copy = &text[from..unit.end];
    let spelled = spelling::text(&id, Some(&text[span.clone()]));
    let mut copy = splice(copy, span.start - from..span.end - from, &spelled);
    if !copy.ends_with('\n') {
        copy.push('\n');
    }
    Ok((
        whole(insert(text, unit.end, &copy), line_at(text, start))?,
        id,
    ))
}

/// Takes a page, a question, or a quota out, with everything in it.
pub fn remove(text: &str, part: &Part) -> Result<String, Unfit> {
    let (section, name) = match part {
        Part::Survey => return Err(Unfit::Shape(1)),
        Part::Page(at) => return elements::remove(text, &[], "page", *at),
        Part::Ask(at, on) => return elements::remove(text, &page(*at), "ask", *on),
        Part::List(name) => ("list", name),
        Part::Quota(name) => ("quota", name),
        Part::Exit(name) => ("exit", name),
    };
    let toml = parse(text)?;
    let root = toml.as_table();
    let at = find(root, &part.path()).ok_or_else(|| Unfit::Missing(name.clone()))?;
    let heads = Heads::of(text, root);
    match heads.index(at.body.start()) {
        Some(index) => whole(cut(text, heads.unit(index)), part.line(text)),
        None => take(text, &[Step::key(section)], name),
    }
}

/// A quota that lets 100 in. Gives its name.
pub fn add_quota(text: &str) -> Result<(String, String), Unfit> {
    let toml = parse(text)?;
    let name = free(&names(toml.as_table(), "quota"), "quota1");
    let piece = format!("[quota.{name}]\ntarget = 100\n");
    Ok((add_named(text, "quota", &piece)?, name))
}

/// A list with one answer. Gives its name.
pub fn add_list(text: &str, langs: &[String]) -> Result<(String, String), Unfit> {
    let toml = parse(text)?;
    let name = free(&names(toml.as_table(), "list"), "list1");
    let item = format!("  {{ code = 1, text = {} }},\n", words("Answer 1", langs));
    let piece = format!("[list.{name}]\nitems = [\n{item}]\n");
    Ok((add_named(text, "list", &piece)?, name))
}

/// What happens at an outcome, with nothing in it yet.
pub fn add_exit(text: &str, outcome: &str) -> Result<String, Unfit> {
    add_named(text, "exit", &format!("[exit.{outcome}]\n"))
}

/// Behind the last of its kind; else at the end.
fn add_named(text: &str, section: &str, piece: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let root = toml.as_table();
    let heads = Heads::of(text, root);
    let table = root.get(section).and_then(Item::as_table);
    let last = table.and_then(|table| {
        table
            .iter()
            .filter_map(|(_, item)| item.as_table()?.span())
            .last()
    });
    let border = last
        .and_then(|span| heads.index(span.start))
        .map(|index| heads.unit(index).end);
    whole(insert(text, border.unwrap_or(text.len()), piece), 1)
}
