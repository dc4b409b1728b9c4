//! `ergon price`: what tasks cost lately.

use crate::{
    CliError, Context,
    answer::Answer,
    prices::PricesView,
    text::{CategoryName, id},
};
use clap::ArgGroup;
use ergon_client::primitives::{AppId, PriceSubject};

/// Show what was paid per task in the last 30 days: the lowest, the middle and the highest price.
#[derive(clap::Args, Clone, PartialEq, Eq, Debug)]
#[command(
    after_help = "Example: ergon price --category XS",
    group = ArgGroup::new("subject").args(["app", "category"]).required(true)
)]
pub struct Args {
    /// For an app.
    #[arg(long, value_name = "ID", value_parser = id::<AppId>)]
    app: Option<AppId>,
    /// In a category, by name or number.
    #[arg(long, value_name = "NAME")]
    category: Option<CategoryName>,
}

/// Does what the command says.
pub async fn run(args: Args, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let subject = match (&args.app, &args.category) {
        (Some(app), _) => {
            context.app(&view, *app).await?;
            PriceSubject::App(*app)
        }
        (None, Some(name)) => PriceSubject::Category(context.category(&view, name).await?.0),
        (None, None) => return Err(CliError::Usage("give --app or --category".into())),
    };
    let summary = view.prices(subject).await?;
    Ok(Answer::new(PricesView::new(subject, summary)))
}
