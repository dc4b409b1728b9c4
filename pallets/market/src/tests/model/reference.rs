//! The rules of the protocol's third section, with those of the registry that they meet, on plain
//! structs. Written from the protocol; nothing of the pallet is called.

use super::{drafts::*, world::*};
use ergon_primitives::{
    Access, App, AppKind, Balance, BlockNumber, Curation, DAYS, Dataset, Deal, DealDataset, DealId,
    DealOrders, Description, EXECUTION_VERSION_1, Locator, MICRO_ERG, MILLI_ERG, Name, OrderId,
    OutputFiles, Pool, PoolPolicy, Scheduling, Verification, deal_id,
};
use pallet_registry::{AccessList, app_deposit, dataset_deposit, list_deposit, pool_deposit};
use sp_core::H256;
use sp_runtime::BoundedVec;
use std::collections::BTreeSet;

/// What every proposal is about.
pub const DOCUMENT: H256 = H256::repeat_byte(0xd0);

/// The kinds of entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    App,
    Dataset,
    Pool,
}

impl Kind {
    /// Who registers entries of this kind.
    pub fn registrar(self) -> Who {
        match self {
            Kind::App => APP_OWNER,
            Kind::Dataset => DATASET_OWNER,
            Kind::Pool => OPERATOR,
        }
    }
}

/// The terms that pools take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// Members of the list race, four tasks at a time.
    Open,
    /// Anybody whom the authoriser lets, one task at a time.
    Authorised,
    /// Anybody races: refused.
    OpenToAll,
}

impl Policy {
    pub fn form(self) -> PoolPolicy {
        PoolPolicy {
            worker_stake_ratio: if self == Policy::Open { 30 } else { 55 },
            operator_reward_ratio: if self == Policy::Open { 1 } else { 7 },
            parallelism: if self == Policy::Open { 4 } else { 1 },
            access: match self {
                Policy::Open => Access::Private(list()),
                _ => Access::Public,
            },
            scheduling: match self {
                Policy::Authorised => Scheduling::Authorised,
                _ => Scheduling::Open,
            },
        }
    }
}

pub fn name() -> Name {
    BoundedVec::truncate_from(b"entry".to_vec())
}

/// An entry of the registry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// None while it is not registered.
    pub owner: Option<Who>,
    /// Who paid what for it.
    deposit: (Who, Balance),
    /// How many open deals use it.
    uses: u32,
    /// Whether it was removed, less than 180 days ago.
    is_buried: bool,
}

/// What is known of an order.
#[derive(Clone, Debug)]
pub struct Known {
    pub draft: Draft,
    pub id: OrderId,
    pub consumed: u32,
    /// Whether the consumption is written down.
    pub is_noted: bool,
    /// Publisher and deposit.
    pub publication: Option<(Who, Balance)>,
    /// Who paid what for closing it unpublished.
    pub closing: Option<(Who, Balance)>,
    /// Tasks in deals made of it, whatever was forgotten since.
    pub taken: u32,
}

/// A deal, and whose it is.
#[derive(Clone, Debug)]
pub struct Agreed {
    pub id: DealId,
    pub terms: Deal,
    pub has_ended: bool,
    payer: Who,
    operator: Who,
    app_owner: Who,
    dataset_owner: Option<Who>,
    app: usize,
    dataset: Option<usize>,
    pool: usize,
}

/// What the calls of a deal's tasks use up in a sequence, one way or the other.
pub fn spent_on_calls(terms: &Deal) -> Balance {
    terms.settlement_fee / 3
}

/// How many fresh workers must agree for this trust: the protocol's table.
fn needed(trust: u32) -> Balance {
    match trust {
        0..=2 => 1,
        3..=4 => 2,
        5..=8 => 3,
        9..=16 => 4,
        _ => unreachable!("no sequence asks for more trust"),
    }
}

/// An attempt to match; orders by number among all.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pub caller: Who,
    pub app: usize,
    pub dataset: Option<usize>,
    pub pool: usize,
    pub request: usize,
    /// Who signed app, dataset, pool and request order.
    pub signers: [Option<Who>; 4],
}

impl Attempt {
    fn orders(&self) -> Vec<usize> {
        let all = [
            Some(self.app),
            self.dataset,
            Some(self.pool),
            Some(self.request),
        ];
        all.into_iter().flatten().collect()
    }
}

