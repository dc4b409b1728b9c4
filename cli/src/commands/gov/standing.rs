//! Where a referendum stands: pure computation over what the chain says of it and of its track.

use crate::amount::Amount;
use ergon_client::{
    Enactment, Ongoing, Share, Tally, Track,
    primitives::{Balance, BlockNumber},
};

/// One whole, in parts per billion.
const WHOLE: Balance = 1_000_000_000;

/// What is the same for all referenda in one block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Chain {
    /// The block.
    pub(super) now: BlockNumber,
    /// All money that can vote.
    pub(super) electorate: Balance,
    /// In which time somebody must pay for a decision, in blocks.
    pub(super) undeciding_timeout: BlockNumber,
}

/// How far a referendum is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Progress {
    /// Nobody has paid for the decision.
    Unpaid {
        /// What it costs.
        deposit: Amount,
        /// Block in which the referendum ends if nobody pays.
        until: BlockNumber,
    },
    /// Its decision begins later.
    Preparing {
        /// Block in which it begins, if the track has room.
        until: BlockNumber,
    },
    /// Its track is full.
    Queued,
    /// It is decided on, and too few agree so far.
    Deciding {
        /// Block in which it is rejected if too few agree then.
        ends: BlockNumber,
        /// Block in which these votes are enough, since the thresholds fall; none if they never are.
        passes: Option<BlockNumber>,
    },
    /// Enough agree.
    Confirming {
        /// Block in which it is approved if that stands.
        until: BlockNumber,
        /// The earliest block of its enactment then.
        enacted: BlockNumber,
    },
}

/// A share of votes or money: how much there is, how much is enough now and at the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Measure {
    /// How much there is.
    pub(super) reached: Share,
    /// How much is enough now.
    pub(super) needed: Share,
    /// How much is enough at the end of the decision.
    pub(super) at_the_end: Share,
}

/// Where a referendum stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Standing {
    /// How far it is.
    pub(super) progress: Progress,
    /// Aye votes among all votes, weighted by conviction.
    pub(super) approval: Measure,
    /// Money that voted aye or abstained, among all money that can vote.
    pub(super) support: Measure,
    /// What is still missing for an approval at the end of the decision.
    pub(super) missing: Vec<String>,
}

impl Standing {
    /// Where a referendum stands in a block.
    pub(super) fn of(referendum: &Ongoing, track: &Track, chain: Chain) -> Self {
        let begin = referendum.deciding.map(|deciding| deciding.since);
        let passed = chain.now.saturating_sub(begin.unwrap_or(chain.now));
        let x = Share::of(passed.into(), track.decision_period.into());
        let whole = Share::percent(100);
        let approval = Measure {
            reached: referendum.tally.approval(),
            needed: track.min_approval.threshold(x),
            at_the_end: track.min_approval.threshold(whole),
        };
        let support = Measure {
            reached: referendum.tally.support_of(chain.electorate),
            needed: track.min_support.threshold(x),
            at_the_end: track.min_support.threshold(whole),
        };
        Self {
            progress: progress(referendum, track, chain, approval.reached, support.reached),
            approval,
            support,
            missing: missing(referendum.tally, approval, support, chain.electorate),
        }
    }
}

fn progress(
    referendum: &Ongoing,
    track: &Track,
    chain: Chain,
    approval: Share,
    support: Share,
) -> Progress {
    let Some(deciding) = referendum.deciding else {
        return before_decision(referendum, track, chain);
    };
    if let Some(until) = deciding.confirming {
        let enacted = enactment(referendum.enactment, until, track.min_enactment_period);
        return Progress::Confirming { until, enacted };
    }
    let period = track.decision_period;
    let reached = |curve: ergon_client::Curve, share| curve.reached_after(share, period);
    let passes = reached(track.min_approval, approval)
        .zip(reached(track.min_support, support))
        .map(|(one, other)| deciding.since.saturating_add(one.max(other)));
    Progress::Deciding {
        ends: deciding.since.saturating_add(period),
        passes: passes.map(|block| block.max(chain.now)),
    }
}

fn before_decision(referendum: &Ongoing, track: &Track, chain: Chain) -> Progress {
    let after = |blocks: BlockNumber| referendum.submitted.saturating_add(blocks);
    if referendum.in_queue {
        Progress::Queued
    } else if referendum.decision_deposit.is_none() {
        Progress::Unpaid {
            deposit: Amount(track.decision_deposit),
            until: after(chain.undeciding_timeout),
        }
    } else {
        Progress::Preparing {
            until: after(track.prepare_period),
        }
    }
}

/// The earliest block in which a referendum that is approved in block `approved` is enacted.
pub(super) fn enactment(
    wish: Enactment,
    approved: BlockNumber,
    minimum: BlockNumber,
) -> BlockNumber {
    let earliest = approved.saturating_add(minimum.max(1));
    match wish {
        Enactment::At(block) => block.max(earliest),
        Enactment::After(blocks) => approved.saturating_add(blocks).max(earliest),
    }
}

fn missing(tally: Tally, approval: Measure, support: Measure, electorate: Balance) -> Vec<String> {
    let mut missing = Vec::new();
    if approval.reached < approval.at_the_end {
        missing.push(match more_ayes(tally, approval.at_the_end) {
            Some(0) | None => "aye votes".to_owned(),
            Some(votes) => format!("{} of aye votes, weighted by conviction", Amount(votes)),
        });
    }
    if support.reached < support.at_the_end {
        let needed = support.at_the_end.of_whole(electorate);
        let more = Amount(needed.saturating_sub(tally.support));
        missing.push(format!("{more} more of money that votes aye or abstains"));
    }
    missing
}

