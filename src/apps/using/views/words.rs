//! Which words of an address say how a page is looked at, and what of a view fits the page
//! as it is now.

use crate::apps::format::{App, Context, Order, Page, Param, Source};
use crate::apps::render::is_prefixed;
use crate::apps::widgets::{Amount, named};
use crate::base::text::title;
use crate::web::Fields;

/// The words that a page understands. Places among rows, forms and boxes that are open
/// are none of these: a place holds values of a row, and nobody keeps an open form.
pub(in crate::apps::using) struct Words<'a> {
    /// The parameters that its queries take from its address.
    params: Vec<&'a Param>,
    orders: Vec<Sorted<'a>>,
    /// Words that concern one widget only.
    own: Vec<String>,
}

/// A table whose rows can be put in another order.
struct Sorted<'a> {
    /// What an address calls the order.
    word: String,
    /// What a view calls it, however many tables share the page then.
    kept: String,
    columns: &'a [String],
}

/// What of a view can be shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::apps::using) struct Told {
    /// Ready to stand in an address.
    pub(in crate::apps::using) query: String,
    /// What the page does not have any more, in words.
    pub(in crate::apps::using) gone: Vec<String>,
}

impl<'a> Words<'a> {
    pub(in crate::apps::using) fn of(app: &'a App, page: &'a Page) -> Words<'a> {
        let queries = app.queries_of(page).into_iter();
        let params = queries.flat_map(|query| &query.params);
        let params = params.filter(|one| matches!(one.source, Source::Url(_) | Source::Page(_)));
        let has_prefix = is_prefixed(app, page);
        let (mut orders, mut own) = (Vec::new(), Vec::new());
        for widget in &page.widgets {
            let Some(kind) = named(&widget.kind) else {
                continue;
            };
            own.extend(kind.words(widget));
            let need = kind.need(widget).filter(|need| need.amount == Amount::Page);
            let query = need.and_then(|need| app.query(need.query));
            if let Some(paging) = query.and_then(|query| query.paging.as_ref()) {
                let kept = [&widget.id, ".sort"].concat();
                orders.push(Sorted {
                    word: if has_prefix {
                        kept.clone()
                    } else {
                        "sort".to_owned()
                    },
                    kept,
                    columns: &paging.sort,
                });
            }
        }
        Words {
            params: params.collect(),
            orders,
            own,
        }
    }

    /// Nothing of an address says how the page is looked at.
    pub(in crate::apps::using) fn is_empty(&self) -> bool {
        self.params.is_empty() && self.orders.is_empty() && self.own.is_empty()
    }

    /// What a view keeps, as names and values for people.
    pub(in crate::apps::using) fn said(kept: &str) -> Vec<(String, String)> {
        let fields = Fields::parse(kept);
        let said = fields
            .iter()
            .map(|(name, value)| match name.rsplit_once('.') {
                Some((_, "sort")) => {
                    let order = Order::parse(value);
                    let way = if order.descending {
                        "downwards"
                    } else {
                        "upwards"
                    };
                    (
                        "Order".to_owned(),
                        format!("{}, {way}", title(&order.column)),
                    )
                }
                Some((_, "columns")) => ("Columns".to_owned(), value.to_owned()),
                _ => (title(name), value.to_owned()),
            });
        said.collect()
    }

    /// What a view keeps of an address, as `a=1&b=2`.
    pub(in crate::apps::using) fn keep(&self, fields: &Fields) -> String {
        let kept = fields.iter().filter_map(|(name, value)| {
            let order = self.orders.iter().find(|order| order.word == name);
            let name = match order {
                Some(order) => order.kept.as_str(),
                None if self.is_own(name) || self.is_param(name) => name,
                None => return None,
            };
            (!value.is_empty()).then_some((name, value))
        });
        Fields::of(kept).query()
    }

    /// What of a view the page still understands, and what it does not.
    pub(in crate::apps::using) fn tell(&self, kept: &str, context: &Context<'_>) -> Told {
        let fields = Fields::parse(kept);
        let (mut words, mut gone) = (Vec::new(), Vec::new());
        for (name, value) in fields.iter() {
            match self.one((name, value), &fields, context) {
                Ok(name) => words.push((name, value)),
                Err(lost) if gone.contains(&lost) => {}
                Err(lost) => gone.push(lost),
            }
        }
        Told {
            query: Fields::of(words).query(),
            gone,
        }
    }

    /// What an address calls that word; or what is gone.
    fn one<'b>(
        &'b self,
        (name, value): (&'b str, &str),
        fields: &Fields,
        context: &Context<'_>,
    ) -> Result<&'b str, String> {
        if let Some(order) = self.orders.iter().find(|order| order.kept == name) {
            let column = Order::parse(value).column;
            return if order.columns.contains(&column) {
                Ok(&order.word)
            } else {
                Err(format!("the order by “{}”", title(&column)))
            };
        }
        if self.is_own(name) {
            return Ok(name);
        }
        let sent: Vec<&str> = fields.all(name).collect();
        let mut params = self.params(name).peekable();
        if params.peek().is_none() {
            return Err(match name.rsplit_once('.') {
                Some((_, "sort")) => "the order of a table".to_owned(),
                Some((_, "columns")) => "the columns of a table".to_owned(),
                _ => format!("“{}”", title(name)),
            });
        }
        if params.all(|param| param.bind_all(&sent, context).is_ok()) {
            Ok(name)
        } else {
            Err(format!("the value of “{}”", title(name)))
        }
    }

    fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|word| word == name)
    }

    fn is_param(&self, name: &str) -> bool {
        self.params(name).next().is_some()
    }

    fn params<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a Param> + 'b {
        let all = self.params.iter().copied();
        all.filter(move |param| param.source.key() == name)
    }
}
