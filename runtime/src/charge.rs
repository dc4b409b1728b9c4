//! Who pays for a transaction: its sender, as on every chain, or the deal for which it is useful.
//!
//! A deal's payer has prepaid the calls that its tasks need (`Deal::settlement_fee`). A worker's call
//! that does what it asks for, completely, is paid from there: the worker key needs no balance, and
//! nobody gets block space below its price, because each free call uses up prepaid money at the price
//! of the moment. A worker's call that would do nothing, or not all that it asks for, is refused
//! before it gets into a block, with the index of the pallet's error as its number, and costs nothing.
//! New errors are added at the end, so that a number keeps its meaning.
//!
//! | the call | what happens |
//! |---|---|
//! | is no worker's call, or has a tip, or is wrapped in another call | its sender pays |
//! | is signed by a key without a bond that has something to lose | its sender pays |
//! | the deal has not enough prepaid any more | its sender pays |
//! | leaves too little for the reveals of the votes that were cast | its sender pays |
//! | would fail, if only for one item of a batch | refused: `InvalidTransaction::Custom(code)` |
//! | would do all that it asks for | paid by the deal |
//!
//! Wallets see nothing of this: the extension has the name, the bytes and the metadata of the fee
//! extension of the SDK that it wraps. The SDK's `SkipCheckIfFeeless` would not do: it knows free and
//! not free, but no budget that the call is charged to, and no refusal with a reason.
//!
//! The pool judges a call by doing it without writing anything down ([`pallet_poco::Pallet::judge`]).
//! In a block nothing is done twice: the call is made, and if it fails after all, it is invalid, so
//! that its author takes it out again and no block with it is valid. A batch of which a part turns out
//! to be refused is paid by the deal.

use crate::{
    AccountId, Balance, Poco, Runtime, RuntimeCall, RuntimeOrigin, TransactionPayment,
    prices::Tariff,
};
use alloc::vec;
use codec::{Decode, DecodeWithMemTracking, Encode};
use ergon_primitives::{DealId, TaskIndex};
use frame_support::{
    dispatch::{DispatchClass, DispatchInfo, PostDispatchInfo},
    traits::PalletInfoAccess,
    weights::Weight,
};
use pallet_poco::{Call, Judgement, Purse};
use pallet_transaction_payment::ChargeTransactionPayment;
use scale_info::{Type, TypeInfo};
use sp_runtime::{
    DispatchError, DispatchResult, ModuleError, SaturatedConversion,
    traits::{Implication, TransactionExtension, ValidateResult},
    transaction_validity::{
        InvalidTransaction, TransactionLongevity, TransactionPriority, TransactionSource,
        TransactionTag, TransactionValidityError, ValidTransaction,
    },
};

/// The SDK's extension: the sender pays.
type SenderPays = ChargeTransactionPayment<Runtime>;

/// Priority of a call that a deal pays for: half of the highest there is. Deadlines wait for such
/// calls, so they go before calls with a tip, unless it is thousands of ERG; reports of offences,
/// which have the highest priority, go before them.
pub const PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;
/// How many blocks a call that a deal pays for waits in the pool before it is judged anew.
pub const LONGEVITY: TransactionLongevity = 64;

/// The transaction extension. Holds a tip in the token's smallest unit, as the SDK's does.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking)]
pub struct ChargeOrSpend(SenderPays);

impl ChargeOrSpend {
    /// The extension of a transaction whose sender offers this tip. Only a call without a tip can
    /// be free.
    pub fn with_tip(tip: Balance) -> Self {
        Self(SenderPays::from(tip))
    }

    /// Who pays, or why the call is refused. In a block a useless call shows only when it was made.
    fn payer(
        &self,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        source: TransactionSource,
    ) -> Result<Payer, TransactionValidityError> {
        let RuntimeCall::Poco(work) = call else {
            return Ok(Payer::Sender);
        };
        let (Some(subject), Ok(worker)) = (
            Subject::of(work),
            frame_system::ensure_signed(origin.clone()),
        ) else {
            return Ok(Payer::Sender);
        };
        if self.0.tip() > 0 {
            return Ok(Payer::Sender);
        }
        let fee = TransactionPayment::compute_fee(len.saturated_into(), info, 0);
        let deal = match Poco::purse(&worker, work) {
            Some(purse) if subject.is_covered(fee, &purse) => purse.deal,
            _ => return Ok(Payer::Sender),
        };
        if source != TransactionSource::InBlock {
            ensure_not_useless(&worker, work)?;
        }
        let tag = subject.tag(&worker);
        Ok(Payer::Deal { deal, fee, tag })
    }
}

