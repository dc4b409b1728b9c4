//! What expressions evaluate to, how they explain themselves, and the tiers.

use ergon_matchmaking::{Ad, Expression, Value, tier, tier_of, tiers};

fn value(text: &str) -> Value {
    let my = Ad::parse("[cpus = 4; only_my = 1; name = \"Anna\"; l = {1, \"Two\"}; u = undefined]");
    let target = Ad::parse("[cpus = 8; only_target = 2; u = 7]");
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.evaluate(&my.unwrap(), &target.unwrap())
}

/// Each text has the value of the literal next to it.
fn check(cases: &[(&str, &str)]) {
    for (text, literal) in cases {
        assert_eq!(value(text).to_string(), *literal, "{text}");
    }
}

#[test]
fn attributes_are_looked_up_where_they_are_asked_for() {
    check(&[
        ("cpus", "4"),
        ("CPUS", "4"),
        ("MY.cpus", "4"),
        ("TARGET.cpus", "8"),
        ("only_my", "1"),
        ("only_target", "2"),
        ("nothing", "undefined"),
        ("TARGET.only_target", "2"),
        ("MY.only_target", "undefined"),
        ("TARGET.only_my", "undefined"),
        ("MY.nothing", "undefined"),
        ("u", "undefined"),
        ("TARGET.u", "7"),
        ("l", "{1, \"Two\"}"),
    ]);
}

#[test]
fn logic_has_three_values_and_an_error() {
    // Rows: left operand; columns: right operand, true, false, undefined, error, "x".
    let operands = ["true", "false", "undefined", "error", "\"x\""];
    let (t, f, u, e) = ("true", "false", "undefined", "error");
    let and = [
        [t, f, u, e, e],
        [f, f, f, f, f],
        [u, f, u, e, e],
        [e, e, e, e, e],
        [e, e, e, e, e],
    ];
    let or = [
        [t, t, t, t, t],
        [t, f, u, e, e],
        [t, u, u, e, e],
        [e, e, e, e, e],
        [e, e, e, e, e],
    ];
    for (row, left) in operands.iter().enumerate() {
        for (column, right) in operands.iter().enumerate() {
            check(&[
                (&format!("{left} && {right}"), and[row][column]),
                (&format!("{left} || {right}"), or[row][column]),
                (&format!("({left} && {right}) && true"), and[row][column]),
            ]);
        }
    }
    check(&[
        ("!true", f),
        ("!undefined", u),
        ("!error", e),
        ("!\"a\"", e),
        ("!{}", e),
        ("!0", t),
        ("!1.5", f),
        ("5 && 0.5", t),
        ("1 && 0", f),
        ("0.0 || 0", f),
        ("undefined && 1", u),
        ("undefined && 0 && error", f),
        ("undefined && undefined && true", u),
        ("1 ? 2 : 1/0", "2"),
        ("0.0 ? 1/0 : 3", "3"),
        ("undefined ? 1 : 2", u),
        ("\"a\" ? 1 : 2", e),
        ("{1} ? 1 : 2", e),
        ("true || false && false", t),
    ]);
}

#[test]
fn comparisons_are_strict_or_exact() {
    check(&[
        ("\"a\" == \"A\"", "true"),
        ("\"a\" =?= \"A\"", "false"),
        ("\"a\" =?= \"a\"", "true"),
        ("\"Z\" < \"a\"", "false"),
        ("\"_\" < \"A\"", "true"),
        ("\"a\" < \"aa\"", "true"),
        ("\"é\" == \"É\"", "false"),
        ("\"a\" == 1", "error"),
        ("true == \"true\"", "error"),
        ("1 == 1.0", "true"),
        ("1 =?= 1.0", "false"),
        ("1.0 is 1.0", "true"),
        ("true == 1", "true"),
        ("true =?= 1", "false"),
        ("false < true", "true"),
        ("9223372036854775807 == 9223372036854775807.0", "true"),
        ("9223372036854775806 < 9223372036854775806.5", "true"),
        ("undefined == undefined", "undefined"),
        ("undefined =?= undefined", "true"),
        ("undefined =!= 1", "true"),
        ("nothing is undefined", "true"),
        ("(1/0) is error", "true"),
        ("error is 1", "false"),
        ("undefined < error", "error"),
        ("undefined == \"a\"", "undefined"),
        ("undefined == {}", "undefined"),
        ("{1} == {1}", "error"),
        ("{1} =?= {1}", "error"),
        ("{} =!= {}", "error"),
        ("{1} =?= 1", "false"),
        ("1 < 2 < 3", "true"),
        ("3 > 2 > 1", "false"),
        ("1 == 2 < 3", "true"),
    ]);
}

