//! What the guide writes, it reads.

use super::*;
use crate::data::ColumnType;
use crate::data::sql_text::Dialect;
use crate::data::tables::{Table, TableColumn};
use crate::web::Fields;

fn table() -> Table {
    let column = |name: &str, kind| TableColumn {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
    };
    Table {
        name: "orders".to_owned(),
        title: "Orders".to_owned(),
        key: "id".to_owned(),
        columns: vec![
            column("id", ColumnType::Integer),
            column("status", ColumnType::Text),
            column("amount", ColumnType::Number),
            column("day", ColumnType::Date),
            column("group", ColumnType::Text),
            column("open", ColumnType::Boolean),
        ],
        references: Vec::new(),
    }
}

fn filter(column: &str, op: Op, value: Option<&str>) -> Filter {
    Filter {
        column: column.to_owned(),
        op,
        value: value.map(str::to_owned),
    }
}

fn question() -> Guide {
    Guide {
        table: "orders".to_owned(),
        filters: vec![
            filter("status", Op::Is, None),
            filter("amount", Op::AtLeast, Some("10.5")),
            filter("group", Op::Contains, Some("it's")),
            filter("day", Op::AtMost, None),
        ],
        group: vec!["status".to_owned()],
        measure: Some((Measure::Sum, "amount".to_owned())),
        sort: Some(("sum_amount".to_owned(), true)),
        limit: Some(20),
        ..Guide::default()
    }
}

#[test]
fn a_question_becomes_sql_that_people_can_read() {
    insta::assert_snapshot!(sql(&question(), &table()), @r#"
    select status, sum(amount) as sum_amount
      from orders
     where (:status is null or status = :status)
       and amount >= 10.5
       and "group" like '%' || 'it''s' || '%'
       and (:day_to is null or day <= :day_to)
     group by status
     order by sum_amount desc
     limit 20
    "#);
    assert_eq!(
        params(&question(), &table())[1].1,
        "{ from = \"url.day_to\", type = \"date\", null = true }"
    );
}

#[test]
fn what_the_guide_writes_it_reads_and_nothing_else() {
    let tables = [table()];
    let every = table().columns.into_iter().flat_map(|column| {
        Op::ALL
            .into_iter()
            .filter(move |(op, _, _)| op.fits(column.kind))
            .flat_map(move |(op, _, _)| {
                let value = match column.kind {
                    ColumnType::Integer => "7",
                    ColumnType::Number => "7.5",
                    ColumnType::Text => "a = 'b' and c",
                    ColumnType::Date | ColumnType::DateTime => "2026-11-21",
                    ColumnType::Boolean => "yes",
                };
                let fixed = op
                    .takes_value()
                    .then(|| filter(&column.name, op, Some(value)));
                fixed.into_iter().chain([filter(&column.name, op, None)])
            })
            .collect::<Vec<_>>()
    });
    let dialects = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql];
    let measures = [Measure::Sum, Measure::Average];
    for (one, dialect) in every.flat_map(|one| dialects.map(|dialect| (one.clone(), dialect))) {
        for measure in measures {
            let guide = Guide {
                dialect,
                filters: vec![one.clone()],
                group: vec!["group".to_owned()],
                measure: Some((measure, "amount".to_owned())),
                sort: None,
                ..question()
            };
            assert!(guide.faults(&table()).is_empty(), "{guide:?}");
            let written = sql(&guide, &table());
            let (read, _) = read(&written, (&tables, dialect)).expect(&written);
            assert_eq!(read, guide);
        }
    }
    let written = sql(&question(), &table());
    for by_hand in [
        written.replace(" = :status", " is :status"),
        written.replace("sum(amount)", "sum(amount * 2)"),
        written.replace("from orders", "from others"),
        format!("{written}; drop table orders"),
        format!("-- mine\n{written}"),
    ] {
        assert!(
            read(&by_hand, (&tables, Dialect::Sqlite)).is_none(),
            "{by_hand}"
        );
    }
}

