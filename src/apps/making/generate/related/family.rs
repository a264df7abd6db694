//! Tables that belong together: which names rows of which, and what pages and queries
//! about them are called.

use crate::apps::making::generate::Parts;
use crate::apps::making::generate::shape::{Called, Shape};
use crate::base::text::{self, identifier};

/// Tables of one app.
pub(in crate::apps::making) const MOST: usize = 12;
/// Letters of a table's name that stand in other names, and of a name made of two.
const STEM: usize = 40;
const LONGEST: usize = 54;

/// The tables, each without the columns that name rows of the others.
#[derive(Debug)]
pub(in crate::apps::making) struct Family {
    shapes: Vec<Shape>,
    links: Vec<Vec<Link>>,
    names: Vec<Names>,
    children: Vec<Vec<Child>>,
}

/// A column that names rows of a table of the family.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) column: String,
    /// What people call what it names: `Customer` for the column `customer_id`.
    pub(super) title: String,
    /// The place of the table it names rows of.
    pub(super) to: usize,
    /// What a field and a column of answers are called.
    pub(super) field: String,
    /// What the other table is called in a statement about this one.
    pub(super) alias: String,
    pub(super) is_required: bool,
}

/// What belongs to the rows of a table: rows of another, by one of its links.
#[derive(Clone, Debug)]
pub(super) struct Child {
    /// The place of the other table, and of its link.
    pub(super) at: usize,
    pub(super) link: usize,
    /// The query of those that belong to one row, and the one that adds another.
    pub(super) query: String,
    pub(super) add: String,
    /// The page on which one more is begun.
    pub(super) page: String,
}

/// What things about a table are called in the app.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// What one row is called: `order line`.
    pub(super) one: String,
    /// The same in names of queries: `order_line`.
    pub(super) id: String,
    pub(super) list: String,
    pub(super) page: String,
    pub(super) new: String,
    pub(super) change: String,
}

/// One table of the family, with everything about it.
#[derive(Debug)]
pub(super) struct Kin<'a> {
    pub(super) parts: Parts<'a>,
    pub(super) names: &'a Names,
    pub(super) links: &'a [Link],
    pub(super) children: &'a [Child],
}

impl Family {
    pub(in crate::apps::making) fn of(shapes: Vec<Shape>) -> Family {
        let links: Vec<Vec<Link>> = { shapes.iter() }
            .map(|shape| links(shape, &shapes))
            .collect();
        let mut taken = vec!["home".to_owned()];
        let names: Vec<Names> = { shapes.iter() }
            .map(|shape| Names::of(shape, &mut taken))
            .collect();
        let children = (0..shapes.len())
            .map(|of| children(of, &names, &links, &mut taken))
            .collect();
        let own = shapes.into_iter().zip(&links).map(|(mut shape, links)| {
            let is_link = |name: &str| links.iter().any(|link| link.column == name);
            shape.columns.retain(|facts| !is_link(facts.name()));
            shape
        });
        Family {
            shapes: own.collect(),
            children,
            names,
            links,
        }
    }

    /// Everything about each table, in the order they were chosen.
    pub(super) fn kin(&self) -> Vec<Kin<'_>> {
        let all = { self.shapes.iter() }.zip(&self.names).zip(&self.links);
        let each = all.enumerate().map(|(at, ((shape, names), links))| Kin {
            parts: Parts::of(shape),
            names,
            links,
            children: &self.children[at],
        });
        each.collect()
    }

    /// The link by which a child belongs.
    pub(super) fn link(&self, child: &Child) -> &Link {
        &self.links[child.at][child.link]
    }

    pub(super) fn shape(&self, at: usize) -> &Shape {
        &self.shapes[at]
    }

    /// Columns that filters, first orders and what belongs to a row go by, each with its
    /// table: worth an index.
    pub(in crate::apps::making) fn indexed(&self) -> Vec<(String, Vec<String>)> {
        let each = self.kin().into_iter().map(|kin| {
            let links = kin.links.iter().map(|link| link.column.clone());
            let mut columns: Vec<String> = links.collect();
            columns.extend(kin.parts.indexed());
            (kin.parts.shape.table.name.clone(), columns)
        });
        each.filter(|(_, columns)| !columns.is_empty()).collect()
    }

    /// What an app of them could be called.
    pub(in crate::apps::making) fn title(&self) -> String {
        let titles: Vec<&str> = { self.shapes.iter() }
            .map(|shape| shape.table.title.as_str())
            .collect();
        match titles.as_slice() {
            [one] => (*one).to_owned(),
            [one, two] => format!("{one} and {}", two.to_lowercase()),
            [one, two, ..] => format!("{one}, {} and more", two.to_lowercase()),
            [] => String::new(),
        }
    }
}

