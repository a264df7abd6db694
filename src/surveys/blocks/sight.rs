//! A block as one respondent sees it: its items, its words, what stands in its fields.

use super::kind::Fault;
use super::marked;
use super::phrases;
use crate::surveys::assets::{Asset, Assets};
use crate::surveys::format::{Block, Item, Picture, Words};
use crate::surveys::uploads::Upload;

/// The answer of that name as a respondent reads it.
pub type Pipe<'a> = &'a dyn Fn(&str) -> String;

/// A block before one respondent.
pub struct Sight<'a> {
    pub block: &'a Block,
    pub lang: &'a str,
    /// The items there are for them, in their order.
    pub items: Vec<&'a Item>,
    pub rows: Vec<&'a Item>,
    pub is_required: bool,
    /// What stands in the fields: as it was typed, or as it was kept.
    pub fields: Vec<(String, String)>,
    pub fault: Option<Fault>,
    pub pipe: Pipe<'a>,
    pub gallery: Gallery<'a>,
    /// The files they sent in this turn, for any question.
    pub uploads: Vec<&'a Upload>,
}

/// The pictures there are, and the address of the page they are shown on.
#[derive(Clone, Copy)]
pub struct Gallery<'a> {
    pub at: &'a str,
    pub assets: &'a Assets,
}

/// A picture as a template shows it.
pub(super) struct Shown {
    /// Nothing where the picture is not there: its words stand in its place.
    pub(super) found: Option<Found>,
    pub(super) alt: String,
}

/// Where a picture is, and how large.
pub(super) struct Found {
    pub(super) address: String,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl<'a> Sight<'a> {
    pub fn id(&self) -> &'a str {
        &self.block.id
    }

    /// The name of a field, and the key of a variable, of one of its items or rows.
    pub fn part(&self, code: i64) -> String {
        part(&self.block.id, code)
    }

    /// What stands in that field.
    pub fn at(&self, field: &str) -> &str {
        let found = self.fields.iter().find(|(name, _)| name == field);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub fn holds(&self, field: &str, code: i64) -> bool {
        let code = code.to_string();
        self.fields
            .iter()
            .any(|(name, value)| name == field && *value == code)
    }

    /// As HTML that may hold paragraphs and lists.
    pub fn html(&self, words: &Words) -> String {
        marked::html(words.text(self.lang), self.pipe)
    }

    /// As HTML for a label.
    pub fn inline(&self, words: &Words) -> String {
        marked::inline(words.text(self.lang), self.pipe)
    }

    /// Without mark-up.
    pub fn plain(&self, words: &Words) -> String {
        marked::plain(words.text(self.lang), self.pipe)
    }

    /// The file of that name which was sent for this question.
    pub(super) fn upload(&self, name: &str) -> Option<&'a Upload> {
        let mut own = self.uploads.iter().filter(|file| file.block == self.id());
        own.find(|file| file.name == name).copied()
    }

    pub(super) fn picture(&self, picture: &Picture) -> Shown {
        let found = |asset: &Asset| Found {
            address: format!("{}/assets/{}", self.gallery.at, asset.hash),
            width: asset.width,
            height: asset.height,
        };
        Shown {
            found: self.gallery.assets.get(&picture.name).map(found),
            alt: self.plain(&picture.alt),
        }
    }

    pub fn say(&self, key: &'static str) -> &'static str {
        phrases::say(self.lang, key)
    }

    /// The ids of what explains its fields: its help, what is wrong.
    pub fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.block.help.is_empty() {
            ids.push(format!("h-{}", self.block.id));
        }
        if self.fault.is_some() {
            ids.push(format!("e-{}", self.block.id));
        }
        ids.join(" ")
    }

    pub fn is_at_fault(&self) -> bool {
        self.fault.is_some()
    }
}

/// `brands` and 3 give `brands_3`; a code below zero is written `m3`.
pub fn part(id: &str, code: i64) -> String {
    if code < 0 {
        format!("{id}_m{}", code.unsigned_abs())
    } else {
        format!("{id}_{code}")
    }
}
