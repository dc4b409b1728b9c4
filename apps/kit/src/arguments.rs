//! Command lines of the form `--name value`, with no surprises.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The options a program was started with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    options: Vec<(String, String)>,
    switches: Vec<String>,
}

/// Why a command line was refused: a sentence for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError(String);

impl fmt::Display for ArgumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ArgumentError {}

impl Arguments {
    /// Reads a command line, without the program's name. Names are given without the dashes:
    /// `options` take a value, `switches` do not.
    pub fn read(
        words: impl IntoIterator<Item = String>,
        options: &[&str],
        switches: &[&str],
    ) -> Result<Self, ArgumentError> {
        let mut read = Self {
            options: Vec::new(),
            switches: Vec::new(),
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").unwrap_or_default();
            if read.given(name) {
                return Err(ArgumentError(format!(
                    "'--{name}' is given twice; give it once"
                )));
            } else if options.contains(&name) {
                let value = words.next().ok_or_else(|| {
                    ArgumentError(format!("'--{name}' needs a value: '--{name} VALUE'"))
                })?;
                read.options.push((name.to_owned(), value));
            } else if switches.contains(&name) {
                read.switches.push(name.to_owned());
            } else {
                return Err(unknown(&word, options, switches));
            }
        }
        Ok(read)
    }

    /// Whether this option or switch was written.
    pub fn given(&self, name: &str) -> bool {
        self.switches.iter().any(|switch| switch == name) || self.value(name).is_some()
    }

    /// The value of an option, if it was written.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options
            .iter()
            .find(|(option, _)| option == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of an option that must be there.
    pub fn required(&self, name: &str) -> Result<&str, ArgumentError> {
        self.value(name)
            .ok_or_else(|| ArgumentError(format!("'--{name}' is missing; add '--{name} VALUE'")))
    }

    /// The value of an option that must be there and be a whole number.
    pub fn whole<N: FromStr>(&self, name: &str) -> Result<N, ArgumentError> {
        let value = self.required(name)?;
        value.parse().map_err(|_| {
            ArgumentError(format!(
                "'--{name} {value}' is not a whole number this program can use; \
                 give a number counted from 0"
            ))
        })
    }

    /// A file inside `--input DIR`, by default inside `/input`.
    pub fn input_file(&self, name: &str) -> PathBuf {
        Path::new(self.value("input").unwrap_or("/input")).join(name)
    }

    /// A file inside `--output DIR`, by default inside `/output`.
    pub fn output_file(&self, name: &str) -> PathBuf {
        Path::new(self.value("output").unwrap_or("/output")).join(name)
    }
}

fn unknown(word: &str, options: &[&str], switches: &[&str]) -> ArgumentError {
    let known: Vec<String> = options
        .iter()
        .map(|name| format!("--{name} VALUE"))
        .chain(switches.iter().map(|name| format!("--{name}")))
        .collect();
    ArgumentError(format!(
        "'{word}' is not an option; the options are {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Arguments, ArgumentError> {
        let words = line.split_whitespace().map(str::to_owned);
        Arguments::read(words, &["scene", "tile", "input"], &["local"])
    }

    #[test]
    fn options_and_switches_are_found_in_any_order() {
        let arguments = read("--tile 7 --local --scene demo.txt").unwrap();
        assert_eq!(arguments.required("scene"), Ok("demo.txt"));
        assert_eq!(arguments.whole::<u32>("tile"), Ok(7));
        assert!(arguments.given("local"));
        assert!(!arguments.given("input"));
    }

    #[test]
    fn directories_have_the_names_the_sandbox_gives_them() {
        let arguments = read("").unwrap();
        assert_eq!(arguments.input_file("a"), Path::new("/input/a"));
        assert_eq!(arguments.output_file("b"), Path::new("/output/b"));
        assert_eq!(
            read("--input here").unwrap().input_file("a"),
            Path::new("here/a")
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (line, part) in [
            ("--colour red", "'--colour' is not an option"),
            (
                "scene",
                "'scene' is not an option; the options are --scene VALUE",
            ),
            ("--", "'--' is not an option"),
            ("--tile", "'--tile' needs a value"),
            ("--tile 1 --tile 2", "'--tile' is given twice"),
            ("--local --local", "'--local' is given twice"),
        ] {
            let sentence = read(line).unwrap_err().to_string();
            assert!(sentence.contains(part), "{line}: {sentence}");
        }
    }

    #[test]
    fn numbers_are_whole_and_present() {
        let missing = read("")
            .unwrap()
            .whole::<u32>("tile")
            .unwrap_err()
            .to_string();
        assert!(missing.contains("'--tile' is missing"), "{missing}");
        for value in ["-1", "1.5", "many", "4294967296"] {
            let arguments = read(&format!("--tile {value}")).unwrap();
            let sentence = arguments.whole::<u32>("tile").unwrap_err().to_string();
            assert!(sentence.contains("not a whole number"), "{sentence}");
        }
    }
}
