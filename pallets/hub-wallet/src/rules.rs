//! What happens to phases and approvals: decisions over plain values, without chain or storage.

use crate::{Approval, MAX_PENDING, Pending};
use alloc::vec::Vec;
use ergon_primitives::{Balance, BlockNumber, HubPhase};
use sp_runtime::{BoundedVec, Permill};

/// Whether a hub can go from one phase to the other; these are all edges there are.
pub fn leads_to(from: HubPhase, to: HubPhase) -> bool {
    use HubPhase::{Created, Idle, Leaving, Punished, Registered, Suspected};
    matches!(
        (from, to),
        (Created | Idle, Registered { .. })
            | (Registered { .. }, Leaving { .. })
            | (Leaving { .. } | Suspected { .. }, Idle)
            | (Registered { .. } | Leaving { .. } | Idle, Suspected { .. })
            | (Suspected { .. }, Punished { .. })
    )
}

/// Divides a payment into what is locked and what is approved; nothing is lost.
pub fn split(amount: Balance, lock_share: Permill) -> (Balance, Balance) {
    let locked = lock_share.mul_floor(amount);
    (locked, amount.saturating_sub(locked))
}

/// The last block in which an approval must have matured to be pulled in block `now`: suspicion
/// stops the clock.
pub fn cutoff(phase: HubPhase, now: BlockNumber) -> BlockNumber {
    match phase {
        HubPhase::Suspected { since } => since,
        HubPhase::Punished { suspected, .. } => suspected,
        _ => now,
    }
}

/// Adds a payment made in block `now` to an approval.
pub fn approve(approval: &mut Approval, amount: Balance, now: BlockNumber, matures: BlockNumber) {
    approval.matured = take_matured(approval, now);
    let mut pending = core::mem::take(&mut approval.pending).into_inner();
    pending.push(Pending {
        amount,
        first: matures,
        matures,
    });
    pending.sort_by_key(|part| part.matures);
    while pending.len() > MAX_PENDING as usize {
        merge_closest(&mut pending);
    }
    approval.pending = BoundedVec::truncate_from(pending);
}

/// Makes one of the two neighbours that lie closest together in time; both mature with the later
/// one. Among nine parts there are four separate pairs behind the first part, all within one
/// maturity from now: so nothing ever waits more than a quarter longer.
fn merge_closest(pending: &mut Vec<Pending>) {
    let gaps = pending.windows(2).enumerate().filter_map(|(index, pair)| {
        let [earlier, later] = pair else { return None };
        Some((later.matures.saturating_sub(earlier.first), index))
    });
    let Some((_, index)) = gaps.min() else { return };
    let earlier = pending.remove(index);
    if let Some(later) = pending.get_mut(index) {
        later.amount = later.amount.saturating_add(earlier.amount);
        later.first = later.first.min(earlier.first);
    }
}

/// Takes out of an approval what had matured in block `cutoff`; returns the sum.
pub fn take_matured(approval: &mut Approval, cutoff: BlockNumber) -> Balance {
    let before = approval.total();
    approval.matured = 0;
    approval.pending.retain(|part| part.matures > cutoff);
    before.saturating_sub(approval.total())
}

