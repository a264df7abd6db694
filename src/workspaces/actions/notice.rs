//! Tells the admins of a workspace by mail that an operator comes in or asks to.

use crate::base::Time;
use crate::mail::{self, Kind, Letter, Recipient, Words};
use crate::people::People;
use crate::web::WorkspaceId;
use crate::workspaces::sql;

/// Who comes, as what, and why.
pub(super) struct Visit {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) role: String,
    pub(super) reason: String,
    /// `None`: somebody has to agree first.
    pub(super) ends: Option<Time>,
}

/// Without a server for mail nothing is written: the admins' own pages and the
/// trail say it as well.
pub(super) async fn tell_admins(people: &People, workspace: WorkspaceId, visit: Visit) {
    let site = &people.site;
    let admins = site
        .system
        .read(move |conn| sql::admins(conn, workspace))
        .await;
    let sent = match admins {
        Ok(admins) => {
            let to = admins.into_iter();
            let to = to.map(|to| letter(people, to, &visit));
            mail::send(site, to.collect()).await
        }
        Err(error) => Err(error.into()),
    };
    if let Err(error) = sent {
        tracing::error!("the admins of {workspace} could not be told of a visitor: {error}");
    }
}

fn letter(people: &People, to: sql::Admin, visit: &Visit) -> Letter {
    let (person, role, place) = (&visit.name, &visit.role, &to.workspace_name);
    let (subject, said) = match visit.ends {
        Some(ends) => (
            format!("An operator is in {place}"),
            format!(
                "{person} ({}) came into {place} as {role} and has to leave at {}.",
                visit.email,
                ends.rfc3339()
            ),
        ),
        None => (
            format!("An operator asks to come into {place}"),
            format!(
                "{person} ({}) asks to come into {place} as {role}. An admin or another operator has to agree.",
                visit.email
            ),
        ),
    };
    let url = people.site.config.edges.url.as_ref();
    let link = url.map(|url| {
        let page = format!("{}/members/break-glass", url.origin());
        ("See who is in, and end it".to_owned(), page)
    });
    Letter {
        kind: Kind::BreakGlass,
        to: Recipient {
            address: to.email,
            name: to.name,
            user: Some(to.user),
            workspace: Some(to.workspace),
        },
        subject,
        words: Words {
            paragraphs: vec![said, format!("The reason they gave: {}", visit.reason)],
            link,
            foot: vec![
                "All they read and change is in the audit trail of the workspace. You get this because you are one of its admins."
                    .to_owned(),
            ],
        },
    }
}
