//! Tokens to expressions and advertisements, by recursive descent with a counter.

use crate::{
    Ad, AdError, Expression, MAX_ATTRIBUTES, MAX_DEPTH, MAX_LIST, MAX_NODES, ParseError,
    ParseErrorKind, Real, Value,
    expression::{BinaryOperator, Binding, Function, Node, Scope, UnaryOperator},
    lexer::{Lexer, Token, TokenKind, is_reserved},
    tiers,
    value::length,
};
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};

const OPERAND: &str = "a name, a literal or `(`";
const OPERATOR: &str = "an operator or the end of the text";
const LITERAL: &str = "a literal: a number, a quoted text, true, false, undefined, error or a list";

/// Reads an expression.
pub(crate) fn expression(text: &str) -> Result<Expression, ParseError> {
    let mut parser = Parser::new(text)?;
    let built = parser.expression(1)?;
    parser.end(OPERATOR)?;
    Expression::within_bounds(built.node)
        .ok_or_else(|| parser.lexer.error(text.len(), ParseErrorKind::TooLong))
}

/// Reads an advertisement.
pub(crate) fn advertisement(text: &str) -> Result<Ad, ParseError> {
    let mut parser = Parser::new(text)?;
    let ad = parser.advertisement()?;
    parser.end("the end of the text")?;
    Ok(ad)
}

/// Reads a number as a real.
pub(crate) fn real(text: &str) -> Result<Real, ParseError> {
    let mut parser = Parser::new(text)?;
    let start = parser.token.start;
    let value = parser.signed()?;
    parser.end("the end of the text")?;
    match value {
        Some(Value::Real(real)) => Ok(real),
        Some(Value::Integer(integer)) => Ok(integer.into()),
        _ => Err(parser.lexer.error(
            start,
            ParseErrorKind::Expected {
                expected: "a number",
                found: format!("`{text}`"),
            },
        )),
    }
}

/// A node and how deep it nests.
struct Built {
    node: Node,
    depth: u32,
}

/// What joins two operands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    All,
    Any,
    Operator(BinaryOperator),
}

impl Joint {
    fn of(kind: &TokenKind<'_>) -> Option<Self> {
        let symbol = match kind {
            TokenKind::Symbol("&&") => return Some(Self::All),
            TokenKind::Symbol("||") => return Some(Self::Any),
            TokenKind::Symbol(symbol) => *symbol,
            TokenKind::Name(word) if word.eq_ignore_ascii_case("is") => "=?=",
            TokenKind::Name(word) if word.eq_ignore_ascii_case("isnt") => "=!=",
            _ => return None,
        };
        BinaryOperator::ALL
            .into_iter()
            .find(|operator| operator.symbol() == symbol)
            .map(Self::Operator)
    }

    fn binding(self) -> Binding {
        match self {
            Self::All => Binding::All,
            Self::Any => Binding::Any,
            Self::Operator(operator) => operator.binding(),
        }
    }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    /// The token not yet taken.
    token: Token<'a>,
    /// Nodes made.
    nodes: u32,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Result<Self, ParseError> {
        let mut lexer = Lexer::new(text)?;
        let token = lexer.token()?;
        Ok(Self {
            lexer,
            token,
            nodes: 0,
        })
    }

