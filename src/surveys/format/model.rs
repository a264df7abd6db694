//! A survey's definition as types: what is here was checked when it was read.

use std::fmt;

use super::{Outcome, Problem, Retention, Settings, Words};
use crate::base::written::Position;
use crate::expr::Expr;
use crate::surveys::blocks::Kind;

/// A whole definition.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key that an author writes"
)]
#[derive(Clone, Debug)]
pub struct Survey {
    pub id: String,
    pub title: Words,
    /// The first is the one a text is taken from where it is not translated.
    pub langs: Vec<String>,
    pub retention: Option<Retention>,
    /// Nothing joins an answer to a person.
    pub is_anonymous: bool,
    /// Pages note what happens on them while they are open; in an anonymous survey never.
    pub notes_events: bool,
    /// Respondents can have their own answers erased.
    pub can_withdraw: bool,
    /// What has to be agreed to before the first page; nothing is asked when empty.
    pub consent: Words,
    /// What becomes of the answers; linked from every page when not empty.
    pub privacy: Words,
    /// Pages have a button to the page before.
    pub has_back: bool,
    /// Answers of pages that are not on the way any more stay after the end.
    pub keeps_off_path: bool,
    /// The sites that may show it in a frame, as `https://site.example`.
    pub allowed_origins: Vec<String>,
    /// In a frame, exits lead the whole window away.
    pub leaves_frame: bool,
    pub entries: Vec<Entry>,
    pub lists: Vec<List>,
    pub sections: Vec<Section>,
    pub pages: Vec<Page>,
    pub quotas: Vec<Quota>,
    pub exits: Vec<Exit>,
    /// What stands in the way of publishing, and notes. Never an error.
    pub problems: Vec<Problem>,
}

/// A variable that comes with the respondent.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key that an author writes"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    /// The key of the address; its name when the file says nothing else.
    pub key: String,
    /// One respondent for each value.
    pub unique: bool,
    /// Without it nobody comes in.
    pub required: bool,
    /// The address is signed.
    pub sign: Option<Sign>,
    /// Who comes again with the same value goes on where they were, though anybody who
    /// knows the value could.
    pub resume: bool,
    /// It is an address to go back to in the end.
    pub is_return: bool,
    /// The machines such an address may name, as `https://host.example`.
    pub hosts: Vec<String>,
    pub is_personal: bool,
}

impl Entry {
    /// Does its value tell who somebody is? An address to go back to does: the host wrote
    /// its own number of the respondent into it.
    pub fn tells(&self) -> bool {
        self.is_personal || self.unique || self.sign.is_some() || self.is_return
    }
}

/// Who signs, and how: `hmac-sha256:panel_a`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sign {
    pub kind: String,
    /// The supplier of a workspace.
    pub name: String,
}

/// Items that several questions share.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    pub id: String,
    pub items: Vec<Item>,
}

/// Pages or blocks that are shown under one condition, perhaps within another section.
#[derive(Clone, Debug)]
pub struct Section {
    pub id: String,
    pub title: Words,
    pub when: Option<Expr>,
    /// The section it lies in.
    pub within: Option<String>,
    pub position: Position,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub id: String,
    pub title: Words,
    pub when: Option<Expr>,
    pub section: Option<String>,
    /// Neighbouring pages that say the same go round together.
    pub repeat: Option<Repeat>,
    /// The order of its blocks.
    pub order: Order,
    pub blocks: Vec<Block>,
    pub leaves: Vec<Leave>,
    /// Nothing is written on it: not even a question that cannot be read.
    pub is_empty: bool,
    pub position: Position,
}

/// A page that comes once for each of something.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    pub over: Over,
    /// More turns than that are never made.
    pub most: u32,
    pub order: Order,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// Each item of a list.
    List(String),
    /// Each item chosen in a question.
    Chosen(String),
    /// As often as this says.
    Times(Expr),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Written,
    Random,
    /// As written or the other way round, by chance.
    Flipped,
    /// It begins somewhere by chance and goes on from there.
    Rotated,
}

/// A way out after a page.
#[derive(Clone, Debug)]
pub struct Leave {
    pub id: String,
    pub outcome: Outcome,
    pub when: Option<Expr>,
    /// What is said to who leaves here.
    pub text: Words,
    pub position: Position,
}

/// How many completes there may be of respondents whom `when` describes.
#[derive(Clone, Debug)]
pub struct Quota {
    pub id: String,
    pub title: Words,
    pub target: u32,
    pub when: Option<Expr>,
    pub position: Position,
}

