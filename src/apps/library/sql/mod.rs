//! Where apps, their drafts and their versions are kept.

mod drafts;
mod published;
mod versions;

pub(in crate::apps) use drafts::{delete, draft, exists, insert, list, save};
pub(in crate::apps) use published::published;
pub(in crate::apps) use versions::{add, use_version, version_text, versions};
