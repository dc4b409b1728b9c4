//! The protocol once more, from its text (§4 to §8), in plain numbers: parties are names, answers are
//! numbers, money is what lies in purses. Nothing here is taken from the pallets.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub type Money = u128;
pub type Block = u32;

/// T of the only category.
const T: Block = 20;
/// Tasks of a deal that the pool works on at a time.
const PARALLELISM: u32 = 4;
const MILLI: Money = 1_000_000_000;
const EXISTENTIAL: Money = MILLI;
const MIN_BOND: Money = 5_000 * MILLI;
const MIN_SCORED: Money = MILLI;
const PRICE_OF_CALL: Money = MILLI / 100;
/// How long deals stay that have ended.
const KEPT: Block = 10;
const MOST_VOTES: usize = 32;

/// Who has a purse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Party {
    Provider,
    DataOwner,
    Operator,
    Requester,
    /// Pays for others.
    Sponsor,
    /// The wallet of the pool's hub.
    Wallet,
    Treasury,
    /// Owner of a worker's bond.
    Owner(u8),
}

/// What a worker can find, by the number of its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Finding {
    Output(u8),
    Fault,
    Unavailable,
}

/// How many answers there are.
pub const ANSWERS: u8 = 4;

pub fn finding(answer: u8) -> Finding {
    match answer {
        0 | 1 => Finding::Output(answer + 1),
        2 => Finding::Fault,
        _ => Finding::Unavailable,
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    Replication,
    /// With so many votes.
    Blind(u32),
    /// Two racers and so many referees.
    Race(u32),
}

impl Method {
    pub fn is_sealed(self) -> bool {
        self != Method::Replication
    }

    fn awaited(self, trust: u32) -> u32 {
        match self {
            Method::Replication => needed(trust),
            Method::Blind(voters) => voters,
            Method::Race(referees) => 2 + referees,
        }
    }
}

/// Fresh workers that must agree: `2^n ≥ trust`.
pub fn needed(trust: u32) -> u32 {
    (1..32)
        .find(|votes| 1u64 << votes >= u64::from(trust))
        .unwrap()
}

/// What comes of a callback.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Callback {
    Remark,
    Garbage,
    Sweep,
}

/// Terms of a deal.
#[derive(Clone, Copy, Debug)]
pub struct Agreement {
    pub volume: u32,
    pub trust: u32,
    pub method: Method,
    pub authorised: bool,
    pub started: Block,
    pub payer: Party,
    pub app: Money,
    pub data: Money,
    pub pool: Money,
    /// Worker stake, in percent of the pool price.
    pub stake_ratio: Money,
    pub callback: Option<Callback>,
}

impl Agreement {
    fn widening(&self) -> u32 {
        self.volume.div_ceil(PARALLELISM).max(1)
    }

    pub fn contributions_until(&self) -> Block {
        self.started + 7 * T * self.widening()
    }

    pub fn last(&self) -> Block {
        self.started + 10 * T * self.widening()
    }

    pub fn worker_stake(&self) -> Money {
        (self.pool * self.stake_ratio / 100).max(1)
    }

    pub fn operator_stake(&self) -> Money {
        self.pool * 30 / 100
    }

    pub fn price(&self) -> Money {
        self.app + self.data + self.pool
    }

    pub fn fee(&self) -> Money {
        let calls = self.method.awaited(self.trust) + 2 + u32::from(self.callback.is_some());
        PRICE_OF_CALL * Money::from(calls) * Money::from(self.volume)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Committed,
    Revealed,
    Rejected,
}

/// A vote.
#[derive(Clone, Debug)]
pub struct Ballot {
    pub worker: u8,
    pub answer: u8,
    pub weight: u32,
    pub standing: Standing,
    /// Its worker did not know the answer, and has no seal of it.
    pub copied: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    Active,
    Revealing { answer: u8, since: Block },
    Opening { since: Block },
    Settled { answer: u8, by: u8, at: Block },
    Failed(Block),
    Cancelled(Block),
}

/// A task that somebody has touched.
#[derive(Clone, Debug)]
pub struct Job {
    pub phase: Phase,
    pub ballots: Vec<Ballot>,
    /// Answers that were shown, and who did so first.
    pub shown: Vec<(u8, u8)>,
}

impl Job {
    fn new() -> Self {
        Self {
            phase: Phase::Active,
            ballots: Vec::new(),
            shown: Vec::new(),
        }
    }

    pub fn has_ended(&self) -> bool {
        matches!(
            self.phase,
            Phase::Settled { .. } | Phase::Failed(_) | Phase::Cancelled(_)
        )
    }

    pub fn ballot_of(&self, worker: u8) -> Option<&Ballot> {
        self.ballots.iter().find(|ballot| ballot.worker == worker)
    }

