//! Surveys and the text researchers work on.

use crate::base::Time;
use crate::store::{
    Connection, Error as StoreError, OptionalExtension, ResultExt, Transaction, named_params,
};
use crate::surveys::projects::model::{Error, Listed, Project, State};
use crate::web::WorkspaceId;

/// All surveys of a workspace, by title.
pub(in crate::surveys::projects) fn list(
    conn: &Connection,
    workspace: WorkspaceId,
) -> Result<Vec<Listed>, StoreError> {
    let mut list = conn.prepare_cached(
        "select survey.id, survey.title, survey.state, survey.version, survey.draft_at,
                survey_version.text is not survey.draft as is_changed
         from survey left join survey_version on survey_version.workspace = survey.workspace
                                             and survey_version.survey = survey.id
                                             and survey_version.version = survey.version
         where survey.workspace = :workspace
         order by survey.title collate nocase, survey.id",
    )?;
    let surveys = list.query_map(named_params! { ":workspace": workspace }, |row| {
        Ok(Listed {
            id: row.get("id")?,
            title: row.get("title")?,
            state: State::named(&row.get::<_, String>("state")?),
            version: row.get("version")?,
            draft_at: Time(row.get("draft_at")?),
            is_changed: row.get("is_changed")?,
        })
    })?;
    Ok(surveys.collect::<Result<_, _>>()?)
}

pub(in crate::surveys::projects) fn find(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<Project, Error> {
    let mut find = conn
        .prepare_cached(
            "select id, slug, title, draft, draft_at, draft_by, version, state from survey
             where workspace = :workspace and id = :id",
        )
        .map_err(StoreError::from)?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    let found = find.query_row(values, |row| {
        Ok(Project {
            id: row.get("id")?,
            slug: row.get("slug")?,
            title: row.get("title")?,
            text: row.get("draft")?,
            draft_at: Time(row.get("draft_at")?),
            draft_by: row.get("draft_by")?,
            version: row.get("version")?,
            state: State::named(&row.get::<_, String>("state")?),
        })
    });
    let found = found.optional().map_err(StoreError::from)?;
    found.ok_or(Error::Missing)
}

pub(in crate::surveys::projects) fn exists(
    conn: &Connection,
    workspace: WorkspaceId,
    id: &str,
) -> Result<bool, StoreError> {
    let mut find = conn.prepare_cached(
        "select exists (select 1 from survey where workspace = :workspace and id = :id)",
    )?;
    let values = named_params! { ":workspace": workspace, ":id": id };
    Ok(find.query_row(values, |row| row.get(0))?)
}

pub(in crate::surveys::projects) fn slug_is_free(
    conn: &Connection,
    slug: &str,
) -> Result<bool, StoreError> {
    let mut find =
        conn.prepare_cached("select not exists (select 1 from survey where slug = :slug)")?;
    Ok(find.query_row(named_params! { ":slug": slug }, |row| row.get(0))?)
}

/// A new survey, not published yet.
pub(in crate::surveys::projects) fn insert(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    project: &Project,
) -> Result<(), Error> {
    tx.execute(
        "insert into survey (workspace, id, slug, title, draft, draft_at, draft_by, created)
         values (:workspace, :id, :slug, :title, :draft, :at, :by, :at)",
        named_params! {
            ":workspace": workspace,
            ":id": project.id,
            ":slug": project.slug,
            ":title": project.title,
            ":draft": project.text,
            ":at": project.draft_at.0,
            ":by": project.draft_by,
        },
    )
    .on_taken(
        "survey.workspace, survey.id",
        Error::Exists(project.id.clone()),
    )?;
    Ok(())
}

/// Puts another text in the draft's place, if it is still the one of `seen`.
pub(in crate::surveys::projects) fn save(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    project: &Project,
    seen: Time,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "update survey set title = :title, draft = :draft, draft_at = :at, draft_by = :by
         where workspace = :workspace and id = :id and draft_at = :seen",
        named_params! {
            ":workspace": workspace,
            ":id": project.id,
            ":title": project.title,
            ":draft": project.text,
            ":at": project.draft_at.0,
            ":by": project.draft_by,
            ":seen": seen.0,
        },
    )?;
    Ok(changed == 1)
}

/// Says how far a survey is, which version respondents begin with, and when it
/// was closed: what is closed already was closed then.
pub(in crate::surveys::projects) fn set_state(
    tx: &Transaction<'_>,
    workspace: WorkspaceId,
    id: &str,
    (state, version, closed): (State, Option<i64>, Option<Time>),
) -> Result<(), StoreError> {
    tx.execute(
        "update survey
         set state = :state, version = :version,
             closed_at = iif(:closed is null, null, coalesce(closed_at, :closed))
         where workspace = :workspace and id = :id",
        named_params! {
            ":workspace": workspace,
            ":id": id,
            ":state": state.name(),
            ":version": version,
            ":closed": closed.map(|at| at.0),
        },
    )?;
    Ok(())
}
