//! What is told of a picture's making does not get in; what shows does.

use super::*;

/// Nobody's name, in every place where programs write one.
const SECRET: &[u8] = b"Ada at 52.5N 13.4E";

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, b"sums"].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let head = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        b"\x08\x02\0\0\0",
    ]
    .concat();
    [
        png::MARK.to_vec(),
        chunk(b"IHDR", &head),
        chunk(b"tEXt", SECRET),
        chunk(b"eXIf", SECRET),
        chunk(b"IDAT", b"points"),
        chunk(b"iTXt", SECRET),
        chunk(b"IEND", b""),
        SECRET.to_vec(),
    ]
    .concat()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, content].concat()
}

/// Notes with a name in them, for a camera that writes its numbers so.
fn notes(is_little: bool, lies: u8) -> Vec<u8> {
    let entry: &[u8] = if is_little {
        &[0x12, 1, 3, 0, 1, 0, 0, 0, lies, 0, 0, 0]
    } else {
        &[1, 0x12, 0, 3, 0, 0, 0, 1, 0, lies, 0, 0]
    };
    let head: &[u8] = if is_little {
        b"Exif\0\0II*\0\x08\0\0\0\x01\0"
    } else {
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01"
    };
    segment(0xe1, &[head, entry, b"\0\0\0\0", SECRET].concat())
}

fn jpeg(notes: &[u8]) -> Vec<u8> {
    [
        &b"\xff\xd8"[..],
        &segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        notes,
        &segment(0xed, SECRET),
        &segment(0xfe, SECRET),
        b"\xff",
        &segment(0xc2, b"\x08\0\x20\0\x30\x01\x01\x11\0"),
        &segment(0xda, b"\x01\x01\0\0\x3f\0"),
        b"points\xff\0points\xff\xd0points",
        &segment(0xe1, SECRET),
        &segment(0xda, b"\x01\x01\0\0\x3f\0"),
        b"more",
        b"\xff\xd9",
        SECRET,
    ]
    .concat()
}

fn riff(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut content = b"WEBP".to_vec();
    for (name, of) in chunks {
        content.extend_from_slice(name);
        content.extend_from_slice(&u32::try_from(of.len()).unwrap().to_le_bytes());
        content.extend_from_slice(of);
        content.resize(content.len().next_multiple_of(2), 0);
    }
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    [&b"RIFF"[..], &length, &content, SECRET].concat()
}

const EXTENDED: &[u8] = &[0x2c, 0, 0, 0, 0x1f, 0, 0, 0x0f, 1, 0];

fn webp() -> Vec<u8> {
    riff(&[
        (b"VP8X", EXTENDED),
        (b"ICCP", b"colours"),
        (b"VP8 ", b"\0\0\0\x9d\x01\x2a\x20\0\x10\0points"),
        (b"EXIF", SECRET),
        (b"XMP ", SECRET),
    ])
}

fn says(body: &[u8], what: &[u8]) -> bool {
    body.windows(what.len()).any(|part| part == what)
}

#[test]
fn what_tells_who_made_a_picture_goes_and_what_shows_stays() {
    let [png, jpeg, webp] = [png(32, 48), jpeg(&notes(true, 1)), webp()];
    for (bytes, form, size) in [
        (&png, Form::Png, (32, 48)),
        (&jpeg, Form::Jpeg, (48, 32)),
        (&webp, Form::WebP, (32, 272)),
    ] {
        let clean = clean(bytes).unwrap();

        assert!(
            says(bytes, SECRET) && !says(&clean.body, SECRET),
            "{form:?}"
        );
        assert!(says(&clean.body, b"points"), "{form:?}");
        assert_eq!((clean.form, (clean.width, clean.height)), (form, size));
        // What is kept is whole, and nothing more goes from it.
        assert_eq!(super::clean(&clean.body).as_ref(), Ok(&clean), "{form:?}");
    }
    let kept = clean(&webp).unwrap().body;
    assert!(says(&kept, b"colours") && says(&kept, b"VP8X\x0a\0\0\0\x20"));
    assert!(says(&clean(&jpeg).unwrap().body, b"more\xff\xd9"));
}

#[test]
fn a_picture_that_lies_on_its_side_goes_on_lying_so() {
    for is_little in [true, false] {
        let turned = clean(&jpeg(&notes(is_little, 6))).unwrap();

        assert!(!says(&turned.body, SECRET));
        assert!(says(&turned.body, b"Exif\0\0MM"), "{is_little}");
        assert_eq!((turned.width, turned.height), (32, 48));
        assert_eq!(clean(&turned.body).as_ref(), Ok(&turned));
    }
    let upright = clean(&jpeg(&notes(false, 1))).unwrap();
    assert!(!says(&upright.body, b"Exif"));
}

#[test]
fn a_picture_without_an_extended_head_has_its_size_as_well() {
    let lossless = riff(&[(b"VP8L", b"\x2f\x1f\xc0\x03\0points!")]);
    let clean = clean(&lossless).unwrap();
    assert_eq!((clean.width, clean.height), (32, 16));
}

#[test]
fn whatever_is_cut_off_or_changed_is_refused_or_whole() {
    let hostile = |bytes: &[u8]| {
        if let Ok(found) = clean(bytes) {
            assert_eq!(clean(&found.body).as_ref(), Ok(&found));
            assert!(!says(&found.body, SECRET));
        }
    };
    for whole in [png(3, 4), jpeg(&notes(false, 8)), webp()] {
        for end in 0..whole.len() {
            hostile(&whole[..end]);
        }
        for at in 0..whole.len() {
            for with in [0x00, 0x01, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = with;
                if let Ok(found) = clean(&changed) {
                    assert!(clean(&found.body).is_ok(), "{at} {with}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_picture_or_too_large_says_so() {
    assert_eq!(clean(b"<svg xmlns='x'/>"), Err(Fault::Other));
    assert_eq!(clean(b"GIF89a"), Err(Fault::Other));
    assert_eq!(clean(b""), Err(Fault::Other));
    assert_eq!(clean(&png(10_001, 1)), Err(Fault::Large));
    assert_eq!(clean(&png(9_000, 9_000)), Err(Fault::Large));
    assert_eq!(clean(&png(0, 5)), Err(Fault::Broken));
    assert_eq!(clean(png::MARK), Err(Fault::Broken));
}
