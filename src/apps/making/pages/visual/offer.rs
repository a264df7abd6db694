//! What a form about a widget offers to choose from.

use super::super::actions;
use crate::apps::editing::{Offer, Outline};
use crate::apps::format::{App, KeyKind, KindSchema, Settings, Source, Widget};
use crate::apps::{Apps, Error};
use crate::web::Fields;
use crate::workspaces::Member;

/// What every widget of the app is offered.
pub(super) fn of_app(outline: &Outline, app: Option<&App>) -> Offer {
    let queries = |reads: bool| {
        let found = outline.queries.iter().filter(|query| query.reads == reads);
        found.map(|query| query.name.clone()).collect()
    };
    let params = app.iter().flat_map(|app| &app.queries).flat_map(|query| {
        let from_address = query
            .params
            .iter()
            .filter(|param| matches!(param.source, Source::Url(_)));
        from_address.map(|param| format!("{}.{}", query.name, param.name))
    });
    let pages = outline.in_order().into_iter();
    Offer {
        reads: queries(true),
        writes: queries(false),
        pages: pages
            .map(|page| (page.id.clone(), page.title.clone()))
            .collect(),
        inputs: params.collect(),
        ..Offer::default()
    }
}

/// The same, with what is known of the queries of one of them.
pub(super) async fn of_widget(
    apps: &Apps,
    member: &Member,
    offer: Offer,
    (app, page, widget): (&App, &str, &Widget),
    (schema, typed): (KindSchema, Option<&Fields>),
) -> Result<Offer, Error> {
    let (reads, fields) = named((app, widget), schema, typed);
    let columns = match reads {
        Some(query) => actions::columns(apps, member, app, &query).await?,
        None => Vec::new(),
    };
    let others = app.page(page).into_iter().flat_map(|page| &page.widgets);
    let others = others.filter(|other| other.id != widget.id);
    Ok(Offer {
        columns: columns.into_iter().map(|column| column.name).collect(),
        widgets: others.map(|other| other.id.clone()).collect(),
        fields,
        ..offer
    })
}

/// The query whose columns count, and the fields there are, as it was typed or written.
fn named(
    (app, widget): (&App, &Widget),
    schema: KindSchema,
    typed: Option<&Fields>,
) -> (Option<String>, Vec<String>) {
    let mut settings = Settings::of(widget);
    let (mut reads, mut fields) = (None, Vec::new());
    for key in schema.keys {
        let typed = typed.and_then(|typed| typed.get(&format!("k.{}", key.name)));
        match key.kind {
            KeyKind::ReadQuery => {
                let query = typed.or_else(|| settings.string(key.name));
                reads = reads.or(query.map(str::to_owned));
            }
            KeyKind::WriteQuery => {
                let query = typed.or_else(|| settings.string(key.name));
                let params = query.and_then(|name| app.query(name));
                let params = params.into_iter().flat_map(|query| &query.params);
                let own = params.filter(|param| matches!(param.source, Source::Form(_)));
                fields.extend(own.map(|param| param.source.key().to_owned()));
            }
            KeyKind::Inputs => {
                let params = settings.strings(key.name).into_iter();
                let params = params.filter_map(|name| app.param(name));
                fields.extend(params.map(|param| param.source.key().to_owned()));
            }
            _ => {}
        }
    }
    // Two queries of one widget may take the same field.
    let mut known: Vec<String> = Vec::with_capacity(fields.len());
    for field in fields {
        if !known.contains(&field) {
            known.push(field);
        }
    }
    (reads, known)
}
