//! What the parts of an app promise each other: names, paths, datasources, statements.

use crate::base::text::nearest;
use crate::data::sql_text;
use crate::data::{dialect_of, only_reads_kind};

use super::file::File;
use super::words::{NAME, PAGE_ROWS};
use super::{App, Level, Live, Page, Query, QueryKind, Use};
use crate::base::written::{Notes, suggestion};

pub(super) fn app(file: &File<'_>, app: &App, notes: &mut Notes) {
    let format = file
        .toml
        .get("format")
        .and_then(toml_edit::Item::as_integer);
    if let Some(other) = format.filter(|version| *version != 1) {
        let message = format!("this version reads format 1, not {other}; set `format = 1`");
        notes.error(file.at(&["format"]), message);
    }
    if !app.id.trim().is_empty() && !is_slug(&app.id) {
        notes.error(file.at(&["id"]), bad_name(&app.id));
    }
    for section in ["uses", "policy", "query", "page", "test"] {
        names(file, &[section], notes);
    }
    for page in &app.pages {
        names(file, &["page", &page.id, "widget"], notes);
    }
    super::access::check(file, app, notes);
    not_yet(file, app, notes);
    super::test_checks::check(file, app, notes);
    for query in &app.queries {
        datasource(file, app, query, notes);
        statement(file, query, notes);
        kind_keys(file, query, notes);
        paging(file, query, notes);
    }
    paths(file, &app.pages, notes);
    live(file, notes);
}

/// Small letters, digits, `-` and `_`, beginning with a letter.
pub(super) fn is_slug(text: &str) -> bool {
    text.len() <= NAME
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

fn bad_name(name: &str) -> String {
    format!(
        "`{name}` cannot be a name here; use a small letter, then small letters, digits, - and _, at most {NAME}"
    )
}

fn names(file: &File<'_>, path: &[&str], notes: &mut Notes) {
    for (name, _) in file.tables(path) {
        if !is_slug(name) {
            let mut path = path.to_vec();
            path.push(name);
            notes.error(file.at(&path), bad_name(name));
        }
    }
}

/// What a file may say and this version does not do: said aloud, never skipped.
fn not_yet(file: &File<'_>, app: &App, notes: &mut Notes) {
    let is_known = |uses: &Use| uses.is_own() || dialect_of(&uses.kind).is_some();
    for uses in app.uses.iter().filter(|uses| !is_known(uses)) {
        let at = file.at(&["uses", &uses.name, "kind"]);
        let kind = &uses.kind;
        let message =
            format!("this version asks no datasource of kind {kind}; remove it to publish");
        notes.add(at, Level::Refused, message);
    }
    only_read(file, app, notes);
    for policy in &app.policies {
        let at = file.at(&["policy", &policy.name]);
        if policy.rows.is_none() && policy.mask.is_empty() {
            notes.error(at, "a policy says `rows`, `mask` or both");
        }
        let table = policy.on.split_once('.');
        let names_one = table.is_some_and(|(uses, table)| {
            !table.is_empty() && app.uses.iter().any(|known| known.name == uses)
        });
        if !policy.on.is_empty() && !names_one {
            let at = file.at(&["policy", &policy.name, "on"]);
            let message = "`on` names a table as datasource.table, with a datasource from `uses`";
            notes.error(at, message);
        }
    }
}

/// What is asked of a datasource of a kind that only reads, and that it cannot do.
fn only_read(file: &File<'_>, app: &App, notes: &mut Notes) {
    let of = |name: &str| {
        let mut uses = app.uses.iter();
        uses.find(|uses| uses.name == name && only_reads_kind(&uses.kind))
    };
    for uses in app.uses.iter().filter(|uses| of(&uses.name).is_some()) {
        if uses.needs.contains(&QueryKind::Write) {
            let at = file.at(&["uses", &uses.name, "needs"]);
            let kind = &uses.kind;
            let message =
                format!("a datasource of kind {kind} only reads; remove \"write\" from `needs`");
            notes.add(at, Level::Refused, message);
        }
    }
    for query in app
        .queries
        .iter()
        .filter(|query| query.kind == QueryKind::Write)
    {
        if let Some(uses) = of(&query.uses) {
            let at = file.at(&["query", &query.name, "kind"]);
            let (name, kind) = (&query.name, &uses.kind);
            let message = format!(
                "`{name}` is to write, and a datasource of kind {kind} only reads; remove it to publish"
            );
            notes.add(at, Level::Refused, message);
        }
    }
    for policy in &app.policies {
        let named = policy.on.split_once('.').and_then(|(name, _)| of(name));
        if let Some(uses) = named {
            let at = file.at(&["policy", &policy.name, "on"]);
            let message = format!(
                "no policy holds on a datasource of kind {}; ask it only in pages whose readers may see all its rows, and remove this to publish",
                uses.kind
            );
            notes.add(at, Level::Refused, message);
        }
    }
}

/// The datasource exists and allows what the query does.
fn datasource(file: &File<'_>, app: &App, query: &Query, notes: &mut Notes) {
    if query.uses.is_empty() {
        return;
    }
    let at = file.at(&["query", &query.name, "use"]);
    let Some(uses) = app.uses.iter().find(|uses| uses.name == query.uses) else {
        let known: Vec<&str> = app.uses.iter().map(|uses| uses.name.as_str()).collect();
        let near = suggestion(&query.uses, &known);
        return notes.error(at, format!("`uses` has no `{}`{near}", query.uses));
    };
    if !uses.needs.contains(&query.kind) {
        let (name, verb, uses) = (&query.name, word(query.kind), &uses.name);
        let message = format!("`{name}` is to {verb}; add \"{verb}\" to `needs` of `uses.{uses}`");
        notes.error(at, message);
    }
}

/// It is one statement, and every placeholder has its parameter and the reverse.
fn statement(file: &File<'_>, query: &Query, notes: &mut Notes) {
    let name = query.name.as_str();
    let sql = ["query", name, "sql"];
    let at = |within| file.at_byte(&sql, &query.sql, within);
    let found = match sql_text::placeholders_in(query.dialect, &query.sql) {
        Ok(found) => found,
        Err(error) => return notes.error(at(error.at), error.message),
    };
    let params = query.params.iter();
    let declared: Vec<&str> = params.map(|param| param.name.as_str()).collect();
    for placeholder in &found {
        let name = placeholder.name.as_str();
        if !declared.contains(&name) {
            let fix = match nearest(name, declared.iter().copied()) {
                Some(near) => format!("did you mean `:{near}`?"),
                None => format!("declare it under [query.{}.param]", query.name),
            };
            let message = format!("`:{name}` has no parameter; {fix}");
            notes.error(at(placeholder.at), message);
        }
    }
    for param in declared {
        if !found.iter().any(|placeholder| placeholder.name == param) {
            let message =
                format!("the statement has no `:{param}`; use it there or remove it here");
            notes.error(file.at(&["query", name, "param", param]), message);
        }
    }
}

fn word(kind: QueryKind) -> &'static str {
    match kind {
        QueryKind::Read => "read",
        QueryKind::Write => "write",
    }
}

