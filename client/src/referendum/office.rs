//! The offices for which referenda speak.

use super::TrackId;
use codec::{Decode, Encode, Error, Input, Output};

/// Index of the system pallet among the runtime's origins; its first origin is root.
const SYSTEM: u8 = 0;
/// Index of the pallet of the offices among the runtime's origins.
const OFFICES: u8 = 13;

/// Who speaks when a referendum is enacted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Office {
    /// May do everything.
    Root,
    /// Changes the protocol's numbers within their bounds.
    Parameters,
    /// Creates categories and curates apps.
    Registrar,
    /// Suspects, rehabilitates and bans hubs.
    Tribunal,
    /// Spends from the treasury.
    Treasurer,
    /// Cancels referenda.
    ReferendumCanceller,
    /// Kills malicious referenda.
    ReferendumKiller,
    /// Enacts quickly what the technical collective has whitelisted.
    WhitelistedCaller,
}

impl Office {
    /// All offices.
    pub const ALL: [Self; 8] = [
        Self::Root,
        Self::Parameters,
        Self::Registrar,
        Self::Tribunal,
        Self::Treasurer,
        Self::ReferendumCanceller,
        Self::ReferendumKiller,
        Self::WhitelistedCaller,
    ];

    /// The track of its referenda.
    pub fn track(self) -> TrackId {
        match self {
            Self::Root => 0,
            Self::WhitelistedCaller => 1,
            Self::Parameters => 10,
            Self::Registrar => 11,
            Self::Tribunal => 12,
            Self::Treasurer => 13,
            Self::ReferendumCanceller => 20,
            Self::ReferendumKiller => 21,
        }
    }

    /// The office that speaks on a track.
    pub fn of_track(track: TrackId) -> Option<Self> {
        Self::ALL.into_iter().find(|office| office.track() == track)
    }

    /// Index of the pallet, and of the origin in it.
    fn indexes(self) -> [u8; 2] {
        match self {
            Self::Root => [SYSTEM, 0],
            Self::Parameters => [OFFICES, 0],
            Self::Registrar => [OFFICES, 1],
            Self::Tribunal => [OFFICES, 2],
            Self::Treasurer => [OFFICES, 3],
            Self::ReferendumCanceller => [OFFICES, 4],
            Self::ReferendumKiller => [OFFICES, 5],
            Self::WhitelistedCaller => [OFFICES, 6],
        }
    }
}

impl Encode for Office {
    fn size_hint(&self) -> usize {
        2
    }

    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        output.write(&self.indexes());
    }
}

impl Decode for Office {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let indexes = <[u8; 2]>::decode(input)?;
        Self::ALL
            .into_iter()
            .find(|office| office.indexes() == indexes)
            .ok_or_else(|| "this origin is no office".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_survive() {
        for office in Office::ALL {
            assert_eq!(Office::decode(&mut &office.encode()[..]).unwrap(), office);
            assert_eq!(Office::of_track(office.track()), Some(office));
        }
        // Signed by somebody.
        assert!(Office::decode(&mut &[0u8, 1][..]).is_err());
        assert_eq!(Office::of_track(99), None);
    }
}
