//! Transactions: votes, reveals, and what others are late with. The store is written before each.
//!
//! Votes on tasks of one deal that are ready at the same time go into one call, and so do reveals.
//! What the chain refuses of such a batch is treated as if it had been sent alone.

use crate::{
    behaviour::Behaviour,
    error::WorkerError,
    reconcile::Overdue,
    shared::Shared,
    store::StoreError,
    task::{Ballot, Cast, Computed, TaskId, TaskState},
};
use ergon_client::{
    At, Call, ClientError, Receipt, TransactionError, Wait, bounded, calls,
    primitives::{
        BlockNumber, Contribution, Deal, DealId, MAX_BATCH, MAX_CONTRIBUTORS, Opening, Task,
    },
};
use std::{collections::HashMap, iter, sync::Arc};

/// How many votes may be added to a task of a deal before a call that is on its way is refused for
/// having reckoned with fewer.
const ROOM_FOR_VOTES: u32 = 4;
/// The most tasks in one call.
pub(crate) const BATCH: usize = MAX_BATCH as usize;

/// What all tasks of an errand have in common.
#[derive(Clone, Debug)]
pub(crate) struct Occasion {
    /// The deal.
    pub(crate) deal: DealId,
    /// Its terms.
    pub(crate) terms: Arc<Deal>,
    /// Most votes that a task of the deal has in the best block.
    pub(crate) most_votes: u32,
    /// Number of the best block.
    pub(crate) now: BlockNumber,
}

impl Occasion {
    /// How many votes a call must reckon with.
    fn max_votes(&self) -> u32 {
        let votes = self.most_votes.saturating_add(ROOM_FOR_VOTES);
        votes.min(MAX_CONTRIBUTORS)
    }
}

/// A task that can be voted on.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The task.
    pub(crate) task: TaskId,
    /// What was computed.
    pub(crate) computed: Computed,
    /// The vote as it was sent before, if it was.
    pub(crate) sent: Option<Ballot>,
    /// The task as the best block has it.
    pub(crate) seen: Task,
}

/// Something to be sent about tasks of one deal.
#[derive(Clone, Debug)]
pub(crate) enum Errand {
    /// Votes.
    Contribute(Vec<Candidate>),
    /// Reveals.
    Reveal(Vec<(TaskId, Cast)>),
    /// What others are late with.
    CleanUp(TaskId, Overdue),
}

impl Errand {
    /// The tasks that it is about.
    pub(crate) fn tasks(&self) -> Vec<TaskId> {
        match self {
            Self::Contribute(candidates) => candidates.iter().map(|item| item.task).collect(),
            Self::Reveal(casts) => casts.iter().map(|(task, _)| *task).collect(),
            Self::CleanUp(task, _) => vec![*task],
        }
    }
}

/// A step of several tasks that goes to the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Vote,
    Reveal,
}

impl Step {
    /// How a task stands while the step is on its way.
    fn under_way(self, cast: Cast) -> TaskState {
        match self {
            Self::Vote => TaskState::Committing(cast),
            Self::Reveal => TaskState::Revealing(cast),
        }
    }

    /// How a task stands after the step.
    fn done(self, cast: Cast) -> TaskState {
        match self {
            Self::Vote => TaskState::Committed(cast),
            Self::Reveal => TaskState::Revealed(cast),
        }
    }

    /// How a task stands again when the step was not made.
    fn undone(self, cast: Cast) -> TaskState {
        match self {
            Self::Vote => TaskState::Computed(cast.computed),
            Self::Reveal => TaskState::Committed(cast),
        }
    }
}

/// What an errand left undone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Left {
    /// The tasks for which nothing was done, and for which doing it again at once would not help.
    pub(crate) tasks: Vec<TaskId>,
    /// Whether neither the deal nor the worker's key could pay for a single task.
    pub(crate) is_unpaid: bool,
}

