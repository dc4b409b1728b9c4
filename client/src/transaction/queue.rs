//! The queue: one account's calls, in order, each made once.
//!
//! A transaction is signed and handed to the node while the queue's state is locked, so that nonces reach the
//! node in order. What becomes of it is then followed without the lock: several can be on their way.

use super::{
    TransactionError, Wait,
    extrinsic::{self, Birth, Extrinsic, body, next_nonce, sign},
    nonces::NonceTracker,
    receipt::{self, Receipt, position},
    verdict::{self, Fate, Verdict, fate},
};
use crate::{
    At, Call, Client, ClientError, Keypair, account_to_ss58,
    connection::{Backoff, Failure},
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
    /// Sends a call until it is in the chain. It is sent again only when the transaction before can never
    /// come into the chain.
    async fn make(
        &self,
        call: &Call,
        wait: Wait,
        patience: Duration,
    ) -> Result<Receipt, TransactionError> {
        let deadline = Instant::now() + patience;
        loop {
            let (extrinsic, news) = self.send(call).await?;
            let followed = self.follow(call, &extrinsic, news, wait, deadline).await;
            let landed = matches!(followed, Ok(Some(_)));
            self.settle_nonce(extrinsic.life.nonce, landed).await;
            match followed? {
                Some(block) => {
                    return receipt::read(&self.client, call, block, extrinsic.hash).await;
                }
                None if Instant::now() < deadline => {
                    tracing::warn!(%call, "the transaction was lost, sending the call again");
                }
                None => return Err(timed_out(call, extrinsic.hash, patience)),
            }
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
        let connection = self.client.connection();
        let offered = connection
            .ask_once(
                &|methods| async move { methods.author_submit_and_watch_extrinsic(bytes).await },
            )
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
            Err((number, Failure::Lost(reason) | Failure::Garbled(reason))) => {
                connection.mend_now(number, &reason).await?;
                Ok(Offer::Unknown)
            }
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
            match hear(&mut news, wait).await {
                Found::In(block) => return Ok(Some(block)),
                Found::Nowhere => {}
            }
            match self.look(extrinsic, &mut searched, wait).await? {
                (Found::In(block), _) => return Ok(Some(block)),
                (Found::Nowhere, Fate::Lost) => return Ok(None),
                (Found::Nowhere, Fate::Open) => {}
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

    /// Offers the same bytes again after the node fell silent about them: if they are in the chain or the
    /// pool, this changes nothing.
    async fn offer_again(
        &self,
        call: &Call,
        bytes: &[u8],
    ) -> Result<Option<News>, TransactionError> {
        match self.offer(bytes).await? {
            Offer::Taken(news) => Ok(Some(news)),
            Offer::Refused(verdict @ (Verdict::CannotPay | Verdict::Invalid(_))) => {
                Err(self.refusal(call, verdict))
            }
            Offer::Unknown | Offer::Refused(_) => Ok(None),
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
