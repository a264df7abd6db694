//! Apps: pages of widgets over data, each written down in one file.

pub mod format;
