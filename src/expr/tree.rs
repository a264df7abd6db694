//! The tree an expression is read into.

use super::functions::Function;
use super::pattern::Pattern;
use super::value::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Number(f64),
    Text(String),
    /// `${name}`, or a path that ends in that name.
    Name(String),
    /// `.`
    Itself,
    /// A bare word: a column of the choice or row that is filtered.
    Column(String),
    /// `position(..)`: the turn of the loop it stands in.
    Turn,
    /// `position()` in a filter: the place among what is filtered.
    Place,
    Negative(Box<Node>),
    /// Operators of one rank, from left to right. A long sum is one node, so that
    /// depth grows with brackets only.
    Chain(Box<Node>, Vec<(Op, Node)>),
    Call(&'static Function, Vec<Node>),
    /// `jr:choice-name(code, '${name}')`
    Label {
        code: Box<Node>,
        name: String,
    },
    /// `regex(text, 'pattern')`
    Matches(Box<Node>, Pattern),
    /// `random()` and `uuid()`, with the place in the text.
    Random(usize),
    Uuid(usize),
    /// `pulldata(list, wanted, column, key)`
    LookUp(Box<[Node; 4]>),
    /// `instance('list')/root/item[filter]/column`
    Rows {
        list: String,
        filters: Vec<Node>,
        column: String,
    },
    /// `${loop}[filter]/name`: the answers in those turns.
    Turns {
        of: String,
        filters: Vec<Node>,
        name: String,
    },
    /// `${name}[filter]`: those of its answers.
    Those {
        name: String,
        filters: Vec<Node>,
    },
    /// `indexed-repeat(${name}, ${loop}, turn)`
    InTurn {
        name: String,
        turn: Box<Node>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
    Div,
    Mod,
}

impl Op {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Op::Or => "or",
            Op::And => "and",
            Op::Equal => "=",
            Op::Unequal => "!=",
            Op::Less => "<",
            Op::AtMost => "<=",
            Op::More => ">",
            Op::AtLeast => ">=",
            Op::Plus => "+",
            Op::Minus => "-",
            Op::Times => "*",
            Op::Div => "div",
            Op::Mod => "mod",
        }
    }

    /// The higher, the tighter it binds.
    pub(super) fn rank(self) -> i64 {
        match self {
            Op::Or => 1,
            Op::And => 2,
            Op::Equal | Op::Unequal => 3,
            Op::Less | Op::AtMost | Op::More | Op::AtLeast => 4,
            Op::Plus | Op::Minus => 5,
            Op::Times | Op::Div | Op::Mod => 6,
        }
    }
}

impl Node {
    /// `left op right`, on the chain of `left` if that has the same rank.
    pub(super) fn chain(left: Node, op: Op, right: Node) -> Node {
        match left {
            Node::Chain(first, mut rest) if rest[0].0.rank() == op.rank() => {
                rest.push((op, right));
                Node::Chain(first, rest)
            }
            left => Node::Chain(Box::new(left), vec![(op, right)]),
        }
    }

    fn children(&self) -> Vec<&Node> {
        match self {
            Node::Negative(one) | Node::Matches(one, _) => vec![one],
            Node::Label { code, .. } => vec![code],
            Node::InTurn { turn, .. } => vec![turn],
            Node::Chain(first, rest) => {
                let mut all = vec![&**first];
                all.extend(rest.iter().map(|(_, node)| node));
                all
            }
            Node::Call(_, all) => all.iter().collect(),
            Node::LookUp(all) => all.iter().collect(),
            Node::Rows { filters, .. }
            | Node::Turns { filters, .. }
            | Node::Those { filters, .. } => filters.iter().collect(),
            Node::Number(_)
            | Node::Text(_)
            | Node::Name(_)
            | Node::Itself
            | Node::Column(_)
            | Node::Turn
            | Node::Place
            | Node::Random(_)
            | Node::Uuid(_) => Vec::new(),
        }
    }

    /// Each node and what it says, with `see`. A node that brings its own rows is
    /// told apart: words in its filters are columns of those rows.
    fn walk<'a>(&'a self, in_rows: bool, see: &mut dyn FnMut(&'a Node, bool)) {
        see(self, in_rows);
        let brings = matches!(
            self,
            Node::Rows { .. } | Node::Turns { .. } | Node::Those { .. }
        );
        for child in self.children() {
            child.walk(in_rows || brings, see);
        }
    }

    fn gather<'a>(&'a self, mut of: impl FnMut(&'a Node, bool) -> Vec<&'a str>) -> Vec<&'a str> {
        let mut all: Vec<&str> = Vec::new();
        self.walk(false, &mut |node, in_rows| {
            for name in of(node, in_rows) {
                if !all.contains(&name) {
                    all.push(name);
                }
            }
        });
        all
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.gather(|node, _| match node {
            Node::Name(name)
            | Node::Label { name, .. }
            | Node::InTurn { name, .. }
            | Node::Those { name, .. } => vec![name.as_str()],
            Node::Turns { of, name, .. } => vec![of.as_str(), name.as_str()],
            _ => Vec::new(),
        })
    }

    pub(super) fn columns(&self) -> Vec<&str> {
        self.gather(|node, in_rows| match node {
            Node::Column(name) if !in_rows => vec![name.as_str()],
            _ => Vec::new(),
        })
    }

    pub(super) fn lists(&self) -> Vec<&str> {
        self.gather(|node, _| match node {
            Node::Rows { list, .. } => vec![list.as_str()],
            Node::LookUp(all) => match &all[0] {
                Node::Text(list) => vec![list.as_str()],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        })
    }

    /// What is written out in it; of a pattern, a text that fits.
    pub(super) fn hints(&self, die: &mut dyn FnMut(usize) -> usize) -> Vec<Value> {
        let mut hints = Vec::new();
        self.walk(false, &mut |node, _| match node {
            Node::Number(number) => hints.push(Value::of_number(*number)),
            Node::Text(text) => hints.push(Value::of_text(text.as_str())),
            Node::Matches(_, pattern) => hints.extend(pattern.example(die).map(Value::of_text)),
            _ => {}
        });
        hints
    }

    pub(super) fn asks_itself(&self) -> bool {
        let mut asks = false;
        self.walk(false, &mut |node, in_rows| {
            let once = matches!(node, Node::Call(function, _) if function.name == "once");
            asks |= (*node == Node::Itself && !in_rows) || once;
        });
        asks
    }
}
