//! Hubs: operators that keep their earnings in a wallet under the tribunal's eyes (SONM 2.4.3, 2.8.2).

use crate::{BlockNumber, Name};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{ConstU32, H256};
use sp_runtime::BoundedVec;

/// Longest peer id of a hub, in bytes.
pub const MAX_PEER_ID: u32 = 64;
/// Most network addresses of a hub.
pub const MAX_HUB_ADDRESSES: u32 = 8;
/// Longest network address of a hub, in bytes.
pub const MAX_HUB_ADDRESS: u32 = 128;

/// Network identity of a machine, as libp2p writes it.
pub type PeerId = BoundedVec<u8, ConstU32<MAX_PEER_ID>>;
/// Where a hub can be reached, each a multiaddress.
pub type HubAddresses =
    BoundedVec<BoundedVec<u8, ConstU32<MAX_HUB_ADDRESS>>, ConstU32<MAX_HUB_ADDRESSES>>;

/// What a hub says of itself.
#[derive(
    Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct HubRecord {
    /// Human-readable name, 1 to 64 bytes of UTF-8.
    pub name: Name,
    /// Network identity of the hub's machine, at least 1 byte.
    pub peer_id: PeerId,
    /// Where it can be reached.
    pub addresses: HubAddresses,
}

impl HubRecord {
    /// Whether it says something that others can read.
    pub fn is_good(&self) -> bool {
        !self.name.is_empty()
            && core::str::from_utf8(&self.name).is_ok()
            && !self.peer_id.is_empty()
            && self.addresses.iter().all(|address| !address.is_empty())
    }
}

/// Where a hub stands.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum HubPhase {
    /// It has a wallet and was never registered.
    #[codec(index = 0)]
    Created,
    /// It is on the whitelist: it may pay, and its pools can be matched.
    #[codec(index = 1)]
    Registered {
        /// Block of the registration.
        since: BlockNumber,
        /// First block in which it may leave.
        payday: BlockNumber,
    },
    /// It left the whitelist and waits for its money.
    #[codec(index = 2)]
    Leaving {
        /// First block in which its money can be unlocked.
        until: BlockNumber,
    },
    /// It is off the whitelist and its money is free.
    #[codec(index = 3)]
    Idle,
    /// It is accused; its case says the rest.
    #[codec(index = 4)]
    Suspected {
        /// Block of the suspicion: approvals that had matured in it can still be pulled.
        since: BlockNumber,
    },
    /// It was banned, for ever.
    #[codec(index = 5)]
    Punished {
        /// Block of the ban.
        since: BlockNumber,
        /// Block of the suspicion: approvals that had matured in it can still be pulled.
        suspected: BlockNumber,
    },
}

impl HubPhase {
    /// Whether the hub is on the whitelist.
    pub fn is_registered(self) -> bool {
        matches!(self, Self::Registered { .. })
    }

    /// Whether the hub is accused or condemned.
    pub fn is_accused(self) -> bool {
        matches!(self, Self::Suspected { .. } | Self::Punished { .. })
    }
}

/// Who accuses a hub.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Judge {
    /// All voters.
    #[codec(index = 0)]
    Referendum,
    /// Two thirds of the technical collective: quick, and soon over unless a referendum confirms it.
    #[codec(index = 1)]
    Collective,
}

/// How a case ended.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Decision {
    /// A referendum found the hub innocent.
    #[codec(index = 0)]
    Rehabilitated {
        /// In which block.
        at: BlockNumber,
    },
    /// A referendum found it guilty.
    #[codec(index = 1)]
    Banned {
        /// In which block.
        at: BlockNumber,
    },
    /// Nobody decided in time, so the hub went free.
    #[codec(index = 2)]
    Lapsed {
        /// In which block.
        at: BlockNumber,
    },
}

/// A case against a hub. Its times were fixed when it was opened.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Case {
    /// Hash of the document that accuses.
    pub document: H256,
    /// Block of the suspicion.
    pub opened: BlockNumber,
    /// Who opened it.
    pub by: Judge,
    /// Block in which a referendum confirmed the collective's suspicion.
    pub confirmed: Option<BlockNumber>,
    /// First block in which the hub can be banned.
    pub ban_from: BlockNumber,
    /// First block in which an unconfirmed suspicion by the collective counts no more.
    pub lapses: BlockNumber,
    /// First block in which any other suspicion can be ended by anyone.
    pub expires: BlockNumber,
    /// How it ended; none while it is open.
    pub decision: Option<Decision>,
}

impl Case {
    /// Whether voters stand behind the suspicion.
    pub fn is_confirmed(&self) -> bool {
        self.by == Judge::Referendum || self.confirmed.is_some()
    }

    /// First block in which anyone may end the suspicion.
    pub fn until(&self) -> BlockNumber {
        if self.is_confirmed() {
            self.expires
        } else {
            self.lapses
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(by: Judge, confirmed: Option<BlockNumber>) -> Case {
        Case {
            document: H256::zero(),
            opened: 1,
            by,
            confirmed,
            ban_from: 121,
            lapses: 15,
            expires: 181,
            decision: None,
        }
    }

    #[test]
    fn only_the_collective_alone_lapses_early() {
        assert_eq!(case(Judge::Collective, None).until(), 15);
        assert_eq!(case(Judge::Collective, Some(3)).until(), 181);
        assert_eq!(case(Judge::Referendum, None).until(), 181);
    }

    #[test]
    fn records_say_something() {
        let record = |name: &[u8], peer_id: &[u8], addresses: &[&[u8]]| HubRecord {
            name: Name::truncate_from(name.to_vec()),
            peer_id: PeerId::truncate_from(peer_id.to_vec()),
            addresses: HubAddresses::truncate_from(
                addresses
                    .iter()
                    .map(|address| BoundedVec::truncate_from(address.to_vec()))
                    .collect(),
            ),
        };
        assert!(record(b"hub", b"12D3", &[]).is_good());
        assert!(record("Ångström".as_bytes(), b"12D3", &[b"/ip4/10.0.0.1"]).is_good());
        assert!(!record(b"", b"12D3", &[]).is_good());
        assert!(!record(&[0xff], b"12D3", &[]).is_good());
        assert!(!record(b"hub", b"", &[]).is_good());
        assert!(!record(b"hub", b"12D3", &[b""]).is_good());
    }
}