    /// Group weights in the order in which groups began, and the total.
    fn tally<'a>(ballots: impl Iterator<Item = &'a Ballot>) -> (Vec<(u8, u32, u128)>, u128) {
        let (mut groups, mut total) = (Vec::<(u8, u32, u128)>::new(), 1u128);
        for ballot in ballots {
            let weight = u128::from(ballot.weight);
            let known = groups.iter_mut().find(|group| group.0 == ballot.answer);
            let (before, after) = match known {
                Some(group) => {
                    let before = group.2;
                    group.1 += 1;
                    group.2 = before.max(1) * weight;
                    (before, group.2)
                }
                None => {
                    groups.push((ballot.answer, 1, weight));
                    (0, weight)
                }
            };
            total += after - before;
        }
        (groups, total)
    }

    fn live(&self) -> impl Iterator<Item = &Ballot> {
        self.ballots
            .iter()
            .filter(|ballot| ballot.standing != Standing::Rejected)
    }

    fn opened(&self) -> impl Iterator<Item = &Ballot> {
        self.ballots
            .iter()
            .filter(|ballot| ballot.standing == Standing::Revealed)
    }

    /// The answer that is credible, if one is.
    fn consensus<'a>(ballots: impl Iterator<Item = &'a Ballot>, trust: u32) -> Option<u8> {
        let (groups, total) = Self::tally(ballots);
        let mut best: Option<(u8, u32, u128)> = None;
        for group in groups {
            if best.is_none_or(|best| group.2 > best.2) {
                best = Some(group);
            }
        }
        let (answer, voters, weight) = best?;
        let fewest = match trust {
            0..=2 => 1,
            3..=16 => 2,
            _ => 3,
        };
        let trust = u128::from(trust);
        (voters >= fewest && weight * trust > total * (trust - 1)).then_some(answer)
    }

    /// Whether one group of the live votes has consensus: only the one that has just grown can.
    fn credible(&self, answer: u8, trust: u32) -> bool {
        let (groups, total) = Self::tally(self.live());
        let fewest = if trust >= 17 {
            3
        } else {
            1 + u32::from(trust >= 3)
        };
        let trust = u128::from(trust);
        groups.iter().any(|(of, voters, weight)| {
            *of == answer && *voters >= fewest && weight * trust > total * (trust - 1)
        })
    }

    fn show(&mut self, answer: u8, worker: u8) {
        if self.shown.iter().all(|(known, _)| *known != answer) {
            self.shown.push((answer, worker));
        }
    }

    fn first_to_show(&self, answer: u8) -> u8 {
        let shown = self.shown.iter().find(|(known, _)| *known == answer);
        shown.unwrap().1
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    Active,
    Failed(Block),
    Cancelled(Block),
}

/// How all untouched tasks of a deal end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RestEnd {
    Failed,
    ByPayer,
    Harmful,
}

#[derive(Clone, Debug)]
pub struct Bargain {
    pub terms: Agreement,
    pub jobs: BTreeMap<u32, Job>,
    pub rest: Rest,
    pub open: u32,
    pub spent: Money,
    pub ended: Option<Block>,
    pub gone: bool,
    pub revoked: BTreeSet<u8>,
    last_scored: BTreeMap<u8, Block>,
}

impl Bargain {
    fn untouched(&self) -> u32 {
        self.terms.volume - self.jobs.len() as u32
    }

    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    pub fn most_votes(&self) -> u32 {
        let votes = self.jobs.values().map(|job| job.ballots.len() as u32);
        votes.max().unwrap_or(0)
    }

    /// Votes that are neither shown nor judged.
    pub fn open_votes(&self) -> u32 {
        let jobs = self.jobs.values().filter(|job| !job.has_ended());
        let ballots = jobs.flat_map(|job| &job.ballots);
        ballots
            .filter(|ballot| ballot.standing == Standing::Committed)
            .count() as u32
    }

    pub fn prepaid(&self) -> Money {
        if self.gone {
            0
        } else {
            self.terms.fee().saturating_sub(self.spent)
        }
    }

    /// The task as it is seen, whether it has a record or not.
    fn job(&self, index: u32) -> Option<Job> {
        if index >= self.terms.volume {
            return None;
        }
        Some(self.jobs.get(&index).cloned().unwrap_or_else(|| Job {
            phase: match self.rest {
                Rest::Active => Phase::Active,
                Rest::Failed(at) => Phase::Failed(at),
                Rest::Cancelled(at) => Phase::Cancelled(at),
            },
            ..Job::new()
        }))
    }

