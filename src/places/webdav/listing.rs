//! What a folder that speaks `WebDAV` says lies in it.

use quick_xml::Reader;
use quick_xml::events::Event;

/// Something that lies there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// As the server writes it: from its root, escaped, perhaps with the server before it.
    pub(super) path: String,
    pub(super) is_folder: bool,
}

/// The entries of an answer to `PROPFIND`, the folder itself among them.
pub(super) fn entries(xml: &[u8]) -> Vec<Entry> {
    let mut reader = Reader::from_reader(xml);
    let (mut found, mut entry, mut is_path) = (Vec::new(), Entry::default(), false);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.local_name().as_ref() {
                "response" => entry = Entry::default(),
                "href" => is_path = true,
                "collection" => entry.is_folder = true,
                _ => {}
            },
            Ok(Event::Text(text)) if is_path => entry.path.push_str(text.trim()),
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "href" => is_path = false,
                "response" => found.push(std::mem::take(&mut entry)),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// The name of an entry right below that folder; `None`: the folder itself, or none of its.
pub(super) fn below(folder: &str, path: &str) -> Option<String> {
    let path = match path.strip_prefix("https://") {
        Some(rest) => rest.find('/').map(|at| &rest[at..])?,
        None => path,
    };
    let (folder, path) = (plain(folder)?, plain(path)?);
    let name = path.strip_prefix(&folder)?.trim_end_matches('/');
    (!name.is_empty() && !name.contains('/') && name != "..").then(|| name.to_owned())
}

/// Without what is escaped.
fn plain(text: &str) -> Option<String> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, more)) = rest.split_first() {
        rest = more;
        if *first != b'%' {
            out.push(*first);
            continue;
        }
        let (digits, more) = rest.split_at_checked(2)?;
        out.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = more;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_files_from_folders_whatever_the_names_of_its_parts() {
        let xml = br#"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">
            <d:response><d:href>/dav/my%20files/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop></d:propstat></d:response>
            <d:response><d:href>/dav/my%20files/a%2Bb.csv</d:href><d:propstat><d:prop><d:resourcetype/></d:prop></d:propstat></d:response>
            <d:response><d:href>https://cloud.corp/dav/my%20files/deep/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/></d:resourcetype></d:prop></d:propstat></d:response>
            <d:response><d:href>/elsewhere/c</d:href></d:response></d:multistatus>"#;
        let all = entries(xml);
        let names: Vec<_> = { all.iter() }
            .map(|entry| (below("/dav/my%20files/", &entry.path), entry.is_folder))
            .collect();

        let called = |name: &str| Some(name.to_owned());
        assert_eq!(
            names,
            [
                (None, true),
                (called("a+b.csv"), false),
                (called("deep"), true),
                (None, false)
            ]
        );
        for (folder, path) in [
            ("/a/", "/a/%"),
            ("/a/", "/a/%zz"),
            ("/a/", "/a/b/c"),
            ("/a/", "/a/.."),
        ] {
            assert_eq!(below(folder, path), None, "{path}");
        }
        assert!(entries(b"<d:response>").is_empty() && entries(b"").is_empty());
    }
}
