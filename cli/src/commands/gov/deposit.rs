//! `ergon gov deposit`: what referenda cost until they end.

use super::show::existing;
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Sent},
};
use clap::Subcommand;
use ergon_client::{Call, Deposit, Referendum, ReferendumIndex, calls};

/// Pay for the decision on a referendum, or return the deposits of one that has ended.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum DepositCommand {
    /// Pay for the decision on a referendum; anyone may.
    #[command(after_help = "Example: ergon --key //Dave gov deposit place 3")]
    Place {
        /// The referendum.
        referendum: ReferendumIndex,
    },
    /// Return the deposits of a referendum that has ended to whoever paid them.
    #[command(after_help = "Example: ergon --key //Dave gov deposit refund 3")]
    Refund {
        /// The referendum.
        referendum: ReferendumIndex,
    },
}

/// Does what the command says.
pub(super) async fn run(command: DepositCommand, context: &Context) -> Result<Answer, CliError> {
    let (call, purpose) = match command {
        DepositCommand::Place { referendum } => (
            calls::governance::place_decision_deposit(referendum),
            format!("Pay for the decision on referendum {referendum}"),
        ),
        DepositCommand::Refund { referendum } => refund(context, referendum).await?,
    };
    let receipt = context.send(call, &purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

async fn refund(context: &Context, index: ReferendumIndex) -> Result<(Call, String), CliError> {
    let view = context.view().await?;
    let referendum = existing(&view, index).await?;
    let (mut calls, amount) = refunds(index, &referendum);
    let purpose = format!("Return the deposits of referendum {index}, {amount}");
    match calls.pop() {
        None => Err(CliError::Usage(format!(
            "referendum {index} has no deposit that could be returned: `ergon gov show {index}`"
        ))),
        Some(only) if calls.is_empty() => Ok((only, purpose)),
        Some(last) => {
            calls.push(last);
            Ok((calls::utility::batch_all(calls), purpose))
        }
    }
}

/// The calls that return what can be returned, and how much that is.
fn refunds(index: ReferendumIndex, referendum: &Referendum) -> (Vec<Call>, Amount) {
    let (submission, decision) = match referendum {
        Referendum::Ongoing(_) | Referendum::Killed(_) => (None, None),
        Referendum::Approved(ended) | Referendum::Cancelled(ended) => (
            ended.submission_deposit.as_ref(),
            ended.decision_deposit.as_ref(),
        ),
        Referendum::Rejected(ended) | Referendum::TimedOut(ended) => {
            (None, ended.decision_deposit.as_ref())
        }
    };
    let submission_call = submission.map(|_| calls::governance::refund_submission_deposit(index));
    let decision_call = decision.map(|_| calls::governance::refund_decision_deposit(index));
    let amount = |deposit: Option<&Deposit>| deposit.map_or(0, |deposit| deposit.amount);
    (
        submission_call.into_iter().chain(decision_call).collect(),
        Amount(amount(submission).saturating_add(amount(decision))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::{Ended, primitives::AccountId};

    fn ended() -> Ended {
        let deposit = |amount| {
            Some(Deposit {
                who: AccountId::new([8; 32]),
                amount,
            })
        };
        Ended {
            at: 1,
            submission_deposit: deposit(10),
            decision_deposit: deposit(100),
        }
    }

    #[test]
    fn what_comes_back_depends_on_the_end() {
        for (referendum, count, amount) in [
            (Referendum::Approved(ended()), 2, 110),
            (Referendum::Cancelled(ended()), 2, 110),
            (Referendum::Rejected(ended()), 1, 100),
            (Referendum::TimedOut(ended()), 1, 100),
            (Referendum::Killed(1), 0, 0),
        ] {
            let (calls, sum) = refunds(3, &referendum);
            assert_eq!(
                (calls.len(), sum),
                (count, Amount(amount)),
                "{referendum:?}"
            );
        }
    }
}