    /// When nobody has to wait for votes of the task any more, if they are awaited.
    fn awaited_until(&self, job: &Job) -> Option<Block> {
        match job.phase {
            Phase::Revealing { since, .. } | Phase::Opening { since } => Some(since + 2 * T),
            Phase::Active if self.terms.method.is_sealed() && !job.ballots.is_empty() => {
                Some(self.terms.contributions_until())
            }
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Bond {
    pub amount: Money,
    pub locked: Money,
}

/// What becomes of a ballot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// With what pay is measured by.
    Wins(u32),
    Loses,
    Released,
    Gone,
}

enum Verdict {
    Result { answer: u8, by: u8 },
    NoResult { blame: bool },
    Broken,
}

/// What a call leaves to be done at its end.
#[derive(Default)]
struct Bill {
    earned: BTreeMap<Party, Money>,
    proven: BTreeSet<u8>,
    disproven: BTreeMap<u8, u32>,
}

/// What a worker brings along for a vote.
#[derive(Clone, Copy, Debug)]
pub struct Voter {
    /// Number of its bond; none for a key without bond.
    pub worker: Option<u8>,
    pub max_stake: Money,
    /// First and last task and last block of an authorisation that the present authoriser signed.
    pub authorisation: Option<(u32, u32, Block)>,
}

/// A vote that somebody wants to cast.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub index: u32,
    pub answer: u8,
    pub copied: bool,
    /// Whether its commitment shows which answer it is.
    pub shows: bool,
}

/// The order in which roles of a race fall to workers: by a block, those who came first.
pub type Roles = fn(Block, &[u8]) -> Vec<u8>;

/// Everything that counts.
#[derive(Clone)]
pub struct Model {
    pub now: Block,
    pub harmful: bool,
    pub hub: bool,
    pub purses: BTreeMap<Party, Money>,
    pub bonds: Vec<Bond>,
    pub scores: Vec<u32>,
    pub deals: Vec<Bargain>,
    /// Settled tasks whose callbacks wait.
    pub callbacks: VecDeque<(usize, u32)>,
    pub burned: Money,
    roles: Roles,
}

impl Model {
    /// Whether the worker's bond has something to lose.
    pub fn is_backed(&self, worker: u8) -> bool {
        let bond = &self.bonds[worker as usize];
        bond.amount >= MIN_BOND || bond.locked > 0
    }

    pub fn new(
        now: Block,
        purses: BTreeMap<Party, Money>,
        bonds: Vec<Bond>,
        scores: Vec<u32>,
        roles: Roles,
    ) -> Self {
        Self {
            now,
            harmful: false,
            hub: false,
            purses,
            bonds,
            scores,
            deals: Vec::new(),
            callbacks: VecDeque::new(),
            burned: 0,
            roles,
        }
    }

    /// A deal is made: what it may cost is put aside.
    pub fn agree(&mut self, terms: Agreement) {
        let tasks = Money::from(terms.volume);
        self.take(terms.payer, terms.price() * tasks + terms.fee());
        self.take(Party::Operator, terms.operator_stake() * tasks);
        self.deals.push(Bargain {
            terms,
            jobs: BTreeMap::new(),
            rest: Rest::Active,
            open: terms.volume,
            spent: 0,
            ended: None,
            gone: false,
            revoked: BTreeSet::new(),
            last_scored: BTreeMap::new(),
        });
    }

    /// A free call is paid.
    pub fn spend(&mut self, deal: usize, amount: Money) {
        let left = self.deals[deal].prepaid();
        self.deals[deal].spent += amount.min(left);
    }

    pub fn top_up(&mut self, worker: u8, amount: Money) {
        self.take(Party::Owner(worker), amount);
        self.bonds[worker as usize].amount += amount;
    }

    /// What a party has aside for tasks that have not ended, and for calls; what the operator has.
    pub fn aside(&self, party: Party) -> (Money, Money, Money) {
        let open = || self.deals.iter().filter(|deal| deal.is_open());
        let paid = || open().filter(move |deal| deal.terms.payer == party);
        let tasks = paid().map(|deal| deal.terms.price() * Money::from(deal.open));
        let fees = paid().map(|deal| deal.terms.fee());
        let stakes = open().map(|deal| deal.terms.operator_stake() * Money::from(deal.open));
        let is_operator = Money::from(party == Party::Operator);
        (tasks.sum(), fees.sum(), stakes.sum::<Money>() * is_operator)
    }

    /// Votes: which of them are taken. None are if the whole call is refused.
    pub fn contribute(
        &mut self,
        deal: usize,
        voter: &Voter,
        wishes: &[Wish],
        max_votes: Option<u32>,
    ) -> Vec<bool> {
        let refused = vec![false; wishes.len()];
        if !self.takes_batch(deal, wishes.iter().map(|wish| wish.index), max_votes) {
            return refused;
        }
        let weight = voter.worker.map_or(0, |worker| self.weight(worker));
        wishes
            .iter()
            .map(|wish| self.vote(deal, voter, wish, weight))
            .collect()
    }

