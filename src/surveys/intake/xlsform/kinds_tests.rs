//! Claims about spellings of types.

use super::*;

fn told(cell: &str) -> String {
    match read(cell) {
        Type::Begin(span) => format!("begin {span:?}"),
        Type::End => "end".into(),
        Type::Select {
            choose,
            list,
            or_other,
            is_file,
        } => {
            format!(
                "{choose:?} {list}{}{}",
                if or_other { " other" } else { "" },
                if is_file { " file" } else { "" }
            )
        }
        Type::Plain(plain) => format!("{} {}", plain.names[0], plain.block),
        Type::Title => "title".into(),
        Type::Id => "id".into(),
        Type::Unknown => "unknown".into(),
    }
}

#[test]
fn every_spelling_is_understood() {
    let all = [
        ("begin group", "begin Group"),
        ("begin_repeat", "begin Repeat"),
        ("BEGIN  GROUP", "begin Group"),
        ("begin loop over cols", "begin Loop(\"cols\")"),
        ("end_group", "end"),
        ("end  repeat", "end"),
        ("end", "end computed"),
        ("end time", "end computed"),
        ("select_one yes_no", "One yes_no"),
        ("select one from Yes_No", "One Yes_No"),
        ("select_multiple a or_other", "Several a other"),
        (
            "select all that apply from a or specify other",
            "Several a other",
        ),
        ("select_one_from_file x.csv", "One x.csv file"),
        ("select_one_external towns", "One towns"),
        ("select one from list", "One list"),
        ("rank fruit", "Rank fruit"),
        ("dateTime", "datetime date"),
        ("add text prompt", "text text"),
        ("phone number", "phone number text"),
        ("phonenumber", "deviceid hidden"),
        ("set form title", "title"),
        ("osm tags", "osm "),
        ("party like it's 1999", "unknown"),
        ("begin", "unknown"),
        ("select_one", "One "),
        ("", "unknown"),
    ];
    for (cell, wanted) in all {
        assert_eq!(told(cell), wanted, "{cell}");
    }
}
