//! `ergon deal cancel`: whether it can be done, what it does, and what it did.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    text::{Address, Hex},
};
use ergon_client::{
    Event, PocoEvent, Receipt, calls,
    primitives::{
        AccountId, Balance, BlockNumber, Curation, Deal, DealId, DealProgress, DealStatus,
        Untouched,
    },
};
use serde::Serialize;
use std::io::{self, Write};

/// What the operator gets of the pool price of a task that the payer cancels, in percent.
const CANCELLATION_FEE: Balance = 5;

/// Tasks that were cancelled.
#[derive(Serialize)]
struct Cancelled {
    deal: Hex,
    tasks: u32,
    refunded: Amount,
    operator: Amount,
    #[serde(flatten)]
    sent: Sent,
}

impl Cancelled {
    /// What the transaction did, as its event tells.
    fn of(receipt: &Receipt) -> Option<Self> {
        receipt.events.iter().find_map(|event| match event {
            Event::Poco(PocoEvent::UntouchedEnded {
                deal,
                tasks,
                operator,
                refunded,
                ..
            }) => Some(Self {
                deal: (*deal).into(),
                tasks: *tasks,
                refunded: Amount(*refunded),
                operator: Amount(*operator),
                sent: Sent::from(receipt),
            }),
            _ => None,
        })
    }
}

impl Render for Cancelled {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let (tasks, refunded, operator) = (self.tasks, self.refunded, self.operator);
        writeln!(
            out,
            "{tasks} tasks were cancelled: {refunded} came back, the operator got {operator}."
        )?;
        self.sent.render(out)
    }
}

/// Why the chain would refuse, and what to do instead.
type Refusal = (String, String);

/// What decides about a cancellation.
struct Case {
    id: DealId,
    deal: Deal,
    status: Option<DealStatus>,
    progress: DealProgress,
    /// Whether governance revoked the app as harmful.
    is_harmful: bool,
    /// The first block that can have the cancellation.
    next: BlockNumber,
}

impl Case {
    async fn read(context: &Context, id: DealId) -> Result<Self, CliError> {
        let view = context.view().await?;
        let deal = context.deal(&view, id).await?;
        Ok(Self {
            id,
            status: view.deal_status(id).await?,
            progress: view.progress(id).await?.unwrap_or_default(),
            is_harmful: view.curation(deal.app).await? == Some(Curation::Revoked { harmful: true }),
            next: view.head().number.saturating_add(1),
            deal,
        })
    }

    /// Whether the chain would cancel anything: it takes the fee of a call that it refuses.
    fn check(&self, signer: &AccountId) -> Result<(), CliError> {
        let refusal = self
            .ended()
            .or_else(|| self.not_the_payer(signer))
            .or_else(|| self.nothing_untouched())
            .or_else(|| self.too_late());
        match refusal {
            Some((reason, advice)) => Err(CliError::Useless { reason, advice }),
            None => Ok(()),
        }
    }

    fn ended(&self) -> Option<Refusal> {
        let Some(DealStatus::Ended(at)) = self.status else {
            return None;
        };
        Some((
            format!("all tasks of the deal have ended, the last one in block {at}"),
            format!("`ergon deal watch {}` tells how.", self.id),
        ))
    }

    fn not_the_payer(&self, signer: &AccountId) -> Option<Refusal> {
        let payer = &self.deal.payer;
        (signer != payer).then(|| {
            let (payer, signer) = (Address::from(payer), Address::from(signer));
            (
                format!("only its payer {payer} can cancel tasks of the deal, not {signer}"),
                "Give the payer's key with `--key`.".into(),
            )
        })
    }

    fn nothing_untouched(&self) -> Option<Refusal> {
        let reason: String = match self.progress.untouched {
            Untouched::Active if self.untouched() > 0 => return None,
            Untouched::Active => {
                "every task has votes, and what is being worked on cannot be cancelled".into()
            }
            Untouched::Failed { at } => {
                format!("the tasks without a vote failed in block {at} and were refunded")
            }
            Untouched::Cancelled { at } => {
                format!("the tasks without a vote were cancelled in block {at} already")
            }
        };
        let id = self.id;
        let advice = if self.is_harmful {
            format!(
                "The app was revoked as harmful: `ergon task claim {id} INDEX` ends a task that has \
                 votes, and its price comes back."
            )
        } else {
            format!("The tasks with votes go on: `ergon deal watch {id}` follows them.")
        };
        Some((reason, advice))
    }

    fn too_late(&self) -> Option<Refusal> {
        let deadline = self.deal.contribution_deadline();
        let is_late = !self.is_harmful && self.next >= deadline;
        is_late.then(|| {
            (
                format!(
                    "it is too late: tasks can be cancelled before the contribution deadline only, \
                     which is block {deadline}"
                ),
                format!(
                    "From block {} on the {} tasks without a vote fail by themselves, and their \
                     whole price comes back; `ergon task claim` ends one at once then.",
                    self.deal.final_deadline(),
                    self.untouched()
                ),
            )
        })
    }

    fn untouched(&self) -> u32 {
        self.deal.volume.saturating_sub(self.progress.touched)
    }

