//! Expressions and texts of cells, with the names questions have here.

use super::super::draft::Texts;

/// Questions that are called otherwise here: the old name and the new one.
#[derive(Clone, Debug, Default)]
pub(super) struct Renamed(pub(super) Vec<(String, String)>);

impl Renamed {
    /// `${old}` becomes `${new}`; spaces of word processors become plain ones.
    pub(super) fn expr(&self, cell: &str) -> Option<String> {
        let text = cell.replace(['\u{a0}', '\r', '\n', '\t'], " ");
        let text = self.text(text.trim());
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn text(&self, text: &str) -> String {
        if self.0.is_empty() || !text.contains("${") {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, inside) = (&rest[..start], &rest[start + 2..]);
            out.push_str(before);
            let Some(end) = inside.find('}') else {
                rest = &rest[start..];
                break;
            };
            let name = inside[..end].trim();
            let new = self
                .0
                .iter()
                .find(|(old, _)| old == name)
                .map_or(name, |(_, new)| new);
            out.push_str("${");
            out.push_str(new);
            out.push('}');
            rest = &inside[end + 1..];
        }
        out.push_str(rest);
        out
    }

    pub(super) fn texts(&self, mut texts: Texts) -> Texts {
        for (_, text) in &mut texts {
            *text = self.text(text);
        }
        texts
    }
}

/// A text as an expression says it. There are two quotes and no escapes.
pub(in super::super) fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    if !text.contains('"') {
        return format!("\"{text}\"");
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    format!("concat({})", parts.join(", \"'\", "))
}

/// A default that is worked out, and not one that is written.
pub(super) fn is_worked_out(cell: &str) -> bool {
    let has_call = cell.split('(').next().is_some_and(|before| {
        cell.contains('(')
            && before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
            && !before.contains(' ')
    });
    cell.contains("${")
        || (has_call
            && cell
                .trim_end()
                .ends_with(|c: char| c == ')' || c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_both_quotes_can_be_said() {
        assert_eq!(quoted("it's"), "\"it's\"");
        let both = crate::expr::Expr::parse(&quoted("a 'b' \"c\"")).unwrap();
        assert_eq!(
            both.json().to_string(),
            r#"["call","concat","a ","'","b","'"," \"c\""]"#
        );
    }

    #[test]
    fn a_default_with_brackets_may_be_a_text() {
        let worked_out = [
            "today()",
            "${a}",
            "concat('a', 'b')",
            "once(uuid())",
            "now() + 1",
        ]
        .map(is_worked_out);
        let written =
            ["12", "a (b)", "2020-01-01", "Paris (France) or so", ":)"].map(is_worked_out);

        assert_eq!((worked_out, written), ([true; 5], [false; 5]));
    }

    #[test]
    fn new_names_go_into_expressions() {
        let renamed = Renamed(vec![("1a".into(), "q1a".into())]);

        assert_eq!(
            renamed.text("${1a} + ${ 1a } + ${b} ${"),
            "${q1a} + ${q1a} + ${b} ${"
        );
    }
}
