//! What a survey writes to those it invites: written, shown with somebody's values, and
//! sent to oneself.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{Author, Head, actions, reading};
use crate::mail::{Post, Sheet};
use crate::surveys::format::Survey;
use crate::surveys::keeping::Of;
use crate::surveys::letters::{
    Kind, Known, RoundId, Rules, Settings, Wording, checked, letter, sql,
};
use crate::surveys::projects::model::Project;
use crate::surveys::running::Surveys;
use crate::web::{Again, Done, Faults, Fields, Origin, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/letters.html")]
struct Letters {
    shell: Shell,
    tab: &'static str,
    head: Head,
    wordings: Vec<Line>,
    reply_to: String,
    most: String,
    gap: String,
    /// What stands in gaps, with commas between.
    gaps: String,
    is_anonymous: bool,
    has_mail: bool,
    /// Whom a test goes to.
    own: String,
    /// A test just now: what became of it.
    tested: Option<std::result::Result<String, String>>,
    faults: Faults,
}

/// A letter in one language, and how somebody would get it.
struct Line {
    kind: Kind,
    lang: String,
    is_first: bool,
    wording: Wording,
    /// Subject and text, once it is written.
    shown: Option<(String, String)>,
}

impl Line {
    fn subject_id(&self) -> String {
        format!("{}-subject-{}", self.kind.name(), self.lang)
    }

    fn text_id(&self) -> String {
        format!("{}-text-{}", self.kind.name(), self.lang)
    }

    fn test(&self) -> String {
        format!("{}:{}", self.kind.name(), self.lang)
    }
}

/// A survey whose letters are written.
struct Desk {
    of: Of,
    project: Project,
    survey: Survey,
    origin: String,
}

impl Desk {
    async fn open(
        surveys: &Surveys,
        member: &Member,
        (survey, origin): (&str, String),
    ) -> Result<Desk> {
        let history = reading::history(&surveys.site, member.workspace, survey).await?;
        let said = history.survey().ok_or_else(|| {
            let words = "the survey's text cannot be read; put it right under Questions first";
            crate::web::Error::Conflict(words.to_owned())
        })?;
        Ok(Desk {
            of: Of {
                workspace: member.workspace,
                survey: survey.to_owned(),
            },
            project: history.project,
            survey: said,
            origin,
        })
    }

    /// Whom a letter of that language is shown with: name and what comes with them.
    async fn somebody(&self, surveys: &Surveys, lang: &str) -> Result<Somebody> {
        let sample = match self.project.version {
            Some(_) => {
                let place = (self.of.workspace, &*self.of.survey);
                let lang = lang.to_owned();
                let look = reading::look(&surveys.site, place, move |conn| {
                    Ok(sql::sample(conn, &lang)?)
                });
                look.await?
            }
            None => None,
        };
        let Some((link, name)) = sample else {
            let entries = self.survey.entries.iter();
            return Ok(Somebody {
                name: "Ada".to_owned(),
                entry: entries
                    .map(|entry| (entry.name.clone(), "…".to_owned()))
                    .collect(),
            });
        };
        let place = self.of.clone();
        let read = move |conn: &crate::store::Connection| sql::link_stands(conn, &place, &link);
        let entry = surveys.site.system.read(read).await?.unwrap_or_default();
        let table: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&entry).unwrap_or_default();
        let texts = table.into_iter();
        Ok(Somebody {
            name,
            entry: texts
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
                .collect(),
        })
    }

    /// The letter as somebody gets it. The link in it is nobody's: it leads to the page of
    /// the survey, for whoever writes it.
    fn shown(&self, wording: &Wording, lang: &str, with: &Somebody) -> (String, String) {
        let link = format!("{}/surveys/{}", self.origin, self.project.id);
        let stop = format!("{}/s/{}/stop", self.origin, self.project.slug);
        let known = Known {
            link: &link,
            name: &with.name,
            entry: &with.entry,
        };
        letter(wording, known, (lang, &stop))
    }
}

struct Somebody {
    name: String,
    entry: Vec<(String, String)>,
}

async fn page(
    surveys: &Surveys,
    member: &Member,
    desk: &Desk,
    settings: &Settings,
) -> Result<Letters> {
    let mut wordings = Vec::new();
    for kind in Kind::ALL {
        for lang in &desk.survey.langs {
            let wording = settings.of(kind).get(lang).cloned().unwrap_or_default();
            let shown = if wording.text.trim().is_empty() {
                None
            } else {
                let with = desk.somebody(surveys, lang).await?;
                Some(desk.shown(&wording, lang, &with))
            };
            wordings.push(Line {
                kind,
                lang: lang.clone(),
                is_first: lang == desk.survey.lang(),
                wording,
                shown,
            });
        }
    }
    let entries = desk.survey.entries.iter().filter(|entry| !entry.is_return);
    let gaps = entries.map(|entry| format!("${{{}}}", entry.name));
    let gaps: Vec<String> = { ["${link}".to_owned(), "${name}".to_owned()].into_iter() }
        .chain(gaps)
        .collect();
    Ok(Letters {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "invitations",
        head: Head::of(&desk.project),
        wordings,
        reply_to: settings.reply_to.clone(),
        most: settings.rules.most.to_string(),
        gap: settings.rules.gap.to_string(),
        gaps: gaps.join(", "),
        is_anonymous: desk.survey.is_anonymous,
        has_mail: crate::mail::is_on(&surveys.site).await?,
        own: member.viewer.person.email.clone(),
        tested: None,
        faults: Faults::default(),
    })
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
) -> Result<Response> {
    let desk = Desk::open(&surveys, &member, (&survey, origin)).await?;
    let place = desk.of.clone();
    let read = move |conn: &crate::store::Connection| sql::settings(conn, &place);
    let settings = surveys.site.system.read(read).await?.unwrap_or_default();
    let page = page(&surveys, &member, &desk, &settings).await?;
    Ok(Page(page).into_response())
}

