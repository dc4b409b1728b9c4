//! The requirement language against HTCondor's own ClassAd implementation.
//!
//! `htcondor/generate.py` writes expressions with the values that HTCondor gives them; every one is
//! evaluated here too. A different answer is either one of the purposeful differences below, each
//! with its reason, or a failure. `ERGON_HTCONDOR_SEED` and `ERGON_HTCONDOR_COUNT` try other
//! expressions than the usual ones.

use ergon_matchmaking::{Ad, Expression, ParseError, ParseErrorKind, Real, Value, tiers};
use serde_json::Value as Json;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const SEED: &str = "2609";
const COUNT: &str = "6000";

/// Half a unit of the ninth decimal, by which a decimal real may be wrong, with room for a few
/// steps.
const DECIMAL_STEP: f64 = 4.0 * 0.5e-9;
/// The same of a double, relative to the largest number involved.
const BINARY_STEP: f64 = 4.0 * f64::EPSILON;

// ------------------------------------------------------------------------------------- the package

/// The Python of an environment with the pinned package, which outlives the checkout. The reason
/// otherwise.
fn python() -> Result<PathBuf, String> {
    let home = std::env::var_os("HOME").ok_or("HOME is not set")?;
    let cache = PathBuf::from(home).join(".cache/ergon");
    fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    let lock =
        File::create(cache.join("python-htcondor.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let environment = cache.join("python-htcondor");
    let requirements = source("requirements.txt");
    let stamp = environment.join("requirements.installed.txt");
    if fs::read(&stamp).ok() != fs::read(&requirements).ok() {
        install(&environment, &requirements)?;
        // Last: an environment without its stamp is half made, and is made anew.
        fs::copy(&requirements, &stamp).map_err(|error| error.to_string())?;
    }
    Ok(environment.join("bin/python"))
}

fn install(environment: &Path, requirements: &Path) -> Result<(), String> {
    if environment.exists() {
        fs::remove_dir_all(environment).map_err(|error| error.to_string())?;
    }
    run(Command::new("python3")
        .args(["-m", "venv"])
        .arg(environment))?;
    let python = environment.join("bin/python");
    let options = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ];
    run(Command::new(python).args(options).arg(requirements)).map(drop)
}

fn run(command: &mut Command) -> Result<Output, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!(
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/htcondor")
        .join(name)
}

fn setting(name: &str, usual: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| usual.into())
}

// --------------------------------------------------------------------------------------- the cases

/// One expression, its ads, and what HTCondor makes of it.
struct Case {
    expression: String,
    my: Ad,
    target: Ad,
    theirs: Json,
    marks: Vec<Mark>,
}

/// A part of the expression at which HTCondor's arithmetic is not exact.
struct Mark {
    class: String,
    at: String,
    theirs: Json,
    /// The magnitudes among the value and its operands, but for 0.
    least: f64,
    largest: f64,
}

impl Mark {
    fn read(json: &Json) -> Self {
        let number = |json: &Json| text(json).parse().expect("a number");
        Self {
            class: text(&json["class"]),
            at: text(&json["at"]),
            theirs: json["value"].clone(),
            least: number(&json["least"]),
            largest: number(&json["largest"]),
        }
    }
}

