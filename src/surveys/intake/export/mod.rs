//! A definition as an XLSForm again, as far as XLSForm can say it; what it cannot is
//! told in an account.

mod asked;
mod workbook;

use super::draft::joined;
use super::{Account, Place};
use crate::expr::Expr;
use crate::surveys::format::{Item, Over, Page, Survey, Words};
use rust_xlsxwriter::XlsxError;
use workbook::Sheet;

/// A workbook and what is not in it.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The bytes of an `.xlsx` file.
    pub bytes: Vec<u8>,
    /// A row for each part of the definition, by its line.
    pub account: Account,
}

/// The order of the columns; texts come once for each language.
const COLUMNS: &[&str] = &[
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "required",
    "required_message",
    "constraint",
    "constraint_message",
    "calculation",
    "default",
    "read_only",
    "choice_filter",
    "repeat_count",
    "appearance",
    "parameters",
];

/// A row of a sheet: columns and what stands in them.
pub(super) type Row = Vec<(String, String)>;

/// Fails where a text is longer than a cell of a workbook takes, 32,767 characters.
pub fn export(survey: &Survey) -> Result<Exported, XlsxError> {
    let mut desk = Desk {
        survey,
        account: Account::default(),
        rows: Vec::new(),
        choices: Vec::new(),
    };
    desk.head();
    let mut at = 0;
    while let Some(page) = survey.pages.get(at) {
        let count = match &page.repeat {
            Some(repeat) => { survey.pages[at..].iter() }
                .take_while(|next| next.repeat.as_ref() == Some(repeat))
                .count(),
            None => 1,
        };
        desk.pages(&survey.pages[at..at + count]);
        at += count;
    }
    let settings = vec![vec![
        (
            "form_title".to_owned(),
            survey.title.text(survey.lang()).to_owned(),
        ),
        ("form_id".to_owned(), survey.id.clone()),
        ("default_language".to_owned(), desk.lang(survey.lang())),
    ]];
    let sheets = [
        Sheet::new("survey", COLUMNS, &desk.rows),
        Sheet::new("choices", &["list_name", "name", "label"], &desk.choices),
        Sheet::new("settings", &[], &settings),
    ];
    Ok(Exported {
        bytes: workbook::bytes(&sheets)?,
        account: desk.account,
    })
}

struct Desk<'s> {
    survey: &'s Survey,
    account: Account,
    rows: Vec<Row>,
    choices: Vec<Row>,
}

fn line(line: usize) -> Place {
    Place::new("line", u32::try_from(line).unwrap_or(u32::MAX))
}

impl Desk<'_> {
    /// What stands before the pages.
    fn head(&mut self) {
        let survey = self.survey;
        let place = line(1);
        self.account.row(&place, format!("survey {}", survey.id));
        let parts = [
            ("entry variables", survey.entries.is_empty()),
            ("quotas", survey.quotas.is_empty()),
            ("exits", survey.exits.is_empty()),
            ("consent", survey.consent.is_empty()),
            ("the privacy notice", survey.privacy.is_empty()),
        ];
        for (what, _) in parts.iter().filter(|(_, is_empty)| !is_empty) {
            self.account
                .refuse(&place, format!("XLSForm cannot say {what}"));
        }
        if survey.retention.is_some() {
            self.account.note(&place, "retention is left out");
        }
    }

    /// A page, or the pages that go round together.
    fn pages(&mut self, pages: &[Page]) {
        let Some(first) = pages.first() else { return };
        let Some(repeat) = &first.repeat else {
            return self.page(first, "field-list");
        };
        let Over::Times(times) = &repeat.over else {
            for page in pages {
                self.refused(page, "XLSForm has no loop over choices");
            }
            return;
        };
        let name = first.id.clone();
        self.put(
            "begin repeat",
            &name,
            vec![("repeat_count".into(), times.text().into())],
        );
        for page in pages {
            let inner = Page {
                id: format!("{}.page", page.id),
                ..page.clone()
            };
            self.page(&inner, "field-list");
        }
        self.put("end repeat", "", Vec::new());
    }

    fn refused(&mut self, page: &Page, why: &str) {
        let place = line(page.position.line);
        self.account.row(&place, format!("page {}", page.id));
        self.account.refuse(&place, why);
        for block in &page.blocks {
            let place = line(block.position.line);
            self.account
                .row(&place, format!("{} {}", block.kind.name(), block.id));
            self.account.refuse(&place, why);
        }
    }

    fn page(&mut self, page: &Page, appearance: &str) {
        let place = line(page.position.line);
        self.account.row(&place, format!("page {}", page.id));
        for leave in &page.leaves {
            self.account.refuse(
                &place,
                format!("XLSForm cannot say the way out `{}`", leave.id),
            );
        }
        if page.order != crate::surveys::format::Order::Written {
            self.account
                .note(&place, "the order of its questions is the written one");
        }
        let mut conditions = self.sections(page.section.as_deref());
        conditions.extend(page.when.as_ref().map(|when| when.text().to_owned()));
        let mut cells = self.words("label", &page.title);
        cells.extend(joined(conditions).map(|when| ("relevant".to_owned(), when)));
        cells.push(("appearance".into(), appearance.into()));
        self.put("begin group", &page.id, cells);
        for block in &page.blocks {
            asked::block(self, block);
        }
        self.put("end group", "", Vec::new());
    }

    /// The conditions of a section and of those it lies in, the outermost first.
    fn sections(&self, name: Option<&str>) -> Vec<String> {
        let mut all = Vec::new();
        let mut above = name.and_then(|name| self.survey.section(name));
        while let Some(section) = above {
            all.extend(
                section
                    .when
                    .as_ref()
                    .map(|when: &Expr| when.text().to_owned()),
            );
            above = section
                .within
                .as_deref()
                .and_then(|name| self.survey.section(name));
        }
        all.reverse();
        all
    }

    fn put(&mut self, kind: &str, name: &str, cells: Row) {
        let mut row = vec![
            ("type".to_owned(), kind.to_owned()),
            ("name".to_owned(), name.to_owned()),
        ];
        row.extend(cells);
        self.rows.push(row);
    }

    fn lang(&self, code: &str) -> String {
        if self.survey.langs.len() > 1 {
            format!("{code} ({code})")
        } else {
            String::new()
        }
    }

    /// A column for each language, when there are several.
    fn words(&self, column: &str, words: &Words) -> Row {
        let several = self.survey.langs.len() > 1;
        let header = |lang: &str| {
            if several {
                format!("{column}::{lang} ({lang})")
            } else {
                column.to_owned()
            }
        };
        words
            .iter()
            .map(|(lang, text)| (header(lang), text.to_owned()))
            .collect()
    }

    /// The choices of a question as a list of its own name; those of other questions
    /// with the same choices are not looked for.
    fn list(&mut self, name: &str, items: &[Item]) {
        for item in items {
            let mut row = vec![
                ("list_name".to_owned(), name.to_owned()),
                ("name".to_owned(), asked::name(item)),
            ];
            row.extend(self.words("label", &item.text));
            let image = item.picture.iter().map(|picture| picture.name.clone());
            row.extend(image.map(|name| ("image".to_owned(), name)));
            row.extend(item.columns.iter().cloned());
            self.choices.push(row);
        }
    }
}

#[cfg(test)]
mod tests;
