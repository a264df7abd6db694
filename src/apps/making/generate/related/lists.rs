//! What shows the rows of a table: its list, the page of one row, and what belongs to it.

use std::fmt::Write;

use super::family::{Child, Family, Kin, Link};
use super::sql::{self, About};
use super::text::{commented, labels, pair, path};
use crate::apps::making::generate::filters::{Filter, conditions, filters, params};
use crate::apps::making::generate::queries::{explained, query};
use crate::apps::making::generate::shape::Facts;
use crate::apps::making::generate::text::{first_upper, quoted};
use crate::data::ColumnType;

/// The queries that read a table: the list and one row.
pub(super) fn queries(kin: &Kin<'_>, family: &Family, out: &mut String) {
    let filters = filters_of(kin, family);
    let list = format!("list_{}", kin.names.list);
    let sql = about(kin, family, None).list(&conditions(&filters));
    let words = format!("{}: the list, and one row of it.", kin.title());
    explained(&words, &list, &sql, out);
    paging(kin, (50, None), out);
    if !filters.is_empty() {
        let _ = write!(out, "\n[query.{list}.param]\n{}", params(&filters));
    }
    let one = format!("one_{}", kin.names.id);
    query(&one, "read", &about(kin, family, None).one(), out);
    let _ = writeln!(
        out,
        "\n[query.{one}.param]\n{} = {{ from = \"url.id\", type = \"int\" }}",
        kin.key_param()
    );
}

/// The query of what belongs to a row of `kin`.
pub(super) fn belonging(of: &[Kin<'_>], family: &Family, child: &Child, out: &mut String) {
    let (kin, link) = (&of[child.at], family.link(child));
    let sql = about(kin, family, Some(link)).belongs();
    query(&child.query, "read", &sql, out);
    paging(kin, (20, Some(link)), out);
    let _ = writeln!(
        out,
        "\n[query.{}.param]\nid = {{ from = \"url.id\", type = \"int\" }}",
        child.query
    );
}

fn about<'a>(kin: &'a Kin<'a>, family: &'a Family, without: Option<&'a Link>) -> About<'a> {
    About {
        kin,
        family,
        without,
    }
}

fn filters_of(kin: &Kin<'_>, family: &Family) -> Vec<Filter> {
    let about = about(kin, family, None);
    filters(&kin.parts, &about.called(), &|column| about.own(column))
}

fn paging(kin: &Kin<'_>, (size, without): (u32, Option<&Link>), out: &mut String) {
    let names = columns(kin, without);
    let key = kin.key();
    let sort: Vec<String> = { names.iter().map(|(name, _)| name.as_str()) }
        .chain([key])
        .map(quoted)
        .collect();
    let is_shown = |moment: &&Facts| names.iter().any(|(name, _)| name == moment.name());
    let moment = kin.parts.moment.filter(is_shown);
    let default = moment.map_or(key.to_owned(), |moment| format!("-{}", moment.name()));
    let _ = writeln!(
        out,
        "paging = {{ size = {size}, sort = [{}], default = {}, key = {} }}",
        sort.join(", "),
        quoted(&default),
        quoted(key)
    );
}

/// The columns of a list and what they are called, without the key.
fn columns(kin: &Kin<'_>, without: Option<&Link>) -> Vec<(String, String)> {
    let links = kin.links.iter().filter(|link| !sql::is(link, without));
    let links = links.map(|link| (link.field.clone(), link.title.clone()));
    let shown = kin.parts.shown.iter();
    let shown = shown.map(|facts| (facts.name().to_owned(), facts.column.title.clone()));
    links.chain(shown).collect()
}

/// The page with the list.
pub(super) fn list_page(kin: &Kin<'_>, family: &Family, order: usize, out: &mut String) {
    let (names, title) = (kin.names, kin.title());
    let _ = write!(
        out,
        r#"
[page.{page}]
title = {title}
path  = "{path}"
order = {order}

[page.{page}.widget.new]
type  = "button"
at    = [1, 1, 12]
label = {new}
goto  = "{goto}"
style = "primary"
"#,
        page = names.list,
        path = path(&names.list),
        goto = names.new,
        title = quoted(title),
        new = quoted(&format!("New {}", names.one)),
    );
    let filters = filters_of(kin, family);
    if !filters.is_empty() {
        let inputs = filters
            .iter()
            .map(|filter| quoted(&format!("list_{}.{}", names.list, filter.name)));
        let _ = write!(
            out,
            "\n[page.{page}.widget.filters]\ntype   = \"filter\"\nat     = [2, 1, 12]\ninputs = [{}]\n",
            inputs.collect::<Vec<_>>().join(", "),
            page = names.list,
        );
    }
    let report = Report {
        page: &names.list,
        widget: "list",
        row: 3,
        query: &format!("list_{}", names.list),
        empty: "Nothing matches these filters.",
    };
    report.write(kin, &columns(kin, None), out);
}

/// A table of rows that lead to their pages.
struct Report<'a> {
    page: &'a str,
    widget: &'a str,
    row: usize,
    query: &'a str,
    empty: &'a str,
}

