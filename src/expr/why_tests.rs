//! What is said of a condition agrees with what it comes to.

use std::collections::HashMap;

use super::*;
use crate::base::Time;

/// Answers by name.
struct Told(HashMap<&'static str, Value>);

impl Scope for Told {
    fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or(Value::Empty)
    }

    fn now(&self) -> Time {
        Time(1_795_390_200_000)
    }

    fn itself(&self) -> Value {
        Value::Number(7.0)
    }

    fn seed(&self) -> String {
        "s".into()
    }
}

fn told(all: &[(&'static str, Value)]) -> Told {
    Told(all.iter().cloned().collect())
}

fn said(text: &str, scope: &Told) -> Vec<String> {
    let why = Expr::parse(text).unwrap().why(scope);
    let parts = why.parts.into_iter();
    parts
        .map(|part| format!("{}: {}", part.text, part.holds))
        .collect()
}

#[test]
fn the_part_that_is_false_is_said_with_its_values() {
    let scope = told(&[("age", Value::Number(42.0)), ("sex", Value::Number(1.0))]);
    let why = Expr::parse("${sex} = 1 and ( ${age} < 18 )")
        .unwrap()
        .why(&scope);

    assert_eq!(
        why,
        Why {
            holds: false,
            parts: vec![Part {
                text: "${age} < 18".to_owned(),
                holds: false,
                names: vec![("age".to_owned(), Value::Number(42.0))],
            }],
        }
    );
}

#[test]
fn of_several_ways_all_have_to_be_closed_and_one_has_to_be_open() {
    let scope = told(&[("a", Value::Number(1.0)), ("b", Value::Number(2.0))]);

    assert_eq!(said("${a} = 1 or ${b} = 1", &scope), ["${a} = 1: true"]);
    assert_eq!(
        said("${a} = 3 or ${b} = 3", &scope),
        ["${a} = 3: false", "${b} = 3: false"]
    );
    assert_eq!(
        said("not(${a} = 1 and ${b} = 3)", &scope),
        ["${b} = 3: false"]
    );
    assert_eq!(
        said("not(${a} = 1 or ${b} = 3)", &scope),
        ["${a} = 1: true"]
    );
    assert_eq!(said(". > 9 and true()", &scope), [". > 9: false"]);
}

#[test]
fn words_in_quotes_and_names_take_nothing_apart() {
    let scope = told(&[("land or sea", Value::Empty)]);
    for text in [
        "${a} = 'this and that'",
        "${a} = \"or\"",
        "${a} = ‘x or y’",
        "concat(${a} or ${b}, 'x') = 'truex'",
        "${a} and random() < 0.5",
        "(${a}) = (${b})",
        "if(${a}, 1, 0)",
        "order = 1",
    ] {
        let parts = said(text, &scope);
        assert_eq!(parts.len(), 1, "{text}: {parts:?}");
        assert!(parts[0].starts_with(text), "{text}: {parts:?}");
    }
}

/// A condition made by chance out of a few parts.
fn made(die: &mut dyn FnMut(usize) -> usize, depth: usize) -> String {
    let names = ["a", "b", "c"];
    if depth == 0 || die(4) == 0 {
        let name = names[die(3)];
        return match die(5) {
            0 => format!("${{{name}}}"),
            1 => format!("selected(${{{name}}}, {})", die(3)),
            2 => format!("${{{name}}} > {}", die(3)),
            3 => format!("${{{name}}} = 'and or'"),
            _ => format!("${{{name}}} = {}", die(3)),
        };
    }
    let (one, other) = (made(die, depth - 1), made(die, depth - 1));
    match die(6) {
        0 => format!("not({one})"),
        1 => format!("({one}) and ({other})"),
        2 => format!("({one}) or {other}"),
        3 => format!("{one} or {other}"),
        4 => format!("not ( {one} and {other} )"),
        _ => format!("{one} and {other}"),
    }
}

fn dice(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below.max(1)
    }
}

#[test]
fn what_is_said_agrees_with_what_it_comes_to_and_the_rest_could_say_anything() {
    let (mut taken_apart, mut with_several) = (0, 0);
    for seed in 0..1_500 {
        let mut die = dice(seed);
        let expr = Expr::parse(&made(&mut die, 4)).unwrap();
        let scope = told(&["a", "b", "c"].map(|name| {
            let value = match die(4) {
                0 => Value::Empty,
                1 => Value::List(vec![Value::Number(1.0), Value::Number(2.0)]),
                _ => Value::Number(f64::from(u32::try_from(die(3)).unwrap())),
            };
            (name, value)
        }));

        let why = expr.why(&scope);

        let text = expr.text();
        assert_eq!(why.holds, expr.eval(&scope).is_true(), "{text}");
        assert!(!why.parts.is_empty(), "{text}");
        for part in &why.parts {
            let alone = Expr::parse(&part.text).unwrap();
            assert_eq!(part.holds, alone.eval(&scope).is_true(), "{text}");
            for (name, value) in &part.names {
                assert_eq!(*value, scope.value(name), "{text}");
            }
        }
        // Whatever the parts that are not said come to, the whole stays what it is.
        let shape = Shape::of(&expr);
        for turn in 0..8 {
            let mut other = dice(seed * 8 + turn);
            let so = shape.is_true(&mut |one| {
                let known = why.parts.iter().find(|part| part.text == one.text().trim());
                known.map_or_else(|| other(2) == 0, |part| part.holds)
            });
            assert_eq!(so, why.holds, "{text}");
        }
        taken_apart += usize::from(!matches!(shape, Shape::One(_)));
        with_several += usize::from(why.parts.len() > 1);
    }
    assert!(
        taken_apart > 800 && with_several > 200,
        "{taken_apart} {with_several}"
    );
}