/// `paging` is for reading, `audit` and `expect` are for writing.
fn kind_keys(file: &File<'_>, query: &Query, notes: &mut Notes) {
    let (foreign, other): (&[&str], _) = match query.kind {
        QueryKind::Read => (&["audit", "expect"], "write"),
        QueryKind::Write => (&["paging"], "read"),
    };
    let tables = file.tables(&["query"]);
    let Some((_, table)) = tables.iter().find(|(name, _)| *name == query.name) else {
        return;
    };
    for key in foreign.iter().filter(|key| table.contains_key(key)) {
        let message = format!(
            "`{key}` belongs to queries of kind \"{other}\", and this one is to {}; remove it",
            word(query.kind)
        );
        notes.error(file.at(&["query", &query.name, key]), message);
    }
    let rows = table.get("expect").and_then(toml_edit::Item::as_integer);
    if rows.is_some_and(|rows| rows < 0) {
        let at = file.at(&["query", &query.name, "expect"]);
        notes.error(at, "`expect` counts rows; it is 0 or more");
    }
}

fn paging(file: &File<'_>, query: &Query, notes: &mut Notes) {
    let Some(paging) = &query.paging else { return };
    let path = |key| ["query", query.name.as_str(), "paging", key];
    let (least, most) = PAGE_ROWS;
    if !(least..=most).contains(&paging.size) {
        let message = format!("`size` is {least} to {most} rows");
        notes.error(file.at(&path("size")), message);
    }
    if let Some(order) = &paging.default
        && !paging.sort.contains(&order.column)
    {
        let known: Vec<&str> = paging.sort.iter().map(String::as_str).collect();
        let near = suggestion(&order.column, &known);
        let message = format!("`{}` is not among the `sort` columns{near}", order.column);
        notes.error(file.at(&path("default")), message);
    }
}

fn paths(file: &File<'_>, pages: &[Page], notes: &mut Notes) {
    for (index, page) in pages.iter().enumerate() {
        if page.path.trim().is_empty() {
            continue;
        }
        let at = file.at(&["page", &page.id, "path"]);
        if !is_path(&page.path) {
            notes.error(
                at,
                "a path begins with / and has small letters, digits, - and _ between its slashes, like /new",
            );
        }
        if let Some(other) = pages[..index].iter().find(|other| other.path == page.path) {
            let message = format!("page `{}` has this path already; choose another", other.id);
            notes.error(at, message);
        }
    }
}

/// What a page says of following is one of the things it can say.
fn live(file: &File<'_>, notes: &mut Notes) {
    for (id, table) in file.tables(&["page"]) {
        let said = table.get("live").and_then(super::fits::scalar);
        if said.is_some_and(|said| Live::parse(&said).is_none()) {
            notes.error(file.at(&["page", id, "live"]), Live::WORDS);
        }
    }
}

fn is_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let part = |part: &str| !part.is_empty() && part.chars().all(plain);
    path == "/"
        || path
            .strip_prefix('/')
            .is_some_and(|rest| rest.split('/').all(part))
}
