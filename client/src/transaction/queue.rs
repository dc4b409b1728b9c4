//! The queue: one account's calls, in order, each made once.
//!
//! A transaction is signed and handed to the node while the queue's state is locked, so that nonces
//! reach the node in order. What becomes of it is then followed without the lock: several can be on
//! their way.

use super::{
    TransactionError, Wait,
    extrinsic::{self, Birth, Extrinsic, body, next_nonce, sign},
    nonces::NonceTracker,
    receipt::{self, Receipt, position},
    verdict::{self, Fate, Verdict, fate},
};
use crate::{
    At, Call, Client, ClientError, Keypair, account_to_ss58,
    connection::{Backoff, Failure, Methods},
};
use ergon_primitives::{AccountId, BlockNumber};
use sp_core::H256;
use std::{
    fmt,
    panic::resume_unwind,
    sync::Arc,
    time::{Duration, Instant},
};
use subxt::rpcs::{client::RpcSubscription, methods::legacy::TransactionStatus};
use tokio::{sync::Mutex, time::timeout};

/// How often a transaction is offered to a node that does not take it.
const ATTEMPTS: u32 = 12;
/// How long the queue waits for news of a transaction before it looks for itself.
const QUIET_TIME: Duration = Duration::from_secs(12);
/// How long the block is used again from which transactions count their life.
const BIRTH_TIME: Duration = Duration::from_secs(2);
/// How long a result is waited for, unless [`TransactionQueue::with_patience`] says otherwise.
const PATIENCE: Duration = Duration::from_secs(600);

/// News of a transaction.
type News = RpcSubscription<TransactionStatus<H256>>;

/// Sends the calls of one account. There must be one queue per key; clones are the same queue.
#[derive(Clone)]
pub struct TransactionQueue {
    shared: Arc<Shared>,
    patience: Duration,
}

struct Shared {
    client: Client,
    keypair: Keypair,
    account: AccountId,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    nonces: NonceTracker,
    birth: Option<(Instant, Birth)>,
}

/// What the node did with a transaction.
enum Offer {
    /// It has it, and will tell more.
    Taken(News),
    /// It may have it.
    Unknown,
    /// It has not got it from this offer.
    Refused(Verdict),
}

/// Where a search ended.
enum Found {
    In(H256),
    Nowhere,
}

impl fmt::Debug for TransactionQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TransactionQueue({})",
            account_to_ss58(&self.shared.account)
        )
    }
}

impl TransactionQueue {
    /// A queue for the key's account.
    pub fn new(client: Client, keypair: Keypair) -> Self {
        let account = keypair.account();
        let state = Mutex::new(State::default());
        Self {
            shared: Arc::new(Shared {
                client,
                keypair,
                account,
                state,
            }),
            patience: PATIENCE,
        }
    }

    /// The same queue, with another longest time to wait for a result.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The account whose calls it sends.
    pub fn account(&self) -> &AccountId {
        &self.shared.account
    }

    /// The client through which it sends.
    pub fn client(&self) -> &Client {
        &self.shared.client
    }

