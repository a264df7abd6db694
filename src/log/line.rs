//! One line of the log, for people or for programs.

use std::fmt::{self, Write};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::recent::{self, Kept};
use super::redact::{is_secret, redact};
use super::scope;
use crate::base::{Clock, Time};

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// An object on each line, for programs.
    Json,
}

impl Format {
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Who may do what, and what keeps others out.
    Security,
    /// Requests and connections.
    Access,
    /// Whether it works.
    Availability,
    /// Figures.
    Metric,
}

impl Category {
    pub fn name(self) -> &'static str {
        match self {
            Category::Security => "security",
            Category::Access => "access",
            Category::Availability => "availability",
            Category::Metric => "metric",
        }
    }

    fn named(name: &str) -> Option<Category> {
        let all = [
            Category::Security,
            Category::Access,
            Category::Availability,
            Category::Metric,
        ];
        all.into_iter().find(|category| category.name() == name)
    }

    /// What a part of the program speaks about, when the line does not say.
    fn of(target: &str) -> Category {
        let part = target.strip_prefix("onsight::").unwrap_or(target);
        let within = |parts: &[&str]| {
            let mut parts = parts.iter();
            parts.any(|known| part == *known || part.starts_with(&format!("{known}::")))
        };
        if within(&[
            "people",
            "audit",
            "journal",
            "tls",
            "store::keyring",
            "workspaces",
        ]) {
            Category::Security
        } else if within(&["server::accept", "web", "access"]) {
            Category::Access
        } else if within(&["meters", "telemetry", "metric"]) {
            Category::Metric
        } else {
            Category::Availability
        }
    }
}

/// Writes lines.
#[derive(Clone, Copy, Debug)]
pub struct Lines {
    format: Format,
    /// journald reads `<4>` in front of a line as how bad it is.
    marks: bool,
}

impl Lines {
    pub fn new(format: Format, is_journald: bool) -> Lines {
        Lines {
            format,
            marks: is_journald,
        }
    }
}

/// What an event says.
#[derive(Debug, Default)]
struct Said {
    message: String,
    category: Option<Category>,
    request: Option<String>,
    fields: Vec<(&'static str, Value)>,
}

impl Said {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), &value) {
            ("message", Value::String(text)) => self.message = redact(text).into_owned(),
            ("category", Value::String(name)) => self.category = Category::named(name),
            ("request", Value::String(id)) => self.request = Some(redact(id).into_owned()),
            // What stands in an address is nobody's business; the access line has the pattern.
            (name @ ("uri" | "url"), _) => self.fields.push((name, "•••".into())),
            (name, _) if is_secret(name) => self.fields.push((name, "•••".into())),
            (name, Value::String(text)) => {
                self.fields.push((name, redact(text).into_owned().into()));
            }
            (name, _) => self.fields.push((name, value)),
        }
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut said = Said::default();
        event.record(&mut said);
        let facts = event.metadata();
        let (level, target) = (*facts.level(), facts.target());
        let category = said.category.unwrap_or_else(|| Category::of(target));
        let request = said.request.take();
        let request = request.or_else(|| scope::current().map(|id| id.to_string()));
        let line = Kept {
            at: Clock::system().now(),
            level,
            category,
            request: request.unwrap_or_default(),
            text: said.message.clone(),
        };
        if self.marks {
            write!(writer, "<{}>", severity(level))?;
        }
        match self.format {
            Format::Text => text(&mut writer, &line, target, &said.fields)?,
            Format::Json => json(&mut writer, &line, target, said.fields)?,
        }
        if level <= Level::WARN {
            recent::keep(line);
        }
        writeln!(writer)
    }
}

/// As syslog counts.
fn severity(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

fn named(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        _ => "trace",
    }
}

