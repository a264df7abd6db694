//! The codebook: every variable with its question, codes and counts, to read.

use std::io::Write;

use askama::Template;

use super::super::{Error, Format, Job, Records};
use crate::base::text::thousands;
use crate::surveys::figures::Tally;
use crate::surveys::map::Missing;

pub(super) static KIND: Codebook = Codebook;

pub(super) struct Codebook;

#[derive(Template)]
#[template(path = "surveys/codebook.html")]
struct Page<'a> {
    lang: &'a str,
    title: &'a str,
    made: String,
    responses: String,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    name: &'a str,
    label: String,
    kind: &'static str,
    base: Option<&'a str>,
    is_personal: bool,
    /// Code, what it says, how often.
    codes: Vec<(i64, String, String)>,
    /// What goes with a number.
    numbers: Vec<(&'static str, String)>,
    answered: String,
}

impl Format for Codebook {
    fn id(&self) -> &'static str {
        "codebook"
    }

    fn name(&self) -> &'static str {
        "Codebook"
    }

    fn help(&self) -> &'static str {
        "Every variable with its question, codes and counts, as a page to read and print."
    }

    fn file(&self) -> (&'static str, &'static str) {
        ("html", "text/html; charset=utf-8")
    }

    fn write(
        &self,
        job: &Job<'_>,
        records: &mut dyn Records,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let tally = Tally::of(job.map, records)?;
        let page = Page {
            lang: job.lang,
            title: job.title(),
            made: job.now.rfc3339()[..10].to_owned(),
            responses: count(tally.responses),
            entries: entries(job, &tally),
        };
        let text = page.render().map_err(std::io::Error::other)?;
        Ok(out.write_all(text.as_bytes())?)
    }
}

fn count(count: u64) -> String {
    thousands(count)
}

fn entries<'a>(job: &Job<'a>, tally: &Tally) -> Vec<Entry<'a>> {
    let variables = job.map.variables.iter().zip(&tally.variables);
    let entries = variables.map(|(variable, counts)| {
        let missing = variable.missing();
        let mut codes: Vec<_> = super::super::cells::codes(variable, job.lang)
            .into_iter()
            .map(|(code, label)| (code, label.to_owned(), count(counts.of_code(code))))
            .collect();
        for (code, label, times) in [
            (
                missing.not_answered,
                Missing::NOT_ANSWERED,
                counts.not_answered,
            ),
            (missing.not_asked, Missing::NOT_ASKED, counts.not_asked),
        ] {
            codes.push((code, label.to_owned(), count(times)));
        }
        let mut numbers = Vec::new();
        if counts.numbers.count > 0 {
            let all = counts.numbers;
            numbers.push(("Mean", format!("{:.2}", all.mean)));
            if let Some(deviation) = all.deviation() {
                numbers.push(("Standard deviation", format!("{deviation:.2}")));
            }
            numbers.push(("Least", super::super::cells::number(all.least)));
            numbers.push(("Most", super::super::cells::number(all.most)));
        }
        Entry {
            name: &variable.name,
            label: variable.full_label(job.lang),
            kind: variable.kind.name(),
            base: variable.base.as_deref(),
            is_personal: variable.is_personal,
            codes,
            numbers,
            answered: count(counts.answered),
        }
    });
    entries.collect()
}
