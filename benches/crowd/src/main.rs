//! Respondents and open pages by the thousand for `benches/survey.py`, on one thread.
//!
//! ```text
//! crowd steady PORT SLUG ACKED SAMPLES RESPONDENTS THINK SECONDS RAMP SPIKE_AT SPIKE_SECONDS SPIKE_RATE
//! crowd rate   PORT SLUG ACKED CONNECTIONS SECONDS FIRST
//! crowd places PORT SLUG ACKED CONNECTIONS RESPONDENTS FIRST
//! crowd record PORT PATH CONNECTIONS SECONDS
//! crowd follow PORT PATH COOKIES PAGES SECONDS        (for `benches/pages.py`)
//! crowd driver PORT DATABASE SQL TIMES                (for `benches/postgres.py`)
//! ```
//!
//! Only 127.0.0.1 is called, from many addresses of the loopback network. `ACKED` gets a line for
//! everything the server said it has; `SAMPLES` one for each request; figures go to standard output.

mod driver;
mod follow;
mod line;
mod notes;
mod older;
mod rate;
mod respondent;
mod steady;

use std::env::args;
use std::error::Error;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let words: Vec<String> = args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["steady", port, slug, acked, samples, rest @ ..] if rest.len() == 7 => {
            let numbers = numbers(rest)?;
            let plan = steady::Plan::of(&numbers);
            steady::run(
                line::Place::tls(port.parse()?),
                slug,
                (acked, samples),
                plan,
            )
            .await
        }
        ["rate", port, slug, acked, rest @ ..] if rest.len() == 3 => {
            let numbers = numbers(rest)?;
            rate::submits(line::Place::tls(port.parse()?), slug, acked, &numbers).await
        }
        ["places", port, slug, acked, rest @ ..] if rest.len() == 3 => {
            let numbers = numbers(rest)?;
            rate::places(line::Place::tls(port.parse()?), slug, acked, &numbers).await
        }
        ["record", port, path, rest @ ..] if rest.len() == 2 => {
            rate::records(line::Place::plain(port.parse()?), path, &numbers(rest)?).await
        }
        ["driver", port, database, sql, times] => {
            driver::ask(port.parse()?, database, sql, times.parse()?).await
        }
        ["follow", port, path, cookies, rest @ ..] if rest.len() == 2 => {
            follow::pages(
                line::Place::tls(port.parse()?),
                path,
                cookies,
                &numbers(rest)?,
            )
            .await
        }
        _ => Err("what it takes stands at the head of benches/crowd/src/main.rs".into()),
    }
}

fn numbers(words: &[&str]) -> Result<Vec<u64>> {
    let numbers = words.iter().map(|word| word.parse::<u64>());
    Ok(numbers.collect::<std::result::Result<_, _>>()?)
}
