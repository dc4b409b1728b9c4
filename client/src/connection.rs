//! The connection to a node: one at a time, mended when it breaks.

use crate::ClientError;
use sp_core::H256;
use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};
use subxt::{
    config::{RpcConfigFor, substrate::SubstrateConfig},
    rpcs::{self, LegacyRpcMethods, RpcClient, UserError},
};
use tokio::{
    sync::{Mutex, RwLock},
    time::{sleep, timeout},
};

/// The requests that a node answers.
pub(crate) type Methods = LegacyRpcMethods<RpcConfigFor<SubstrateConfig>>;

/// How long one request may take.
const REQUEST_TIME: Duration = Duration::from_secs(30);
/// How long one attempt to connect may take.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How long a request waits for a lost connection to come back.
const PATIENCE: Duration = Duration::from_secs(60);
/// First pause between two attempts to connect.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// Longest pause between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Growing pauses between attempts: each is twice the one before, up to [`LONGEST_PAUSE`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { next: FIRST_PAUSE }
    }

    pub(crate) fn advance(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(LONGEST_PAUSE);
        pause
    }

    pub(crate) async fn wait(&mut self) {
        sleep(self.advance()).await;
    }
}

/// One connection that was made.
struct Link {
    methods: Methods,
    /// Tells it from the ones before.
    number: u64,
}

/// The address of a node and the current connection to it.
pub(crate) struct Connection {
    url: String,
    genesis: H256,
    link: RwLock<Arc<Link>>,
    mending: Mutex<()>,
}

/// How a request failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The node answered with an error.
    Answered(UserError),
    /// There was no answer: the connection is no good any more.
    Lost(String),
    /// There was an answer, but not of the expected form.
    Garbled(String),
}

impl From<rpcs::Error> for Failure {
    fn from(error: rpcs::Error) -> Self {
        match error {
            rpcs::Error::User(error) => Self::Answered(error),
            rpcs::Error::Serialization(_)
            | rpcs::Error::Deserialization(_)
            | rpcs::Error::Decode(_) => Self::Garbled(error.to_string()),
            error => Self::Lost(error.to_string()),
        }
    }
}

impl Connection {
    /// Connects once.
    pub(crate) async fn open(url: &str) -> Result<Self, ClientError> {
        let unreachable = |reason| ClientError::NodeUnreachable {
            url: url.to_owned(),
            reason,
        };
        let methods = dial(url).await.map_err(unreachable)?;
        let genesis = timeout(REQUEST_TIME, methods.genesis_hash())
            .await
            .map_err(|_| unreachable("it does not answer requests".into()))?
            .map_err(|error| unreachable(error.to_string()))?;
        Ok(Self {
            url: url.to_owned(),
            genesis,
            link: RwLock::new(Arc::new(Link { methods, number: 0 })),
            mending: Mutex::new(()),
        })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn genesis(&self) -> H256 {
        self.genesis
    }

    /// Asks the node; when the connection is lost, mends it and asks again.
    /// Only for requests that may be repeated.
    pub(crate) async fn ask<T, Ask, Answer>(&self, method: &str, ask: Ask) -> Result<T, ClientError>
    where
        Ask: Fn(Methods) -> Answer,
        Answer: Future<Output = Result<T, rpcs::Error>>,
    {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (number, failure) = match self.ask_once(&ask).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            match failure {
                Failure::Answered(error) => return Err(refusal(method, &error)),
                Failure::Garbled(reason) => return Err(ClientError::undecodable(method, reason)),
                Failure::Lost(reason) => self.mend(number, &reason, deadline).await?,
            }
        }
    }

