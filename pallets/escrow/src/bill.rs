//! What tasks that end together move: added up account by account, and what each task has of it.
//! Arithmetic over plain values, without chain or storage.

use crate::{
    EscrowAccount,
    payout::{self, Held, Parts, PayoutTerms},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use ergon_primitives::{
    AccountId, Balance, Deal, Payment,
    traits::{EndedTask, Ending, Settlement, UntouchedEnd, Winner},
};

/// What leaves the holds of payer and operator.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Released {
    /// Of the payer's hold, spent.
    pub spent: Balance,
    /// Of the payer's hold, back to the payer.
    pub refund: Balance,
    /// Of the operator's hold, lost.
    pub lost: Balance,
    /// Of the operator's hold, back to the operator.
    pub returned: Balance,
}

/// Who could not take what it should have got.
#[derive(Clone, Default, Debug)]
pub(crate) struct Refusals {
    /// The payer its refund.
    pub refund: bool,
    /// The operator its stake.
    pub stake: bool,
    /// These accounts what they had earned.
    pub payees: BTreeSet<AccountId>,
}

/// Who is paid beside the winners.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payees<'a> {
    /// Owner of the app.
    pub app: &'a AccountId,
    /// Owner of the dataset, if one is used.
    pub dataset: Option<&'a AccountId>,
    /// Who gets what the operator earns.
    pub operator: &'a AccountId,
}

/// The bill of some tasks of a deal that end together.
pub(crate) struct Bill<'a> {
    /// What leaves the holds.
    pub released: Released,
    /// What each account has earned; none of the amounts is 0.
    pub earned: BTreeMap<&'a AccountId, Balance>,
    /// How many of the tasks have a result that is paid.
    pub proven: u32,
    payees: Payees<'a>,
    tasks: Vec<(&'a EndedTask, Parts)>,
}

impl<'a> Bill<'a> {
    /// The bill of tasks that somebody worked on. More tasks than are open cost nobody anything; what
    /// their losers lost is the treasury's.
    pub(crate) fn new(
        account: &EscrowAccount,
        terms: &Deal,
        payees: Payees<'a>,
        ended: &'a [EndedTask],
    ) -> Self {
        let (terms, held) = (PayoutTerms::from(terms), held(account));
        let mut bill = Self {
            released: Released::default(),
            earned: BTreeMap::new(),
            proven: 0,
            payees,
            tasks: Vec::with_capacity(ended.len()),
        };
        let open = account.open_tasks as usize;
        for task in ended.iter().take(open) {
            let parts = payout::parts(&terms, held, &task.ending, task.slashed);
            bill.released.add(held, &parts);
            bill.earn(task, &parts);
            bill.tasks.push((task, parts));
        }
        bill.tasks
            .extend(ended.iter().skip(open).map(|task| (task, lost(task))));
        bill
    }

    /// What each task moved, once it is known who could not take its sum.
    pub(crate) fn settlements(&self, refusals: &Refusals) -> Vec<Settlement> {
        self.tasks
            .iter()
            .map(|(task, parts)| self.settlement(task, parts, refusals))
            .collect()
    }

    fn earn(&mut self, task: &'a EndedTask, parts: &Parts) {
        let is_proven = matches!(task.ending, Ending::Proven { .. });
        self.proven = self.proven.saturating_add(is_proven.into());
        for (winner, amount) in winners(task).iter().zip(&parts.workers) {
            self.add(&winner.owner, *amount);
        }
        self.add(self.payees.app, parts.app);
        if let Some(owner) = self.payees.dataset {
            self.add(owner, parts.dataset);
        }
        self.add(self.payees.operator, parts.operator);
    }

    fn add(&mut self, to: &'a AccountId, amount: Balance) {
        if amount > 0 {
            let sum = self.earned.entry(to).or_default();
            *sum = sum.saturating_add(amount);
        }
    }

