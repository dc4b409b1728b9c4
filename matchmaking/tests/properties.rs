//! What is true of all texts, forms, expressions and advertisements.

use codec::{Decode, Encode};
use ergon_matchmaking::{
    Ad, Condition, Explanation, Expression, MAX_ENCODED, MAX_TEXT, Real, Value,
};
use proptest::{collection::vec, prelude::*, sample::Index};

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Undefined),
        Just(Value::Error),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-5i64..5).prop_map(Value::from),
        any::<i128>().prop_filter_map("in range", |nanos| Real::from_nanos(nanos).map(Value::Real)),
        (-5i64..5).prop_map(|whole| Value::Real(whole.into())),
        "[a-cA-C\"\\\\\n\té]{0,6}".prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(3, 16, 4, |inner| vec(inner, 0..4).prop_map(Value::from))
}

fn ad() -> impl Strategy<Value = Ad> {
    vec(("[a-eA-E]", value()), 0..6).prop_map(|attributes| attributes.into_iter().collect())
}

/// Texts of expressions; the leaves are such that they often mean something together.
fn text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        2 => value().prop_map(|value| value.to_string()),
        3 => "(MY\\.|TARGET\\.|)[a-e]",
        1 => prop::sample::select(std::vec!["true", "false", "undefined", "error", "1", "T2.nano"])
            .prop_map(String::from),
    ];
    leaf.prop_recursive(6, 48, 3, |inner| {
        let operator = prop::sample::select(std::vec![
            "&&", "||", "==", "!=", "=?=", "is", "isnt", "<", "<=", ">", ">=", "+", "-", "*", "/",
            "%", "&&", "&&", "||",
        ]);
        let pair = (inner.clone(), operator, inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            4 => pair.clone().prop_map(|(a, operator, b)| format!("{a} {operator} {b}")),
            4 => pair.prop_map(|(a, operator, b)| format!("({a}) {operator} ({b})")),
            1 => ("[!+-]", inner.clone()).prop_map(|(operator, a)| format!("{operator}{a}")),
            1 => ("[!+-]", inner.clone()).prop_map(|(operator, a)| format!("{operator}({a})")),
            1 => three.clone().prop_map(|(a, b, c)| format!("{a} ? {b} : {c}")),
            1 => three.prop_map(|(a, b, c)| format!("ifThenElse({a}, {b}, {c})")),
            1 => vec(inner.clone(), 0..4).prop_map(|items| format!("{{{}}}", items.join(", "))),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("member({a}, {{{b}}})")),
            1 => inner.clone().prop_map(|a| format!("isUndefined({a})")),
            1 => inner.prop_map(|a| format!("isError({a})")),
        ]
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    text().prop_filter_map("in bounds", |text| Expression::parse(&text).ok())
}

/// A form with some bytes changed, taken away or put in.
fn mutated(form: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), 0u8..3, any::<u8>());
    vec(change, 1..4).prop_map(move |changes| {
        let mut form = form.clone();
        for (place, kind, byte) in changes {
            let index = place.index(form.len() + 1);
            match kind {
                0 if index < form.len() => form[index] = byte,
                1 if index < form.len() => drop(form.remove(index)),
                _ => form.insert(index, byte),
            }
        }
        form
    })
}

/// What decodes can be used, and is the only form of what it is.
fn check_form(bytes: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(expression) = Expression::decode_bounded(bytes) {
        prop_assert_eq!(expression.encode_bounded(), bytes);
        check_expression(&expression, &Ad::new(), &Ad::new())?;
    }
    if let Ok(ad) = Ad::decode_bounded(bytes) {
        prop_assert_eq!(ad.encode_bounded(), bytes);
        check_ad(&ad)?;
    }
    let _ = Value::decode(&mut &bytes[..]);
    let _ = Explanation::decode(&mut &bytes[..]);
    Ok(())
}

fn check_ad(ad: &Ad) -> Result<(), TestCaseError> {
    let form = ad.encode_bounded();
    prop_assert!(form.len() <= MAX_ENCODED as usize);
    prop_assert_eq!(Ad::decode_bounded(&form), Ok(ad.clone()));
    let text = ad.to_string();
    prop_assert!(text.len() <= MAX_TEXT);
    prop_assert_eq!(Ad::parse(&text), Ok(ad.clone()));
    for (name, value) in ad.iter() {
        prop_assert_eq!(ad.get(&name.to_uppercase()), Some(value));
    }
    Ok(())
}

