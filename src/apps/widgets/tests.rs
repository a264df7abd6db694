//! What every kind owes us, asked of every kind.

use super::*;
use crate::apps::format::App;

const SAMPLE: &str = include_str!("sample.toml");

#[test]
fn every_kind_stands_in_the_sample_and_is_described() {
    let app = App::parse(SAMPLE, &Known).unwrap();
    for kind in ALL {
        let schema = kind.schema();
        let mut widgets = app.pages.iter().flat_map(|page| &page.widgets);
        assert!(
            widgets.any(|widget| widget.kind == schema.name),
            "{}",
            schema.name
        );
        assert!(schema.doc.ends_with('.'), "{}", schema.name);
        assert!(
            schema.keys.iter().all(|key| key.doc.ends_with('.')),
            "{}",
            schema.name
        );
        let same = ALL
            .iter()
            .filter(|other| other.schema().name == schema.name);
        assert_eq!(same.count(), 1, "{}", schema.name);
    }
}

#[test]
fn the_examples_of_the_handbook_are_of_this_format() {
    let handbook = include_str!("../../../docs/widgets.md");
    let blocks = handbook.split("```toml\n").skip(1);
    let blocks: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert!(blocks.len() > 12);
    for block in blocks {
        let document: toml_edit::DocumentMut = block
            .parse()
            .unwrap_or_else(|error| panic!("{error}\n{block}"));
        let Some(kind) = document.get("type").and_then(toml_edit::Item::as_str) else {
            continue;
        };
        let keys = named(kind)
            .unwrap_or_else(|| panic!("{kind}"))
            .schema()
            .keys;
        for (name, _) in document.iter() {
            let is_known = keys.iter().any(|key| key.name == name);
            assert!(
                is_known || ["type", "at", "query"].contains(&name),
                "{kind}: {name}"
            );
        }
    }
}

fn said(from: &str, to: &str) -> String {
    assert!(SAMPLE.contains(from), "{from}");
    let problems = App::parse(&SAMPLE.replacen(from, to, 1), &Known).unwrap_err();
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn what_a_widget_cannot_be_is_said_with_its_place() {
    insta::assert_snapshot!(said("\"money:EUR\", status", "\"money:euro\", status"), @"66:10: `money:euro` is no format for amount; known are money:EUR, number, number:2, percent, percent:1, date, datetime, badge, boolean and link");
    insta::assert_snapshot!(said("paid = \"good\" }", "paid = \"gold\" }"), @"67:10: `paid` cannot be gold; a badge is good, warn, bad, info or none");
    insta::assert_snapshot!(said("amount = \"sum\" }", "amount = \"add\" }"), @"69:10: amount cannot be `add`; a total is sum, avg, min, max or count");
    insta::assert_snapshot!(said("goto = \"edit\"\nstyle", "style"), @"94:9: this button does nothing; give it `goto` or `run`");
    insta::assert_snapshot!(said("help = { name", "help = { nome"), @"114:8: `add` has no field `nome`; its fields come from parameters with `from = \"form.…\"`");
}

#[test]
fn what_would_lose_a_change_or_lead_nowhere_is_refused() {
    insta::assert_snapshot!(said("and amount is :before\"", "\""), @"136:10: the statement has no `:before`; use it there or remove it here");
    insta::assert_snapshot!(said("before = { from = \"row.amount\", type = \"decimal\"", "before = { from = \"url.amount\", type = \"decimal\""), @r#"175:36: `set_amount` does not look at the value before, and would overwrite what somebody else changed; compare it with a parameter that has `from = "row.amount"`"#);
    insta::assert_snapshot!(said("column = \"amount\", run = \"set_amount\"", "column = \"name\", run = \"set_amount\""), @r#"
    175:34: `set_amount` takes no new value from this cell; give it one parameter with `from = "form.name"` and no other from a form
    175:34: `set_amount` does not look at the value before, and would overwrite what somebody else changed; compare it with a parameter that has `from = "row.name"`
    "#);
    insta::assert_snapshot!(said("[{ label = \"Drop\", run = \"drop\" }]", "[{ label = \"Drop\", run = \"add\" }]"), @"239:36: a button of a row has nothing to type in, and `name` comes from a form; take it from `row.…`");
    insta::assert_snapshot!(said("move = \"set_status\"", "move = \"drop\""), @r#"186:8: `drop` takes no new state; give it a parameter with `from = "form.status"`"#);
    insta::assert_snapshot!(said("refresh = [\"sums\"]", "refresh = [\"summs\"]"), @"187:37: there is no query `summs` to draw anew");
    insta::assert_snapshot!(said("when = \"> 15\"", "when = \"about 15\""), @"171:42: `about 15` compares nothing; write < <= > >= = or != and a value, or empty, or filled");
    insta::assert_snapshot!(said("columns = [\"amount\", \"day\"] }]", "columns = [\"amount\", \"day\"] }, { label = \"B\", columns = [\"day\"] }]"), @"170:86: `day` stands in two groups; take it out of one");
}

#[test]
fn what_a_picture_a_chart_or_a_board_cannot_be_is_said_with_its_place() {
    insta::assert_snapshot!(said("mark = \"combined\"", "mark = \"line\""), @r#"197:9: only `mark = "combined"` has a second axis; change `mark`, or take `right` away"#);
    insta::assert_snapshot!(said("right = [\"orders\"]\n", ""), @"194:8: a combined chart has two axes; name the columns of the second in `right`");
    insta::assert_snapshot!(said("bins = 4", "bins = 1"), @"206:8: `bins` is 1; write 2 to 50");
    insta::assert_snapshot!(said("series = \"status\"\n", ""), @"212:8: a heatmap needs `x` for its columns, `series` for its rows and one column in `y`");
    insta::assert_snapshot!(said("states = [\"new\", \"paid\"]", "states = [\"new\"]"), @"182:10: a board has two states at least; name them in `states`");
    insta::assert_snapshot!(said("src = 'https://maps", "src = 'http://maps"), @"285:7: `src` is no address of a page elsewhere; write https://…");
    insta::assert_snapshot!(said("src = \"data:image/png;base64,iVBORw0KGgo=\"\n", ""), @"275:19: this image shows nothing; give it `src`, or `query` and `column`");
    insta::assert_snapshot!(said("across = \"month\"", "across = \"status\""), @"254:10: `down` and `across` are the same column; name another one");
}
