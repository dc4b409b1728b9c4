//! Expressions: trees of nodes within bounds.

use crate::{
    Ad, Explanation, FormError, MAX_ENCODED, MAX_TEXT, ParseError, Value, display, evaluate,
    explain, parser, scale, value::length,
};
use alloc::{boxed::Box, string::String, vec::Vec};

/// A condition, or any other formula, over the attributes of two advertisements.
///
/// Always within the bounds of this crate: made by [`parse`](Self::parse) or
/// [`decode_bounded`](Self::decode_bounded) only. [`Display`](core::fmt::Display) writes a text that
/// parses back to an equal expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// Reads an expression; the error says what is wrong, where, and what to do.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parser::expression(text)
    }

    /// The SCALE form, of at most [`MAX_ENCODED`] bytes.
    pub fn encode_bounded(&self) -> Vec<u8> {
        scale::encode_node(&self.root)
    }

    /// Reads the SCALE form, all of it and nothing else. Every expression has one form only.
    pub fn decode_bounded(bytes: &[u8]) -> Result<Self, FormError> {
        let root = scale::decode_node(bytes)?;
        Self::within_bounds(root).ok_or(FormError::TooLong)
    }

    /// The value for a pair of advertisements. [`Value::Error`] also when it takes more than
    /// [`MAX_STEPS`](crate::MAX_STEPS).
    pub fn evaluate(&self, my: &Ad, target: &Ad) -> Value {
        evaluate::run(&self.root, my, target).0
    }

    /// Whether the value is exactly `true`: a number, UNDEFINED or ERROR is not.
    pub fn holds(&self, my: &Ad, target: &Ad) -> bool {
        self.evaluate(my, target) == Value::Boolean(true)
    }

    /// The value of each of the conditions that are joined by `&&`, and of all together.
    pub fn explain(&self, my: &Ad, target: &Ad) -> Explanation {
        explain::explain(&self.root, my, target)
    }

    /// The expression of a tree whose nodes, depth, names, texts and lists are within bounds; `None`
    /// when its forms are too long.
    pub(crate) fn within_bounds(root: Node) -> Option<Self> {
        let expression = Self { root };
        let encoded = length(expression.encode_bounded().len());
        let fits = encoded <= MAX_ENCODED && display::length_of(&expression) <= MAX_TEXT;
        fits.then_some(expression)
    }

    /// The expression of a tree of this crate's own making.
    pub(crate) fn of_tier(root: Node) -> Self {
        Self { root }
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }
}

/// A part of an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Node {
    /// Any value but a list.
    Literal(Value),
    /// `{a, b}`.
    List(Vec<Node>),
    /// An attribute; the name in small letters.
    Attribute(Scope, String),
    /// An operator before its operand.
    Unary(UnaryOperator, Box<Node>),
    /// An operator between its operands.
    Binary(BinaryOperator, Box<Node>, Box<Node>),
    /// `a && b && c`: as many operands as are joined without parentheses, two at least.
    All(Vec<Node>),
    /// `a || b || c`, likewise.
    Any(Vec<Node>),
    /// `condition ? one : other`.
    Conditional(Box<[Node; 3]>),
    /// A function and its arguments, as many as it takes.
    Call(Function, Vec<Node>),
}

impl Node {
    /// How many nodes it is.
    pub(crate) fn count(&self) -> u32 {
        let below = self.children().map(Self::count);
        below.fold(1, u32::saturating_add)
    }

    /// How deep it nests; a leaf has depth 1.
    pub(crate) fn depth(&self) -> u32 {
        let below = self.children().map(Self::depth).max();
        below.unwrap_or_default().saturating_add(1)
    }

    /// The nodes directly below.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Node> {
        let (nodes, pair): (&[Node], [Option<&Node>; 2]) = match self {
            Self::Literal(_) | Self::Attribute(..) => (&[], [None, None]),
            Self::Unary(_, operand) => (&[], [Some(&**operand), None]),
            Self::Binary(_, left, right) => (&[], [Some(&**left), Some(&**right)]),
            Self::Conditional(parts) => (parts.as_slice(), [None, None]),
            Self::List(nodes) | Self::All(nodes) | Self::Any(nodes) | Self::Call(_, nodes) => {
                (nodes.as_slice(), [None, None])
            }
        };
        nodes.iter().chain(pair.into_iter().flatten())
    }
}

/// Whose attribute a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    /// A bare name: one's own attribute if it is given, else the other side's.
    Bare,
    /// `MY.`: of the side whose expression it is.
    My,
    /// `TARGET.`: of the other side.
    Target,
}

impl Scope {
    /// What stands before the name.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Bare => "",
            Self::My => "MY.",
            Self::Target => "TARGET.",
        }
    }
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnaryOperator {
    Not,
    Minus,
    Plus,
}

impl UnaryOperator {
    /// All of them, in the order of their SCALE tags.
    pub(crate) const ALL: [Self; 3] = [Self::Not, Self::Minus, Self::Plus];

    /// How it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Minus => "-",
            Self::Plus => "+",
        }
    }
}

/// Operators with two operands, but for `&&` and `||`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BinaryOperator {
    Equal,
    Unequal,
    Is,
    Isnt,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOperator {
    /// All of them, in the order of their SCALE tags.
    pub(crate) const ALL: [Self; 13] = [
        Self::Equal,
        Self::Unequal,
        Self::Is,
        Self::Isnt,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
    ];

    /// How it is written.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Is => "=?=",
            Self::Isnt => "=!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds.
    pub(crate) fn binding(self) -> Binding {
        match self {
            Self::Equal | Self::Unequal | Self::Is | Self::Isnt => Binding::Equality,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => Binding::Order,
            Self::Add | Self::Subtract => Binding::Sum,
            Self::Multiply | Self::Divide | Self::Remainder => Binding::Product,
        }
    }
}

/// How tightly parts of an expression hold together, from the loosest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Binding {
    Conditional,
    Any,
    All,
    Equality,
    Order,
    Sum,
    Product,
    Unary,
    Primary,
}

impl Binding {
    /// The next tighter one.
    pub(crate) fn tighter(self) -> Self {
        match self {
            Self::Conditional => Self::Any,
            Self::Any => Self::All,
            Self::All => Self::Equality,
            Self::Equality => Self::Order,
            Self::Order => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Unary,
            Self::Unary | Self::Primary => Self::Primary,
        }
    }
}

/// The functions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Function {
    Member,
    IsUndefined,
    IsError,
    IfThenElse,
}

impl Function {
    /// All of them, in the order of their SCALE tags.
    pub(crate) const ALL: [Self; 4] = [
        Self::Member,
        Self::IsUndefined,
        Self::IsError,
        Self::IfThenElse,
    ];

    /// How it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::IsUndefined => "isUndefined",
            Self::IsError => "isError",
            Self::IfThenElse => "ifThenElse",
        }
    }

    /// How many arguments it takes.
    pub(crate) fn arguments(self) -> u32 {
        match self {
            Self::IsUndefined | Self::IsError => 1,
            Self::Member => 2,
            Self::IfThenElse => 3,
        }
    }

    /// The function of a name, in capital or small letters.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|function| function.name().eq_ignore_ascii_case(name))
    }
}
