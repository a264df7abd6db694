//! What changed from one text to another, line by line.

/// Cells of the table that finds the longest common lines; beyond it, the
/// changed middle is shown as all gone and all new.
const CELLS: usize = 4_000_000;
/// Unchanged lines shown around a change.
const AROUND: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
    /// So many unchanged lines are left out here.
    Skipped(usize),
}

/// The lines of both texts, in order.
pub(super) struct Difference<'a> {
    pub(super) lines: Vec<Line<'a>>,
    pub(super) added: usize,
    pub(super) removed: usize,
}

impl<'a> Difference<'a> {
    pub(super) fn between(old: &'a str, new: &'a str) -> Difference<'a> {
        let lines = all(old, new);
        let added = lines.iter().filter(|line| matches!(line, Line::New(_)));
        let removed = lines.iter().filter(|line| matches!(line, Line::Gone(_)));
        Difference {
            added: added.count(),
            removed: removed.count(),
            lines: near(&lines),
        }
    }

    /// "2 lines added, 1 removed"
    pub(super) fn words(&self) -> String {
        let lines = |count: usize| if count == 1 { "line" } else { "lines" };
        match (self.added, self.removed) {
            (0, 0) => "nothing changed".to_owned(),
            (added, 0) => format!("{added} {} added", lines(added)),
            (0, removed) => format!("{removed} {} removed", lines(removed)),
            (added, removed) => format!("{added} {} added, {removed} removed", lines(added)),
        }
    }
}

/// A line of both texts side by side, each with its number there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) old: Option<(usize, &'a str)>,
    pub(super) new: Option<(usize, &'a str)>,
    pub(super) is_same: bool,
    /// So many unchanged lines stand here in place of one.
    pub(super) skipped: usize,
}

impl<'a> Difference<'a> {
    /// Both texts side by side: what went stands beside what came in its place.
    pub(super) fn beside(&self) -> Vec<Row<'a>> {
        let mut rows: Vec<Row<'a>> = Vec::new();
        let (mut old, mut new) = (0, 0);
        // From here on lines that came stand beside lines that went.
        let mut open = 0;
        for line in &self.lines {
            match line {
                Line::Gone(text) => {
                    old += 1;
                    rows.push(Row {
                        old: Some((old, text)),
                        ..Row::default()
                    });
                    continue;
                }
                Line::New(text) => {
                    new += 1;
                    let row = rows[open..].iter_mut().find(|row| row.new.is_none());
                    match row {
                        Some(row) => row.new = Some((new, text)),
                        None => rows.push(Row {
                            new: Some((new, text)),
                            ..Row::default()
                        }),
                    }
                    continue;
                }
                Line::Same(text) => {
                    (old, new) = (old + 1, new + 1);
                    rows.push(Row {
                        old: Some((old, text)),
                        new: Some((new, text)),
                        is_same: true,
                        skipped: 0,
                    });
                }
                Line::Skipped(many) => {
                    (old, new) = (old + many, new + many);
                    rows.push(Row {
                        skipped: *many,
                        ..Row::default()
                    });
                }
            }
            open = rows.len();
        }
        rows
    }
}

fn all<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let backwards = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = backwards.take_while(|(a, b)| a == b).count();
    let middle = (
        &old_rest[..old_rest.len() - tail],
        &new_rest[..new_rest.len() - tail],
    );

    let mut lines: Vec<Line<'a>> = old[..head].iter().map(|line| Line::Same(line)).collect();
    if middle.0.len().saturating_mul(middle.1.len()) > CELLS {
        lines.extend(middle.0.iter().map(|line| Line::Gone(line)));
        lines.extend(middle.1.iter().map(|line| Line::New(line)));
    } else {
        changed(middle.0, middle.1, &mut lines);
    }
    lines.extend(old[old.len() - tail..].iter().map(|line| Line::Same(line)));
    lines
}

