//! What the worker and the child process that runs a job tell each other: one line of JSON each
//! way.

use super::{Ending, ExecutorError, Limits, Trace};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, Write},
    path::PathBuf,
};

/// Longest request, in bytes: a request's parameters and the paths of its inputs fit many times
/// over.
const MAX_REQUEST: u64 = 4 << 20;
/// Longest path of an output, in bytes.
pub(super) const MAX_OUTPUT_PATH: usize = 1_024;
/// Longest explanation in a report, in characters.
const MAX_EXPLANATION: usize = 500;

/// What the child shall do. All paths are absolute.
#[derive(Debug, Serialize, Deserialize)]
pub struct Request {
    /// The module.
    pub module: PathBuf,
    /// The app's arguments.
    pub args: Vec<String>,
    /// Names below `/input` and the files behind them.
    pub inputs: Vec<(String, PathBuf)>,
    /// What the app may use.
    pub limits: Limits,
    /// Existing empty folder into which the child writes the outputs after a success.
    pub outputs: PathBuf,
    /// Folder of compiled modules.
    pub cache: PathBuf,
}

/// What the child has to say at the end.
#[derive(Debug, Serialize, Deserialize)]
pub enum Report {
    /// The app ended by its own doing.
    Ended {
        /// How it ended.
        ending: Ending,
        /// What it computed.
        trace: Trace,
        /// The last bytes of its stdout.
        #[serde(with = "hexadecimal")]
        stdout_tail: Vec<u8>,
        /// The last bytes of its stderr.
        #[serde(with = "hexadecimal")]
        stderr_tail: Vec<u8>,
    },
    /// This machine could not run it to its end.
    Failed(Failure),
}

/// Why this machine could not run an app to its end.
#[derive(Debug, Serialize, Deserialize)]
pub enum Failure {
    /// Its calls were deeper than the stack.
    StackOverflow,
    /// There was no memory for what it may use.
    MemoryRefused,
    /// A file could not be read or written, or the engine failed; the explanation.
    Io(String),
}

impl Request {
    /// The line that is sent.
    pub fn to_line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        if line.len() as u64 > MAX_REQUEST {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the arguments and inputs are longer than 4 MiB in all",
            ));
        }
        Ok(line)
    }

    /// Reads the line.
    pub fn read(from: impl BufRead) -> io::Result<Self> {
        let mut line = Vec::new();
        from.take(MAX_REQUEST).read_until(b'\n', &mut line)?;
        Ok(serde_json::from_slice(&line)?)
    }
}

impl Report {
    /// Writes the report.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut to, self)?;
        to.flush()
    }

    /// Longest report that a job within these limits can make, in bytes: logs in hexadecimal, and
    /// for each file a path (at most six characters for a byte) and a digest in decimal.
    pub fn longest(limits: &Limits) -> u64 {
        let file = 6 * MAX_OUTPUT_PATH as u64 + 512;
        limits
            .log_bytes
            .saturating_mul(2)
            .saturating_add(u64::from(limits.files) * file)
            .saturating_add(65_536)
    }
}

impl Failure {
    /// The error of the engine or of a file, shortened.
    pub fn because(error: impl std::fmt::Display) -> Self {
        Failure::Io(shorten(error))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::because(error)
    }
}

impl From<Failure> for ExecutorError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::StackOverflow => ExecutorError::StackOverflow,
            Failure::MemoryRefused => ExecutorError::MemoryRefused,
            Failure::Io(why) => ExecutorError::Io(io::Error::other(why)),
        }
    }
}

/// The beginning of a text that hostile modules can make as long as they like.
pub(super) fn shorten(text: impl std::fmt::Display) -> String {
    let text = text.to_string();
    match text.char_indices().nth(MAX_EXPLANATION) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Bytes as hexadecimal text, half as long as a JSON array of numbers.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        hex::decode(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executor::OutputFile;

    #[test]
    fn request_survives_the_wire() {
        let request = Request {
            module: "/m.wasm".into(),
            args: vec!["app".into(), "a\nb".into()],
            inputs: vec![("in/a".into(), "/a".into())],
            limits: Limits::default(),
            outputs: "/out".into(),
            cache: "/cache".into(),
        };
        let line = request.to_line().unwrap();
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        let read = Request::read(line.as_slice()).unwrap();
        assert_eq!(read.args, request.args);
        assert_eq!(read.inputs, request.inputs);
        assert_eq!(read.limits, request.limits);
    }

    #[test]
    fn endless_request_is_not_sent() {
        let request = Request {
            module: "/m.wasm".into(),
            args: vec!["a".repeat(5 << 20)],
            inputs: vec![],
            limits: Limits::default(),
            outputs: "/out".into(),
            cache: "/cache".into(),
        };
        assert!(request.to_line().is_err());
    }

    #[test]
    fn bound_of_absurd_limits_does_not_overflow() {
        let limits = Limits {
            log_bytes: u64::MAX,
            files: u32::MAX,
            ..Limits::default()
        };
        assert_eq!(Report::longest(&limits), u64::MAX);
    }

    #[test]
    fn cut_request_is_refused() {
        assert!(Request::read(b"{\"module\":".as_slice()).is_err());
        assert!(Request::read(b"".as_slice()).is_err());
    }

    #[test]
    fn largest_report_fits_its_bound() {
        let limits = Limits {
            files: 3,
            log_bytes: 10,
            ..Limits::default()
        };
        let file = OutputFile {
            path: "\u{1}".repeat(MAX_OUTPUT_PATH),
            size: u64::MAX,
            digest: [255; 32],
        };
        let report = Report::Ended {
            ending: Ending::Success {
                outputs: vec![file; 3],
            },
            trace: Trace {
                fuel_used: Some(u64::MAX),
                memory_hash: Some([255; 32]),
            },
            stdout_tail: vec![255; 5],
            stderr_tail: vec![255; 5],
        };
        let mut bytes = Vec::new();
        report.write(&mut bytes).unwrap();
        assert!((bytes.len() as u64) <= Report::longest(&limits));
        let Report::Ended { stdout_tail, .. } = serde_json::from_slice(&bytes).unwrap() else {
            panic!("a report of an ended app stays one");
        };
        assert_eq!(stdout_tail, [255; 5]);
    }

    #[test]
    fn long_explanations_are_cut_between_characters() {
        assert_eq!(shorten("short"), "short");
        assert_eq!(
            shorten("é".repeat(600)).chars().count(),
            MAX_EXPLANATION + 2
        );
    }
}
