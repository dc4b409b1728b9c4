//! The JSON text in a request order's `params`: what to run, and on what.

use ergon_primitives::{MAX_PARAMS, Params, TaskIndex};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most input files of a task.
pub const MAX_INPUTS: usize = 32;
/// Most arguments of a program.
pub const MAX_ARGUMENTS: usize = 64;
/// Name under which a program finds the dataset of its deal in its input folder. No input of a request
/// may have it, nor a place below it.
pub const DATASET_INPUT: &str = "dataset";
/// What stands for the task's index in an argument.
const INDEX: &str = "{index}";
/// Longest name of an input file, in bytes.
const MAX_INPUT_NAME: usize = 255;

/// Why a request's parameters are not valid.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SpecError {
    /// The text is not the JSON that is expected.
    #[error("the request's parameters cannot be read: {0}")]
    NotReadable(String),
    /// The text does not fit an order.
    #[error(
        "the request's parameters are {0} bytes long where at most {limit} fit. Put long \
         arguments into an input file", limit = MAX_PARAMS
    )]
    TooLong(usize),
    /// There are too many arguments.
    #[error("the request has {0} arguments where at most {limit} are allowed", limit = MAX_ARGUMENTS)]
    TooManyArguments(usize),
    /// There are too many inputs.
    #[error(
        "the request has {0} input files where at most {limit} are allowed. Pack them into fewer \
         files", limit = MAX_INPUTS
    )]
    TooManyInputs(usize),
    /// An argument has a NUL character, which no program can be given.
    #[error("the argument {0} has a NUL character in it")]
    BadArgument(usize),
    /// A file's name is not a plain relative path.
    #[error(
        "`{0}` is no name for an input file: use a relative path of at most 255 bytes with `/` \
         between its parts, without empty parts, `.` and `..`"
    )]
    BadName(String),
    /// A file has the name that is kept for the dataset.
    #[error(
        "the input file `{0}` is in the way of the dataset, which programs find as `dataset`: rename \
         the input file"
    )]
    Reserved(String),
    /// Two input files are in each other's way.
    #[error("the input files `{0}` and `{1}` cannot both exist: rename one of them")]
    Clash(String, String),
    /// An input file has no locator.
    #[error("the input file `{0}` has no locator: say where it can be fetched")]
    NoLocator(String),
}

/// What to run.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// Arguments of the program; `{index}` in them stands for the task's index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    /// Files that the program finds in its input folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<InputFile>,
}

/// An input file of a task.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Path below the input folder.
    pub name: String,
    /// SHA-256 of the content.
    #[serde(with = "digest")]
    pub sha256: [u8; 32],
    /// Where to fetch it.
    pub locator: String,
    /// Size in bytes, when it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl TaskSpec {
    /// Reads and checks the parameters of a request. No parameters are a program without arguments
    /// and inputs.
    pub fn parse(params: &[u8]) -> Result<Self, SpecError> {
        if params.is_empty() {
            return Ok(Self::default());
        }
        let spec: Self = serde_json::from_slice(params)
            .map_err(|error| SpecError::NotReadable(error.to_string()))?;
        spec.check()?;
        Ok(spec)
    }

    /// The parameters for a request order.
    pub fn to_params(&self) -> Result<Params, SpecError> {
        self.check()?;
        let text =
            serde_json::to_vec(self).map_err(|error| SpecError::NotReadable(error.to_string()))?;
        Params::try_from(text).map_err(|text| SpecError::TooLong(text.len()))
    }

    /// The arguments of one task.
    pub fn args_for(&self, index: TaskIndex) -> Vec<String> {
        let index = index.to_string();
        self.args
            .iter()
            .map(|argument| argument.replace(INDEX, &index))
            .collect()
    }

    /// Sum of the sizes that are known, in bytes.
    pub fn known_size(&self) -> u64 {
        self.inputs
            .iter()
            .filter_map(|input| input.size)
            .fold(0, u64::saturating_add)
    }

    /// Checks everything that the form of the JSON does not say.
    pub fn check(&self) -> Result<(), SpecError> {
        if self.args.len() > MAX_ARGUMENTS {
            return Err(SpecError::TooManyArguments(self.args.len()));
        }
        if let Some(place) = self
            .args
            .iter()
            .position(|argument| argument.contains('\0'))
        {
            return Err(SpecError::BadArgument(place + 1));
        }
        if self.inputs.len() > MAX_INPUTS {
            return Err(SpecError::TooManyInputs(self.inputs.len()));
        }
        for input in &self.inputs {
            if !is_plain_path(&input.name) {
                return Err(SpecError::BadName(input.name.clone()));
            }
            if input.name.split('/').next() == Some(DATASET_INPUT) {
                return Err(SpecError::Reserved(input.name.clone()));
            }
            if input.locator.trim().is_empty() {
                return Err(SpecError::NoLocator(input.name.clone()));
            }
        }
        match clash(self.inputs.iter().map(|input| input.name.as_str())) {
            Some((one, other)) => Err(SpecError::Clash(one.into(), other.into())),
            None => Ok(()),
        }
    }
}