    /// Takes the token and looks at the next.
    fn take(&mut self) -> Result<Token<'a>, ParseError> {
        let next = self.lexer.token()?;
        Ok(core::mem::replace(&mut self.token, next))
    }

    fn is(&self, symbol: &str) -> bool {
        matches!(self.token.kind, TokenKind::Symbol(found) if found == symbol)
    }

    /// Takes the sign if it is next.
    fn accept(&mut self, symbol: &str) -> Result<bool, ParseError> {
        let found = self.is(symbol);
        if found {
            self.take()?;
        }
        Ok(found)
    }

    fn expect(&mut self, symbol: &str, expected: &'static str) -> Result<(), ParseError> {
        if self.accept(symbol)? {
            return Ok(());
        }
        Err(self.expected(expected))
    }

    fn end(&mut self, expected: &'static str) -> Result<(), ParseError> {
        if self.token.kind == TokenKind::End {
            return Ok(());
        }
        Err(self.expected(expected))
    }

    fn expected(&self, expected: &'static str) -> ParseError {
        let kind = match self.token.kind {
            TokenKind::Name(word) if expected == OPERAND => {
                ParseErrorKind::ReservedWord(word.to_string())
            }
            _ => ParseErrorKind::Expected {
                expected,
                found: self.token.describe(),
            },
        };
        self.lexer.error(self.token.start, kind)
    }

    /// Counts nodes and depth of what begins at `start`.
    fn build(&mut self, start: usize, node: Node, below: u32) -> Result<Built, ParseError> {
        self.add(start, 1)?;
        let depth = below.saturating_add(1);
        self.check_depth(start, depth)?;
        Ok(Built { node, depth })
    }

    fn add(&mut self, start: usize, nodes: u32) -> Result<(), ParseError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES {
            return Err(self.lexer.error(start, ParseErrorKind::TooManyNodes));
        }
        Ok(())
    }

    fn check_depth(&self, start: usize, depth: u32) -> Result<(), ParseError> {
        if depth > MAX_DEPTH {
            return Err(self.lexer.error(start, ParseErrorKind::TooDeep));
        }
        Ok(())
    }

    /// `level` is how deep the text nests here; 1 outside of all parentheses.
    fn expression(&mut self, level: u32) -> Result<Built, ParseError> {
        self.check_depth(self.token.start, level)?;
        let condition = self.joined(Binding::Any, level)?;
        let start = self.token.start;
        if !self.accept("?")? {
            return Ok(condition);
        }
        let below = level.saturating_add(1);
        let one = self.expression(below)?;
        self.expect(":", "`:` and what the value is otherwise")?;
        let other = self.expression(below)?;
        let depth = condition.depth.max(one.depth).max(other.depth);
        let parts = [condition.node, one.node, other.node];
        self.build(start, Node::Conditional(Box::new(parts)), depth)
    }

    /// Operands joined by operators that bind at least so tightly.
    fn joined(&mut self, loosest: Binding, level: u32) -> Result<Built, ParseError> {
        let mut left = self.unary(level)?;
        // Whether `left` is a chain of `&&` or `||` to which the next operand belongs.
        let mut chain = None;
        while let Some(joint) = Joint::of(&self.token.kind) {
            if joint.binding() < loosest {
                break;
            }
            let start = self.take()?.start;
            let right = self.joined(joint.binding().tighter(), level)?;
            left = self.join(start, joint, chain == Some(joint), left, right)?;
            chain = Some(joint);
        }
        Ok(left)
    }

    fn join(
        &mut self,
        start: usize,
        joint: Joint,
        chained: bool,
        left: Built,
        right: Built,
    ) -> Result<Built, ParseError> {
        let below = left.depth.max(right.depth);
        let pair = |left, right| Vec::from([left, right]);
        let node = match (joint, left.node) {
            (Joint::All, Node::All(nodes)) if chained => {
                return self.extend(start, Node::All, nodes, left.depth, right);
            }
            (Joint::Any, Node::Any(nodes)) if chained => {
                return self.extend(start, Node::Any, nodes, left.depth, right);
            }
            (Joint::All, node) => Node::All(pair(node, right.node)),
            (Joint::Any, node) => Node::Any(pair(node, right.node)),
            (Joint::Operator(operator), node) => {
                Node::Binary(operator, Box::new(node), Box::new(right.node))
            }
        };
        self.build(start, node, below)
    }

    fn extend(
        &self,
        start: usize,
        chain: fn(Vec<Node>) -> Node,
        mut nodes: Vec<Node>,
        depth: u32,
        right: Built,
    ) -> Result<Built, ParseError> {
        let depth = depth.max(right.depth.saturating_add(1));
        self.check_depth(start, depth)?;
        nodes.push(right.node);
        let node = chain(nodes);
        Ok(Built { node, depth })
    }

    /// Operators before an operand. A minus right before a number belongs to the number.
    fn unary(&mut self, level: u32) -> Result<Built, ParseError> {
        let mut operators = Vec::new();
        while let Some(operator) = self.unary_operator() {
            let start = self.token.start;
            self.check_depth(start, length(operators.len()).saturating_add(1))?;
            self.take()?;
            operators.push((start, operator));
        }
        let minus = matches!(operators.last(), Some((_, UnaryOperator::Minus)));
        let number = matches!(self.token.kind, TokenKind::Integer(_) | TokenKind::Real(_));
        let mut operand = if number {
            let start = self.token.start;
            if minus {
                operators.pop();
            }
            let value = self.number(minus)?.unwrap_or(Value::Error);
            self.build(start, Node::Literal(value), 0)?
        } else {
            self.primary(level)?
        };
        for (start, operator) in operators.into_iter().rev() {
            let node = Node::Unary(operator, Box::new(operand.node));
            operand = self.build(start, node, operand.depth)?;
        }
        Ok(operand)
    }

    fn unary_operator(&self) -> Option<UnaryOperator> {
        UnaryOperator::ALL
            .into_iter()
            .find(|operator| self.is(operator.symbol()))
    }

    /// Takes a number if it is next.
    fn number(&mut self, negative: bool) -> Result<Option<Value>, ParseError> {
        let start = self.token.start;
        let value = match self.token.kind {
            TokenKind::Integer(magnitude) => {
                let magnitude = i128::from(magnitude);
                let number = if negative {
                    magnitude.saturating_neg()
                } else {
                    magnitude
                };
                i64::try_from(number).ok().map(Value::Integer)
            }
            TokenKind::Real(real) if negative => Some(Value::Real(real.negated())),
            TokenKind::Real(real) => Some(Value::Real(real)),
            _ => return Ok(None),
        };
        self.take()?;
        match value {
            Some(value) => Ok(Some(value)),
            None => Err(self.lexer.error(start, ParseErrorKind::NumberTooLarge)),
        }
    }

    fn primary(&mut self, level: u32) -> Result<Built, ParseError> {
        let start = self.token.start;
        let below = level.saturating_add(1);
        if self.accept("(")? {
            let inner = self.expression(below)?;
            self.expect(")", "an operator or `)`")?;
            return Ok(inner);
        }
        if self.accept("{")? {
            let (nodes, depth) = self.elements("}", "`,` or `}`", below, true)?;
            return self.build(start, Node::List(nodes), depth);
        }
        if let Some(value) = self.word_or_text()? {
            return self.build(start, Node::Literal(value), 0);
        }
        match self.token.kind {
            TokenKind::Name(name) if is_scope(name) || !is_reserved(name) => {
                self.take()?;
                self.named(start, name, level)
            }
            _ => Err(self.expected(OPERAND)),
        }
    }

    /// Takes a quoted text or a word that is a value if it is next.
    fn word_or_text(&mut self) -> Result<Option<Value>, ParseError> {
        let value = match &mut self.token.kind {
            TokenKind::Text(text) => Value::Text(core::mem::take(text)),
            TokenKind::Name(word) if word.eq_ignore_ascii_case("true") => Value::Boolean(true),
            TokenKind::Name(word) if word.eq_ignore_ascii_case("false") => Value::Boolean(false),
            TokenKind::Name(word) if word.eq_ignore_ascii_case("undefined") => Value::Undefined,
            TokenKind::Name(word) if word.eq_ignore_ascii_case("error") => Value::Error,
            _ => return Ok(None),
        };
        self.take()?;
        Ok(Some(value))
    }

    /// Elements up to the closing sign, which is taken, and the depth of the deepest.
    fn elements(
        &mut self,
        close: &str,
        expected: &'static str,
        level: u32,
        bounded: bool,
    ) -> Result<(Vec<Node>, u32), ParseError> {
        let (mut nodes, mut depth) = (Vec::new(), 0u32);
        if self.accept(close)? {
            return Ok((nodes, depth));
        }
        loop {
            if bounded && length(nodes.len()) >= MAX_LIST {
                let start = self.token.start;
                return Err(self.lexer.error(start, ParseErrorKind::ListTooLong));
            }
            let element = self.expression(level)?;
            depth = depth.max(element.depth);
            nodes.push(element.node);
            if self.accept(close)? {
                return Ok((nodes, depth));
            }
            self.expect(",", expected)?;
        }
    }

    /// What a name begins: a call, a tier, an attribute with or without scope.
    fn named(&mut self, start: usize, name: &str, level: u32) -> Result<Built, ParseError> {
        if self.is("(") && !is_scope(name) {
            return self.call(start, name, level);
        }
        let dot = self.accept(".")?;
        let scope = match name.to_ascii_lowercase().as_str() {
            "my" => Scope::My,
            "target" => Scope::Target,
            "t1" | "t2" if dot => return self.tier(start, name),
            _ if dot => {
                let kind = ParseErrorKind::UnknownScope(name.to_string());
                return Err(self.lexer.error(start, kind));
            }
            bare => return self.build(start, Node::Attribute(Scope::Bare, bare.to_string()), 0),
        };
        if !dot {
            return Err(self.expected("`.` and the name of an attribute"));
        }
        let name = self.attribute_name()?;
        self.build(start, Node::Attribute(scope, name), 0)
    }

    /// Takes the name of an attribute, in small letters.
    fn attribute_name(&mut self) -> Result<String, ParseError> {
        match self.token.kind {
            TokenKind::Name(name) if is_reserved(name) => {
                let kind = ParseErrorKind::ReservedWord(name.to_string());
                Err(self.lexer.error(self.token.start, kind))
            }
            TokenKind::Name(name) => {
                self.take()?;
                Ok(name.to_ascii_lowercase())
            }
            _ => Err(self.expected("the name of an attribute")),
        }
    }

    fn call(&mut self, start: usize, name: &str, level: u32) -> Result<Built, ParseError> {
        let Some(function) = Function::of_name(name) else {
            let kind = ParseErrorKind::UnknownFunction(name.to_string());
            return Err(self.lexer.error(start, kind));
        };
        self.take()?;
        let (nodes, depth) = self.elements(")", "`,` or `)`", level.saturating_add(1), false)?;
        let found = length(nodes.len());
        if found != function.arguments() {
            let kind = ParseErrorKind::WrongArguments {
                function: function.name(),
                expected: function.arguments(),
                found,
            };
            return Err(self.lexer.error(start, kind));
        }
        self.build(start, Node::Call(function, nodes), depth)
    }

    /// The condition of a tier, whose name goes on after `level` and the dot.
    fn tier(&mut self, start: usize, level: &str) -> Result<Built, ParseError> {
        let mut name = level.to_string();
        loop {
            let TokenKind::Name(part) = self.token.kind else {
                return Err(self.expected("the name of a tier, such as `small`"));
            };
            self.take()?;
            name = format!("{name}.{part}");
            // Two dots at most, so that the name stays short.
            if !self.is(".") || name.matches('.').count() > 1 {
                break;
            }
            self.take()?;
        }
        let Some(node) = tiers::node(&name) else {
            let kind = ParseErrorKind::UnknownTier(name);
            return Err(self.lexer.error(start, kind));
        };
        self.add(start, node.count())?;
        let depth = node.depth();
        Ok(Built { node, depth })
    }

    fn advertisement(&mut self) -> Result<Ad, ParseError> {
        self.expect("[", "`[`, with which an advertisement begins")?;
        let mut ad = Ad::new();
        loop {
            while self.accept(";")? {}
            if self.accept("]")? {
                return Ok(ad);
            }
            self.attribute(&mut ad)?;
            if !self.is(";") && !self.is("]") {
                return Err(self.expected("`;` or `]`"));
            }
        }
    }

    fn attribute(&mut self, ad: &mut Ad) -> Result<(), ParseError> {
        let start = self.token.start;
        let name = self.attribute_name()?;
        if ad.get(&name).is_some() {
            let kind = ParseErrorKind::DuplicateAttribute(name);
            return Err(self.lexer.error(start, kind));
        }
        if length(ad.len()) >= MAX_ATTRIBUTES {
            return Err(self.lexer.error(start, ParseErrorKind::TooManyAttributes));
        }
        self.expect("=", "`=` and the value of the attribute")?;
        let value = self.literal(1)?;
        ad.insert(&name, value).map_err(|error| {
            let kind = match error {
                AdError::TooDeep => ParseErrorKind::TooDeep,
                AdError::ListTooLong => ParseErrorKind::ListTooLong,
                AdError::StringTooLong => ParseErrorKind::StringTooLong,
                _ => ParseErrorKind::TooLong,
            };
            self.lexer.error(start, kind)
        })
    }

    /// A value of an advertisement.
    fn literal(&mut self, level: u32) -> Result<Value, ParseError> {
        self.check_depth(self.token.start, level)?;
        if let Some(value) = self.word_or_text()? {
            return Ok(value);
        }
        if self.accept("{")? {
            return self.literals(level.saturating_add(1)).map(Value::List);
        }
        self.signed()?.ok_or_else(|| self.expected(LITERAL))
    }

    fn literals(&mut self, level: u32) -> Result<Vec<Value>, ParseError> {
        let mut values = Vec::new();
        if self.accept("}")? {
            return Ok(values);
        }
        loop {
            if length(values.len()) >= MAX_LIST {
                let start = self.token.start;
                return Err(self.lexer.error(start, ParseErrorKind::ListTooLong));
            }
            values.push(self.literal(level)?);
            if self.accept("}")? {
                return Ok(values);
            }
            self.expect(",", "`,` or `}`")?;
        }
    }

    /// Takes a number with or without sign if it is next.
    fn signed(&mut self) -> Result<Option<Value>, ParseError> {
        let negative = self.accept("-")?;
        if !negative {
            self.accept("+")?;
        }
        self.number(negative)
    }
}

fn is_scope(name: &str) -> bool {
    name.eq_ignore_ascii_case("my") || name.eq_ignore_ascii_case("target")
}
