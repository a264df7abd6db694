//! The tests of an app, run: each as the person it names, and nothing of it is kept.

mod person;
mod sql;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use self::person::Subject;
use super::model::Author;
use crate::apps::format::{App, Level, Problem, Query, QueryKind, Test};
use crate::apps::library::binding;
use crate::apps::render::asked;
use crate::apps::{Apps, Error};
use crate::base::text::{shorten, thousands};
use crate::data::sql_text::{self, Dialect};
use crate::data::{Caps, Catalog, Question, Value, fetch};
use crate::store::{Budget, Db, Error as StoreError, Lane};

/// What one test may take: who writes waits for one that writes.
const EACH: Duration = Duration::from_secs(2);
/// What all of them may take.
const ALL: Duration = Duration::from_secs(30);

/// What came of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) query: String,
    pub(super) line: usize,
    /// What came instead of what was expected; nothing when it passed.
    pub(super) instead: Option<String>,
}

impl Outcome {
    pub(super) fn is_passed(&self) -> bool {
        self.instead.is_none()
    }

    /// A test that failed stands in the way of publishing.
    pub(super) fn problem(&self) -> Option<Problem> {
        let instead = self.instead.as_ref()?;
        Some(Problem {
            line: self.line,
            column: 1,
            message: format!("the test `{}` failed: {instead}", self.name),
            level: Level::Refused,
        })
    }
}

/// An app whose tests are run, and whoever runs them.
pub(super) struct Bench<'a> {
    apps: &'a Apps,
    app: &'a App,
    author: &'a Author,
    /// The file as the author may use it.
    db: Db,
    catalog: Arc<Catalog>,
}

impl<'a> Bench<'a> {
    pub(super) async fn new(
        apps: &'a Apps,
        author: &'a Author,
        app: &'a App,
    ) -> Result<Bench<'a>, Error> {
        let db = author.db(apps)?;
        let catalog = apps.data.catalog(author.workspace, &db).await?;
        Ok(Bench {
            apps,
            app,
            author,
            db,
            catalog,
        })
    }

    /// Runs the tests one after the other, in the order of the file.
    pub(super) async fn all(&self) -> Vec<Outcome> {
        let begun = Instant::now();
        let mut outcomes = Vec::with_capacity(self.app.tests.len());
        for test in &self.app.tests {
            outcomes.push(if begun.elapsed() < ALL {
                self.one(test).await
            } else {
                let seconds = ALL.as_secs();
                let said = format!(
                    "it was not run, because those before it took {seconds} seconds; make them faster"
                );
                outcome(test, Err(said))
            });
        }
        outcomes
    }

    pub(super) async fn one(&self, test: &Test) -> Outcome {
        outcome(test, self.tried(test).await)
    }

    async fn tried(&self, test: &Test) -> Result<(), String> {
        let query = self.app.query(&test.run);
        let query = query.ok_or_else(|| format!("there is no query `{}`", test.run))?;
        if !self.app.is_own(&query.uses) {
            return Err(format!(
                "`{}` asks a datasource elsewhere, and tests run on this workspace's own tables only",
                query.name
            ));
        }
        self.may_look(query, test).await?;
        let subject = Subject::of(&test.person);
        let question = self.question((query, test), &subject);
        let layers = binding(self.app);
        let db = self.db.for_person(Arc::new(subject.asker())).within(layers);
        match query.kind {
            QueryKind::Read => self.read(&db, question?, test).await,
            QueryKind::Write => write(&db, query, question, test).await,
        }
    }

    /// A test asks as somebody else. Who is bound by a policy of a table would learn
    /// by tests what it keeps from them.
    async fn may_look(&self, query: &Query, test: &Test) -> Result<(), String> {
        let person = self.author.person.as_ref();
        if person.is_some_and(|person| person.whereabouts.grant.is_some()) {
            return Err(
                "an operator who is here for a while runs no tests: they ask as somebody else; let a member run them"
                    .to_owned(),
            );
        }
        let words = format!("{}\n{}", query.sql, test.expect);
        for table in self.catalog.named_in(&words) {
            let is_governed = self.db.is_governed(&table.name).await;
            if is_governed.map_err(|error| error.to_string())? {
                return Err(format!(
                    "a policy of the table {} binds you, and a test looks at it as somebody else; let somebody run it whom that policy leaves free",
                    table.name
                ));
            }
        }
        Ok(())
    }

    fn question(
        &self,
        (query, test): (&Query, &Test),
        subject: &Subject,
    ) -> Result<Question, String> {
        let context = subject.context(self.apps.site().clock.now(), &self.app.id);
        let mut values = Vec::with_capacity(query.params.len());
        for param in &query.params {
            let sent = test.with.iter().filter(|(name, _)| *name == param.name);
            let sent: Vec<&str> = sent.map(|(_, value)| value.as_str()).collect();
            let value = param.bind_all(&sent, &context);
            let value = value.map_err(|fault| format!("`{}` {fault}", param.name))?;
            values.push((param.name.as_str(), value));
        }
        let statement = query.statement(&values);
        statement.map(asked).map_err(|error| error.to_string())
    }

    async fn read(&self, db: &Db, question: Question, test: &Test) -> Result<(), String> {
        let question = Question {
            sql: sql::of_rows(&question.sql, sql_text::bare(Dialect::Sqlite, &test.expect)),
            ..question
        };
        let (catalog, caps) = (
            Arc::clone(&self.catalog),
            Caps {
                rows: 1,
                ..Caps::PAGE
            },
        );
        let asked = db.ask(Lane::Desk, Budget::of(EACH), move |guarded| {
            fetch(guarded, &catalog, &question, caps)
        });
        let rows = asked.await.map_err(|error| stopped(&error))?;
        let count = match rows.get(0, 1) {
            crate::data::Cell::Integer(count) => count,
            _ => 0,
        };
        verdict(
            &Value::of(rows.get(0, 0)),
            &format!("the query gave {}", rows_of(count)),
        )
    }
}