/// What the chain should look like.
pub struct Reference {
    pub now: BlockNumber,
    pub orders: Vec<Known>,
    pub apps: [Entry; ENTRIES],
    pub datasets: [Entry; ENTRIES],
    pub pools: [Entry; ENTRIES],
    policies: [Policy; ENTRIES],
    curations: [Option<Curation>; ENTRIES],
    pub members: BTreeSet<Who>,
    list_deposit: Balance,
    /// Money that is not on hold.
    pub free: [Balance; PEOPLE.len()],
    /// What paid tasks brought and cost.
    pub earned: [i128; PEOPLE.len()],
    pub deals: Vec<Agreed>,
}

impl Reference {
    /// Nothing but the list is there.
    pub fn new(drafts: Vec<Draft>, genesis: H256) -> Self {
        let order = |(number, draft): (usize, Draft)| Known {
            id: draft.order(number).id(genesis),
            draft,
            consumed: 0,
            is_noted: false,
            publication: None,
            closing: None,
            taken: 0,
        };
        let mut reference = Self {
            now: 1,
            orders: drafts.into_iter().enumerate().map(order).collect(),
            apps: Default::default(),
            datasets: Default::default(),
            pools: Default::default(),
            policies: [Policy::Open; ENTRIES],
            curations: Default::default(),
            members: BTreeSet::new(),
            list_deposit: 0,
            free: [ENDOWMENT; PEOPLE.len()],
            earned: Default::default(),
            deals: Vec::new(),
        };
        assert!(reference.resize_list(BTreeSet::new()), "the keeper can pay");
        reference
    }

    fn hold(&mut self, who: Who, amount: Balance) -> bool {
        let can = amount == 0 || self.free[who] >= amount + EXISTENTIAL_DEPOSIT;
        if can {
            self.free[who] -= amount;
        }
        can
    }

    fn release(&mut self, (who, amount): (Who, Balance)) {
        self.free[who] += amount;
    }

    // Registry.

    pub fn entry(&self, kind: Kind, number: usize) -> &Entry {
        match kind {
            Kind::App => &self.apps[number],
            Kind::Dataset => &self.datasets[number],
            Kind::Pool => &self.pools[number],
        }
    }

    fn entry_mut(&mut self, kind: Kind, number: usize) -> &mut Entry {
        match kind {
            Kind::App => &mut self.apps[number],
            Kind::Dataset => &mut self.datasets[number],
            Kind::Pool => &mut self.pools[number],
        }
    }

    fn entry_deposit(&self, kind: Kind, number: usize) -> Balance {
        match kind {
            Kind::App => app_deposit(&App {
                owner: account(APP_OWNER),
                name: name(),
                kind: AppKind::Wasm,
                digest: digest(number),
                locator: Locator::default(),
                metadata: Description::default(),
                requirements: app_demand(number).form(),
                outputs: OutputFiles::default(),
            }),
            Kind::Dataset => dataset_deposit(&Dataset {
                owner: account(DATASET_OWNER),
                name: name(),
                digest: digest(number),
                locator: Locator::default(),
                metadata: Description::default(),
                encryption: None,
                allowed_apps: allowed_apps(number),
            }),
            Kind::Pool => pool_deposit(&Pool {
                owner: account(OPERATOR),
                authoriser: account(OPERATOR),
                description: pool_description(number),
                policy: self.policies[number].form(),
            }),
        }
    }

    pub fn register(&mut self, kind: Kind, number: usize) -> bool {
        let owner = kind.registrar();
        let entry = self.entry(kind, number);
        if entry.owner.is_some() || entry.is_buried {
            return false;
        }
        if kind == Kind::Pool {
            self.policies[number] = Policy::Open;
        }
        let deposit = self.entry_deposit(kind, number);
        let can = self.hold(owner, deposit);
        if can {
            let entry = self.entry_mut(kind, number);
            entry.owner = Some(owner);
            entry.deposit = (owner, deposit);
        }
        can
    }

    pub fn transfer(&mut self, kind: Kind, number: usize, by: Who, to: Who) -> bool {
        let entry = self.entry_mut(kind, number);
        let can = entry.owner == Some(by);
        if can {
            entry.owner = Some(to);
        }
        can
    }

