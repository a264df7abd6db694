//! Claims about what expressions come to.

use super::super::Expr;
use super::*;
use crate::base::Time;

/// One respondent: a few answers, a loop of three turns, one list of rows.
struct One;

impl Scope for One {
    fn value(&self, name: &str) -> Value {
        let number = Value::Number;
        let text = |text: &str| Value::Text(text.into());
        match name {
            "age" => number(17.0),
            "sex" => text("f"),
            "likes" => Value::List(vec![text("tea"), text("milk")]),
            "born" => text("2009-02-28"),
            "ages" => Value::List(vec![number(3.0), number(40.0), number(7.0)]),
            "people" => Value::List(vec![number(1.0), number(2.0), number(3.0)]),
            "holes" => Value::List(vec![number(3.0), Value::Empty]),
            _ => Value::Empty,
        }
    }

    fn now(&self) -> Time {
        // 2026-11-22T23:30:00Z
        Time(1_795_390_200_000)
    }

    fn minutes_east(&self) -> i32 {
        60
    }

    fn label(&self, name: &str, code: &str) -> Option<String> {
        (name == "sex" && code == "f").then(|| "Female".to_owned())
    }

    fn seed(&self) -> String {
        "s".into()
    }

    fn turn(&self) -> Option<u32> {
        Some(2)
    }

    fn turns(&self, _: &str) -> u32 {
        3
    }

    fn in_turn(&self, name: &str, turn: u32) -> Value {
        match (name, turn) {
            ("ages", 1) => Value::Number(3.0),
            ("ages", 2) => Value::Number(40.0),
            ("ages", 3) => Value::Number(7.0),
            ("who", turn) => Value::Text(format!("p{turn}")),
            _ => Value::Empty,
        }
    }

    fn rows(&self, list: &str) -> usize {
        if list == "cities" { 3 } else { 0 }
    }

    fn cell(&self, _: &str, row: usize, column: &str) -> Value {
        let cities = [
            ("rome", "Roma", "it"),
            ("bari", "Bari", "it"),
            ("ulm", "Ulm", "de"),
        ];
        let (name, label, land) = cities[row];
        match column {
            "name" => Value::of_text(name),
            "label" => Value::of_text(label),
            "land" => Value::of_text(land),
            _ => Value::Empty,
        }
    }
}

fn worked(text: &str) -> Value {
    Expr::parse(text).unwrap().eval(&One)
}

/// Each of them is true.
fn holds(all: &[&str]) {
    for text in all {
        assert_eq!(worked(text), Value::Bool(true), "{text}");
    }
}

#[test]
fn what_is_empty_propagates_and_is_neither_less_nor_more() {
    for text in [
        "${no} + 1",
        "-${no}",
        "number('x')",
        "sqrt(-1)",
        "sum(${holes})",
        "'a' * 2",
        "0 div 0",
        "date('2026-02-30')",
    ] {
        assert_eq!(worked(text), Value::Empty, "{text}");
    }
    holds(&[
        "${no} = ''",
        "${no} != 3",
        "not(${no} = 3)",
        "not(${no} < 18)",
        "not(${no} >= 18)",
        "not(${no})",
        "coalesce(${no}, 5) = 5",
        "string-length(${no}) = 0",
        "count-selected(${no}) = 0",
        "not(selected(${no}, ''))",
    ]);
}

#[test]
fn values_compare_as_in_xpath() {
    holds(&[
        "${age} < 18",
        "'10' > '9'",
        "'1.0' = 1",
        "'1.0' != '1'",
        "true() = 'x'",
        "1 div 0 > 1000",
        "-7 mod 3 = -1",
        "7 mod -3 = 1",
        "${likes} = 'tea milk'",
        "${born} < today()",
        "'10:30' < '12:00'",
    ]);
}

#[test]
fn choices_are_looked_at() {
    holds(&[
        "selected(${likes}, 'tea')",
        "not(selected(${likes}, 'te'))",
        "count-selected(${likes}) = 2",
        "selected-at(${likes}, 1) = 'milk'",
        "selected-at(${likes}, 9) = ''",
        "selected('a b', 'b')",
        "jr:choice-name(${sex}, '${sex}') = 'Female'",
        "jr:choice-name('x', '${sex}') = ''",
        "checklist(1, 2, ${sex}, 'no', ${no})",
        "weighted-checklist(3, -1, ${sex}, 2, 'yes', 1)",
    ]);
}

