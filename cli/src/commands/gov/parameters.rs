//! `ergon gov parameters`: the numbers that referenda on the parameters track can change.

use crate::{
    CliError, Context,
    amount::Amount,
    answer::{Answer, Render},
    commands::hub::millionths,
    span::Span,
    table::Table,
};
use codec::{Decode, Encode};
use ergon_client::{
    Call, HubLimits, ProtocolParameters, View,
    calls::{self, parameters::ParameterChange},
    primitives::{Balance, BlockNumber},
};
use pallet_protocol_parameters::rules::{
    self, BONDING_DURATION, DURATION, FUND_FEE_RATIO, JOIN_DELAY, MIN_SCORED_PRICE, MINIMUM_BOND,
    OPERATOR_STAKE_RATIO, RETENTION_PERIOD, Refusal,
};
use serde::Serialize;
use std::{
    fmt,
    io::{self, Write},
    ops::RangeInclusive,
};

/// Largest share of a payment that can be locked, in millionths.
const MOST_LOCKED: u32 = 500_000;
/// Largest share of the locked money that the treasury can get, in millionths.
const MOST_FEE: u32 = 50_000;

/// A number of the protocol, as people type and read it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
enum Value {
    Percent(u8),
    Period(BlockNumber),
    Money(Balance),
    Millionths(u32),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Period(blocks) => write!(f, "{}", Span(*blocks)),
            Self::Money(amount) => write!(f, "{}", Amount(*amount)),
            Self::Millionths(parts) => f.write_str(&millionths(*parts)),
        }
    }
}

impl Value {
    /// Reads a value of the same kind as this one.
    fn like(self, text: &str) -> Result<Self, CliError> {
        let wrong = |error: &dyn fmt::Display| CliError::Usage(error.to_string());
        Ok(match self {
            Self::Percent(_) => {
                let number = text.trim_end_matches('%').trim().parse::<u8>();
                let wrong = |_: std::num::ParseIntError| {
                    CliError::Usage(format!("`{text}` is no whole number of percent"))
                };
                Self::Percent(number.map_err(wrong)?)
            }
            Self::Period(_) => Self::Period(text.parse::<Span>().map_err(|error| wrong(&error))?.0),
            Self::Money(_) => Self::Money(text.parse::<Amount>().map_err(|error| wrong(&error))?.0),
            Self::Millionths(_) => Self::Millionths(percent_in_millionths(text)?),
        })
    }
}

/// Percent with up to four decimals, in millionths.
fn percent_in_millionths(text: &str) -> Result<u32, CliError> {
    let wrong = || CliError::Usage(format!("`{text}` is no share in percent, like 30 or 0.5"));
    let digits = text.trim_end_matches('%').trim();
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > 4 {
        return Err(wrong());
    }
    let parts = |text: &str| text.parse::<u32>().map_err(|_| wrong());
    let whole = parts(whole)?.checked_mul(10_000).ok_or_else(wrong)?;
    whole
        .checked_add(parts(&format!("{decimals:0<4}"))?)
        .ok_or_else(wrong)
}

/// A number that can be changed.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Parameter {
    name: &'static str,
    value: Value,
    least: Value,
    most: Value,
}

impl Parameter {
    fn new<T: Copy>(
        name: &'static str,
        value: T,
        bounds: RangeInclusive<T>,
        kind: impl Fn(T) -> Value,
    ) -> Self {
        Self {
            name,
            value: kind(value),
            least: kind(*bounds.start()),
            most: kind(*bounds.end()),
        }
    }

    fn check(&self, value: Value) -> Result<(), CliError> {
        if value >= self.least && value <= self.most {
            return Ok(());
        }
        Err(CliError::Usage(format!(
            "{} can be {} to {}, not {value}",
            self.name, self.least, self.most
        )))
    }
}

fn of_protocol(now: &ProtocolParameters) -> [Parameter; 8] {
    use Value::*;
    [
        Parameter::new(
            "fund-fee-ratio",
            now.fund_fee_ratio,
            FUND_FEE_RATIO,
            Percent,
        ),
        Parameter::new(
            "operator-stake-ratio",
            now.operator_stake_ratio,
            OPERATOR_STAKE_RATIO,
            Percent,
        ),
        Parameter::new("max-duration", now.max_duration, DURATION, Period),
        Parameter::new("minimum-bond", now.minimum_bond, MINIMUM_BOND, Money),
        Parameter::new(
            "bonding-duration",
            now.bonding_duration,
            BONDING_DURATION,
            Period,
        ),
        Parameter::new("join-delay", now.join_delay, JOIN_DELAY, Period),
        Parameter::new(
            "min-scored-price",
            now.min_scored_price,
            MIN_SCORED_PRICE,
            Money,
        ),
        Parameter::new(
            "retention-period",
            now.retention_period,
            RETENTION_PERIOD,
            Period,
        ),
    ]
}

