//! Whether memory, and the keys in it, may come to lie readable on a disk.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "memory",
        title: "Swap is off or encrypted",
        area: Area::Host,
        promises: &[39],
        looks_at: "/proc/swaps, and whether each device is under a key",
        place: "",
        is_guard: true,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let machine = &facts.host.machine;
    if !machine.plain_swap.is_empty() {
        return Finding::amber(
            format!("memory may be written readably to {}", some(&machine.plain_swap)),
            "turn swap off (swapoff -a), use zram, or put it on an encrypted device",
        );
    }
    Finding::green(if machine.has_swap {
        "swap is in memory or under a key"
    } else {
        "there is no swap"
    })
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn swap_without_a_key_is_amber_and_swap_under_one_is_fine() {
        let plain = fine::after(&KIND, |facts| {
            facts.host.machine.has_swap = true;
            facts.host.machine.plain_swap = vec!["/swapfile".to_owned()];
        });
        assert_eq!(plain.level, Level::Amber);
        assert!(plain.said.contains("/swapfile"));
        let sealed = fine::after(&KIND, |facts| facts.host.machine.has_swap = true);
        assert_eq!(sealed.level, Level::Green);
    }
}
