//! Hubs as one looks at them.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::{Card, Table},
    text::{Address, Hex, shown},
};
use ergon_client::{
    Approval, Hub, HubLimits, View, hub_wallet,
    primitives::{AccountId, BlockNumber, HubPhase, HubRecord},
};
use serde::Serialize;
use std::io::{self, Write};

/// Millionths of one percent's hundredth.
const MILLIONTHS_PER_HUNDREDTH: u32 = 100;

#[derive(Serialize)]
struct HubView {
    owner: Address,
    wallet: Address,
    phase: PhaseView,
    name: String,
    peer_id: String,
    addresses: Vec<String>,
    trusted: bool,
    balance: Amount,
    frozen: Amount,
    locked: Amount,
    approved: Amount,
    free: Amount,
    votes_up: Amount,
    votes_down: Amount,
    pools: Vec<Hex>,
    approvals: Vec<ApprovalView>,
    block: BlockNumber,
}

/// A phase: its name, and the block that it waits for.
#[derive(Serialize)]
struct PhaseView {
    phase: &'static str,
    since: Option<BlockNumber>,
    until: Option<BlockNumber>,
    next: &'static str,
}

#[derive(Serialize)]
struct ApprovalView {
    payee: Address,
    amount: Amount,
    matured: Amount,
    next: Option<BlockNumber>,
}

impl From<HubPhase> for PhaseView {
    fn from(phase: HubPhase) -> Self {
        let (phase, since, until, next) = match phase {
            HubPhase::Created => (
                "created",
                None,
                None,
                "`ergon hub register` when the wallet holds more than the freeze",
            ),
            HubPhase::Registered { since, payday } => (
                "registered",
                Some(since),
                Some(payday),
                "`ergon hub pay`; from that block on `ergon hub payday`",
            ),
            HubPhase::Leaving { until } => (
                "leaving",
                None,
                Some(until),
                "from that block on `ergon hub settle`",
            ),
            HubPhase::Idle => (
                "idle",
                None,
                None,
                "`ergon hub withdraw` or `ergon hub register`",
            ),
            HubPhase::Suspected { since } => (
                "suspected",
                Some(since),
                None,
                "`ergon hub case` tells until when",
            ),
            HubPhase::Punished { since, .. } => (
                "banned",
                Some(since),
                None,
                "`ergon hub sweep` for what still arrives",
            ),
        };
        Self {
            phase,
            since,
            until,
            next,
        }
    }
}

impl PhaseView {
    fn line(&self, now: BlockNumber) -> String {
        let since = self.since.map(|block| format!(" since block {block}"));
        let until = self.until.map(|block| format!(", {}", until(block, now)));
        format!(
            "{}{}{}",
            self.phase,
            since.unwrap_or_default(),
            until.unwrap_or_default()
        )
    }
}

/// A block that is waited for, and how long that takes.
pub(super) fn until(block: BlockNumber, now: BlockNumber) -> String {
    match block.checked_sub(now) {
        None | Some(0) => format!("until block {block}, which is over"),
        Some(left) => format!("until block {block}, in {}", Span(left)),
    }
}

impl ApprovalView {
    fn new(payee: &AccountId, approval: &Approval, cutoff: BlockNumber) -> Self {
        let pending = approval.pending.iter();
        Self {
            payee: payee.into(),
            amount: Amount(approval.total()),
            matured: Amount(approval.matured_at(cutoff)),
            next: pending
                .map(|part| part.matures)
                .filter(|matures| *matures > cutoff)
                .min(),
        }
    }
}

