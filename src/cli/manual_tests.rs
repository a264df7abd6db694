//! The handbooks say no command that this program does not know.

use clap::Parser;
use clap::error::ErrorKind;

use super::Arguments;

/// Something of the command line in a text: where, its words, and whether it is
/// whole or only named.
struct Said {
    place: String,
    words: Vec<String>,
    is_whole: bool,
}

fn texts() -> Vec<(String, String)> {
    let mut paths = vec!["README.md".to_owned()];
    for entry in std::fs::read_dir("docs").unwrap() {
        let path = entry.unwrap().path().display().to_string();
        if path.strip_suffix(".md").is_some() {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: String| (path.clone(), std::fs::read_to_string(path).unwrap());
    paths.into_iter().map(read).collect()
}

/// The words of a command as a shell would give them, as far as the handbooks
/// use one: quotes, a comment, where the output goes.
fn words(text: &str) -> Vec<String> {
    let text = text.split(" #").next().unwrap_or_default();
    let text = text.split([';', '>']).next().unwrap_or_default();
    let mut words = Vec::new();
    for (at, part) in text.split(['"', '\'']).enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    // What may be left out is said as well.
    for word in &mut words {
        *word = word.trim_matches(['[', ']']).to_owned();
    }
    words
}

fn commands(path: &str, text: &str) -> Vec<Said> {
    let mut said = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let place = format!("{path}:{}", at + 1);
        let plain = line.trim_start().trim_start_matches("$ ");
        let plain = plain.strip_prefix("sudo ").unwrap_or(plain);
        let plain = plain.strip_prefix("-u onsight ").unwrap_or(plain);
        let quoted = line.split('`').skip(1).step_by(2);
        if let Some(rest) = plain.strip_prefix("onsight ") {
            // One of several: `telemetry on | off`.
            for rest in rest.split(" | ").take(1) {
                said.push((place.clone(), rest, true));
            }
        }
        said.extend(
            quoted.filter_map(|code| Some((place.clone(), code.strip_prefix("onsight ")?, false))),
        );
    }
    let said = said.into_iter().map(|(place, text, is_whole)| Said {
        place,
        words: words(text),
        is_whole,
    });
    said.collect()
}

#[test]
fn every_command_of_the_handbooks_is_one() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (path, text) in texts() {
        for said in commands(&path, &text) {
            count += 1;
            let words = std::iter::once("onsight").chain(said.words.iter().map(String::as_str));
            let Err(error) = Arguments::try_parse_from(words) else {
                continue;
            };
            let is_named = matches!(
                error.kind(),
                ErrorKind::MissingRequiredArgument
                    | ErrorKind::MissingSubcommand
                    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            );
            let is_help = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            );
            if !(is_help || is_named && !said.is_whole) {
                wrong.push(format!("{}: {:?}: {error}", said.place, said.words));
            }
        }
    }
    assert!(count > 40, "only {count} were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_command_nobody_knows_is_found() {
    let text = "    sudo onsight backup now --soon   # at once\nSee `onsight bakup`.";
    let said = commands("x.md", text);
    assert_eq!(said.len(), 2);
    for one in said {
        let words = std::iter::once("onsight").chain(one.words.iter().map(String::as_str));
        let error = Arguments::try_parse_from(words).unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
        ));
    }
}