/// Refuses a call that would do nothing, or not all that it asks for.
fn ensure_not_useless(
    worker: &AccountId,
    work: &Call<Runtime>,
) -> Result<(), TransactionValidityError> {
    match Poco::judge(worker, work) {
        Judgement::Ordinary | Judgement::Useful { .. } => Ok(()),
        // The number is the pallet's error: the index under which the metadata lists it.
        Judgement::Useless(error) => Err(InvalidTransaction::Custom(error.code()).into()),
    }
}

/// Whether a call that was made did something; why not if it failed. What a batch did beside items
/// that were refused is worth its price.
fn ensure_made(result: &DispatchResult) -> Result<(), TransactionValidityError> {
    result.map_err(|error| {
        let reason = match error {
            DispatchError::Module(ModuleError { error, index, .. })
                if Poco::index() == usize::from(index) =>
            {
                InvalidTransaction::Custom(error[0])
            }
            _ => InvalidTransaction::Call,
        };
        reason.into()
    })
}

/// Who pays for a call.
enum Payer {
    /// Whoever signed it.
    Sender,
    /// The deal, `fee` at most. While it waits, no other call with this tag does.
    Deal {
        deal: DealId,
        fee: Balance,
        tag: TransactionTag,
    },
}

/// What a worker's call is about. Of two calls of one worker about the same only one can be useful.
///
/// It is a tag in the pool: without it, one task could fill the pool with calls that are all useful
/// now, and of which all but one are useless in the next block.
#[derive(Encode)]
struct Subject {
    step: Step,
    deal: DealId,
    /// The first task of a batch stands for all.
    first: TaskIndex,
    /// How many tasks it is about.
    #[codec(skip)]
    tasks: u32,
}

/// Steps of a task that workers take.
#[derive(Encode)]
enum Step {
    Vote,
    Open,
    HandIn,
    Finalise,
}

impl Subject {
    /// What the call is about; nothing if it is no call that can be free.
    fn of(call: &Call<Runtime>) -> Option<Self> {
        let (step, deal, first, tasks) = match call {
            Call::contribute { deal, index, .. } => (Step::Vote, *deal, *index, 1),
            Call::contribute_many { deal, items, .. } => {
                let first = items.first().map_or(0, |item| item.index);
                (Step::Vote, *deal, first, items.len())
            }
            Call::reveal { deal, index, .. } => (Step::Open, *deal, *index, 1),
            Call::reveal_many { deal, items, .. } => {
                let first = items.first().map_or(0, |item| item.index);
                (Step::Open, *deal, first, items.len())
            }
            Call::open_sealed { deal, result, .. } => (Step::Open, *deal, result.index, 1),
            Call::contribute_and_finalise { deal, result, .. } => {
                (Step::HandIn, *deal, result.index, 1)
            }
            Call::contribute_and_finalise_many { deal, results, .. } => {
                let first = results.first().map_or(0, |result| result.index);
                (Step::HandIn, *deal, first, results.len())
            }
            Call::finalise { deal, index } => (Step::Finalise, *deal, *index, 1),
            _ => return None,
        };
        Some(Self {
            step,
            deal,
            first,
            tasks: tasks.saturated_into(),
        })
    }

    /// Whether what is left covers the call, and then the reveals of all votes that were cast: nobody
    /// who voted for nothing has to pay for the reveal, or loses its stake for want of money.
    fn is_covered(&self, fee: Balance, purse: &Purse) -> bool {
        let (prepaid, open) = (purse.prepaid, purse.open_votes);
        if fee > prepaid || matches!(self.step, Step::Open) {
            return fee <= prepaid;
        }
        let tariff = Tariff::of(purse.votes);
        let (now, open) = match self.step {
            // The silent votes that end with the task are still reckoned with: they make up for it.
            Step::Open | Step::Finalise => (fee.max(tariff.margin()), open),
            Step::HandIn if open == 0 => (fee, open),
            Step::HandIn => (fee.saturating_add(tariff.margin()), open),
            Step::Vote => {
                let cast = tariff.contributions(self.tasks);
                let now = fee.max(cast.saturating_add(tariff.margin()));
                (now, open.saturating_add(self.tasks))
            }
        };
        now.saturating_add(tariff.reveals(open)) <= prepaid
    }

