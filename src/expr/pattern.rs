//! Patterns of `regex()`: checked once, the same here and in the page.
//!
//! What is understood is what both sides can do alike: no looking around and no
//! references back. The page is given a pattern written anew from what was read
//! here, so that two dialects cannot disagree.

use std::fmt::Write as _;

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// Larger programs come from patterns like `(a{1000}){1000}`.
const LARGEST: usize = 1 << 20;

#[derive(Clone, Debug)]
pub(super) struct Pattern {
    regex: Regex,
    page: String,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.page == other.page
    }
}

impl Pattern {
    /// # Errors
    ///
    /// What of it is not understood.
    pub(super) fn read(text: &str) -> Result<Pattern, String> {
        let whole = format!("^(?:{})$", plain(text));
        let hir = regex_syntax::parse(&whole).map_err(|error| reason(&error))?;
        let mut page = String::new();
        write(&hir, &mut page)?;
        let built = RegexBuilder::new(&whole).size_limit(LARGEST).build();
        let regex = built.map_err(|_too_large| "it is too large".to_owned())?;
        Ok(Pattern { regex, page })
    }

    /// Does it fit the whole text?
    pub(super) fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// A text that fits, made by chance; `die` gives one of so many. `None` where chance
    /// does not find one.
    pub(super) fn example(&self, die: &mut dyn FnMut(usize) -> usize) -> Option<String> {
        let hir = regex_syntax::parse(&self.page).ok()?;
        let mut text = String::new();
        example(&hir, die, &mut text);
        self.fits(&text).then_some(text)
    }

    /// For `new RegExp(…, 'u')`.
    pub(super) fn page(&self) -> &str {
        &self.page
    }
}

fn reason(error: &regex_syntax::Error) -> String {
    match error {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        other => other.to_string(),
    }
}

/// Digits, letters and space mean those of ASCII, as the reference has it.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('d') => plain.push_str("[0-9]"),
            Some('D') => plain.push_str("[^0-9]"),
            Some('w') => plain.push_str("[0-9A-Za-z_]"),
            Some('W') => plain.push_str("[^0-9A-Za-z_]"),
            Some('s') => plain.push_str(r"[ \t\n\x0B\f\r]"),
            Some('S') => plain.push_str(r"[^ \t\n\x0B\f\r]"),
            Some('b') => plain.push_str(r"(?-u:\b)"),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

fn write(hir: &Hir, out: &mut String) -> Result<(), String> {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => text.chars().for_each(|letter| write_letter(letter, out)),
            Err(_) => return Err("it holds bytes that are no text".into()),
        },
        HirKind::Class(class) => write_class(class, out),
        HirKind::Look(look) => out.push_str(page_look(*look)?),
        HirKind::Repetition(repetition) => {
            out.push_str("(?:");
            write(&repetition.sub, out)?;
            let most = repetition
                .max
                .map_or(String::new(), |most| most.to_string());
            let lazy = if repetition.greedy { "" } else { "?" };
            let least = repetition.min;
            // A text takes whatever is written to it.
            let _ = write!(out, "){{{least},{most}}}{lazy}");
        }
        HirKind::Capture(capture) => {
            out.push_str("(?:");
            write(&capture.sub, out)?;
            out.push(')');
        }
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, out)?;
            }
        }
        HirKind::Alternation(parts) => {
            out.push_str("(?:");
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    out.push('|');
                }
                write(part, out)?;
            }
            out.push(')');
        }
    }
    Ok(())
}

/// Longer texts are of no use to anybody who looks at them.
const LONG: usize = 200;

fn example(hir: &Hir, die: &mut dyn FnMut(usize) -> usize, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(one_of(class, die)),
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let more = repetition.max.map_or(3, |most| most.saturating_sub(least));
            let more = die(usize::try_from(more.min(3)).unwrap_or_default() + 1);
            for _ in 0..u64::from(least) + more as u64 {
                if out.len() < LONG {
                    example(&repetition.sub, die, out);
                }
            }
        }
        HirKind::Capture(capture) => example(&capture.sub, die, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| example(part, die, out)),
        HirKind::Alternation(parts) => example(&parts[die(parts.len())], die, out),
    }
}

/// A letter of a class, of one of its first ranges: those people write.
fn one_of(class: &Class, die: &mut dyn FnMut(usize) -> usize) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(all) => { all.iter() }
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
        Class::Bytes(all) => { all.iter() }
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
    };
    let seen = |(start, end): (u32, u32)| (start.max(0x20), end.min(0x7e));
    let plain: Vec<(u32, u32)> = ranges.iter().map(|range| seen(*range)).collect();
    let plain: Vec<(u32, u32)> = plain.into_iter().filter(|(from, to)| from <= to).collect();
    let all = if plain.is_empty() { ranges } else { plain };
    if all.is_empty() {
        return None;
    }
    let (start, end) = all[die(all.len())];
    let width = usize::try_from(end - start).ok()?.min(5_000);
    char::from_u32(start + u32::try_from(die(width + 1)).ok()?)
}

fn page_look(look: Look) -> Result<&'static str, String> {
    match look {
        Look::Start => Ok("^"),
        Look::End => Ok("$"),
        Look::StartLF => Ok(r"(?<![^\n])"),
        Look::EndLF => Ok(r"(?![^\n])"),
        Look::WordAscii => Ok(r"\b"),
        _ => Err("this kind of boundary is not known in the page".into()),
    }
}

fn write_class(class: &Class, out: &mut String) {
    out.push('[');
    match class {
        Class::Unicode(ranges) => {
            for range in ranges.iter() {
                write_range(range.start(), range.end(), out);
            }
        }
        Class::Bytes(ranges) => {
            for range in ranges.iter() {
                write_range(char::from(range.start()), char::from(range.end()), out);
            }
        }
    }
    out.push(']');
}

fn write_range(start: char, end: char, out: &mut String) {
    write_letter(start, out);
    if start != end {
        out.push('-');
        write_letter(end, out);
    }
}

fn write_letter(letter: char, out: &mut String) {
    if letter.is_ascii_alphanumeric() {
        out.push(letter);
    } else {
        out.extend(letter.escape_unicode());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_has_to_fit() {
        let phone = Pattern::read(r"\d{3}-?\d{4}").unwrap();

        assert!(phone.fits("5551234"));
        assert!(!phone.fits("5551234 "), "something is left over");
        assert!(!phone.fits("٥٥٥1234"), "digits of ASCII only");
    }

    #[test]
    fn an_example_fits_its_pattern() {
        let mut state = 1_usize;
        let mut die = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % below.max(1)
        };
        for text in [
            r"[A-Z]{2}\d{4}",
            "a|bc+|",
            r"\+?[0-9 ]{5,}",
            "ä/ö.*",
            r"[^a]x\w",
        ] {
            let pattern = Pattern::read(text).unwrap();
            for _ in 0..50 {
                let example = pattern.example(&mut die).unwrap();
                assert!(pattern.fits(&example), "{text}: {example}");
            }
        }
    }

    #[test]
    fn what_two_sides_could_read_differently_is_refused() {
        for wrong in [r"(a)\1", "(?=a)b", "a{1000}{1000}", "(", r"a\Bb", "[z-a]"] {
            assert!(Pattern::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_page_is_told_letters_by_their_numbers() {
        let read = |text| Pattern::read(text).unwrap().page;

        assert_eq!(read("[a-c]+"), "^(?:[a-c]){1,}$");
        assert_eq!(read("ä/"), r"^\u{e4}\u{2f}$");
        assert_eq!(read("(?i)k"), r"^[Kk\u{212a}]$");
    }
}
