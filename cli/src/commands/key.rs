//! `ergon key`: keys with names.

use crate::{
    CliError, Context,
    answer::{Answer, Render},
    table::{Card, Table},
    text::Address,
};
use clap::Subcommand;
use ergon_client::{KeyError, Keypair, Scheme};
use serde::Serialize;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Make, import and show keys.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Key {
    /// Make a new random key and store it under a name.
    #[command(after_help = "Example: ergon key new alice")]
    New {
        /// Name of the key.
        name: String,
        /// Signature scheme; worker keys must be ed25519.
        #[arg(long, default_value_t = Scheme::Sr25519)]
        scheme: Scheme,
    },
    /// Store a secret, which is read from standard input, under a name.
    #[command(after_help = "Example: ergon key import alice < phrase.txt")]
    Import {
        /// Name of the key.
        name: String,
        /// Signature scheme of the secret.
        #[arg(long, default_value_t = Scheme::Sr25519)]
        scheme: Scheme,
    },
    /// List the stored keys.
    #[command(after_help = "Example: ergon key list")]
    List,
    /// Show the account of a key; the secret is never shown.
    #[command(after_help = "Example: ergon key show //Alice")]
    Show {
        /// Name of a stored key, key file, or secret.
        #[arg(value_name = "KEY")]
        which: String,
        /// Signature scheme, if the key is a bare secret.
        #[arg(long, default_value_t = Scheme::Sr25519)]
        scheme: Scheme,
    },
}

/// A key without its secret.
#[derive(Serialize)]
struct KeyView {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    account: Address,
    scheme: Scheme,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

impl Render for KeyView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .maybe("name", self.name.as_ref())
            .line("account", &self.account)
            .line("scheme", self.scheme)
            .maybe("file", self.file.as_ref().map(|file| file.display()))
            .write(out)
    }
}

/// All stored keys.
#[derive(Serialize)]
struct KeyList {
    keys: Vec<ListedKey>,
}

/// A stored key, or why it cannot be used.
#[derive(Serialize)]
struct ListedKey {
    name: String,
    account: Option<Address>,
    scheme: Option<Scheme>,
    problem: Option<String>,
}

impl Render for KeyList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["NAME", "SCHEME", "ACCOUNT"]);
        for key in &self.keys {
            let account = match (&key.account, &key.problem) {
                (Some(account), _) => account.to_string(),
                (None, problem) => problem.clone().unwrap_or_default(),
            };
            let scheme = key
                .scheme
                .map(|scheme| scheme.to_string())
                .unwrap_or_default();
            table.row([key.name.clone(), scheme, account]);
        }
        table.write(
            out,
            "There are no stored keys; `ergon key new NAME` makes one.",
        )
    }
}

/// Does what the command says.
pub fn run(command: Key, context: &Context) -> Result<Answer, CliError> {
    match command {
        Key::New { name, scheme } => {
            let (_, phrase) = Keypair::generate(scheme);
            let stored = store(context, name, &phrase, scheme)?;
            context
                .console
                .note("Keep a copy of the file: nobody can make the key again.");
            Ok(Answer::new(stored))
        }
        Key::Import { name, scheme } => {
            let secret = context.console.ask("Secret (it will be visible): ")?;
            Ok(Answer::new(store(context, name, secret.trim(), scheme)?))
        }
        Key::List => Ok(Answer::new(KeyList {
            keys: listed(context)?,
        })),
        Key::Show { which, scheme } => {
            let pair = context.keys.resolve(&which, scheme)?;
            Ok(Answer::new(view(None, &pair, None)))
        }
    }
}

fn store(
    context: &Context,
    name: String,
    secret: &str,
    scheme: Scheme,
) -> Result<KeyView, CliError> {
    let (file, pair) = context.keys.store(&name, secret, scheme)?;
    Ok(view(Some(name), &pair, Some(file)))
}

fn view(name: Option<String>, pair: &Keypair, file: Option<PathBuf>) -> KeyView {
    KeyView {
        name,
        account: Address(pair.account()),
        scheme: pair.scheme(),
        file,
    }
}

fn listed(context: &Context) -> Result<Vec<ListedKey>, CliError> {
    let names = context.keys.names()?;
    names
        .into_iter()
        .map(|name| listed_key(context, name))
        .collect()
}

/// One broken file must not hide the others.
fn listed_key(context: &Context, name: String) -> Result<ListedKey, CliError> {
    let read: Result<Keypair, KeyError> =
        Keypair::from_file(&context.keys.path(&name)?, Scheme::Sr25519);
    let (account, scheme, problem) = match read {
        Ok(pair) => (Some(Address(pair.account())), Some(pair.scheme()), None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    Ok(ListedKey {
        name,
        account,
        scheme,
        problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_key_is_listed_with_its_problem() {
        let pair = Keypair::from_suri("//Alice").unwrap();
        let list = KeyList {
            keys: vec![
                ListedKey {
                    name: "alice".into(),
                    account: Some(Address(pair.account())),
                    scheme: Some(Scheme::Sr25519),
                    problem: None,
                },
                ListedKey {
                    name: "broken".into(),
                    account: None,
                    scheme: None,
                    problem: Some("it holds no key".into()),
                },
            ],
        };
        let mut out = Vec::new();
        list.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("alice   sr25519  5Grwva"), "{text}");
        assert!(text.contains("broken           it holds no key"), "{text}");
    }
}
