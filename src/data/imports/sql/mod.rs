//! Where uploads are kept, and how their rows come in.

mod rows;
mod uploads;

pub(super) use rows::{
    append, begin, clash, delete_all, insert, insert_new, insertion, is_done, leftovers, set_done,
    twice, update,
};
pub(super) use uploads::{
    delete, delete_old, find, ids, insert as insert_upload, keep_draft, keep_outcome,
    keep_problems, keep_seen, list, set_stage, workspaces,
};