/// How many aye votes more make this share; none when no number does.
fn more_ayes(tally: Tally, share: Share) -> Option<Balance> {
    let share = Balance::from(share.0);
    let rest = WHOLE.checked_sub(share).filter(|rest| *rest > 0)?;
    let needed = tally.nays.saturating_mul(share).div_ceil(rest);
    Some(needed.saturating_sub(tally.ayes))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use ergon_client::{
        Curve, Deciding, Deposit, Office, Proposal, TrackName, primitives::AccountId,
    };

    fn falling(ceil: u32, floor: u32) -> Curve {
        Curve::LinearDecreasing {
            length: Share::percent(100),
            floor: Share::percent(floor),
            ceil: Share::percent(ceil),
        }
    }

    pub(crate) fn track() -> Track {
        Track {
            id: 12,
            name: TrackName("tribunal".into()),
            max_deciding: 32,
            decision_deposit: 100_000_000_000_000,
            prepare_period: 10,
            decision_period: 1_000,
            confirm_period: 50,
            min_enactment_period: 20,
            min_approval: falling(100, 50),
            min_support: falling(50, 10),
        }
    }

    pub(crate) fn referendum(deciding: Option<Deciding>, tally: Tally) -> Ongoing {
        let deposit = Deposit {
            who: AccountId::new([8; 32]),
            amount: 1,
        };
        Ongoing {
            track: 12,
            office: Office::Tribunal,
            proposal: Proposal::Inline(vec![0, 0]),
            enactment: Enactment::After(5),
            submitted: 100,
            submission_deposit: deposit.clone(),
            decision_deposit: Some(deposit),
            deciding,
            tally,
            in_queue: false,
            alarm: None,
        }
    }

    pub(crate) fn tally(ayes: Balance, nays: Balance, support: Balance) -> Tally {
        Tally {
            ayes,
            nays,
            support,
        }
    }

    pub(crate) fn chain(now: BlockNumber) -> Chain {
        Chain {
            now,
            electorate: 1_000,
            undeciding_timeout: 500,
        }
    }

    const UNDECIDED: Option<Deciding> = Some(Deciding {
        since: 110,
        confirming: None,
    });

    #[test]
    fn before_its_decision_a_referendum_waits_for_money_time_or_others() {
        let mut waiting = referendum(None, Tally::default());
        let progress =
            |referendum: &Ongoing| Standing::of(referendum, &track(), chain(101)).progress;
        assert_eq!(progress(&waiting), Progress::Preparing { until: 110 });
        waiting.decision_deposit = None;
        let deposit = Amount(100_000_000_000_000);
        let until = 600;
        assert_eq!(progress(&waiting), Progress::Unpaid { deposit, until });
        waiting.in_queue = true;
        assert_eq!(progress(&waiting), Progress::Queued);
    }

    #[test]
    fn thresholds_fall_with_time() {
        let standing = Standing::of(
            &referendum(UNDECIDED, tally(300, 100, 300)),
            &track(),
            chain(610),
        );
        assert_eq!(standing.approval.reached, Share::percent(75));
        assert_eq!(standing.approval.needed, Share::percent(75));
        assert_eq!(standing.approval.at_the_end, Share::percent(50));
        assert_eq!(standing.support.needed, Share::percent(30));
        // It is enough now, so it passes as soon as the chain looks at it.
        let progress = Progress::Deciding {
            ends: 1_110,
            passes: Some(610),
        };
        assert_eq!(standing.progress, progress);
        assert_eq!(standing.missing, Vec::<String>::new());
    }

    #[test]
    fn the_slower_threshold_says_when_it_passes() {
        // All agree, and 10 % of the money is enough only at the very end.
        let late = referendum(UNDECIDED, tally(100, 0, 100));
        let progress = Standing::of(&late, &track(), chain(110)).progress;
        let passes = Some(1_110);
        assert_eq!(
            progress,
            Progress::Deciding {
                ends: 1_110,
                passes
            }
        );
    }

    #[test]
    fn what_is_missing_is_said_in_money() {
        let poor = referendum(UNDECIDED, tally(10, 40, 20));
        let standing = Standing::of(&poor, &track(), chain(110));
        assert!(matches!(
            standing.progress,
            Progress::Deciding { passes: None, .. }
        ));
        assert_eq!(standing.missing.len(), 2);
        assert_eq!(more_ayes(poor.tally, Share::percent(50)), Some(30));
        assert_eq!(more_ayes(poor.tally, Share::percent(100)), None);
        assert!(standing.missing[1].starts_with(&Amount(80).to_string()));
        let nobody = Standing::of(
            &referendum(UNDECIDED, Tally::default()),
            &track(),
            chain(110),
        );
        assert_eq!(nobody.missing[0], "aye votes");
    }

    #[test]
    fn approval_and_enactment_are_foreseen() {
        let deciding = Some(Deciding {
            since: 110,
            confirming: Some(200),
        });
        let progress = Standing::of(
            &referendum(deciding, tally(600, 0, 600)),
            &track(),
            chain(160),
        )
        .progress;
        let (until, enacted) = (200, 220);
        assert_eq!(progress, Progress::Confirming { until, enacted });
        assert_eq!(enactment(Enactment::After(30), 200, 20), 230);
        assert_eq!(enactment(Enactment::At(10), 200, 0), 201);
        assert_eq!(enactment(Enactment::At(500), 200, 20), 500);
    }
}
