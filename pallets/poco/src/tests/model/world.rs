//! The chain beside the model: makes each step on both, and compares them.

use super::{
    reference::{
        Agreement, Ballot, Bond, Callback, Finding, Job, Method, Model, Money, Party, Phase, Rest,
        Standing, Voter, Wish, finding, needed,
    },
    steps::{Flaw, Range, Spot, Step},
};
use crate::{
    Agenda, CallbackEnds, CallbackQueue, Event, Judgement, Progress, Revocations, Revoked,
    SweepCursor, TaskPages, mock::*,
};
use codec::Encode;
use ergon_primitives::{
    AccountId, Authorisation, Contribution, DealId, DealStatus, ERG, EXECUTION_VERSION_1,
    FaultKind, MILLI_ERG, Opening, Outcome, Scheduling, Signature, Task, TaskIndex, TaskStatus,
    Untouched, Verification, Vote, VoteStatus, acceptance_message, commitment, domain_hash,
    page_of, result_digest, seal, sealed, traits::Deals,
};
use frame_support::{
    assert_ok,
    dispatch::GetDispatchInfo,
    pallet_prelude::DispatchResult,
    traits::{UnfilteredDispatchable, fungible::InspectHold},
    weights::Weight,
};
use pallet_escrow::HoldReason;
use sp_core::H256;
use std::collections::{BTreeMap, BTreeSet};

/// Workers with a bond; one more key has none.
const WORKERS: u8 = 8;
/// What a free call costs.
const COST: Money = MILLI_ERG / 300;
/// Most deals on record at a time.
const MOST_DEALS: usize = 4;
/// Where the operator earns while its pool is bound to a hub.
const WALLET: AccountId = AccountId::new([0xbb; 32]);
/// Whoever has no part in anything.
const STRANGE: AccountId = AccountId::new([0x77; 32]);

/// How often things happened.
#[derive(Default, Debug)]
pub struct Tally {
    pub settled: u32,
    pub failed: u32,
    pub cancelled: u32,
    pub rejected: u32,
    pub batches: u32,
    pub swept: u32,
    pub free: u32,
}

impl Tally {
    pub fn add(&mut self, more: &Self) {
        self.settled += more.settled;
        self.failed += more.failed;
        self.cancelled += more.cancelled;
        self.rejected += more.rejected;
        self.batches += more.batches;
        self.swept += more.swept;
        self.free += more.free;
    }
}

pub struct World {
    model: Model,
    scenes: Vec<Scene>,
    keys: Vec<AccountId>,
    authorisations: BTreeMap<(usize, u8), Authorisation>,
    /// Tasks that have ended. Nothing ends twice.
    ended: BTreeSet<(usize, TaskIndex)>,
    issuance: Money,
    pub tally: Tally,
}

/// What idle time did, a desk at a time.
enum Served {
    Tasks(usize, BTreeSet<TaskIndex>),
    Rest(usize),
    Removed(usize),
    Called(usize, TaskIndex, DispatchResult),
}

/// A deal, its tasks that were served together, and what was said of them last.
type Desk = (usize, BTreeSet<TaskIndex>, Told);

/// How far the events of a desk have come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// What happened to tasks that go on, or are about to end.
    Items,
    /// What other pallets say of it.
    Others,
    /// How tasks ended.
    Ends,
}

fn account(party: Party) -> AccountId {
    match party {
        Party::Provider => provider(),
        Party::DataOwner => data_owner(),
        Party::Operator => operator(),
        Party::Requester => requester(),
        Party::Sponsor => ANYONE,
        Party::Wallet => WALLET,
        Party::Treasury => TREASURY,
        Party::Owner(number) => owner(number),
    }
}

fn parties() -> Vec<Party> {
    let owners = (0..WORKERS).map(Party::Owner);
    let others = [
        Party::Provider,
        Party::DataOwner,
        Party::Operator,
        Party::Requester,
        Party::Sponsor,
        Party::Wallet,
        Party::Treasury,
    ];
    others.into_iter().chain(owners).collect()
}

/// The order of roles in a race whose last vote came in that block.
fn roles(since: u32, workers: &[u8]) -> Vec<u8> {
    let mut order = workers.to_vec();
    order.sort_by_key(|number| domain_hash("ergon/roles", &(hash_of(since), worker(*number))));
    order
}

fn outcome(answer: u8) -> Outcome {
    match finding(answer) {
        Finding::Output(number) => Outcome::Success(H256::repeat_byte(number)),
        Finding::Fault => Outcome::AppFault(FaultKind::Exit(1)),
        Finding::Unavailable => Outcome::Unavailable,
    }
}

fn digest(answer: u8) -> H256 {
    result_digest(EXECUTION_VERSION_1, &outcome(answer), H256::zero())
}

/// What an honest worker finds.
fn truth(deal: usize, index: TaskIndex) -> u8 {
    match (deal as u32 + index) % 8 {
        3 => 1,
        6 => 2,
        7 => 3,
        _ => 0,
    }
}

/// Four workers are honest, one is lazy, one lies, one copies, one never reveals.
fn answer_of(worker: u8, deal: usize, index: TaskIndex) -> u8 {
    let truth = truth(deal, index);
    match worker {
        4 => 3,
        5 => (truth + 1) % super::reference::ANSWERS,
        _ => truth,
    }
}

const COPIER: u8 = 6;
const SILENT: u8 = 7;