impl Case {
    fn read(line: &str) -> Self {
        let json: Json = serde_json::from_str(line).expect("the generator writes JSON");
        let ad = |json: &Json| {
            let text = text(json);
            Ad::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        let marks = json["marks"].as_array().expect("marks");
        Self {
            expression: text(&json["expression"]),
            my: ad(&json["my"]),
            target: ad(&json["target"]),
            theirs: json["value"].clone(),
            marks: marks.iter().map(Mark::read).collect(),
        }
    }

    /// Our value of a text under the ads of this case; `None` where we refuse the text.
    fn value(&self, text: &str) -> Option<Value> {
        Some(
            Expression::parse(text)
                .ok()?
                .evaluate(&self.my, &self.target),
        )
    }

    fn ours(&self) -> Option<Value> {
        self.value(&self.expression)
    }

    /// Whether both have a value, and a mark of the class explains that it differs: HTCondor's
    /// arithmetic leaves the exact one there, and ours does so in its own way.
    fn is_marked(&self, class: &str, explains: impl Fn(&Mark, Option<Value>) -> bool) -> bool {
        let mut marks = self.marks.iter().filter(|mark| mark.class == class);
        self.ours().is_some() && marks.any(|mark| explains(mark, self.value(&mark.at)))
    }

    /// How far roundings at the marks may lead in a result of this magnitude.
    fn tolerance(&self, result: f64) -> f64 {
        let rounded = || {
            self.marks
                .iter()
                .filter(|mark| mark.class == "real rounding")
        };
        let least = rounded().map(|mark| mark.least).fold(1.0, f64::min);
        tolerance(
            least,
            rounded().map(|mark| mark.largest).fold(result, f64::max),
        )
    }

    /// Why we refuse a text that HTCondor takes.
    fn refusal(&self) -> Option<ParseError> {
        Expression::parse(&self.expression)
            .err()
            .filter(|_| self.theirs != "parse error")
    }

    fn is_refused(&self, for_this: impl Fn(&ParseErrorKind) -> bool) -> bool {
        self.refusal().is_some_and(|error| for_this(&error.kind))
    }

    /// Whether we refuse the text where one of these begins.
    fn is_refused_before(&self, beginnings: &[&str]) -> bool {
        self.refusal().is_some_and(|error| {
            let rest = self.expression.get(error.position..).unwrap_or_default();
            beginnings
                .iter()
                .any(|beginning| rest.starts_with(beginning))
        })
    }
}

fn text(json: &Json) -> String {
    json.as_str().expect("a text").to_string()
}

fn real(json: &Json) -> Option<f64> {
    json["real"].as_str()?.parse().ok()
}

/// The same type and the same value; reals to the last bit of HTCondor's.
fn agrees(theirs: &Json, ours: Option<&Value>) -> bool {
    match ours {
        None => theirs == "parse error",
        Some(Value::Undefined) => theirs == "undefined",
        Some(Value::Error) => theirs == "error",
        Some(Value::Boolean(ours)) => theirs["boolean"] == *ours,
        Some(Value::Integer(ours)) => theirs["integer"].as_str() == Some(ours.to_string().as_str()),
        Some(Value::Real(ours)) => real(theirs) == ours.to_string().parse().ok(),
        Some(Value::Text(ours)) => theirs["text"] == ours.as_str(),
        Some(Value::List(ours)) => {
            are_pairs(theirs, ours, |theirs, ours| agrees(theirs, Some(ours)))
        }
    }
}

fn are_pairs(theirs: &Json, ours: &[Value], fit: impl Fn(&Json, &Value) -> bool) -> bool {
    theirs["list"].as_array().is_some_and(|theirs| {
        theirs.len() == ours.len()
            && theirs
                .iter()
                .zip(ours)
                .all(|(theirs, ours)| fit(theirs, ours))
    })
}

// ------------------------------------------------------------------------ purposeful differences

/// A difference we want, why, and how to recognise it.
struct Difference {
    name: &'static str,
    reason: &'static str,
    explains: fn(&Case) -> bool,
}

/// Every purposeful difference, as in "Where we differ from HTCondor" of the README.
const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "integer overflow",
        reason: "an overflow is ERROR here; HTCondor wraps around",
        explains: |case| case.is_marked("integer overflow", |_, ours| ours == Some(Value::Error)),
    },
    Difference {
        name: "real division by zero",
        reason: "always ERROR here; HTCondor keeps negative infinity and not-a-number",
        explains: |case| {
            case.is_marked("real division by zero", |_, ours| {
                ours == Some(Value::Error)
            })
        },
    },
    Difference {
        name: "range",
        reason: "integers have 64 bits and reals end near 1.7e29, beyond is refused or ERROR; \
                 HTCondor makes 0 or infinity of literals too large, of `- 9223372036854775808` too",
        explains: |case| {
            case.is_marked("real range", |_, ours| {
                matches!(ours, None | Some(Value::Error))
            }) || case.is_refused(|kind| matches!(kind, ParseErrorKind::NumberTooLarge))
                || case.expression.contains("- 9223372036854775808")
        },
    },
    Difference {
        name: "decimal reals",
        reason: "reals have nine decimals, the same on every node; HTCondor's are binary",
        explains: |case| {
            is_near(case, &case.theirs, case.ours().as_ref())
                || case.is_marked("real rounding", decides)
        },
    },
    Difference {
        name: "forms of numbers",
        reason: "a number has no leading zeros, and a blank follows it before a word",
        explains: |case| case.is_refused(|kind| matches!(kind, ParseErrorKind::MalformedNumber(_))),
    },
    Difference {
        name: "forms of texts",
        reason: "one literal on one line, with the escapes \\\" \\\\ \\n \\t, without control characters",
        explains: |case| {
            case.is_refused(|kind| match kind {
                ParseErrorKind::UnterminatedText | ParseErrorKind::UnknownEscape(_) => true,
                ParseErrorKind::UnexpectedCharacter(character) => character.is_control(),
                _ => false,
            }) || case.is_refused_before(&["\""])
        },
    },
    Difference {
        name: "quoted names",
        reason: "the name of an attribute is a plain word",
        explains: |case| case.is_refused_before(&["'"]),
    },
    Difference {
        name: "bit operators",
        reason: "requirements do not need them",
        explains: |case| case.is_refused_before(&["&", "|", "^", "~", "<", ">"]),
    },
    Difference {
        name: "short conditional",
        reason: "`a ?: b` binds tighter than anything else in HTCondor, which misleads; \
                 ifThenElse(isUndefined(a), b, a) says it",
        explains: |case| case.is_refused_before(&[":"]),
    },
    Difference {
        name: "advertisements as values",
        reason: "an attribute is a plain value: nothing is selected from it by dot or subscript",
        explains: |case| {
            case.is_refused(|kind| match kind {
                ParseErrorKind::UnknownScope(_) => true,
                ParseErrorKind::ReservedWord(word) => {
                    SCOPES.iter().any(|scope| scope.eq_ignore_ascii_case(word))
                }
                ParseErrorKind::Expected { expected, .. } => expected.starts_with("`.`"),
                _ => false,
            }) || case.is_refused_before(&[".", "["])
        },
    },
    Difference {
        name: "functions",
        reason: "member, isUndefined, isError and ifThenElse with their number of arguments; \
                 HTCondor has more, and others are ERROR when evaluated",
        explains: |case| {
            case.is_refused(|kind| {
                matches!(
                    kind,
                    ParseErrorKind::UnknownFunction(_) | ParseErrorKind::WrongArguments { .. }
                )
            })
        },
    },
    Difference {
        name: "tiers",
        reason: "T2.small and its like are conditions; HTCondor selects from an attribute T2",
        explains: |case| tiers().any(|(name, _)| case.expression.contains(name)),
    },
    Difference {
        name: "bounds",
        reason: "texts, names, lists and nesting end where a block could not afford them",
        explains: |case| {
            case.is_refused(|kind| {
                matches!(
                    kind,
                    ParseErrorKind::TextTooLong
                        | ParseErrorKind::StringTooLong
                        | ParseErrorKind::NameTooLong
                        | ParseErrorKind::ListTooLong
                        | ParseErrorKind::TooDeep
                        | ParseErrorKind::TooManyNodes
                        | ParseErrorKind::TooLong
                )
            })
        },
    },
];

