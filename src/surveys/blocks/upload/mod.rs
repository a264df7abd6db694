//! Files that respondents send.

use askama::Template;

use super::inventing::Die;
use super::kind::{Fault, Fielded, Kept, Kind, Look};
use super::marked::labels;
use super::phrases::Phrase;
use super::sight::{Sight, part};
use crate::expr::Value;
use crate::surveys::format::{Block, Key, Shape};
use crate::surveys::map::{self, Datum, Labels, Variable};
use crate::surveys::uploads::{Accept, Limits, MOST_FILES, MOST_MIB, Upload};
use crate::web::Fields;

pub(super) struct Files;

pub(super) static KIND: Files = Files;

/// MiB of a file where nothing is said.
const USUAL: u32 = 10;

static KEYS: &[Key] = &[
    Key::new(
        "accept",
        Shape::OneOf(&["any", "image", "pdf", "text"]),
        "What is taken, told by its bytes; any when absent.",
    ),
    Key::new("most", Shape::Count, "How many files; one when absent."),
    Key::new(
        "size",
        Shape::Count,
        "What one file may weigh, in MiB; 10 when absent.",
    ),
];

/// A file that was sent with the page before.
struct Sent {
    name: String,
    weight: String,
}

#[derive(Template)]
#[template(path = "surveys/blocks/upload/view.html")]
struct View<'a> {
    field: &'a str,
    sent: Vec<Sent>,
    choose: String,
    media: &'static str,
    is_several: bool,
    is_at_fault: bool,
    described: String,
}

fn limits(block: &Block) -> Limits {
    let count = |key: &str, usual: u32| block.settings.count(key).unwrap_or(usual);
    Limits {
        most: count("most", 1).clamp(1, MOST_FILES),
        bytes: u64::from(count("size", USUAL).clamp(1, MOST_MIB)) << 20,
        accept: Accept::named(block.settings.text("accept").unwrap_or("any")),
    }
}

/// The variables of its files.
fn keys(block: &Block) -> Vec<String> {
    match limits(block).most {
        1 => vec![block.id.clone()],
        most => (1..=most)
            .map(|number| part(&block.id, number.into()))
            .collect(),
    }
}

/// Why the question does not take that file.
fn fault(limits: Limits, file: &Upload) -> Option<Phrase> {
    if file.bytes > limits.bytes {
        let most = limits.bytes >> 20;
        return Some(Phrase::new("file-large").with(&file.name).with(&most));
    }
    if file.bytes == 0 {
        return Some(Phrase::new("file-empty").with(&file.name));
    }
    (!limits.accept.takes(file.sort)).then(|| {
        Phrase::new(match limits.accept {
            Accept::Image => "file-no-image",
            Accept::Pdf => "file-no-pdf",
            Accept::Text | Accept::Any => "file-no-text",
        })
        .with(&file.name)
    })
}

