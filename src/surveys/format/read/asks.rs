//! The blocks of a page.

use super::super::{Block, Item, Key, Level, Required, Setting, Settings, Shape};
use super::Reader;
use crate::base::written::{Section, suggestion};
use crate::surveys::blocks::{ALL, Has, Kind, Role, named};

/// Kinds that are promised and not here yet: a definition with them says so.
const TO_COME: [&str; 4] = ["shelf", "find", "shelf-conjoint", "maxdiff"];

impl<'a> Reader<'a> {
    pub(super) fn ask(&self, ask: &mut Section<'a>) -> Option<Block> {
        let id = Reader::id(ask);
        let name = ask.needed_text("type");
        let Some(kind) = named(name) else {
            if !name.is_empty() {
                ask.error("type", unknown(name));
            }
            // What its keys would be, nobody knows.
            ask.rest();
            return None;
        };
        unresolved(ask, &id);
        let (text, help) = (self.words(ask, "text"), self.words(ask, "help"));
        if text.is_empty() && !matches!(kind.role(), Role::Decided(_)) {
            ask.error(
                "text",
                format!("`{id}` has no `text`; people would not know what is asked"),
            );
        }
        let mut block = Block {
            id,
            kind,
            text,
            help,
            when: self.expr(ask, "when"),
            section: ask.text("section").map(str::to_owned),
            required: self.required(ask),
            required_text: self.words(ask, "required_text"),
            check: None,
            default: self.expr(ask, "default"),
            calculate: self.expr(ask, "calculate"),
            read_only: ask.boolean("read_only").unwrap_or_default(),
            filter: self.expr(ask, "filter"),
            order: Reader::order(ask),
            items: self.choices(ask, ["items", "list"], kind.items()),
            rows: self.choices(ask, ["rows", "rows_list"], kind.rows()),
            is_personal: ask.boolean("personal").unwrap_or_default(),
            settings: Settings::default(),
            position: self.position(ask),
        };
        let check_text = self.words(ask, "check_text");
        block.check = self.expr(ask, "check").map(|check| (check, check_text));
        block.settings = self.settings(ask, kind);
        for fault in kind.check(&block) {
            ask.error("type", fault);
        }
        for (key, fault) in kind.amiss(&block) {
            ask.error(key, fault);
        }
        Some(block)
    }

    /// `true`, `false`, or when.
    fn required(&self, ask: &mut Section<'a>) -> Required {
        let item = ask.item("required");
        match item {
            Some(item) if item.is_bool() => match item.as_bool() {
                Some(true) => Required::Yes,
                _ => Required::No,
            },
            Some(_) => self
                .expr(ask, "required")
                .map_or(Required::No, Required::When),
            None => Required::No,
        }
    }

    /// Items that stand here, or those of a list.
    fn choices(&self, ask: &mut Section<'a>, keys: [&'a str; 2], has: Has) -> Vec<Item> {
        let [own, list] = keys;
        if has == Has::None {
            // Asked for by nobody: an unknown key.
            return Vec::new();
        }
        let mut items = self.items(ask, own);
        if let Some(name) = ask.text(list) {
            let known: Vec<&str> = self.lists.iter().map(|list| list.id.as_str()).collect();
            match self.lists.iter().find(|list| list.id == name) {
                _ if ask.has(own) => {
                    ask.error(
                        list,
                        format!("`{own}` stands here already; remove one of them"),
                    );
                }
                Some(found) => items.clone_from(&found.items),
                None => {
                    let near = suggestion(name, &known);
                    ask.error(list, format!("there is no list `{name}`{near}"));
                }
            }
        } else if has == Has::Always && items.is_empty() {
            ask.error(
                own,
                format!("`{own}` is missing or empty here; write them, or name a `{list}`"),
            );
        }
        items
    }

    fn settings(&self, ask: &mut Section<'a>, kind: &'static dyn Kind) -> Settings {
        let mut settings = Settings::default();
        for key in kind.keys() {
            if key.required && !ask.has(key.name) {
                let name = key.name;
                ask.error(
                    name,
                    format!("`{name}` is missing here; a {} needs it", kind.name()),
                );
            }
            if let Some(setting) = self.setting(ask, *key) {
                settings.put(key.name, setting);
            }
        }
        settings
    }

    fn setting(&self, ask: &mut Section<'a>, key: Key) -> Option<Setting> {
        let name = key.name;
        match key.shape {
            Shape::Text => ask.text(name).map(|text| Setting::Text(text.to_owned())),
            Shape::Texts => ask.has(name).then(|| {
                let texts = ask.texts(name).into_iter();
                Setting::Texts(texts.map(str::to_owned).collect())
            }),
            Shape::Words => {
                let words = self.words(ask, name);
                (!words.is_empty()).then_some(Setting::Words(words))
            }
            Shape::Number => ask.number(name).map(Setting::Number),
            Shape::Count => ask
                .count(name)
                .map(|count| Setting::Number(f64::from(count))),
            Shape::Picture => self.picture(ask).map(Setting::Picture),
            Shape::Pairs => pairs(ask, name).map(Setting::Pairs),
            Shape::Boolean => ask.boolean(name).map(Setting::Boolean),
            Shape::OneOf(known) => {
                let found = ask.one_of(name, known);
                found.map(|text| Setting::Text(text.to_owned()))
            }
            Shape::Range => match ask.numbers(name)?[..] {
                [low, high] if low <= high => Some(Setting::Range(low, high)),
                _ => {
                    ask.error(
                        name,
                        format!("`{name}` is two numbers, the lower first, like [0, 10]"),
                    );
                    None
                }
            },
        }
    }
}

/// What an import could not say stays with its question until somebody has looked.
pub(super) fn unresolved(section: &mut Section<'_>, id: &str) {
    if let Some(why) = section.text("unresolved") {
        let message = format!("`{id}` is not ready: {why}; mend it, then remove `unresolved`");
        section.say("unresolved", Level::Refused, message);
    }
}

/// Texts by name, in the order of the file.
fn pairs(ask: &mut Section<'_>, name: &'static str) -> Option<Vec<(String, String)>> {
    ask.one(name, |table| {
        let mut pairs = Vec::new();
        for (key, value) in table.rest() {
            match value.as_str() {
                Some(text) => pairs.push((key.to_owned(), text.to_owned())),
                None => table.error(key, format!("`{key}` needs text in quotes here")),
            }
        }
        pairs
    })
}

fn unknown(name: &str) -> String {
    if TO_COME.contains(&name) {
        return format!("blocks of type `{name}` are not in this version; remove it");
    }
    let known: Vec<&str> = ALL.iter().map(|kind| kind.name()).collect();
    format!(
        "there is no block type `{name}`{}",
        suggestion(name, &known)
    )
}
