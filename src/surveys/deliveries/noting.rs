//! What is written down while deliveries are worked on: notes of the work itself. Who asked
//! and what came of it is recorded by actions.

use super::model::{Delivered, DeliveryId};
use super::sql;
use crate::base::Time;
use crate::site::Site;
use crate::store::{Error, Transaction};
use crate::surveys::keeping::Of;

/// It did not work this time: it is how it was.
pub(super) async fn later(
    site: &Site,
    one: &Delivered,
    (tries, next): (i64, Time),
    why: String,
) -> Result<(), Error> {
    let (of, id) = (one.of.clone(), one.id);
    let note = move |tx: &Transaction<'_>| sql::later(tx, (&of, id), (tries, next), &why);
    site.system.write(note).await
}

/// There is nothing new: that moment of the schedule is passed over.
pub(super) async fn nothing_new(
    site: &Site,
    (of, id): (Of, DeliveryId),
    slot: Time,
) -> Result<bool, Error> {
    let note = move |tx: &Transaction<'_>| sql::set_slot(tx, (&of, id), slot);
    site.system.write(note).await
}
