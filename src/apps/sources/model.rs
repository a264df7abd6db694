//! Where an app's queries are asked.

use std::sync::Arc;

use super::policy::Rules;
use super::{sql, words};
use crate::apps::Apps;
use crate::apps::format::{App, Query, Use};
use crate::data::sql_text::Dialect;
use crate::data::tables::Table;
use crate::data::{
    Caps, Column, Data, Elsewhere, Names, Question, Refusal, Rows, Wanted, connected, dialect_of,
};
use crate::store::{self, Believed, Connection, Somebody};
use crate::web::WorkspaceId;
use crate::workspaces::Member;

/// Apps of which it is known what they ask.
const MOST: usize = 500;

/// The databases elsewhere that an app asks, by its names for them; or why there is none.
#[derive(Debug, Default)]
pub(in crate::apps) struct Places(Vec<(String, Result<Place, String>)>);

/// A database elsewhere within the policies that an app has for it. There is no way to it
/// around them.
#[derive(Clone, Debug)]
pub(in crate::apps) struct Place {
    elsewhere: Elsewhere,
    rules: Arc<Rules>,
}

/// What is connected in a workspace, and what was chosen for the names of an app: names
/// and ids.
pub(super) struct Known {
    pub(super) there: Vec<Elsewhere>,
    pub(super) chosen: Vec<(String, String)>,
}

/// What is known of apps in use, by workspace and app.
#[derive(Clone)]
pub(in crate::apps) struct Looked(Arc<Believed<(WorkspaceId, String), Arc<Known>>>);

impl Default for Looked {
    fn default() -> Looked {
        Looked(Arc::new(Believed::new(MOST)))
    }
}

impl Known {
    pub(super) async fn of(
        apps: &Apps,
        workspace: WorkspaceId,
        app: &App,
    ) -> Result<Arc<Known>, store::Error> {
        let id = app.id.clone();
        let look = move |conn: &Connection| {
            let there = connected(conn, workspace)?;
            let chosen = sql::chosen(conn, workspace, &id)?;
            Ok(Arc::new(Known { there, chosen }))
        };
        let (looked, of) = (&apps.looked.0, (workspace, app.id.clone()));
        looked.find(&apps.site().system, of, look).await
    }

    /// What was chosen; else the one of that kind that is called like the name.
    pub(super) fn found(&self, uses: &Use) -> Result<Elsewhere, String> {
        let (name, kind) = (&uses.name, &uses.kind);
        if dialect_of(kind).is_none() {
            return Err(format!(
                "`uses.{name}` asks a datasource of kind {kind}, which this version cannot ask"
            ));
        }
        let choice = self.chosen.iter().find(|(known, _)| known == name);
        let mut fit = self.there.iter().filter(|one| one.kind() == kind);
        let found = match choice {
            Some((_, id)) => fit.find(|one| one.id().to_string() == *id),
            None => fit.find(|one| one.name().eq_ignore_ascii_case(name)),
        };
        found.cloned().ok_or_else(|| {
            let is_gone = if choice.is_some() {
                "the one that was chosen is not connected any more"
            } else {
                "none is chosen"
            };
            format!(
                "`uses.{name}` asks a database of kind {kind}, and {is_gone}; choose one under Settings of the app"
            )
        })
    }
}

impl Places {
    pub(in crate::apps) async fn of(
        apps: &Apps,
        workspace: WorkspaceId,
        app: &App,
    ) -> Result<Places, store::Error> {
        if app.uses.iter().all(Use::is_own) {
            return Ok(Places::default());
        }
        let known = Known::of(apps, workspace, app).await?;
        let names = app.uses.iter().filter(|uses| !uses.is_own());
        let found = names.map(|uses| {
            let rules = Rules::of(app, uses);
            let place = known.found(uses).map(|elsewhere| Place {
                elsewhere,
                rules: Arc::new(rules),
            });
            (uses.name.clone(), place)
        });
        Ok(Places(found.collect()))
    }

    /// Where the query is asked; `None`: in the workspace's own database.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub(in crate::apps) fn of_query(&self, query: &Query) -> Result<Option<&Place>, String> {
        let found = self.0.iter().find(|(name, _)| *name == query.uses);
        match found {
            None => Ok(None),
            Some((_, Ok(place))) => {
                place.rules.fit(query)?;
                Ok(Some(place))
            }
            Some((_, Err(why))) => Err(why.clone()),
        }
    }

    /// Where a name of its `uses` leads; `None`: to the workspace's own database.
    ///
    /// # Errors
    ///
    /// In words for whoever makes the app.
    pub(in crate::apps) fn of_use(&self, uses: &str) -> Result<Option<&Place>, String> {
        let found = self.0.iter().find(|(name, _)| name == uses);
        match found {
            None => Ok(None),
            Some((_, place)) => place.as_ref().map(Some).map_err(Clone::clone),
        }
    }

    /// The one of that name, if it can be asked.
    pub(super) fn named(&self, uses: &str) -> Option<&Place> {
        let found = self.0.iter().find(|(name, _)| name == uses);
        found.and_then(|(_, place)| place.as_ref().ok())
    }
}

impl Place {
    pub(in crate::apps) fn name(&self) -> &str {
        self.elsewhere.name()
    }

