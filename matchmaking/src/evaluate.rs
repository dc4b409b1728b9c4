//! The value of an expression for a pair of advertisements, in a bounded number of steps.

use crate::{
    Ad, MAX_DEPTH, MAX_STEPS, Real, Value,
    expression::{BinaryOperator, Function, Node, Scope, UnaryOperator},
    value::length,
};
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::cmp::Ordering;

/// The value, and how many steps it took.
pub(crate) fn run(root: &Node, my: &Ad, target: &Ad) -> (Value, u32) {
    let mut evaluation = Evaluation::new(my, target);
    let value = evaluation.result(root);
    (value, evaluation.used())
}

/// More steps would be needed than there are. Not a [`Value::Error`] before the end: no operator
/// may turn it into something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OutOfSteps;

type Outcome<'a> = Result<Cow<'a, Value>, OutOfSteps>;

/// What a value is as a condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Truth {
    True,
    False,
    Undefined,
    Error,
}

impl Truth {
    /// Numbers are true unless they are nought; texts and lists are no conditions.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Boolean(true) => Self::True,
            Value::Boolean(false) => Self::False,
            Value::Integer(integer) => (*integer != 0).into(),
            Value::Real(real) => (*real != Real::ZERO).into(),
            Value::Undefined => Self::Undefined,
            Value::Error | Value::Text(_) | Value::List(_) => Self::Error,
        }
    }

    fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            other => other,
        }
    }
}

impl From<bool> for Truth {
    fn from(boolean: bool) -> Self {
        if boolean { Self::True } else { Self::False }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Boolean(true),
            Truth::False => Self::Boolean(false),
            Truth::Undefined => Self::Undefined,
            Truth::Error => Self::Error,
        }
    }
}

/// `&&` and `||` over any number of operands, from the left. An ERROR or the value that decides
/// ends it; UNDEFINED is what remains when nothing decides.
pub(crate) struct Junction {
    decisive: Truth,
    so_far: Truth,
}

impl Junction {
    /// `&&`: decided by a false operand.
    pub(crate) fn all() -> Self {
        Self {
            decisive: Truth::False,
            so_far: Truth::True,
        }
    }

    /// `||`: decided by a true operand.
    fn any() -> Self {
        Self {
            decisive: Truth::True,
            so_far: Truth::False,
        }
    }

    fn decided(&self) -> bool {
        self.so_far == self.decisive || self.so_far == Truth::Error
    }

    /// One operand more.
    pub(crate) fn add(&mut self, operand: Truth) {
        let neutral = self.decisive.negated();
        if !self.decided() && operand != neutral {
            self.so_far = operand;
        }
    }

    /// What all operands so far make together.
    pub(crate) fn value(&self) -> Value {
        self.so_far.into()
    }
}

