//! `ergon gov status`: what is going on, and what your votes lock.

use super::tracks;
use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    span::Span,
    table::Card,
    text::Address,
};
use ergon_client::{
    Referendum, ReferendumIndex, TrackId, View, Voting,
    primitives::{AccountId, BlockNumber},
    treasury_account,
};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct StatusView {
    governance_day: BlockNumber,
    electorate: Amount,
    treasury: Amount,
    ongoing: usize,
    collective: usize,
    motions: usize,
    own: Option<OwnView>,
    block: BlockNumber,
}

#[derive(Serialize)]
struct OwnView {
    account: Address,
    votes: Vec<VoteView>,
    locks: Vec<LockView>,
}

#[derive(Serialize)]
struct VoteView {
    referendum: ReferendumIndex,
    track: String,
    amount: Amount,
}

#[derive(Serialize)]
struct LockView {
    track: String,
    locked: Amount,
    /// First block in which what votes locked that were taken back can be unlocked.
    prior_until: Option<BlockNumber>,
}

impl Render for StatusView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let day = Span(self.governance_day);
        let card = Card::new()
            .line(
                "governance day",
                format!("{} blocks ({day})", self.governance_day),
            )
            .line("money that can vote", self.electorate)
            .line("treasury", self.treasury)
            .line("open referenda", self.ongoing)
            .line("collective", format!("{} members", self.collective))
            .line("open motions", self.motions);
        let card = match &self.own {
            Some(own) => own.lines(card, self.block),
            None => card,
        };
        card.write(out)
    }
}

impl OwnView {
    fn lines(&self, card: Card, now: BlockNumber) -> Card {
        let card = card.line("your account", &self.account);
        let card = self.votes.iter().fold(card, |card, vote| {
            card.line(
                "your vote",
                format!("{} on {} ({})", vote.amount, vote.referendum, vote.track),
            )
        });
        self.locks.iter().fold(card, |card, lock| {
            let prior = match lock.prior_until {
                Some(block) if block > now => format!(", a part until block {block}"),
                Some(_) => ", `ergon gov unlock` frees a part".into(),
                None => String::new(),
            };
            card.line(
                "locked",
                format!("{} by {}{prior}", lock.locked, lock.track),
            )
        })
    }
}

/// Name of a track; its number when the runtime has no such track any more.
fn name_of(view: &View, track: TrackId) -> String {
    tracks::by_id(view, track).map_or_else(|_| track.to_string(), |track| track.name.to_string())
}

async fn own(view: &View, account: AccountId) -> Result<OwnView, CliError> {
    let voting = view.votes(&account).await?;
    let votes = voting.iter().flat_map(|(track, voting)| {
        voting
            .votes()
            .iter()
            .map(move |(referendum, vote)| VoteView {
                referendum: *referendum,
                track: name_of(view, *track),
                amount: Amount(vote.balance()),
            })
    });
    let locks = view.vote_locks(&account).await?;
    let locks = locks.into_iter().map(|(track, locked)| LockView {
        track: name_of(view, track),
        locked: Amount(locked),
        prior_until: prior_until(&voting, track),
    });
    Ok(OwnView {
        account: (&account).into(),
        votes: votes.collect(),
        locks: locks.collect(),
    })
}

fn prior_until(voting: &[(TrackId, Voting)], track: TrackId) -> Option<BlockNumber> {
    let (_, voting) = voting.iter().find(|(known, _)| *known == track)?;
    let prior = voting.prior();
    (prior.amount > 0).then_some(prior.until)
}

/// Shows what is going on; with a key also what its votes lock.
pub(super) async fn show(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let referenda = view.referenda().await?;
    let ongoing = referenda
        .iter()
        .filter(|(_, referendum)| matches!(referendum, Referendum::Ongoing(_)));
    let own = match context.options.key {
        Some(_) => Some(own(&view, context.own_account()?).await?),
        None => None,
    };
    Ok(Answer::new(StatusView {
        governance_day: view.governance_day().await?,
        electorate: Amount(view.electorate().await?),
        treasury: Amount(view.account(&treasury_account()).await?.free),
        ongoing: ongoing.count(),
        collective: view.collective().await?.len(),
        motions: view.motions().await?.len(),
        own,
        block: view.head().number,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_client::PriorLock;

    fn status(own: Option<OwnView>) -> String {
        let view = StatusView {
            governance_day: 30,
            electorate: Amount(0),
            treasury: Amount(0),
            ongoing: 2,
            collective: 3,
            motions: 0,
            own,
            block: 50,
        };
        let mut out = Vec::new();
        view.render(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_status_says_what_is_locked_until_when() {
        let lock = |prior_until| LockView {
            track: "tribunal".into(),
            locked: Amount(1_000_000_000_000),
            prior_until,
        };
        let own = OwnView {
            account: AccountId::new([8; 32]).into(),
            votes: vec![VoteView {
                referendum: 3,
                track: "tribunal".into(),
                amount: Amount(1_000_000_000_000),
            }],
            locks: vec![lock(Some(60)), lock(Some(50)), lock(None)],
        };
        let text = status(Some(own));
        assert!(text.contains("1 ERG on 3 (tribunal)"), "{text}");
        assert!(text.contains("a part until block 60"), "{text}");
        assert_eq!(text.matches("gov unlock").count(), 1, "{text}");
        assert!(status(None).contains("30 blocks (1 min)"));
    }

    #[test]
    fn prior_locks_are_found_by_track() {
        let casting = |amount| Voting::Casting {
            votes: Vec::new(),
            delegations: Default::default(),
            prior: PriorLock { until: 9, amount },
        };
        let voting = [(10, casting(0)), (12, casting(1))];
        assert_eq!(prior_until(&voting, 12), Some(9));
        assert_eq!(prior_until(&voting, 10), None);
        assert_eq!(prior_until(&voting, 11), None);
    }
}
