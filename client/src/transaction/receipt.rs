//! What came of a call.

use super::{TransactionError, extrinsic::body};
use crate::{
    Call, Client, ClientError, Event, Head, PocoEvent, TransactionPaymentEvent,
    client::block_number,
    events::{self, ExtrinsicEvents},
    finalised::event_bytes,
};
use codec::Decode;
use ergon_primitives::{Balance, TaskIndex};
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::{DispatchError, ModuleError, TokenError};
use subxt::Metadata;

/// A call that was executed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// The block that contains it.
    pub block: Head,
    /// Hash of the transaction.
    pub extrinsic: H256,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The fee that was paid.
    pub fee: Balance,
    /// What the chain refused of a batch, while it took the rest.
    pub refused: Vec<RefusedItem>,
}

/// An item of a batch that the chain refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RefusedItem {
    /// The task.
    pub index: TaskIndex,
    /// The error's name, for example `NotActive`.
    pub error: String,
    /// What the pallet says about the error.
    pub documentation: String,
}

/// Index of a transaction in a block's body.
pub(crate) fn position(body: &[Vec<u8>], extrinsic: H256) -> Option<u32> {
    let index = body
        .iter()
        .position(|bytes| H256(blake2_256(bytes)) == extrinsic)?;
    u32::try_from(index).ok()
}

/// Reads what came of a transaction that is in a block.
pub(crate) async fn read(
    client: &Client,
    call: &Call,
    block: H256,
    extrinsic: H256,
) -> Result<Receipt, TransactionError> {
    let header = client.header(block).await?;
    let index = position(&body(client, block).await?, extrinsic).ok_or_else(|| {
        ClientError::undecodable(
            format!("block {block:?}"),
            format!("it should contain the transaction {extrinsic:?} and does not"),
        )
    })?;
    let runtime = client.runtime_at(header.parent_hash).await?;
    let bytes = event_bytes(client, &runtime, block).await?;
    let ExtrinsicEvents { events, failure } = events::of_extrinsic(&runtime, bytes, index)?;
    if let Some(failure) = failure {
        return Err(refusal(&runtime.metadata, call, &failure));
    }
    let block = Head {
        number: block_number(header.number)?,
        hash: block,
    };
    let fee = fee_of(&events);
    let refused = refused_items(&runtime.metadata, &events);
    Ok(Receipt {
        block,
        extrinsic,
        events,
        fee,
        refused,
    })
}

fn fee_of(events: &[Event]) -> Balance {
    let fee = |event: &Event| match event {
        Event::TransactionPayment(TransactionPaymentEvent::TransactionFeePaid {
            actual_fee,
            ..
        }) => Some(*actual_fee),
        _ => None,
    };
    events.iter().find_map(fee).unwrap_or_default()
}

/// The items of a batch that were refused, from the events of its transaction.
fn refused_items(metadata: &Metadata, events: &[Event]) -> Vec<RefusedItem> {
    let items = events.iter().filter_map(|event| match event {
        Event::Poco(PocoEvent::ItemsRefused { items, .. }) => Some(items),
        _ => None,
    });
    items
        .flatten()
        .map(|(index, error)| refused_item(metadata, *index, error))
        .collect()
}

fn refused_item(metadata: &Metadata, index: TaskIndex, error: &DispatchError) -> RefusedItem {
    let described = match error {
        DispatchError::Module(error) => described(metadata, error.index, error.error[0]),
        _ => None,
    };
    match described {
        Some(Described {
            error,
            documentation,
            ..
        }) => RefusedItem {
            index,
            error,
            documentation,
        },
        None => {
            let reason: &str = (*error).into();
            RefusedItem {
                index,
                error: reason.to_owned(),
                documentation: sentence(reason),
            }
        }
    }
}

