//! What can be done to the policy of a table. The journal tells that it changed,
//! and what of: the expressions are no secret, and no data.

use serde_json::json;

use crate::data::Data;
use crate::journal::{self, Entry};
use crate::store::{Error, Policy, forget_policy, keep_policy};
use crate::workspaces::Member;

/// Puts a policy on a table, in place of the one it had.
pub(super) async fn keep(data: &Data, member: &Member, policy: Policy) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let kept = member.db.write(move |tx| {
        keep_policy(tx, &policy, now)?;
        let masked: Vec<_> = policy.layer.mask.iter().map(|(column, _)| column).collect();
        let detail = json!({ "rows": policy.layer.rows, "masked": masked, "free": policy.free });
        let entry = Entry::new(now, &actor, "policy.saved", policy.table);
        journal::record(tx, &entry.with(detail))?;
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
        if forget_policy(tx, &table)? {
            journal::record(tx, &Entry::new(now, &actor, "policy.removed", table))?;
        }
        Ok::<_, Error>(())
    });
    let removed = removed.await;
    member.db.policies_changed();
    removed
}
