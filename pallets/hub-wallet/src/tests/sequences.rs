//! Random sequences of calls by owners, payees, the tribunal and strangers, with jumps to both
//! sides of every limit, against a model of the rules: the model foretells which calls are accepted
//! and who has what after them; all invariants hold after every call; and in the end all money
//! leaves.

use crate::{Cases, Hubs, mock::*, quarantine_account, rules, wallet_account};
use ergon_primitives::{AccountId, Balance, BlockNumber, ERG, HubPhase};
use frame_support::{assert_ok, pallet_prelude::DispatchResult, traits::fungible::Inspect};
use proptest::prelude::*;
use sp_core::H256;
use std::collections::BTreeSet;

/// Everybody who can have money. The first two own hubs, the next two only work and vote, and the
/// last one fills wallets; each but the last is paid at times.
const PEOPLE: [AccountId; 5] = [ALICE, BOB, PAYEE, OTHER_PAYEE, COLLECTIVE];
const HUBS: usize = 2;
const BENEFACTOR: usize = 4;

/// What somebody tries. Numbers of hubs and people are places in [`PEOPLE`].
#[derive(Clone, Copy, Debug)]
enum Step {
    Register(usize),
    Pay {
        hub: usize,
        to: usize,
        amount: Balance,
    },
    Pull {
        hub: usize,
        by: usize,
    },
    Payday(usize),
    Settle(usize),
    Withdraw(usize),
    Suspect {
        hub: usize,
        voters: bool,
        document: u8,
    },
    Rehabilitate {
        hub: usize,
        voters: bool,
    },
    Ban(usize),
    /// A ban by somebody who may not.
    Lynch {
        hub: usize,
        by: usize,
    },
    Release(u64),
    Sweep(usize),
    Forfeit {
        hub: usize,
        payee: usize,
    },
    Fill {
        hub: usize,
        amount: Balance,
    },
    Rate {
        hub: usize,
        by: usize,
        stake: Balance,
    },
    Unrate {
        hub: usize,
        by: usize,
    },
    Wait(BlockNumber),
    /// Goes to a limit ahead, or to the block before it.
    Jump {
        limit: usize,
        early: bool,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let hub = || 0..HUBS;
    let amounts = vec![
        1,
        EXISTENTIAL_DEPOSIT,
        2 * EXISTENTIAL_DEPOSIT,
        ERG + 7,
        13 * ERG,
        60 * ERG,
    ];
    let gifts = vec![1, EXISTENTIAL_DEPOSIT - 1, EXISTENTIAL_DEPOSIT, 20 * ERG];
    let stakes = vec![MINIMUM_VOTE - 1, MINIMUM_VOTE, 3 * MINIMUM_VOTE];
    let step = prop_oneof![
        3 => hub().prop_map(Step::Register),
        6 => (hub(), 0..4usize, prop::sample::select(amounts))
            .prop_map(|(hub, to, amount)| Step::Pay { hub, to, amount }),
        4 => (hub(), 0..4usize).prop_map(|(hub, by)| Step::Pull { hub, by }),
        3 => hub().prop_map(Step::Payday),
        3 => hub().prop_map(Step::Settle),
        2 => hub().prop_map(Step::Withdraw),
        2 => (hub(), any::<bool>(), 0..2u8)
            .prop_map(|(hub, voters, document)| Step::Suspect { hub, voters, document }),
        2 => (hub(), any::<bool>()).prop_map(|(hub, voters)| Step::Rehabilitate { hub, voters }),
        3 => hub().prop_map(Step::Ban),
        1 => (hub(), 0..5usize).prop_map(|(hub, by)| Step::Lynch { hub, by }),
        2 => (0..4u64).prop_map(Step::Release),
        2 => hub().prop_map(Step::Sweep),
        2 => (hub(), 0..4usize).prop_map(|(hub, payee)| Step::Forfeit { hub, payee }),
        2 => (hub(), prop::sample::select(gifts))
            .prop_map(|(hub, amount)| Step::Fill { hub, amount }),
        1 => (hub(), 2..4usize, prop::sample::select(stakes))
            .prop_map(|(hub, by, stake)| Step::Rate { hub, by, stake }),
        1 => (hub(), 2..4usize).prop_map(|(hub, by)| Step::Unrate { hub, by }),
        2 => (0..40u32).prop_map(Step::Wait),
        8 => (0..8usize, any::<bool>()).prop_map(|(limit, early)| Step::Jump { limit, early }),
    ];
    proptest::collection::vec(step, 1..80)
}

/// A suspicion.
#[derive(Clone, Copy)]
struct Accusation {
    since: BlockNumber,
    document: u8,
    voters: bool,
}

impl Accusation {
    fn until(&self) -> BlockNumber {
        let period = if self.voters {
            REHABILITATION_PERIOD
        } else {
            LAPSE_PERIOD
        };
        self.since + period
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Created,
    Registered {
        since: BlockNumber,
    },
    Leaving {
        until: BlockNumber,
    },
    Idle,
    Suspected(Accusation),
    Punished {
        since: BlockNumber,
        suspected: BlockNumber,
    },
}

struct Payment {
    payee: usize,
    amount: Balance,
    matures: BlockNumber,
}

struct Hub {
    stage: Stage,
    wallet: Balance,
    frozen: Balance,
    locked: Balance,
    payments: Vec<Payment>,
    collective_from: BlockNumber,
    voters: BTreeSet<usize>,
}

impl Hub {
    fn approved(&self) -> Balance {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    fn spare(&self) -> Balance {
        self.wallet - self.frozen - self.locked - self.approved()
    }

    fn is_registered(&self) -> bool {
        matches!(self.stage, Stage::Registered { .. })
    }

    fn cutoff(&self, now: BlockNumber) -> BlockNumber {
        match self.stage {
            Stage::Suspected(accusation) => accusation.since,
            Stage::Punished { suspected, .. } => suspected,
            _ => now,
        }
    }

    fn unlock(&mut self, stage: Stage) -> bool {
        (self.frozen, self.locked) = (0, 0);
        self.stage = stage;
        true
    }

    /// Removes payments to the payee; their sum.
    fn strike(&mut self, payee: usize, when: impl Fn(BlockNumber) -> bool) -> Balance {
        let before = self.approved();
        self.payments
            .retain(|payment| payment.payee != payee || !when(payment.matures));
        before - self.approved()
    }

    /// Takes money out of the wallet, with a rest that no account can hold.
    fn take(&mut self, amount: Balance) -> Balance {
        let rest = self.wallet - amount;
        let taken = if rest < EXISTENTIAL_DEPOSIT {
            self.wallet
        } else {
            amount
        };
        self.wallet -= taken;
        taken
    }

    fn limits(&self) -> Vec<BlockNumber> {
        let mut limits: Vec<_> = self
            .payments
            .iter()
            .map(|payment| payment.matures)
            .collect();
        match self.stage {
            Stage::Registered { since } => limits.push(since + PAYOUT_PERIOD),
            Stage::Leaving { until } => limits.push(until),
            Stage::Suspected(accusation) => {
                limits.extend([accusation.until(), accusation.since + BAN_PERIOD]);
            }
            _ => limits.push(self.collective_from),
        }
        limits
    }

    fn phase(&self) -> HubPhase {
        match self.stage {
            Stage::Created => HubPhase::Created,
            Stage::Registered { since } => HubPhase::Registered {
                since,
                payday: since + PAYOUT_PERIOD,
            },
            Stage::Leaving { until } => HubPhase::Leaving { until },
            Stage::Idle => HubPhase::Idle,
            Stage::Suspected(accusation) => HubPhase::Suspected {
                since: accusation.since,
            },
            Stage::Punished { since, suspected } => HubPhase::Punished { since, suspected },
        }
    }
}

/// What the rules say.
struct Model {
    now: BlockNumber,
    hubs: [Hub; HUBS],
    people: [Balance; 5],
    treasury: Balance,
    quarantine: Vec<Option<(Balance, BlockNumber)>>,
}

impl Model {
    /// Both hubs have just been created and hold [`FUNDS`] of the benefactor's.
    fn new() -> Self {
        let hub = || Hub {
            stage: Stage::Created,
            wallet: FUNDS,
            frozen: 0,
            locked: 0,
            payments: Vec::new(),
            collective_from: 0,
            voters: BTreeSet::new(),
        };
        let mut people = [ENDOWMENT; 5];
        people[BENEFACTOR] -= HUBS as Balance * FUNDS;
        Self {
            now: 1,
            hubs: [hub(), hub()],
            people,
            treasury: ERG,
            quarantine: Vec::new(),
        }
    }

