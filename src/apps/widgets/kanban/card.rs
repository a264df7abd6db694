//! A card: what is on it, and the buttons that move it.

use super::{Field, Link, Said, Sight};
use crate::apps::format::Query;
use crate::apps::widgets::acts::{Press, row_names};
use crate::apps::widgets::fields::words;
use crate::apps::widgets::figures::escape;
use crate::data::Rows;

pub(super) struct Cards<'a> {
    pub(super) rows: &'a Rows,
    pub(super) said: &'a Said<'a>,
    pub(super) status: Option<usize>,
    pub(super) heading: Option<Field<'a>>,
    pub(super) text: Option<Field<'a>>,
    pub(super) badge: Option<Field<'a>>,
    pub(super) link: Option<Link<'a>>,
    pub(super) moves: Option<Moves<'a>>,
}

/// The ways of a card to the other states.
pub(super) struct Moves<'a> {
    press: Press<'a>,
    states: &'a [(&'a str, String)],
    /// The column of the query by which a card is known again.
    key: Option<usize>,
}

impl<'a> Moves<'a> {
    pub(super) fn of(
        sight: &Sight<'a>,
        query: &'a Query,
        rows: &Rows,
        states: &'a [(&'a str, String)],
    ) -> Moves<'a> {
        let at = sight.scene.fields.query();
        Moves {
            press: Press::new(sight, query, rows, &at),
            states,
            key: row_names(query).first().and_then(|name| rows.column(name)),
        }
    }
}

impl Cards<'_> {
    /// The cards in a state: what each is known by, and what is on it.
    pub(super) fn of(&self, status: &str, state: &str) -> Vec<(String, String)> {
        let is_in = |row: &usize| {
            self.status
                .is_some_and(|at| words(self.rows, *row, at) == state)
        };
        let key = self.moves.as_ref().and_then(|moves| moves.key);
        let card = |row: usize| {
            let key = key.map(|at| words(self.rows, row, at)).unwrap_or_default();
            (key, self.card(row, status, state))
        };
        (0..self.rows.len()).filter(is_in).map(card).collect()
    }

    fn card(&self, row: usize, status: &str, state: &str) -> String {
        let (said, rows) = (self.said, self.rows);
        let name = self
            .heading
            .as_ref()
            .map(|field| words(rows, row, field.at))
            .unwrap_or_default();
        let heading = said.written(self.heading.as_ref(), rows, row);
        let heading = if heading.is_empty() {
            "–"
        } else {
            heading.as_str()
        };
        let mut out = String::from("<h4>");
        match &self.link {
            Some(link) => {
                link.open("cell-link", rows, row, &mut out);
                out.push_str(heading);
                out.push_str("</a>");
            }
            None => out.push_str(heading),
        }
        out.push_str("</h4>");
        for (field, tag) in [(&self.text, "p"), (&self.badge, "div")] {
            let html = said.written(field.as_ref(), rows, row);
            if !html.is_empty() {
                out.push('<');
                out.push_str(tag);
                out.push('>');
                out.push_str(&html);
                out.push_str("</");
                out.push_str(tag);
                out.push('>');
            }
        }
        if let Some(moves) = &self.moves {
            moves.write(rows, row, [status, state, &name], &mut out);
        }
        out
    }
}

impl Moves<'_> {
    /// Adds the buttons of a card, one for each state it is not in.
    fn write(&self, rows: &Rows, row: usize, [status, state, name]: [&str; 3], out: &mut String) {
        out.push_str("<details class=\"move\"><summary class=\"btn small quiet\">Move<span class=\"hidden-text\">: ");
        escape(name, out);
        out.push_str("</span></summary>");
        self.press.open(rows, row, "", out);
        for (other, title) in self.states.iter().filter(|(other, _)| *other != state) {
            out.push_str("<button class=\"btn small\" name=\"");
            escape(status, out);
            out.push_str("\" value=\"");
            escape(other, out);
            out.push('"');
            out.push_str(self.press.dead());
            out.push_str("><span class=\"hidden-text\">To </span>");
            escape(title, out);
            out.push_str("</button>");
        }
        out.push_str("</form></details>");
    }
}
