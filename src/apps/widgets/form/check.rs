//! What the keys of a form promise each other.

use super::choices::Choice;
use super::family::{Lines, MOST, may_be_called};
use super::fields::asked;
use crate::apps::format::{AppOutline, Param, ParamType, Query, Settings, Source};
use crate::apps::widgets::acts::check_then;

pub(super) fn form(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    check_then(settings, app);
    change(settings, app);
    for key in ["submit", "change", "load"] {
        let name = if key == "load" {
            settings.read_query(key)
        } else {
            settings.write_query(key)
        };
        if let Some(name) = name.filter(|name| app.query(name).is_some_and(hangs)) {
            settings.problem(key, format!("`{name}` takes `parent.id`, and above the form itself is no row; that is for `lines`"));
        }
    }
    let queries = written(settings, app, &["submit", "change"]);
    let fields: Vec<&Param> = queries.iter().flat_map(|query| asked(query)).collect();
    if let Some(query) = queries.first() {
        for key in ["labels", "help", "prefill"] {
            called(settings, key, &query.name, &fields);
        }
    }
    choices(settings, &fields);
    if settings.has("choices") {
        plain_names(settings, "choices", &fields);
    }
    if settings.has("lines") {
        plain_names(settings, "lines", &fields);
        lines(settings, app);
    }
    let names = names_in(settings, app, &fields);
    let within = settings.tables("lines", |entry| {
        Some((entry.string("id")?, entry.string("within")))
    });
    let within: Vec<(&str, Option<&str>)> = within.into_iter().flatten().collect();
    let top: Vec<&str> = within
        .iter()
        .filter(|(_, over)| over.is_none())
        .map(|(id, _)| *id)
        .collect();
    super::rule_checks::check(settings, (&fields, &top), &names);
    settings.tables("lines", |entry| {
        let Some(list) = Lines::of(entry) else { return };
        let queries = written(entry, app, &["submit", "change"]);
        let fields: Vec<&Param> = queries.iter().flat_map(|query| asked(query)).collect();
        let below: Vec<&str> = within
            .iter()
            .filter(|(_, over)| *over == Some(list.id))
            .map(|(id, _)| *id)
            .collect();
        super::rule_checks::check(entry, (&fields, &below), &names);
    });
}

/// Does it take the key of a row above?
pub(in crate::apps::widgets) fn hangs(query: &Query) -> bool {
    query
        .params
        .iter()
        .any(|param| matches!(param.source, Source::Parent(_)))
}

fn written<'a>(settings: &mut Settings<'_>, app: &AppOutline<'a>, keys: &[&str]) -> Vec<&'a Query> {
    let names = keys.iter().filter_map(|key| settings.write_query(key));
    names.filter_map(|name| app.query(name)).collect()
}

/// Notes names at `key` that are no field's.
fn called(settings: &mut Settings<'_>, key: &str, query: &str, fields: &[&Param]) {
    let named = if key == "prefill" {
        settings.strings(key)
    } else {
        settings
            .texts(key)
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    };
    for name in named {
        // An address says what the browser sends, which is the key alone.
        let is_called =
            |param: &&Param| param.source.key() == name || (key != "prefill" && param.name == name);
        if !fields.iter().any(is_called) {
            let message = format!(
                "`{query}` has no field `{name}`; its fields come from parameters with `from = \"form.…\"`"
            );
            settings.problem(key, message);
        }
    }
}

/// The fields of the form and of all its lines: what an expression may name.
fn names_in<'a>(
    settings: &mut Settings<'_>,
    app: &AppOutline<'a>,
    fields: &[&'a Param],
) -> Vec<&'a str> {
    let lists = settings.tables("lines", |entry| written(entry, app, &["submit"]));
    let below = lists.iter().flatten().flat_map(|query| asked(query));
    let all = fields.iter().copied().chain(below);
    all.map(|param| param.source.key()).collect()
}

/// Notes choices of what is no field, or is no single value.
fn choices(settings: &mut Settings<'_>, fields: &[&Param]) {
    settings.tables("choices", |entry| {
        let Some(choice) = Choice::of(entry) else {
            return;
        };
        let name = choice.field;
        let param = fields.iter().find(|param| param.source.key() == name);
        let message = match param {
            None => format!("there is no field `{name}` to choose"),
            Some(param) if param.list => format!("`{name}` holds several values, and one is chosen"),
            Some(param) if matches!(param.kind, ParamType::Enum | ParamType::Bool) => {
                format!("`{name}` has its own choices by its type; remove this, or make it a text or an int")
            }
            Some(_) => return,
        };
        entry.problem("field", message);
    });
}

