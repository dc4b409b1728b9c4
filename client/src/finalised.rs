//! Finalised blocks, none left out.

use crate::{Client, ClientError, Event, Head, connection::Backoff, events, storage};
use ergon_primitives::BlockNumber;
use futures::{Stream, StreamExt, stream};
use sp_core::H256;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use subxt::{config::substrate::SubstrateHeader, rpcs::client::RpcSubscription};
use tokio::time::timeout;

/// How long to wait for news of a finalised block before asking whether there is one.
const QUIET_TIME: Duration = Duration::from_secs(6);

/// A finalised block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FinalisedBlock {
    /// Its number.
    pub number: BlockNumber,
    /// Its hash.
    pub hash: H256,
    /// What happened in it, in order.
    pub events: Vec<Event>,
}

/// One step along the finalised chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BlockItem {
    /// The next block.
    Block(FinalisedBlock),
    /// The node cannot show the events of these blocks any more: read current storage instead.
    Pruned {
        /// The first of them.
        from: BlockNumber,
        /// The last of them.
        to: BlockNumber,
    },
}

impl BlockItem {
    /// Number of the block that comes next: what a daemon keeps when it is done with this item.
    pub fn cursor(&self) -> BlockNumber {
        match self {
            Self::Block(block) => block.number.saturating_add(1),
            Self::Pruned { to, .. } => to.saturating_add(1),
        }
    }
}

/// The stream of finalised blocks, in order and without gaps, across reconnects. It waits for new
/// blocks and ends only after an error that waiting cannot mend.
pub struct FinalisedBlocks {
    items: Pin<Box<dyn Stream<Item = Result<BlockItem, ClientError>> + Send>>,
}

impl FinalisedBlocks {
    pub(crate) fn new(client: Client, from: Option<BlockNumber>) -> Self {
        let cursor = Cursor::new(NodeChain { client, news: None }, from);
        let items = stream::unfold(cursor, |mut cursor| async move {
            cursor.advance().await.map(|item| (item, cursor))
        });
        Self {
            items: Box::pin(items),
        }
    }

    /// The next item. Dropping the wait loses nothing.
    pub async fn next(&mut self) -> Option<Result<BlockItem, ClientError>> {
        self.items.next().await
    }
}

impl Stream for FinalisedBlocks {
    type Item = Result<BlockItem, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.poll_next_unpin(context)
    }
}

impl fmt::Debug for FinalisedBlocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FinalisedBlocks")
    }
}

/// A chain whose finalised blocks can be read.
trait Chain {
    /// Number of the last finalised block.
    fn head(&mut self) -> impl Future<Output = Result<BlockNumber, ClientError>> + Send;
    /// Waits until the last finalised block has at least this number, which it returns.
    fn wait_for(
        &mut self,
        number: BlockNumber,
    ) -> impl Future<Output = Result<BlockNumber, ClientError>> + Send;
    /// A finalised block; `StatePruned` when its events cannot be read any more.
    fn block(
        &mut self,
        number: BlockNumber,
    ) -> impl Future<Output = Result<FinalisedBlock, ClientError>> + Send;
}

/// A place in a chain.
struct Cursor<C> {
    chain: C,
    /// Number of the next block; the last finalised one when there is none yet.
    next: Option<BlockNumber>,
    /// The last finalised block that is known of.
    head: Option<BlockNumber>,
    ended: bool,
}

impl<C: Chain> Cursor<C> {
    fn new(chain: C, next: Option<BlockNumber>) -> Self {
        Self {
            chain,
            next,
            head: None,
            ended: false,
        }
    }

    /// The next item; tries again for as long as that can help.
    async fn advance(&mut self) -> Option<Result<BlockItem, ClientError>> {
        if self.ended {
            return None;
        }
        let mut backoff = Backoff::new();
        loop {
            match self.attempt().await {
                Err(error) if error.is_passing() => {
                    tracing::warn!(%error, "cannot read the next finalised block, trying again");
                    backoff.wait().await;
                }
                result => {
                    self.ended = result.is_err();
                    return Some(result);
                }
            }
        }
    }

    async fn attempt(&mut self) -> Result<BlockItem, ClientError> {
        let next = match self.next {
            Some(next) => next,
            None => *self.next.insert(self.chain.head().await?),
        };
        let head = match self.head {
            Some(head) if head >= next => head,
            _ => *self.head.insert(self.chain.wait_for(next).await?),
        };
        let item = match self.chain.block(next).await {
            Ok(block) => BlockItem::Block(block),
            Err(ClientError::StatePruned { .. }) => BlockItem::Pruned {
                from: next,
                to: self.last_pruned(next, head).await?,
            },
            Err(error) => return Err(error),
        };
        self.next = Some(item.cursor());
        Ok(item)
    }

