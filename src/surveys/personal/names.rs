//! Under which names a survey keeps what tells who somebody is.

use std::collections::BTreeSet;

use crate::surveys::format::Survey;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Keys of variables.
    pub(super) answers: BTreeSet<String>,
    /// What comes with a respondent.
    pub(super) entries: BTreeSet<String>,
    /// Questions that take files.
    pub(super) files: BTreeSet<String>,
    /// All questions.
    pub(super) blocks: BTreeSet<String>,
}

impl Names {
    pub fn of(survey: &Survey) -> Names {
        let mut names = Names::default();
        let entries = survey.entries.iter().filter(|entry| entry.is_personal);
        names.entries = entries.map(|entry| entry.name.clone()).collect();
        for block in survey.blocks() {
            let variables = block.kind.variables(block).into_iter();
            let personal = variables.filter(|each| block.is_personal || each.is_personal);
            names.answers.extend(personal.map(|each| each.key));
            if block.is_personal {
                names.blocks.insert(block.id.clone());
            }
            if block.is_personal && block.kind.takes_files(block).is_some() {
                names.files.insert(block.id.clone());
            }
        }
        names
    }

    /// What was personal once is personal in every answer.
    #[must_use]
    pub fn and(mut self, others: Names) -> Names {
        self.answers.extend(others.answers);
        self.entries.extend(others.entries);
        self.files.extend(others.files);
        self.blocks.extend(others.blocks);
        self
    }

    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.entries.is_empty()
    }

    pub fn has_answer(&self, key: &str) -> bool {
        self.answers.contains(key)
    }

    pub fn has_entry(&self, name: &str) -> bool {
        self.entries.contains(name)
    }

    pub fn has_block(&self, id: &str) -> bool {
        self.blocks.contains(id)
    }

    pub fn has_files(&self, block: &str) -> bool {
        self.files.contains(block)
    }

    /// All of them with the word of their kind.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let kinds = [
            ("answer", &self.answers),
            ("entry", &self.entries),
            ("file", &self.files),
        ];
        let pairs = kinds
            .into_iter()
            .flat_map(|(kind, names)| names.iter().map(move |name| (kind, name.as_str())));
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_of_a_personal_question_counts_and_those_of_all_versions() {
        let text = |personal: &str| {
            format!(
                "format = 1\nid = \"x\"\ntitle = \"X\"\n[entry.pid]\npersonal = true\n[entry.region]\n[[page]]\nid = \"p\"\n[[page.ask]]\nid = \"q\"\ntype = \"multi\"\ntext = \"Q\"\n{personal}\nitems = [ {{ code = 1, text = \"A\" }}, {{ code = 2, text = \"B\", other = true }} ]\n[[page.ask]]\nid = \"scan\"\ntype = \"upload\"\ntext = \"S\"\npersonal = true\nmost = 2\n"
            )
        };
        let names = |personal: &str| Names::of(&Survey::read(&text(personal)).unwrap());

        let all = names("").and(names("personal = true"));

        assert_eq!(all, names("personal = true"));
        for key in ["q_1", "q_2", "q_2_text", "scan_1", "scan_2"] {
            assert!(all.has_answer(key), "{key} of {:?}", all.answers);
        }
        assert!(!names("").has_answer("q_1"));
        assert!(all.has_entry("pid") && !all.has_entry("region"));
        assert!(all.has_files("scan") && !all.has_files("q"));
        assert!(Names::default().is_empty() && !all.is_empty());
    }
}
