//! What a kind of widget has to offer: its keys, the rows it needs, its picture.

use super::form::Family;
use super::scene::Sight;
use crate::apps::format::{AppOutline, KindSchema, Settings, Widget};
use crate::web::Fields;

/// A kind of widget. All the settings it reads were checked when the app was loaded.
pub trait Kind: Sync {
    fn schema(&self) -> KindSchema;

    /// An app that shows one: its first lines say what it is good for, its queries bring
    /// their rows, and it stands on the first page.
    fn example(&self) -> &'static str;

    /// Notes what its keys alone cannot say.
    fn check(&self, _: &mut Settings<'_>, _: &AppOutline<'_>) {}

    /// The rows it shows; it is drawn only when they came.
    fn need<'a>(&self, _: &'a Widget) -> Option<Need<'a>> {
        None
    }

    /// What it may have done when somebody presses something in it.
    fn sends<'a>(&self, _: &'a Widget) -> Vec<Sends<'a>> {
        Vec::new()
    }

    /// The table it is, for files and sums.
    fn listing<'a>(&self, _: &'a Widget) -> Option<Listing<'a>> {
        None
    }

    /// The widgets of the page that are not to be seen at that address.
    fn hides<'a>(&self, _: &'a Widget, _: &Fields) -> Vec<&'a str> {
        Vec::new()
    }

    /// The widgets of the page that stand inside it.
    fn holds<'a>(&self, _: &'a Widget) -> Vec<&'a str> {
        Vec::new()
    }

    /// The lists of lines that are saved with what it sends.
    fn family<'a>(&self, _: &'a Widget) -> Family<'a> {
        Family::default()
    }

    /// May its queries hang on the row above a line?
    fn has_lines(&self) -> bool {
        false
    }

    /// What it may show of other machines.
    fn reach(&self, _: &Widget) -> Reach {
        Reach::Nothing
    }

    /// The groups of widgets of which it shows one at a time, by what each is called.
    fn turns<'a>(&self, _: &'a Widget) -> Vec<(&'a str, Vec<&'a str>)> {
        Vec::new()
    }

    /// The words of an address that are its alone and stay when the view is kept.
    fn words(&self, _: &Widget) -> Vec<String> {
        Vec::new()
    }

    /// What a new one says besides the keys it must have, as lines of the file; `page` is
    /// the one it stands on.
    fn begun(&self, _page: &str) -> String {
        String::new()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()>;
}

/// Rows of a query that reads.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    pub query: &'a str,
    pub amount: Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// As many as a page may show.
    All,
    One,
    /// As many as the query's paging says, at the place the address says.
    Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Nothing,
    Pictures,
    Frames,
}

/// A query that writes, and what follows.
#[derive(Clone, Debug)]
pub struct Sends<'a> {
    pub query: &'a str,
    /// The page to go to; the same when absent.
    pub goto: Option<&'a str>,
    /// What that page is told: its name there, its name here.
    pub with: Vec<(&'a str, &'a str)>,
    pub toast: Option<&'a str>,
    /// Queries whose widgets change, whatever tables they ask.
    pub refresh: Vec<&'a str>,
}

/// A table of rows as a file and as sums.
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    pub query: &'a str,
    pub title: Option<&'a str>,
    /// The columns shown; all when there are none.
    pub columns: Vec<&'a str>,
    pub labels: Vec<(&'a str, &'a str)>,
    pub formats: Vec<(&'a str, &'a str)>,
    /// `csv`, `xlsx`
    pub files: Vec<&'a str>,
    /// Column and one of `sum`, `avg`, `min`, `max`, `count`.
    pub totals: Vec<(&'a str, &'a str)>,
}

impl<'a> Listing<'a> {
    /// Rows that are counted and not taken along.
    pub(super) fn counted(widget: &'a Widget) -> Option<Listing<'a>> {
        let mut settings = Settings::of(widget);
        Some(Listing {
            query: settings.read_query("query")?,
            title: settings.string("title"),
            columns: Vec::new(),
            labels: Vec::new(),
            formats: Vec::new(),
            files: Vec::new(),
            totals: Vec::new(),
        })
    }
}
