//! Text to tokens, one at a time.

use crate::{
    MAX_ATTRIBUTE_NAME, MAX_STRING, MAX_TEXT, ParseError, ParseErrorKind, Real,
    value::{is_plain, length},
};
use alloc::{
    format,
    string::{String, ToString},
};

/// Words that are no names.
pub(crate) const RESERVED: [&str; 9] = [
    "true",
    "false",
    "undefined",
    "error",
    "is",
    "isnt",
    "parent",
    "my",
    "target",
];

/// Signs, each before its own beginnings.
const SYMBOLS: [&str; 28] = [
    "=?=", "=!=", "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", "(", ")", "{", "}", "[", "]", ",", ".", ";", "=",
];

/// What a token is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind<'a> {
    /// A name or word, as written.
    Name(&'a str),
    /// Digits without sign.
    Integer(u64),
    /// A real without sign.
    Real(Real),
    /// A quoted text, without quotes and escapes.
    Text(String),
    /// One of [`SYMBOLS`].
    Symbol(&'static str),
    /// There is nothing more.
    End,
}

/// A token and where it begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: TokenKind<'a>,
    /// Bytes before it.
    pub(crate) start: usize,
}

impl Token<'_> {
    /// The token in an error message.
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Integer(number) => format!("`{number}`"),
            TokenKind::Real(number) => format!("`{number}`"),
            TokenKind::Text(text) => format!("the text {text:?}"),
            TokenKind::Symbol(symbol) => format!("`{symbol}`"),
            TokenKind::End => "the end of the text".to_string(),
        }
    }
}

/// Whether it is the name of an attribute: letters, digits and `_`, no digit first, no word of the
/// language.
pub(crate) fn is_name(name: &str) -> bool {
    let begins = name
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    begins
        && length(name.len()) <= MAX_ATTRIBUTE_NAME
        && name.bytes().all(continues_name)
        && !is_reserved(name)
}

/// Whether it is a word of the language, in capital or small letters.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn continues_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Reads tokens off a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    /// At the beginning of a text that is not too long.
    pub(crate) fn new(text: &'a str) -> Result<Self, ParseError> {
        if text.len() > MAX_TEXT {
            let position = (0..=MAX_TEXT)
                .rev()
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or_default();
            return Err(ParseError::new(text, position, ParseErrorKind::TextTooLong));
        }
        Ok(Self { text, position: 0 })
    }

    /// An error at a place of the text.
    pub(crate) fn error(&self, position: usize, kind: ParseErrorKind) -> ParseError {
        ParseError::new(self.text, position, kind)
    }

    /// The next token.
    pub(crate) fn token(&mut self) -> Result<Token<'a>, ParseError> {
        self.skip_blanks()?;
        let start = self.position;
        let rest = self.rest();
        let second = rest.as_bytes().get(1).copied();
        let kind = match rest.chars().next() {
            None => TokenKind::End,
            Some('"') => self.quoted()?,
            Some('.') if second.is_some_and(|byte| byte.is_ascii_digit()) => self.number()?,
            Some('0'..='9') => self.number()?,
            Some('a'..='z' | 'A'..='Z' | '_') => self.name()?,
            Some(character) => self.symbol(character)?,
        };
        Ok(Token { kind, start })
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        self.position = self.position.saturating_add(bytes);
    }

    /// The beginning of the rest whose bytes all satisfy the predicate, which must hold of ASCII
    /// only.
    fn run(&self, predicate: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.bytes().position(|byte| !predicate(byte));
        rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
    }

    /// Passes white space and comments.
    fn skip_blanks(&mut self) -> Result<(), ParseError> {
        loop {
            let blanks = self.run(|byte| matches!(byte, b' ' | b'\t'..=b'\r'));
            self.advance(blanks.len());
            let rest = self.rest();
            let comment = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some(body) = rest.strip_prefix("/*") {
                let end = body.find("*/");
                let end = end.ok_or_else(|| {
                    self.error(self.position, ParseErrorKind::UnterminatedComment)
                })?;
                end.saturating_add(4)
            } else {
                return Ok(());
            };
            self.advance(comment);
        }
    }

    fn name(&mut self) -> Result<TokenKind<'a>, ParseError> {
        let name = self.run(continues_name);
        if length(name.len()) > MAX_ATTRIBUTE_NAME {
            return Err(self.error(self.position, ParseErrorKind::NameTooLong));
        }
        self.advance(name.len());
        Ok(TokenKind::Name(name))
    }

    fn symbol(&mut self, character: char) -> Result<TokenKind<'a>, ParseError> {
        let rest = self.rest();
        let symbol = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol));
        let symbol = *symbol.ok_or_else(|| {
            self.error(
                self.position,
                ParseErrorKind::UnexpectedCharacter(character),
            )
        })?;
        self.advance(symbol.len());
        Ok(TokenKind::Symbol(symbol))
    }

    fn number(&mut self) -> Result<TokenKind<'a>, ParseError> {
        let start = self.position;
        let written = numeral(self.rest());
        self.advance(written.len());
        let glued = self.run(|byte| continues_name(byte) || byte == b'.');
        let whole = written.split(['.', 'e', 'E']).next().unwrap_or_default();
        let padded = whole.len() > 1 && whole.starts_with('0');
        let finished = written.ends_with(|last: char| last.is_ascii_digit());
        if !glued.is_empty() || padded || !finished {
            let shown = format!("{written}{glued}").chars().take(40).collect();
            return Err(self.error(start, ParseErrorKind::MalformedNumber(shown)));
        }
        let kind = if whole.len() == written.len() {
            written.parse().ok().map(TokenKind::Integer)
        } else {
            Real::from_digits(written).map(TokenKind::Real)
        };
        kind.ok_or_else(|| self.error(start, ParseErrorKind::NumberTooLarge))
    }

    fn quoted(&mut self) -> Result<TokenKind<'a>, ParseError> {
        let start = self.position;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            let position = start.saturating_add(offset);
            match character {
                '"' => {
                    self.position = position.saturating_add(1);
                    return Ok(TokenKind::Text(text));
                }
                '\n' | '\r' => break,
                '\\' => match characters.next().map(|(_, escaped)| escaped) {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some(escaped @ ('"' | '\\')) => text.push(escaped),
                    Some(other) => {
                        return Err(self.error(position, ParseErrorKind::UnknownEscape(other)));
                    }
                    None => break,
                },
                _ if !is_plain(character.encode_utf8(&mut [0; 4])) => {
                    let kind = ParseErrorKind::UnexpectedCharacter(character);
                    return Err(self.error(position, kind));
                }
                _ => text.push(character),
            }
            if length(text.len()) > MAX_STRING {
                return Err(self.error(start, ParseErrorKind::StringTooLong));
            }
        }
        Err(self.error(start, ParseErrorKind::UnterminatedText))
    }
}

