//! The client: a node, and what one can ask of it.

use crate::{
    Call, ClientError, FinalisedBlocks, Keypair, View,
    connection::{Backoff, Connection, Methods},
    runtime::{Runtime, Runtimes, call},
    transaction::estimate,
};
use ergon_primitives::{Balance, BlockNumber};
use sp_core::H256;
use std::{
    fmt,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use subxt::{
    config::substrate::SubstrateHeader,
    rpcs::{self, methods::legacy::NumberOrHex},
};

/// A block to read the state of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum At {
    /// The last finalised block: what it says cannot change any more.
    #[default]
    Finalised,
    /// The best block: newer, but it may still be abandoned.
    Best,
    /// The block with this hash.
    Hash(H256),
}

/// A block's place in the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: H256,
}

/// The ends of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heads {
    /// The last block that cannot be abandoned any more.
    pub finalised: Head,
    /// The newest block of the best chain.
    pub best: Head,
}

/// A connection to a node of an Ergon chain. Clones share the connection.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Connection,
    runtimes: Runtimes,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({}, genesis {:?})", self.url(), self.genesis())
    }
}

impl Client {
    /// Connects to a node and checks that its chain is an Ergon chain whose runtime this client
    /// fits. Fails at once when nobody answers.
    pub async fn connect(url: &str) -> Result<Self, ClientError> {
        let connection = Connection::open(url).await?;
        let client = Self {
            shared: Arc::new(Shared {
                connection,
                runtimes: Runtimes::default(),
            }),
        };
        let best = client.best().await?;
        client.runtime_at(best.hash).await?;
        Ok(client)
    }

    /// Connects like [`Self::connect`], but tries again for as long as `patience` while nobody
    /// answers: for programs that are started together with their node.
    pub async fn connect_within(url: &str, patience: Duration) -> Result<Self, ClientError> {
        let deadline = Instant::now() + patience;
        let mut backoff = Backoff::new();
        loop {
            match Self::connect(url).await {
                Err(ClientError::NodeUnreachable { .. }) if Instant::now() < deadline => {
                    backoff.wait().await;
                }
                result => return result,
            }
        }
    }

    /// The node's address.
    pub fn url(&self) -> &str {
        self.shared.connection.url()
    }

    /// Hash of the chain's first block: the chain's identity.
    pub fn genesis(&self) -> H256 {
        self.shared.connection.genesis()
    }

    /// Refuses a chain other than the one with this genesis hash.
    pub fn expect_genesis(&self, expected: H256) -> Result<(), ClientError> {
        let found = self.genesis();
        if found == expected {
            Ok(())
        } else {
            Err(ClientError::OtherChain { expected, found })
        }
    }

    /// Version of the runtime at the best block.
    pub async fn spec_version(&self) -> Result<u32, ClientError> {
        let best = self.best().await?;
        Ok(self.runtime_at(best.hash).await?.spec_version)
    }

    /// The ends of the chain now.
    pub async fn heads(&self) -> Result<Heads, ClientError> {
        // In this order, so that the best block is never the older one.
        let finalised = self.finalised().await?;
        let best = self.best().await?;
        Ok(Heads { finalised, best })
    }

    /// The state in a block.
    pub async fn at(&self, at: At) -> Result<View, ClientError> {
        let head = match at {
            At::Finalised => self.finalised().await?,
            At::Best => self.best().await?,
            At::Hash(hash) => self.head(hash).await?,
        };
        let runtime = self.runtime_at(head.hash).await?;
        Ok(View::new(self.clone(), head, runtime))
    }

    /// Every finalised block from number `from` on, or from the last one when there is no `from`.
    /// The caller keeps the number of the block after the last one it is done with, and continues
    /// there after a restart.
    pub fn finalised_blocks(&self, from: Option<BlockNumber>) -> FinalisedBlocks {
        FinalisedBlocks::new(self.clone(), from)
    }

    /// What the call would cost the key's account in fees now, without money that the call itself
    /// moves.
    pub async fn estimate_fee(
        &self,
        call: &Call,
        keypair: &Keypair,
    ) -> Result<Balance, ClientError> {
        estimate(self, call, keypair).await
    }

    /// Asks the node; the request may be repeated when the connection is lost.
    pub(crate) async fn ask<T, Ask, Answer>(&self, method: &str, ask: Ask) -> Result<T, ClientError>
    where
        Ask: Fn(Methods) -> Answer,
        Answer: Future<Output = Result<T, rpcs::Error>>,
    {
        self.shared.connection.ask(method, ask).await
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    /// The runtime in the state of a block.
    pub(crate) async fn runtime_at(&self, block: H256) -> Result<Arc<Runtime>, ClientError> {
        self.shared
            .runtimes
            .at(&self.shared.connection, block)
            .await
    }

    /// Calls a function of the runtime's API.
    pub(crate) async fn call_runtime(
        &self,
        function: &str,
        arguments: Vec<u8>,
        block: H256,
    ) -> Result<Vec<u8>, ClientError> {
        call(&self.shared.connection, function, arguments, block).await
    }

    pub(crate) async fn best(&self) -> Result<Head, ClientError> {
        let hash = self
            .ask("chain_getBlockHash", |methods| async move {
                methods.chain_get_block_hash(None).await
            })
            .await?
            .ok_or_else(|| ClientError::NoSuchBlock {
                block: "at all".into(),
            })?;
        self.head(hash).await
    }

    pub(crate) async fn finalised(&self) -> Result<Head, ClientError> {
        let hash = self
            .ask("chain_getFinalizedHead", |methods| async move {
                methods.chain_get_finalized_head().await
            })
            .await?;
        self.head(hash).await
    }

    /// Hash of the block with this number in the node's best chain.
    pub(crate) async fn hash_of(&self, number: BlockNumber) -> Result<H256, ClientError> {
        self.ask("chain_getBlockHash", |methods| async move {
            methods
                .chain_get_block_hash(Some(NumberOrHex::Number(number.into())))
                .await
        })
        .await?
        .ok_or_else(|| ClientError::no_such_block(number))
    }

    pub(crate) async fn header(&self, hash: H256) -> Result<SubstrateHeader<H256>, ClientError> {
        self.ask("chain_getHeader", |methods| async move {
            methods.chain_get_header(Some(hash)).await
        })
        .await?
        .ok_or_else(|| ClientError::NoSuchBlock {
            block: format!("{hash:?}"),
        })
    }

    async fn head(&self, hash: H256) -> Result<Head, ClientError> {
        let header = self.header(hash).await?;
        Ok(Head {
            number: block_number(header.number)?,
            hash,
        })
    }
}

/// A block number of the wire as ours.
pub(crate) fn block_number(number: u64) -> Result<BlockNumber, ClientError> {
    BlockNumber::try_from(number)
        .map_err(|_| ClientError::undecodable("a block number", format!("{number} is too big")))
}
