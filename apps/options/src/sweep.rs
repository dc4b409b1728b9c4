//! The sweep file: one option per row of a CSV table.
//!
//! Only the row that a task prices is read in full, so that a mistake in one row fails one task and
//! not all of them.

use crate::contract::{Contract, Kind};
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// The columns a sweep must have; `barrier` is the only other one.
const REQUIRED: [&str; 8] = [
    "kind",
    "spot",
    "strike",
    "rate",
    "volatility",
    "maturity_years",
    "steps",
    "paths",
];
const BARRIER: &str = "barrier";

const KINDS: &str = "european_call, european_put, asian_call and barrier_up_out_call";

const PRICE: RangeInclusive<f64> = 1e-6..=1e9;
const RATE: RangeInclusive<f64> = -1.0..=1.0;
const VOLATILITY: RangeInclusive<f64> = 1e-3..=5.0;
const YEARS: RangeInclusive<f64> = 1e-3..=100.0;
const STEPS: RangeInclusive<u32> = 1..=10_000;
const PATHS: RangeInclusive<u32> = 2..=100_000_000;

/// What is wrong with a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepError {
    /// The line of the file, counted from 1; 0 if it is about the file as a whole.
    pub line: usize,
    /// The column, counted from 1; 0 if it is about the line as a whole.
    pub column: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for SweepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            message,
        } = self;
        match (line, column) {
            (0, _) => write!(formatter, "the sweep: {message}"),
            (_, 0) => write!(formatter, "line {line} of the sweep: {message}"),
            _ => write!(
                formatter,
                "line {line}, column {column} of the sweep: {message}"
            ),
        }
    }
}

impl std::error::Error for SweepError {}

type Result<T> = std::result::Result<T, SweepError>;

/// A sweep whose header has been understood.
#[derive(Clone, Debug)]
pub struct Sweep<'a> {
    columns: Vec<&'a str>,
    /// The line number and the text of each row; blank lines are not rows.
    rows: Vec<(usize, &'a str)>,
}

impl<'a> Sweep<'a> {
    /// Reads the header and finds the rows.
    pub fn parse(text: &'a str) -> Result<Self> {
        let mut lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty());
        let Some((line, header)) = lines.next() else {
            let message = format!("the file is empty; begin with '{}'", REQUIRED.join(","));
            return Err(SweepError {
                line: 0,
                column: 0,
                message,
            });
        };
        let columns: Vec<&str> = header.split(',').map(str::trim).collect();
        check_columns(line, &columns)?;
        Ok(Self {
            columns,
            rows: lines.collect(),
        })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The option of a row, counted from 0.
    pub fn row(&self, index: usize) -> Result<Contract> {
        let (line, text) = *self.rows.get(index).ok_or_else(|| self.no_row(index))?;
        let fields: Vec<&str> = text.split(',').map(str::trim).collect();
        let row = Row {
            line,
            columns: &self.columns,
            fields,
        };
        row.contract()
    }

    fn no_row(&self, index: usize) -> SweepError {
        let message = match self.rows.len() {
            0 => "there is no row below the header; add one per option".to_owned(),
            count => format!(
                "there is no row {index}, only {count} rows; ask for one of 0 to {}",
                count - 1
            ),
        };
        SweepError {
            line: 0,
            column: 0,
            message,
        }
    }
}

fn check_columns(line: usize, columns: &[&str]) -> Result<()> {
    let at = |column, message| {
        Err(SweepError {
            line,
            column,
            message,
        })
    };
    for (place, name) in columns.iter().enumerate() {
        if !REQUIRED.contains(name) && *name != BARRIER {
            let known = REQUIRED.join(", ");
            return at(
                place + 1,
                format!("'{name}' is not one of {known} and {BARRIER}"),
            );
        }
        if columns[..place].contains(name) {
            return at(
                place + 1,
                format!("there is a column '{name}' already; keep one of them"),
            );
        }
    }
    match REQUIRED.iter().find(|name| !columns.contains(name)) {
        Some(name) => at(0, format!("the header has no column '{name}'; add it")),
        None => Ok(()),
    }
}

/// How a field's number is called in a sentence.
trait Number {
    const WHAT: &str;
}

impl Number for f64 {
    const WHAT: &str = "number";
}

impl Number for u32 {
    const WHAT: &str = "whole number";
}

/// The fields of one line under the names of their columns.
struct Row<'a> {
    line: usize,
    columns: &'a [&'a str],
    fields: Vec<&'a str>,
}

