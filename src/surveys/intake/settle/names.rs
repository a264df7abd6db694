//! Which names a draft has, and from where on they can be used.

use std::collections::{HashMap, HashSet};

use super::super::draft::Draft;
use crate::expr::Expr;

/// Page and block, both from 1.
pub(super) type Spot = (usize, usize);

pub(super) struct Names {
    known: HashMap<String, Spot>,
    /// The columns of each list.
    lists: HashMap<String, HashSet<String>>,
    /// The section each section lies in.
    within: HashMap<String, Option<String>>,
    /// The first page of each section.
    first: HashMap<String, Spot>,
}

impl Names {
    pub(super) fn of(draft: &Draft) -> Names {
        let mut known = HashMap::new();
        let mut first: HashMap<String, Spot> = HashMap::new();
        let within: HashMap<String, Option<String>> = { draft.sections.iter() }
            .map(|section| (section.id.clone(), section.within.clone()))
            .collect();
        for (at, page) in draft.pages.iter().enumerate() {
            known.insert(page.id.clone(), (at + 1, 0));
            for (index, block) in page.blocks.iter().enumerate() {
                known.insert(block.id.clone(), (at + 1, index + 1));
            }
            let mut section = page.section.clone();
            while let Some(name) = section {
                section = within.get(&name).cloned().flatten();
                first.entry(name).or_insert((at + 1, 0));
            }
        }
        let lists = draft.lists.iter().map(|list| {
            let columns = list.items.iter().flat_map(|item| &item.columns);
            (
                list.id.clone(),
                columns.map(|column| column.0.clone()).collect(),
            )
        });
        Names {
            known,
            lists: lists.collect(),
            within,
            first,
        }
    }

    pub(super) fn first_page(&self, section: &str) -> Spot {
        self.first.get(section).copied().unwrap_or((usize::MAX, 0))
    }

    /// A section and those in it.
    pub(super) fn inside(&self, section: &str) -> Vec<String> {
        let is_in = |name: &String| {
            let mut above = Some(name);
            while let Some(one) = above {
                if one == section {
                    return true;
                }
                above = self.within.get(one).and_then(Option::as_ref);
            }
            false
        };
        self.within
            .keys()
            .filter(|name| is_in(name))
            .cloned()
            .collect()
    }

    pub(super) fn spot(&self, name: &str) -> Option<Spot> {
        self.known.get(name).copied()
    }

    /// Why a name cannot be used there.
    pub(super) fn fault(&self, name: &str, spot: Spot) -> Option<String> {
        match self.known.get(name) {
            None => Some(format!("nothing is called `{name}`")),
            Some(known) if *known < spot => None,
            Some(_) => Some(format!("`{name}` is asked later")),
        }
    }

    /// Can it stand there?
    pub(super) fn checked(&self, text: &str, spot: Spot) -> Result<(), String> {
        let expr = Expr::parse(text).map_err(|fault| fault.message)?;
        if let Some(word) = expr.columns().first() {
            return Err(format!(
                "`{word}` names nothing outside a choice filter; ${{{word}}} or '{word}' may be meant"
            ));
        }
        self.common_fault(&expr, spot).map_or(Ok(()), Err)
    }

    fn common_fault(&self, expr: &Expr, spot: Spot) -> Option<String> {
        let names = expr.names();
        let mut faults = names.iter().filter_map(|name| self.fault(name, spot));
        faults.next().or_else(|| {
            let lists = expr.lists();
            let unknown = lists
                .into_iter()
                .find(|list| !self.lists.contains_key(*list));
            unknown.map(|list| format!("the list `{list}` is not here"))
        })
    }

    pub(super) fn filter_fault(
        &self,
        expr: &Expr,
        spot: Spot,
        list: Option<&str>,
        own: &[&str],
    ) -> Option<String> {
        let columns = expr.columns();
        let has = |column: &&str| {
            ["code", "name", "label"].contains(column)
                || own.contains(column)
                || list
                    .and_then(|list| self.lists.get(list))
                    .is_some_and(|known| known.contains(*column))
        };
        let unknown = columns.into_iter().find(|column| !has(column));
        unknown
            .map(|column| format!("no choice has a column `{column}`"))
            .or_else(|| self.common_fault(expr, spot))
    }
}
