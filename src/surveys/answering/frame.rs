//! What stands around every page: the name, the languages, the privacy notice.

use super::langs;
use crate::surveys::blocks;
use crate::surveys::format::Survey;
use crate::web::assets_prefix;

pub(super) struct Frame {
    pub(super) lang: String,
    pub(super) dir: &'static str,
    pub(super) name: String,
    pub(super) assets: &'static str,
    /// Code, own name and address of each language.
    pub(super) langs: Vec<(String, String, String)>,
    pub(super) privacy: Option<String>,
    pub(super) is_preview: bool,
    /// Where their answers can be withdrawn.
    pub(super) withdraw: Option<String>,
    /// Where the page sends what it notes while it is open; `None`: it notes nothing.
    pub(super) live: Option<String>,
    /// What the page around it is told; `None`: no site may show it in a frame.
    pub(super) around: Option<Around>,
}

/// What a page says of itself to the site that shows it in a frame.
#[derive(Default)]
pub(super) struct Around {
    /// The sites that may know it, with spaces between.
    pub(super) origins: String,
    pub(super) survey: String,
    /// The number of the response; 0 before there is one, and in an anonymous survey.
    pub(super) respondent: i64,
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) outcome: &'static str,
}

fn nobody(_: &str) -> String {
    String::new()
}

impl Frame {
    /// `to` is the page's own address with a `?` or a `&` at its end.
    pub(super) fn of(survey: &Survey, lang: &str, to: &str) -> Frame {
        let lang_link = |code: &String| {
            let name = langs::name(code).to_owned();
            (code.clone(), name, format!("{to}lang={code}"))
        };
        Frame {
            lang: lang.to_owned(),
            dir: langs::dir(lang),
            name: blocks::plain(survey.title.text(lang), &nobody),
            assets: assets_prefix(),
            langs: survey.langs.iter().map(lang_link).collect(),
            privacy: privacy(survey, lang),
            is_preview: false,
            withdraw: None,
            live: None,
            around: around(survey),
        }
    }

    /// The same with the way to withdraw what was answered at that address, where
    /// the survey lets people.
    pub(super) fn with_withdrawal(self, survey: &Survey, at: &str) -> Frame {
        Frame {
            withdraw: survey.can_withdraw.then(|| format!("{at}/withdraw")),
            ..self
        }
    }

    /// The same with the line for live events, where the survey notes them. `at` is the
    /// address of the respondent's answers.
    pub(super) fn with_line(self, survey: &Survey, at: &str) -> Frame {
        let (door, _) = at.split_once("/r/").unwrap_or((at, ""));
        Frame {
            live: survey.notes_events.then(|| format!("{door}/live")),
            ..self
        }
    }

    /// The same before one respondent. The page around an anonymous survey may know who
    /// sits there: it is not told which response is theirs.
    pub(super) fn before(mut self, survey: &Survey, respondent: i64) -> Frame {
        if let Some(around) = &mut self.around
            && !survey.is_anonymous
        {
            around.respondent = respondent;
        }
        self
    }

    /// A page of no survey.
    pub(super) fn bare(lang: &str) -> Frame {
        Frame {
            lang: blocks::spoken(lang).to_owned(),
            dir: langs::dir(blocks::spoken(lang)),
            name: String::new(),
            assets: assets_prefix(),
            langs: Vec::new(),
            privacy: None,
            is_preview: false,
            withdraw: None,
            live: None,
            around: None,
        }
    }

    pub(super) fn say(&self, key: &'static str) -> &'static str {
        blocks::say(&self.lang, key)
    }
}

/// What the author says of it, and what the pages do by themselves.
fn privacy(survey: &Survey, lang: &str) -> Option<String> {
    let mut all = String::new();
    if !survey.privacy.is_empty() {
        all += &blocks::html(survey.privacy.text(lang), &nobody);
    }
    if survey.notes_events {
        all += &blocks::html(blocks::say(lang, "events-noted"), &nobody);
    }
    (!all.is_empty()).then_some(all)
}

fn around(survey: &Survey) -> Option<Around> {
    let origins = &survey.allowed_origins;
    (!origins.is_empty()).then(|| Around {
        origins: origins.join(" "),
        survey: survey.id.clone(),
        ..Around::default()
    })
}