    fn vote(&mut self, deal: usize, voter: &Voter, wish: &Wish, weight: u32) -> bool {
        let (now, harmful) = (self.now, self.harmful);
        let bargain = &self.deals[deal];
        let terms = bargain.terms;
        let (Some(worker), Some(mut job)) = (voter.worker, bargain.job(wish.index)) else {
            return false;
        };
        let is_authorised = !terms.authorised
            || voter.authorisation.is_some_and(|(first, last, until)| {
                first <= wish.index && wish.index <= last && now <= until
            }) && !bargain.revoked.contains(&worker);
        let bond = self.bonds[worker as usize];
        let stake = terms.worker_stake();
        let is_taken = job.phase == Phase::Active
            && !harmful
            && now < terms.contributions_until()
            && job.ballot_of(worker).is_none()
            && !(terms.method.is_sealed() && wish.shows)
            && stake <= voter.max_stake
            && is_authorised
            && job.ballots.len() < MOST_VOTES
            && bond.amount >= MIN_BOND
            && bond.amount - bond.locked >= stake;
        if !is_taken {
            return false;
        }
        self.bonds[worker as usize].locked += stake;
        job.ballots.push(Ballot {
            worker,
            answer: wish.answer,
            weight,
            standing: Standing::Committed,
            copied: wish.copied,
        });
        let has_all = job.ballots.len() as u32 >= terms.method.awaited(terms.trust);
        if terms.method.is_sealed() {
            if has_all {
                job.phase = Phase::Opening { since: now };
            }
        } else if job.credible(wish.answer, terms.trust) {
            job.phase = Phase::Revealing {
                answer: wish.answer,
                since: now,
            };
        }
        self.deals[deal].jobs.insert(wish.index, job);
        true
    }

    /// Reveals of a worker: which of them are taken.
    pub fn reveal(
        &mut self,
        deal: usize,
        worker: Option<u8>,
        items: &[(u32, u8)],
        max_votes: Option<u32>,
    ) -> Vec<bool> {
        let refused = vec![false; items.len()];
        let is_sealed = self.deals[deal].terms.method.is_sealed();
        if is_sealed || !self.takes_batch(deal, items.iter().map(|item| item.0), max_votes) {
            return refused;
        }
        let mut bill = Bill::default();
        let taken = items
            .iter()
            .map(|(index, answer)| self.show(deal, worker, *index, *answer, true, &mut bill))
            .collect();
        self.close(deal, bill);
        taken
    }

    /// A worker opens its sealed vote.
    pub fn open(
        &mut self,
        deal: usize,
        worker: Option<u8>,
        index: u32,
        answer: u8,
        knows_salt: bool,
    ) -> bool {
        let bargain = &self.deals[deal];
        if !bargain.is_open() || !bargain.terms.method.is_sealed() {
            return false;
        }
        let mut bill = Bill::default();
        let taken = self.show(deal, worker, index, answer, knows_salt, &mut bill);
        self.close(deal, bill);
        taken
    }

    fn show(
        &mut self,
        deal: usize,
        worker: Option<u8>,
        index: u32,
        answer: u8,
        knows_salt: bool,
        bill: &mut Bill,
    ) -> bool {
        let (now, harmful) = (self.now, self.harmful);
        let bargain = &self.deals[deal];
        let method = bargain.terms.method;
        let (Some(worker), Some(mut job)) = (worker, bargain.job(index)) else {
            return false;
        };
        let is_due = match job.phase {
            Phase::Revealing {
                answer: winning, ..
            } => answer == winning,
            Phase::Opening { since } => !matches!(method, Method::Race(_)) || now > since,
            _ => false,
        };
        let ballot = job
            .ballots
            .iter_mut()
            .find(|ballot| ballot.worker == worker);
        let Some(ballot) = ballot.filter(|ballot| {
            let is_own = ballot.standing == Standing::Committed && ballot.answer == answer;
            is_due && !harmful && is_own && !ballot.copied && knows_salt
        }) else {
            return false;
        };
        ballot.standing = Standing::Revealed;
        job.show(answer, worker);
        let is_last = match job.phase {
            Phase::Revealing { .. } => {
                let mut group = job.live().filter(|ballot| ballot.answer == answer);
                group.all(|ballot| ballot.standing == Standing::Revealed)
            }
            _ => job.opened().count() == job.ballots.len(),
        };
        self.deals[deal].jobs.insert(index, job);
        if is_last {
            self.judge(deal, index, bill);
        }
        true
    }

    /// Results that the authoriser takes: which of them are settled.
    pub fn accept(
        &mut self,
        deal: usize,
        worker: Option<u8>,
        items: &[(u32, u8)],
        is_signed: bool,
        max_votes: Option<u32>,
    ) -> Vec<bool> {
        let refused = vec![false; items.len()];
        let bargain = &self.deals[deal];
        let terms = bargain.terms;
        let Some(worker) = worker else {
            return refused;
        };
        let is_welcome = terms.authorised
            && terms.method == Method::Replication
            && terms.trust <= 2
            && !self.harmful
            && self.now < terms.contributions_until()
            && !bargain.revoked.contains(&worker)
            && self.bonds[worker as usize].amount >= MIN_BOND
            && is_signed;
        let indexes = items.iter().map(|item| item.0);
        if !is_welcome || !self.takes_batch(deal, indexes, max_votes) {
            return refused;
        }
        let mut bill = Bill::default();
        let weight = self.weight(worker);
        let taken = items
            .iter()
            .map(|(index, answer)| {
                let job = self.deals[deal].job(*index);
                let is_free = |job: &Job| job.phase == Phase::Active && job.ballots.is_empty();
                let Some(mut job) = job.filter(is_free) else {
                    return false;
                };
                job.ballots.push(Ballot {
                    worker,
                    answer: *answer,
                    weight,
                    standing: Standing::Revealed,
                    copied: false,
                });
                job.show(*answer, worker);
                self.deals[deal].jobs.insert(*index, job);
                let verdict = Verdict::Result {
                    answer: *answer,
                    by: worker,
                };
                let fate = match finding(*answer) {
                    Finding::Unavailable => Fate::Released,
                    _ => Fate::Wins(weight),
                };
                self.finish(deal, *index, verdict, &[fate], (false, false), &mut bill);
                true
            })
            .collect();
        self.close(deal, bill);
        taken
    }