#[test]
fn arithmetic_is_exact_or_an_error() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("7 % 4 * 2", "6"),
        ("-7 / 2", "-3"),
        ("7 / -2", "-3"),
        ("-7 % 2", "-1"),
        ("7 % -2", "1"),
        ("1 / 0", "error"),
        ("1 % 0", "error"),
        ("1.0 / 0", "error"),
        ("1 / 3.0", "0.333333333"),
        ("2 / 3.0", "0.666666667"),
        ("4 / 2.0", "2.0"),
        ("3 - 2.0", "1.0"),
        ("7.5 % 2", "error"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("9223372036854775807 + 1", "error"),
        ("-9223372036854775808 - 1", "error"),
        ("-(-9223372036854775808)", "error"),
        ("-9223372036854775808 / -1", "error"),
        ("-9223372036854775808 % -1", "0"),
        ("4611686018427387904 * 2", "error"),
        ("100000000000000000000000000000.0 * 2", "error"),
        ("true + true", "2"),
        ("true * 2.5", "2.5"),
        ("true / false", "error"),
        ("-true", "error"),
        ("+true", "error"),
        ("+1.5", "1.5"),
        ("-undefined", "undefined"),
        ("-\"a\"", "error"),
        ("undefined + \"a\"", "undefined"),
        ("undefined + error", "error"),
        ("\"a\" + \"b\"", "error"),
        ("{1} + 1", "error"),
    ]);
}

#[test]
fn functions_do_what_the_readme_says() {
    check(&[
        ("member(1, {1, 2})", "true"),
        ("member(1.0, {1})", "true"),
        ("member(true, {1})", "true"),
        ("member(\"TWO\", l)", "true"),
        ("member(3, l)", "false"),
        ("member(1, {})", "false"),
        ("member(1, {error, undefined, \"1\", {1}})", "false"),
        ("member(2, {1/0, 2})", "true"),
        ("member(undefined, {undefined})", "undefined"),
        ("member({1}, undefined)", "undefined"),
        ("member(error, undefined)", "undefined"),
        ("member(undefined, error)", "undefined"),
        ("member(undefined, 1)", "undefined"),
        ("member(error, {1})", "error"),
        ("member(1, error)", "error"),
        ("member(1, 1)", "error"),
        ("member({1}, {{1}})", "error"),
        ("isUndefined(nothing)", "true"),
        ("isUndefined(u)", "true"),
        ("isUndefined(error)", "false"),
        ("isUndefined({})", "false"),
        ("ISERROR(1/0)", "true"),
        ("isError({error})", "false"),
        ("isError(undefined)", "false"),
        ("ifThenElse(0, 1/0, 2)", "2"),
        ("ifThenElse(0.5, 1, 1/0)", "1"),
        ("ifThenElse(undefined, 1, 2)", "undefined"),
        ("ifThenElse(\"a\", 1, 2)", "error"),
        ("{1/0, nothing}", "{error, undefined}"),
    ]);
}

