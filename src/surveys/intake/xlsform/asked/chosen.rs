//! Questions with choices: one, several, in an order.

use super::super::super::draft::{Block, Item, List, Setting};
use super::super::build::{Builder, list_id};
use super::super::kinds::{Choose, Type};
use super::super::lists;
use super::super::rows::Node;
use super::{looks, refused};

/// More choices are a list to open instead of buttons.
const MOST_BUTTONS: usize = 30;

pub(super) fn blocks(builder: &mut Builder<'_>, node: &Node<'_>, mut block: Block) -> Vec<Block> {
    let Type::Select {
        choose,
        list,
        or_other,
        is_file,
    } = &node.kind
    else {
        return Vec::new();
    };
    let found = if *is_file {
        file(builder, node, list)
    } else {
        known(builder, list)
    };
    let list = match found {
        Ok(list) => list,
        Err(why) => return vec![refused(builder, block, &why)],
    };
    // A row of labels above a table: nothing is chosen in it.
    if node
        .cells
        .get("appearance")
        .split_whitespace()
        .any(|word| word == "label")
    {
        block.kind = "info";
        builder.account.note(
            &node.place,
            "is shown as words: it only labels the choices below",
        );
        return vec![block];
    }
    block.kind = match choose {
        Choose::One => "single",
        Choose::Several => "multi",
        Choose::Rank => "rank",
    };
    block.filter = builder.expr(node, "choice_filter");
    if block.filter.is_some() && *choose == Choose::Rank {
        builder
            .account
            .note(&node.place, "what is ranked is filtered");
    }
    randomised(builder, node, &mut block);
    looks::appearance(builder, node, &mut block);
    let size = builder
        .draft
        .lists
        .iter()
        .find(|known| known.id == list)
        .map_or(0, |list| list.items.len());
    if block.kind == "single" && size > MOST_BUTTONS {
        looks::set(&mut block, "look", Setting::Text("list"));
    }
    if *or_other {
        return with_other(builder, node, block, &list);
    }
    pictured(builder, &list, &mut block);
    block.list = Some(list);
    vec![block]
}

/// Choices that all have a picture are chosen by it.
fn pictured(builder: &Builder<'_>, list: &str, block: &mut Block) {
    let known = builder.draft.lists.iter().find(|known| known.id == list);
    let items = known.map_or(&[][..], |list| &list.items);
    if items.iter().any(|item| item.image.is_none()) {
        return;
    }
    match block.kind {
        "single" => {
            block.settings.retain(|(key, _)| *key != "look");
            block.kind = "images";
        }
        "multi" if items.len() > 1 => {
            let all = i64::try_from(items.len()).unwrap_or(i64::MAX);
            if block.settings.iter().all(|(key, _)| *key != "most") {
                looks::set(block, "most", Setting::Count(all));
            }
            block.kind = "images";
        }
        _ => {}
    }
}

fn known(builder: &Builder<'_>, list: &str) -> Result<String, String> {
    if list.is_empty() {
        return Err("names no list of choices".to_owned());
    }
    if list.contains("${") {
        return Err("choices that are answers of a loop are not known here".to_owned());
    }
    let id = list_id(list);
    match builder.draft.lists.iter().find(|known| known.id == id) {
        Some(list) if list.items.is_empty() => {
            Err(format!("the list `{}` has no choices", list.id))
        }
        Some(_) => Ok(id),
        None => Err(format!("the list `{list}` is not among the choices")),
    }
}

/// A list beside the form. `value` and `label` may be called otherwise in it.
fn file(builder: &mut Builder<'_>, node: &Node<'_>, name: &str) -> Result<String, String> {
    let parameters = looks::parameters(node);
    let key = |wanted: &str, plain: &'static str| {
        let found = parameters.iter().find(|(key, _)| key == wanted);
        found.map_or(plain.to_owned(), |(_, value)| value.clone())
    };
    let (value, label) = (key("value", "name"), key("label", "label"));
    let list = lists::from_file(name, [&value, &label], &builder.tongues, builder.beside)?;
    if list.items.is_empty() {
        return Err(format!("the file {name} has no rows with a `{value}`"));
    }
    let id = list_id(&list.id);
    builder.add_lists(vec![list]);
    Ok(id)
}

fn randomised(builder: &mut Builder<'_>, node: &Node<'_>, block: &mut Block) {
    let parameters = looks::parameters(node);
    let is_random = parameters
        .iter()
        .any(|(key, value)| key == "randomize" && value.eq_ignore_ascii_case("true"));
    block.is_random = is_random;
    if parameters.iter().any(|(key, _)| key == "seed") {
        builder.account.note(
            &node.place,
            "the order comes from the respondent's own seed",
        );
    }
    looks::other_parameters(builder, node, &["randomize", "seed", "value", "label"]);
}

/// One more choice, and a text that is asked for with it: as the reference writes it.
fn with_other(
    builder: &mut Builder<'_>,
    node: &Node<'_>,
    mut block: Block,
    list: &str,
) -> Vec<Block> {
    let own = format!("{list}.or_other");
    let known = builder.draft.lists.iter().find(|known| known.id == list);
    let mut items: Vec<Item> = known.map(|list| list.items.clone()).unwrap_or_default();
    let is_other = |item: &Item| item.name.as_deref() == Some("other");
    if !items.iter().any(is_other) {
        let code = items.iter().map(|item| item.code).max().unwrap_or_default() + 1;
        items.push(Item {
            code,
            name: Some("other".to_owned()),
            text: builder.tongues.everywhere("Other"),
            ..Item::default()
        });
    }
    builder.add_lists(vec![List {
        id: own.clone(),
        items,
    }]);
    if block.filter.is_some() {
        builder.account.refuse(
            &node.place,
            "a choice filter together with `or_other` is not known",
        );
        block.unresolved("a choice filter together with `or_other` is not known");
        block.filter = None;
    }
    block.list = Some(own);
    let text = Block {
        id: builder.fresh(&format!("{}_other", block.id)),
        kind: "text",
        text: builder.tongues.everywhere("Specify other."),
        when: Some(format!("selected(${{{}}}, 'other')", block.id)),
        place: node.place.clone(),
        ..Block::default()
    };
    vec![block, text]
}
