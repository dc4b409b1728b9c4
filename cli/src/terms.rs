//! Requirements and attributes as people type them, in the matchmaking language.

use crate::CliError;
use ergon_client::matchmaking::{Ad, Expression, ParseError, Value, tier, tiers};
use ergon_client::primitives::{
    Advertisement, Requirements, read_attributes, read_requirements, write_attributes,
    write_requirements,
};
use std::{fmt, str::FromStr};

/// A condition as it was typed, known to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConditionText(String);

impl FromStr for ConditionText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = expression(text)?;
        ensure_condition(&read)?;
        Ok(Self(text.into()))
    }
}

impl fmt::Display for ConditionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Attributes as they were typed, known to be some.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributesText(String);

impl FromStr for AttributesText {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ad(text).map(|_| Self(text.into()))
    }
}

impl fmt::Display for AttributesText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AttributesText {
    /// The attributes as orders carry them.
    pub fn form(&self) -> Result<Advertisement, CliError> {
        attributes_form(&self.0).map_err(CliError::Usage)
    }
}

/// Name of a predefined condition on machines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TierName(String);

impl FromStr for TierName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if tier(text).is_some() {
            return Ok(Self(text.into()));
        }
        let names: Vec<&str> = tiers().map(|(name, _)| name).collect();
        Err(format!(
            "there is no tier `{text}`: choose one of {}",
            names.join(", ")
        ))
    }
}

/// The condition that a tier and a typed condition make together, as orders carry it.
pub fn requirements(
    tier: Option<&TierName>,
    condition: Option<&ConditionText>,
) -> Result<Requirements, CliError> {
    let text = match (tier, condition) {
        (None, None) => return Ok(Requirements::default()),
        (Some(TierName(tier)), None) => tier.clone(),
        (None, Some(ConditionText(text))) => text.clone(),
        (Some(TierName(tier)), Some(ConditionText(text))) => format!("{tier} && ({text})"),
    };
    condition_form(&text).map_err(CliError::Usage)
}

/// What names no attribute and is neither true nor false can never hold.
fn ensure_condition(read: &Expression) -> Result<(), String> {
    let found = read.explain(&Ad::new(), &Ad::new());
    let names_nothing = found
        .conditions
        .iter()
        .all(|condition| condition.undefined.is_empty());
    match found.value {
        Value::Boolean(_) => Ok(()),
        value if names_nothing => Err(format!(
            "`{read}` is no condition: its value is {value}, and only what is true holds"
        )),
        _ => Ok(()),
    }
}

/// Reads an expression; the error shows where it goes wrong.
pub fn expression(text: &str) -> Result<Expression, String> {
    Expression::parse(text).map_err(|error| pointed(text, &error))
}

/// Reads an advertisement; the error shows where it goes wrong.
pub fn ad(text: &str) -> Result<Ad, String> {
    Ad::parse(text).map_err(|error| pointed(text, &error))
}

/// The error, and below it the line of the text with a caret under the place.
fn pointed(text: &str, error: &ParseError) -> String {
    format!("{error}\n{}", with_caret(text, error.position))
}

/// How much of a line is shown on each side of the caret, in characters.
const AROUND: usize = 60;

fn with_caret(text: &str, position: usize) -> String {
    let before = text.get(..position).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..).unwrap_or_default();
    let line = line.lines().next().unwrap_or_default();
    let column = before.get(start..).unwrap_or_default().chars().count();
    // A tab or another control character would move the caret away from its place.
    let line = line.replace(char::is_control, " ");
    let skipped = column.saturating_sub(AROUND);
    let line: String = line.chars().skip(skipped).take(2 * AROUND).collect();
    let column = column.saturating_sub(skipped);
    format!("    {line}\n    {:column$}^", "")
}

/// The SCALE form of a condition: nothing for an empty text, hexadecimal digits as they are.
pub fn condition_form(text: &str) -> Result<Requirements, String> {
    if let Some(bytes) = bytes_of(text)? {
        return fitted(bytes);
    }
    if text.trim().is_empty() {
        return Ok(Requirements::default());
    }
    expression(text).map(|expression| write_requirements(&expression))
}

/// A condition as text. Bytes that no text has as its form are shown in hexadecimal digits, so that
/// an order always has the same bytes after it was written down and read again.
pub fn condition_text(form: &Requirements) -> String {
    let written = match read_requirements(form) {
        Ok(expression) => expression.map(|expression| expression.to_string()),
        Err(_) => None,
    };
    let text = written.unwrap_or_default();
    if condition_form(&text).as_ref() == Ok(form) {
        text
    } else {
        hex_of(form)
    }
}

/// The SCALE form of attributes: nothing for an empty text, hexadecimal digits as they are.
pub fn attributes_form(text: &str) -> Result<Advertisement, String> {
    if let Some(bytes) = bytes_of(text)? {
        return fitted(bytes);
    }
    if text.trim().is_empty() {
        return Ok(Advertisement::default());
    }
    ad(text).map(|ad| write_attributes(&ad))
}