/// Sends something and writes down what came of it. Returns what was left undone.
pub(crate) async fn send<B: Behaviour>(
    shared: &Shared<B>,
    occasion: &Occasion,
    errand: Errand,
) -> Result<Left, WorkerError> {
    let (step, casts, without) = match errand {
        Errand::CleanUp(task, overdue) => {
            return Ok(Left {
                tasks: clean_up(shared, task, overdue).await,
                is_unpaid: false,
            });
        }
        Errand::Contribute(candidates) => {
            let (casts, abstained) = ballots(shared, occasion, candidates);
            (Step::Vote, casts, abstained)
        }
        Errand::Reveal(casts) => {
            let (casts, unopenable) = openable(shared, occasion, casts);
            (Step::Reveal, casts, unopenable)
        }
    };
    let mut left = Left::default();
    if !casts.is_empty() {
        left = make(shared, occasion.clone(), step, casts).await?;
    }
    left.tasks.extend(without);
    Ok(left)
}

/// The votes to be sent, and the tasks for which there is none now.
fn ballots<B: Behaviour>(
    shared: &Shared<B>,
    occasion: &Occasion,
    candidates: Vec<Candidate>,
) -> (Vec<(TaskId, Cast)>, Vec<TaskId>) {
    let (mut casts, mut abstained) = (Vec::new(), Vec::new());
    for Candidate {
        task,
        computed,
        sent,
        seen,
    } in candidates
    {
        let honest = Ballot::of(&computed, &occasion.terms, &shared.worker, task);
        match sent.or_else(|| shared.behaviour.vote(honest, &seen)) {
            Some(ballot) => {
                let cast = Cast {
                    computed,
                    ballot,
                    since: occasion.now,
                };
                casts.push((task, cast));
            }
            None => abstained.push(task),
        }
    }
    (casts, abstained)
}

/// The votes that the stored results open, and the tasks of the others.
fn openable<B: Behaviour>(
    shared: &Shared<B>,
    occasion: &Occasion,
    casts: Vec<(TaskId, Cast)>,
) -> (Vec<(TaskId, Cast)>, Vec<TaskId>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (task, cast) in casts {
        let opened = Ballot::of(&cast.computed, &occasion.terms, &shared.worker, task);
        if opened == cast.ballot {
            good.push((task, cast.at(occasion.now)));
        } else {
            tracing::error!(
                %task,
                "the stored result does not open the stored vote; it is not revealed"
            );
            bad.push(task);
        }
    }
    (good, bad)
}

/// What follows when a batch was not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// Its halves may be made.
    Halve,
    /// Its tasks rest.
    Rest,
    /// So do all others of the errand: nothing can pay for a single one.
    RestAll,
}

impl Next {
    /// What follows for a batch of this many tasks. A smaller one can be covered by what the deal has
    /// prepaid where a larger one is not.
    fn after(error: &TransactionError, tasks: usize) -> Self {
        let is_unpaid = matches!(error, TransactionError::CannotPay { .. });
        if tasks > 1 && (is_unpaid || is_about_one_task(error)) {
            Self::Halve
        } else if is_unpaid {
            Self::RestAll
        } else {
            Self::Rest
        }
    }
}

/// Makes a step of tasks in the order of their indexes. A batch that the node does not take because
/// of one of its tasks is halved until that one is alone, and so is one that nothing can pay for.
async fn make<B: Behaviour>(
    shared: &Shared<B>,
    mut occasion: Occasion,
    step: Step,
    mut casts: Vec<(TaskId, Cast)>,
) -> Result<Left, WorkerError> {
    casts.sort_by_key(|(task, _)| *task);
    let under_way = |(task, cast): &(TaskId, Cast)| (*task, step.under_way(cast.clone()));
    shared.store.advance_all(casts.iter().map(under_way))?;
    let mut left = Left::default();
    let mut batches = vec![casts];
    while let Some(mut batch) = batches.pop() {
        let call = call(shared, &occasion, step, &batch)?;
        match submit(shared, call).await {
            Ok(receipt) => left.tasks.extend(note(shared, step, batch, &receipt)?),
            Err(error) => match Next::after(&error, batch.len()) {
                Next::Halve => {
                    let second = batch.split_off(batch.len() / 2);
                    batches.extend([second, batch]);
                }
                Next::Rest => left.tasks.extend(take_back(shared, step, batch, &error)?),
                Next::RestAll => {
                    tracing::warn!(%error, "{}", unpaid(Some(step)));
                    left.is_unpaid = true;
                    for batch in iter::once(batch).chain(batches.drain(..)) {
                        left.tasks.extend(take_back(shared, step, batch, &error)?);
                    }
                }
            },
        }
        // Votes may have come meanwhile. What cannot be asked now is found out by the next call.
        if !batches.is_empty()
            && let Ok(most_votes) = most_votes(shared, occasion.deal).await
        {
            occasion.most_votes = most_votes;
        }
    }
    Ok(left)
}

