//! `onsight survey`: questionnaires, from the console.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::surveys::format::{Level, Survey};
use crate::surveys::intake::{self, Beside, Converted};

use super::arguments::Questionnaire;
use super::fared::{Fared, fared};

pub(super) fn run(command: &Questionnaire, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        Questionnaire::Check { file } => check(file, out),
        Questionnaire::Convert { file } => convert(file, out),
        Questionnaire::Export { file, out: to } => export(file, to, out),
    }
}

/// A definition, or a questionnaire that becomes one.
enum Read {
    Definition(String),
    Questionnaire(Converted),
}

fn read(file: &Path) -> anyhow::Result<Read> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let is_toml = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    if is_toml {
        let text = String::from_utf8(bytes);
        return Ok(Read::Definition(
            text.with_context(|| format!("{} is not UTF-8", file.display()))?,
        ));
    }
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let folder = Folder(file.parent().map(Path::to_owned).unwrap_or_default());
    let converted = intake::convert(&bytes, &name.unwrap_or_default(), &folder)
        .with_context(|| format!("{} is not taken", file.display()))?;
    Ok(Read::Questionnaire(converted))
}

/// The folder a questionnaire lies in, for the lists it names.
struct Folder(PathBuf);

impl Beside for Folder {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        let is_plain = !name.contains(['/', '\\']) && name != "..";
        is_plain
            .then(|| std::fs::read(self.0.join(name)).ok())
            .flatten()
    }
}

fn check(file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    match read(file) {
        Ok(Read::Definition(text)) => definition(file, &text, out),
        Ok(Read::Questionnaire(converted)) => {
            writeln!(out, "{}", converted.account)?;
            out.flush()?;
            fared(&file.display().to_string(), &converted.account)
        }
        Err(error) => Err(Fared::new(2, format!("{error:#}")).into()),
    }
}

/// A line for each problem: 1 when there are notes, 2 when something keeps it from
/// being published.
fn definition(file: &Path, text: &str, out: &mut impl Write) -> anyhow::Result<()> {
    let problems = match Survey::read(text) {
        Ok(survey) => survey.problems,
        Err(problems) => problems,
    };
    for problem in &problems {
        writeln!(out, "{}:{problem}", file.display())?;
    }
    out.flush()?;
    let (exit, what) = match problems.iter().map(|problem| problem.level).max() {
        None => return Ok(()),
        Some(Level::Note) => (1, "can be published, with notes"),
        Some(Level::Refused) => (2, "cannot be published as it is"),
        Some(Level::Error) => (2, "is no whole definition"),
    };
    Err(Fared::new(exit, format!("{} {what}", file.display())).into())
}

fn convert(file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    match read(file)? {
        Read::Definition(_) => bail!("{} is a definition already", file.display()),
        Read::Questionnaire(converted) => {
            out.write_all(converted.text.as_bytes())?;
            out.flush()?;
            Ok(())
        }
    }
}

fn export(file: &Path, to: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let Read::Definition(text) = read(file)? else {
        bail!(
            "{} is no definition; it is exported from a .toml file",
            file.display()
        );
    };
    let survey = match Survey::read(&text) {
        Ok(survey) => survey,
        Err(problems) => {
            for problem in &problems {
                writeln!(out, "{}:{problem}", file.display())?;
            }
            out.flush()?;
            bail!("{} is not exported", file.display());
        }
    };
    let exported = intake::export(&survey)?;
    std::fs::write(to, &exported.bytes)
        .with_context(|| format!("{} cannot be written", to.display()))?;
    writeln!(out, "{}", exported.account)?;
    out.flush()?;
    fared(&file.display().to_string(), &exported.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is printed, and what the process ends with.
    fn checked(text: &str) -> (String, u8) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("survey.toml");
        std::fs::write(&file, text).unwrap();
        let mut out = Vec::new();
        let done = check(&file, &mut out);
        let place = format!("{}/", folder.path().display());
        let out = String::from_utf8(out).unwrap().replace(&place, "");
        let exit = done
            .err()
            .map_or(0, |error| super::super::exit_code(&error));
        (out, exit)
    }

    const WHOLE: &str = "format = 1\nid = \"a\"\ntitle = \"A\"\n\n[[page]]\nid = \"p\"\n\n[[page.ask]]\nid = \"q\"\ntype = \"text\"\ntext = \"Why?\"\n";

    #[test]
    fn a_whole_definition_says_nothing() {
        assert_eq!(checked(WHOLE), (String::new(), 0));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let (out, exit) = checked(&WHOLE.replace("type = \"text\"", "type = \"txt\""));

        assert!(out.starts_with("survey.toml:10:"), "{out}");
        assert_eq!(
            out.lines().count(),
            1,
            "and nothing that follows from it: {out}"
        );
        assert_eq!(exit, 2);
    }

    #[test]
    fn what_an_import_left_open_keeps_from_publishing() {
        let (out, exit) = checked(&format!(
            "{WHOLE}unresolved = \"its condition is not carried over\"\n"
        ));

        assert!(
            out.contains("`q` is not ready: its condition is not carried over"),
            "{out}"
        );
        assert_eq!(exit, 2);
    }

    #[test]
    fn what_is_no_questionnaire_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.xlsx");
        std::fs::write(&file, b"PK\x03\x04 but no workbook").unwrap();

        let error = check(&file, &mut Vec::new()).unwrap_err();

        assert_eq!(super::super::exit_code(&error), 2);
        assert!(
            error.to_string().contains("the workbook cannot be read"),
            "{error}"
        );
    }
}
