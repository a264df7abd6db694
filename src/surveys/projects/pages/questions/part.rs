//! One question, page, quota or list as a form; the settings of the survey too.

use askama::Template;
use axum::extract::{Path, State};

use super::super::{Head, Told, reading, told};
use super::drawn::{Choice, Shown, choices, shown};
use crate::base::Time;
use crate::surveys::assets::{Assets, library};
use crate::surveys::blocks::{Has, Kind, named};
use crate::surveys::editing::{
    Names, Outline, Part, Rows, Sheet, Typed, Unfit, named_at, of_exit, of_loop, of_page,
    of_question, of_quota, of_survey,
};
use crate::surveys::format::{Outcome, is_name};
use crate::surveys::projects::model::{Error, Project, Read};
use crate::surveys::running::Surveys;
use crate::web::{Faults, Page, Result, Shell};
use crate::workspaces::Member;

/// Longer lists are written in the text.
const MOST: usize = 60;

#[derive(Template)]
#[template(path = "surveys/part.html")]
pub(super) struct Sheaf {
    shell: Shell,
    tab: &'static str,
    head: Head,
    seen: Time,
    /// Where the form is sent, below the survey.
    to: String,
    /// What it is, such as a question.
    what: &'static str,
    /// Its kind, for people.
    kind: &'static str,
    doc: &'static str,
    /// Empty where it has none that can be changed.
    id: String,
    id_fault: String,
    fields: Vec<Shown>,
    turns: Vec<Shown>,
    lots: Vec<Lot>,
    /// Keys that stand in the text only, with their lines.
    others: Vec<(String, usize)>,
    line: usize,
    /// The lines that name it.
    named: Vec<usize>,
    problems: Vec<Told>,
    faults: Faults,
    fault: String,
    /// The text says something about it.
    is_there: bool,
    back: String,
}

/// Answers, rows, or the items of a list.
struct Lot {
    key: &'static str,
    /// The field that names a list in place of answers.
    list_key: &'static str,
    title: &'static str,
    /// What one of them is called.
    one: &'static str,
    /// The lists it could be, and whether it is that one; none where it is a list.
    lists: Vec<(String, bool)>,
    list: String,
    choices: Vec<Choice>,
    is_long: bool,
    is_odd: bool,
}

/// What a form is about, with everything that is filled in.
pub(super) struct Opened {
    pub(super) part: Part,
    pub(super) kind: Option<&'static dyn Kind>,
    pub(super) langs: Vec<String>,
    pub(super) lists: Vec<String>,
    pub(super) sheet: Sheet,
    pub(super) turns: Option<Sheet>,
    /// Each with its own key, and the key of the list that may stand for it.
    pub(super) lots: Vec<(Rows, &'static str, &'static str)>,
}

impl Opened {
    pub(super) fn of(
        part: Part,
        text: &str,
        library: &Assets,
    ) -> std::result::Result<Opened, Unfit> {
        let outline = Outline::of(text)?;
        let langs = outline.langs.clone();
        let kind = part.word(text, "type").and_then(|name| named(&name));
        let kind = kind.filter(|_| matches!(part, Part::Ask(..)));
        let names = Names {
            lists: outline.lists,
            sections: outline.sections,
            pictures: library.names().map(str::to_owned).collect(),
        };
        let lines = match &part {
            Part::Survey => of_survey(),
            Part::Page(_) => of_page(&names),
            Part::Ask(..) => of_question(kind, &names),
            Part::Quota(_) => of_quota(),
            Part::Exit(_) => of_exit(),
            Part::List(_) => Vec::new(),
        };
        let rows = |key, list| (Rows::of(&part, key, &langs), key, list);
        let mut lots = Vec::new();
        if kind.is_some_and(|kind| kind.rows() != Has::None) {
            lots.push(rows("rows", "rows_list"));
        }
        if kind.is_some_and(|kind| kind.items() != Has::None) {
            lots.push(rows("items", "list"));
        }
        if matches!(part, Part::List(_)) {
            lots.push(rows("items", ""));
        }
        Ok(Opened {
            sheet: Sheet::of(&part, lines, &langs),
            turns: matches!(part, Part::Page(_))
                .then(|| Sheet::of_loop(&part, of_loop(&names.lists), &langs)),
            lots,
            kind,
            lists: names.lists,
            langs,
            part,
        })
    }

