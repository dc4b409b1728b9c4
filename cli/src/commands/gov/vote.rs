//! `ergon gov vote`, `unvote` and `unlock`: votes and the money behind them.

use super::{show, tracks};
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render, Sent},
    span::Span,
    table::Card,
    text::Address,
};
use clap::Args;
use ergon_client::{
    AccountVote, Ballot, Call, Conviction, Receipt, Referendum, ReferendumIndex, TrackId, View,
    Voting, calls,
    primitives::{Balance, BlockNumber},
};
use serde::Serialize;
use std::{
    collections::BTreeSet,
    io::{self, Write},
};

/// A vote.
#[derive(Args, Clone, PartialEq, Eq, Debug)]
pub struct Vote {
    /// The referendum.
    referendum: ReferendumIndex,
    /// For it, against it, or neither: an abstention counts only as support.
    side: Side,
    /// The money behind the vote, in ERG. It stays in your account, but cannot be given away.
    #[arg(long, value_name = "ERG")]
    amount: Amount,
    /// How much the vote counts: 0 (a tenth, never locked) or 1 to 6; with 1 the money is locked for
    /// one period after a vote that won, with 6 for 32.
    #[arg(long, value_name = "0..6", value_parser = conviction)]
    conviction: Option<Conviction>,
}

/// What a vote says.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// For it.
    Aye,
    /// Against it.
    Nay,
    /// Neither.
    Abstain,
}

/// Reads a conviction: `none` or `0`, `1` or `1x`, … `6` or `6x`.
fn conviction(text: &str) -> Result<Conviction, String> {
    let number = if text == "none" {
        Ok(0)
    } else {
        text.trim_end_matches('x').parse::<usize>()
    };
    number
        .ok()
        .and_then(|number| Conviction::ALL.get(number).copied())
        .ok_or_else(|| format!("`{text}` is no conviction: write none, or 0 to 6"))
}

impl Vote {
    fn read(&self) -> Result<AccountVote, CliError> {
        let balance = self.amount.0;
        let ballot = |aye| Ballot {
            aye,
            conviction: self.conviction.unwrap_or_default(),
        };
        match self.side {
            Side::Aye | Side::Nay => Ok(AccountVote::Standard {
                ballot: ballot(self.side == Side::Aye),
                balance,
            }),
            Side::Abstain if self.conviction.is_some() => Err(CliError::Usage(
                "an abstention has no conviction: leave --conviction out".into(),
            )),
            Side::Abstain => Ok(AccountVote::SplitAbstain {
                aye: 0,
                nay: 0,
                abstain: balance,
            }),
        }
    }
}

#[derive(Serialize)]
struct Voted {
    referendum: ReferendumIndex,
    vote: &'static str,
    amount: Amount,
    votes: Amount,
    /// For how long the money is locked after a vote that won, in blocks.
    locked_after: BlockNumber,
    #[serde(flatten)]
    sent: Sent,
}

impl Voted {
    fn new(
        referendum: ReferendumIndex,
        vote: AccountVote,
        period: BlockNumber,
        receipt: &Receipt,
    ) -> Self {
        let (words, votes, periods) = measure(vote);
        Self {
            referendum,
            vote: words,
            amount: Amount(vote.balance()),
            votes: Amount(votes),
            locked_after: period.saturating_mul(periods),
            sent: Sent::from(receipt),
        }
    }
}

/// What a vote says, how much it counts, and for how many periods its money is locked if it wins.
fn measure(vote: AccountVote) -> (&'static str, Balance, u32) {
    match vote {
        AccountVote::Standard { ballot, balance } => {
            let words = if ballot.aye { "aye" } else { "nay" };
            let conviction = ballot.conviction;
            (words, conviction.votes(balance), conviction.lock_periods())
        }
        AccountVote::Split { .. } => ("split", vote.balance() / 10, 0),
        AccountVote::SplitAbstain { .. } => ("abstain", 0, 0),
    }
}

impl Render for Voted {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let card = Card::new()
            .line("referendum", self.referendum)
            .line("vote", self.vote)
            .line("money", self.amount)
            .line("counts as", self.votes);
        self.sent.lines(card).write(out)?;
        let id = self.referendum;
        match self.locked_after {
            0 => writeln!(
                out,
                "The money is free again after `ergon gov unvote {id}` and `ergon gov unlock`."
            ),
            blocks => writeln!(
                out,
                "If your side wins, the money stays locked for {} after the end; else it is free after \
                 `ergon gov unvote {id}` and `ergon gov unlock`.",
                Span(blocks)
            ),
        }
    }
}