/// `2026-11-21T19:18:08.123Z`
fn time(at: Time) -> String {
    at.timestamp()
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

fn text(
    out: &mut impl Write,
    line: &Kept,
    target: &str,
    fields: &[(&'static str, Value)],
) -> fmt::Result {
    let (at, level) = (time(line.at), named(line.level).to_uppercase());
    write!(out, "{at} {level:>5} {}", line.category.name())?;
    if !line.request.is_empty() {
        write!(out, " request={}", line.request)?;
    }
    write!(out, " {target}: {}", line.text)?;
    for (name, value) in fields {
        match value {
            Value::String(word) if word.contains([' ', '"']) => write!(out, " {name}={word:?}")?,
            Value::String(word) => write!(out, " {name}={word}")?,
            value => write!(out, " {name}={value}")?,
        }
    }
    Ok(())
}

fn json(
    out: &mut impl Write,
    line: &Kept,
    target: &str,
    fields: Vec<(&'static str, Value)>,
) -> fmt::Result {
    let mut object = Map::new();
    object.insert("time".to_owned(), time(line.at).into());
    object.insert("level".to_owned(), named(line.level).into());
    object.insert("category".to_owned(), line.category.name().into());
    if !line.request.is_empty() {
        object.insert("request".to_owned(), line.request.clone().into());
    }
    object.insert("target".to_owned(), target.into());
    object.insert("message".to_owned(), line.text.clone().into());
    for (name, value) in fields {
        // What an event calls like one of ours does not take its place.
        object.entry(name.to_owned()).or_insert(value);
    }
    write!(out, "{}", Value::Object(object))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Paper {
        type Writer = Paper;

        fn make_writer(&'a self) -> Paper {
            self.clone()
        }
    }

    fn written(lines: Lines, work: impl FnOnce()) -> String {
        let paper = Paper::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::INFO)
            .event_format(lines)
            .with_writer(paper.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, work);
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_for_programs_is_one_object_with_what_is_needed_to_find_it() {
        let out = written(Lines::new(Format::Json, false), || {
            tracing::warn!(
                request = "1f-3",
                rows = 7,
                password = "hunter2",
                query = "/x?q=hunter2",
                "it did not work:\n token=hunter2"
            );
        });
        let line: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(out.lines().count(), 1);
        assert_eq!(line["level"], "warn");
        assert_eq!(line["category"], "availability");
        assert_eq!(
            (&line["request"], &line["rows"]),
            (&"1f-3".into(), &7.into())
        );
        assert_eq!(line["message"], "it did not work:  token=•••");
        assert!(!out.contains("hunter2"), "{out}");
        assert!(line["time"].as_str().unwrap().ends_with('Z'));
    }

    #[tokio::test]
    async fn a_line_has_the_number_of_the_request_it_was_written_for() {
        let paper = Paper::default();
        let subscriber = tracing_subscriber::fmt()
            .event_format(Lines::new(Format::Text, true))
            .with_writer(paper.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        scope::during("1f-9".into(), async { tracing::error!("broken: {}", 7) }).await;
        let out = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        assert!(out.starts_with("<3>20"), "{out}");
        let target = module_path!();
        let end = format!(" ERROR availability request=1f-9 {target}: broken: 7\n");
        assert!(out.ends_with(&end), "{out}");
        assert!(recent::recent().iter().any(|kept| kept.request == "1f-9"));
    }

    #[test]
    fn a_field_that_is_called_like_one_of_ours_does_not_take_its_place() {
        let out = written(Lines::new(Format::Json, false), || {
            tracing::info!(level = "none", time = "never", category = "metric", "so");
        });
        let line: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            (&line["level"], &line["category"]),
            (&"info".into(), &"metric".into())
        );
        assert_ne!(line["time"], "never");
    }

    #[test]
    fn a_part_of_the_program_has_its_category() {
        for (target, category) in [
            ("onsight::people::actions", Category::Security),
            ("onsight::peoples", Category::Availability),
            ("onsight::server::accept", Category::Access),
            ("onsight::telemetry::watch", Category::Metric),
            ("hyper", Category::Availability),
        ] {
            assert_eq!(Category::of(target), category, "{target}");
        }
    }
}
