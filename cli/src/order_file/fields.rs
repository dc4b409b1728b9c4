//! The fields of each kind of order, as texts and numbers.

use crate::{
    amount::Amount,
    terms::{attributes_form, attributes_text, condition_form, condition_text},
    text::{Address, Hex},
    verification::VerificationName,
};
use ergon_client::{
    TooLong, bounded,
    primitives::{
        AppOrder, BlockNumber, Callback, DatasetOrder, PoolOrder, RequestOrder, Restriction, Tag,
        Verification,
    },
};
use serde::{Deserialize, Serialize};

/// Whom an order may meet.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RestrictionText<Id> {
    Anyone,
    Only(Id),
    Listed(Hex),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppOrderText {
    app: Hex,
    price: Amount,
    volume: u32,
    tag: u64,
    restrict_dataset: RestrictionText<Hex>,
    restrict_pool: RestrictionText<Hex>,
    restrict_requester: RestrictionText<Address>,
    valid_until: BlockNumber,
    salt: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DatasetOrderText {
    dataset: Hex,
    price: Amount,
    volume: u32,
    tag: u64,
    restrict_app: RestrictionText<Hex>,
    restrict_pool: RestrictionText<Hex>,
    restrict_requester: RestrictionText<Address>,
    valid_until: BlockNumber,
    salt: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoolOrderText {
    pool: Hex,
    price: Amount,
    volume: u32,
    tag: u64,
    category: u32,
    trust: u32,
    verifications: Vec<VerificationName>,
    execution_versions: Vec<u32>,
    attributes: String,
    requirements: String,
    restrict_app: RestrictionText<Hex>,
    restrict_dataset: RestrictionText<Hex>,
    restrict_requester: RestrictionText<Address>,
    valid_until: BlockNumber,
    salt: Hex,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestOrderText {
    app: Hex,
    max_app_price: Amount,
    dataset: Option<Hex>,
    max_dataset_price: Amount,
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
    verification: VerificationName,
    execution_version: u32,
    max_duration: BlockNumber,
    beneficiary: Address,
    callback: Option<String>,
    params: String,
    approved_only: bool,
    requirements: String,
    valid_until: BlockNumber,
    salt: Hex,
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
            restrict_dataset: (&order.restrict_dataset).into(),
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
            restrict_dataset: text.restrict_dataset.restriction(),
            restrict_pool: text.restrict_pool.restriction(),
            restrict_requester: text.restrict_requester.restriction(),
            valid_until: text.valid_until,
            salt: text.salt.0,
        }
    }
}

impl From<&DatasetOrder> for DatasetOrderText {
    fn from(order: &DatasetOrder) -> Self {
        Self {
            dataset: order.dataset.into(),
            price: Amount(order.price),
            volume: order.volume,
            tag: order.tag.0,
            restrict_app: (&order.restrict_app).into(),
            restrict_pool: (&order.restrict_pool).into(),
            restrict_requester: (&order.restrict_requester).into(),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl From<DatasetOrderText> for DatasetOrder {
    fn from(text: DatasetOrderText) -> Self {
        Self {
            dataset: text.dataset.into(),
            price: text.price.0,
            volume: text.volume,
            tag: Tag(text.tag),
            restrict_app: text.restrict_app.restriction(),
            restrict_pool: text.restrict_pool.restriction(),
            restrict_requester: text.restrict_requester.restriction(),
            valid_until: text.valid_until,
            salt: text.salt.0,
        }
    }
}

impl From<&PoolOrder> for PoolOrderText {
    fn from(order: &PoolOrder) -> Self {
        let verifications = order.verifications.iter().copied();
        Self {
            pool: order.pool.into(),
            price: Amount(order.price),
            volume: order.volume,
            tag: order.tag.0,
            category: order.category,
            trust: order.trust,
            verifications: verifications.map(VerificationName::from).collect(),
            execution_versions: order.execution_versions.to_vec(),
            attributes: attributes_text(&order.attributes),
            requirements: condition_text(&order.requirements),
            restrict_app: (&order.restrict_app).into(),
            restrict_dataset: (&order.restrict_dataset).into(),
            restrict_requester: (&order.restrict_requester).into(),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl TryFrom<PoolOrderText> for PoolOrder {
    type Error = String;

    fn try_from(text: PoolOrderText) -> Result<Self, String> {
        let verifications: Vec<Verification> =
            text.verifications.into_iter().map(Into::into).collect();
        Ok(Self {
            pool: text.pool.into(),
            price: text.price.0,
            volume: text.volume,
            tag: Tag(text.tag),
            category: text.category,
            trust: text.trust,
            verifications: bounded("list `verifications`", verifications).map_err(too_long)?,
            execution_versions: bounded("list `execution_versions`", text.execution_versions)
                .map_err(too_long)?,
            attributes: attributes_form(&text.attributes).map_err(inside("attributes"))?,
            requirements: condition_form(&text.requirements).map_err(inside("requirements"))?,
            restrict_app: text.restrict_app.restriction(),
            restrict_dataset: text.restrict_dataset.restriction(),
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
            dataset: order.dataset.map(Hex::from),
            max_dataset_price: Amount(order.max_dataset_price),
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
            verification: order.verification.into(),
            execution_version: order.execution_version,
            max_duration: order.max_duration,
            beneficiary: Address::from(&order.beneficiary),
            callback: order.callback.as_ref().map(|call| hex_text(call)),
            params: params_text(&order.params),
            approved_only: order.approved_only,
            requirements: condition_text(&order.requirements),
            valid_until: order.valid_until,
            salt: Hex(order.salt),
        }
    }
}

impl TryFrom<RequestOrderText> for RequestOrder {
    type Error = String;

    fn try_from(text: RequestOrderText) -> Result<Self, String> {
        Ok(Self {
            app: text.app.into(),
            max_app_price: text.max_app_price.0,
            dataset: text.dataset.map(Into::into),
            max_dataset_price: text.max_dataset_price.0,
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
            verification: text.verification.into(),
            execution_version: text.execution_version,
            max_duration: text.max_duration,
            beneficiary: text.beneficiary.0,
            callback: text.callback.as_deref().map(callback).transpose()?,
            params: bounded("text `params`", params_bytes(&text.params)?).map_err(too_long)?,
            approved_only: text.approved_only,
            requirements: condition_form(&text.requirements).map_err(inside("requirements"))?,
            valid_until: text.valid_until,
            salt: text.salt.0,
        })
    }
}

/// Says in which field an error is.
fn inside(field: &'static str) -> impl FnOnce(String) -> String {
    move |error| format!("in `{field}`: {error}")
}

fn too_long(error: TooLong) -> String {
    error.to_string()
}

fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// Reads a call in SCALE, as 0x and hexadecimal digits.
pub fn callback(text: &str) -> Result<Callback, String> {
    let digits = text
        .strip_prefix("0x")
        .ok_or("`callback` must be 0x and hexadecimal digits")?;
    let bytes = hex::decode(digits).map_err(|error| format!("in `callback`: {error}"))?;
    bounded("call `callback`", bytes).map_err(too_long)
}

/// Parameters are a text as a rule; other bytes, and texts that look like it, are hexadecimal.
fn params_text(params: &[u8]) -> String {
    match std::str::from_utf8(params) {
        Ok(text) if !text.starts_with("0x") => text.into(),
        _ => hex_text(params),
    }
}

fn params_bytes(text: &str) -> Result<Vec<u8>, String> {
    match text.strip_prefix("0x") {
        Some(digits) => hex::decode(digits).map_err(|error| format!("in `params`: {error}")),
        None => Ok(text.into()),
    }
}
