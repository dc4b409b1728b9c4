//! Who governs: referenda of all voters on the tracks of the offices, a technical collective that can
//! hurry but not decide, and the treasury that both look after.
//!
//! | office | by | may |
//! |---|---|---|
//! | root | referendum | everything |
//! | parameters | referendum | change the protocol's numbers within their bounds |
//! | registrar | referendum | create categories, curate apps |
//! | tribunal | referendum; two thirds of the collective for a suspicion | judge hubs |
//! | treasurer | referendum | spend up to [`TreasurerLimit`] at a time |
//! | referendum canceller, killer | referendum | stop a referendum |
//! | whitelisted caller | referendum | enact quickly what two thirds of the collective whitelisted |
//!
//! Root can do what any office can.

use crate::{
    configs::{
        money::TreasuryAccount,
        system::RuntimeBlockWeights,
        tracks::{GovernanceDays, Tracks},
    },
    origins::Origin,
    *,
};
use ergon_primitives::{ERG, Judge};
use frame_support::{
    PalletId,
    instances::Instance1,
    parameter_types,
    traits::{
        AsEnsureOriginWithArg, ConstU32, ConstU128, EitherOf, EnsureOrigin, MapSuccess,
        OriginTrait,
        fungible::Mutate,
        tokens::{
            Pay, PaymentStatus, Preservation, UnityAssetBalanceConversion,
            currency::ActiveIssuanceOf,
        },
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess, EnsureSigned};
use pallet_collective::{MemberCount, RawOrigin};
use sp_runtime::{DispatchError, Perbill, traits::Replace};

impl crate::origins::Config for Runtime {}

// ---- Offices ----

/// Defines the origin of an office's referenda.
macro_rules! office {
    ($(#[$doc:meta])* $name:ident speaks as $office:ident) => {
        $(#[$doc])*
        pub struct $name;

        impl EnsureOrigin<RuntimeOrigin> for $name {
            type Success = ();

            fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
                if matches!(origin.caller(), OriginCaller::Origins(Origin::$office)) {
                    Ok(())
                } else {
                    Err(origin)
                }
            }

            #[cfg(feature = "runtime-benchmarks")]
            fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
                Ok(Origin::$office.into())
            }
        }
    };
}

office!(
    /// A referendum on the parameters track.
    ParametersReferendum speaks as Parameters
);
office!(
    /// A referendum on the registrar track.
    RegistrarReferendum speaks as Registrar
);
office!(
    /// A referendum on the tribunal track.
    TribunalReferendum speaks as Tribunal
);
office!(
    /// A referendum on the treasurer track.
    TreasurerReferendum speaks as Treasurer
);
office!(
    /// A referendum on the canceller track.
    CancellerReferendum speaks as ReferendumCanceller
);
office!(
    /// A referendum on the killer track.
    KillerReferendum speaks as ReferendumKiller
);
office!(
    /// A referendum on the track of whitelisted calls.
    WhitelistedReferendum speaks as WhitelistedCaller
);

/// Root, or an office.
type RootOr<Office> = EitherOf<EnsureRoot<AccountId>, Office>;

/// Who changes the protocol's numbers.
pub type ParametersOrigin = RootOr<ParametersReferendum>;
/// Who creates categories and curates apps.
pub type RegistrarOrigin = RootOr<RegistrarReferendum>;
/// Who pays from the treasury and takes payments back.
pub type TreasurerOrigin = RootOr<TreasurerReferendum>;
/// Who cancels referenda.
pub type CancelOrigin = RootOr<CancellerReferendum>;
/// Who kills referenda.
pub type KillOrigin = RootOr<KillerReferendum>;
/// Who decides what all voters decide, with no office of its own: the set of validators, the
/// members of the collective.
pub type GovernanceOrigin = EnsureRoot<AccountId>;

parameter_types! {
    /// All voters.
    pub const ByReferendum: Judge = Judge::Referendum;
    /// Two thirds of the collective.
    pub const ByCollective: Judge = Judge::Collective;
}

/// Who judges hubs, and on whose behalf. What the collective may do is for the hub pallet to say:
/// suspect, and nothing else.
pub type TribunalOrigin = EitherOf<
    MapSuccess<RootOr<TribunalReferendum>, Replace<ByReferendum>>,
    MapSuccess<TwoThirds, Replace<ByCollective>>,
>;

// ---- Referenda ----

impl pallet_referenda::Config for Runtime {
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_referenda::weights::SubstrateWeight<Runtime>;
    type Scheduler = Scheduler;
    type Currency = Balances;
    type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
    type CancelOrigin = CancelOrigin;
    type KillOrigin = KillOrigin;
    type Slash = Treasury;
    type Votes = pallet_conviction_voting::VotesOf<Runtime>;
    type Tally = pallet_conviction_voting::TallyOf<Runtime>;
    /// Given back when the referendum is approved or cancelled.
    type SubmissionDeposit = ConstU128<{ 10 * ERG }>;
    type MaxQueued = ConstU32<100>;
    /// A referendum for which nobody pays the decision deposit ends then.
    type UndecidingTimeout = GovernanceDays<14>;
    type AlarmInterval = ConstU32<1>;
    type Tracks = Tracks;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

impl pallet_conviction_voting::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_conviction_voting::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type Polls = Referenda;
    /// The treasury does not vote.
    type MaxTurnout = ActiveIssuanceOf<Balances, AccountId>;
    type MaxVotes = ConstU32<128>;
    /// A vote with the least conviction is locked for this long after a decision that it won: no
    /// track enacts later than that, so that who decides lives with the decision.
    type VoteLockingPeriod = GovernanceDays<7>;
    type BlockNumberProvider = System;
    type VotingHooks = ();
}

// ---- The technical collective ----

/// The instance of the technical collective.
pub type TechnicalInstance = Instance1;

/// Two thirds of the technical collective's seats, and at least two people.
pub struct TwoThirds;

impl EnsureOrigin<RuntimeOrigin> for TwoThirds {
    type Success = ();

    fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
        let is_enough = matches!(
            origin.caller(),
            OriginCaller::TechnicalCollective(RawOrigin::Members(ayes, seats))
                if are_two_thirds(*ayes, *seats)
        );
        if is_enough { Ok(()) } else { Err(origin) }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RawOrigin::<AccountId, TechnicalInstance>::Members(2, 3).into())
    }
}

