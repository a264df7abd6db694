//! Two changes of one text, joined where they touch different tables of it.

use super::finding::{Unfit, parse};
use super::keys::line_break;
use super::units::Heads;

/// What became of two changes of one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    One(String),
    /// Both changed these tables, each in another way.
    Apart(Vec<String>),
}

/// A heading with its keys and the comment above it; the top of the text has no name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece<'a> {
    /// Its path, and which of those of that path it is.
    name: (String, usize),
    text: &'a str,
    /// The empty lines behind it.
    gap: &'a str,
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Unfit> {
    let toml = parse(text)?;
    let heads = Heads::of(text, toml.as_table());
    let mut starts = vec![(0, String::new())];
    let each = heads.starts().into_iter();
    starts.extend(each.map(|(at, path)| (at, path.join("."))));
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (index, (at, path)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(text.len(), |next| next.0);
        let same = pieces.iter().filter(|piece| piece.name.0 == *path).count();
        let words = text[*at..end].trim_end();
        pieces.push(Piece {
            name: (path.clone(), same),
            text: words,
            gap: &text[at + words.len()..end],
        });
    }
    Ok(pieces)
}

fn named<'a>(pieces: &[Piece<'a>], name: &(String, usize)) -> Option<&'a str> {
    let found = pieces.iter().find(|piece| piece.name == *name);
    found.map(|piece| piece.text)
}

/// The names that both have, in the order of the first.
fn order<'a>(pieces: &'a [Piece<'_>], others: &[Piece<'_>]) -> Vec<&'a (String, usize)> {
    let is_there = |piece: &&Piece<'_>| named(others, &piece.name).is_some();
    let kept = pieces.iter().filter(is_there);
    kept.map(|piece| &piece.name).collect()
}

/// Joins what became of `base` here and there.
pub fn join(base: &str, mine: &str, theirs: &str) -> Result<Joined, Unfit> {
    let (old, mine, theirs) = (pieces(base)?, pieces(mine)?, pieces(theirs)?);
    let (mut apart, mut kept) = (Vec::new(), Vec::new());
    let names = mine.iter().chain(&theirs).chain(&old);
    let mut seen: Vec<&(String, usize)> = Vec::new();
    for Piece { name, .. } in names {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let (was, here, there) = (named(&old, name), named(&mine, name), named(&theirs, name));
        let now = if here == was {
            there
        } else if there == was || here == there {
            here
        } else {
            apart.push(name.0.clone());
            continue;
        };
        kept.extend(now.map(|text| (name.clone(), text)));
    }
    let is_moved = |new: &[Piece<'_>]| order(new, &old) != order(&old, new);
    if apart.is_empty()
        && is_moved(&mine)
        && is_moved(&theirs)
        && order(&mine, &theirs) != order(&theirs, &mine)
    {
        apart.push("the order of the tables".to_owned());
    }
    if !apart.is_empty() {
        return Ok(Joined::Apart(apart));
    }
    let (frame, added) = if is_moved(&mine) {
        (&mine, &theirs)
    } else {
        (&theirs, &mine)
    };
    let texts = placed(frame, added);
    let last = texts.len().saturating_sub(1);
    let mut joined = String::with_capacity(base.len());
    for (at, (name, gap)) in texts.into_iter().enumerate() {
        let Some((_, text)) = kept.iter().find(|(known, _)| known == name) else {
            continue;
        };
        joined.push_str(text);
        // The end of a text without a last line end is no end in the middle.
        joined.push_str(if at == last {
            ""
        } else if gap.contains('\n') {
            gap
        } else {
            line_break(base)
        });
    }
    joined.truncate(joined.trim_end().len());
    joined.push_str(line_break(base));
    Ok(Joined::One(joined))
}

type Placed<'a> = (&'a (String, usize), &'a str);

/// The pieces of the one in their order, those that only the other has behind those they
/// stood behind there; each with the empty lines behind it.
fn placed<'a>(frame: &'a [Piece<'_>], added: &'a [Piece<'_>]) -> Vec<Placed<'a>> {
    let mut places: Vec<Placed<'a>> = frame.iter().map(|one| (&one.name, one.gap)).collect();
    for (at, piece) in added.iter().enumerate() {
        if places.iter().any(|(name, _)| **name == piece.name) {
            continue;
        }
        let mut before = added[..at].iter().rev();
        let after = before.find_map(|known| {
            let at = places.iter().position(|(name, _)| **name == known.name)?;
            Some((at, known.gap))
        });
        let place = match after {
            Some((at, gap)) => {
                places[at].1 = gap;
                at + 1
            }
            None => places.len(),
        };
        places.insert(place, (&piece.name, piece.gap));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::{Joined, join};

    const BASE: &str = "a = 1\n\n# one\n[one]\nx = 1 # here\n\n[two]\ny = 1\n\n[three]\nz = 1\n";

    fn one(mine: &str, theirs: &str) -> String {
        match join(BASE, mine, theirs).unwrap() {
            Joined::One(text) => text,
            Joined::Apart(names) => panic!("{names:?}"),
        }
    }

    #[test]
    fn changes_of_different_tables_are_joined() {
        let mine = BASE.replace("x = 1", "x = 2");
        let theirs = BASE
            .replace("y = 1", "y = 2")
            .replace("[three]\nz = 1\n", "");

        let both = one(&mine, &theirs);

        assert_eq!(
            both,
            "a = 1\n\n# one\n[one]\nx = 2 # here\n\n[two]\ny = 2\n"
        );
        assert_eq!(one(&theirs, &mine), both);
        assert_eq!(one(BASE, BASE), BASE);
    }

    #[test]
    fn a_new_table_stands_behind_the_one_it_was_put_behind() {
        let mine = BASE.replace("[three]", "[new]\nw = 1\n\n[three]");
        let theirs = BASE.replace("z = 1", "z = 2");

        assert_eq!(one(&mine, &theirs), mine.replace("z = 1", "z = 2"));
        assert_eq!(one(&theirs, &mine), mine.replace("z = 1", "z = 2"));
    }

    #[test]
    fn two_changes_of_one_table_stay_apart() {
        let (mine, theirs) = (
            BASE.replace("x = 1", "x = 2"),
            BASE.replace("x = 1", "x = 3"),
        );

        let said = join(BASE, &mine, &theirs).unwrap();

        assert_eq!(said, Joined::Apart(vec!["one".to_owned()]));
        let gone = BASE.replace("# one\n[one]\nx = 1 # here\n\n", "");
        assert!(matches!(
            join(BASE, &mine, &gone).unwrap(),
            Joined::Apart(_)
        ));
    }
}
