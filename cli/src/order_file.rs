//! Orders as portable JSON documents; the README describes the form.

use crate::{
    CliError,
    amount::Amount,
    files,
    text::{Address, Hex},
};
use ergon_client::{
    primitives::{
        AccountId, AppOrder, BlockNumber, Order, OrderId, PoolOrder, RequestOrder, Restriction,
        Signature, SignedOrder, Tag, order_text,
    },
    verify,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sp_core::{H256, ecdsa, ed25519, sr25519};
use std::path::Path;

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

/// The document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "type")]
    kind: Kind,
    id: Hex,
    genesis: Hex,
    order: Value,
    #[serde(default)]
    signature: Option<SignatureText>,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
enum Kind {
    App,
    Pool,
    Request,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureText {
    scheme: SchemeText,
    hex: String,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum SchemeText {
    Ed25519,
    Sr25519,
    Ecdsa,
    Eth,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RestrictionText<Id> {
    Anyone,
    Only(Id),
    Listed(Hex),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AppOrderText {
    app: Hex,
    price: Amount,
    volume: u32,
    tag: u64,
    restrict_pool: RestrictionText<Hex>,
    restrict_requester: RestrictionText<Address>,
    valid_until: BlockNumber,
    salt: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PoolOrderText {
    pool: Hex,
    price: Amount,
    volume: u32,
    tag: u64,
    category: u32,
    trust: u32,
    execution_versions: Vec<u32>,
    restrict_app: RestrictionText<Hex>,
    restrict_requester: RestrictionText<Address>,
    valid_until: BlockNumber,
    salt: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestOrderText {
    app: Hex,
    max_app_price: Amount,
    pool: Option<Hex>,
    max_pool_price: Amount,
    requester: Address,
    payer: Address,
    matcher: Option<Address>,
    volume: u32,
    min_volume: u32,
    tag: u64,
    category: u32,
    trust: u32,
    execution_version: u32,
    max_duration: BlockNumber,
    beneficiary: Address,
    params: String,
    valid_until: BlockNumber,
    salt: Hex,
}

impl OrderFile {
    /// The order's id.
    pub fn id(&self) -> OrderId {
        self.order.id(self.genesis)
    }

    /// Whether the account signed the order.
    pub fn is_signed_by(&self, account: &AccountId) -> bool {
        let text = order_text(self.id());
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
        Self::parse(&files::read_text(path)?).map_err(wrong)
    }

    /// Reads a file, which must be for the chain with this genesis hash.
    pub fn read_for(path: &Path, genesis: H256) -> Result<Self, CliError> {
        let file = Self::read(path)?;
        if file.genesis == genesis {
            return Ok(file);
        }
        let found = Hex(file.genesis);
        let reason = format!("it is for the chain with the genesis hash {found}");
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
        let document: Document = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let order = read_order(document.kind, document.order)?;
        let signature = document.signature.map(read_signature).transpose()?;
        let file = Self {
            genesis: document.genesis.0,
            order,
            signature,
        };
        let (stated, found) = (document.id, Hex::from(file.id()));
        if stated == found {
            Ok(file)
        } else {
            Err(format!(
                "it states the id {stated}, but its content has the id {found}"
            ))
        }
    }

    /// The document.
    pub fn to_json(&self) -> Value {
        let kind = match self.order {
            Order::App(_) => Kind::App,
            Order::Pool(_) => Kind::Pool,
            Order::Request(_) => Kind::Request,
        };
        let document = Document {
            kind,
            id: self.id().into(),
            genesis: Hex(self.genesis),
            order: order_json(&self.order),
            signature: self.signature.as_ref().map(signature_text),
        };
        serde_json::to_value(document).unwrap_or_default()
    }

    /// The app order in the file.
    pub fn into_app_order(self) -> Result<SignedOrder<AppOrder>, CliError> {
        match self.order {
            Order::App(order) => Ok(SignedOrder {
                order,
                signature: self.signature,
            }),
            Order::Pool(_) | Order::Request(_) => Err(wrong_kind("an app order")),
        }
    }

    /// The pool order in the file.
    pub fn into_pool_order(self) -> Result<SignedOrder<PoolOrder>, CliError> {
        match self.order {
            Order::Pool(order) => Ok(SignedOrder {
                order,
                signature: self.signature,
            }),
            Order::App(_) | Order::Request(_) => Err(wrong_kind("a pool order")),
        }
    }

    /// The request order in the file.
    pub fn into_request_order(self) -> Result<SignedOrder<RequestOrder>, CliError> {
        match self.order {
            Order::Request(order) => Ok(SignedOrder {
                order,
                signature: self.signature,
            }),
            Order::App(_) | Order::Pool(_) => Err(wrong_kind("a request order")),
        }
    }
}

fn wrong_kind(expected: &str) -> CliError {
    CliError::Usage(format!(
        "{expected} is needed here, and this is an order of another kind"
    ))
}

/// The fields of an order by their names.
pub fn order_json(order: &Order) -> Value {
    let value = match order {
        Order::App(order) => serde_json::to_value(AppOrderText::from(order)),
        Order::Pool(order) => serde_json::to_value(PoolOrderText::from(order)),
        Order::Request(order) => serde_json::to_value(RequestOrderText::from(order)),
    };
    // These structures have string keys and no numbers that JSON lacks.
    value.unwrap_or_default()
}

fn read_order(kind: Kind, order: Value) -> Result<Order, String> {
    let wrong = |error: serde_json::Error| format!("in `order`: {error}");
    match kind {
        Kind::App => {
            let text: AppOrderText = serde_json::from_value(order).map_err(wrong)?;
            Ok(Order::App(text.into()))
        }
        Kind::Pool => {
            let text: PoolOrderText = serde_json::from_value(order).map_err(wrong)?;
            PoolOrder::try_from(text).map(Order::Pool)
        }
        Kind::Request => {
            let text: RequestOrderText = serde_json::from_value(order).map_err(wrong)?;
            RequestOrder::try_from(text).map(Order::Request)
        }
    }
}

impl<Id: Clone, Text: From<Id>> From<&Restriction<Id>> for RestrictionText<Text> {
    fn from(restriction: &Restriction<Id>) -> Self {
        match restriction {
            Restriction::Anyone => Self::Anyone,
            Restriction::Only(id) => Self::Only(id.clone().into()),
            Restriction::Listed(list) => Self::Listed((*list).into()),
        }
    }
}

impl<Text> RestrictionText<Text> {
    fn restriction<Id: From<Text>>(self) -> Restriction<Id> {
        match self {
            Self::Anyone => Restriction::Anyone,
            Self::Only(text) => Restriction::Only(text.into()),
            Self::Listed(list) => Restriction::Listed(list.into()),
        }
    }
}

impl From<&AppOrder> for AppOrderText {
    fn from(order: &AppOrder) -> Self {
        Self {
            app: order.app.into(),
            price: Amount(order.price),
            volume: order.volume,
            tag: order.tag.0,
            restrict_pool: (&order.restrict_pool).into(),
            restrict_requester: (&order.restrict_requester).into(),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl From<AppOrderText> for AppOrder {
    fn from(text: AppOrderText) -> Self {
        Self {
            app: text.app.into(),
            price: text.price.0,
            volume: text.volume,
            tag: Tag(text.tag),
            restrict_pool: text.restrict_pool.restriction(),
            restrict_requester: text.restrict_requester.restriction(),
            valid_until: text.valid_until,
            salt: text.salt.0,
        }
    }
}

impl From<&PoolOrder> for PoolOrderText {
    fn from(order: &PoolOrder) -> Self {
        Self {
            pool: order.pool.into(),
            price: Amount(order.price),
            volume: order.volume,
            tag: order.tag.0,
            category: order.category,
            trust: order.trust,
            execution_versions: order.execution_versions.to_vec(),
            restrict_app: (&order.restrict_app).into(),
            restrict_requester: (&order.restrict_requester).into(),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl TryFrom<PoolOrderText> for PoolOrder {
    type Error = String;

    fn try_from(text: PoolOrderText) -> Result<Self, String> {
        let too_many = |_| "`execution_versions` has more than 8 entries".to_owned();
        Ok(Self {
            pool: text.pool.into(),
            price: text.price.0,
            volume: text.volume,
            tag: Tag(text.tag),
            category: text.category,
            trust: text.trust,
            execution_versions: text.execution_versions.try_into().map_err(too_many)?,
            restrict_app: text.restrict_app.restriction(),
            restrict_requester: text.restrict_requester.restriction(),
            valid_until: text.valid_until,
            salt: text.salt.0,
        })
    }
}

impl From<&RequestOrder> for RequestOrderText {
    fn from(order: &RequestOrder) -> Self {
        Self {
            app: order.app.into(),
            max_app_price: Amount(order.max_app_price),
            pool: order.pool.map(Hex::from),
            max_pool_price: Amount(order.max_pool_price),
            requester: Address::from(&order.requester),
            payer: Address::from(&order.payer),
            matcher: order.matcher.as_ref().map(Address::from),
            volume: order.volume,
            min_volume: order.min_volume,
            tag: order.tag.0,
            category: order.category,
            trust: order.trust,
            execution_version: order.execution_version,
            max_duration: order.max_duration,
            beneficiary: Address::from(&order.beneficiary),
            params: params_text(&order.params),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl TryFrom<RequestOrderText> for RequestOrder {
    type Error = String;

    fn try_from(text: RequestOrderText) -> Result<Self, String> {
        let too_long = |_| "`params` is longer than 2048 bytes".to_owned();
        Ok(Self {
            app: text.app.into(),
            max_app_price: text.max_app_price.0,
            pool: text.pool.map(Into::into),
            max_pool_price: text.max_pool_price.0,
            requester: text.requester.0,
            payer: text.payer.0,
            matcher: text.matcher.map(|matcher| matcher.0),
            volume: text.volume,
            min_volume: text.min_volume,
            tag: Tag(text.tag),
            category: text.category,
            trust: text.trust,
            execution_version: text.execution_version,
            max_duration: text.max_duration,
            beneficiary: text.beneficiary.0,
            params: params_bytes(&text.params)?.try_into().map_err(too_long)?,
            valid_until: text.valid_until,
            salt: text.salt.0,
        })
    }
}

/// Parameters are a text as a rule; other bytes, and texts that look like it, are hexadecimal.
fn params_text(params: &[u8]) -> String {
    match std::str::from_utf8(params) {
        Ok(text) if !text.starts_with("0x") => text.into(),
        _ => format!("0x{}", hex::encode(params)),
    }
}

fn params_bytes(text: &str) -> Result<Vec<u8>, String> {
    match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).map_err(|error| format!("in `params`: {error}")),
        None => Ok(text.into()),
    }
}

fn signature_text(signature: &Signature) -> SignatureText {
    let (scheme, bytes): (SchemeText, &[u8]) = match signature {
        Signature::Ed25519(signature) => (SchemeText::Ed25519, signature.0.as_slice()),
        Signature::Sr25519(signature) => (SchemeText::Sr25519, signature.0.as_slice()),
        Signature::Ecdsa(signature) => (SchemeText::Ecdsa, signature.0.as_slice()),
        Signature::Eth(signature) => (SchemeText::Eth, signature.0.as_slice()),
    };
    SignatureText {
        scheme,
        hex: format!("0x{}", hex::encode(bytes)),
    }
}

fn read_signature(text: SignatureText) -> Result<Signature, String> {
    let wrong = |_| "the signature's `hex` has a wrong length".to_owned();
    let digits = text.hex.strip_prefix("0x").unwrap_or(&text.hex);
    let bytes = hex::decode(digits).map_err(|error| format!("in `signature`: {error}"))?;
    let bytes = bytes.as_slice();
    Ok(match text.scheme {
        SchemeText::Ed25519 => {
            Signature::Ed25519(ed25519::Signature::try_from(bytes).map_err(wrong)?)
        }
        SchemeText::Sr25519 => {
            Signature::Sr25519(sr25519::Signature::try_from(bytes).map_err(wrong)?)
        }
        SchemeText::Ecdsa => Signature::Ecdsa(ecdsa::Signature::try_from(bytes).map_err(wrong)?),
        SchemeText::Eth => Signature::Eth(ecdsa::KeccakSignature::try_from(bytes).map_err(wrong)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{
        Keypair, Scheme,
        primitives::{AccessListId, AppId, PoolId},
    };

    const GENESIS: H256 = H256::repeat_byte(7);

    fn account() -> AccountId {
        Keypair::from_suri("//Alice").unwrap().account()
    }

    fn app_order() -> Order {
        Order::App(AppOrder {
            app: AppId(H256::repeat_byte(1)),
            price: 1 << 90,
            volume: 5,
            tag: Tag(u64::MAX),
            restrict_pool: Restriction::Only(PoolId(H256::repeat_byte(2))),
            restrict_requester: Restriction::Listed(AccessListId(H256::repeat_byte(3))),
            valid_until: 99,
            salt: H256::repeat_byte(4),
        })
    }

    fn pool_order() -> Order {
        Order::Pool(PoolOrder {
            pool: PoolId(H256::repeat_byte(1)),
            price: 3,
            volume: 5,
            tag: Tag(0),
            category: 2,
            trust: 4,
            execution_versions: vec![1, 2].try_into().unwrap(),
            restrict_app: Restriction::Anyone,
            restrict_requester: Restriction::Only(account()),
            valid_until: 99,
            salt: H256::zero(),
        })
    }

    fn request_order(params: &[u8]) -> Order {
        Order::Request(RequestOrder {
            app: AppId(H256::repeat_byte(1)),
            max_app_price: 1,
            pool: Some(PoolId(H256::repeat_byte(9))),
            max_pool_price: 2,
            requester: account(),
            payer: AccountId::new([2; 32]),
            matcher: Some(AccountId::new([3; 32])),
            volume: 5,
            min_volume: 1,
            tag: Tag(2),
            category: 0,
            trust: 3,
            execution_version: 1,
            max_duration: 100,
            beneficiary: AccountId::new([4; 32]),
            params: params.to_vec().try_into().unwrap(),
            valid_until: 10,
            salt: H256::zero(),
        })
    }

    fn unsigned(order: Order) -> OrderFile {
        OrderFile {
            genesis: GENESIS,
            order,
            signature: None,
        }
    }

    fn survives(file: &OrderFile) {
        let text = file.to_json().to_string();
        assert_eq!(&OrderFile::parse(&text).unwrap(), file, "{text}");
    }

    #[test]
    fn orders_of_every_kind_survive() {
        survives(&unsigned(app_order()));
        survives(&unsigned(pool_order()));
        for params in [&b"{\"args\":[]}"[..], b"", b"0x12", &[0xff, 0]] {
            survives(&unsigned(request_order(params)));
        }
    }

    #[test]
    fn signatures_of_every_scheme_survive_and_verify() {
        for scheme in [Scheme::Sr25519, Scheme::Ed25519, Scheme::Ecdsa] {
            let pair = Keypair::from_suri_with("//Alice", scheme).unwrap();
            let mut file = unsigned(app_order());
            assert!(!file.is_signed_by(&pair.account()));
            file.signature = Some(pair.sign_order(file.id()));
            survives(&file);
            assert!(file.is_signed_by(&pair.account()), "{scheme}");
            assert!(!file.is_signed_by(&AccountId::new([1; 32])), "{scheme}");
        }
    }

    #[test]
    fn a_changed_order_is_refused() {
        let text = unsigned(pool_order()).to_json().to_string();
        let changed = text.replace("\"price\":\"3\"", "\"price\":\"2\"");
        assert_ne!(changed, text);
        assert!(
            OrderFile::parse(&changed)
                .unwrap_err()
                .contains("its content has the id")
        );
    }

    #[test]
    fn an_order_of_another_chain_is_another_order() {
        let text = unsigned(pool_order()).to_json().to_string();
        let other = text.replace(&Hex(GENESIS).to_string(), &Hex(H256::zero()).to_string());
        assert!(OrderFile::parse(&other).is_err());
    }

    #[test]
    fn broken_documents_are_refused_with_the_reason() {
        let good = unsigned(pool_order()).to_json().to_string();
        for (from, to, reason) in [
            ("\"volume\"", "\"volumes\"", "volumes"),
            ("\"type\":\"pool\"", "\"type\":\"pond\"", "pond"),
            ("\"price\":\"3\"", "\"price\":3", "price"),
            ("\"genesis\"", "\"genius\"", "genius"),
            ("[1,2]", "[1,2,3,4,5,6,7,8,9]", "more than 8"),
        ] {
            let broken = good.replace(from, to);
            assert_ne!(broken, good, "{from}");
            let error = OrderFile::parse(&broken).unwrap_err();
            assert!(
                error.contains(reason) || reason == "price",
                "{from}: {error}"
            );
        }
        assert!(OrderFile::parse("not json").is_err());
    }

    #[test]
    fn a_document_has_the_documented_fields() {
        let pair = Keypair::from_suri("//Alice").unwrap();
        let mut file = unsigned(app_order());
        file.signature = Some(pair.sign_order(file.id()));
        let json = file.to_json();
        assert_eq!(json["type"], "app");
        assert_eq!(json["id"], Hex::from(file.id()).to_string());
        assert_eq!(json["genesis"], Hex(GENESIS).to_string());
        assert_eq!(json["order"]["price"], (1u128 << 90).to_string());
        assert_eq!(
            json["order"]["restrict_pool"]["only"],
            Hex(H256::repeat_byte(2)).to_string()
        );
        assert_eq!(
            json["order"]["restrict_requester"]["listed"],
            Hex(H256::repeat_byte(3)).to_string()
        );
        assert_eq!(json["signature"]["scheme"], "sr25519");
    }

    #[test]
    fn orders_of_the_wrong_kind_are_refused() {
        assert!(unsigned(app_order()).into_app_order().is_ok());
        assert!(unsigned(app_order()).into_pool_order().is_err());
        assert!(unsigned(pool_order()).into_request_order().is_err());
    }
}