impl World {
    /// Eight workers in a pool, and no deal.
    pub fn new(scores: [u32; WORKERS as usize]) -> Self {
        for number in 0..WORKERS {
            hire(number);
            if scores[number as usize] > 0 {
                set_score(number, scores[number as usize]);
            }
        }
        System::reset_events();
        let free = |party| (party, Balances::free_balance(account(party)));
        let bond = Bond {
            amount: BOND,
            locked: 0,
        };
        let model = Model::new(
            System::block_number(),
            parties().into_iter().map(free).collect(),
            vec![bond; WORKERS as usize],
            scores.to_vec(),
            roles,
        );
        Self {
            model,
            scenes: Vec::new(),
            keys: (0..=WORKERS).map(worker).collect(),
            authorisations: BTreeMap::new(),
            ended: BTreeSet::new(),
            issuance: Balances::total_issuance(),
            tally: Tally::default(),
        }
    }

    /// Makes a step on both sides, and compares what it could change.
    pub fn make(&mut self, step: &Step) {
        match *step {
            Step::Deal {
                volume,
                trust,
                method,
                price,
                extras,
            } => self.deal(volume, trust, method, price, extras),
            Step::Vote {
                tasks,
                worker,
                flaw,
            } => self.vote(tasks, worker % (WORKERS + 1), flaw),
            Step::Reveal {
                tasks,
                worker,
                flaw,
            } => self.reveal(tasks, worker % (WORKERS + 1), flaw),
            Step::Open { task, worker, flaw } => self.open(task, worker % (WORKERS + 1), flaw),
            Step::Accept {
                tasks,
                worker,
                flaw,
            } => self.accept(tasks, worker % (WORKERS + 1), flaw),
            Step::Finalise { task, worker } => self.finalise(task, worker),
            Step::Reopen(task) => {
                let Some((number, index)) = self.task(task) else {
                    return;
                };
                let deal = self.scenes[number].id;
                let call = PocoCall::reopen { deal, index };
                self.submit(ANYONE, None, number, &[index], call, |model| {
                    vec![model.go_on(number, index, false)]
                });
            }
            Step::Claim(task) => {
                let Some((number, index)) = self.task(task) else {
                    return;
                };
                let deal = self.scenes[number].id;
                let call = PocoCall::claim { deal, index };
                self.submit(ANYONE, None, number, &[index], call, |model| {
                    vec![model.claim(number, index)]
                });
            }
            Step::Cancel { deal, by } => self.cancel(deal, by),
            Step::Revoke { deal, worker, by } => self.revoke(deal, worker % (WORKERS + 1), by),
            Step::Judge { harmful } => {
                find_harmful(harmful);
                self.model.harmful = harmful;
                System::reset_events();
            }
            Step::BindHub(is_bound) => {
                let hub = TestHub {
                    wallet: WALLET,
                    is_registered: true,
                    barred: Vec::new(),
                };
                Hub::set(is_bound.then_some(hub));
                self.model.hub = is_bound;
            }
            Step::TopUp { worker } => {
                let number = worker % WORKERS;
                let key = self.keys[number as usize].clone();
                assert_ok!(WorkerStaking::bond_extra(signed(owner(number)), key, ERG));
                self.model.top_up(number, ERG);
                self.check_parties();
                self.check_workers();
                System::reset_events();
            }
            Step::Sweep { limit } => self.sweep(limit),
            Step::Idle { weight } => self.be_idle(match weight % 4 {
                0 => Weight::MAX,
                _ => Weight::from_parts(1 << (24 + u32::from(weight) % 18), u64::MAX),
            }),
            Step::Prune { deal, limit } => self.prune(deal, limit),
            Step::Wait(blocks) => self.go_to(self.model.now + u32::from(blocks)),
            Step::Jump { point, off } => {
                let points = self.model.turning_points();
                if let Some(point) = points.get(usize::from(point) % points.len().max(1)) {
                    let block = (point + u32::from(off % 3)).saturating_sub(1);
                    self.go_to(block.max(self.model.now));
                }
            }
        }
    }

    fn go_to(&mut self, block: u32) {
        advance_to(block);
        self.model.now = block;
    }

    fn deal(&mut self, volume: u8, trust: u8, method: u8, price: u8, extras: u8) {
        let present = self.model.deals.iter().filter(|deal| !deal.gone).count();
        if present >= MOST_DEALS || self.model.harmful {
            return;
        }
        let authorised = extras & 1 != 0;
        let trust = match u32::from(trust) {
            trust if !authorised => 3 + trust % 3,
            trust if trust % 16 == 0 => 17,
            trust => 1 + trust % 5,
        };
        let method = match method % 4 {
            1 => Method::Blind(needed(trust).max(2) + u32::from(price % 3)),
            2 => Method::Race(u32::from(price % 4)),
            _ => Method::Replication,
        };
        let (pool, volume) = match price % 4 {
            0 => (MILLI_ERG / 2 + 7, volume),
            3 => (8 * ERG, 1 + volume % 4),
            _ => (MILLI_ERG, volume),
        };
        let agreement = Agreement {
            volume: volume.into(),
            trust,
            method,
            authorised,
            started: self.model.now + 1,
            payer: match extras & 8 {
                0 => Party::Requester,
                _ => Party::Sponsor,
            },
            app: 5 * MILLI_ERG,
            data: if extras & 2 != 0 { 3 * MILLI_ERG } else { 0 },
            pool,
            stake_ratio: if extras & 48 == 0 { 0 } else { 30 },
            callback: (extras & 4 != 0).then_some(match extras >> 6 {
                0 => Callback::Garbage,
                1 => Callback::Sweep,
                _ => Callback::Remark,
            }),
        };
        let needed = agreement.price() * Money::from(agreement.volume) + agreement.fee();
        let is_affordable = |party| self.model.purses[&party] > needed + 50 * ERG;
        if is_affordable(agreement.payer) && is_affordable(Party::Operator) {
            self.agree(agreement);
        }
    }

