//! What is told to builders is what the code declares, and what it shows can be shown.

use std::fs;

use super::example::Example;
use super::{limits, markdown, reference};
use crate::apps::format::Level;
use crate::apps::widgets::ALL;
use crate::base::Time;
use crate::web::Fields;

const NOON: Time = Time(1_795_262_400_000);

/// Holds a file of the handbook against what it should say, or writes it anew.
fn settle(path: &str, wanted: &str) {
    if std::env::var("DOCS_UPDATE").as_deref() == Ok("always") {
        fs::write(path, wanted).unwrap();
    }
    let found = fs::read_to_string(path).unwrap();
    let differs = found
        .lines()
        .zip(wanted.lines())
        .position(|(is, should)| is != should);
    let line = differs.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1;
    assert!(
        found == wanted,
        "{path}:{line} is not what the code says; write it anew with DOCS_UPDATE=always"
    );
}

#[test]
fn the_chapter_of_the_format_says_what_the_code_declares() {
    settle("docs/format.md", &markdown::chapter());
}

#[test]
fn the_table_of_widgets_says_what_the_code_declares() {
    const BEGIN: &str = "<!-- the kinds of widget, written by a test: see format.md -->\n";
    const END: &str = "<!-- end -->\n";
    let path = "docs/builder.md";
    let text = fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    settle(
        path,
        &format!("{before}{BEGIN}{}{END}{after}", markdown::kinds()),
    );
}

#[test]
fn every_link_of_the_chapter_leads_somewhere() {
    let chapter = markdown::chapter();
    let mut links = 0;
    for link in chapter.split("](#").skip(1) {
        let to = link.split(')').next().unwrap();
        assert!(chapter.contains(&format!("<a id=\"{to}\">")), "{to}");
        links += 1;
    }
    assert!(links > 30, "{links}");
    for section in reference::of_app() {
        let anchor = format!("<a id=\"{}\">", section.anchor());
        assert_eq!(chapter.matches(&anchor).count(), 1, "{anchor}");
    }
    assert!(limits::all().iter().all(|limit| !limit.most.is_empty()));
}

#[test]
fn every_kind_is_drawn_from_its_own_example() {
    for kind in ALL {
        let name = kind.schema().name;
        let example = Example::of(*kind);
        let app = example.app().unwrap();
        assert!(example.about.ends_with('.'), "{name}: {}", example.about);
        let worst = app.problems.iter().map(|problem| problem.level).max();
        assert!(worst < Some(Level::Error), "{name}: {:?}", app.problems);
        assert_eq!(app.id, format!("{name}-example"));
        let first = app.page_at("/").unwrap();
        let own = first
            .widgets
            .iter()
            .find(|widget| widget.kind == name)
            .unwrap();
        for page in &app.pages {
            let look = (&Fields::default(), "/base");
            let seen = example.seen(&page.path, look, NOON).unwrap();
            let is_first = page.path == "/";
            let id = format!("id=\"w-{}\"", own.id);
            assert_eq!(
                seen.html.contains(&id),
                is_first || page.id == first.id,
                "{name}: {}",
                seen.html
            );
            for wrong in ["note bad", "note warn", "class=\"empty\""] {
                // A frame says in its place what an operator would have to allow.
                let is_frame = name == "embed" && wrong.contains("empty");
                assert!(
                    is_frame || !seen.html.contains(wrong),
                    "{name}{}: {}",
                    page.path,
                    seen.html
                );
            }
            assert!(seen.html.len() < 20_000, "{name}: {}", seen.html.len());
        }
    }
}

#[test]
fn an_example_follows_its_address_and_has_nobodys_rows() {
    let of = |name: &str, path: &str, query: &str| {
        let kind = crate::apps::widgets::named(name).unwrap();
        let fields = Fields::parse(query);
        Example::of(kind)
            .seen(path, (&fields, "/base"), NOON)
            .map(|seen| seen.html)
    };

    let first = of("report", "/", "").unwrap();
    assert!(
        first.contains("Bakery Finch") && !first.contains("Harbour café"),
        "{first}"
    );
    assert!(first.contains("/base/p/order?id=6"), "{first}");
    let sorted = of("report", "/", "sort=customer").unwrap();
    assert!(
        !sorted.contains("Quay 7") && sorted.contains("Harbour café"),
        "{sorted}"
    );
    assert!(of("report", "/order", "id=3").unwrap().contains("Quay 7"));
    let filtered = of("filter", "/", "status=late").unwrap();
    assert!(
        filtered.contains("Quay 7") && !filtered.contains("Bakery Finch"),
        "{filtered}"
    );
    let month = of("calendar", "/", "month=2026-12").unwrap();
    assert!(
        month.contains("Bakery Finch") && !month.contains("Harbour café"),
        "{month}"
    );
    assert!(
        of("tabs", "/", "parts=2")
            .unwrap()
            .contains("onsight-chart")
    );
    assert!(of("report", "/nowhere", "").is_err());
}
