//! Who is asking, and who may call a route.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::Error;
use super::surface::Door;
use crate::base::Time;
use crate::id;
use crate::journal::{Actor, Seen, Via};

id!(UserId);
id!(WorkspaceId);

/// Something one may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Open published apps and fill in their forms.
    UseApps,
    /// Bring data, write queries, make and publish apps.
    Build,
    /// Invite, disable, change roles.
    ManageMembers,
    ReadAudit,
    /// See how the workspace is set up: who is in it, and who may do what.
    ReadSettings,
    /// See how the instance is run.
    Operate,
}

impl Right {
    pub const ALL: [Right; 6] = [
        Right::UseApps,
        Right::Build,
        Right::ManageMembers,
        Right::ReadAudit,
        Right::ReadSettings,
        Right::Operate,
    ];
}

/// What a person is in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Admin,
    Builder,
    User,
    /// Reads the audit trail and the settings, and no row of anybody's data.
    Auditor,
    /// In no workspace at the moment: what an operator is who belongs to none.
    Outsider,
}

impl Role {
    /// Those one can be given.
    pub const ALL: [Role; 4] = [Role::Admin, Role::Builder, Role::User, Role::Auditor];

    pub fn name(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Builder => "builder",
            Role::User => "user",
            Role::Auditor => "auditor",
            Role::Outsider => "outsider",
        }
    }

    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    pub fn rights(self) -> &'static [Right] {
        match self {
            Role::Admin => &[
                Right::UseApps,
                Right::Build,
                Right::ManageMembers,
                Right::ReadAudit,
                Right::ReadSettings,
            ],
            Role::Builder => &[Right::UseApps, Right::Build],
            Role::User => &[Right::UseApps],
            Role::Auditor => &[Right::ReadAudit, Right::ReadSettings],
            Role::Outsider => &[],
        }
    }

    pub fn may(self, right: Right) -> bool {
        self.rights().contains(&right)
    }
}

/// Somebody known, in the workspace they are in.
#[derive(Debug)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub operator: bool,
    pub workspace: WorkspaceId,
    pub workspace_name: String,
    pub via: Via,
    /// Names of the groups of this workspace they are in, sorted.
    pub groups: Vec<String>,
    /// What the workspace says of them, such as `region`: read by policies and
    /// parameters as `user.region`.
    pub attributes: BTreeMap<String, String>,
    pub whereabouts: Whereabouts,
}

/// How somebody comes to be where they are, and where else they may go.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    /// `Some`: they are no member, and were let in for a while.
    pub grant: Option<Grant>,
    /// The workspaces that are open to them, by name.
    pub places: Vec<(WorkspaceId, String)>,
    /// For admins: how many operators are in their workspace, or ask to be.
    pub visits: u32,
    /// For admins: alerts of their workspace that nobody has looked at.
    pub alerts_here: u32,
    /// For operators: the same of the whole server.
    pub alerts: u32,
}

/// A stay in a workspace that one does not belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: String,
    pub ends: Time,
}

impl Person {
    /// In no workspace: there is no data for them.
    pub fn is_outside(&self) -> bool {
        self.role == Role::Outsider
    }

    /// Themselves, as the journal keeps them.
    pub fn actor(&self, seen: &Arc<Seen>) -> Actor {
        let grant = self.whereabouts.grant.as_ref();
        Actor {
            user: Some(self.id.to_string()),
            name: self.name.clone(),
            email: self.email.clone(),
            via: self.via,
            workspace: (!self.is_outside()).then(|| self.workspace.to_string()),
            grant: grant.map(|grant| grant.id.clone()),
            seen: Arc::clone(seen),
        }
    }
}

/// What somebody's work is done under: when one of these ends, so does the work.
pub fn works_under(actor: &Actor) -> Arc<[String]> {
    let mut names = Vec::with_capacity(4);
    if let (Some(user), Some(workspace)) = (&actor.user, &actor.workspace) {
        names.push(format!("{workspace}/{user}"));
    }
    names.extend(
        [&actor.user, &actor.workspace, &actor.grant]
            .into_iter()
            .flatten()
            .cloned(),
    );
    names.into()
}

/// The name that somebody's work in one workspace is done under.
pub fn seat(workspace: WorkspaceId, user: UserId) -> String {
    format!("{workspace}/{user}")
}

