//! Whether the data folder opens.

use super::{Look, Plain};
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "folder",
        title: "The data folder opens",
        area: Area::Host,
        promises: &[7, 39],
        looks_at: "the data folder, its keyring and its databases",
        place: "",
        is_guard: false,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let folder = facts.config.data.display();
    match &facts.inside {
        Ok(_) => Finding::green(format!("{folder} opens with its key")),
        Err(why) => Finding::red(
            why.clone(),
            "run this as the user the data belongs to (sudo runuser -u onsight -- onsight doctor), or put back what is missing",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_folder_without_its_key_is_red() {
        let found = fine::after(&KIND, |facts| facts.inside = Err("its key is missing".into()));
        assert_eq!(found.level, Level::Red);
        assert_eq!(found.said, "its key is missing");
    }
}
