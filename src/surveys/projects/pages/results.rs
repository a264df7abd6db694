//! Results: every question counted, and one question by another.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::{Error, Head, reading};
use crate::surveys::figures::{Cross, Tally, Topline, crossing, toplines};
use crate::surveys::map::{DataMap, Kind};
use crate::surveys::projects::responses::{Responses, Which};
use crate::surveys::running::Surveys;
use crate::web::{Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/results.html")]
pub(super) struct Results {
    shell: Shell,
    tab: &'static str,
    head: Head,
    lang: String,
    langs: Vec<String>,
    is_all: bool,
    responses: u64,
    toplines: Vec<Topline>,
    /// What can stand on a side of a cross table: its name and its question.
    sides: Vec<(String, String)>,
    rows: String,
    columns: String,
    cross: Option<Cross>,
}

/// `0.125` gives `12.5 %`.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand references over"
)]
fn percent(share: &f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Two digits after the point.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand references over"
)]
fn two(number: &f64) -> String {
    format!("{number:.2}")
}

/// A p value as people print it.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand references over"
)]
fn chance(p: &f64) -> String {
    if *p < 0.001 {
        "below 0.001".to_owned()
    } else {
        format!("{p:.3}")
    }
}

pub(super) async fn page(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Results>> {
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let word = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let (rows, columns, is_all) = (word("rows"), word("columns"), word("which") == "all");
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let map = history.map().without_personal();
    let langs = map.langs.clone();
    let lang = langs.iter().find(|lang| **lang == word("lang"));
    let lang = lang.cloned().unwrap_or_else(|| map.lang().to_owned());
    let links = history.links.clone();
    let (asked, speaking) = ((rows.clone(), columns.clone()), lang.clone());
    let counted = reading::look(site, (member.workspace, &survey), move |conn| {
        let map = reading::reached(conn, map)?;
        let which = Which {
            outcome: (!is_all).then(|| "complete".to_owned()),
            ..Which::default()
        };
        let mut responses = Responses {
            conn,
            map: &map,
            links: &links,
            which,
            vault: None,
        };
        let tally = Tally::of(&map, &mut responses)?;
        let cross = if asked.0.is_empty() || asked.1.is_empty() {
            None
        } else {
            crossing(&map, &mut responses, (&asked.0, &asked.1), &speaking)?
        };
        Ok::<_, Error>((map, tally, cross))
    });
    let (map, tally, cross) = counted.await?;
    let mut toplines = toplines(&map, &tally, &lang);
    // What is known of everybody is no question, but how it ended.
    toplines.retain(|line| {
        let variable = map.variable(&line.name);
        variable.is_none_or(|variable| !variable.block.is_empty())
    });
    Ok(Page(Results {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "results",
        head: Head::of(&history.project),
        responses: tally.responses,
        sides: sides(&map, &lang),
        toplines,
        lang,
        langs,
        is_all,
        rows,
        columns,
        cross,
    }))
}

/// The questions that have codes or items.
fn sides(map: &DataMap, lang: &str) -> Vec<(String, String)> {
    let singles = map.variables.iter().filter(|variable| {
        variable.set.is_none()
            && matches!(variable.kind, Kind::Single | Kind::Flag)
            && !variable.codes.is_empty()
    });
    let singles = singles.map(|variable| (variable.name.clone(), variable.full_label(lang)));
    let sets = map.sets();
    let sets = sets.iter().map(|set| {
        let turn = set.turn.map(|turn| format!("_{turn}")).unwrap_or_default();
        let name = format!("{}{turn}", set.name);
        (name, set.question.text(lang).to_owned())
    });
    singles.chain(sets).collect()
}
