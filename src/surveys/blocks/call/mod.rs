//! Another machine is asked, and what it says are values.

use super::decided::unseen;
use super::kind::{Decision, Fault, Frame, Kept, Kind, Look, Role};
use super::marked::labels;
use super::sight::Sight;
use crate::expr::{Expr, Value};
use crate::surveys::calls::Plan;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::{self, Datum, Labels, Variable};
use crate::web::Fields;

pub(super) struct Call;

pub(super) static KIND: Call = Call;

static KEYS: &[Key] = &[
    Key::new(
        "url",
        Shape::Text,
        "The address that is asked, like https://crm.example.org/customers/${pid}.",
    )
    .required(),
    Key::new(
        "method",
        Shape::OneOf(&["GET", "POST"]),
        "POST sends what `send` says; GET when absent.",
    ),
    Key::new(
        "headers",
        Shape::Pairs,
        "One a line, like Authorization = Bearer secret:crm. The secret is entered under Calls.",
    ),
    Key::new(
        "send",
        Shape::Pairs,
        "What is sent as JSON, one a line, like customer/id = ${pid}: a place and an expression.",
    ),
    Key::new(
        "take",
        Shape::Pairs,
        "What is kept of the answer, one a line, like tier = /customer/tier. ${ID_tier} is its value.",
    ),
    Key::new(
        "as",
        Shape::Pairs,
        "Of which kind each is, like visits = integer 0..99: text, text 40, number, integer, boolean. Text when absent.",
    ),
    Key::new(
        "otherwise",
        Shape::Pairs,
        "What stands in where there is none, or nobody answers, like tier = none.",
    ),
    Key::new(
        "timeout",
        Shape::Count,
        "Seconds it has to answer, 1 to 10; 5 when absent.",
    ),
    Key::new(
        "on_failure",
        Shape::OneOf(&["go-on", "stop"]),
        "go-on: with what `otherwise` says, when absent. stop: they are asked to try again.",
    ),
];

impl Kind for Call {
    unseen!();

    fn name(&self) -> &'static str {
        "call"
    }

    fn title(&self) -> &'static str {
        "Call of another machine"
    }

    fn begun(&self) -> &'static str {
        "url  = \"https://api.example.org/answer\"\ntake = { answer = \"/answer\" }\n"
    }

    fn doc(&self) -> &'static str {
        "The server asks another machine, once, before the page is shown, and keeps what it says."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn role(&self) -> Role {
        Role::Decided(Decision::Called)
    }

    fn amiss(&self, block: &Block) -> Vec<(&'static str, String)> {
        Plan::of(block).err().unwrap_or_default()
    }

    fn beforehand(&self, block: &Block) -> Vec<Expr> {
        Plan::of(block).map_or_else(|_faults| Vec::new(), |plan| plan.expressions())
    }

    fn call(&self, block: &Block) -> Option<Plan> {
        Plan::of(block).ok()
    }

    /// How it went, and each value.
    fn variables(&self, block: &Block) -> Vec<Variable> {
        let question = if block.text.is_empty() {
            Labels::english(&block.id)
        } else {
            labels(&block.text)
        };
        let went = Variable::new(&block.id, &block.id, map::Kind::Text, question.clone());
        let takes = self.call(block).map(|plan| plan.takes).unwrap_or_default();
        let takes = takes.iter();
        let values = takes.map(|take| take.variable(&block.id, question.clone()));
        std::iter::once(went).chain(values).collect()
    }

    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        match kept(&block.id) {
            Datum::Text(went) => Value::of_text(went),
            Datum::Number(_) | Datum::NotAsked | Datum::NotAnswered => Value::Empty,
        }
    }
}
