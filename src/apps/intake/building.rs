//! What all definitions have in common while the app is put together.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::definitions::{Definition, Definitions, Sort, TITLE};
use super::draft::{Draft, Param, Part, Widget};
use super::html;
use super::ledger::{Key, Ledger};
use super::names::Names;
use super::record::Record;
use super::write::quoted;

/// A name that a link tells a form, and where that stood.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) key: Option<Key>,
}

/// A report as pages with filters of their own see it.
pub(super) struct Asking {
    pub(super) query: String,
    /// The parameters that come from the address.
    pub(super) params: Vec<String>,
}

/// A parameter's keys, and what to say of it.
type Known = (Vec<(&'static str, String)>, Option<&'static str>);

pub(super) struct Building<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) known: Definitions<'a>,
    pub(super) draft: Draft,
    /// Forms and reports, ready to be put on pages.
    pub(super) parts: HashMap<usize, Part>,
    pub(super) asking: HashMap<usize, Asking>,
    /// They stand on a page.
    pub(super) placed: HashSet<usize>,
    /// They need a page of their own, since something leads there.
    pub(super) wanted: BTreeSet<usize>,
    pub(super) given: HashMap<usize, Vec<Given>>,
    names: Names,
    datasource: Option<String>,
}

impl<'a> Building<'a> {
    pub(super) fn new(known: Definitions<'a>, ledger: &'a Ledger, draft: Draft) -> Building<'a> {
        Building {
            ledger,
            known,
            draft,
            parts: HashMap::new(),
            asking: HashMap::new(),
            placed: HashSet::new(),
            wanted: BTreeSet::new(),
            given: HashMap::new(),
            names: Names::default(),
            datasource: None,
        }
    }

    /// A name for a query like that one.
    pub(super) fn query_name(&mut self, like: &str) -> String {
        self.names.free(like)
    }

    /// The keys that every sort of definition may have.
    pub(super) fn general(&mut self, one: &Definition<'a>) {
        let record = &one.record;
        record.carry(TITLE, "title");
        record.note(
            &["client_id"],
            "whose it is, is said by the workspace it is imported into",
        );
        record.note(
            &["css_definition", "css"],
            "styles do not come along: pages look as the rest of Onsight does",
        );
        record.note(
            &["mc_users", "mc_groups"],
            "an app is shared as a whole: name its people and groups under [access] or on its sharing page",
        );
        record.note(
            &["created_at", "updated_at", "created_by", "updated_by"],
            "when and by whom it was made stays in the audit trail of the other system",
        );
        self.public(record);
        if let Some(said) = record.scalar(&["datasource_id"]) {
            let first = self.datasource.get_or_insert_with(|| said.is.clone());
            if *first == said.is {
                self.ledger.carried(said.key, "uses.main");
            } else {
                self.ledger.noted(said.key, "this is another datasource than the first one's, and the app has one: add it under [uses] and name it in this query's `use`");
            }
        }
    }

    /// `is_public`, as a truth or as an object with a status.
    fn public(&mut self, record: &Record<'a>) {
        let Some(node) = record.get(&["is_public"]) else {
            return;
        };
        let inner = matches!(node.value, super::json::Value::Table(_))
            .then(|| record.record(&["is_public"]))
            .flatten();
        let said = match &inner {
            Some(inner) => inner.flag(&["status"]),
            None => record.flag(&["is_public"]),
        };
        let Some(said) = said else { return };
        let keys = [node.key, said.key];
        for key in keys {
            if said.is {
                self.ledger.noted(key, "an app asks everybody to sign in; for people without an account make a survey of this form, or export the rows");
            } else {
                self.ledger.carried(key, "an app asks everybody to sign in");
            }
        }
    }

    /// What is said of every key of the record, and of all below.
    pub(super) fn leave(&self, record: &Record<'a>, said: &str) {
        for (at, (_, node)) in record.members().enumerate() {
            let words = if at == 0 {
                said.to_owned()
            } else {
                "left out with the rest of this object".to_owned()
            };
            self.ledger.noted(node.key, words);
            self.ledger.whole(node.key);
        }
    }

    /// Words of a definition as a widget; what of them is lost is noted.
    pub(super) fn words(&self, record: &Record<'a>, names: &[&str], id: &str) -> Option<Widget> {
        let said = record.text(names)?;
        if said.is.contains("{{") {
            let why = "a value stands in these words, and words have none here; a detail or a stat widget shows one";
            self.ledger.noted(said.key, why);
            return None;
        }
        let words = html::words(said.is);
        if !words.lost.is_empty() {
            let why = format!(
                "words come along, and this of the HTML does not: {}",
                words.lost.join(", ")
            );
            self.ledger.noted(said.key, why);
        }
        if words.text.is_empty() {
            self.ledger.noted(
                said.key,
                "nothing to read is left of it, so nothing is shown",
            );
            return None;
        }
        self.ledger
            .carried(said.key, format!("a text widget, {id}"));
        Some(Widget {
            name: id.to_owned(),
            kind: "text",
            keys: vec![("text", quoted(&words.text))],
        })
    }

    /// A value that the system knew: its parameter's keys, and what to say of it.
    pub(super) fn system(name: &str) -> Option<Known> {
        let of = |from: &str, kind: &str| vec![("from", quoted(from)), ("type", quoted(kind))];
        Some(match name {
            "current_datetime" => (of("server.now", "datetime"), None),
            "current_date" => (of("server.today", "date"), None),
            "token.userEmail" => (of("user.email", "text"), None),
            "current_user" => (
                of("user.email", "text"),
                Some(
                    "`{{current_user}}` is the e-mail address here; write user.id or user.name where the table holds those",
                ),
            ),
            "token.userId" => (
                of("user.id", "text"),
                Some(
                    "`{{token.userId}}` is the person's id of this installation, which is another one than there",
                ),
            ),
            other if other.starts_with("token.") => (
                of("user.email", "text"),
                Some(
                    "what the token said is not known here: the e-mail address stands in its place; name an attribute of the person instead",
                ),
            ),
            _ => return None,
        })
    }

    /// The page a link leads to, by the name of the definition it shows.
    pub(super) fn page_of(&mut self, at: usize) -> String {
        if self.known.all[at].sort != Sort::Page {
            self.wanted.insert(at);
        }
        self.known.all[at].name.clone()
    }
}

pub(super) fn param(name: impl Into<String>, keys: Vec<(&'static str, String)>) -> Param {
    Param {
        name: name.into(),
        keys,
    }
}
