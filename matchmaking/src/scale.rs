//! The compact SCALE form: a prefix tree of tagged nodes. The table of tags is in the README.

use crate::{
    Ad, FormError, MAX_ATTRIBUTE_NAME, MAX_ATTRIBUTES, MAX_DEPTH, MAX_ENCODED, MAX_LIST, MAX_NODES,
    MAX_STRING, Real, Value,
    expression::{BinaryOperator, Function, Node, Scope, UnaryOperator},
    lexer::is_name,
    value::{is_plain, length},
};
use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use codec::{Compact, Decode, Encode};

const UNDEFINED: u8 = 0x00;
const ERROR: u8 = 0x01;
const FALSE: u8 = 0x02;
const TRUE: u8 = 0x03;
const INTEGER: u8 = 0x04;
const NEGATIVE_INTEGER: u8 = 0x05;
const REAL: u8 = 0x06;
const NEGATIVE_REAL: u8 = 0x07;
const TEXT: u8 = 0x08;
const LIST: u8 = 0x09;
const BARE: u8 = 0x10;
const MY: u8 = 0x11;
const TARGET: u8 = 0x12;
const UNARY: u8 = 0x20;
const BINARY: u8 = 0x30;
const ALL: u8 = 0x40;
const ANY: u8 = 0x41;
const CONDITIONAL: u8 = 0x50;
const CALL: u8 = 0x60;

/// The SCALE form of a tree.
pub(crate) fn encode_node(node: &Node) -> Vec<u8> {
    let mut output = Vec::new();
    write_node(&mut output, node);
    output
}

/// The SCALE form of an advertisement.
pub(crate) fn encode_ad(ad: &Ad) -> Vec<u8> {
    let mut output = Vec::new();
    Compact(length(ad.len())).encode_to(&mut output);
    for (name, value) in ad.iter() {
        write_attribute(&mut output, name, value);
    }
    output
}

/// The part of an advertisement's SCALE form that an attribute is.
pub(crate) fn encode_attribute(name: &str, value: &Value) -> Vec<u8> {
    let mut output = Vec::new();
    write_attribute(&mut output, name, value);
    output
}

/// Bytes of a number of parts.
pub(crate) fn count_length(count: usize) -> usize {
    Compact(length(count)).encoded_size()
}

fn write_attribute(output: &mut Vec<u8>, name: &str, value: &Value) {
    write_text(output, name);
    write_value(output, value);
}

fn write_node(output: &mut Vec<u8>, node: &Node) {
    match node {
        Node::Literal(value) => write_value(output, value),
        Node::Attribute(scope, name) => {
            output.push(match scope {
                Scope::Bare => BARE,
                Scope::My => MY,
                Scope::Target => TARGET,
            });
            write_text(output, name);
        }
        Node::List(nodes) => write_counted(output, LIST, nodes),
        Node::All(nodes) => write_counted(output, ALL, nodes),
        Node::Any(nodes) => write_counted(output, ANY, nodes),
        Node::Unary(operator, _) => output.push(tag(UNARY, &UnaryOperator::ALL, operator)),
        Node::Binary(operator, ..) => output.push(tag(BINARY, &BinaryOperator::ALL, operator)),
        Node::Conditional(_) => output.push(CONDITIONAL),
        Node::Call(function, _) => output.push(tag(CALL, &Function::ALL, function)),
    }
    for child in node.children() {
        write_node(output, child);
    }
}

/// The tag of one of several kinds that are numbered on from the first.
fn tag<T: PartialEq>(first: u8, all: &[T], one: &T) -> u8 {
    (first..)
        .zip(all)
        .find(|(_, kind)| *kind == one)
        .map_or(first, |(tag, _)| tag)
}

fn write_counted(output: &mut Vec<u8>, tag: u8, nodes: &[Node]) {
    output.push(tag);
    Compact(length(nodes.len())).encode_to(output);
}

fn write_text(output: &mut Vec<u8>, text: &str) {
    Compact(length(text.len())).encode_to(output);
    output.extend_from_slice(text.as_bytes());
}

