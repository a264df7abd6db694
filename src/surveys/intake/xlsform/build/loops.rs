//! Groups that come several times: loops, and groups written out for each choice.

use super::super::super::draft::{Block, Need, Setting};
use super::super::asked;
use super::super::rows::Node;
use super::{Around, Builder, list_id};

/// Turns of a loop whose number is asked here.
const MOST: u32 = 50;
/// Turns of a loop that lies in another.
const WITHIN: u32 = 10;

impl Builder<'_> {
    pub(super) fn repeat(&mut self, node: &Node<'_>, around: &Around) {
        if around.times.is_some() {
            return self.written_out(node, around);
        }
        self.close();
        let id = self.id(node);
        let label = self.texts(node, "label");
        let when = self.expr(node, "relevant");
        let mut inner = Around {
            together: node.cells.get("appearance").contains("field-list"),
            title: if label.is_empty() {
                around.title.clone()
            } else {
                label
            },
            ..around.clone()
        };
        inner.page_when.extend(when.clone());
        inner.page_when.append(&mut inner.block_when);
        let times = match self.expr(node, "repeat_count") {
            Some(times) => times,
            None => self.how_many(node, around, (when, MOST)),
        };
        // Loops that follow each other are two, although they go round as often.
        let is_same = self
            .draft
            .pages
            .last()
            .is_some_and(|page| page.times.as_ref() == Some(&times));
        inner.times = Some(if is_same { format!("({times})") } else { times });
        self.next_page = Some(id);
        self.nodes(&node.children, &inner);
        self.close();
        self.next_page = None;
    }

    /// Who decides how often on the way is asked before.
    fn how_many(
        &mut self,
        node: &Node<'_>,
        around: &Around,
        (when, most): (Option<String>, u32),
    ) -> String {
        let id = self.id(node);
        let count = self.fresh(&format!("{id}_count"));
        let mut text = self.texts(node, "label");
        if text.is_empty() {
            text = self.tongues.everywhere(&id);
        }
        for (_, text) in &mut text {
            text.extend([": 0–", &most.to_string(), "?"]);
        }
        self.account.note(
            &node.place,
            "how often it goes round is asked before it, as a number",
        );
        let block = Block {
            id: count.clone(),
            kind: "number",
            text,
            when,
            required: Need::Yes,
            settings: vec![("range", Setting::Range(0.0, f64::from(most)))],
            place: node.place.clone(),
            ..Block::default()
        };
        self.push(block, around);
        self.close();
        format!("${{{count}}}")
    }

    /// Turns within a turn are written out, each with a page of its own where it is
    /// not on one with others.
    fn written_out(&mut self, node: &Node<'_>, around: &Around) {
        if self.turn.is_some() {
            return self.too_deep(node, around);
        }
        self.close();
        let when = self.expr(node, "relevant");
        let times = match self.expr(node, "repeat_count") {
            Some(times) => times,
            None => self.how_many(node, around, (when.clone(), WITHIN)),
        };
        self.account.note(
            &node.place,
            format!("lies in a loop and is written out in it, for {WITHIN} turns at most"),
        );
        let mut label = self.texts(node, "label");
        if label.is_empty() {
            label.clone_from(&around.title);
        }
        for turn in 1..=WITHIN {
            let plain = (self.ids.clone(), self.renamed.clone());
            for one in node.all() {
                self.name_in_turn(one, turn);
            }
            let mut inner = Around {
                together: node.cells.get("appearance").contains("field-list"),
                title: label.clone(),
                ..around.clone()
            };
            for (_, title) in &mut inner.title {
                title.extend([" ", &turn.to_string()]);
            }
            inner.page_when.extend(when.clone());
            inner.page_when.push(format!("({times}) >= {turn}"));
            inner.page_when.append(&mut inner.block_when);
            self.turn = Some(turn);
            self.nodes(&node.children, &inner);
            self.close();
            self.turn = None;
            (self.ids, self.renamed) = plain;
        }
    }

    /// What a row of such a loop is called in one of its turns.
    fn name_in_turn(&mut self, node: &Node<'_>, turn: u32) {
        let Some(id) = self.ids.get(&node.place.row).cloned() else {
            return;
        };
        let own = self.fresh(&format!("{id}.{turn}"));
        let written = node.cells.get("name").to_owned();
        self.renamed.0.insert(0, (written, own.clone()));
        self.ids.insert(node.place.row, own);
    }

    fn too_deep(&mut self, node: &Node<'_>, around: &Around) {
        let why = "lies in a third loop around each other, which is not known here";
        for inner in node.all() {
            self.account.refuse(&inner.place, why);
        }
        let mut words = Block {
            id: self.id(node),
            kind: "info",
            text: self.texts(node, "label"),
            when: self.expr(node, "relevant"),
            place: node.place.clone(),
            ..Block::default()
        };
        if words.text.is_empty() {
            words.text = self.tongues.everywhere(&words.id.clone());
        }
        words.unresolved(why);
        self.push(words, around);
    }

    /// A group for each choice of a list, as it was done before there were repeats.
    pub(super) fn unrolled(&mut self, node: &Node<'_>, list: &str, around: &Around) {
        let id = list_id(list);
        let items = self
            .draft
            .lists
            .iter()
            .find(|list| list.id == id)
            .map(|list| list.items.clone());
        let Some(items) = items else {
            for inner in node.all() {
                self.account.refuse(
                    &inner.place,
                    format!("goes over the list `{list}`, which is not there"),
                );
            }
            return;
        };
        let told = "is written out for each choice; its questions carry the choice's name in front";
        self.account.note(&node.place, told);
        self.close();
        for item in &items {
            let name = item.name.clone().unwrap_or_else(|| item.code.to_string());
            let mut inner = around.clone();
            inner.title.clone_from(&item.text);
            for child in &node.children {
                if child.span().is_some() {
                    self.account.refuse(
                        &child.place,
                        "a group in a loop over choices is not known here",
                    );
                    continue;
                }
                for mut block in asked::blocks(self, child) {
                    block.id = self.fresh(&format!("{name}_{}", block.id));
                    asked::fill(&mut block, &name, &item.text);
                    self.push(block, &inner);
                }
            }
            self.close();
        }
    }
}
