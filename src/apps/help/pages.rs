//! The pages where builders look things up.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::example::{Example, Seen};
use super::limits::{self, Limit};
use super::reference::{self, Section};
use crate::apps::Apps;
use crate::apps::format::{SOURCES, VALUE_TYPES, Word};
use crate::apps::widgets::{ALL, markdown, named};
use crate::base::text::title;
use crate::web::{self, Access, Fields, Page, Result, Right, Routes, Shell, Viewer};

/// The steps of the handbook that lead to a first app.
const TUTORIAL: &str = include_str!("../../../docs/tutorial.md");

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/help", build, index)
        .get("/help/tutorial", build, tutorial)
        .get("/help/format", build, format)
        .get("/help/widgets", build, widgets)
        .get("/help/widgets/{kind}", build, widget)
        .get("/help/widgets/{kind}/p/{*path}", build, other_page)
}

#[derive(Template)]
#[template(path = "help/index.html")]
struct Index {
    shell: Shell,
}

async fn index(viewer: Viewer) -> Page<impl Template> {
    Page(Index {
        shell: Shell::of(&viewer, "help"),
    })
}

#[derive(Template)]
#[template(path = "help/tutorial.html")]
struct Tutorial {
    shell: Shell,
    html: String,
}

async fn tutorial(viewer: Viewer) -> Page<impl Template> {
    Page(Tutorial {
        shell: Shell::of(&viewer, "help"),
        html: markdown(TUTORIAL),
    })
}

#[derive(Template)]
#[template(path = "help/format.html")]
struct Format {
    shell: Shell,
    sections: Vec<Section>,
    types: &'static [Word],
    sources: &'static [Word],
    limits: Vec<Limit>,
}

async fn format(viewer: Viewer) -> Page<impl Template> {
    Page(Format {
        shell: Shell::of(&viewer, "help"),
        sections: reference::of_app(),
        types: VALUE_TYPES,
        sources: SOURCES,
        limits: limits::all(),
    })
}

#[derive(Template)]
#[template(path = "help/widgets.html")]
struct Widgets {
    shell: Shell,
    /// Name, title, and a sentence.
    kinds: Vec<(&'static str, String, &'static str)>,
}

async fn widgets(viewer: Viewer) -> Page<impl Template> {
    let kinds = ALL.iter().map(|kind| {
        let schema = kind.schema();
        (schema.name, title(schema.name), schema.doc)
    });
    Page(Widgets {
        shell: Shell::of(&viewer, "help"),
        kinds: kinds.collect(),
    })
}

#[derive(Template)]
#[template(path = "help/widget.html")]
struct Widget {
    shell: Shell,
    name: &'static str,
    title: String,
    doc: &'static str,
    sections: Vec<Section>,
    example: Example,
    seen: Seen,
}

async fn widget(
    State(apps): State<Apps>,
    viewer: Viewer,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<impl Template>> {
    shown(&apps, &viewer, (&kind, "/".to_owned()), query).await
}

/// Another page of the example, which its links lead to.
async fn other_page(
    State(apps): State<Apps>,
    viewer: Viewer,
    Path((kind, path)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Page<impl Template>> {
    shown(&apps, &viewer, (&kind, format!("/{path}")), query).await
}

async fn shown(
    apps: &Apps,
    viewer: &Viewer,
    (kind, path): (&str, String),
    query: Option<String>,
) -> Result<Page<Widget>> {
    let kind = named(kind).ok_or(web::Error::NotFound)?;
    let schema = kind.schema();
    let fields = Fields::parse(&query.unwrap_or_default());
    let (base, now) = (
        format!("/help/widgets/{}", schema.name),
        apps.site().clock.now(),
    );
    let drawn =
        tokio::task::spawn_blocking(move || Example::of(kind).seen(&path, (&fields, &base), now));
    Ok(Page(Widget {
        shell: Shell::of(viewer, "help"),
        name: schema.name,
        title: title(schema.name),
        doc: schema.doc,
        sections: reference::of_widget(schema),
        example: Example::of(kind),
        seen: drawn.await.map_err(web::Error::broken)??,
    }))
}
