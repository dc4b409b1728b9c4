//! Identifiers and accounts as texts: hexadecimal with `0x`, and SS58 addresses.

use ergon_client::{
    account_from_ss58, account_to_ss58,
    primitives::{
        AccessListId, AccountId, AppId, CategoryId, DatasetId, DealId, OrderId, PoolId, Restriction,
    },
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sp_core::H256;
use std::{fmt, str::FromStr};

/// A text is no identifier.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{0}` is not an identifier: it must be 0x and 64 hexadecimal digits")]
pub struct IdError(String);

/// 32 bytes, written as 0x and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Hex(
    /// The bytes.
    pub H256,
);

impl FromStr for Hex {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let mut bytes = [0; 32];
        let digits = text
            .strip_prefix("0x")
            .ok_or_else(|| IdError(text.into()))?;
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| IdError(text.into()))?;
        Ok(Self(H256(bytes)))
    }
}

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:?}", self.0))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

macro_rules! from_ids {
    ($($id:ident),*) => {$(
        impl From<$id> for Hex {
            fn from(id: $id) -> Self {
                Self(id.0)
            }
        }

        impl From<Hex> for $id {
            fn from(hex: Hex) -> Self {
                Self(hex.0)
            }
        }
    )*};
}

from_ids!(AppId, DatasetId, PoolId, AccessListId, OrderId, DealId);

/// Reads an identifier of any kind.
pub fn id<Id: From<H256>>(text: &str) -> Result<Id, IdError> {
    text.parse::<Hex>().map(|hex| Id::from(hex.0))
}

/// An account, written as its SS58 address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Address(
    /// The account.
    pub AccountId,
);

impl Address {
    /// Beginning and end of the address, for tables.
    pub fn short(&self) -> String {
        let text = self.to_string();
        match (text.get(..6), text.get(text.len().saturating_sub(5)..)) {
            (Some(head), Some(tail)) => format!("{head}…{tail}"),
            _ => text,
        }
    }
}

impl From<&AccountId> for Address {
    fn from(account: &AccountId) -> Self {
        Self(account.clone())
    }
}

impl From<AccountId> for Address {
    fn from(account: AccountId) -> Self {
        Self(account)
    }
}

impl From<Address> for AccountId {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl FromStr for Address {
    type Err = ergon_client::KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        account_from_ss58(text).map(Self)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&account_to_ss58(&self.0))
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

/// A category as people name it: by its name (`XS`) or by its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CategoryName {
    /// By its number.
    Number(CategoryId),
    /// By its name, in upper or lower case.
    Name(String),
}

impl FromStr for CategoryName {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text
            .parse::<CategoryId>()
            .map_or_else(|_| Self::Name(text.into()), Self::Number))
    }
}

impl fmt::Display for CategoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "number {number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// A restriction of an order: nothing (anyone), an identifier, or `list:0x…`.
pub fn restriction<Id: From<H256>>(text: &str) -> Result<Restriction<Id>, IdError> {
    match text.strip_prefix("list:") {
        Some(list) => id(list).map(Restriction::Listed),
        None => id(text).map(Restriction::Only),
    }
}

/// A restriction to a requester: an account, or `list:0x…`.
pub fn restriction_to_account(text: &str) -> Result<Restriction<AccountId>, String> {
    match text.strip_prefix("list:") {
        Some(list) => id(list)
            .map(Restriction::Listed)
            .map_err(|error| error.to_string()),
        None => account_from_ss58(text)
            .map(Restriction::Only)
            .map_err(|error| error.to_string()),
    }
}

/// Text that somebody put on the chain, safe to show: control characters become `·`.
pub fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars()
        .map(|c| if c.is_control() { '·' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0xabababababababababababababababababababababababababababababababab";

    #[test]
    fn identifiers_survive() {
        let app: AppId = id(ID).unwrap();
        assert_eq!(app, AppId(H256::repeat_byte(0xab)));
        assert_eq!(Hex::from(app).to_string(), ID);
        assert_eq!(
            serde_json::to_string(&Hex::from(app)).unwrap(),
            format!("\"{ID}\"")
        );
        assert_eq!(
            serde_json::from_str::<Hex>(&format!("\"{ID}\"")).unwrap(),
            Hex::from(app)
        );
    }

    #[test]
    fn wrong_identifiers_are_refused() {
        for text in ["", "0x", "0x12", &ID[2..], &format!("{ID}00"), "0xzz"] {
            assert_eq!(id::<AppId>(text), Err(IdError(text.into())), "{text}");
        }
    }

    #[test]
    fn addresses_survive_and_shorten() {
        let text = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let address: Address = text.parse().unwrap();
        assert_eq!(address.to_string(), text);
        assert_eq!(address.short(), "5Grwva…KutQY");
        let json = serde_json::to_string(&address).unwrap();
        assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), address);
    }

    #[test]
    fn restrictions_name_one_or_a_list() {
        let hash = H256::repeat_byte(0xab);
        assert_eq!(
            restriction::<PoolId>(ID),
            Ok(Restriction::Only(PoolId(hash)))
        );
        let listed = restriction::<PoolId>(&format!("list:{ID}"));
        assert_eq!(listed, Ok(Restriction::Listed(AccessListId(hash))));
        assert!(restriction::<PoolId>("list:").is_err());
        assert!(
            restriction_to_account("nobody")
                .unwrap_err()
                .contains("nobody")
        );
    }

    #[test]
    fn categories_have_names_or_numbers() {
        assert_eq!("XS".parse(), Ok(CategoryName::Name("XS".into())));
        assert_eq!("3".parse(), Ok(CategoryName::Number(3)));
    }

    #[test]
    fn foreign_texts_cannot_steer_a_terminal() {
        assert_eq!(shown(b"a\x1b[2Jb\n"), "a·[2Jb·");
    }
}
