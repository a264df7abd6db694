//! How the serving process is held: no privileges, no memory left behind.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "process",
        title: "The process is held tight",
        area: Area::Host,
        promises: &[10, 31],
        looks_at: "user, capabilities, NoNewPrivs, system call filter and core dumps of the process, in /proc",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let Some(process) = &facts.host.process else {
        return Finding::unknown(
            "no server runs on this data folder, or it may not be seen from here",
            "start it, and run this as the same user",
        );
    };
    let bad = [
        (process.is_root, "it runs as root"),
        (process.capabilities != 0, "it has capabilities"),
        (process.dumps, "it may leave its memory in a core dump"),
    ];
    let bare = [
        (!process.no_new_privileges, "it could get new privileges"),
        (!process.is_filtered, "its system calls are not filtered"),
    ];
    let named = |list: &[(bool, &str)]| {
        let list = list.iter().filter(|(is, _)| *is);
        list.map(|(_, said)| (*said).to_owned()).collect::<Vec<_>>()
    };
    let (bad, bare) = (named(&bad), named(&bare));
    let todo = "run it by the service of the package (systemctl start onsight), or give the container no privileges, no capabilities and no core dumps";
    if process.is_root {
        Finding::red(some(&bad), todo)
    } else if bad.is_empty() && bare.is_empty() {
        Finding::green(format!(
            "process {} runs without privileges, with filtered system calls and without core dumps",
            process.id
        ))
    } else {
        Finding::amber(some(&[bad, bare].concat()), todo)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::{Process, fine};
    use crate::trust::finding::Level;

    fn when(change: impl FnOnce(&mut Process)) -> (Level, String) {
        let found = fine::after(&KIND, |facts| change(facts.host.process.as_mut().unwrap()));
        (found.level, found.said)
    }

    #[test]
    fn root_is_red_and_what_is_loose_is_amber_by_name() {
        assert_eq!(when(|process| process.is_root = true).0, Level::Red);
        let (level, said) = when(|process| process.dumps = true);
        assert_eq!((level, said.contains("core dump")), (Level::Amber, true));
        assert_eq!(when(|process| process.is_filtered = false).0, Level::Amber);
        assert_eq!(when(|process| process.capabilities = 1).0, Level::Amber);
        assert_eq!(when(|process| process.no_new_privileges = false).0, Level::Amber);
        let none = fine::after(&KIND, |facts| facts.host.process = None);
        assert_eq!(none.level, Level::Unknown);
    }
}
