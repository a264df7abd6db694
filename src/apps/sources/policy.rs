//! Policies of an app on tables of a database elsewhere: what they say is put before the
//! query, each table under its own name, with who asks bound as values.
//!
//! No setting of the session takes part: whoever can run a statement could change it.

use super::changing::{self, Change, Form};
use super::who::told;
use super::words;
use crate::apps::format::{App, Query, QueryKind, Use};
use crate::data::sql_text::Dialect;
use crate::data::{Question, Value, dialect_of, only_reads_kind};
use crate::store::{Asker, Layer};

/// The columns of a table, by its name.
type Columns<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// The policies that hold on the tables of one of an app's `uses`.
#[derive(Clone, Debug, Default)]
pub(in crate::apps) struct Rules {
    dialect: Dialect,
    /// They cannot be put before the tables of that kind.
    is_lost: bool,
    /// In the order of the file; a later layer sees what the one before lets through.
    tables: Vec<(String, Vec<Layer>)>,
}

impl Rules {
    pub(super) fn of(app: &App, uses: &Use) -> Rules {
        let mut tables: Vec<(String, Vec<Layer>)> = Vec::new();
        for policy in &app.policies {
            let Some((_, table)) = policy
                .on
                .split_once('.')
                .filter(|(name, _)| *name == uses.name)
            else {
                continue;
            };
            let layer = Layer {
                rows: policy.rows.clone(),
                mask: policy.mask.clone(),
            };
            match tables.iter_mut().find(|(known, _)| known == table) {
                Some((_, layers)) => layers.push(layer),
                None => tables.push((table.to_owned(), vec![layer])),
            }
        }
        Rules {
            dialect: dialect_of(&uses.kind).unwrap_or_default(),
            is_lost: only_reads_kind(&uses.kind),
            tables,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The tables whose columns have to be known, because some are shown as something else.
    pub(super) fn masked(&self) -> impl Iterator<Item = &str> {
        let masked = self.tables.iter().filter(|(_, layers)| {
            let mut layers = layers.iter();
            layers.any(|layer| !layer.mask.is_empty())
        });
        masked.map(|(table, _)| table.as_str())
    }

    /// The tables on which they hold.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|(table, _)| table.as_str())
    }

    /// Can the query come to those tables by their names only?
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub(super) fn fit(&self, query: &Query) -> Result<(), String> {
        if self.is_empty() {
            return Ok(());
        }
        if self.is_lost {
            return Err("no policy holds on a datasource of this kind".to_owned());
        }
        let tables: Vec<&str> = self.tables().collect();
        words::fit(self.dialect, &query.sql, &tables)?;
        if query.kind == QueryKind::Write
            && let Some(change) = changing::read(self.dialect, &query.sql, &tables)?
        {
            self.holds(&change, &query.sql)?;
        }
        Ok(())
    }

    /// Does the change leave masked columns alone, and what the policy looks at, where the
    /// server does not say what became of it?
    fn holds(&self, change: &Change, sql: &str) -> Result<(), String> {
        let (table, layers) = (&change.table, self.layers(&change.table));
        let names = |sql: &str, column: &String| {
            !words::says(self.dialect, sql, std::slice::from_ref(column)).is_empty()
        };
        let mut masked = layers.iter().flat_map(|layer| &layer.mask);
        if change.form != Form::Insert
            && let Some((column, _)) = masked.find(|(column, _)| names(sql, column))
        {
            return Err(format!(
                "it names `{table}.{column}`, which a policy masks: it can be filled in with a new row, and not be read or changed afterwards"
            ));
        }
        let conditions = layers.iter().filter_map(|layer| layer.rows.as_deref());
        let looked = |column: &&String| { conditions.clone() }.any(|rows| names(rows, column));
        match change.sets.iter().find(looked) {
            Some(column) if self.dialect == Dialect::MySql => Err(format!(
                "it sets `{table}.{column}`, on which a policy depends: whether the row stays within it can be told in PostgreSQL only"
            )),
            _ => Ok(()),
        }
    }

    fn layers(&self, table: &str) -> &[Layer] {
        let found = self.tables.iter().find(|(known, _)| known == table);
        found.map_or(&[], |(_, layers)| layers)
    }

    /// A statement that changes rows, as that person may have them changed; `true`: it says
    /// of each row whether that is within the policy afterwards.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub(super) fn bound_change(
        &self,
        question: &Question,
        asker: &Asker,
    ) -> Result<(Question, bool), String> {
        let tables: Vec<&str> = self.tables().collect();
        let Some(change) = changing::read(self.dialect, &question.sql, &tables)? else {
            return Ok((question.clone(), false));
        };
        self.holds(&change, &question.sql)?;
        let mut values = question.values.clone();
        let layers = self.layers(&change.table);
        let mut rows = || {
            let conditions = layers.iter().filter_map(|layer| layer.rows.as_deref());
            let told = conditions.map(|rows| {
                let told = told(self.dialect, rows, asker, &mut values)?;
                Ok(format!("({told})"))
            });
            let told = told.collect::<Result<Vec<String>, String>>()?;
            Ok::<_, String>(if told.is_empty() {
                "1 = 1".to_owned()
            } else {
                told.join(" and ")
            })
        };
        let is_vouched = match change.form {
            Form::Insert => true,
            Form::Update => self.dialect == Dialect::Postgres,
            Form::Delete => false,
        };
        let sql = match (change.form, is_vouched) {
            (_, false) => change.within(&question.sql, &rows()?),
            (Form::Insert, true) => change.vouched(&question.sql, ("", &rows()?)),
            (_, true) => change.vouched(&question.sql, (&rows()?, &rows()?)),
        };
        Ok((Question { sql, values }, is_vouched))
    }

