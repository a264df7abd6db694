//! Statements that change rows of a table under a policy, in a database elsewhere: three
//! forms of them, each told which rows it may touch, and what it leaves behind.

use super::words::named;
use crate::data::sql_text::{Dialect, Kind, Token};

/// Words of statements that are more than the three forms.
const MORE: [&str; 22] = [
    "conflict",
    "duplicate",
    "except",
    "from",
    "ignore",
    "intersect",
    "join",
    "limit",
    "low_priority",
    "lateral",
    "only",
    "order",
    "overriding",
    "quick",
    "replace",
    "returning",
    "select",
    "table",
    "tablesample",
    "union",
    "using",
    "with",
];

/// A statement of one of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `insert into t (…) values (…)`
    Insert,
    /// `update t set … where …`
    Update,
    /// `delete from t where …`
    Delete,
}

/// What a statement changes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) form: Form,
    /// The table's name, as the policy says it.
    pub(super) table: String,
    /// The columns an update sets, in small letters.
    pub(super) sets: Vec<String>,
    /// Where its condition begins.
    condition: usize,
    /// Where it ends, without what closes it.
    end: usize,
}

/// What a statement changes, where that is a table of those; `None` where it is another.
///
/// # Errors
///
/// It names one of those tables and has none of the forms; in words for whoever wrote it.
pub(super) fn read(dialect: Dialect, sql: &str, tables: &[&str]) -> Result<Option<Change>, String> {
    let tokens = dialect.tokens(sql).map_err(|error| error.message)?;
    let mut said: Vec<&Token> = tokens.iter().filter(|token| !token.is_blank()).collect();
    if said.last().is_some_and(|last| last.kind == Kind::End) {
        said.pop();
    }
    let meant = |token: &Token| {
        let name = named(token, sql)?;
        tables
            .iter()
            .find(|table| table.eq_ignore_ascii_case(&name))
    };
    let mut places =
        { said.iter().enumerate() }.filter_map(|(at, token)| Some((at, meant(token)?)));
    let Some((at, table)) = places.next() else {
        return Ok(None);
    };
    let statement = if places.next().is_some() {
        Err("names a table under a policy twice".to_owned())
    } else {
        let depths = depths(&said).ok_or("has a parenthesis too many or too few".to_owned());
        depths.and_then(|depths| {
            Statement {
                sql,
                said,
                depths,
                at,
            }
            .change(table)
        })
    };
    statement.map(Some).map_err(|why| {
        format!(
            "it changes `{table}`, where a policy holds, and {why}; write insert into {table} (…) values (…), update {table} set … where …, or delete from {table} where …"
        )
    })
}

/// A statement that names a table under a policy once.
struct Statement<'a> {
    sql: &'a str,
    /// What it says, without what means nothing.
    said: Vec<&'a Token>,
    /// How deep in parentheses each stands.
    depths: Vec<usize>,
    /// Where the table is named.
    at: usize,
}

impl Statement<'_> {
    fn change(&self, table: &str) -> Result<Change, String> {
        let is = |at: usize, word: &str| self.is(at, word);
        let form = match self.at {
            2 if is(0, "insert") && is(1, "into") => Form::Insert,
            1 if is(0, "update") && is(2, "set") => Form::Update,
            2 if is(0, "delete") && is(1, "from") => Form::Delete,
            _ => return Err("has none of the forms that can be held to it".to_owned()),
        };
        // The `from` of a delete is its own.
        let rest = self.said.iter().skip(2);
        let more = rest.filter(|token| token.kind == Kind::Word);
        let mut more = more.filter_map(|token| named(token, self.sql));
        if let Some(word) = more.find(|word| MORE.contains(&word.as_str())) {
            return Err(format!("says `{word}`"));
        }
        if self.said.iter().any(|token| token.kind == Kind::End) {
            return Err("is more than one statement".to_owned());
        }
        let end = self.said.last().map_or(0, |last| last.end);
        let (condition, sets) = match form {
            Form::Insert => (self.values()?, Vec::new()),
            Form::Update => {
                let place = self.condition()?;
                (self.said[place].end, self.sets(place)?)
            }
            Form::Delete => {
                let place = self.condition()?;
                if place != self.at + 1 {
                    return Err("has something else there than a condition".to_owned());
                }
                (self.said[place].end, Vec::new())
            }
        };
        Ok(Change {
            form,
            table: table.to_owned(),
            sets,
            condition,
            end,
        })
    }

    fn is(&self, at: usize, word: &str) -> bool {
        let token = self.said.get(at);
        token.is_some_and(|token| token.text(self.sql).eq_ignore_ascii_case(word))
    }

    /// Where the `where` stands that the whole statement has.
    fn condition(&self) -> Result<usize, String> {
        let is_where = |at: &usize| self.depths[*at] == 0 && self.is(*at, "where");
        let mut found = (self.at + 1..self.said.len()).filter(is_where);
        match (found.next(), found.next()) {
            (Some(place), None) if place + 1 < self.said.len() => Ok(place),
            _ => Err("does not say which rows, by where".to_owned()),
        }
    }

    /// Where an insert ends that names its columns and gives lists of values, nothing else.
    fn values(&self) -> Result<usize, String> {
        let count = self.said.len();
        let values = (3..count).find(|at| self.depths[*at] == 0 && self.is(*at, "values"));
        let place = values.filter(|at| self.is(3, "(") && self.is(at - 1, ")"));
        let is_list = |at: usize| {
            self.depths[at] > 0
                || matches!(self.said[at].kind, Kind::Open | Kind::Close | Kind::Comma)
        };
        match place {
            Some(place) if place + 1 < count && (place + 1..count).all(is_list) => {
                Ok(self.said[count - 1].end)
            }
            _ => Err("does not name its columns and their values".to_owned()),
        }
    }

    /// The columns of `a = …, b = …`, up to the condition.
    fn sets(&self, condition: usize) -> Result<Vec<String>, String> {
        let mut found = Vec::new();
        let mut begins = true;
        for at in self.at + 2..condition {
            if begins {
                let column = named(self.said[at], self.sql).filter(|_| self.is(at + 1, "="));
                let wrong = || "sets something else than columns by their names".to_owned();
                found.push(column.ok_or_else(wrong)?);
            }
            begins = self.said[at].kind == Kind::Comma && self.depths[at] == 0;
        }
        Ok(found)
    }
}

