//! Another id for a question or a page: everything that names it names it anew.

use crate::base::written::edit::{Unfit, line_at, parse, put, spelling, splice, whole};
use std::ops::Range;

use toml_edit::{Item, TableLike, Value};

use super::naming::taken;
use super::part::Part;
use crate::expr::Expr;
use crate::surveys::format::{Survey, is_name};

/// The keys whose texts are expressions.
const EXPRESSIONS: [&str; 7] = [
    "when",
    "required",
    "check",
    "default",
    "calculate",
    "filter",
    "times",
];

/// A text of the file: the key it stands at, where, and what it says.
struct Said {
    key: String,
    range: Range<usize>,
    text: String,
}

/// A question gets another id.
pub fn rename_question(text: &str, part: &Part, new: &str) -> Result<String, Unfit> {
    let old = part.word(text, "id").unwrap_or_default();
    if old == new {
        return Ok(text.to_owned());
    }
    let mut pairs = vec![(old.clone(), new.to_owned())];
    match Survey::read(text) {
        Ok(survey) => {
            let names = survey.block(&old).map(|block| block.kind.names(block));
            let names = names
                .unwrap_or_default()
                .into_iter()
                .filter(|name| *name != old);
            pairs.extend(names.filter_map(|name| {
                let rest = name.strip_prefix(&old)?;
                Some((name.clone(), format!("{new}{rest}")))
            }));
        }
        // What else names a part of it cannot be told from here.
        Err(_) if text.contains(&format!("${{{old}_")) => {
            return Err(refused(
                "mend the problems of the survey first: parts of this question are named elsewhere",
            ));
        }
        Err(_) => {}
    }
    renamed(text, part, &pairs)
}

/// A page gets another id.
pub fn rename_page(text: &str, part: &Part, new: &str) -> Result<String, Unfit> {
    let old = part.word(text, "id").unwrap_or_default();
    if old == new {
        return Ok(text.to_owned());
    }
    let pairs = ["", ".item", ".code"];
    let pairs = pairs.map(|rest| (format!("{old}{rest}"), format!("{new}{rest}")));
    renamed(text, part, &pairs)
}

fn refused(why: &str) -> Unfit {
    Unfit::Field("id".to_owned(), why.to_owned())
}

fn renamed(text: &str, part: &Part, pairs: &[(String, String)]) -> Result<String, Unfit> {
    let (old, new) = &pairs[0];
    if !is_name(new) {
        return Err(refused(
            "use a letter, then letters, digits, _, - and ., at most 64",
        ));
    }
    let toml = parse(text)?;
    if taken(toml.as_table()).contains(new) {
        return Err(refused(
            "another question, page, way out or entry is called so; choose another id",
        ));
    }
    let mut changed = text.to_owned();
    let mut said = all(text)?;
    said.sort_by_key(|said| std::cmp::Reverse(said.range.start));
    for one in &said {
        let source = &text[one.range.clone()];
        let with = if one.key == "chosen" && one.text == *old {
            spelling::text(new, Some(source))
        } else {
            piped(source, pairs)
        };
        changed = splice(&changed, one.range.clone(), &with);
    }
    if !old.is_empty() {
        left(&changed, pairs)?;
    }
    let line = part.line(text);
    let changed = put(&changed, &part.path(), "id", &spelling::text(new, None))?;
    whole(changed, line)
}

/// `${old}` as `${new}`, wherever it stands in what is written.
fn piped(source: &str, pairs: &[(String, String)]) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("${") {
        let (before, inside) = rest.split_at(start + 2);
        out.push_str(before);
        rest = inside;
        let Some(end) = inside.find('}') else { break };
        let name = inside[..end].trim();
        if let Some((_, new)) = pairs.iter().find(|(old, _)| old == name) {
            out.push_str(&inside[..end].replace(name, new));
            rest = &inside[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Whatever is still named by its old name, in a way that is not seen through here.
fn left(text: &str, pairs: &[(String, String)]) -> Result<(), Unfit> {
    for one in all(text)? {
        if !EXPRESSIONS.contains(&one.key.as_str()) {
            continue;
        }
        let Ok(expr) = Expr::parse(&one.text) else {
            continue;
        };
        if expr
            .names()
            .iter()
            .any(|name| pairs.iter().any(|(old, _)| old == name))
        {
            let line = line_at(text, one.range.start);
            return Err(refused(&format!(
                "line {line} names it in another way; change that in the text first"
            )));
        }
    }
    Ok(())
}

/// All texts of a file.
fn all(text: &str) -> Result<Vec<Said>, Unfit> {
    fn table(table: &dyn TableLike, said: &mut Vec<Said>) {
        for (key, inner) in table.iter() {
            item(key, inner, said);
        }
    }
    fn item(key: &str, inner: &Item, said: &mut Vec<Said>) {
        match inner {
            Item::None => {}
            Item::Value(inner) => value(key, inner, said),
            Item::Table(inner) => table(inner, said),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|inner| table(inner, said)),
        }
    }
    fn value(key: &str, inner: &Value, said: &mut Vec<Said>) {
        match inner {
            Value::String(text) => said.extend(inner.span().map(|range| Said {
                key: key.to_owned(),
                range,
                text: text.value().clone(),
            })),
            Value::Array(array) => array.iter().for_each(|inner| value(key, inner, said)),
            Value::InlineTable(inner) => table(inner, said),
            _ => {}
        }
    }
    let mut said = Vec::new();
    table(parse(text)?.as_table(), &mut said);
    Ok(said)
}

/// The lines that name a question, as `${id}` or by one of its parts.
pub fn named_at(text: &str, id: &str) -> Vec<usize> {
    let names = |text: &str| {
        let mut pieces = text.split("${").skip(1);
        pieces.any(|piece| {
            piece
                .split('}')
                .next()
                .is_some_and(|name| name.trim() == id)
        })
    };
    let said = all(text).unwrap_or_default();
    let found = said
        .iter()
        .filter(|one| names(&one.text) || (one.key == "chosen" && one.text == id));
    let mut lines: Vec<usize> = found.map(|one| line_at(text, one.range.start)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}
