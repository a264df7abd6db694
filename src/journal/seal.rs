//! The hash that binds a record to the one before it.

use aws_lc_rs::digest;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use super::entry::Past;
use super::sql::{Link, pack};

/// SHA-256 over a mark, the hash before, and every field with its length in
/// front, so that no two different lines give the same bytes. A line is sealed
/// in the form it was written in, for ever.
pub fn seal(before: &[u8], seq: i64, file: &str, line: &Past) -> Vec<u8> {
    if line.version > 2 {
        // What cannot be written fits no hash.
        let record = pack(&line.into()).unwrap_or_default();
        return seal_text(before, (seq, file, line.line), &record);
    }
    let mut whole = Whole::new();
    let mut put = |field: &[u8]| whole.put(field);
    put(before);
    if line.version > 1 {
        // Form 1 has a file's name here, which is never a number's eight bytes
        // and a length of its own after it.
        put(b"record");
        put(&line.version.to_be_bytes());
        put(&seq.to_be_bytes());
    }
    put(file.as_bytes());
    put(&line.line.to_be_bytes());
    put(&line.at.to_be_bytes());
    for text in texts(line) {
        put(text.as_bytes());
    }
    if line.version > 1 {
        match line.row_count {
            Some(count) => put(&count.to_be_bytes()),
            None => put(b""),
        }
    }
    sha256(&whole.0)
}

/// The hash of a record of form 3: its text is sealed as it is.
pub(super) fn seal_text(
    before: &[u8],
    (seq, file, line): (i64, &str, i64),
    record: &str,
) -> Vec<u8> {
    let mut whole = Whole::new();
    whole.put(before);
    whole.put(b"record");
    whole.put(&3_i64.to_be_bytes());
    whole.put(&seq.to_be_bytes());
    whole.put(file.as_bytes());
    whole.put(&line.to_be_bytes());
    whole.put(record.as_bytes());
    sha256(&whole.0)
}

/// Fields in one piece for the digest: most are a few letters.
struct Whole(Vec<u8>);

impl Whole {
    fn new() -> Whole {
        let mut whole = Vec::with_capacity(1024);
        whole.push(0);
        Whole(whole)
    }

    fn put(&mut self, field: &[u8]) {
        self.0.extend((field.len() as u64).to_be_bytes());
        self.0.extend(field);
    }
}

/// Whether a record is what was sealed as `hash`. What form 1 did not know it
/// did not seal, so there it must say nothing.
pub fn holds(before: &[u8], link: &Link) -> bool {
    let past = &link.past;
    let is_of_form = match past.version {
        1 => {
            *past
                == Past {
                    line: past.line,
                    version: 1,
                    at: past.at,
                    actor: past.actor.clone(),
                    actor_name: past.actor_name.clone(),
                    via: past.via.clone(),
                    address: past.address.clone(),
                    action: past.action.clone(),
                    object: past.object.clone(),
                    detail: past.detail.clone(),
                    result: "ok".to_owned(),
                    diff: "null".to_owned(),
                    ..Past::default()
                }
        }
        version => version == 2 || version == 3,
    };
    is_of_form && seal(before, link.seq, &link.file, past) == link.hash
}

/// The words of a record, in the order they are sealed.
fn texts(line: &Past) -> impl Iterator<Item = &str> {
    let actor = line.actor.as_deref().unwrap_or_default();
    let always = [
        actor,
        &line.actor_name,
        &line.via,
        &line.address,
        &line.action,
        &line.object,
        &line.detail,
    ];
    let since_form_2 = [
        &line.actor_kind,
        &line.email,
        &line.grant,
        &line.workspace,
        &line.proxies,
        &line.device,
        &line.browser,
        &line.system,
        &line.session,
        &line.method,
        &line.request,
        &line.kind,
        &line.object_id,
        &line.result,
        &line.reason,
        &line.diff,
    ];
    let known = if line.version > 1 { 16 } else { 0 };
    let since_form_2 = since_form_2.into_iter().take(known).map(String::as_str);
    always.into_iter().chain(since_form_2)
}

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// `0a1f`: bytes as people copy them.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The bytes of [`hex`], if that is what it is.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(version: i64) -> Past {
        Past {
            line: 3,
            version,
            at: 1_800_000_000_000,
            actor: Some("u1".to_owned()),
            actor_name: "Ada".to_owned(),
            via: "web".to_owned(),
            address: "10.0.0.1".to_owned(),
            action: "app.published".to_owned(),
            object: "orders".to_owned(),
            detail: "null".to_owned(),
            ..Past::default()
        }
    }

    /// Written down when form 1 was the only one: released chains hold it.
    #[test]
    fn a_line_of_form_1_keeps_its_hash() {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&[0]);
        let (number, at) = (3_i64.to_be_bytes(), 1_800_000_000_000_i64.to_be_bytes());
        let fields: [&[u8]; 11] = [
            b"before",
            b"system",
            &number,
            &at,
            b"u1",
            b"Ada",
            b"web",
            b"10.0.0.1",
            b"app.published",
            b"orders",
            b"null",
        ];
        for field in fields {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field);
        }

        let sealed = seal(b"before", 9, "system", &line(1));

        assert_eq!(sealed, context.finish().as_ref());
    }

    #[test]
    fn every_field_of_the_later_forms_is_sealed() {
        for version in [2, 3] {
            every_field_is_sealed(version);
        }
    }

    fn every_field_is_sealed(version: i64) {
        let whole = seal(b"", 1, "system", &line(version));
        let mut value = serde_json::to_value(line(version)).unwrap();
        let names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 27);
        for name in names {
            let kept = value[&name].clone();
            value[&name] = match &kept {
                serde_json::Value::Number(number) => (number.as_i64().unwrap() + 1).into(),
                serde_json::Value::String(text) => format!("{text}x").into(),
                _ => 7.into(),
            };
            let changed: Past = serde_json::from_value(value.clone()).unwrap();
            assert_ne!(seal(b"", 1, "system", &changed), whole, "{name}");
            value[&name] = kept;
        }
        assert_ne!(seal(b"", 2, "system", &line(version)), whole);
        assert_ne!(seal(b"x", 1, "system", &line(version)), whole);
        assert_ne!(seal(b"", 1, "other", &line(version)), whole);
    }

    #[test]
    fn bytes_come_back_from_their_letters() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(unhex("000aff"), Some(vec![0, 10, 255]));
        for wrong in ["0", "0g", "é1"] {
            assert_eq!(unhex(wrong), None, "{wrong}");
        }
    }
}