    /// The question as that person may ask it. `columns` are those of a table that has a
    /// mask.
    ///
    /// # Errors
    ///
    /// In words for whoever made the app.
    pub(super) fn bound(
        &self,
        question: &Question,
        asker: &Asker,
        columns: Columns<'_>,
    ) -> Result<Question, String> {
        let mut values = question.values.clone();
        let mut before = Vec::new();
        for (table, layers) in &self.tables {
            let mut from = self.dialect.quoted(table);
            for (at, layer) in layers.iter().enumerate() {
                let shown = self.shown((table, layer), (asker, columns), &mut values)?;
                let rows = match &layer.rows {
                    Some(rows) => told(self.dialect, rows, asker, &mut values)?,
                    None => "1 = 1".to_owned(),
                };
                let select = format!("select {shown} from {from} where ({rows})");
                from = if at + 1 < layers.len() {
                    format!("({select}) as onsight__layer_{at}")
                } else {
                    select
                };
            }
            before.push(format!("{} as ({from})", self.dialect.quoted(table)));
        }
        let (before, sql) = (before.join(", "), question.sql.as_str());
        let rest = behind_with(self.dialect, sql)?;
        let sql = match rest {
            Some(rest) => format!("with {before}, {rest}"),
            None => format!("with {before}\n{sql}"),
        };
        Ok(Question { sql, values })
    }

