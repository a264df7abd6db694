//! Every type comes as it is: no digit and no part of a moment is lost on the way.

use super::servers::{Server, csv};

#[tokio::test]
async fn the_types_of_postgres_come_as_they_are() {
    let (_site, ada) = Server::postgres().site().await;
    let place = Server::postgres().connect(&ada, &[]).await;
    let table = turned(&csv(&ada, &place, "select * from kinds order by small").await);
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn the_types_of_mariadb_come_as_they_are() {
    let (_site, ada) = Server::mariadb().site().await;
    let place = Server::mariadb().connect(&ada, &[]).await;
    let sql = "select * from kinds order by small desc";
    let table = turned(&csv(&ada, &place, sql).await);
    insta::assert_snapshot!(table);
}

/// A line for each column: its name and its value in each row.
fn turned(csv: &str) -> String {
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.as_bytes())
        .into_records()
        .map(|line| line.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    let names = lines.remove(0);
    let said = names.iter().enumerate().map(|(at, name)| {
        let values: Vec<&str> = lines.iter().map(|line| &*line[at]).collect();
        format!("{name}: {}", values.join(" | "))
    });
    said.collect::<Vec<_>>().join("\n")
}
