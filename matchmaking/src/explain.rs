//! Which conditions of an expression hold and which do not.

use crate::{
    Ad, Value,
    evaluate::{Evaluation, Junction, Truth},
    expression::Node,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::fmt;
use scale_info::TypeInfo;

/// The value of an expression and of each of its conditions.
///
/// [`Display`](fmt::Display) writes a line of the whole and one for each condition.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Explanation {
    /// What the expression evaluates to.
    pub value: Value,
    /// The operands of `&&`, those of an `&&` in parentheses one by one, in the order of the text;
    /// the expression itself when there is no `&&`.
    pub conditions: Vec<Condition>,
}

/// One condition of an expression.
///
/// [`Display`](fmt::Display) writes a line for a person.
#[derive(Clone, PartialEq, Eq, Debug, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Condition {
    /// How it is written in the language.
    pub text: String,
    /// What it evaluates to, whether or not the others have decided already.
    pub value: Value,
    /// The attributes it names that are undefined, such as `TARGET.gpus`, each once, in the order
    /// of the text.
    pub undefined: Vec<String>,
}

/// Evaluates condition by condition, with as many steps together as one evaluation has.
///
/// What [`Expression::evaluate`](crate::Expression::evaluate) looks at is charged in the same order
/// here, so the steps run out at the same place, and the whole has the same value.
pub(crate) fn explain(root: &Node, my: &Ad, target: &Ad) -> Explanation {
    let mut evaluation = Evaluation::new(my, target);
    let mut conditions = Vec::new();
    collect(&mut evaluation, root, &mut conditions);
    let value = match (root, conditions.as_slice()) {
        (Node::All(_), conditions) => conjunction(conditions),
        (_, [only]) => only.value.clone(),
        _ => Value::Error,
    };
    Explanation { value, conditions }
}

fn conjunction(conditions: &[Condition]) -> Value {
    let mut junction = Junction::all();
    for condition in conditions {
        junction.add(Truth::of(&condition.value));
    }
    junction.value()
}

fn collect<'a>(evaluation: &mut Evaluation<'a>, node: &'a Node, conditions: &mut Vec<Condition>) {
    let Node::All(operands) = node else {
        return conditions.push(condition(evaluation, node));
    };
    // Without steps left every condition is an error by itself.
    let _ = evaluation.charge(1);
    for operand in operands {
        collect(evaluation, operand, conditions);
    }
}

fn condition<'a>(evaluation: &mut Evaluation<'a>, node: &'a Node) -> Condition {
    let mut undefined = Vec::new();
    missing(evaluation, node, &mut undefined);
    Condition {
        text: node.to_string(),
        value: evaluation.result(node),
        undefined,
    }
}

fn missing(evaluation: &Evaluation<'_>, node: &Node, found: &mut Vec<String>) {
    if let Node::Attribute(scope, name) = node
        && matches!(
            evaluation.attribute(*scope, name),
            None | Some(Value::Undefined)
        )
    {
        let name = format!("{}{name}", scope.prefix());
        if !found.contains(&name) {
            found.push(name);
        }
    }
    for child in node.children() {
        missing(evaluation, child, found);
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Boolean(true) => f.write_str("The requirements are met:"),
            Value::Boolean(false) => f.write_str("The requirements are not met:"),
            Value::Undefined => {
                f.write_str("Whether the requirements are met is undefined, so they are not:")
            }
            Value::Error => {
                f.write_str("The requirements make no sense here, so they are not met:")
            }
            other => write!(
                f,
                "The requirements are {other} instead of true, so they are not met:"
            ),
        }?;
        for condition in &self.conditions {
            write!(f, "\n  {condition}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.value {
            Value::Boolean(true) => return write!(f, "holds: {text}"),
            Value::Boolean(false) => write!(f, "does not hold: {text}"),
            Value::Undefined => write!(f, "undefined: {text}"),
            Value::Error => write!(f, "error: {text}"),
            other => write!(f, "is {other}: {text}"),
        }?;
        match self.undefined.as_slice() {
            [] => Ok(()),
            [only] => write!(f, " ({only} is not given)"),
            several => write!(f, " ({} are not given)", several.join(", ")),
        }
    }
}
