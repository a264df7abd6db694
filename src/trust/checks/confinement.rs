//! Whether `AppArmor` or `SELinux` holds the process.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "confinement",
        title: "AppArmor or SELinux",
        area: Area::Host,
        promises: &[10, 31],
        looks_at: "the profile or context of the process, in /proc",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let Some(process) = &facts.host.process else {
        return Finding::unknown("no server runs that could be looked at", "start it");
    };
    let profile = &process.confinement;
    if profile.is_empty() {
        return Finding::amber(
            "no profile of the kernel holds the process",
            "load the profile that docs/deploy.md describes, or accept that the hardened unit is the only fence",
        );
    }
    if profile.contains("complain") {
        return Finding::amber(
            format!("{profile} only writes down what it would refuse"),
            "put the profile into enforce mode: aa-enforce onsight",
        );
    }
    Finding::green(format!("held by {profile}"))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn no_profile_and_one_that_only_complains_are_amber() {
        for profile in ["", "onsight (complain)"] {
            let found = fine::after(&KIND, |facts| {
                facts.host.process.as_mut().unwrap().confinement = profile.to_owned();
            });
            assert_eq!(found.level, Level::Amber, "{profile}");
        }
    }
}
