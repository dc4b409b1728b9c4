//! The document around an order: its kind, its chain and its signature.

use super::fields::{AppOrderText, DatasetOrderText, PoolOrderText, RequestOrderText};
use crate::text::Hex;
use clap::ValueEnum;
use ergon_client::primitives::{AppOrder, DatasetOrder, Order, PoolOrder, RequestOrder, Signature};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sp_core::{ecdsa, ed25519, sr25519};

/// The document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    pub(super) id: Hex,
    pub(super) genesis: Hex,
    pub(super) order: Value,
    #[serde(default)]
    pub(super) signature: Option<SignatureText>,
}

/// What an order offers or asks for.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    App,
    Dataset,
    Pool,
    Request,
}

impl Kind {
    pub(super) fn of(order: &Order) -> Self {
        match order {
            Order::App(_) => Self::App,
            Order::Dataset(_) => Self::Dataset,
            Order::Pool(_) => Self::Pool,
            Order::Request(_) => Self::Request,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Dataset => "dataset",
            Self::Pool => "pool",
            Self::Request => "request",
        }
    }

    /// Reads the fields of an order of this kind.
    pub(super) fn read(self, order: Value) -> Result<Order, String> {
        let number = bad_number(&order);
        let wrong = |error: serde_json::Error| match &number {
            Some(reason) => format!("in `order`: {reason}"),
            None => format!("in `order`: {error}"),
        };
        match self {
            Self::App => {
                let text: AppOrderText = serde_json::from_value(order).map_err(wrong)?;
                Ok(AppOrder::from(text).into())
            }
            Self::Dataset => {
                let text: DatasetOrderText = serde_json::from_value(order).map_err(wrong)?;
                Ok(DatasetOrder::from(text).into())
            }
            Self::Pool => {
                let text: PoolOrderText = serde_json::from_value(order).map_err(wrong)?;
                PoolOrder::try_from(text).map(Order::from)
            }
            Self::Request => {
                let text: RequestOrderText = serde_json::from_value(order).map_err(wrong)?;
                RequestOrder::try_from(text).map(Order::from)
            }
        }
    }
}

/// The field whose number no order can have. Reading the fields does not tell which one it is.
fn bad_number(order: &Value) -> Option<String> {
    let fields = order.as_object()?;
    fields.iter().find_map(|(name, value)| {
        let highest = match name.as_str() {
            "tag" => u64::MAX,
            _ => u64::from(u32::MAX),
        };
        let is_bad = value.is_number() && value.as_u64().is_none_or(|number| number > highest);
        is_bad.then(|| format!("`{name}` is {value}, and must be a whole number up to {highest}"))
    })
}

/// The fields of an order by their names.
pub fn order_json(order: &Order) -> Value {
    let value = match order {
        Order::App(order) => serde_json::to_value(AppOrderText::from(order)),
        Order::Dataset(order) => serde_json::to_value(DatasetOrderText::from(order)),
        Order::Pool(order) => serde_json::to_value(PoolOrderText::from(order)),
        Order::Request(order) => serde_json::to_value(RequestOrderText::from(order)),
    };
    // These structures have string keys and no numbers that JSON lacks.
    value.unwrap_or_default()
}

/// How a signature was made.
#[derive(Serialize, Deserialize, ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lowercase")]
pub enum SignatureScheme {
    /// Ed25519, 64 bytes.
    Ed25519,
    /// Schnorrkel, 64 bytes; what browser wallets use as a rule.
    Sr25519,
    /// ECDSA over secp256k1 and blake2-256, 65 bytes.
    Ecdsa,
    /// ECDSA over secp256k1 and keccak-256, 65 bytes.
    Eth,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignatureText {
    scheme: SignatureScheme,
    hex: String,
}

impl From<&Signature> for SignatureText {
    fn from(signature: &Signature) -> Self {
        let (scheme, bytes): (SignatureScheme, &[u8]) = match signature {
            Signature::Ed25519(signature) => (SignatureScheme::Ed25519, signature.0.as_slice()),
            Signature::Sr25519(signature) => (SignatureScheme::Sr25519, signature.0.as_slice()),
            Signature::Ecdsa(signature) => (SignatureScheme::Ecdsa, signature.0.as_slice()),
            Signature::Eth(signature) => (SignatureScheme::Eth, signature.0.as_slice()),
        };
        Self {
            scheme,
            hex: format!("0x{}", hex::encode(bytes)),
        }
    }
}

impl SignatureText {
    pub(super) fn signature(&self) -> Result<Signature, String> {
        signature(self.scheme, &self.hex).map_err(|error| format!("in `signature`: {error}"))
    }
}

/// A signature of the scheme from its hexadecimal digits, with or without `0x`.
pub fn signature(scheme: SignatureScheme, digits: &str) -> Result<Signature, String> {
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    let bytes = hex::decode(digits).map_err(|error| format!("it is not hexadecimal: {error}"))?;
    let bytes = bytes.as_slice();
    let read = match scheme {
        SignatureScheme::Ed25519 => ed25519::Signature::try_from(bytes).map(Signature::Ed25519),
        SignatureScheme::Sr25519 => sr25519::Signature::try_from(bytes).map(Signature::Sr25519),
        SignatureScheme::Ecdsa => ecdsa::Signature::try_from(bytes).map(Signature::Ecdsa),
        SignatureScheme::Eth => ecdsa::KeccakSignature::try_from(bytes).map(Signature::Eth),
    };
    let expected = match scheme {
        SignatureScheme::Ed25519 | SignatureScheme::Sr25519 => 64,
        SignatureScheme::Ecdsa | SignatureScheme::Eth => 65,
    };
    read.map_err(|_| {
        let found = bytes.len();
        format!("it has {found} bytes, and a signature of this scheme has {expected}")
    })
}
