use super::*;
use ergon_client::primitives::{DAYS, ERG, MILLI_ERG};

fn protocol() -> ProtocolParameters {
    ProtocolParameters {
        fund_fee_ratio: 0,
        operator_stake_ratio: 30,
        max_duration: 30 * DAYS,
        minimum_bond: ERG,
        bonding_duration: 7 * DAYS,
        join_delay: DAYS,
        min_scored_price: MILLI_ERG,
        retention_period: 30 * DAYS,
    }
}

fn limits() -> HubLimits {
    HubLimits {
        payout_period: 30,
        waiting_period: 14,
        maturity: 7,
        ban_period: 120,
        rehabilitation_period: 180,
        lapse_period: 14,
        quarantine_period: 120,
        registration_freeze: ERG,
        minimum_vote: ERG,
        lock_share: 300_000,
        fee_share: 5_000,
    }
}

#[test]
fn every_parameter_of_the_protocol_can_be_changed() {
    let now = protocol();
    for parameter in of_protocol(&now) {
        assert!(
            protocol_change(parameter.name, parameter.value).is_some(),
            "{}",
            parameter.name
        );
        parameter.check(parameter.value).unwrap();
    }
    let change = changed_protocol("fund-fee-ratio", "5", &now).unwrap();
    assert_eq!(change, Some(ParameterChange::FundFeeRatio(5)));
    let change = changed_protocol("bonding-duration", "10d", &now).unwrap();
    assert_eq!(change, Some(ParameterChange::BondingDuration(10 * DAYS)));
}

#[test]
fn what_the_chain_would_refuse_is_refused_before() {
    let now = protocol();
    for (name, value) in [
        ("fund-fee-ratio", "6"),
        ("fund-fee-ratio", "a lot"),
        ("join-delay", "8d"),
        ("minimum-bond", "0.01"),
        // Above the retention period.
        ("bonding-duration", "31d"),
    ] {
        let error = changed_protocol(name, value, &now).unwrap_err();
        assert!(matches!(error, CliError::Usage(_)), "{name} {value}");
    }
    assert_eq!(changed_protocol("gravity", "9.81", &now).unwrap(), None);
}

#[test]
fn limits_of_hubs_have_the_pallets_bounds() {
    let encoded = limits().encode();
    let initial = pallet_hub_wallet::Limits::decode(&mut encoded.as_slice()).unwrap();
    let read = |limits: pallet_hub_wallet::Limits| {
        HubLimits::decode(&mut limits.encode().as_slice()).unwrap()
    };
    let (mut least, mut most) = (read(initial.least()), read(initial.most()));
    for (name, slot) in hub_slots() {
        let parameter = slot.parameter(name, &limits(), &limits());
        let value = |limits: &mut HubLimits| match &slot {
            Slot::Period(at) => Value::Period(*at(limits)),
            Slot::Money(at) => Value::Money(*at(limits)),
            Slot::Share(at, _) => Value::Millionths(*at(limits)),
        };
        assert_eq!(
            (parameter.least, parameter.most),
            (value(&mut least), value(&mut most)),
            "{name}"
        );
    }
}

#[test]
fn one_limit_of_hubs_changes_at_a_time() {
    let after = changed_limits("hub-lock-share", "25.5", &limits(), &limits()).unwrap();
    let expected = HubLimits {
        lock_share: 255_000,
        ..limits()
    };
    assert_eq!(after, Some(expected));
    for (name, value) in [
        ("hub-ban-period", "200"),
        ("hub-lock-share", "51"),
        ("hub-minimum-vote", "11"),
    ] {
        assert!(
            changed_limits(name, value, &limits(), &limits()).is_err(),
            "{name}"
        );
    }
    let unknown = changed_limits("hub-colour", "1", &limits(), &limits()).unwrap();
    assert_eq!(unknown, None);
}

#[test]
fn shares_are_typed_in_percent() {
    for (text, parts) in [("30", 300_000), ("0.5 %", 5_000), ("12.3456%", 123_456)] {
        assert_eq!(percent_in_millionths(text).unwrap(), parts, "{text}");
    }
    for text in ["", "-1", "1.23456", "9999999999", "half"] {
        assert!(percent_in_millionths(text).is_err(), "{text}");
    }
}

#[test]
fn wallets_are_where_the_pallet_puts_them() {
    let owner = ergon_client::primitives::AccountId::new([8; 32]);
    assert_eq!(
        ergon_client::hub_wallet(&owner),
        pallet_hub_wallet::wallet_account(&owner)
    );
}
