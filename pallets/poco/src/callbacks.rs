//! Callbacks: what a requester wanted to be called when a task has settled.
//!
//! They are prepaid, wait in a queue, and are called from idle weight only: no task waits for them,
//! none of them runs while a deal is being changed, and whatever comes of one is announced and
//! forgotten.

use crate::{CallbackEnds, CallbackQueue, Config, Error, Event, Pallet, WeightInfo};
use codec::{Decode, DecodeLimit, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{AccountId, DealId, TaskIndex, traits::Deals};
use frame_support::{
    MAX_EXTRINSIC_DEPTH,
    dispatch::{GetDispatchInfo, extract_actual_weight},
    ensure,
    pallet_prelude::DispatchResult,
    storage::with_storage_layer,
    traits::{Contains, Get},
    weights::{Weight, WeightMeter},
};
use frame_system::RawOrigin;
use scale_info::TypeInfo;
use sp_runtime::traits::Dispatchable;

/// A call of the runtime.
pub(crate) type CallOf<T> = <T as Config>::RuntimeCall;

/// Where the queue of callbacks begins and ends.
#[derive(
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct QueueEnds {
    /// Place of the callback that has waited longest.
    pub first: u64,
    /// Place of the next one to come.
    pub next: u64,
}

impl QueueEnds {
    /// Whether nothing waits.
    pub fn is_empty(self) -> bool {
        self.first >= self.next
    }
}

impl<T: Config> Pallet<T> {
    /// Lets the callback of a settled task wait for its turn. For a deal that has one only.
    pub(crate) fn queue_callback(id: DealId, index: TaskIndex) {
        let QueueEnds { first, next } = CallbackEnds::<T>::get();
        CallbackQueue::<T>::insert(next, (id, index));
        let next = next.saturating_add(1);
        CallbackEnds::<T>::put(QueueEnds { first, next });
    }

    /// Calls the callback that has waited longest; whether there was one and the meter paid for it.
    pub(crate) fn serve_callback(meter: &mut WeightMeter) -> bool {
        if meter.try_consume(T::WeightInfo::callback_base()).is_err() {
            return false;
        }
        let ends = CallbackEnds::<T>::get();
        if ends.is_empty() || meter.try_consume(T::WeightInfo::callback()).is_err() {
            return false;
        }
        let Some((id, index)) = CallbackQueue::<T>::get(ends.first) else {
            Self::dequeue(ends);
            return true;
        };
        let prepared = Self::prepare(id);
        let weight = prepared
            .as_ref()
            .map_or(Weight::zero(), |(_, call)| weight_of::<T>(call));
        if !meter.can_consume(weight) {
            return false;
        }
        // First of all: the call may let tasks settle, and other callbacks wait.
        Self::dequeue(ends);
        let result = match prepared {
            Ok((requester, call)) => {
                let (result, weight) = call_as::<T>(requester, call);
                meter.consume(weight);
                result
            }
            Err(error) => Err(error.into()),
        };
        Self::deposit_event(Event::CallbackDone {
            deal: id,
            index,
            result,
        });
        true
    }

    /// Forgets the callback that has waited longest.
    fn dequeue(QueueEnds { first, next }: QueueEnds) {
        CallbackQueue::<T>::remove(first);
        let first = first.saturating_add(1);
        let left = QueueEnds { first, next };
        if left.is_empty() {
            CallbackEnds::<T>::kill();
        } else {
            CallbackEnds::<T>::put(left);
        }
    }

    /// The deal's callback, if it may be called, and who calls it.
    fn prepare(id: DealId) -> Result<(AccountId, CallOf<T>), Error<T>> {
        let deal = T::Deals::deal(id).ok_or(Error::<T>::NoSuchDeal)?;
        let bytes = deal.callback.unwrap_or_default();
        let call =
            CallOf::<T>::decode_all_with_depth_limit(MAX_EXTRINSIC_DEPTH, &mut bytes.as_slice())
                .map_err(|_| Error::<T>::CallbackUndecodable)?;
        ensure!(
            T::CallbackFilter::contains(&call),
            Error::<T>::CallbackFiltered
        );
        ensure!(
            weight_of::<T>(&call).all_lte(T::MaxCallbackWeight::get()),
            Error::<T>::CallbackTooHeavy
        );
        Ok((deal.requester, call))
    }
}

/// The most that the call uses.
fn weight_of<T: Config>(call: &CallOf<T>) -> Weight {
    call.get_dispatch_info().call_weight
}

/// Makes a call, completely or not at all; what came of it, and what it used.
fn call_as<T: Config>(who: AccountId, call: CallOf<T>) -> (DispatchResult, Weight) {
    let info = call.get_dispatch_info();
    let origin = T::RuntimeOrigin::from(RawOrigin::Signed(who));
    let result = with_storage_layer(|| call.dispatch(origin));
    let weight = extract_actual_weight(&result, &info).min(info.call_weight);
    let result = result.map(|_| ()).map_err(|refusal| refusal.error);
    (result, weight)
}
