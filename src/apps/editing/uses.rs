//! The databases an app asks, under names of its own.

use serde_json::Value;

use super::pages::{free, name_of};
use crate::base::written::edit::{Step, Unfit, add_piece, line_of, meaning, set_list, spelling};

/// A name under `uses`, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    pub name: String,
    pub kind: String,
    /// Queries may change rows there.
    pub writes: bool,
    pub line: usize,
}

impl Used {
    /// Does it stand for the workspace's own database?
    pub fn is_own(&self) -> bool {
        self.kind == "sqlite"
    }
}

fn path(name: &str) -> Vec<Step> {
    vec![Step::key("uses"), Step::key(name)]
}

/// In the order of the text.
pub fn uses(text: &str) -> Result<Vec<Used>, Unfit> {
    let all = meaning::of(text)?;
    let named = all.get("uses").and_then(Value::as_object);
    let used = |(name, one): (&String, &Value)| {
        let mut needs = { one.get("needs").and_then(Value::as_array).into_iter() }.flatten();
        Used {
            kind: { one.get("kind").and_then(Value::as_str) }
                .unwrap_or_default()
                .to_owned(),
            writes: needs.any(|need| need == "write"),
            line: line_of(text, &path(name)).unwrap_or(1),
            name: name.clone(),
        }
    };
    Ok(named.into_iter().flatten().map(used).collect())
}

/// One more, called like `title`. Gives its name.
pub fn add_use(
    text: &str,
    title: &str,
    (kind, writes): (&str, bool),
) -> Result<(String, String), Unfit> {
    let known = uses(text)?;
    let taken: Vec<&str> = known.iter().map(|one| one.name.as_str()).collect();
    let name = free(&taken, &name_of(title, "database"));
    let needs = if writes {
        r#"["read", "write"]"#
    } else {
        r#"["read"]"#
    };
    let kind = spelling::text(kind, None);
    let piece = format!("[uses.{name}]\nkind  = {kind}\nneeds = {needs}\n");
    // Behind the others; before the queries where it is the first.
    let text = add_piece(text, &[Step::key("uses")], &piece)?;
    Ok((text, name))
}

/// Lets queries change rows there, if they may not yet.
pub fn let_write(text: &str, name: &str) -> Result<String, Unfit> {
    let known = uses(text)?;
    let one = known.iter().find(|one| one.name == name);
    let one = one.ok_or_else(|| Unfit::Missing(name.to_owned()))?;
    if one.writes {
        return Ok(text.to_owned());
    }
    let needs = ["read".to_owned(), "write".to_owned()];
    set_list(text, &path(name), "needs", &needs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "format = 1\nid = \"a\"\ntitle = \"A\"\n\n[uses.main] # ours\nkind = \"sqlite\"\n\n[query.q]\nuse = \"main\"\n";

    #[test]
    fn a_database_comes_under_a_name_of_its_own() {
        let (text, name) = add_use(TEXT, "Shop, main", ("postgres", false)).unwrap();
        let (text, other) = add_use(&text, "Shop main", ("postgres", true)).unwrap();

        assert_eq!(
            (name.as_str(), other.as_str()),
            ("shop-main", "shop-main-2")
        );
        insta::assert_snapshot!(text, @r#"
        format = 1
        id = "a"
        title = "A"

        [uses.main] # ours
        kind = "sqlite"

        [uses.shop-main]
        kind  = "postgres"
        needs = ["read"]

        [uses.shop-main-2]
        kind  = "postgres"
        needs = ["read", "write"]

        [query.q]
        use = "main"
        "#);
    }

    #[test]
    fn rows_may_be_changed_from_then_on_and_nothing_else_changes() {
        let written = let_write(TEXT, "main").unwrap();

        assert_eq!(
            written,
            TEXT.replace(
                "\"sqlite\"\n",
                "\"sqlite\"\nneeds = [\"read\", \"write\"]\n"
            )
        );
        assert_eq!(let_write(&written, "main").unwrap(), written);
        assert!(let_write(TEXT, "other").is_err());
    }
}
