//! What can be done to the policy of a table. The journal tells that it changed,
//! and what of: the expressions are no secret, and no data.

use serde_json::{Value, json};

use crate::data::Data;
use crate::journal::{self, Entry};
use crate::store::{Error, Policy, Transaction, forget_policy, keep_policy, policies};
use crate::workspaces::Member;

/// What a record says of the policy that table has; nothing when it has none.
fn told(tx: &Transaction<'_>, table: &str) -> Result<Value, Error> {
    let all = policies(tx)?;
    let Some(policy) = all.into_iter().find(|policy| policy.table == table) else {
        return Ok(Value::Null);
    };
    let masks = policy.layer.mask.iter();
    let masks: Vec<_> = { masks.map(|(column, shown)| format!("{column}: {shown}")) }.collect();
    Ok(json!({ "condition": policy.layer.rows, "masks": masks, "free": policy.free }))
}

/// Puts a policy on a table, in place of the one it had.
pub(super) async fn keep(data: &Data, member: &Member, policy: Policy) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let kept = member.db.write(move |tx| {
        let before = told(tx, &policy.table)?;
        keep_policy(tx, &policy, now)?;
        let after = told(tx, &policy.table)?;
        let entry = Entry::new(now, &actor, "policy.saved", policy.table);
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok::<_, Error>(())
    });
    let kept = kept.await;
    member.db.policies_changed();
    kept
}

/// Takes the policy of a table away.
pub(super) async fn remove(data: &Data, member: &Member, table: String) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let removed = member.db.write(move |tx| {
        let before = told(tx, &table)?;
        if forget_policy(tx, &table)? {
            let entry = Entry::new(now, &actor, "policy.removed", table);
            journal::record(tx, &entry.changed(&before, &Value::Null))?;
        }
        Ok::<_, Error>(())
    });
    let removed = removed.await;
    member.db.policies_changed();
    removed
}