#[test]
fn a_server_elsewhere_is_asked_in_its_own_sql() {
    let of = |dialect, name: &str| {
        let table = Table {
            name: name.to_owned(),
            ..table()
        };
        let guide = Guide {
            dialect,
            table: name.to_owned(),
            filters: vec![
                filter("group", Op::Contains, None),
                filter("open", Op::Is, Some("yes")),
            ],
            group: vec!["group".to_owned()],
            measure: Some((Measure::Average, "amount".to_owned())),
            sort: None,
            limit: None,
            ..question()
        };
        sql(&guide, &table)
    };

    insta::assert_snapshot!(of(Dialect::Postgres, "shop.\"Old orders\""), @r#"
    select "group", avg(amount::float8) as avg_amount
      from shop."Old orders"
     where (:group_has is null or "group" ilike '%' || :group_has || '%')
       and open = true
     group by "group"
    "#);
    insta::assert_snapshot!(of(Dialect::MySql, "rank"), @r"
    select `group`, avg(amount) as avg_amount
      from `rank`
     where (:group_has is null or `group` like concat('%', :group_has, '%'))
       and open = 1
     group by `group`
    ");
    let guide = Guide {
        dialect: Dialect::MySql,
        filters: vec![filter("status", Op::Is, Some("a\\' or 1 = 1 -- "))],
        ..question()
    };
    assert_eq!(guide.faults(&table()).len(), 1);
}

#[test]
fn what_does_not_fit_the_type_is_said_at_its_field() {
    let wrong = Guide {
        filters: vec![
            filter("amount", Op::Contains, Some("1")),
            filter("day", Op::Is, Some("May")),
        ],
        measure: Some((Measure::Sum, "status".to_owned())),
        sort: Some(("day".to_owned(), false)),
        ..question()
    };

    let faults = wrong.faults(&table());

    let names: Vec<&str> = faults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["f.0", "f.1", "measured", "sort"]);
}

#[test]
fn a_form_says_what_the_question_is() {
    let fields = Fields::parse(
        "f.0.column=status&f.0.op=is&f.0.value=new&f.1.column=day&f.1.op=from&f.1.value=&f.1.asked=1&f.2.column=&f.2.op=is&f.2.value=&measure=count&group=status&group=&sort=how_many&down=1&limit=5",
    );

    let guide = typed(&fields, ("orders", Dialect::Sqlite));

    insta::assert_snapshot!(sql(&guide, &table()), @r"
    select status, count(*) as how_many
      from orders
     where status = 'new'
       and (:day_from is null or day >= :day_from)
     group by status
     order by how_many desc
     limit 5
    ");
    assert_eq!(rows(&guide).len(), 4);
}

#[test]
fn a_query_is_added_changed_and_keeps_what_was_written_about_its_parameters() {
    let begun = "format = 1\nid = \"a\"\ntitle = \"A\"\n# here\n[page.home]\ntitle = \"Home\"\npath = \"/\"\n";
    let table = table();

    let text = add_query(begun, ("sums", ""), (&question(), &table)).unwrap();
    let by_hand = text.replace(
        "type = \"date\", null = true }",
        "type = \"date\", default = \"today\" } # now",
    );
    let other = Guide {
        filters: vec![filter("day", Op::AtMost, None)],
        ..question()
    };
    let changed = change_query(&by_hand, "sums", (&other, &table)).unwrap();
    let bare = change_query(
        &changed,
        "sums",
        (
            &Guide {
                filters: Vec::new(),
                ..question()
            },
            &table,
        ),
    )
    .unwrap();

    assert!(
        text.contains("[uses.main]") && text.contains("# here"),
        "{text}"
    );
    let app = crate::apps::format::App::parse(&changed, &crate::apps::widgets::Known).unwrap();
    let query = app.query("sums").unwrap();
    assert_eq!(query.params.len(), 1);
    assert!(changed.contains("default = \"today\" } # now"), "{changed}");
    assert!(
        crate::apps::format::App::parse(&bare, &crate::apps::widgets::Known)
            .unwrap()
            .query("sums")
            .unwrap()
            .params
            .is_empty()
    );
    assert!(
        matches!(add_query(&text, ("sums", ""), (&question(), &table)), Err(crate::apps::editing::Unfit::Field(name, _)) if name == "name")
    );
    assert!(add_query(begun, ("No name", ""), (&question(), &table)).is_err());
}
