//! Items one can choose from: what kinds with items share.

use askama::Template;

use super::inventing::{Die, some, words};
use super::kind::{Fault, Fielded, Kept, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::{Sight, part};
use super::text::tidy;
use crate::expr::Value;
use crate::surveys::format::{Block, Item};
use crate::surveys::map::{Code, Datum, Kind, Variable};
use crate::web::Fields;

/// Longer texts beside an item are cut off by the browser and refused here.
const LONGEST: usize = 500;

/// One item as its template shows it.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) field: String,
    pub(super) code: i64,
    /// What expressions compare with, where that is not the code.
    pub(super) called: Option<String>,
    pub(super) text: String,
    /// The text without mark-up.
    pub(super) name: String,
    pub(super) is_chosen: bool,
    pub(super) is_exclusive: bool,
    /// The field of its own text, and what stands there.
    pub(super) other: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "surveys/blocks/choices.html")]
struct View {
    kind: &'static str,
    described: String,
    is_at_fault: bool,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "surveys/blocks/list.html")]
struct ListView<'a> {
    field: &'a str,
    described: String,
    is_at_fault: bool,
    choose: &'static str,
    choices: Vec<Choice>,
}

pub(super) fn codes(items: &[Item]) -> Vec<Code> {
    let code = |item: &Item| {
        let code = Code::new(item.code, labels(&item.text));
        if item.is_unknown {
            code.unknown()
        } else {
            code
        }
    };
    items.iter().map(code).collect()
}

/// One variable with all codes, and one for each text beside an item.
pub(super) fn one_variable(block: &Block) -> Vec<Variable> {
    let question = labels(&block.text);
    let single = Variable::new(&block.id, &block.id, Kind::Single, question);
    let mut variables = vec![single.coded(codes(&block.items))];
    variables.extend(other_variables(block));
    variables
}

/// A flag for each item, and a variable for each text beside one.
pub(super) fn many_variables(block: &Block) -> Vec<Variable> {
    let flag = |item: &Item| {
        let key = part(&block.id, item.code);
        Variable::new(&block.id, &key, Kind::Flag, labels(&block.text))
            .labelled(labels(&item.text))
            .of_set(&block.id)
    };
    let mut variables: Vec<Variable> = block.items.iter().map(flag).collect();
    variables.extend(other_variables(block));
    variables
}

fn other_variables(block: &Block) -> impl Iterator<Item = Variable> {
    let others = block.items.iter().filter(|item| item.other);
    others.map(|item| {
        let key = other_field(block, item);
        Variable::new(&block.id, &key, Kind::Text, labels(&block.text)).labelled(labels(&item.text))
    })
}

fn other_field(block: &Block, item: &Item) -> String {
    format!("{}_text", part(&block.id, item.code))
}

/// The value expressions see of a kept code.
pub(super) fn one_value(block: &Block, kept: Look<'_>) -> Value {
    match kept(&block.id) {
        Datum::Number(code) => item_value(&block.items, code),
        _ => Value::Empty,
    }
}

pub(super) fn item_value(items: &[Item], code: f64) -> Value {
    let found = items.iter().find(|item| is_code(item, code));
    found.map_or(Value::Number(code), Item::value)
}

pub(super) fn many_value(block: &Block, kept: Look<'_>) -> Value {
    let chosen = block.items.iter();
    let chosen = chosen.filter(|item| kept(&part(&block.id, item.code)) == Datum::Number(1.0));
    let values: Vec<Value> = chosen.map(Item::value).collect();
    if values.is_empty() {
        Value::Empty
    } else {
        Value::List(values)
    }
}

#[expect(clippy::cast_precision_loss, reason = "codes are short")]
pub(super) fn is_code(item: &Item, code: f64) -> bool {
    (item.code as f64 - code).abs() < 0.5
}

#[expect(clippy::cast_precision_loss, reason = "codes are short")]
pub(super) fn datum(code: i64) -> Datum {
    Datum::Number(code as f64)
}

/// The item that the field names; nothing where nothing was sent.
pub(super) fn chosen<'a>(
    sight: &Sight<'a>,
    field: &str,
    sent: &Fields,
) -> Result<Option<&'a Item>, Fault> {
    match sent
        .get(field)
        .map(str::trim)
        .filter(|code| !code.is_empty())
    {
        Some(code) => offered(&sight.items, field, code).map(Some),
        None => Ok(None),
    }
}

pub(super) fn offered<'a>(items: &[&'a Item], field: &str, code: &str) -> Result<&'a Item, Fault> {
    let code: Option<i64> = code.parse().ok();
    let found = items.iter().find(|item| Some(item.code) == code);
    let unknown = || Fault::at(field, Phrase::new("not-offered"));
    found.copied().ok_or_else(unknown)
}

/// One of the items.
pub(super) fn read_one(sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
    let item = chosen(sight, sight.id(), sent)?;
    let answer = item.map_or(Datum::NotAnswered, |item| datum(item.code));
    let mut kept = vec![(sight.block.id.clone(), answer)];
    kept.extend(read_others(sight, sent, &|other| {
        item.is_some_and(|item| item.code == other.code)
    })?);
    Ok(kept)
}

