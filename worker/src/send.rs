//! Transactions: votes, reveals, and what others are late with. The store is written before each.

use crate::{
    behaviour::Behaviour,
    error::WorkerError,
    reconcile::Overdue,
    shared::Shared,
    task::{Ballot, Cast, Computed, TaskId, TaskState},
};
use ergon_client::{
    Call, Receipt, TransactionError, Wait, calls,
    primitives::{BlockNumber, Deal, Task},
};

/// One thing to be sent.
#[derive(Clone, Debug)]
pub(crate) enum Errand {
    /// A vote.
    Contribute {
        /// What was computed.
        computed: Computed,
        /// The vote as it was sent before, if it was.
        sent: Option<Ballot>,
        /// The task as the best block has it.
        task: Task,
    },
    /// A reveal.
    Reveal(Cast),
    /// What others are late with.
    CleanUp(Overdue),
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sent {
    /// It is on the chain.
    Done,
    /// It is not, and sending it again at once would not help.
    NotNow,
}

/// Sends one thing about a task and writes down what came of it.
pub(crate) async fn send<B: Behaviour>(
    shared: &Shared<B>,
    id: TaskId,
    deal: &Deal,
    errand: Errand,
    now: BlockNumber,
) -> Result<Sent, WorkerError> {
    match errand {
        Errand::Contribute {
            computed,
            sent,
            task,
        } => {
            let honest = Ballot::of(&computed, deal.execution_version, &shared.worker, id);
            match sent.or_else(|| shared.behaviour.vote(honest, &task)) {
                Some(ballot) => {
                    let cast = Cast {
                        computed,
                        ballot,
                        since: now,
                    };
                    contribute(shared, id, deal, cast).await
                }
                None => Ok(Sent::NotNow),
            }
        }
        Errand::Reveal(cast) => reveal(shared, id, deal, cast.at(now)).await,
        Errand::CleanUp(overdue) => clean_up(shared, id, overdue).await,
    }
}

async fn contribute<B: Behaviour>(
    shared: &Shared<B>,
    id: TaskId,
    deal: &Deal,
    cast: Cast,
) -> Result<Sent, WorkerError> {
    shared
        .store
        .advance(id, TaskState::Committing(cast.clone()))?;
    let Ballot { commitment, seal } = cast.ballot;
    let max_stake = deal.worker_stake.min(shared.config.max_stake);
    // Deals that need an authorisation are left alone.
    let call = calls::poco::contribute(id.deal, id.index, commitment, seal, max_stake, None);
    match submit(shared, call).await {
        Ok(receipt) => {
            tracing::info!(block = receipt.block.number, "voted");
            let committed = TaskState::Committed(cast.at(receipt.block.number));
            shared.store.advance(id, committed)?;
            Ok(Sent::Done)
        }
        Err(error) if was_not_made(&error) => {
            shared
                .store
                .advance(id, TaskState::Computed(cast.computed))?;
            Ok(Sent::NotNow)
        }
        Err(_) => Ok(Sent::NotNow),
    }
}

async fn reveal<B: Behaviour>(
    shared: &Shared<B>,
    id: TaskId,
    deal: &Deal,
    cast: Cast,
) -> Result<Sent, WorkerError> {
    let opening = Ballot::of(&cast.computed, deal.execution_version, &shared.worker, id);
    if opening != cast.ballot {
        tracing::error!("the stored result does not open the stored vote; it is not revealed");
        return Ok(Sent::NotNow);
    }
    shared
        .store
        .advance(id, TaskState::Revealing(cast.clone()))?;
    let Computed {
        outcome,
        trace,
        locator,
        inline,
    } = cast.computed.clone();
    let call = calls::poco::reveal(id.deal, id.index, outcome, trace, locator, inline);
    match submit(shared, call).await {
        Ok(receipt) => {
            tracing::info!(block = receipt.block.number, "revealed");
            let revealed = TaskState::Revealed(cast.at(receipt.block.number));
            shared.store.advance(id, revealed)?;
            Ok(Sent::Done)
        }
        Err(error) if was_not_made(&error) => {
            shared.store.advance(id, TaskState::Committed(cast))?;
            Ok(Sent::NotNow)
        }
        Err(_) => Ok(Sent::NotNow),
    }
}

async fn clean_up<B: Behaviour>(
    shared: &Shared<B>,
    id: TaskId,
    overdue: Overdue,
) -> Result<Sent, WorkerError> {
    let call = match overdue {
        Overdue::Finalise => calls::poco::finalise(id.deal, id.index),
        Overdue::Reopen => calls::poco::reopen(id.deal, id.index),
        Overdue::Claim => calls::poco::claim(id.deal, id.index),
    };
    match submit(shared, call).await {
        Ok(_) => {
            tracing::info!(?overdue, "did what others were late with");
            Ok(Sent::Done)
        }
        Err(_) => Ok(Sent::NotNow),
    }
}

async fn submit<B: Behaviour>(shared: &Shared<B>, call: Call) -> Result<Receipt, TransactionError> {
    let name = call.name();
    let result = shared.queue.submit(call, Wait::InBlock).await;
    match &result {
        Ok(_) => {}
        // Somebody was faster: this happens every day.
        Err(TransactionError::Refused { error, .. }) => {
            tracing::info!(call = name, reason = %error, "the chain refused");
        }
        Err(error) => tracing::error!(call = name, %error, "cannot send"),
    }
    result
}

/// Whether the call certainly changed nothing on the chain.
fn was_not_made(error: &TransactionError) -> bool {
    match error {
        // The vote is there already; the next look at the chain adopts it or disowns it.
        TransactionError::Refused { error, .. } => {
            !matches!(error.as_str(), "AlreadyContributed" | "AlreadyRevealed")
        }
        TransactionError::NotEnoughMoney { .. }
        | TransactionError::Failed { .. }
        | TransactionError::CannotPay { .. }
        | TransactionError::Invalid { .. } => true,
        TransactionError::Busy { .. }
        | TransactionError::TimedOut { .. }
        | TransactionError::Client(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    fn refused(error: &str) -> TransactionError {
        TransactionError::Refused {
            call: "Poco.contribute".into(),
            pallet: "Poco".into(),
            error: error.into(),
            documentation: "No.".into(),
        }
    }

    #[test]
    fn only_certain_refusals_take_a_vote_back() {
        assert!(was_not_made(&refused("NotActive")));
        assert!(was_not_made(&refused("TooLittleFree")));
        assert!(!was_not_made(&refused("AlreadyContributed")));
        assert!(!was_not_made(&refused("AlreadyRevealed")));
        assert!(was_not_made(&TransactionError::CannotPay {
            call: "Poco.contribute".into(),
            account: "5Grwva".into(),
        }));
        assert!(!was_not_made(&TransactionError::TimedOut {
            call: "Poco.contribute".into(),
            extrinsic: H256::zero(),
            seconds: 1,
        }));
    }
}