/// Names that are advertisements in HTCondor.
const SCOPES: [&str; 3] = ["my", "target", "parent"];

/// A rounding that turns what depends on it into something else: to 0, or the other way in a
/// comparison.
fn decides(mark: &Mark, ours: Option<Value>) -> bool {
    match (real(&mark.theirs), ours) {
        (Some(theirs), Some(Value::Real(ours))) => {
            ours == Real::from(0) && theirs != 0.0 && theirs.abs() <= DECIMAL_STEP
        }
        (None, Some(Value::Boolean(ours))) => mark.theirs["boolean"] == !ours,
        _ => false,
    }
}

/// How far roundings of numbers from the least to the largest may lead: what is half a unit of the
/// ninth decimal at the least is so much more once it has grown as the largest.
fn tolerance(least: f64, largest: f64) -> f64 {
    (DECIMAL_STEP / least.min(1.0) + BINARY_STEP) * largest.max(1.0)
}

/// Values that roundings alone have parted: reals near each other, and lists of such.
fn is_near(case: &Case, theirs: &Json, ours: Option<&Value>) -> bool {
    match (real(theirs), ours) {
        (Some(theirs), Some(Value::Real(ours))) => {
            (float(*ours) - theirs).abs() <= case.tolerance(theirs.abs())
        }
        (None, Some(Value::List(ours))) => are_pairs(theirs, ours, |theirs, ours| {
            agrees(theirs, Some(ours)) || is_near(case, theirs, Some(ours))
        }),
        _ => false,
    }
}

