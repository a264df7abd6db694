//! What a file is, by its bytes: names lie.

use super::{ALL, FileKind, Options, Part, Refusal, Upload, document};

/// How much of a file its kind is told from.
const HEAD: u64 = 64 * 1024;

/// What the kinds look at.
pub struct Head {
    pub(super) bytes: Vec<u8>,
    /// The names of what is packed inside, if it is a zip.
    pub(super) packed: Vec<String>,
    /// What an `OpenDocument` calls itself.
    pub(super) mimetype: String,
}

/// The kind of the file, or why it is none of ours.
pub fn recognise(upload: &Upload<'_>) -> Result<&'static dyn FileKind, Refusal> {
    let bytes = upload.head(HEAD)?;
    if bytes.is_empty() {
        return Err(Refusal::file(
            "the file is empty: send one with at least a heading and a row",
        ));
    }
    refuse_old_excel(upload, &bytes)?;
    let mut head = Head {
        bytes,
        packed: Vec::new(),
        mimetype: String::new(),
    };
    if head.bytes.starts_with(b"PK\x03\x04") || head.bytes.starts_with(b"PK\x05\x06") {
        (head.packed, head.mimetype) = document::contents(upload)?;
    }
    ALL.iter()
        .copied()
        .find(|kind| kind.knows(&head))
        .ok_or_else(|| stranger(upload, &head))
}

/// What is inside the file.
pub fn parts(upload: &Upload<'_>) -> Result<Vec<Part>, Refusal> {
    recognise(upload)?.parts(upload)
}

/// How a part of the file seems to be written.
pub fn options(upload: &Upload<'_>, part: &str) -> Result<Options, Refusal> {
    recognise(upload)?.options(upload, part)
}

/// Old workbooks, and new ones under a password, are both wrapped the old way.
fn refuse_old_excel(upload: &Upload<'_>, bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(());
    }
    let encrypted: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let holds = |bytes: &[u8]| {
        bytes
            .windows(encrypted.len())
            .any(|window| window == encrypted)
    };
    if holds(bytes) || holds(&tail(upload)?) {
        return Err(document::password());
    }
    Err(Refusal::file(
        "this is a workbook in the old format of Excel (.xls): open it in Excel or LibreOffice, save it as .xlsx and send it again",
    ))
}

/// The last bytes of the file: where the directory of an old wrapper may lie.
fn tail(upload: &Upload<'_>) -> Result<Vec<u8>, Refusal> {
    use std::io::{Read, Seek, SeekFrom};

    let mut source = upload.source()?;
    source.seek(SeekFrom::Start(upload.len.saturating_sub(HEAD)))?;
    let mut tail = Vec::new();
    source.take(HEAD).read_to_end(&mut tail)?;
    Ok(tail)
}

fn stranger(upload: &Upload<'_>, head: &Head) -> Refusal {
    if !head.packed.is_empty() {
        return Refusal::file(
            "this is a zip file, but neither an Excel nor an OpenDocument workbook: unpack it and send the file inside",
        );
    }
    let name = upload.name.to_ascii_lowercase();
    if [".db", ".sqlite", ".sqlite3"]
        .iter()
        .any(|ending| name.ends_with(ending))
    {
        return Refusal::file(
            "this is not a SQLite database, or it is encrypted: decrypt it, or export its tables as CSV files",
        );
    }
    Refusal::file(
        "this is not a table: it has bytes that are no text; send a CSV, Excel (.xlsx), OpenDocument (.ods) or SQLite file",
    )
}
