//! Whether the processor can do AES by itself.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "processor",
        title: "AES in the processor",
        area: Area::Host,
        promises: &[39],
        looks_at: "/proc/cpuinfo",
        place: "",
        is_guard: false,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    match facts.host.machine.has_aes {
        Some(true) => Finding::green("the processor has AES instructions"),
        Some(false) => Finding::red(
            "the processor has no AES instructions: encryption is slow, and its timing may tell of keys",
            "move to a machine that has them, or let the virtual machine see them (-cpu host)",
        ),
        None => Finding::unknown(
            "the processor does not say what it can do",
            "look with lscpu for the flag aes",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_processor_without_aes_is_red() {
        for (has, level) in [(Some(false), Level::Red), (None, Level::Unknown)] {
            let found = fine::after(&KIND, |facts| facts.host.machine.has_aes = has);
            assert_eq!(found.level, level);
        }
    }
}
