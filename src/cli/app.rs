//! `onsight app`: app files, from the console.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::apps::format::Level;
use crate::apps::intake::{self, Converted, Engine};
use crate::apps::{self, Apps, Author, Error, Import};
use crate::base::Clock;
use crate::data::Data;
use crate::people;
use crate::site::Site;

use super::arguments::{App, Brought, Place};
use super::fared::{Fared, fared};

pub(super) async fn run(place: &Place, command: App, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        App::Check(brought) => check(&brought, out),
        App::Export { id, out: to } => {
            let site = Site::beside(place.config()?, Clock::system())?;
            export(&site, &id, to.as_deref(), out).await
        }
        App::Import { brought, publish } => {
            let site = Site::beside(place.config()?, Clock::system())?;
            import(&site, &brought, publish, out).await
        }
    }
}

/// JSON definitions as an app; nothing where the files are app files.
fn converted(brought: &Brought) -> anyhow::Result<Option<Converted>> {
    let is_json = |file: &PathBuf| {
        file.extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("json"))
    };
    if !brought.files.iter().any(is_json) {
        return Ok(None);
    }
    let mut files = Vec::new();
    for file in &brought.files {
        files.push(intake::Brought {
            name: file.display().to_string(),
            text: text_of(file)?,
        });
    }
    let engine = match brought.on.as_str() {
        "mysql" => Engine::Mysql,
        _ => Engine::Sqlite,
    };
    Ok(Some(intake::convert(&files, engine)?))
}

/// The account of definitions, or what is wrong with app files.
fn check(brought: &Brought, out: &mut impl Write) -> anyhow::Result<()> {
    match converted(brought) {
        Ok(None) => brought
            .files
            .iter()
            .try_for_each(|file| check_file(file, out)),
        Ok(Some(converted)) => {
            writeln!(out, "{}", converted.account)?;
            out.flush()?;
            fared(&names(brought), &converted.account)
        }
        Err(error) => Err(Fared::new(2, format!("{error:#}")).into()),
    }
}

fn names(brought: &Brought) -> String {
    let names = brought.files.iter().map(|file| file.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

/// A line for each problem; an error when one of them keeps the file from loading.
fn check_file(file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
    let problems = apps::check(&text_of(file)?);
    for problem in &problems {
        writeln!(out, "{}:{problem}", file.display())?;
    }
    out.flush()?;
    let is_error = |problem: &&apps::format::Problem| problem.level == Level::Error;
    match problems.iter().filter(is_error).count() {
        0 => Ok(()),
        1 => bail!("{} has an error", file.display()),
        many => bail!("{} has {many} errors", file.display()),
    }
}

async fn export(
    site: &Site,
    id: &str,
    to: Option<&Path>,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (apps, author) = first_workspace(site).await?;
    let text = apps::export(&apps, &author, id)
        .await
        .with_context(|| format!("`{id}` is not exported"))?;
    match to {
        Some(file) => std::fs::write(file, text)
            .with_context(|| format!("{} cannot be written", file.display()))?,
        None => out.write_all(text.as_bytes())?,
    }
    out.flush()?;
    Ok(())
}

async fn import(
    site: &Site,
    brought: &Brought,
    publish: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let text = match (converted(brought)?, brought.files.as_slice()) {
        (Some(converted), _) => {
            writeln!(out, "{}", converted.account)?;
            converted.text
        }
        (None, [file]) => text_of(file)?,
        (None, _) => bail!("one app file is taken in at a time; name one"),
    };
    let (apps, author) = first_workspace(site).await?;
    let wanted = Import {
        text,
        id: None,
        publish,
    };
    match apps::import(&apps, &author, wanted).await {
        Ok(id) if publish => writeln!(out, "{id} is imported and published")?,
        Ok(id) => writeln!(out, "{id} is imported as a draft")?,
        Err(Error::Problems(problems)) => {
            for problem in &problems {
                writeln!(out, "{}:{problem}", names(brought))?;
            }
            out.flush()?;
            bail!("{} is not imported", names(brought));
        }
        Err(error) => return Err(error.into()),
    }
    out.flush()?;
    Ok(())
}

async fn first_workspace(site: &Site) -> anyhow::Result<(Apps, Author)> {
    let workspace = people::first_workspace(site)
        .await
        .context("there is no workspace yet: set Onsight up first")?;
    let apps = Apps::new(Data::new(site.clone()));
    Ok((apps, Author::command_line(workspace)))
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    let bytes =
        std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brought(files: Vec<PathBuf>) -> Brought {
        Brought {
            files,
            on: "sqlite".to_owned(),
        }
    }

    /// What is printed, and what the process ends with.
    fn checked_json(text: &str) -> (String, u8) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        std::fs::write(&file, text).unwrap();
        let mut out = Vec::new();
        let done = check(&brought(vec![file]), &mut out);
        let place = format!("{}/", folder.path().display());
        let out = String::from_utf8(out).unwrap().replace(&place, "");
        let exit = done
            .err()
            .map_or(0, |error| super::super::exit_code(&error));
        (out, exit)
    }

    #[test]
    fn definitions_end_with_what_became_of_them() {
        let (out, exit) = checked_json(r#"{"name": "All", "sql": "select 1 as a"}"#);
        assert_eq!(exit, 0, "{out}");
        assert!(
            out.ends_with("2 keys: 2 carried over, 0 with a note, 0 refused\n"),
            "{out}"
        );

        let (out, exit) = checked_json(r#"{"name": "All", "sql": "select 1 as a", "css": "a{}"}"#);
        assert_eq!(exit, 1, "{out}");
        assert!(
            out.contains("a.json:1 /css: carried over, with a note"),
            "{out}"
        );

        assert_eq!(
            checked_json(r#"{"name": "All", "sql": "drop table t"}"#).1,
            2
        );
        assert_eq!(checked_json("{").1, 2);
    }

    fn checked(text: &str) -> (String, Result<(), String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.toml");
        std::fs::write(&file, text).unwrap();
        let mut out = Vec::new();
        let done = check(&brought(vec![file]), &mut out).map_err(|error| error.to_string());
        let place = format!("{}/", folder.path().display());
        let out = String::from_utf8(out).unwrap().replace(&place, "");
        (out, done.map_err(|error| error.replace(&place, "")))
    }

    #[test]
    fn a_problem_is_told_with_its_place_and_fails_the_check() {
        let (out, done) = checked("format = 1\nid = \"a\"\ntitle = \"A\"\ntitel = 1\n");

        assert_eq!(
            out,
            "app.toml:4:1: unknown key `titel`; did you mean `title`?\n"
        );
        assert_eq!(done.unwrap_err(), "app.toml has an error");
    }

    #[test]
    fn a_whole_app_says_nothing() {
        let (out, done) = checked("format = 1\nid = \"a\"\ntitle = \"A\"\n");

        assert_eq!((out.as_str(), done), ("", Ok(())));
    }
}
