//! From rows in groups to pages in sections. Loose questions lie together on a page
//! until one of them depends on another of the same page.

mod loops;

use std::collections::{HashMap, HashSet};

use super::super::draft::{Block, Draft, List, Need, Page, Section, Texts, joined};
use super::super::{Account, Beside, convert};
use super::asked;
use super::kinds::{Choose, Span, Type};
use super::lists;
use super::phrases::Renamed;
use super::rows::Node;
use super::settings::Settings;
use super::tongues::Tongues;
use crate::expr::Expr;
use crate::surveys::format::{Piece, is_name};

/// Questions of one page, where the form does not say.
const MOST_OF_PAGE: usize = 10;

pub(super) struct Builder<'b> {
    pub(super) tongues: Tongues,
    pub(super) beside: &'b dyn Beside,
    pub(super) account: &'b mut Account,
    pub(super) draft: Draft,
    pub(super) renamed: Renamed,
    used: HashSet<String>,
    /// The ids of rows, by their number.
    ids: HashMap<u32, String>,
    open: Option<Page>,
    /// The id of the next page: a loop goes by that of its first.
    next_page: Option<String>,
    /// Which turn of a loop within a loop is written out.
    turn: Option<u32>,
    pub(super) title: String,
    pub(super) form_id: String,
}

/// What lies around a row.
#[derive(Clone, Default)]
struct Around {
    section: Option<String>,
    title: Texts,
    /// All of it on one page.
    together: bool,
    times: Option<String>,
    page_when: Vec<String>,
    block_when: Vec<String>,
}

impl<'b> Builder<'b> {
    pub(super) fn new(tongues: Tongues, beside: &'b dyn Beside, account: &'b mut Account) -> Self {
        Builder {
            tongues,
            beside,
            account,
            draft: Draft::default(),
            renamed: Renamed::default(),
            used: HashSet::new(),
            ids: HashMap::new(),
            open: None,
            next_page: None,
            turn: None,
            title: String::new(),
            form_id: String::new(),
        }
    }

    /// Lists of a further sheet; a name that is taken keeps its first list.
    pub(super) fn add_lists(&mut self, lists: Vec<List>) {
        for mut list in lists {
            list.id = list_id(&list.id);
            if self.draft.lists.iter().all(|known| known.id != list.id) {
                self.draft.lists.push(list);
            }
        }
    }