impl Report<'_> {
    fn write(&self, kin: &Kin<'_>, columns: &[(String, String)], out: &mut String) {
        let names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
        let _ = write!(
            out,
            r#"
[page.{}.widget.{}]
type    = "report"
at      = [{}, 1, 12]
title   = {}
query   = "{}"
columns = [{}]
labels  = {{ {} }}
"#,
            self.page,
            self.widget,
            self.row,
            quoted(kin.title()),
            self.query,
            names.join(", "),
            labels(columns),
        );
        let formats = formats(kin, |name| columns.iter().any(|(known, _)| known == name));
        if !formats.is_empty() {
            let _ = writeln!(out, "format  = {{ {} }}", formats.join(", "));
        }
        let _ = write!(
            out,
            "export  = [\"csv\", \"xlsx\"]\nempty   = {}\nrow     = {{ goto = \"{}\", with = {{ id = {} }} }}\n",
            quoted(self.empty),
            kin.names.page,
            quoted(kin.key()),
        );
    }
}

/// How columns are written: short lists as badges, sums with their cents.
fn formats(kin: &Kin<'_>, is_shown: impl Fn(&str) -> bool) -> Vec<String> {
    let badges = kin
        .parts
        .choices
        .iter()
        .filter(|facts| facts.kind() == ColumnType::Text && facts.values.len() <= 8);
    let badges = badges.map(|facts| (facts.name(), "badge"));
    let sums = { kin.parts.measure.iter() }
        .filter(|measure| measure.adds_up && measure.facts.kind() == ColumnType::Number);
    let sums = sums.map(|measure| (measure.facts.name(), "number:2"));
    let shown = badges.chain(sums).filter(|(name, _)| is_shown(name));
    shown.map(|(name, format)| pair(name, format)).collect()
}

/// The page of one row, with what belongs to it.
pub(super) fn row_page(at: usize, all: &[Kin<'_>], family: &Family, out: &mut String) {
    let (kin, names) = (&all[at], all[at].names);
    let words = format!(
        "One {}{}.",
        names.one,
        if kin.children.is_empty() {
            ""
        } else {
            ", and what belongs to it"
        }
    );
    commented(&words, out);
    let _ = write!(
        out,
        r#"[page.{page}]
title = {title}
path  = "{path}"
order = {order}
menu  = false

[page.{page}.widget.row]
type    = "detail"
at      = [1, 1, 12]
query   = "one_{id}"
"#,
        page = names.page,
        id = names.id,
        title = quoted(&first_upper(&names.one)),
        path = path(&names.page),
        order = 100 + at,
    );
    detail(kin, all, out);
    for (place, child) in kin.children.iter().enumerate() {
        children(kin, (&all[child.at], child), (family, 2 + 2 * place), out);
    }
}

/// The keys of the widget with one row.
fn detail(kin: &Kin<'_>, all: &[Kin<'_>], out: &mut String) {
    let names = kin.names;
    let links = kin
        .links
        .iter()
        .map(|link| (link.field.clone(), link.title.clone()));
    let own = kin.parts.shape.columns.iter();
    let own = own.map(|facts| (facts.name().to_owned(), facts.column.title.clone()));
    let columns: Vec<(String, String)> = links.chain(own).collect();
    let quoted_names: Vec<String> = columns.iter().map(|(name, _)| quoted(name)).collect();
    let _ = writeln!(
        out,
        "columns = [{}]\nlabels  = {{ {} }}",
        quoted_names.join(", "),
        labels(&columns)
    );
    let formats = formats(kin, |_| true);
    if !formats.is_empty() {
        let _ = writeln!(out, "format  = {{ {} }}", formats.join(", "));
    }
    let mut leads = vec![format!(
        "{{ label = \"Change\", goto = \"{}\", with = {{ id = {} }} }}",
        names.change,
        quoted(kin.key())
    )];
    leads.extend(kin.links.iter().map(|link| {
        format!(
            "{{ label = {}, goto = \"{}\", with = {{ id = {} }} }}",
            quoted(&link.title),
            all[link.to].names.page,
            quoted(&link.column)
        )
    }));
    let _ = writeln!(out, "links   = [{}]", leads.join(", "));
    let sure = if kin.children.is_empty() {
        "It is gone for good."
    } else {
        "It is gone for good. While something belongs to it, it stays."
    };
    let _ = writeln!(
        out,
        "actions = [{{ label = \"Delete\", run = \"remove_{id}\", confirm = {}, style = \"danger\", then = {{ goto = \"{}\", toast = {} }} }}]",
        quoted(sure),
        names.list,
        quoted(&format!("{} deleted", first_upper(&names.one))),
        id = names.id,
    );
}

/// What belongs to the row, and the button that adds one more.
fn children(
    kin: &Kin<'_>,
    (other, child): (&Kin<'_>, &Child),
    (family, row): (&Family, usize),
    out: &mut String,
) {
    let link = family.link(child);
    let report = Report {
        page: &kin.names.page,
        widget: &child.query,
        row,
        query: &child.query,
        empty: "Nothing belongs to it yet.",
    };
    report.write(other, &columns(other, Some(link)), out);
    let _ = write!(
        out,
        r#"
[page.{page}.widget.{id}]
type  = "button"
at    = [{row}, 1, 12]
label = {label}
goto  = "{id}"
with  = {{ id = "id" }}
"#,
        page = kin.names.page,
        id = child.page,
        row = row + 1,
        label = quoted(&format!("New {}", other.names.one)),
    );
}
