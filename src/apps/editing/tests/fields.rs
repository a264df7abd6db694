//! The fields of a widget: what is not typed anew keeps its bytes.

use super::*;
use crate::web::Fields;

fn sheet(text: &str, page: &str, id: &str) -> Sheet {
    let outline = Outline::of(text).unwrap();
    let kind = &outline.page(page).unwrap().widget(id).unwrap().kind;
    let kind = crate::apps::widgets::named(kind).unwrap();
    Sheet::of(widget(page, id), kind.schema().keys)
}

/// What a browser would send of the form as it is shown.
fn sent(fields: &[Field], into: &mut Vec<(String, String)>) {
    for field in fields {
        let mut add = |name: String, value: &str| into.push((name, value.to_owned()));
        match field.form {
            Form::List | Form::Ticks => {
                add(format!("{}.is", field.name), "1");
                for value in &field.values {
                    add(field.name.clone(), value);
                }
            }
            Form::Pairs => {
                add(format!("{}.is", field.name), "1");
                for (name, value) in &field.pairs {
                    add(format!("{}.key", field.name), name);
                    add(format!("{}.value", field.name), value);
                }
            }
            Form::Group | Form::Groups => {
                add(format!("{}.is", field.name), "1");
                for group in &field.groups {
                    sent(group, into);
                }
            }
            Form::Text => {}
            _ => add(field.name.clone(), field.value()),
        }
    }
}

fn form(text: &str, page: &str, id: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let fields = sheet(text, page, id).fields(text, &Offer::default(), None);
    sent(&fields, &mut pairs);
    pairs
}

fn typed(pairs: &[(String, String)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    Fields::parse(&query.extend_pairs(pairs).finish())
}

/// The form with one field changed.
fn with(text: &str, (page, id): (&str, &str), name: &str, value: &str) -> String {
    let mut pairs = form(text, page, id);
    let field = pairs.iter_mut().find(|(known, _)| known == name);
    field.unwrap_or_else(|| panic!("{name}")).1 = value.to_owned();
    sheet(text, page, id).write(text, &typed(&pairs)).unwrap()
}

#[test]
fn what_was_not_typed_anew_keeps_its_bytes() {
    for text in TEXTS {
        for (page, widget) in widgets(text) {
            let sheet = sheet(text, &page, &widget.id);
            let same = typed(&form(text, &page, &widget.id));

            assert_eq!(sheet.write(text, &same).unwrap(), text, "{}", widget.id);
            assert!(sheet.faults(text, &same).is_empty(), "{}", widget.id);
            assert!(sheet.others(text, &["type", "at"]).is_empty());
        }
    }
}

#[test]
fn a_text_is_written_in_its_own_spelling_and_back() {
    let of = ("orders", "monthly");

    let new = with(EXAMPLE, of, "k.mark", "line");
    let titled = with(EXAMPLE, of, "k.title", "Each \"month\"");

    assert_eq!(new, EXAMPLE.replacen("\"bar\"", "\"line\"", 1));
    assert_eq!(with(&new, of, "k.mark", "bar"), EXAMPLE);
    assert!(
        titled.contains("title = \"Each \\\"month\\\"\""),
        "{titled}"
    );
    assert_eq!(with(&titled, of, "k.title", ""), EXAMPLE);
}

#[test]
fn tables_of_texts_keep_the_entries_that_stay() {
    let untidy = TEXTS[3];
    let of = ("first", "list");
    let mut pairs = form(untidy, of.0, of.1);
    let value = pairs
        .iter_mut()
        .find(|(name, value)| name == "k.labels.value" && value == "Amount");
    value.unwrap().1 = "Sum".to_owned();

    let new = sheet(untidy, of.0, of.1)
        .write(untidy, &typed(&pairs))
        .unwrap();

    assert_eq!(new, untidy.replace("amount = 'Amount'", "amount = 'Sum'"));
    let mut gone = form(untidy, of.0, of.1);
    for (name, value) in &mut gone {
        if name.starts_with("k.labels.") && name.rsplit('.').next() != Some("is") {
            value.clear();
        }
    }
    let gone = sheet(untidy, of.0, of.1)
        .write(untidy, &typed(&gone))
        .unwrap();
    assert!(
        loads(&gone).page("first").unwrap().widgets[0]
            .settings
            .get("labels")
            .is_none()
    );
}

#[test]
fn lists_of_tables_gain_and_lose_one() {
    let untidy = TEXTS[3];
    let of = ("first", "parts");

    let more = with(untidy, of, "k.tabs.2.label", "Three");
    let gone = with(&more, of, "k.tabs.2.label", "");

    assert_eq!(loads(&more).page("first").unwrap().widgets.len(), 2);
    assert!(more.contains("label = \"Three\""), "{more}");
    assert_eq!(gone, untidy);
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let said = |name: &str, value: &str| {
        let mut pairs = form(EXAMPLE, "orders", "list");
        pairs.retain(|(known, _)| known != name);
        pairs.push((name.to_owned(), value.to_owned()));
        let sheet = sheet(EXAMPLE, "orders", "list");
        let faults = sheet.faults(EXAMPLE, &typed(&pairs));
        faults
            .into_iter()
            .map(|(name, why)| format!("{name}: {why}"))
            .collect::<Vec<_>>()
            .join("; ")
    };

    assert_eq!(
        said("k.query", ""),
        "k.query: this cannot be empty; fill it in"
    );
    assert_eq!(said("k.title", "All"), "");
    let mut twice = form(EXAMPLE, "orders", "list");
    for (name, value) in [("k.format.key", "amount"), ("k.format.value", "number")] {
        twice.push((name.to_owned(), value.to_owned()));
    }
    let faults = sheet(EXAMPLE, "orders", "list").faults(EXAMPLE, &typed(&twice));
    assert_eq!(
        faults[0],
        (
            "k.format".to_owned(),
            "`amount` is there twice; keep one".to_owned()
        )
    );
}

#[test]
fn a_form_offers_what_the_app_has() {
    let offer = Offer {
        reads: vec!["list_orders".into(), "by_month".into()],
        columns: vec!["month".into(), "amount".into()],
        ..Offer::default()
    };

    let fields = sheet(EXAMPLE, "orders", "monthly").fields(EXAMPLE, &offer, None);

    let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!(field("k.x").form, Form::Choice);
    assert_eq!(field("k.query").options.len(), 3);
    assert_eq!(field("k.y").form, Form::List);
    assert!(
        field("k.x")
            .options_for("gone")
            .iter()
            .any(|one| one.1.contains("not known"))
    );
    assert_eq!(
        field("k.mark").line,
        Outline::of(EXAMPLE)
            .unwrap()
            .page("orders")
            .unwrap()
            .widget("monthly")
            .unwrap()
            .line
            + 4
    );
}
