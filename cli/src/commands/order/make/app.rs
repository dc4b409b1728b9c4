//! `ergon order app`: an offer of an app.

use super::{Ground, OfferArgs, deliver, ensure_owner};
use crate::{
    CliError, Context,
    answer::Answer,
    context::salt,
    prices,
    text::{id, restriction},
};
use clap::Args;
use ergon_client::primitives::{
    AppId, AppOrder, DatasetId, PoolId, PriceSubject, Restriction, Tag,
};

/// Offer an app.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct AppArgs {
    /// The app.
    #[arg(long, value_name = "ID", value_parser = id::<AppId>)]
    app: AppId,
    /// Dataset that it may be used with: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<DatasetId>)]
    restrict_dataset: Option<Restriction<DatasetId>>,
    /// Pool that may run it: an id, or list:ID; without it, any.
    #[arg(long, value_name = "WHICH", value_parser = restriction::<PoolId>)]
    restrict_pool: Option<Restriction<PoolId>>,
    #[command(flatten)]
    offer: OfferArgs,
}

/// `ergon order app`.
pub(in crate::commands::order) async fn app(
    args: AppArgs,
    context: &Context,
) -> Result<Answer, CliError> {
    let offer = args.offer;
    let ground = Ground::of(context, &offer.timing, offer.expires).await?;
    if let Some(view) = &ground.view {
        let record = context.app(view, args.app).await?;
        ensure_owner(context, &offer.destination, &record.owner, "app")?;
        prices::tell(context, view, PriceSubject::App(args.app)).await?;
    }
    let order = AppOrder {
        app: args.app,
        price: offer.price.0,
        volume: offer.volume,
        tag: Tag(offer.tag),
        restrict_dataset: args.restrict_dataset.unwrap_or(Restriction::Anyone),
        restrict_pool: args.restrict_pool.unwrap_or(Restriction::Anyone),
        restrict_requester: offer.restrict_requester.unwrap_or(Restriction::Anyone),
        valid_until: ground.valid_until,
        salt: salt(),
    };
    deliver(context, &ground, order, offer.destination).await
}