impl HubView {
    fn new(owner: &AccountId, hub: &Hub, record: Option<HubRecord>, block: BlockNumber) -> Self {
        let texts = |record: HubRecord| {
            let addresses = record.addresses.iter().map(|address| shown(address));
            (
                shown(&record.name),
                shown(&record.peer_id),
                addresses.collect(),
            )
        };
        let (name, peer_id, addresses) = record.map(texts).unwrap_or_default();
        Self {
            owner: owner.into(),
            wallet: hub_wallet(owner).into(),
            phase: hub.phase.into(),
            name,
            peer_id,
            addresses,
            trusted: hub.trusted,
            balance: Amount::default(),
            frozen: Amount(hub.frozen),
            locked: Amount(hub.locked),
            approved: Amount(hub.approved),
            free: Amount::default(),
            votes_up: Amount(hub.votes_up),
            votes_down: Amount(hub.votes_down),
            pools: Vec::new(),
            approvals: Vec::new(),
            block,
        }
    }

    fn with_balance(self, balance: u128, hub: &Hub) -> Self {
        Self {
            balance: Amount(balance),
            free: Amount(balance.saturating_sub(hub.bound())),
            ..self
        }
    }
}

impl Render for HubView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("owner", &self.owner)
            .line("wallet", &self.wallet)
            .line("name", &self.name)
            .line("peer id", &self.peer_id);
        let card = self
            .addresses
            .iter()
            .fold(card, |card, address| card.line("address", address));
        let card = card
            .line("phase", self.phase.line(self.block))
            .line("trusted", if self.trusted { "yes" } else { "no" })
            .line("wallet holds", self.balance)
            .line("  frozen", self.frozen)
            .line("  locked", self.locked)
            .line("  approved", self.approved)
            .line("  free", self.free)
            .line("votes for it", self.votes_up)
            .line("votes against it", self.votes_down);
        let card = self
            .pools
            .iter()
            .fold(card, |card, pool| card.line("pool", pool));
        let card = self.approvals.iter().fold(card, |card, approval| {
            let next = approval
                .next
                .map(|block| format!(", more in block {block}"));
            card.line(
                "owes",
                format!(
                    "{} to {} ({} now{})",
                    approval.amount,
                    approval.payee,
                    approval.matured,
                    next.unwrap_or_default()
                ),
            )
        });
        card.line("next", self.phase.next).write(out)
    }
}

#[derive(Serialize)]
struct HubList {
    hubs: Vec<HubView>,
}

impl Render for HubList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["OWNER", "NAME", "PHASE", "TRUSTED", ">FOR", ">AGAINST"]);
        for hub in &self.hubs {
            table.row([
                hub.owner.to_string(),
                hub.name.clone(),
                hub.phase.phase.into(),
                if hub.trusted { "yes" } else { "no" }.into(),
                hub.votes_up.to_string(),
                hub.votes_down.to_string(),
            ]);
        }
        table.write(out, "There are no hubs; `ergon hub create` makes one.")
    }
}

#[derive(Serialize)]
struct LimitsView {
    payout_period: BlockNumber,
    waiting_period: BlockNumber,
    maturity: BlockNumber,
    ban_period: BlockNumber,
    rehabilitation_period: BlockNumber,
    lapse_period: BlockNumber,
    quarantine_period: BlockNumber,
    registration_freeze: Amount,
    minimum_vote: Amount,
    /// In millionths.
    lock_share: u32,
    /// In millionths.
    fee_share: u32,
}

impl From<HubLimits> for LimitsView {
    fn from(limits: HubLimits) -> Self {
        Self {
            payout_period: limits.payout_period,
            waiting_period: limits.waiting_period,
            maturity: limits.maturity,
            ban_period: limits.ban_period,
            rehabilitation_period: limits.rehabilitation_period,
            lapse_period: limits.lapse_period,
            quarantine_period: limits.quarantine_period,
            registration_freeze: Amount(limits.registration_freeze),
            minimum_vote: Amount(limits.minimum_vote),
            lock_share: limits.lock_share,
            fee_share: limits.fee_share,
        }
    }
}