    pub(super) fn build(&mut self, nodes: &[Node<'_>]) {
        let all: Vec<&Node<'_>> = nodes.iter().flat_map(Node::all).collect();
        let written: Vec<&str> = all.iter().map(|node| node.cells.get("name")).collect();
        for one in all {
            self.name(one, &written);
        }
        for node in nodes {
            for one in node.all() {
                self.pulled(one);
            }
        }
        self.nodes(nodes, &Around::default());
        self.close();
    }

    /// The lists a row looks into, where they lie beside the form.
    fn pulled(&mut self, node: &Node<'_>) {
        for column in [
            "calculation",
            "relevant",
            "constraint",
            "default",
            "choice_filter",
            "repeat_count",
        ] {
            let Some(expr) = self
                .expr(node, column)
                .and_then(|text| Expr::parse(&text).ok())
            else {
                continue;
            };
            for list in expr.lists() {
                if self.draft.lists.iter().any(|known| known.id == list) {
                    continue;
                }
                let file = lists::from_file(
                    &format!("{list}.csv"),
                    ["name", "label"],
                    &self.tongues,
                    self.beside,
                );
                self.add_lists(file.ok().into_iter().collect());
            }
        }
    }

    pub(super) fn finish(mut self, settings: &Settings, stem: &str) -> Draft {
        let first = |all: &[&str]| {
            let mut all = all.iter().filter(|text| !text.is_empty());
            all.next().map_or(String::new(), |text| (*text).to_owned())
        };
        let title = first(&[&settings.title, &self.title, stem, "Survey"]);
        let id = first(&[&settings.id, &self.form_id, stem]);
        self.draft.id = convert::slug(&id, &settings.place);
        self.draft.title = self.tongues.everywhere(&title);
        self.draft.langs = self.tongues.codes().to_vec();
        self.draft.place = settings.place.clone();
        if self.draft.pages.is_empty() {
            let words = Block {
                id: self.fresh("empty"),
                kind: "info",
                text: self.tongues.everywhere(&title),
                place: settings.place.clone(),
                ..Block::default()
            };
            self.push(words, &Around::default());
            self.close();
        }
        self.draft
    }

    /// A name that is free, as close to the wanted one as can be.
    pub(super) fn fresh(&mut self, wanted: &str) -> String {
        let mut name: String = { wanted.chars() }
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') {
                    c
                } else {
                    '_'
                }
            })
            .take(56)
            .collect();
        if !is_name(&name) {
            name = format!("q{name}");
        }
        let mut free = name.clone();
        let mut count = 2;
        while !self.used.insert(free.clone()) {
            free = format!("{name}.{count}");
            count += 1;
        }
        free
    }

    /// What a row is called here.
    fn name(&mut self, node: &Node<'_>, all: &[&str]) {
        let written = node.cells.get("name");
        let wanted = match (&node.kind, written) {
            (Type::End | Type::Title | Type::Id, _) => return,
            (_, "") => format!("row_{}", node.place.row),
            (kind, written)
                if has_parts(kind) && all.iter().any(|other| is_part(other, written)) =>
            {
                format!("{written}.all")
            }
            (_, written) => written.to_owned(),
        };
        let id = self.fresh(&wanted);
        if id != written && !written.is_empty() {
            let mut renamed = self.renamed.0.iter();
            let twice = self.ids.values().any(|known| known == written)
                || renamed.any(|(known, _)| known == written);
            let why = if twice {
                "its name is there twice"
            } else {
                "its name cannot be one here"
            };
            self.account
                .note(&node.place, format!("{why}; it is called `{id}`"));
            if !twice {
                self.renamed.0.push((written.to_owned(), id.clone()));
            }
        }
        self.ids.insert(node.place.row, id);
    }

    pub(super) fn id(&self, node: &Node<'_>) -> String {
        self.ids.get(&node.place.row).cloned().unwrap_or_default()
    }

    pub(super) fn texts(&self, node: &Node<'_>, column: &str) -> Texts {
        self.renamed.texts(node.cells.texts(column, &self.tongues))
    }

    pub(super) fn expr(&self, node: &Node<'_>, column: &str) -> Option<String> {
        let cell = node.cells.get(column);
        // What a spreadsheet makes of a truth that was typed into it.
        if cell.eq_ignore_ascii_case("true") || cell.eq_ignore_ascii_case("false") {
            return Some(format!("{}()", cell.to_lowercase()));
        }
        let expr = self.renamed.expr(cell)?;
        Some(match self.turn {
            Some(turn) => expr.replace("position(..)", &turn.to_string()),
            None => expr,
        })
    }

    fn nodes(&mut self, nodes: &[Node<'_>], around: &Around) {
        for node in nodes {
            match node.span() {
                Some(Span::Group) => self.group(node, around),
                Some(Span::Repeat) => self.repeat(node, around),
                Some(Span::Loop(list)) => self.unrolled(node, list, around),
                None => {
                    for block in asked::blocks(self, node) {
                        self.push(block, around);
                    }
                }
            }
        }
    }

    fn group(&mut self, node: &Node<'_>, around: &Around) {
        let when = self.expr(node, "relevant");
        let label = self.texts(node, "label");
        let mut inner = around.clone();
        if around.together {
            inner.block_when.extend(when.clone());
            if !label.is_empty() {
                let words = Block {
                    id: self.id(node),
                    kind: "info",
                    text: label,
                    place: node.place.clone(),
                    ..Block::default()
                };
                self.push(words, &inner);
            }
            return self.nodes(&node.children, &inner);
        }
        self.close();
        let appearance = node.cells.get("appearance").to_lowercase();
        inner.together = appearance.contains("field-list") || appearance.contains("table-list");
        if !label.is_empty() {
            inner.title = label;
        }
        match when {
            Some(when) if around.times.is_some() => inner.page_when.push(when),
            Some(when) => {
                let id = self.id(node);
                self.draft.sections.push(Section {
                    id: id.clone(),
                    title: inner.title.clone(),
                    when: Some(when),
                    within: around.section.clone(),
                    place: node.place.clone(),
                });
                inner.section = Some(id);
            }
            None => {}
        }
        self.nodes(&node.children, &inner);
        self.close();
    }

    fn push(&mut self, mut block: Block, around: &Around) {
        let conditions = around.block_when.iter().cloned().chain(block.when.take());
        block.when = joined(conditions.collect());
        if !around.together && self.open.as_ref().is_some_and(|page| breaks(page, &block)) {
            self.close();
        }
        let page = match self.open.take() {
            Some(page) => page,
            None => self.page(around, &block),
        };
        let page = self.open.insert(page);
        page.blocks.push(block);
    }

    fn page(&mut self, around: &Around, first: &Block) -> Page {
        let id = self.next_page.take();
        let wanted = format!("p{}", self.draft.pages.len() + 1);
        Page {
            id: id.unwrap_or_else(|| self.fresh(&wanted)),
            title: around.title.clone(),
            when: joined(around.page_when.clone()),
            section: around.section.clone(),
            times: around.times.clone(),
            place: first.place.clone(),
            ..Page::default()
        }
    }

    fn close(&mut self) {
        self.draft.pages.extend(self.open.take());
    }
}

/// Its answer is several variables, `name_1` and so on.
fn has_parts(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Select {
            choose: Choose::Several | Choose::Rank,
            ..
        }
    )
}

fn is_part(other: &str, name: &str) -> bool {
    let rest = other
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('_'));
    let rest = rest.map(|rest| rest.strip_prefix('m').unwrap_or(rest));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Does a question have to come on a later page, because what it depends on is asked
/// on this one? Otherwise it would not work without scripts.
fn breaks(page: &Page, block: &Block) -> bool {
    if !block.is_seen() {
        return false;
    }
    let seen = page.blocks.iter().filter(|block| block.is_seen()).count();
    if seen >= MOST_OF_PAGE {
        return true;
    }
    let needed = match &block.required {
        Need::When(when) => Some(when),
        _ => None,
    };
    let exprs = [
        block.when.as_ref(),
        block.filter.as_ref(),
        block.default.as_ref(),
        needed,
    ];
    let parsed: Vec<Expr> = exprs
        .into_iter()
        .flatten()
        .filter_map(|text| Expr::parse(text).ok())
        .collect();
    let texts = block
        .text
        .iter()
        .chain(&block.help)
        .flat_map(|(_, text)| Piece::of(text));
    let piped = texts.filter_map(|piece| match piece {
        Piece::Answer(name) => Some(name),
        Piece::Text(_) => None,
    });
    let names: HashSet<&str> = parsed.iter().flat_map(Expr::names).chain(piped).collect();
    page.blocks
        .iter()
        .any(|known| names.contains(known.id.as_str()))
}

/// Lists go by names, as questions do.
pub(super) fn list_id(written: &str) -> String {
    let plain: String = { written.chars() }
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') {
                c
            } else {
                '_'
            }
        })
        .take(60)
        .collect();
    if is_name(&plain) {
        plain
    } else {
        format!("l{plain}")
    }
}
