//! Reviews of the logs that somebody answered for.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::trust::reviews::{Review, ReviewId};

/// The end of the last period that was reviewed, and when that was signed.
pub(in crate::trust) fn reviewed(conn: &Connection) -> Result<Option<(Time, Time)>, Error> {
    let newest = "select last, signed from log_review order by last desc limit 1";
    let found = conn.query_row(newest, [], |row| Ok((Time(row.get(0)?), Time(row.get(1)?))));
    Ok(found.optional()?)
}

/// The newest first.
pub(in crate::trust) fn reviews(conn: &Connection) -> Result<Vec<Review>, Error> {
    let mut list = conn.prepare_cached(
        "select id, first, last, digest, notes, signed, signed_name from log_review
         order by signed desc, id",
    )?;
    let reviews = list.query_map([], read)?;
    Ok(reviews.collect::<Result<_, _>>()?)
}

pub(in crate::trust) fn review(conn: &Connection, id: ReviewId) -> Result<Review, Error> {
    let mut find = conn.prepare_cached(
        "select id, first, last, digest, notes, signed, signed_name from log_review
         where id = :id",
    )?;
    let found = find.query_row(named_params! { ":id": id }, read);
    found.optional()?.ok_or(Error::NotFound)
}

fn read(row: &Row<'_>) -> SqlResult<Review> {
    let digest: String = row.get("digest")?;
    Ok(Review {
        id: row.get("id")?,
        first: Time(row.get("first")?),
        last: Time(row.get("last")?),
        digest: serde_json::from_str(&digest).unwrap_or_default(),
        notes: row.get("notes")?,
        signed: Time(row.get("signed")?),
        by: row.get("signed_name")?,
    })
}

pub(in crate::trust) fn add_review(
    tx: &Transaction<'_>,
    review: &Review,
    user: &str,
) -> Result<(), Error> {
    let digest = serde_json::to_string(&review.digest).unwrap_or_default();
    tx.execute(
        "insert into log_review (id, first, last, digest, notes, signed, signed_by, signed_name)
         values (:id, :first, :last, :digest, :notes, :signed, :user, :by)",
        named_params! {
            ":id": review.id,
            ":first": review.first.0,
            ":last": review.last.0,
            ":digest": digest,
            ":notes": review.notes,
            ":signed": review.signed.0,
            ":user": user,
            ":by": review.by,
        },
    )?;
    Ok(())
}