impl Kin<'_> {
    pub(super) fn table(&self) -> &str {
        &self.parts.shape.table.name
    }

    pub(super) fn title(&self) -> &str {
        &self.parts.shape.table.title
    }

    pub(super) fn key(&self) -> &str {
        &self.parts.shape.table.key
    }

    /// What the row a new one belongs to is called as a parameter.
    pub(super) fn parent_param(&self) -> &'static str {
        let shape = self.parts.shape;
        let is_column = shape.columns.iter().any(|facts| facts.name() == "parent");
        if is_column { "parent_row" } else { "parent" }
    }

    /// What the key is called as a parameter: no column of the forms has that name.
    pub(super) fn key_param(&self) -> &'static str {
        let shape = self.parts.shape;
        let is_column = shape.columns.iter().any(|facts| facts.name() == "id");
        if is_column { "row_key" } else { "id" }
    }
}

impl Link {
    /// The column by which people know the rows it names, when they can be told apart by it.
    pub(super) fn called<'a>(&self, family: &'a Family) -> Option<&'a str> {
        let called: Option<&Called> = family.shape(self.to).called.as_ref();
        let found = called.filter(|called| called.is_unique);
        found.map(|called| called.column.as_str())
    }
}

impl Names {
    fn of(shape: &Shape, taken: &mut Vec<String>) -> Names {
        let table = &shape.table;
        let plain = text::one_of(&table.title).filter(|one| !identifier(one).is_empty());
        let one = plain.unwrap_or_else(|| format!("{} entry", table.title.to_lowercase()));
        let list = fresh(cut(&table.name, STEM), taken);
        let mut id = identifier(&one);
        if id.is_empty() {
            id = format!("{}_entry", table.name);
        }
        let page = fresh(cut(&id, STEM), taken);
        Names {
            new: fresh(&format!("{page}_new"), taken),
            change: fresh(&format!("{page}_change"), taken),
            id: page.clone(),
            one,
            list,
            page,
        }
    }
}

fn cut(name: &str, most: usize) -> &str {
    name.get(..most).unwrap_or(name).trim_end_matches('_')
}

/// The name, or the next one like it that nobody has.
fn fresh(wanted: &str, taken: &mut Vec<String>) -> String {
    let first = Some(wanted.to_owned());
    let more = (2..).map(|number| format!("{wanted}_{number}"));
    let found = { first.into_iter().chain(more) }
        .find(|name| !taken.contains(name))
        .expect("numbers do not end");
    taken.push(found.clone());
    found
}

fn children(
    of: usize,
    names: &[Names],
    links: &[Vec<Link>],
    taken: &mut Vec<String>,
) -> Vec<Child> {
    let mut children = Vec::new();
    for (at, links) in links.iter().enumerate() {
        for (link, _) in links.iter().enumerate().filter(|(_, link)| link.to == of) {
            let (parent, child) = (&names[of], &names[at]);
            let mut name = |name: String| fresh(cut(&name, LONGEST), taken);
            children.push(Child {
                query: name(format!("{}_of_{}", child.list, parent.id)),
                add: name(format!("add_{}_to_{}", child.id, parent.id)),
                page: name(format!("{}_{}_new", parent.id, child.id)),
                at,
                link,
            });
        }
    }
    children
}

fn links(shape: &Shape, all: &[Shape]) -> Vec<Link> {
    let table = &shape.table;
    let mut links: Vec<Link> = Vec::new();
    for reference in &table.references {
        let to = all.iter().position(|one| one.table.name == reference.to);
        let facts = { shape.columns.iter() }.find(|facts| facts.name() == reference.column);
        let (Some(to), Some(facts)) = (to, facts) else {
            continue;
        };
        let stem = stem(&reference.column).to_owned();
        let is_free = |name: &str| {
            let is_other = { table.columns.iter() }
                .any(|column| column.name == name && column.name != reference.column);
            !is_other && links.iter().all(|link| link.field != name)
        };
        let field = if is_free(&stem) {
            stem.clone()
        } else {
            format!("{}_called", reference.column)
        };
        let is_only = { table.references.iter() }
            .filter(|one| one.to == reference.to)
            .count()
            == 1;
        let is_own = reference.to == table.name;
        links.push(Link {
            title: text::title(&stem),
            alias: if is_only && !is_own {
                reference.to.clone()
            } else {
                format!("the_{stem}")
            },
            is_required: shape.rows > 0 && facts.filled == shape.rows,
            column: reference.column.clone(),
            field,
            to,
        });
    }
    links
}

/// `customer` of `customer_id`.
fn stem(column: &str) -> &str {
    ["_id", "_key", "_no", "_nr", "_number", "_ref"]
        .iter()
        .find_map(|end| column.strip_suffix(end))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(column)
}
