//! The conversation beside the answer: notes and questions. It goes to standard error, so that
//! standard output has nothing but the answer.

use crate::CliError;
use std::{
    io::{self, BufRead, BufReader, IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

/// Where notes go and replies come from.
pub struct Console {
    notes: Mutex<Box<dyn Write + Send>>,
    replies: Mutex<Box<dyn BufRead + Send>>,
    is_terminal: bool,
    is_quiet: bool,
}

impl Console {
    /// The console of the process. A quiet one writes no notes.
    pub fn of_process(is_quiet: bool) -> Self {
        let is_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let replies = BufReader::new(io::stdin());
        Self::new(
            Box::new(io::stderr()),
            Box::new(replies),
            is_terminal,
            is_quiet,
        )
    }

    /// A console over any streams. Questions are only asked at a terminal.
    pub fn new(
        notes: Box<dyn Write + Send>,
        replies: Box<dyn BufRead + Send>,
        is_terminal: bool,
        is_quiet: bool,
    ) -> Self {
        Self {
            notes: Mutex::new(notes),
            replies: Mutex::new(replies),
            is_terminal,
            is_quiet,
        }
    }

    /// Whether a person looks at it.
    pub fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Whether it writes no notes.
    pub fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    /// Writes a note. That nobody can read it is no reason to stop.
    pub fn note(&self, text: &str) {
        if !self.is_quiet {
            self.write(&format!("{text}\n"));
        }
    }

    /// Asks for consent. Without a terminal nobody can give it.
    pub fn confirm(&self, question: &str) -> Result<(), CliError> {
        if !self.is_terminal {
            return Err(CliError::NobodyToAsk {
                question: question.into(),
            });
        }
        self.write(&format!("{question} [y/N] "));
        let reply = self.read_line()?;
        match reply.trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(CliError::Declined),
        }
    }

    /// Reads a line; asks for it at a terminal.
    pub fn ask(&self, request: &str) -> Result<String, CliError> {
        if self.is_terminal {
            self.write(request);
        }
        self.read_line()
    }

    fn read_line(&self) -> Result<String, CliError> {
        let mut line = String::new();
        let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        replies.read_line(&mut line).map_err(CliError::Input)?;
        Ok(line)
    }

    fn write(&self, text: &str) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody is left to be told that standard error is closed.
        let _ = notes
            .write_all(text.as_bytes())
            .and_then(|()| notes.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn console(reply: &'static str, is_terminal: bool) -> (Console, Shared) {
        let notes = Shared::default();
        let replies = Box::new(reply.as_bytes());
        (
            Console::new(Box::new(notes.clone()), replies, is_terminal, false),
            notes,
        )
    }

    #[test]
    fn only_yes_is_consent() {
        for (reply, agrees) in [
            ("y\n", true),
            ("YES\n", true),
            ("n\n", false),
            ("\n", false),
            ("", false),
        ] {
            let (console, notes) = console(reply, true);
            assert_eq!(console.confirm("Really?").is_ok(), agrees, "{reply:?}");
            assert_eq!(notes.0.lock().unwrap().as_slice(), b"Really? [y/N] ");
        }
    }

    #[test]
    fn nobody_is_asked_without_a_terminal() {
        let (console, notes) = console("y\n", false);
        assert!(matches!(
            console.confirm("Really?"),
            Err(CliError::NobodyToAsk { .. })
        ));
        assert!(notes.0.lock().unwrap().is_empty());
    }

    #[test]
    fn a_quiet_console_writes_no_notes() {
        let notes = Shared::default();
        let console = Console::new(Box::new(notes.clone()), Box::new(io::empty()), false, true);
        console.note("hello");
        assert!(notes.0.lock().unwrap().is_empty());
    }
}
