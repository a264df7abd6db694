//! A cell of an `OpenDocument` sheet: its attributes, or else its paragraphs.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart};

use super::super::guard::LONGEST;
use super::super::sheet::Held;
use super::super::value::Value;
use super::{Refusal, broken};

/// A cell whose end was not met yet.
#[derive(Default)]
pub(super) struct OpenCell {
    kind: String,
    value: Option<String>,
    /// What its paragraphs say.
    words: String,
    paragraphs: usize,
    /// Remarks somebody pinned to the cell are not its value.
    remarks: usize,
    is_error: bool,
    pub(super) is_merged: bool,
    pub(super) repeated: usize,
}

/// The attribute of that name, as plain text.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let found = start.try_get_attribute(name).map_err(|error| broken(&error))?;
    found.map(|attribute| plain(&attribute)).transpose()
}

fn plain(attribute: &quick_xml::events::attributes::Attribute<'_>) -> Result<String, Refusal> {
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) => Ok(value.into_owned()),
        Err(error) => Err(broken(&error)),
    }
}

impl OpenCell {
    pub(super) fn new(start: &BytesStart<'_>) -> Result<OpenCell, Refusal> {
        let mut cell = OpenCell {
            repeated: 1,
            ..OpenCell::default()
        };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| broken(&error))?;
            match attribute.key.0 {
                "office:value-type" => cell.kind = plain(&attribute)?,
                "office:value" | "office:date-value" | "office:time-value"
                | "office:boolean-value" | "office:string-value" => {
                    cell.value = Some(plain(&attribute)?);
                }
                "calcext:value-type" => cell.is_error = attribute.value == "error",
                "table:number-columns-repeated" => {
                    cell.repeated = attribute.value.parse().unwrap_or(1).max(1);
                }
                "table:number-columns-spanned" | "table:number-rows-spanned" => {
                    cell.is_merged |= attribute.value != "1";
                }
                _ => {}
            }
        }
        Ok(cell)
    }

    pub(super) fn start(&mut self, name: &str) {
        match name {
            "office:annotation" => self.remarks += 1,
            "text:p" if self.remarks == 0 => {
                if self.paragraphs > 0 {
                    self.words.push('\n');
                }
                self.paragraphs += 1;
            }
            "text:s" if self.remarks == 0 => self.words.push(' '),
            "text:tab" if self.remarks == 0 => self.words.push('\t'),
            "text:line-break" if self.remarks == 0 => self.words.push('\n'),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, name: &str) {
        if name == "office:annotation" {
            self.remarks = self.remarks.saturating_sub(1);
        }
    }

    pub(super) fn text(&mut self, text: &str) -> Result<(), Refusal> {
        if self.remarks > 0 || self.paragraphs == 0 {
            return Ok(());
        }
        self.words.push_str(text);
        if self.words.len() as u64 > LONGEST {
            return Err(Refusal::file("a cell of the workbook is longer than 1 MiB: shorten it and send it again"));
        }
        Ok(())
    }

    pub(super) fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), Refusal> {
        let name: &str = entity.as_ref();
        if let Some(text) = quick_xml::escape::resolve_xml_entity(name) {
            return self.text(text);
        }
        match entity.resolve_char_ref() {
            Ok(Some(character)) => self.text(character.encode_utf8(&mut [0; 4])),
            Ok(None) => Ok(()),
            Err(error) => Err(broken(&error)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.value.is_none() && self.words.is_empty() && !self.is_error
    }

    /// The value, when the cell has ended.
    pub(super) fn held(&self) -> Held<'static> {
        if self.is_error {
            return Held::Plain(Value::Error("#ERROR!"));
        }
        let value = self.value.as_deref().unwrap_or(&self.words);
        let plain = match self.kind.as_str() {
            "float" | "percentage" | "currency" => value.parse().ok().map(Value::Real),
            "boolean" => value.parse().ok().map(Value::Boolean),
            "time" => return Held::Words(time(value).unwrap_or_else(|| value.to_owned())),
            _ => None,
        };
        plain.map_or_else(|| Held::Words(value.to_owned()), Held::Plain)
    }
}

/// `PT10H30M00S` is `10:30:00`.
fn time(value: &str) -> Option<String> {
    let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    Some(format!("{hours:0>2}:{minutes:0>2}:{seconds:0>2}"))
}
