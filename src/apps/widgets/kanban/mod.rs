//! Rows as cards in columns by their status; a card is moved by a query that writes.

mod card;

use askama::Template;

use super::acts::{self, THEN, check_then, row_names};
use super::fields::{BADGES, FORMAT, Field, Said, check_badges, check_formats, unknown};
use super::kind::{Amount, Kind, Need, Sends};
use super::links::{Lead, Link, ROW};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Param, Settings, Source, Widget};
use crate::base::text::title;
use card::{Cards, Moves};

pub(super) struct Kanban;

pub(super) static KIND: Kanban = Kanban;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the board."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new(
        "status",
        KeyKind::Text,
        "The column that says where a card stands.",
    )
    .columns()
    .required(),
    Key::new(
        "states",
        KeyKind::Texts,
        "Its values, each a column of the board, from left to right.",
    )
    .required(),
    Key::new("heading", KeyKind::Text, "The column that names a row.")
        .columns()
        .required(),
    Key::new(
        "text",
        KeyKind::Text,
        "The column with a few words below it.",
    )
    .columns(),
    Key::new("badge", KeyKind::Text, "The column shown as a badge.").columns(),
    Key::new(
        "labels",
        KeyKind::TextTable,
        "What people call the columns, and the states.",
    )
    .columns(),
    FORMAT,
    BADGES,
    Key::new("row", KeyKind::Table(ROW), "Where a card leads."),
    Key::new(
        "move",
        KeyKind::WriteQuery,
        "The query that moves a card; its form.… parameter is the new state. Nobody moves any when absent.",
    ),
    Key::new("then", KeyKind::Table(THEN), "What follows."),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when there are no rows.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/kanban/view.html")]
struct View<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    unknown: String,
    refusal: String,
    /// What is said when no card is there at all.
    empty: &'a str,
    is_filtered: bool,
    can_move: bool,
    columns: Vec<Column>,
    /// Rows whose state is none of the board's.
    others: usize,
    is_cut: bool,
}

/// A state of the board.
struct Column {
    state: String,
    title: String,
    /// What a card is known by, and its HTML.
    cards: Vec<(String, String)>,
}

/// The states with what people call them.
fn states<'a>(said: &Said<'_>, states: Vec<&'a str>) -> Vec<(&'a str, String)> {
    let called = |state: &'a str| {
        let known = said.labels.iter().find(|(name, _)| *name == state);
        let label = known.map_or_else(|| title(state), |(_, label)| (*label).to_owned());
        (state, label)
    };
    states.into_iter().map(called).collect()
}

/// Is the new state typed, so to speak, under that name?
fn takes_state(param: &Param, status: &str) -> bool {
    matches!(&param.source, Source::Form(key) if key == status)
}

impl Kind for Kanban {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "kanban",
            doc: "A board of cards that move from state to state.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, app: &AppOutline<'_>) {
        check_formats(settings);
        check_badges(settings);
        check_then(settings, app);
        let states = settings.strings("states");
        if settings.has("states") && states.len() < 2 {
            settings.problem(
                "states",
                "a board has two states at least; name them in `states`",
            );
        }
        let twice = states
            .iter()
            .enumerate()
            .find(|(at, state)| states[..*at].contains(state));
        if let Some((_, state)) = twice {
            settings.problem("states", format!("`{state}` is there twice; take one away"));
        }
        let column = settings.string("status").unwrap_or_default();
        let Some(query) = settings
            .write_query("move")
            .and_then(|name| app.query(name))
        else {
            return;
        };
        let name = &query.name;
        if !query.params.iter().any(|param| takes_state(param, column)) {
            let message = format!(
                "`{name}` takes no new state; give it a parameter with `from = \"form.{column}\"`"
            );
            settings.problem("move", message);
        }
        if row_names(query).is_empty() {
            let message = format!(
                "`{name}` does not know which card is moved; give it a parameter with `from = \"row.…\"`, like row.id"
            );
            settings.problem("move", message);
        }
        let mut params = query.params.iter();
        let other = params
            .find(|param| matches!(param.source, Source::Form(_)) && !takes_state(param, column));
        if let Some(other) = other {
            let message = format!(
                "nothing is typed on a board, and `{}` comes from a form; take it from `row.…`",
                other.name
            );
            settings.problem("move", message);
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::All,
        })
    }

    fn sends<'a>(&self, widget: &'a Widget) -> Vec<Sends<'a>> {
        acts::sends(&mut Settings::of(widget), "move")
            .into_iter()
            .collect()
    }

    fn begun(&self, _: &str) -> String {
        "states = [\"open\", \"done\"]\n".to_owned()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let heading = sight.heading(settings.string("title"));
        let keys = ["status", "heading", "text", "badge"].map(|key| settings.string(key));
        let [at, name, text, badge] = keys.map(|name| said.named(scene, rows, name));
        let states = states(&said, settings.strings("states"));
        let query = settings.write_query("move");
        let query = query.and_then(|name| scene.app.query(name));
        let lead = Lead::of(&mut settings, "row");
        let cards = Cards {
            rows,
            said: &said,
            status: at.map(|field| field.at),
            heading: name.map(Field::unlinked),
            text,
            badge: badge.map(Field::or_badge),
            link: lead.map(|lead| Link::new(scene, &lead, rows)),
            moves: query.map(|query| Moves::of(sight, query, rows, &states)),
        };
        let mut refusal = String::new();
        acts::refusal(sight, &mut refusal);
        let columns: Vec<Column> = { states.iter() }
            .map(|(state, title)| Column {
                state: (*state).to_owned(),
                title: title.clone(),
                cards: cards.of(keys[0].unwrap_or_default(), state),
            })
            .collect();
        let shown: usize = columns.iter().map(|column| column.cards.len()).sum();
        let view = View {
            assets: scene.assets,
            id: &sight.widget.id,
            title: heading,
            unknown: unknown(scene, keys.into_iter().flatten(), rows),
            refusal,
            empty: if rows.is_empty() {
                settings
                    .string("empty")
                    .unwrap_or("There are no cards here yet.")
            } else {
                ""
            },
            is_filtered: scene.is_filtered(),
            can_move: query.is_some() && !scene.is_read_only,
            columns,
            others: rows.len() - shown,
            is_cut: rows.more,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}
