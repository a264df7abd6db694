//! Pages and widgets that came, went, or show something else.

use toml_edit::Item;

use super::{Found, Sign, matched, quoted};
use crate::apps::format::{App, Page, Widget};

pub(super) fn look(old: &App, new: &App, found: &mut Found) {
    let both = (old.pages.as_slice(), new.pages.as_slice());
    matched(
        both,
        |page| &page.id,
        found,
        |found, old, new| match (old, new) {
            (None, Some(new)) => found.add(Sign::Added, with_widgets(new)),
            (Some(old), None) => found.add(Sign::Removed, with_widgets(old)),
            (Some(old), Some(new)) => one(found, old, new),
            (None, None) => {}
        },
    );
}

fn with_widgets(page: &Page) -> String {
    let widgets = match page.widgets.len() {
        1 => "1 widget".to_owned(),
        count => format!("{count} widgets"),
    };
    format!(
        "the page {} at {}, with {widgets}",
        quoted(&page.title),
        page.path
    )
}

fn one(found: &mut Found, old: &Page, new: &Page) {
    let of = |what: &str| format!("the page {}, {what}", quoted(&new.title));
    found.set(&of("its title"), (&old.title, &new.title), |title| {
        quoted(title)
    });
    found.set(&of("its path"), (&old.path, &new.path), String::clone);
    let menu = |is_there: &bool| if *is_there { "there" } else { "not there" }.to_owned();
    found.set(&of("in the menu"), (&old.menu, &new.menu), menu);
    let order = (old.order.as_ref(), new.order.as_ref());
    found.set_or(&of("its order"), order, "none", i64::to_string);
    let both = (old.widgets.as_slice(), new.widgets.as_slice());
    matched(
        both,
        |widget| &widget.id,
        found,
        |found, old, new| {
            let what = |widget: &Widget| of(&format!("the {} {}", widget.kind, widget.id));
            match (old, new) {
                (None, Some(new)) => found.add(Sign::Added, what(new)),
                (Some(old), None) => found.add(Sign::Removed, what(old)),
                (Some(old), Some(new)) => settings(found, &what(new), (old, new)),
                (None, None) => {}
            }
        },
    );
}

fn settings(found: &mut Found, what: &str, (old, new): (&Widget, &Widget)) {
    let at = |at: &[u32; 3]| format!("row {}, column {}, {} wide", at[0], at[1], at[2]);
    found.set(&format!("{what}, its place"), (&old.at, &new.at), at);
    let keys = old.settings.iter().chain(new.settings.iter());
    let mut keys: Vec<&str> = keys
        .map(|(key, _)| key)
        .filter(|key| *key != "at")
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let value = |widget: &Widget| widget.settings.get(key).map(written);
        let (before, now) = (value(old), value(new));
        let of = format!("{what}, {key}");
        let said = |value: &str| quoted(value);
        match (before, now) {
            (None, Some(now)) => found.add(Sign::Added, format!("{of}: {}", said(&now))),
            (Some(before), None) => found.add(Sign::Removed, format!("{of}: {}", said(&before))),
            (Some(before), Some(now)) => {
                found.set(&of, (before.as_str(), now.as_str()), said);
            }
            (None, None) => {}
        }
    }
}

/// What stands at a key, without spaces and comments around it.
fn written(item: &Item) -> String {
    let mut item = item.clone();
    if let Some(value) = item.as_value_mut() {
        value.decor_mut().clear();
    }
    if let Some(text) = item.as_str() {
        return text.to_owned();
    }
    let plain = item.to_string();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
