//! Requests by method, route and status, and how long they took. The routes are
//! known before the first request, so that counting one is a look into a map
//! that never changes and a few additions.

use std::array;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::latency::Latency;

/// The statuses there are; any other is counted as the last.
const STATUSES: [u16; 22] = [
    200, 204, 206, 303, 304, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 421, 422, 429, 500,
    503, 507, 0,
];
/// Where the steps of the histogram end, in microseconds; beyond is the last.
const STEPS: [(u64, &str); 12] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];
/// What is asked for under an address that no route has.
const NOWHERE: &str = "none";

/// All requests of this process.
#[derive(Debug, Default)]
pub struct Traffic {
    routes: OnceLock<HashMap<&'static str, [Route; 2]>>,
    nowhere: [Route; 2],
    latency: Latency,
    errors: AtomicU64,
}

/// One method of one route.
#[derive(Debug)]
struct Route {
    statuses: [AtomicU64; STATUSES.len()],
    steps: [AtomicU64; STEPS.len() + 1],
    micros: AtomicU64,
}

/// What one method of one route came to since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy {
    pub method: &'static str,
    pub route: &'static str,
    pub requests: u64,
    pub errors: u64,
    /// All of them together.
    pub took: Duration,
}

impl Busy {
    pub fn mean(&self) -> Duration {
        let count = u32::try_from(self.requests.max(1)).unwrap_or(u32::MAX);
        self.took / count
    }
}

impl Default for Route {
    fn default() -> Route {
        Route {
            statuses: array::from_fn(|_| AtomicU64::new(0)),
            steps: array::from_fn(|_| AtomicU64::new(0)),
            micros: AtomicU64::new(0),
        }
    }
}

impl Traffic {
    /// Learns the paths there are. What comes a second time is known already.
    pub fn learn(&self, paths: impl IntoIterator<Item = &'static str>) {
        self.routes.get_or_init(|| {
            let paths = paths.into_iter();
            paths.map(|path| (path, Default::default())).collect()
        });
    }