/// Votes on a referendum.
pub(super) async fn vote(args: Vote, context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let vote = args.read()?;
    if !matches!(
        show::existing(&view, args.referendum).await?,
        Referendum::Ongoing(_)
    ) {
        return Err(CliError::Usage(format!(
            "referendum {} has ended: `ergon gov show {0}` tells how",
            args.referendum
        )));
    }
    let call = calls::governance::vote(args.referendum, vote);
    let purpose = format!(
        "Vote {} on referendum {} with {}",
        measure(vote).0,
        args.referendum,
        args.amount
    );
    let receipt = context.send(call, &purpose).await?;
    let period = view.vote_locking_period()?;
    Ok(Answer::new(Voted::new(
        args.referendum,
        vote,
        period,
        &receipt,
    )))
}

/// Takes a vote back.
pub(super) async fn unvote(
    context: &Context,
    referendum: ReferendumIndex,
) -> Result<Answer, CliError> {
    let votes = context.view().await?.votes(&context.own_account()?).await?;
    let track = track_of(&votes, referendum).ok_or_else(|| CliError::NotFound {
        what: "vote of yours on referendum",
        id: referendum.to_string(),
    })?;
    let call = calls::governance::remove_vote(track, referendum);
    let purpose = format!("Take the vote on referendum {referendum} back");
    let receipt = context.send(call, &purpose).await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

/// The track on which an account voted on a referendum.
fn track_of(votes: &[(TrackId, Voting)], referendum: ReferendumIndex) -> Option<TrackId> {
    votes
        .iter()
        .find(|(_, voting)| voting.votes().iter().any(|(index, _)| *index == referendum))
        .map(|(track, _)| *track)
}

/// Takes back the votes on referenda that have ended, and unlocks what nothing locks any more.
pub(super) async fn unlock(context: &Context, track: Option<&str>) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let own = context.own_account()?;
    let wanted = track
        .map(|name| tracks::by_name(&view, name))
        .transpose()?
        .map(|track| track.id);
    let is_wanted = |track: TrackId| wanted.is_none_or(|wanted| wanted == track);
    let mut votes = view.votes(&own).await?;
    votes.retain(|(track, _)| is_wanted(*track));
    let mut locks = view.vote_locks(&own).await?;
    locks.retain(|(track, _)| is_wanted(*track));

    let mut steps = removals(&view, &votes).await?;
    let tracks: BTreeSet<TrackId> = locks.iter().map(|(track, _)| *track).collect();
    steps.extend(
        tracks
            .into_iter()
            .map(|track| calls::governance::unlock(track, &own)),
    );
    if steps.is_empty() {
        return Err(CliError::NotFound {
            what: "lock of votes of",
            id: Address::from(&own).to_string(),
        });
    }
    let call = calls::utility::batch_all(steps);
    let receipt = context
        .send(call, "Unlock what your votes do not need")
        .await?;
    Ok(Answer::new(Sent::from(&receipt)))
}

/// The calls that take back votes on referenda that have ended.
async fn removals(view: &View, votes: &[(TrackId, Voting)]) -> Result<Vec<Call>, CliError> {
    let mut calls = Vec::new();
    for (track, voting) in votes {
        for (index, _) in voting.votes() {
            if !matches!(view.referendum(*index).await?, Some(Referendum::Ongoing(_))) {
                calls.push(calls::governance::remove_vote(*track, *index));
            }
        }
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote_with(side: Side, conviction: Option<Conviction>) -> Vote {
        Vote {
            referendum: 3,
            side,
            amount: Amount(100),
            conviction,
        }
    }

    #[test]
    fn convictions_are_numbers() {
        for text in ["none", "0", "0x"] {
            assert_eq!(conviction(text), Ok(Conviction::None), "{text}");
        }
        assert_eq!(conviction("6"), Ok(Conviction::Locked6x));
        assert_eq!(conviction("1x"), Ok(Conviction::Locked1x));
        for text in ["", "7", "-1", "strong"] {
            assert!(conviction(text).is_err(), "{text}");
        }
    }

    #[test]
    fn votes_say_how_much_they_count() {
        let strong = vote_with(Side::Aye, Some(Conviction::Locked3x))
            .read()
            .unwrap();
        assert_eq!(measure(strong), ("aye", 300, 4));
        let plain = vote_with(Side::Nay, None).read().unwrap();
        assert_eq!(measure(plain), ("nay", 100, 1));
        let neither = vote_with(Side::Abstain, None).read().unwrap();
        assert_eq!(
            (measure(neither), neither.balance()),
            (("abstain", 0, 0), 100)
        );
        let wrong = vote_with(Side::Abstain, Some(Conviction::None)).read();
        assert!(matches!(wrong, Err(CliError::Usage(_))));
    }

    #[test]
    fn a_vote_is_found_on_its_track() {
        let neither = vote_with(Side::Abstain, None).read().unwrap();
        let casting = |index| Voting::Casting {
            votes: vec![(index, neither)],
            delegations: Default::default(),
            prior: Default::default(),
        };
        let votes = [(10, casting(1)), (12, casting(3))];
        assert_eq!(track_of(&votes, 3), Some(12));
        assert_eq!(track_of(&votes, 2), None);
    }
}
