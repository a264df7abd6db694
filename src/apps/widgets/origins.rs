//! Addresses of other machines that a page may show: those whose origin an
//! operator allowed, and no others.

use crate::config::origin;

/// Where a picture is to be had from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown<'a> {
    /// The address is part of the page or of this site.
    Own(&'a str),
    Outside(&'a str),
    /// Nobody allowed that origin.
    Refused(&'a str),
    /// No address of a picture.
    Wrong,
}

const INLINE: [&str; 4] = [
    "data:image/png;base64,",
    "data:image/jpeg;base64,",
    "data:image/gif;base64,",
    "data:image/webp;base64,",
];

/// What a text of an app or of a cell is as a picture's address.
pub(super) fn picture<'a>(text: &'a str, allowed: &[String]) -> Shown<'a> {
    let is_inline = INLINE.iter().any(|start| {
        text.strip_prefix(start).is_some_and(|rest| {
            rest.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
        })
    });
    if is_inline {
        return Shown::Own(text);
    }
    outside(text, allowed)
}

/// What a text is as the address of a page elsewhere.
pub(super) fn outside<'a>(text: &'a str, allowed: &[String]) -> Shown<'a> {
    match origin(text) {
        None => Shown::Wrong,
        Some(origin) if allowed.contains(&origin) => Shown::Outside(text),
        Some(_) => Shown::Refused(text),
    }
}

/// The host's part of an address, for people.
pub(super) fn host(text: &str) -> &str {
    let rest = text.strip_prefix("https://").unwrap_or(text);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// For whoever makes the app: what has to be allowed, and by whom.
pub(super) fn refused(host: &str) -> String {
    format!(
        "Nothing of {host} is shown here yet. An operator allows it in onsight.toml: [apps] show = [\"https://{host}\"]."
    )
}

/// In place of what a preview does not fetch from elsewhere.
pub(super) fn preview(host: &str) -> String {
    format!("{host} stands here in the published app.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_allowed_origins_are_shown() {
        let allowed = ["https://maps.example.org".to_owned()];
        let shown = |text| outside(text, &allowed);

        assert!(matches!(
            shown("https://maps.example.org/a?b#c"),
            Shown::Outside(_)
        ));
        assert!(matches!(
            shown("https://MAPS.example.org"),
            Shown::Outside(_)
        ));
        for other in [
            "https://maps.example.org.evil.test/",
            "https://maps.example.org:444/",
            "https://other.test/",
        ] {
            assert!(matches!(shown(other), Shown::Refused(_)), "{other}");
        }
        for wrong in [
            "http://maps.example.org/",
            "//maps.example.org/",
            "/apps",
            "javascript:alert(1)",
            "https://maps.example.org@evil.test/",
            "https://maps.example.org\\@evil.test/",
            "https://maps.example.org; script-src *",
            "data:text/html,<script>",
            "",
        ] {
            assert_eq!(shown(wrong), Shown::Wrong, "{wrong}");
        }
    }

    #[test]
    fn a_picture_may_stand_in_the_text_itself() {
        assert!(matches!(
            picture("data:image/png;base64,aGk=", &[]),
            Shown::Own(_)
        ));
        for wrong in [
            "data:image/svg+xml;base64,aGk=",
            "data:image/png;base64,\"><script>",
            "data:text/html;base64,aGk=",
        ] {
            assert_eq!(picture(wrong, &[]), Shown::Wrong, "{wrong}");
        }
    }
}
