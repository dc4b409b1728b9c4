//! `ergon order pool`: an offer of a pool.

use super::{Ground, OfferArgs, deliver, ensure_owner};
use crate::{
    CliError, Context,
    answer::Answer,
    context::salt,
    limits, prices,
    terms::{AttributesText, ConditionText, requirements},
    text::{CategoryName, id, restriction},
    verification::VerificationName,
};
use clap::{Args, value_parser};
use ergon_client::{
    bounded,
    primitives::{
        AppId, DatasetId, EXECUTION_VERSION_1, PoolId, PoolOrder, PriceSubject, Restriction, Tag,
        Verification,
    },
};

/// Offer a pool.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct PoolArgs {
    /// The pool.
    #[arg(long, value_name = "ID", value_parser = id::<PoolId>)]
    pool: PoolId,
    /// Category of work, by name or number; see `ergon chain categories`.
    #[arg(long, value_name = "NAME", default_value = "XS")]
    category: CategoryName,
    /// Highest trust on offer.
    #[arg(
        long,
        value_name = "T",
        default_value_t = 4,
        value_parser = value_parser!(u32).range(limits::TRUST)
    )]
    trust: u32,
    /// A way of verification on offer: replication, blind:VOTERS or race:REFEREES, which take
    /// requests for no more voters or referees; can be given several times.
    #[arg(
        long = "verification",
        value_name = "HOW",
        default_value = "replication"
    )]
    verifications: Vec<VerificationName>,
    /// An execution version on offer, 1 for WebAssembly; can be given several times.
    #[arg(long = "execution-version", value_name = "N", default_values_t = [EXECUTION_VERSION_1])]
    execution_versions: Vec<u32>,
    /// What the machines are like: `[ cpus = 8; memory = 16384; os = "linux" ]`; memory in MiB.
    #[arg(long, value_name = "TEXT")]
    attributes: Option<AttributesText>,
    /// What the pool demands of a request: `TARGET.app_kind == "wasm" && TARGET.volume >= 10`.
    #[arg(long, value_name = "TEXT")]
    requirements: Option<ConditionText>,
    /// App that may run in it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<AppId>)]
    restrict_app: Option<Restriction<AppId>>,
    /// Dataset that may be used in it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<DatasetId>)]
    restrict_dataset: Option<Restriction<DatasetId>>,
    #[command(flatten)]
    offer: OfferArgs,
}

/// `ergon order pool`.
pub(in crate::commands::order) async fn pool(
    args: PoolArgs,
    context: &Context,
) -> Result<Answer, CliError> {
    let offer = &args.offer;
    let ground = Ground::of(context, &offer.timing, offer.expires).await?;
    let category = ground.category(context, &args.category).await?;
    if let Some(view) = &ground.view {
        let record = context.pool(view, args.pool).await?;
        ensure_owner(context, &offer.destination, &record.owner, "pool")?;
        prices::tell(context, view, PriceSubject::Category(category)).await?;
    }
    let destination = offer.destination.clone();
    let order = args.order(category, ground.valid_until)?;
    deliver(context, &ground, order, destination).await
}

impl PoolArgs {
    fn order(self, category: u32, valid_until: u32) -> Result<PoolOrder, CliError> {
        let attributes = self.attributes.as_ref().map(AttributesText::form);
        let verifications: Vec<Verification> =
            self.verifications.into_iter().map(Into::into).collect();
        Ok(PoolOrder {
            pool: self.pool,
            price: self.offer.price.0,
            volume: self.offer.volume,
            tag: Tag(self.offer.tag),
            category,
            trust: self.trust,
            verifications: bounded("list of verifications", verifications)?,
            execution_versions: bounded("list of execution versions", self.execution_versions)?,
            attributes: attributes.transpose()?.unwrap_or_default(),
            requirements: requirements(None, self.requirements.as_ref())?,
            restrict_app: self.restrict_app.unwrap_or(Restriction::Anyone),
            restrict_dataset: self.restrict_dataset.unwrap_or(Restriction::Anyone),
            restrict_requester: self.offer.restrict_requester.unwrap_or(Restriction::Anyone),
            valid_until,
            salt: salt(),
        })
    }
}
