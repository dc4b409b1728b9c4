//! Which nonce the next transaction of an account gets.
//!
//! The node's answer to "what is the next nonce" counts only transactions that stand in its pool
//! without a gap before them. While one of ours is being replaced, the later ones stand behind a
//! gap; so the tracker remembers what is in flight and never gives a nonce out twice.
//!
//! A gap stays until another call gets its nonce. When there is none, the last call behind the gap can
//! be signed anew with the gap's nonce: then all between can get into the chain.

use std::collections::BTreeSet;

/// The nonces of one account.
#[derive(Debug, Default)]
pub(crate) struct NonceTracker {
    /// The next nonce, once the node has been asked.
    next: Option<u64>,
    /// Nonces of transactions that were sent and whose fate is open.
    in_flight: BTreeSet<u64>,
    /// Nonces of transactions that were lost, as far as they were not used again.
    gaps: BTreeSet<u64>,
}

impl NonceTracker {
    /// The nonce to use next; `None` when the node must be asked first.
    pub(crate) fn next(&self) -> Option<u64> {
        self.next
    }

    /// Takes over the node's answer, skipping what is in flight.
    pub(crate) fn sync(&mut self, next: u64) -> u64 {
        let free = self.first_free(next);
        self.next = Some(free);
        free
    }

    /// A transaction with this nonce may have reached the node.
    pub(crate) fn sent(&mut self, nonce: u64) {
        self.gaps.remove(&nonce);
        self.in_flight.insert(nonce);
        self.next = Some(self.first_free(nonce.saturating_add(1)));
    }

    /// The node does not agree with us about the next nonce: ask it again.
    pub(crate) fn doubt(&mut self) {
        self.next = None;
    }

    /// The transaction with this nonce is in the chain.
    pub(crate) fn landed(&mut self, nonce: u64) {
        self.in_flight.remove(&nonce);
        self.gaps.retain(|gap| *gap > nonce);
    }

    /// The transaction with this nonce will not come into the chain: its nonce may be free again.
    pub(crate) fn lost(&mut self, nonce: u64) {
        self.in_flight.remove(&nonce);
        self.gaps.insert(nonce);
        self.next = None;
    }

    /// Whether the transaction with this nonce is the last in flight and stands behind a gap.
    pub(crate) fn is_last_behind_gap(&self, nonce: u64) -> bool {
        let is_last = self.in_flight.last() == Some(&nonce);
        is_last && self.gaps.first().is_some_and(|gap| *gap < nonce)
    }

    /// Whether that transaction's call fills a gap with this nonce.
    pub(crate) fn may_fill(&self, nonce: u64, gap: u64) -> bool {
        self.is_last_behind_gap(nonce) && gap < nonce && self.gaps.contains(&gap)
    }

    /// The call of the last transaction in flight was sent again with the nonce of a gap.
    pub(crate) fn filled(&mut self, nonce: u64, gap: u64) {
        self.in_flight.remove(&nonce);
        self.sent(gap);
        self.next = None;
    }

    fn first_free(&self, from: u64) -> u64 {
        let mut nonce = from;
        while self.in_flight.contains(&nonce) {
            nonce = nonce.saturating_add(1);
        }
        nonce
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synced(next: u64) -> NonceTracker {
        let mut nonces = NonceTracker::default();
        nonces.sync(next);
        nonces
    }

    #[test]
    fn asks_the_node_first() {
        assert_eq!(NonceTracker::default().next(), None);
        assert_eq!(synced(5).next(), Some(5));
    }

    #[test]
    fn several_in_flight_have_consecutive_nonces() {
        let mut nonces = synced(5);
        for nonce in 5..9 {
            assert_eq!(nonces.next(), Some(nonce));
            nonces.sent(nonce);
        }
        nonces.landed(5);
        assert_eq!(nonces.next(), Some(9));
    }

    #[test]
    fn a_nonce_that_was_not_used_is_given_again() {
        let nonces = synced(5);
        assert_eq!((nonces.next(), nonces.next()), (Some(5), Some(5)));
    }

    #[test]
    fn the_gap_of_a_lost_transaction_is_filled_and_those_behind_it_are_kept() {
        let mut nonces = synced(5);
        (5..8).for_each(|nonce| nonces.sent(nonce));
        nonces.lost(5);
        assert_eq!(nonces.next(), None);
        // The pool has 6 and 7 behind a gap, so the node names 5.
        assert_eq!(nonces.sync(5), 5);
        nonces.sent(5);
        assert_eq!(nonces.next(), Some(8));
    }

    #[test]
    fn the_last_behind_a_gap_fills_it() {
        let mut nonces = synced(5);
        (5..9).for_each(|nonce| nonces.sent(nonce));
        assert!(!nonces.is_last_behind_gap(8), "there is no gap");
        nonces.lost(5);
        nonces.lost(6);
        assert!(!nonces.is_last_behind_gap(7), "8 is behind it too");
        assert!(nonces.is_last_behind_gap(8));
        assert!(nonces.may_fill(8, 5) && !nonces.may_fill(7, 5));
        assert!(!nonces.may_fill(8, 4) && !nonces.may_fill(8, 9), "no gaps");
        nonces.filled(8, 5);
        // 7 waits for 6 still, and is the last one now.
        assert_eq!(nonces.next(), None);
        assert!(nonces.may_fill(7, 6));
        nonces.filled(7, 6);
        assert!(!nonces.is_last_behind_gap(6));
        assert_eq!(nonces.sync(7), 7);
    }

    #[test]
    fn a_gap_is_none_any_more_when_its_nonce_is_used() {
        let mut nonces = synced(5);
        (5..8).for_each(|nonce| nonces.sent(nonce));
        nonces.lost(5);
        nonces.sent(5);
        assert!(!nonces.is_last_behind_gap(7), "another call of ours has it");
        nonces.lost(5);
        // By another program with the same key.
        nonces.landed(6);
        assert!(!nonces.is_last_behind_gap(7));
    }

    #[test]
    fn a_stale_answer_of_the_node_does_not_bring_a_nonce_out_twice() {
        let mut nonces = synced(5);
        nonces.sent(5);
        nonces.sent(6);
        nonces.doubt();
        assert_eq!(nonces.sync(5), 7);
    }

    #[test]
    fn another_program_with_the_same_key_moves_the_nonce_on() {
        let mut nonces = synced(5);
        nonces.sent(5);
        nonces.doubt();
        assert_eq!(nonces.sync(9), 9);
    }
}
