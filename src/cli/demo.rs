//! `onsight demo`: the main job on sample data, without an installation.

use std::io::Write;
use std::net::SocketAddr;

use crate::apps::{self, Apps, Author};
use crate::config::Said;
use crate::data::Data;
use crate::data::imports::{self, Bringer, Imports};
use crate::people::{self, Email, NewUser, People};
use crate::server;
use crate::site::Site;
use crate::surveys::projects;
use crate::surveys::running::Surveys;
use crate::web::{Role, WorkspaceId};

use super::arguments::Place;
use super::serve::{open, tell_address, until_told};
use super::user::address;

const EMAIL: &str = "demo@example.org";
/// CC0; where it comes from stands beside it.
const PENGUINS: &[u8] = include_bytes!("../../assets/sample/penguins.csv");
/// Ours; made to show what a questionnaire can have.
const LUNCH: &str = include_str!("../../assets/sample/lunch.toml");
/// How many answered it, by chance.
const ANSWERS: i64 = 120;

pub(super) async fn demo(place: &Place, out: &mut impl Write) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("onsight-demo-{}", std::process::id()));
    let config = place.config_or(Said {
        data: Some(folder.clone()),
        listen: Some(SocketAddr::from(([127, 0, 0, 1], 8443))),
        ..Said::default()
    })?;
    let (site, doors) = open(config.for_demo())?;
    if people::offer_setup(&site).await?.is_some() {
        let new = NewUser {
            email: Email::parse(EMAIL)?,
            name: "Demo".to_owned(),
            role: Role::Admin,
            operator: true,
        };
        let workspace = people::welcome(&site, new, "Demo", None).await?;
        furnish(&site, workspace).await?;
    }
    let link = people::sign_in_link(&site, &Email::parse(EMAIL)?).await?;
    tell_address(&site, out)?;
    writeln!(out, "  sign in      {}", address(&site, &link))?;
    if !place.names_a_folder() {
        writeln!(
            out,
            "  data         {} (deleted at the end)",
            folder.display()
        )?;
    }
    writeln!(out, "Stop with Ctrl C.")?;
    out.flush()?;
    let served = server::serve(People::new(site), doors, until_told()?).await;
    if !place.names_a_folder() {
        std::fs::remove_dir_all(&folder)?;
    }
    served
}

/// A table to look at, an app made from it, and a survey with answers.
async fn furnish(site: &Site, workspace: WorkspaceId) -> anyhow::Result<()> {
    let (data, author) = (Data::new(site.clone()), Author::command_line(workspace));
    let db = site.files.open(&workspace.to_string())?;
    let bringer = Bringer {
        actor: author.actor.clone(),
        workspace,
        db: db.clone(),
    };
    let imports = Imports::new(data.clone());
    let rows = PENGUINS.into();
    imports::import_bytes(&imports, &bringer, "penguins.csv", rows, "penguins").await?;
    apps::make(&Apps::new(data), &db, &author, "penguins").await?;
    projects::show(&Surveys::new(site.clone()), workspace, (LUNCH, ANSWERS)).await
}