    /// Asks the node once. On failure also gives the number of the connection that was used.
    pub(crate) async fn ask_once<T, Ask, Answer>(&self, ask: &Ask) -> Result<T, (u64, Failure)>
    where
        Ask: Fn(Methods) -> Answer,
        Answer: Future<Output = Result<T, rpcs::Error>>,
    {
        let link = self.link.read().await.clone();
        match timeout(REQUEST_TIME, ask(link.methods.clone())).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err((link.number, error.into())),
            Err(_) => Err((
                link.number,
                Failure::Lost("it does not answer requests".into()),
            )),
        }
    }

    /// Replaces the connection with this number, unless another caller has done so already.
    async fn mend(&self, number: u64, reason: &str, deadline: Instant) -> Result<(), ClientError> {
        let _turn = self.mending.lock().await;
        if self.link.read().await.number != number {
            return Ok(());
        }
        tracing::warn!(url = %self.url, %reason, "lost the connection to the node, reconnecting");
        let methods = self.redial(reason, deadline).await?;
        *self.link.write().await = Arc::new(Link {
            methods,
            number: number + 1,
        });
        tracing::info!(url = %self.url, "connected to the node again");
        Ok(())
    }

    /// Dials until the node answers or the deadline is over.
    async fn redial(&self, reason: &str, deadline: Instant) -> Result<Methods, ClientError> {
        let mut reason = reason.to_owned();
        let mut backoff = Backoff::new();
        loop {
            if Instant::now() >= deadline {
                return Err(ClientError::NodeUnreachable {
                    url: self.url.clone(),
                    reason,
                });
            }
            match self.dial_and_check().await? {
                Ok(methods) => return Ok(methods),
                Err(why) => reason = why,
            }
            backoff.wait().await;
        }
    }

    /// Dials once. The outer error is final: the node came back with another chain.
    async fn dial_and_check(&self) -> Result<Result<Methods, String>, ClientError> {
        let methods = match dial(&self.url).await {
            Ok(methods) => methods,
            Err(reason) => return Ok(Err(reason)),
        };
        match timeout(REQUEST_TIME, methods.genesis_hash()).await {
            Err(_) => Ok(Err("it does not answer requests".into())),
            Ok(Err(error)) => Ok(Err(error.to_string())),
            Ok(Ok(found)) if found == self.genesis => Ok(Ok(methods)),
            Ok(Ok(found)) => Err(ClientError::OtherChain {
                expected: self.genesis,
                found,
            }),
        }
    }
}

/// Makes a connection.
async fn dial(url: &str) -> Result<Methods, String> {
    match timeout(CONNECT_TIME, RpcClient::from_insecure_url(url)).await {
        Ok(Ok(client)) => Ok(LegacyRpcMethods::new(client)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no connection within {} s", CONNECT_TIME.as_secs())),
    }
}

/// A node's error as ours. Errors about blocks that it does not have get their own variants.
pub(crate) fn refusal(method: &str, error: &UserError) -> ClientError {
    let reason = match &error.data {
        Some(data) => format!("{}: {}", error.message, data.get().trim_matches('"')),
        None => error.message.clone(),
    };
    let block = || reason.rsplit(' ').next().unwrap_or(&reason).to_owned();
    if reason.contains("State already discarded") {
        ClientError::StatePruned { block: block() }
    } else if reason.contains("UnknownBlock") {
        ClientError::NoSuchBlock { block: block() }
    } else {
        ClientError::Refused {
            method: method.to_owned(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_seconds() {
        let mut backoff = Backoff::new();
        let pauses: Vec<_> = (0..8).map(|_| backoff.advance().as_millis()).collect();
        assert_eq!(pauses, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    }

    #[test]
    fn discarded_state_is_told_from_other_errors() {
        let error = |message: &str| UserError {
            code: 4003,
            message: message.into(),
            data: None,
        };
        let pruned = "Client error: UnknownBlock: State already discarded for 0x12";
        assert!(matches!(
            refusal("state_getStorage", &error(pruned)),
            ClientError::StatePruned { block } if block == "0x12"
        ));
        let unknown = "Client error: UnknownBlock: Header was not found in the database: 0x12";
        assert!(matches!(
            refusal("state_getStorage", &error(unknown)),
            ClientError::NoSuchBlock { block } if block == "0x12"
        ));
        assert!(matches!(
            refusal("state_call", &error("Execution failed")),
            ClientError::Refused { method, reason }
                if method == "state_call" && reason == "Execution failed"
        ));
    }

    #[test]
    fn an_unanswered_request_means_a_lost_connection() {
        let lost = Failure::from(rpcs::Error::Client("closed".into()));
        assert!(matches!(lost, Failure::Lost(_)));
        let answered = Failure::from(rpcs::Error::User(UserError::method_not_found()));
        assert!(matches!(answered, Failure::Answered(_)));
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_said_with_the_remedy() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = Connection::open(&url).await.err().unwrap();
        assert!(matches!(error, ClientError::NodeUnreachable { .. }));
        assert!(error.to_string().contains("ergon-node --dev"), "{error}");
    }
}
