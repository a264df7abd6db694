//! Files that respondents sent: one of them, or all in one ZIP. Never shown, always saved: what
//! strangers send is no page of ours.

use std::io::{BufWriter, Write};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderName;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::json;

use super::{Author, Error, actions, reading};
use crate::data::sent;
use crate::data::writers::Spool;
use crate::site::Site;
use crate::store::{self, Connection, Db, project_file};
use crate::surveys::exports::{self, Packed};
use crate::surveys::format::Survey;
use crate::surveys::personal::Vault;
use crate::surveys::projects::model::Read;
use crate::surveys::running::Surveys;
use crate::surveys::uploads;
use crate::web::{self, Fields, Result};
use crate::workspaces::Member;

const HEADERS: [(HeaderName, &str); 2] = [
    (CONTENT_TYPE, "application/octet-stream"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
];
/// Files looked up at a time.
const MOST: u32 = 500;

/// The questions whose answers tell who somebody is, in any version.
fn personal(history: &reading::History) -> Vec<String> {
    let draft = Read::of(&history.project.text).survey;
    let published = history.versions.iter().map(|(_, survey)| survey);
    let blocks = published.chain(&draft).flat_map(Survey::blocks);
    blocks
        .filter(|block| block.is_personal)
        .map(|block| block.id.clone())
        .collect()
}

fn asked(query: Option<String>) -> Fields {
    query.map(|query| Fields::parse(&query)).unwrap_or_default()
}

/// One file of one respondent, piece by piece.
pub(super) async fn one(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, respondent, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let number = |text: &str| text.parse::<i64>().map_err(|_no| web::Error::NotFound);
    let ids = (number(&respondent)?, number(&file)?);
    let name = project_file(member.workspace, &survey);
    if !site.files.is_there(&name)? {
        return Err(web::Error::NotFound);
    }
    let db = site.files.open(&name)?;
    let has_personal = asked(query).get("personal") == Some("yes");
    let vault = vault(site, &name, has_personal)?.map(Arc::new);
    let opens = vault.clone();
    let found = db.read(move |conn| uploads::one(conn, ids, opens.as_deref()));
    let found = found.await?.ok_or(web::Error::NotFound)?;
    if personal(&history).contains(&found.block) && !has_personal {
        return Err(web::Error::NotFound);
    }
    let detail = json!({ "format": "file", "respondent": ids.0, "personal": has_personal });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let coming = Coming {
        db,
        vault,
        id: found.id,
        at: 0,
    };
    let pieces = futures_util::stream::unfold(Some(coming), next);
    let saved = [(CONTENT_DISPOSITION, saved_as(&found.name))];
    Ok((HEADERS, saved, Body::from_stream(pieces)).into_response())
}

/// Opens what is personal, where it was asked for.
fn vault(
    site: &Site,
    file: &str,
    has_personal: bool,
) -> std::result::Result<Option<Vault>, store::Error> {
    has_personal.then(|| Vault::of(site, file)).transpose()
}

/// A file on its way out, and the next piece of it.
struct Coming {
    db: Db,
    vault: Option<Arc<Vault>>,
    id: i64,
    at: u32,
}

type Piece = std::result::Result<Bytes, store::Error>;

async fn next(coming: Option<Coming>) -> Option<(Piece, Option<Coming>)> {
    let coming = coming?;
    let (id, at, vault) = (coming.id, coming.at, coming.vault.clone());
    let read = { &coming.db }.read(move |conn| uploads::piece(conn, (id, at), vault.as_deref()));
    match read.await {
        Ok(piece) => {
            let rest = Coming {
                at: at + 1,
                ..coming
            };
            piece.map(|piece| (Ok(piece.into()), Some(rest)))
        }
        Err(error) => Some((Err(error), None)),
    }
}

/// The name in plain letters for old programs, and as it is for the others.
fn saved_as(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | ';' => '_',
            c if c.is_ascii() && !c.is_control() => c,
            _ => '_',
        })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            whole.push(byte.into());
        } else {
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
            let halves = [byte >> 4, byte & 0x0f].map(digit);
            whole.push('%');
            whole.extend(halves.map(|digit| digit.to_ascii_uppercase()));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// All of them in a ZIP, a folder for each respondent. It is made whole, sealed on the disk,
/// before its first byte leaves.
pub(super) async fn all(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let asked = asked(query);
    let has_personal = asked.get("personal") == Some("yes");
    let is_test = asked.get("which") == Some("tests");
    let left_out = if has_personal {
        Vec::new()
    } else {
        personal(&history)
    };
    let folder = site.files.staging(&member.workspace.to_string())?;
    let file = project_file(member.workspace, &survey);
    let vault = vault(site, &file, has_personal)?;
    let detail = json!({ "format": "files", "personal": has_personal, "tests": is_test });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let written = reading::look(site, (member.workspace, &survey), move |conn| {
        let mut out = BufWriter::new(Spool::begin(&folder)?);
        pack(conn, is_test, (&left_out, vault.as_ref()), &mut out)?;
        let spool = out
            .into_inner()
            .map_err(|error| exports::Error::Disk(error.into_error()))?;
        spool
            .end()
            .map_err(|error| Error::Export(exports::Error::Disk(error)))
    });
    let name = format!("{survey}-files");
    Ok(sent(&name, "zip", "application/zip", written.await?))
}

fn pack(
    conn: &Connection,
    is_test: bool,
    (left_out, vault): (&[String], Option<&Vault>),
    out: &mut dyn Write,
) -> std::result::Result<(), exports::Error> {
    let mut packed = Packed::new(out);
    let mut after = 0;
    loop {
        let (found, last) = uploads::owned(conn, (after, MOST), is_test, vault)?;
        let Some(last) = last else { break };
        after = last;
        for file in found
            .iter()
            .filter(|file| !left_out.contains(&file.of.block))
        {
            packed.begin(&file.path())?;
            let mut at = 0;
            while let Some(piece) = uploads::piece(conn, (file.of.id, at), vault)? {
                packed.write_all(&piece)?;
                at += 1;
            }
        }
    }
    packed.end()
}

/// A file of a response as its page shows it.
pub(super) fn address(survey: &str, (respondent, file): (i64, i64)) -> String {
    format!("/surveys/{survey}/responses/{respondent}/files/{file}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_say_more_than_a_name() {
        assert_eq!(
            saved_as("Ä b\"; x=\".pdf"),
            "attachment; filename=\"_ b__ x=_.pdf\"; filename*=UTF-8''%C3%84%20b%22%3B%20x%3D%22.pdf"
        );
    }
}
