//! The language of conditions: the operators of XLSForm, read once, worked out here
//! and in the page from the same tree.
//!
//! It is total. Nothing fails while it is worked out: what makes no sense is empty,
//! and an expression that would take too long is empty as well.

mod dates;
mod eval;
mod functions;
mod json;
mod number;
mod operands;
mod parse;
mod pattern;
mod scope;
mod seeded;
mod tree;
mod value;
mod why;

pub use parse::Fault;
pub use scope::Scope;
pub use value::Value;
pub use why::{Part, Why};

use tree::Node;

/// An expression that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    text: String,
    root: Node,
}

impl Expr {
    /// # Errors
    ///
    /// The place and the reason, for whoever wrote it.
    pub fn parse(text: &str) -> Result<Expr, Fault> {
        let root = parse::parse(text)?;
        Ok(Expr {
            text: text.to_owned(),
            root,
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What `${…}` and paths name, each once, in the order of the text. Loops that
    /// are counted or picked from are among them.
    pub fn names(&self) -> Vec<&str> {
        self.root.names()
    }

    /// The columns of a choice that a filter looks at: words without `${…}`.
    /// Anywhere but in a choice filter they name nothing.
    pub fn columns(&self) -> Vec<&str> {
        self.root.columns()
    }

    /// The lists that `instance()` and `pulldata()` look into.
    pub fn lists(&self) -> Vec<&str> {
        self.root.lists()
    }

    /// Does it ask for the answer it stands at (`.`)?
    pub fn asks_itself(&self) -> bool {
        self.root.asks_itself()
    }

    /// The tree for the page: `assets/js/expr.js` works it out.
    pub fn json(&self) -> serde_json::Value {
        json::of(&self.root)
    }

    /// What it comes to. Never fails, and ends.
    pub fn eval(&self, scope: &dyn Scope) -> Value {
        eval::eval(&self.root, scope)
    }

    /// Why it holds or does not: the parts of it that decide.
    pub fn why(&self, scope: &dyn Scope) -> Why {
        why::why(self, scope)
    }

    /// What stands between `and`, `or` and `not()` in it.
    pub fn parts(&self) -> Vec<Expr> {
        why::parts(self)
    }

    /// The numbers and texts it compares with, and texts that fit its patterns: what is
    /// worth trying where it is to hold. `die` gives one of so many.
    pub fn hints(&self, die: &mut dyn FnMut(usize) -> usize) -> Vec<Value> {
        self.root.hints(die)
    }
}
