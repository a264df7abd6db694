//! How often a name came with a wrong password.

use crate::base::Time;
use crate::store::{Error as StoreError, Transaction, named_params};

/// Counts one more for that day. Names nobody has are not kept.
pub(in crate::people) fn note_refusal(
    tx: &Transaction<'_>,
    email: &str,
    now: Time,
) -> Result<(), StoreError> {
    tx.execute(
        "insert into refusal (user, day, count) select id, :day, 1 from user where email = :email
         on conflict (user, day) do update set count = count + 1",
        named_params! { ":email": email, ":day": now.0.div_euclid(Time::DAY) },
    )?;
    Ok(())
}