    /// A request was answered. `route` is the pattern it fitted.
    pub fn answered(&self, reads: bool, route: Option<&str>, status: u16, took: Duration) {
        let known = self.routes.get();
        let of = route
            .and_then(|route| known?.get(route))
            .unwrap_or(&self.nowhere);
        of[usize::from(!reads)].add(status, took);
        self.latency.took(took);
        if status >= 500 {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub fn latency(&self) -> &Latency {
        &self.latency
    }

    /// Answers that were our fault.
    pub fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    /// What was asked for, by method and path.
    fn asked(&self) -> Vec<(&'static str, &'static str, &Route)> {
        let known = self.routes.get().into_iter().flatten();
        let mut routes: Vec<_> = known.map(|(path, routes)| (*path, routes)).collect();
        routes.sort_by_key(|(path, _)| *path);
        routes.push((NOWHERE, &self.nowhere));
        let both = routes
            .into_iter()
            .flat_map(|(path, [read, write])| [("GET", path, read), ("POST", path, write)]);
        both.filter(|(.., route)| route.count() > 0).collect()
    }

    /// Those that took most of the time, the first of them first.
    pub fn busiest(&self, most: usize) -> Vec<Busy> {
        let asked = self.asked().into_iter();
        let mut all: Vec<_> = asked
            .map(|(method, route, of)| Busy {
                method,
                route,
                requests: of.count(),
                errors: of.errors(),
                took: Duration::from_micros(of.micros.load(Ordering::Relaxed)),
            })
            .collect();
        all.sort_by_key(|busy| std::cmp::Reverse(busy.took));
        all.truncate(most);
        all
    }

    /// Routes that were asked for, as Prometheus reads them.
    pub(super) fn write(&self, out: &mut String) {
        let asked = self.asked();
        out.push_str("# HELP onsight_http_requests_total Requests answered.\n");
        out.push_str("# TYPE onsight_http_requests_total counter\n");
        for (method, path, route) in &asked {
            route.write_statuses(out, method, path);
        }
        out.push_str("# HELP onsight_http_request_duration_seconds From the request's head to the answer's.\n");
        out.push_str("# TYPE onsight_http_request_duration_seconds histogram\n");
        for (method, path, route) in &asked {
            route.write_steps(out, method, path);
        }
    }
}

impl Route {
    fn add(&self, status: u16, took: Duration) {
        let last = STATUSES.len() - 1;
        let at = STATUSES.iter().position(|known| *known == status);
        self.statuses[at.unwrap_or(last)].fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let step = STEPS.iter().position(|(end, _)| micros <= *end);
        self.steps[step.unwrap_or(STEPS.len())].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.steps
            .iter()
            .map(|step| step.load(Ordering::Relaxed))
            .sum()
    }

    fn errors(&self) -> u64 {
        let each = STATUSES.iter().zip(&self.statuses);
        let ours = each.filter(|(status, _)| **status >= 500);
        ours.map(|(_, count)| count.load(Ordering::Relaxed)).sum()
    }

    // Writing to a string cannot fail.
    fn write_statuses(&self, out: &mut String, method: &str, path: &str) {
        for (status, count) in STATUSES.iter().zip(&self.statuses) {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                let status = match status {
                    0 => "other".to_owned(),
                    status => status.to_string(),
                };
                let _ = writeln!(
                    out,
                    "onsight_http_requests_total{{method=\"{method}\",route=\"{path}\",status=\"{status}\"}} {count}"
                );
            }
        }
    }

    fn write_steps(&self, out: &mut String, method: &str, path: &str) {
        let (name, labels) = (
            "onsight_http_request_duration_seconds",
            format!("method=\"{method}\",route=\"{path}\""),
        );
        let mut sum = 0;
        for ((_, end), step) in STEPS.iter().zip(&self.steps) {
            sum += step.load(Ordering::Relaxed);
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{end}\"}} {sum}");
        }
        sum += self.steps[STEPS.len()].load(Ordering::Relaxed);
        let seconds = Duration::from_micros(self.micros.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {sum}");
        let _ = writeln!(out, "{name}_sum{{{labels}}} {seconds}");
        let _ = writeln!(out, "{name}_count{{{labels}}} {sum}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(traffic: &Traffic) -> String {
        let mut out = String::new();
        traffic.write(&mut out);
        out
    }

    #[test]
    fn a_request_is_counted_under_its_route_and_never_under_its_address() {
        let traffic = Traffic::default();
        traffic.learn(["/data/{table}", "/"]);
        let took = Duration::from_millis(3);

        traffic.answered(true, Some("/data/{table}"), 200, took);
        traffic.answered(true, Some("/data/{table}"), 200, took);
        traffic.answered(false, Some("/data/{table}"), 418, took);
        traffic.answered(true, Some("/data/salaries"), 500, took);
        traffic.answered(true, None, 404, took);

        let text = written(&traffic);
        for line in [
            "requests_total{method=\"GET\",route=\"/data/{table}\",status=\"200\"} 2",
            "requests_total{method=\"POST\",route=\"/data/{table}\",status=\"other\"} 1",
            "requests_total{method=\"GET\",route=\"none\",status=\"500\"} 1",
            "requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("salaries") && !text.contains("route=\"/\""));
        assert_eq!(
            (traffic.errors(), traffic.latency().shape().total()),
            (1, 5)
        );
    }

    #[test]
    fn what_takes_most_of_the_time_comes_first() {
        let traffic = Traffic::default();
        traffic.learn(["/a", "/b", "/c"]);
        for _ in 0..10 {
            traffic.answered(true, Some("/a"), 200, Duration::from_millis(1));
        }
        traffic.answered(false, Some("/b"), 503, Duration::from_millis(500));
        let busiest = traffic.busiest(5);
        assert_eq!(busiest.len(), 2);
        assert_eq!(
            (busiest[0].method, busiest[0].route, busiest[0].errors),
            ("POST", "/b", 1)
        );
        assert_eq!(
            (busiest[1].requests, busiest[1].mean()),
            (10, Duration::from_millis(1))
        );
        assert_eq!(traffic.busiest(1).len(), 1);
    }

    #[test]
    fn a_histogram_grows_to_its_count() {
        let traffic = Traffic::default();
        traffic.learn(["/"]);
        for millis in [0, 1, 3, 700, 60_000] {
            traffic.answered(true, Some("/"), 200, Duration::from_millis(millis));
        }

        let text = written(&traffic);

        for (end, count) in [("0.001", 2), ("0.005", 3), ("1", 4), ("10", 4), ("+Inf", 5)] {
            let line = format!("_bucket{{method=\"GET\",route=\"/\",le=\"{end}\"}} {count}\n");
            assert!(text.contains(&line), "{line} is not in {text}");
        }
        assert!(
            text.contains("_sum{method=\"GET\",route=\"/\"} 60.704\n"),
            "{text}"
        );
        assert!(text.contains("_count{method=\"GET\",route=\"/\"} 5\n"));
    }
}
