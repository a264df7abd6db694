//! What a parameter promises: a known source, limits that fit its type, a default it accepts.

use super::bind::{is_default, shapes};
use super::file::File;
use super::words::{SCALE, sources_of};
use super::{Level, Param, ParamType, Query, Source};
use crate::base::written::{Notes, suggestion};

/// Gives every parameter with `same_as` what it points to, through any number of steps.
pub(super) fn resolve(file: &File<'_>, queries: &mut [Query], notes: &mut Notes) {
    let all: Vec<(String, Param)> = queries
        .iter()
        .flat_map(|query| {
            let full = |param: &Param| (format!("{}.{}", query.name, param.name), param.clone());
            query.params.iter().map(full)
        })
        .collect();
    for query in queries {
        for param in &mut query.params {
            let Some(first) = param.same_as.clone() else {
                continue;
            };
            match follow(&all, &first) {
                Ok(target) => {
                    let name = std::mem::take(&mut param.name);
                    *param = Param {
                        name,
                        same_as: Some(first),
                        ..target.clone()
                    };
                }
                Err(message) => {
                    let path = ["query", &query.name, "param", &param.name, "same_as"];
                    notes.error(file.at(&path), message);
                }
            }
        }
    }
}

fn follow<'a>(all: &'a [(String, Param)], first: &str) -> Result<&'a Param, String> {
    let mut wanted = first;
    // More steps than there are parameters is a circle.
    for _ in all {
        let Some((_, found)) = all.iter().find(|(name, _)| name == wanted) else {
            let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
            let near = suggestion(wanted, &names);
            return Err(format!("there is no parameter `{wanted}`{near}"));
        };
        match &found.same_as {
            Some(next) => wanted = next,
            None => return Ok(found),
        }
    }
    Err(format!(
        "`{first}` leads back to itself; give one of them `from` and `type`"
    ))
}

pub(super) fn query(file: &File<'_>, query: &Query, notes: &mut Notes) {
    for (name, table) in file.tables(&["query", &query.name, "param"]) {
        let Some(param) = query.param(name) else {
            continue;
        };
        let mut check = Check {
            file,
            query: &query.name,
            param,
            notes,
        };
        let is_written = |key: &str| table.contains_key(key);
        check.name(query);
        if param.same_as.is_some() {
            check.alone(table);
            continue;
        }
        for key in ["from", "type"] {
            if !is_written(key) {
                let message =
                    format!("`{name}` needs `{key}`; or `same_as` with another query's parameter");
                check.error(name, message);
            }
        }
        if let Some(from) = table.get("from").and_then(toml_edit::Item::as_str) {
            check.source(from);
        }
        if is_written("type") {
            check.limits(&is_written);
            check.values();
            check.default();
        }
    }
}

struct Check<'a> {
    file: &'a File<'a>,
    query: &'a str,
    param: &'a Param,
    notes: &'a mut Notes,
}

