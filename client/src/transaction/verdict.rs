//! What a refusal of a transaction means for its sender, and what has become of one that was sent.

use ergon_primitives::BlockNumber;
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionValidity, TransactionValidityError,
};

/// The node's error codes of a refused transaction (`author_submitExtrinsic`).
mod code {
    /// Longevity, nonce, signature, fee: the runtime knows which.
    pub(super) const INVALID: i32 = 1010;
    /// The runtime could not tell.
    pub(super) const UNKNOWN_VALIDITY: i32 = 1011;
    /// The same transaction was found invalid a short time ago.
    pub(super) const BANNED: i32 = 1012;
    /// The same transaction is in the pool.
    pub(super) const ALREADY_IMPORTED: i32 = 1013;
    /// Another transaction in the pool provides the same: the nonce, or a worker's step.
    pub(super) const TOO_LOW_PRIORITY: i32 = 1014;
    /// The pool is full.
    pub(super) const IMMEDIATELY_DROPPED: i32 = 1016;
    /// The pool takes nothing whose nonce is not the next one.
    pub(super) const FUTURE: i32 = 1021;
}

/// What a refusal means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// The node has this very transaction already.
    Known,
    /// The nonce is used.
    NonceTaken,
    /// Another call of the account about the same step of the same task waits already.
    SameStep,
    /// The transaction was made for another moment: make it anew.
    Outdated,
    /// Nothing is wrong with the transaction: wait.
    Busy,
    /// The account cannot pay the fee.
    CannotPay,
    /// A pallet would refuse the call, with the error of this number.
    Useless(u8),
    /// It is of no use to try again.
    Invalid(String),
}

/// What the node's error says by itself; `None` when more must be asked: after a conflict the next
/// nonce, otherwise the runtime.
pub(crate) fn of_answer(code: i32, message: &str) -> Option<Verdict> {
    match code {
        code::INVALID | code::UNKNOWN_VALIDITY | code::TOO_LOW_PRIORITY => None,
        code::BANNED => Some(Verdict::Outdated),
        code::ALREADY_IMPORTED => Some(Verdict::Known),
        code::IMMEDIATELY_DROPPED | code::FUTURE => Some(Verdict::Busy),
        // Codes of the server, not of the pool: too many requests or subscriptions.
        ..0 => Some(Verdict::Busy),
        _ => Some(Verdict::Invalid(message.to_owned())),
    }
}

/// Whether the error says that another transaction in the pool stands against this one.
pub(crate) fn is_conflict(code: i32) -> bool {
    code == code::TOO_LOW_PRIORITY
}

/// What a conflict means for a transaction with this nonce. If the nonce is still the account's next
/// one, nobody has taken it; then the other transaction is about the same step of a worker.
pub(crate) fn of_conflict(nonce: u64, next: u64) -> Verdict {
    if next == nonce {
        Verdict::SameStep
    } else {
        Verdict::NonceTaken
    }
}

/// What the runtime says about the transaction.
pub(crate) fn of_validity(validity: &TransactionValidity) -> Verdict {
    let error = match validity {
        Ok(_) => return Verdict::Busy,
        Err(error) => *error,
    };
    let text = || <&'static str>::from(error).to_owned();
    match error {
        TransactionValidityError::Invalid(invalid) => match invalid {
            InvalidTransaction::Stale => Verdict::NonceTaken,
            InvalidTransaction::Future | InvalidTransaction::ExhaustsResources => Verdict::Busy,
            // A signature made for another version of the runtime is bad as well.
            InvalidTransaction::AncientBirthBlock | InvalidTransaction::BadProof => {
                Verdict::Outdated
            }
            InvalidTransaction::Payment => Verdict::CannotPay,
            InvalidTransaction::Custom(number) => Verdict::Useless(number),
            _ => Verdict::Invalid(text()),
        },
        TransactionValidityError::Unknown(_) => Verdict::Invalid(text()),
    }
}

/// A transaction that may have reached the node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lifetime {
    /// Its nonce.
    pub(crate) nonce: u64,
    /// The block from which it counts its life.
    pub(crate) born: BlockNumber,
    /// First block that cannot contain it any more.
    pub(crate) dies: BlockNumber,
}

