//! SPSS syntax with its data beside it, packed together.

use std::fmt::Write as _;
use std::io::Write;

use super::super::cells::number;
use super::super::extent::Extent;
use super::super::packed::Packed;
use super::super::spss::{LONGEST, Measure, Shape, declared, fit, label, seconds, value_labels};
use super::super::texts::{one_line, quoted, within};
use super::super::{Error, Format, Job, Records};
use crate::surveys::map::{Datum, Variable};

pub(super) static KIND: Sps = Sps;

pub(super) struct Sps;

impl Format for Sps {
    fn id(&self) -> &'static str {
        "sps"
    }

    fn name(&self) -> &'static str {
        "SPSS syntax with data"
    }

    fn help(&self) -> &'static str {
        "A text file of data and the syntax that reads it, in a ZIP. For those who want to see every step."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("zip", "application/zip")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let extent = Extent::measure(job.map, records, LONGEST)?;
        let shapes: Vec<_> = job
            .map
            .variables
            .iter()
            .zip(&extent.bytes)
            .map(|(variable, longest)| Shape::of(variable, *longest))
            .collect();
        let mut pack = Packed::new(out);
        pack.begin(&format!("{}.sps", job.stem))?;
        pack.write_all(syntax(job, &shapes).as_bytes())?;
        pack.begin(&format!("{}.dat", job.stem))?;
        records.each(&mut |record| {
            let cells = job.map.variables.iter().zip(&shapes).zip(record);
            let cells = cells.map(|((variable, shape), datum)| cell(variable, *shape, datum));
            let mut line = cells.collect::<Vec<_>>().join(",");
            line.push('\n');
            Ok(pack.write_all(line.as_bytes())?)
        })?;
        pack.end()
    }
}

/// A value as the syntax reads it. Texts stay on their line.
fn cell(variable: &Variable, shape: Shape, datum: &Datum) -> String {
    let missing = variable.missing();
    let is_text = matches!(shape, Shape::Text(_));
    let code = |code: i64| {
        if is_text {
            quoted(&code.to_string())
        } else {
            code.to_string()
        }
    };
    match datum {
        // As in the .sav file.
        Datum::NotAsked if is_text => quoted(""),
        Datum::NotAsked => code(missing.not_asked),
        Datum::NotAnswered => code(missing.not_answered),
        Datum::Number(value) if is_text => quoted(&number(*value)),
        Datum::Number(value) => number(*value),
        Datum::Text(text) if is_text => quoted(&one_line(within(text, LONGEST))),
        Datum::Text(text) => seconds(shape, text).map(number).unwrap_or_default(),
    }
}

fn syntax(job: &Job<'_>, shapes: &[Shape]) -> String {
    let mut out = String::from("* Encoding: UTF-8.\n");
    let _ = writeln!(
        out,
        "* {}: keep this file beside {}.dat and run it from there.\n",
        fit(job.title(), 120).replace('.', " "),
        job.stem
    );
    let _ = writeln!(
        out,
        "GET DATA\n  /TYPE=TXT\n  /FILE='{}.dat'\n  /ENCODING='UTF8'\n  /DELIMITERS=','\n  /QUALIFIER='\"'\n  /ARRANGEMENT=DELIMITED\n  /FIRSTCASE=1\n  /VARIABLES=",
        job.stem
    );
    let variables = || job.map.variables.iter().zip(shapes);
    for (variable, shape) in variables() {
        // Moments are read as the seconds they are, and shown as moments below.
        let format = match shape {
            Shape::Number(..) | Shape::Text(_) => shape.syntax(),
            Shape::Date | Shape::DateTime | Shape::Time => "F20.3".to_owned(),
        };
        let _ = writeln!(out, "    {} {format}", variable.name);
    }
    out.truncate(out.trim_end().len());
    out.push_str(".\n\n");
    for (variable, shape) in variables() {
        about(&mut out, job, variable, *shape);
    }
    sets(&mut out, job);
    out.push_str("EXECUTE.\n");
    out
}

/// Everything else that is said of a variable.
fn about(out: &mut String, job: &Job<'_>, variable: &Variable, shape: Shape) {
    let name = &variable.name;
    let is_text = matches!(shape, Shape::Text(_));
    if matches!(shape, Shape::Date | Shape::DateTime | Shape::Time) {
        let _ = writeln!(out, "FORMATS {name} ({}).", shape.syntax());
    }
    let _ = writeln!(
        out,
        "VARIABLE LABELS {name} {}.",
        quoted(&label(variable, job.lang))
    );
    let value = |code: i64| {
        if is_text {
            quoted(&code.to_string())
        } else {
            code.to_string()
        }
    };
    // SPSS names the values of no wider texts.
    if !matches!(shape, Shape::Text(121..)) {
        let _ = write!(out, "VALUE LABELS {name}");
        let not_asked = variable.missing().not_asked;
        let labels = value_labels(variable, job.lang).into_iter();
        for (code, label) in labels.filter(|(code, _)| !is_text || *code != not_asked) {
            let _ = write!(out, "\n  {} {}", value(code), quoted(&label));
        }
        out.push_str(".\n");
    }
    let mut declared = declared(variable);
    if is_text {
        declared.span = None;
        declared.single = vec![variable.missing().not_answered];
    }
    let span = declared
        .span
        .map(|(low, high)| format!("{low} THRU {high}"));
    let values: Vec<_> = span
        .into_iter()
        .chain(declared.single.into_iter().map(value))
        .collect();
    let _ = writeln!(out, "MISSING VALUES {name} ({}).", values.join(", "));
    let _ = writeln!(
        out,
        "VARIABLE LEVEL {name} ({}).\n",
        Measure::of(variable).word()
    );
}

fn sets(out: &mut String, job: &Job<'_>) {
    for set in job.map.sets() {
        if set.variables.len() < 2 {
            continue;
        }
        let names: Vec<_> = set.variables.iter().map(|each| &*each.name).collect();
        let turn = set.turn.map(|turn| format!("_{turn}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "MRSETS /MDGROUP NAME=${}{turn} LABEL={} VARIABLES={} VALUE=1.\n",
            set.name,
            quoted(&fit(set.question.text(job.lang), 250)),
            names.join(" ")
        );
    }
}
