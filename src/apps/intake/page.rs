//! A page: its groups of widgets on the grid of 12 columns, its filters above them.

use super::building::Building;
use super::definitions::Sort;
use super::draft::{Page, Part, Widget};
use super::record::Record;
use super::statement;
use super::write::{list, quoted, table};

/// The report a global filter is for.
const MAPPED: &[&str] = &["report_id", "report_code"];

/// A widget of a group: the definition it shows, if it does, and how wide it is.
struct Stood {
    part: Part,
    of: Option<usize>,
    width: u32,
}

impl<'a> Building<'a> {
    pub(super) fn page(&mut self, at: usize) {
        let one = self.known.all[at].clone();
        let record = &one.record;
        self.general(&one);
        record.note(
            &["description"],
            "a page has no description; say it in a text widget",
        );
        let hides = record.flag(&["hideToolbar"]);
        if let Some(said) = &hides {
            self.ledger.carried(said.key, "export");
        }
        let mut page = Page {
            name: one.name.clone(),
            title: one.title.clone(),
            path: format!("/{}", one.name),
            is_in_menu: true,
            ..Page::default()
        };
        let mut row = 1;
        if let Some(words) = self.words(record, &["pre_html"], "before") {
            row = page.put(&Part::of(words), [row, 1, 12]);
        }
        if let Some(node) = record.get(&["widget_groups"]) {
            self.ledger.carried(node.key, format!("page.{}", one.name));
        }
        row = self.groups(record, &mut page, row);
        if let Some(words) = self.words(record, &["post_html"], "after") {
            page.put(&Part::of(words), [row, 1, 12]);
        }
        self.draft.pages.push(page);
    }

    /// Puts the groups on the page, each below its filter; gives the next row.
    fn groups(&mut self, record: &Record<'a>, page: &mut Page, row: u32) -> u32 {
        let mut row = row;
        let hides = record.flag(&["hideToolbar"]).is_some_and(|said| said.is);
        let groups = record.records(&["widget_groups"]);
        let mut filled = Vec::new();
        for group in &groups {
            filled.push(self.group(group, hides));
        }
        let everywhere: Vec<usize> = filled
            .iter()
            .flatten()
            .filter_map(|stood| stood.of)
            .collect();
        let (filter, names) = self.global(record, &everywhere);
        if let Some(filter) = filter {
            row = page.put(&Part::of(filter), [row, 1, 12]);
        }
        for (group, stood) in groups.iter().zip(filled) {
            let here: Vec<usize> = stood.iter().filter_map(|stood| stood.of).collect();
            let (filter, more) = self.global(group, &here);
            if let Some(filter) = filter {
                row = page.put(&Part::of(filter), [row, 1, 12]);
            }
            let names: Vec<String> = names.iter().chain(&more).cloned().collect();
            row = self.laid(page, stood, &names, row);
        }
        row
    }

    /// The widgets of a group.
    fn group(&mut self, group: &Record<'a>, hides: bool) -> Vec<Stood> {
        group.note(
            &["css_definition"],
            "styles do not come along: pages look as the rest of Onsight does",
        );
        if let Some(node) = group.get(&["widgets"]) {
            self.ledger.carried(node.key, "widgets");
        }
        let mut found = Vec::new();
        for widget in group.records(&["widgets"]) {
            let cols = widget.number(&["cols"]);
            let width = cols.as_ref().map_or(12, |said| said.is.clamp(1, 12));
            if let Some(said) = cols {
                self.ledger.carried(said.key, "at");
                if said.is != width {
                    self.ledger.noted(
                        said.key,
                        format!("the grid has 12 columns; the widget takes {width}"),
                    );
                }
            }
            widget.carry(
                &["removeReportCss", "removeFormCss"],
                "no styles come along",
            );
            let (part, of) = self.stood(&widget, hides);
            found.push(Stood {
                part,
                of,
                width: u32::try_from(width).unwrap_or(12),
            });
        }
        found
    }

