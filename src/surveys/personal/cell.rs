//! An answer as the bytes that are sealed, and back.

use zeroize::Zeroizing;

use crate::surveys::map::Datum;

const NUMBER: u8 = b'n';
const TEXT: u8 = b't';

/// `None`: nothing was answered, which is no secret of its own.
pub(super) fn bytes(datum: &Datum) -> Option<Zeroizing<Vec<u8>>> {
    let (kind, body) = match datum {
        Datum::NotAsked | Datum::NotAnswered => return None,
        Datum::Number(number) => (NUMBER, &number.to_le_bytes()[..]),
        Datum::Text(text) => (TEXT, text.as_bytes()),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(body.len() + 1));
    bytes.push(kind);
    bytes.extend_from_slice(body);
    Some(bytes)
}

/// `None`: no answer is written so.
pub(super) fn datum(bytes: &[u8]) -> Option<Datum> {
    let (kind, body) = bytes.split_first()?;
    match *kind {
        NUMBER => Some(Datum::Number(f64::from_le_bytes(body.try_into().ok()?))),
        TEXT => Some(Datum::Text(String::from_utf8(body.to_vec()).ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_comes_back_as_it_was() {
        let text = |text: &str| Datum::Text(text.to_owned());
        for answer in [
            Datum::Number(0.0),
            Datum::Number(-7.25),
            text(""),
            text("Zoë"),
        ] {
            let written = bytes(&answer).unwrap();
            assert_eq!(datum(&written), Some(answer));
        }
        assert!(bytes(&Datum::NotAnswered).is_none());
        for strange in [&b""[..], b"x1", b"n123", b"t\xff"] {
            assert_eq!(datum(strange), None);
        }
    }
}