/// Takes out of an approval what had not matured in block `cutoff`; returns the sum.
pub fn take_blocked(approval: &mut Approval, cutoff: BlockNumber) -> Balance {
    let before = approval.total();
    approval.pending.retain(|part| part.matures <= cutoff);
    before.saturating_sub(approval.total())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MATURITY: BlockNumber = 700;

    #[test]
    fn the_phase_graph_has_exactly_these_edges() {
        let phases = [
            HubPhase::Created,
            HubPhase::Registered {
                since: 1,
                payday: 2,
            },
            HubPhase::Leaving { until: 1 },
            HubPhase::Idle,
            HubPhase::Suspected { since: 1 },
            HubPhase::Punished {
                since: 2,
                suspected: 1,
            },
        ];
        let mut edges = Vec::new();
        for (from, source) in phases.iter().enumerate() {
            for (to, target) in phases.iter().enumerate() {
                if leads_to(*source, *target) {
                    edges.push((from, to));
                }
            }
        }
        let expected = [
            (0, 1), // register
            (1, 2), // payday
            (1, 4), // suspect
            (2, 3), // settle
            (2, 4), // suspect
            (3, 1), // register
            (3, 4), // suspect
            (4, 3), // rehabilitate
            (4, 5), // ban
        ];
        assert_eq!(edges, expected);
    }

    #[test]
    fn suspicion_stops_the_clock() {
        let registered = HubPhase::Registered {
            since: 1,
            payday: 2,
        };
        for phase in [HubPhase::Idle, HubPhase::Leaving { until: 3 }, registered] {
            assert_eq!(cutoff(phase, 50), 50);
        }
        assert_eq!(cutoff(HubPhase::Suspected { since: 10 }, 50), 10);
        let punished = HubPhase::Punished {
            since: 40,
            suspected: 10,
        };
        assert_eq!(cutoff(punished, 50), 10);
    }

    #[test]
    fn an_approval_matures_at_its_block() {
        let mut approval = Approval::default();
        approve(&mut approval, 5, 10, 17);
        assert_eq!(take_matured(&mut approval, 16), 0);
        assert_eq!(take_matured(&mut approval, 17), 5);
        assert_eq!(approval.total(), 0);
    }

    #[test]
    fn what_is_blocked_and_what_has_matured_are_the_whole() {
        let mut approval = Approval::default();
        approve(&mut approval, 5, 10, 17);
        approve(&mut approval, 3, 11, 18);
        let mut other = approval.clone();
        assert_eq!(take_blocked(&mut approval, 17), 3);
        assert_eq!(approval.total(), 5);
        assert_eq!(take_matured(&mut other, 17), 5);
        assert_eq!(other.total(), 3);
    }

    #[test]
    fn eight_payments_keep_their_blocks_and_the_ninth_joins_the_closest() {
        let mut approval = Approval::default();
        for now in [0, 10, 20, 30, 33, 50, 60, 70] {
            approve(&mut approval, 1, now, now + MATURITY);
        }
        assert_eq!(approval.pending.len(), 8);
        approve(&mut approval, 1, 80, 80 + MATURITY);
        assert_eq!(approval.pending.len(), 8);
        // The payments of blocks 30 and 33 are one now.
        assert_eq!(take_matured(&mut approval, 30 + MATURITY), 3);
        assert_eq!(take_matured(&mut approval, 33 + MATURITY), 2);
    }

    proptest! {
        #[test]
        fn a_payment_is_divided_without_rest(amount: Balance, parts in 0u32..=500_000) {
            let (locked, approved) = split(amount, Permill::from_parts(parts));
            prop_assert_eq!(locked.checked_add(approved), Some(amount));
            // ⌊amount · parts / 10⁶⌋, computed in two steps that cannot overflow.
            let (whole, rest) = (amount / 1_000_000, amount % 1_000_000);
            let share = whole * Balance::from(parts) + rest * Balance::from(parts) / 1_000_000;
            prop_assert_eq!(locked, share);
        }

        #[test]
        fn nothing_is_lost_early_or_a_quarter_late(
            gaps in proptest::collection::vec(0u32..200, 1..60),
        ) {
            let mut approval = Approval::default();
            let mut now = 1;
            let mut payments = Vec::new();
            for (index, gap) in gaps.into_iter().enumerate() {
                now += gap;
                // Each payment is a bit of its own, so that sums tell which ones are in.
                let amount = 1u128 << index;
                approve(&mut approval, amount, now, now + MATURITY);
                payments.push((amount, now + MATURITY));
            }
            let total: Balance = payments.iter().map(|(amount, _)| amount).sum();
            prop_assert_eq!(approval.total(), total);
            for (amount, matures) in payments {
                let pulled_at = |block| take_matured(&mut approval.clone(), block) & amount != 0;
                // What had matured by the last payment is in the sum already.
                prop_assert!(matures <= now || !pulled_at(matures - 1));
                prop_assert!(pulled_at(matures + MATURITY / 4));
            }
        }
    }
}