    /// Whether such a call is looked at item by item; `None` is a single call.
    fn takes_batch(
        &self,
        deal: usize,
        indexes: impl Iterator<Item = u32> + Clone,
        max_votes: Option<u32>,
    ) -> bool {
        let bargain = &self.deals[deal];
        let ascends = indexes
            .clone()
            .zip(indexes.clone().skip(1))
            .all(|(one, next)| one < next);
        let is_small = max_votes.is_none_or(|most| bargain.most_votes() <= most);
        bargain.is_open() && ascends && is_small && indexes.count() > 0
    }

    /// `finalise` and `reopen`.
    pub fn go_on(&mut self, deal: usize, index: u32, wants_result: bool) -> bool {
        let bargain = &self.deals[deal];
        let Some(job) = bargain.job(index).filter(|_| bargain.is_open()) else {
            return false;
        };
        let due = bargain.awaited_until(&job);
        let is_taken = due.is_some_and(|due| self.now >= due)
            && !self.harmful
            && wants_result != job.shown.is_empty();
        if is_taken {
            self.expire_alone(deal, index);
        }
        is_taken
    }

    pub fn claim(&mut self, deal: usize, index: u32) -> bool {
        let bargain = &self.deals[deal];
        let Some(job) = bargain.job(index).filter(|_| bargain.is_open()) else {
            return false;
        };
        if job.has_ended() {
            return false;
        }
        if self.harmful {
            self.cancel_alone(deal, index);
            return true;
        }
        let due = bargain.awaited_until(&job);
        let is_taken = self.now >= bargain.terms.last() && due.is_none_or(|due| self.now >= due);
        if is_taken {
            self.expire_alone(deal, index);
        }
        is_taken
    }

    fn expire_alone(&mut self, deal: usize, index: u32) {
        let mut bill = Bill::default();
        self.expire(deal, index, &mut bill);
        self.close(deal, bill);
    }

    fn cancel_alone(&mut self, deal: usize, index: u32) {
        let mut bill = Bill::default();
        self.cancel_job(deal, index, &mut bill);
        self.close(deal, bill);
    }

    /// Idle time served these tasks of a deal together. Panics if it must not.
    pub fn swept(&mut self, deal: usize, tasks: &BTreeSet<u32>) {
        let mut bill = Bill::default();
        for index in tasks {
            let bargain = &self.deals[deal];
            let job = bargain.job(*index).expect("a swept task exists");
            assert!(!job.has_ended(), "a swept task has not ended before");
            let due = bargain.awaited_until(&job);
            let is_due = match due {
                Some(due) => self.now >= due,
                None => self.now >= bargain.terms.last(),
            };
            if self.harmful {
                assert!(
                    is_due || self.now >= bargain.terms.last(),
                    "swept too early"
                );
                self.cancel_job(deal, *index, &mut bill);
            } else {
                assert!(is_due, "swept too early");
                self.expire(deal, *index, &mut bill);
            }
        }
        self.close(deal, bill);
    }

    /// Idle time ended all untouched tasks of a deal. Panics if it must not.
    pub fn swept_rest(&mut self, deal: usize) {
        let bargain = &self.deals[deal];
        assert!(bargain.is_open() && self.now >= bargain.terms.last());
        assert!(bargain.rest == Rest::Active && bargain.untouched() > 0);
        self.end_rest(
            deal,
            match self.harmful {
                true => RestEnd::Harmful,
                false => RestEnd::Failed,
            },
        );
    }

    pub fn cancel(&mut self, deal: usize, is_payer: bool) -> bool {
        let bargain = &self.deals[deal];
        let is_taken = bargain.is_open()
            && is_payer
            && bargain.rest == Rest::Active
            && bargain.untouched() > 0
            && (self.harmful || self.now < bargain.terms.contributions_until());
        if is_taken {
            self.end_rest(
                deal,
                match self.harmful {
                    true => RestEnd::Harmful,
                    false => RestEnd::ByPayer,
                },
            );
        }
        is_taken
    }

