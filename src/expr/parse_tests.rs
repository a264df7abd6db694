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
    ]), @r##"
    1 + 2 * 3 - 4 -> ["chain",1.0,"+",["chain",2.0,"*",3.0],"-",4.0]
    ${a} = 1 or ${b} != 2 and not(${c}) -> ["chain",["chain",["$","a"],"=",1.0],"or",["chain",["chain",["$","b"],"!=",2.0],"and",["call","not",["$","c"]]]]
    -${a} mod 2 div 3 -> ["chain",["-",["$","a"]],"mod",2.0,"div",3.0]
    (1 + 2) * 3 -> ["chain",["chain",1.0,"+",2.0],"*",3.0]
    1 < 2 = true() -> ["chain",["chain",1.0,"<",2.0],"=",["call","true"]]
    "##);
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
    ]), @r##"
    ${ age } -> ["$","age"]
    /data/group/age -> ["$","age"]
    ../age -> ["$","age"]
    current()/../age -> ["$","age"]
    current()/. -> ["."]
    . -> ["."]
    age -> ["column","age"]
    ./age -> ["$","age"]
    //age -> ["$","age"]
    ${group}/age -> ["$","age"]
    ${loop}[position() = 2]/age -> ["turns","loop",[["chain",["place"],"=",2.0]],"age"]
    ${age}[. > 3] -> ["those","age",[["chain",["."],">",3.0]]]
    count(/data/loop[age > 3]/name) -> ["call","count",["turns","loop",[["chain",["column","age"],">",3.0]],"name"]]
    position(..) -> ["turn"]
    indexed-repeat(${age}, ${loop}, position(..) - 1) -> ["inturn","age",["chain",["turn"],"-",1.0]]
    instance('cities')/root/item[state = ${state}][1]/label -> ["rows","cities",[["chain",["column","state"],"=",["$","state"]],1.0],"label"]
    jr:choice-name(${a}, '${a}') -> ["label",["$","a"],"a"]
    pulldata('fruits', 'name', 'key', ${fruit}) -> ["lookup",["fruits","name","key",["$","fruit"]]]
    ‘it’ = “she said 'it'” -> ["chain","it","=","she said 'it'"]
    a-b -> ["column","a-b"]
    ${a}-b -> ["chain",["$","a"],"-",["column","b"]]
    "##);
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
    ]), @r##"
     -> at 0: is empty
       -> at 2: is empty
    1 + -> at 3: ends where something is still missing
    ${a} == 1 -> at 5: `==` is not understood; write = once
    ${a} && ${b} -> at 5: `&&` is not understood; write and
    ${a} AND ${b} -> at 5: `AND` is not understood; write and in small letters
    ${a -> at 0: `${` is never closed with `}`
    ${} -> at 0: `${}` names nothing
    ${last-saved#a} -> at 0: answers of an earlier interview are not known here
    (1 -> at 0: `(` is never closed with `)`
    selected(${a}, 'x' -> at 8: `(` is never closed with `)`
    'open -> at 0: this quote is never closed
    selected(${a}) -> at 0: selected() needs at least 2 values, and is given 1
    today(1) -> at 0: today() takes at most 0 values, and is given 1
    slected(${a}, 'x') -> at 0: there is no function slected(); did you mean selected()?
    digest('a', 'MD5') -> at 0: there is no function digest()
    regex(., ${p}) -> at 0: regex() needs a text and a pattern that is written out in quotes
    regex(., '(?=a)') -> at 0: this pattern is not understood: look-around, including look-ahead and look-behind, is not supported
    .. -> at 0: `..` alone names no question
    ../* -> at 3: only paths that name a question are understood
    position(3) -> at 8: position() is given `..` and nothing else
    1 2 -> at 2: `2` is not expected here
    ${a} ${b} -> at 5: `${b}` is not expected here
    a[1]/b[2] -> at 0: a path can be filtered at one step only
    ${a}[1 -> at 4: `[` is never closed with `]`
    instance(${a})/root/item -> at 0: instance() needs the name of a list in quotes
    {a} -> at 0: `{` is not understood; name a question as ${name}
    3mod2 -> at 1: `mod2` is not expected here
    ) -> at 0: `)` is not expected here
    @x -> at 0: only paths that name a question are understood
    "##);
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
    for cut in [
        "if(${a}[. = 'ü'] and ",
        "‘",
        "${",
        "a::",
        "a:",
        "[",
        "\u{0}",
        "🦀(",
    ] {
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
