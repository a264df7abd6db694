//! Webhooks in the accounts database, and messages in both files. The tables of messages
//! are called alike and have the same columns, but for whose they are.

mod hooks;
mod messages;
mod reading;

pub(in crate::surveys) use hooks::{
    all, change, count, forget_old, hook, hooks, insert, names_of, remove, renew, turn_off,
};
pub(in crate::surveys) use messages::{
    NewMessage, again, again_one, drop_of, later, over, purge, queue, queue_of_respondent, stop,
};
pub(in crate::surveys) use reading::{
    Counts, counts, due, facts, is_waiting, log, next, waiting_hooks, with_old,
};