/// What looks like a number at the beginning of a text: digits, a dot with digits, an exponent. A
/// dot or an `e` without digits is taken too, and makes it malformed.
fn numeral(text: &str) -> &str {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let count = rest.bytes().take_while(u8::is_ascii_digit).count();
        from.saturating_add(count)
    };
    let at = |index: usize| text.as_bytes().get(index).copied();
    let mut end = digits(0);
    if at(end) == Some(b'.') {
        let dot = end.saturating_add(1);
        end = digits(dot);
        if end == dot {
            return text.get(..end).unwrap_or_default();
        }
    }
    if matches!(at(end), Some(b'e' | b'E')) {
        end = end.saturating_add(1);
        if matches!(at(end), Some(b'+' | b'-')) {
            end = end.saturating_add(1);
        }
        end = digits(end);
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn kinds(text: &str) -> Vec<TokenKind<'_>> {
        let mut lexer = Lexer::new(text).unwrap();
        let mut found = Vec::new();
        loop {
            match lexer.token().unwrap().kind {
                TokenKind::End => return found,
                kind => found.push(kind),
            }
        }
    }

    #[test]
    fn signs_are_taken_as_long_as_they_go() {
        let symbols = |text| -> Vec<&str> {
            let symbol = |kind| match kind {
                TokenKind::Symbol(symbol) => symbol,
                other => panic!("{other:?}"),
            };
            kinds(text).into_iter().map(symbol).collect()
        };
        assert_eq!(
            symbols("=?==!===<=<!=!"),
            ["=?=", "=!=", "==", "<=", "<", "!=", "!"]
        );
        assert_eq!(
            symbols("&&||{}[]().,;:?="),
            [
                "&&", "||", "{", "}", "[", "]", "(", ")", ".", ",", ";", ":", "?", "="
            ]
        );
    }

    #[test]
    fn blanks_and_comments_count_for_nothing() {
        assert_eq!(
            kinds(" a\t/* b \n // */\n\r\x0b\x0cc // d\n//"),
            [TokenKind::Name("a"), TokenKind::Name("c")]
        );
    }

    #[test]
    fn texts_lose_quotes_and_escapes() {
        let text = TokenKind::Text("a\"\\\n\té".to_string());
        assert_eq!(kinds("\"a\\\"\\\\\\n\\té\""), [text]);
    }

    #[test]
    fn numbers_end_where_they_should() {
        assert_eq!(
            kinds("5 .5 5.25e1"),
            [
                TokenKind::Integer(5),
                TokenKind::Real("0.5".parse().unwrap()),
                TokenKind::Real("52.5".parse().unwrap())
            ]
        );
    }

    #[test]
    fn names_are_told_from_words() {
        assert!(["a", "_", "T2", "member", "isnt1"].into_iter().all(is_name));
        let not = [
            "", "1a", "a-b", "é", "TRUE", "isnt", "Parent", "my", "a.b", "a b",
        ];
        assert!(!not.into_iter().any(is_name));
        assert!(is_name(&"x".repeat(64)) && !is_name(&"x".repeat(65)));
    }
}