    /// Whether the call is accepted; changes the model if so.
    fn foretell(&mut self, step: Step) -> bool {
        match step {
            Step::Register(hub) => self.register(hub),
            Step::Pay { hub, to, amount } => self.pay(hub, to, amount),
            Step::Pull { hub, by } => self.pull(hub, by),
            Step::Payday(hub) => self.payday(hub),
            Step::Settle(hub) => self.settle(hub),
            Step::Withdraw(hub) => self.withdraw(hub),
            Step::Suspect {
                hub,
                voters,
                document,
            } => self.suspect(hub, voters, document),
            Step::Rehabilitate { hub, voters } => self.rehabilitate(hub, voters),
            Step::Ban(hub) => self.ban(hub),
            Step::Lynch { .. } => false,
            Step::Release(id) => self.release(id as usize),
            Step::Sweep(hub) => self.sweep(hub),
            Step::Forfeit { hub, payee } => self.forfeit(hub, payee),
            Step::Fill { hub, amount } => self.fill(hub, amount),
            Step::Rate { hub, by, stake } => self.rate(hub, by, stake),
            Step::Unrate { hub, by } => self.hubs[hub].voters.remove(&by),
            Step::Wait(blocks) => self.go_to(self.now + blocks),
            Step::Jump { limit, early } => self.jump(limit, early),
        }
    }

