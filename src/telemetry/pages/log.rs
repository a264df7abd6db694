//! The latest warnings and errors of this process.

use askama::Template;

use crate::log::{Kept, recent};
use crate::web::{Page, Shell, Viewer};

#[derive(Template)]
#[template(path = "telemetry/log.html")]
pub(super) struct LogPage {
    shell: Shell,
    lines: Vec<Kept>,
}

impl LogPage {
    fn is_error(line: &Kept) -> bool {
        line.level == tracing::Level::ERROR
    }
}

pub(super) async fn show(viewer: Viewer) -> Page<LogPage> {
    Page(LogPage {
        shell: Shell::of(&viewer, "health"),
        lines: recent(),
    })
}
