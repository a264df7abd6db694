//! What sharing pages add to the files of apps.

use super::model::{Act, Lists};
use crate::apps::format::Name;
use crate::base::Time;
use crate::people::GroupId;
use crate::store::{Connection, Error as StoreError, Transaction, named_params};
use crate::web::{UserId, WorkspaceId};

/// A group or a person by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Group(GroupId),
    Person(UserId),
}

impl Subject {
    fn kind(self) -> &'static str {
        match self {
            Subject::Group(_) => "group",
            Subject::Person(_) => "person",
        }
    }

    fn id(self) -> String {
        match self {
            Subject::Group(id) => id.to_string(),
            Subject::Person(id) => id.to_string(),
        }
    }
}

/// Whom the page of an app names, by the names they have now.
pub(super) fn lists(
    conn: &Connection,
    workspace: WorkspaceId,
    app: &str,
) -> Result<Lists, StoreError> {
    let mut list = conn.prepare_cached(
        "select app_share.act, app_share.kind,
                case app_share.kind when 'group' then people_group.name else user.email end as name
         from app_share
         left join people_group on app_share.kind = 'group'
                               and people_group.id = app_share.subject
                               and people_group.workspace = app_share.workspace
         left join user on app_share.kind = 'person' and user.id = app_share.subject
         where app_share.workspace = :workspace and app_share.app = :app
         order by app_share.kind, name",
    )?;
    let mut rows = list.query(named_params! { ":workspace": workspace, ":app": app })?;
    let mut lists = Lists::default();
    while let Some(row) = rows.next()? {
        // A name that is gone still limits: it becomes one that nobody has.
        let name = row.get::<_, Option<String>>("name")?.unwrap_or_default();
        let name = match row.get_ref("kind")?.as_str() {
            Ok("group") => Name::Group(name),
            _ => Name::Person(name),
        };
        if let Some(act) = Act::named(&row.get::<_, String>("act")?) {
            lists.of_mut(act).push(name);
        }
    }
    Ok(lists)
}

pub(super) fn drop_list(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    app: &str,
    act: Act,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from app_share where workspace = :workspace and app = :app and act = :act",
        named_params! { ":workspace": workspace, ":app": app, ":act": act.name() },
    )?;
    Ok(())
}

/// Names somebody of that workspace; what is not of it stays out.
pub(super) fn add(
    tx: &Transaction<'_>,
    (workspace, app, act): (WorkspaceId, &str, Act),
    subject: Subject,
    now: Time,
) -> Result<bool, StoreError> {
    let added = tx.execute(
        "insert into app_share (workspace, app, act, kind, subject, added)
         select :workspace, :app, :act, :kind, :subject, :now
         where exists (select 1 from people_group
                       where :kind = 'group' and id = :subject and workspace = :workspace)
            or exists (select 1 from membership
                       where :kind = 'person' and user = :subject and workspace = :workspace)
         on conflict (workspace, app, act, kind, subject) do nothing",
        named_params! {
            ":workspace": workspace,
            ":app": app,
            ":act": act.name(),
            ":kind": subject.kind(),
            ":subject": subject.id(),
            ":now": now.0,
        },
    )?;
    Ok(added == 1)
}
