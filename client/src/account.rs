//! An account's money, as the chain keeps it.

use crate::ClientError;
use codec::Decode;
use ergon_primitives::Balance;
use scale_info::{TypeDef, form::PortableForm};
use subxt::Metadata;

/// An account.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// How many transactions of it are in the chain.
    pub nonce: u32,
    /// Money that is not on hold; a part may be frozen, and the existential deposit must stay.
    pub free: Balance,
    /// Money on hold, all reasons together.
    pub reserved: Balance,
    /// How much of `free` and `reserved` together must stay.
    pub frozen: Balance,
    /// What is on hold for which reason.
    pub held: Vec<Held>,
}

/// Money on hold for one reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The reason, as `Pallet.Reason`, for example `Escrow.TaskPayment`.
    pub reason: String,
    /// How much.
    pub amount: Balance,
}

impl Account {
    /// Free and reserved money together.
    pub fn total(&self) -> Balance {
        self.free.saturating_add(self.reserved)
    }

    /// What the account can give away and stay alive.
    pub fn transferable(&self, existential_deposit: Balance) -> Balance {
        let must_stay = self
            .frozen
            .saturating_sub(self.reserved)
            .max(existential_deposit);
        self.free.saturating_sub(must_stay)
    }

    /// What is on hold for a reason given as `Pallet.Reason`.
    pub fn held_for(&self, reason: &str) -> Balance {
        self.held
            .iter()
            .filter(|held| held.reason == reason)
            .map(|held| held.amount)
            .sum()
    }
}

/// `System.Account` on the wire.
#[derive(Decode, Default)]
pub(crate) struct AccountInfo {
    pub(crate) nonce: u32,
    _consumers: u32,
    _providers: u32,
    _sufficients: u32,
    free: Balance,
    reserved: Balance,
    frozen: Balance,
    _flags: u128,
}

/// One entry of `Balances.Holds` on the wire: pallet index, index of the reason, amount.
pub(crate) type HeldOnWire = (u8, u8, Balance);

impl Account {
    /// Puts both records together.
    pub(crate) fn new(
        metadata: &Metadata,
        info: AccountInfo,
        holds: Vec<HeldOnWire>,
    ) -> Result<Self, ClientError> {
        let held = holds
            .into_iter()
            .map(|(pallet, reason, amount)| {
                let reason = hold_reason(metadata, pallet, reason).ok_or_else(|| {
                    ClientError::undecodable("a hold reason", format!("{pallet}.{reason}"))
                })?;
                Ok(Held { reason, amount })
            })
            .collect::<Result<_, ClientError>>()?;
        let AccountInfo {
            nonce,
            free,
            reserved,
            frozen,
            ..
        } = info;
        Ok(Self {
            nonce,
            free,
            reserved,
            frozen,
            held,
        })
    }
}

/// The name of a hold reason, from the runtime's enum of all reasons.
fn hold_reason(metadata: &Metadata, pallet: u8, reason: u8) -> Option<String> {
    let all = metadata.types().types.iter().find(|ty| {
        ty.ty
            .path
            .ident()
            .is_some_and(|name| name == "RuntimeHoldReason")
    })?;
    let (pallet, reasons) = variant(&all.ty.type_def, pallet)?;
    let reasons = metadata.types().resolve(reasons?)?;
    let (reason, _) = variant(&reasons.type_def, reason)?;
    Some(format!("{pallet}.{reason}"))
}

/// Name of an enum's variant and the type of its first field.
fn variant(def: &TypeDef<PortableForm>, index: u8) -> Option<(&str, Option<u32>)> {
    let TypeDef::Variant(def) = def else {
        return None;
    };
    let variant = def.variants.iter().find(|variant| variant.index == index)?;
    Some((
        variant.name.as_str(),
        variant.fields.first().map(|field| field.ty.id),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compatibility::EXPECTED;

    fn account() -> Account {
        Account {
            free: 100,
            reserved: 30,
            frozen: 50,
            ..Default::default()
        }
    }

    #[test]
    fn frozen_money_counts_what_is_on_hold_first() {
        assert_eq!(account().transferable(1), 80);
        assert_eq!(account().transferable(40), 60);
        assert_eq!(Account::default().transferable(1), 0);
        assert_eq!(account().total(), 130);
    }

    #[test]
    fn hold_reasons_have_names() {
        let metadata = &EXPECTED.as_ref().unwrap().metadata;
        let escrow = metadata.pallet_by_name("Escrow").unwrap().call_index();
        let holds: Vec<HeldOnWire> = vec![(escrow, 0, 7), (escrow, 1, 5)];
        let account = Account::new(metadata, AccountInfo::default(), holds).unwrap();
        assert_eq!(account.held_for("Escrow.TaskPayment"), 7);
        assert_eq!(account.held_for("Escrow.OperatorStake"), 5);
        assert_eq!(account.held_for("Escrow.Other"), 0);
    }

    #[test]
    fn an_unknown_hold_reason_is_an_error() {
        let metadata = &EXPECTED.as_ref().unwrap().metadata;
        let error = Account::new(metadata, AccountInfo::default(), vec![(255, 0, 1)]).unwrap_err();
        assert!(matches!(error, ClientError::Undecodable { .. }));
    }
}
