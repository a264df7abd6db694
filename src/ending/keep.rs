//! What is written down of endings while they are worked on: notes of the work
//! itself, nothing an auditor asks for.

use super::model::{EndingId, State};
use super::sql;
use crate::site::Site;
use crate::store::{Error, Transaction};

/// It came back.
pub(super) async fn forgotten(site: &Site, id: EndingId) -> Result<(), Error> {
    let forget = move |tx: &Transaction<'_>| sql::forget(tx, id);
    site.system.write(forget).await
}

/// It could not come back, and goes on going.
pub(super) async fn still_going(site: &Site, id: EndingId) -> Result<(), Error> {
    let turn = move |tx: &Transaction<'_>| {
        sql::set_state(tx, id, (State::Returning, State::Going)).map(|_| ())
    };
    site.system.write(turn).await
}

/// It could not be destroyed this time.
pub(super) async fn failed(site: &Site, id: EndingId, fault: String) -> Result<(), Error> {
    let fail = move |tx: &Transaction<'_>| sql::fail(tx, id, &fault);
    site.system.write(fail).await
}

/// Archives that were being made when the process ended come to nothing.
pub(super) async fn cut_off(site: &Site) -> Result<usize, Error> {
    let fault = "the server was restarted meanwhile; ask for it again";
    let cut = move |tx: &Transaction<'_>| sql::cut_off(tx, fault);
    site.system.write(cut).await
}
