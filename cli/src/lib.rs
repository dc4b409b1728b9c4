#![doc = include_str!("../README.md")]

pub mod amount;
pub mod answer;
pub mod arguments;
pub mod commands;
pub mod console;
pub mod context;
mod error;
mod exit;
pub mod files;
pub mod key_store;
pub mod limits;
pub mod market;
pub mod order_file;
pub mod prices;
pub mod progress;
pub mod request;
pub mod results;
pub mod span;
pub mod table;
pub mod terms;
pub mod text;
pub mod verification;
pub mod watch;

pub use arguments::{Cli, Options};
pub use context::Context;
pub use error::{CliError, Explanation};
pub use exit::{EXIT_HELP, ExitStatus};

use clap::{Parser, error::ErrorKind};
use console::Console;
use key_store::KeyStore;
use std::{
    ffi::OsString,
    io::{self, Write},
};

/// Runs the program: reads the arguments, does what they say, writes the answer to `out` and
/// everything else to standard error.
pub async fn main(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&error, &arguments, out),
    };
    let (json, is_quiet) = (cli.options.json, cli.options.quiet || cli.options.json);
    let context = Context::new(
        cli.options,
        Console::of_process(is_quiet),
        KeyStore::of_user(),
    );
    let done = match commands::run(cli.command, &context).await {
        Ok(answer) => answer.write(out, json).map(|()| answer.status()),
        Err(error) => Err(error),
    };
    done.unwrap_or_else(|error| tell(&error, json, out))
}

/// Tells about an error and returns the exit status that goes with it.
fn tell(error: &CliError, json: bool, out: &mut dyn Write) -> ExitStatus {
    if error.is_closed_pipe() {
        return ExitStatus::Success;
    }
    let explanation = error.explain();
    // When this cannot be written either, the exit status is all that can be said.
    let _ = if json {
        error::write_json(&explanation, out)
    } else {
        error::write_text(&explanation, &mut io::stderr())
    };
    explanation.status
}

/// Help, version, or what is wrong with the arguments.
fn not_parsed(error: &clap::Error, arguments: &[OsString], out: &mut dyn Write) -> ExitStatus {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let _ = write!(out, "{}", error.render());
        return ExitStatus::Success;
    }
    if arguments.iter().any(|argument| argument == "--json") {
        let text = error.render().to_string();
        return tell(&CliError::Usage(reason(&text).into()), true, out);
    }
    let _ = error.print();
    ExitStatus::Usage
}

/// What is wrong with the arguments, without what only a person at a terminal needs.
fn reason(text: &str) -> &str {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let end = ["\n\nUsage:", "\n\nFor more information"]
        .iter()
        .filter_map(|tail| text.find(tail))
        .min();
    end.and_then(|end| text.get(..end)).unwrap_or(text).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_the_reason_without_the_frame() {
        let text = "error: invalid value\n  tip: b\n\nUsage: ergon\n\nFor more information, try";
        assert_eq!(reason(text), "invalid value\n  tip: b");
        let text = "error: no\n    a\n    ^\n\nFor more information, try '--help'.\n";
        assert_eq!(reason(text), "no\n    a\n    ^");
        assert_eq!(reason("strange"), "strange");
    }
}
