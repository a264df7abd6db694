//! Files that respondents sent: one of them, or all in one ZIP. Never shown, always saved: what
//! strangers send is no page of ours.

use std::io::{BufWriter, Write};

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
use crate::store::{self, Connection, Db, project_file};
use crate::surveys::exports::{self, Packed};
use crate::surveys::format::Survey;
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
    let found = db.read(move |conn| uploads::one(conn, ids)).await?;
    let found = found.ok_or(web::Error::NotFound)?;
    let has_personal = asked(query).get("personal") == Some("yes");
    if personal(&history).contains(&found.block) && !has_personal {
        return Err(web::Error::NotFound);
    }
    let detail = json!({ "format": "file", "respondent": ids.0, "personal": has_personal });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let pieces = futures_util::stream::unfold(Some((db, found.id, 0)), next);
    let saved = [(CONTENT_DISPOSITION, saved_as(&found.name))];
    Ok((HEADERS, saved, Body::from_stream(pieces)).into_response())
}

type Coming = Option<(Db, i64, u32)>;

async fn next(coming: Coming) -> Option<(std::result::Result<Bytes, store::Error>, Coming)> {
    let (db, id, at) = coming?;
    let read = db.read(move |conn| uploads::piece(conn, (id, at))).await;
    match read {
        Ok(piece) => piece.map(|piece| (Ok(piece.into()), Some((db, id, at + 1)))),
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
    let detail = json!({ "format": "files", "personal": has_personal, "tests": is_test });
    actions::exported(site, &Author::of(&member.viewer), &survey, detail).await?;
    let written = reading::look(site, (member.workspace, &survey), move |conn| {
        let mut out = BufWriter::new(Spool::begin(&folder)?);
        pack(conn, is_test, &left_out, &mut out)?;
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
    left_out: &[String],
    out: &mut dyn Write,
) -> std::result::Result<(), exports::Error> {
    let mut packed = Packed::new(out);
    let mut after = 0;
    loop {
        let found = uploads::owned(conn, (after, MOST), is_test)?;
        let Some(last) = found.last() else { break };
        after = last.of.id;
        for file in found
            .iter()
            .filter(|file| !left_out.contains(&file.of.block))
        {
            packed.begin(&file.path())?;
            let mut at = 0;
            while let Some(piece) = uploads::piece(conn, (file.of.id, at))? {
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
