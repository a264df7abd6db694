//! What a workspace decides about signing in.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::people::factors::Rules;
use crate::people::model::Error;
use crate::people::pages::People;
use crate::people::sql;
use crate::store::Error as StoreError;
use crate::web::Viewer;

/// Holds from the next request on, also for sessions that are open.
pub(in crate::people) async fn set_rules(
    people: &People,
    who: &Viewer,
    rules: Rules,
) -> Result<(), Error> {
    let (now, actor, workspace) = (people.site.clock.now(), who.actor(), who.person.workspace);
    let name = who.person.workspace_name.clone();
    people
        .site
        .system
        .write(move |tx| {
            let before = sql::rules(tx, workspace)?;
            sql::set_times(tx, workspace, &rules)?;
            sql::clear_factor_rules(tx, workspace)?;
            for role in &rules.roles {
                sql::add_factor_rule(tx, workspace, *role)?;
            }
            let said = |rules: &Rules| {
                let names: Vec<_> = rules.roles.iter().map(|role| role.name()).collect();
                json!({ "idle": rules.idle, "longest": rules.longest, "factor": names })
            };
            let entry = Entry::new(now, &actor, "sign_in_rules.changed", name);
            let entry = entry.on("workspace", workspace.to_string());
            journal::record(tx, &entry.changed(&said(&before), &said(&rules)))?;
            Ok::<_, StoreError>(())
        })
        .await?;
    people.sessions.forget_all();
    Ok(())
}