    /// Sends a call and waits for what comes of it.
    ///
    /// The work goes on to its end when the caller stops waiting, so that no nonce is left unused.
    pub async fn submit(&self, call: Call, wait: Wait) -> Result<Receipt, TransactionError> {
        let (shared, patience) = (self.shared.clone(), self.patience);
        let work = tokio::spawn(async move { shared.make(&call, wait, patience).await });
        match work.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The program is coming to its end; there is nobody left to tell.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

impl Shared {
    /// Sends a call until it is in the chain. It is sent again only when the transaction before can
    /// never come into the chain.
    async fn make(
        &self,
        call: &Call,
        wait: Wait,
        patience: Duration,
    ) -> Result<Receipt, TransactionError> {
        let deadline = Instant::now() + patience;
        let mut attempts = 0;
        loop {
            let (extrinsic, news) = self.send(call).await?;
            let followed = self.follow(call, &extrinsic, news, wait, deadline).await;
            let landed = matches!(followed, Ok(Some(_)));
            self.settle_nonce(extrinsic.life.nonce, landed).await;
            if let Some(block) = followed? {
                let receipt = receipt::read(&self.client, call, block, extrinsic.hash).await;
                return receipt.map_err(|error| match error {
                    TransactionError::Client(error) if error.is_passing() => {
                        timed_out(call, extrinsic.hash, patience)
                    }
                    error => error,
                });
            }
            attempts += 1;
            if Instant::now() >= deadline {
                let reason = "its transactions were lost on the way".into();
                return Err(TransactionError::Busy {
                    call: call.to_string(),
                    attempts,
                    reason,
                });
            }
            tracing::warn!(%call, "the transaction was lost, sending the call again");
        }
    }

    async fn settle_nonce(&self, nonce: u64, landed: bool) {
        let mut state = self.state.lock().await;
        if landed {
            state.nonces.landed(nonce);
        } else {
            state.nonces.lost(nonce);
        }
    }

    /// Signs the call and offers it to the node until the node may have it.
    async fn send(&self, call: &Call) -> Result<(Extrinsic, Option<News>), TransactionError> {
        let mut state = self.state.lock().await;
        let mut backoff = Backoff::new();
        let mut reason = String::new();
        for _ in 0..ATTEMPTS {
            let nonce = match state.nonces.next() {
                Some(nonce) => nonce,
                None => {
                    let next = next_nonce(&self.client, &self.account).await?;
                    state.nonces.sync(next)
                }
            };
            let birth = self.birth(&mut state).await?;
            let extrinsic = sign(call, &self.keypair, nonce, &birth)?;
            let verdict = match self.offer(&extrinsic.bytes).await? {
                Offer::Taken(news) => {
                    state.nonces.sent(nonce);
                    return Ok((extrinsic, Some(news)));
                }
                Offer::Unknown | Offer::Refused(Verdict::Known) => {
                    state.nonces.sent(nonce);
                    return Ok((extrinsic, None));
                }
                Offer::Refused(verdict) => verdict,
            };
            reason = self.make_way(&mut state, call, verdict)?;
            backoff.wait().await;
        }
        Err(TransactionError::Busy {
            call: call.to_string(),
            attempts: ATTEMPTS,
            reason,
        })
    }

    /// Prepares the next attempt after a refusal, and gives the refusal's reason.
    fn make_way(
        &self,
        state: &mut State,
        call: &Call,
        verdict: Verdict,
    ) -> Result<String, TransactionError> {
        match verdict {
            Verdict::NonceTaken => {
                state.nonces.doubt();
                Ok("another transaction has its nonce".into())
            }
            Verdict::Outdated => {
                state.birth = None;
                Ok("it was made for another moment or runtime".into())
            }
            Verdict::Known | Verdict::Busy => Ok("the node has no room for it now".into()),
            Verdict::CannotPay | Verdict::Invalid(_) => Err(self.refusal(call, verdict)),
        }
    }

    fn refusal(&self, call: &Call, verdict: Verdict) -> TransactionError {
        let call = call.to_string();
        match verdict {
            Verdict::Invalid(reason) => TransactionError::Invalid { call, reason },
            _ => TransactionError::CannotPay {
                call,
                account: account_to_ss58(&self.account),
            },
        }
    }

    /// The block from which transactions count their life now.
    async fn birth(&self, state: &mut State) -> Result<Birth, ClientError> {
        if let Some((since, birth)) = &state.birth
            && since.elapsed() < BIRTH_TIME
        {
            return Ok(birth.clone());
        }
        let birth = Birth::now(&self.client).await?;
        state.birth = Some((Instant::now(), birth.clone()));
        Ok(birth)
    }

    /// Offers a transaction to the node once.
    async fn offer(&self, bytes: &[u8]) -> Result<Offer, ClientError> {
        let offered = self
            .client
            .connection()
            .ask_once(&|methods: Methods| async move {
                methods.author_submit_and_watch_extrinsic(bytes).await
            })
            .await;
        match offered {
            Ok(news) => Ok(Offer::Taken(news)),
            Err((_, Failure::Answered(error))) => {
                let verdict = match verdict::of_answer(error.code, &error.message) {
                    Some(verdict) => verdict,
                    None => self.ask_runtime(bytes).await?,
                };
                Ok(Offer::Refused(verdict))
            }
            // The next request mends the connection.
            Err((_, Failure::Lost(_) | Failure::Garbled(_))) => Ok(Offer::Unknown),
        }
    }

    async fn ask_runtime(&self, bytes: &[u8]) -> Result<Verdict, ClientError> {
        let validity = extrinsic::validity(&self.client, bytes).await?;
        Ok(verdict::of_validity(&validity))
    }

    /// Follows a transaction: the block that contains it, or `None` when none ever will.
    async fn follow(
        &self,
        call: &Call,
        extrinsic: &Extrinsic,
        mut news: Option<News>,
        wait: Wait,
        deadline: Instant,
    ) -> Result<Option<H256>, TransactionError> {
        let started = Instant::now();
        // The last finalised block that was searched.
        let mut searched = extrinsic.life.born;
        let mut backoff = Backoff::new();
        loop {
            if let Found::In(block) = hear(&mut news, wait).await {
                return Ok(Some(block));
            }
            match self.look(extrinsic, &mut searched, wait).await {
                Ok((Found::In(block), _)) => return Ok(Some(block)),
                Ok((Found::Nowhere, Fate::Lost)) => return Ok(None),
                Ok((Found::Nowhere, Fate::Open)) => {}
                Err(error) if error.is_passing() => {
                    tracing::warn!(%call, %error, "cannot look for the transaction, trying again");
                }
                Err(error) => return Err(error.into()),
            }
            if Instant::now() >= deadline {
                return Err(timed_out(call, extrinsic.hash, started.elapsed()));
            }
            if news.is_none() {
                news = self.offer_again(call, &extrinsic.bytes).await?;
                backoff.wait().await;
            }
        }
    }

    /// Offers the same bytes again after the node fell silent about them: if they are in the chain
    /// or the pool, this changes nothing.
    async fn offer_again(
        &self,
        call: &Call,
        bytes: &[u8],
    ) -> Result<Option<News>, TransactionError> {
        let verdict = match self.offer(bytes).await {
            Ok(Offer::Taken(news)) => return Ok(Some(news)),
            Ok(Offer::Unknown | Offer::Refused(Verdict::Known)) => return Ok(None),
            // A node that once found these bytes invalid does not look at them again; the runtime
            // knows.
            Ok(Offer::Refused(Verdict::Outdated)) => self.ask_runtime(bytes).await,
            Ok(Offer::Refused(verdict)) => Ok(verdict),
            Err(error) => Err(error),
        };
        match verdict {
            Ok(verdict @ (Verdict::CannotPay | Verdict::Invalid(_))) => {
                Err(self.refusal(call, verdict))
            }
            Ok(_) => Ok(None),
            Err(error) if error.is_passing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks for a transaction in the chain, and judges what can still become of it.
    async fn look(
        &self,
        extrinsic: &Extrinsic,
        searched: &mut BlockNumber,
        wait: Wait,
    ) -> Result<(Found, Fate), ClientError> {
        let view = self.client.at(At::Finalised).await?;
        let finalised = view.head().number;
        let nonce = view.account(&self.account).await?.nonce;
        let last = finalised.min(extrinsic.life.dies);
        while *searched < last {
            let number = searched.saturating_add(1);
            if let Found::In(block) = self.search(extrinsic.hash, number).await? {
                return Ok((Found::In(block), Fate::Open));
            }
            *searched = number;
        }
        if wait == Wait::InBlock {
            let best = self.client.best().await?.number.min(extrinsic.life.dies);
            for number in searched.saturating_add(1)..=best {
                if let Found::In(block) = self.search(extrinsic.hash, number).await? {
                    return Ok((Found::In(block), Fate::Open));
                }
            }
        }
        Ok((
            Found::Nowhere,
            fate(&extrinsic.life, finalised, nonce.into()),
        ))
    }

    async fn search(&self, extrinsic: H256, number: BlockNumber) -> Result<Found, ClientError> {
        let block = self.client.hash_of(number).await?;
        let found = position(&body(&self.client, block).await?, extrinsic).is_some();
        Ok(if found {
            Found::In(block)
        } else {
            Found::Nowhere
        })
    }
}

/// Listens to the news of a transaction until it is certain enough, or there are no news.
async fn hear(news: &mut Option<News>, wait: Wait) -> Found {
    while let Some(source) = news.as_mut() {
        let heard = timeout(QUIET_TIME, source.next()).await;
        match heard {
            // Silent, but alive: the caller looks for itself and listens again.
            Err(_) => return Found::Nowhere,
            Ok(Some(Ok(status))) => match status {
                TransactionStatus::InBlock(block) if wait == Wait::InBlock => {
                    return Found::In(block);
                }
                TransactionStatus::Finalized(block) => return Found::In(block),
                TransactionStatus::FinalityTimeout(_)
                | TransactionStatus::Usurped(_)
                | TransactionStatus::Dropped
                | TransactionStatus::Invalid => *news = None,
                TransactionStatus::InBlock(_)
                | TransactionStatus::Future
                | TransactionStatus::Ready
                | TransactionStatus::Broadcast(_)
                | TransactionStatus::Retracted(_) => {}
            },
            Ok(Some(Err(_)) | None) => *news = None,
        }
    }
    Found::Nowhere
}

fn timed_out(call: &Call, extrinsic: H256, waited: Duration) -> TransactionError {
    TransactionError::TimedOut {
        call: call.to_string(),
        extrinsic,
        seconds: waited.as_secs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{StreamExt, stream};
    use subxt::rpcs::client::{RawRpcSubscription, RawValue};

    /// News that come as these JSON texts, and then end.
    fn news<const COUNT: usize>(texts: [String; COUNT]) -> Option<News> {
        let items = texts.map(|text| Ok(RawValue::from_string(text).unwrap()));
        let stream = stream::iter(items).boxed();
        Some(RpcSubscription::new(RawRpcSubscription {
            stream,
            id: None,
        }))
    }

    fn status(name: &str) -> String {
        format!("\"{name}\"")
    }

    fn status_in(name: &str, byte: u8) -> String {
        format!("{{\"{name}\":\"{:?}\"}}", H256::repeat_byte(byte))
    }

    fn block(found: Found) -> Option<H256> {
        match found {
            Found::In(block) => Some(block),
            Found::Nowhere => None,
        }
    }

    #[tokio::test]
    async fn a_block_is_enough_for_those_who_wait_for_a_block() {
        let mut news = news([status("ready"), status_in("inBlock", 1)]);
        assert_eq!(
            block(hear(&mut news, Wait::InBlock).await),
            Some(H256::repeat_byte(1))
        );
    }

    #[tokio::test]
    async fn finality_is_awaited_through_abandoned_blocks() {
        let mut news = news([
            status("future"),
            status("ready"),
            "{\"broadcast\":[\"peer\"]}".into(),
            status_in("inBlock", 1),
            status_in("retracted", 1),
            status_in("inBlock", 2),
            status_in("finalized", 2),
        ]);
        assert_eq!(
            block(hear(&mut news, Wait::Finalised).await),
            Some(H256::repeat_byte(2))
        );
    }

    #[tokio::test]
    async fn nothing_is_heard_any_more_after_the_node_gave_up() {
        for last in [
            status("dropped"),
            status("invalid"),
            status_in("usurped", 3),
            status_in("finalityTimeout", 3),
            "{\"unheard\":1}".into(),
        ] {
            let mut news = news([status("ready"), last, status_in("finalized", 2)]);
            assert_eq!(block(hear(&mut news, Wait::Finalised).await), None);
            assert!(news.is_none());
        }
    }

    #[tokio::test]
    async fn the_end_of_the_news_is_no_result() {
        let mut news = news([status("ready"), status_in("inBlock", 1)]);
        assert_eq!(block(hear(&mut news, Wait::Finalised).await), None);
        assert!(news.is_none());
    }
}
