//! As much as goes through: each connection sends as soon as it has its answer.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Barrier;
use tokio::task::{JoinSet, LocalSet};

use crate::Result;
use crate::line::{Line, Place};
use crate::notes::Notes;
use crate::respondent::{form, says};

/// The pages of `benches/survey.toml` for who names no brand, and for who does.
const FEW: [&str; 4] = ["screener", "use", "grid", "last"];
const ALL: [&str; 5] = ["screener", "use", "liking", "grid", "last"];

/// Respondents who have begun beforehand, for each second that is measured.
const AHEAD: u64 = 1_800;

/// A nonce as the page would bring it; the last of its 22 letters has four bits that are zero.
fn nonce(number: u64, at: usize) -> String {
    format!("{number:018x}{at:03}A")
}

/// Pages alone, without looking at them: what is measured is taking them in. Enough
/// respondents have begun before; `ready` is said when the measured time starts.
pub async fn submits(place: Place, slug: &str, acked: &str, numbers: &[u64]) -> Result<()> {
    let (connections, seconds) = (numbers[0], numbers[1]);
    let notes = Rc::new(Notes::new(acked, None, numbers[2])?);
    let (place, wanted) = (place.older(), AHEAD * seconds / connections);
    let together = Rc::new(Barrier::new(usize::try_from(connections)?));
    let all = LocalSet::new();
    all.run_until(async {
        let mut tasks = JoinSet::new();
        for at in 0..connections {
            let (place, notes, slug) = (place.clone(), Rc::clone(&notes), slug.to_owned());
            let together = Rc::clone(&together);
            tasks.spawn_local(async move {
                let mut line = place.open(at).await.expect("a connection to the server");
                let (mut ready, mut fault) = (Vec::new(), None);
                while fault.is_none() && (ready.len() as u64) < wanted {
                    match newcomer(&mut line, &notes, &slug).await {
                        Ok(one) => ready.push(one),
                        Err(error) => fault = Some(error),
                    }
                }
                if together.wait().await.is_leader() {
                    println!("ready");
                }
                let end = Instant::now() + Duration::from_secs(seconds);
                while fault.is_none() && Instant::now() < end {
                    fault = whole(&mut line, &notes, &slug, ready.pop(), end)
                        .await
                        .err();
                }
                if let Some(error) = fault {
                    notes.bad(&error.to_string());
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    })
    .await;
    let rate = notes.submits.get() as f64 / seconds as f64;
    notes.end(&format!(", \"rate\": {rate:.1}"))
}

/// Somebody who begins. Nobody too young: every way is as long as it can be.
async fn newcomer(line: &mut Line, notes: &Notes, slug: &str) -> Result<(String, u64)> {
    let mut number = notes.next();
    while number % 10 == 7 {
        number = notes.next();
    }
    Ok((begin(line, notes, slug, number).await?, number))
}

/// A whole way; where all who had begun are through, of a newcomer.
async fn whole(
    line: &mut Line,
    notes: &Notes,
    slug: &str,
    ready: Option<(String, u64)>,
    end: Instant,
) -> Result<()> {
    let (way, number) = match ready {
        Some(ready) => ready,
        None => newcomer(line, notes, slug).await?,
    };
    let pages = if number % 3 == 0 { &FEW[..] } else { &ALL[..] };
    for (at, page) in pages.iter().enumerate() {
        send(line, notes, (&way, number), (at, page)).await?;
        // What was answered too late was acknowledged and does not count.
        if Instant::now() > end {
            return Ok(());
        }
        notes.submits.set(notes.submits.get() + 1);
    }
    Ok(())
}

async fn begin(line: &mut Line, notes: &Notes, slug: &str, number: u64) -> Result<String> {
    let door = format!("/s/{slug}?pid={number}");
    loop {
        let answer = line.post(&door, "lang=en".to_owned()).await?;
        match answer.status {
            303 => {
                notes.acked(number, "", "");
                return Ok(answer.location);
            }
            503 => tokio::time::sleep(Duration::from_millis(50)).await,
            other => return Err(format!("begin: {other}").into()),
        }
    }
}

async fn send(
    line: &mut Line,
    notes: &Notes,
    (way, number): (&str, u64),
    (at, page): (usize, &str),
) -> Result<()> {
    let says = says(number, page);
    let answer = line
        .post(way, form(page, "0", &nonce(number, at), &says))
        .await?;
    if answer.status != 303 {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        return Err(format!("{page} of {number}: {} {body}", answer.status).into());
    }
    notes.acked(number, page, &says);
    Ok(())
}

/// So many at a time stand before the last places of a quota and send in one moment.
pub async fn places(place: Place, slug: &str, acked: &str, numbers: &[u64]) -> Result<()> {
    let (connections, respondents) = (numbers[0], numbers[1]);
    let notes = Rc::new(Notes::new(acked, None, numbers[2])?);
    let together = Rc::new(Barrier::new(usize::try_from(connections)?));
    let all = LocalSet::new();
    all.run_until(async {
        let mut tasks = JoinSet::new();
        for at in 0..connections {
            let (place, notes, slug) = (place.clone(), Rc::clone(&notes), slug.to_owned());
            let together = Rc::clone(&together);
            tasks.spawn_local(async move {
                let mut line = place.open(at).await.expect("a connection to the server");
                for _ in 0..respondents / connections {
                    // Odd numbers are women, even ones men: all want the same quota.
                    let number = 2 * notes.next() * 10;
                    let way = begin(&mut line, &notes, &slug, number).await;
                    together.wait().await;
                    let sent = match way {
                        Ok(way) => send(&mut line, &notes, (&way, number), (0, FEW[0])).await,
                        Err(error) => Err(error),
                    };
                    match sent {
                        Ok(()) => notes.submits.set(notes.submits.get() + 1),
                        Err(error) => notes.bad(&error.to_string()),
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    })
    .await;
    notes.end("")
}

/// Records of a peer: JSON over plain HTTP.
pub async fn records(place: Place, path: &str, numbers: &[u64]) -> Result<()> {
    let (connections, seconds) = (numbers[0], numbers[1]);
    let notes = Rc::new(Notes::new("/dev/null", None, 1)?);
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let all = LocalSet::new();
    all.run_until(async {
        let mut tasks = JoinSet::new();
        for at in 0..connections {
            let (place, notes, path) = (place.clone(), Rc::clone(&notes), path.to_owned());
            tasks.spawn_local(async move {
                let Ok(mut line) = place.open(at).await else { return notes.bad("no connection") };
                line.kind = "application/json";
                while Instant::now() < end {
                    let number = notes.next();
                    let body = format!(
                        "{{\"pid\":\"{number}\",\"page\":\"liking\",\"liking\":{},\"comment\":\"It is number {number}\"}}",
                        1 + number % 7
                    );
                    match line.post(&path, body).await {
                        Ok(answer) if answer.status == 200 => notes.submits.set(notes.submits.get() + 1),
                        Ok(answer) => return notes.bad(&String::from_utf8_lossy(&answer.body)),
                        Err(error) => return notes.bad(&error.to_string()),
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
    })
    .await;
    let rate = notes.submits.get() as f64 / begun.elapsed().as_secs_f64();
    notes.end(&format!(", \"rate\": {rate:.1}"))
}
