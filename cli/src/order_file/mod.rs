//! Orders as portable JSON documents; `docs/orders.md` describes the form.

mod document;
mod fields;

pub use document::{SignatureScheme, order_json, signature};
pub use fields::callback;

use crate::{CliError, files, text::Hex};
use document::{Document, Kind, SignatureText};
use ergon_client::{
    primitives::{
        AccountId, AppOrder, DatasetOrder, Order, OrderId, PoolOrder, RequestOrder, Signature,
        SignedOrder, order_text,
    },
    verify,
};
use serde_json::Value;
use sp_core::H256;
use std::{io::ErrorKind, path::Path};

/// An order of one chain, with its owner's signature if there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderFile {
    /// Genesis hash of the chain that it is for.
    pub genesis: H256,
    /// The order.
    pub order: Order,
    /// The owner's signature over the order's text.
    pub signature: Option<Signature>,
}

impl OrderFile {
    /// An order that nobody has signed yet.
    pub fn unsigned(genesis: H256, order: impl Into<Order>) -> Self {
        Self {
            genesis,
            order: order.into(),
            signature: None,
        }
    }

    /// The order's id.
    pub fn id(&self) -> OrderId {
        self.order.id(self.genesis)
    }

    /// What the owner signs.
    pub fn text(&self) -> String {
        order_text(self.id())
    }

    /// Whether the account signed the order.
    pub fn is_signed_by(&self, account: &AccountId) -> bool {
        let text = self.text();
        self.signature
            .as_ref()
            .is_some_and(|signature| verify(signature, text.as_bytes(), account))
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |reason| CliError::OrderFile {
            path: path.into(),
            reason,
        };
        let text = match files::read_text(path) {
            Err(CliError::File { reason, .. }) if reason.kind() == ErrorKind::InvalidData => {
                return Err(wrong("it is no text".into()));
            }
            read => read?,
        };
        Self::parse(&text).map_err(wrong)
    }

    /// Reads a file, which must be for the chain with this genesis hash.
    pub fn read_for(path: &Path, genesis: H256) -> Result<Self, CliError> {
        let file = Self::read(path)?;
        if file.genesis == genesis {
            return Ok(file);
        }
        let (found, here) = (Hex(file.genesis), Hex(genesis));
        let reason = format!(
            "it is for the chain with the genesis hash {found}, and the node's chain has {here}: \
             name a node of its chain with --node"
        );
        Err(CliError::OrderFile {
            path: path.into(),
            reason,
        })
    }

    /// Writes a file.
    pub fn write(&self, path: &Path) -> Result<(), CliError> {
        files::write_text(path, &format!("{:#}\n", self.to_json()))
    }

    /// Reads a document. Its id must be the one that its content has, so that a damaged or changed
    /// order is noticed before anybody asks the chain.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.trim_start().starts_with('{') {
            return Err("it is no JSON object".into());
        }
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let signature = document
            .signature
            .map(|text| text.signature())
            .transpose()?;
        let file = Self {
            genesis: document.genesis.0,
            order: document.kind.read(document.order)?,
            signature,
        };
        let (stated, found) = (document.id, Hex::from(file.id()));
        if stated == found {
            Ok(file)
        } else {
            Err(format!(
                "it states the id {stated}, but its content has the id {found}. It was damaged or \
                 changed: ask whoever gave it to you for the genuine one"
            ))
        }
    }

    /// The document.
    pub fn to_json(&self) -> Value {
        let document = Document {
            kind: Kind::of(&self.order),
            id: self.id().into(),
            genesis: Hex(self.genesis),
            order: order_json(&self.order),
            signature: self.signature.as_ref().map(SignatureText::from),
        };
        serde_json::to_value(document).unwrap_or_default()
    }

    /// The app order in the file.
    pub fn into_app_order(self) -> Result<SignedOrder<AppOrder>, CliError> {
        match self.order {
            Order::App(order) => Ok(with(order, self.signature)),
            other => Err(wrong_kind("an app order", &other)),
        }
    }

    /// The dataset order in the file.
    pub fn into_dataset_order(self) -> Result<SignedOrder<DatasetOrder>, CliError> {
        match self.order {
            Order::Dataset(order) => Ok(with(order, self.signature)),
            other => Err(wrong_kind("a dataset order", &other)),
        }
    }

    /// The pool order in the file.
    pub fn into_pool_order(self) -> Result<SignedOrder<PoolOrder>, CliError> {
        match self.order {
            Order::Pool(order) => Ok(with(order, self.signature)),
            other => Err(wrong_kind("a pool order", &other)),
        }
    }

    /// The request order in the file.
    pub fn into_request_order(self) -> Result<SignedOrder<RequestOrder>, CliError> {
        match self.order {
            Order::Request(order) => Ok(with(order, self.signature)),
            other => Err(wrong_kind("a request order", &other)),
        }
    }
}

/// The kind of an order in one word.
pub fn kind_name(order: &Order) -> &'static str {
    Kind::of(order).name()
}

fn with<Content>(order: Content, signature: Option<Signature>) -> SignedOrder<Content> {
    SignedOrder { order, signature }
}

fn wrong_kind(expected: &str, found: &Order) -> CliError {
    CliError::Usage(format!(
        "{expected} is needed here, and this is an order of the kind `{}`",
        kind_name(found)
    ))
}

#[cfg(test)]
mod tests;