/// The conjunction as the README's table has it, written independently of the crate.
fn conjunction(conditions: &[Condition]) -> Value {
    let mut undefined = false;
    for condition in conditions {
        match &condition.value {
            Value::Boolean(true) => {}
            Value::Boolean(false) | Value::Integer(0) => return Value::Boolean(false),
            Value::Integer(_) => {}
            Value::Real(Real::ZERO) => return Value::Boolean(false),
            Value::Real(_) => {}
            Value::Undefined => undefined = true,
            Value::Error | Value::Text(_) | Value::List(_) => return Value::Error,
        }
    }
    if undefined {
        Value::Undefined
    } else {
        Value::Boolean(true)
    }
}

fn check_expression(expression: &Expression, my: &Ad, target: &Ad) -> Result<(), TestCaseError> {
    let text = expression.to_string();
    prop_assert!(text.len() <= MAX_TEXT);
    prop_assert_eq!(Expression::parse(&text), Ok(expression.clone()), "{}", text);
    let form = expression.encode_bounded();
    prop_assert!(form.len() <= MAX_ENCODED as usize);
    prop_assert_eq!(Expression::decode_bounded(&form), Ok(expression.clone()));
    let value = expression.evaluate(my, target);
    prop_assert_eq!(expression.holds(my, target), value == Value::Boolean(true));
    let explanation = expression.explain(my, target);
    prop_assert_eq!(&explanation.value, &value, "{}", text);
    match explanation.conditions.as_slice() {
        [only] => prop_assert_eq!(&only.value, &value),
        several => prop_assert_eq!(conjunction(several), value, "{}", text),
    }
    prop_assert_eq!(
        Explanation::decode(&mut &explanation.encode()[..]),
        Ok(explanation.clone())
    );
    prop_assert!(explanation.to_string().lines().count() > explanation.conditions.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn expressions_come_back_from_text_and_form_and_explain_themselves(
        expression in expression(), my in ad(), target in ad(),
    ) {
        check_expression(&expression, &my, &target)?;
    }

    #[test]
    fn advertisements_come_back_from_text_and_form(ad in ad()) {
        check_ad(&ad)?;
    }

    #[test]
    fn values_come_back_from_text_and_form(value in value()) {
        prop_assert_eq!(Value::decode(&mut &value.encode()[..]), Ok(value.clone()));
        let ad = Ad::new().with("x", value.clone());
        let read = Ad::parse(&ad.to_string()).unwrap();
        prop_assert_eq!(read.get("x"), Some(&value));
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in vec(any::<u8>(), 0..1_100)) {
        check_form(&bytes)?;
    }

    #[test]
    fn any_tags_are_decoded_or_refused(
        bytes in vec(prop_oneof![0u8..10, 0x10u8..0x13, 0x20u8..0x23, 0x30u8..0x3e, 0x40u8..0x42,
            Just(0x50), 0x60u8..0x64, 4u8..64], 0..300),
    ) {
        check_form(&bytes)?;
    }

    #[test]
    fn damaged_forms_are_decoded_or_refused(
        bytes in expression().prop_flat_map(|expression| mutated(expression.encode_bounded())),
    ) {
        check_form(&bytes)?;
    }

    #[test]
    fn damaged_advertisements_are_decoded_or_refused(
        bytes in ad().prop_flat_map(|ad| mutated(ad.encode_bounded())),
    ) {
        check_form(&bytes)?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        check_text(&text)?;
    }

    #[test]
    fn any_signs_are_read_or_refused(
        text in "([!(){}<>=?&|:;.,+*/%\"\\\\-]|\\[|\\]|[0-9eE]|true|MY|T2|\\.nano|isError| |\n|\0|é){0,100}",
    ) {
        check_text(&text)?;
    }
}

/// Reading gives an expression that comes back, or an error with a place within the text.
fn check_text(text: &str) -> Result<(), TestCaseError> {
    for result in [Expression::parse(text).map(drop), Ad::parse(text).map(drop)] {
        if let Err(error) = result {
            prop_assert!(text.is_char_boundary(error.position), "{}", error);
            prop_assert!(error.line >= 1 && error.column >= 1);
        }
    }
    if let Ok(expression) = Expression::parse(text) {
        check_expression(&expression, &Ad::new(), &Ad::new())?;
    }
    Ok(())
}