    fn agree(&mut self, agreement: Agreement) {
        let mut terms = terms()
            .workers(WORKERS)
            .volume(agreement.volume)
            .trust(agreement.trust)
            .pool_price(agreement.pool)
            .worker_stake_ratio(agreement.stake_ratio as u8)
            .payer(account(agreement.payer))
            .verification(match agreement.method {
                Method::Replication => Verification::Replication,
                Method::Blind(voters) => Verification::Blind {
                    voters: voters as u8,
                },
                Method::Race(referees) => Verification::Race {
                    referees: referees as u8,
                },
            });
        if agreement.authorised {
            terms = terms.authorised();
        }
        if agreement.data > 0 {
            terms = terms.dataset(agreement.data);
        }
        if let Some(callback) = agreement.callback {
            terms = terms.callback(match callback {
                Callback::Garbage => vec![0xff; 8],
                Callback::Sweep => RuntimeCall::from(PocoCall::sweep { limit: 3 }).encode(),
                Callback::Remark => {
                    let remark = frame_system::Call::<Test>::remark { remark: vec![1] };
                    RuntimeCall::from(remark).encode()
                }
            });
        }
        let scene = terms.deal();
        let deal = &scene.deal;
        assert_eq!(deal.started, agreement.started);
        assert_eq!(
            deal.contribution_deadline(),
            agreement.contributions_until()
        );
        assert_eq!(deal.final_deadline(), agreement.last());
        assert_eq!(deal.worker_stake, agreement.worker_stake());
        assert_eq!(deal.operator_stake, agreement.operator_stake());
        assert_eq!(deal.settlement_fee, agreement.fee());
        let is_authorised = deal.scheduling == Scheduling::Authorised;
        assert_eq!(is_authorised, agreement.authorised);
        self.model.now = System::block_number();
        self.model.agree(agreement);
        self.scenes.push(scene);
        System::reset_events();
        self.check_parties();
        self.check_deal(self.scenes.len() - 1);
    }

    /// The deal that a number stands for: mostly one that is open.
    fn number(&self, deal: u8) -> Option<usize> {
        let open: Vec<usize> = (0..self.scenes.len())
            .filter(|number| self.model.deals[*number].is_open())
            .collect();
        let any = usize::from(deal).checked_rem(self.scenes.len());
        match usize::from(deal / 16).checked_rem(open.len()) {
            Some(place) if !deal.is_multiple_of(16) => Some(open[place]),
            _ => any,
        }
    }

    /// The task that a spot stands for: mostly one of the first of its deal, and now and then none.
    fn task(&self, spot: Spot) -> Option<(usize, TaskIndex)> {
        let number = self.number(spot.deal)?;
        let volume = self.model.deals[number].terms.volume;
        let task = u32::from(spot.task);
        let index = match task % 4 {
            0 => task % (volume + 1),
            _ => (task / 4) % volume.min(4),
        };
        Some((number, index))
    }

    fn tasks(&self, range: Range, flaw: Flaw) -> Option<(usize, Vec<TaskIndex>)> {
        let (number, first) = self.task(range.from)?;
        if range.is_single {
            return Some((number, vec![first]));
        }
        let stride = usize::from(range.stride);
        let mut tasks: Vec<TaskIndex> = (0..usize::from(range.count))
            .map(|place| first + (place * stride) as u32)
            .collect();
        if flaw == Flaw::Disordered {
            tasks.reverse();
        }
        Some((number, tasks))
    }

    /// What a caller declares in a batch.
    fn max_votes(&self, number: usize, flaw: Flaw) -> u32 {
        let most = self.model.deals[number].most_votes();
        match flaw {
            Flaw::Underdeclared => most.saturating_sub(1),
            _ => most,
        }
    }

    fn answer(&self, worker: u8, number: usize, index: TaskIndex, flaw: Flaw) -> u8 {
        let answer = answer_of(worker, number, index);
        match flaw {
            Flaw::OtherAnswer => (answer + 1) % super::reference::ANSWERS,
            _ => answer,
        }
    }

    /// What a worker shows: what it voted for, if it has voted.
    fn own_answer(&self, worker: u8, number: usize, index: TaskIndex, flaw: Flaw) -> u8 {
        let job = self.model.deals[number].jobs.get(&index);
        let voted = job.and_then(|job| job.ballot_of(worker));
        let answer = voted.map_or(answer_of(worker, number, index), |ballot| ballot.answer);
        match flaw {
            Flaw::OtherAnswer => (answer + 1) % super::reference::ANSWERS,
            _ => answer,
        }
    }

    fn vote(&mut self, range: Range, worker: u8, flaw: Flaw) {
        let Some((number, tasks)) = self.tasks(range, flaw) else {
            return;
        };
        let terms = self.model.deals[number].terms;
        let is_sealed = terms.method.is_sealed();
        let authorisation = self.authorisation(number, worker, flaw);
        let proves_nothing = matches!(flaw, Flaw::Unproven | Flaw::Misproven);
        let copied = worker == COPIER || (proves_nothing && !terms.authorised);
        let max_stake = match flaw {
            Flaw::Stingy => terms.worker_stake().saturating_sub(1),
            _ => Money::MAX,
        };
        let wishes: Vec<Wish> = tasks
            .iter()
            .map(|index| Wish {
                index: *index,
                answer: self.answer(worker, number, *index, flaw),
                copied,
                shows: !is_sealed || flaw == Flaw::Unsealed,
            })
            .collect();
        let ballots = wishes.iter().map(|wish| self.ballot(number, worker, wish));
        let ballots: Vec<Contribution> = ballots.collect();
        let deal = self.scenes[number].id;
        let max_votes = (!range.is_single).then(|| self.max_votes(number, flaw));
        let call = match max_votes {
            Some(max_votes) => PocoCall::contribute_many {
                deal,
                items: ballots.try_into().unwrap(),
                max_stake,
                authorisation: authorisation.as_ref().map(|(given, _)| given.clone()),
                max_votes,
            },
            None => PocoCall::contribute {
                deal,
                index: ballots[0].index,
                commitment: ballots[0].commitment,
                seal: ballots[0].seal,
                max_stake,
                authorisation: authorisation.as_ref().map(|(given, _)| given.clone()),
            },
        };
        let voter = Voter {
            worker: (worker < WORKERS).then_some(worker),
            max_stake,
            authorisation: authorisation
                .filter(|(_, is_authentic)| *is_authentic)
                .map(|(given, _)| (given.first, given.last, given.valid_until)),
        };
        let key = self.keys[worker as usize].clone();
        self.submit(key, voter.worker, number, &tasks, call, |model| {
            model.contribute(number, &voter, &wishes, max_votes)
        });
    }