    pub fn remove(&mut self, kind: Kind, number: usize, by: Who) -> bool {
        let entry = self.entry_mut(kind, number);
        if entry.owner != Some(by) || entry.uses > 0 {
            return false;
        }
        entry.owner = None;
        entry.is_buried = true;
        let deposit = entry.deposit;
        self.release(deposit);
        if kind == Kind::App && !self.is_revoked(number) {
            self.curations[number] = None;
        }
        true
    }

    pub fn update_pool(&mut self, number: usize, by: Who, policy: Policy) -> bool {
        if self.pools[number].owner != Some(by) || policy == Policy::OpenToAll {
            return false;
        }
        let (before, free) = (self.policies[number], self.free);
        self.release(self.pools[number].deposit);
        self.policies[number] = policy;
        let deposit = self.entry_deposit(Kind::Pool, number);
        let can = self.hold(by, deposit);
        if can {
            self.pools[number].deposit = (by, deposit);
        } else {
            (self.policies[number], self.free) = (before, free);
        }
        can
    }

    /// The keeper takes a person on the list or off it.
    pub fn set_member(&mut self, who: Who, is_member: bool) -> bool {
        let mut members = self.members.clone();
        if is_member {
            members.insert(who);
        } else {
            members.remove(&who);
        }
        self.resize_list(members)
    }

    fn resize_list(&mut self, members: BTreeSet<Who>) -> bool {
        let deposit = list_deposit(&AccessList {
            owner: account(OTHER),
            members: members.len() as u32,
        });
        let before = self.free;
        self.release((OTHER, self.list_deposit));
        let can = self.hold(OTHER, deposit);
        if can {
            self.list_deposit = deposit;
            self.members = members;
        } else {
            self.free = before;
        }
        can
    }

    pub fn delete_list(&mut self) {
        self.release((OTHER, self.list_deposit));
        self.list_deposit = 0;
    }

    pub fn propose(&mut self, app: usize, by: Who) -> bool {
        let can = self.apps[app].owner == Some(by)
            && matches!(self.curations[app], None | Some(Curation::Proposed(_)));
        if can {
            self.curations[app] = Some(Curation::Proposed(DOCUMENT));
        }
        can
    }

    pub fn approve(&mut self, app: usize) -> bool {
        let is_known = matches!(
            self.curations[app],
            Some(Curation::Proposed(_) | Curation::Approved(_))
        );
        let can = self.apps[app].owner.is_some() && is_known;
        if can {
            self.curations[app] = Some(Curation::Approved(DOCUMENT));
        }
        can
    }

    pub fn revoke(&mut self, app: usize, harmful: bool) -> bool {
        self.curations[app] = Some(Curation::Revoked { harmful });
        true
    }

    pub fn clear(&mut self, app: usize) -> bool {
        self.curations[app].take().is_some()
    }

    // Orders.

    /// Who may sign, publish and close the order now.
    pub fn owner(&self, order: usize) -> Option<Who> {
        match &self.orders[order].draft {
            Draft::App(offer) => self.apps[offer.entry].owner,
            Draft::Dataset(offer) => self.datasets[offer.entry].owner,
            Draft::Pool(pool) => self.pools[pool.offer.entry].owner,
            Draft::Request(wish) => Some(wish.requester),
        }
    }

    pub fn is_expired(&self, order: usize) -> bool {
        self.orders[order].draft.valid_until() < self.now
    }

    fn remaining(&self, order: usize) -> u32 {
        let known = &self.orders[order];
        known.draft.volume().saturating_sub(known.consumed)
    }

    fn is_revoked(&self, app: usize) -> bool {
        matches!(self.curations[app], Some(Curation::Revoked { .. }))
    }

    /// Whether nothing about the order alone rules out a match.
    fn could_match(&self, order: usize) -> bool {
        let remaining = self.remaining(order);
        let is_sound = match &self.orders[order].draft {
            Draft::App(offer) => !self.is_revoked(offer.entry),
            Draft::Dataset(_) => true,
            Draft::Pool(pool) => pool.category != NO_CATEGORY,
            Draft::Request(wish) => {
                wish.category != NO_CATEGORY
                    && self.apps[wish.app].owner.is_some()
                    && !self.is_revoked(wish.app)
                    && wish.dataset.is_none_or(|dataset| {
                        self.datasets[dataset].owner.is_some() && may_read(wish.app, dataset)
                    })
                    && wish
                        .pool
                        .is_none_or(|pool| self.pools[pool].owner.is_some())
                    && remaining >= wish.min_volume
            }
        };
        is_sound && remaining > 0 && !self.is_expired(order)
    }

