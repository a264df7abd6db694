//! The map of a definition: what every response has, then what each block asks.

use std::collections::{BTreeMap, BTreeSet};

use super::standard::{self, Source};
use super::{DataMap, Labels, Variable};
use crate::surveys::blocks::labels;
use crate::surveys::format::{Block, Item, Over, Page, Survey};

/// Characters of a name at the most: with a turn it still fits where 64 do.
const NAME: usize = 56;
/// Words that SPSS keeps to itself.
const RESERVED: [&str; 13] = [
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with",
];

impl DataMap {
    /// The map of a definition, whatever was answered so far.
    pub fn of(survey: &Survey) -> DataMap {
        let mut map = DataMap {
            title: labels(&survey.title),
            langs: survey.langs.clone(),
            variables: standard::variables(),
            open_ended: BTreeSet::new(),
        };
        for entry in &survey.entries {
            let label = Labels::english(&format!("{} (from the link)", entry.name));
            map.variables.push(Variable {
                is_personal: entry.is_personal,
                source: Source::Entry,
                ..Variable::new("", &entry.name, super::Kind::Text, label)
            });
        }
        let together = survey
            .pages
            .chunk_by(|one, next| one.repeat.is_some() && one.repeat == next.repeat);
        for pages in together {
            map.add(survey, pages);
        }
        name_apart(&mut map.variables);
        map
    }

    /// Pages that go round together, or a page by itself.
    fn add(&mut self, survey: &Survey, pages: &[Page]) {
        let repeat = pages.first().and_then(|page| page.repeat.as_ref());
        let items: &[Item] = match repeat.map(|repeat| &repeat.over) {
            Some(Over::List(list)) => survey.list(list).map_or(&[], |list| &list.items),
            Some(Over::Chosen(question)) => {
                survey.block(question).map_or(&[], |block| &block.items)
            }
            Some(Over::Times(_)) | None => &[],
        };
        let is_open = repeat.is_some_and(|repeat| matches!(repeat.over, Over::Times(_)));
        let count = match repeat {
            Some(repeat) if is_open => repeat.most,
            _ => u32::try_from(items.len()).unwrap_or(u32::MAX),
        };
        let rounds: Vec<Option<u32>> = match repeat {
            Some(_) => (1..=count).map(Some).collect(),
            None => vec![None],
        };
        for turn in rounds {
            // A turn over items has the number of its item.
            let item = turn.and_then(|turn| items.get(turn as usize - 1));
            let about = item.map(|item| labels(&item.text)).unwrap_or_default();
            for page in pages {
                for block in &page.blocks {
                    if is_open {
                        self.open_ended.insert(block.id.clone());
                    }
                    let base = base(survey, page, block);
                    let variables = block.kind.variables(block).into_iter();
                    self.variables.extend(variables.map(|variable| Variable {
                        base: base.clone(),
                        turn,
                        turn_label: about.clone(),
                        is_personal: variable.is_personal || block.is_personal,
                        ..variable
                    }));
                }
            }
        }
    }

    /// The map with as many turns of loops without a number of their own as
    /// respondents made: the last turn by the id of a block.
    #[must_use]
    pub fn reached(mut self, turns: &BTreeMap<String, u32>) -> DataMap {
        let open_ended = &self.open_ended;
        self.variables.retain(|variable| {
            let last = turns.get(&variable.block).copied().unwrap_or(0).max(1);
            !open_ended.contains(&variable.block) || variable.turn.is_none_or(|turn| turn <= last)
        });
        self
    }
}

/// The conditions a question stands under, from the outside in.
fn base(survey: &Survey, page: &Page, block: &Block) -> Option<String> {
    let mut conditions = Vec::new();
    let sections = [page.section.as_deref(), block.section.as_deref()];
    for section in sections.into_iter().flatten() {
        let mut within = Some(section);
        let mut outwards = Vec::new();
        while let Some(found) = within.and_then(|id| survey.section(id)) {
            // A section within itself was refused; here it only has to end.
            if outwards.len() > survey.sections.len() {
                break;
            }
            outwards.push(found.when.as_ref().map(|when| when.text().to_owned()));
            within = found.within.as_deref();
        }
        conditions.extend(outwards.into_iter().rev().flatten());
    }
    for when in [&page.when, &block.when].into_iter().flatten() {
        conditions.push(when.text().to_owned());
    }
    conditions.dedup();
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(format!("({})", conditions.join(") and ("))),
    }
}