    fn ballot(&self, number: usize, worker: u8, wish: &Wish) -> Contribution {
        let (id, index) = (self.scenes[number].id, wish.index);
        Contribution {
            index,
            commitment: match wish.shows {
                true => commitment(id, index, digest(wish.answer)),
                false => H256::zero(),
            },
            seal: self.seal_of(number, index, worker, wish.answer, wish.copied),
        }
    }

    /// The seal of a vote; who copies has only that of another's.
    fn seal_of(
        &self,
        number: usize,
        index: TaskIndex,
        worker: u8,
        answer: u8,
        copied: bool,
    ) -> H256 {
        let id = self.scenes[number].id;
        let by = if copied { 0 } else { worker };
        let key = &self.keys[by as usize];
        let is_sealed = self.model.deals[number].terms.method.is_sealed();
        if copied && worker == 0 {
            H256::zero()
        } else if is_sealed {
            sealed(key, id, index, digest(answer), salt(by))
        } else {
            seal(key, id, index, digest(answer))
        }
    }

    /// An authorisation for all tasks of the deal, and whether it is what it seems.
    fn authorisation(
        &mut self,
        number: usize,
        worker: u8,
        flaw: Flaw,
    ) -> Option<(Authorisation, bool)> {
        let terms = self.model.deals[number].terms;
        if !terms.authorised || flaw == Flaw::Unproven {
            return None;
        }
        let grant = Grant {
            genesis: System::block_hash(0),
            worker: self.keys[worker as usize].clone(),
            deal: self.scenes[number].id,
            range: (0, terms.volume),
            valid_until: u32::MAX,
        };
        match flaw {
            Flaw::Misproven => {
                let worker = STRANGE;
                Some((Grant { worker, ..grant }.sign(AUTHORISER), false))
            }
            Flaw::Late => {
                let late = grant.valid_until(self.model.now - 1);
                Some((late.sign(AUTHORISER), true))
            }
            _ => {
                let known = self.authorisations.entry((number, worker));
                let given = known.or_insert_with(|| grant.sign(AUTHORISER));
                Some((given.clone(), true))
            }
        }
    }

    fn opening(&self, worker: u8, index: TaskIndex, answer: u8) -> Opening {
        Opening {
            index,
            outcome: outcome(answer),
            trace: H256::zero(),
            locator: locator(worker),
            inline: vec![worker].try_into().unwrap(),
        }
    }

    fn reveal(&mut self, range: Range, worker: u8, flaw: Flaw) {
        if worker == SILENT && flaw == Flaw::None {
            return;
        }
        let Some((number, tasks)) = self.tasks(range, flaw) else {
            return;
        };
        let items: Vec<(TaskIndex, u8)> = tasks
            .iter()
            .map(|index| (*index, self.own_answer(worker, number, *index, flaw)))
            .collect();
        let show = |(index, answer): &(TaskIndex, u8)| self.opening(worker, *index, *answer);
        let openings: Vec<Opening> = items.iter().map(show).collect();
        let deal = self.scenes[number].id;
        let max_votes = (!range.is_single).then(|| self.max_votes(number, flaw));
        let call = match max_votes {
            Some(max_votes) => PocoCall::reveal_many {
                deal,
                items: openings.try_into().unwrap(),
                max_votes,
            },
            None => {
                let opening = openings[0].clone();
                PocoCall::reveal {
                    deal,
                    index: opening.index,
                    outcome: opening.outcome,
                    trace: opening.trace,
                    locator: opening.locator,
                    inline: opening.inline,
                }
            }
        };
        let bonded = (worker < WORKERS).then_some(worker);
        let key = self.keys[worker as usize].clone();
        self.submit(key, bonded, number, &tasks, call, |model| {
            model.reveal(number, bonded, &items, max_votes)
        });
    }

    fn open(&mut self, spot: Spot, worker: u8, flaw: Flaw) {
        if worker == SILENT && flaw == Flaw::None {
            return;
        }
        let Some((number, index)) = self.task(spot) else {
            return;
        };
        let answer = self.own_answer(worker, number, index, flaw);
        let knows_salt = !matches!(flaw, Flaw::Unproven | Flaw::Misproven);
        let call = PocoCall::open_sealed {
            deal: self.scenes[number].id,
            result: self.opening(worker, index, answer),
            salt: match knows_salt {
                true => salt(worker),
                false => H256::repeat_byte(0xee),
            },
        };
        let bonded = (worker < WORKERS).then_some(worker);
        let key = self.keys[worker as usize].clone();
        self.submit(key, bonded, number, &[index], call, |model| {
            vec![model.open(number, bonded, index, answer, knows_salt)]
        });
    }

