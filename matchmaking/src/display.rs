//! Expressions, values and advertisements as texts that parse back, with as few parentheses as that
//! takes.

use crate::{
    Ad, Expression, Value,
    expression::{Binding, Node, UnaryOperator},
};
use core::fmt::{self, Display, Formatter, Write};

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self.root(), f)
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        node(f, self, Binding::Conditional)
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => f.write_str("undefined"),
            Self::Error => f.write_str("error"),
            Self::Boolean(boolean) => Display::fmt(boolean, f),
            Self::Integer(integer) => Display::fmt(integer, f),
            Self::Real(real) => Display::fmt(real, f),
            Self::Text(text) => quoted(f, text),
            Self::List(items) => {
                f.write_str("{")?;
                separated(f, ", ", items, |f, item| Display::fmt(item, f))?;
                f.write_str("}")
            }
        }
    }
}

/// Bytes of an advertisement's text beside its attributes.
pub(crate) const BRACKETS: usize = "[ ]".len();

impl Display for Ad {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (name, value) in self.iter() {
            Display::fmt(&Attribute(name, value), f)?;
        }
        f.write_str(" ]")
    }
}

/// An attribute as a part of an advertisement's text.
pub(crate) struct Attribute<'a>(pub(crate) &'a str, pub(crate) &'a Value);

impl Display for Attribute<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(name, value) = self;
        write!(f, " {name} = {value};")
    }
}

/// Bytes of the text of something.
pub(crate) fn length_of(shown: &impl Display) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0 = self.0.saturating_add(text.len());
            Ok(())
        }
    }
    let mut count = Count(0);
    match write!(count, "{shown}") {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\""),
            '\\' => f.write_str("\\\\"),
            '\n' => f.write_str("\\n"),
            '\t' => f.write_str("\\t"),
            other => f.write_char(other),
        }?;
    }
    f.write_str("\"")
}

fn separated<'a, T: 'a>(
    f: &mut Formatter<'_>,
    separator: &str,
    items: impl IntoIterator<Item = &'a T>,
    mut write: impl FnMut(&mut Formatter<'_>, &'a T) -> fmt::Result,
) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write(f, item)?;
    }
    Ok(())
}

/// Writes a node where only what binds at least so tightly can stand bare.
fn node(f: &mut Formatter<'_>, shown: &Node, loosest: Binding) -> fmt::Result {
    if binding(shown) < loosest {
        f.write_str("(")?;
        bare(f, shown)?;
        return f.write_str(")");
    }
    bare(f, shown)
}

fn binding(node: &Node) -> Binding {
    match node {
        Node::Conditional(_) => Binding::Conditional,
        Node::Any(_) => Binding::Any,
        Node::All(_) => Binding::All,
        Node::Binary(operator, ..) => operator.binding(),
        Node::Unary(..) => Binding::Unary,
        Node::Literal(_) | Node::List(_) | Node::Attribute(..) | Node::Call(..) => Binding::Primary,
    }
}

fn bare(f: &mut Formatter<'_>, shown: &Node) -> fmt::Result {
    match shown {
        Node::Literal(value) => Display::fmt(value, f),
        Node::Attribute(scope, name) => write!(f, "{}{name}", scope.prefix()),
        Node::List(nodes) => bracketed(f, "{", nodes, "}"),
        Node::Call(function, nodes) => {
            f.write_str(function.name())?;
            bracketed(f, "(", nodes, ")")
        }
        // A chain within a chain of the same sign has parentheses: that is what tells them apart.
        Node::All(nodes) => separated(f, " && ", nodes, |f, item| {
            node(f, item, Binding::All.tighter())
        }),
        Node::Any(nodes) => separated(f, " || ", nodes, |f, item| {
            node(f, item, Binding::Any.tighter())
        }),
        Node::Binary(operator, left, right) => {
            node(f, left, operator.binding())?;
            write!(f, " {} ", operator.symbol())?;
            node(f, right, operator.binding().tighter())
        }
        Node::Unary(operator, operand) => unary(f, *operator, operand),
        Node::Conditional(parts) => {
            let [condition, one, other] = &**parts;
            node(f, condition, Binding::Any)?;
            f.write_str(" ? ")?;
            node(f, one, Binding::Conditional)?;
            f.write_str(" : ")?;
            node(f, other, Binding::Conditional)
        }
    }
}

fn bracketed(f: &mut Formatter<'_>, open: &str, nodes: &[Node], close: &str) -> fmt::Result {
    f.write_str(open)?;
    separated(f, ", ", nodes, |f, item| {
        node(f, item, Binding::Conditional)
    })?;
    f.write_str(close)
}

/// A minus before a bare number would become part of it.
fn unary(f: &mut Formatter<'_>, operator: UnaryOperator, operand: &Node) -> fmt::Result {
    f.write_str(operator.symbol())?;
    let swallowed = match operand {
        Node::Literal(Value::Integer(integer)) => *integer >= 0,
        Node::Literal(Value::Real(real)) => !real.is_negative(),
        _ => false,
    };
    if operator == UnaryOperator::Minus && swallowed {
        return write!(f, "({operand})");
    }
    node(f, operand, Binding::Unary)
}