impl Check<'_> {
    fn at(&self, key: &str) -> usize {
        self.file
            .at(&["query", self.query, "param", &self.param.name, key])
    }

    fn error(&mut self, key: &str, message: impl Into<String>) {
        let at = self.at(key);
        self.notes.error(at, message);
    }

    fn name(&mut self, query: &Query) {
        let name = &self.param.name;
        let is_spread = |param: &&Param| {
            let rest = name.strip_prefix(param.name.as_str());
            let number = rest.and_then(|rest| rest.strip_prefix('_'));
            param.list && number.is_some_and(|n| n.parse::<u32>().is_ok())
        };
        if let Some(list) = query.params.iter().find(is_spread) {
            let list = &list.name;
            let message = format!(
                "the list `{list}` is bound as `:{list}_0` and on; give `{name}` another name"
            );
            self.error(name, message);
        }
    }

    fn alone(&mut self, table: &dyn toml_edit::TableLike) {
        for (key, _) in table.iter().filter(|(key, _)| *key != "same_as") {
            self.error(
                key,
                format!("`same_as` takes everything over; remove `{key}`"),
            );
        }
    }

    fn source(&mut self, from: &str) {
        let known = match super::read::source(from) {
            None => {
                let message = format!(
                    "`{from}` is no source; write url, form, row, page, parent, user, server or app, a dot and a name, like url.status"
                );
                return self.error("from", message);
            }
            Some(Source::User(key)) => {
                return self.person(&key);
            }
            Some(Source::Parent(_)) => sources_of("parent"),
            Some(Source::Server(_)) => sources_of("server"),
            Some(Source::App(_)) => sources_of("app"),
            Some(source) if source.key().is_empty() => {
                return self.error("from", format!("a name is missing after `{from}`"));
            }
            Some(_) => return,
        };
        if !known.contains(&from) {
            let message = format!("there is no `{from}`{}", suggestion(from, &known));
            self.error("from", message);
        }
    }

    /// `user.…`: what is known of everybody, or an attribute.
    fn person(&mut self, key: &str) {
        let known = sources_of("user").into_iter();
        let known: Vec<&str> = known
            .filter_map(|name| name.strip_prefix("user."))
            .collect();
        let is_known = known.contains(&key);
        if !is_known && !super::checks::is_slug(key) {
            let near = suggestion(key, &known);
            let message = format!("`user.{key}` cannot be an attribute's name{near}");
            return self.error("from", message);
        }
        if let Some(near) =
            crate::base::text::nearest(key, known.iter().copied()).filter(|_| !is_known)
        {
            let at = self.at("from");
            let message = format!(
                "`user.{key}` is an attribute that admins give to members; or did you mean `user.{near}`?"
            );
            self.notes.add(at, Level::Note, message);
        }
        if key == "groups" && (!self.param.list || self.param.kind != ParamType::Text) {
            let message = "groups are many; write type = \"list<text>\" and `in (:name)`";
            self.error("type", message);
        }
    }

    fn limits(&mut self, is_written: &dyn Fn(&str) -> bool) {
        let kind = self.param.kind;
        for key in ["min", "max"] {
            if is_written(key) && !kind.is_number() && !kind.has_length() {
                self.error(
                    key,
                    format!("`{key}` limits numbers and the length of text; remove it"),
                );
            }
        }
        if is_written("scale") && kind != ParamType::Decimal {
            self.error("scale", "`scale` counts the digits of a decimal; remove it");
        } else if is_written("scale") && self.param.scale.is_none_or(|digits| digits > SCALE) {
            self.error("scale", format!("`scale` is 0 to {SCALE} digits"));
        }
        if let (Some(min), Some(max)) = (self.param.min, self.param.max)
            && min > max
        {
            self.error(
                "max",
                format!("`max` is below `min`, which is {min}; exchange them"),
            );
        }
        let is_groups = self.param.source == Source::User("groups".to_owned());
        if self.param.list && !self.param.source.is_from_browser() && !is_groups {
            self.error(
                "type",
                "a list comes from url, form, row, page or user.groups; use a plain type here",
            );
        }
        if kind == ParamType::File {
            let at = self.at("type");
            let message =
                "files are not available in this version; remove this parameter to publish";
            self.notes.add(at, Level::Refused, message.to_owned());
        }
    }

    fn values(&mut self) {
        let is_enum = self.param.kind == ParamType::Enum;
        if is_enum && self.param.values.is_empty() {
            self.error(
                "values",
                "an enum needs `values`, like values = [\"new\", \"paid\"]",
            );
        }
        if !is_enum && !self.param.values.is_empty() {
            self.error(
                "values",
                "`values` belongs to the type \"enum\"; remove it or change the type",
            );
        }
    }

    fn default(&mut self) {
        let Some(default) = &self.param.default else {
            return;
        };
        if !self.param.source.is_from_browser() {
            return self.error(
                "default",
                "what the server knows is never missing; remove `default`",
            );
        }
        if let Err(fault) = is_default(self.param, default) {
            let message = format!("`default` does not fit: {fault}{}", shapes(self.param.kind));
            self.error("default", message);
        }
    }
}
