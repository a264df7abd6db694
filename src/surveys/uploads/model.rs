//! A file somebody sent: its name, what it is, and what a question takes.

/// How many files a question may take.
pub const MOST_FILES: u32 = 10;
/// What one of them may weigh, in MiB.
pub const MOST_MIB: u32 = 100;
/// Letters of a name.
const LETTERS: usize = 100;

/// A file, but for its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: i64,
    /// The question it was sent for, and in which turn.
    pub block: String,
    pub turn: u32,
    /// No other file of that respondent, question and turn is called so.
    pub name: String,
    pub sort: Sort,
    /// What came: more than the question takes where it was too much, and none of it is kept then.
    pub bytes: u64,
}

/// What a file is, by its first bytes: its name says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Image,
    Pdf,
    Text,
    Other,
}

impl Sort {
    const ALL: [Sort; 4] = [Sort::Image, Sort::Pdf, Sort::Text, Sort::Other];

    pub fn of(first: &[u8]) -> Sort {
        let starts = |mark: &[u8]| first.starts_with(mark);
        let is_heic = first.get(4..8) == Some(b"ftyp")
            && matches!(
                first.get(8..12),
                Some(b"heic" | b"heix" | b"mif1" | b"msf1" | b"avif")
            );
        let is_webp = starts(b"RIFF") && first.get(8..12) == Some(b"WEBP");
        let marks: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"];
        if is_heic || is_webp || marks.into_iter().any(starts) {
            Sort::Image
        } else if starts(b"%PDF-") {
            Sort::Pdf
        } else if is_text(first) {
            Sort::Text
        } else {
            Sort::Other
        }
    }

    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Image => "image",
            Sort::Pdf => "pdf",
            Sort::Text => "text",
            Sort::Other => "other",
        }
    }

    /// The database holds one of them.
    pub fn named(name: &str) -> Sort {
        let found = Sort::ALL.into_iter().find(|sort| sort.name() == name);
        found.unwrap_or(Sort::Other)
    }
}

/// Letters and no signs that only machines write. A letter may be cut off at the end.
fn is_text(first: &[u8]) -> bool {
    let is_odd = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let is_whole = match std::str::from_utf8(first) {
        Ok(_) => true,
        Err(fault) => fault.error_len().is_none(),
    };
    is_whole && !first.iter().any(is_odd)
}

/// What a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub most: u32,
    /// Of each file.
    pub bytes: u64,
    pub accept: Accept,
}

impl Limits {
    /// Does the question take a file like that?
    pub fn fits(self, sort: Sort, bytes: u64) -> bool {
        (1..=self.bytes).contains(&bytes) && self.accept.takes(sort)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    Image,
    Pdf,
    Text,
    Any,
}

impl Accept {
    pub fn named(name: &str) -> Accept {
        match name {
            "image" => Accept::Image,
            "pdf" => Accept::Pdf,
            "text" => Accept::Text,
            _ => Accept::Any,
        }
    }

    pub fn takes(self, sort: Sort) -> bool {
        match self {
            Accept::Image => sort == Sort::Image,
            Accept::Pdf => sort == Sort::Pdf,
            Accept::Text => sort == Sort::Text,
            Accept::Any => true,
        }
    }

    /// What a browser offers to choose from; empty: anything.
    pub fn media(self) -> &'static str {
        match self {
            Accept::Image => "image/*",
            Accept::Pdf => "application/pdf,.pdf",
            Accept::Text => "text/*,.txt,.csv",
            Accept::Any => "",
        }
    }
}

/// A name that is harmless wherever the file is put: no folder, no sign that means something
/// to a system, nothing hidden.
pub fn file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let fine = |c: char| !c.is_control() && !"<>:\"|?*".contains(c) && !is_turning(c);
    let name: String = last.chars().filter(|c| fine(*c)).collect();
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 10 => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let stem: String = stem.chars().take(LETTERS).collect();
    match stem.trim() {
        "" => format!("file{ending}"),
        stem => format!("{stem}{ending}"),
    }
}

/// Signs that turn the way a name is read, so that `gpj.exe` looks like `exe.jpg`.
fn is_turning(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_harmless_wherever_the_file_is_put() {
        for (raw, name) in [
            ("Photo 1.JPG", "Photo 1.JPG"),
            ("..\\..\\Windows\\a.txt", "a.txt"),
            ("../../etc/passwd", "passwd"),
            (".htaccess", "htaccess"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\0b\nc.pdf", "abc.pdf"),
            ("\"x\"; filename=\"y.exe", "x; filename=y.exe"),
            ("", "file"),
            ("...", "file"),
            ("Ärger.pdf", "Ärger.pdf"),
        ] {
            assert_eq!(file_name(raw), name, "{raw:?}");
        }
        assert!(file_name(&"x".repeat(5_000)).len() <= 111);
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        for (bytes, sort) in [
            (&b"%PDF-1.7"[..], Sort::Pdf),
            (b"\xff\xd8\xff\xe0", Sort::Image),
            (b"\0\0\0\x18ftypheic", Sort::Image),
            (b"a,b\r\n1,2", Sort::Text),
            ("Grü".as_bytes(), Sort::Text),
            (&"Grü".as_bytes()[..3], Sort::Text),
            (b"MZ\x90\0", Sort::Other),
            (b"\xfc\xfc", Sort::Other),
            (b"<script>alert(1)</script>", Sort::Text),
        ] {
            assert_eq!(Sort::of(bytes), sort, "{bytes:?}");
            assert_eq!(Sort::named(sort.name()), sort);
        }
        assert!(Accept::named("image").takes(Sort::Image));
        assert!(!Accept::named("image").takes(Sort::Pdf));
        assert!(Accept::named("any").takes(Sort::Other));
    }
}
