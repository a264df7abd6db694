//! From the text of an app file to the app, or to everything that is wrong with it.

use toml_edit::Document;

use crate::base::written::{Notes, syntax};

use super::file::File;
use super::keys::{Kinds, ROOT};
use super::settings::Settings;
use super::{App, AppOutline, Level, Problem};
use super::{checks, param_checks, read, widgets};

impl App {
    /// Reads an app file.
    ///
    /// # Errors
    ///
    /// Every problem of the file, in its order, when at least one keeps it from
    /// loading. What merely keeps it from being published is in `problems` of the app.
    pub fn parse(text: &str, kinds: &dyn Kinds) -> Result<App, Vec<Problem>> {
        let toml = Document::parse(text).map_err(|error| vec![syntax(text, &error)])?;
        let file = File { text, toml: &toml };
        let mut notes = Notes::default();

        let mut root = Settings::new(toml.as_table(), 0, None);
        root.finish(ROOT);
        notes.take(root.into_found().0);

        let mut app = read::app(&file);
        param_checks::resolve(&file, &mut app.queries, &mut notes);
        checks::app(&file, &app, &mut notes);
        for query in &app.queries {
            param_checks::query(&file, query, &mut notes);
        }
        let pages = app.page_outlines();
        let outline = AppOutline {
            queries: &app.queries,
            pages: &pages,
        };
        let widgets = widgets::read(&file, &outline, kinds, &mut notes);
        for (page, widgets) in app.pages.iter_mut().zip(widgets) {
            page.widgets = widgets;
        }

        app.problems = notes.into_problems(text);
        if app
            .problems
            .iter()
            .any(|problem| problem.level == Level::Error)
        {
            return Err(app.problems);
        }
        Ok(app)
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
pub(super) mod tests;