    /// The tag under which a worker's call waits in the pool.
    fn tag(&self, worker: &AccountId) -> TransactionTag {
        ("ergon/free", worker, self).encode()
    }
}

/// What is known about the payment when the call was found valid.
pub enum Val {
    /// The sender pays: what the SDK's extension knows.
    Sender(pallet_transaction_payment::Val<Runtime>),
    /// The deal pays.
    Deal {
        /// The deal.
        deal: DealId,
        /// How much at most.
        fee: Balance,
    },
}

/// What is known about the payment when the call is made.
pub enum Pre {
    /// The sender pays: what the SDK's extension knows.
    Sender(pallet_transaction_payment::Pre<Runtime>),
    /// The deal pays.
    Deal {
        /// The deal.
        deal: DealId,
        /// What it has paid.
        fee: Balance,
    },
}

/// Of the same type as the extension that it wraps, so that metadata cannot tell them apart.
impl TypeInfo for ChargeOrSpend {
    type Identity = <SenderPays as TypeInfo>::Identity;

    fn type_info() -> Type {
        SenderPays::type_info()
    }
}

impl TransactionExtension<RuntimeCall> for ChargeOrSpend {
    const IDENTIFIER: &'static str = <SenderPays as TransactionExtension<RuntimeCall>>::IDENTIFIER;
    type Implicit = ();
    type Val = Val;
    type Pre = Pre;

    fn weight(&self, call: &RuntimeCall) -> Weight {
        // A deal's payment writes one record, as a sender's does, and asks for three: the deal, its
        // progress, the bond. The call itself reads all of them.
        let asked = if is_work(call) { 3 } else { 0 };
        let asking = <Runtime as frame_system::Config>::DbWeight::get().reads(asked);
        self.0.weight(call).saturating_add(asking)
    }

    fn validate(
        &self,
        origin: RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
        _: (),
        implication: &impl Implication,
        source: TransactionSource,
    ) -> ValidateResult<Val, RuntimeCall> {
        match self.payer(&origin, call, info, len, source)? {
            Payer::Sender => {
                // The priority of workers' calls is for those that a deal pays for.
                let mut info = *info;
                if is_work(call) {
                    info.class = DispatchClass::Normal;
                }
                let (validity, fee, origin) =
                    self.0
                        .validate(origin, call, &info, len, (), implication, source)?;
                Ok((validity, Val::Sender(fee), origin))
            }
            Payer::Deal { deal, fee, tag } => {
                let validity = ValidTransaction {
                    priority: PRIORITY,
                    provides: vec![tag],
                    longevity: LONGEVITY,
                    ..Default::default()
                };
                Ok((validity, Val::Deal { deal, fee }, origin))
            }
        }
    }

    fn prepare(
        self,
        val: Val,
        origin: &RuntimeOrigin,
        call: &RuntimeCall,
        info: &DispatchInfo,
        len: usize,
    ) -> Result<Pre, TransactionValidityError> {
        match val {
            Val::Sender(fee) => {
                let fee = self.0.prepare(fee, origin, call, info, len)?;
                Ok(Pre::Sender(fee))
            }
            Val::Deal { deal, fee } => {
                Poco::spend(deal, fee);
                Ok(Pre::Deal { deal, fee })
            }
        }
    }

    fn post_dispatch_details(
        pre: Pre,
        info: &DispatchInfo,
        after: &PostDispatchInfo,
        len: usize,
        result: &DispatchResult,
    ) -> Result<Weight, TransactionValidityError> {
        match pre {
            Pre::Sender(fee) => SenderPays::post_dispatch_details(fee, info, after, len, result),
            Pre::Deal { deal, fee } => {
                ensure_made(result)?;
                let actual =
                    TransactionPayment::compute_actual_fee(len.saturated_into(), info, after, 0);
                // A call that ends the deal's last task has closed the deal's account: what it was
                // declared to cost stays paid.
                Poco::spare(deal, fee.saturating_sub(actual));
                Ok(Weight::zero())
            }
        }
    }
}

/// Whether the call is one that a deal may pay for.
fn is_work(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::Poco(work) if Subject::of(work).is_some())
}
