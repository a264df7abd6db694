//! What operators do about sign-in methods: one transaction and its lines in
//! the journal each. Secrets are sealed here and come out for use alone.

use serde_json::{Value, json};

use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::people::federation::form::Draft;
use crate::people::federation::model::{Method, MethodId, Placement, PlacementId};
use crate::people::federation::{Error, sql};
use crate::people::pages::People;
use crate::store::Error as StoreError;
use crate::web::Viewer;

/// The key in the keyring that seals secrets of methods.
pub(super) const SEAL: &str = "sign-in methods";

/// The draft as a method that nobody kept yet.
fn draft_of(people: &People, id: MethodId, draft: Draft) -> Result<Method, Error> {
    let mut method = Method {
        id,
        name: draft.name,
        is_on: false,
        makes_accounts: draft.makes_accounts,
        links_by_email: draft.links_by_email,
        settings: draft.settings,
        sealed: None,
    };
    if let Some(secret) = draft.secret {
        let key = people.site.keyring.key_of(SEAL)?.key;
        let sealed = key.seal_secret(&method.seal_place(), &secret)?;
        method.sealed = Some(sealed);
    }
    Ok(method)
}

fn settings(method: &Method) -> Result<String, Error> {
    serde_json::to_string(&method.settings)
        .map_err(|error| StoreError::Io(std::io::Error::other(error)).into())
}

/// Keeps a new method; it is off until somebody switches it on.
pub(in crate::people::federation) async fn add(
    people: &People,
    who: &Viewer,
    draft: Draft,
) -> Result<MethodId, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let method = draft_of(people, MethodId::new(now), draft)?;
    let (id, text) = (method.id, settings(&method)?);
    people
        .site
        .system
        .write(move |tx| {
            sql::add(tx, &method, &text, now)?;
            let entry = told(now, &actor, "sign_in_method.added", &method);
            journal::record(tx, &entry.changed(&Value::Null, &described(&method)))?;
            Ok::<_, Error>(())
        })
        .await?;
    Ok(id)
}

/// Says that somebody tried a method, and which step did not work.
pub(in crate::people::federation) async fn tested(
    people: &People,
    who: &Viewer,
    method: Method,
    fault: Option<String>,
) -> Result<(), Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    people
        .site
        .system
        .write(move |tx| {
            let entry = told(now, &actor, "sign_in_method.tested", &method);
            let entry = match fault {
                Some(fault) => entry.failed(fault),
                None => entry,
            };
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await
}

/// What a change did besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::people::federation) struct Saved {
    /// The destination is another one, so the secret is gone and the method off.
    pub(in crate::people::federation) lost_secret: bool,
}

/// Changes a method. A secret given for one destination goes to no other: when
/// that changes and none is entered, it is forgotten and the method is off.
pub(in crate::people::federation) async fn save(
    people: &People,
    who: &Viewer,
    id: MethodId,
    draft: Draft,
) -> Result<Saved, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let mut method = draft_of(people, id, draft)?;
    let text = settings(&method)?;
    people
        .site
        .system
        .write(move |tx| {
            let before = sql::method(tx, id)?;
            if before.settings.kind() != method.settings.kind() {
                return Err(StoreError::NotFound.into());
            }
            let is_moved = before.settings.destination() != method.settings.destination();
            let has_new = method.sealed.is_some();
            let lost_secret = is_moved && !has_new && before.sealed.is_some();
            if !is_moved && !has_new {
                method.sealed.clone_from(&before.sealed);
            }
            method.is_on = before.is_on && !lost_secret;
            sql::save(tx, &method, &text, now)?;
            let entry = told(now, &actor, "sign_in_method.changed", &method);
            let entry = entry.changed(&described(&before), &described(&method));
            journal::record(tx, &entry)?;
            Ok(Saved { lost_secret })
        })
        .await
}

/// The line for the journal: about which method, and where it leads.
fn told(now: Time, actor: &Actor, action: &str, method: &Method) -> Entry {
    let detail = json!({
        "kind": method.settings.kind(),
        "destination": method.settings.summary(),
    });
    let entry = Entry::new(now, actor, action, method.name.as_str());
    entry
        .on("sign_in_method", method.id.to_string())
        .with(detail)
}

/// All of it, as an auditor wants to know it. Of the secret the seal stands for
/// it, so that a change shows; a diff masks whatever has that name.
fn described(method: &Method) -> Value {
    let mut said = serde_json::to_value(&method.settings).unwrap_or_default();
    said["name"] = method.name.as_str().into();
    said["on"] = method.is_on.into();
    said["makes_accounts"] = method.makes_accounts.into();
    said["links_by_email"] = method.links_by_email.into();
    said["secret"] = method.sealed.as_deref().map(journal::hex).into();
    said
}

pub(in crate::people::federation) async fn switch(
    people: &People,
    who: &Viewer,
    id: MethodId,
    is_on: bool,
) -> Result<String, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    let has_url = people.site.config.edges.url.is_some();
    people
        .site
        .system
        .write(move |tx| {
            let method = sql::method(tx, id)?;
            if is_on && !has_url && method.settings.kind() == "oidc" {
                return Err(Error::NoUrl);
            }
            sql::switch(tx, id, is_on)?;
            let action = if is_on {
                "sign_in_method.switched_on"
            } else {
                "sign_in_method.switched_off"
            };
            let entry = told(now, &actor, action, &method);
            let entry = entry.changed(&json!({ "on": method.is_on }), &json!({ "on": is_on }));
            journal::record(tx, &entry)?;
            Ok(method.name)
        })
        .await
}

pub(in crate::people::federation) async fn drop(
    people: &People,
    who: &Viewer,
    id: MethodId,
) -> Result<String, Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    people
        .site
        .system
        .write(move |tx| {
            let method = sql::method(tx, id)?;
            sql::drop(tx, id)?;
            let entry = told(now, &actor, "sign_in_method.deleted", &method);
            journal::record(tx, &entry.changed(&described(&method), &Value::Null))?;
            Ok(method.name)
        })
        .await
}

/// From the next sign-in on, that group has that place.
pub(in crate::people::federation) async fn add_placement(
    people: &People,
    who: &Viewer,
    id: MethodId,
    new: Placement,
) -> Result<(), Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    people
        .site
        .system
        .write(move |tx| {
            let method = sql::method(tx, id)?;
            sql::add_placement(tx, id, &new)?;
            let entry = told(now, &actor, "placement.added", &method);
            journal::record(tx, &entry.changed(&Value::Null, &placed(&new)))?;
            Ok(())
        })
        .await
}

pub(in crate::people::federation) async fn drop_placement(
    people: &People,
    who: &Viewer,
    id: MethodId,
    placement: PlacementId,
) -> Result<(), Error> {
    let (now, actor) = (people.site.clock.now(), who.actor());
    people
        .site
        .system
        .write(move |tx| {
            let method = sql::method(tx, id)?;
            let all = sql::placements(tx, id)?;
            let gone = all
                .iter()
                .find(|one| one.id == placement)
                .ok_or(StoreError::NotFound)?;
            sql::drop_placement(tx, id, placement)?;
            let entry = told(now, &actor, "placement.deleted", &method);
            journal::record(tx, &entry.changed(&placed(gone), &Value::Null))?;
            Ok(())
        })
        .await
}

fn placed(placement: &Placement) -> Value {
    json!({
        "theirs": placement.theirs,
        "workspace": placement.workspace_name,
        "role": placement.role.name(),
        "group": placement.group.as_ref().map(|(_, name)| name),
    })
}
