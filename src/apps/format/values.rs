//! One value of each type: the text people send, its limits, and what to tell them.

use super::{Bound, Param, ParamType, dates};

/// Digits a `Real` holds for sure.
const DIGITS: usize = 15;

/// The value `text`, which is not empty, stands for; or why it does not.
pub(super) fn value(param: &Param, text: &str) -> Result<Bound, String> {
    if text.contains('\0') {
        return Err("must not hold a zero character".into());
    }
    let trimmed = text.trim();
    let shaped = |is_shaped: bool, wanted: &str| {
        if is_shaped {
            length(param, trimmed)
        } else {
            Err(format!("must be {wanted}"))
        }
    };
    match param.kind {
        ParamType::Text => length(param, text),
        ParamType::Int => int(param, trimmed),
        ParamType::Decimal => decimal(param, trimmed),
        ParamType::Bool => truth(trimmed),
        ParamType::Date => dates::date(trimmed)
            .map(Bound::Text)
            .ok_or_else(|| "must be a date like 2026-11-21".into()),
        ParamType::DateTime => dates::datetime(trimmed)
            .map(Bound::Text)
            .ok_or_else(|| "must be a date and time like 2026-11-21T19:18".into()),
        ParamType::Enum => among(param, trimmed),
        ParamType::Email => shaped(is_email(trimmed), "an e-mail address like ada@example.com"),
        ParamType::Url => shaped(
            is_url(trimmed),
            "an address that begins with http:// or https://",
        ),
        ParamType::Phone => shaped(is_phone(trimmed), "a phone number like +49 30 1234567"),
        ParamType::Json => shaped(
            serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_ok(),
            "valid JSON like {\"a\": 1}",
        ),
        ParamType::Uuid => uuid(trimmed),
        ParamType::File => Err("files cannot be sent in this version".into()),
    }
}

fn length(param: &Param, text: &str) -> Result<Bound, String> {
    let plural = |count: f64| {
        if (count - 1.0).abs() < f64::EPSILON {
            ""
        } else {
            "s"
        }
    };
    let length = real(i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
    if let Some(min) = param.min.filter(|min| length < *min) {
        return Err(format!("must be at least {min} character{}", plural(min)));
    }
    if let Some(max) = param.max.filter(|max| length > *max) {
        return Err(format!("must be at most {max} character{}", plural(max)));
    }
    Ok(Bound::Text(text.to_owned()))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "limits are numbers people write, far below 2^53"
)]
fn real(whole: i64) -> f64 {
    whole as f64
}

fn limits(param: &Param, number: f64) -> Result<(), String> {
    if let Some(min) = param.min.filter(|min| number < *min) {
        return Err(format!("must be at least {min}"));
    }
    if let Some(max) = param.max.filter(|max| number > *max) {
        return Err(format!("must be at most {max}"));
    }
    Ok(())
}

fn int(param: &Param, text: &str) -> Result<Bound, String> {
    let number: i64 = text.parse().map_err(|error: std::num::ParseIntError| {
        use std::num::IntErrorKind::{NegOverflow, PosOverflow};
        match error.kind() {
            PosOverflow | NegOverflow => "is too long for a whole number".to_owned(),
            _ => plain(text, "must be a whole number like 42"),
        }
    })?;
    limits(param, real(number))?;
    Ok(Bound::Integer(number))
}

fn decimal(param: &Param, text: &str) -> Result<Bound, String> {
    let wanted = || plain(text, "must be a number like 1234.5");
    let (whole, fraction) = decimal_parts(text).ok_or_else(wanted)?;
    if let Some(scale) = param.scale {
        let used = fraction.trim_end_matches('0').len();
        if used > usize::try_from(scale).unwrap_or(usize::MAX) {
            return Err(match scale {
                0 => "must be a whole number".into(),
                1 => "must have at most 1 digit after the point".into(),
                _ => format!("must have at most {scale} digits after the point"),
            });
        }
    }
    let digits = whole.trim_start_matches('0').len() + fraction.trim_end_matches('0').len();
    if digits > DIGITS {
        return Err(format!("must have at most {DIGITS} digits"));
    }
    let number: f64 = text.parse().ok().ok_or_else(wanted)?;
    limits(param, number)?;
    // Minus nothing is nothing.
    Ok(Bound::Real(number + 0.0))
}

/// The digits before and after the point; no exponent, no space, no comma.
fn decimal_parts(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_any = !whole.is_empty() || !fraction.is_empty();
    (has_any && is_digits(whole) && is_digits(fraction)).then_some((whole, fraction))
}

/// `wanted`, with the way to write it when `text` is a number in another country's habit.
fn plain(text: &str, wanted: &str) -> String {
    let packed: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '_'))
        .collect();
    // The last of point and comma parts the fraction off; the other groups digits.
    let meant = match (packed.rfind('.'), packed.rfind(',')) {
        (Some(point), Some(comma)) if comma > point => packed.replace('.', "").replace(',', "."),
        (Some(_), Some(_)) => packed.replace(',', ""),
        _ => packed.replace(',', "."),
    };
    if meant != text && decimal_parts(&meant).is_some() {
        format!(
            "{wanted}: write {meant} with a point for the fraction and nothing between the digits"
        )
    } else {
        wanted.to_owned()
    }
}

fn truth(text: &str) -> Result<Bound, String> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Ok(Bound::Integer(1)),
        "off" | "false" | "no" | "0" => Ok(Bound::Integer(0)),
        _ => Err("must be true or false".into()),
    }
}

fn among(param: &Param, text: &str) -> Result<Bound, String> {
    if param.values.iter().any(|value| value == text) {
        Ok(Bound::Text(text.to_owned()))
    } else {
        Err(format!("choose one of: {}", param.values.join(", ")))
    }
}

fn uuid(text: &str) -> Result<Bound, String> {
    let id = (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok());
    id.flatten()
        .map(|id| Bound::Text(id.hyphenated().to_string()))
        .ok_or_else(|| "must be an id like 018f3f2e-0000-7000-8000-000000000000".into())
}

/// One `@` between a name and a domain with a dot. Whether it receives mail, only mail can tell.
fn is_email(text: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\\\"[]".contains(c);
    let Some((name, domain)) = text.split_once('@') else {
        return false;
    };
    let is_label =
        |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    text.len() <= 254
        && !name.is_empty()
        && name.chars().all(is_plain)
        && domain
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

/// With a host, and without what could break out of an attribute or a line.
fn is_url(text: &str) -> bool {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let start = text.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &text[scheme.len()..])
    });
    let Some(rest) = rest else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"`\\".contains(c);
    !host.is_empty()
        && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && text.chars().all(is_plain)
}

/// 5 to 15 digits, as the world's numbers have, with the marks people put between.
fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    (5..=15).contains(&digits)
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || " ()-./".contains(c))
}
