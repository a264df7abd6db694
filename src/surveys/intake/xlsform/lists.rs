//! The choices: lists of items with their codes.

use std::collections::HashSet;

use super::super::draft::{Item, List, Texts};
use super::super::{Account, Beside, Place};
use super::headers::{Cells, Table};
use super::tongues::Tongues;
use crate::surveys::assets::{Form, name_of};
use crate::surveys::format::is_name;

/// Longer lists are data for a look-up, not choices of a page.
const LONGEST: usize = 20_000;

/// Columns of a choice that are not for filters.
const OWN: &[&str] = &[
    "list_name",
    "name",
    "label",
    "image",
    "big_image",
    "audio",
    "video",
];

/// One choice as it was written.
#[derive(Clone)]
struct Choice {
    name: String,
    text: Texts,
    image: Option<String>,
    columns: Vec<(String, String)>,
    place: Place,
}

/// All lists of a sheet, and the account of its rows.
pub(super) fn read(
    table: &Table,
    tongues: &Tongues,
    may_repeat: bool,
    account: &mut Account,
) -> Vec<List> {
    let mut lists: Vec<(String, Vec<Choice>)> = Vec::new();
    for cells in table.cells() {
        let place = Place::new(&table.sheet, cells.row.number);
        let (list, name) = (cells.get("list_name"), cells.get("name"));
        account.row(
            &place,
            format!("choice {list} {name}").trim_end().to_owned(),
        );
        if list.is_empty() && name.is_empty() {
            account.note(
                &place,
                "has neither a list nor a name; left out as a comment",
            );
        } else if list.is_empty() || name.is_empty() {
            let missing = if list.is_empty() { "list_name" } else { "name" };
            account.refuse(&place, format!("has no {missing}"));
        } else {
            let choice = choice(cells, name, tongues, place, account);
            match lists.iter_mut().find(|(known, _)| known == list) {
                Some((_, choices)) => choices.push(choice),
                None => lists.push((list.to_owned(), vec![choice])),
            }
        }
    }
    let coded = lists.into_iter().map(|(id, choices)| List {
        id,
        items: items(choices, may_repeat, account),
    });
    coded.collect()
}

fn choice(
    cells: Cells<'_>,
    name: &str,
    tongues: &Tongues,
    place: Place,
    account: &mut Account,
) -> Choice {
    let mut text = cells.texts("label", tongues);
    if text.is_empty() {
        account.note(&place, "has no label; its name is shown");
        text = tongues.everywhere(name);
    }
    let file = cells.get("image");
    let image = picture(file);
    if let Some(name) = &image {
        account.note(
            &place,
            format!("its picture {file} is called {name}: bring it under Assets, and look whether `alt` says what it shows"),
        );
    }
    let lost = ["image", "big_image", "audio", "video"];
    for media in lost.iter().skip(usize::from(image.is_some())) {
        let file = cells.get(media);
        if !file.is_empty() {
            account.note(
                &place,
                format!("{media} {file} is not carried over; add the picture to the item here"),
            );
        }
    }
    let columns = cells.others(OWN).filter(|(column, _)| is_name(column));
    Choice {
        name: name.to_owned(),
        text,
        image,
        columns: columns
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect(),
        place,
    }
}

/// What a picture beside the form is called here; nothing where it is of a kind that is not
/// taken.
fn picture(file: &str) -> Option<String> {
    let (_, ending) = file.rsplit_once('.')?;
    let form = match ending.to_ascii_lowercase().as_str() {
        "png" => Form::Png,
        "jpg" | "jpeg" => Form::Jpeg,
        "webp" => Form::WebP,
        _ => return None,
    };
    Some(name_of(file, form))
}

/// Names that are whole numbers are codes; the others get the next free one.
fn items(choices: Vec<Choice>, may_repeat: bool, account: &mut Account) -> Vec<Item> {
    let code_of = |name: &str| {
        let code: i64 = name.parse().ok()?;
        let is_plain = code.to_string() == name && (-999_999_999..=999_999_999).contains(&code);
        is_plain.then_some(code)
    };
    let mut used: HashSet<i64> = { choices.iter() }
        .filter_map(|choice| code_of(&choice.name))
        .collect();
    let mut seen: Vec<Choice> = Vec::new();
    let mut items = Vec::new();
    let mut next = 1;
    for choice in choices {
        if let Some(known) = seen.iter().find(|known| known.name == choice.name) {
            twice(known, &choice, may_repeat, account);
            continue;
        }
        let (code, name) = if let Some(code) = code_of(&choice.name) {
            (code, None)
        } else {
            while used.contains(&next) {
                next += 1;
            }
            used.insert(next);
            (next, Some(choice.name.clone()))
        };
        items.push(Item {
            code,
            name,
            text: choice.text.clone(),
            image: choice.image.clone(),
            columns: choice.columns.clone(),
            ..Item::default()
        });
        seen.push(choice);
    }
    items
}

fn twice(known: &Choice, choice: &Choice, may_repeat: bool, account: &mut Account) {
    if known.text == choice.text && known.columns == choice.columns {
        account.note(
            &choice.place,
            format!(
                "the choice `{}` is there twice; one of them stays",
                choice.name
            ),
        );
    } else {
        let allowed = if may_repeat {
            " although the form allows it"
        } else {
            ""
        };
        let why = format!(
            "the name `{}` is there twice in its list{allowed}; give each choice its own",
            choice.name
        );
        account.refuse(&choice.place, why);
    }
}

/// A list that lies beside the form as a text file with commas.
pub(super) fn from_file(
    file: &str,
    keys: [&str; 2],
    tongues: &Tongues,
    beside: &dyn Beside,
) -> Result<List, String> {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    if !ending.eq_ignore_ascii_case("csv") {
        return Err(format!(
            "lists are taken from .csv files only, not from {file}"
        ));
    }
    let bytes = beside.file(file).ok_or_else(|| {
        format!("the file {file} is not beside the form; put it there and try again")
    })?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes.as_slice());
    let fault = |error: csv::Error| format!("{file} cannot be read: {error}");
    let heads: Vec<String> = { reader.headers().map_err(fault)?.iter() }
        .map(|head| head.trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    let [name_key, label_key] = keys.map(|key| heads.iter().position(|head| head == key));
    let mut choices: Vec<Choice> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(fault)?;
        if choices.len() >= LONGEST {
            return Err(format!("{file} has more than {LONGEST} rows"));
        }
        let row = choices.len().to_string();
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at))
                .unwrap_or("")
                .trim()
                .to_owned()
        };
        // A file for look-ups alone has no names: its rows are numbered.
        let name = name_key.map_or(row, |key| cell(Some(key)));
        let label = Some(cell(label_key)).filter(|label| !label.is_empty());
        let columns = { heads.iter().zip(record.iter()) }
            .filter(|(head, cell)| is_name(head) && !cell.is_empty())
            .map(|(head, cell)| (head.clone(), cell.trim().to_owned()));
        choices.push(Choice {
            text: tongues.everywhere(label.as_deref().unwrap_or(&name)),
            name,
            image: None,
            columns: columns.collect(),
            place: Place::default(),
        });
    }
    choices.retain(|choice| !choice.name.is_empty());
    Ok(List {
        id: stem.to_owned(),
        items: items(choices, true, &mut Account::default()),
    })
}
