//! Values: what a literal, an attribute or an expression can be.

use crate::{MAX_DEPTH, MAX_LIST, MAX_STRING, Real};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use codec::{Compact, Decode, DecodeWithMemTracking, Encode, Input};
use scale_info::TypeInfo;

/// What a literal, an attribute or an expression can be.
///
/// Decoding admits only values within the bounds of this crate. [`Display`](core::fmt::Display)
/// writes the literal.
#[derive(Clone, PartialEq, Eq, Debug, Encode, TypeInfo)]
pub enum Value {
    /// Nobody has said what it is; "we do not know".
    Undefined,
    /// It makes no sense, such as `1 / 0` or `"a" + 1`.
    Error,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with nine decimals.
    Real(Real),
    /// A text of at most [`MAX_STRING`] bytes, without control characters but newline and tab.
    Text(String),
    /// At most [`MAX_LIST`] values, each of which may be a list.
    List(Vec<Value>),
}

impl Value {
    /// Whether it nests at most `depth` deep; anything but a list has depth 1.
    pub(crate) fn nests_within(&self, depth: u32) -> bool {
        match (self, depth.checked_sub(1)) {
            (_, None) => false,
            (Self::List(items), Some(below)) => items.iter().all(|item| item.nests_within(below)),
            _ => true,
        }
    }

    /// Elements and bytes that a copy of it takes, 1 for itself included.
    pub(crate) fn weight(&self) -> u32 {
        match self {
            Self::Text(text) => length(text.len()).saturating_add(1),
            Self::List(items) => items
                .iter()
                .fold(1, |sum, item| item.weight().saturating_add(sum)),
            _ => 1,
        }
    }

    fn decode_within<I: Input>(input: &mut I, depth: u32) -> Result<Self, codec::Error> {
        let Some(below) = depth.checked_sub(1) else {
            return Err("Value: nested too deep".into());
        };
        Ok(match input.read_byte()? {
            0 => Self::Undefined,
            1 => Self::Error,
            2 => Self::Boolean(bool::decode(input)?),
            3 => Self::Integer(i64::decode(input)?),
            4 => Self::Real(Real::decode(input)?),
            5 => Self::Text(decode_text(input)?),
            6 => Self::List(decode_list(input, below)?),
            _ => return Err("Value: unknown kind".into()),
        })
    }
}

fn decode_length<I: Input>(input: &mut I, most: u32) -> Result<u32, codec::Error> {
    match Compact::<u32>::decode(input)?.0 {
        length if length <= most => Ok(length),
        _ => Err("Value: too long".into()),
    }
}

fn decode_text<I: Input>(input: &mut I) -> Result<String, codec::Error> {
    let length = decode_length(input, MAX_STRING)?;
    let length = usize::try_from(length).map_err(|_| "Value: too long")?;
    input.on_before_alloc_mem(length)?;
    let mut bytes = alloc::vec![0; length];
    input.read(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| "Value: not UTF-8")?;
    if !is_plain(&text) {
        return Err("Value: control character in a text".into());
    }
    Ok(text)
}

fn decode_list<I: Input>(input: &mut I, depth: u32) -> Result<Vec<Value>, codec::Error> {
    let mut items = Vec::new();
    input.descend_ref()?;
    for _ in 0..decode_length(input, MAX_LIST)? {
        input.on_before_alloc_mem(size_of::<Value>())?;
        items.push(Value::decode_within(input, depth)?);
    }
    input.ascend_ref();
    Ok(items)
}

impl Decode for Value {
    fn decode<I: Input>(input: &mut I) -> Result<Self, codec::Error> {
        Self::decode_within(input, MAX_DEPTH)
    }
}

impl DecodeWithMemTracking for Value {}

/// Whether a text may be a value: control characters would let an advertisement paint over the
/// screen on which it is read.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|character| !character.is_control() || matches!(character, '\n' | '\t'))
}

/// A length in memory, cut to 32 bits.
pub(crate) fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Self::Integer(integer)
    }
}

impl From<Real> for Value {
    fn from(real: Real) -> Self {
        Self::Real(real)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn nested(depth: u32) -> Value {
        (1..depth).fold(Value::Integer(1), |inner, _| Value::List(vec![inner]))
    }

    #[test]
    fn decoding_gives_back_what_was_encoded() {
        for value in [
            Value::Undefined,
            Value::Error,
            true.into(),
            (-5).into(),
            Real::from(3).into(),
            "ä\n\t".into(),
            nested(MAX_DEPTH),
        ] {
            assert_eq!(Value::decode(&mut &value.encode()[..]), Ok(value));
        }
    }

    #[test]
    fn metadata_describes_it_once() {
        let mut registry = scale_info::Registry::new();
        registry.register_type(&scale_info::meta_type::<crate::Explanation>());
        // Explanation, Condition and its list, Value and its list, Real, bool, i64, i128, text, texts.
        assert_eq!(registry.types().count(), 11);
    }

    #[test]
    fn decoding_keeps_to_the_bounds() {
        for value in [
            nested(MAX_DEPTH + 1),
            Value::List(vec![Value::Error; MAX_LIST as usize + 1]),
            "x".repeat(MAX_STRING as usize + 1).into(),
            "\u{1b}[2J".into(),
        ] {
            assert!(Value::decode(&mut &value.encode()[..]).is_err());
        }
        let bottomless = [6u8, 4].repeat(100_000);
        assert!(Value::decode(&mut &bottomless[..]).is_err());
        assert!(Value::decode(&mut &[7u8][..]).is_err());
        assert!(Value::decode(&mut &[5u8, 4, 0xff][..]).is_err());
        assert!(Value::decode(&mut &[][..]).is_err());
    }
}