fn changed<'a>(old: &[&'a str], new: &[&'a str], lines: &mut Vec<Line<'a>>) {
    let width = new.len() + 1;
    // How many lines the rests have in common, from each pair of places on.
    let mut common = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            lines.push(Line::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if common[(i + 1) * width + j] >= common[i * width + j + 1] {
            lines.push(Line::Gone(old[i]));
            i += 1;
        } else {
            lines.push(Line::New(new[j]));
            j += 1;
        }
    }
    lines.extend(old[i..].iter().map(|line| Line::Gone(line)));
    lines.extend(new[j..].iter().map(|line| Line::New(line)));
}

/// Only what changed, and the lines around it.
fn near<'a>(lines: &[Line<'a>]) -> Vec<Line<'a>> {
    let is_change = |line: &Line<'_>| !matches!(line, Line::Same(_));
    let mut shown = vec![false; lines.len()];
    for at in (0..lines.len()).filter(|at| is_change(&lines[*at])) {
        let end = (at + AROUND + 1).min(lines.len());
        shown[at.saturating_sub(AROUND)..end].fill(true);
    }
    let mut kept = Vec::new();
    let mut skipped = 0;
    for (line, is_shown) in lines.iter().zip(shown) {
        if is_shown {
            if skipped > 0 {
                kept.push(Line::Skipped(std::mem::take(&mut skipped)));
            }
            kept.push(*line);
        } else {
            skipped += 1;
        }
    }
    if skipped > 0 && !kept.is_empty() {
        kept.push(Line::Skipped(skipped));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stayed_is_found_between_what_changed() {
        let found = Difference::between("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");
        let expected = [
            Line::Same("a"),
            Line::Gone("b"),
            Line::New("x"),
            Line::Same("c"),
            Line::Same("d"),
            Line::New("e"),
        ];
        assert_eq!(found.lines, expected);
        assert_eq!(found.words(), "2 lines added, 1 removed");
    }

    #[test]
    fn what_came_stands_beside_what_went() {
        let found = Difference::between("a\nb\nc\nd\n", "a\nx\ny\nc\nd\n");
        let rows = found.beside();
        let sides: Vec<_> = rows.iter().map(|row| (row.old, row.new)).collect();
        let expected = [
            (Some((1, "a")), Some((1, "a"))),
            (Some((2, "b")), Some((2, "x"))),
            (None, Some((3, "y"))),
            (Some((3, "c")), Some((4, "c"))),
            (Some((4, "d")), Some((5, "d"))),
        ];
        assert_eq!(sides, expected);
        assert!(rows[0].is_same && !rows[1].is_same);
    }

    #[test]
    fn numbers_go_on_behind_lines_that_are_left_out() {
        let old: Vec<String> = (1..=20).map(|line| line.to_string()).collect();
        let new = old.join("\n").replace("12", "twelve");
        let old = old.join("\n");
        let found = Difference::between(&old, &new);
        let rows = found.beside();
        assert_eq!(rows[0].skipped, 8);
        let changed = rows.iter().find(|row| !row.is_same && row.skipped == 0);
        let changed = changed.unwrap();
        assert_eq!(changed.old, Some((12, "12")));
        assert_eq!(changed.new, Some((12, "twelve")));
    }

    #[test]
    fn the_same_text_has_no_difference() {
        let found = Difference::between("a\nb\n", "a\nb\n");
        assert!(found.lines.is_empty());
        assert_eq!(found.words(), "nothing changed");
    }

    #[test]
    fn lines_far_from_a_change_are_counted_only() {
        let old: Vec<String> = (0..20).map(|line| line.to_string()).collect();
        let new = old.join("\n").replace("10", "ten");
        let old = old.join("\n");
        let found = Difference::between(&old, &new);
        assert_eq!(found.lines.first(), Some(&Line::Skipped(7)));
        assert_eq!(found.lines.last(), Some(&Line::Skipped(6)));
    }
}