    /// The authoriser or the owner of the pool revokes a worker.
    pub fn revoke(&mut self, deal: usize, worker: u8, may: bool) -> bool {
        let bargain = &mut self.deals[deal];
        bargain.is_open() && may && bargain.terms.authorised && bargain.revoked.insert(worker)
    }

    /// Whether the deal can be removed.
    pub fn is_over(&self, deal: usize) -> bool {
        let bargain = &self.deals[deal];
        !bargain.gone && bargain.ended.is_some_and(|at| self.now >= at + KEPT)
    }

    pub fn removed(&mut self, deal: usize) {
        assert!(self.is_over(deal), "a deal is removed when it is over");
        self.deals[deal].gone = true;
    }

    /// What idle time without end leaves undone, though it is due; callbacks may wait a block.
    pub fn neglected(&self) -> Option<String> {
        for (number, bargain) in self.deals.iter().enumerate() {
            if self.is_over(number) {
                return Some(format!("deal {number} is over"));
            }
            if bargain.is_open() {
                for (index, job) in &bargain.jobs {
                    let due = bargain.awaited_until(job);
                    let is_due = self.now >= due.unwrap_or(bargain.terms.last());
                    if is_due && !job.has_ended() {
                        return Some(format!("task {index} of deal {number}"));
                    }
                }
                let is_idle = bargain.rest == Rest::Active && bargain.untouched() > 0;
                if is_idle && self.now >= bargain.terms.last() {
                    return Some(format!("untouched tasks of deal {number}"));
                }
            }
        }
        None
    }

    /// Blocks at which something changes, of all deals.
    pub fn turning_points(&self) -> Vec<Block> {
        let mut points = Vec::new();
        for bargain in self.deals.iter().filter(|bargain| !bargain.gone) {
            match bargain.ended {
                Some(at) => points.push(at + KEPT),
                None => points.extend([bargain.terms.contributions_until(), bargain.terms.last()]),
            }
            let awaited = bargain.jobs.values().take(8);
            points.extend(awaited.filter_map(|job| bargain.awaited_until(job)));
        }
        points.retain(|point| *point >= self.now);
        points
    }

    /// Goes on with a task without the votes that did not come in time.
    fn expire(&mut self, deal: usize, index: u32, bill: &mut Bill) {
        let job = self.deals[deal].job(index).unwrap();
        self.deals[deal].jobs.insert(index, job.clone());
        match job.phase {
            Phase::Active => self.conclude_active(deal, index, bill),
            Phase::Revealing { answer, .. } if job.shown.is_empty() => {
                self.reject(deal, index, answer, bill);
                self.conclude_active(deal, index, bill);
            }
            Phase::Revealing { .. } | Phase::Opening { .. } => self.judge(deal, index, bill),
            Phase::Settled { .. } | Phase::Failed(_) | Phase::Cancelled(_) => unreachable!(),
        }
    }

    /// The silent group loses stake and score, and counts no more.
    fn reject(&mut self, deal: usize, index: u32, answer: u8, bill: &mut Bill) {
        let stake = self.deals[deal].terms.worker_stake();
        let job = self.deals[deal].jobs.get_mut(&index).unwrap();
        job.phase = Phase::Active;
        let silent = job
            .ballots
            .iter_mut()
            .filter(|ballot| ballot.answer == answer && ballot.standing == Standing::Committed);
        let mut lost = 0;
        for ballot in silent {
            ballot.standing = Standing::Rejected;
            let bond = &mut self.bonds[ballot.worker as usize];
            bond.amount -= stake;
            bond.locked -= stake;
            lost += stake;
            *bill.disproven.entry(ballot.worker).or_default() += 1;
        }
        self.give(Party::Treasury, lost);
    }

    fn conclude_active(&mut self, deal: usize, index: u32, bill: &mut Bill) {
        let now = self.now;
        let bargain = &mut self.deals[deal];
        let terms = bargain.terms;
        let job = bargain.jobs.get_mut(&index).unwrap();
        let is_enough = job.ballots.len() as u32 >= needed(terms.trust);
        let takes_votes = now < terms.contributions_until();
        let blame = match terms.method {
            Method::Replication => {
                // Whoever gets a chance late has the time for it.
                if let Some(answer) = Job::consensus(job.live(), terms.trust) {
                    job.phase = Phase::Revealing { answer, since: now };
                    return;
                }
                if takes_votes && job.ballots.len() < MOST_VOTES {
                    return;
                }
                is_enough
            }
            Method::Blind(_) if is_enough => {
                job.phase = Phase::Opening { since: now };
                return;
            }
            Method::Blind(_) | Method::Race(_) => false,
        };
        assert!(!(terms.method.is_sealed() && takes_votes));
        let fates = fates(job, |_| Fate::Released);
        let verdict = Verdict::NoResult { blame };
        self.finish(deal, index, verdict, &fates, (false, true), bill);
    }

