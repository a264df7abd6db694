//! Takes the app out of the tables: leniently, because what does not fit was noted before.

use toml_edit::TableLike;

use crate::data::dialect_of;
use crate::data::sql_text::Dialect;

use super::file::File;
use super::settings::Settings;
use super::statement::Texts;
use super::{
    Access, App, Live, Order, Page, Paging, Param, ParamType, Policy, Query, QueryKind, Source,
    Test, Use,
};

type Table<'a> = &'a dyn TableLike;

pub(super) fn app(file: &File<'_>) -> App {
    let mut root = section(file.toml.as_table());
    let uses = each(file, &["uses"], uses);
    let dialect = |name: &str| {
        let found = uses.iter().find(|known: &&Use| known.name == name);
        // Our own, and a kind that this version does not know.
        let there = found.and_then(|found| dialect_of(&found.kind));
        there.unwrap_or(Dialect::Sqlite)
    };
    App {
        id: text(&mut root, "id"),
        title: text(&mut root, "title"),
        description: root.string("description").map(str::to_owned),
        access: root.table("access", access).unwrap_or_default(),
        policies: each(file, &["policy"], policy),
        queries: file
            .tables(&["query"])
            .into_iter()
            .map(|(name, table)| {
                let query = query(file, name, table);
                let dialect = dialect(&query.uses);
                Query { dialect, ..query }
            })
            .collect(),
        pages: file
            .tables(&["page"])
            .into_iter()
            .map(|(id, table)| page(file, id, table))
            .collect(),
        uses,
        tests: file
            .tables(&["test"])
            .into_iter()
            .map(|(name, table)| test(file, name, table))
            .collect(),
        problems: Vec::new(),
    }
}

fn section(table: Table<'_>) -> Settings<'_> {
    Settings::new(table, 0, None)
}

fn text(settings: &mut Settings<'_>, key: &str) -> String {
    settings.string(key).unwrap_or_default().to_owned()
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

fn pairs(texts: Vec<(&str, &str)>) -> Vec<(String, String)> {
    let pair = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    texts.into_iter().map(pair).collect()
}

fn each<T>(file: &File<'_>, path: &[&str], read: fn(&str, Table<'_>) -> T) -> Vec<T> {
    let tables = file.tables(path).into_iter();
    tables.map(|(name, table)| read(name, table)).collect()
}

fn uses(name: &str, table: Table<'_>) -> Use {
    let mut settings = section(table);
    let needs = settings.strings("needs");
    let needs: Vec<QueryKind> = needs.into_iter().filter_map(query_kind).collect();
    Use {
        name: name.to_owned(),
        kind: text(&mut settings, "kind"),
        needs: if settings.has("needs") {
            needs
        } else {
            vec![QueryKind::Read]
        },
    }
}

fn query_kind(name: &str) -> Option<QueryKind> {
    match name {
        "read" => Some(QueryKind::Read),
        "write" => Some(QueryKind::Write),
        _ => None,
    }
}

fn access(settings: &mut Settings<'_>) -> Access {
    Access {
        open: owned(settings.strings("open")),
        edit: owned(settings.strings("edit")),
        publish: owned(settings.strings("publish")),
    }
}

fn policy(name: &str, table: Table<'_>) -> Policy {
    let mut settings = section(table);
    Policy {
        name: name.to_owned(),
        on: text(&mut settings, "on"),
        rows: settings.string("rows").map(str::to_owned),
        mask: pairs(settings.texts("mask")),
    }
}

fn query(file: &File<'_>, name: &str, table: Table<'_>) -> Query {
    let mut settings = section(table);
    Query {
        name: name.to_owned(),
        uses: text(&mut settings, "use"),
        dialect: Dialect::default(),
        kind: settings
            .string("kind")
            .and_then(query_kind)
            .unwrap_or(QueryKind::Read),
        sql: text(&mut settings, "sql"),
        params: each(file, &["query", name, "param"], param),
        paging: settings.table("paging", paging),
        audit: settings.string("audit").map(str::to_owned),
        expect: settings
            .integer("expect")
            .and_then(|rows| u64::try_from(rows).ok()),
        position: file.position(&["query", name]),
        texts: Texts::default(),
    }
}

fn paging(settings: &mut Settings<'_>) -> Paging {
    let size = settings.integer("size").unwrap_or(50);
    Paging {
        size: u32::try_from(size).unwrap_or_default(),
        sort: owned(settings.strings("sort")),
        default: settings.string("default").map(Order::parse),
        key: settings.string("key").map(str::to_owned),
    }
}

fn param(name: &str, table: Table<'_>) -> Param {
    let mut settings = section(table);
    let written = settings.string("type").unwrap_or("text");
    let element = written
        .strip_prefix("list<")
        .and_then(|rest| rest.strip_suffix('>'));
    Param {
        name: name.to_owned(),
        source: settings
            .string("from")
            .and_then(source)
            .unwrap_or_else(|| Source::Url(name.to_owned())),
        kind: ParamType::named(element.unwrap_or(written)).unwrap_or(ParamType::Text),
        list: element.is_some(),
        null: settings.boolean("null").unwrap_or_default(),
        default: settings.scalar("default"),
        min: settings.number("min"),
        max: settings.number("max"),
        scale: settings
            .integer("scale")
            .and_then(|digits| u32::try_from(digits).ok()),
        values: owned(settings.strings("values")),
        same_as: settings.string("same_as").map(str::to_owned),
    }
}

/// `url.status` and the like; whether the key exists there is asked elsewhere.
pub(super) fn source(text: &str) -> Option<Source> {
    let (place, key) = text.split_once('.')?;
    let key = key.to_owned();
    Some(match place {
        "url" => Source::Url(key),
        "form" => Source::Form(key),
        "row" => Source::Row(key),
        "page" => Source::Page(key),
        "parent" => Source::Parent(key),
        "user" => Source::User(key),
        "server" => Source::Server(key),
        "app" => Source::App(key),
        _ => return None,
    })
}

fn page(file: &File<'_>, id: &str, table: Table<'_>) -> Page {
    let mut settings = section(table);
    Page {
        id: id.to_owned(),
        title: text(&mut settings, "title"),
        path: text(&mut settings, "path"),
        order: settings.integer("order"),
        menu: settings.boolean("menu").unwrap_or(true),
        live: { settings.scalar("live") }
            .and_then(|said| Live::parse(&said))
            .unwrap_or_default(),
        widgets: Vec::new(),
        position: file.position(&["page", id]),
    }
}

fn test(file: &File<'_>, name: &str, table: Table<'_>) -> Test {
    let mut settings = section(table);
    let with = table.get("with").and_then(toml_edit::Item::as_table_like);
    let with = with.into_iter().flat_map(TableLike::iter);
    Test {
        name: name.to_owned(),
        person: pairs(settings.texts("as")),
        run: text(&mut settings, "run"),
        with: with
            .flat_map(|(name, item)| sent(item).map(|text| (name.to_owned(), text)))
            .collect(),
        expect: text(&mut settings, "expect"),
        position: file.position(&["test", name]),
    }
}

/// The values of a key, as an address would have them: a list has many.
fn sent(item: &toml_edit::Item) -> impl Iterator<Item = String> {
    let list = item.as_array().into_iter().flatten();
    let list = list.filter_map(super::fits::scalar_of);
    super::fits::scalar(item).into_iter().chain(list)
}
