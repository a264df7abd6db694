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
