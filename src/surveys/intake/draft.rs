//! A definition in the making: what both kinds of questionnaire are turned into before
//! it is checked and written.

use super::Place;

/// Texts by language.
pub(super) type Texts = Vec<(String, String)>;

#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) title: Texts,
    pub(super) langs: Vec<String>,
    pub(super) lists: Vec<List>,
    pub(super) sections: Vec<Section>,
    pub(super) pages: Vec<Page>,
    /// Where the whole is spoken of: its settings.
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) id: String,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) code: i64,
    /// What expressions know it as, if that is not the code.
    pub(super) name: Option<String>,
    pub(super) text: Texts,
    pub(super) when: Option<String>,
    pub(super) exclusive: bool,
    pub(super) other: bool,
    /// The name of a picture.
    pub(super) image: Option<String>,
    pub(super) columns: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) title: Texts,
    pub(super) when: Option<String>,
    pub(super) within: Option<String>,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) title: Texts,
    pub(super) when: Option<String>,
    pub(super) section: Option<String>,
    /// How many turns its loop has.
    pub(super) times: Option<String>,
    pub(super) is_random: bool,
    pub(super) blocks: Vec<Block>,
    pub(super) unresolved: Vec<String>,
    pub(super) place: Place,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Need {
    #[default]
    No,
    Yes,
    When(String),
}

/// What a kind of block knows besides.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Setting {
    Text(&'static str),
    Count(i64),
    Number(f64),
    Range(f64, f64),
    Yes,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) text: Texts,
    pub(super) help: Texts,
    pub(super) when: Option<String>,
    pub(super) required: Need,
    pub(super) required_text: Texts,
    pub(super) check: Option<String>,
    pub(super) check_text: Texts,
    pub(super) default: Option<String>,
    pub(super) calculate: Option<String>,
    pub(super) read_only: bool,
    pub(super) filter: Option<String>,
    pub(super) list: Option<String>,
    pub(super) items: Vec<Item>,
    pub(super) rows: Vec<Item>,
    pub(super) is_random: bool,
    pub(super) is_personal: bool,
    pub(super) settings: Vec<(&'static str, Setting)>,
    /// Why it cannot be published as it is.
    pub(super) unresolved: Vec<String>,
    pub(super) place: Place,
}

impl Block {
    /// Something of it could not be said: it is kept, and blocks publishing.
    pub(super) fn unresolved(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.unresolved.contains(&why) {
            self.unresolved.push(why);
        }
    }

    pub(super) fn is_seen(&self) -> bool {
        !matches!(self.kind, "computed" | "hidden")
    }
}

impl Draft {
    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.pages.iter().flat_map(|page| &page.blocks)
    }
}

/// All conditions as one.
pub(super) fn joined(conditions: Vec<String>) -> Option<String> {
    match conditions.len() {
        0 | 1 => conditions.into_iter().next(),
        _ => {
            let each: Vec<String> = conditions.iter().map(|one| format!("({one})")).collect();
            Some(each.join(" and "))
        }
    }
}