    /// What publishing costs: the text, each place on a shelf, the place on the agenda.
    fn publication_deposit(&self, order: usize) -> Balance {
        use codec::Encode;
        let draft = &self.orders[order].draft;
        let text = item(32 + 32 + 16 + draft.order(order).encoded_size());
        let places: Balance = draft
            .shelves()
            .iter()
            .map(|name| item(name + 16 + 32))
            .sum();
        text + places + item(4 + 34)
    }

    pub fn publish(&mut self, who: Who, order: usize) -> bool {
        if self.orders[order].publication.is_some()
            || !self.could_match(order)
            || self.owner(order) != Some(who)
        {
            return false;
        }
        let deposit = self.publication_deposit(order);
        let can = self.hold(who, deposit);
        if can {
            self.orders[order].publication = Some((who, deposit));
        }
        can
    }

    pub fn close(&mut self, who: Who, order: usize) -> bool {
        let published = self.orders[order].publication;
        let is_publisher = published.is_some_and(|(publisher, _)| publisher == who);
        let may = is_publisher || self.owner(order) == Some(who);
        let has_something = published.is_some() || self.remaining(order) > 0;
        if self.is_expired(order) || !may || !has_something {
            return false;
        }
        if published.is_some() {
            self.withdraw(order);
        } else {
            let deposit = item(32 + 8) + item(32 + 32 + 16) + item(4 + 34);
            if !self.hold(who, deposit) {
                return false;
            }
            self.orders[order].closing = Some((who, deposit));
        }
        let known = &mut self.orders[order];
        known.consumed = known.draft.volume();
        known.is_noted = true;
        true
    }

    fn withdraw(&mut self, order: usize) {
        if let Some(deposit) = self.orders[order].publication.take() {
            self.release(deposit);
        }
    }

    fn has_left_something(&self, order: usize) -> bool {
        let known = &self.orders[order];
        known.publication.is_some() || known.is_noted
    }

    fn forget(&mut self, order: usize) {
        self.withdraw(order);
        if let Some(deposit) = self.orders[order].closing.take() {
            self.release(deposit);
        }
        let known = &mut self.orders[order];
        known.consumed = 0;
        known.is_noted = false;
    }

    /// Orders that can be forgotten, the earliest first.
    fn over(&self) -> Vec<usize> {
        let mut over: Vec<usize> = (0..self.orders.len())
            .filter(|order| self.is_expired(*order) && self.has_left_something(*order))
            .collect();
        over.sort_by_key(|order| {
            let known = &self.orders[*order];
            (known.draft.valid_until(), known.id)
        });
        over
    }

    pub fn prune(&mut self) -> bool {
        let over = self.over();
        over.iter().for_each(|order| self.forget(*order));
        !over.is_empty()
    }

    pub fn idle(&mut self, items: u64) {
        let over = self.over();
        over.iter()
            .take(items as usize)
            .for_each(|order| self.forget(*order));
    }

    // Matching.

    /// Makes a deal, if the orders fit.
    pub fn make_deal(&mut self, attempt: Attempt) -> bool {
        let Some(agreed) = self.agree(&attempt) else {
            return false;
        };
        let terms = &agreed.terms;
        let volume = terms.volume;
        let payment = terms.task_price() * Balance::from(volume);
        let stake = terms.operator_stake * Balance::from(volume);
        let before = self.free;
        if !self.hold(agreed.payer, payment)
            || !self.hold(agreed.payer, terms.settlement_fee)
            || !self.hold(agreed.operator, stake)
        {
            self.free = before;
            return false;
        }
        for order in attempt.orders() {
            let known = &mut self.orders[order];
            known.consumed += volume;
            known.taken += volume;
            known.is_noted = true;
            if self.remaining(order) == 0 {
                self.withdraw(order);
            }
        }
        self.use_entries(&agreed, |uses| uses + 1);
        self.deals.push(agreed);
        true
    }

    fn use_entries(&mut self, agreed: &Agreed, change: impl Fn(u32) -> u32) {
        let (app, pool) = (&mut self.apps[agreed.app], &mut self.pools[agreed.pool]);
        app.uses = change(app.uses);
        pool.uses = change(pool.uses);
        if let Some(dataset) = agreed.dataset {
            let dataset = &mut self.datasets[dataset];
            dataset.uses = change(dataset.uses);
        }
    }