    /// Judges a task by what was shown.
    fn judge(&mut self, deal: usize, index: u32, bill: &mut Bill) {
        let terms = self.deals[deal].terms;
        let job = self.deals[deal].jobs[&index].clone();
        let is_shown = |ballot: &Ballot| ballot.standing == Standing::Revealed;
        let winner = match (terms.method, job.phase) {
            (Method::Replication, Phase::Revealing { answer, .. }) => Some((answer, None)),
            (Method::Blind(_), _) => {
                Job::consensus(job.opened(), terms.trust).map(|answer| (answer, None))
            }
            (Method::Race(_), Phase::Opening { since }) => self.race(&job, since),
            _ => unreachable!(),
        };
        let Some((answer, first)) = winner else {
            let shown = job.opened().count() as u32;
            let verdict = match terms.method {
                Method::Race(_) if shown >= 2 => Verdict::Broken,
                Method::Race(_) => Verdict::NoResult { blame: false },
                _ => Verdict::NoResult {
                    blame: shown >= needed(terms.trust),
                },
            };
            let fates = fates(&job, |ballot| match is_shown(ballot) {
                true => Fate::Released,
                false => Fate::Loses,
            });
            return self.finish(deal, index, verdict, &fates, (false, true), bill);
        };
        let is_paid = finding(answer) != Finding::Unavailable;
        let fates = fates(&job, |ballot| {
            match is_shown(ballot) && ballot.answer == answer {
                _ if !is_paid => Fate::Released,
                true => Fate::Wins(match (terms.method, first) {
                    (Method::Race(_), Some(first)) => {
                        if first == ballot.worker {
                            4
                        } else {
                            2
                        }
                    }
                    _ => ballot.weight,
                }),
                false => Fate::Loses,
            }
        });
        let by = job.first_to_show(answer);
        let judged: Vec<&Ballot> = match terms.method {
            Method::Replication => job.ballots.iter().collect(),
            _ => job.opened().collect(),
        };
        let is_common_fault = finding(answer) == Finding::Fault
            && judged.iter().all(|ballot| ballot.answer == answer);
        let scored = judged.len() > 1 && !is_common_fault && is_paid;
        let verdict = Verdict::Result { answer, by };
        self.finish(deal, index, verdict, &fates, (scored, true), bill);
    }

    /// The answer that is the first to be found twice in the order of the roles, and who had it first.
    fn race(&self, job: &Job, since: Block) -> Option<(u8, Option<u8>)> {
        let opened: Vec<u8> = job.opened().map(|ballot| ballot.worker).collect();
        let mut seen: Vec<(u8, u8)> = Vec::new();
        for worker in (self.roles)(since, &opened) {
            let answer = job.ballot_of(worker).unwrap().answer;
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == answer) {
                return Some((answer, Some(*first)));
            }
            seen.push((answer, worker));
        }
        None
    }

    fn cancel_job(&mut self, deal: usize, index: u32, bill: &mut Bill) {
        let job = self.deals[deal].job(index).unwrap();
        let fates = fates(&job, |_| Fate::Released);
        self.deals[deal].jobs.insert(index, job);
        self.finish(deal, index, Verdict::Broken, &fates, (false, true), bill);
        let job = self.deals[deal].jobs.get_mut(&index).unwrap();
        job.phase = Phase::Cancelled(self.now);
    }

    /// Ends a task: stakes, money, scores. `scored`: winners prove something; `staked`: votes have
    /// stakes.
    fn finish(
        &mut self,
        deal: usize,
        index: u32,
        verdict: Verdict,
        fates: &[Fate],
        (scored, staked): (bool, bool),
        bill: &mut Bill,
    ) {
        let terms = self.deals[deal].terms;
        let workers: Vec<u8> = {
            let job = &self.deals[deal].jobs[&index];
            job.ballots.iter().map(|ballot| ballot.worker).collect()
        };
        let stake = if staked { terms.worker_stake() } else { 0 };
        let (mut lost, mut winners) = (0, Vec::new());
        for (worker, fate) in workers.iter().zip(fates) {
            let bond = &mut self.bonds[*worker as usize];
            match fate {
                Fate::Gone => (),
                Fate::Released => bond.locked -= stake,
                Fate::Wins(weight) => {
                    bond.locked -= stake;
                    winners.push((*worker, *weight));
                    if scored && terms.pool >= MIN_SCORED {
                        bill.proven.insert(*worker);
                    }
                }
                Fate::Loses => {
                    bond.locked -= stake;
                    bond.amount -= stake;
                    lost += stake;
                    *bill.disproven.entry(*worker).or_default() += 1;
                }
            }
        }
        let now = self.now;
        let phase = match verdict {
            Verdict::Result { answer, by } => {
                if terms.callback.is_some() {
                    self.callbacks.push_back((deal, index));
                }
                self.pay(&terms, finding(answer), &winners, lost, bill);
                Phase::Settled {
                    answer,
                    by,
                    at: now,
                }
            }
            Verdict::NoResult { blame } => {
                let fee = if blame { terms.pool * 5 / 100 } else { 0 };
                self.give(terms.payer, terms.price() - fee);
                self.give(Party::Treasury, fee + terms.operator_stake() + lost);
                Phase::Failed(now)
            }
            Verdict::Broken => {
                self.give(terms.payer, terms.price());
                self.give(Party::Operator, terms.operator_stake());
                self.give(Party::Treasury, lost);
                Phase::Failed(now)
            }
        };
        let bargain = &mut self.deals[deal];
        bargain.open -= 1;
        bargain.jobs.get_mut(&index).unwrap().phase = phase;
    }