    fn settlement(&self, task: &EndedTask, parts: &Parts, refusals: &Refusals) -> Settlement {
        let mut outcome = Arrivals::new(parts.treasury, refusals);
        let workers = winners(task)
            .iter()
            .zip(&parts.workers)
            .map(|(winner, amount)| Payment {
                to: winner.owner.clone(),
                amount: outcome.paid(&winner.owner, *amount),
            })
            .collect();
        outcome.give_back_stake(parts.released);
        Settlement {
            workers,
            app: outcome.paid(self.payees.app, parts.app),
            dataset: self
                .payees
                .dataset
                .map_or(0, |owner| outcome.paid(owner, parts.dataset)),
            operator: outcome.paid(self.payees.operator, parts.operator),
            refunded: outcome.refunded(parts.refund),
            treasury: outcome.treasury,
        }
    }
}

impl Released {
    fn add(&mut self, held: Held, parts: &Parts) {
        let more = Self::of(held, parts);
        self.spent = self.spent.saturating_add(more.spent);
        self.refund = self.refund.saturating_add(more.refund);
        self.lost = self.lost.saturating_add(more.lost);
        self.returned = self.returned.saturating_add(more.returned);
    }

    fn of(held: Held, parts: &Parts) -> Self {
        Self {
            spent: held.price.saturating_sub(parts.refund),
            refund: parts.refund,
            lost: held.stake.saturating_sub(parts.released),
            returned: parts.released,
        }
    }
}

/// The bill of `count` tasks that nobody worked on: what leaves the holds, and what all of them move.
pub(crate) fn untouched(
    account: &EscrowAccount,
    terms: &Deal,
    count: u32,
    end: UntouchedEnd,
) -> (Released, Parts) {
    let held = held(account);
    let one = payout::untouched_parts(&PayoutTerms::from(terms), held, end);
    let times = |amount: Balance| amount.saturating_mul(count.into());
    let all = Parts {
        workers: Vec::new(),
        app: 0,
        dataset: 0,
        operator: times(one.operator),
        refund: times(one.refund),
        released: times(one.released),
        treasury: times(one.treasury),
    };
    let held = Held {
        price: times(held.price),
        stake: times(held.stake),
    };
    (Released::of(held, &all), all)
}

/// What tasks moved that nobody worked on, once it is known who could not take its sum.
pub(crate) fn untouched_settlement(
    all: &Parts,
    earner: &AccountId,
    refusals: &Refusals,
) -> Settlement {
    let mut outcome = Arrivals::new(all.treasury, refusals);
    outcome.give_back_stake(all.released);
    Settlement {
        operator: outcome.paid(earner, all.operator),
        refunded: outcome.refunded(all.refund),
        treasury: outcome.treasury,
        ..Settlement::default()
    }
}

/// Tells what arrived, and gives the rest to the treasury.
struct Arrivals<'a> {
    refusals: &'a Refusals,
    treasury: Balance,
}

impl<'a> Arrivals<'a> {
    fn new(treasury: Balance, refusals: &'a Refusals) -> Self {
        Self { refusals, treasury }
    }

    fn paid(&mut self, to: &AccountId, amount: Balance) -> Balance {
        self.unless(self.refusals.payees.contains(to), amount)
    }

    fn refunded(&mut self, amount: Balance) -> Balance {
        self.unless(self.refusals.refund, amount)
    }

    /// A settlement does not tell of a stake that goes back, only of one that does not.
    fn give_back_stake(&mut self, amount: Balance) {
        self.unless(self.refusals.stake, amount);
    }

    fn unless(&mut self, refused: bool, amount: Balance) -> Balance {
        if !refused {
            return amount;
        }
        self.treasury = self.treasury.saturating_add(amount);
        0
    }
}

/// What each task had on hold.
fn held(account: &EscrowAccount) -> Held {
    Held {
        price: account.task_price,
        stake: account.operator_stake,
    }
}

/// The parts of a task for which nothing is on hold.
fn lost(task: &EndedTask) -> Parts {
    Parts {
        treasury: task.slashed,
        ..Parts::default()
    }
}

fn winners(task: &EndedTask) -> &[Winner] {
    match &task.ending {
        Ending::Proven { winners, .. } => winners,
        Ending::Unavailable | Ending::Failed { .. } => &[],
    }
}
