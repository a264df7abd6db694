//! What stands in the column `type`: all spellings there ever were.

use super::super::draft::Setting;

/// What begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Group,
    Repeat,
    /// Once for each choice of a list: an old way to write groups.
    Loop(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choose {
    One,
    Several,
    Rank,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Begin(Span),
    End,
    Select {
        choose: Choose,
        list: String,
        or_other: bool,
        is_file: bool,
    },
    Plain(&'static Plain),
    Title,
    Id,
    Unknown,
}

/// A type without a list.
#[derive(Debug, PartialEq)]
pub(super) struct Plain {
    names: &'static [&'static str],
    /// The kind of block, or nothing when it cannot be asked here.
    pub(super) block: &'static str,
    pub(super) settings: &'static [(&'static str, Setting)],
    /// What it is worked out from, for kinds that are not asked.
    pub(super) calculate: &'static str,
    pub(super) check: &'static str,
    /// What is different here, or why it is refused.
    pub(super) said: &'static str,
}

const fn plain(names: &'static [&'static str], block: &'static str) -> Plain {
    Plain {
        names,
        block,
        settings: &[],
        calculate: "",
        check: "",
        said: "",
    }
}

const UNTOLD: &str = "a browser does not tell this: it stays empty unless the link brings it along as an entry variable";
const TYPED: &str = "places are typed as latitude and longitude";
const PLACE: &str = r"regex(., '-?\d{1,2}(\.\d+)?[ ,]+-?\d{1,3}(\.\d+)?( -?\d+(\.\d+)?){0,2}')";

static ALL: &[Plain] = &[
    plain(&["text", "string", "q string", "q text"], "text"),
    Plain {
        settings: &[("decimals", Setting::Count(0))],
        ..plain(&["integer", "int", "q int", "q integer"], "number")
    },
    Plain {
        settings: &[("decimals", Setting::Count(6))],
        ..plain(&["decimal", "q decimal"], "number")
    },
    Plain {
        settings: &[("range", Setting::Range(0.0, 100.0))],
        ..plain(&["percentage", "q percentage"], "number")
    },
    Plain {
        settings: &[("range", Setting::Range(0.0, 31.0))],
        ..plain(&["number of days in last month"], "number")
    },
    Plain {
        settings: &[("range", Setting::Range(0.0, 183.0))],
        ..plain(&["number of days in last six months"], "number")
    },
    Plain {
        settings: &[("range", Setting::Range(0.0, 365.0))],
        ..plain(&["number of days in last year"], "number")
    },
    plain(&["range"], "scale"),
    plain(&["note", "q note"], "info"),
    plain(&["date", "q date"], "date"),
    plain(&["time", "q time"], "time"),
    Plain {
        settings: &[("clock", Setting::Yes)],
        ..plain(
            &["datetime", "date time", "q datetime", "q date time"],
            "date",
        )
    },
    Plain {
        said: "the code is typed",
        ..plain(&["barcode", "q barcode", "q bar code"], "text")
    },
    Plain {
        check: PLACE,
        said: TYPED,
        ..plain(
            &[
                "geopoint",
                "gps",
                "location",
                "q geopoint",
                "q location",
                "q gps",
            ],
            "text",
        )
    },
    Plain {
        said: TYPED,
        ..plain(&["geotrace", "geoshape"], "text")
    },
    Plain {
        check: r"regex(., '[0-9 +()-]*')",
        settings: &[("keyboard", Setting::Text("tel"))],
        ..plain(&["phone number", "q phone number"], "text")
    },
    plain(
        &["acknowledge", "trigger", "q acknowledge", "q trigger"],
        "single",
    ),
    plain(&["calculate", "q calculate", "calculation"], "computed"),
    plain(&["hidden", "q hidden"], "hidden"),
    Plain {
        settings: &[("accept", Setting::Text("image"))],
        ..plain(
            &[
                "image",
                "photo",
                "picture",
                "q picture",
                "q image",
                "q photo",
            ],
            "upload",
        )
    },
    Plain {
        settings: &[("accept", Setting::Text("image"))],
        said: "it is sent as a picture; nothing is drawn on the page",
        ..plain(&["signature"], "upload")
    },
    plain(&["file"], "upload"),
    Plain {
        settings: &[("size", Setting::Count(100))],
        said: "it is sent as a file; nothing is recorded on the page",
        ..plain(
            &["audio", "q audio", "video", "q video", "background-audio"],
            "upload",
        )
    },
    Plain {
        said: "maps are not drawn here",
        ..plain(&["osm"], "")
    },
    Plain {
        calculate: "once(now())",
        ..plain(&["start", "start time", "get start time"], "computed")
    },
    Plain {
        calculate: "now()",
        ..plain(&["end", "end time", "get end time"], "computed")
    },
    Plain {
        calculate: "once(today())",
        ..plain(&["today", "get today"], "computed")
    },
    Plain {
        said: UNTOLD,
        ..plain(
            &[
                "deviceid",
                "device id",
                "get device id",
                "uri:deviceid",
                "imei",
                "subscriberid",
                "subscriber id",
                "get subscriber id",
                "uri:subscriberid",
                "simserial",
                "simid",
                "sim id",
                "get sim id",
                "uri:simserial",
                "phonenumber",
                "get phone number",
                "uri:phonenumber",
                "username",
                "uri:username",
                "email",
                "uri:email",
                "start-geopoint",
            ],
            "hidden",
        )
    },
    Plain {
        said: "nothing has to be set: the time on each page is kept anyway",
        ..plain(&["audit"], "nothing")
    },
    plain(&["csv-external", "xml-external"], "list"),
    Plain {
        said: "another form is not brought in; copy its rows to this one",
        ..plain(&["include"], "")
    },
];

