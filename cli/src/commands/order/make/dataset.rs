//! `ergon order dataset`: an offer of a dataset.

use super::{Ground, OfferArgs, deliver, ensure_owner};
use crate::{
    CliError, Context,
    answer::Answer,
    context::salt,
    text::{id, restriction},
};
use clap::Args;
use ergon_client::primitives::{AppId, DatasetId, DatasetOrder, PoolId, Restriction, Tag};

/// Offer a dataset.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct DatasetArgs {
    /// The dataset.
    #[arg(long, value_name = "ID", value_parser = id::<DatasetId>)]
    dataset: DatasetId,
    /// App that may read it: an id, or list:ID; without it, any that the dataset allows.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<AppId>)]
    restrict_app: Option<Restriction<AppId>>,
    /// Pool that may read it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<PoolId>)]
    restrict_pool: Option<Restriction<PoolId>>,
    #[command(flatten)]
    offer: OfferArgs,
}

/// `ergon order dataset`. The chain keeps no prices of datasets, so none are told.
pub(in crate::commands::order) async fn dataset(
    args: DatasetArgs,
    context: &Context,
) -> Result<Answer, CliError> {
    let offer = args.offer;
    let ground = Ground::of(context, &offer.timing, offer.expires).await?;
    if let Some(view) = &ground.view {
        let record = context.dataset(view, args.dataset).await?;
        ensure_owner(context, &offer.destination, &record.owner, "dataset")?;
    }
    let order = DatasetOrder {
        dataset: args.dataset,
        price: offer.price.0,
        volume: offer.volume,
        tag: Tag(offer.tag),
        restrict_app: args.restrict_app.unwrap_or(Restriction::Anyone),
        restrict_pool: args.restrict_pool.unwrap_or(Restriction::Anyone),
        restrict_requester: offer.restrict_requester.unwrap_or(Restriction::Anyone),
        valid_until: ground.valid_until,
        salt: salt(),
    };
    deliver(context, &ground, order, offer.destination).await
}