/// Attributes as text, or in hexadecimal digits as in [`condition_text`].
pub fn attributes_text(form: &Advertisement) -> String {
    if form.is_empty() {
        return String::new();
    }
    let text = read_attributes(form).map_or(String::new(), |ad| ad.to_string());
    if attributes_form(&text).as_ref() == Ok(form) {
        text
    } else {
        hex_of(form)
    }
}

fn hex_of(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

fn bytes_of(text: &str) -> Result<Option<Vec<u8>>, String> {
    let digits = text.strip_prefix("0x");
    digits
        .map(|digits| {
            hex::decode(digits).map_err(|error| format!("it is not hexadecimal: {error}"))
        })
        .transpose()
}

/// Requirements and advertisements are bounded alike.
fn fitted(bytes: Vec<u8>) -> Result<Requirements, String> {
    ergon_client::bounded("expression", bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Requirements {
        condition_form(text).unwrap()
    }

    #[test]
    fn conditions_survive_as_text() {
        for text in [
            "",
            "TARGET.cpus >= 8 && TARGET.memory >= 16384",
            "member(\"a100\", TARGET.gpu_model)",
            "T2.small",
        ] {
            let shown = condition_text(&form(text));
            assert_eq!(form(&shown), form(text), "{text}");
            assert!(!shown.starts_with("0x"), "{shown}");
        }
    }

    #[test]
    fn attributes_survive_as_text() {
        for text in ["", "[ cpus = 8; memory = 16384; os = \"linux\" ]"] {
            let form = attributes_form(text).unwrap();
            let shown = attributes_text(&form);
            assert_eq!(attributes_form(&shown), Ok(form), "{text}");
            assert!(!shown.starts_with("0x"), "{shown}");
        }
    }

    #[test]
    fn bytes_that_are_no_expression_survive_as_digits() {
        let bytes: Requirements = vec![0xff; 3].try_into().unwrap();
        assert_eq!(condition_text(&bytes), "0xffffff");
        assert_eq!(condition_form("0xffffff"), Ok(bytes.clone()));
        assert_eq!(attributes_text(&bytes), "0xffffff");
        assert!(condition_form("0xf").is_err());
        assert!(condition_form(&format!("0x{}", "00".repeat(1_025))).is_err());
    }

    #[test]
    fn errors_point_at_their_place() {
        assert_eq!(
            with_caret("cpus >= && 3", 8),
            "    cpus >= && 3\n            ^"
        );
        // The second line begins at byte 5, and `=` is its byte 4: tab, ß (two bytes), space.
        assert_eq!(with_caret("a &&\n\tß = 1", 9), "     ß = 1\n       ^");
        assert_eq!(with_caret("ab", 9), "    ab\n      ^");
        let error = "cpus >= && 3".parse::<ConditionText>().unwrap_err();
        assert!(
            error.ends_with("    cpus >= && 3\n            ^"),
            "{error}"
        );
        let error = "[ cpus = ]".parse::<AttributesText>().unwrap_err();
        assert!(error.contains("\n    [ cpus = ]\n"), "{error}");
    }

    #[test]
    fn what_can_never_hold_is_no_condition() {
        for wrong in ["1 + 2", "\"linux\"", "{1, 2}", "1 / 0 > 1"] {
            let error = wrong.parse::<ConditionText>().unwrap_err();
            assert!(error.contains("is no condition"), "{wrong}: {error}");
        }
        for right in ["TARGET.is_fast", "false", "TARGET.cpus > 1 / 0"] {
            assert!(right.parse::<ConditionText>().is_ok(), "{right}");
        }
    }

    #[test]
    fn of_a_long_line_the_place_is_shown() {
        let text = format!("{} && &&", "a".repeat(500));
        let shown = with_caret(&text, 504);
        let (line, caret) = shown.split_once('\n').unwrap();
        assert_eq!(line.chars().nth(caret.chars().count() - 1), Some('&'));
        assert!(line.len() < 150 && line.starts_with("    aaa"), "{line}");
    }

    #[test]
    fn a_tier_and_a_condition_are_both_required() {
        let tier: TierName = "T2.small".parse().unwrap();
        let condition: ConditionText = "os == \"linux\" || os == \"windows\"".parse().unwrap();
        let both = requirements(Some(&tier), Some(&condition)).unwrap();
        let text = "T2.small && (os == \"linux\" || os == \"windows\")";
        assert_eq!(both, form(text));
        assert_eq!(requirements(None, None).unwrap(), Requirements::default());
        assert_eq!(requirements(Some(&tier), None).unwrap(), form("T2.small"));
    }

    #[test]
    fn an_unknown_tier_names_those_that_exist() {
        let error = "T9.huge".parse::<TierName>().unwrap_err();
        assert!(
            error.contains("T2.nano") && error.contains("T1.default"),
            "{error}"
        );
    }
}
