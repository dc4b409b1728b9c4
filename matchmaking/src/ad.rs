//! Advertisements: what a side says of itself.

use crate::{
    AdError, FormError, MAX_ATTRIBUTES, MAX_DEPTH, MAX_ENCODED, MAX_LIST, MAX_STRING, MAX_TEXT,
    ParseError, Value, display,
    lexer::is_name,
    parser, scale,
    value::{is_plain, length},
};
use alloc::{string::String, vec::Vec};

/// What a side says of itself: attributes by name.
///
/// Names are the same in capital and small letters, and kept in small ones. Always within the bounds
/// of this crate. [`Display`](core::fmt::Display) writes a text that parses back.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Ad {
    /// Ascending by name, each once.
    attributes: Vec<(String, Value)>,
    /// What the attributes take.
    size: Size,
}

/// Bytes that attributes take in both forms, without what stands around them. Kept, so that one
/// attribute more does not mean to measure all the others again.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Size {
    encoded: usize,
    shown: usize,
}

impl Size {
    const NOTHING: Self = Self {
        encoded: 0,
        shown: 0,
    };

    fn of(name: &str, value: &Value) -> Self {
        Self {
            encoded: scale::encode_attribute(name, value).len(),
            shown: display::length_of(&display::Attribute(name, value)),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            encoded: self.encoded.saturating_add(other.encoded),
            shown: self.shown.saturating_add(other.shown),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            encoded: self.encoded.saturating_sub(other.encoded),
            shown: self.shown.saturating_sub(other.shown),
        }
    }

    /// Whether an advertisement of so many attributes, which take this, is within bounds.
    fn fits(self, count: usize) -> bool {
        let encoded = self.encoded.saturating_add(scale::count_length(count));
        let shown = self.shown.saturating_add(display::BRACKETS);
        length(encoded) <= MAX_ENCODED && shown <= MAX_TEXT
    }
}

impl Ad {
    /// Says nothing.
    pub const fn new() -> Self {
        Self {
            attributes: Vec::new(),
            size: Size::NOTHING,
        }
    }

