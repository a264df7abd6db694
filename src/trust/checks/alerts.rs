//! Whether something needs somebody and nobody came.

use super::{Look, Plain};
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding, count, some};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "alerts",
        title: "Alerts are worked off",
        area: Area::Assurance,
        promises: &[54, 57],
        looks_at: "alerts that are not settled, besides those of this list",
        place: "/alerts/instance",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(_: &Facts, inside: &Inside) -> Finding {
    let copies = &inside.copies;
    let todo = "open the inbox, and settle what is over";
    if !copies.critical.is_empty() {
        return Finding::red(format!("critical: {}", some(&copies.critical)), todo);
    }
    match copies.alerts {
        0 => Finding::green("nothing is open"),
        open => Finding::amber(format!("{} open", count(open, "alert")), todo),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn an_open_alert_is_amber_and_a_critical_one_red() {
        let open = fine::within(&KIND, |inside| inside.copies.alerts = 2);
        assert_eq!(open.level, Level::Amber);
        let bad = fine::within(&KIND, |inside| inside.copies.critical = vec!["Disk full".into()]);
        assert_eq!(bad.level, Level::Red);
        assert!(bad.said.contains("Disk full"));
    }
}
