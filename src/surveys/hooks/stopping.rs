//! After a restore: what was on its way in the backup may have left since.

use super::sql;
use crate::site::Site;
use crate::store::{Error, Transaction, project_file};
use crate::web::WorkspaceId;

const WHY: &str = "a backup was put back; send it again where it did not arrive";

/// Stops every message that waits, of one workspace or of all. Who has to be told yet is
/// for people to say. This is data: that a backup was put back is in the journal before.
pub async fn stop_open(site: &Site, workspace: Option<WorkspaceId>) -> Result<usize, Error> {
    let mut hooks = site.system.read(sql::all).await?;
    hooks.retain(|hook| workspace.is_none_or(|one| hook.of.workspace == one));
    let (now, mut stopped) = (site.clock.now(), 0);
    for hook in hooks {
        let id = hook.id;
        let stop = move |tx: &Transaction<'_>| sql::stop(tx, id, (WHY, now));
        stopped += site.system.write(stop).await?;
        let name = project_file(hook.of.workspace, &hook.of.survey);
        if site.files.is_there(&name)? {
            stopped += site.files.open(&name)?.write(stop).await?;
        }
    }
    Ok(stopped)
}
