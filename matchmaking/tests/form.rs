//! The SCALE form, byte by byte, and what is refused.

use ergon_matchmaking::{Ad, Expression, FormError};

/// The example bytes of the README, of expressions and of advertisements.
fn vectors() -> Vec<(String, Vec<u8>)> {
    let readme = include_str!("../README.md");
    let (_, rest) = readme.split_once("<!-- vectors -->").expect("begin");
    let (table, _) = rest.split_once("<!-- end of vectors -->").expect("end");
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let (text, rest) = line.split_once("` | `").expect("text");
            let (bytes, _) = rest.split_once("` |").expect("bytes");
            let byte = |digits| u8::from_str_radix(digits, 16).expect("a byte");
            // A pipe ends a cell unless it is escaped.
            (
                text.replace("\\|", "|"),
                bytes.split(' ').map(byte).collect(),
            )
        })
        .collect()
}

#[test]
fn the_examples_of_the_readme_are_right() {
    let vectors = vectors();
    assert!(vectors.len() >= 15, "the table is found and whole");
    for (text, bytes) in vectors {
        if text.starts_with('[') {
            let ad = Ad::parse(&text).expect("the example parses");
            assert_eq!(ad.encode_bounded(), bytes, "{text}");
            assert_eq!(Ad::decode_bounded(&bytes), Ok(ad));
        } else {
            let expression = Expression::parse(&text).expect("the example parses");
            assert_eq!(expression.encode_bounded(), bytes, "{text} {bytes:02x?}");
            assert_eq!(Expression::decode_bounded(&bytes), Ok(expression));
        }
    }
}

#[test]
fn expressions_that_break_a_rule_are_refused() {
    let text = |length: u16, byte: u8| {
        let mut form = vec![0x08];
        form.extend((length << 2 | 1).to_le_bytes());
        form.resize(form.len() + usize::from(length), byte);
        form
    };
    let name = [vec![0x10, 0x05, 0x01], vec![b'x'; 65]].concat();
    let undefined_65 = [vec![0x09, 0x05, 0x01], vec![0; 65]].concat();
    let wide = [vec![0x40, 0x01, 0x04], vec![0; 256]].concat();
    let wider = [vec![0x40, 0x05, 0x04], vec![0; 257]].concat();
    let list: Vec<u8> = [vec![0x09, 0x01, 0x01], [0x21, 0x61, 0x00].repeat(64)].concat();
    // Fits into 1,024 bytes and 256 nodes, but not into 4,096 bytes of text.
    let shown = [
        vec![0x40, 0x10],
        text(256, b'"'),
        text(256, b'"'),
        text(200, b'"'),
        vec![0x09, 0xf0],
        [0x61, 0x61, 0x61, 0x00].repeat(60),
    ]
    .concat();
    for (form, error) in [
        (vec![], FormError::Truncated),
        (vec![0; 1_025], FormError::TooLong),
        (vec![0x03, 0x03], FormError::TrailingBytes),
        (vec![0x0a], FormError::UnknownTag(0x0a)),
        (vec![0x3d, 0, 0], FormError::UnknownTag(0x3d)),
        (vec![0xff], FormError::UnknownTag(0xff)),
        (vec![0x04], FormError::Truncated),
        (vec![0x04, 0x01], FormError::BadNumber),
        (vec![0x04, 0x01, 0x00], FormError::BadNumber),
        (vec![0x04, 0x02, 0x00, 0x00, 0x00], FormError::BadNumber),
        (
            vec![0x04, 0x13, 0, 0, 0, 0, 0, 0, 0, 0x80],
            FormError::BadNumber,
        ),
        (
            vec![0x05, 0x13, 0, 0, 0, 0, 0, 0, 0, 0x80],
            FormError::BadNumber,
        ),
        (
            [vec![0x06, 0x33], vec![0xff; 16]].concat(),
            FormError::BadNumber,
        ),
        (
            [vec![0x07, 0x33], vec![0xff; 15], vec![0x7f]].concat(),
            FormError::BadNumber,
        ),
        (vec![0x08, 0x08, b'a'], FormError::Truncated),
        (vec![0x08, 0x04, 0xff], FormError::BadText),
        (vec![0x08, 0x04, 0x00], FormError::BadText),
        (text(257, b'x'), FormError::StringTooLong),
        (vec![0x08, 0xfe, 0xff, 0xff, 0xff], FormError::StringTooLong),
        (vec![0x10, 0x00], FormError::BadName),
        (vec![0x10, 0x04, b'X'], FormError::BadName),
        (vec![0x10, 0x04, b'1'], FormError::BadName),
        (vec![0x10, 0x08, b'm', b'y'], FormError::BadName),
        (name, FormError::BadName),
        (undefined_65, FormError::ListTooLong),
        (vec![0x40, 0x00], FormError::TooFewOperands),
        (vec![0x41, 0x04, 0x03], FormError::TooFewOperands),
        (vec![0x20; 1_024], FormError::TooDeep),
        ([0x09, 0x04].repeat(512), FormError::TooDeep),
        ([0x40, 0x08].repeat(512), FormError::TooDeep),
        (vec![0x50; 1_024], FormError::TooDeep),
        (vec![0x62; 31], FormError::Truncated),
        (vec![0x62; 32], FormError::TooDeep),
        (wide, FormError::TooManyNodes),
        (wider, FormError::TooManyNodes),
        (shown, FormError::TooLong),
    ] {
        assert_eq!(Expression::decode_bounded(&form), Err(error), "{form:02x?}");
    }
    assert!(Expression::decode_bounded(&list).is_ok());
    assert!(Expression::decode_bounded(&[vec![0x20; 31], vec![0x03]].concat()).is_ok());
}

#[test]
fn advertisements_that_break_a_rule_are_refused() {
    let many = |count: u8| {
        let mut form = vec![(count << 2) | 1, count >> 6];
        for index in 0..count {
            form.extend([0x08, b'a' + index / 26, b'a' + index % 26, 0x03]);
        }
        form
    };
    let undefined = [vec![0x04, 0x04, b'a', 0x09, 0x01, 0x01], vec![0; 64]].concat();
    let nested = [vec![0x04, 0x04, b'a'], [0x09, 0x04].repeat(400)].concat();
    let wide: Vec<u8> = (0..9u8)
        .flat_map(|index| [vec![0x04, b'a' + index, 0x09, 0x01, 0x01], vec![0; 64]].concat())
        .collect();
    for (form, error) in [
        (vec![], FormError::Truncated),
        (vec![0x04], FormError::Truncated),
        (vec![0x00, 0x00], FormError::TrailingBytes),
        (vec![0x04, 0x04, b'a'], FormError::Truncated),
        (vec![0x04, 0x04, b'a', 0x10], FormError::UnknownTag(0x10)),
        (vec![0x04, 0x04, b'A', 0x03], FormError::BadName),
        (
            vec![0x08, 0x04, b'b', 0x03, 0x04, b'a', 0x03],
            FormError::NotSorted,
        ),
        (
            vec![0x08, 0x04, b'a', 0x03, 0x04, b'a', 0x03],
            FormError::NotSorted,
        ),
        (many(65), FormError::TooManyAttributes),
        (nested, FormError::TooDeep),
        ([vec![0x24], wide].concat(), FormError::TooLong),
    ] {
        assert_eq!(Ad::decode_bounded(&form), Err(error), "{form:02x?}");
    }
    assert!(Ad::decode_bounded(&undefined).is_ok());
}
