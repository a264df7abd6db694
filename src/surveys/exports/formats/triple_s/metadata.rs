//! The XML of Triple-S: what each field is called, means and may hold.

use std::io::{self, Write};

use super::super::super::cells::codes;
use super::super::super::xml::Xml;
use super::super::super::{Error, Job};
use super::fields::{Field, Of, is_numeric, span};
use crate::surveys::map::{Kind, Labels, Missing, Variable};

pub(super) fn write(job: &Job<'_>, fields: &[Field<'_>], out: &mut dyn Write) -> Result<(), Error> {
    let now = job.now.timestamp();
    let langs = job.map.langs.join(" ");
    let mut xml = Xml::begin(out)?;
    let mut marks = vec![("version", "2.0")];
    if !langs.is_empty() {
        marks.push(("languages", &langs));
    }
    xml.open("sss", &marks)?;
    xml.text("date", &[], &now.strftime("%d %B %Y").to_string())?;
    xml.text("time", &[], &now.strftime("%H:%M").to_string())?;
    xml.text("origin", &[], "Onsight")?;
    xml.open("survey", &[])?;
    xml.text("name", &[], job.stem)?;
    texts(&mut xml, "title", &job.map.title, job)?;
    let href = format!("{}.asc", job.stem);
    xml.open(
        "record",
        &[("ident", "A"), ("href", &href), ("format", "csv")],
    )?;
    for (at, field) in fields.iter().enumerate() {
        let filter = match &field.of {
            Of::One {
                unanswered: None, ..
            }
            | Of::Many { .. } => Some(at),
            _ => None,
        };
        variable(&mut xml, job, field, (at + 1, filter))?;
    }
    for _ in 0..3 {
        xml.close()?;
    }
    Ok(())
}

/// A text in every language there is.
fn texts(xml: &mut Xml<'_>, name: &'static str, labels: &Labels, job: &Job<'_>) -> io::Result<()> {
    let mut said = labels.iter().filter(|(_, text)| !text.is_empty());
    let (first, more) = (said.next(), said.next());
    let is_many = more.is_some();
    match first {
        Some((_, text)) if !is_many => xml.text(name, &[], text),
        None => xml.text(name, &[], ""),
        Some(_) => {
            xml.open(name, &[])?;
            for lang in &job.map.langs {
                xml.text("text", &[("xml:lang", lang)], labels.text(lang))?;
            }
            xml.close()
        }
    }
}

/// A variable: its ident is its place, its filter the field before it.
fn variable(
    xml: &mut Xml<'_>,
    job: &Job<'_>,
    field: &Field<'_>,
    (place, filter): (usize, Option<usize>),
) -> io::Result<()> {
    let (ident, filter) = (place.to_string(), filter.map(|at| at.to_string()));
    let (kind, literal) = kind(field);
    let mut marks = vec![("ident", ident.as_str()), ("type", kind)];
    if matches!(field.of, Of::Serial) {
        marks.push(("use", "serial"));
    }
    if literal {
        marks.push(("format", "literal"));
    }
    if let Some(filter) = &filter {
        marks.push(("filter", filter));
    }
    xml.open("variable", &marks)?;
    xml.text("name", &[], &field.name)?;
    label(xml, job, field)?;
    xml.mark("position", &[("start", &ident)])?;
    values(xml, job, field)?;
    xml.close()
}

/// The type of a field, and whether its codes are texts.
fn kind(field: &Field<'_>) -> (&'static str, bool) {
    match &field.of {
        Of::Serial => ("quantity", false),
        Of::Asked { .. } => ("logical", false),
        Of::Many { .. } => ("multiple", false),
        Of::One { variable, .. } => match variable.kind {
            Kind::Single | Kind::Flag => ("single", !is_numeric(variable)),
            Kind::Number { .. } => ("quantity", false),
            Kind::Date => ("date", false),
            Kind::Time => ("time", false),
            // A moment has a day and a time, which Triple-S has no type for.
            Kind::Text | Kind::File | Kind::DateTime => ("character", false),
        },
    }
}

