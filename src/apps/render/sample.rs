//! A page of an app whose queries bring their own rows, drawn as every page is, without
//! anybody's data.

use super::ask;
use super::grid::Drawing;
use super::page::{Ask, is_prefixed, jobs, seen};
use crate::apps::format::Context;
use crate::apps::sources::Places;
use crate::apps::widgets::Scene;
use crate::base::Time;
use crate::data::Catalog;
use crate::web;

/// The page's grid of widgets, as HTML. Whoever looks is nobody to it.
pub(in crate::apps) fn sample(ask: &Ask<'_>, now: Time) -> Result<String, web::Error> {
    let catalog = Catalog::default();
    let scene = Scene {
        app: ask.app,
        page: ask.page,
        fields: ask.fields,
        base: ask.base,
        is_preview: ask.is_preview,
        is_read_only: ask.is_read_only,
        is_builder: true,
        catalog: &catalog,
        context: Context {
            now,
            user: None,
            app: &ask.app.id,
        },
        tried: None,
        assets: web::assets_prefix(),
        is_prefixed: is_prefixed(ask.app, ask.page),
        shown: &[],
    };
    let mut shown = seen(&scene);
    let jobs = jobs(&scene, &Places::default(), &mut shown);
    let drawing = Drawing {
        scene: &scene,
        shown: &shown,
        answers: &ask::nobody(jobs)?,
    };
    let (html, _) = drawing.grid().map_err(web::Error::broken)?;
    Ok(html)
}
