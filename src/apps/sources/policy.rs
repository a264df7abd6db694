//! Policies of an app on tables of a database elsewhere: what they say is put before the
//! query, each table under its own name, with who asks bound as values.
//!
//! No setting of the session takes part: whoever can run a statement could change it.

use std::fmt::Write;

use super::words;
use crate::apps::format::{App, Query, QueryKind, Use};
use crate::data::sql_text::{self, Dialect, Kind, Token};
use crate::data::{Question, Value, dialect_of, only_reads_kind};
use crate::store::{Asker, Layer};

/// How our values are called; no parameter of an app begins like that.
const NAME: &str = "onsight__who";

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
        let of = (tables.as_slice(), query.kind == QueryKind::Write);
        words::fit(self.dialect, &query.sql, of)
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

/// A policy's words with values in place of `ctx('…')` and `ctx_has('…', …)`.
fn told(
    dialect: Dialect,
    words: &str,
    asker: &Asker,
    values: &mut Vec<(String, Value)>,
) -> Result<String, String> {
    let tokens = dialect.tokens(words).map_err(|error| error.message)?;
    let own = sql_text::placeholders_in(dialect, words).map_err(|error| error.message)?;
    if let Some(placeholder) = own.first() {
        return Err(format!(
            "its policy says `:{}`; who asks is told by ctx('user.…')",
            placeholder.name
        ));
    }
    let mut out = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let call = call(&tokens, words, at);
        match (token.text(words), call) {
            ("ctx", Some(call)) if call.rest.is_empty() => {
                let value = asker.known.get(&call.name).cloned();
                out.push_str(&place(value.map_or(Value::Null, Value::Text), values));
                at = call.end;
            }
            ("ctx_has", Some(call)) if !call.rest.is_empty() => {
                let inside = told(dialect, call.rest, asker, values)?;
                let list = list(asker, &call.name).into_iter();
                let list: Vec<String> = list.map(|one| place(Value::Text(one), values)).collect();
                let list = list.join(", ");
                if list.is_empty() {
                    out.push_str("(1 = 0)");
                } else {
                    let _ = write!(out, "(({inside}) in ({list}))");
                }
                at = call.end;
            }
            ("ctx" | "ctx_has", _) => {
                return Err("its policy says `ctx` otherwise than ctx('user.…')".to_owned());
            }
            (text, _) => {
                out.push_str(text);
                at += 1;
            }
        }
    }
    Ok(out)
}

/// A value more, by its place.
fn place(value: Value, values: &mut Vec<(String, Value)>) -> String {
    let name = format!("{NAME}_{}", values.len());
    let place = format!(":{name}");
    values.push((name, value));
    place
}

/// Groups by their names, others between commas.
fn list(asker: &Asker, name: &str) -> Vec<String> {
    if name == "user.groups" {
        let groups = asker.marks.iter();
        return groups
            .filter_map(|mark| mark.strip_prefix("group:").map(str::to_owned))
            .collect();
    }
    let known = asker
        .known
        .get(name)
        .map(String::as_str)
        .unwrap_or_default();
    let each = known.split(',').map(|one| one.trim().to_owned());
    each.filter(|one| !one.is_empty()).collect()
}

/// `word('name', rest)`: the name, the rest, and where the tokens go on.
struct Call<'a> {
    name: String,
    rest: &'a str,
    end: usize,
}

fn call<'a>(tokens: &[Token], words: &'a str, at: usize) -> Option<Call<'a>> {
    let mut said = { tokens.iter().enumerate() }
        .skip(at + 1)
        .filter(|(_, token)| !token.is_blank());
    let (_, open) = said.next()?;
    let (_, name) = said.next()?;
    let is_call = open.kind == Kind::Open && name.kind == Kind::Text;
    let text = name.text(words).strip_prefix('\'')?.strip_suffix('\'')?;
    let (behind, next) = said.next().filter(|_| is_call)?;
    let begin = next.end;
    let mut depth = 1_usize;
    let mut end = behind;
    if next.kind == Kind::Close {
        return Some(Call {
            name: text.to_owned(),
            rest: "",
            end: behind + 1,
        });
    }
    if next.kind != Kind::Comma {
        return None;
    }
    while depth > 0 {
        end += 1;
        match tokens.get(end)?.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
    }
    Some(Call {
        name: text.to_owned(),
        rest: words[begin..tokens[end].start].trim(),
        end: end + 1,
    })
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