/// As people write it, to what it is.
pub(super) fn read(cell: &str) -> Type {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let spaced = lower.join(" ").replace('_', " ");
    let spaced = spaced.as_str();
    if let Some(span) = spaced.strip_prefix("begin") {
        return begin(span.trim(), &words);
    }
    // `end` alone is the time of the end.
    if spaced
        .strip_prefix("end")
        .is_some_and(|span| is_span(span.trim()))
    {
        return Type::End;
    }
    if let Some(select) = select(&lower, &words) {
        return select;
    }
    let bare = spaced
        .strip_prefix("add ")
        .and_then(|rest| rest.strip_suffix(" prompt"))
        .unwrap_or(spaced);
    match bare {
        "set form title" => Type::Title,
        "set form id" => Type::Id,
        _ => {
            let first = bare.split(' ').next().unwrap_or_default();
            let found = { ALL.iter() }.find(|plain| plain.names.contains(&bare));
            // The list of tags after `osm` and of files after `include`.
            let by_first = || {
                { ALL.iter() }.find(|plain| {
                    ["osm", "include"].contains(&first) && plain.names.contains(&first)
                })
            };
            found.or_else(by_first).map_or(Type::Unknown, Type::Plain)
        }
    }
}

fn is_span(name: &str) -> bool {
    [
        "group",
        "repeat",
        "loop",
        "lgroup",
        "looped group",
        "section",
    ]
    .contains(&name)
}

fn begin(span: &str, words: &[&str]) -> Type {
    match span {
        "group" | "section" => Type::Begin(Span::Group),
        "repeat" | "lgroup" | "looped group" => Type::Begin(Span::Repeat),
        _ if span.starts_with("loop") => match words.last() {
            Some(list) if words.len() > 2 => Type::Begin(Span::Loop((*list).to_owned())),
            _ => Type::Begin(Span::Group),
        },
        _ => Type::Unknown,
    }
}

/// The beginnings of selects, the longest first.
const SELECTS: &[(&str, Choose, bool)] = &[
    ("add select multiple prompt using", Choose::Several, false),
    ("add select one prompt using", Choose::One, false),
    ("select multiple from file", Choose::Several, true),
    ("select all that apply from", Choose::Several, false),
    ("select one from file", Choose::One, true),
    ("select one external", Choose::One, false),
    ("select multiple from", Choose::Several, false),
    ("select multiple using", Choose::Several, false),
    ("select one from", Choose::One, false),
    ("select one using", Choose::One, false),
    ("select multiple", Choose::Several, false),
    ("q select1", Choose::One, false),
    ("q select", Choose::Several, false),
    ("select one", Choose::One, false),
    ("select1", Choose::One, false),
    ("rank", Choose::Rank, false),
];

fn select(lower: &[String], words: &[&str]) -> Option<Type> {
    for (beginning, choose, is_file) in SELECTS {
        let Some(rest) = after(lower, words, beginning) else {
            continue;
        };
        let ends: &[&[&str]] = &[&["or_other"], &["or", "other"], &["or", "specify", "other"]];
        let lower_rest: Vec<String> = rest.iter().map(|word| word.to_lowercase()).collect();
        let end = ends.iter().find(|end| {
            lower_rest.ends_with(
                &end.iter()
                    .map(|word| (*word).to_owned())
                    .collect::<Vec<_>>(),
            )
        });
        let list = &rest[..rest.len() - end.map_or(0, |end| end.len())];
        return Some(Type::Select {
            choose: *choose,
            list: list.join(" "),
            or_other: end.is_some(),
            is_file: *is_file,
        });
    }
    None
}

/// What follows a beginning, `_` and spaces in it being the same.
fn after<'a>(lower: &[String], words: &'a [&'a str], beginning: &str) -> Option<&'a [&'a str]> {
    for count in 1..=lower.len().min(6) {
        let head = lower[..count].join(" ").replace('_', " ");
        if head == beginning {
            return Some(&words[count..]);
        }
    }
    None
}

#[cfg(test)]
#[path = "kinds_tests.rs"]
mod tests;
