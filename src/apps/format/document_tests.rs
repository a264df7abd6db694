//! Claims about edits: what was not edited stays as it was.

use super::*;

const EXAMPLE: &str = include_str!("example.toml");

const SMALL: &str = r#"format = 1 # keep
id = "a"
title = "A"

[uses.main]
kind = "sqlite"

[page.one]
title = "One"
path = "/"

# the end
"#;

/// The lines that differ, `-` before and `+` after.
fn changes(edit: impl FnOnce(&mut Document)) -> String {
    let mut document = Document::parse(EXAMPLE).unwrap();
    edit(&mut document);
    let after = document.to_string();
    let gone = EXAMPLE.lines().filter(|line| !after.contains(line));
    let new = after.lines().filter(|line| !EXAMPLE.contains(line));
    let gone = gone.map(|line| format!("- {line}"));
    let all = gone.chain(new.map(|line| format!("+ {line}")));
    all.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_not_edited_stays_to_the_byte() {
    for text in [
        EXAMPLE,
        "# only a comment",
        "a=1 # x\r\n\r\n[b]\r\n  c = 2",
        "",
    ] {
        assert_eq!(Document::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn line_ends_stay_as_they_were() {
    let mut document = Document::parse("title = 'a'\r\nid = 'b' # c\r\n").unwrap();

    document.set_title("d");

    assert_eq!(document.to_string(), "title = \"d\"\r\nid = 'b' # c\r\n");
}

#[test]
fn a_title_changes_and_its_comment_stays() {
    let mut document =
        Document::parse("# app\ntitle  =  'Old'  # shown above\nid = 'a'\n").unwrap();

    document.set_title("New \"one\"");

    insta::assert_snapshot!(document.to_string(), @r#"
    # app
    title  =  'New "one"'  # shown above
    id = 'a'
    "#);
    insta::assert_snapshot!(changes(|d| d.set_page_title("new", "Add").unwrap()), @r#"
    - title = "New order"
    + title = "Add"
    "#);
}

#[test]
fn a_statement_is_replaced() {
    insta::assert_snapshot!(
        changes(|d| d.set_query_sql("by_month", "SELECT '''' AS quote\n  FROM orders").unwrap()),
        @r#"
    - SELECT substr(created_at, 1, 7) AS month, sum(amount) AS amount
    -  WHERE created_at >= :since AND (:status IS NULL OR status = :status)
    -  GROUP BY 1 ORDER BY 1
    + sql  = """
    + SELECT '''' AS quote
    +   FROM orders"""
    "#
    );
    insta::assert_snapshot!(changes(|d| d.set_query_sql("by_month", "SELECT 42").unwrap()), @"
    - SELECT substr(created_at, 1, 7) AS month, sum(amount) AS amount
    -  WHERE created_at >= :since AND (:status IS NULL OR status = :status)
    -  GROUP BY 1 ORDER BY 1
    + SELECT 42
    ");
}

#[test]
fn a_query_a_page_and_a_widget_are_added() {
    let mut document = Document::parse(SMALL).unwrap();
    let param = NewParam {
        name: "q",
        settings: vec![
            ("from", "url.q".into()),
            ("null", true.into()),
            ("type", "text".into()),
        ],
    };
    let query = NewQuery {
        name: "all",
        uses: "main",
        kind: QueryKind::Read,
        sql: "SELECT 1 WHERE :q IS NULL",
        params: vec![param],
    };
    let widget = NewWidget {
        id: "rows",
        kind: "report",
        at: [1, 1, 12],
        settings: vec![("query", "all".into())],
    };

    document.add_query(&query).unwrap();
    document.add_page("two", "Two", "/two").unwrap();
    document.add_widget("two", &widget).unwrap();
    document.add_widget("one", &widget).unwrap();

    insta::assert_snapshot!(document.to_string(), @r#"
    format = 1 # keep
    id = "a"
    title = "A"

    [uses.main]
    kind = "sqlite"

    [page.one]
    title = "One"
    path = "/"

    [page.one.widget.rows]
    type = "report"
    at = [1, 1, 12]
    query = "all"

    [page.two]
    title = "Two"
    path = "/two"

    [page.two.widget.rows]
    type = "report"
    at = [1, 1, 12]
    query = "all"

    [query.all]
    use = "main"
    kind = "read"
    sql = '''
    SELECT 1 WHERE :q IS NULL
    '''

    [query.all.param]
    q = { from = "url.q", null = true, type = "text" }

    # the end
    "#);
    let kinds = super::super::load::tests::Few;
    super::super::App::parse(&document.to_string(), &kinds).unwrap();
}

#[test]
fn an_edit_that_does_not_fit_says_why() {
    let mut document = Document::parse(EXAMPLE).unwrap();

    let missing = document.set_query_sql("nothing", "").unwrap_err();
    let taken = document.add_page("new", "New", "/x").unwrap_err();

    insta::assert_snapshot!(missing, @"there is no query `nothing` in this app; reload it");
    insta::assert_snapshot!(taken, @"there is a page `new` already; choose another name");
}