#[test]
fn only_true_holds() {
    let nobody = Ad::new();
    let holds = |text: &str| Expression::parse(text).unwrap().holds(&nobody, &nobody);
    assert!(holds("true") && holds("1 && 1") && holds("1 < 2"));
    for text in [
        "1",
        "undefined",
        "error",
        "\"true\"",
        "{true}",
        "MY.x",
        "x >= 1",
        "1.0",
    ] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn an_explanation_names_what_failed() {
    let expression = Expression::parse(
        "T2.small && (TARGET.gpus >= 1 || TARGET.gpu_model == \"a100\" && TARGET.gpus > 0)
         && MY.budget > TARGET.price && 1 / 0 && 5",
    );
    let machine = Ad::parse("[cpus = 8; cpu_mhz = 3000; memory = 2048; os = \"linux\"; price = 2]");
    let my = Ad::new().with("budget", 3);
    let explanation = expression.unwrap().explain(&my, &machine.unwrap());
    assert_eq!(
        explanation.to_string(),
        "The requirements are not met:\
         \n  holds: TARGET.cpus >= 2\
         \n  holds: TARGET.cpu_mhz >= 2000\
         \n  does not hold: TARGET.memory >= 4096\
         \n  holds: member(TARGET.os, {\"windows\", \"linux\"})\
         \n  undefined: TARGET.gpus >= 1 || TARGET.gpu_model == \"a100\" && TARGET.gpus > 0 \
         (TARGET.gpus, TARGET.gpu_model are not given)\
         \n  holds: MY.budget > TARGET.price\
         \n  error: 1 / 0\
         \n  is 5: 5"
    );
    assert_eq!(
        explanation.conditions[4].undefined,
        ["TARGET.gpus", "TARGET.gpu_model"]
    );
}

#[test]
fn an_explanation_without_conjunction_is_one_condition() {
    let expression = Expression::parse("x + 1").unwrap();
    let explanation = expression.explain(&Ad::new().with("x", 1), &Ad::new());
    assert_eq!(explanation.value, Value::Integer(2));
    assert_eq!(
        explanation.to_string(),
        "The requirements are 2 instead of true, so they are not met:\n  is 2: x + 1"
    );
    let explanation = expression.explain(&Ad::new(), &Ad::new());
    assert_eq!(
        explanation.to_string(),
        "Whether the requirements are met is undefined, so they are not:\
         \n  undefined: x + 1 (x is not given)"
    );
}

fn machine(cpus: i64, cpu_mhz: i64, memory: i64) -> Ad {
    let ad = Ad::new().with("cpus", cpus).with("cpu_mhz", cpu_mhz);
    ad.with("memory", memory).with("os", "Linux")
}

#[test]
fn machines_are_of_the_best_tier_they_satisfy() {
    for (cpus, cpu_mhz, memory, best) in [
        (2, 2_000, 2_048, Some("T2.nano")),
        (2, 2_000, 2_047, None),
        (1, 4_000, 65_536, None),
        (2, 1_999, 65_536, None),
        (2, 3_999, 4_095, Some("T2.nano")),
        (2, 2_000, 4_096, Some("T2.small")),
        (2, 2_000, 8_192, Some("T2.medium")),
        (2, 2_000, 16_384, Some("T2.large")),
        (2, 2_000, 65_536, Some("T2.xlarge")),
        (2, 4_000, 2_048, Some("T2.nano.fast")),
        (2, 4_000, 4_096, Some("T2.small.fast")),
        (2, 4_000, 8_192, Some("T2.medium.fast")),
        (2, 5_000, 16_384, Some("T2.large.fast")),
        (2, 4_000, 32_768, Some("T2.xlarge.fast")),
        (3, 1_000, 1_024, Some("T1.default")),
    ] {
        assert_eq!(tier_of(&machine(cpus, cpu_mhz, memory)), best);
    }
    assert_eq!(
        tier_of(&machine(64, 4_000, 65_536).with("os", "plan9")),
        None
    );
    assert_eq!(tier_of(&Ad::new()), None);
}

#[test]
fn tiers_are_parts_of_the_language() {
    assert_eq!(tiers().count(), 11);
    for (name, condition) in tiers() {
        assert_eq!(tier(name).as_ref(), Some(&condition));
        assert_eq!(tier(&name.to_lowercase()).as_ref(), Some(&condition));
        assert_eq!(Expression::parse(name).as_ref(), Ok(&condition));
        assert_eq!(
            Expression::parse(&condition.to_string()).as_ref(),
            Ok(&condition)
        );
        let bytes = condition.encode_bounded();
        assert_eq!(Expression::decode_bounded(&bytes).as_ref(), Ok(&condition));
    }
    assert_eq!(tier("T2"), None);
    let either = Expression::parse("t2.NANO || T1 . default").unwrap();
    assert!(either.holds(&Ad::new(), &machine(2, 2_000, 2_048)));
}
