//! Tables that belong together, and what is made of them and of templates.

mod forms;
mod relations;
mod several;
mod templates;
