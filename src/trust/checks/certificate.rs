//! How long the certificate is good for, and how strong its key is.

use super::{Look, Plain};
use crate::base::Time;
use crate::trust::facts::{Facts, Inside};
use crate::trust::finding::{About, Area, Finding};

const SOON: i64 = 21 * Time::DAY;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "certificate",
        title: "The certificate is good",
        area: Area::Doors,
        promises: &[40, 70],
        looks_at: "the end, the key and the maker of the certificate in use",
        place: "/security/server",
        is_guard: false,
    },
    look: Look::Inside(look),
};

fn look(facts: &Facts, inside: &Inside) -> Finding {
    let certificate = &inside.certificate;
    let left = certificate.until.0 - facts.now.0;
    let renew = if certificate.is_ours {
        "Onsight renews its own certificate by itself: look into the log why it did not"
    } else {
        "put a new one in the place of tls_cert and tls_key; it is taken up within a minute"
    };
    let until = certificate.until.rfc3339();
    if left <= 0 {
        return Finding::red(format!("it ended at {until}"), renew);
    }
    if certificate.is_weak {
        let said = format!("its key is too short: {}", certificate.key);
        return Finding::red(said, "have one made with ECDSA P-256, or RSA of 3072 bits");
    }
    if left < SOON {
        return Finding::amber(
            format!("it ends in {} days, at {until}", left / Time::DAY),
            renew,
        );
    }
    if certificate.is_ours {
        return Finding::amber(
            format!("made by the local root of this server, {}, good until {until}", certificate.key),
            "have every browser trust the local root (the page /trust says how), or bring a certificate of your own",
        );
    }
    Finding::green(format!("your own, {}, good until {until}", certificate.key))
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::base::Time;
    use crate::trust::facts::{Certificate, fine};
    use crate::trust::finding::Level;

    #[test]
    fn a_certificate_ends_and_its_key_may_be_weak() {
        let level = |change: fn(&mut Certificate)| {
            fine::within(&KIND, |inside| change(&mut inside.certificate)).level
        };
        assert_eq!(level(|one| one.until = fine::NOON.plus(5 * Time::DAY)), Level::Amber);
        assert_eq!(level(|one| one.until = fine::NOON), Level::Red);
        assert_eq!(level(|one| one.is_weak = true), Level::Red);
        assert_eq!(level(|one| one.is_ours = true), Level::Amber);
    }
}