/// Most votes that a task of the deal has now.
async fn most_votes<B: Behaviour>(shared: &Shared<B>, deal: DealId) -> Result<u32, ClientError> {
    let view = shared.client.at(At::Best).await?;
    let progress = view.progress(deal).await?.unwrap_or_default();
    Ok(progress.most_votes)
}

/// The call that makes the step.
fn call<B: Behaviour>(
    shared: &Shared<B>,
    occasion: &Occasion,
    step: Step,
    batch: &[(TaskId, Cast)],
) -> Result<Call, WorkerError> {
    let (deal, max_votes) = (occasion.deal, occasion.max_votes());
    let sealed = occasion.terms.verification.is_sealed();
    Ok(match (step, batch) {
        (Step::Reveal, [(task, cast)]) if sealed => {
            calls::poco::open_sealed(deal, opening(task, cast), cast.computed.salt)
        }
        (Step::Reveal, _) => {
            let items: Vec<Opening> = batch
                .iter()
                .map(|(task, cast)| opening(task, cast))
                .collect();
            let items = bounded("batch", items).map_err(ClientError::from)?;
            calls::poco::reveal_many(deal, items, max_votes)
        }
        (Step::Vote, _) => {
            let items: Vec<Contribution> = batch
                .iter()
                .map(|(task, cast)| Contribution {
                    index: task.index,
                    commitment: cast.ballot.commitment,
                    seal: cast.ballot.seal,
                })
                .collect();
            let items = bounded("batch", items).map_err(ClientError::from)?;
            let max_stake = occasion.terms.worker_stake.min(shared.config.max_stake);
            // Deals that need an authorisation are left alone.
            calls::poco::contribute_many(deal, items, max_stake, None, max_votes)
        }
    })
}

fn opening(task: &TaskId, cast: &Cast) -> Opening {
    let computed = cast.computed.clone();
    Opening {
        index: task.index,
        outcome: computed.outcome,
        trace: computed.trace,
        locator: computed.locator,
        inline: computed.inline,
    }
}

/// Writes down what came of a batch that the chain took, as a whole or in part. Returns the tasks
/// that it refused.
fn note<B: Behaviour>(
    shared: &Shared<B>,
    step: Step,
    batch: Vec<(TaskId, Cast)>,
    receipt: &Receipt,
) -> Result<Vec<TaskId>, StoreError> {
    let block = receipt.block.number;
    let refused: HashMap<_, _> = receipt
        .refused
        .iter()
        .map(|item| (item.index, item.error.as_str()))
        .collect();
    let all = batch.len();
    let (mut moves, mut left) = (Vec::new(), Vec::new());
    for (task, cast) in batch {
        match refused.get(&task.index) {
            None => moves.push((task, step.done(cast.at(block)))),
            Some(reason) => {
                tracing::info!(%task, ?step, reason, "the chain refused");
                left.push(task);
                if !is_there_already(reason) {
                    moves.push((task, step.undone(cast)));
                }
            }
        }
    }
    let taken = all.saturating_sub(left.len());
    tracing::info!(?step, block, taken, refused = left.len(), "on the chain");
    shared.store.advance_all(moves)?;
    Ok(left)
}

/// Writes down that a batch came to nothing, if that is certain. Returns its tasks.
fn take_back<B: Behaviour>(
    shared: &Shared<B>,
    step: Step,
    batch: Vec<(TaskId, Cast)>,
    error: &TransactionError,
) -> Result<Vec<TaskId>, StoreError> {
    let tasks = batch.iter().map(|(task, _)| *task).collect();
    if was_not_made(error) {
        let undone = |(task, cast): (TaskId, Cast)| (task, step.undone(cast));
        shared.store.advance_all(batch.into_iter().map(undone))?;
    }
    Ok(tasks)
}