    /// The columns as the layer shows them.
    fn shown(
        &self,
        (table, layer): (&str, &Layer),
        (asker, columns): (&Asker, Columns<'_>),
        values: &mut Vec<(String, Value)>,
    ) -> Result<String, String> {
        if layer.mask.is_empty() {
            return Ok("*".to_owned());
        }
        let columns = columns(table);
        let unknown = { layer.mask.iter() }.find(|(column, _)| !columns.contains(column));
        if let Some((column, _)) = unknown {
            return Err(format!(
                "its policy masks `{table}.{column}`, which is not there"
            ));
        }
        let mut shown = Vec::new();
        for column in columns {
            let name = self.dialect.quoted(&column);
            shown.push(
                match layer.mask.iter().find(|(masked, _)| *masked == column) {
                    Some((_, instead)) => {
                        let instead = told(self.dialect, instead, asker, values)?;
                        format!("({instead}) as {name}")
                    }
                    None => name,
                },
            );
        }
        Ok(shown.join(", "))
    }
}

/// What follows the first `with` of a statement that begins so.
fn behind_with(dialect: Dialect, sql: &str) -> Result<Option<&str>, String> {
    let tokens = dialect.tokens(sql).map_err(|error| error.message)?;
    let first = tokens.iter().find(|token| !token.is_blank());
    Ok(first
        .filter(|first| first.is_word(sql, "with"))
        .map(|first| &sql[first.end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker() -> Asker {
        Asker {
            known: [
                ("user.region", "North"),
                ("user.role", "user"),
                ("user.towns", "Ulm, Graz"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            marks: vec!["role:user".to_owned(), "group:sales".to_owned()],
        }
    }

    /// A condition, and columns with what is shown instead of them.
    type Said<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)]);

    fn rules(layers: &[Said<'_>]) -> Rules {
        let layers = layers.iter().map(|(rows, mask)| Layer {
            rows: rows.map(str::to_owned),
            mask: { mask.iter() }
                .map(|(column, instead)| ((*column).to_owned(), (*instead).to_owned()))
                .collect(),
        });
        Rules {
            dialect: Dialect::Postgres,
            is_lost: false,
            tables: vec![("orders".to_owned(), layers.collect())],
        }
    }

    fn said(rules: &Rules, sql: &str) -> Result<(String, Vec<Value>), String> {
        let question = Question {
            sql: sql.to_owned(),
            values: vec![("q".to_owned(), Value::Integer(1))],
        };
        let columns = |_: &str| ["id", "email"].map(str::to_owned).to_vec();
        let bound = rules.bound(&question, &asker(), &columns)?;
        let values = bound.values.into_iter().map(|(_, value)| value);
        Ok((bound.sql, values.collect()))
    }

    #[test]
    fn who_asks_is_a_value_and_each_table_stands_under_its_name() {
        let rows = "region = ctx( 'user.region' ) or ctx('user.gone') is not null and ':x' <> ''";
        let (sql, values) = said(&rules(&[(Some(rows), &[])]), "select * from orders").unwrap();

        assert_eq!(
            sql,
            "with \"orders\" as (select * from \"orders\" where (region = :onsight__who_1 or \
             :onsight__who_2 is not null and ':x' <> ''))\nselect * from orders"
        );
        let region = Value::Text("North".to_owned());
        assert_eq!(values, [Value::Integer(1), region, Value::Null]);
    }

    #[test]
    fn lists_layers_and_masks_are_written_out() {
        let mask = [(
            "email",
            "case when ctx('user.role') = 'admin' then email end",
        )];
        let two = rules(&[
            (Some("ctx_has('user.groups', lower(team))"), &[]),
            (
                Some("ctx_has('user.towns', town) or ctx_has('user.none', town)"),
                &mask,
            ),
        ]);
        let sql = " with x as (select 1) select * from x, orders";
        let (sql, values) = said(&two, sql).unwrap();

        insta::assert_snapshot!(sql, @r#"with "orders" as (select "id", (case when :onsight__who_2 = 'admin' then email end) as "email" from (select * from "orders" where (((lower(team)) in (:onsight__who_1)))) as onsight__layer_0 where (((town) in (:onsight__who_3, :onsight__who_4)) or (1 = 0))),  x as (select 1) select * from x, orders"#);
        assert_eq!(values.len(), 5);
    }

    #[test]
    fn what_cannot_be_said_of_who_asks_is_refused() {
        for rows in [
            "region = :region",
            "region = ctx(region)",
            "ctx_has('user.groups')",
            "ctx",
        ] {
            assert!(
                said(&rules(&[(Some(rows), &[])]), "select 1").is_err(),
                "{rows}"
            );
        }
        let gone = [("salary", "null")];
        let fault = said(&rules(&[(None, &gone)]), "select 1").unwrap_err();
        assert!(fault.contains("orders.salary"), "{fault}");
    }
}
