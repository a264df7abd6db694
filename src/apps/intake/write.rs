//! The draft as the text of an app file.

use std::fmt::Write;

use super::draft::{Draft, Page, Placed, Query};
use super::statement::Engine;

/// Text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}

/// `["a", "b"]`
pub(super) fn list<T: AsRef<str>>(all: &[T]) -> String {
    let each: Vec<String> = all.iter().map(|text| quoted(text.as_ref())).collect();
    format!("[{}]", each.join(", "))
}

/// `{ a = "b" }`, the values being TOML already.
pub(super) fn table<K: AsRef<str>>(all: &[(K, String)]) -> String {
    let each = all
        .iter()
        .map(|(name, value)| format!("{} = {value}", key(name.as_ref())));
    format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
}

fn key(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A statement, on lines of its own where it can stand so.
fn statement(sql: &str) -> String {
    let is_plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if sql.contains('\n') && !sql.contains("'''") && sql.chars().all(is_plain) {
        format!("'''\n{sql}\n'''")
    } else {
        quoted(sql)
    }
}

fn comment(lines: &[String], out: &mut String) {
    for line in lines.iter().flat_map(|text| text.lines()) {
        let plain: String = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let _ = writeln!(out, "# {}", plain.trim_end());
    }
}

pub(super) fn text(draft: &Draft) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Brought over from JSON definitions. What could not come along is in the account;\n# `onsight app check` prints it from the same files.\nformat = 1\nid     = {}\ntitle  = {}",
        quoted(&draft.id),
        quoted(&draft.title)
    );
    if let Some(description) = &draft.description {
        let _ = writeln!(out, "description = {}", quoted(description));
    }
    let kind = match draft.engine {
        Engine::Sqlite => "sqlite",
        Engine::Mysql => "mysql",
    };
    let writes = draft.queries.iter().any(|query| query.is_write);
    let needs: &[&str] = if writes {
        &["read", "write"]
    } else {
        &["read"]
    };
    let _ = write!(
        out,
        "\n[uses.main]\nkind  = \"{kind}\"\nneeds = {}\n",
        list(needs)
    );
    if !draft.open.is_empty() {
        let _ = write!(out, "\n[access]\nopen = {}\n", list(&draft.open));
    }
    for query in &draft.queries {
        written_query(query, &mut out);
    }
    for (at, page) in draft.pages.iter().enumerate() {
        written_page(page, at, &mut out);
    }
    for (heading, lines) in &draft.later {
        out.push('\n');
        comment(&[format!("Not part of the app yet: {heading}")], &mut out);
        comment(lines, &mut out);
    }
    out
}

fn written_query(query: &Query, out: &mut String) {
    out.push('\n');
    comment(&query.comment, out);
    let _ = writeln!(
        out,
        "[query.{}]\nuse  = \"main\"\nkind = {}",
        query.name,
        if query.is_write {
            "\"write\""
        } else {
            "\"read\""
        }
    );
    if let Some(audit) = &query.audit {
        let _ = writeln!(out, "audit  = {}\nexpect = 1", quoted(audit));
    }
    let _ = writeln!(out, "sql  = {}", statement(&query.sql));
    if let Some(size) = query.size {
        let _ = writeln!(out, "paging = {{ size = {size} }}");
    }
    if !query.params.is_empty() {
        let _ = writeln!(out, "\n[query.{}.param]", query.name);
        for param in &query.params {
            let _ = writeln!(out, "{} = {}", param.name, table(&param.keys));
        }
    }
}

fn written_page(page: &Page, at: usize, out: &mut String) {
    let _ = write!(
        out,
        "\n[page.{}]\ntitle = {}\npath  = {}\norder = {}\n",
        page.name,
        quoted(&page.title),
        quoted(&page.path),
        (at + 1) * 10
    );
    if !page.is_in_menu {
        out.push_str("menu  = false\n");
    }
    for Placed { widget, at } in &page.widgets {
        let [row, column, width] = at;
        let _ = write!(
            out,
            "\n[page.{}.widget.{}]\ntype = \"{}\"\nat   = [{row}, {column}, {width}]\n",
            page.name, widget.name, widget.kind
        );
        for (name, value) in &widget.keys {
            let _ = writeln!(out, "{name} = {value}");
        }
    }
}