async fn clean_up<B: Behaviour>(shared: &Shared<B>, id: TaskId, overdue: Overdue) -> Vec<TaskId> {
    let call = match overdue {
        Overdue::Finalise => calls::poco::finalise(id.deal, id.index),
        Overdue::Reopen => calls::poco::reopen(id.deal, id.index),
        Overdue::Claim => calls::poco::claim(id.deal, id.index),
    };
    match submit(shared, call).await {
        Ok(_) => {
            tracing::info!(task = %id, ?overdue, "did what others were late with");
            Vec::new()
        }
        Err(error) => {
            if matches!(error, TransactionError::CannotPay { .. }) {
                tracing::warn!(task = %id, %error, "{}", unpaid(None));
            }
            vec![id]
        }
    }
}

/// What it means that neither the deal nor the worker's key can pay for a step, or for a call about
/// what others are late with.
fn unpaid(step: Option<Step>) -> &'static str {
    match step {
        Some(Step::Vote) => {
            "what is left of the deal's prepaid money does not cover this vote and its reveal, and the \
             worker's key cannot pay the fee: the vote waits for prepaid money that other calls leave \
             over, and lapses at the deal's contribution deadline"
        }
        Some(Step::Reveal) => {
            "nothing is left of the deal's prepaid money for this reveal, and the worker's key cannot \
             pay the fee: without the reveal the stake behind the vote is lost. Send the key a little \
             money now (`ergon transfer`)"
        }
        None => {
            "the deal does not pay for this call about what others are late with, and the worker's key \
             cannot pay the fee: the call can wait, because others may make it, and idle blocks do in \
             the end what is due"
        }
    }
}

async fn submit<B: Behaviour>(shared: &Shared<B>, call: Call) -> Result<Receipt, TransactionError> {
    let name = call.name();
    let result = shared.queue.submit(call, Wait::InBlock).await;
    match &result {
        Ok(_) => {}
        // Somebody was faster: this happens every day.
        Err(TransactionError::Refused { error, .. } | TransactionError::Useless { error, .. }) => {
            tracing::info!(call = name, reason = %error, "the chain refused");
        }
        // What that means depends on what the call is for: who asked says it.
        Err(TransactionError::CannotPay { .. }) => {}
        Err(error @ TransactionError::Busy { .. }) => {
            tracing::info!(call = name, %error, "not now");
        }
        Err(error) => tracing::error!(call = name, %error, "cannot send"),
    }
    result
}