    /// What a widget is: words, or the form or report it names.
    fn stood(&mut self, widget: &Record<'a>, hides: bool) -> (Part, Option<usize>) {
        let is_html = widget.text(&["type"]).is_some_and(|said| said.is == "html");
        if is_html || (!widget.has("type") && widget.has("html")) {
            widget.carry(&["type"], "a text widget");
            let words = self.words(widget, &["html"], "words");
            return (
                Part {
                    widgets: words.into_iter().collect(),
                },
                None,
            );
        }
        let found = self.known.form_or_report(widget, Sort::Report);
        let Some((at, part)) = found.and_then(|at| Some((at, self.parts.get(&at)?.clone()))) else {
            let words = Widget {
                name: "missing".to_owned(),
                kind: "text",
                keys: vec![(
                    "text",
                    quoted("What stood here was not among the files that were brought over."),
                )],
            };
            return (
                Part {
                    widgets: vec![words],
                },
                None,
            );
        };
        self.placed.insert(at);
        let mut part = part;
        for widget in &mut part.widgets {
            if hides {
                widget.keys.retain(|(name, _)| *name != "export");
            }
            let name = &self.known.all[at].name;
            widget.name = format!("{name}-{}", widget.name);
        }
        (part, Some(at))
    }

    /// Puts a group's widgets beside each other as far as they fit; gives the next row.
    fn laid(&self, page: &mut Page, stood: Vec<Stood>, filtered: &[String], row: u32) -> u32 {
        let (mut row, mut column, mut next) = (row, 1, row);
        for one in stood {
            let mut part = one.part;
            let asking = one.of.and_then(|of| self.asking.get(&of));
            // The filter above sets what this one would.
            if asking.is_some_and(|asking| asking.params.iter().all(|name| filtered.contains(name)))
            {
                part.widgets.retain(|widget| widget.kind != "filter");
            }
            if part.widgets.is_empty() {
                continue;
            }
            if column + one.width > 13 {
                (row, column) = (next, 1);
            }
            next = next.max(page.put(&part, [row, column, one.width]));
            column += one.width;
        }
        next
    }

    /// The filter of a page or a group, over the reports in it; the values it sets.
    fn global(&self, record: &Record<'a>, reports: &[usize]) -> (Option<Widget>, Vec<String>) {
        if let Some(node) = record.get(&["filter_menu"]) {
            self.ledger.carried(node.key, "a filter widget");
        }
        let (mut inputs, mut names, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        for entry in record.records(&["filter_menu"]) {
            let Some(said) = entry.text(&["name", "column"]) else {
                self.leave(&entry, "this filter names no value; give it `name`");
                continue;
            };
            let name = statement::param(said.is);
            let asked: Vec<String> = { reports.iter() }
                .filter_map(|at| self.asking.get(at))
                .filter(|asking| asking.params.contains(&name))
                .map(|asking| format!("{}.{name}", asking.query))
                .collect();
            if asked.is_empty() {
                self.leave(
                    &entry,
                    "no report here asks for this value, so the filter is left out",
                );
                continue;
            }
            entry.carry(&["name", "column", "label"], &format!("url.{name}"));
            if let Some((_, key)) = self.known.meant(&entry, Sort::Report, MAPPED) {
                self.ledger.carried(key, format!("url.{name}"));
            }
            for input in asked {
                if !inputs.contains(&input) {
                    inputs.push(input);
                }
            }
            if let Some(label) = entry.text(&["label"]) {
                labels.push((name.clone(), quoted(label.is)));
            }
            names.push(name);
        }
        if inputs.is_empty() {
            return (None, names);
        }
        let mut keys = vec![("inputs", list(&inputs))];
        if !labels.is_empty() {
            keys.push(("labels", table(&labels)));
        }
        let widget = Widget {
            name: "filters".to_owned(),
            kind: "filter",
            keys,
        };
        (Some(widget), names)
    }

    /// A page for a form or a report by itself.
    pub(super) fn own_page(&mut self, at: usize, is_in_menu: bool) {
        let one = &self.known.all[at];
        let mut page = Page {
            name: one.name.clone(),
            title: one.title.clone(),
            path: format!("/{}", one.name),
            is_in_menu,
            ..Page::default()
        };
        if let Some(part) = self.parts.get(&at) {
            page.put(part, [1, 1, 12]);
        }
        self.draft.pages.push(page);
    }
}