    fn register(&mut self, number: usize) -> bool {
        let hub = &mut self.hubs[number];
        let may = matches!(hub.stage, Stage::Created | Stage::Idle) && hub.spare() > FREEZE;
        if may {
            hub.frozen = FREEZE;
            hub.stage = Stage::Registered { since: self.now };
        }
        may
    }

    fn pay(&mut self, number: usize, to: usize, amount: Balance) -> bool {
        let hub = &mut self.hubs[number];
        let locked = amount * 3 / 10;
        let approved = amount - locked;
        let may = hub.is_registered()
            && to != number
            && approved >= EXISTENTIAL_DEPOSIT
            && amount <= hub.spare();
        if may {
            hub.locked += locked;
            hub.payments.push(Payment {
                payee: to,
                amount: approved,
                matures: self.now + MATURITY,
            });
        }
        may
    }

    fn pull(&mut self, number: usize, by: usize) -> bool {
        let hub = &mut self.hubs[number];
        let cutoff = hub.cutoff(self.now);
        let amount = hub.strike(by, |matures| matures <= cutoff);
        if amount > 0 {
            self.people[by] += hub.take(amount);
        }
        amount > 0
    }

    fn payday(&mut self, number: usize) -> bool {
        let hub = &mut self.hubs[number];
        let Stage::Registered { since } = hub.stage else {
            return false;
        };
        let may = self.now >= since + PAYOUT_PERIOD;
        if may {
            let fee = hub.locked * 5 / 1_000;
            hub.locked -= fee;
            hub.wallet -= fee;
            self.treasury += fee;
            let until = self.now + WAITING_PERIOD;
            hub.stage = Stage::Leaving { until };
        }
        may
    }

    fn settle(&mut self, number: usize) -> bool {
        let hub = &mut self.hubs[number];
        matches!(hub.stage, Stage::Leaving { until } if self.now >= until)
            && hub.unlock(Stage::Idle)
    }

