//! What changes rows: forms to add and to change one, and what they send.

use std::fmt::Write;

use super::family::{Child, Family, Kin, Link};
use super::lookups::Lookup;
use super::sql;
use super::text::{commented, labels, path};
use crate::apps::making::generate::filters::fields;
use crate::apps::making::generate::queries::query;
use crate::apps::making::generate::text::{first_upper, quoted};

/// The queries that write rows of a table.
pub(super) fn queries(kin: &Kin<'_>, family: &Family, out: &mut String) {
    let (id, param) = (kin.names.id.as_str(), kin.key_param());
    let asked = format!("{}{}", lookups(kin, family, None), fields(&kin.parts));

    query(&format!("add_{id}"), "write", &sql::add(kin, family), out);
    let _ = write!(
        out,
        "audit  = \"{id}.added\"\nexpect = 1\n\n[query.add_{id}.param]\n{asked}"
    );

    query(
        &format!("change_{id}"),
        "write",
        &sql::change(kin, family),
        out,
    );
    let _ = write!(
        out,
        "audit  = \"{id}.changed\"\nexpect = 1\n\n[query.change_{id}.param]\n{param} = {{ from = \"url.id\", type = \"int\" }}\n{asked}"
    );

    query(
        &format!("remove_{id}"),
        "write",
        &sql::remove(kin, family),
        out,
    );
    let _ = write!(
        out,
        "audit  = \"{id}.removed\"\nexpect = 1\n\n[query.remove_{id}.param]\n{param} = {{ from = \"row.{}\", type = \"int\" }}\n",
        kin.key()
    );
}

/// The query that adds a row to the one it belongs to.
pub(super) fn adding(of: &[Kin<'_>], family: &Family, child: &Child, out: &mut String) {
    let (kin, link) = (&of[child.at], family.link(child));
    query(&child.add, "write", &sql::add_to(kin, family, link), out);
    let _ = write!(
        out,
        "audit  = \"{}.added\"\nexpect = 1\n\n[query.{}.param]\n{} = {{ from = \"url.id\", type = \"int\" }}\n{}{}",
        kin.names.id,
        child.add,
        kin.parent_param(),
        lookups(kin, family, Some(link)),
        fields(&kin.parts)
    );
}

fn lookups(kin: &Kin<'_>, family: &Family, without: Option<&Link>) -> String {
    let links = kin.links.iter().filter(|link| !sql::is(link, without));
    links.map(|link| Lookup::of(family, link).param).collect()
}

/// What the fields are called, and what stands below those that name other rows.
fn words(kin: &Kin<'_>, family: &Family, without: Option<&Link>) -> String {
    let links = || kin.links.iter().filter(|link| !sql::is(link, without));
    let all = links().map(|link| (link.field.clone(), link.title.clone()));
    let own = kin.parts.shape.columns.iter();
    let own = own.map(|facts| (facts.name().to_owned(), facts.column.title.clone()));
    let all: Vec<(String, String)> = all.chain(own).collect();
    let mut out = String::new();
    if !all.is_empty() {
        let _ = writeln!(out, "labels = {{ {} }}", labels(&all));
    }
    let help: Vec<String> = links().map(|link| Lookup::of(family, link).help).collect();
    if !help.is_empty() {
        let _ = writeln!(out, "help   = {{ {} }}", help.join(", "));
    }
    out
}

/// The pages on which a row is added and changed.
pub(super) fn pages(at: usize, kin: &Kin<'_>, family: &Family, out: &mut String) {
    let (names, words) = (kin.names, words(kin, family, None));
    let _ = write!(
        out,
        r#"
[page.{new}]
title = {title}
path  = "{new_path}"
order = {order}
menu  = false

[page.{new}.widget.form]
type   = "form"
at     = [1, 1, 8]
submit = "add_{id}"
{words}then   = {{ goto = "{list}", toast = {added} }}

[page.{change}]
title = {change_title}
path  = "{change_path}"
order = {order}
menu  = false

[page.{change}.widget.form]
type   = "form"
at     = [1, 1, 8]
load   = "one_{id}"
submit = "change_{id}"
{words}then   = {{ goto = "{page}", with = {{ id = "id" }}, toast = {saved} }}
"#,
        id = names.id,
        new = names.new,
        change = names.change,
        list = names.list,
        page = names.page,
        new_path = path(&names.new),
        change_path = path(&names.change),
        order = 200 + at,
        title = quoted(&format!("New {}", names.one)),
        change_title = quoted(&format!("Change the {}", names.one)),
        added = quoted(&format!("{} added", first_upper(&names.one))),
        saved = quoted(&format!("{} saved", first_upper(&names.one))),
    );
}

/// The page on which a row is added to the one it belongs to, which stands above the form.
pub(super) fn adding_page(
    kin: &Kin<'_>,
    of: &[Kin<'_>],
    (family, child): (&Family, &Child),
    out: &mut String,
) {
    let (other, link) = (&of[child.at], family.link(child));
    let (names, title) = (kin.names, format!("New {}", other.names.one));
    let shown = kin.parts.shape.called.as_ref();
    let shown = shown.map_or(kin.key(), |called| called.column.as_str());
    commented(
        &format!("It belongs to the {} it was begun on.", names.one),
        out,
    );
    let _ = write!(
        out,
        r#"[page.{page}]
title = {title}
path  = "{path}"
order = 300
menu  = false

[page.{page}.widget.of]
type    = "detail"
at      = [1, 1, 8]
title   = {of}
query   = "one_{id}"
columns = [{shown}]

[page.{page}.widget.form]
type   = "form"
at     = [2, 1, 8]
submit = "{add}"
{words}then   = {{ goto = "{back}", with = {{ id = "id" }}, toast = {added} }}
"#,
        page = child.page,
        path = path(&child.page),
        id = names.id,
        add = child.add,
        back = names.page,
        title = quoted(&title),
        of = quoted(&first_upper(&names.one)),
        shown = quoted(shown),
        words = words(other, family, Some(link)),
        added = quoted(&format!("{} added", first_upper(&other.names.one))),
    );
}
