//! `onsight generate`: man pages and completions, from the command line's own
//! definition; for whoever makes packages.

use std::fs::{self, File};
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::arguments::{Arguments, Generate};

pub(super) fn run(what: &Generate) -> anyhow::Result<()> {
    match what {
        Generate::Man { folder } => {
            make(folder)?;
            clap_mangen::generate_to(command(), folder)?;
        }
        Generate::Completions { folder } => {
            make(folder)?;
            for (shell, name) in [
                (Shell::Bash, "onsight.bash"),
                (Shell::Zsh, "_onsight"),
                (Shell::Fish, "onsight.fish"),
            ] {
                let mut file = File::create(folder.join(name))?;
                clap_complete::generate(shell, &mut command(), "onsight", &mut file);
            }
        }
    }
    Ok(())
}

fn make(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())
}

/// The command line, with what a man page says besides.
fn command() -> Command {
    Arguments::command().after_long_help(MORE)
}

const MORE: &str = "\
The Debian package runs `onsight serve` as the service onsight, under the user of \
that name. Every other command opens the same data folder beside it and has to be \
run as that user: runuser -u onsight -- onsight COMMAND

Files: /var/lib/onsight is the data folder, /etc/onsight/onsight.toml the \
configuration, which need not be there; /usr/share/doc/onsight/operator.md has all of it.

Exit status: 0 when it was done; 1 when it was not; 2 when the command line was not \
understood; 74 when the disk failed while writing; 78 when a key or a setting has \
to be put right, or another version is needed, so that starting again does not help.";

#[cfg(test)]
mod tests {
    use super::*;

    /// Every command with the words that lead to it.
    fn all(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
        let path = format!("{path} {}", command.get_name());
        for one in command.get_subcommands() {
            all(one, &path, found);
        }
        found.push((path.trim().to_owned(), command.clone()));
    }

    fn commands() -> Vec<(String, Command)> {
        let mut found = Vec::new();
        all(&command(), "", &mut found);
        found
    }

    #[test]
    fn every_command_and_every_flag_has_a_description() {
        let mut silent = Vec::new();
        for (path, command) in commands() {
            if command
                .get_about()
                .is_none_or(|about| about.to_string().trim().is_empty())
            {
                silent.push(path.clone());
            }
            let flags = command.get_arguments().filter(|flag| !flag.is_positional());
            for flag in flags.filter(|flag| flag.get_help().is_none()) {
                silent.push(format!("{path} --{}", flag.get_id()));
            }
        }
        assert!(
            silent.is_empty(),
            "without a description: {}",
            silent.join(", ")
        );
    }

    #[test]
    fn every_command_that_is_shown_has_a_man_page() {
        let folder = tempfile::tempdir().unwrap();
        let man = Generate::Man {
            folder: folder.path().to_owned(),
        };
        run(&man).unwrap();
        for (path, command) in commands() {
            let is_hidden = path.contains("generate") || command.is_hide_set();
            let page = folder.path().join(format!("{}.1", path.replace(' ', "-")));
            assert_eq!(page.exists(), !is_hidden, "{}", page.display());
        }
        let first = fs::read_to_string(folder.path().join("onsight.1")).unwrap();
        assert!(first.contains("Exit status"), "{first}");
    }

    #[test]
    fn the_shells_complete_every_command() {
        let folder = tempfile::tempdir().unwrap();
        let completions = Generate::Completions {
            folder: folder.path().to_owned(),
        };
        run(&completions).unwrap();
        for name in ["onsight.bash", "_onsight", "onsight.fish"] {
            let text = fs::read_to_string(folder.path().join(name)).unwrap();
            for word in ["serve", "setup-code", "rollback", "rotate"] {
                assert!(text.contains(word), "{name} lacks {word}");
            }
        }
    }
}