#[test]
fn loops_are_counted_and_picked_from() {
    holds(&[
        "sum(${ages}) = 50",
        "min(${ages}, 1) = 1",
        "max(${ages}) = 40",
        "count(${people}) = 3",
        "count(${holes}) = 2",
        "count-non-empty(${holes}) = 1",
        "join(', ', ${ages}) = '3, 40, 7'",
        "position(..) = 2",
        "indexed-repeat(${who}, ${people}, position(..) + 1) = 'p3'",
        "${people}[position() = 2]/who = 'p2'",
        "${people}[2]/who = 'p2'",
        "count(${people}[ages > 5]) = 2",
        "count(${ages}[. > 5]) = 2",
        "sum(${people}[ages > 5]/ages) = 47",
    ]);
}

#[test]
fn lists_are_looked_into() {
    holds(&[
        "instance('cities')/root/item[name = 'ulm']/label = 'Ulm'",
        "instance('cities')/root/item[land = 'it']/label = 'Roma'",
        "count(instance('cities')/root/item[land = 'it']) = 2",
        "instance('cities')/root/item[land = 'it'][2]/name = 'bari'",
        "instance('none')/root/item[1]/name = ''",
        "pulldata('cities', 'label', 'name', 'bari') = 'Bari'",
        "pulldata('cities', 'label', 'name', 'x') = ''",
    ]);
}

#[test]
fn dates_are_the_respondents_own() {
    holds(&[
        "today() = '2026-11-23'",
        "now() = '2026-11-23T00:30:00.000+01:00'",
        "today() - 1 = decimal-date-time('2026-11-22')",
        "date(today() + 8) = '2026-12-01'",
        "date('2024-02-29') = '2024-02-29'",
        "format-date('2026-01-05', '%e.%n.%Y %b %a %%') = '5.1.2026 Jan Mon %'",
        "format-date-time(now(), '%H:%M:%S.%3') = '00:30:00.000'",
        "decimal-time('06:00') = 0.25",
        "difference-in-months(${born}, '2010-02-27') = 11",
        "difference-in-months('2010-02-28', ${born}) = -12",
        "int((today() - ${born}) div 365.25) = 17",
    ]);
}

#[test]
fn texts_are_cut_by_letters() {
    holds(&[
        "string-length('äö🦀') = 3",
        "substr('äö🦀x', 1, 3) = 'ö🦀'",
        "substr('hello', -3) = 'llo'",
        "substr('hello', 3, 1) = ''",
        "concat('a', 1, true(), ${no}) = 'a1true'",
        "substring-before('2026-11', '-') = '2026'",
        "substring-after('2026-11', '-') = '11'",
        "translate('bar', 'abc', 'AB') = 'BAr'",
        "normalize-space('  a   b ') = 'a b'",
        "regex('ab12', '[a-z]+\\d{2}')",
        "boolean-from-string('TRUE')",
        "round(3.14159, 2) = 3.14",
    ]);
}

#[test]
fn chance_is_the_same_each_time() {
    assert_eq!(worked("random()"), worked("random()"));
    assert_ne!(worked("random()"), worked(" random()"));
    holds(&[
        "random() >= 0 and random() < 1",
        "regex(uuid(), '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')",
    ]);
}

/// A list of many rows.
struct Many;

impl Scope for Many {
    fn value(&self, _: &str) -> Value {
        Value::Empty
    }

    fn now(&self) -> Time {
        Time(0)
    }

    fn rows(&self, _: &str) -> usize {
        5_000
    }

    fn cell(&self, _: &str, row: usize, _: &str) -> Value {
        Value::Number(count(row))
    }
}

#[test]
fn what_would_never_end_is_empty() {
    let nested = "count(instance('a')/root/item[count(instance('a')/root/item[a = 1]) > 2])";

    assert_eq!(Expr::parse(nested).unwrap().eval(&Many), Value::Empty);
    let plain = Expr::parse("count(instance('a')/root/item[a < 10])").unwrap();
    assert_eq!(plain.eval(&Many), Value::Number(10.0));
}
