//! The words of the format that stand as values, and its numbers, each with what it means.

/// A word that may stand somewhere, and a sentence about it.
#[derive(Clone, Copy, Debug)]
pub(in crate::apps) struct Word {
    pub(in crate::apps) name: &'static str,
    pub(in crate::apps) doc: &'static str,
}

const fn word(name: &'static str, doc: &'static str) -> Word {
    Word { name, doc }
}

/// What a value may be; `list<…>` holds many of one of them.
pub(in crate::apps) static VALUE_TYPES: &[Word] = &[
    word("text", "Any text; `min` and `max` count its characters."),
    word("int", "A whole number; `min` and `max` are its limits."),
    word(
        "decimal",
        "A number with a point, at most 15 digits; `scale` says how many may follow the point.",
    ),
    word(
        "bool",
        "True or false; a box in a form, bound as 1 or 0. A box nobody ticked is false.",
    ),
    word("date", "A day, like 2026-11-21."),
    word(
        "datetime",
        "A day and a time, like 2026-11-21T19:18, in UTC.",
    ),
    word("enum", "One of `values`; a choice in a form."),
    word("email", "An e-mail address."),
    word("url", "An address that begins with http:// or https://."),
    word(
        "phone",
        "A phone number, 5 to 15 digits with what people write between them.",
    ),
    word("uuid", "An id of 36 characters."),
    word("json", "Text that is JSON."),
    word(
        "file",
        "A file. This version keeps it in the text and refuses to publish it.",
    ),
];

/// Where a value comes from: a place, a dot, a name there. `…` stands for any name.
pub(in crate::apps) static SOURCES: &[Word] = &[
    word(
        "url.…",
        "The address of the page: filters, and the links that lead here.",
    ),
    word("form.…", "A field of a form, or the new value of a cell."),
    word(
        "row.…",
        "A column of the row whose button was pressed. It comes from the browser.",
    ),
    word(
        "page.…",
        "What the page was told in its address when something is sent from it.",
    ),
    word(
        "parent.id",
        "In the lines of a form: the key of the row they belong to.",
    ),
    word("user.id", "The id of whoever asks."),
    word("user.name", "Their name."),
    word("user.email", "Their e-mail address."),
    word("user.role", "Their role: admin, builder, user or auditor."),
    word(
        "user.groups",
        "The names of their groups, as a `list<text>`.",
    ),
    word(
        "user.…",
        "Any other name is an attribute that an admin gave to the member.",
    ),
    word("server.now", "The moment it is asked, in UTC."),
    word("server.today", "The day it is asked, in UTC."),
    word("app.id", "The id of the app."),
];

/// The sources of a place that have fixed names, such as `server.now`.
pub(super) fn sources_of(place: &str) -> Vec<&'static str> {
    let names = SOURCES.iter().map(|source| source.name);
    let is_of = |name: &&str| {
        let rest = name.strip_prefix(place);
        rest.is_some_and(|rest| rest.starts_with('.') && rest != ".…")
    };
    names.filter(is_of).collect()
}

/// Characters of a name.
pub(in crate::apps) const NAME: usize = 60;

/// Values of a list: each is a placeholder, and engines count those.
pub(in crate::apps) const LIST: usize = 1_000;

/// Digits a decimal may have after its point.
pub(in crate::apps) const SCALE: u32 = 9;

/// Rows of a page.
pub(in crate::apps) const PAGE_ROWS: (u32, u32) = (1, 1_000);

#[cfg(test)]
mod tests {
    use super::super::ParamType;
    use super::super::keys::TYPES;
    use super::super::read::source;
    use super::*;

    #[test]
    fn the_words_are_those_the_loader_knows() {
        let plain = TYPES.iter().filter(|name| !name.starts_with("list<"));
        let told: Vec<&str> = VALUE_TYPES.iter().map(|word| word.name).collect();
        assert_eq!(plain.copied().collect::<Vec<_>>(), told);
        for word in VALUE_TYPES {
            assert!(ParamType::named(word.name).is_some(), "{}", word.name);
        }
        for word in SOURCES {
            assert!(source(word.name).is_some(), "{}", word.name);
        }
        for word in VALUE_TYPES.iter().chain(SOURCES) {
            assert!(word.doc.ends_with('.'), "{}", word.name);
        }
        assert_eq!(sources_of("server"), ["server.now", "server.today"]);
        assert_eq!(sources_of("url"), [""; 0]);
    }
}
