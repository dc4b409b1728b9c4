//! What a command has to say: for programs as JSON, for people as text.

use crate::{CliError, ExitStatus, amount::Amount, table::Card, text::Hex};
use ergon_client::{Receipt, primitives::BlockNumber};
use serde::Serialize;
use std::io::{self, Write};

/// Text for people.
pub trait Render {
    /// Writes the text, whole lines only.
    fn render(&self, out: &mut dyn Write) -> io::Result<()>;
}

/// What a command has to say.
pub struct Answer {
    view: Box<dyn View>,
    status: ExitStatus,
}

trait View {
    fn json(&self) -> serde_json::Result<String>;
    fn text(&self, out: &mut dyn Write) -> io::Result<()>;
}

impl<T: Serialize + Render> View for T {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    fn text(&self, out: &mut dyn Write) -> io::Result<()> {
        self.render(out)
    }
}

impl Answer {
    /// The answer of a command that did what it should.
    pub fn new(view: impl Serialize + Render + 'static) -> Self {
        Self {
            view: Box::new(view),
            status: ExitStatus::Success,
        }
    }

    /// The same answer with another exit status.
    pub fn with_status(self, status: ExitStatus) -> Self {
        Self { status, ..self }
    }

    /// The exit status that goes with the answer.
    pub fn status(&self) -> ExitStatus {
        self.status
    }

    /// Writes the answer.
    pub fn write(&self, out: &mut dyn Write, json: bool) -> Result<(), CliError> {
        if json {
            let text = self
                .view
                .json()
                .map_err(|error| CliError::Output(error.into()))?;
            writeln!(out, "{text}").map_err(CliError::Output)
        } else {
            self.view.text(out).map_err(CliError::Output)
        }
    }
}

/// A transaction that is in the chain for good.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Sent {
    /// Number of its block.
    pub block: BlockNumber,
    /// What it cost, without the money that it moved.
    pub fee: Amount,
    /// Hash of the transaction.
    pub transaction: Hex,
}

impl From<&Receipt> for Sent {
    fn from(receipt: &Receipt) -> Self {
        Self {
            block: receipt.block.number,
            fee: Amount(receipt.fee),
            transaction: Hex(receipt.extrinsic),
        }
    }
}

impl Sent {
    /// Block and fee as lines of a card.
    pub fn lines(&self, card: Card) -> Card {
        card.line("block", self.block).line("fee", self.fee)
    }
}

impl Render for Sent {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Done in block {}, fee {}.", self.block, self.fee)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Sent {
        Sent {
            block: 7,
            fee: Amount(2_000_000_000),
            transaction: Hex::default(),
        }
    }

    fn written(json: bool) -> String {
        let mut out = Vec::new();
        Answer::new(sent()).write(&mut out, json).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_answer_has_two_forms() {
        assert_eq!(written(false), "Done in block 7, fee 0.002 ERG.\n");
        let json: serde_json::Value = serde_json::from_str(&written(true)).unwrap();
        assert_eq!(
            (&json["block"], &json["fee"]),
            (&7.into(), &"2000000000".into())
        );
    }

    #[test]
    fn a_failed_write_is_an_error_and_no_panic() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for json in [false, true] {
            let error = Answer::new(sent()).write(&mut Closed, json).unwrap_err();
            assert!(matches!(error, CliError::Output(_)));
        }
    }
}