    /// Can answers be changed one by one?
    pub(super) fn is_open(&self, (rows, list): (&Rows, &str), text: &str) -> bool {
        let has_list = !list.is_empty() && self.part.word(text, list).is_some();
        !has_list && rows.count(text) <= MOST && !rows.is_odd(text)
    }

    fn lots(&self, text: &str, typed: Option<&Typed>, faults: &Faults) -> Vec<Lot> {
        let draw = |&(ref rows, key, list): &(Rows, &'static str, &'static str)| {
            let chosen = self.part.word(text, list).unwrap_or_default();
            let chosen = typed.and_then(|typed| typed.get(list)).unwrap_or(&chosen);
            let is_open = self.is_open((rows, list), text);
            let is_list = list.is_empty();
            Lot {
                key,
                list_key: list,
                title: match (key, is_list) {
                    ("rows", _) => "Rows",
                    (_, true) => "Answers of the list",
                    _ => "Answers",
                },
                one: if key == "rows" { "row" } else { "answer" },
                lists: { self.lists.iter().filter(|_| !is_list) }
                    .map(|name| (name.clone(), name == chosen))
                    .collect(),
                list: self.part.word(text, list).unwrap_or_default(),
                choices: if is_open {
                    choices((rows, text), &self.langs, typed, faults)
                } else {
                    Vec::new()
                },
                is_long: rows.count(text) > MOST,
                is_odd: rows.is_odd(text),
            }
        };
        self.lots.iter().map(draw).collect()
    }
}

/// What is asked for: the text, what stands in it, and the pictures there are.
pub(super) async fn found(
    surveys: &Surveys,
    member: &Member,
    survey: &str,
    part: impl FnOnce(&str) -> std::result::Result<Part, Unfit>,
) -> Result<(Project, Part, Assets)> {
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let library = library(&surveys.site, (member.workspace, survey)).await?;
    let part = part(&project.text).map_err(Error::from)?;
    Ok((project, part, library))
}

/// What was sent and could not be kept as it is.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) typed: Option<Typed>,
    pub(super) faults: Faults,
    pub(super) fault: String,
}

pub(super) fn drawn(
    member: &Member,
    (project, part, library): (&Project, Part, &Assets),
    sent: Sent,
) -> Result<Sheaf> {
    let text = project.text.as_str();
    let opened = Opened::of(part, text, library).map_err(Error::from)?;
    let part = &opened.part;
    let typed = sent.typed.as_ref();
    let form = |sheet: &Sheet| shown((sheet, text), &opened.langs, typed, &sent.faults);
    let read = Read::of_survey(text, &project.id).among(library);
    let outline = Outline::of(text).map_err(Error::from)?;
    let is_own = |line: usize| match part {
        Part::Survey => outline.owner(line).is_none(),
        part => outline.owner(line) == Some(part),
    };
    let own = read.problems.iter().filter(|problem| is_own(problem.line));
    let id = part
        .word(text, "id")
        .filter(|_| matches!(part, Part::Page(_) | Part::Ask(..)));
    let named = id.as_deref().map_or_else(Vec::new, |id| named_at(text, id));
    let typed_id = typed.and_then(|typed| typed.get("id")).map(str::to_owned);
    let page = match part {
        Part::Ask(at, _) => outline.pages.get(*at).map(|page| page.id.clone()),
        _ => None,
    };
    let page = page.filter(|id| is_name(id));
    Ok(Sheaf {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "editor",
        head: Head::of(project),
        seen: project.draft_at,
        to: to(part, text),
        what: what(part),
        kind: opened.kind.map_or("", Kind::title),
        doc: opened.kind.map_or("", Kind::doc),
        id_fault: sent.faults.at("id").unwrap_or_default().to_owned(),
        fields: form(&opened.sheet),
        turns: opened.turns.as_ref().map(form).unwrap_or_default(),
        lots: opened.lots(text, typed, &sent.faults),
        others: match part {
            Part::List(_) => Vec::new(),
            part => opened.sheet.others(text, known(part)),
        },
        line: part.line(text),
        named,
        problems: told(&own.cloned().collect::<Vec<_>>()),
        is_there: part.is_in(text),
        back: page.map_or_else(String::new, |page| {
            format!("?page={page}#q-{}", id.as_deref().unwrap_or_default())
        }),
        id: typed_id.or(id).unwrap_or_default(),
        faults: sent.faults,
        fault: sent.fault,
    })
}