    fn accept(&mut self, range: Range, worker: u8, flaw: Flaw) {
        let Some((number, tasks)) = self.tasks(range, flaw) else {
            return;
        };
        let items: Vec<(TaskIndex, u8)> = tasks
            .iter()
            .map(|index| (*index, self.answer(worker, number, *index, flaw)))
            .collect();
        let show = |(index, answer): &(TaskIndex, u8)| self.opening(worker, *index, *answer);
        let results: Vec<Opening> = items.iter().map(show).collect();
        let acceptance = self.acceptance(number, worker, &items, flaw);
        let is_signed = !matches!(flaw, Flaw::Unproven | Flaw::Misproven);
        let deal = self.scenes[number].id;
        let max_votes = (!range.is_single).then(|| self.max_votes(number, flaw));
        let call = match max_votes {
            Some(max_votes) => PocoCall::contribute_and_finalise_many {
                deal,
                results: results.try_into().unwrap(),
                acceptance,
                max_votes,
            },
            None => PocoCall::contribute_and_finalise {
                deal,
                result: results[0].clone(),
                acceptance,
            },
        };
        let bonded = (worker < WORKERS).then_some(worker);
        let key = self.keys[worker as usize].clone();
        self.submit(key, bonded, number, &tasks, call, |model| {
            model.accept(number, bonded, &items, is_signed, max_votes)
        });
    }

    /// The authoriser's word about these results; flawed ones are about another worker or result.
    fn acceptance(
        &self,
        number: usize,
        worker: u8,
        items: &[(TaskIndex, u8)],
        flaw: Flaw,
    ) -> Signature {
        let mut digests: Vec<(TaskIndex, H256)> = items
            .iter()
            .map(|(index, answer)| (*index, digest(*answer)))
            .collect();
        let mut key = &self.keys[worker as usize];
        match flaw {
            Flaw::Unproven => key = &STRANGE,
            Flaw::Misproven => digests.push((0, H256::zero())),
            _ => (),
        }
        let id = self.scenes[number].id;
        let message = acceptance_message(System::block_hash(0), key, id, &digests);
        AUTHORISER.sign(message.as_bytes()).into()
    }

    fn finalise(&mut self, spot: Spot, worker: Option<u8>) {
        let Some((number, index)) = self.task(spot) else {
            return;
        };
        let deal = self.scenes[number].id;
        let worker = worker.map(|worker| worker % WORKERS);
        let who = worker.map_or(ANYONE, |worker| self.keys[worker as usize].clone());
        let call = PocoCall::finalise { deal, index };
        self.submit(who, worker, number, &[index], call, |model| {
            vec![model.go_on(number, index, true)]
        });
    }

    fn cancel(&mut self, deal: u8, by: u8) {
        let Some(number) = self.number(deal) else {
            return;
        };
        let is_payer = !by.is_multiple_of(4);
        let payer = account(self.model.deals[number].terms.payer);
        let who = if is_payer { payer } else { STRANGE };
        let deal = self.scenes[number].id;
        self.submit(who, None, number, &[], PocoCall::cancel { deal }, |model| {
            vec![model.cancel(number, is_payer)]
        });
    }

    fn revoke(&mut self, deal: u8, worker: u8, by: u8) {
        let Some(number) = self.number(deal) else {
            return;
        };
        let (who, may) = match by % 3 {
            0 => (AUTHORISER.to_account_id(), true),
            1 => (operator(), true),
            _ => (STRANGE, false),
        };
        let call = PocoCall::revoke {
            deal: self.scenes[number].id,
            worker: self.keys[worker as usize].clone(),
        };
        self.submit(who, None, number, &[], call, |model| {
            vec![model.revoke(number, worker, may)]
        });
    }

    fn prune(&mut self, deal: u8, limit: u8) {
        let Some(number) = self.number(deal) else {
            return;
        };
        let id = self.scenes[number].id;
        let limit = match limit % 3 {
            0 => u32::MAX,
            some => some.into(),
        };
        let call = PocoCall::prune_deal { deal: id, limit };
        let made = call.dispatch_bypass_filter(signed(ANYONE)).is_ok();
        assert_eq!(made, self.model.is_over(number), "prune_deal");
        let events = take_events();
        if events.contains(&RuntimeEvent::Poco(Event::DealPruned { deal: id })) {
            self.model.removed(number);
        }
        self.check_deal(number);
    }

    /// Makes a call that the model makes too; compares what came of it, item by item.
    fn submit(
        &mut self,
        who: AccountId,
        bonded: Option<u8>,
        number: usize,
        tasks: &[TaskIndex],
        call: PocoCall,
        foretell: impl FnOnce(&mut Model) -> Vec<bool>,
    ) {
        let id = self.scenes[number].id;
        let is_backed = bonded.is_some_and(|worker| self.model.is_backed(worker));
        let is_free = is_backed && self.model.deals[number].prepaid() > 0;
        let judgement = Poco::judge(&who, &call);
        if matches!(judgement, Judgement::Useful { .. }) {
            Poco::spend(id, COST.min(Poco::prepaid(id)));
            self.model.spend(number, COST);
            self.tally.free += 1;
        }
        let declared = call.get_dispatch_info().call_weight;
        let made = call.clone().dispatch_bypass_filter(signed(who));

        let taken = foretell(&mut self.model);
        let any = taken.contains(&true);
        let all = any && !taken.contains(&false);
        assert_eq!(made.is_ok(), any, "{call:?} gave {made:?}, not {taken:?}");
        match judgement {
            Judgement::Ordinary => assert!(!is_free, "{call:?} is free"),
            Judgement::Useful { deal } => assert!(is_free && all && deal == id, "{call:?}"),
            Judgement::Useless(refusal) => assert!(is_free && !all, "{call:?}: {refusal:?}"),
        }
        if let Ok(done) = made {
            let used = done.actual_weight.unwrap_or(declared);
            assert!(used.all_lte(declared), "{call:?} used {used} of {declared}");
        }

        let events = take_events();
        let refused = tasks.iter().zip(&taken).filter(|(_, taken)| !**taken);
        let refused: Vec<TaskIndex> = refused.map(|(index, _)| *index).collect();
        if any && !tasks.is_empty() {
            assert_eq!(refusals_of(&events), refused, "items of {call:?}");
            self.tally.batches += u32::from(tasks.len() > 1);
        }
        self.note_ends(&events);
        self.check_step(number, tasks.iter().map(|index| (number, *index)));
    }