    /// The deal of the orders, if they fit; whether it can be paid is not asked.
    fn agree(&self, attempt: &Attempt) -> Option<Agreed> {
        let (app, pool, wish) = match [attempt.app, attempt.pool, attempt.request]
            .map(|order| &self.orders[order].draft)
        {
            [Draft::App(app), Draft::Pool(pool), Draft::Request(wish)] => (app, pool, wish),
            other => unreachable!("orders of other types: {other:?}"),
        };
        let dataset = match attempt.dataset.map(|order| &self.orders[order].draft) {
            None => None,
            Some(Draft::Dataset(dataset)) => Some(dataset),
            Some(other) => unreachable!("not a dataset's: {other:?}"),
        };
        let orders = attempt.orders();
        let volume = orders.iter().map(|order| self.remaining(*order)).min()?;
        let app_owner = self.apps[app.entry].owner?;
        let operator = self.pools[pool.offer.entry].owner?;
        let dataset_owner = match dataset {
            None => None,
            Some(dataset) => Some(self.datasets[dataset.entry].owner?),
        };
        let policy = self.policies[pool.offer.entry];
        let work_time = *WORK_TIMES.get(wish.category as usize)?;

        let fits = orders.iter().all(|order| !self.is_expired(*order))
            && fits_together(app, dataset, pool, wish)
            && self.admits_all(app, dataset, pool, wish)
            && self.is_consented(attempt, wish)
            && self.is_good_enough(wish)
            && meets_demands(pool, policy, wish)
            && (policy != Policy::Open || wish.trust >= 3)
            && volume >= wish.min_volume
            && volume > 0
            && is_in_time(volume, policy, work_time, wish.max_duration);
        if !fits {
            return None;
        }

        let request = &self.orders[attempt.request];
        let ratios = policy.form();
        let price = pool.offer.price;
        let terms = Deal {
            orders: DealOrders {
                app: self.orders[attempt.app].id,
                dataset: attempt.dataset.map(|order| self.orders[order].id),
                pool: self.orders[attempt.pool].id,
                request: request.id,
            },
            app: super::drafts::app(app.entry),
            app_owner: account(app_owner),
            app_price: app.price,
            dataset: dataset
                .zip(dataset_owner)
                .map(|(dataset, owner)| DealDataset {
                    id: super::drafts::dataset(dataset.entry),
                    owner: account(owner),
                    price: dataset.price,
                }),
            pool: super::drafts::pool(pool.offer.entry),
            operator: account(operator),
            pool_price: price,
            requester: account(wish.requester),
            payer: account(wish.payer),
            beneficiary: account(wish.requester),
            category: wish.category,
            work_time,
            trust: wish.trust,
            verification: Verification::Replication,
            scheduling: ratios.scheduling,
            execution_version: EXECUTION_VERSION_1,
            params: Default::default(),
            first_index: request.consumed,
            volume,
            started: self.now,
            widening: rounds(volume, policy),
            worker_stake: (price * Balance::from(ratios.worker_stake_ratio) / 100).max(1),
            operator_stake: price * 30 / 100,
            operator_reward_ratio: ratios.operator_reward_ratio,
            fund_fee_ratio: 0,
            settlement_fee: (needed(wish.trust) + 2) * PRICE_OF_VOTE * Balance::from(volume),
            callback: None,
        };
        Some(Agreed {
            id: deal_id(request.id, request.consumed),
            terms,
            has_ended: false,
            payer: wish.payer,
            operator,
            app_owner,
            dataset_owner,
            app: app.entry,
            dataset: dataset.map(|dataset| dataset.entry),
            pool: pool.offer.entry,
        })
    }

