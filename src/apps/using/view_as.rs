//! Seeing an app as somebody else does: their rows, by their policies. Nothing
//! can be sent meanwhile, and the journal knows who really looks.

use std::sync::Arc;

use serde_json::json;

use super::model::Error;
use crate::apps::Apps;
use crate::apps::library::Look;
use crate::apps::sharing::{self, Act};
use crate::journal::{self, Entry, Via};
use crate::people;
use crate::web::{self, Right, UserId, Viewer};
use crate::workspaces::Member;

/// May they see an app as somebody else? Whoever may give roles sees no more
/// by it than they could let themselves see.
pub(super) fn may(member: &Member) -> bool {
    member.viewer.person.via == Via::Web && member.viewer.may(Right::ManageMembers)
}

/// Whose eyes an app is seen with.
pub(super) struct Seat {
    /// Whose rows are shown.
    pub(super) member: Member,
    /// Who looks, when it is somebody else: the one the journal names.
    pub(super) really: Option<Member>,
}

impl Seat {
    pub(super) fn actor(&self) -> &Member {
        self.really.as_ref().unwrap_or(&self.member)
    }

    /// The name of whom they look as.
    pub(super) fn seen_as(&self) -> Option<&str> {
        self.really
            .as_ref()
            .map(|_| self.member.viewer.person.name.as_str())
    }
}

fn look(member: &Member, app: &str) -> Look {
    (member.workspace, member.viewer.person.id, app.to_owned())
}

/// The seat a member has in an app: their own, unless they look as somebody.
pub(super) async fn seat(apps: &Apps, member: Member, app: &str) -> web::Result<Seat> {
    let of = if !apps.views.is_empty() && may(&member) {
        let now = apps.site().clock.now();
        apps.views.look(&look(&member, app), now, |user| *user)
    } else {
        None
    };
    let Some(user) = of else {
        return Ok(Seat {
            member,
            really: None,
        });
    };
    let mut person = people::as_member(apps.site(), member.workspace, user).await?;
    if let Some(known) = &person
        && !sharing::decision(apps, known, app, Act::Open)
            .await?
            .is_given
    {
        person = None;
    }
    let Some(person) = person else {
        // Whoever has left, or was shut out, sees nothing any more.
        end(apps, &member, app).await?;
        return Ok(Seat {
            member,
            really: None,
        });
    };
    let person = Arc::new(person);
    let seen = Member {
        db: member.db.for_person(Arc::clone(&person) as _),
        viewer: Viewer {
            person,
            ..member.viewer.clone()
        },
        workspace: member.workspace,
    };
    Ok(Seat {
        member: seen,
        really: Some(member),
    })
}

/// Begins to look as `user`; gives their name.
pub(super) async fn begin(
    apps: &Apps,
    member: &Member,
    app: &str,
    user: UserId,
) -> web::Result<String> {
    let person = people::as_member(apps.site(), member.workspace, user).await?;
    let person = person.ok_or(web::Error::NotFound)?;
    if !sharing::decision(apps, &person, app, Act::Open)
        .await?
        .is_given
    {
        let name = &person.name;
        return Err(web::Error::Conflict(format!(
            "{name} may not open this app, so there is nothing they see; the page Sharing says who may"
        )));
    }
    let now = apps.site().clock.now();
    let (actor, app_name) = (member.viewer.actor(), app.to_owned());
    let (name, email) = (person.name.clone(), person.email.clone());
    let told = member.db.write(move |tx| {
        let entry = Entry::new(now, &actor, "app.viewed_as", app_name);
        journal::record(
            tx,
            &entry.with(json!({ "as": email, "user": user.to_string() })),
        )?;
        Ok::<_, Error>(())
    });
    told.await?;
    apps.views.put(look(member, app), user, now);
    Ok(name)
}

/// Ends it; nothing is told when it was over already.
pub(super) async fn end(apps: &Apps, member: &Member, app: &str) -> web::Result<()> {
    let now = apps.site().clock.now();
    let Some(user) = apps.views.take(&look(member, app), now) else {
        return Ok(());
    };
    let (actor, app) = (member.viewer.actor(), app.to_owned());
    let told = member.db.write(move |tx| {
        let entry = Entry::new(now, &actor, "app.view_as_ended", app);
        journal::record(tx, &entry.with(json!({ "user": user.to_string() })))?;
        Ok::<_, Error>(())
    });
    Ok(told.await?)
}
