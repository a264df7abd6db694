//! What can be done to the queries people keep.

use serde_json::{Value, json};

use super::model::{Draft, Error, Param};
use super::sql;
use crate::data::Data;
use crate::journal::{self, Entry};
use crate::workspaces::Member;

/// Keeps the draft: a new query, or a change of one, under another name if it
/// says so. Refused when somebody else changed it since the draft was begun.
pub(super) async fn save(data: &Data, member: &Member, draft: Draft) -> Result<(), Error> {
    let now = data.site.clock.now();
    let (actor, workspace) = (member.viewer.actor(), member.workspace);
    let saved = data.site.system.write(move |tx| {
        let by = (now, actor.name.as_str());
        let mut before = Value::Null;
        if draft.was.is_empty() {
            sql::insert(tx, workspace, &draft, by)?;
        } else {
            let kept = sql::find(tx, workspace, &draft.was)?
                .ok_or_else(|| Error::NoQuery(draft.was.clone()))?;
            if kept.changed.0 != draft.seen {
                return Err(Error::Changed(kept.changed_by, kept.changed));
            }
            sql::update(tx, workspace, &draft, by)?;
            before = told(&kept.name, (&kept.sql, &kept.source), &kept.params);
        }
        let is_renamed = !draft.was.is_empty() && draft.was != draft.name;
        let action = if is_renamed {
            "query.renamed"
        } else {
            "query.saved"
        };
        let after = told(&draft.name, (&draft.sql, &draft.source), &draft.params);
        let entry = Entry::new(now, &actor, action, draft.name);
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok::<_, Error>(())
    });
    saved.await
}

/// What a record says of a kept query: its names and a fingerprint of its
/// statement, since records stay when the query's workspace is destroyed.
fn told(name: &str, (sql, source): (&str, &str), params: &[Param]) -> Value {
    let params = params.iter();
    let params: Vec<_> = params
        .map(|param| format!("{} {}", param.name, param.kind.name()))
        .collect();
    let hash = journal::hex(&journal::sha256(sql.as_bytes()));
    let told = json!({ "name": name, "sha256": hash, "bytes": sql.len(), "params": params });
    with_source(told, source)
}

/// Says which database elsewhere it was, where it was one.
fn with_source(mut detail: Value, source: &str) -> Value {
    if !source.is_empty() {
        detail["source"] = source.into();
    }
    detail
}

pub(super) async fn delete(data: &Data, member: &Member, name: String) -> Result<(), Error> {
    let now = data.site.clock.now();
    let (actor, workspace) = (member.viewer.actor(), member.workspace);
    let deleted = data.site.system.write(move |tx| {
        let kept = sql::find(tx, workspace, &name)?;
        let kept = kept.ok_or_else(|| Error::NoQuery(name.clone()))?;
        sql::delete(tx, workspace, &name)?;
        let before = told(&kept.name, (&kept.sql, &kept.source), &kept.params);
        let entry = Entry::new(now, &actor, "query.deleted", name);
        journal::record(tx, &entry.changed(&before, &Value::Null))?;
        Ok(())
    });
    deleted.await
}

/// Notes that a builder ran a statement: its hash, never its text, and how many
/// rows were shown or why there are none.
pub(super) fn ran(data: &Data, member: &Member, draft: &Draft, rows: Result<usize, String>) {
    let hash = journal::hex(&journal::sha256(draft.sql.as_bytes()));
    let actor = member.viewer.actor();
    let name = if draft.was.is_empty() {
        "a draft"
    } else {
        &draft.was
    };
    let entry = Entry::new(data.site.clock.now(), &actor, "query.run", name);
    let entry = entry.on("query", &*hash);
    data.site.notes.add(match rows {
        Ok(rows) => {
            let detail = json!({ "sha256": hash, "rows": rows });
            entry.with(with_source(detail, &draft.source))
        }
        Err(why) => {
            let detail = json!({ "sha256": hash });
            entry.with(with_source(detail, &draft.source)).failed(why)
        }
    });
}

/// Says in the journal that somebody takes the rows of a query away, before the
/// first leaves. `name` is the one it is kept under, or nothing; `source` the database
/// elsewhere that they come from, or nothing.
pub(super) async fn exported(
    data: &Data,
    member: &Member,
    (name, source): (&str, &str),
) -> Result<(), Error> {
    let now = data.site.clock.now();
    let actor = member.viewer.actor();
    let (name, source) = (name.to_owned(), source.to_owned());
    let told = member.db.write(move |tx| {
        let object = if name.is_empty() { "a draft" } else { &*name };
        let entry = Entry::new(now, &actor, "rows.exported", object);
        let detail = json!({ "query": name, "format": "csv" });
        journal::record(tx, &entry.with(with_source(detail, &source)))?;
        Ok::<_, Error>(())
    });
    told.await
}
