//! The page works conditions out as the server does: the same trees, the same answers,
//! by Rust and by node on the very file that browsers get.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use onsight::base::Time;
use onsight::expr::{Expr, Scope, Value};
use serde_json::{Value as Json, json};

/// Expressions that people write, and those that were made to hurt.
const CORPUS: &str = include_str!("expressions.txt");

/// Read by node: a line for each expression and respondent.
const HARNESS: &str = r"
import { readFileSync } from 'node:fs';
import { evaluate, text } from './expr.mjs';
const { trees, worlds } = JSON.parse(readFileSync('cases.json', 'utf8'));
const told = (value) => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return `list(${value.map(told).join(',')})`;
  return `${typeof value} ${JSON.stringify(text(value))}`;
};
const scope = (world) => ({
  value: (name) => (Object.hasOwn(world.answers, name) ? world.answers[name] : null),
  itself: world.itself,
  label: (name, code) => (code === '' ? null : `${name}: ${code}`),
  now: world.now,
  minutesEast: world.east,
  seed: world.seed,
  turn: world.turn,
  turns: (name) => (name === 'loop' ? 3 : 0),
  inTurn: (name, turn) => world.turns[name]?.[turn - 1] ?? null,
  column: (name) => world.columns[name] ?? null,
  rows: (list) => world.lists[list]?.length ?? 0,
  cell: (list, row, column) => world.lists[list]?.[row]?.[column] ?? null,
});
const lines = [];
for (const tree of trees) for (const world of worlds) lines.push(told(evaluate(tree, scope(world))));
process.stdout.write(lines.join('\n'));
";

/// A respondent, as both sides are told.
struct World(Json);

fn value(json: &Json) -> Value {
    match json {
        Json::Null | Json::Object(_) => Value::Empty,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => Value::of_number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(all) => Value::List(all.iter().map(value).collect()),
    }
}

impl Scope for World {
    fn value(&self, name: &str) -> Value {
        value(&self.0["answers"][name])
    }

    fn now(&self) -> Time {
        Time(self.0["now"].as_i64().unwrap())
    }

    fn itself(&self) -> Value {
        value(&self.0["itself"])
    }

    fn label(&self, name: &str, code: &str) -> Option<String> {
        (!code.is_empty()).then(|| format!("{name}: {code}"))
    }

    fn minutes_east(&self) -> i32 {
        i32::try_from(self.0["east"].as_i64().unwrap()).unwrap()
    }

    fn seed(&self) -> String {
        self.0["seed"].as_str().unwrap().to_owned()
    }

    fn turn(&self) -> Option<u32> {
        self.0["turn"]
            .as_u64()
            .map(|turn| u32::try_from(turn).unwrap())
    }

    fn turns(&self, name: &str) -> u32 {
        if name == "loop" { 3 } else { 0 }
    }

    fn in_turn(&self, name: &str, turn: u32) -> Value {
        let before = usize::try_from(turn).unwrap().checked_sub(1);
        before.map_or(Value::Empty, |at| value(&self.0["turns"][name][at]))
    }

    fn column(&self, name: &str) -> Value {
        value(&self.0["columns"][name])
    }

    fn rows(&self, list: &str) -> usize {
        self.0["lists"][list].as_array().map_or(0, Vec::len)
    }

    fn cell(&self, list: &str, row: usize, column: &str) -> Value {
        value(&self.0["lists"][list][row][column])
    }
}

fn worlds() -> Vec<Json> {
    let common = |answers: Json, itself: Json| {
        json!({
            "answers": answers, "itself": itself, "now": 1_795_390_200_123_i64, "east": 330,
            "seed": "a8f-ü", "turn": 2,
            "turns": { "x": [1, null, "3"], "who": ["ann", "bob", ""], "loop": [1, 2, 3] },
            "columns": { "land": "it", "size": 12.5, "none": null },
            "lists": { "cities": [
                { "name": "rome", "label": "Roma", "land": "it", "size": 2800 },
                { "name": "ulm", "label": "Ulm", "land": "de", "size": "126.5" },
                { "name": "bari", "label": "Bari", "land": "it" },
            ] },
        })
    };
    let full = json!({
        "a": 7, "b": "12.50", "c": "tea", "d": "2026-02-28", "t": "23:59:59.9",
        "m": ["tea", "milk", "3"], "x": [1, null, "3"], "loop": [1, 2, 3], "y": true,
        "u": "Größe 🦀 2", "s": " 42 ", "z": "2024-02-29T10:30:00.250+02:00", "n": [4, 5.5, -6],
    });
    let odd = json!({
        "a": -0.5, "b": "", "c": "no", "d": "1969-12-31", "t": "24:00", "m": [], "x": ["x"],
        "loop": [], "y": false, "u": "a\u{a0}b\tc", "s": "-.5", "z": "0001-01-01", "n": [0.1],
    });
    let far = json!({
        "a": 1e21, "b": "1e5", "c": "-", "d": "9999-12-31", "t": "00:00", "m": "tea  milk",
        "x": [[1, 2], 3], "y": "false", "u": "İstanbul", "s": ".", "z": "2026-13-01", "n": [1e-7, 1e300],
    });
    vec![
        common(full, json!("before")),
        common(odd, json!(3)),
        common(far, Json::Null),
        common(json!({}), json!("")),
    ]
}

