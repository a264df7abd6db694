//! What a pack is made of: each part names itself once, in the list below.

use futures_util::future::BoxFuture;

use super::finding::Found;
use super::pack::Out;
use crate::base::Time;
use crate::site::Site;
use crate::store::Error;
use crate::web::{Route, WorkspaceId};

/// What is packed for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// For an auditor: the instance as its operator may show it.
    Instance,
    /// For an auditor: one workspace, as its admin may show it.
    Workspace(WorkspaceId),
    /// For whoever helps from outside: nobody's names, nobody's rows.
    Support,
}

impl Purpose {
    pub(super) fn name(self) -> &'static str {
        match self {
            Purpose::Instance => "evidence of the instance",
            Purpose::Workspace(_) => "evidence of one workspace",
            Purpose::Support => "support",
        }
    }

    pub(super) fn workspace(self) -> Option<WorkspaceId> {
        match self {
            Purpose::Workspace(id) => Some(id),
            Purpose::Instance | Purpose::Support => None,
        }
    }
}

/// What a part is made from.
pub(super) struct Packing {
    pub(super) site: Site,
    pub(super) purpose: Purpose,
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) found: Vec<Found>,
    pub(super) routes: Vec<Route>,
}

pub(super) struct About {
    pub(super) title: &'static str,
    /// May be in a pack of one workspace, and in one for support.
    pub(super) for_workspace: bool,
    pub(super) for_support: bool,
    /// May be in a pack of the instance.
    pub(super) for_instance: bool,
}

impl About {
    fn is_for(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Instance => self.for_instance,
            Purpose::Workspace(_) => self.for_workspace,
            Purpose::Support => self.for_support,
        }
    }
}

/// Something a pack holds: a sentence about itself and a function.
pub(super) struct Part {
    pub(super) about: About,
    pub(super) write: Write,
}

type Write = for<'a> fn(&'a Packing, &'a mut Out) -> BoxFuture<'a, Result<(), Error>>;

/// Those in a pack of that purpose.
pub(super) fn of(purpose: Purpose) -> impl Iterator<Item = &'static Part> {
    let all = ALL.iter().copied();
    all.filter(move |part| part.about.is_for(purpose))
}

crate::kinds! { pub(super) Part:
    findings, changes, audit, people, access, keys, settings, reviews, hosting, copies, routes,
    machine, register, document, third_party,
}
