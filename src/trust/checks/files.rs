//! Whether anybody else could read the data, the keys or change the configuration.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding, count, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "files",
        title: "Files belong to their owner alone",
        area: Area::Host,
        promises: &[31, 39],
        looks_at: "mode and owner of every file in the data folder, of the configuration and of a TLS key of your own",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let faults = &facts.host.faults;
    if faults.is_empty() {
        return Finding::green("nobody but their owner can use the files");
    }
    let named: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.path.display(), fault.wrong))
        .collect();
    Finding::red(
        format!("{}: {}", count(faults.len(), "file"), some(&named)),
        "run chmod -R go= on the data folder and chown -R on it with the user of the service; chmod 640 on the configuration and the TLS key",
    )
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::{Fault, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_file_that_others_may_read_is_red_and_named() {
        let found = fine::after(&KIND, |facts| {
            facts.host.faults.push(Fault {
                path: "/var/lib/onsight/onsight.db".into(),
                wrong: "others may use it (mode 644)".to_owned(),
            });
        });
        assert_eq!(found.level, Level::Red);
        assert!(found.said.contains("onsight.db: others may use it (mode 644)"));
    }
}
