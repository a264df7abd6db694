//! Naming a database elsewhere, trying it, and letting it go.

use serde_json::{Value, json};

use super::form::NewSource;
use super::model::{Account, Error, SourceId, described};
use super::trial::{Powers, Taken, try_out};
use super::{Source, sealing, sql};
use crate::data::Data;
use crate::journal::{self, Entry};
use crate::store::Key;
use crate::web::WorkspaceId;
use crate::workspaces::Member;

/// Keeps it, a new one or a change of one. A password given for one place goes to no
/// other: when that changes and none is entered, it is forgotten. Gives its id, and whether
/// a password is missing now.
pub(super) async fn save(
    data: &Data,
    member: &Member,
    (was, new): (Option<SourceId>, NewSource),
) -> Result<(SourceId, bool), Error> {
    let (now, actor) = (data.site.clock.now(), member.viewer.actor());
    let (workspace, key) = (member.workspace, sealing::key(&data.site)?);
    let id = was.unwrap_or_else(|| SourceId::new(now));
    let saved = data.site.system.write(move |tx| {
        let before = match was {
            Some(id) => Some(sql::find(tx, workspace, id)?.ok_or(Error::NoSource)?),
            None => None,
        };
        if let Some(kept) = before.as_ref().filter(|kept| kept.revision != new.revision) {
            return Err(Error::Changed(kept.changed_by.clone()));
        }
        let of = (&key, (workspace, id));
        let sealed = sealed(of, before.as_ref(), (&new, Account::Reader))?;
        let writer = sealed_writer(of, before.as_ref(), &new)?;
        let by = (now, &*actor.name);
        let both = [sealed.as_deref(), writer.as_deref()];
        sql::keep(tx, (workspace, id), (&new, both), by)?;
        let action = if was.is_none() {
            "source.added"
        } else {
            "source.changed"
        };
        let described_before = before.map_or(Value::Null, |kept| kept.described());
        let after = described((&new.name, &new.kind), &new.settings);
        let entry = Entry::new(now, &actor, action, &*new.name);
        let entry = entry.changed(&described_before, &after);
        let detail = json!({
            "new_password": new.password.is_some(),
            "has_password": sealed.is_some(),
            "new_writer_password": new.writer_password.is_some(),
            "has_writer_password": writer.is_some(),
        });
        journal::record(tx, &entry.with(detail))?;
        let lacks_writer = !new.settings.writer.is_empty() && writer.is_none();
        let lacks_password = sealed.is_none() && !new.settings.place.user.is_empty();
        Ok((id, lacks_password || lacks_writer))
    });
    let saved = saved.await?;
    data.pools.forget(id);
    Ok(saved)
}

/// The account's password as it is kept from now on: the new one, or the one there is
/// where it goes to the same place.
fn sealed(
    (key, (workspace, id)): (&Key, (WorkspaceId, SourceId)),
    before: Option<&Source>,
    (new, account): (&NewSource, Account),
) -> Result<Option<Vec<u8>>, Error> {
    let place = new.settings.place_of(account);
    let (password, kept) = match account {
        Account::Reader => (&new.password, before.map(|kept| &kept.sealed)),
        Account::Writer => (&new.writer_password, before.map(|kept| &kept.sealed_writer)),
    };
    if let Some(password) = password {
        let whose = (workspace, id, &*new.kind);
        return Ok(Some(sealing::seal(key, whose, (&place, password))?));
    }
    let is_same = before
        .is_some_and(|kept| kept.settings.place_of(account) == place && kept.kind == new.kind);
    Ok(kept.filter(|_| is_same).cloned().flatten())
}

fn sealed_writer(
    of: (&Key, (WorkspaceId, SourceId)),
    before: Option<&Source>,
    new: &NewSource,
) -> Result<Option<Vec<u8>>, Error> {
    if new.settings.writer.is_empty() {
        return Ok(None);
    }
    sealed(of, before, (new, Account::Writer))
}

/// Forgets it and its passwords. Queries that ask it stay and say that it is gone.
pub(super) async fn delete(data: &Data, member: &Member, id: SourceId) -> Result<String, Error> {
    let (now, actor) = (data.site.clock.now(), member.viewer.actor());
    let workspace = member.workspace;
    let deleted = data.site.system.write(move |tx| {
        let kept = sql::find(tx, workspace, id)?.ok_or(Error::NoSource)?;
        let queries = sql::queries(tx, workspace, id)?;
        sql::delete(tx, workspace, id)?;
        let entry = Entry::new(now, &actor, "source.deleted", &*kept.name);
        let entry = entry.changed(&kept.described(), &Value::Null);
        journal::record(tx, &entry.with(json!({ "queries": queries.len() })))?;
        Ok::<_, Error>(kept.name)
    });
    let name = deleted.await?;
    data.pools.forget(id);
    Ok(name)
}

/// Tries it, and says in the journal how far that came.
pub(super) async fn test(
    data: &Data,
    member: &Member,
    source: &Source,
) -> Result<(Vec<Taken>, Option<Powers>), Error> {
    let (taken, powers) = try_out(&data.site, source).await;
    let failed = taken.iter().find(|taken| taken.went.is_err());
    let failed = failed.map(|taken| taken.step.title());
    let (now, actor) = (data.site.clock.now(), member.viewer.actor());
    let name = source.name.clone();
    let told = data.site.system.write(move |tx| {
        let entry = Entry::new(now, &actor, "source.tested", name);
        let entry = match failed {
            Some(step) => entry.failed(step),
            None => entry,
        };
        journal::record(tx, &entry)
    });
    told.await?;
    Ok((taken, powers))
}