impl Row<'_> {
    fn contract(&self) -> Result<Contract> {
        if self.fields.len() != self.columns.len() {
            let (found, expected) = (self.fields.len(), self.columns.len());
            let message = format!("the row has {found} fields, the header {expected}; match them");
            return Err(SweepError {
                line: self.line,
                column: 0,
                message,
            });
        }
        let spot = self.number("spot", PRICE)?;
        let contract = Contract {
            kind: self.kind(spot)?,
            spot,
            strike: self.number("strike", PRICE)?,
            rate: self.number("rate", RATE)?,
            volatility: self.number("volatility", VOLATILITY)?,
            maturity_years: self.number("maturity_years", YEARS)?,
            steps: self.number("steps", STEPS)?,
            paths: self.number("paths", PATHS)?,
        };
        if contract.paths % 2 == 1 {
            return Err(self.error("paths", "is odd; paths come in pairs, give an even number"));
        }
        Ok(contract)
    }

    fn kind(&self, spot: f64) -> Result<Kind> {
        let plain = match self.field("kind") {
            "european_call" => Kind::EuropeanCall,
            "european_put" => Kind::EuropeanPut,
            "asian_call" => Kind::AsianCall,
            "barrier_up_out_call" => return self.barrier(spot),
            _ => return Err(self.error("kind", &format!("is not one of {KINDS}"))),
        };
        match self.field(BARRIER) {
            "" => Ok(plain),
            _ => Err(self.error(BARRIER, &format!("is one too many: {plain} has no barrier"))),
        }
    }

    fn barrier(&self, spot: f64) -> Result<Kind> {
        if !self.columns.contains(&BARRIER) {
            let message = "barrier_up_out_call needs a barrier; add a column 'barrier'";
            return Err(SweepError {
                line: self.line,
                column: 0,
                message: message.to_owned(),
            });
        }
        let barrier = self.number(BARRIER, PRICE)?;
        if barrier <= spot {
            return Err(self.error(
                BARRIER,
                "is not above the spot, so the option is void at once",
            ));
        }
        Ok(Kind::BarrierUpOutCall { barrier })
    }

    fn number<N>(&self, column: &str, range: RangeInclusive<N>) -> Result<N>
    where
        N: Number + FromStr + PartialOrd + fmt::Display,
    {
        let number = self
            .field(column)
            .parse()
            .ok()
            .filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let (from, to) = (range.start(), range.end());
            self.error(column, &format!("is not a {} from {from} to {to}", N::WHAT))
        })
    }

    /// The text of a field; empty if there is no such column.
    fn field(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| *name == column);
        place
            .and_then(|place| self.fields.get(place))
            .copied()
            .unwrap_or_default()
    }

    fn error(&self, column: &str, problem: &str) -> SweepError {
        let place = self.columns.iter().position(|name| *name == column);
        SweepError {
            line: self.line,
            column: place.map_or(0, |place| place + 1),
            message: format!("{column} '{}' {problem}", self.field(column)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "kind,spot,strike,rate,volatility,maturity_years,steps,paths,barrier";

    fn row(fields: &str) -> Result<Contract> {
        Sweep::parse(&format!("{HEADER}\n\n{fields}\n"))
            .unwrap()
            .row(0)
    }

    #[test]
    fn a_row_becomes_a_contract() {
        let contract =
            row("barrier_up_out_call, 100, 105, 0.03, 0.25, 1.5, 50, 2000, 140").unwrap();
        let kind = Kind::BarrierUpOutCall { barrier: 140.0 };
        let expected = Contract {
            kind,
            spot: 100.0,
            strike: 105.0,
            rate: 0.03,
            volatility: 0.25,
            maturity_years: 1.5,
            steps: 50,
            paths: 2_000,
        };
        assert_eq!(contract, expected);
    }

    #[test]
    fn columns_may_stand_in_any_order_and_without_barrier() {
        let text = "paths,steps,maturity_years,volatility,rate,strike,spot,kind\r\n\
                    200,5,1,0.2,-0.01,90,100,european_put\r\n";
        let sweep = Sweep::parse(text).unwrap();
        let contract = sweep.row(0).unwrap();
        assert_eq!((contract.kind, contract.strike), (Kind::EuropeanPut, 90.0));
        assert_eq!((contract.rate, contract.paths), (-0.01, 200));
    }

    #[test]
    fn the_shipped_sweep_is_sound_and_has_every_kind() {
        let sweep = Sweep::parse(include_str!("../data/sweep.csv")).unwrap();
        assert_eq!(sweep.rows(), 24);
        let rows: Result<Vec<Contract>> = (0..24).map(|index| sweep.row(index)).collect();
        let rows = rows.unwrap();
        for kind in [
            "european_call",
            "european_put",
            "asian_call",
            "barrier_up_out_call",
        ] {
            assert!(
                rows.iter().any(|contract| contract.kind.name() == kind),
                "{kind}"
            );
        }
    }

    #[test]
    fn bad_fields_are_answered_with_line_and_column() {
        for (fields, column, part) in [
            (
                "swaption,100,100,0,0.2,1,1,2,",
                1,
                "kind 'swaption' is not one of european_call",
            ),
            (
                "asian_call,0,100,0,0.2,1,1,2,",
                2,
                "spot '0' is not a number from 0.000001 to",
            ),
            (
                "asian_call,100,inf,0,0.2,1,1,2,",
                3,
                "strike 'inf' is not a number",
            ),
            (
                "asian_call,100,100,5%,0.2,1,1,2,",
                4,
                "rate '5%' is not a number from -1 to 1",
            ),
            (
                "asian_call,100,100,0,nan,1,1,2,",
                5,
                "volatility 'nan' is not a number",
            ),
            (
                "asian_call,100,100,0,0.2,,1,2,",
                6,
                "maturity_years '' is not a number",
            ),
            (
                "asian_call,100,100,0,0.2,1,1.5,2,",
                7,
                "steps '1.5' is not a whole number from 1",
            ),
            ("asian_call,100,100,0,0.2,1,1,3,", 8, "paths '3' is odd"),
            (
                "asian_call,100,100,0,0.2,1,1,2,9",
                9,
                "barrier '9' is one too many",
            ),
            (
                "barrier_up_out_call,100,100,0,0.2,1,1,2,",
                9,
                "barrier '' is not a number",
            ),
            (
                "barrier_up_out_call,100,100,0,0.2,1,1,2,100",
                9,
                "is not above the spot",
            ),
        ] {
            let error = row(fields).unwrap_err();
            assert_eq!((error.line, error.column), (3, column), "{fields}: {error}");
            assert!(error.message.contains(part), "{fields}: {error}");
        }
    }

    #[test]
    fn bad_lines_are_answered_with_their_line() {
        let error = row("asian_call,100").unwrap_err();
        assert_eq!((error.line, error.column), (3, 0));
        assert!(
            error.to_string().contains("2 fields, the header 9"),
            "{error}"
        );
        let text = "kind,spot,strike,rate,volatility,maturity_years,steps,paths\n\
                    barrier_up_out_call,100,100,0,0.2,1,1,2";
        let error = Sweep::parse(text).unwrap().row(0).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("line 2 of the sweep: barrier_up_out"),
            "{error}"
        );
    }

    #[test]
    fn bad_headers_are_answered_with_line_and_column() {
        for (text, place, part) in [
            ("", (0, 0), "the file is empty"),
            ("kind,spots", (1, 2), "'spots' is not one of kind, spot"),
            (
                "\nkind,spot,kind",
                (2, 3),
                "there is a column 'kind' already",
            ),
            ("kind,spot", (1, 0), "the header has no column 'strike'"),
        ] {
            let error = Sweep::parse(text).unwrap_err();
            assert_eq!((error.line, error.column), place, "{text}: {error}");
            assert!(error.message.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn one_bad_row_does_not_spoil_the_others() {
        let good = "european_call,100,100,0,0.2,1,1,2,";
        let text = format!("{HEADER}\n{good}\nnonsense\n{good}");
        let sweep = Sweep::parse(&text).unwrap();
        assert!(sweep.row(0).is_ok() && sweep.row(2).is_ok());
        assert_eq!(sweep.row(1).unwrap_err().line, 3);
    }

    #[test]
    fn rows_outside_the_sweep_are_refused() {
        let sweep = Sweep::parse(HEADER).unwrap();
        assert!(
            sweep
                .row(0)
                .unwrap_err()
                .to_string()
                .contains("no row below the header")
        );
        let text = format!("{HEADER}\na\nb");
        let error = Sweep::parse(&text).unwrap().row(2).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("only 2 rows; ask for one of 0 to 1"),
            "{error}"
        );
    }
}
