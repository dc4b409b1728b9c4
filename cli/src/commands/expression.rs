//! `ergon expression`: the matchmaking language, without a node.

use crate::{
    CliError, Context,
    answer::{Answer, Render},
    table::{Card, Table},
    terms::{AttributesText, ConditionText, ad, expression},
};
use clap::Subcommand;
use ergon_client::matchmaking::{Ad, MAX_ENCODED, tiers};
use serde::Serialize;
use std::io::{self, Write};

/// Check requirements and attributes before they stand in an order.
#[derive(Subcommand, Clone, PartialEq, Eq, Debug)]
pub enum Expression {
    /// Check a condition, and evaluate it for two parties when they are given.
    #[command(
        after_help = "Example: ergon expression check 'TARGET.cpus >= 8' --target '[ cpus = 16 ]'"
    )]
    Check {
        /// The condition.
        #[arg(value_name = "TEXT")]
        condition: ConditionText,
        /// What the party says of itself that demands it: MY in the condition.
        #[arg(long, value_name = "ATTRIBUTES")]
        my: Option<AttributesText>,
        /// What the other party says of itself: TARGET in the condition.
        #[arg(long, value_name = "ATTRIBUTES")]
        target: Option<AttributesText>,
    },
    /// List the predefined classes of machines and their conditions.
    #[command(after_help = "Example: ergon expression tiers")]
    Tiers,
}

#[derive(Serialize)]
struct Checked {
    /// The condition as the language writes it.
    expression: String,
    /// Size of the form in which an order carries it.
    bytes: usize,
    /// None when no party was given.
    value: Option<String>,
    holds: Option<bool>,
    conditions: Vec<CheckedCondition>,
}

#[derive(Serialize)]
struct CheckedCondition {
    condition: String,
    value: String,
    undefined: Vec<String>,
    #[serde(skip)]
    line: String,
}

impl Render for Checked {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        Card::new()
            .line("expression", &self.expression)
            .line("size", format!("{} of {MAX_ENCODED} bytes", self.bytes))
            .maybe("value", self.value.as_ref())
            .write(out)?;
        for condition in &self.conditions {
            writeln!(out, "  {}", condition.line)?;
        }
        Ok(())
    }
}

#[derive(Serialize)]
struct TierList {
    tiers: Vec<TierView>,
}

#[derive(Serialize)]
struct TierView {
    tier: &'static str,
    condition: String,
}

impl Render for TierList {
    fn render(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(&["TIER", "CONDITION"]);
        for tier in &self.tiers {
            table.row([tier.tier.into(), tier.condition.clone()]);
        }
        table.write(out, "There are no tiers.")
    }
}

/// Does what the command says.
pub fn run(command: Expression, _: &Context) -> Result<Answer, CliError> {
    match command {
        Expression::Check {
            condition,
            my,
            target,
        } => Ok(Answer::new(check(
            &condition,
            my.as_ref(),
            target.as_ref(),
        )?)),
        Expression::Tiers => Ok(Answer::new(tier_list())),
    }
}

fn tier_list() -> TierList {
    let tiers = tiers().map(|(tier, condition)| TierView {
        tier,
        condition: condition.to_string(),
    });
    TierList {
        tiers: tiers.collect(),
    }
}

fn check(
    condition: &ConditionText,
    my: Option<&AttributesText>,
    target: Option<&AttributesText>,
) -> Result<Checked, CliError> {
    let read = expression(&condition.to_string()).map_err(CliError::Usage)?;
    let party = |text: Option<&AttributesText>| match text {
        Some(text) => ad(&text.to_string()).map_err(CliError::Usage),
        None => Ok(Ad::new()),
    };
    let checked = Checked {
        expression: read.to_string(),
        bytes: read.encode_bounded().len(),
        value: None,
        holds: None,
        conditions: Vec::new(),
    };
    if my.is_none() && target.is_none() {
        return Ok(checked);
    }
    let (my, target) = (party(my)?, party(target)?);
    let explanation = read.explain(&my, &target);
    let conditions = explanation
        .conditions
        .iter()
        .map(|condition| CheckedCondition {
            condition: condition.text.clone(),
            value: condition.value.to_string(),
            undefined: condition.undefined.clone(),
            line: condition.to_string(),
        });
    Ok(Checked {
        value: Some(explanation.value.to_string()),
        holds: Some(read.holds(&my, &target)),
        conditions: conditions.collect(),
        ..checked
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(condition: &str, my: Option<&str>, target: Option<&str>) -> Checked {
        let my = my.map(|text| text.parse().unwrap());
        let target = target.map(|text| text.parse().unwrap());
        check(&condition.parse().unwrap(), my.as_ref(), target.as_ref()).unwrap()
    }

    #[test]
    fn a_condition_alone_is_only_checked() {
        let found = checked("TARGET.cpus>=8", None, None);
        assert_eq!(found.expression, "TARGET.cpus >= 8");
        assert!(found.bytes > 0 && found.value.is_none() && found.conditions.is_empty());
    }

    #[test]
    fn for_two_parties_each_condition_is_evaluated() {
        let text = "TARGET.cpus >= MY.least && TARGET.gpus >= 1";
        let found = checked(text, Some("[ least = 8 ]"), Some("[ cpus = 16 ]"));
        assert_eq!(
            (found.value.as_deref(), found.holds),
            (Some("undefined"), Some(false))
        );
        assert_eq!(found.conditions[0].value, "true");
        assert_eq!(found.conditions[1].undefined, ["TARGET.gpus"]);
        let mut out = Vec::new();
        found.render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("  holds: TARGET.cpus >= MY.least\n"),
            "{text}"
        );
        assert!(text.contains("(TARGET.gpus is not given)"), "{text}");
    }

    #[test]
    fn a_condition_that_holds_says_so() {
        let found = checked("TARGET.cpus == 8", None, Some("[ cpus = 8 ]"));
        assert_eq!(
            (found.value.as_deref(), found.holds),
            (Some("true"), Some(true))
        );
    }

    #[test]
    fn every_tier_is_listed_with_its_condition() {
        let mut out = Vec::new();
        tier_list().render(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.lines().find(|line| line.starts_with("T2.small "));
        assert!(
            line.is_some_and(|line| line.contains("TARGET.memory >= 4096")),
            "{text}"
        );
        assert!(text.contains("T1.default"), "{text}");
    }
}
