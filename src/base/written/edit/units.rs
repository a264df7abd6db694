//! A text as a row of pieces, each with a heading like `[[page.ask]]`.

use std::ops::Range;

use toml_edit::{Item, Table};

use super::finding::{Body, splice};
use super::keys::{last, line_break, line_end, line_start};

/// A heading and where the last value below it ends.
pub struct Head {
    pub at: usize,
    pub path: Vec<String>,
    last: usize,
}

/// All headings of a text, in its order.
pub struct Heads<'a> {
    text: &'a str,
    all: Vec<Head>,
}

impl<'a> Heads<'a> {
    pub fn of(text: &'a str, root: &Table) -> Heads<'a> {
        let mut all = Vec::new();
        gather(root, &mut Vec::new(), &mut all);
        all.sort_by_key(|head: &Head| head.at);
        Heads { text, all }
    }

    /// The heading that begins at that byte.
    pub fn index(&self, at: usize) -> Option<usize> {
        self.all.iter().position(|head| head.at == at)
    }

    /// The heading after this one and all that stand below it.
    fn next(&self, index: usize) -> usize {
        let path = &self.all[index].path;
        let below = |head: &Head| head.path.len() > path.len() && head.path.starts_with(path);
        let rest = &self.all[index + 1..];
        index + 1 + rest.iter().take_while(|head| below(head)).count()
    }

    /// The same, where headings of `kinds` are not counted as below: `[[page]]` and
    /// what is about the page itself.
    fn next_but(&self, index: usize, kinds: &[&str]) -> usize {
        let path = &self.all[index].path;
        let is_own = |head: &Head| {
            let below = head.path.get(path.len()).map(String::as_str);
            head.path.starts_with(path) && below.is_some_and(|key| !kinds.contains(&key))
        };
        let rest = &self.all[index + 1..];
        index + 1 + rest.iter().take_while(|head| is_own(head)).count()
    }

    /// A heading with everything below it, and the comment that stands right above.
    pub fn unit(&self, index: usize) -> Range<usize> {
        self.start(index)..self.end(index, self.next(index))
    }

    /// A heading with its own keys.
    pub fn own(&self, index: usize, but: &[&str]) -> Range<usize> {
        self.start(index)..self.end(index, self.next_but(index, but))
    }

    /// The headings of a table and of all that stands below it, by their numbers.
    pub fn of_table(&self, path: &[String]) -> Vec<usize> {
        let is_own = |(_, head): &(usize, &Head)| head.path.starts_with(path);
        let own = self.all.iter().enumerate().filter(is_own);
        own.map(|(index, _)| index).collect()
    }

    /// From the heading `first` to the end of what stands below the heading `last`.
    pub fn run(&self, first: usize, last: usize) -> Range<usize> {
        self.start(first)..self.end(first, last + 1)
    }

    /// Where each heading begins, with the comment above it, and its path.
    pub fn starts(&self) -> Vec<(usize, &[String])> {
        let each = self.all.iter().enumerate();
        each.map(|(index, head)| (self.start(index), head.path.as_slice()))
            .collect()
    }

    /// Where the piece begins that comes first after that byte.
    pub fn start_after(&self, at: usize) -> Option<usize> {
        let next = self.all.iter().position(|head| head.at >= at)?;
        Some(self.start(next))
    }

    fn start(&self, index: usize) -> usize {
        let mut start = line_start(self.text, self.all[index].at);
        while start > 0 {
            let above = line_start(self.text, start - 1);
            if !self.text[above..start].trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }

    /// Where the headings from `first` to before `next` end: with their last value, and
    /// what is said right below it.
    fn end(&self, first: usize, next: usize) -> usize {
        let ends = self.all[first..next].iter().map(|head| head.last);
        let border = if next < self.all.len() {
            self.start(next)
        } else {
            self.text.len()
        };
        let past = |at: usize| (line_end(self.text, at) + 1).min(self.text.len());
        let mut end = past(ends.max().unwrap_or_default());
        while end < border
            && self.text[end..]
                .trim_start_matches([' ', '\t'])
                .starts_with('#')
        {
            end = past(end);
        }
        end.min(border)
    }
}

fn gather(table: &Table, path: &mut Vec<String>, all: &mut Vec<Head>) {
    for (key, item) in table {
        path.push(key.to_owned());
        match item {
            Item::Table(inner) => {
                if !inner.is_implicit() && !inner.is_dotted() {
                    push(inner, path, all);
                }
                gather(inner, path, all);
            }
            Item::ArrayOfTables(tables) => {
                for inner in tables {
                    push(inner, path, all);
                    gather(inner, path, all);
                }
            }
            _ => {}
        }
        path.pop();
    }
}

fn push(table: &Table, path: &[String], all: &mut Vec<Head>) {
    if let Some(span) = table.span() {
        all.push(Head {
            at: span.start,
            path: path.to_vec(),
            last: last(Body::Lines(table)).unwrap_or(span.end),
        });
    }
}

/// Two pieces in each other's place; what stands between them stays there.
pub fn exchange(text: &str, first: Range<usize>, second: Range<usize>) -> String {
    let is_open = !text.ends_with('\n') && second.end == text.len();
    let end = if is_open { "\n" } else { "" };
    let mut out = String::with_capacity(text.len() + 1);
    out.push_str(&text[..first.start]);
    out.push_str(&text[second.clone()]);
    out.push_str(end);
    out.push_str(&text[first.end..second.start]);
    out.push_str(&text[first]);
    out.push_str(&text[second.end..]);
    if is_open {
        out.truncate(out.trim_end_matches('\n').len());
    }
    out
}

/// A piece put after that byte, with an empty line before it.
pub fn insert(text: &str, at: usize, piece: &str) -> String {
    let end = line_break(text);
    let piece = piece.replace('\n', end);
    let before = match &text[..at] {
        "" => String::new(),
        above if above.ends_with('\n') => end.to_owned(),
        _ => format!("{end}{end}"),
    };
    // A text whose last line has no end keeps none.
    let piece = if text[at..].is_empty() && !text.ends_with('\n') {
        piece.trim_end()
    } else {
        &piece
    };
    splice(text, at..at, &format!("{before}{piece}"))
}

/// A piece taken out, with the empty line before it.
pub fn cut(text: &str, range: Range<usize>) -> String {
    let above = &text[..range.start];
    let is_last = range.end == text.len() && !text.ends_with('\n');
    let start = if is_last {
        above.trim_end_matches('\n').len()
    } else if above.ends_with("\n\n") || (range.end < text.len() && above.ends_with("\n\r\n")) {
        range.start - 1 - usize::from(above.ends_with("\r\n"))
    } else {
        range.start
    };
    splice(text, start..range.end, "")
}
