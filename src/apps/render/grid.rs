//! The widgets of a page where they stand, with what went wrong in place of those
//! that have no rows.

use std::hash::{DefaultHasher, Hasher};

use askama::Template;

use super::ask::Answer;
use super::page::{Piece, Shown};
use crate::apps::widgets::{Place, Scene, Sight, Trouble, escape};

#[derive(Template)]
#[template(path = "apps/widgets/trouble.html")]
struct TroubleView<'a> {
    assets: &'a str,
    text: String,
    engine: &'a str,
}

/// All that is needed to write a page's widgets.
pub(super) struct Drawing<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) shown: &'a [Shown<'a>],
    pub(super) answers: &'a [Answer],
}

impl Drawing<'_> {
    /// The page's grid, and what of it each widget is that stands in no other.
    pub(super) fn grid(&self) -> askama::Result<(String, Vec<Piece>)> {
        let mut out = String::with_capacity(16 << 10);
        out.push_str(if self.scene.is_preview {
            "<div class=\"g12\">"
        } else {
            "<div class=\"g12\" data-live>"
        });
        let free = self.shown.iter();
        let free: Vec<&Shown<'_>> = { free }
            .filter(|one| self.holder(&one.widget.id).is_none())
            .collect();
        let pieces = self.lay(&free, &mut out)?;
        out.push_str("</div>");
        Ok((out, pieces))
    }

    /// The widget that this one stands in. There is one at most, so that nothing is
    /// written twice.
    fn holder(&self, id: &str) -> Option<&str> {
        let holds =
            |one: &&Shown<'_>| one.widget.id != id && one.kind.holds(one.widget).contains(&id);
        let holder = self.shown.iter().find(holds)?;
        Some(&holder.widget.id)
    }

    /// Adds the widgets row by row.
    fn lay(&self, widgets: &[&Shown<'_>], out: &mut String) -> askama::Result<Vec<Piece>> {
        let mut pieces = Vec::with_capacity(widgets.len());
        // Rows without a widget leave no gap.
        let mut rows: Vec<u32> = widgets.iter().map(|one| one.widget.at[0]).collect();
        rows.dedup();
        for one in widgets {
            let inside = self.inside(one)?;
            let [row, column, width] = one.widget.at;
            let row = rows
                .iter()
                .position(|known| *known == row)
                .unwrap_or_default()
                + 1;
            let answer = one.answer.map(|at| &self.answers[at].rows);
            let sight = Sight {
                scene: self.scene,
                widget: one.widget,
                rows: answer.and_then(|rows| rows.as_ref().ok()),
                below: one.below.as_deref().unwrap_or_default(),
                offers: &one.offers,
                inside: &inside,
                place: Place { row, column, width },
            };
            let start = out.len();
            match (answer, &one.below) {
                (Some(Err(trouble)), _) | (_, Err(trouble)) => in_trouble(&sight, trouble, out)?,
                _ => one.kind.draw(&sight, out)?,
            }
            mark(start, out);
            pieces.push(Piece {
                widget: one.widget.id.clone(),
                place: sight.place,
                at: start..out.len(),
            });
        }
        Ok(pieces)
    }

    /// The widgets that this one holds.
    fn inside(&self, one: &Shown<'_>) -> askama::Result<String> {
        let mut out = String::new();
        if one.kind.holds(one.widget).is_empty() {
            return Ok(out);
        }
        let own = Some(one.widget.id.as_str());
        let held = self.shown.iter();
        let held: Vec<&Shown<'_>> = { held }
            .filter(|other| self.holder(&other.widget.id) == own)
            .collect();
        self.lay(&held, &mut out)?;
        Ok(out)
    }
}

/// Gives the widget that begins there a mark that changes when it does, so that the
/// browser leaves alone what is the same.
fn mark(start: usize, out: &mut String) {
    let Some(space) = out[start..].find(' ') else {
        return;
    };
    let mut hasher = DefaultHasher::new();
    hasher.write(&out.as_bytes()[start..]);
    let hash = hasher.finish();
    out.insert_str(start + space, &format!(" data-v=\"{hash:016x}\""));
}

/// The widget's card with what is wrong in place of what it shows.
fn in_trouble(sight: &Sight<'_>, trouble: &Trouble, out: &mut String) -> askama::Result<()> {
    let scene = sight.scene;
    let title = sight
        .widget
        .settings
        .get("title")
        .or_else(|| sight.widget.settings.get("label"));
    let title = sight.heading(title.and_then(toml_edit::Item::as_str));
    let (text, engine) = match trouble {
        Trouble::Address(text) => (
            format!("This address does not say what is to be shown: {text}."),
            "",
        ),
        Trouble::Query(engine) if scene.is_builder => (
            "The query of this part failed. Correct it in the app's editor.".to_owned(),
            engine.as_str(),
        ),
        Trouble::Query(_) => (
            format!(
                "This could not be loaded. Tell whoever made this app: “{title}” on “{}”.",
                scene.page.title
            ),
            "",
        ),
    };
    sight.open("section", "card", out);
    out.push_str("<header><h2>");
    escape(title, out);
    out.push_str("</h2></header>");
    let view = TroubleView {
        assets: scene.assets,
        text,
        engine,
    };
    view.render_into(out)?;
    out.push_str("</section>");
    Ok(())
}
