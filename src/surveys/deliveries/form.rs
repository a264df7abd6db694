//! What somebody entered about a delivery, as settings that cannot be wrong.

use super::model::{Every, Settings, When, Whither};
use super::timing;
use crate::age::Recipient;
use crate::base::Secret;
use crate::places;
use crate::surveys::exports;
use crate::surveys::projects::Wanted;
use crate::web::{Faults, Fields};

/// How long a link opens its file, at the most.
const LONGEST: u32 = 30;
/// Fewer letters are soon guessed by who has the file.
const SHORTEST_WORDS: usize = 15;
const MOST_RECIPIENTS: usize = 20;

/// What was entered.
pub(in crate::surveys) struct Given {
    pub(in crate::surveys) settings: Settings,
    /// Nothing: the one there is stays.
    pub(in crate::surveys) secret: Option<Secret>,
}

pub(in crate::surveys) fn parse(fields: &Fields, langs: &[String]) -> Result<Given, Faults> {
    let mut faults = Faults::default();
    let said = |name: &str| fields.get(name).unwrap_or_default().trim();
    let name = said("name").to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        faults.add(
            "name",
            "give it a name of at most 100 characters, such as Weekly to the agency",
        );
    }
    let known = exports::ALL.iter().map(|format| format.id());
    let formats: Vec<String> = known
        .filter(|id| fields.all("format").any(|wanted| wanted == *id))
        .map(str::to_owned)
        .collect();
    if formats.is_empty() {
        faults.add("format", "choose at least one format");
    }
    let recipients = recipients(said("recipients"), &mut faults);
    let (whither, secret) = whither(fields, !recipients.is_empty(), &mut faults);
    let pattern = said("pattern").to_owned();
    if let Some(fault) = pattern_fault(&pattern) {
        faults.add("pattern", fault);
    }
    let when = when(fields, &mut faults);
    if !faults.is_empty() {
        return Err(faults);
    }
    let settings = Settings {
        name,
        formats,
        wanted: Wanted::of(fields, langs),
        recipients,
        pattern,
        whither,
        when,
    };
    Ok(Given { settings, secret })
}

fn recipients(text: &str, faults: &mut Faults) -> Vec<String> {
    let mut all = Vec::new();
    for line in text.split_whitespace() {
        match Recipient::parse(line) {
            Ok(one) => all.push(one.to_string()),
            Err(error) => {
                faults.add("recipients", format!("`{line}`: {error}"));
                return all;
            }
        }
    }
    all.dedup();
    if all.len() > MOST_RECIPIENTS {
        faults.add("recipients", "enter at most 20 public keys");
    }
    all
}

fn whither(
    fields: &Fields,
    has_recipients: bool,
    faults: &mut Faults,
) -> (Whither, Option<Secret>) {
    let said = |name: &str| fields.get(name).unwrap_or_default().trim();
    let given = |name: &str| {
        let text = fields.get(name).filter(|text| !text.trim().is_empty());
        text.map(|text| Secret::from(text.to_owned()))
    };
    if said("to") != "place" {
        let days = said("days").parse().ok();
        let days = days.filter(|days| (1..=LONGEST).contains(days));
        if days.is_none() {
            faults.add("days", "write a whole number from 1 to 30");
        }
        let has_words = fields.get("with_words").is_some();
        let words = given("words").filter(|_| has_words);
        let length = words.as_ref().map(|words| words.reveal().chars().count());
        if length.is_some_and(|length| !(SHORTEST_WORDS..=200).contains(&length)) {
            faults.add("words", "write a passphrase of 15 to 200 characters");
        }
        if has_words && has_recipients {
            faults.add(
                "words",
                "a file is sealed with a passphrase or for public keys, not both",
            );
        }
        let days = days.unwrap_or(1);
        return (Whither::Link { days, has_words }, words);
    }
    let address = said("address").to_owned();
    if let Some(fault) = address_fault(&address) {
        faults.add("address", fault);
    }
    if !has_recipients && fields.get("clear").is_none() {
        faults.add(
            "clear",
            "enter the public keys of who opens the files, or say that they may lie there unsealed",
        );
    }
    let pin = said("pin").to_owned();
    if pin.len() > 20_000 {
        faults.add("pin", "that is more than a certificate");
    }
    (Whither::Place { address, pin }, given("secret"))
}

fn address_fault(address: &str) -> Option<String> {
    let Some(kind) = places::of_address(address) else {
        return Some("write an address like one of the examples".to_owned());
    };
    // What stands before the machine is shown to everybody who sees this page.
    let user = address
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'));
    if user.is_some_and(|(user, _)| user.contains(':')) {
        return Some("leave the secret out of the address: it has a field of its own".to_owned());
    }
    if kind.account(address).is_some() && address.len() <= 1_000 {
        return None;
    }
    if address.starts_with('/') {
        return Some("folders of this machine are its operator's: name another machine".to_owned());
    }
    Some(format!("it must look like {}", kind.example()))
}