/// What has become of a transaction that was not found in the finalised chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It can still come into the chain.
    Open,
    /// It can never come into the chain: the call may be sent again.
    Lost,
}

/// Judges by the finalised chain: its last block, and the account's next nonce in it. All blocks in
/// which the transaction can be were searched.
pub(crate) fn fate(life: &Lifetime, finalised: BlockNumber, next_nonce: u64) -> Fate {
    // The nonce went to another transaction, or the last block that could contain this one is
    // final.
    if next_nonce > life.nonce || finalised.saturating_add(1) >= life.dies {
        Fate::Lost
    } else {
        Fate::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::transaction_validity::UnknownTransaction;

    fn invalid(reason: InvalidTransaction) -> Verdict {
        of_validity(&Err(reason.into()))
    }

    #[test]
    fn codes_that_speak_for_themselves() {
        assert_eq!(of_answer(1013, ""), Some(Verdict::Known));
        assert_eq!(of_answer(1012, ""), Some(Verdict::Outdated));
        assert_eq!(of_answer(1016, ""), Some(Verdict::Busy));
        assert_eq!(of_answer(-32_009, "busy"), Some(Verdict::Busy));
        assert_eq!(
            of_answer(1001, "bad form"),
            Some(Verdict::Invalid("bad form".into()))
        );
    }

    #[test]
    fn codes_about_which_more_is_asked() {
        for (code, conflict) in [(1010, false), (1011, false), (1014, true)] {
            assert_eq!(of_answer(code, ""), None, "{code}");
            assert_eq!(is_conflict(code), conflict, "{code}");
        }
    }

    #[test]
    fn a_conflict_with_a_free_nonce_is_about_the_same_step() {
        assert_eq!(of_conflict(7, 7), Verdict::SameStep);
        assert_eq!(of_conflict(7, 8), Verdict::NonceTaken);
        assert_eq!(of_conflict(7, 5), Verdict::NonceTaken);
    }

    #[test]
    fn the_runtimes_reasons() {
        assert_eq!(invalid(InvalidTransaction::Stale), Verdict::NonceTaken);
        assert_eq!(invalid(InvalidTransaction::Future), Verdict::Busy);
        assert_eq!(
            invalid(InvalidTransaction::ExhaustsResources),
            Verdict::Busy
        );
        assert_eq!(
            invalid(InvalidTransaction::AncientBirthBlock),
            Verdict::Outdated
        );
        assert_eq!(invalid(InvalidTransaction::BadProof), Verdict::Outdated);
        assert_eq!(invalid(InvalidTransaction::Payment), Verdict::CannotPay);
        assert!(matches!(
            invalid(InvalidTransaction::Call),
            Verdict::Invalid(_)
        ));
        assert_eq!(invalid(InvalidTransaction::Custom(7)), Verdict::Useless(7));
        let unknown = of_validity(&Err(UnknownTransaction::CannotLookup.into()));
        assert!(matches!(unknown, Verdict::Invalid(_)));
    }

    #[test]
    fn a_transaction_that_is_valid_after_all_is_sent_again_later() {
        assert_eq!(of_validity(&Ok(Default::default())), Verdict::Busy);
    }

    const LIFE: Lifetime = Lifetime {
        nonce: 7,
        born: 100,
        dies: 164,
    };

    #[test]
    fn open_while_the_nonce_is_free_and_its_time_is_not_over() {
        assert_eq!(fate(&LIFE, 100, 7), Fate::Open);
        assert_eq!(fate(&LIFE, 162, 7), Fate::Open);
        assert_eq!(fate(&LIFE, 162, 3), Fate::Open);
    }

    #[test]
    fn lost_when_another_transaction_took_the_nonce() {
        assert_eq!(fate(&LIFE, 101, 8), Fate::Lost);
    }

    #[test]
    fn lost_when_the_last_block_that_could_contain_it_is_final() {
        assert_eq!(fate(&LIFE, 163, 7), Fate::Lost);
        assert_eq!(fate(&LIFE, 500, 7), Fate::Lost);
    }
}
