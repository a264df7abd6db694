//! The bare driver: asks a PostgreSQL the same again and again, and reads every value.

use tokio_postgres::types::Type;
use tokio_postgres::{Config, NoTls, Row};

use crate::Result;

/// Prints how many rows each answer had once the first has been read; each line of standard
/// input after that has it ask `times` more, and says `done`.
pub async fn ask(port: u16, database: &str, sql: &str, times: u64) -> Result<()> {
    let mut config = Config::new();
    config
        .host("127.0.0.1")
        .port(port)
        .user("reader")
        .password("reader")
        .dbname(database);
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    println!("{}", client.query(sql, &[]).await?.len());
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line)? > 0 {
        let mut bytes = 0;
        for _ in 0..times {
            for row in client.query(sql, &[]).await? {
                bytes += read(&row)?;
            }
        }
        println!("done {bytes}");
        line.clear();
    }
    Ok(())
}

/// Every value as the type it has; gives something that depends on all of them.
fn read(row: &Row) -> Result<usize> {
    let mut bytes = 0;
    for (at, column) in row.columns().iter().enumerate() {
        bytes += match *column.type_() {
            Type::INT4 => usize::from(row.try_get::<_, Option<i32>>(at)?.is_some()),
            Type::INT8 => usize::from(row.try_get::<_, Option<i64>>(at)?.is_some()),
            Type::FLOAT8 => usize::from(row.try_get::<_, Option<f64>>(at)?.is_some()),
            _ => row.try_get::<_, Option<&str>>(at)?.map_or(0, str::len),
        };
    }
    Ok(bytes)
}
