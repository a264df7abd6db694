//! So many respondents at once who think between pages, and a crowd that comes at one moment.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, LocalSet};
use tokio::time::{sleep, sleep_until};

use crate::Result;
use crate::line::Place;
use crate::notes::Notes;
use crate::respondent::Respondent;

/// Everything in seconds but the counts.
#[derive(Clone, Copy)]
pub struct Plan {
    respondents: u64,
    think: u64,
    seconds: u64,
    ramp: u64,
    spike_at: u64,
    spike_seconds: u64,
    spike_rate: u64,
}

impl Plan {
    pub fn of(numbers: &[u64]) -> Plan {
        Plan {
            respondents: numbers[0],
            think: numbers[1],
            seconds: numbers[2],
            ramp: numbers[3],
            spike_at: numbers[4],
            spike_seconds: numbers[5],
            spike_rate: numbers[6],
        }
    }
}

#[derive(Clone)]
struct Stage {
    place: Place,
    notes: Rc<Notes>,
    slug: String,
    plan: Plan,
    begun: Instant,
}

pub async fn run(
    place: Place,
    slug: &str,
    (acked, samples): (&str, &str),
    plan: Plan,
) -> Result<()> {
    let stage = Stage {
        place,
        notes: Rc::new(Notes::new(acked, Some(samples), 1)?),
        slug: slug.to_owned(),
        plan,
        begun: Instant::now(),
    };
    let all = LocalSet::new();
    all.run_until(async {
        let mut tasks = JoinSet::new();
        for number in 0..plan.respondents {
            let late = Duration::from_millis(number * plan.ramp * 1000 / plan.respondents);
            tasks.spawn_local(stage.clone().answers(late));
        }
        let crowd = plan.spike_rate * plan.spike_seconds;
        for number in 0..crowd {
            let after = Duration::from_micros(number * 1_000_000 / plan.spike_rate);
            tasks.spawn_local(
                stage
                    .clone()
                    .arrives(Duration::from_secs(plan.spike_at) + after),
            );
        }
        while tasks.join_next().await.is_some() {}
    })
    .await;
    stage.notes.end("")
}

impl Stage {
    fn end(&self) -> Instant {
        self.begun + Duration::from_secs(self.plan.seconds)
    }

    /// Answers one survey after the other, each as another person, until the time is up.
    async fn answers(self, late: Duration) {
        sleep(late).await;
        let mut chance = Chance(u64::try_from(late.as_micros()).unwrap_or_default() + 1);
        let mut line = None;
        while Instant::now() < self.end() {
            let mut respondent = Respondent {
                place: &self.place,
                notes: &self.notes,
                slug: &self.slug,
                number: self.notes.next(),
                line: line.take(),
            };
            let mut shown = respondent.begin().await;
            while let Some(page) = shown {
                let due = Instant::now() + chance.about(self.plan.think);
                if due > self.end() {
                    return;
                }
                sleep_until(due.into()).await;
                let Some(way) = respondent.send(&page).await else {
                    break;
                };
                shown = respondent.look(way).await;
            }
            line = respondent.line;
            // A survey that lets nobody in is not knocked at in a loop.
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// One of the crowd: comes in, answers a page and leaves.
    async fn arrives(self, after: Duration) {
        sleep_until((self.begun + after).into()).await;
        let mut respondent = Respondent {
            place: &self.place,
            notes: &self.notes,
            slug: &self.slug,
            number: self.notes.next(),
            line: None,
        };
        let due = Instant::now();
        let Some(page) = respondent.begin().await else {
            return;
        };
        self.notes.sample("let in", due, 1);
        respondent.send(&page).await;
    }
}

struct Chance(u64);

impl Chance {
    /// That many seconds, give or take a half.
    fn about(&mut self, seconds: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(seconds * 500 + self.0 % (seconds * 1000).max(1))
    }
}