fn are_two_thirds(ayes: MemberCount, seats: MemberCount) -> bool {
    ayes >= 2 && ayes.saturating_mul(3) >= seats.saturating_mul(2)
}

/// Who does not vote has not agreed, whatever the prime member says.
pub struct AbstentionIsNay;

impl pallet_collective::DefaultVote for AbstentionIsNay {
    fn default_vote(
        _prime: Option<bool>,
        _ayes: MemberCount,
        _nays: MemberCount,
        _seats: MemberCount,
    ) -> bool {
        false
    }
}

parameter_types! {
    /// What the collective agrees on takes at most half a block.
    pub MaximumProposalWeight: Weight =
        Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

impl pallet_collective::Config<TechnicalInstance> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = GovernanceDays<7>;
    type MaxProposals = ConstU32<32>;
    type MaxMembers = ConstU32<32>;
    type DefaultVote = AbstentionIsNay;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    type SetMembersOrigin = GovernanceOrigin;
    type MaxProposalWeight = MaximumProposalWeight;
    type DisapproveOrigin = GovernanceOrigin;
    type KillOrigin = GovernanceOrigin;
    /// Members answer to root; there are few of them.
    type Consideration = ();
}

impl pallet_whitelist::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WhitelistOrigin = RootOr<TwoThirds>;
    type DispatchWhitelistedOrigin = RootOr<WhitelistedReferendum>;
    type Preimages = Preimage;
    /// How long a call that voters agreed to waits for the collective.
    type DeferredDispatchExpiration = GovernanceDays<28>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_whitelist::weights::SubstrateWeight<Runtime>;
}

// ---- The treasury ----

parameter_types! {
    /// The treasury's account is derived from this: the same as [`TreasuryAccount`].
    pub const TreasuryPalletId: PalletId = PalletId(*b"erg/trsy");
    /// What root may spend at a time.
    pub const RootLimit: Balance = Balance::MAX;
    /// What the treasurer may spend at a time.
    pub const TreasurerLimit: Balance = 100_000 * ERG;
}

/// Pays from the treasury, which keeps the existential deposit: slashes and dust must find it alive.
pub struct FromTreasury;

impl Pay for FromTreasury {
    type Balance = Balance;
    type Beneficiary = AccountId;
    type AssetKind = ();
    type Id = ();
    type Error = DispatchError;

    fn pay(to: &AccountId, (): (), amount: Balance) -> Result<(), DispatchError> {
        let from = TreasuryAccount::get();
        Balances::transfer(&from, to, amount, Preservation::Preserve).map(|_| ())
    }

    fn check_payment((): ()) -> PaymentStatus {
        PaymentStatus::Success
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_successful(_to: &AccountId, (): (), amount: Balance) {
        use crate::configs::money::ExistentialDeposit;
        let needed = amount.saturating_add(ExistentialDeposit::get());
        Balances::mint_into(&TreasuryAccount::get(), needed).expect("so much can be minted");
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn ensure_concluded((): ()) {}
}

impl pallet_treasury::Config for Runtime {
    type Currency = Balances;
    type RejectOrigin = TreasurerOrigin;
    type RuntimeEvent = RuntimeEvent;
    type SpendPeriod = GovernanceDays<7>;
    /// Nothing is burned.
    type Burn = ();
    type PalletId = TreasuryPalletId;
    type BurnDestination = ();
    type WeightInfo = pallet_treasury::weights::SubstrateWeight<Runtime>;
    type SpendFunds = ();
    /// The old way of spending is closed: `spend` it is.
    type MaxApprovals = ConstU32<0>;
    type SpendOrigin = EitherOf<
        EnsureRootWithSuccess<AccountId, RootLimit>,
        MapSuccess<TreasurerReferendum, Replace<TreasurerLimit>>,
    >;
    type AssetKind = ();
    type Beneficiary = AccountId;
    type BeneficiaryLookup = <Runtime as frame_system::Config>::Lookup;
    type Paymaster = FromTreasury;
    type BalanceConverter = UnityAssetBalanceConversion;
    type PayoutPeriod = GovernanceDays<30>;
    type BlockNumberProvider = System;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

// ---- The protocol's numbers ----

impl pallet_protocol_parameters::Config for Runtime {
    type ParametersOrigin = ParametersOrigin;
    type WeightInfo = pallet_protocol_parameters::weights::SubstrateWeight<Runtime>;
}