    /// Reads an advertisement such as `[ cpus = 8; os = "linux"; gpu_model = "a100" ]`. Values are
    /// literals: numbers with or without sign, quoted texts, `true`, `false`, `undefined`, `error`
    /// and lists of them.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parser::advertisement(text)
    }

    /// The same with one attribute more, or another value of it; unchanged when
    /// [`insert`](Self::insert) would refuse it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        // The refusal leaves everything as it was, which is what the documentation promises.
        let _ = self.insert(name, value);
        self
    }

    /// Sets an attribute, whether or not it was there; after an error everything is as before.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) -> Result<(), AdError> {
        let value = value.into();
        check(&value, MAX_DEPTH)?;
        if !is_name(name) {
            return Err(AdError::BadName);
        }
        let name = name.to_ascii_lowercase();
        match self.find(&name) {
            Ok(index) => self.replace(index, value),
            Err(index) => self.add(index, name, value),
        }
    }

    /// Takes an attribute away and returns what it was.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let index = self.find(&name.to_ascii_lowercase()).ok()?;
        let (name, value) = self.attributes.remove(index);
        self.size = self.size.minus(Size::of(&name, &value));
        Some(value)
    }

    /// The value of an attribute, if it is given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.get_small(&name.to_ascii_lowercase());
        }
        self.get_small(name)
    }

    /// The value of an attribute by its name in small letters.
    pub(crate) fn get_small(&self, name: &str) -> Option<&Value> {
        let index = self.find(name).ok()?;
        self.attributes.get(index).map(|(_, value)| value)
    }

    /// Names, in small letters and ascending, with their values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Number of attributes.
    pub fn len(&self) -> usize {
        self.attributes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The SCALE form, of at most [`MAX_ENCODED`] bytes.
    pub fn encode_bounded(&self) -> Vec<u8> {
        scale::encode_ad(self)
    }

    /// Reads the SCALE form, all of it and nothing else. Every advertisement has one form only.
    pub fn decode_bounded(bytes: &[u8]) -> Result<Self, FormError> {
        let attributes = scale::decode_attributes(bytes)?;
        let sizes = attributes.iter().map(|(name, value)| Size::of(name, value));
        let size = sizes.fold(Size::NOTHING, Size::plus);
        if size.fits(attributes.len()) {
            return Ok(Self { attributes, size });
        }
        Err(FormError::TooLong)
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.attributes
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    fn replace(&mut self, index: usize, value: Value) -> Result<(), AdError> {
        let count = self.len();
        let Some((name, place)) = self.attributes.get_mut(index) else {
            return Ok(());
        };
        let others = self.size.minus(Size::of(name, place));
        let size = others.plus(Size::of(name, &value));
        if !size.fits(count) {
            return Err(AdError::TooLong);
        }
        *place = value;
        self.size = size;
        Ok(())
    }

    fn add(&mut self, index: usize, name: String, value: Value) -> Result<(), AdError> {
        if length(self.len()) >= MAX_ATTRIBUTES {
            return Err(AdError::TooManyAttributes);
        }
        let size = self.size.plus(Size::of(&name, &value));
        if !size.fits(self.len().saturating_add(1)) {
            return Err(AdError::TooLong);
        }
        self.attributes.insert(index, (name, value));
        self.size = size;
        Ok(())
    }
}

/// Whether a value is within bounds; looks no deeper than `depth`.
fn check(value: &Value, depth: u32) -> Result<(), AdError> {
    let below = depth.checked_sub(1).ok_or(AdError::TooDeep)?;
    match value {
        Value::Text(text) if length(text.len()) > MAX_STRING => Err(AdError::StringTooLong),
        Value::Text(text) if !is_plain(text) => Err(AdError::BadText),
        Value::List(items) if length(items.len()) > MAX_LIST => Err(AdError::ListTooLong),
        Value::List(items) => items.iter().try_for_each(|item| check(item, below)),
        _ => Ok(()),
    }
}

impl<N: AsRef<str>, V: Into<Value>> FromIterator<(N, V)> for Ad {
    /// Sets one attribute after the other; those that [`insert`](Ad::insert) refuses are left out.
    fn from_iter<T: IntoIterator<Item = (N, V)>>(attributes: T) -> Self {
        attributes
            .into_iter()
            .fold(Self::new(), |ad, (name, value)| {
                ad.with(name.as_ref(), value)
            })
    }
}

impl core::str::FromStr for Ad {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl core::str::FromStr for crate::Expression {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{string::ToString, vec};

    #[test]
    fn names_are_the_same_in_capital_and_small_letters() {
        let ad = Ad::new()
            .with("Cpus", 4)
            .with("CPUS", 8)
            .with("os", "linux");
        assert_eq!(ad.get("cPuS"), Some(&8.into()));
        let names: Vec<_> = ad.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(names, ["cpus", "os"]);
        assert_eq!(ad.to_string(), "[ cpus = 8; os = \"linux\"; ]");
        assert_eq!(Ad::new().to_string(), "[ ]");
    }

    #[test]
    fn what_does_not_fit_is_refused_and_changes_nothing() {
        let mut ad = Ad::new().with("a", 1);
        let before = ad.clone();
        let long: Vec<Value> = vec![Value::Undefined; 65];
        let deep = (0..32).fold(Value::Error, |inner, _| vec![inner].into());
        for (name, value, error) in [
            ("true", Value::Error, AdError::BadName),
            ("é", Value::Error, AdError::BadName),
            ("b", "x".repeat(257).into(), AdError::StringTooLong),
            ("b", "\0".into(), AdError::BadText),
            ("b", long.into(), AdError::ListTooLong),
            ("b", deep, AdError::TooDeep),
            (
                "b",
                vec![Value::from("x".repeat(256)); 4].into(),
                AdError::TooLong,
            ),
            (
                "a",
                vec![Value::from("x".repeat(256)); 4].into(),
                AdError::TooLong,
            ),
        ] {
            assert_eq!(ad.insert(name, value), Err(error));
            assert_eq!(ad, before);
        }
        for index in 1..64 {
            ad.insert(&alloc::format!("a{index}"), 1).unwrap();
        }
        assert_eq!(ad.insert("b", 1), Err(AdError::TooManyAttributes));
        assert_eq!(ad.insert("a5", 2), Ok(()));
        assert_eq!(ad.remove("A5"), Some(2.into()));
        assert_eq!(ad.insert("b", 1), Ok(()));
    }

    /// Measures both forms as a whole.
    fn check_size(ad: &Ad) {
        let encoded = ad.size.encoded + scale::count_length(ad.len());
        assert_eq!(encoded, ad.encode_bounded().len(), "{ad}");
        let shown = ad.size.shown + display::BRACKETS;
        assert_eq!(shown, ad.to_string().len(), "{ad}");
        assert_eq!(Ad::decode_bounded(&ad.encode_bounded()).as_ref(), Ok(ad));
    }

    #[test]
    fn the_size_is_that_of_both_forms_after_every_change() {
        let values: [Value; 6] = [
            (-70_000).into(),
            "a \"quoted\"\ntext".into(),
            crate::Real::from(3).into(),
            vec![Value::Undefined, vec![Value::from(true)].into()].into(),
            "x".repeat(250).into(),
            Value::Error,
        ];
        let mut ad = Ad::new();
        check_size(&ad);
        let mut refused = 0;
        for round in 0..400usize {
            let name = alloc::format!("n{}", round * 7 % 90);
            if round % 5 == 4 {
                ad.remove(&name);
            } else if ad
                .insert(&name, values[round % values.len()].clone())
                .is_err()
            {
                refused += 1;
            }
            check_size(&ad);
        }
        assert!(refused > 0, "the bound was never reached");
    }
}