    fn sweep(&mut self, limit: u8) {
        let call = PocoCall::sweep {
            limit: u32::from(limit % 40),
        };
        let declared = call.get_dispatch_info().call_weight;
        match call.dispatch_bypass_filter(signed(ANYONE)) {
            Ok(done) => assert!(done.actual_weight.unwrap().all_lte(declared)),
            Err(_) => assert_eq!(self.model.neglected(), None, "something is due"),
        }
        self.follow_sweeper();
    }

    fn be_idle(&mut self, weight: Weight) {
        idle(weight);
        self.follow_sweeper();
        if weight == Weight::MAX {
            assert_eq!(self.model.neglected(), None, "idle time was enough");
        }
    }

    /// Lets the model do what idle time has done, as events tell it.
    ///
    /// Events do not always tell where one desk was closed and the next one opened, which matters for
    /// scores: so if they differ, the tasks are divided the other way.
    fn follow_sweeper(&mut self) {
        let events = take_events();
        let before = self.model.clone();
        let mut touched = self.apply(&events, false);
        if !self.do_scores_agree() {
            self.model = before;
            touched = self.apply(&events, true);
        }
        self.note_ends(&events);
        self.tally.swept += touched.len() as u32;
        for number in 0..self.scenes.len() {
            self.check_deal(number);
        }
        self.check_step(0, touched);
    }

    fn apply(&mut self, events: &[RuntimeEvent], splits: bool) -> Vec<(usize, TaskIndex)> {
        let mut touched = Vec::new();
        for served in self.served(events, splits) {
            match served {
                Served::Tasks(number, tasks) => {
                    touched.extend(tasks.iter().map(|index| (number, *index)));
                    self.model.swept(number, &tasks);
                }
                Served::Rest(number) => self.model.swept_rest(number),
                Served::Removed(number) => self.model.removed(number),
                Served::Called(number, index, result) => {
                    let next = self.model.callbacks.pop_front();
                    assert_eq!(next, Some((number, index)), "callbacks come in order");
                    let deal = &self.model.deals[number];
                    match deal.terms.callback {
                        Some(Callback::Remark) => assert_eq!(result.is_ok(), !deal.gone),
                        Some(Callback::Garbage) => assert!(result.is_err()),
                        Some(Callback::Sweep) => (),
                        None => panic!("a deal without a callback called"),
                    }
                }
            }
        }
        touched
    }

    fn served(&self, events: &[RuntimeEvent], splits: bool) -> Vec<Served> {
        let mut all = Vec::new();
        let mut desk: Option<Desk> = None;
        let close = |desk: &mut Option<Desk>| {
            desk.take()
                .map(|(number, tasks, _)| Served::Tasks(number, tasks))
        };
        for event in events {
            let RuntimeEvent::Poco(event) = event else {
                let has_ended = |(_, _, told): &Desk| *told == Told::Ends;
                if desk.as_ref().is_some_and(has_ended) {
                    all.extend(close(&mut desk));
                }
                if let Some((_, _, told)) = &mut desk {
                    *told = Told::Others;
                }
                continue;
            };
            let (deal, index, now) = match event {
                Event::Reopened { deal, index, .. }
                | Event::ConsensusReached { deal, index, .. }
                | Event::OpeningBegan { deal, index, .. } => (deal, *index, Told::Items),
                Event::Settled { deal, index, .. }
                | Event::Failed { deal, index, .. }
                | Event::Cancelled { deal, index } => (deal, *index, Told::Ends),
                Event::UntouchedEnded { deal, .. } => {
                    all.extend(close(&mut desk));
                    all.push(Served::Rest(self.number_of(*deal)));
                    continue;
                }
                Event::DealPruned { deal } => {
                    all.extend(close(&mut desk));
                    all.push(Served::Removed(self.number_of(*deal)));
                    continue;
                }
                Event::CallbackDone {
                    deal,
                    index,
                    result,
                } => {
                    all.extend(close(&mut desk));
                    all.push(Served::Called(self.number_of(*deal), *index, *result));
                    continue;
                }
                other => panic!("idle time does not {other:?}"),
            };
            let number = self.number_of(*deal);
            let goes_on = desk.as_ref().is_some_and(|(of, tasks, told)| {
                let page = tasks.first().copied().map(page_of);
                let is_same = *of == number && page == Some(page_of(index));
                let follows = match (told, now) {
                    (Told::Items, _) | (Told::Ends, Told::Ends) => true,
                    (Told::Others, Told::Ends) => !splits || tasks.contains(&index),
                    _ => false,
                };
                is_same && follows
            });
            if !goes_on {
                all.extend(close(&mut desk));
            }
            let (_, tasks, told) = desk.get_or_insert((number, BTreeSet::new(), now));
            tasks.insert(index);
            *told = now;
        }
        all.extend(close(&mut desk));
        all
    }

    fn number_of(&self, id: DealId) -> usize {
        let number = self.scenes.iter().position(|scene| scene.id == id);
        number.expect("events are of deals that were made")
    }

