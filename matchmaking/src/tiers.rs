//! The tiers of computational resources by whose names machines are asked for.
//!
//! From table 1 of the Iagon paper. The table describes machines by what they have up to; a
//! requirement reads it as "at least", so that a greater machine may serve a smaller task.

use crate::{
    Ad, Expression, Value, attributes,
    expression::{BinaryOperator, Function, Node, Scope},
};
use alloc::{boxed::Box, string::ToString, vec::Vec};

/// What a tier asks for.
#[derive(Clone, Copy)]
enum Least {
    /// Two cores of so many MHz, and so many MiB of memory.
    Home { memory: i64, cpu_mhz: i64 },
    /// More than two cores.
    Enterprise,
}

/// The tiers from the best: a machine that is of several is best known by the first.
const TIERS: [(&str, Least); 11] = [
    ("T1.default", Least::Enterprise),
    ("T2.xlarge.fast", home(32, 4)),
    ("T2.large.fast", home(16, 4)),
    ("T2.medium.fast", home(8, 4)),
    ("T2.small.fast", home(4, 4)),
    ("T2.nano.fast", home(2, 4)),
    ("T2.xlarge", home(32, 2)),
    ("T2.large", home(16, 2)),
    ("T2.medium", home(8, 2)),
    ("T2.small", home(4, 2)),
    ("T2.nano", home(2, 2)),
];

const fn home(gigabytes: i64, gigahertz: i64) -> Least {
    Least::Home {
        memory: gigabytes.saturating_mul(1_024),
        cpu_mhz: gigahertz.saturating_mul(1_000),
    }
}

/// The condition of a tier, by its name in capital or small letters.
pub fn tier(name: &str) -> Option<Expression> {
    node(name).map(Expression::of_tier)
}

/// All tiers and their conditions, from the best.
pub fn tiers() -> impl Iterator<Item = (&'static str, Expression)> {
    TIERS
        .into_iter()
        .map(|(name, least)| (name, Expression::of_tier(least.node())))
}

/// The best tier that the machine of an advertisement is of.
///
/// Tier 1 comes first; then speed and memory, for a fast machine of a tier is also a slow one of it.
pub fn tier_of(ad: &Ad) -> Option<&'static str> {
    let nobody = Ad::new();
    tiers().find_map(|(name, condition)| condition.holds(&nobody, ad).then_some(name))
}

/// The condition of a tier as a part of an expression.
pub(crate) fn node(name: &str) -> Option<Node> {
    TIERS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, least)| least.node())
}

impl Least {
    fn node(self) -> Node {
        use BinaryOperator::{Greater, GreaterOrEqual};
        let mut conditions = match self {
            Self::Home { memory, cpu_mhz } => Vec::from([
                compare(attributes::CPUS, GreaterOrEqual, 2),
                compare(attributes::CPU_MHZ, GreaterOrEqual, cpu_mhz),
                compare(attributes::MEMORY, GreaterOrEqual, memory),
            ]),
            Self::Enterprise => Vec::from([compare(attributes::CPUS, Greater, 2)]),
        };
        conditions.push(known_system());
        Node::All(conditions)
    }
}

fn target(name: &str) -> Node {
    Node::Attribute(Scope::Target, name.to_string())
}

fn compare(name: &str, operator: BinaryOperator, number: i64) -> Node {
    let number = Node::Literal(Value::Integer(number));
    Node::Binary(operator, Box::new(target(name)), Box::new(number))
}

fn known_system() -> Node {
    let systems = ["windows", "linux"].map(|system| Node::Literal(system.into()));
    let systems = Node::List(systems.into());
    Node::Call(
        Function::Member,
        Vec::from([target(attributes::OS), systems]),
    )
}
