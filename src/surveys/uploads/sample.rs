//! Small files for trying a survey out, put down as if they had been sent.

use super::{Accept, Sort, sql};
use crate::base::Time;
use crate::store::{Error, Transaction};
use crate::surveys::personal::Vault;

/// One point, in white.
const PICTURE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";
const TEXT: &[u8] = b"A file for trying the survey out.\n";

/// A file that a question takes which accepts that: its name, what it is, its bytes.
pub fn sample(accept: Accept) -> (&'static str, Sort, &'static [u8]) {
    match accept {
        Accept::Image => ("test.gif", Sort::Image, PICTURE),
        Accept::Pdf => ("test.pdf", Sort::Pdf, PDF),
        Accept::Text | Accept::Any => ("test.txt", Sort::Text, TEXT),
    }
}

/// Puts the file of that name down for a question of a respondent, whole.
pub fn put_sample(
    tx: &Transaction<'_>,
    respondent: i64,
    (block, turn, name): (&str, u32, &str),
    vault: Option<&Vault>,
    now: Time,
) -> Result<(), Error> {
    let all = [Accept::Image, Accept::Pdf, Accept::Any].map(sample);
    let Some((_, sort, bytes)) = all.into_iter().find(|(known, ..)| *known == name) else {
        return Ok(());
    };
    let (id, _) = sql::begin(tx, respondent, (block, turn, name), vault, now)?;
    sql::add_piece(tx, (respondent, id, 0), bytes.to_vec(), vault)?;
    sql::end(tx, id, (sort, bytes.len() as u64, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_what_it_says() {
        for accept in ["image", "pdf", "text", "any"].map(Accept::named) {
            let (_, sort, bytes) = sample(accept);
            assert_eq!(Sort::of(bytes), sort);
            assert!(accept.takes(sort) && bytes.len() < 1 << 20);
        }
    }
}