/// Any of the items, of which `least` and `most` may be chosen.
pub(super) fn read_many(sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
    let mut picked: Vec<&Item> = Vec::new();
    for code in sent.all(sight.id()) {
        let item = offered(&sight.items, sight.id(), code)?;
        if !picked.iter().any(|known| known.code == item.code) {
            picked.push(item);
        }
    }
    if let Some(alone) = picked.iter().find(|item| item.exclusive)
        && picked.len() > 1
    {
        let name = sight.plain(&alone.text);
        let why = Phrase::new("nothing-beside").with(&name);
        return Err(Fault::at(sight.id(), why));
    }
    count_fits(sight, &picked)?;
    let others = read_others(sight, sent, &|other| {
        picked.iter().any(|item| item.code == other.code)
    })?;
    let flag = |item: &&Item| {
        let is_picked = picked.iter().any(|known| known.code == item.code);
        let flag = if picked.is_empty() {
            Datum::NotAnswered
        } else {
            Datum::Number(f64::from(u8::from(is_picked)))
        };
        (sight.part(item.code), flag)
    };
    Ok(sight.items.iter().map(flag).chain(others).collect())
}

fn count_fits(sight: &Sight<'_>, picked: &[&Item]) -> Result<(), Fault> {
    let is_alone = picked.iter().any(|item| item.exclusive);
    let count = u32::try_from(picked.len()).unwrap_or(u32::MAX);
    let settings = &sight.block.settings;
    let least = settings.count("least").filter(|least| count < *least);
    if let Some(least) = least.filter(|_| count > 0 && !is_alone) {
        let why = Phrase::new("choose-at-least").with(&least);
        return Err(Fault::at(sight.id(), why));
    }
    if let Some(most) = settings.count("most").filter(|most| count > *most) {
        let why = Phrase::new("choose-at-most").with(&most);
        return Err(Fault::at(sight.id(), why));
    }
    Ok(())
}

/// The texts beside the items that were chosen.
fn read_others(
    sight: &Sight<'_>,
    sent: &Fields,
    is_chosen: &dyn Fn(&Item) -> bool,
) -> Result<Kept, Fault> {
    let mut kept = Kept::new();
    for item in sight.items.iter().filter(|item| item.other) {
        let field = other_field(sight.block, item);
        if !is_chosen(item) {
            continue;
        }
        let text = tidy(sent.get(&field).unwrap_or_default());
        if text.is_empty() {
            let why = Phrase::new("other-text").with(&sight.plain(&item.text));
            return Err(Fault::at(field, why));
        }
        if text.chars().count() > LONGEST {
            return Err(Fault::at(field, Phrase::new("shorter").with(&LONGEST)));
        }
        kept.push((field, Datum::Text(text)));
    }
    Ok(kept)
}

/// One of the items by chance.
pub(super) fn invent_one(sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
    let item = die.among(&sight.items).copied();
    picked(sight, die, item.into_iter().collect())
}

/// Some of the items by chance, as many as `least` and `most` say.
pub(super) fn invent_many(sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
    let count = |key| sight.block.settings.count(key);
    let bounds = (
        count("least").unwrap_or(1),
        count("most").unwrap_or(u32::MAX),
    );
    let items = some(die, &sight.items, bounds);
    picked(sight, die, items)
}

fn picked(sight: &Sight<'_>, die: &mut Die<'_>, items: Vec<&Item>) -> Fielded {
    let mut fields = Fielded::new();
    for item in items {
        fields.push((sight.block.id.clone(), item.code.to_string()));
        if item.other {
            fields.push((other_field(sight.block, item), words(die, (1, 30))));
        }
    }
    fields
}

/// What the form sends for a kept code.
pub(super) fn one_field(block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    if let Datum::Number(code) = kept(&block.id) {
        fields.push((block.id.clone(), format!("{code}")));
    }
    fields.extend(other_fields(block, kept));
    fields
}

pub(super) fn many_fields(block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
    let items = block.items.iter();
    let chosen = items.filter(|item| kept(&part(&block.id, item.code)) == Datum::Number(1.0));
    let field = |item: &Item| (block.id.clone(), item.code.to_string());
    chosen.map(field).chain(other_fields(block, kept)).collect()
}

fn other_fields(block: &Block, kept: Look<'_>) -> impl Iterator<Item = (String, String)> {
    block.items.iter().filter_map(move |item| {
        let field = other_field(block, item);
        match kept(&field) {
            Datum::Text(text) if item.other => Some((field, text)),
            _ => None,
        }
    })
}

pub(super) fn choices(sight: &Sight<'_>) -> Vec<Choice> {
    let choice = |item: &&Item| Choice {
        id: format!("i-{}", sight.part(item.code)),
        field: sight.block.id.clone(),
        code: item.code,
        called: item.name.clone(),
        text: sight.inline(&item.text),
        name: sight.plain(&item.text),
        is_chosen: sight.holds(sight.id(), item.code),
        is_exclusive: item.exclusive,
        other: item.other.then(|| {
            let field = other_field(sight.block, item);
            let text = sight.at(&field).to_owned();
            (field, text)
        }),
    };
    sight.items.iter().map(choice).collect()
}

/// Buttons to pick from: `kind` is `radio` or `checkbox`.
pub(super) fn draw(sight: &Sight<'_>, kind: &'static str, out: &mut String) -> askama::Result<()> {
    let view = View {
        kind,
        described: sight.described(),
        is_at_fault: sight.is_at_fault(),
        choices: choices(sight),
    };
    view.render_into(out)
}

/// A list to open.
pub(super) fn draw_list(sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
    let view = ListView {
        field: sight.id(),
        described: sight.described(),
        is_at_fault: sight.is_at_fault(),
        choose: sight.say("choose"),
        choices: choices(sight),
    };
    view.render_into(out)
}