fn write_value(output: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Undefined => output.push(UNDEFINED),
        Value::Error => output.push(ERROR),
        Value::Boolean(false) => output.push(FALSE),
        Value::Boolean(true) => output.push(TRUE),
        Value::Integer(integer) => {
            write_number(output, INTEGER, NEGATIVE_INTEGER, i128::from(*integer));
        }
        Value::Real(real) => write_number(output, REAL, NEGATIVE_REAL, real.nanos()),
        Value::Text(text) => {
            output.push(TEXT);
            write_text(output, text);
        }
        Value::List(items) => {
            output.push(LIST);
            Compact(length(items.len())).encode_to(output);
            for item in items {
                write_value(output, item);
            }
        }
    }
}

/// A number from 0 up as itself, one below as its complement, which is -1 less it.
fn write_number(output: &mut Vec<u8>, positive: u8, negative: u8, number: i128) {
    let (tag, magnitude) = match u128::try_from(number) {
        Ok(magnitude) => (positive, magnitude),
        Err(_) => (negative, (!number).unsigned_abs()),
    };
    output.push(tag);
    Compact(magnitude).encode_to(output);
}

/// Reads the tree of a SCALE form.
pub(crate) fn decode_node(bytes: &[u8]) -> Result<Node, FormError> {
    let mut reader = Reader::new(bytes)?;
    let node = reader.node(1)?;
    reader.end()?;
    Ok(node)
}

/// Reads the attributes of an advertisement's SCALE form: within bounds, ascending, each once.
pub(crate) fn decode_attributes(bytes: &[u8]) -> Result<Vec<(String, Value)>, FormError> {
    let mut reader = Reader::new(bytes)?;
    let count = reader.compact::<u32>()?;
    if count > MAX_ATTRIBUTES {
        return Err(FormError::TooManyAttributes);
    }
    let mut attributes: Vec<(String, Value)> = Vec::new();
    for _ in 0..count {
        let name = reader.name()?;
        if attributes.last().is_some_and(|(last, _)| *last >= name) {
            return Err(FormError::NotSorted);
        }
        let value = reader.value(1)?;
        attributes.push((name, value));
    }
    reader.end()?;
    Ok(attributes)
}

