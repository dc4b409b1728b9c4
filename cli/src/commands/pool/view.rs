//! What is shown of a pool.

use crate::{
    answer::{Render, Sent},
    table::{Card, Table},
    text::{Address, Hex, shown},
};
use ergon_client::primitives::{
    Access, AccessListId, Pool as PoolRecord, PoolId, PoolPolicy, Scheduling,
};
use serde::Serialize;
use std::io::{self, Write};

/// Who decides which worker contributes, in one word.
pub(in crate::commands) fn scheduling_name(scheduling: Scheduling) -> &'static str {
    match scheduling {
        Scheduling::Open => "open",
        Scheduling::Authorised => "authorised",
    }
}

/// The list of those who may join; none when everybody may.
pub(super) fn list_of(policy: &PoolPolicy) -> Option<AccessListId> {
    match policy.access {
        Access::Public => None,
        Access::Private(list) => Some(list),
    }
}

#[derive(Serialize)]
pub(super) struct PoolView {
    pool: Hex,
    description: String,
    operator: Address,
    authoriser: Address,
    scheduling: &'static str,
    stake_ratio: u8,
    reward_ratio: u8,
    parallelism: u32,
    access: &'static str,
    list: Option<Hex>,
}

impl PoolView {
    pub(super) fn new(id: PoolId, pool: &PoolRecord) -> Self {
        let policy = &pool.policy;
        let list = list_of(policy);
        Self {
            pool: id.into(),
            description: shown(&pool.description),
            operator: Address::from(&pool.owner),
            authoriser: Address::from(&pool.authoriser),
            scheduling: scheduling_name(policy.scheduling),
            stake_ratio: policy.worker_stake_ratio,
            reward_ratio: policy.operator_reward_ratio,
            parallelism: policy.parallelism,
            access: if list.is_some() { "private" } else { "public" },
            list: list.map(Hex::from),
        }
    }
}

#[derive(Serialize)]
pub(super) struct PoolList {
    pub(super) pools: Vec<PoolView>,
}

impl Render for PoolList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = [
            "POOL",
            "DESCRIPTION",
            "OPERATOR",
            ">STAKE",
            ">REWARD",
            ">PARALLEL",
        ];
        let mut table = Table::new(&header);
        for pool in &self.pools {
            table.row([
                pool.pool.to_string(),
                pool.description.clone(),
                pool.operator.short(),
                format!("{} %", pool.stake_ratio),
                format!("{} %", pool.reward_ratio),
                pool.parallelism.to_string(),
            ]);
        }
        table.write(
            out,
            "There are no pools; `ergon pool create` registers one.",
        )
    }
}

#[derive(Serialize)]
pub(super) struct PoolDetails {
    #[serde(flatten)]
    pub(super) pool: PoolView,
    pub(super) admitted: Vec<Address>,
    pub(super) workers: Vec<Address>,
}

impl Render for PoolDetails {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let pool = &self.pool;
        let card = Card::new()
            .line("pool", pool.pool)
            .line("description", &pool.description)
            .line("operator", &pool.operator)
            .line("authoriser", &pool.authoriser)
            .line("scheduling", pool.scheduling)
            .line(
                "stake",
                format!("{} % of the pool price per vote", pool.stake_ratio),
            )
            .line(
                "reward",
                format!("{} % of the pool price for the operator", pool.reward_ratio),
            )
            .line("parallelism", pool.parallelism)
            .line("access", pool.access)
            .maybe("list", pool.list);
        let card = self
            .admitted
            .iter()
            .fold(card, |card, owner| card.line("admitted", owner));
        self.workers
            .iter()
            .fold(card, |card, worker| card.line("worker", worker))
            .write(out)
    }
}

#[derive(Serialize)]
pub(super) struct Created {
    pub(super) pool: Hex,
    pub(super) list: Option<Hex>,
    #[serde(flatten)]
    pub(super) sent: Sent,
}

impl Render for Created {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        self.sent
            .lines(Card::new().line("pool", self.pool).maybe("list", self.list))
            .write(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::primitives::AccountId;
    use sp_core::H256;

    fn record(access: Access, scheduling: Scheduling) -> PoolRecord {
        PoolRecord {
            owner: AccountId::new([1; 32]),
            authoriser: AccountId::new([2; 32]),
            description: b"demo".to_vec().try_into().unwrap(),
            policy: PoolPolicy {
                worker_stake_ratio: 30,
                operator_reward_ratio: 1,
                parallelism: 4,
                access,
                scheduling,
            },
        }
    }

    fn rendered(record: &PoolRecord) -> String {
        let details = PoolDetails {
            pool: PoolView::new(PoolId(H256::zero()), record),
            admitted: Vec::new(),
            workers: Vec::new(),
        };
        let mut out = Vec::new();
        details.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_pool_shows_who_may_join_and_who_decides() {
        let text = rendered(&record(Access::Public, Scheduling::Authorised));
        assert!(text.contains("scheduling   authorised\n"), "{text}");
        assert!(
            text.contains("access       public\n") && !text.contains("list"),
            "{text}"
        );
        let list = Access::Private(AccessListId(H256::repeat_byte(0xab)));
        let text = rendered(&record(list, Scheduling::Open));
        assert!(
            text.contains("access       private\nlist         0xabab"),
            "{text}"
        );
    }
}