/// What happens to whom an outcome befalls.
#[derive(Clone, Debug, PartialEq)]
pub struct Exit {
    pub outcome: Outcome,
    /// Where they are sent: `https://panel.example/end?pid={pid}&s={outcome}`.
    pub to: Option<String>,
    pub text: Words,
}

/// One thing on a page: a question, or words, or something decided unseen.
#[derive(Clone)]
pub struct Block {
    pub id: String,
    pub kind: &'static dyn Kind,
    pub text: Words,
    pub help: Words,
    pub when: Option<Expr>,
    pub section: Option<String>,
    pub required: Required,
    /// Said instead of the usual words when a required answer is missing.
    pub required_text: Words,
    /// What an answer must meet, `.` being the answer; and what is said if not.
    pub check: Option<(Expr, Words)>,
    pub default: Option<Expr>,
    /// The value of a block that is computed.
    pub calculate: Option<Expr>,
    pub read_only: bool,
    /// Which of its items are there; a bare name in it is a column of the item.
    pub filter: Option<Expr>,
    pub order: Order,
    pub items: Vec<Item>,
    /// Of a grid.
    pub rows: Vec<Item>,
    pub is_personal: bool,
    /// What its kind knows besides: see [`Kind::keys`].
    pub settings: Settings,
    pub position: Position,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum Required {
    #[default]
    No,
    Yes,
    When(Expr),
}

/// An answer one can choose, or a row of a grid.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key that an author writes"
)]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// What the data holds.
    pub code: i64,
    /// What expressions compare with, where that is not the code.
    pub name: Option<String>,
    pub text: Words,
    pub when: Option<Expr>,
    /// Keeps its place when the others change theirs.
    pub anchor: bool,
    /// Nothing else can be chosen beside it.
    pub exclusive: bool,
    /// A text can be given with it.
    pub other: bool,
    /// It says "don't know" or "no answer".
    pub is_unknown: bool,
    pub picture: Option<Picture>,
    /// Where it lies on the picture of its question.
    pub region: Option<Region>,
    /// Further columns, for `filter` and look-ups.
    pub columns: Vec<(String, String)>,
}

/// A part of a picture, by its edges, in ten-thousandths of width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub left: u16,
    pub top: u16,
    pub right: u16,
    pub bottom: u16,
}

impl Region {
    /// All of a side.
    pub const WHOLE: u16 = 10_000;

    /// From its edges in hundredths of the sides: left, top, right, bottom.
    pub fn of(edges: &[f64]) -> Option<Region> {
        let &[left, top, right, bottom] = edges else {
            return None;
        };
        let are_there = edges.iter().all(|edge| (0.0..=100.0).contains(edge));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 10,000"
        )]
        let edge = |edge: f64| (edge * 100.0).round() as u16;
        (are_there && left < right && top < bottom).then(|| Region {
            left: edge(left),
            top: edge(top),
            right: edge(right),
            bottom: edge(bottom),
        })
    }

    pub fn text(self) -> String {
        format!("{},{},{},{}", self.left, self.top, self.right, self.bottom)
    }
}

/// A picture of the survey's assets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub name: String,
    /// What it shows, for those who do not see it.
    pub alt: Words,
    pub position: Position,
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("id", &self.id)
            .field("kind", &self.kind.name())
            .finish_non_exhaustive()
    }
}

impl Item {
    /// What expressions see when it is chosen.
    pub fn value(&self) -> crate::expr::Value {
        match &self.name {
            Some(name) => crate::expr::Value::Text(name.clone()),
            #[expect(clippy::cast_precision_loss, reason = "codes are short")]
            None => crate::expr::Value::Number(self.code as f64),
        }
    }
}

impl Block {
    pub fn item(&self, code: i64) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}

impl Survey {
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    pub fn block(&self, id: &str) -> Option<&Block> {
        self.blocks().find(|block| block.id == id)
    }

    /// The pictures its questions show, in the order of the file.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.blocks().flat_map(|block| block.kind.pictures(block))
    }

    /// All blocks, in the order of the file.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.pages.iter().flat_map(|page| &page.blocks)
    }

    pub fn list(&self, id: &str) -> Option<&List> {
        self.lists.iter().find(|list| list.id == id)
    }

    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The language everything is written in.
    pub fn lang(&self) -> &str {
        self.langs.first().map_or("en", String::as_str)
    }

    /// Can it be published as it is?
    pub fn is_publishable(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| problem.level < super::Level::Refused)
    }
}
