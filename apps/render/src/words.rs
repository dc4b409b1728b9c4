//! The words of a line, and what to say when they are wrong.

use crate::vector::Vector;
use std::fmt;
use std::iter::Peekable;
use std::ops::RangeInclusive;
use std::str::SplitWhitespace;

/// The most materials, and the most spheres and planes together.
pub(crate) const MOST_THINGS: usize = 10_000;

/// Why a text is not a scene.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SceneError {
    /// The line, counted from 1; 0 if something is missing from the whole file.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for SceneError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "the scene is incomplete: {}", self.message),
            line => write!(formatter, "line {line} of the scene: {}", self.message),
        }
    }
}

impl std::error::Error for SceneError {}

pub(crate) type Result<T> = std::result::Result<T, SceneError>;

/// The words of one line, taken one after the other.
pub(crate) struct Words<'a> {
    line: usize,
    words: Peekable<SplitWhitespace<'a>>,
}

impl<'a> Words<'a> {
    pub fn new(line: usize, content: &'a str) -> Self {
        Self {
            line,
            words: content.split_whitespace().peekable(),
        }
    }

    pub fn is_empty(&mut self) -> bool {
        self.words.peek().is_none()
    }

    pub fn error(&self, message: impl Into<String>) -> SceneError {
        SceneError {
            line: self.line,
            message: message.into(),
        }
    }

    pub fn word(&mut self, meaning: &str) -> Result<&'a str> {
        match self.words.next() {
            Some(word) => Ok(word),
            None => Err(self.error(format!("the line ends where {meaning} should stand"))),
        }
    }

    pub fn key(&mut self, key: &str) -> Result<()> {
        match self.word(&format!("'{key}'"))? {
            word if word == key => Ok(()),
            word => Err(self.error(format!("'{word}' stands where '{key}' should"))),
        }
    }

    /// `KEY NUMBER`, if the next word is the key.
    pub fn optional(&mut self, key: &str, range: RangeInclusive<f64>) -> Result<Option<f64>> {
        if self.words.next_if_eq(&key).is_none() {
            return Ok(None);
        }
        self.number(key, range).map(Some)
    }

    pub fn number(&mut self, meaning: &str, range: RangeInclusive<f64>) -> Result<f64> {
        let word = self.word(meaning)?;
        let number = word.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            self.error(format!(
                "'{word}' stands where {meaning} should, a number {from} to {to}"
            ))
        })
    }

    pub fn whole(&mut self, meaning: &str, range: RangeInclusive<u32>) -> Result<u32> {
        let word = self.word(meaning)?;
        let number = word.parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            self.error(format!(
                "'{word}' stands where {meaning} should, a whole number {from} to {to}"
            ))
        })
    }

    pub fn vector(&mut self, meaning: &str, range: RangeInclusive<f64>) -> Result<Vector> {
        let x = self.number(meaning, range.clone())?;
        let y = self.number(meaning, range.clone())?;
        Ok(Vector::new(x, y, self.number(meaning, range)?))
    }

    pub fn end(&mut self) -> Result<()> {
        match self.words.next() {
            None => Ok(()),
            Some(word) => Err(self.error(format!(
                "'{word}' is more than the statement takes; remove it or start a new line"
            ))),
        }
    }

    pub fn room(&self, taken: usize, things: &str) -> Result<()> {
        if taken < MOST_THINGS {
            return Ok(());
        }
        Err(self.error(format!(
            "there are more than {MOST_THINGS} {things}; remove some"
        )))
    }
}
