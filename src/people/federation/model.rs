//! What a sign-in method is, what it says of a person, and what a group over
//! there means here.

use super::settings::Settings;
use crate::id;
use crate::people::model::Email;
use crate::web::{Role, WorkspaceId};

id!(MethodId);
id!(PlacementId);

pub(super) const LONGEST_NAME: usize = 60;
/// The group everybody is in.
pub(super) const EVERYBODY: &str = "*";

/// A way to sign in that an operator set up.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) id: MethodId,
    pub(super) name: String,
    pub(super) is_on: bool,
    /// Whoever is vouched for gets an account.
    pub(super) makes_accounts: bool,
    /// Whoever has an account under the same verified address gets that one.
    pub(super) links_by_email: bool,
    pub(super) settings: Settings,
    pub(super) sealed: Option<Vec<u8>>,
}

impl Method {
    /// The place a secret is sealed for: moved to another method or pointed at
    /// another machine, it does not open.
    pub(super) fn seal_place(&self) -> String {
        format!(
            "sign_in_method|{}|secret|{}",
            self.id,
            self.settings.destination()
        )
    }
}

/// Somebody a method vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Names them over there for ever.
    pub(super) subject: String,
    /// Only when the method says that it is theirs.
    pub(super) email: Option<Email>,
    pub(super) name: String,
    /// As the method calls them; a directory gives both names of each.
    pub(super) groups: Vec<String>,
    /// They proved it by more than a password, and that counts.
    pub(super) second_factor: bool,
}

impl Known {
    fn is_in(&self, theirs: &str) -> bool {
        let wanted = theirs.to_lowercase();
        theirs == EVERYBODY
            || self
                .groups
                .iter()
                .any(|group| group.to_lowercase() == wanted)
    }
}

/// Who is in that group over there has that role here, and is in that group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    pub(super) id: PlacementId,
    pub(super) theirs: String,
    pub(super) workspace: WorkspaceId,
    pub(super) workspace_name: String,
    pub(super) role: Role,
    /// Id and name.
    pub(super) group: Option<(String, String)>,
}

/// Where somebody belongs, by what the placements make of their groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) roles: Vec<(WorkspaceId, Role)>,
    pub(super) groups: Vec<String>,
}

/// One role for each workspace, the strongest; all groups.
pub(super) fn places(placements: &[Placement], known: &Known) -> Places {
    let mut places = Places::default();
    for placement in placements.iter().filter(|one| known.is_in(&one.theirs)) {
        let mut found = places.roles.iter_mut();
        match found.find(|(place, _)| *place == placement.workspace) {
            Some((_, role)) if strength(placement.role) > strength(*role) => *role = placement.role,
            Some(_) => {}
            None => places.roles.push((placement.workspace, placement.role)),
        }
        if let Some((group, _)) = &placement.group
            && !places.groups.contains(group)
        {
            places.groups.push(group.clone());
        }
    }
    places
}

fn strength(role: Role) -> u8 {
    match role {
        Role::Auditor | Role::Outsider => 0,
        Role::User => 1,
        Role::Builder => 2,
        Role::Admin => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;

    fn placement(
        theirs: &str,
        workspace: WorkspaceId,
        role: Role,
        group: Option<&str>,
    ) -> Placement {
        Placement {
            id: PlacementId::new(Time(1)),
            theirs: theirs.to_owned(),
            workspace,
            workspace_name: String::new(),
            role,
            group: group.map(|group| (group.to_owned(), group.to_owned())),
        }
    }

    fn known(groups: &[&str]) -> Known {
        Known {
            subject: "1".to_owned(),
            email: None,
            name: String::new(),
            groups: groups.iter().map(|&group| group.to_owned()).collect(),
            second_factor: false,
        }
    }

    #[test]
    fn the_strongest_role_of_each_workspace_and_all_groups() {
        let (here, there) = (WorkspaceId::new(Time(1)), WorkspaceId::new(Time(2)));
        let all = [
            placement("*", here, Role::User, None),
            placement("Makers", here, Role::Builder, Some("makers")),
            placement("cn=it,dc=corp", here, Role::Admin, None),
            placement("sales", there, Role::User, Some("sales")),
        ];

        let nobody = places(&all[1..], &known(&["other", "Maker", "makers2"]));
        let everybody = places(&all, &known(&[]));
        let maker = places(&all, &known(&["makers", "SALES"]));
        let admin = places(&all, &known(&["makers", "CN=IT,DC=corp"]));

        assert_eq!(nobody, Places::default());
        assert_eq!(everybody.roles, [(here, Role::User)]);
        assert_eq!(maker.roles, [(here, Role::Builder), (there, Role::User)]);
        assert_eq!(maker.groups, ["makers", "sales"]);
        assert_eq!(admin.roles, [(here, Role::Admin)]);
    }

    #[test]
    fn somebody_in_a_group_called_star_is_nobody_special() {
        let here = WorkspaceId::new(Time(1));
        let all = [placement("admins", here, Role::Admin, None)];
        assert_eq!(places(&all, &known(&["*"])), Places::default());
    }
}
