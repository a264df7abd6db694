//! Rows counted or added up by two of their columns, with totals.

use askama::Template;

use super::cells::{self, Format};
use super::fields::{FORMAT, Field, LABELS, Said, check_formats, unknown};
use super::kind::{Amount, Kind, Need};
use super::links::{Lead, Link, ROW};
use super::scene::Sight;
use crate::apps::format::{AppOutline, Key, KeyKind, KindSchema, Settings, Widget};
use crate::apps::widgets::sums::{HOW, How, Square, Sum};
use crate::data::{Cell, Rows};

pub(super) struct Pivot;

pub(super) static KIND: Pivot = Pivot;

static KEYS: &[Key] = &[
    Key::new("title", KeyKind::Text, "What stands above the table."),
    Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
    Key::new(
        "down",
        KeyKind::Text,
        "The column whose values are the rows of the table.",
    )
    .columns()
    .required(),
    Key::new(
        "across",
        KeyKind::Text,
        "The column whose values are its columns.",
    )
    .columns()
    .required(),
    Key::new(
        "value",
        KeyKind::Text,
        "The column added up; rows are counted when absent.",
    )
    .columns(),
    Key::new(
        "how",
        KeyKind::OneOf(HOW),
        "What is made of the values; sum, or count without `value`.",
    ),
    LABELS,
    FORMAT,
    Key::new("row", KeyKind::Table(ROW), "Where a figure leads."),
    Key::new(
        "empty",
        KeyKind::Text,
        "What is said when there are no rows.",
    ),
];

#[derive(Template)]
#[template(path = "apps/widgets/pivot/view.html")]
struct View<'a> {
    assets: &'a str,
    id: &'a str,
    title: &'a str,
    unknown: String,
    empty: &'a str,
    is_filtered: bool,
    /// What the first column holds.
    down: String,
    /// HTML
    across: Vec<String>,
    /// HTML: the name, the figures, their total.
    lines: Vec<(String, Vec<String>, String)>,
    totals: Vec<String>,
    whole: String,
    is_cut: bool,
}

impl Kind for Pivot {
    fn schema(&self) -> KindSchema {
        KindSchema {
            name: "pivot",
            doc: "Figures by two columns at once, with totals.",
            keys: KEYS,
        }
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn check(&self, settings: &mut Settings<'_>, _: &AppOutline<'_>) {
        check_formats(settings);
        let how = settings.string("how");
        if how.is_some_and(|how| how != "count") && !settings.has("value") {
            settings.problem(
                "how",
                "there is nothing to make this of; name a column in `value`",
            );
        }
        if settings.string("down").is_some() && settings.string("down") == settings.string("across")
        {
            settings.problem(
                "across",
                "`down` and `across` are the same column; name another one",
            );
        }
    }

    fn need<'a>(&self, widget: &'a Widget) -> Option<Need<'a>> {
        Some(Need {
            query: Settings::of(widget).read_query("query")?,
            amount: Amount::All,
        })
    }

    fn begun(&self, _: &str) -> String {
        "down = \"down\"\nacross = \"across\"\n".to_owned()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let Some(page) = sight.rows else {
            return Ok(());
        };
        let (scene, rows) = (sight.scene, &page.rows);
        let mut settings = Settings::of(sight.widget);
        let said = Said::of(&mut settings);
        let keys = ["down", "across", "value"].map(|key| settings.string(key));
        let [down, across, value] = keys.map(|name| said.named(scene, rows, name));
        let names = unknown(scene, keys.into_iter().flatten(), rows);
        let how = How::of(settings.string("how"), value.is_some());
        let square = match (&down, &across) {
            (Some(down), Some(across)) => {
                let value = value.as_ref().map(|value| value.at);
                Square::of(rows, [down.at, across.at], value)
            }
            _ => Square::default(),
        };
        let lead = Lead::of(&mut settings, "row");
        let link = lead.map(|lead| Link::new(scene, &lead, rows));
        let drawn = Drawn {
            rows,
            square: &square,
            how,
            format: format(value.as_ref(), how),
            link,
        };
        let heading = |names: &[usize], field: Option<&Field<'_>>| -> Vec<String> {
            let each = names.iter();
            each.map(|row| name(said.written(field, rows, *row)))
                .collect()
        };
        let lines = heading(&square.down, down.as_ref()).into_iter().enumerate();
        let title = sight.heading(settings.string("title"));
        let view = View {
            assets: scene.assets,
            id: &sight.widget.id,
            title,
            unknown: names,
            empty: settings
                .string("empty")
                .unwrap_or("There are no rows to add up here."),
            is_filtered: scene.is_filtered(),
            across: heading(&square.across, across.as_ref()),
            lines: lines
                .map(|(at, name)| (name, drawn.line(at), drawn.figure(&square.of_line(at))))
                .collect(),
            totals: (0..square.across.len())
                .map(|at| drawn.figure(&square.of_column(at)))
                .collect(),
            whole: drawn.figure(&square.of_all()),
            down: down.map(|field| field.title).unwrap_or_default(),
            is_cut: rows.more || square.is_cut,
        };
        sight.open("section", "card", out);
        view.render_into(out)?;
        out.push_str("</section>");
        Ok(())
    }
}

/// How figures are written: as their column is, unless rows are counted.
fn format<'a>(value: Option<&Field<'a>>, how: How) -> Format<'a> {
    let own = value.map(|value| value.format);
    let own = own.filter(|format| *format != Format::Plain && how != How::Count);
    own.unwrap_or(Format::Number(None))
}

/// What stands where a row has no value.
fn name(html: String) -> String {
    if html.is_empty() {
        "<span class=\"muted\">–</span>".to_owned()
    } else {
        html
    }
}

struct Drawn<'a> {
    rows: &'a Rows,
    square: &'a Square,
    how: How,
    format: Format<'a>,
    link: Option<Link<'a>>,
}

impl Drawn<'_> {
    /// The figures of a line, each leading on if anything does.
    fn line(&self, down: usize) -> Vec<String> {
        let cells = (0..self.square.across.len()).map(|across| {
            let Some((row, sum)) = self.square.cell(down, across) else {
                return String::new();
            };
            let figure = self.figure(sum);
            match &self.link {
                Some(link) if !figure.is_empty() => {
                    let mut out = String::new();
                    link.open("cell-link", self.rows, row, &mut out);
                    out + &figure + "</a>"
                }
                _ => figure,
            }
        });
        cells.collect()
    }

    fn figure(&self, sum: &Sum) -> String {
        let mut out = String::new();
        if let Some(number) = sum.get(self.how) {
            cells::write(Cell::Real(number), self.format, &[], &mut out);
        }
        out
    }
}
