//! Writes a draft as the text of a definition.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item as Toml, Table, Value};

use super::draft::{Block, Draft, Item, List, Need, Page, Section, Setting, Texts};

pub(super) fn text(draft: &Draft) -> String {
    let mut root = DocumentMut::new();
    root.insert("format", Toml::Value(Value::from(1)));
    root.insert("id", text_of(&draft.id));
    put_words(&mut root, "title", &draft.title, draft);
    if draft.langs.len() > 1 || draft.langs.first().is_some_and(|lang| lang != "en") {
        let langs: Array = draft.langs.iter().map(String::as_str).collect();
        root.insert("langs", Toml::Value(Value::Array(langs)));
    }
    if !draft.lists.is_empty() {
        root.insert(
            "list",
            named(&draft.lists, |list| (&list.id, self::list(list, draft))),
        );
    }
    if !draft.sections.is_empty() {
        let sections = named(&draft.sections, |section| {
            (&section.id, self::section(section, draft))
        });
        root.insert("section", sections);
    }
    let mut pages = ArrayOfTables::new();
    for page in &draft.pages {
        pages.push(self::page(page, draft));
    }
    root.insert("page", Toml::ArrayOfTables(pages));
    root.to_string()
}

fn named<'a, T>(all: &'a [T], mut of: impl FnMut(&'a T) -> (&'a String, Table)) -> Toml {
    let mut tables = Table::new();
    tables.set_implicit(true);
    for one in all {
        let (id, table) = of(one);
        tables.insert(id, Toml::Table(table));
    }
    Toml::Table(tables)
}

fn text_of(text: &str) -> Toml {
    Toml::Value(Value::from(text))
}

fn put(table: &mut Table, key: &str, text: Option<&String>) {
    if let Some(text) = text {
        table.insert(key, text_of(text));
    }
}

fn put_words(table: &mut Table, key: &str, texts: &Texts, draft: &Draft) {
    if let Some(value) = words(texts, draft) {
        table.insert(key, Toml::Value(value));
    }
}

/// One text of the first language stands alone; else a table of them.
fn words(texts: &Texts, draft: &Draft) -> Option<Value> {
    let first = draft.langs.first().map_or("en", String::as_str);
    // Words of our own are in no language the survey has.
    let is_first = |lang: &String| lang == first || !draft.langs.contains(lang);
    match texts.as_slice() {
        [] => None,
        [(lang, text)] if is_first(lang) => Some(Value::from(text)),
        all => {
            let mut table = InlineTable::new();
            for (lang, text) in all {
                let lang = if is_first(lang) { first } else { lang };
                if !table.contains_key(lang) {
                    table.insert(lang, Value::from(text));
                }
            }
            Some(Value::InlineTable(table))
        }
    }
}

fn list(list: &List, draft: &Draft) -> Table {
    let mut table = Table::new();
    table.insert("items", items(&list.items, draft));
    table
}

/// An item a line.
fn items(items: &[Item], draft: &Draft) -> Toml {
    let mut array = Array::new();
    for one in items {
        let mut value = Value::InlineTable(item(one, draft));
        value.decor_mut().set_prefix("\n  ");
        array.push_formatted(value);
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    Toml::Value(Value::Array(array))
}

fn item(item: &Item, draft: &Draft) -> InlineTable {
    let mut table = InlineTable::new();
    table.insert("code", Value::from(item.code));
    if let Some(name) = &item.name {
        table.insert("name", Value::from(name));
    }
    if let Some(text) = words(&item.text, draft) {
        table.insert("text", text);
    }
    if let Some(when) = &item.when {
        table.insert("when", Value::from(when));
    }
    for (key, is) in [("exclusive", item.exclusive), ("other", item.other)] {
        if is {
            table.insert(key, Value::from(true));
        }
    }
    if let Some(image) = &item.image {
        table.insert("image", Value::from(image));
        if let Some(alt) = words(&item.text, draft) {
            table.insert("alt", alt);
        }
    }
    if !item.columns.is_empty() {
        let mut columns = InlineTable::new();
        for (name, value) in &item.columns {
            columns.insert(name, Value::from(value));
        }
        table.insert("columns", Value::InlineTable(columns));
    }
    table
}

fn section(section: &Section, draft: &Draft) -> Table {
    let mut table = Table::new();
    put_words(&mut table, "title", &section.title, draft);
    put(&mut table, "when", section.when.as_ref());
    put(&mut table, "within", section.within.as_ref());
    table
}

fn page(page: &Page, draft: &Draft) -> Table {
    let mut table = Table::new();
    table.insert("id", text_of(&page.id));
    put_words(&mut table, "title", &page.title, draft);
    put(&mut table, "when", page.when.as_ref());
    put(&mut table, "section", page.section.as_ref());
    if let Some(times) = &page.times {
        let mut repeat = InlineTable::new();
        repeat.insert("times", Value::from(times));
        table.insert("loop", Toml::Value(Value::InlineTable(repeat)));
    }
    if page.is_random {
        table.insert("order", text_of("random"));
    }
    put_unresolved(&mut table, &page.unresolved);
    if !page.blocks.is_empty() {
        let mut blocks = ArrayOfTables::new();
        for block in &page.blocks {
            blocks.push(self::block(block, draft));
        }
        table.insert("ask", Toml::ArrayOfTables(blocks));
    }
    table
}

fn block(block: &Block, draft: &Draft) -> Table {
    let mut table = Table::new();
    table.insert("id", text_of(&block.id));
    table.insert("type", text_of(block.kind));
    put_words(&mut table, "text", &block.text, draft);
    put_words(&mut table, "help", &block.help, draft);
    put(&mut table, "when", block.when.as_ref());
    match &block.required {
        Need::No => {}
        Need::Yes => {
            table.insert("required", Toml::Value(Value::from(true)));
        }
        Need::When(when) => {
            table.insert("required", text_of(when));
        }
    }
    put_words(&mut table, "required_text", &block.required_text, draft);
    put(&mut table, "check", block.check.as_ref());
    if block.check.is_some() {
        put_words(&mut table, "check_text", &block.check_text, draft);
    }
    put(&mut table, "default", block.default.as_ref());
    put(&mut table, "calculate", block.calculate.as_ref());
    put(&mut table, "filter", block.filter.as_ref());
    for (key, is) in [
        ("read_only", block.read_only),
        ("personal", block.is_personal),
    ] {
        if is {
            table.insert(key, Toml::Value(Value::from(true)));
        }
    }
    if block.is_random {
        table.insert("order", text_of("random"));
    }
    put(&mut table, "list", block.list.as_ref());
    for (key, all) in [("items", &block.items), ("rows", &block.rows)] {
        if !all.is_empty() {
            table.insert(key, items(all, draft));
        }
    }
    for (key, setting) in &block.settings {
        table.insert(key, Toml::Value(self::setting(setting)));
    }
    put_unresolved(&mut table, &block.unresolved);
    table
}

fn put_unresolved(table: &mut Table, why: &[String]) {
    if !why.is_empty() {
        table.insert("unresolved", text_of(&why.join("; ")));
    }
}

fn setting(setting: &Setting) -> Value {
    match setting {
        Setting::Text(text) => Value::from(*text),
        Setting::Count(count) => Value::from(*count),
        Setting::Number(number) => figure(*number),
        Setting::Range(low, high) => [figure(*low), figure(*high)].into_iter().collect(),
        Setting::Yes => Value::from(true),
    }
}

/// Whole numbers without a point.
fn figure(number: f64) -> Value {
    let short = number.to_string();
    short
        .parse::<i64>()
        .map_or_else(|_| Value::from(number), Value::from)
}