impl Sheaf {
    fn has_own(&self) -> bool {
        self.fields.iter().any(Shown::is_own)
    }

    fn has_rest(&self) -> bool {
        self.fields.iter().any(Shown::is_rest)
    }

    /// The last word of its address.
    fn name(&self) -> &str {
        self.to.rsplit('/').next().unwrap_or_default()
    }

    /// What takes it out, where it has no line of its own among the questions.
    fn removed(&self) -> Option<String> {
        let kind = match self.what {
            "Quota" => "quota",
            "List" => "list",
            "Exit" if self.is_there => "exit",
            _ => return None,
        };
        Some(format!("{kind} {}", self.name()))
    }
}

/// Keys that are not looked for below the form: they stand above or beside it.
fn known(part: &Part) -> &'static [&'static str] {
    match part {
        Part::Survey => &["format", "id", "page", "list", "quota", "exit"],
        Part::Page(_) => &["id", "ask", "loop"],
        Part::Ask(..) => &["id", "type", "items", "rows", "list", "rows_list"],
        Part::Quota(_) | Part::Exit(_) | Part::List(_) => &[],
    }
}

fn what(part: &Part) -> &'static str {
    match part {
        Part::Survey => "Settings",
        Part::Page(_) => "Page",
        Part::Ask(..) => "Question",
        Part::List(_) => "List",
        Part::Quota(_) => "Quota",
        Part::Exit(_) => "Exit",
    }
}

/// Where its form lies, below the survey.
pub(super) fn to(part: &Part, text: &str) -> String {
    let id = || part.word(text, "id").unwrap_or_default();
    match part {
        Part::Survey => "settings".to_owned(),
        Part::Page(_) => format!("pages/{}", id()),
        Part::Ask(..) => format!("questions/{}", id()),
        Part::List(name) => format!("lists/{name}"),
        Part::Quota(name) => format!("quotas/{name}"),
        Part::Exit(name) => format!("exits/{name}"),
    }
}

/// A list or a quota that is there.
pub(super) fn there(part: Part, text: &str) -> std::result::Result<Part, Unfit> {
    let name = match &part {
        Part::List(name) | Part::Quota(name) => name.clone(),
        _ => String::new(),
    };
    if is_name(&name) && part.is_in(text) {
        Ok(part)
    } else {
        Err(Unfit::Missing(name))
    }
}

/// What happens at an outcome, whether or not the text says anything about it.
pub(super) fn outcome(name: &str) -> std::result::Result<Part, Unfit> {
    let found = Outcome::named(name).ok_or_else(|| Unfit::Missing(name.to_owned()))?;
    Ok(Part::Exit(found.name().to_owned()))
}

/// The page with a part of the survey.
macro_rules! page_of {
    ($name:ident, |$text:ident, $id:ident| $part:expr) => {
        pub(super) async fn $name(
            State(surveys): State<Surveys>,
            member: Member,
            Path((survey, $id)): Path<(String, String)>,
        ) -> Result<Page<Sheaf>> {
            let (project, part, library) = found(&surveys, &member, &survey, |$text| $part).await?;
            let page = drawn(&member, (&project, part, &library), Sent::default())?;
            Ok(Page(page))
        }
    };
}

page_of!(question, |text, id| Part::question(text, &id));
page_of!(page, |text, id| Part::page(text, &id));
page_of!(list, |text, id| there(Part::List(id), text));
page_of!(quota, |text, id| there(Part::Quota(id), text));
page_of!(exit, |_text, id| outcome(&id));

pub(super) async fn settings(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Sheaf>> {
    let (project, part, library) = found(&surveys, &member, &survey, |_| Ok(Part::Survey)).await?;
    let page = drawn(&member, (&project, part, &library), Sent::default())?;
    Ok(Page(page))
}