    /// Whether every restriction admits its counterpart.
    fn admits_all(
        &self,
        app: &Offer,
        dataset: Option<&Offer>,
        pool: &PoolOffer,
        wish: &Wish,
    ) -> bool {
        let listed = |owner: Option<Who>| owner.is_some_and(|who| self.members.contains(&who));
        let admits = |restriction: Admits, number: usize, owner: Option<Who>| match restriction {
            Admits::Anyone => true,
            Admits::Only(only) => only == number,
            Admits::Listed => listed(owner),
        };
        let pool = &pool.offer;
        let admits_app = |by: Admits| admits(by, app.entry, self.apps[app.entry].owner);
        let admits_pool = |by: Admits| admits(by, pool.entry, self.pools[pool.entry].owner);
        let admits_requester = |by: Admits| admits(by, wish.requester, Some(wish.requester));
        let admits_dataset = |by: Admits| {
            dataset
                .is_none_or(|dataset| admits(by, dataset.entry, self.datasets[dataset.entry].owner))
        };
        admits_dataset(app.admits_dataset)
            && admits_pool(app.admits_pool)
            && admits_requester(app.admits_requester)
            && admits_app(pool.admits_app)
            && admits_dataset(pool.admits_dataset)
            && admits_requester(pool.admits_requester)
            && dataset.is_none_or(|dataset| {
                admits_app(dataset.admits_app)
                    && admits_pool(dataset.admits_pool)
                    && admits_requester(dataset.admits_requester)
            })
    }

    /// Whether everybody stands behind the match.
    fn is_consented(&self, attempt: &Attempt, wish: &Wish) -> bool {
        let orders = [Some(attempt.app), attempt.dataset, Some(attempt.pool)];
        let mut offers = orders.into_iter().zip(attempt.signers);
        let calls_itself = attempt.caller == wish.requester;
        let [.., request_signer] = attempt.signers;
        offers.all(|(order, signer)| order.is_none_or(|order| self.is_authentic(order, signer)))
            && (calls_itself || self.is_authentic(attempt.request, request_signer))
            && wish.matcher.is_none_or(|matcher| matcher == attempt.caller)
            && (wish.payer == wish.requester || wish.payer == attempt.caller)
    }

    fn is_authentic(&self, order: usize, signer: Option<Who>) -> bool {
        let publisher = self.orders[order]
            .publication
            .map(|(publisher, _)| publisher);
        let owner = self.owner(order);
        owner.is_some() && (signer == owner || publisher == owner)
    }

    fn is_good_enough(&self, wish: &Wish) -> bool {
        let is_approved = matches!(self.curations[wish.app], Some(Curation::Approved(_)));
        !self.is_revoked(wish.app) && (is_approved || !wish.approved_only)
    }

    // Ends.

    /// Numbers of the deals that have not ended.
    pub fn open_deals(&self) -> Vec<usize> {
        self.numbers(|deal| !deal.has_ended)
    }

    /// Numbers of the deals that have.
    pub fn ended_deals(&self) -> Vec<usize> {
        self.numbers(|deal| deal.has_ended)
    }

    fn numbers(&self, which: impl Fn(&Agreed) -> bool) -> Vec<usize> {
        let deals = self.deals.iter().enumerate();
        deals
            .filter_map(|(number, deal)| which(deal).then_some(number))
            .collect()
    }

    /// Every task ends: paid, with one worker, or without result, everybody getting back what they
    /// put in.
    pub fn end_deal(&mut self, number: usize, is_paid: bool) {
        self.deals[number].has_ended = true;
        let agreed = self.deals[number].clone();
        let terms = &agreed.terms;
        let tasks = Balance::from(terms.volume);
        self.release((agreed.operator, terms.operator_stake * tasks));
        self.release((agreed.payer, terms.task_price() * tasks));
        self.release((agreed.payer, terms.settlement_fee));
        self.burn(agreed.payer, spent_on_calls(terms));
        if is_paid {
            let reward = terms.pool_price * Balance::from(terms.operator_reward_ratio) / 100;
            self.pay(agreed.payer, agreed.app_owner, terms.app_price * tasks);
            if let Some(owner) = agreed.dataset_owner {
                self.pay(agreed.payer, owner, terms.dataset_price() * tasks);
            }
            self.pay(agreed.payer, agreed.operator, reward * tasks);
            self.pay(agreed.payer, WORKER, (terms.pool_price - reward) * tasks);
        }
        self.use_entries(&agreed, |uses| uses - 1);
    }

    fn burn(&mut self, from: Who, amount: Balance) {
        self.free[from] -= amount;
        self.earned[from] -= amount as i128;
    }

    fn pay(&mut self, from: Who, to: Who, amount: Balance) {
        self.free[from] -= amount;
        self.free[to] += amount;
        self.earned[from] -= amount as i128;
        self.earned[to] += amount as i128;
    }

    // Sums.

    /// What a person should have on hold for publications.
    pub fn held_for_publications(&self, who: Who) -> Balance {
        let deposits = self.orders.iter().filter_map(|known| known.publication);
        sum_of(who, deposits)
    }

