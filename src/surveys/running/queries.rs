//! Queries taken apart letter by letter: what was brought, what was added, where to go back to.

use crate::web::Fields;

/// The address as it was brought: without the language that was chosen here, which
/// stands in front and was never signed.
pub fn brought(query: &str) -> &str {
    match query.strip_prefix("lang=") {
        Some(rest) => rest.split_once('&').map_or("", |(_, brought)| brought),
        None => query,
    }
}

/// Takes the address to go back to out of a query. Hosts write it encoded, as they
/// should, or as it is: then it goes on to the end, with every `&` in it.
pub(super) fn apart(query: &str, key: &str) -> (String, Option<String>) {
    let wanted = format!("{key}=");
    let starts = query.match_indices(&wanted).map(|(at, _)| at);
    let mut starts = starts.filter(|at| *at == 0 || query.as_bytes()[at - 1] == b'&');
    let Some(start) = starts.next() else {
        return (query.to_owned(), None);
    };
    let (before, value) = (&query[..start], &query[start + wanted.len()..]);
    if value
        .split('&')
        .next()
        .is_some_and(|first| first.contains("://"))
    {
        return (before.to_owned(), Some(value.to_owned()));
    }
    let (value, behind) = value.split_once('&').unwrap_or((value, ""));
    // In an address a `+` is a plus.
    let value = format!("v={}", value.replace('+', "%2B"));
    let back = Fields::parse(&value).get("v").map(str::to_owned);
    (format!("{before}{behind}"), back)
}

/// Without the signature, when it stands at the end.
pub(super) fn unsigned<'a>(query: &'a str, name: &str) -> &'a str {
    let start = query.rfind('&').map_or(0, |at| at + 1);
    let is_it = query[start..]
        .split_once('=')
        .is_some_and(|(key, _)| key == name);
    if is_it {
        &query[..start.saturating_sub(1)]
    } else {
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_go_back_to_is_read_encoded_and_as_it_is() {
        let apart = |query| apart(query, "link");
        let back = "https://h.example/s?state=a&x=M%26M";

        assert_eq!(
            apart("list=2&pid=7&link=https://h.example/s?state=a&x=M%26M"),
            ("list=2&pid=7&".to_owned(), Some(back.to_owned()))
        );
        assert_eq!(
            apart("pid=7&link=https%3A%2F%2Fh.example%2Fs%3Fstate%3Da%26x%3DM%2526M"),
            ("pid=7&".to_owned(), Some(back.to_owned()))
        );
        assert_eq!(
            apart("link=https%3A%2F%2Fh.example%2Fa+b&pid=7"),
            ("pid=7".to_owned(), Some("https://h.example/a+b".to_owned()))
        );
        assert_eq!(
            apart("pid=7&hotlink=x"),
            ("pid=7&hotlink=x".to_owned(), None)
        );
        assert_eq!(apart("link="), (String::new(), Some(String::new())));
        // What stands in the raw address is the host's and no value of ours.
        let (own, _) = apart("pid=7&link=https://h.example/?a=1&pid=8&k=x");
        assert_eq!(own, "pid=7&");
    }

    #[test]
    fn the_language_chosen_here_was_never_brought() {
        assert_eq!(brought("lang=de&pid=7"), "pid=7");
        assert_eq!(brought("lang=de"), "");
        assert_eq!(brought("pid=7&lang=de"), "pid=7&lang=de");
    }

    #[test]
    fn a_signature_at_the_end_is_no_part_of_what_it_signs() {
        assert_eq!(unsigned("a=1&sig=2", "sig"), "a=1");
        assert_eq!(unsigned("sig=2", "sig"), "");
        assert_eq!(unsigned("sig=2&a=1", "sig"), "sig=2&a=1");
        assert_eq!(unsigned("a=1&design=2", "sig"), "a=1&design=2");
        assert_eq!(unsigned("", "sig"), "");
    }
}
