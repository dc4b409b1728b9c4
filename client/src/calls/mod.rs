//! What a transaction can ask the chain to do. Each function makes one [`Call`].

pub mod balances;
pub mod governance;
pub mod hub;
pub mod market;
pub mod parameters;
pub mod poco;
mod raw;
pub mod registry;
pub mod staking;
pub mod sudo;
pub mod utility;
pub mod validators;

use crate::ClientError;
use codec::{Compact, Encode};
use raw::Raw;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;
use std::fmt;
use subxt::Metadata;

/// One thing asked of the chain, ready to be sent. It knows its name and its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    pallet: &'static str,
    name: &'static str,
    arguments: Arguments,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Arguments {
    /// All arguments, encoded one after the other.
    Encoded(Vec<u8>),
    /// One argument: a call.
    Call(Box<Call>),
    /// One argument: a list of calls.
    Calls(Vec<Call>),
}

impl Call {
    /// A call by the names of pallet and call, for which there need be no function here. The
    /// arguments are encoded one after the other; no call is among them.
    pub fn new(pallet: &'static str, name: &'static str, arguments: impl Encode) -> Self {
        Self {
            pallet,
            name,
            arguments: Arguments::Encoded(arguments.encode()),
        }
    }

    /// The pallet that it is for, for example `Poco`.
    pub fn pallet(&self) -> &'static str {
        self.pallet
    }

    /// The call's name in its pallet, for example `contribute`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The arguments for a runtime.
    pub(crate) fn arguments(&self, metadata: &Metadata) -> Result<Vec<u8>, ClientError> {
        match &self.arguments {
            Arguments::Encoded(bytes) => Ok(bytes.clone()),
            Arguments::Call(call) => call.encode_for(metadata),
            Arguments::Calls(calls) => {
                let mut bytes = Compact(calls.len() as u64).encode();
                for call in calls {
                    bytes.extend(call.encode_for(metadata)?);
                }
                Ok(bytes)
            }
        }
    }

    /// The whole call for a runtime: index of the pallet, index of the call, arguments.
    pub(crate) fn encode_for(&self, metadata: &Metadata) -> Result<Vec<u8>, ClientError> {
        let missing = || ClientError::unencodable(self.to_string(), "the runtime has no such call");
        let pallet = metadata.pallet_by_name(self.pallet).ok_or_else(missing)?;
        let call = pallet.call_variant_by_name(self.name).ok_or_else(missing)?;
        let mut bytes = vec![pallet.call_index(), call.index];
        bytes.extend(self.arguments(metadata)?);
        Ok(bytes)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)?;
        match &self.arguments {
            Arguments::Encoded(_) => Ok(()),
            Arguments::Call(call) => write!(f, " [{call}]"),
            Arguments::Calls(calls) => {
                let names: Vec<String> = calls.iter().map(Self::to_string).collect();
                write!(f, " [{}]", names.join(", "))
            }
        }
    }
}

/// A text or list does not fit its field.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the {what} is too long: {length} where at most {limit} fit. Shorten it")]
pub struct TooLong {
    /// What it is.
    pub what: &'static str,
    /// Its length: bytes of a text, entries of a list.
    pub length: usize,
    /// The longest that fits.
    pub limit: u32,
}

/// Fits a text or list into a bounded field; `what` names it in the error.
pub fn bounded<T, const LIMIT: u32>(
    what: &'static str,
    content: impl Into<Vec<T>>,
) -> Result<BoundedVec<T, ConstU32<LIMIT>>, TooLong> {
    BoundedVec::try_from(content.into()).map_err(|content: Vec<T>| TooLong {
        what,
        length: content.len(),
        limit: LIMIT,
    })
}

#[cfg(test)]
mod tests;
