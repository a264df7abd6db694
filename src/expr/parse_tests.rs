//! Claims about what is an expression and what is none.

use super::super::Expr;

/// The tree, or the place and the reason.
fn read(text: &str) -> String {
    match Expr::parse(text) {
        Ok(expr) => expr.json().to_string(),
        Err(fault) => format!("at {}: {fault}", fault.at),
    }
}

fn each(texts: &[&str]) -> String {
    let lines = texts.iter().map(|text| format!("{text} -> {}", read(text)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn operators_bind_as_in_xpath() {
    insta::assert_snapshot!(each(&[
        "1 + 2 * 3 - 4",
        "${a} = 1 or ${b} != 2 and not(${c})",
        "-${a} mod 2 div 3",
        "(1 + 2) * 3",
        "1 < 2 = true()",
    ]));
}

#[test]
fn questions_are_named_by_braces_or_by_paths() {
    insta::assert_snapshot!(each(&[
        "${ age }",
        "/data/group/age",
        "../age",
        "current()/../age",
        "current()/.",
        ".",
        "age",
        "./age",
        "//age",
        "${group}/age",
        "${loop}[position() = 2]/age",
        "${age}[. > 3]",
        "count(/data/loop[age > 3]/name)",
        "position(..)",
        "indexed-repeat(${age}, ${loop}, position(..) - 1)",
        "instance('cities')/root/item[state = ${state}][1]/label",
        "jr:choice-name(${a}, '${a}')",
        "pulldata('fruits', 'name', 'key', ${fruit})",
        "‘it’ = “she said 'it'”",
        "a-b",
        "${a}-b",
    ]));
}

#[test]
fn a_mistake_is_told_with_its_place_and_the_way_out() {
    insta::assert_snapshot!(each(&[
        "",
        "  ",
        "1 +",
        "${a} == 1",
        "${a} && ${b}",
        "${a} AND ${b}",
        "${a",
        "${}",
        "${last-saved#a}",
        "(1",
        "selected(${a}, 'x'",
        "'open",
        "selected(${a})",
        "today(1)",
        "slected(${a}, 'x')",
        "digest('a', 'MD5')",
        "regex(., ${p})",
        "regex(., '(?=a)')",
        "..",
        "../*",
        "position(3)",
        "1 2",
        "${a} ${b}",
        "a[1]/b[2]",
        "${a}[1",
        "instance(${a})/root/item",
        "{a}",
        "3mod2",
        ")",
        "@x",
    ]));
}

#[test]
fn no_text_makes_it_panic_or_takes_long() {
    let deep = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let ifs = format!("{}1{}", "if(${a}, 2, ".repeat(140), ")".repeat(140));
    let wide = format!("1{}", " + 1".repeat(5_000));
    let minus = "-".repeat(20_000);

    assert!(read(&deep).contains("brackets in brackets"));
    assert!(read(&ifs).starts_with("[\"call\""));
    assert!(read(&wide).starts_with("[\"chain\""));
    assert!(read(&minus).starts_with("at "));
    for cut in ["if(${a}[. = 'ü'] and ", "‘", "${", "a::", "a:", "[", "\u{0}", "🦀("] {
        assert!(Expr::parse(cut).is_err(), "{cut}");
    }
}

#[test]
fn names_and_columns_and_lists_are_told() {
    let expr = Expr::parse(
        "${a} + sum(${loop}[x > ${b}]/c) + pulldata('f', 'x', 'y', ${a}) \
         + instance('i')/root/item[col = 1]/y + state + jr:choice-name(1, '/data/d')",
    )
    .unwrap();

    assert_eq!(expr.names(), ["a", "loop", "c", "b", "d"]);
    assert_eq!(expr.columns(), ["state"]);
    assert_eq!(expr.lists(), ["f", "i"]);
    assert!(!expr.asks_itself());
    assert!(Expr::parse(". > 3").unwrap().asks_itself());
}