struct Reader<'a> {
    rest: &'a [u8],
    nodes: u32,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, FormError> {
        if length(bytes.len()) > MAX_ENCODED {
            return Err(FormError::TooLong);
        }
        Ok(Self {
            rest: bytes,
            nodes: 0,
        })
    }

    fn end(&self) -> Result<(), FormError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(FormError::TrailingBytes)
    }

    fn byte(&mut self) -> Result<u8, FormError> {
        let (first, rest) = self.rest.split_first().ok_or(FormError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A compact number; other forms than the shortest are refused by the decoder.
    fn compact<T>(&mut self) -> Result<T, FormError>
    where
        Compact<T>: Decode,
    {
        if self.rest.is_empty() {
            return Err(FormError::Truncated);
        }
        Compact::<T>::decode(&mut self.rest)
            .map(|compact| compact.0)
            .map_err(|_| FormError::BadNumber)
    }

    fn counted(&mut self, most: u32, error: FormError) -> Result<&'a str, FormError> {
        let count = self.compact::<u32>()?;
        if count > most {
            return Err(error);
        }
        let count = usize::try_from(count).map_err(|_| error)?;
        let (text, rest) = self
            .rest
            .split_at_checked(count)
            .ok_or(FormError::Truncated)?;
        self.rest = rest;
        core::str::from_utf8(text).map_err(|_| FormError::BadText)
    }

    fn name(&mut self) -> Result<String, FormError> {
        let name = self.counted(MAX_ATTRIBUTE_NAME, FormError::BadName)?;
        let small = !name.bytes().any(|byte| byte.is_ascii_uppercase());
        if small && is_name(name) {
            return Ok(name.to_string());
        }
        Err(FormError::BadName)
    }

    fn text(&mut self) -> Result<String, FormError> {
        let text = self.counted(MAX_STRING, FormError::StringTooLong)?;
        if is_plain(text) {
            return Ok(text.to_string());
        }
        Err(FormError::BadText)
    }

    fn list_length(&mut self) -> Result<u32, FormError> {
        let count = self.compact::<u32>()?;
        if count > MAX_LIST {
            return Err(FormError::ListTooLong);
        }
        Ok(count)
    }

    fn node(&mut self, depth: u32) -> Result<Node, FormError> {
        if depth > MAX_DEPTH {
            return Err(FormError::TooDeep);
        }
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            return Err(FormError::TooManyNodes);
        }
        let tag = self.byte()?;
        let below = depth.saturating_add(1);
        Ok(match tag {
            LIST => {
                let count = self.list_length()?;
                Node::List(self.nodes(count, below)?)
            }
            BARE => Node::Attribute(Scope::Bare, self.name()?),
            MY => Node::Attribute(Scope::My, self.name()?),
            TARGET => Node::Attribute(Scope::Target, self.name()?),
            ALL => Node::All(self.operands(below)?),
            ANY => Node::Any(self.operands(below)?),
            CONDITIONAL => {
                let parts = [self.node(below)?, self.node(below)?, self.node(below)?];
                Node::Conditional(Box::new(parts))
            }
            _ => return self.numbered(tag, below),
        })
    }

    /// Nodes whose tags are numbered on from a first, and scalars.
    fn numbered(&mut self, tag: u8, below: u32) -> Result<Node, FormError> {
        if let Some(operator) = of_tag(tag, UNARY, &UnaryOperator::ALL) {
            return Ok(Node::Unary(operator, Box::new(self.node(below)?)));
        }
        if let Some(operator) = of_tag(tag, BINARY, &BinaryOperator::ALL) {
            let left = Box::new(self.node(below)?);
            return Ok(Node::Binary(operator, left, Box::new(self.node(below)?)));
        }
        if let Some(function) = of_tag(tag, CALL, &Function::ALL) {
            let arguments = self.nodes(function.arguments(), below)?;
            return Ok(Node::Call(function, arguments));
        }
        self.scalar(tag).map(Node::Literal)
    }

    fn nodes(&mut self, count: u32, depth: u32) -> Result<Vec<Node>, FormError> {
        (0..count).map(|_| self.node(depth)).collect()
    }

    fn operands(&mut self, depth: u32) -> Result<Vec<Node>, FormError> {
        match self.compact::<u32>()? {
            0 | 1 => Err(FormError::TooFewOperands),
            count if count > MAX_NODES => Err(FormError::TooManyNodes),
            count => self.nodes(count, depth),
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value, FormError> {
        if depth > MAX_DEPTH {
            return Err(FormError::TooDeep);
        }
        match self.byte()? {
            LIST => {
                let count = self.list_length()?;
                let below = depth.saturating_add(1);
                let items = (0..count).map(|_| self.value(below));
                items.collect::<Result<_, _>>().map(Value::List)
            }
            tag => self.scalar(tag),
        }
    }

    fn scalar(&mut self, tag: u8) -> Result<Value, FormError> {
        Ok(match tag {
            UNDEFINED => Value::Undefined,
            ERROR => Value::Error,
            FALSE => Value::Boolean(false),
            TRUE => Value::Boolean(true),
            INTEGER => Value::Integer(self.integer()?),
            NEGATIVE_INTEGER => Value::Integer(!self.integer()?),
            REAL => Value::Real(real(self.billionths()?)?),
            NEGATIVE_REAL => Value::Real(real(!self.billionths()?)?),
            TEXT => Value::Text(self.text()?),
            other => return Err(FormError::UnknownTag(other)),
        })
    }

    fn integer(&mut self) -> Result<i64, FormError> {
        i64::try_from(self.compact::<u64>()?).map_err(|_| FormError::BadNumber)
    }

    fn billionths(&mut self) -> Result<i128, FormError> {
        i128::try_from(self.compact::<u128>()?).map_err(|_| FormError::BadNumber)
    }
}

fn real(nanos: i128) -> Result<Real, FormError> {
    Real::from_nanos(nanos).ok_or(FormError::BadNumber)
}

fn of_tag<T: Copy>(tag: u8, first: u8, all: &[T]) -> Option<T> {
    let index = tag.checked_sub(first)?;
    all.get(usize::from(index)).copied()
}