    fn withdraw(&mut self, number: usize) -> bool {
        let hub = &mut self.hubs[number];
        let amount = hub.spare();
        let may = matches!(hub.stage, Stage::Idle) && amount > 0;
        if may {
            self.people[number] += hub.take(amount);
        }
        may
    }

    fn suspect(&mut self, number: usize, voters: bool, document: u8) -> bool {
        let (now, hub) = (self.now, &mut self.hubs[number]);
        let mut lapsed = false;
        match &mut hub.stage {
            Stage::Created | Stage::Punished { .. } => return false,
            Stage::Suspected(accusation) if now < accusation.until() => {
                let may = voters && !accusation.voters;
                if may {
                    (accusation.voters, accusation.document) = (true, document);
                }
                return may;
            }
            Stage::Suspected(_) => lapsed = true,
            _ => {}
        }
        if !voters && now < hub.collective_from {
            return false;
        }
        if !voters {
            hub.collective_from = now + REHABILITATION_PERIOD;
        }
        let stage = Stage::Suspected(Accusation {
            since: now,
            document,
            voters,
        });
        if lapsed {
            return hub.unlock(stage);
        }
        hub.stage = stage;
        true
    }

    fn rehabilitate(&mut self, number: usize, voters: bool) -> bool {
        let hub = &mut self.hubs[number];
        matches!(hub.stage, Stage::Suspected(accusation) if voters || self.now >= accusation.until())
            && hub.unlock(Stage::Idle)
    }

    fn ban(&mut self, number: usize) -> bool {
        let (now, hub) = (self.now, &mut self.hubs[number]);
        let Stage::Suspected(accusation) = hub.stage else {
            return false;
        };
        let may = accusation.voters && now >= accusation.since + BAN_PERIOD;
        if may {
            hub.unlock(Stage::Punished {
                since: now,
                suspected: accusation.since,
            });
            self.expropriate(number);
        }
        may
    }

    fn expropriate(&mut self, number: usize) -> bool {
        let hub = &mut self.hubs[number];
        let amount = hub.spare();
        let may = amount >= EXISTENTIAL_DEPOSIT;
        if may {
            hub.wallet -= amount;
            let until = self.now + QUARANTINE_PERIOD;
            self.quarantine.push(Some((amount, until)));
        }
        may
    }

    fn release(&mut self, id: usize) -> bool {
        let Some(Some((amount, until))) = self.quarantine.get(id).copied() else {
            return false;
        };
        let may = self.now >= until;
        if may {
            self.quarantine[id] = None;
            self.treasury += amount;
        }
        may
    }

    fn sweep(&mut self, number: usize) -> bool {
        matches!(self.hubs[number].stage, Stage::Punished { .. }) && self.expropriate(number)
    }

    fn forfeit(&mut self, number: usize, payee: usize) -> bool {
        let hub = &mut self.hubs[number];
        let Stage::Punished { suspected, .. } = hub.stage else {
            return false;
        };
        hub.strike(payee, |matures| matures > suspected) > 0
    }

    fn fill(&mut self, number: usize, amount: Balance) -> bool {
        let hub = &mut self.hubs[number];
        let may = hub.wallet + amount >= EXISTENTIAL_DEPOSIT
            && self.people[BENEFACTOR] >= amount + EXISTENTIAL_DEPOSIT;
        if may {
            self.people[BENEFACTOR] -= amount;
            hub.wallet += amount;
        }
        may
    }

    fn rate(&mut self, number: usize, by: usize, stake: Balance) -> bool {
        let hub = &mut self.hubs[number];
        let may = hub.is_registered() && stake >= MINIMUM_VOTE;
        if may {
            hub.voters.insert(by);
        }
        may
    }

    fn go_to(&mut self, block: BlockNumber) -> bool {
        self.now = block;
        true
    }