    pub(in crate::apps) fn dialect(&self) -> Dialect {
        self.elsewhere.dialect()
    }

    /// Rows an answer may have.
    pub(in crate::apps) fn most(&self) -> usize {
        self.elsewhere.most()
    }

    /// The tables that can be read there.
    ///
    /// # Errors
    ///
    /// In words for whoever makes the app.
    pub(in crate::apps) async fn tables(
        &self,
        asking: (&Data, &Member),
    ) -> Result<Vec<Table>, Refusal> {
        self.elsewhere.tables(asking).await
    }

    /// The columns of a question's answer. Its query was found fit by [`Places::of_query`].
    ///
    /// # Errors
    ///
    /// In words for whoever makes the app.
    pub(in crate::apps) async fn columns(
        &self,
        asking: (&Data, &Member),
        question: &Question,
    ) -> Result<Vec<Column>, Refusal> {
        let question = Question {
            sql: format!("select * from (\n{}\n) as asked where 1 = 0", question.sql),
            values: question.values.clone(),
        };
        // No row is wanted: where rows are fetched before they are asked, none is.
        let caps = Caps {
            rows: 0,
            ..Caps::PAGE
        };
        let none = self.ask(asking, &question, caps).await?;
        Ok(none.columns)
    }

    /// The answer, as the member may see it. Its query was found fit by [`Places::of_query`].
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub(in crate::apps) async fn ask(
        &self,
        (data, member): (&Data, &Member),
        question: &Question,
        caps: Caps,
    ) -> Result<Rows, Refusal> {
        if self.rules.is_empty() {
            return self.elsewhere.ask((data, member), question, caps).await;
        }
        self.guard(data, &question.sql).await?;
        let mut known = Vec::new();
        for table in self.rules.masked() {
            let columns = self.elsewhere.names_lately(data, Names::Columns(table));
            known.push((table, columns.await?));
        }
        let columns = |table: &str| {
            let found = known.iter().find(|(known, _)| *known == table);
            found
                .map(|(_, columns)| columns.to_vec())
                .unwrap_or_default()
        };
        let asker = member.viewer.person.asker();
        let bound = self.rules.bound(question, &asker, &columns);
        let bound = bound.map_err(Refusal::Query)?;
        self.elsewhere.ask((data, member), &bound, caps).await
    }

    /// Changes rows as that person may; as many as are wanted, or none. Gives how many. Its
    /// query was found fit by [`Places::of_query`].
    ///
    /// # Errors
    ///
    /// Nothing was changed, but for [`Refusal::Unknown`].
    pub(in crate::apps) async fn change(
        &self,
        (data, member): (&Data, &Member),
        question: &Question,
        rows: Option<u64>,
    ) -> Result<u64, Refusal> {
        let mut wanted = Wanted {
            rows,
            is_vouched: false,
        };
        if self.rules.is_empty() {
            return self.elsewhere.change(data, question, wanted).await;
        }
        self.guard(data, &question.sql).await?;
        let bound = self
            .rules
            .bound_change(question, &member.viewer.person.asker());
        let (bound, is_vouched) = bound.map_err(Refusal::Query)?;
        wanted.is_vouched = is_vouched;
        self.elsewhere.change(data, &bound, wanted).await
    }

    /// Refuses a statement that names what is another name for rows by now: a view that was
    /// made after the app was published.
    async fn guard(&self, data: &Data, sql: &str) -> Result<(), Refusal> {
        let others = self.elsewhere.names_lately(data, Names::Others).await?;
        match self.other_name(sql, &others) {
            Some(other) => Err(Refusal::Query(format!(
                "it reads `{other}`, which may hold rows of other tables; read the tables themselves"
            ))),
            None => Ok(()),
        }
    }

    /// The name in a statement under which rows of other tables could be read.
    fn other_name<'a>(&self, sql: &str, others: &'a [String]) -> Option<&'a str> {
        let tables: Vec<&str> = self.rules.tables().collect();
        let is_other = |name: &&str| !tables.contains(name);
        { words::says(self.dialect(), sql, others).into_iter() }.find(is_other)
    }

    /// What keeps its policies from holding there for these queries: a table that cannot be
    /// read, another name for rows of a table, an account that may do more than read.
    pub(super) async fn unheld(&self, data: &Data, queries: &[&Query]) -> Option<String> {
        self.looked(data, queries)
            .await
            .unwrap_or_else(|refusal| Some(refusal.to_string()))
    }

    async fn looked(&self, data: &Data, queries: &[&Query]) -> Result<Option<String>, Refusal> {
        for table in self.rules.tables() {
            self.elsewhere.names(data, Names::Columns(table)).await?;
        }
        let others = self.elsewhere.names(data, Names::Others).await?;
        for query in queries {
            if let Some(other) = self.other_name(&query.sql, &others) {
                return Ok(Some(format!(
                    "`{}` reads `{other}`, which may hold rows of other tables; read the tables themselves",
                    query.name
                )));
            }
        }
        let too_many = self.elsewhere.too_many(data).await?;
        Ok(too_many.map(|(powers, mending)| {
            format!(
                "the account that reads {} may do more: {powers}. An admin of that database makes one that only reads, with: {}",
                self.name(),
                mending.replace('\n', " ")
            )
        }))
    }
}