/// How deep in parentheses each stands, those themselves outside; `None` where they do not
/// match.
fn depths(said: &[&Token]) -> Option<Vec<usize>> {
    let mut depth = 0_usize;
    let mut all = Vec::with_capacity(said.len());
    for token in said {
        match token.kind {
            Kind::Open => {
                all.push(depth);
                depth += 1;
            }
            Kind::Close => {
                depth = depth.checked_sub(1)?;
                all.push(depth);
            }
            _ => all.push(depth),
        }
    }
    (depth == 0).then_some(all)
}

impl Change {
    /// The statement for rows that meet `rows` alone.
    pub(super) fn within(&self, sql: &str, rows: &str) -> String {
        if self.form == Form::Insert {
            return sql[..self.end].to_owned();
        }
        let (before, condition) = (&sql[..self.condition], &sql[self.condition..self.end]);
        format!("{before} ({condition}\n) and ({rows})")
    }

    /// The same, with a 1 for each row that it leaves within `rows` and a 0 for each other.
    pub(super) fn vouched(&self, sql: &str, (within, left): (&str, &str)) -> String {
        let sql = self.within(sql, within);
        format!("{sql}\nreturning case when ({left}) then 1 else 0 end")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(sql: &str) -> Result<Option<Change>, String> {
        read(Dialect::Postgres, sql, &["orders", "lines"])
    }

    #[test]
    fn three_forms_are_held_to_a_policy() {
        let insert = "insert into orders (a, b) values (:a, lower(:b)), (1, 2);";
        let change = told(insert).unwrap().unwrap();
        assert_eq!(change.form, Form::Insert);
        assert_eq!(
            change.vouched(insert, ("p = 1", "p = 2")),
            "insert into orders (a, b) values (:a, lower(:b)), (1, 2)\nreturning case when (p = 2) then 1 else 0 end"
        );
        let update = "update \"orders\" set Total = coalesce(:t, 1), \"note\" = 'where' where id = :id or 1 = 1 -- all";
        let change = told(update).unwrap().unwrap();
        assert_eq!(change.sets, ["total", "note"]);
        assert_eq!(
            change.within(update, "p = 1"),
            "update \"orders\" set Total = coalesce(:t, 1), \"note\" = 'where' where ( id = :id or 1 = 1\n) and (p = 1)"
        );
        let delete = "delete from orders where id = :id";
        let change = told(delete).unwrap().unwrap();
        assert_eq!(
            change.within(delete, "p = 1"),
            "delete from orders where ( id = :id\n) and (p = 1)"
        );
        let other = "update other set a = (select 1) where b = 2";
        assert_eq!(told(other), Ok(None));
    }

    #[test]
    fn what_could_touch_other_rows_is_none_of_them() {
        for sql in [
            "update orders set a = 1",
            "delete from orders",
            "delete from orders using lines where lines.id = 1",
            "delete from orders where id in (select id from other)",
            "update orders set a = 1 from other where orders.id = other.id",
            "update orders as o set a = 1 where o.id = 1",
            "update orders set (a, b) = (1, 2) where id = 1",
            "update orders set a = 1 where id = 1) or (1 = 1",
            "update orders set a = 1 where id = 1 returning *",
            "update orders set a = 1 where true; delete from other where true",
            "update only orders set a = 1 where id = 1",
            "update other set a = (select max(a) from orders) where id = 1",
            "insert into orders select * from orders",
            "insert into orders values (1, 2)",
            "insert into orders (a) values (1) on conflict (a) do update set a = 2",
            "insert into orders (a) values ((select max(a) from lines))",
            "insert into other (a) values (1), (orders.a)",
            "with x as (delete from orders where true) insert into other (a) values (1)",
            "delete from orders where id = 1 order by id limit 1",
            "update orders set a = 1 where id = 1 where id = 2",
            "update orders set a = 1 where",
        ] {
            assert!(told(sql).is_err(), "{sql}: {:?}", told(sql));
        }
    }
}