fn float(real: Real) -> f64 {
    real.to_string().parse().expect("reals print as numbers")
}

// ---------------------------------------------------------------------------------------- the test

#[test]
fn every_expression_has_the_value_htcondor_gives_it() {
    let python = match python() {
        Ok(python) => python,
        Err(reason) => {
            // Not `eprintln!`, which the test runner keeps to itself.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: HTCondor's ClassAd package cannot be had, so the requirement language is not \
                 compared with it. Install python3 with venv and pip, and let pip reach a package index \
                 once. {reason}"
            );
            return;
        }
    };
    let (seed, count) = (
        setting("ERGON_HTCONDOR_SEED", SEED),
        setting("ERGON_HTCONDOR_COUNT", COUNT),
    );
    let lines = run(Command::new(python)
        .arg(source("generate.py"))
        .args([&seed, &count])
        // Whatever HTCondor this machine runs is none of our business.
        .env("CONDOR_CONFIG", "ONLY_ENV"));
    let lines =
        String::from_utf8(lines.expect("the generator runs").stdout).expect("JSON is UTF-8");
    let cases: Vec<Case> = lines.lines().map(Case::read).collect();
    assert_eq!(
        cases.len().to_string(),
        count,
        "the generator wrote another number of expressions"
    );
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut agreements = 0;
    for case in &cases {
        if agrees(&case.theirs, case.ours().as_ref()) {
            agreements += 1;
        } else if let Some(difference) = DIFFERENCES.iter().find(|known| (known.explains)(case)) {
            *classes.entry(difference.name).or_default() += 1;
        } else {
            unexplained.push(case);
        }
    }
    report(cases.len(), agreements, &classes);
    assert!(unexplained.is_empty(), "{}", complaint(&unexplained));
}

fn report(count: usize, agreements: usize, classes: &BTreeMap<&str, usize>) {
    let differ: usize = classes.values().sum();
    let list: Vec<_> = classes
        .iter()
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    println!(
        "{count} expressions: {agreements} agree, {differ} differ on purpose ({})",
        list.join(", ")
    );
    for difference in DIFFERENCES
        .iter()
        .filter(|known| classes.contains_key(known.name))
    {
        println!("  {}: {}", difference.name, difference.reason);
    }
}

fn complaint(unexplained: &[&Case]) -> String {
    let mut lines = vec![format!(
        "{} expressions have another value than in HTCondor, for no listed reason:",
        unexplained.len()
    )];
    for case in unexplained.iter().take(20) {
        let ours = match Expression::parse(&case.expression) {
            Ok(expression) => format!("{:?}", expression.evaluate(&case.my, &case.target)),
            Err(error) => format!("refused: {error}"),
        };
        lines.push(format!(
            "{}\n    HTCondor: {}\n    here: {ours}\n    my: {}\n    target: {}",
            case.expression, case.theirs, case.my, case.target
        ));
    }
    lines.join("\n")
}
