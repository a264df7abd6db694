//! DDI-Codebook 2.5: the study and its variables for archives.

use std::io::Write;

use super::super::cells::codes;
use super::super::xml::Xml;
use super::super::{Error, Format, Job, Records};
use crate::surveys::figures::{Tally, VariableTally};
use crate::surveys::map::{Kind, Missing, Variable};

pub(super) static KIND: Ddi = Ddi;

pub(super) struct Ddi;

impl Format for Ddi {
    fn id(&self) -> &'static str {
        "ddi"
    }

    fn name(&self) -> &'static str {
        "DDI-Codebook"
    }

    fn help(&self) -> &'static str {
        "The questions, codes and counts as XML, without the answers. For archives and catalogues."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("xml", "application/xml")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let tally = Tally::of(job.map, records)?;
        let mut xml = Xml::begin(out)?;
        let namespace = ("xmlns", "ddi:codebook:2_5");
        xml.open(
            "codeBook",
            &[namespace, ("version", "2.5"), ("xml:lang", job.lang)],
        )?;
        study(&mut xml, job, &tally)?;
        xml.open("dataDscr", &[])?;
        for (at, (variable, counts)) in job.map.variables.iter().zip(&tally.variables).enumerate() {
            described(&mut xml, job, (at, variable), counts)?;
        }
        xml.close()?;
        Ok(xml.close()?)
    }
}

/// What the study is called, and how large its file is.
fn study(xml: &mut Xml<'_>, job: &Job<'_>, tally: &Tally) -> Result<(), Error> {
    xml.open("stdyDscr", &[])?;
    xml.open("citation", &[])?;
    xml.open("titlStmt", &[])?;
    xml.text("titl", &[], job.title())?;
    xml.text("IDNo", &[], job.stem)?;
    xml.close()?;
    xml.open("prodStmt", &[])?;
    let today = job.now.rfc3339();
    xml.text("prodDate", &[("date", &today[..10])], &today[..10])?;
    xml.text("software", &[], "Onsight")?;
    for _ in 0..3 {
        xml.close()?;
    }
    xml.open("fileDscr", &[("ID", "F1")])?;
    xml.open("fileTxt", &[])?;
    xml.text("fileName", &[], job.stem)?;
    xml.open("dimensns", &[])?;
    xml.text("caseQnty", &[], &tally.responses.to_string())?;
    xml.text("varQnty", &[], &job.map.variables.len().to_string())?;
    for _ in 0..3 {
        xml.close()?;
    }
    Ok(())
}

fn described(
    xml: &mut Xml<'_>,
    job: &Job<'_>,
    (at, variable): (usize, &Variable),
    counts: &VariableTally,
) -> Result<(), Error> {
    let id = format!("V{}", at + 1);
    let interval = match variable.kind {
        Kind::Number { .. } => "contin",
        _ => "discrete",
    };
    xml.open(
        "var",
        &[
            ("ID", &id),
            ("name", &variable.name),
            ("files", "F1"),
            ("intrvl", interval),
        ],
    )?;
    xml.text("labl", &[], &variable.full_label(job.lang))?;
    xml.open("qstn", &[])?;
    xml.text("qstnLit", &[], variable.question.text(job.lang))?;
    xml.close()?;
    let missing = variable.missing();
    xml.open("invalrng", &[])?;
    for value in [missing.not_asked, missing.not_answered] {
        xml.mark("item", &[("VALUE", &value.to_string())])?;
    }
    xml.close()?;
    if let Some(base) = &variable.base {
        xml.text("universe", &[], base)?;
    }
    counted(xml, job, variable, counts)?;
    let (kind, schema) = match variable.kind {
        Kind::Text | Kind::File | Kind::Time => ("character", "other"),
        Kind::Date | Kind::DateTime => ("character", "ISO"),
        Kind::Single | Kind::Flag | Kind::Number { .. } => ("numeric", "other"),
    };
    xml.mark("varFormat", &[("type", kind), ("schema", schema)])?;
    Ok(xml.close()?)
}

/// How many answered, what goes with a number, and how often each code was given.
fn counted(
    xml: &mut Xml<'_>,
    job: &Job<'_>,
    variable: &Variable,
    counts: &VariableTally,
) -> Result<(), Error> {
    let missing = variable.missing();
    for (kind, count) in [
        ("vald", counts.answered),
        ("invd", counts.not_asked + counts.not_answered),
    ] {
        xml.text("sumStat", &[("type", kind)], &count.to_string())?;
    }
    if counts.numbers.count > 0 {
        let numbers = counts.numbers;
        let mut all = vec![
            ("mean", numbers.mean),
            ("min", numbers.least),
            ("max", numbers.most),
        ];
        all.extend(numbers.deviation().map(|deviation| ("stdev", deviation)));
        for (kind, number) in all {
            xml.text(
                "sumStat",
                &[("type", kind)],
                &super::super::cells::number(number),
            )?;
        }
    }
    for (code, label) in codes(variable, job.lang) {
        category(xml, (code, label, counts.of_code(code)), false)?;
    }
    category(
        xml,
        (missing.not_asked, Missing::NOT_ASKED, counts.not_asked),
        true,
    )?;
    category(
        xml,
        (
            missing.not_answered,
            Missing::NOT_ANSWERED,
            counts.not_answered,
        ),
        true,
    )?;
    Ok(())
}

fn category(
    xml: &mut Xml<'_>,
    (code, label, count): (i64, &str, u64),
    is_missing: bool,
) -> Result<(), Error> {
    xml.open("catgry", &[("missing", if is_missing { "Y" } else { "N" })])?;
    xml.text("catValu", &[], &code.to_string())?;
    xml.text("labl", &[], label)?;
    xml.text("catStat", &[("type", "freq")], &count.to_string())?;
    Ok(xml.close()?)
}