impl Kind for Files {
    fn name(&self) -> &'static str {
        "upload"
    }

    fn title(&self) -> &'static str {
        "Files"
    }

    fn doc(&self) -> &'static str {
        "Files: pictures, PDF, texts, or anything."
    }

    fn keys(&self) -> &'static [Key] {
        KEYS
    }

    fn takes_files(&self, block: &Block) -> Option<Limits> {
        Some(limits(block))
    }

    fn check(&self, block: &Block) -> Vec<String> {
        let mut faults = Vec::new();
        let out_of = |key: &str, most: u32| {
            let said = block.settings.count(key);
            said.is_some_and(|said| said == 0 || said > most)
        };
        if block.default.is_some() || block.read_only {
            let words = "nobody has a file before they send one; remove `default` and `read_only`";
            faults.push(words.to_owned());
        }
        if out_of("most", MOST_FILES) {
            faults.push(format!("`most` is from 1 to {MOST_FILES} files"));
        }
        if out_of("size", MOST_MIB) {
            faults.push(format!("`size` is from 1 to {MOST_MIB} MiB"));
        }
        faults
    }

    fn variables(&self, block: &Block) -> Vec<Variable> {
        let question = labels(&block.text);
        let all = keys(block);
        let is_several = all.len() > 1;
        let variable = |(at, key): (usize, String)| {
            let variable = Variable::new(&block.id, &key, map::Kind::File, question.clone());
            if is_several {
                variable.labelled(Labels::english(&format!("File {}", at + 1)))
            } else {
                variable
            }
        };
        all.into_iter().enumerate().map(variable).collect()
    }

    /// The names of the files.
    fn value(&self, block: &Block, kept: Look<'_>) -> Value {
        let found = keys(block).into_iter().filter_map(|key| match kept(&key) {
            Datum::Text(name) => Some(Value::Text(name)),
            _ => None,
        });
        let mut names: Vec<Value> = found.collect();
        match limits(block).most {
            1 => names.pop().unwrap_or(Value::Empty),
            _ if names.is_empty() => Value::Empty,
            _ => Value::List(names),
        }
    }

    fn read(&self, sight: &Sight<'_>, sent: &Fields) -> Result<Kept, Fault> {
        let limits = limits(sight.block);
        let mut names: Vec<&str> = Vec::new();
        let all = sent.all(sight.id()).filter(|name| !name.is_empty());
        let mut all: Vec<&str> = all.collect();
        if limits.most == 1 {
            // The file that was chosen last takes the place of the one before.
            all.drain(..all.len().saturating_sub(1));
        }
        for name in all {
            let Some(file) = sight.upload(name) else {
                return Err(Fault::at(sight.id(), Phrase::new("file-gone")));
            };
            if let Some(why) = fault(limits, file) {
                return Err(Fault::at(sight.id(), why));
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.len() > limits.most as usize {
            let why = Phrase::new("files-most").with(&limits.most);
            return Err(Fault::at(sight.id(), why));
        }
        let datum = |(at, key): (usize, String)| {
            let name = names.get(at);
            let datum = name.map(|name| Datum::Text((*name).to_owned()));
            (key, datum.unwrap_or(Datum::NotAnswered))
        };
        let all = keys(sight.block).into_iter().enumerate();
        Ok(all.map(datum).collect())
    }

    fn invent(&self, sight: &Sight<'_>, die: &mut Die<'_>) -> Fielded {
        let own = sight.uploads.iter().filter(|file| file.block == sight.id());
        let limits = limits(sight.block);
        let fit: Vec<&str> = { own.filter(|file| fault(limits, file).is_none()) }
            .map(|file| file.name.as_str())
            .collect();
        let name = die.among(&fit).map(|name| (*name).to_owned());
        name.map(|name| (sight.block.id.clone(), name))
            .into_iter()
            .collect()
    }

    fn fields(&self, block: &Block, kept: Look<'_>) -> Vec<(String, String)> {
        let named = keys(block).into_iter().filter_map(|key| match kept(&key) {
            Datum::Text(name) => Some((block.id.clone(), name)),
            _ => None,
        });
        named.collect()
    }

    fn draw(&self, sight: &Sight<'_>, out: &mut String) -> askama::Result<()> {
        let limits = limits(sight.block);
        let named = sight.fields.iter().filter(|(name, _)| name == sight.id());
        // What was refused has to be chosen anew.
        let files = named
            .filter_map(|(_, name)| sight.upload(name))
            .filter(|file| fault(limits, file).is_none());
        let sent = files.map(|file| Sent {
            name: file.name.clone(),
            weight: format!("{} KiB", file.bytes.div_ceil(1024)),
        });
        let choose = match limits.most {
            1 => "choose-file",
            _ => "choose-files",
        };
        let view = View {
            field: sight.id(),
            sent: sent.collect(),
            choose: Phrase::new(choose)
                .with(&(limits.bytes >> 20))
                .say(sight.lang),
            media: limits.accept.media(),
            is_several: limits.most > 1,
            is_at_fault: sight.is_at_fault(),
            described: sight.described(),
        };
        view.render_into(out)
    }
}