/// The change of a protocol's parameter to a value of its kind.
fn protocol_change(name: &str, value: Value) -> Option<ParameterChange> {
    use ParameterChange::*;
    use Value::*;
    Some(match (name, value) {
        ("fund-fee-ratio", Percent(value)) => FundFeeRatio(value),
        ("operator-stake-ratio", Percent(value)) => OperatorStakeRatio(value),
        ("max-duration", Period(value)) => MaxDuration(value),
        ("minimum-bond", Money(value)) => MinimumBond(value),
        ("bonding-duration", Period(value)) => BondingDuration(value),
        ("join-delay", Period(value)) => JoinDelay(value),
        ("min-scored-price", Money(value)) => MinScoredPrice(value),
        ("retention-period", Period(value)) => RetentionPeriod(value),
        _ => return None,
    })
}

/// Where a limit of hub life stands among all of them.
enum Slot {
    Period(fn(&mut HubLimits) -> &mut BlockNumber),
    Money(fn(&mut HubLimits) -> &mut Balance),
    Share(fn(&mut HubLimits) -> &mut u32, u32),
}

fn hub_slots() -> [(&'static str, Slot); 11] {
    [
        (
            "hub-payout-period",
            Slot::Period(|limits| &mut limits.payout_period),
        ),
        (
            "hub-waiting-period",
            Slot::Period(|limits| &mut limits.waiting_period),
        ),
        ("hub-maturity", Slot::Period(|limits| &mut limits.maturity)),
        (
            "hub-ban-period",
            Slot::Period(|limits| &mut limits.ban_period),
        ),
        (
            "hub-rehabilitation-period",
            Slot::Period(|limits| &mut limits.rehabilitation_period),
        ),
        (
            "hub-lapse-period",
            Slot::Period(|limits| &mut limits.lapse_period),
        ),
        (
            "hub-quarantine-period",
            Slot::Period(|limits| &mut limits.quarantine_period),
        ),
        (
            "hub-registration-freeze",
            Slot::Money(|limits| &mut limits.registration_freeze),
        ),
        (
            "hub-minimum-vote",
            Slot::Money(|limits| &mut limits.minimum_vote),
        ),
        (
            "hub-lock-share",
            Slot::Share(|limits| &mut limits.lock_share, MOST_LOCKED),
        ),
        (
            "hub-fee-share",
            Slot::Share(|limits| &mut limits.fee_share, MOST_FEE),
        ),
    ]
}

impl Slot {
    /// The limit with its bounds: half to twice a period of the genesis, a tenth to ten times an
    /// amount.
    fn parameter(&self, name: &'static str, now: &HubLimits, initial: &HubLimits) -> Parameter {
        let (mut now, mut initial) = (now.clone(), initial.clone());
        match self {
            Self::Period(at) => {
                let first = *at(&mut initial);
                let bounds = first.div_ceil(2)..=first.saturating_mul(2);
                Parameter::new(name, *at(&mut now), bounds, Value::Period)
            }
            Self::Money(at) => {
                let first = *at(&mut initial);
                let bounds = first.div_ceil(10)..=first.saturating_mul(10);
                Parameter::new(name, *at(&mut now), bounds, Value::Money)
            }
            Self::Share(at, most) => {
                Parameter::new(name, *at(&mut now), 0..=*most, Value::Millionths)
            }
        }
    }

    fn set(&self, limits: &mut HubLimits, value: Value) {
        match (self, value) {
            (Self::Period(at), Value::Period(value)) => *at(limits) = value,
            (Self::Money(at), Value::Money(value)) => *at(limits) = value,
            (Self::Share(at, _), Value::Millionths(value)) => *at(limits) = value,
            // Values are read in the kind of their slot.
            _ => {}
        }
    }
}

fn of_hubs(now: &HubLimits, initial: &HubLimits) -> Vec<Parameter> {
    let slots = hub_slots().into_iter();
    slots
        .map(|(name, slot)| slot.parameter(name, now, initial))
        .collect()
}

/// The hub limits after a change that the chain will accept.
fn changed_limits(
    name: &str,
    text: &str,
    now: &HubLimits,
    initial: &HubLimits,
) -> Result<Option<HubLimits>, CliError> {
    let Some((name, slot)) = hub_slots().into_iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let parameter = slot.parameter(name, now, initial);
    let value = parameter.value.like(text)?;
    parameter.check(value)?;
    let mut after = now.clone();
    slot.set(&mut after, value);
    let in_order =
        after.lapse_period <= after.ban_period && after.ban_period < after.rehabilitation_period;
    if in_order {
        return Ok(Some(after));
    }
    Err(CliError::Usage(
        "a suspicion must lapse before a ban is possible, and a ban be possible before anyone may \
         end the suspicion: change the other period first"
            .into(),
    ))
}

/// The change of a protocol's parameter, if the chain will accept it.
fn changed_protocol(
    name: &str,
    text: &str,
    now: &ProtocolParameters,
) -> Result<Option<ParameterChange>, CliError> {
    let parameters = of_protocol(now);
    let Some(parameter) = parameters.iter().find(|known| known.name == name) else {
        return Ok(None);
    };
    let value = parameter.value.like(text)?;
    parameter.check(value)?;
    let Some(change) = protocol_change(name, value) else {
        return Ok(None);
    };
    ensure_fits(now, change)?;
    Ok(Some(change))
}

/// Asks the pallet's own rules, so that voters are not asked for what cannot be.
fn ensure_fits(now: &ProtocolParameters, change: ParameterChange) -> Result<(), CliError> {
    let strange =
        |error: codec::Error| CliError::Refused(format!("unreadable parameters: {error}"));
    let before = rules::Parameters::decode(&mut now.encode().as_slice()).map_err(strange)?;
    let change =
        rules::ParameterChange::decode(&mut change.encode().as_slice()).map_err(strange)?;
    before.with(change).check().map_err(|refusal| {
        CliError::Usage(
            match refusal {
                Refusal::OutOfBounds => "the value is out of its bounds",
                Refusal::ScoredPriceAboveBond => {
                    "the lowest price that scores would be above the smallest bond: change the \
                     other one first"
                }
                Refusal::RecordShorterThanBonding => {
                    "ended deals would be forgotten before stakes can leave: change the other \
                     period first"
                }
            }
            .into(),
        )
    })
}

/// The call that gives a parameter a new value.
pub(super) async fn change(view: &View, name: &str, text: &str) -> Result<Call, CliError> {
    let protocol = view.protocol_parameters().await?;
    if let Some(change) = changed_protocol(name, text, &protocol)? {
        return Ok(calls::parameters::set(change));
    }
    let (now, initial) = (view.hub_limits().await?, view.initial_hub_limits().await?);
    match changed_limits(name, text, &now, &initial)? {
        Some(limits) => Ok(calls::hub::set_parameters(limits)),
        None => Err(CliError::NotFound {
            what: "parameter (`ergon gov parameters` lists them)",
            id: name.into(),
        }),
    }
}

#[derive(Serialize)]
struct ParametersView {
    parameters: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    value: String,
    least: String,
    most: String,
}

impl From<Parameter> for Row {
    fn from(parameter: Parameter) -> Self {
        Self {
            name: parameter.name,
            value: parameter.value.to_string(),
            least: parameter.least.to_string(),
            most: parameter.most.to_string(),
        }
    }
}

impl Render for ParametersView {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["PARAMETER", ">VALUE", ">LEAST", ">MOST"]);
        for row in &self.parameters {
            table.row([
                row.name.into(),
                row.value.clone(),
                row.least.clone(),
                row.most.clone(),
            ]);
        }
        table.write(out, "There are no parameters.")?;
        writeln!(
            out,
            "\n`ergon gov propose set-parameter NAME VALUE` asks the voters for another value. What \
             has begun keeps the numbers it began with."
        )
    }
}

/// Shows the parameters with their bounds.
pub(super) async fn show(context: &Context) -> Result<Answer, CliError> {
    let view = context.view().await?;
    let protocol = view.protocol_parameters().await?;
    let (now, initial) = (view.hub_limits().await?, view.initial_hub_limits().await?);
    let parameters = of_protocol(&protocol)
        .into_iter()
        .chain(of_hubs(&now, &initial))
        .map(Row::from)
        .collect();
    Ok(Answer::new(ParametersView { parameters }))
}

#[cfg(test)]
mod tests;