/// Whether the call certainly changed nothing on the chain.
fn was_not_made(error: &TransactionError) -> bool {
    match error {
        TransactionError::Refused { error, .. } | TransactionError::Useless { error, .. } => {
            !is_there_already(error)
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

/// Whether the vote or the reveal is on the chain already; the next look at the chain adopts it or
/// disowns it.
fn is_there_already(error: &str) -> bool {
    matches!(error, "AlreadyContributed" | "AlreadyRevealed")
}

/// Whether the node refused a whole batch for something that may be true of one of its tasks alone.
fn is_about_one_task(error: &TransactionError) -> bool {
    let TransactionError::Useless { error, .. } = error else {
        return false;
    };
    matches!(
        error.as_str(),
        "NoSuchTask"
            | "NotActive"
            | "AlreadyContributed"
            | "TooManyContributors"
            | "TooLittleFree"
            | "NotRevealing"
            | "NotAContributor"
            | "VotedOtherwise"
            | "VoteRejected"
            | "AlreadyRevealed"
            | "CommitmentMismatch"
            | "SealMismatch"
            | "TooManyWorkers"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        choice::tests::deal,
        task::{
            Phase,
            tests::{cast, task},
        },
    };
    use sp_core::H256;

    fn refused(error: &str) -> TransactionError {
        TransactionError::Refused {
            call: "Poco.contribute_many".into(),
            pallet: "Poco".into(),
            error: error.into(),
            documentation: "No.".into(),
        }
    }

    fn useless(error: &str) -> TransactionError {
        TransactionError::Useless {
            call: "Poco.contribute_many".into(),
            pallet: "Poco".into(),
            error: error.into(),
            documentation: "No.".into(),
        }
    }

    #[test]
    fn only_certain_refusals_take_a_vote_back() {
        for refusal in [refused, useless] {
            assert!(was_not_made(&refusal("NotActive")));
            assert!(was_not_made(&refusal("TooLittleFree")));
            assert!(!was_not_made(&refusal("AlreadyContributed")));
            assert!(!was_not_made(&refusal("AlreadyRevealed")));
        }
        assert!(was_not_made(&cannot_pay()));
        assert!(!was_not_made(&TransactionError::TimedOut {
            call: "Poco.contribute_many".into(),
            extrinsic: H256::zero(),
            seconds: 1,
        }));
    }

    #[test]
    fn batches_are_halved_only_for_what_one_task_can_cause() {
        assert!(is_about_one_task(&useless("NotActive")));
        assert!(!is_about_one_task(&useless("ContributionsClosed")));
        assert!(!is_about_one_task(&useless("TooManyVotes")));
        // Made and paid: it is refused only when every task is.
        assert!(!is_about_one_task(&refused("NotActive")));
    }

    fn cannot_pay() -> TransactionError {
        TransactionError::CannotPay {
            call: "Poco.contribute_many".into(),
            account: "5Grwva".into(),
        }
    }

    #[test]
    fn what_cannot_be_paid_as_a_whole_is_tried_in_parts_and_then_rests_with_all_others() {
        assert_eq!(Next::after(&cannot_pay(), 2), Next::Halve);
        assert_eq!(Next::after(&cannot_pay(), 1), Next::RestAll);
        assert_eq!(Next::after(&useless("NotActive"), 2), Next::Halve);
        assert_eq!(Next::after(&useless("NotActive"), 1), Next::Rest);
        assert_eq!(Next::after(&useless("TooManyVotes"), 9), Next::Rest);
    }

    #[test]
    fn a_call_for_which_another_one_waits_is_neither_taken_back_nor_halved() {
        let busy = TransactionError::Busy {
            call: "Poco.contribute_many".into(),
            attempts: 1,
            reason: "another call waits".into(),
        };
        assert!(!was_not_made(&busy));
        assert_eq!(Next::after(&busy, 9), Next::Rest);
    }

    #[test]
    fn want_of_money_is_explained_by_what_the_call_is_for() {
        let vote = unpaid(Some(Step::Vote));
        assert!(vote.contains("contribution deadline"), "{vote}");
        let reveal = unpaid(Some(Step::Reveal));
        assert!(reveal.contains("stake"), "{reveal}");
        assert!(reveal.contains("`ergon transfer`"), "{reveal}");
        let clean_up = unpaid(None);
        assert!(clean_up.contains("others may make it"), "{clean_up}");
        for text in [vote, clean_up] {
            assert!(!text.contains("stake"), "{text}");
        }
    }

    #[test]
    fn calls_reckon_with_some_more_votes_and_never_with_more_than_there_can_be() {
        let occasion = |most_votes| Occasion {
            deal: task(0).deal,
            terms: Arc::new(deal()),
            most_votes,
            now: 110,
        };
        assert_eq!(occasion(1).max_votes(), 1 + ROOM_FOR_VOTES);
        assert_eq!(occasion(MAX_CONTRIBUTORS).max_votes(), MAX_CONTRIBUTORS);
        assert_eq!(occasion(u32::MAX).max_votes(), MAX_CONTRIBUTORS);
    }

    #[test]
    fn steps_lead_on_and_back() {
        for (step, before, under_way, after) in [
            (
                Step::Vote,
                Phase::Computed,
                Phase::Committing,
                Phase::Committed,
            ),
            (
                Step::Reveal,
                Phase::Committed,
                Phase::Revealing,
                Phase::Revealed,
            ),
        ] {
            assert_eq!(step.undone(cast(1, 1)).phase(), before);
            assert_eq!(step.under_way(cast(1, 1)).phase(), under_way);
            assert_eq!(step.done(cast(1, 1)).phase(), after);
            assert!(before.may_become(under_way));
            assert!(under_way.may_become(after) && under_way.may_become(before));
        }
    }

    #[test]
    fn errands_name_their_tasks() {
        let casts = vec![(task(3), cast(1, 1)), (task(5), cast(1, 1))];
        assert_eq!(Errand::Reveal(casts).tasks(), [task(3), task(5)]);
        let cleaning = Errand::CleanUp(task(7), Overdue::Claim);
        assert_eq!(cleaning.tasks(), [task(7)]);
    }
}
