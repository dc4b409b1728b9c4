//! The tracks of referenda: how long the decision of an office takes, how many must agree, and what
//! asking costs.
//!
//! Thresholds fall while a referendum is decided. At first all votes must agree and half of all money
//! must have said aye; at the end half of the votes are enough, if the least support was reached. So
//! a clear decision is a quick one.

use crate::{
    Balance, BlockNumber, OriginCaller, Runtime,
    origins::{Day, HOURS_PER_DAY, Origin},
};
use alloc::borrow::Cow;
use ergon_primitives::ERG;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use pallet_referenda::{Curve, Track, TrackInfo};
use sp_runtime::{Perbill, str_array};

/// Number of a track.
pub type TrackId = u16;

/// Name of a track, filled up with zeros.
type Name = [u8; 25];

/// A track as it is decided on: in hours and ERG.
struct Terms {
    id: TrackId,
    name: Name,
    /// How many of its referenda are decided at a time.
    at_a_time: u32,
    /// Deposit for a decision, in ERG. It is given back unless the referendum is killed.
    deposit: Balance,
    /// Hours until the decision begins.
    preparation: u32,
    /// Hours in which it must be found.
    decision: u32,
    /// Hours for which it must stand.
    confirmation: u32,
    /// Least hours from there to its enactment.
    enactment: u32,
    /// Aye votes, without conviction, that are enough at the end, in thousandths of all money that
    /// can vote.
    support: u32,
}

/// Hours of a week.
const WEEK: u32 = 7 * HOURS_PER_DAY;

/// All tracks, ascending by id. Where money or root is at stake decisions take two weeks and stand a
/// day; the tribunal is quicker, for its sentences have long periods of their own.
static TRACKS: [Terms; 8] = [
    Terms {
        id: 0,
        name: str_array("root"),
        at_a_time: 1,
        deposit: 10_000,
        preparation: 2,
        decision: 2 * WEEK,
        confirmation: 24,
        enactment: 24,
        support: 20,
    },
    Terms {
        id: 1,
        name: str_array("whitelisted_caller"),
        at_a_time: 16,
        deposit: 1_000,
        preparation: 1,
        decision: 2 * WEEK,
        confirmation: 1,
        enactment: 1,
        support: 10,
    },
    Terms {
        id: 10,
        name: str_array("parameters"),
        at_a_time: 4,
        deposit: 1_000,
        preparation: 2,
        decision: 2 * WEEK,
        confirmation: 12,
        enactment: 12,
        support: 5,
    },
    Terms {
        id: 11,
        name: str_array("registrar"),
        at_a_time: 32,
        deposit: 100,
        preparation: 1,
        decision: WEEK,
        confirmation: 3,
        enactment: 1,
        support: 1,
    },
    Terms {
        id: 12,
        name: str_array("tribunal"),
        at_a_time: 32,
        deposit: 100,
        preparation: 1,
        decision: WEEK,
        confirmation: 3,
        enactment: 1,
        support: 5,
    },
    Terms {
        id: 13,
        name: str_array("treasurer"),
        at_a_time: 10,
        deposit: 1_000,
        preparation: 2,
        decision: 2 * WEEK,
        confirmation: 24,
        enactment: 24,
        support: 5,
    },
    Terms {
        id: 20,
        name: str_array("referendum_canceller"),
        at_a_time: 32,
        deposit: 1_000,
        preparation: 2,
        decision: WEEK,
        confirmation: 3,
        enactment: 1,
        support: 5,
    },
    Terms {
        id: 21,
        name: str_array("referendum_killer"),
        at_a_time: 32,
        deposit: 5_000,
        preparation: 2,
        decision: 2 * WEEK,
        confirmation: 3,
        enactment: 1,
        support: 5,
    },
];

impl Terms {
    /// The track where a governance day has `day` blocks.
    fn info(&self, day: BlockNumber) -> TrackInfo<Balance, BlockNumber> {
        TrackInfo {
            name: self.name,
            max_deciding: self.at_a_time,
            decision_deposit: self.deposit.saturating_mul(ERG),
            prepare_period: hours(self.preparation, day),
            decision_period: hours(self.decision, day),
            confirm_period: hours(self.confirmation, day),
            min_enactment_period: hours(self.enactment, day),
            min_approval: falling(Perbill::one(), Perbill::from_percent(50)),
            min_support: falling(
                Perbill::from_percent(50),
                Perbill::from_rational(self.support, 1_000),
            ),
        }
    }
}

/// From the first share at the beginning of the decision to the last at its end, evenly.
fn falling(first: Perbill, last: Perbill) -> Curve {
    Curve::LinearDecreasing {
        length: Perbill::one(),
        floor: last,
        ceil: first,
    }
}

/// Hours in blocks, where a governance day has `day` blocks; at least one block.
fn hours(count: u32, day: BlockNumber) -> BlockNumber {
    (day.saturating_mul(count) / HOURS_PER_DAY).max(1)
}

/// So many governance days, in blocks.
pub struct GovernanceDays<const COUNT: u32>;

impl<const COUNT: u32> Get<BlockNumber> for GovernanceDays<COUNT> {
    fn get() -> BlockNumber {
        Day::<Runtime>::get().saturating_mul(COUNT)
    }
}

/// The track on which an office speaks.
pub fn track_of(office: Origin) -> TrackId {
    match office {
        Origin::WhitelistedCaller => 1,
        Origin::Parameters => 10,
        Origin::Registrar => 11,
        Origin::Tribunal => 12,
        Origin::Treasurer => 13,
        Origin::ReferendumCanceller => 20,
        Origin::ReferendumKiller => 21,
    }
}

/// The tracks at this chain's pace.
pub struct Tracks;

impl pallet_referenda::TracksInfo<Balance, BlockNumber> for Tracks {
    type Id = TrackId;
    type RuntimeOrigin = OriginCaller;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<Self::Id, Balance, BlockNumber>>> {
        let day = Day::<Runtime>::get();
        TRACKS.iter().map(move |terms| {
            Cow::Owned(Track {
                id: terms.id,
                info: terms.info(day),
            })
        })
    }

    fn track_for(origin: &OriginCaller) -> Result<TrackId, ()> {
        match origin {
            OriginCaller::system(RawOrigin::Root) => Ok(0),
            OriginCaller::Origins(office) => Ok(track_of(*office)),
            _ => Err(()),
        }
    }

    fn info(id: TrackId) -> Option<Cow<'static, TrackInfo<Balance, BlockNumber>>> {
        let terms = TRACKS.iter().find(|terms| terms.id == id)?;
        Some(Cow::Owned(terms.info(Day::<Runtime>::get())))
    }

    // Asked where there is no storage, so without the pace.
    fn check_integrity() -> Result<(), &'static str> {
        TRACKS
            .is_sorted_by(|track, next| track.id < next.id)
            .then_some(())
            .ok_or("the tracks are not in the order of their ids")
    }
}