    fn pay(
        &mut self,
        terms: &Agreement,
        finding: Finding,
        winners: &[(u8, u32)],
        lost: Money,
        bill: &mut Bill,
    ) {
        self.give(Party::Operator, terms.operator_stake());
        if finding == Finding::Unavailable {
            assert_eq!(lost, 0);
            return self.give(terms.payer, terms.price());
        }
        assert!(!winners.is_empty(), "somebody has shown what is paid");
        let counted = lost.min(terms.pool);
        let reward = terms.pool / 100;
        let pot = terms.pool - reward + counted;
        let whole: u32 = winners.iter().map(|(_, weight)| weight.ilog2()).sum();
        let mut dust = pot;
        for (worker, weight) in winners {
            let part = pot * Money::from(weight.ilog2()) / Money::from(whole);
            dust -= part;
            *bill.earned.entry(Party::Owner(*worker)).or_default() += part;
        }
        let earner = self.earner();
        *bill.earned.entry(earner).or_default() += reward + dust;
        *bill.earned.entry(Party::DataOwner).or_default() += terms.data;
        match finding {
            Finding::Fault => self.give(terms.payer, terms.app),
            _ => *bill.earned.entry(Party::Provider).or_default() += terms.app,
        }
        self.give(Party::Treasury, lost - counted);
    }

    fn end_rest(&mut self, deal: usize, end: RestEnd) {
        let now = self.now;
        let bargain = &mut self.deals[deal];
        let terms = bargain.terms;
        let count = bargain.untouched();
        let tasks = Money::from(count);
        bargain.open -= count;
        bargain.rest = match end {
            RestEnd::Failed => Rest::Failed(now),
            RestEnd::ByPayer | RestEnd::Harmful => Rest::Cancelled(now),
        };
        let fee = match end {
            RestEnd::ByPayer => terms.pool * 5 / 100 * tasks,
            RestEnd::Failed | RestEnd::Harmful => 0,
        };
        let staked = match end {
            RestEnd::Failed => Party::Treasury,
            RestEnd::ByPayer | RestEnd::Harmful => Party::Operator,
        };
        self.give(terms.payer, terms.price() * tasks - fee);
        self.give(staked, terms.operator_stake() * tasks);
        let mut bill = Bill::default();
        bill.earned.insert(self.earner(), fee);
        self.close(deal, bill);
    }

    /// What remains of a call: who earned is paid, scores change, the deal ends with its last task.
    fn close(&mut self, deal: usize, bill: Bill) {
        for (party, amount) in bill.earned {
            let is_dust = self.purses[&party] == 0 && amount < EXISTENTIAL;
            self.give(if is_dust { Party::Treasury } else { party }, amount);
        }
        let now = self.now;
        let bargain = &mut self.deals[deal];
        for worker in bill.proven {
            let last = bargain.last_scored.get(&worker);
            if last.is_none_or(|last| now >= last + T) {
                bargain.last_scored.insert(worker, now);
                self.scores[worker as usize] += 1;
            }
        }
        for (worker, times) in bill.disproven {
            let score = &mut self.scores[worker as usize];
            *score = (0..times).fold(*score, |score, _| score * 2 / 3);
        }
        if bargain.open == 0 && bargain.ended.is_none() {
            bargain.ended = Some(now);
            let (fee, payer) = (bargain.terms.fee(), bargain.terms.payer);
            let burned = bargain.spent.min(fee);
            self.burned += burned;
            self.give(payer, fee - burned);
        }
    }

    fn weight(&self, worker: u8) -> u32 {
        ((self.scores[worker as usize] / 3).max(3) - 1).min(8)
    }

    fn earner(&self) -> Party {
        if self.hub {
            Party::Wallet
        } else {
            Party::Operator
        }
    }

    fn give(&mut self, party: Party, amount: Money) {
        *self.purses.get_mut(&party).unwrap() += amount;
    }

    fn take(&mut self, party: Party, amount: Money) {
        *self.purses.get_mut(&party).unwrap() -= amount;
    }
}

/// Fates of a task's ballots; what was rejected before is gone.
fn fates(job: &Job, fate: impl Fn(&Ballot) -> Fate) -> Vec<Fate> {
    let fate = |ballot: &Ballot| match ballot.standing {
        Standing::Rejected => Fate::Gone,
        Standing::Committed | Standing::Revealed => fate(ballot),
    };
    job.ballots.iter().map(fate).collect()
}
