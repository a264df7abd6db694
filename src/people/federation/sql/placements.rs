//! What groups over there mean here.

use crate::people::federation::model::{MethodId, Placement, PlacementId};
use crate::store::{Connection, Error as StoreError, Row, Transaction, named_params};
use crate::web::{Role, WorkspaceId};

pub(in crate::people::federation) fn placements(
    conn: &Connection,
    method: MethodId,
) -> Result<Vec<Placement>, StoreError> {
    let mut list = conn.prepare_cached(
        "select placement.id, placement.theirs, placement.workspace, placement.role,
                placement.people_group, workspace.name as workspace_name,
                people_group.name as group_name
         from placement
         join workspace on workspace.id = placement.workspace
         left join people_group on people_group.id = placement.people_group
         where placement.method = :method order by workspace.name, placement.theirs",
    )?;
    let placements = list.query_map(named_params! { ":method": method }, read)?;
    Ok(placements.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> crate::store::SqlResult<Placement> {
    let group: Option<String> = row.get("people_group")?;
    let name: Option<String> = row.get("group_name")?;
    Ok(Placement {
        id: row.get("id")?,
        theirs: row.get("theirs")?,
        workspace: row.get("workspace")?,
        workspace_name: row.get("workspace_name")?,
        // Roles this build does not know are the least there is.
        role: Role::named(&row.get::<_, String>("role")?).unwrap_or(Role::User),
        group: group.zip(name),
    })
}

/// Adds it once, however often it is sent.
pub(in crate::people::federation) fn add_placement(
    tx: &Transaction<'_>,
    method: MethodId,
    new: &Placement,
) -> Result<(), StoreError> {
    tx.execute(
        "insert or ignore into placement (id, method, theirs, workspace, role, people_group)
         values (:id, :method, :theirs, :workspace, :role, :group)",
        named_params! {
            ":id": new.id,
            ":method": method,
            ":theirs": new.theirs,
            ":workspace": new.workspace,
            ":role": new.role.name(),
            ":group": new.group.as_ref().map(|(id, _)| id),
        },
    )?;
    Ok(())
}

pub(in crate::people::federation) fn drop_placement(
    tx: &Transaction<'_>,
    method: MethodId,
    id: PlacementId,
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "delete from placement where id = :id and method = :method",
        named_params! { ":id": id, ":method": method },
    )?)
}

/// Id and name of all workspaces.
pub(in crate::people::federation) fn workspaces(
    conn: &Connection,
) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
    let mut list = conn.prepare_cached("select id, name from workspace order by name")?;
    let found = list.query_map([], |row| Ok((row.get("id")?, row.get("name")?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Id, name and workspace of all groups.
pub(in crate::people::federation) fn groups(
    conn: &Connection,
) -> Result<Vec<(String, String, WorkspaceId)>, StoreError> {
    let mut list = conn.prepare_cached(
        "select people_group.id, people_group.name, people_group.workspace
         from people_group join workspace on workspace.id = people_group.workspace
         order by workspace.name, people_group.name",
    )?;
    let found = list.query_map([], |row| {
        Ok((row.get("id")?, row.get("name")?, row.get("workspace")?))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