/// Whether a path is relative, stays where it is put and means the same on every machine.
pub(crate) fn is_plain_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= MAX_INPUT_NAME
        && !path.contains(['\0', '\\'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Two paths of which one is the other or a folder above it.
pub(crate) fn clash<'a>(paths: impl Iterator<Item = &'a str>) -> Option<(&'a str, &'a str)> {
    let mut seen = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for path in paths {
        if !seen.insert(path) {
            return Some((path, path));
        }
        let above = path.match_indices('/').map(|(end, _)| (&path[..end], path));
        folders.extend(above);
    }
    folders
        .into_iter()
        .find(|(folder, _)| seen.contains(folder))
}

/// A digest as hexadecimal text, with or without `0x`.
mod digest {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(
        digest: &[u8; 32],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(digest))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix("0x").unwrap_or(&text);
        let mut digest = [0; 32];
        hex::decode_to_slice(digits, &mut digest)
            .map_err(|_| D::Error::custom("`sha256` must be 64 hexadecimal digits"))?;
        Ok(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(name: &str) -> InputFile {
        InputFile {
            name: name.into(),
            sha256: [0xab; 32],
            locator: "https://example.org/file".into(),
            size: None,
        }
    }

    fn with_inputs(names: &[&str]) -> TaskSpec {
        TaskSpec {
            inputs: names.iter().map(|name| input(name)).collect(),
            ..Default::default()
        }
    }

    #[test]
    fn survives_the_way_into_an_order_and_back() {
        let spec = TaskSpec {
            args: vec!["--frame".into(), "{index}".into()],
            inputs: vec![InputFile {
                size: Some(7),
                ..input("scene/a.txt")
            }],
        };
        assert_eq!(TaskSpec::parse(&spec.to_params().unwrap()).unwrap(), spec);
    }

    #[test]
    fn the_readmes_example_is_valid() {
        let readme = include_str!("../README.md");
        let json = readme
            .split("```json")
            .nth(1)
            .unwrap()
            .split("```")
            .next()
            .unwrap();
        let spec = TaskSpec::parse(json.as_bytes()).unwrap();
        assert_eq!(spec.args_for(12), ["--frame", "12", "--samples", "64"]);
        assert_eq!((spec.inputs.len(), spec.known_size()), (1, 18_231));
    }

    #[test]
    fn nothing_at_all_is_a_program_without_arguments() {
        assert_eq!(TaskSpec::parse(b"").unwrap(), TaskSpec::default());
        assert_eq!(TaskSpec::parse(b"{}").unwrap(), TaskSpec::default());
    }

    #[test]
    fn misspelt_fields_are_named() {
        let error = TaskSpec::parse(br#"{"argz":[]}"#).unwrap_err();
        assert!(error.to_string().contains("argz"), "{error}");
        let json = br#"{"inputs":[{"name":"a","sha256":"ab","locator":"x","url":"y"}]}"#;
        assert!(matches!(
            TaskSpec::parse(json),
            Err(SpecError::NotReadable(_))
        ));
    }

    #[test]
    fn digests_have_64_digits() {
        let parse = |digest: &str| {
            let json =
                format!(r#"{{"inputs":[{{"name":"a","sha256":"{digest}","locator":"x"}}]}}"#);
            TaskSpec::parse(json.as_bytes())
        };
        assert!(parse(&"ab".repeat(32)).is_ok());
        assert!(parse(&format!("0x{}", "AB".repeat(32))).is_ok());
        for digest in [
            String::new(),
            "ab".repeat(31),
            "ab".repeat(33),
            "xy".repeat(32),
        ] {
            assert!(
                matches!(parse(&digest), Err(SpecError::NotReadable(_))),
                "{digest}"
            );
        }
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        for name in [
            "", "/a", "a/", "a//b", "..", "../a", "a/../b", ".", "a/./b", "a\\b", "a\0b",
        ] {
            let error = with_inputs(&[name]).check().unwrap_err();
            assert_eq!(error, SpecError::BadName(name.into()));
        }
        assert_eq!(with_inputs(&["a", "b/c.txt", "...", "a b"]).check(), Ok(()));
        assert_eq!(with_inputs(&[&"n".repeat(255)]).check(), Ok(()));
        assert!(with_inputs(&[&"n".repeat(256)]).check().is_err());
    }

    #[test]
    fn the_name_of_the_dataset_is_kept_for_it() {
        for name in ["dataset", "dataset/part"] {
            let error = with_inputs(&[name]).check().unwrap_err();
            assert_eq!(error, SpecError::Reserved(name.into()));
        }
        assert_eq!(with_inputs(&["dataset.csv", "a/dataset"]).check(), Ok(()));
    }

    #[test]
    fn files_that_are_in_each_others_way_are_refused() {
        let clash = |names: &[&str]| with_inputs(names).check();
        assert_eq!(
            clash(&["a", "a"]),
            Err(SpecError::Clash("a".into(), "a".into()))
        );
        assert_eq!(
            clash(&["a", "a/b"]),
            Err(SpecError::Clash("a".into(), "a/b".into()))
        );
        assert_eq!(
            clash(&["a/b/c", "a"]),
            Err(SpecError::Clash("a".into(), "a/b/c".into()))
        );
        assert_eq!(clash(&["a/b", "a/c", "ab"]), Ok(()));
    }

    #[test]
    fn bounds_hold_on_both_sides() {
        let args = |count| TaskSpec {
            args: vec!["x".into(); count],
            ..Default::default()
        };
        assert!(args(MAX_ARGUMENTS).to_params().is_ok());
        assert_eq!(args(65).check(), Err(SpecError::TooManyArguments(65)));
        let inputs = |count: usize| TaskSpec {
            inputs: (0..count)
                .map(|number| input(&number.to_string()))
                .collect(),
            ..Default::default()
        };
        assert_eq!(inputs(MAX_INPUTS).check(), Ok(()));
        assert_eq!(inputs(33).check(), Err(SpecError::TooManyInputs(33)));
    }

    #[test]
    fn what_does_not_fit_an_order_is_refused() {
        let argument = |length: usize| TaskSpec {
            args: vec!["x".repeat(length)],
            inputs: vec![],
        };
        // {"args":["…"]} is 13 bytes around the argument.
        assert_eq!(argument(2_035).to_params().unwrap().len(), 2_048);
        assert_eq!(argument(2_036).to_params(), Err(SpecError::TooLong(2_049)));
    }

    #[test]
    fn arguments_and_locators_must_make_sense() {
        let nul = TaskSpec {
            args: vec!["ok".into(), "a\0".into()],
            ..Default::default()
        };
        assert_eq!(nul.check(), Err(SpecError::BadArgument(2)));
        let nowhere = TaskSpec {
            inputs: vec![InputFile {
                locator: " ".into(),
                ..input("a")
            }],
            ..Default::default()
        };
        assert_eq!(nowhere.check(), Err(SpecError::NoLocator("a".into())));
    }
}
