//! Addresses kept and letters dropped in the file of a survey's answers. This is data: who
//! asked for it is in the journal before, beside that file.

use super::model::RoundId;
use super::sql::{self, NewInvitee};
use crate::base::Time;
use crate::site::Site;
use crate::store::{Db, Error, Transaction, project_file};
use crate::surveys::keeping::Of;

/// Keeps whom a survey is to write to. Whose address is there stays as they are.
pub(in crate::surveys) async fn keep_people(
    db: &Db,
    people: Vec<NewInvitee>,
    now: Time,
) -> Result<(), Error> {
    let keep = move |tx: &Transaction<'_>| {
        { people.iter() }.try_for_each(|one| sql::insert_invitee(tx, one, now))
    };
    db.write(keep).await
}

/// What waits of a round does not leave.
pub(in crate::surveys) async fn drop_letters(
    site: &Site,
    of: &Of,
    (round, why): (RoundId, &'static str),
) -> Result<(), Error> {
    let (name, now) = (project_file(of.workspace, &of.survey), site.clock.now());
    if !site.files.is_there(&name)? {
        return Ok(());
    }
    let drop = move |tx: &Transaction<'_>| sql::drop_waiting(tx, round, (why, now));
    site.files.open(&name)?.write(drop).await
}