    /// Nothing ends twice, and nobody who showed the right result in time loses anything.
    fn note_ends(&mut self, events: &[RuntimeEvent]) {
        for event in events {
            let RuntimeEvent::Poco(event) = event else {
                continue;
            };
            let (deal, index) = match event {
                Event::Settled { deal, index, .. } => {
                    self.tally.settled += 1;
                    self.check_losers(event);
                    (deal, index)
                }
                Event::Failed { deal, index, .. } => {
                    self.tally.failed += 1;
                    (deal, index)
                }
                Event::Cancelled { deal, index } => {
                    self.tally.cancelled += 1;
                    (deal, index)
                }
                Event::Reopened { silent, .. } => {
                    self.tally.rejected += silent.len() as u32;
                    continue;
                }
                _ => continue,
            };
            let number = self.number_of(*deal);
            assert!(self.ended.insert((number, *index)), "a task ends once");
        }
    }

    fn check_losers(&self, settled: &Event<Test>) {
        let Event::Settled {
            deal,
            index,
            outcome: result,
            workers,
            losers,
            ..
        } = settled
        else {
            return;
        };
        let job = &self.model.deals[self.number_of(*deal)].jobs[index];
        for loser in losers {
            let number = self.keys.iter().position(|key| key == loser).unwrap() as u8;
            let ballot = job.ballot_of(number).unwrap();
            let is_right = outcome(ballot.answer) == *result;
            let is_shown = ballot.standing == Standing::Revealed;
            assert!(!(is_right && is_shown), "who was right and in time loses");
            let paid = workers.iter().find(|payment| payment.to == owner(number));
            assert!(paid.is_none(), "who loses is not paid");
        }
        let paid: BTreeSet<&AccountId> = workers.iter().map(|payment| &payment.to).collect();
        assert_eq!(paid.len(), workers.len(), "nobody is paid twice");
    }

    /// Compares all that a step on a deal can change.
    fn check_step(&self, number: usize, tasks: impl IntoIterator<Item = (usize, TaskIndex)>) {
        self.check_parties();
        self.check_workers();
        if number < self.scenes.len() {
            self.check_deal(number);
        }
        for (number, index) in tasks {
            self.check_task(number, index);
        }
        let ends = CallbackEnds::<Test>::get();
        assert_eq!(ends.next - ends.first, self.model.callbacks.len() as u64);
    }

    fn check_parties(&self) {
        for (party, purse) in &self.model.purses {
            let who = account(*party);
            assert_eq!(Balances::free_balance(&who), *purse, "purse of {party:?}");
        }
        for party in [Party::Requester, Party::Sponsor, Party::Operator] {
            let who = account(party);
            let held = |reason: HoldReason| Balances::balance_on_hold(&reason.into(), &who);
            let held = (
                held(HoldReason::TaskPayment),
                held(HoldReason::SettlementFee),
                held(HoldReason::OperatorStake),
            );
            assert_eq!(held, self.model.aside(party), "holds of {party:?}");
        }
    }

    fn do_scores_agree(&self) -> bool {
        let mut scores = self.keys.iter().zip(&self.model.scores);
        scores.all(|(key, score)| pallet_reputation::Scores::<Test>::get(key) == *score)
    }

    fn check_workers(&self) {
        for (number, bond) in self.model.bonds.iter().enumerate() {
            let key = &self.keys[number];
            let found = pallet_worker_staking::Bonds::<Test>::get(key).unwrap();
            let found = (found.amount, found.locked);
            assert_eq!(found, (bond.amount, bond.locked), "bond of worker {number}");
            let score = pallet_reputation::Scores::<Test>::get(key);
            assert_eq!(score, self.model.scores[number], "score of worker {number}");
        }
    }

    fn check_deal(&self, number: usize) {
        let (id, deal) = (self.scenes[number].id, &self.model.deals[number]);
        if deal.gone {
            assert_eq!(Market::status(id), None);
            assert!(!Progress::<Test>::contains_key(id));
            return;
        }
        let expected = match deal.ended {
            None => DealStatus::Open,
            Some(at) => DealStatus::Ended(at),
        };
        assert_eq!(Market::status(id), Some(expected), "deal {number}");
        let progress = Progress::<Test>::get(id);
        let untouched = match deal.rest {
            Rest::Active => Untouched::Active,
            Rest::Failed(at) => Untouched::Failed { at },
            Rest::Cancelled(at) => Untouched::Cancelled { at },
        };
        let found = (progress.untouched, progress.spent, progress.most_votes);
        let expected = (untouched, deal.spent, deal.most_votes());
        assert_eq!(found, expected, "progress of deal {number}");
        assert_eq!(progress.touched, deal.jobs.len() as u32);
        assert_eq!(progress.open_votes, deal.open_votes(), "deal {number}");
    }

    fn check_task(&self, number: usize, index: TaskIndex) {
        let (id, deal) = (self.scenes[number].id, &self.model.deals[number]);
        let page = TaskPages::<Test>::get(id, page_of(index));
        if page.is_none() && (deal.gone || self.model.is_over(number)) {
            return;
        }
        let found = page.and_then(|page| page.get(index).cloned());
        let expected = deal.jobs.get(&index);
        let expected = expected.map(|job| self.expected(number, index, job));
        assert_eq!(found, expected, "task {index} of deal {number}");
    }