    /// The last block from `from` to `head` that is pruned. Blocks are pruned oldest first, so the
    /// limit is found by halving.
    async fn last_pruned(
        &mut self,
        from: BlockNumber,
        head: BlockNumber,
    ) -> Result<BlockNumber, ClientError> {
        let (mut pruned, mut readable) = (from, head.saturating_add(1));
        while readable.saturating_sub(pruned) > 1 {
            let middle = pruned + (readable - pruned) / 2;
            match self.chain.block(middle).await {
                Ok(_) => readable = middle,
                Err(ClientError::StatePruned { .. }) => pruned = middle,
                Err(error) => return Err(error),
            }
        }
        Ok(pruned)
    }
}

/// The chain of a real node.
struct NodeChain {
    client: Client,
    news: Option<RpcSubscription<SubstrateHeader<H256>>>,
}

impl Chain for NodeChain {
    async fn head(&mut self) -> Result<BlockNumber, ClientError> {
        Ok(self.client.finalised().await?.number)
    }

    async fn wait_for(&mut self, number: BlockNumber) -> Result<BlockNumber, ClientError> {
        loop {
            let head = self.head().await?;
            if head >= number {
                return Ok(head);
            }
            self.wait_for_news().await?;
        }
    }

    async fn block(&mut self, number: BlockNumber) -> Result<FinalisedBlock, ClientError> {
        let pruned = || {
            Err(ClientError::StatePruned {
                block: number.to_string(),
            })
        };
        match read(&self.client, number).await {
            // A block at or below the finalised head that the node has not got was pruned.
            Err(ClientError::NoSuchBlock { block }) => {
                if self.head().await? >= number {
                    pruned()
                } else {
                    Err(ClientError::NoSuchBlock { block })
                }
            }
            // Events of an old runtime are as good as pruned, as long as the client fits the new
            // one.
            Err(ClientError::Incompatible { .. }) => {
                let now = self.client.finalised().await?;
                self.client.runtime_at(now.hash).await?;
                pruned()
            }
            result => result,
        }
    }
}

impl NodeChain {
    /// Returns when a block may have been finalised.
    async fn wait_for_news(&mut self) -> Result<(), ClientError> {
        let Some(news) = &mut self.news else {
            let news = self
                .client
                .ask("chain_subscribeFinalizedHeads", |methods| async move {
                    methods.chain_subscribe_finalized_heads().await
                })
                .await?;
            self.news = Some(news);
            // A block that was finalised before the subscription gives no news: look at once.
            return Ok(());
        };
        let heard = timeout(QUIET_TIME, news.next()).await;
        match heard {
            Ok(Some(Ok(_))) | Err(_) => {}
            Ok(Some(Err(_)) | None) => {
                self.news = None;
                Backoff::new().wait().await;
            }
        }
        Ok(())
    }
}

/// Reads a block and its events.
async fn read(client: &Client, number: BlockNumber) -> Result<FinalisedBlock, ClientError> {
    let hash = client.hash_of(number).await?;
    let events = block_events(client, Head { number, hash }).await?;
    Ok(FinalisedBlock {
        number,
        hash,
        events,
    })
}

/// The events of a block, read by the runtime of its parent: a block that brings a new runtime is
/// still made by the old one.
async fn block_events(client: &Client, block: Head) -> Result<Vec<Event>, ClientError> {
    let parent = match block.number {
        0 => block.hash,
        _ => client.header(block.hash).await?.parent_hash,
    };
    let runtime = client.runtime_at(parent).await?;
    let bytes = event_bytes(client, &runtime, block.hash).await?;
    events::of_block(&runtime, bytes)
}