    /// For closings.
    pub fn held_for_closings(&self, who: Who) -> Balance {
        let deposits = self.orders.iter().filter_map(|known| known.closing);
        sum_of(who, deposits)
    }

    /// For entries and the list.
    pub fn held_for_entries(&self, who: Who) -> Balance {
        let entries = self.apps.iter().chain(&self.datasets).chain(&self.pools);
        let deposits = entries
            .filter(|entry| entry.owner.is_some())
            .map(|entry| entry.deposit)
            .chain([(OTHER, self.list_deposit)]);
        sum_of(who, deposits)
    }

    /// For tasks to be paid.
    pub fn held_for_tasks(&self, who: Who) -> Balance {
        let open = self.deals.iter().filter(|deal| !deal.has_ended);
        sum_of(
            who,
            open.map(|deal| {
                let terms = &deal.terms;
                (deal.payer, terms.task_price() * Balance::from(terms.volume))
            }),
        )
    }

    /// For calls.
    pub fn held_for_calls(&self, who: Who) -> Balance {
        let open = self.deals.iter().filter(|deal| !deal.has_ended);
        sum_of(
            who,
            open.map(|deal| (deal.payer, deal.terms.settlement_fee)),
        )
    }

    /// For tasks to be worked on.
    pub fn held_for_stakes(&self, who: Who) -> Balance {
        let open = self.deals.iter().filter(|deal| !deal.has_ended);
        sum_of(
            who,
            open.map(|deal| {
                let terms = &deal.terms;
                (
                    deal.operator,
                    terms.operator_stake * Balance::from(terms.volume),
                )
            }),
        )
    }
}

fn sum_of(who: Who, deposits: impl Iterator<Item = (Who, Balance)>) -> Balance {
    deposits
        .filter_map(|(payer, amount)| (payer == who).then_some(amount))
        .sum()
}

/// Price of storing an item of so many bytes.
fn item(bytes: usize) -> Balance {
    MILLI_ERG + 10 * MICRO_ERG * bytes as Balance
}

fn may_read(app: usize, dataset: usize) -> bool {
    dataset == 0 || app == 0
}

/// Ids, categories, prices, trust and features.
fn fits_together(app: &Offer, dataset: Option<&Offer>, pool: &PoolOffer, wish: &Wish) -> bool {
    let needed = app.tag | dataset.map_or(0, |dataset| dataset.tag) | wish.tag;
    wish.app == app.entry
        && wish.dataset == dataset.map(|dataset| dataset.entry)
        && wish.pool.is_none_or(|wanted| wanted == pool.offer.entry)
        && wish.category == pool.category
        && app.price <= wish.max_app_price
        && dataset.is_none_or(|dataset| {
            dataset.price <= wish.max_dataset_price && may_read(app.entry, dataset.entry)
        })
        && pool.offer.price <= wish.max_pool_price
        && wish.trust <= pool.trust
        && pool.offer.tag & needed == needed
}

/// Whether what app, request and pool demand of each other is certainly true.
fn meets_demands(pool: &PoolOffer, policy: Policy, wish: &Wish) -> bool {
    let pool_has = |demand| match demand {
        Demand::Nothing => true,
        Demand::Memory(least) => pool.memory.is_some_and(|memory| memory >= least),
        Demand::Parallelism(least) => policy.form().parallelism >= least,
        Demand::TrustAtMost(_) | Demand::VolumeAtLeast(_) => unreachable!("asked of a pool"),
    };
    let request_has = |demand| match demand {
        Demand::Nothing => true,
        Demand::TrustAtMost(most) => wish.trust <= most,
        Demand::VolumeAtLeast(least) => wish.volume >= least,
        Demand::Memory(_) | Demand::Parallelism(_) => unreachable!("asked of a request"),
    };
    pool_has(app_demand(wish.app)) && pool_has(wish.demand) && request_has(pool.demand)
}

/// w of the protocol.
fn rounds(volume: u32, policy: Policy) -> u32 {
    volume.div_ceil(policy.form().parallelism).max(1)
}

/// Whether `10·T·w` is at most what the request allows, and 30 days.
fn is_in_time(volume: u32, policy: Policy, work_time: u32, most: u32) -> bool {
    10 * work_time * rounds(volume, policy) <= most.min(30 * DAYS)
}