    /// What the chain has on record of a task, if the model is right.
    fn expected(&self, number: usize, index: TaskIndex, job: &Job) -> Task {
        let id = self.scenes[number].id;
        let result = |(answer, by): &(u8, u8)| (outcome(*answer), locator(*by));
        let status = match job.phase {
            Phase::Active => TaskStatus::Active,
            Phase::Revealing { answer, since } => TaskStatus::Revealing {
                commitment: commitment(id, index, digest(answer)),
                since,
                revealed: job.shown.first().map(result),
            },
            Phase::Opening { since } => {
                let method = self.model.deals[number].terms.method;
                let is_drawn = matches!(method, Method::Race(_)) && !job.shown.is_empty();
                let shown = job
                    .shown
                    .iter()
                    .map(|(answer, by)| ergon_primitives::OpenedResult {
                        commitment: commitment(id, index, digest(*answer)),
                        outcome: outcome(*answer),
                        locator: locator(*by),
                    });
                TaskStatus::Opening {
                    since,
                    seed: if is_drawn {
                        hash_of(since)
                    } else {
                        H256::zero()
                    },
                    results: shown.collect::<Vec<_>>().try_into().unwrap(),
                }
            }
            Phase::Settled { answer, by, at } => TaskStatus::Settled {
                outcome: outcome(answer),
                locator: locator(by),
                at,
            },
            Phase::Failed(at) => TaskStatus::Failed { at },
            Phase::Cancelled(at) => TaskStatus::Cancelled { at },
        };
        let votes = job
            .ballots
            .iter()
            .map(|ballot| self.recorded(number, index, ballot));
        Task {
            status,
            votes: votes.collect::<Vec<_>>().try_into().unwrap(),
        }
    }

    fn recorded(&self, number: usize, index: TaskIndex, ballot: &Ballot) -> Vote {
        let is_sealed = self.model.deals[number].terms.method.is_sealed();
        let is_hidden = is_sealed && ballot.standing != Standing::Revealed;
        let id = self.scenes[number].id;
        let Ballot {
            worker,
            answer,
            copied,
            ..
        } = *ballot;
        Vote {
            worker: self.keys[worker as usize].clone(),
            commitment: match is_hidden {
                true => H256::zero(),
                false => commitment(id, index, digest(answer)),
            },
            seal: self.seal_of(number, index, worker, answer, copied),
            weight: ballot.weight,
            status: match ballot.standing {
                Standing::Committed => VoteStatus::Committed,
                Standing::Revealed => VoteStatus::Revealed,
                Standing::Rejected => VoteStatus::Rejected,
            },
        }
    }

    /// Compares everything, and lets the pallets check themselves.
    pub fn check(&self) {
        for (number, deal) in self.model.deals.iter().enumerate() {
            self.check_deal(number);
            for index in deal.jobs.keys() {
                self.check_task(number, *index);
            }
            if deal.is_open() {
                let id = self.scenes[number].id;
                let pages = TaskPages::<Test>::iter_prefix_values(id);
                let records = pages.map(|page| page.0.iter().flatten().count());
                assert_eq!(records.sum::<usize>(), deal.jobs.len());
            }
        }
        self.check_step(usize::MAX, []);
        self.check_pallets();
        assert_eq!(
            Balances::total_issuance() + self.model.burned,
            self.issuance,
            "nothing is made or lost but what free calls used up"
        );
    }

    /// Lets the pallets check what they say of themselves.
    pub fn check_pallets(&self) {
        assert_ok!(Poco::do_try_state());
        assert_ok!(Escrow::do_try_state());
    }

    /// From now on nobody does anything: idle blocks end everything.
    pub fn let_all_end(&mut self) {
        while let Some(next) = next_due() {
            self.be_idle(Weight::MAX);
            self.check();
            self.go_to(next.max(self.model.now + 1));
        }
        self.be_idle(Weight::MAX);
        self.check();
        self.assert_nothing_is_left();
    }

    fn assert_nothing_is_left(&self) {
        assert!(self.model.deals.iter().all(|deal| deal.gone));
        assert!(self.model.bonds.iter().all(|bond| bond.locked == 0));
        for party in parties() {
            assert_eq!(self.model.aside(party), (0, 0, 0));
        }
        let left = [
            TaskPages::<Test>::iter_keys().count(),
            Progress::<Test>::iter_keys().count(),
            Agenda::<Test>::iter_keys().count(),
            SweepCursor::<Test>::iter_keys().count(),
            CallbackQueue::<Test>::iter_keys().count(),
            Revoked::<Test>::iter_keys().count(),
            Revocations::<Test>::iter_keys().count(),
            pallet_reputation::LastScored::<Test>::iter_keys().count(),
            pallet_escrow::Accounts::<Test>::iter_keys().count(),
            pallet_market::Deals::<Test>::iter_keys().count(),
            pallet_market::DealStatuses::<Test>::iter_keys().count(),
            pallet_market::OpenDeals::<Test>::iter_keys().count(),
        ];
        assert_eq!(left, [0; 12], "nothing is left of deals");
        assert!(!CallbackEnds::<Test>::exists());
    }
}

/// The block in which the first entry of the agenda is due, or the next one for a callback.
fn next_due() -> Option<u32> {
    let first = Agenda::<Test>::iter_keys().next();
    let due = first.map(|(due, _)| {
        let bytes: [u8; 4] = due.encode().try_into().unwrap();
        u32::from_be_bytes(bytes) + 1
    });
    let waits = CallbackEnds::<Test>::exists().then(System::block_number);
    waits.or(due)
}

fn take_events() -> Vec<RuntimeEvent> {
    let events = System::events();
    System::reset_events();
    events.into_iter().map(|record| record.event).collect()
}

fn refusals_of(events: &[RuntimeEvent]) -> Vec<TaskIndex> {
    events
        .iter()
        .find_map(|event| match event {
            RuntimeEvent::Poco(Event::ItemsRefused { items, .. }) => {
                Some(items.iter().map(|(index, _)| *index).collect())
            }
            _ => None,
        })
        .unwrap_or_default()
}
