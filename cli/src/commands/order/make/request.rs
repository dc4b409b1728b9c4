//! `ergon order request`: a wish.

use super::{Destination, Ground, Timing, deliver};
use crate::{
    CliError, Context,
    answer::Answer,
    limits, prices,
    request::{Occasion, RequestArgs},
    span::Span,
    text::Address,
};
use clap::{Args, value_parser};
use ergon_client::primitives::{AccountId, PriceSubject, RequestOrder};

/// Ask for computation.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct RequestOrderArgs {
    #[command(flatten)]
    request: RequestArgs,
    /// Fewest tasks that one deal must have; without it, all.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    min_volume: Option<u32>,
    /// How long the order is valid, at most 180d.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = limits::life)]
    expires: Span,
    /// Who asks, when somebody else's key or wallet will sign; without it, the key's account.
    #[arg(long, value_name = "ACCOUNT", requires = "unsigned")]
    requester: Option<String>,
    #[command(flatten)]
    timing: Timing,
    #[command(flatten)]
    destination: Destination,
}

/// `ergon order request`.
pub(in crate::commands::order) async fn request(
    args: RequestOrderArgs,
    context: &Context,
) -> Result<Answer, CliError> {
    ensure_limits(&args)?;
    let ground = Ground::of(context, &args.timing, args.expires).await?;
    let order = wish(&args, context, &ground).await?;
    if let Some(view) = &ground.view {
        prices::tell(context, view, PriceSubject::App(order.app)).await?;
        prices::tell(context, view, PriceSubject::Category(order.category)).await?;
    }
    deliver(context, &ground, order, args.destination).await
}

/// Whoever has the request may match it: what has no limit would cost what the others like.
fn ensure_limits(args: &RequestOrderArgs) -> Result<(), CliError> {
    let request = &args.request;
    let missing: Vec<&str> = [
        ("--max-app-price", request.max_app_price.is_none()),
        ("--max-pool-price", request.max_pool_price.is_none()),
        (
            "--max-dataset-price",
            request.dataset.is_some() && request.max_dataset_price.is_none(),
        ),
    ]
    .into_iter()
    .filter_map(|(option, is_missing)| is_missing.then_some(option))
    .collect();
    if !missing.is_empty() {
        return Err(CliError::Usage(format!(
            "without a highest price, whoever matches the request chooses the price: give {}",
            missing.join(" and ")
        )));
    }
    match args.min_volume {
        Some(least) if least > request.volume => Err(CliError::Usage(format!(
            "no deal can have {least} tasks of a request for {}: lower --min-volume",
            request.volume
        ))),
        _ => Ok(()),
    }
}

async fn wish(
    args: &RequestOrderArgs,
    context: &Context,
    ground: &Ground,
) -> Result<RequestOrder, CliError> {
    let category = ground.category(context, &args.request.category).await?;
    let (kind, limits) = match &ground.view {
        Some(view) => {
            let app = context.app(view, args.request.app).await?;
            (Some(app.kind), view.category(category).await?)
        }
        None => (None, None),
    };
    let occasion = Occasion {
        requester: requester(args, context)?,
        category,
        input_limit: limits.map(|limits| limits.input_limit),
        kind,
        valid_until: ground.valid_until,
    };
    let order = args.request.order(&occasion).await?;
    Ok(RequestOrder {
        min_volume: args.min_volume.unwrap_or(order.volume),
        ..order
    })
}

fn requester(args: &RequestOrderArgs, context: &Context) -> Result<AccountId, CliError> {
    match &args.requester {
        Some(text) => context.account(text),
        None if args.destination.unsigned && context.options.key.is_none() => Err(CliError::Usage(
            "a request names who asks and will sign it: say so with --requester".into(),
        )),
        None => context.own_account(),
    }
}

/// Only the requester's signature is worth something.
pub(super) fn ensure_requester(order: &RequestOrder, signer: &AccountId) -> Result<(), CliError> {
    if order.requester == *signer {
        return Ok(());
    }
    let requester = Address::from(&order.requester);
    Err(CliError::Usage(format!(
        "only the requester {requester} can sign this request"
    )))
}
