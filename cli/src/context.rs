//! What every command can use: the options, the chain, the key, the console.

use crate::{
    CliError, amount::Amount, arguments::Options, console::Console, key_store::KeyStore,
    text::CategoryName,
};
use ergon_client::{
    At, Call, Client, Keypair, Receipt, Scheme, TransactionQueue, View, Wait, account_from_ss58,
    primitives::{
        AccountId, App, AppId, BlockNumber, Category, CategoryId, Dataset, DatasetId, Deal, DealId,
        Pool, PoolId,
    },
};
use sp_core::{H256, Pair, ed25519};
use tokio::sync::OnceCell;

/// What every command can use.
pub struct Context {
    /// The options that all commands share.
    pub options: Options,
    /// The conversation beside the answer.
    pub console: Console,
    /// Keys with names.
    pub keys: KeyStore,
    client: OnceCell<Client>,
}

impl Context {
    /// A context that connects to the node when a command first needs it.
    pub fn new(options: Options, console: Console, keys: KeyStore) -> Self {
        Self {
            options,
            console,
            keys,
            client: OnceCell::new(),
        }
    }

    /// The connection to the node.
    pub async fn client(&self) -> Result<&Client, CliError> {
        Ok(self
            .client
            .get_or_try_init(|| Client::connect(&self.options.node))
            .await?)
    }

    /// The state in the last finalised block.
    pub async fn view(&self) -> Result<View, CliError> {
        Ok(self.client().await?.at(At::Finalised).await?)
    }

    /// The key that signs.
    pub fn keypair(&self) -> Result<Keypair, CliError> {
        let key = self.options.key.as_deref().ok_or(CliError::NoKey)?;
        self.keys.resolve(key, Scheme::Sr25519)
    }

    /// The account of the key that signs.
    pub fn own_account(&self) -> Result<AccountId, CliError> {
        Ok(self.keypair()?.account())
    }

    /// The account that a text names: an address, a stored key, or a development name like `//Bob`.
    pub fn account(&self, text: &str) -> Result<AccountId, CliError> {
        if text.starts_with("//") {
            return Ok(self.keys.resolve(text, Scheme::Sr25519)?.account());
        }
        match account_from_ss58(text) {
            Ok(account) => Ok(account),
            Err(error) => match self.keys.path(text) {
                Ok(path) if path.is_file() => {
                    Ok(self.keys.resolve(text, Scheme::Sr25519)?.account())
                }
                _ => Err(error.into()),
            },
        }
    }

    /// Asks for consent to a call with its estimated fee, sends it and waits until it is final.
    pub async fn send(&self, call: Call, purpose: &str) -> Result<Receipt, CliError> {
        let client = self.client().await?;
        let keypair = self.keypair()?;
        if !self.options.yes {
            let fee = Amount(client.estimate_fee(&call, &keypair).await?);
            self.console
                .confirm(&format!("{purpose}? The fee is about {fee}."))?;
        }
        self.send_agreed(call).await
    }

    /// Sends a call to which the user has agreed, and waits until it is final.
    pub async fn send_agreed(&self, call: Call) -> Result<Receipt, CliError> {
        let queue = TransactionQueue::new(self.client().await?.clone(), self.keypair()?);
        self.console.note(&format!("Sending {call} …"));
        Ok(queue.submit(call, Wait::Finalised).await?)
    }

    /// An app that must exist.
    pub async fn app(&self, view: &View, id: AppId) -> Result<App, CliError> {
        view.app(id).await?.ok_or_else(|| not_found("app", id))
    }

    /// A dataset that must exist.
    pub async fn dataset(&self, view: &View, id: DatasetId) -> Result<Dataset, CliError> {
        let dataset = view.dataset(id).await?;
        dataset.ok_or_else(|| not_found("dataset", id))
    }

    /// A pool that must exist.
    pub async fn pool(&self, view: &View, id: PoolId) -> Result<Pool, CliError> {
        view.pool(id).await?.ok_or_else(|| not_found("pool", id))
    }

    /// A deal that must exist.
    pub async fn deal(&self, view: &View, id: DealId) -> Result<Deal, CliError> {
        view.deal(id).await?.ok_or_else(|| not_found("deal", id))
    }

    /// A category that must exist, by name or number.
    pub async fn category(
        &self,
        view: &View,
        name: &CategoryName,
    ) -> Result<(CategoryId, Category), CliError> {
        let categories = view.categories().await?;
        find_category(categories, name).ok_or_else(|| not_found("category", name))
    }
}

fn not_found(what: &'static str, id: impl ToString) -> CliError {
    CliError::NotFound {
        what,
        id: id.to_string(),
    }
}

fn find_category(
    categories: Vec<(CategoryId, Category)>,
    wanted: &CategoryName,
) -> Option<(CategoryId, Category)> {
    categories.into_iter().find(|(id, category)| match wanted {
        CategoryName::Number(number) => id == number,
        CategoryName::Name(name) => category.name.eq_ignore_ascii_case(name.as_bytes()),
    })
}

/// A random number that tells equal orders and lists apart: the public half of a fresh key, since
/// making keys is what the operating system's randomness is trusted with already.
pub fn salt() -> H256 {
    H256(ed25519::Pair::generate().0.public().0)
}

/// The block that is so many blocks after another one.
pub fn after(now: BlockNumber, blocks: BlockNumber) -> BlockNumber {
    now.saturating_add(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn context(key: Option<&str>, folder: &std::path::Path) -> Context {
        let options = Options {
            node: "ws://127.0.0.1:1".into(),
            key: key.map(Into::into),
            json: false,
            yes: true,
            quiet: true,
        };
        let console = Console::new(Box::new(io::sink()), Box::new(io::empty()), false, true);
        Context::new(options, console, KeyStore::new(folder))
    }

    fn categories() -> Vec<(CategoryId, Category)> {
        ["XS", "S"]
            .iter()
            .zip(0..)
            .map(|(name, id)| {
                let name = name.as_bytes().to_vec().try_into().unwrap();
                (
                    id,
                    Category {
                        name,
                        work_time: 1,
                        input_limit: 0,
                        output_limit: 0,
                    },
                )
            })
            .collect()
    }

    #[test]
    fn a_command_that_signs_needs_a_key() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            context(None, folder.path()).keypair(),
            Err(CliError::NoKey)
        ));
        let alice = Keypair::from_suri("//Alice").unwrap().account();
        assert_eq!(
            context(Some("//Alice"), folder.path())
                .own_account()
                .unwrap(),
            alice
        );
    }

    #[test]
    fn accounts_are_addresses_names_or_development_names() {
        let folder = tempfile::tempdir().unwrap();
        let context = context(None, folder.path());
        let (_, bob) = context.keys.store("bob", "//Bob", Scheme::Sr25519).unwrap();
        let address = ergon_client::account_to_ss58(&bob.account());
        for text in ["//Bob", "bob", &address] {
            assert_eq!(context.account(text).unwrap(), bob.account(), "{text}");
        }
        assert!(context.account("nobody").is_err());
    }

    #[test]
    fn categories_are_found_by_name_and_number() {
        let id = |wanted: CategoryName| find_category(categories(), &wanted).map(|found| found.0);
        assert_eq!(id(CategoryName::Name("xs".into())), Some(0));
        assert_eq!(id(CategoryName::Number(1)), Some(1));
        assert_eq!(id(CategoryName::Name("XL".into())), None);
    }

    #[test]
    fn salts_differ() {
        assert_ne!(salt(), salt());
    }
}
