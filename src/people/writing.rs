//! Links that are sent by mail, where there is a server for it. Where there is
//! none, whoever made them hands them over.

use super::actions::MadeLink;
use super::pages::People;
use crate::mail::{self, Kind, Letter, Recipient, Words};
use crate::web::Viewer;

/// Why somebody gets a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    Invited,
    /// To run the server.
    Operator,
    /// An admin made another one.
    Again,
}

/// Sends each link to whom it is for. `false`: it has to be handed over, since
/// there is no server for mail or nobody knows how the site is called.
pub(super) async fn by_mail(
    people: &People,
    who: &Viewer,
    links: &[MadeLink],
    (origin, occasion): (&str, Occasion),
) -> bool {
    if origin.is_empty() {
        return false;
    }
    let letters = links
        .iter()
        .map(|link| letter(who, link, (origin, occasion)));
    match mail::send(&people.site, letters.collect()).await {
        Ok(is_sent) => is_sent,
        // The link is there, and can be copied.
        Err(error) => {
            tracing::warn!("links could not be sent by mail: {error}");
            false
        }
    }
}

fn letter(who: &Viewer, link: &MadeLink, (origin, occasion): (&str, Occasion)) -> Letter {
    let (person, place) = (&who.person.name, &who.person.workspace_name);
    let (kind, subject, said, label) = match occasion {
        Occasion::Invited => (
            Kind::Invitation,
            format!("{person} invites you to {place}"),
            format!("{person} invites you to the workspace {place} on this company’s Onsight."),
            "Join",
        ),
        Occasion::Operator => (
            Kind::Invitation,
            format!("{person} asks you to help run Onsight"),
            format!("{person} asks you to help run this company’s Onsight, as an operator."),
            "Join",
        ),
        Occasion::Again => (
            Kind::Link,
            "Your link to sign in to Onsight".to_owned(),
            format!("{person} made you a link to come in to {place}."),
            "Go there",
        ),
    };
    let workspace = (occasion != Occasion::Operator).then_some(who.person.workspace);
    Letter {
        kind,
        to: Recipient {
            workspace,
            ..Recipient::at(&*link.email)
        },
        subject,
        words: Words {
            paragraphs: vec![said],
            link: Some((label.to_owned(), format!("{origin}{}", link.path))),
            foot: vec![
                "The link works once, within 7 days. Give it to nobody: it lets in whoever has it."
                    .to_owned(),
                format!("If you do not know {person}, do nothing: it ends by itself."),
            ],
        },
    }
}
