//! Where widgets stand on the twelve columns of a page. Nothing is ever put on top of
//! something else: what is in the way makes room.

use super::outline::Outline;
use super::parts::widget;
use crate::base::written::edit::{Unfit, find, line_of, parse, put, splice};

/// Row from 1, column from 1 to 12, width from 1 to 12.
pub type At = [u32; 3];

/// Rows a page can have in the editor.
const ROWS: u32 = 999;

/// A widget, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) id: String,
    pub(super) at: At,
}

/// The nearest place on the grid. A width is kept where the column can give way.
pub fn inside([row, column, width]: At) -> At {
    let width = width.clamp(1, 12);
    let column = column.clamp(1, 12);
    [row.clamp(1, ROWS), column, width.min(13 - column)]
}

fn overlap(one: At, other: At) -> bool {
    one[0] == other[0] && one[1] < other[1] + other[2] && other[1] < one[1] + one[2]
}

/// What has to move once one of them stands at `to`, itself among them. `apart` says of
/// two that they are never seen together. Who is in the way takes the row that the moved
/// one left, if it came from above and there is room; or else moves down.
pub(super) fn settle(
    all: &[Spot],
    id: &str,
    to: At,
    apart: &dyn Fn(&str, &str) -> bool,
) -> Vec<Spot> {
    let to = inside(to);
    let from = all.iter().find(|spot| spot.id == id).map(|spot| spot.at);
    let mut now: Vec<Spot> = all.iter().filter(|spot| spot.id != id).cloned().collect();
    let moved = Spot {
        id: id.to_owned(),
        at: to,
    };
    now.push(moved.clone());
    let meets = |one: &Spot, other: &Spot| {
        one.id != other.id && overlap(one.at, other.at) && !apart(&one.id, &other.id)
    };
    let mut placed = vec![moved];
    while let Some(one) = placed.pop() {
        let still = now.contains(&one);
        let in_the_way = (0..now.len()).filter(|at| now[*at].id != id && meets(&one, &now[*at]));
        for at in in_the_way.filter(|_| still).collect::<Vec<_>>() {
            let up = from
                .filter(|from| one.id == id && from[0] < to[0])
                .map(|from| {
                    let [_, column, width] = now[at].at;
                    Spot {
                        id: now[at].id.clone(),
                        at: [from[0], column, width],
                    }
                });
            let free = up.filter(|up| !now.iter().any(|other| meets(up, other)));
            match free {
                Some(free) => now[at] = free,
                None => now[at].at[0] += 1,
            }
            placed.push(now[at].clone());
        }
    }
    now.retain(|spot| !all.contains(spot));
    now
}

/// The widgets of a page that stand on its grid.
pub(super) fn spots(text: &str, page: &str) -> Result<Vec<Spot>, Unfit> {
    let outline = Outline::of(text)?;
    let page = outline
        .page(page)
        .ok_or_else(|| Unfit::Missing(page.to_owned()))?;
    let each = page.widgets.iter();
    let spot = each.filter_map(|widget| {
        Some(Spot {
            id: widget.id.clone(),
            at: widget.at?,
        })
    });
    Ok(spot.collect())
}

/// Puts a widget at another place, and makes room for it there.
pub fn place(
    text: &str,
    (page, id): (&str, &str),
    to: At,
    apart: &dyn Fn(&str, &str) -> bool,
) -> Result<String, Unfit> {
    let all = spots(text, page)?;
    let mut new = text.to_owned();
    for spot in settle(&all, id, to, apart) {
        new = write(&new, (page, &spot.id), spot.at)?;
    }
    Ok(new)
}

/// Writes a place number by number, so that spaces and comments between them stay.
fn write(text: &str, (page, id): (&str, &str), at: At) -> Result<String, Unfit> {
    let path = widget(page, id);
    let toml = parse(text)?;
    let found = find(toml.as_table(), &path).ok_or_else(|| Unfit::Missing(id.to_owned()))?;
    let array = found.body.get("at").and_then(toml_edit::Item::as_array);
    let spans = array.map(|array| {
        let spans = array.iter().map(|one| one.as_integer().and(one.span()));
        spans.collect::<Option<Vec<_>>>()
    });
    let Some(Some(spans)) = spans.filter(|spans| spans.as_ref().is_some_and(|s| s.len() == 3))
    else {
        let [row, column, width] = at;
        return put(text, &path, "at", &format!("[{row}, {column}, {width}]"));
    };
    let mut new = text.to_owned();
    for (number, span) in at.iter().zip(spans).rev() {
        if text[span.clone()].parse() != Ok(*number) {
            new = splice(&new, span, &number.to_string());
        }
    }
    let all = spots(&new, page)?;
    if all.iter().any(|spot| spot.id == id && spot.at == at) {
        Ok(new)
    } else {
        Err(Unfit::Shape(line_of(text, &path).unwrap_or(1)))
    }
}

/// The first row below everything.
pub(super) fn below(all: &[Spot]) -> u32 {
    all.iter()
        .map(|spot| spot.at[0])
        .max()
        .map_or(1, |row| row + 1)
}
