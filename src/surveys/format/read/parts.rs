//! What stands beside the pages: entries, lists, sections, quotas, exits.

use super::super::{
    Entry, Exit, Item, List, Outcome, Picture, Quota, Region, Section as Part, Sign,
};
use super::{Reader, name_fits};
use crate::base::written::{Position, Section, place, suggestion};
use crate::surveys::assets::is_name as is_asset;
use crate::surveys::panels;

impl<'a> Reader<'a> {
    pub(super) fn entries(root: &mut Section<'a>) -> Vec<Entry> {
        let entries = root.named("entry", |name, entry| {
            name_fits(entry, name, name);
            let is_return = entry.one_of("from", &["url", "return"]) == Some("return");
            let sign = Reader::sign(entry);
            let unique = entry.boolean("unique").unwrap_or_default();
            if is_return && unique {
                entry.error(
                    "unique",
                    "an address to go back to tells nobody apart; remove `unique`",
                );
            }
            Entry {
                name: name.to_owned(),
                key: entry.text("key").unwrap_or(name).to_owned(),
                unique,
                required: entry.boolean("required").unwrap_or(sign.is_some()),
                sign,
                resume: entry.boolean("resume").unwrap_or_default(),
                is_return,
                hosts: Reader::origins(entry, "hosts"),
                is_personal: entry.boolean("personal").unwrap_or_default(),
            }
        });
        if entries.iter().filter(|entry| entry.is_return).count() > 1 {
            root.error(
                "entry",
                "there is one address to go back to; remove the other `from = \"return\"`",
            );
        }
        entries
    }

