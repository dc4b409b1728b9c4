//! What can be wrong with a text, a SCALE form or an attribute, and what to do about it.

use crate::{
    MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTES, MAX_DEPTH, MAX_ENCODED, MAX_LIST, MAX_NODES, MAX_STRING,
    MAX_TEXT,
};
use alloc::string::String;
use core::fmt;

/// Why a text is no expression or advertisement, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// Bytes before the place.
    pub position: usize,
    /// Line of the place, from 1.
    pub line: u32,
    /// Characters of the line up to the place, from 1.
    pub column: u32,
    /// What is wrong there.
    pub kind: ParseErrorKind,
}

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ParseErrorKind {
    /// The text is longer than [`MAX_TEXT`] bytes; the place is the first byte too much.
    TextTooLong,
    /// A character that means nothing outside of quotes, or a control character within them.
    UnexpectedCharacter(char),
    /// A quoted text does not end on its line; the place is its opening quote.
    UnterminatedText,
    /// A comment does not end; the place is its beginning.
    UnterminatedComment,
    /// A backslash before a character that has no such form; the place is the backslash.
    UnknownEscape(char),
    /// A number that is not written as numbers are, such as `1.`, `010` or `5k`.
    MalformedNumber(String),
    /// An integer beyond 64 bits or a real beyond its range.
    NumberTooLarge,
    /// A quoted text of more than [`MAX_STRING`] bytes.
    StringTooLong,
    /// A name of more than [`MAX_ATTRIBUTE_NAME`] bytes.
    NameTooLong,
    /// Something else should stand there.
    Expected {
        /// What should.
        expected: &'static str,
        /// What does.
        found: String,
    },
    /// A word of the language where a name should stand.
    ReservedWord(String),
    /// No function has this name.
    UnknownFunction(String),
    /// A function with too many or too few arguments; the place is its name.
    WrongArguments {
        /// Its name.
        function: &'static str,
        /// How many it takes.
        expected: u32,
        /// How many there are.
        found: u32,
    },
    /// A name before a dot that is neither `MY` nor `TARGET` nor a tier's.
    UnknownScope(String),
    /// No tier has this name.
    UnknownTier(String),
    /// A list of more than [`MAX_LIST`] elements; the place is the first too much.
    ListTooLong,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More than [`MAX_NODES`] names, literals, operators, lists and calls.
    TooManyNodes,
    /// The SCALE form is longer than [`MAX_ENCODED`] bytes, or the text written in full is longer
    /// than [`MAX_TEXT`].
    TooLong,
    /// An advertisement names an attribute twice; the place is the second.
    DuplicateAttribute(String),
    /// An advertisement has more than [`MAX_ATTRIBUTES`] attributes.
    TooManyAttributes,
}

impl ParseError {
    /// The error at a byte of a text.
    pub(crate) fn new(text: &str, position: usize, kind: ParseErrorKind) -> Self {
        let (mut line, mut column) = (1u32, 1u32);
        for (_, character) in text.char_indices().take_while(|(at, _)| *at < position) {
            if character == '\n' {
                line = line.saturating_add(1);
                column = 1;
            } else {
                column = column.saturating_add(1);
            }
        }
        Self {
            position,
            line,
            column,
            kind,
        }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.kind
        )
    }
}

impl fmt::Display for ParseErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TextTooLong => write!(f, "the text is longer than {MAX_TEXT} bytes; shorten it"),
            Self::UnexpectedCharacter(character) => unexpected(f, *character),
            Self::UnterminatedText => {
                f.write_str("the quoted text does not end on its line; close it with \"")
            }
            Self::UnterminatedComment => f.write_str("the comment does not end; close it with */"),
            Self::UnknownEscape(character) => write!(
                f,
                "{character:?} cannot follow a backslash; write one of \\\" \\\\ \\n \\t"
            ),
            Self::MalformedNumber(number) => write!(
                f,
                "`{number}` is not a number; write numbers as 16, 1.5 or 2e3, without leading \
                 zeros and unit"
            ),
            Self::NumberTooLarge => f.write_str(
                "the number is out of range; integers have 64 bits, reals lie within 1.7e29",
            ),
            Self::StringTooLong => {
                write!(
                    f,
                    "the quoted text is longer than {MAX_STRING} bytes; shorten it"
                )
            }
            Self::NameTooLong => {
                write!(
                    f,
                    "the name is longer than {MAX_ATTRIBUTE_NAME} bytes; shorten it"
                )
            }
            Self::Expected { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            Self::ReservedWord(word) => write!(
                f,
                "`{word}` is a word of the language and no name; choose another name"
            ),
            Self::UnknownFunction(name) => write!(
                f,
                "there is no function `{name}`; use member, isUndefined, isError or ifThenElse"
            ),
            Self::WrongArguments {
                function,
                expected,
                found,
            } => write!(
                f,
                "`{function}` takes {expected} argument(s), found {found}; separate them by commas"
            ),
            Self::UnknownScope(scope) => write!(
                f,
                "`{scope}` has no attributes; write MY. or TARGET. before the name, or nothing"
            ),
            Self::UnknownTier(tier) => write!(
                f,
                "there is no tier `{tier}`; the tiers are T2.nano, T2.small, T2.medium, T2.large, \
                 T2.xlarge, each also with .fast, and T1.default"
            ),
            Self::ListTooLong => {
                write!(
                    f,
                    "the list has more than {MAX_LIST} elements; leave some out"
                )
            }
            Self::TooDeep => {
                write!(
                    f,
                    "nested more than {MAX_DEPTH} deep; take parentheses away"
                )
            }
            Self::TooManyNodes => write!(
                f,
                "more than {MAX_NODES} names, literals and operators; ask for less"
            ),
            Self::TooLong => write!(
                f,
                "too long: {MAX_ENCODED} bytes when encoded and {MAX_TEXT} bytes of full text are \
                 the most; ask for less or shorten names and texts"
            ),
            Self::DuplicateAttribute(name) => {
                write!(f, "the attribute `{name}` is given twice; leave one out")
            }
            Self::TooManyAttributes => {
                write!(f, "more than {MAX_ATTRIBUTES} attributes; leave some out")
            }
        }
    }
}

