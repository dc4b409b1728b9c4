//! `ergon validator keys`: session keys with the proof that their owner's node has them.

use crate::{
    CliError, Context,
    answer::{Answer, Render, Sent},
    table::Card,
    text::Address,
};
use ergon_client::calls;
use serde::Serialize;
use std::io::{self, Write};

/// Bytes that were typed as hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bytes(
    /// The bytes.
    pub Vec<u8>,
);

/// Length of the session keys: one of Aura and one of GRANDPA.
const KEYS_LENGTH: usize = 64;

/// Reads hexadecimal digits, with or without 0x.
pub fn bytes(text: &str) -> Result<Bytes, String> {
    let digits = text.trim();
    hex::decode(digits.strip_prefix("0x").unwrap_or(digits))
        .map(Bytes)
        .map_err(|error| format!("these are no bytes in hexadecimal digits: {error}"))
}

#[derive(Serialize)]
struct Registered {
    owner: Address,
    keys: String,
    #[serde(flatten)]
    sent: Sent,
}

impl Render for Registered {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("owner", &self.owner)
            .line("keys", &self.keys);
        self.sent.lines(card).write(out)?;
        writeln!(
            out,
            "They are used from the session after the next on, once you have a seat. \
             `ergon validator register` makes you a candidate."
        )
    }
}

/// Registers session keys; without given ones the node makes new ones first.
pub(super) async fn register(
    context: &Context,
    given: Option<(Bytes, Bytes)>,
) -> Result<Answer, CliError> {
    let owner = context.own_account()?;
    let (Bytes(keys), Bytes(proof)) = match given {
        Some(given) => given,
        None => made_by_node(context).await?,
    };
    ensure_whole(&keys)?;
    let call = calls::validators::set_keys(&keys, &proof);
    let receipt = context.send(call, "Register the session keys").await?;
    Ok(Answer::new(Registered {
        owner: owner.into(),
        keys: format!("0x{}", hex::encode(keys)),
        sent: Sent::from(&receipt),
    }))
}

async fn made_by_node(context: &Context) -> Result<(Bytes, Bytes), CliError> {
    let client = context.client().await?;
    context.console.note(&format!(
        "The node at {} makes new session keys in its keystore …",
        client.url()
    ));
    let made = client.rotate_session_keys(&context.own_account()?).await?;
    Ok((Bytes(made.keys), Bytes(made.proof)))
}

fn ensure_whole(keys: &[u8]) -> Result<(), CliError> {
    if keys.len() == KEYS_LENGTH {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "session keys have {KEYS_LENGTH} bytes, these have {}: give the line `keys` of \
         `ergon-node session-keys`",
        keys.len()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_typed_as_digits() {
        assert_eq!(bytes("0x0102"), Ok(Bytes(vec![1, 2])));
        assert_eq!(bytes(" 0102 "), Ok(Bytes(vec![1, 2])));
        assert!(bytes("0x1").is_err() && bytes("zz").is_err());
    }

    #[test]
    fn keys_have_their_length() {
        assert!(ensure_whole(&[0; KEYS_LENGTH]).is_ok());
        for length in [0, 32, 65] {
            let error = ensure_whole(&vec![0; length]).unwrap_err();
            assert_eq!(error.explain().status.code(), 2);
        }
    }
}