/// Why the runtime finds a call of a worker useless: the code is the number of the pallet's error.
pub(super) fn useless(metadata: &Metadata, call: &Call, code: u8) -> TransactionError {
    let pallet = metadata
        .pallet_by_name(PocoEvent::PALLET)
        .filter(|pallet| pallet.name() == call.pallet());
    let described = pallet.and_then(|pallet| described(metadata, pallet.error_index(), code));
    let call = call.to_string();
    match described {
        Some(Described {
            pallet,
            error,
            documentation,
        }) => TransactionError::Useless {
            call,
            pallet,
            error,
            documentation,
        },
        None => TransactionError::Invalid {
            call,
            reason: format!("the runtime gives the reason number {code}"),
        },
    }
}

/// An error of a pallet in words.
struct Described {
    pallet: String,
    error: String,
    documentation: String,
}

fn described(metadata: &Metadata, pallet: u8, error: u8) -> Option<Described> {
    let pallet = metadata.pallet_by_error_index(pallet)?;
    let variant = pallet.error_variant_by_index(error)?;
    Some(Described {
        pallet: pallet.name().to_owned(),
        error: variant.name.clone(),
        documentation: sentence(&variant.docs.join(" ")),
    })
}

/// Why the chain refused a call, from the fields of `System.ExtrinsicFailed`.
fn refusal(metadata: &Metadata, call: &Call, fields: &[u8]) -> TransactionError {
    let call = call.to_string();
    match DispatchError::decode(&mut &*fields) {
        Ok(DispatchError::Module(error)) => module_refusal(metadata, call, &error),
        Ok(DispatchError::Token(error)) if is_want_of_money(&error) => {
            let reason: &str = error.into();
            TransactionError::NotEnoughMoney {
                call,
                reason: sentence(reason),
            }
        }
        Ok(error) => {
            let reason: &str = error.into();
            TransactionError::Failed {
                call,
                reason: sentence(reason),
            }
        }
        Err(error) => ClientError::undecodable("a dispatch error", error).into(),
    }
}

fn is_want_of_money(error: &TokenError) -> bool {
    matches!(
        error,
        TokenError::FundsUnavailable
            | TokenError::BelowMinimum
            | TokenError::Frozen
            | TokenError::NotExpendable
            | TokenError::CannotCreateHold
    )
}

fn module_refusal(metadata: &Metadata, call: String, error: &ModuleError) -> TransactionError {
    let Some(Described {
        pallet,
        error,
        documentation,
    }) = described(metadata, error.index, error.error[0])
    else {
        let reason = format!("error {} of the pallet {}", error.error[0], error.index);
        return TransactionError::Failed { call, reason };
    };
    TransactionError::Refused {
        call,
        pallet,
        error,
        documentation,
    }
}