fn label(xml: &mut Xml<'_>, job: &Job<'_>, field: &Field<'_>) -> io::Result<()> {
    match &field.of {
        Of::Serial => xml.text("label", &[], "Serial number"),
        Of::Asked { .. } => xml.text("label", &[], "The next one was asked"),
        Of::Many { items } => match items.first() {
            Some((first, _)) => texts(xml, "label", &first.question, job),
            None => Ok(()),
        },
        Of::One { variable, .. } => texts(xml, "label", &full(variable), job),
    }
}

/// The whole label in each language.
fn full(variable: &Variable) -> Labels {
    let langs = variable.question.iter().chain(variable.label.iter());
    let mut known: Vec<&str> = Vec::new();
    for (lang, _) in langs {
        if !known.contains(&lang) {
            known.push(lang);
        }
    }
    Labels::new(
        known
            .into_iter()
            .map(|lang| (lang.to_owned(), variable.full_label(lang))),
    )
}

fn values(xml: &mut Xml<'_>, job: &Job<'_>, field: &Field<'_>) -> io::Result<()> {
    match &field.of {
        Of::Serial => range(xml, ("1", "999999999"), None),
        Of::Asked { .. } => Ok(()),
        Of::Many { items } => {
            xml.open("values", &[])?;
            for (place, (item, _)) in (1_u64..).zip(items) {
                code(xml, job, &place.to_string(), &item.label)?;
            }
            xml.close()
        }
        Of::One {
            variable,
            letters,
            unanswered,
            ..
        } => match variable.kind {
            Kind::Number { .. } => {
                let (from, to) = span(variable);
                range(xml, (&from, &to), *unanswered)
            }
            Kind::Single | Kind::Flag => single(xml, job, variable, *unanswered),
            Kind::Text | Kind::File | Kind::DateTime => {
                xml.text("size", &[], &(*letters).max(1).to_string())
            }
            // Any day and any time: a range would begin with zeros, which there are readers
            // that take for a number and lose.
            Kind::Date | Kind::Time => Ok(()),
        },
    }
}

fn range(xml: &mut Xml<'_>, (from, to): (&str, &str), code: Option<i64>) -> io::Result<()> {
    xml.open("values", &[])?;
    xml.mark("range", &[("from", from), ("to", to)])?;
    if let Some(code) = code {
        let code = code.to_string();
        xml.text("value", &[("code", &code)], Missing::NOT_ANSWERED)?;
    }
    xml.close()
}

fn single(
    xml: &mut Xml<'_>,
    job: &Job<'_>,
    variable: &Variable,
    unanswered: Option<i64>,
) -> io::Result<()> {
    xml.open("values", &[])?;
    if variable.codes.is_empty() {
        for (value, label) in codes(variable, job.lang) {
            xml.text("value", &[("code", &value.to_string())], label)?;
        }
    }
    for each in &variable.codes {
        code(xml, job, &each.code.to_string(), &each.label)?;
    }
    if let Some(unanswered) = unanswered {
        let unanswered = unanswered.to_string();
        xml.text("value", &[("code", &unanswered)], Missing::NOT_ANSWERED)?;
    }
    xml.close()
}

fn code(xml: &mut Xml<'_>, job: &Job<'_>, code: &str, labels: &Labels) -> io::Result<()> {
    let mut said = labels.iter().filter(|(_, text)| !text.is_empty());
    if let (Some(_), Some(_)) = (said.next(), said.next()) {
        xml.open("value", &[("code", code)])?;
        for lang in &job.map.langs {
            xml.text("text", &[("xml:lang", lang)], labels.text(lang))?;
        }
        return xml.close();
    }
    xml.text("value", &[("code", code)], labels.text(job.lang))
}
