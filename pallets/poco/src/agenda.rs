//! The agenda: what has to be done without anybody's call, and from which block on.
//!
//! An open deal has one entry for its end, an ended one for its removal, and a page of tasks one
//! for each block in which votes of it are overdue. An entry is a reminder, no order: whoever comes
//! to it looks what there is to do, and drops it when that is nothing.

use crate::{Agenda, Config, Pallet, Progress};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{BlockNumber, Deal, DealId, DealProgress, Due, traits};
use frame_support::traits::Get;
use scale_info::TypeInfo;

/// Something to be done.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Errand {
    /// Go on with the tasks of a page whose votes should have been revealed or opened. It comes
    /// before a deal's end that is due in the same block.
    #[codec(index = 0)]
    Reveals(DealId, u32),
    /// End the deal: its final deadline has come.
    #[codec(index = 1)]
    Final(DealId),
    /// Remove the deal: it ended long enough ago.
    #[codec(index = 2)]
    Retire(DealId),
}

impl Errand {
    /// The deal that it is about.
    pub fn deal(self) -> DealId {
        match self {
            Self::Reveals(id, _) | Self::Final(id) | Self::Retire(id) => id,
        }
    }
}

impl<T: Config> traits::Tasks for Pallet<T> {
    fn open(deal: DealId, terms: &Deal) {
        Progress::<T>::insert(deal, DealProgress::default());
        Self::schedule(Errand::Final(deal), terms.final_deadline());
    }
}

impl<T: Config> Pallet<T> {
    /// Notes that something has to be done in block `first`, or later if that block has no time.
    pub(crate) fn schedule(errand: Errand, first: BlockNumber) {
        Agenda::<T>::insert(Due::starting(first), errand, ());
    }

    /// Takes back [`Self::schedule`].
    pub(crate) fn unschedule(errand: Errand, first: BlockNumber) {
        Agenda::<T>::remove(Due::starting(first), errand);
    }

    /// The deal ended in this block: instead of its end, its removal is on the agenda.
    pub(crate) fn schedule_retirement(id: DealId, deal: &Deal) {
        Self::unschedule(Errand::Final(id), deal.final_deadline());
        Self::schedule(Errand::Retire(id), Self::retirement(Self::now()));
    }

    /// First block in which a deal that ended in block `at` can be removed.
    pub(crate) fn retirement(at: BlockNumber) -> BlockNumber {
        at.saturating_add(T::RetentionPeriod::get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::H256;

    /// Who changes these breaks the agendas of running chains.
    #[test]
    fn errands_are_told_apart_by_their_first_byte() {
        let id = DealId(H256::repeat_byte(7));
        let errands = [
            Errand::Reveals(id, 1),
            Errand::Final(id),
            Errand::Retire(id),
        ];
        let first_bytes = errands.map(|errand| errand.encode()[0]);
        assert_eq!(first_bytes, [0, 1, 2]);
        assert!(errands.iter().all(|errand| errand.deal() == id));
    }
}