fn pattern_fault(pattern: &str) -> Option<&'static str> {
    let fixed = pattern
        .replacen("{survey}", "", 1)
        .replacen("{time}", "", 1);
    let has_both = pattern.contains("{survey}") && pattern.contains("{time}");
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !has_both {
        return Some("it needs {survey} and {time}, so that no file takes another's place");
    }
    if pattern.starts_with('.') || pattern.len() > 100 || !fixed.chars().all(is_fine) {
        return Some("besides {survey} and {time}, use letters, digits, - _ and .");
    }
    None
}

fn when(fields: &Fields, faults: &mut Faults) -> When {
    let said = |name: &str| fields.get(name).unwrap_or_default().trim();
    let every = Every::ALL
        .into_iter()
        .find(|every| every.name() == said("every"));
    let every = every.unwrap_or(Every::Never);
    let (field, most) = match every {
        Every::Week => ("weekday", 7),
        Every::Month => ("monthday", 28),
        Every::Never | Every::Day => ("", 0),
    };
    let day = said(field).parse().unwrap_or_default();
    if most > 0 && !(1..=most).contains(&day) {
        faults.add(field, format!("choose a day from 1 to {most}"));
    }
    let at = of_day(said("at"));
    if at.is_none() && every != Every::Never {
        faults.add("at", "write a time of day, such as 06:30");
    }
    let zone = match said("zone") {
        "" => "UTC",
        zone => zone,
    };
    if timing::zone(zone).is_none() {
        faults.add(
            "zone",
            "write the name of a zone, such as Europe/Berlin, or UTC",
        );
    }
    When {
        every,
        day,
        at: at.unwrap_or_default(),
        zone: zone.to_owned(),
        is_new_only: fields.get("new").is_some(),
    }
}

/// Minutes after midnight.
fn of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "name=A&format=csv&format=sav&to=link&days=7&pattern={survey}-{time}";
    const PLACE: &str = "name=A&format=csv&to=place&address=sftp://a@nas.corp/in&clear=yes&pattern={survey}-{time}&every=week&weekday=1&at=06:30&zone=Europe/Berlin&new=yes";

    fn of(form: &str) -> Result<Given, Faults> {
        parse(&Fields::parse(form), &["en".to_owned()])
    }

    fn fault(form: &str, change: (&str, &str)) -> Option<String> {
        let fields = Fields::parse(form).with(change.0, Some(change.1).filter(|to| *to != "-"));
        let faults = parse(&fields, &["en".to_owned()]).err()?;
        faults.iter().next().map(|(field, _)| field.to_owned())
    }

    #[test]
    fn what_is_entered_is_read_as_it_is_meant() {
        let link = of(LINK).ok().unwrap().settings;
        assert_eq!(link.formats, ["csv", "sav"]);
        let days = Whither::Link {
            days: 7,
            has_words: false,
        };
        assert_eq!((link.whither, link.when.every), (days, Every::Never));
        let place = of(PLACE).ok().unwrap().settings;
        let When {
            every,
            day,
            at,
            is_new_only,
            ..
        } = place.when;
        assert_eq!((every, day, at, is_new_only), (Every::Week, 1, 390, true));
    }

    #[test]
    fn each_fault_is_told_at_its_field() {
        let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        for (form, change, field) in [
            (LINK, ("name", ""), "name"),
            (LINK, ("format", "pdf"), "format"),
            (LINK, ("days", "31"), "days"),
            (LINK, ("days", "0"), "days"),
            (LINK, ("pattern", "{survey}"), "pattern"),
            (LINK, ("pattern", "../{survey}{time}"), "pattern"),
            (LINK, ("pattern", ".{survey}{time}"), "pattern"),
            (LINK, ("recipients", "age1x"), "recipients"),
            (PLACE, ("clear", "-"), "clear"),
            (PLACE, ("address", "/mnt/nas"), "address"),
            (PLACE, ("address", "ftp://a@nas/x"), "address"),
            (PLACE, ("address", "s3://KEY:SECRET@s3.corp/box"), "address"),
            (PLACE, ("address", "davs://a:b@cloud.corp/x"), "address"),
            (PLACE, ("weekday", "8"), "weekday"),
            (PLACE, ("every", "month"), "monthday"),
            (PLACE, ("at", "24:00"), "at"),
            (PLACE, ("zone", "Mars/Base"), "zone"),
        ] {
            assert_eq!(fault(form, change).as_deref(), Some(field), "{change:?}");
        }
        let words = format!("{LINK}&with_words=yes");
        assert_eq!(fault(&words, ("words", "short")).as_deref(), Some("words"));
        assert_eq!(fault(&words, ("recipients", key)).as_deref(), Some("words"));
        assert_eq!(fault(&words, ("words", "correct horse battery")), None);
        let sealed = Fields::parse(PLACE).with("clear", None);
        let sealed = sealed.with("recipients", Some(key));
        assert!(parse(&sealed, &[]).is_ok());
    }
}
