//! What is done to a row: a button that has a query change something, told the
//! row's values.

use super::fields::words;
use super::figures::escape;
use super::kind::Sends;
use super::scene::{Once, Sight};
use crate::apps::format::{AppOutline, Key, KeyKind, Query, Settings, Source};
use crate::data::Rows;

pub(super) static THEN: &[Key] = &[
    Key::new(
        "goto",
        KeyKind::Page,
        "The page to go to; the same when absent.",
    ),
    Key::new("toast", KeyKind::Text, "What is said then."),
    Key::new(
        "with",
        KeyKind::TextTable,
        "What that page is told: a name there, a field or a name of the address here.",
    ),
    Key::new(
        "refresh",
        KeyKind::Texts,
        "Queries whose widgets are drawn anew, besides those of the tables that changed.",
    ),
];

pub(super) static ACTIONS: &[Key] = &[
    Key::new("label", KeyKind::Text, "What the button says it does.").required(),
    Key::new(
        "run",
        KeyKind::WriteQuery,
        "The query it has run; the row's columns are its row.… parameters.",
    )
    .required(),
    Key::new("confirm", KeyKind::Text, "What is asked before that."),
    Key::new("then", KeyKind::Table(THEN), "What follows."),
    Key::new(
        "style",
        KeyKind::OneOf(&["plain", "danger"]),
        "How it looks; plain when absent.",
    ),
];

/// A button of each row.
#[derive(Clone)]
pub(super) struct Act<'a> {
    label: &'a str,
    query: &'a str,
    confirm: Option<&'a str>,
    is_danger: bool,
}

/// The buttons the list at `actions` names.
pub(super) fn acts<'a>(settings: &mut Settings<'a>) -> Vec<Act<'a>> {
    let each = settings.tables("actions", |act| {
        Some(Act {
            label: act.string("label")?,
            query: act.write_query("run")?,
            confirm: act.string("confirm"),
            is_danger: act.string("style") == Some("danger"),
        })
    });
    each.into_iter().flatten().collect()
}

/// What a table with a query at `key` sends, and what follows at `then`.
pub(super) fn sends<'a>(settings: &mut Settings<'a>, key: &str) -> Option<Sends<'a>> {
    let query = settings.write_query(key)?;
    let mut sends = Sends {
        query,
        goto: None,
        with: Vec::new(),
        toast: None,
        refresh: Vec::new(),
    };
    settings.table("then", |then| {
        sends.goto = then.page("goto");
        sends.toast = then.string("toast");
        sends.with = then.texts("with");
        sends.refresh = then.strings("refresh");
    });
    Some(sends)
}

/// What the buttons at `actions` send.
pub(super) fn all_sent<'a>(settings: &mut Settings<'a>) -> Vec<Sends<'a>> {
    let each = settings.tables("actions", |act| sends(act, "run"));
    each.into_iter().flatten().collect()
}

/// Notes queries to be drawn anew that are not there.
pub(super) fn check_then(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    settings.table("then", |then| {
        for name in then.strings("refresh") {
            if app.query(name).is_none() {
                let message = format!("there is no query `{name}` to draw anew");
                then.problem("refresh", message);
            }
        }
    });
}

/// Notes what the buttons at `actions` cannot do: nobody types anything there.
pub(super) fn check_acts(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    settings.tables("actions", |act| {
        check_then(act, app);
        let query = act.write_query("run").and_then(|name| app.query(name));
        let typed = query.and_then(|query| {
            let mut params = query.params.iter();
            params.find(|param| matches!(param.source, Source::Form(_)))
        });
        if let Some(param) = typed {
            let message = format!(
                "a button of a row has nothing to type in, and `{}` comes from a form; take it from `row.…`",
                param.name
            );
            act.problem("run", message);
        }
    });
}

/// The columns of its row a query is told, by the names of its `row.…` parameters.
pub(super) fn row_names(query: &Query) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for param in &query.params {
        if let Source::Row(name) = &param.source
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    names
}

/// Forms around a query, one for each row.
pub(super) struct Press<'a> {
    /// The beginning of the form's tag.
    tag: String,
    /// What all of them send alike.
    hidden: String,
    columns: Vec<(&'a str, usize)>,
    now: crate::base::Time,
    is_dead: bool,
}