/// The name of what lasts no longer than a session in the workspace it is in: it ends when
/// that is signed out, locked, over, or in another workspace.
pub fn session(viewer: &Viewer) -> String {
    let (session, person) = (&viewer.seen.session, &viewer.person);
    format!("session/{session}/{}/{}", person.workspace, person.id)
}

/// How sure we are of who is asking, just now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Nobody used the session for a while: it has to be unlocked first.
    pub is_locked: bool,
    /// They must have a second factor and have none yet.
    pub owes_factor: bool,
    /// They proved who they are within the last five minutes.
    pub is_fresh: bool,
}

/// Who is asking. `people` finds out and leaves it on the request.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub person: Arc<Person>,
    pub standing: Standing,
    pub address: IpAddr,
    /// The door they came through: on everybody's nobody administers.
    pub door: Door,
    /// What the journal wants to know of the request.
    pub seen: Arc<Seen>,
    /// What the page they came from wants to tell them.
    pub toast: Option<String>,
}

impl Viewer {
    pub fn may(&self, right: Right) -> bool {
        self.door.opens(right.surface())
            && match right {
                Right::Operate => self.person.operator,
                _ => self.person.role.may(right),
            }
    }

    /// The same person, as the journal keeps them.
    pub fn actor(&self) -> Actor {
        self.person.actor(&self.seen)
    }
}

/// Where the request came from; a literal address, from the socket.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    pub fn of(parts: &axum::http::Extensions) -> IpAddr {
        parts
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
    }
}

/// Goes with an answer to somebody who is known: signed in, with a key, or on their way
/// through a survey. Their connection is kept where others have to wait at the door.
#[derive(Clone, Copy, Debug)]
pub struct Inside;

/// Who may call a route. Said where the route is said, so it cannot be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Open,
    /// Whoever has the address of a survey: nobody signs in there, and no
    /// session is looked at or made. The address is the key.
    Respondent,
    SignedIn,
    Needs(Right),
    /// The same, proved within the last five minutes: for what cannot be taken
    /// back and what takes a lot away.
    Fresh(Right),
    /// One's own account: also for who still owes a second factor.
    Own,
    /// The same, proved within the last five minutes.
    OwnFresh,
    /// Any session, locked or not: the lock screen and the way out.
    Session,
    /// A program with a key that carries the right.
    Key(Right),
    /// The same, where the body names the survey that is asked about: who reads the body
    /// asks the key, see [`KeyScope::reads_survey`].
    KeyByBody(Right),
}

impl Access {
    /// Nobody is asked who they are.
    pub fn is_public(self) -> bool {
        matches!(self, Access::Open | Access::Respondent)
    }
}

/// Which apps a program's key reads; `None` is all its owner may open. Surveys
/// are named among them as `survey:ID`, and as `erase:ID` where a key may erase
/// respondents.
#[derive(Clone, Debug, Default)]
pub struct KeyScope(pub Option<Vec<String>>);

impl KeyScope {
    /// A key for some apps reads nothing that is not of an app.
    fn reads(&self, app: Option<&str>) -> bool {
        match &self.0 {
            None => true,
            Some(apps) => app.is_some_and(|app| apps.iter().any(|known| known == app)),
        }
    }

    /// What respondents say is read by no key that does not name the survey.
    pub fn reads_survey(&self, survey: &str) -> bool {
        let mut named = self.0.iter().flatten();
        named.any(|known| known.strip_prefix("survey:") == Some(survey))
    }
}

impl KeyScope {
    /// A key that reads a survey erases nobody unless it says so.
    pub fn erases(&self, survey: &str) -> bool {
        let mut named = self.0.iter().flatten();
        named.any(|known| known.strip_prefix("erase:") == Some(survey))
    }
}

/// Does the key that was shown, if any, reach the app the route names?
pub(super) async fn is_in_scope(parts: &mut Parts) -> bool {
    let scope = parts.extensions.get::<KeyScope>().cloned();
    let words = RawPathParams::from_request_parts(parts, &()).await.ok();
    let word = |wanted: &str| {
        let mut words = words.iter().flatten();
        words
            .find(|(name, _)| *name == wanted)
            .map(|(_, word)| word)
    };
    let scope = scope.unwrap_or_default();
    match word("survey") {
        Some(survey) => scope.reads_survey(survey),
        None => scope.reads(word("app")),
    }
}

impl<S: Sync> FromRequestParts<S> for Viewer {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Viewer, Error> {
        parts
            .extensions
            .get::<Viewer>()
            .cloned()
            .ok_or(Error::SignIn)
    }
}
