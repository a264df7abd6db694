//! Webhooks of a survey: addresses that its builders name, and what they are told of it.
//!
//! What is guaranteed. A message is a row, written by the transaction that did what it tells
//! of: of a respondent in the file of the answers, of the survey itself and of respondents who
//! were erased in the accounts database. So nothing that was acknowledged is left out, and
//! nothing is told that did not happen. A row waits until the other side took it, or it was
//! given up after three days. At the other side it is **at least once**: killed between its
//! yes and our note of it, the same message goes once more, with the same `webhook-id`.
//! Messages of one webhook are tried in the order they happened; one that fails lets those
//! behind it pass.
//!
//! A backup that is put back does not know what left since: what waited in it is stopped, and
//! people say what is to be sent again.
//!
//! Whoever answers waits for none of this. Where a survey has no webhook, the end of a
//! respondent costs a look at an empty list in memory.

mod actions;
mod beside;
mod body;
mod handing;
mod model;
mod patience;
mod queueing;
mod sealing;
mod sending;
mod signing;
pub(in crate::surveys) mod sql;
mod stopping;
mod trying;
mod turn;

pub(in crate::surveys) use beside::{again_beside, board, forget_beside};
pub use model::{Event, Hook, HookId, Message, MessageId, MessageState, NewHook, Wanted};
pub(in crate::surveys) use queueing::{ended, erased, erased_all, happened};
pub(in crate::surveys) use sealing::{Sealed, fresh, key, seal};
pub use sending::{Sender, send, watch};
pub use stopping::stop_open;
pub(in crate::surveys) use trying::{Step, try_out};
