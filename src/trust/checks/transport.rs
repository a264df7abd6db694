//! Whether browsers are told to come by TLS only.

use super::{Look, Plain};
use crate::tls::Strictness;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "transport",
        title: "Browsers come by TLS only",
        area: Area::Doors,
        promises: &[40, 70],
        looks_at: "what browsers are told (HSTS)",
        place: "/security/server",
        is_guard: true,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    match inside.strictness {
        Strictness::Host => Finding::green("browsers are told to come to this host by TLS only"),
        Strictness::Subdomains => {
            Finding::green("browsers are told to come to this host and all below it by TLS only")
        }
        Strictness::Silent | Strictness::Withdrawn => Finding::amber(
            "browsers are not told that this host speaks TLS only; there is no other door, but a warning can be clicked away",
            "once browsers trust the certificate, switch TLS only on",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, Strictness};
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn saying_nothing_is_amber() {
        for strictness in [Strictness::Silent, Strictness::Withdrawn] {
            let found = fine::within(&KIND, |inside| inside.strictness = strictness);
            assert_eq!(found.level, Level::Amber);
        }
    }
}
