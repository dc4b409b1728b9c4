//! The queue: one account's calls, in order, each made once.
//!
//! A transaction is signed and handed to the node while the queue's state is locked, so that nonces
//! reach the node in order. What becomes of it is then followed without the lock: several can be on
//! their way.
//!
//! When one is lost, those with later nonces wait until its nonce is used again. A queue of
//! repeatable calls does not wait for a new call: the last one behind the gap is sent again with the
//! lost nonce. Where a call must not be made twice nothing of that kind happens.

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
use tokio::{
    sync::{Mutex, watch},
    time::timeout,
};

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
    is_repeatable: bool,
}

struct Shared {
    client: Client,
    keypair: Keypair,
    account: AccountId,
    state: Mutex<State>,
    /// Tells that a nonce was lost.
    losses: watch::Sender<()>,
}

/// How a call is made.
#[derive(Clone, Copy)]
struct Manner {
    wait: Wait,
    patience: Duration,
    /// Whether it does no harm when the call is made twice.
    is_repeatable: bool,
}

/// A transaction that the node may have.
struct Sent {
    extrinsic: Extrinsic,
    news: Option<News>,
    /// The last finalised block that was searched for it.
    searched: BlockNumber,
}

impl Sent {
    fn new(extrinsic: Extrinsic, news: Option<News>) -> Self {
        Self {
            searched: extrinsic.life.born,
            extrinsic,
            news,
        }
    }
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

/// What the node did with a transaction that was offered again.
enum Again {
    /// It has it, and will tell more.
    Taken(News),
    /// It has it already, or may have it, or has no room for it now.
    Silent,
    /// It does not take these bytes for a while, although they are valid.
    Banned,
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
                losses: watch::Sender::new(()),
            }),
            patience: PATIENCE,
            is_repeatable: false,
        }
    }

    /// The same queue, with another longest time to wait for a result.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The same queue for calls that may be made twice, because the chain refuses the second one: a
    /// call whose transaction is stuck is then sent again in another one at once, although the first
    /// may still come into the chain. Never for calls that move money.
    pub fn for_repeatable_calls(self) -> Self {
        Self {
            is_repeatable: true,
            ..self
        }
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
        let shared = self.shared.clone();
        let manner = Manner {
            wait,
            patience: self.patience,
            is_repeatable: self.is_repeatable,
        };
        let work = tokio::spawn(async move { shared.make(&call, manner).await });
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
    /// never come into the chain, or when it does no harm.
    async fn make(&self, call: &Call, manner: Manner) -> Result<Receipt, TransactionError> {
        let deadline = Instant::now() + manner.patience;
        let mut attempts = 0;
        loop {
            let mut sent = self.send(call).await?;
            let followed = self.follow(call, &mut sent, manner, deadline).await;
            let landed = matches!(followed, Ok(Some(_)));
            let Extrinsic { hash, life, .. } = sent.extrinsic;
            self.settle_nonce(life.nonce, landed).await;
            if let Some(block) = followed? {
                let receipt = receipt::read(&self.client, call, block, hash).await;
                return receipt.map_err(|error| match error {
                    TransactionError::Client(error) if error.is_passing() => {
                        timed_out(call, hash, manner.patience)
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
            self.losses.send_replace(());
        }
    }

    /// Signs the call and offers it to the node until the node may have it.
    async fn send(&self, call: &Call) -> Result<Sent, TransactionError> {
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
            let verdict = match self.offer(&extrinsic).await? {
                Offer::Taken(news) => {
                    state.nonces.sent(nonce);
                    return Ok(Sent::new(extrinsic, Some(news)));
                }
                Offer::Unknown | Offer::Refused(Verdict::Known) => {
                    state.nonces.sent(nonce);
                    return Ok(Sent::new(extrinsic, None));
                }
                Offer::Refused(verdict) => verdict,
            };
            reason = self.make_way(&mut state, call, verdict).await?;
            backoff.wait().await;
        }
        Err(TransactionError::Busy {
            call: call.to_string(),
            attempts: ATTEMPTS,
            reason,
        })
    }

    /// Prepares the next attempt after a refusal, and gives the refusal's reason.
    async fn make_way(
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
            Verdict::SameStep | Verdict::CannotPay | Verdict::Useless(_) | Verdict::Invalid(_) => {
                Err(self.refusal(call, verdict).await)
            }
        }
    }

    /// If the call's transaction is the last one behind a gap, sends the call again with the nonce of
    /// the gap, so that neither it nor those between have to wait.
    ///
    /// The transaction before may come into the chain too, if only behind all others.
    async fn fill_gap(&self, call: &Call, sent: &mut Sent) -> Result<(), TransactionError> {
        let mut state = self.state.lock().await;
        let nonce = sent.extrinsic.life.nonce;
        if !state.nonces.is_last_behind_gap(nonce) {
            return Ok(());
        }
        let gap = next_nonce(&self.client, &self.account).await?;
        if !state.nonces.may_fill(nonce, gap) {
            return Ok(());
        }
        let birth = self.birth(&mut state).await?;
        let extrinsic = sign(call, &self.keypair, gap, &birth)?;
        let news = match self.offer(&extrinsic).await? {
            Offer::Taken(news) => Some(news),
            Offer::Unknown | Offer::Refused(Verdict::Known) => None,
            Offer::Refused(verdict) => {
                self.make_way(&mut state, call, verdict).await?;
                return Ok(());
            }
        };
        tracing::info!(%call, nonce, gap, "sent again with a nonce that was lost");
        state.nonces.filled(nonce, gap);
        *sent = Sent::new(extrinsic, news);
        // There may be another gap, and another transaction is the last one now.
        self.losses.send_replace(());
        Ok(())
    }

    async fn refusal(&self, call: &Call, verdict: Verdict) -> TransactionError {
        match verdict {
            Verdict::Useless(code) => match self.useless(call, code).await {
                Ok(error) => error,
                Err(error) => error.into(),
            },
            Verdict::Invalid(reason) => TransactionError::Invalid {
                call: call.to_string(),
                reason,
            },
            Verdict::SameStep => TransactionError::Busy {
                call: call.to_string(),
                attempts: 1,
                reason:
                    "another call of this account about the same step of the task waits already"
                        .into(),
            },
            _ => TransactionError::CannotPay {
                call: call.to_string(),
                account: account_to_ss58(&self.account),
            },
        }
    }

    /// Why the runtime at the best block finds a call useless.
    async fn useless(&self, call: &Call, code: u8) -> Result<TransactionError, ClientError> {
        let best = self.client.best().await?;
        let runtime = self.client.runtime_at(best.hash).await?;
        Ok(receipt::useless(&runtime.metadata, call, code))
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
    async fn offer(&self, extrinsic: &Extrinsic) -> Result<Offer, ClientError> {
        let bytes = extrinsic.bytes.as_slice();
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
                    None if verdict::is_conflict(error.code) => {
                        let next = next_nonce(&self.client, &self.account).await?;
                        verdict::of_conflict(extrinsic.life.nonce, next)
                    }
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

    /// Follows a transaction: the block that contains it, or `None` when none ever will, or when it is
    /// stuck and its call may be sent again. A repeatable call can get another transaction meanwhile.
    async fn follow(
        &self,
        call: &Call,
        sent: &mut Sent,
        manner: Manner,
        deadline: Instant,
    ) -> Result<Option<H256>, TransactionError> {
        let started = Instant::now();
        let mut losses = self.losses.subscribe();
        let mut backoff = Backoff::new();
        loop {
            let heard = tokio::select! {
                heard = hear(&mut sent.news, manner.wait) => heard,
                Ok(()) = losses.changed() => Found::Nowhere,
            };
            if let Found::In(block) = heard {
                return Ok(Some(block));
            }
            match self.look(sent, manner.wait).await {
                Ok((Found::In(block), _)) => return Ok(Some(block)),
                Ok((Found::Nowhere, Fate::Lost)) => return Ok(None),
                Ok((Found::Nowhere, Fate::Open)) => {}
                Err(error) => let_pass(call, error.into())?,
            }
            if Instant::now() >= deadline {
                return Err(timed_out(call, sent.extrinsic.hash, started.elapsed()));
            }
            if manner.is_repeatable
                && let Err(error) = self.fill_gap(call, sent).await
            {
                let_pass(call, error)?;
            }
            if sent.news.is_none() {
                match self.offer_again(call, &sent.extrinsic).await? {
                    Again::Taken(news) => sent.news = Some(news),
                    Again::Banned if manner.is_repeatable => return Ok(None),
                    Again::Banned | Again::Silent => {}
                }
                backoff.wait().await;
            }
        }
    }

    /// Offers the same bytes again after the node fell silent about them: if they are in the chain
    /// or the pool, this changes nothing.
    async fn offer_again(
        &self,
        call: &Call,
        extrinsic: &Extrinsic,
    ) -> Result<Again, TransactionError> {
        let verdict = match self.offer(extrinsic).await {
            Ok(Offer::Taken(news)) => return Ok(Again::Taken(news)),
            Ok(Offer::Unknown | Offer::Refused(Verdict::Known)) => return Ok(Again::Silent),
            // A node that once found these bytes invalid does not look at them again; the runtime
            // knows.
            Ok(Offer::Refused(Verdict::Outdated)) => {
                match self.ask_runtime(&extrinsic.bytes).await {
                    Ok(Verdict::Busy) => return Ok(Again::Banned),
                    asked => asked,
                }
            }
            Ok(Offer::Refused(verdict)) => Ok(verdict),
            Err(error) => Err(error),
        };
        match verdict {
            Ok(verdict @ (Verdict::CannotPay | Verdict::Useless(_) | Verdict::Invalid(_))) => {
                Err(self.refusal(call, verdict).await)
            }
            Ok(_) => Ok(Again::Silent),
            Err(error) if error.is_passing() => Ok(Again::Silent),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks for a transaction in the chain, and judges what can still become of it.
    async fn look(&self, sent: &mut Sent, wait: Wait) -> Result<(Found, Fate), ClientError> {
        let Sent {
            extrinsic,
            searched,
            ..
        } = sent;
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

/// Bears what may be better the next time.
fn let_pass(call: &Call, error: TransactionError) -> Result<(), TransactionError> {
    match error {
        TransactionError::Client(error) if error.is_passing() => {
            tracing::warn!(%call, %error, "cannot look for the transaction, trying again");
            Ok(())
        }
        error => Err(error),
    }
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