/// What a form says, a number that is none as one that is refused.
fn typed(fields: &Fields, survey: &Survey) -> Settings {
    let field = |name: &str| fields.get(name).unwrap_or_default();
    let number = |name: &str| field(name).trim().parse().unwrap_or(u32::MAX);
    let all = |kind: Kind| {
        let langs = survey.langs.iter().map(|lang| {
            let part = |part: &str| field(&format!("{}-{part}-{lang}", kind.name()));
            let subject = part("subject").split_whitespace().collect::<Vec<_>>();
            let wording = Wording {
                subject: subject.join(" "),
                text: part("text").replace("\r\n", "\n").trim_end().to_owned(),
            };
            (lang.clone(), wording)
        });
        let is_written = |(_, one): &(String, Wording)| *one != Wording::default();
        langs.filter(is_written).collect::<BTreeMap<_, _>>()
    };
    Settings {
        invitation: all(Kind::Invitation),
        reminder: all(Kind::Reminder),
        reply_to: field("reply_to").trim().to_owned(),
        rules: Rules {
            most: number("most"),
            gap: number("gap"),
        },
    }
}

/// Keeps the letters, or sends one to whoever wrote it when that button was pressed.
pub(super) async fn save(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    fields: Fields,
) -> Result<Response> {
    let desk = Desk::open(&surveys, &member, (&survey, origin)).await?;
    let settings = typed(&fields, &desk.survey);
    let mut faults = Faults::default();
    for (field, words) in checked(&settings, &desk.survey) {
        faults.add(&field, words);
    }
    let author = Author::of(&member.viewer);
    if !faults.is_empty() {
        let page = page(&surveys, &member, &desk, &settings).await?;
        let (most, gap) = (fields.get("most"), fields.get("gap"));
        let again = Letters {
            most: most.unwrap_or_default().to_owned(),
            gap: gap.unwrap_or_default().to_owned(),
            faults,
            ..page
        };
        return Ok(Again(again).into_response());
    }
    let Some(which) = fields.get("test") else {
        actions::keep_letters(&surveys.site, &author, &survey, settings).await?;
        return Ok(Done::to(format!("/surveys/{survey}/invitations/letters"))
            .saying("The letters are saved")
            .into_response());
    };
    let page = page(&surveys, &member, &desk, &settings).await?;
    tried(&surveys, (&author, &desk), (&settings, which), page).await
}

/// The page, with what became of a test: `which` is a kind, a colon and a language.
async fn tried(
    surveys: &Surveys,
    (author, desk): (&Author, &Desk),
    (settings, which): (&Settings, &str),
    page: Letters,
) -> Result<Response> {
    let (kind, lang) = which.split_once(':').unwrap_or_default();
    let kind = Kind::named(kind).unwrap_or(Kind::Invitation);
    let wording = settings.of(kind).get(lang).cloned();
    let Some(wording) = wording.filter(|wording| !wording.text.is_empty()) else {
        let field = format!("{}-text-{lang}", kind.name());
        let faults = Faults::of(&field, "write the letter before you send it to yourself");
        return Ok(Again(Letters { faults, ..page }).into_response());
    };
    let to = (&*settings.reply_to, &*page.own);
    let sent = test(surveys, desk, (&wording, lang), to).await?;
    let (survey, has_left) = (&desk.of.survey, sent.is_ok());
    actions::tested(&surveys.site, author, survey, (kind, lang, has_left)).await?;
    let tested = Some(sent);
    Ok(Page(Letters { tested, ..page }).into_response())
}

/// Sends a letter to whoever writes it, at once. Gives whom it went to, or what went wrong.
async fn test(
    surveys: &Surveys,
    desk: &Desk,
    (wording, lang): (&Wording, &str),
    (reply_to, own): (&str, &str),
) -> Result<std::result::Result<String, String>> {
    let with = desk.somebody(surveys, lang).await?;
    let (subject, text) = desk.shown(wording, lang, &with);
    let mut post = match Post::open(&surveys.site).await {
        Ok(post) => post,
        Err(crate::mail::NoPost::Store(error)) => return Err(error.into()),
        Err(error) => return Ok(Err(error.to_string())),
    };
    let now = surveys.site.clock.now();
    let sheet = Sheet {
        id: &format!("{}.test", RoundId::new(now)),
        at: now,
        to: own,
        name: "",
        subject: &format!("[Test] {subject}"),
        text: &text,
        reply_to,
        stop: "",
    };
    match post.send(&sheet).await {
        Ok(()) => {
            post.close().await?;
            Ok(Ok(own.to_owned()))
        }
        Err(fault) => Ok(Err(fault.why)),
    }
}
