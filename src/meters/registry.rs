//! The figures by name: slices declare theirs once and keep what raises them.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::figures::{Counter, Gauge};
use super::history::History;
use super::traffic::Traffic;

type Ask = Box<dyn Fn() -> Option<f64> + Send + Sync>;

/// Everything this process counts.
#[derive(Default)]
pub struct Meters {
    families: Mutex<BTreeMap<String, Family>>,
    pub traffic: Traffic,
    /// What the figures were over the last day.
    pub history: History,
}

struct Family {
    help: &'static str,
    /// By their labels, as they are written.
    series: BTreeMap<String, Series>,
}

enum Series {
    Counter(Counter),
    Gauge(Gauge),
    Asked(Ask),
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Meters")
    }
}

impl Meters {
    /// The counter of that name and those labels, made if it is not there.
    pub fn counter(&self, name: &str, help: &'static str, labels: &[(&str, &str)]) -> Counter {
        let mut families = self.families();
        let series = family(&mut families, name, help).entry(written(labels));
        match series.or_insert_with(|| Series::Counter(Counter::default())) {
            Series::Counter(counter) => counter.clone(),
            // Declared as something else before: that one stands, this one is not shown.
            Series::Gauge(_) | Series::Asked(_) => Counter::default(),
        }
    }

    /// The same with a gauge. Until it is set it is zero.
    pub fn gauge(&self, name: &str, help: &'static str, labels: &[(&str, &str)]) -> Gauge {
        let mut families = self.families();
        let series = family(&mut families, name, help).entry(written(labels));
        match series.or_insert_with(|| Series::Gauge(Gauge::default())) {
            Series::Gauge(gauge) => gauge.clone(),
            Series::Counter(_) | Series::Asked(_) => Gauge::default(),
        }
    }

    /// A gauge that is asked whenever somebody looks; `None` leaves it out.
    /// The last one to declare it is asked.
    pub fn asked(
        &self,
        name: &str,
        help: &'static str,
        labels: &[(&str, &str)],
        ask: impl Fn() -> Option<f64> + Send + Sync + 'static,
    ) {
        let mut families = self.families();
        let family = family(&mut families, name, help);
        family.insert(written(labels), Series::Asked(Box::new(ask)));
    }

    /// What all series of that name come to; `None` when nobody declared it or
    /// knows it.
    pub fn value(&self, name: &str) -> Option<f64> {
        let families = self.families();
        let series = families.get(name)?.series.values();
        series
            .filter_map(Series::value)
            .reduce(|sum, one| sum + one)
    }

    /// The whole, in Prometheus' text format.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(16 << 10);
        for (name, family) in self.families().iter() {
            let kind = match family.series.values().next() {
                Some(Series::Counter(_)) => "counter",
                _ => "gauge",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(out, "# HELP {name} {}\n# TYPE {name} {kind}", family.help);
            for (labels, series) in &family.series {
                if let Some(value) = series.value() {
                    let _ = writeln!(out, "{name}{labels} {value}");
                }
            }
        }
        self.traffic.write(&mut out);
        out
    }

    fn families(&self) -> MutexGuard<'_, BTreeMap<String, Family>> {
        self.families.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn family<'a>(
    families: &'a mut BTreeMap<String, Family>,
    name: &str,
    help: &'static str,
) -> &'a mut BTreeMap<String, Series> {
    let family = families.entry(name.to_owned()).or_insert_with(|| Family {
        help,
        series: BTreeMap::new(),
    });
    &mut family.series
}

impl Series {
    #[expect(
        clippy::cast_precision_loss,
        reason = "Prometheus reads floating point anyway"
    )]
    fn value(&self) -> Option<f64> {
        match self {
            Series::Counter(counter) => Some(counter.get() as f64),
            Series::Gauge(gauge) => Some(gauge.get()),
            Series::Asked(ask) => ask(),
        }
    }
}

/// `{file="system"}`; nothing when there is no label.
fn written(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let each = labels.iter().map(|(name, value)| {
        let value = value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    });
    format!("{{{}}}", each.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_declared_once_and_raised_by_many() {
        let meters = Meters::default();
        let one = meters.counter("onsight_exports_total", "Files given out.", &[]);
        meters
            .counter("onsight_exports_total", "Again.", &[])
            .add(2);
        one.up();
        let waiting = meters.gauge(
            "onsight_waiting",
            "Writes that wait.",
            &[("file", "a\"\\\nb")],
        );
        waiting.set(1.5);

        assert_eq!(
            meters.text().lines().take(6).collect::<Vec<_>>(),
            [
                "# HELP onsight_exports_total Files given out.",
                "# TYPE onsight_exports_total counter",
                "onsight_exports_total 3",
                "# HELP onsight_waiting Writes that wait.",
                "# TYPE onsight_waiting gauge",
                "onsight_waiting{file=\"a\\\"\\\\\\nb\"} 1.5",
            ]
        );
    }

    #[test]
    fn what_nobody_knows_is_left_out_and_what_several_know_is_added_up() {
        let meters = Meters::default();
        meters.asked("onsight_backup_age_seconds", "Age.", &[], || None);
        meters.asked("onsight_bytes", "Size.", &[("file", "a")], || Some(1.0));
        meters.asked("onsight_bytes", "Size.", &[("file", "b")], || Some(2.0));

        assert_eq!(meters.value("onsight_backup_age_seconds"), None);
        assert_eq!(meters.value("onsight_nothing"), None);
        assert_eq!(meters.value("onsight_bytes"), Some(3.0));
        assert!(!meters.text().contains("\nonsight_backup_age_seconds"));
    }

    #[test]
    fn a_name_that_is_a_gauge_is_no_counter_as_well() {
        let meters = Meters::default();
        meters.gauge("onsight_one", "One.", &[]).set(7.0);
        meters.counter("onsight_one", "One.", &[]).up();
        assert_eq!(meters.value("onsight_one"), Some(7.0));
    }
}