/// An evaluation under way.
pub(crate) struct Evaluation<'a> {
    my: &'a Ad,
    target: &'a Ad,
    left: u32,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(my: &'a Ad, target: &'a Ad) -> Self {
        Self {
            my,
            target,
            left: MAX_STEPS,
        }
    }

    /// The value of a node; ERROR when the steps run out.
    pub(crate) fn result(&mut self, node: &'a Node) -> Value {
        self.value(node).map_or(Value::Error, Cow::into_owned)
    }

    /// Takes steps. Once they have run out they stay so.
    pub(crate) fn charge(&mut self, steps: u32) -> Result<(), OutOfSteps> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(OutOfSteps)
            }
        }
    }

    /// The attribute, if an advertisement in question gives it. A bare one is sought in the target
    /// only when it is not given at all, not even as undefined, on one's own side.
    pub(crate) fn attribute(&self, scope: Scope, name: &str) -> Option<&'a Value> {
        match scope {
            Scope::Bare => {
                let own = self.my.get_small(name);
                own.or_else(|| self.target.get_small(name))
            }
            Scope::My => self.my.get_small(name),
            Scope::Target => self.target.get_small(name),
        }
    }

    fn used(&self) -> u32 {
        MAX_STEPS.saturating_sub(self.left)
    }

    fn value(&mut self, node: &'a Node) -> Outcome<'a> {
        self.charge(1)?;
        match node {
            Node::Literal(value) => Ok(Cow::Borrowed(value)),
            Node::Attribute(scope, name) => Ok(match self.attribute(*scope, name) {
                Some(value) => Cow::Borrowed(value),
                None => Cow::Owned(Value::Undefined),
            }),
            Node::List(nodes) => self.list(nodes),
            Node::Unary(operator, operand) => {
                let operand = self.value(operand)?;
                Ok(Cow::Owned(unary(*operator, &operand)))
            }
            Node::Binary(operator, left, right) => {
                let left = self.value(left)?;
                let right = self.value(right)?;
                self.binary(*operator, &left, &right).map(Cow::Owned)
            }
            Node::All(nodes) => self.junction(Junction::all(), nodes),
            Node::Any(nodes) => self.junction(Junction::any(), nodes),
            Node::Conditional(parts) => {
                let [condition, one, other] = &**parts;
                self.choice(condition, one, other)
            }
            Node::Call(function, arguments) => self.call(*function, arguments),
        }
    }

    /// The elements may be anything, also UNDEFINED and ERROR.
    fn list(&mut self, nodes: &'a [Node]) -> Outcome<'a> {
        let mut items = Vec::with_capacity(nodes.len());
        for node in nodes {
            let item = self.value(node)?;
            self.charge(item.weight())?;
            items.push(item.into_owned());
        }
        let list = Value::List(items);
        let fits = list.nests_within(MAX_DEPTH);
        Ok(Cow::Owned(if fits { list } else { Value::Error }))
    }

    fn junction(&mut self, mut junction: Junction, nodes: &'a [Node]) -> Outcome<'a> {
        for node in nodes {
            let operand = self.value(node)?;
            junction.add(Truth::of(&operand));
            if junction.decided() {
                break;
            }
        }
        Ok(Cow::Owned(junction.value()))
    }

    fn choice(&mut self, condition: &'a Node, one: &'a Node, other: &'a Node) -> Outcome<'a> {
        let condition = self.value(condition)?;
        match Truth::of(&condition) {
            Truth::True => self.value(one),
            Truth::False => self.value(other),
            undecided => Ok(Cow::Owned(undecided.into())),
        }
    }

    fn call(&mut self, function: Function, arguments: &'a [Node]) -> Outcome<'a> {
        let value = match (function, arguments) {
            (Function::Member, [sought, list]) => {
                let sought = self.value(sought)?;
                let list = self.value(list)?;
                self.member(&sought, &list)?
            }
            (Function::IsUndefined, [argument]) => {
                Value::Boolean(*self.value(argument)? == Value::Undefined)
            }
            (Function::IsError, [argument]) => {
                Value::Boolean(*self.value(argument)? == Value::Error)
            }
            (Function::IfThenElse, [condition, one, other]) => {
                return self.choice(condition, one, other);
            }
            // Parser and decoder admit no other number of arguments.
            _ => Value::Error,
        };
        Ok(Cow::Owned(value))
    }

    fn member(&mut self, sought: &Value, list: &Value) -> Result<Value, OutOfSteps> {
        let items = match (sought, list) {
            (Value::Undefined, _) | (_, Value::Undefined) => return Ok(Value::Undefined),
            (Value::Error | Value::List(_), _) => return Ok(Value::Error),
            (_, Value::List(items)) => items,
            _ => return Ok(Value::Error),
        };
        for item in items {
            self.charge(1)?;
            if self.compare(sought, item)? == Ok(Ordering::Equal) {
                return Ok(Value::Boolean(true));
            }
        }
        Ok(Value::Boolean(false))
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Value,
        right: &Value,
    ) -> Result<Value, OutOfSteps> {
        use BinaryOperator as Operator;
        let holds: fn(Ordering) -> bool = match operator {
            Operator::Is => return self.identity(left, right, true),
            Operator::Isnt => return self.identity(left, right, false),
            Operator::Equal => Ordering::is_eq,
            Operator::Unequal => Ordering::is_ne,
            Operator::Less => Ordering::is_lt,
            Operator::LessOrEqual => Ordering::is_le,
            Operator::Greater => Ordering::is_gt,
            Operator::GreaterOrEqual => Ordering::is_ge,
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder => return Ok(arithmetic(operator, left, right)),
        };
        Ok(match self.compare(left, right)? {
            Ok(ordering) => Value::Boolean(holds(ordering)),
            Err(value) => value,
        })
    }

    /// How two values order; the value of the comparison when they do not.
    fn compare(&mut self, a: &Value, b: &Value) -> Result<Result<Ordering, Value>, OutOfSteps> {
        if let Some(value) = exceptional(a, b) {
            return Ok(Err(value));
        }
        if let (Value::Text(a), Value::Text(b)) = (a, b) {
            self.charge_texts(a, b)?;
            return Ok(Ok(compare_texts(a, b)));
        }
        Ok(match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => Ok(a.compare(b)),
            _ => Err(Value::Error),
        })
    }

    /// `=?=`, or `=!=` when it is to be false: of the same kind and the same. Nobody can say it of
    /// two lists, as in HTCondor.
    fn identity(&mut self, a: &Value, b: &Value, same: bool) -> Result<Value, OutOfSteps> {
        if let (Value::Text(a), Value::Text(b)) = (a, b) {
            self.charge_texts(a, b)?;
        }
        if matches!((a, b), (Value::List(_), Value::List(_))) {
            return Ok(Value::Error);
        }
        Ok(Value::Boolean((a == b) == same))
    }

    fn charge_texts(&mut self, a: &str, b: &str) -> Result<(), OutOfSteps> {
        self.charge(length(a.len().min(b.len())))
    }
}

/// What operators make of operands that are no values: ERROR before UNDEFINED.
fn exceptional(a: &Value, b: &Value) -> Option<Value> {
    let either = |value: Value| (*a == value || *b == value).then_some(value);
    either(Value::Error).or_else(|| either(Value::Undefined))
}

/// Texts order as their bytes do, letters A to Z as small ones.
fn compare_texts(a: &str, b: &str) -> Ordering {
    let small = |text: &str| -> String { text.to_ascii_lowercase() };
    small(a).cmp(&small(b))
}

/// A value as a number; booleans count 0 and 1.
#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    Real(Real),
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Boolean(boolean) => Some(Self::Integer(i64::from(*boolean))),
            Value::Integer(integer) => Some(Self::Integer(*integer)),
            Value::Real(real) => Some(Self::Real(*real)),
            _ => None,
        }
    }

    fn real(self) -> Real {
        match self {
            Self::Integer(integer) => integer.into(),
            Self::Real(real) => real,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            (a, b) => a.real().cmp(&b.real()),
        }
    }
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    if let Some(value) = exceptional(left, right) {
        return value;
    }
    let result = match (Number::of(left), Number::of(right)) {
        (Some(Number::Integer(a)), Some(Number::Integer(b))) => {
            integers(operator, a, b).map(Value::Integer)
        }
        (Some(a), Some(b)) => reals(operator, a.real(), b.real()).map(Value::Real),
        _ => None,
    };
    result.unwrap_or(Value::Error)
}