/// Names that every format takes and that differ whatever the case.
pub(super) fn name_apart(variables: &mut [Variable]) {
    let mut taken = BTreeSet::new();
    for variable in variables {
        let mut plain = plain(&variable.key);
        if let Some(turn) = variable.turn {
            plain = format!("{plain}_{turn}");
        }
        let mut name = plain.clone();
        let mut next = 2;
        while !taken.insert(name.to_ascii_lowercase()) {
            name = format!("{plain}_{next}");
            next += 1;
        }
        variable.name = name;
    }
}

/// Letters, digits and `_`, a letter first and no `_` last.
fn plain(name: &str) -> String {
    let mut plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(NAME)
        .collect();
    plain.truncate(plain.trim_end_matches('_').len());
    if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
        plain.insert_str(0, "v_");
        plain.truncate(plain.trim_end_matches('_').len());
    }
    if RESERVED.contains(&plain.to_ascii_lowercase().as_str()) {
        plain.push_str("_1");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../format/example.toml");

    fn named(names: &[&str]) -> Vec<String> {
        let mut variables: Vec<_> = names
            .iter()
            .map(|name| Variable::new("b", name, super::super::Kind::Text, Labels::default()))
            .collect();
        name_apart(&mut variables);
        variables.into_iter().map(|each| each.name).collect()
    }

    #[test]
    fn every_name_is_fit_for_every_format_and_its_own() {
        assert_eq!(
            named(&[
                "q.1",
                "q-1",
                "Q_1",
                "1st",
                "_x_",
                "with",
                "__",
                &"a".repeat(64)
            ]),
            [
                "q_1",
                "q_1_2",
                "Q_1_3",
                "v_1st",
                "v__x",
                "with_1",
                "v",
                &"a".repeat(56)
            ]
        );
    }

    #[test]
    fn the_example_becomes_its_variables_in_order() {
        let survey = Survey::read(EXAMPLE).unwrap();

        let map = DataMap::of(&survey);

        let names: Vec<_> = map
            .variables
            .iter()
            .map(|each| each.name.as_str())
            .collect();
        let standard = standard::variables().len();
        assert_eq!(names[standard], "pid");
        assert_eq!(
            &names[standard + 1..standard + 4],
            ["gender", "age", "brands_1"]
        );
        assert_eq!(
            map.variable("why").unwrap().base.as_deref(),
            Some("selected(${brands}, 9)")
        );
        let liking = map.variable("liking_2").unwrap();
        assert_eq!((liking.turn, &*liking.key), (Some(2), "liking"));
        assert_eq!(map.sets().len(), 1);
        assert!(map.variable("gender").unwrap().code(9).unwrap().is_unknown);
        assert_eq!(
            map.variable("brands_1").unwrap().full_label("de"),
            "Welche davon haben Sie zuletzt gegessen?: Crunchy"
        );
    }

    #[test]
    fn the_map_is_the_same_each_time_and_loops_end_where_people_did() {
        let text = "format = 1\nid = \"x\"\ntitle = \"X\"\nlangs = [\"en\"]\n\n[[page]]\nid = \"p\"\nloop = { times = \"3\", most = 10 }\n\n[[page.ask]]\nid = \"name\"\ntype = \"text\"\ntext = \"Name\"\npersonal = true\n";
        let survey = Survey::read(text).unwrap();

        let map = DataMap::of(&survey);

        assert_eq!(map, DataMap::of(&survey));
        let turns = |map: &DataMap| {
            let names = map.variables.iter().filter(|each| each.key == "name");
            names.count()
        };
        assert_eq!(turns(&map), 10);
        let reached = map.reached(&BTreeMap::from([("name".to_owned(), 4)]));
        assert_eq!(turns(&reached), 4);
        assert_eq!(turns(&reached.without_personal()), 0);
    }
}
