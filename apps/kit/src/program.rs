//! From a `Result` to a sentence on stderr and an exit code.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// The exit code of a program that was given something it cannot use.
pub const REFUSED: u8 = 2;

/// Whatever went wrong, as a sentence.
pub type Failure = Box<dyn Error>;

/// Runs the body of `main`: exit code 0 if it succeeds, else its sentence on stderr and
/// [`REFUSED`]. `--help` anywhere prints `usage` and succeeds.
pub fn run(name: &str, usage: &str, body: impl FnOnce() -> Result<ExitCode, Failure>) -> ExitCode {
    if std::env::args().any(|word| word == "--help") {
        println!("{usage}");
        return ExitCode::SUCCESS;
    }
    body().unwrap_or_else(|failure| {
        eprintln!("{name}: {failure}");
        ExitCode::from(REFUSED)
    })
}

/// Reads a text file, or says which file could not be read and why.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| {
        format!(
            "cannot read '{}': {error}; check the name and that the file is among the inputs",
            path.display()
        )
        .into()
    })
}

/// Writes a file, or says which file could not be written and why.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| {
        format!(
            "cannot write '{}': {error}; check that its directory exists and has room",
            path.display()
        )
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let sentence = read_text(Path::new("/no/such/scene.txt"))
            .unwrap_err()
            .to_string();
        assert!(
            sentence.starts_with("cannot read '/no/such/scene.txt': "),
            "{sentence}"
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let sentence = write_bytes(Path::new("/no/such/tile.ppm"), b"")
            .unwrap_err()
            .to_string();
        assert!(
            sentence.starts_with("cannot write '/no/such/tile.ppm': "),
            "{sentence}"
        );
    }
}