fn outcome(test: &Test, tried: Result<(), String>) -> Outcome {
    Outcome {
        name: test.name.clone(),
        query: test.run.clone(),
        line: test.position.line,
        instead: tried.err(),
    }
}

/// What was refused is a result as well, where the test asks for it.
async fn write(
    db: &Db,
    query: &Query,
    question: Result<Question, String>,
    test: &Test,
) -> Result<(), String> {
    let (expect, wanted) = (
        sql_text::bare(Dialect::Sqlite, &test.expect).to_owned(),
        query.expect,
    );
    let asks_why = names(&expect, "error");
    let tried = db.try_out(EACH, move |tx| {
        let change = match question {
            Ok(question) => sql::change(tx, &question, wanted)?,
            Err(refused) => sql::Change::refused(refused),
        };
        let value = sql::look(tx, &change, &expect)?;
        Ok::<_, StoreError>((change, value))
    });
    let (change, value) = tried.await.map_err(|error| stopped(&error))?;
    match &change.refused {
        Some(why) if !asks_why => Err(format!("the change was refused: {why}")),
        Some(why) => verdict(&value, &format!("the change was refused: {why}")),
        None => verdict(&value, &format!("it changed {}", rows_of(change.rows))),
    }
}

/// Does the word stand in the text?
fn names(text: &str, word: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|one| one.eq_ignore_ascii_case(word))
}

fn verdict(value: &Value, found: &str) -> Result<(), String> {
    let came = match value {
        Value::Integer(0) => "0".to_owned(),
        Value::Integer(_) => return Ok(()),
        Value::Real(number) if *number != 0.0 => return Ok(()),
        Value::Real(_) => "0.0".to_owned(),
        Value::Null => "nothing".to_owned(),
        Value::Text(text) => format!("the text “{}”", shorten(text, 60)),
    };
    Err(format!("`expect` gave {came} instead of 1; {found}"))
}

fn rows_of(count: i64) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{} rows", thousands(count)),
    }
}

fn stopped(error: &StoreError) -> String {
    match error {
        StoreError::TooSlow => {
            let seconds = EACH.as_secs();
            format!("it was stopped after {seconds} seconds; let it look at fewer rows")
        }
        other => other.to_string(),
    }
}
