//! Where sign-in methods, what their groups mean, and who came by them are kept.

mod identities;
mod methods;
mod placements;

pub(super) use identities::{add_identity, give, given, identity, is_shut, owner_of, saw, take};
pub(super) use identities::{give_group, given_groups, take_group, workspace_of};
pub(super) use methods::{add, drop, method, methods, save, switch};
pub(super) use placements::{add_placement, drop_placement, groups, placements, workspaces};