/// The bytes of `System.Events` in a block.
pub(crate) async fn event_bytes(
    client: &Client,
    runtime: &crate::runtime::Runtime,
    block: H256,
) -> Result<Vec<u8>, ClientError> {
    let key = storage::key(&runtime.metadata, "System", "Events", &[])?;
    Ok(storage::fetch(client.connection(), &key, block)
        .await?
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    /// A chain that loses its connection and its old blocks as a test wishes.
    #[derive(Default)]
    struct FakeChain {
        /// Finalised heads, one after the other; the last one stays.
        heads: VecDeque<BlockNumber>,
        /// Blocks below this number are pruned.
        pruned_below: BlockNumber,
        /// Numbers of the block requests that find no connection.
        lost_at: Vec<usize>,
        /// Number of block requests so far.
        requests: usize,
        /// A block that cannot be decoded.
        garbled: Option<BlockNumber>,
    }

    impl Chain for FakeChain {
        async fn head(&mut self) -> Result<BlockNumber, ClientError> {
            let head = self.heads[0];
            if self.heads.len() > 1 {
                self.heads.pop_front();
            }
            Ok(head)
        }

        async fn wait_for(&mut self, number: BlockNumber) -> Result<BlockNumber, ClientError> {
            while self.heads[0] < number {
                assert!(
                    self.heads.len() > 1,
                    "would wait for ever for block {number}"
                );
                self.heads.pop_front();
            }
            Ok(self.heads[0])
        }

        async fn block(&mut self, number: BlockNumber) -> Result<FinalisedBlock, ClientError> {
            self.requests += 1;
            if self.lost_at.contains(&self.requests) {
                return Err(ClientError::NodeUnreachable {
                    url: "ws://fake".into(),
                    reason: "cable pulled".into(),
                });
            }
            if number < self.pruned_below {
                return Err(ClientError::StatePruned {
                    block: number.to_string(),
                });
            }
            if self.garbled == Some(number) {
                return Err(ClientError::undecodable("events", "garbled"));
            }
            Ok(FinalisedBlock {
                number,
                hash: hash(number),
                events: Vec::new(),
            })
        }
    }

    fn hash(number: BlockNumber) -> H256 {
        H256::from_low_u64_be(number.into())
    }

    fn chain(heads: impl Into<VecDeque<BlockNumber>>) -> FakeChain {
        FakeChain {
            heads: heads.into(),
            ..Default::default()
        }
    }

    async fn items<C: Chain>(cursor: &mut Cursor<C>, count: usize) -> Vec<BlockItem> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(cursor.advance().await.unwrap().unwrap());
        }
        items
    }

    fn blocks(numbers: impl IntoIterator<Item = BlockNumber>) -> Vec<BlockItem> {
        numbers
            .into_iter()
            .map(|number| {
                BlockItem::Block(FinalisedBlock {
                    number,
                    hash: hash(number),
                    events: Vec::new(),
                })
            })
            .collect()
    }

    #[tokio::test]
    async fn starts_at_the_head_without_a_cursor() {
        let mut cursor = Cursor::new(chain([7, 8]), None);
        assert_eq!(items(&mut cursor, 2).await, blocks([7, 8]));
    }

    #[tokio::test]
    async fn fills_in_blocks_that_were_finalised_together() {
        let mut cursor = Cursor::new(chain([3, 9, 10]), Some(2));
        assert_eq!(items(&mut cursor, 9).await, blocks(2..=10));
    }

    #[tokio::test]
    async fn waits_when_the_cursor_is_ahead_of_the_node() {
        let mut cursor = Cursor::new(chain([1, 4, 6]), Some(5));
        assert_eq!(items(&mut cursor, 2).await, blocks([5, 6]));
    }

    #[tokio::test]
    async fn goes_on_where_it_was_after_a_lost_connection() {
        let fake = FakeChain {
            lost_at: vec![2, 3],
            ..chain([5])
        };
        let mut cursor = Cursor::new(fake, Some(3));
        assert_eq!(items(&mut cursor, 3).await, blocks([3, 4, 5]));
    }

    #[tokio::test]
    async fn reports_pruned_blocks_once_and_goes_on_behind_them() {
        for pruned_below in 1..=1_000 {
            let fake = FakeChain {
                pruned_below,
                ..chain([1_000, 1_001])
            };
            let mut cursor = Cursor::new(fake, Some(0));
            let pruned = BlockItem::Pruned {
                from: 0,
                to: pruned_below - 1,
            };
            assert_eq!(items(&mut cursor, 1).await, [pruned]);
            assert_eq!(items(&mut cursor, 1).await, blocks([pruned_below]));
        }
    }

    #[tokio::test]
    async fn a_node_that_pruned_everything_is_followed_from_its_head() {
        let fake = FakeChain {
            pruned_below: 10,
            ..chain([9, 10])
        };
        let mut cursor = Cursor::new(fake, Some(4));
        assert_eq!(
            items(&mut cursor, 1).await,
            [BlockItem::Pruned { from: 4, to: 9 }]
        );
        assert_eq!(items(&mut cursor, 1).await, blocks([10]));
    }

    #[tokio::test]
    async fn finding_the_pruned_blocks_survives_a_lost_connection() {
        let fake = FakeChain {
            pruned_below: 50,
            lost_at: vec![3],
            ..chain([100])
        };
        let mut cursor = Cursor::new(fake, Some(0));
        assert_eq!(
            items(&mut cursor, 1).await,
            [BlockItem::Pruned { from: 0, to: 49 }]
        );
    }

    #[tokio::test]
    async fn ends_after_an_error_that_waiting_cannot_mend() {
        let fake = FakeChain {
            garbled: Some(4),
            ..chain([5])
        };
        let mut cursor = Cursor::new(fake, Some(3));
        assert_eq!(items(&mut cursor, 1).await, blocks([3]));
        let error = cursor.advance().await.unwrap().unwrap_err();
        assert!(matches!(error, ClientError::Undecodable { .. }));
        assert!(cursor.advance().await.is_none());
    }

    #[test]
    fn the_cursor_is_the_block_behind_the_item() {
        assert_eq!(blocks([6])[0].cursor(), 7);
        assert_eq!(BlockItem::Pruned { from: 1, to: 5 }.cursor(), 6);
    }
}