    /// What a cancellation does, as the beginning of a question.
    fn consequences(&self) -> String {
        let tasks = Balance::from(self.untouched());
        let what = format!("Cancel {tasks} of {} tasks", self.deal.volume);
        let price = self.deal.task_price().saturating_mul(tasks);
        if self.is_harmful {
            return format!(
                "{what} of an app that was revoked as harmful, so that all of {} comes back",
                Amount(price)
            );
        }
        let fee = self.deal.pool_price.saturating_mul(CANCELLATION_FEE) / 100;
        let lost = fee.saturating_mul(tasks);
        format!(
            "{what}, so that {} comes back and the operator gets {}",
            Amount(price.saturating_sub(lost)),
            Amount(lost)
        )
    }
}

/// Shows what it means before anything is signed; what cannot be cancelled is not sent.
pub(super) async fn cancel(context: &Context, id: DealId) -> Result<Answer, CliError> {
    let signer = context.own_account()?;
    let case = Case::read(context, id).await?;
    case.check(&signer)?;
    let receipt = context
        .send(calls::poco::cancel(id), &case.consequences())
        .await?;
    let cancelled = Cancelled::of(&receipt).ok_or(CliError::Silent("what was cancelled"))?;
    Ok(Answer::new(cancelled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixtures::deal;
    use ergon_client::{Head, primitives::ERG};
    use sp_core::H256;

    const PAYER: AccountId = AccountId::new([3; 32]);

    /// A deal of 3 tasks, one of them with votes, before its contribution deadline in block 240.
    fn case() -> Case {
        Case {
            id: DealId(H256::zero()),
            deal: Deal {
                pool_price: 10 * ERG,
                app_price: ERG,
                ..deal(3)
            },
            status: Some(DealStatus::Open),
            progress: DealProgress {
                touched: 1,
                ..DealProgress::default()
            },
            is_harmful: false,
            next: 239,
        }
    }

    /// What the payer is told: why not, and what to do.
    fn refusal(case: &Case) -> (String, String) {
        let explained = case.check(&PAYER).unwrap_err().explain();
        assert_eq!((explained.code, explained.status.code()), ("refused", 4));
        (explained.message, explained.hint)
    }

    #[test]
    fn a_cancellation_says_beforehand_what_comes_back() {
        assert!(case().check(&PAYER).is_ok());
        assert_eq!(
            case().consequences(),
            "Cancel 2 of 3 tasks, so that 21 ERG comes back and the operator gets 1 ERG"
        );
    }

    #[test]
    fn tasks_of_a_harmful_app_come_back_whole_and_at_any_time() {
        let harmful = Case {
            is_harmful: true,
            next: 1_000,
            ..case()
        };
        assert!(harmful.check(&PAYER).is_ok());
        assert_eq!(
            harmful.consequences(),
            "Cancel 2 of 3 tasks of an app that was revoked as harmful, so that all of 22 ERG comes \
             back"
        );
    }

    #[test]
    fn nothing_is_cancelled_from_the_contribution_deadline_on() {
        for next in [240, 1_000] {
            let (message, hint) = refusal(&Case { next, ..case() });
            assert!(message.contains("which is block 240"), "{message}");
            assert!(hint.starts_with("From block 300 on the 2 tasks"), "{hint}");
        }
    }

    #[test]
    fn only_the_payer_cancels() {
        let stranger = AccountId::new([4; 32]);
        let error = case().check(&stranger).unwrap_err().explain();
        let payer = Address::from(PAYER).to_string();
        assert!(error.message.contains(&payer), "{error:?}");
        assert!(error.hint.contains("--key"), "{error:?}");
    }

    #[test]
    fn nothing_is_cancelled_that_has_ended() {
        let ended = Case {
            status: Some(DealStatus::Ended(77)),
            ..case()
        };
        assert!(refusal(&ended).0.contains("in block 77"));
        for (untouched, words) in [
            (Untouched::Cancelled { at: 7 }, "cancelled in block 7"),
            (Untouched::Failed { at: 8 }, "failed in block 8"),
        ] {
            let mut case = case();
            case.progress.untouched = untouched;
            let (message, hint) = refusal(&case);
            assert!(message.contains(words), "{message}");
            assert!(hint.contains("deal watch"), "{hint}");
        }
    }

    #[test]
    fn nothing_is_cancelled_that_somebody_has_voted_on() {
        let mut case = case();
        case.progress.touched = 3;
        let (message, hint) = refusal(&case);
        assert!(message.contains("every task has votes"), "{message}");
        assert!(hint.contains("deal watch"), "{hint}");
        case.is_harmful = true;
        let (_, hint) = refusal(&case);
        assert!(hint.contains("task claim"), "{hint}");
    }

    #[test]
    fn a_cancellation_says_afterwards_what_came_back() {
        let event = Event::Poco(PocoEvent::UntouchedEnded {
            deal: DealId(H256::zero()),
            tasks: 2,
            untouched: Untouched::Cancelled { at: 7 },
            operator: ERG,
            refunded: 21 * ERG,
            treasury: 0,
        });
        let mut receipt = Receipt {
            block: Head {
                number: 7,
                hash: H256::zero(),
            },
            extrinsic: H256::zero(),
            events: vec![event],
            fee: 0,
            refused: Vec::new(),
        };
        let mut out = Vec::new();
        let cancelled = Cancelled::of(&receipt).unwrap();
        cancelled.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("2 tasks were cancelled: 21 ERG came back, the operator got 1 ERG.\n"),
            "{text}"
        );
        receipt.events.clear();
        assert!(Cancelled::of(&receipt).is_none());
    }
}