/// Chance with a seed, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const LEAVES: &[&str] = &[
    "${a}",
    "${b}",
    "${c}",
    "${d}",
    "${t}",
    "${m}",
    "${x}",
    "${y}",
    "${u}",
    "${s}",
    "${z}",
    "${n}",
    "${loop}",
    "${none}",
    ".",
    "0",
    "1",
    "-3",
    "2.5",
    "0.1",
    "100000000000000000000000",
    "''",
    "'tea'",
    "'3'",
    "'-7.25'",
    "'2026-11-22'",
    "'10:30'",
    "'%Y-%m-%d %H'",
    "'ü🦀'",
    "true()",
    "today()",
    "now()",
    "size",
    "land",
    "position(..)",
    "${x}[2]",
    "${n}[. > 1]",
    "${loop}[x > 0]/who",
    "random()",
    "instance('cities')/root/item[land = 'it']/label",
    "instance('cities')/root/item[position() > 1]/size",
];
const OPERATORS: &[&str] = &[
    "+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or",
];
/// A function and how many values it is given.
const FUNCTIONS: &[(&str, usize)] = &[
    ("not", 1),
    ("boolean", 1),
    ("boolean-from-string", 1),
    ("if", 3),
    ("coalesce", 2),
    ("once", 1),
    ("checklist", 4),
    ("weighted-checklist", 6),
    ("selected", 2),
    ("selected-at", 2),
    ("count-selected", 1),
    ("count", 1),
    ("count-non-empty", 1),
    ("sum", 1),
    ("sum", 2),
    ("min", 2),
    ("max", 2),
    ("join", 3),
    ("number", 1),
    ("int", 1),
    ("floor", 1),
    ("ceiling", 1),
    ("abs", 1),
    ("round", 1),
    ("round", 2),
    ("pow", 2),
    ("sqrt", 1),
    ("exp", 1),
    ("exp10", 1),
    ("log", 1),
    ("log10", 1),
    ("sin", 1),
    ("cos", 1),
    ("tan", 1),
    ("asin", 1),
    ("acos", 1),
    ("atan", 1),
    ("atan2", 2),
    ("pi", 0),
    ("string", 1),
    ("concat", 3),
    ("string-length", 1),
    ("contains", 2),
    ("starts-with", 2),
    ("ends-with", 2),
    ("substr", 2),
    ("substr", 3),
    ("substring-before", 2),
    ("substring-after", 2),
    ("normalize-space", 1),
    ("translate", 3),
    ("date", 1),
    ("date-time", 1),
    ("decimal-date-time", 1),
    ("decimal-time", 1),
    ("format-date", 2),
    ("format-date-time", 2),
    ("difference-in-months", 2),
];

fn made(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.one(LEAVES).to_owned();
    }
    match dice.below(5) {
        0 => dice.one(LEAVES).to_owned(),
        1 | 2 => {
            let (left, right) = (made(dice, depth - 1), made(dice, depth - 1));
            format!("({left} {} {right})", dice.one(OPERATORS))
        }
        _ => {
            let (name, count) = FUNCTIONS[dice.below(FUNCTIONS.len())];
            let given: Vec<String> = (0..count).map(|_| made(dice, depth - 1)).collect();
            format!("{name}({})", given.join(", "))
        }
    }
}

fn told(value: &Value) -> String {
    let quoted = |kind: &str| format!("{kind} {}", json!(value.text()));
    match value {
        Value::Empty => "empty".into(),
        Value::Number(_) => quoted("number"),
        Value::Text(_) => quoted("string"),
        Value::Bool(_) => quoted("boolean"),
        Value::List(all) => {
            let all: Vec<String> = all.iter().map(told).collect();
            format!("list({})", all.join(","))
        }
    }
}

/// What node makes of them, a line each.
fn by_node(trees: &[Json], worlds: &[Json]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("assets/js/expr.js", folder.path().join("expr.mjs")).unwrap();
    fs::write(folder.path().join("harness.mjs"), HARNESS).unwrap();
    let cases = json!({ "trees": trees, "worlds": worlds });
    fs::write(folder.path().join("cases.json"), cases.to_string()).unwrap();
    let done = Command::new("node")
        .arg("harness.mjs")
        .current_dir(folder.path())
        .output()
        .expect("node is installed: tests/run does it");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let out = String::from_utf8(done.stdout).unwrap();
    out.split('\n').map(str::to_owned).collect()
}

#[test]
fn the_page_and_the_server_come_to_the_same() {
    let mut texts: Vec<String> = CORPUS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let written = texts.len();
    let mut dice = Dice(20_261_122);
    for round in 0..4_000 {
        texts.push(made(&mut dice, 1 + round % 4));
    }
    let exprs: Vec<Expr> = texts
        .iter()
        .map(|text| Expr::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}")))
        .collect();
    let worlds = worlds();
    let trees: Vec<Json> = exprs.iter().map(Expr::json).collect();

    let page = by_node(&trees, &worlds);

    assert!(
        written > 150,
        "only {written} expressions were written by hand"
    );
    assert_eq!(page.len(), exprs.len() * worlds.len());
    let mut wrong = String::new();
    let mut kinds = [0_usize; 5];
    for (at, said) in page.iter().enumerate() {
        let (expr, world) = (&exprs[at / worlds.len()], at % worlds.len());
        let here = expr.eval(&World(worlds[world].clone()));
        kinds[kind(&here)] += 1;
        if told(&here) != *said {
            writeln!(
                wrong,
                "{} for {world}: {} here, {said} there",
                expr.text(),
                told(&here)
            )
            .unwrap();
        }
    }
    let lines: Vec<&str> = wrong.lines().take(20).collect();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.lines().count(),
        lines.join("\n")
    );
    // The generated ones are worth something only when they come to many things.
    assert!(kinds.iter().all(|count| *count > 100), "{kinds:?}");
}

fn kind(value: &Value) -> usize {
    match value {
        Value::Empty => 0,
        Value::Number(_) => 1,
        Value::Text(_) => 2,
        Value::Bool(_) => 3,
        Value::List(_) => 4,
    }
}
