//! What is about a person, as far as a column's name says so: nothing else in the catalog
//! does.

use super::Weight;

/// What a name reads like, and how much that weighs. A name of several words is looked
/// for whole and word by word.
const NAMES: [(Weight, &str, &[&str]); 8] = [
    (
        Weight::Should,
        "an e-mail address",
        &["email", "mail", "e_mail"],
    ),
    (
        Weight::Should,
        "a telephone number",
        &[
            "phone",
            "telephone",
            "mobile",
            "cellphone",
            "fax",
            "telefon",
            "handy",
        ],
    ),
    (
        Weight::Should,
        "a postal address",
        &["street", "home_address", "postal_address", "strasse"],
    ),
    (
        Weight::Should,
        "a person's name",
        &[
            "first_name",
            "last_name",
            "full_name",
            "surname",
            "firstname",
            "lastname",
            "nachname",
            "vorname",
        ],
    ),
    (
        Weight::Must,
        "a date of birth",
        &[
            "birthday",
            "birthdate",
            "birth_date",
            "date_of_birth",
            "dob",
            "geburtsdatum",
        ],
    ),
    (
        Weight::Must,
        "pay or a bank account",
        &[
            "salary",
            "wage",
            "wages",
            "income",
            "iban",
            "bank_account",
            "gehalt",
            "lohn",
        ],
    ),
    (
        Weight::Must,
        "an identity document or tax number",
        &[
            "passport",
            "ssn",
            "social_security",
            "tax_id",
            "national_id",
            "id_card",
        ],
    ),
    (
        Weight::Must,
        "health, belief or origin",
        &[
            "health",
            "diagnosis",
            "illness",
            "disability",
            "pregnancy",
            "religion",
            "ethnicity",
            "union_member",
        ],
    ),
];

/// What the column of that name seems to hold.
pub(super) fn personal(column: &str) -> Option<(Weight, &'static str)> {
    let column = column.to_ascii_lowercase();
    let words: Vec<&str> = column.split('_').collect();
    let is_called =
        |name: &&str| column.contains('_') && is_within(&words, name) || column == **name;
    let found = NAMES.iter().rev();
    let mut found = found.filter(|(_, _, names)| names.iter().any(is_called));
    found.next().map(|(weight, what, _)| (*weight, *what))
}

/// Do the words of the name stand one after the other?
fn is_within(words: &[&str], name: &str) -> bool {
    let wanted: Vec<&str> = name.split('_').collect();
    words.windows(wanted.len()).any(|some| some == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_its_words_say_and_no_more() {
        assert_eq!(personal("email").unwrap().1, "an e-mail address");
        assert_eq!(personal("Customer_Email").unwrap().0, Weight::Should);
        assert_eq!(personal("date_of_birth").unwrap().0, Weight::Must);
        assert_eq!(personal("monthly_salary").unwrap().0, Weight::Must);
        for plain in [
            "name", "status", "mailbox", "address", "id", "emailed", "healthy",
        ] {
            assert_eq!(personal(plain), None, "{plain}");
        }
    }
}
