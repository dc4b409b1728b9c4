//! The numbers of hub life: which there are, how they must stand to each other, how far they may
//! move.

use crate::{Config, Error, Event, InitialParameters, Pallet, Parameters};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ergon_primitives::{Balance, BlockNumber, DAYS, ERG};
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::fungible::Inspect as _};
use scale_info::TypeInfo;
use sp_runtime::Permill;

/// Highest share of a payment that can be locked.
const MAX_LOCK_SHARE: Permill = Permill::from_percent(50);
/// Highest share of the locked money that the treasury can get at payday.
const MAX_FEE_SHARE: Permill = Permill::from_percent(5);

/// The numbers of hub life. What has begun keeps the numbers it began with.
#[derive(
    Clone,
    PartialEq,
    Eq,
    Debug,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limits {
    /// How long a hub stays registered at least, in blocks (SONM 2.4.3.2: 30 days).
    pub payout_period: BlockNumber,
    /// How long its money stays locked after that, in blocks.
    pub waiting_period: BlockNumber,
    /// How old an approval must be to be pulled, in blocks.
    pub maturity: BlockNumber,
    /// How long a hub must have been suspected to be banned, in blocks (SONM 2.8.2: 120 days).
    pub ban_period: BlockNumber,
    /// After which time of suspicion anyone may end it, in blocks; also how long the collective
    /// must wait between two suspicions of one hub.
    pub rehabilitation_period: BlockNumber,
    /// After which time an unconfirmed suspicion by the collective can be ended by anyone, in
    /// blocks.
    pub lapse_period: BlockNumber,
    /// How long expropriated money stays frozen before the treasury can have it, in blocks.
    pub quarantine_period: BlockNumber,
    /// What is frozen in the wallet of a registered hub (SONM 2.4.3.2: 1 token).
    pub registration_freeze: Balance,
    /// Least stake of a vote on a hub.
    pub minimum_vote: Balance,
    /// Share of each payment that is locked, in millionths (SONM 2.4.3.2: 30 %).
    pub lock_share: Permill,
    /// Share of the locked money that the treasury gets at payday, in millionths (SONM 2.8.2: 0.5
    /// %).
    pub fee_share: Permill,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payout_period: 30 * DAYS,
            waiting_period: 14 * DAYS,
            maturity: 7 * DAYS,
            ban_period: 120 * DAYS,
            rehabilitation_period: 180 * DAYS,
            lapse_period: 14 * DAYS,
            quarantine_period: 120 * DAYS,
            registration_freeze: ERG,
            minimum_vote: ERG,
            lock_share: Permill::from_percent(30),
            fee_share: Permill::from_parts(5_000),
        }
    }
}

impl Limits {
    /// Whether the limits make sense on a chain with this existential deposit: every period lasts,
    /// a suspicion lapses before a ban is possible and a ban is possible before anyone may end it,
    /// what is frozen keeps an account alive, and the shares are no more than 50 % and 5 %.
    pub fn is_sound(&self, existential_deposit: Balance) -> bool {
        self.periods().iter().all(|period| *period > 0)
            && self.lapse_period <= self.ban_period
            && self.ban_period < self.rehabilitation_period
            && self.registration_freeze >= existential_deposit
            && self.minimum_vote >= existential_deposit
            && self.lock_share <= MAX_LOCK_SHARE
            && self.fee_share <= MAX_FEE_SHARE
    }

    /// The least that limits which began as these can be set to: half of each period, a tenth of
    /// each amount, shares of nothing.
    pub fn least(&self) -> Self {
        let period = |initial: BlockNumber| initial.div_ceil(2);
        let amount = |initial: Balance| initial.div_ceil(10);
        self.scaled(period, amount, Permill::zero(), Permill::zero())
    }

    /// The most that limits which began as these can be set to: twice each period, ten times each
    /// amount, and shares of 50 % and 5 %.
    pub fn most(&self) -> Self {
        let period = |initial: BlockNumber| initial.saturating_mul(2);
        let amount = |initial: Balance| initial.saturating_mul(10);
        self.scaled(period, amount, MAX_LOCK_SHARE, MAX_FEE_SHARE)
    }

    /// Whether no limit is below the least or above the most.
    pub fn is_between(&self, least: &Self, most: &Self) -> bool {
        let periods = self.periods();
        let amounts = self.amounts();
        let shares = self.shares();
        is_within(&least.periods(), &periods, &most.periods())
            && is_within(&least.amounts(), &amounts, &most.amounts())
            && is_within(&least.shares(), &shares, &most.shares())
    }