/// Millionths in percent with at most two decimals.
pub(crate) fn millionths(parts: u32) -> String {
    let hundredths = parts / MILLIONTHS_PER_HUNDREDTH;
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

impl Render for LimitsView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .line("registered at least", Span(self.payout_period))
            .line("then locked for", Span(self.waiting_period))
            .line("approvals mature in", Span(self.maturity))
            .line("banned at the earliest after", Span(self.ban_period))
            .line("freed by anyone after", Span(self.rehabilitation_period))
            .line("collective's suspicion lapses in", Span(self.lapse_period))
            .line("quarantine", Span(self.quarantine_period))
            .line("frozen while registered", self.registration_freeze)
            .line("least stake of a vote", self.minimum_vote)
            .line("locked of each payment", millionths(self.lock_share))
            .line("treasury's share at payday", millionths(self.fee_share))
            .write(out)
    }
}

/// A hub that must exist.
pub(super) async fn existing(view: &View, owner: &AccountId) -> Result<Hub, CliError> {
    view.hub(owner).await?.ok_or_else(|| CliError::NotFound {
        what: "hub of",
        id: Address::from(owner).to_string(),
    })
}

pub(super) async fn show(context: &Context, owner: Option<&str>) -> Result<Answer, CliError> {
    let owner = match owner {
        Some(owner) => context.account(owner)?,
        None => context.own_account()?,
    };
    let view = context.view().await?;
    let hub = existing(&view, &owner).await?;
    let record = view.hub_record(&owner).await?;
    let balance = view.account(&hub_wallet(&owner)).await?.free;
    let block = view.head().number;
    let mut answer = HubView::new(&owner, &hub, record, block).with_balance(balance, &hub);
    let bindings = view.pool_bindings().await?;
    answer.pools = bindings
        .into_iter()
        .filter(|(_, binding)| binding.hub == owner)
        .map(|(pool, _)| pool.into())
        .collect();
    let approvals = view.hub_approvals(&owner).await?;
    answer.approvals = approvals
        .iter()
        .map(|(payee, approval)| ApprovalView::new(payee, approval, hub.cutoff(block)))
        .collect();
    Ok(Answer::new(answer))
}

pub(super) async fn list(context: &Context, registered: bool) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let block = view.head().number;
    let mut hubs = Vec::new();
    for (owner, hub) in view.hubs().await? {
        if registered && !hub.phase.is_registered() {
            continue;
        }
        let record = view.hub_record(&owner).await?;
        let balance = view.account(&hub_wallet(&owner)).await?.free;
        hubs.push(HubView::new(&owner, &hub, record, block).with_balance(balance, &hub));
    }
    hubs.sort_by(|one, other| one.owner.cmp(&other.owner));
    Ok(Answer::new(HubList { hubs }))
}

pub(super) async fn limits(context: &Context) -> Result<Answer, CliError> {
    let limits = context.view().await?.hub_limits().await?;
    Ok(Answer::new(LimitsView::from(limits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub(phase: HubPhase) -> Hub {
        Hub {
            phase,
            frozen: 1,
            locked: 2,
            approved: 3,
            trusted: false,
            votes_up: 0,
            votes_down: 0,
            collective_from: 0,
            deposit: 0,
        }
    }

    fn text(view: &impl Render) -> String {
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_hub_says_what_is_free_and_what_comes_next() {
        let owner = AccountId::new([8; 32]);
        let phase = HubPhase::Registered {
            since: 10,
            payday: 100,
        };
        let hub = hub(phase);
        let view = HubView::new(&owner, &hub, None, 70).with_balance(10, &hub);
        assert_eq!(view.free, Amount(4));
        let text = text(&view);
        assert!(
            text.contains("registered since block 10, until block 100, in 1 min"),
            "{text}"
        );
        assert!(text.contains("ergon hub payday"), "{text}");
    }

    #[test]
    fn what_is_over_is_said_to_be_over() {
        assert_eq!(until(5, 5), "until block 5, which is over");
        assert_eq!(until(35, 5), "until block 35, in 1 min");
    }

    #[test]
    fn shares_are_percentages() {
        assert_eq!(millionths(300_000), "30 %");
        assert_eq!(millionths(5_000), "0.5 %");
        assert_eq!(millionths(0), "0 %");
    }
}
