//! Surveys: what is asked, who answers, and the data that comes of it.

pub mod exports;
pub mod figures;
pub mod map;