/// A text as one line that ends with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !line.ends_with(['.', '!', '?']) {
        line.push('.');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calls, compatibility::EXPECTED};
    use codec::Encode;
    use ergon_primitives::{AccountId, DealId};

    fn metadata() -> &'static Metadata {
        &EXPECTED.as_ref().unwrap().metadata
    }

    fn call() -> Call {
        calls::poco::finalise(DealId(H256::zero()), 0)
    }

    /// The fields of `ExtrinsicFailed`: the error, then weight, class and whether a fee is paid.
    fn fields(error: DispatchError) -> Vec<u8> {
        let mut fields = error.encode();
        fields.extend([4, 8, 0, 0]);
        fields
    }

    fn module_error(pallet: &str, name: &str) -> DispatchError {
        let pallet = metadata().pallet_by_name(pallet).unwrap();
        let variant = pallet
            .error_variants()
            .unwrap()
            .iter()
            .find(|error| error.name == name)
            .unwrap();
        let error = [variant.index, 0, 0, 0];
        DispatchError::Module(ModuleError {
            index: pallet.error_index(),
            error,
            message: None,
        })
    }

    #[test]
    fn a_pallets_refusal_has_its_name_and_its_sentence() {
        let refused = refusal(
            metadata(),
            &call(),
            &fields(module_error("Poco", "NoSuchDeal")),
        );
        let text = refused.to_string();
        assert!(
            text.starts_with("the chain refused Poco.finalise: There is no such deal"),
            "{text}"
        );
        assert!(text.ends_with("(Poco.NoSuchDeal)"), "{text}");
    }

    #[test]
    fn items_of_a_batch_are_refused_in_words() {
        let items = vec![
            (3, module_error("Poco", "NotActive")),
            (9, DispatchError::CannotLookup),
        ];
        let event = Event::Poco(PocoEvent::ItemsRefused {
            deal: DealId(H256::zero()),
            worker: AccountId::new([1; 32]),
            items,
        });
        let refused = refused_items(metadata(), &[event]);
        assert_eq!(
            (refused[0].index, refused[0].error.as_str()),
            (3, "NotActive")
        );
        assert!(refused[0].documentation.len() > 20, "{refused:?}");
        assert_eq!(refused[1].index, 9);
        assert!(refused_items(metadata(), &[]).is_empty());
    }

    #[test]
    fn useless_calls_have_the_error_that_they_would_meet() {
        let DispatchError::Module(error) = module_error("Poco", "AlreadyContributed") else {
            panic!("no error of a pallet")
        };
        let useless = |call: &Call, code| useless(metadata(), call, code).to_string();
        let text = useless(&call(), error.error[0]);
        assert!(text.contains("Poco.finalise would be refused: "), "{text}");
        assert!(text.ends_with("(Poco.AlreadyContributed)"), "{text}");
        let unknown = useless(&call(), 255);
        assert!(unknown.contains("the reason number 255"), "{unknown}");
        let other = calls::staking::leave(&AccountId::new([1; 32]));
        let text = useless(&other, error.error[0]);
        assert!(text.contains("the reason number"), "{text}");
    }

    #[test]
    fn want_of_money_is_told_from_other_failures() {
        let poor = refusal(
            metadata(),
            &call(),
            &fields(TokenError::FundsUnavailable.into()),
        );
        assert!(matches!(poor, TransactionError::NotEnoughMoney { .. }));
        let other = refusal(metadata(), &call(), &fields(DispatchError::BadOrigin));
        assert!(matches!(other, TransactionError::Failed { .. }));
    }

    #[test]
    fn errors_that_nobody_knows_are_numbered() {
        let error = ModuleError {
            index: 255,
            error: [3, 0, 0, 0],
            message: None,
        };
        let unknown = refusal(metadata(), &call(), &fields(DispatchError::Module(error)));
        assert!(
            unknown.to_string().contains("error 3 of the pallet 255"),
            "{unknown}"
        );
        let garbled = refusal(metadata(), &call(), &[250]);
        assert!(matches!(
            garbled,
            TransactionError::Client(ClientError::Undecodable { .. })
        ));
    }

    #[test]
    fn a_transaction_is_found_in_its_block() {
        let body = vec![vec![1, 2, 3], vec![4, 5]];
        assert_eq!(position(&body, H256(blake2_256(&[4, 5]))), Some(1));
        assert_eq!(position(&body, H256::zero()), None);
    }

    #[test]
    fn the_fee_is_what_the_fee_event_says() {
        let who = AccountId::new([1; 32]);
        let paid = TransactionPaymentEvent::TransactionFeePaid {
            who,
            actual_fee: 9,
            tip: 0,
        };
        let other = Event::Other {
            pallet: "System".into(),
            name: "ExtrinsicSuccess".into(),
        };
        assert_eq!(fee_of(&[other.clone(), Event::TransactionPayment(paid)]), 9);
        assert_eq!(fee_of(&[other]), 0);
    }

    #[test]
    fn sentences_are_single_lines() {
        assert_eq!(sentence(" No such  deal;\n wait"), "No such deal; wait.");
        assert_eq!(sentence("Wait."), "Wait.");
    }
}
