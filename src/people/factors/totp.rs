//! Codes that an app counts out: RFC 6238 with SHA-1, six digits, 30 seconds,
//! because that is what every app can do.

use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key as MacKey, sign};
use aws_lc_rs::rand;
use zeroize::Zeroizing;

use crate::base::{Secret, Time};
use crate::store::{Error as StoreError, Key};
use crate::web::UserId;

const STEP: i64 = 30 * Time::SECOND;
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What the app and we both know.
#[derive(Clone)]
pub(in crate::people) struct Seed(Zeroizing<Vec<u8>>);

impl Seed {
    /// 160 random bits.
    pub(in crate::people) fn random() -> Result<Seed, StoreError> {
        let mut bytes = Zeroizing::new(vec![0; 20]);
        rand::fill(&mut bytes).map_err(|_unspecified| StoreError::NoRandomness)?;
        Ok(Seed(bytes))
    }

    pub(in crate::people) fn seal(&self, key: &Key, user: UserId) -> Result<Vec<u8>, StoreError> {
        key.seal(&place(user), &self.0)
    }

    pub(in crate::people) fn open(
        key: &Key,
        user: UserId,
        sealed: &[u8],
    ) -> Result<Seed, StoreError> {
        key.open(&place(user), sealed).map(Seed)
    }

    /// As a person types it into an app: 32 letters and digits.
    pub(in crate::people) fn text(&self) -> Secret {
        let mut text = Zeroizing::new(String::with_capacity(32));
        // Five bytes are eight letters, and a seed is four times five bytes.
        for five in self.0.chunks(5) {
            let bits = five
                .iter()
                .fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            for at in (0..8).rev() {
                let letter = usize::try_from(bits >> (5 * at) & 31).unwrap_or_default();
                text.push(char::from(LETTERS[letter]));
            }
        }
        text.to_string().into()
    }

    /// As an app reads it from a picture.
    pub(in crate::people) fn address(&self, host: &str, email: &str) -> Secret {
        let escape = |text: &str| -> String {
            let plus = form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            plus.replace('+', "%20")
        };
        let issuer = escape(&format!("Onsight {host}"));
        let (email, text) = (escape(email), self.text());
        format!(
            "otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}",
            text.reveal()
        )
        .into()
    }

    fn code(&self, step: i64) -> u32 {
        let key = MacKey::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let from = usize::from(tag[tag.len() - 1] & 15);
        let four = tag[from..from + 4].iter();
        let number = four.fold(0u32, |number, byte| number << 8 | u32::from(*byte));
        (number & 0x7fff_ffff) % 1_000_000
    }

    /// The step whose code was typed: now, the one before or the one after,
    /// for clocks that differ.
    pub(in crate::people) fn step_of(&self, typed: &str, now: Time) -> Option<i64> {
        let step = now.0 / STEP;
        [step, step - 1, step + 1].into_iter().find(|step| {
            let code = format!("{:06}", self.code(*step));
            aws_lc_rs::constant_time::verify_slices_are_equal(code.as_bytes(), typed.as_bytes())
                .is_ok()
        })
    }
}

fn place(user: UserId) -> String {
    format!("totp.seed|{user}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Seed {
        Seed(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    /// RFC 6238, appendix B; the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (second, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000_i64, 353_130),
        ] {
            assert_eq!(known().code(second / 30), code, "{second}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        let at = |second: i64| known().step_of("287082", Time(second * Time::SECOND));
        assert_eq!(at(59), Some(1));
        assert_eq!(at(89), Some(1));
        assert_eq!(at(29), Some(1));
        assert_eq!(at(90), None);
        assert_eq!(known().step_of("", Time(59_000)), None);
        assert_eq!(known().step_of("2870820", Time(59_000)), None);
    }

    #[test]
    fn the_seed_is_written_as_apps_read_it() {
        let text = known().text();
        assert_eq!(text.reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = known().address("host", "a b@x");
        assert_eq!(
            address.reveal(),
            "otpauth://totp/Onsight%20host:a%20b%40x\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Onsight%20host"
        );
    }
}