    fn scaled(
        &self,
        period: impl Fn(BlockNumber) -> BlockNumber,
        amount: impl Fn(Balance) -> Balance,
        lock_share: Permill,
        fee_share: Permill,
    ) -> Self {
        Self {
            payout_period: period(self.payout_period),
            waiting_period: period(self.waiting_period),
            maturity: period(self.maturity),
            ban_period: period(self.ban_period),
            rehabilitation_period: period(self.rehabilitation_period),
            lapse_period: period(self.lapse_period),
            quarantine_period: period(self.quarantine_period),
            registration_freeze: amount(self.registration_freeze),
            minimum_vote: amount(self.minimum_vote),
            lock_share,
            fee_share,
        }
    }

    fn periods(&self) -> [BlockNumber; 7] {
        [
            self.payout_period,
            self.waiting_period,
            self.maturity,
            self.ban_period,
            self.rehabilitation_period,
            self.lapse_period,
            self.quarantine_period,
        ]
    }

    fn amounts(&self) -> [Balance; 2] {
        [self.registration_freeze, self.minimum_vote]
    }

    fn shares(&self) -> [Permill; 2] {
        [self.lock_share, self.fee_share]
    }
}

/// Whether each value lies between its bounds, both included.
fn is_within<Value: PartialOrd>(least: &[Value], values: &[Value], most: &[Value]) -> bool {
    least
        .iter()
        .zip(values)
        .zip(most)
        .all(|((least, value), most)| least <= value && value <= most)
}

impl<T: Config> Pallet<T> {
    /// Whether the limits make sense on this chain.
    pub(crate) fn is_sound(limits: &Limits) -> bool {
        limits.is_sound(T::Currency::minimum_balance())
    }

    pub(crate) fn do_set_parameters(limits: Limits) -> DispatchResult {
        let initial = InitialParameters::<T>::get();
        ensure!(
            Self::is_sound(&limits) && limits.is_between(&initial.least(), &initial.most()),
            Error::<T>::OutOfBounds
        );

        Parameters::<T>::put(&limits);
        Self::deposit_event(Event::ParametersSet { limits });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::MILLI_ERG;

    fn sound_with(change: impl Fn(&mut Limits)) -> bool {
        let mut limits = Limits::default();
        change(&mut limits);
        limits.is_sound(MILLI_ERG)
    }

    #[test]
    fn the_protocols_numbers_are_sound() {
        assert!(sound_with(|_| {}));
        assert!(sound_with(|limits| limits.lapse_period = limits.ban_period));
    }

    #[test]
    fn unsound_limits_are_found() {
        assert!(!sound_with(|limits| limits.maturity = 0));
        assert!(!sound_with(|limits| limits.quarantine_period = 0));
        assert!(!sound_with(
            |limits| limits.lapse_period = limits.ban_period + 1
        ));
        assert!(!sound_with(
            |limits| limits.rehabilitation_period = limits.ban_period
        ));
        assert!(!sound_with(
            |limits| limits.registration_freeze = MILLI_ERG - 1
        ));
        assert!(!sound_with(|limits| limits.minimum_vote = 0));
        assert!(!sound_with(
            |limits| limits.lock_share = Permill::from_percent(51)
        ));
        assert!(!sound_with(
            |limits| limits.fee_share = Permill::from_percent(6)
        ));
    }

    #[test]
    fn bounds_hold_what_they_began_with() {
        let initial = Limits::default();
        let (least, most) = (initial.least(), initial.most());
        assert!(initial.is_between(&least, &most));
        assert!(least.is_between(&least, &most) && most.is_between(&least, &most));
        assert_eq!(least.ban_period, 60 * DAYS);
        assert_eq!(most.ban_period, 240 * DAYS);
    }

    #[test]
    fn each_kind_of_limit_is_bounded_on_both_sides() {
        let initial = Limits::default();
        let (least, most) = (initial.least(), initial.most());
        let within = |change: fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.is_between(&least, &most)
        };
        assert!(within(|limits| limits.maturity = 14 * DAYS));
        assert!(!within(|limits| limits.maturity = 14 * DAYS + 1));
        assert!(within(|limits| limits.quarantine_period = 60 * DAYS));
        assert!(!within(|limits| limits.quarantine_period = 60 * DAYS - 1));
        assert!(within(|limits| limits.registration_freeze = 10 * ERG));
        assert!(!within(|limits| limits.registration_freeze = 10 * ERG + 1));
        assert!(!within(|limits| limits.minimum_vote = ERG / 10 - 1));
        assert!(!within(
            |limits| limits.fee_share = Permill::from_parts(50_001)
        ));
    }
}