impl<'a> Press<'a> {
    /// `at` is the address to come back to.
    pub(super) fn new(sight: &Sight<'a>, query: &'a Query, rows: &Rows, at: &str) -> Press<'a> {
        let scene = sight.scene;
        let mut tag = String::from("<form method=\"post\" data-run action=\"");
        escape(&format!("{}/run/{}", scene.base, query.name), &mut tag);
        tag.push('"');
        let mut hidden = String::new();
        put("_page", &scene.page.id, &mut hidden);
        put("_widget", &sight.widget.id, &mut hidden);
        put("_at", at, &mut hidden);
        let columns = row_names(query).into_iter();
        Press {
            tag,
            hidden,
            columns: columns
                .filter_map(|name| Some((name, rows.column(name)?)))
                .collect(),
            now: scene.context.now,
            is_dead: scene.is_read_only,
        }
    }

    /// Adds the beginning of the row's form: all that is not typed. `more` are
    /// further attributes, such as what is asked first.
    pub(super) fn open(&self, rows: &Rows, row: usize, more: &str, out: &mut String) {
        out.push_str(&self.tag);
        out.push_str(more);
        out.push('>');
        out.push_str(&self.hidden);
        put("_once", &Once::new(self.now).to_string(), out);
        for (name, column) in &self.columns {
            put(&format!("row.{name}"), &words(rows, row, *column), out);
        }
    }

    /// Says of a button that it cannot be pressed here.
    pub(super) fn dead(&self) -> &'static str {
        if self.is_dead {
            " disabled title=\"Nothing can be sent here\""
        } else {
            ""
        }
    }
}

/// Adds a hidden field.
pub(super) fn put(name: &str, value: &str, out: &mut String) {
    out.push_str("<input type=\"hidden\" name=\"");
    escape(name, out);
    out.push_str("\" value=\"");
    escape(value, out);
    out.push_str("\">");
}

/// The buttons of a widget's rows, ready to be written.
pub(super) struct Buttons<'a> {
    all: Vec<(Act<'a>, Press<'a>)>,
}

impl<'a> Buttons<'a> {
    pub(super) fn of(sight: &Sight<'a>, acts: Vec<Act<'a>>, rows: &Rows) -> Buttons<'a> {
        let at = sight.scene.fields.query();
        let each = acts.into_iter().filter_map(|act| {
            let query = sight.scene.app.query(act.query)?;
            let press = Press::new(sight, query, rows, &at);
            Some((act, press))
        });
        Buttons {
            all: each.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Adds the row's buttons. `name` is what the row is called, for those who hear it.
    pub(super) fn write(&self, rows: &Rows, row: usize, name: &str, out: &mut String) {
        for (act, press) in &self.all {
            let mut asking = String::new();
            if let Some(text) = act.confirm {
                let whole = [act.label, ": ", name].concat();
                let question = if name.is_empty() { act.label } else { &whole };
                asking.push_str(" data-confirm=\"");
                escape(question, &mut asking);
                asking.push_str("?\" data-confirm-text=\"");
                escape(text, &mut asking);
                asking.push_str("\" data-confirm-verb=\"");
                escape(act.label, &mut asking);
                asking.push('"');
            }
            press.open(rows, row, &asking, out);
            out.push_str(if act.is_danger {
                "<button class=\"btn small danger\""
            } else {
                "<button class=\"btn small\""
            });
            if !name.is_empty() {
                out.push_str(" aria-label=\"");
                escape(&[act.label, ": ", name].concat(), out);
                out.push('"');
            }
            out.push_str(press.dead());
            out.push('>');
            escape(act.label, out);
            out.push_str("</button></form>");
        }
    }
}

/// Adds what went wrong when something of this widget was sent.
pub(super) fn refusal(sight: &Sight<'_>, out: &mut String) {
    let tried = sight.scene.tried;
    let Some(tried) = tried.filter(|tried| tried.widget == sight.widget.id) else {
        return;
    };
    let said: Vec<&str> = tried.faults.iter().map(|(_, fault)| fault).collect();
    out.push_str("<div class=\"body\"><p class=\"note bad\" role=\"alert\" tabindex=\"-1\" data-error-summary><span>");
    escape(&crate::base::text::sentence(&said.join("; ")), out);
    out.push_str("</span></p></div>");
}
