//! Extractors that let by only whom the app in the address is open to: a page
//! about an app takes one of these instead of a [`Member`].

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::apps::Apps;
use crate::apps::sharing::{Act, hold};
use crate::web::{Error, Result};
use crate::workspaces::Member;

/// Somebody who may change the app's draft.
pub(in crate::apps) struct MayEdit(pub(in crate::apps) Member);

/// Somebody who may change the version people use.
pub(in crate::apps) struct MayPublish(pub(in crate::apps) Member);

/// Somebody who works on the app: they may edit it, or publish it.
pub(in crate::apps) struct MayLook(pub(in crate::apps) Member);

/// The member, if for each group of acts they may do one of them.
async fn enter(parts: &mut Parts, apps: &Apps, all: &[&[Act]]) -> Result<Member> {
    let member = Member::from_request_parts(parts, apps).await?;
    let Ok(params) = RawPathParams::from_request_parts(parts, apps).await else {
        return Err(Error::NotFound);
    };
    let named = params.iter().find(|(name, _)| *name == "app");
    let (_, app) = named.ok_or(Error::NotFound)?;
    for acts in all {
        hold(apps, &member.viewer.person, app, acts).await?;
    }
    Ok(member)
}

impl FromRequestParts<Apps> for MayEdit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, apps: &Apps) -> Result<MayEdit> {
        Ok(MayEdit(enter(parts, apps, &[&[Act::Edit]]).await?))
    }
}

impl FromRequestParts<Apps> for MayPublish {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, apps: &Apps) -> Result<MayPublish> {
        Ok(MayPublish(enter(parts, apps, &[&[Act::Publish]]).await?))
    }
}

impl FromRequestParts<Apps> for MayLook {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, apps: &Apps) -> Result<MayLook> {
        let either = [Act::Edit, Act::Publish];
        Ok(MayLook(enter(parts, apps, &[&either]).await?))
    }
}