/// Notes what keeps one form from adding as well as changing.
fn change(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    if !settings.has("change") {
        return;
    }
    let Some(load) = settings.read_query("load") else {
        return settings.problem(
            "change",
            "nothing says which row is changed; name a query that reads it in `load`",
        );
    };
    let params = app.query(load).into_iter().flat_map(|query| &query.params);
    let mut asked = params.filter(|param| matches!(param.source, Source::Url(_)));
    if let Some(param) = asked.find(|param| !param.null && param.default.is_none()) {
        let message = format!(
            "`{load}` needs `{}` in the address, and whoever adds has none; give it `null = true`",
            param.name
        );
        settings.problem("load", message);
    }
}

fn plain_names(settings: &mut Settings<'_>, key: &str, fields: &[&Param]) {
    if let Some(field) = fields
        .iter()
        .find(|field| !may_be_called(field.source.key()))
    {
        let name = field.source.key();
        settings.problem(
            key,
            format!(
                "beside lines no field can be called `{name}`; leave out points and an _ in front"
            ),
        );
    }
}

fn lines(settings: &mut Settings<'_>, app: &AppOutline<'_>) {
    let changes = settings.has("change");
    let mut known: Vec<String> = Vec::new();
    settings.tables("lines", |entry| {
        let Some(list) = Lines::of(entry) else { return };
        named(entry, &list, &known);
        numbers(entry, &list);
        kept(entry, &list, changes);
        queries(entry, &list, app);
        known.push(list.id.to_owned());
    });
}

fn named(entry: &mut Settings<'_>, list: &Lines<'_>, known: &[String]) {
    let is_plain = list
        .id
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if list.id.is_empty() || !is_plain || !may_be_called(list.id) {
        entry.problem(
            "id",
            format!(
                "`{}` cannot be a name here; use small letters, digits and _, a letter first",
                list.id
            ),
        );
    }
    if known.iter().any(|id| id == list.id) {
        entry.problem(
            "id",
            format!("there is a list `{}` already; choose another name", list.id),
        );
    }
    if let Some(within) = list
        .within
        .filter(|within| !known.iter().any(|id| id == within))
    {
        entry.problem(
            "within",
            format!("before this one stands no list `{within}`; put it first, or name another"),
        );
    }
}

fn numbers(entry: &mut Settings<'_>, list: &Lines<'_>) {
    let most = i64::try_from(MOST).unwrap_or_default();
    if entry
        .integer("max")
        .is_some_and(|max| !(1..=most).contains(&max))
    {
        entry.problem("max", format!("`max` is 1 to {MOST} lines"));
    }
    if entry.integer("min").is_some_and(|min| min < 0) || list.min > list.max {
        entry.problem(
            "min",
            format!("`min` is 0 to {} lines, which is `max`", list.max),
        );
    }
}

/// Lines that are shown again can be changed, and the form above them too.
fn kept(entry: &mut Settings<'_>, list: &Lines<'_>, changes: bool) {
    if list.load.is_some() && list.change.is_none() {
        entry.problem(
            "load",
            "lines that are there are changed as well; name the query that does it in `change`",
        );
    }
    for key in ["change", "remove"] {
        if entry.has(key) && list.load.is_none() {
            entry.problem(key, format!("nothing says which lines are there, so `{key}` has none; name a query that reads them in `load`"));
        }
    }
    if list.load.is_some() && !changes {
        entry.problem(
            "load",
            "a form that only adds has no lines to show; give the form `load` and `change`",
        );
    }
}

fn queries(entry: &mut Settings<'_>, list: &Lines<'_>, app: &AppOutline<'_>) {
    let all = [
        ("submit", Some(list.submit)),
        ("change", list.change),
        ("remove", list.remove),
        ("load", list.load),
    ];
    let mut fields: Vec<&Param> = Vec::new();
    for (key, name) in all {
        let Some(query) = name.and_then(|name| app.query(name)) else {
            continue;
        };
        if matches!(key, "submit" | "load") && !hangs(query) {
            let message = format!(
                "`{}` does not say to which row its lines belong; give it a parameter with `from = \"parent.id\"`",
                query.name
            );
            entry.problem(key, message);
        }
        let of_row = query
            .params
            .iter()
            .any(|param| matches!(&param.source, Source::Row(name) if name == list.key));
        if matches!(key, "change" | "remove") && !of_row {
            let message = format!(
                "`{}` does not say which line it is about; give it a parameter with `from = \"row.{}\"`",
                query.name, list.key
            );
            entry.problem(key, message);
        }
        if key == "submit"
            && query
                .params
                .iter()
                .any(|param| matches!(param.source, Source::Row(_)))
        {
            entry.problem(
                key,
                format!(
                    "`{}` takes something of a row, and a new line is none yet",
                    query.name
                ),
            );
        }
        let asks = asked(query);
        if !asks.is_empty() && matches!(key, "remove" | "load") {
            entry.problem(
                key,
                format!(
                    "nobody types anything for `{}`; take no `form.…` there",
                    query.name
                ),
            );
        }
        fields.extend(asks);
    }
    plain_names(entry, "submit", &fields);
    choices(entry, &fields);
    for key in ["labels", "help"] {
        called(entry, key, list.submit, &fields);
    }
}
