//! `onsight app`: app files, from the console.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};

use crate::apps::format::Level;
use crate::apps::{self, Apps, Author, Error, Import};
use crate::base::Clock;
use crate::data::Data;
use crate::people;
use crate::site::Site;

use super::arguments::{App, Place};

pub(super) async fn run(place: &Place, command: App, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        App::Check { file } => check(&file, out),
        App::Export { id, out: to } => {
            let site = Site::beside(place.config()?, Clock::system())?;
            export(&site, &id, to.as_deref(), out).await
        }
        App::Import { file, publish } => {
            let site = Site::beside(place.config()?, Clock::system())?;
            import(&site, &file, publish, out).await
        }
    }
}

/// A line for each problem; an error when one of them keeps the file from loading.
fn check(file: &Path, out: &mut impl Write) -> anyhow::Result<()> {
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
    file: &Path,
    publish: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let (apps, author) = first_workspace(site).await?;
    let wanted = Import {
        text: text_of(file)?,
        id: None,
        publish,
    };
    match apps::import(&apps, &author, wanted).await {
        Ok(id) if publish => writeln!(out, "{id} is imported and published")?,
        Ok(id) => writeln!(out, "{id} is imported as a draft")?,
        Err(Error::Problems(problems)) => {
            for problem in &problems {
                writeln!(out, "{}:{problem}", file.display())?;
            }
            out.flush()?;
            bail!("{} is not imported", file.display());
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

    fn checked(text: &str) -> (String, Result<(), String>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("app.toml");
        std::fs::write(&file, text).unwrap();
        let mut out = Vec::new();
        let done = check(&file, &mut out).map_err(|error| error.to_string());
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