    fn jump(&mut self, number: usize, early: bool) -> bool {
        let mut limits: Vec<_> = self.hubs.iter().flat_map(Hub::limits).collect();
        limits.extend(self.quarantine.iter().flatten().map(|(_, until)| *until));
        limits.retain(|limit| *limit > self.now);
        limits.sort_unstable();
        match limits.get(number % limits.len().max(1)) {
            Some(limit) => self.go_to(limit - BlockNumber::from(early)),
            None => true,
        }
    }

    /// Whether the chain would join the payment with another one, which this model does not.
    fn is_joined(&self, step: Step) -> bool {
        let Step::Pay { hub, to, .. } = step else {
            return false;
        };
        let waiting = |payment: &&Payment| payment.payee == to && payment.matures > self.now;
        self.hubs[hub].payments.iter().filter(waiting).count() >= crate::MAX_PENDING as usize
    }
}

/// Does it on the chain, but for waiting.
fn act(step: Step) -> DispatchResult {
    let who = |number: usize| PEOPLE[number].clone();
    let by = |number: usize| signed(PEOPLE[number].clone());
    let tribunal = |voters: bool| if voters { referendum() } else { collective() };
    match step {
        Step::Register(hub) => HubWallet::register(by(hub)),
        Step::Pay { hub, to, amount } => HubWallet::pay(by(hub), who(to), amount),
        Step::Pull { hub, by: payee } => HubWallet::pull(by(payee), who(hub)),
        Step::Payday(hub) => HubWallet::payday(by(hub)),
        Step::Settle(hub) => HubWallet::settle(by(hub)),
        Step::Withdraw(hub) => HubWallet::withdraw(by(hub)),
        Step::Suspect {
            hub,
            voters,
            document,
        } => HubWallet::suspect(tribunal(voters), who(hub), H256::repeat_byte(document)),
        // Without voters behind it, the hub's owner asks for its own freedom.
        Step::Rehabilitate { hub, voters: true } => HubWallet::rehabilitate(referendum(), who(hub)),
        Step::Rehabilitate { hub, .. } => HubWallet::rehabilitate(by(hub), who(hub)),
        Step::Ban(hub) => HubWallet::ban(referendum(), who(hub)),
        Step::Lynch { hub, by: stranger } => HubWallet::ban(by(stranger), who(hub)),
        Step::Release(id) => HubWallet::release_quarantine(by(2), id),
        Step::Sweep(hub) => HubWallet::sweep(by(2), who(hub)),
        Step::Forfeit { hub, payee } => HubWallet::forfeit(by(3), who(hub), who(payee)),
        Step::Fill { hub, amount } => {
            let wallet = wallet_account(&PEOPLE[hub]);
            Balances::transfer_keep_alive(by(BENEFACTOR), wallet, amount)
        }
        Step::Rate {
            hub,
            by: voter,
            stake,
        } => HubWallet::rate(by(voter), who(hub), stake, true),
        Step::Unrate { hub, by: voter } => HubWallet::unrate(by(voter), who(hub)),
        Step::Wait(_) | Step::Jump { .. } => Ok(()),
    }
}

fn phase_of(number: usize) -> HubPhase {
    Hubs::<Test>::get(&PEOPLE[number])
        .expect("both hubs were created")
        .phase
}

/// Does a step in both worlds and compares them.
fn take(model: &mut Model, step: Step) {
    if model.is_joined(step) {
        return;
    }
    let before = [phase_of(0), phase_of(1)];
    let expected = model.foretell(step);
    advance_to(model.now);
    // A call that is refused changes nothing, as in a block.
    let outcome = frame_support::storage::with_storage_layer(|| act(step));
    assert_eq!(
        outcome.is_ok(),
        expected,
        "{step:?} in {}: {outcome:?}",
        model.now
    );
    assert_ok!(HubWallet::do_try_state());
    for (number, phase) in before.into_iter().enumerate() {
        check_hub(model, number);
        check_edge(model.now, number, phase, phase_of(number));
    }
    check_money(model);
}

fn check_hub(model: &Model, number: usize) {
    let expected = &model.hubs[number];
    let hub = Hubs::<Test>::get(&PEOPLE[number]).expect("both hubs were created");
    assert_eq!(hub.phase, expected.phase());
    assert_eq!(
        (hub.frozen, hub.locked, hub.approved),
        (expected.frozen, expected.locked, expected.approved())
    );
    if let Stage::Suspected(accusation) = expected.stage {
        let document = Cases::<Test>::get(&PEOPLE[number]).map(|case| case.document);
        assert_eq!(document, Some(H256::repeat_byte(accusation.document)));
    }
    let wallet = free(&wallet_account(&PEOPLE[number]));
    assert_eq!(wallet, expected.wallet);
    assert!(hub.frozen + hub.locked + hub.approved <= wallet);
}

/// A hub moves only along the graph's edges. A new suspicion in place of one that was over goes by
/// way of idleness.
fn check_edge(now: BlockNumber, number: usize, from: HubPhase, to: HubPhase) {
    let renewed =
        matches!(from, HubPhase::Suspected { .. }) && to == HubPhase::Suspected { since: now };
    assert!(
        from == to || rules::leads_to(from, to) || renewed,
        "{from:?} to {to:?}"
    );
    if matches!(to, HubPhase::Suspected { .. } | HubPhase::Punished { .. }) {
        assert!(Cases::<Test>::contains_key(&PEOPLE[number]));
    }
}

/// Everybody has what the model says, and nothing came or went.
fn check_money(model: &Model) {
    for (who, expected) in PEOPLE.iter().zip(model.people) {
        assert_eq!(
            <Balances as Inspect<AccountId>>::total_balance(who),
            expected
        );
    }
    let quarantine: Balance = model
        .quarantine
        .iter()
        .flatten()
        .map(|(amount, _)| amount)
        .sum();
    assert_eq!(free(&quarantine_account()), quarantine);
    assert_eq!(free(&TREASURY), model.treasury);
    let wallets: Balance = model.hubs.iter().map(|hub| hub.wallet).sum();
    let people: Balance = model.people.iter().sum();
    assert_eq!(wallets + people + quarantine + model.treasury, issuance());
}

/// Whatever has happened, nothing but calls that anybody concerned can make gets all money out.
fn wind_up(model: &mut Model) {
    take(model, Step::Wait(REHABILITATION_PERIOD));
    for hub in 0..HUBS {
        take(model, Step::Rehabilitate { hub, voters: false });
        take(model, Step::Register(hub));
    }
    take(model, Step::Wait(PAYOUT_PERIOD));
    (0..HUBS).for_each(|hub| take(model, Step::Payday(hub)));
    take(model, Step::Wait(WAITING_PERIOD));
    for hub in 0..HUBS {
        take(model, Step::Settle(hub));
        take(model, Step::Withdraw(hub));
        (0..4).for_each(|payee| take(model, Step::Forfeit { hub, payee }));
        take(model, Step::Sweep(hub));
        (0..4).for_each(|by| take(model, Step::Pull { hub, by }));
        (2..4).for_each(|by| take(model, Step::Unrate { hub, by }));
    }
    take(model, Step::Wait(QUARANTINE_PERIOD));
    for id in 0..model.quarantine.len() as u64 {
        take(model, Step::Release(id));
    }
    assert!(model.hubs.iter().all(|hub| hub.wallet == 0));
    assert!(model.quarantine.iter().all(Option::is_none));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn follow_the_rules(steps in steps()) {
        build_and_execute(|| {
            for owner in &PEOPLE[..HUBS] {
                assert_ok!(HubWallet::create(signed(owner.clone()), record("hub")));
                let wallet = wallet_account(owner);
                assert_ok!(Balances::transfer_keep_alive(collective(), wallet, FUNDS));
            }
            let mut model = Model::new();
            for step in steps {
                take(&mut model, step);
            }
            wind_up(&mut model);
        });
    }
}
