//! XML, written element by element.

use std::fmt::Write as _;
use std::io::{self, Write};

/// A document on its way out. Elements close themselves in order.
pub(super) struct Xml<'a> {
    out: &'a mut dyn Write,
    open: Vec<&'static str>,
}

impl<'a> Xml<'a> {
    pub(super) fn begin(out: &'a mut dyn Write) -> io::Result<Xml<'a>> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
        Ok(Xml {
            out,
            open: Vec::new(),
        })
    }

    /// Opens an element that holds others.
    pub(super) fn open(&mut self, name: &'static str, marks: &[(&str, &str)]) -> io::Result<()> {
        let tag = self.tag(name, marks);
        self.open.push(name);
        writeln!(self.out, "{tag}>")
    }

    pub(super) fn close(&mut self) -> io::Result<()> {
        let Some(name) = self.open.pop() else {
            return Ok(());
        };
        let space = "  ".repeat(self.open.len());
        writeln!(self.out, "{space}</{name}>")
    }

    /// An element with text in it.
    pub(super) fn text(
        &mut self,
        name: &'static str,
        marks: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        let mut tag = self.tag(name, marks);
        tag.push('>');
        escape(&mut tag, text);
        writeln!(self.out, "{tag}</{name}>")
    }

    /// An element with nothing in it.
    pub(super) fn mark(&mut self, name: &'static str, marks: &[(&str, &str)]) -> io::Result<()> {
        let tag = self.tag(name, marks);
        writeln!(self.out, "{tag}/>")
    }

    fn tag(&self, name: &str, marks: &[(&str, &str)]) -> String {
        let mut tag = format!("{}<{name}", "  ".repeat(self.open.len()));
        for (mark, value) in marks {
            let _ = write!(tag, " {mark}=\"");
            escape(&mut tag, value);
            tag.push('"');
        }
        tag
    }
}

/// Text in XML; what XML has no way to say becomes U+FFFD.
fn escape(into: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\n' => into.push_str("&#10;"),
            '\t' => into.push_str("&#9;"),
            '\r' => into.push_str("&#13;"),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => into.push('\u{fffd}'),
            letter => into.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_well_formed_whatever_it_says() {
        let mut out = Vec::new();
        let mut xml = Xml::begin(&mut out).unwrap();
        xml.open("a", &[("b", "\"<&>\n")]).unwrap();
        xml.text("c", &[], "]]> \u{1} & é 🦀").unwrap();
        xml.mark("d", &[]).unwrap();
        xml.close().unwrap();

        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text.split_once('\n').unwrap().1,
            "<a b=\"&quot;&lt;&amp;&gt;&#10;\">\n  <c>]]&gt; \u{fffd} &amp; é 🦀</c>\n  <d/>\n</a>\n"
        );
    }
}
