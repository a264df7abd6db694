//! The lines of forms about the survey as a whole: its settings, quotas and exits.

use super::allowed::{exit, langs, origin, retention};
use super::lines::{Form, Line, choice, line};

pub fn of_survey() -> Vec<Line> {
    vec![
        line("title", "Title", Form::Words, "What people see as its name.").needed(),
        line("langs", "Languages", Form::Several, "One a line, like en or pt-BR. The first stands in where a text is not translated.").checked(langs),
        line("consent", "Agreed to before the first page", Form::Prose, "Empty: nothing is asked."),
        line("privacy", "What becomes of the answers", Form::Prose, "At the foot of every page."),
        line("retention", "Answers are kept", Form::Plain, "Like 180d after close, or 26w after answer, then anonymise. Empty: until somebody deletes them.").checked(retention),
        line("anonymous", "Anonymous: nothing joins an answer to a person", Form::Flag, "").rest(),
        line("withdraw", "Respondents can erase their own answers", Form::Flag, "").rest(),
        line("back", "Pages have a button back", Form::Switch, "Yes when nothing is said.").rest(),
        line("off_path", "Answers that are not on the way any more", choice(&[("", "Are cleared in the end"), ("keep", "Are kept"), ("clear", "Are cleared in the end, said outright")]), "").rest(),
        line("allowed_origins", "Sites that may show it in a frame", Form::Several, "One a line, like https://site.example.").rest().checked(origin),
        line("frame_exit", "In a frame, exits", choice(&[("", "Stay in the frame"), ("top", "Lead the whole window away"), ("frame", "Stay in the frame, said outright")]), "").rest(),
    ]
}

pub fn of_quota() -> Vec<Line> {
    vec![
        line("title", "Title", Form::Words, "For the people who watch."),
        line("target", "How many completes there may be", Form::Count, "").needed(),
        line(
            "when",
            "Of respondents for whom",
            Form::Condition,
            "Like ${gender} = 1. Empty: of all.",
        ),
    ]
}

pub fn of_exit() -> Vec<Line> {
    vec![
        line(
            "text",
            "What is said",
            Form::Prose,
            "Empty: the usual words.",
        ),
        line(
            "to",
            "Where they are sent",
            Form::Plain,
            "Like https://panel.example/end?pid={pid}&s={outcome}. Empty: they stay here.",
        )
        .checked(exit),
    ]
}