fn integers(operator: BinaryOperator, a: i64, b: i64) -> Option<i64> {
    match operator {
        BinaryOperator::Add => a.checked_add(b),
        BinaryOperator::Subtract => a.checked_sub(b),
        BinaryOperator::Multiply => a.checked_mul(b),
        BinaryOperator::Divide => a.checked_div(b),
        // The remainder by -1 is 0 for every number; the processor would overflow on the least.
        BinaryOperator::Remainder if b == -1 => Some(0),
        BinaryOperator::Remainder => a.checked_rem(b),
        _ => None,
    }
}

/// There is no remainder of reals, as in HTCondor.
fn reals(operator: BinaryOperator, a: Real, b: Real) -> Option<Real> {
    match operator {
        BinaryOperator::Add => a.checked_add(b),
        BinaryOperator::Subtract => a.checked_sub(b),
        BinaryOperator::Multiply => a.checked_mul(b),
        BinaryOperator::Divide => a.checked_div(b),
        _ => None,
    }
}

fn unary(operator: UnaryOperator, operand: &Value) -> Value {
    match (operator, operand) {
        (UnaryOperator::Not, operand) => Truth::of(operand).negated().into(),
        (_, Value::Undefined) => Value::Undefined,
        (UnaryOperator::Minus, Value::Integer(integer)) => {
            integer.checked_neg().map_or(Value::Error, Value::Integer)
        }
        (UnaryOperator::Minus, Value::Real(real)) => Value::Real(real.negated()),
        (UnaryOperator::Plus, Value::Integer(_) | Value::Real(_)) => operand.clone(),
        _ => Value::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Expression, scale};
    use alloc::{format, vec};
    use proptest::{collection::vec as many, prelude::*};

    fn steps(text: &str, my: &Ad) -> (Value, u32) {
        run(Expression::parse(text).unwrap().root(), my, &Ad::new())
    }

    #[test]
    fn a_node_takes_a_step_and_so_does_what_it_looks_at() {
        let ad = Ad::new().with("os", "linux");
        for (text, taken) in [
            ("1", 1),
            ("x", 1),
            ("1 + 2", 3),
            ("os == \"Linux Mint\"", 3 + 5),
            ("false && 1 && 2", 2),
            ("true ? 1 : 2 + 3", 3),
            ("{1, 2}", 3 + 2),
            ("{os}", 2 + 6),
            ("member(2, {1, 2, 3})", 5 + 1 + 3 + 2),
        ] {
            assert_eq!(steps(text, &ad).1, taken, "{text}");
        }
    }

    #[test]
    fn running_out_of_steps_is_an_error_that_nothing_hides() {
        let ad = Ad::new()
            .with("long", "x".repeat(256))
            .with("list", vec![Value::from(1); 64]);
        let work = vec!["(long == long)"; 20].join(" && ");
        for text in [
            work.clone(),
            format!("isError({work})"),
            format!("true || {work}"),
            format!("ifThenElse(isError({work}), 1, 2)"),
        ] {
            let (value, taken) = steps(&text, &ad);
            let expected = if text.starts_with("true") {
                (Value::Boolean(true), 2)
            } else {
                (Value::Error, MAX_STEPS)
            };
            assert_eq!((value, taken), expected);
        }
        let lists = vec!["list"; 64].join(", ");
        assert_eq!(steps(&format!("{{{lists}}} =?= 1"), &ad).0, Value::Error);
    }

    proptest! {
        #[test]
        fn no_tree_takes_more_steps_than_there_are(
            form in many(prop_oneof![
                Just(vec![0x10u8, 0x04, b'x']),
                Just(vec![0x12, 0x04, b'y']),
                Just(vec![0x04, 0x04]),
                Just(vec![0x09, 0x0c]),
                Just(vec![0x40, 0x0c]),
                Just(vec![0x41, 0x08]),
                (0x30u8..0x3d).prop_map(|tag| vec![tag]),
                (0x60u8..0x64).prop_map(|tag| vec![tag]),
            ], 1..60),
            padding in prop_oneof![Just([0x10u8, 0x04, b'x']), Just([0x12, 0x04, b'y'])],
        ) {
            let my = Ad::new().with("x", vec![Value::from("x".repeat(100)); 8]);
            let target = Ad::new().with("y", "x".repeat(256));
            // Enough operands for whatever operators are left without; the rest is cut off.
            let form = [form.concat(), padding.repeat(250)].concat();
            let ends = (1..form.len().min(1_024)).map(|end| scale::decode_node(&form[..end]));
            for node in ends.flatten() {
                let (value, taken) = run(&node, &my, &target);
                prop_assert!(taken <= MAX_STEPS);
                prop_assert!(taken < MAX_STEPS || value == Value::Error);
                prop_assert!(value.nests_within(MAX_DEPTH) && value.weight() <= 2 * MAX_STEPS);
            }
        }
    }

    #[test]
    fn lists_that_grow_too_deep_are_errors() {
        let deep = (1..32).fold(Value::from(1), |inner, _| vec![inner].into());
        let ad = Ad::new().with("deep", deep.clone());
        assert_eq!(steps("deep", &ad).0, deep);
        assert_eq!(steps("{deep}", &ad).0, Value::Error);
    }
}