    fn sign(entry: &mut Section<'a>) -> Option<Sign> {
        let text = entry.text("sign")?;
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        let all = panels::ALL.iter();
        let known: Vec<&str> = all
            .filter(|kind| kind.signature().entry.is_some())
            .map(|kind| kind.id())
            .collect();
        if name.is_empty() {
            entry.error("sign", "write `sign` like \"hmac-sha256:panel_a\"");
        } else if !known.contains(&kind) {
            let known = known.join(", ");
            entry.error(
                "sign",
                format!("nobody signs entry links by `{kind}`; there are: {known}"),
            );
        }
        Some(Sign {
            kind: kind.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Sites, each as `https://host.example` and no more.
    pub(super) fn origins(section: &mut Section<'a>, key: &'a str) -> Vec<String> {
        let origins = section.texts(key);
        for origin in &origins {
            let is_one = |rest: &str| !rest.contains(['/', '?', '#']);
            let rest = origin.strip_prefix("https://");
            if exit_fault(origin).is_some() || !rest.is_some_and(is_one) {
                let message = format!(
                    "write `{origin}` like https://site.example, with nothing behind the name of the machine"
                );
                section.error(key, message);
            }
        }
        origins.into_iter().map(str::to_ascii_lowercase).collect()
    }

    pub(super) fn lists(&self, root: &mut Section<'a>) -> Vec<List> {
        root.named("list", |name, list| {
            name_fits(list, name, name);
            List {
                id: name.to_owned(),
                items: self.items(list, "items"),
            }
        })
    }

    pub(super) fn sections(&self, root: &mut Section<'a>) -> Vec<Part> {
        root.named("section", |name, section| {
            name_fits(section, name, name);
            Part {
                id: name.to_owned(),
                title: self.words(section, "title"),
                when: self.expr(section, "when"),
                within: section.text("within").map(str::to_owned),
                position: self.position(section),
            }
        })
    }

    pub(super) fn quotas(&self, root: &mut Section<'a>) -> Vec<Quota> {
        root.named("quota", |name, quota| {
            name_fits(quota, name, name);
            if !quota.has("target") {
                quota.error(
                    "target",
                    "`target` is missing here; add how many completes are wanted",
                );
            }
            Quota {
                id: name.to_owned(),
                title: self.words(quota, "title"),
                target: quota.count("target").unwrap_or_default(),
                when: self.expr(quota, "when"),
                position: self.position(quota),
            }
        })
    }

    pub(super) fn exits(&self, root: &mut Section<'a>) -> Vec<Exit> {
        let exits = root.named("exit", |name, exit| {
            let outcome = Outcome::named(name);
            if outcome.is_none() {
                let near = suggestion(name, &Outcome::NAMES);
                exit.error(name, format!("there is no outcome `{name}`{near}"));
            }
            let to = exit.text("to");
            if let Some(fault) = to.and_then(exit_fault) {
                exit.error("to", fault);
            }
            let text = self.words(exit, "text");
            outcome.map(|outcome| Exit {
                outcome,
                to: to.map(str::to_owned),
                text,
            })
        });
        exits.into_iter().flatten().collect()
    }

    pub(super) fn items(&self, section: &mut Section<'a>, key: &'a str) -> Vec<Item> {
        let items = section.each(key, |item| self.item(item));
        for (at, item) in items.iter().enumerate() {
            let is_twice = |other: &Item| {
                other.code == item.code || (other.name.is_some() && other.name == item.name)
            };
            if items[..at].iter().any(is_twice) {
                let name = item.name.clone().unwrap_or_else(|| item.code.to_string());
                section.error(
                    key,
                    format!("the code {name} is there twice; give each its own"),
                );
            }
        }
        items
    }

    fn item(&self, item: &mut Section<'a>) -> Item {
        if !item.has("code") {
            item.error("code", "`code` is missing here; add a whole number");
        }
        let code = item.integer("code").unwrap_or_default();
        if !(-1_000_000_000..=1_000_000_000).contains(&code) {
            item.error("code", "a code has at most nine digits");
        }
        Item {
            code,
            name: item.text("name").map(str::to_owned),
            text: self.needed_words(item, "text"),
            when: self.expr(item, "when"),
            anchor: item.boolean("anchor").unwrap_or_default(),
            exclusive: item.boolean("exclusive").unwrap_or_default(),
            other: item.boolean("other").unwrap_or_default(),
            is_unknown: item.boolean("unknown").unwrap_or_default(),
            picture: self.picture(item),
            region: region(item),
            columns: columns(item),
        }
    }
}

impl<'a> Reader<'a> {
    /// A picture by its name, and what it shows.
    pub(super) fn picture(&self, section: &mut Section<'a>) -> Option<Picture> {
        let (at, alt) = (section.place("image"), self.words(section, "alt"));
        let Some(name) = section.text("image") else {
            if section.has("alt") && !section.has("image") {
                section.error(
                    "alt",
                    "`alt` says what a picture shows, and there is no `image` here; add one, or remove `alt`",
                );
            }
            return None;
        };
        if !is_asset(name) {
            section.error(
                "image",
                format!("`{name}` cannot be the name of a picture; they are like pack-a.png, with small letters, ending in .png, .jpg or .webp"),
            );
        }
        let (line, column) = place(self.text, at);
        Some(Picture {
            name: name.to_owned(),
            alt,
            position: Position { line, column },
        })
    }
}

/// Where an item lies on a picture.
fn region(item: &mut Section<'_>) -> Option<Region> {
    if !item.has("at") {
        return None;
    }
    let found = item.numbers("at")?;
    let region = Region::of(&found);
    if region.is_none() {
        item.error(
            "at",
            "`at` is left, top, right and bottom in hundredths of the picture, like [0, 0, 50, 100]",
        );
    }
    region
}

/// Why respondents are not sent there. Whose address it is stands fast: nothing
/// a respondent brings can change the host.
pub fn exit_fault(to: &str) -> Option<&'static str> {
    let Some(rest) = to.strip_prefix("https://") else {
        return Some("respondents are sent to addresses with https:// only");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
    if host.is_empty() || !host.chars().all(is_plain) {
        return Some(
            "the name of the machine stands fast: no {…}, no @ and no spaces before the first /",
        );
    }
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || !c.is_ascii();
    to.contains(is_odd)
        .then_some("an address has no spaces and no letters with accents; write them like %20")
}

/// Further columns of an item, for filters and look-ups.
fn columns(item: &mut Section<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    item.one("columns", |columns| {
        for (name, value) in columns.rest() {
            let text = value.as_str().map(str::to_owned);
            let number = || value.as_value().and_then(crate::base::written::number);
            match text.or_else(|| number().map(|number| number.to_string())) {
                Some(text) => found.push((name.to_owned(), text)),
                None => columns.error(name, format!("`{name}` needs a text or a number")),
            }
        }
    });
    found
}
