//! Surveys: what is asked, who answers, and the data that comes of it.

pub mod answering;
pub mod assets;
pub mod blocks;
pub mod calls;
pub mod deliveries;
pub mod editing;
pub mod exports;
pub mod figures;
pub mod format;
pub mod hooks;
pub mod intake;
pub mod keeping;
pub mod letters;
pub mod live;
pub mod map;
pub mod panels;
pub mod personal;
pub mod projects;
pub mod running;
pub mod uploads;
