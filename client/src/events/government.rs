//! What happened with hubs, validators, parameters, referenda and the collective.

use crate::{
    calls::parameters::ParameterChange,
    referendum::{AccountVote, Proposal, ReferendumIndex, Share, Tally, TrackId},
    view::{DepartureCause, HubLimits, SessionIndex},
};
use codec::Decode;
use ergon_primitives::{AccountId, Balance, BlockNumber, Decision, Judge, PoolId};
use sp_core::H256;
use sp_runtime::DispatchError;

/// How a call ended that the chain itself made: for the collective, or because a task has settled.
pub type CallResult = Result<(), DispatchError>;

events! {
    /// Events of the hub wallets.
    HubWalletEvent of "HubWallet" {
        /// A hub has a wallet.
        Created {
            /// Whose hub it is.
            owner: AccountId,
            /// The wallet's account.
            wallet: AccountId,
        },
        /// A hub's record changed.
        RecordUpdated {
            /// The hub.
            owner: AccountId,
        },
        /// A hub is on the whitelist.
        Registered {
            /// The hub.
            owner: AccountId,
            /// What is frozen in its wallet.
            frozen: Balance,
            /// First block in which it may leave.
            payday: BlockNumber,
        },
        /// A hub approved money to a payee.
        Approved {
            /// The hub.
            owner: AccountId,
            /// Who may pull it.
            payee: AccountId,
            /// How much may be pulled.
            amount: Balance,
            /// How much was locked in the wallet for it.
            locked: Balance,
            /// First block in which it can be pulled. With more than eight payments to the payee on
            /// their way it can be later, by at most a quarter of the time.
            matures: BlockNumber,
        },
        /// A payee got what was approved and had matured.
        Pulled {
            /// The hub.
            owner: AccountId,
            /// The payee.
            payee: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A hub left the whitelist.
        PaydayReached {
            /// The hub.
            owner: AccountId,
            /// What the treasury got of the locked money.
            fee: Balance,
            /// First block in which its money can be unlocked.
            until: BlockNumber,
        },
        /// A hub's money is unlocked.
        Settled {
            /// The hub.
            owner: AccountId,
        },
        /// An owner took its money out of the wallet.
        Withdrawn {
            /// The hub.
            owner: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A hub is accused: its money is blocked and it is off the whitelist.
        Suspected {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
            /// Who accuses.
            by: Judge,
        },
        /// A referendum stands behind the collective's suspicion.
        SuspicionConfirmed {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
        },
        /// A suspicion ended and the hub's money is unlocked.
        Freed {
            /// The hub.
            owner: AccountId,
            /// Whether it was found innocent or the time was over.
            decision: Decision,
        },
        /// A hub was banned.
        Banned {
            /// The hub.
            owner: AccountId,
            /// Hash of the case's document.
            document: H256,
        },
        /// A banned hub's blocked approval was taken back, so that its money can be swept.
        Forfeited {
            /// The hub.
            owner: AccountId,
            /// Who will not get it.
            payee: AccountId,
            /// How much.
            amount: Balance,
        },
        /// Money of a banned hub is in quarantine.
        Expropriated {
            /// Number of the expropriation.
            id: u64,
            /// The hub.
            owner: AccountId,
            /// How much.
            amount: Balance,
            /// First block in which the treasury can have it.
            until: BlockNumber,
        },
        /// The treasury got money out of quarantine.
        QuarantineReleased {
            /// Number of the expropriation.
            id: u64,
            /// How much.
            amount: Balance,
        },
        /// The tribunal trusts a hub, or does not any more.
        TrustSet {
            /// The hub.
            owner: AccountId,
            /// Whether it is trusted now.
            trusted: bool,
        },
        /// A vote on a hub stands.
        Rated {
            /// The hub.
            owner: AccountId,
            /// Who voted.
            voter: AccountId,
            /// What is on hold for the vote.
            stake: Balance,
            /// Whether it is for the hub.
            up: bool,
        },
        /// A vote on a hub was taken back.
        Unrated {
            /// The hub.
            owner: AccountId,
            /// Who had voted.
            voter: AccountId,
        },
        /// A pool belongs to a hub.
        PoolBound {
            /// The pool.
            pool: PoolId,
            /// The hub.
            owner: AccountId,
        },
        /// A pool belongs to no hub any more.
        PoolUnbound {
            /// The pool.
            pool: PoolId,
            /// The hub that it belonged to.
            owner: AccountId,
        },
        /// Other limits are in force for what begins from now on.
        ParametersSet {
            /// The limits.
            limits: HubLimits,
        },
    }

    /// Events of the set of validators.
    ValidatorSetEvent of "ValidatorSet" {
        /// Governance named the invulnerables anew; all of them are fit.
        InvulnerablesSet {
            /// How many there are.
            count: u32,
        },
        /// Governance changed how many candidates have a seat.
        DesiredCandidatesSet {
            /// How many.
            count: u32,
        },
        /// An account is a candidate.
        CandidateRegistered {
            /// Who.
            candidate: AccountId,
            /// What it bonded.
            bond: Balance,
        },
        /// A candidate's bond grew.
        BondExtended {
            /// Who.
            candidate: AccountId,
            /// By how much.
            amount: Balance,
        },
        /// A candidate is none any more; its bond is on its way out.
        CandidateDeparted {
            /// Who.
            candidate: AccountId,
            /// Why.
            cause: DepartureCause,
            /// First session in which the bond can be withdrawn.
            until: SessionIndex,
        },
        /// A bond was released to its owner.
        Withdrawn {
            /// Who.
            candidate: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A validator made no block for too long; it loses its seat unless the minimum needs it.
        ValidatorAbsent {
            /// Who.
            validator: AccountId,
            /// Sessions in a row without a block.
            sessions: u32,
        },
        /// An absent validator is fit again.
        ReturnedToDuty {
            /// Who.
            validator: AccountId,
        },
        /// An offence was punished; the offender loses its seat unless the minimum needs it.
        OffencePunished {
            /// Who.
            validator: AccountId,
            /// Session of the offence.
            session: SessionIndex,
            /// Share of the bond that the offence costs.
            fraction: Share,
            /// What was taken now.
            amount: Balance,
        },
        /// Too few fit members are left: absent ones or offenders keep seats in the planned session.
        UnfitSeated {
            /// How many of them.
            count: u32,
        },
        /// An account without a role removed its session keys.
        KeysPurged {
            /// Who.
            account: AccountId,
        },
    }

    /// Events of the protocol's parameters.
    ProtocolParametersEvent of "ProtocolParameters" {
        /// A parameter has a new value.
        ParameterChanged {
            /// The parameter with its former value.
            from: ParameterChange,
            /// The same parameter with its value from now on.
            to: ParameterChange,
        },
    }

    /// Events of the preimages, as far as programs here need them.
    PreimageEvent of "Preimage" {
        /// Somebody put a call on the chain.
        Noted {
            /// Its hash.
            hash: H256,
        },
    }

    /// Events of the referenda, as far as programs here need them.
    ReferendaEvent of "Referenda" {
        /// A referendum was submitted.
        Submitted {
            /// The referendum.
            index: ReferendumIndex,
            /// Its track.
            track: TrackId,
            /// What it is about.
            proposal: Proposal,
        },
        /// Somebody paid for its decision.
        DecisionDepositPlaced {
            /// The referendum.
            index: ReferendumIndex,
            /// Who paid.
            who: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A decision deposit went back.
        DecisionDepositRefunded {
            /// The referendum.
            index: ReferendumIndex,
            /// Who had paid it.
            who: AccountId,
            /// How much.
            amount: Balance,
        },
        /// A submission deposit went back.
        SubmissionDepositRefunded {
            /// The referendum.
            index: ReferendumIndex,
            /// Who had paid it.
            who: AccountId,
            /// How much.
            amount: Balance,
        },
        /// Enough agree; it is approved if that stands.
        ConfirmStarted {
            /// The referendum.
            index: ReferendumIndex,
        },
        /// Too few agree again.
        ConfirmAborted {
            /// The referendum.
            index: ReferendumIndex,
        },
        /// It was approved.
        Confirmed {
            /// The referendum.
            index: ReferendumIndex,
            /// The votes.
            tally: Tally,
        },
        /// Too few agreed in time.
        Rejected {
            /// The referendum.
            index: ReferendumIndex,
            /// The votes.
            tally: Tally,
        },
        /// Nobody paid for its decision in time.
        TimedOut {
            /// The referendum.
            index: ReferendumIndex,
            /// The votes.
            tally: Tally,
        },
        /// It was stopped.
        Cancelled {
            /// The referendum.
            index: ReferendumIndex,
            /// The votes.
            tally: Tally,
        },
        /// It was found malicious.
        Killed {
            /// The referendum.
            index: ReferendumIndex,
            /// The votes.
            tally: Tally,
        },
    }

    /// Events of the votes, as far as programs here need them.
    ConvictionVotingEvent of "ConvictionVoting" {
        /// An account voted.
        Voted {
            /// Who.
            who: AccountId,
            /// What.
            vote: AccountVote,
            /// On which referendum.
            poll_index: ReferendumIndex,
        },
        /// An account took its vote back.
        VoteRemoved {
            /// Who.
            who: AccountId,
            /// What.
            vote: AccountVote,
            /// On which referendum.
            poll_index: ReferendumIndex,
        },
        /// Money that votes had locked was unlocked.
        VoteUnlocked {
            /// Whose.
            who: AccountId,
            /// On which track.
            class: TrackId,
        },
    }

    /// Events of the technical collective, as far as programs here need them.
    TechnicalCollectiveEvent of "TechnicalCollective" {
        /// A member proposed a motion.
        Proposed {
            /// Who.
            account: AccountId,
            /// Its number.
            proposal_index: u32,
            /// Hash of its call.
            proposal_hash: H256,
            /// How many members must agree.
            threshold: u32,
        },
        /// A member voted.
        Voted {
            /// Who.
            account: AccountId,
            /// Hash of the motion's call.
            proposal_hash: H256,
            /// Whether it agrees.
            voted: bool,
            /// How many agree now.
            yes: u32,
            /// How many do not.
            no: u32,
        },
        /// A motion's call was made.
        Executed {
            /// Hash of the call.
            proposal_hash: H256,
            /// What came of it.
            result: CallResult,
        },
        /// A motion failed.
        Disapproved {
            /// Hash of its call.
            proposal_hash: H256,
        },
    }

    /// Events of the treasury, as far as programs here need them.
    TreasuryEvent of "Treasury" {
        /// A payment was decided; it must be fetched in time.
        AssetSpendApproved {
            /// Its number.
            index: u32,
            /// There is one kind of money only.
            asset_kind: (),
            /// How much.
            amount: Balance,
            /// Who gets it.
            beneficiary: AccountId,
            /// First block in which it can be fetched.
            valid_from: BlockNumber,
            /// Block in which it is forfeited.
            expire_at: BlockNumber,
        },
        /// A payment was fetched.
        Paid {
            /// Its number.
            index: u32,
            /// Payments have no numbers of their own.
            payment_id: (),
        },
    }
}