fn unexpected(f: &mut fmt::Formatter<'_>, character: char) -> fmt::Result {
    let advice = match character {
        '&' => "write && for `and`; there are no bit operators",
        '|' => "write || for `or`; there are no bit operators",
        '^' | '~' => "there are no bit operators",
        '\'' => "write texts in double quotes",
        '#' => "write comments after //",
        _ if character.is_control() => "take the control character away",
        _ => "names consist of letters a to z, digits and _; other characters stand in quotes",
    };
    write!(f, "unexpected {character:?}; {advice}")
}

impl core::error::Error for ParseError {}

/// Why bytes are not the SCALE form of an expression or advertisement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormError {
    /// More than [`MAX_ENCODED`] bytes, or its text would be longer than [`MAX_TEXT`].
    TooLong,
    /// The bytes end too early.
    Truncated,
    /// Bytes are left over at the end.
    TrailingBytes,
    /// A byte that stands for nothing where it stands.
    UnknownTag(u8),
    /// A compact number that is cut off, out of range or not in its shortest form.
    BadNumber,
    /// A text is not UTF-8 or has control characters other than newline and tab.
    BadText,
    /// A text of more than [`MAX_STRING`] bytes.
    StringTooLong,
    /// A name with other characters than a–z, 0–9 and `_`, too long, or a word of the language.
    BadName,
    /// A list of more than [`MAX_LIST`] elements.
    ListTooLong,
    /// `&&` or `||` with fewer than two operands.
    TooFewOperands,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// More than [`MAX_NODES`] nodes.
    TooManyNodes,
    /// An advertisement of more than [`MAX_ATTRIBUTES`] attributes.
    TooManyAttributes,
    /// The attributes of an advertisement are not in ascending order, each once.
    NotSorted,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(
                f,
                "too long: at most {MAX_ENCODED} bytes, and {MAX_TEXT} bytes of text"
            ),
            Self::Truncated => f.write_str("the bytes end too early"),
            Self::TrailingBytes => f.write_str("bytes are left over at the end"),
            Self::UnknownTag(tag) => write!(f, "the byte {tag:#04x} stands for nothing here"),
            Self::BadNumber => f.write_str("a compact number is cut off, too large or too long"),
            Self::BadText => f.write_str("a text is not UTF-8 or has control characters"),
            Self::StringTooLong => write!(f, "a text is longer than {MAX_STRING} bytes"),
            Self::BadName => write!(
                f,
                "a name is not of a-z, 0-9 and _, longer than {MAX_ATTRIBUTE_NAME} bytes, or \
                 reserved"
            ),
            Self::ListTooLong => write!(f, "a list has more than {MAX_LIST} elements"),
            Self::TooFewOperands => f.write_str("&& and || need two operands at least"),
            Self::TooDeep => write!(f, "nested more than {MAX_DEPTH} deep"),
            Self::TooManyNodes => write!(f, "more than {MAX_NODES} nodes"),
            Self::TooManyAttributes => write!(f, "more than {MAX_ATTRIBUTES} attributes"),
            Self::NotSorted => f.write_str("the attributes are not in ascending order, each once"),
        }?;
        f.write_str("; encode it again from its text")
    }
}

impl core::error::Error for FormError {}

/// Why an attribute does not fit into an advertisement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdError {
    /// The name is not a letter or `_` followed by letters, digits and `_`, is longer than
    /// [`MAX_ATTRIBUTE_NAME`] bytes, or is a word of the language.
    BadName,
    /// A text is longer than [`MAX_STRING`] bytes.
    StringTooLong,
    /// A text has control characters other than newline and tab.
    BadText,
    /// A list has more than [`MAX_LIST`] elements.
    ListTooLong,
    /// A list is nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// There are [`MAX_ATTRIBUTES`] already.
    TooManyAttributes,
    /// The SCALE form would be longer than [`MAX_ENCODED`] bytes, or the text longer than
    /// [`MAX_TEXT`].
    TooLong,
}

impl fmt::Display for AdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadName => write!(
                f,
                "not a name; names are letters, digits and _, not a digit first, at most \
                 {MAX_ATTRIBUTE_NAME}, and no word of the language"
            ),
            Self::StringTooLong => {
                write!(f, "the text is longer than {MAX_STRING} bytes; shorten it")
            }
            Self::BadText => f.write_str("the text has control characters; take them away"),
            Self::ListTooLong => {
                write!(
                    f,
                    "the list has more than {MAX_LIST} elements; leave some out"
                )
            }
            Self::TooDeep => write!(
                f,
                "the list is nested more than {MAX_DEPTH} deep; flatten it"
            ),
            Self::TooManyAttributes => {
                write!(f, "more than {MAX_ATTRIBUTES} attributes; leave some out")
            }
            Self::TooLong => write!(
                f,
                "the advertisement would be longer than {MAX_ENCODED} bytes when encoded or \
                 {MAX_TEXT} bytes of text; shorten it"
            ),
        }
    }
}

impl core::error::Error for AdError {}
