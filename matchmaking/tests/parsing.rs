//! Texts that are read, texts that are not, and what is said about them.

use ergon_matchmaking::{Ad, Expression, ParseError, ParseErrorKind as Kind};

fn error(text: &str) -> ParseError {
    match Expression::parse(text) {
        Err(error) => error,
        Ok(expression) => panic!("{text} was read as {expression}"),
    }
}

fn ad_error(text: &str) -> ParseError {
    match Ad::parse(text) {
        Err(error) => error,
        Ok(ad) => panic!("{text} was read as {ad}"),
    }
}

fn expected(expected: &'static str, found: &str) -> Kind {
    Kind::Expected {
        expected,
        found: found.into(),
    }
}

const OPERAND: &str = "a name, a literal or `(`";
const OPERATOR: &str = "an operator or the end of the text";
const LITERAL: &str = "a literal: a number, a quoted text, true, false, undefined, error or a list";

#[test]
fn every_error_has_its_place() {
    let number = |text: &str| Kind::MalformedNumber(text.into());
    let word = |text: &str| Kind::ReservedWord(text.into());
    let arguments = |function, expected, found| Kind::WrongArguments {
        function,
        expected,
        found,
    };
    for (text, position, kind) in [
        ("", 0, expected(OPERAND, "the end of the text")),
        (" \t ", 3, expected(OPERAND, "the end of the text")),
        ("1 +", 3, expected(OPERAND, "the end of the text")),
        ("1 2", 2, expected(OPERATOR, "`2`")),
        ("a b", 2, expected(OPERATOR, "`b`")),
        ("1 = 1", 2, expected(OPERATOR, "`=`")),
        ("1 === 1", 4, expected(OPERAND, "`=`")),
        ("1 == == 2", 5, expected(OPERAND, "`==`")),
        ("\"a\" \"b\"", 4, expected(OPERATOR, "the text \"b\"")),
        (
            "(1",
            2,
            expected("an operator or `)`", "the end of the text"),
        ),
        ("()", 1, expected(OPERAND, "`)`")),
        ("1)", 1, expected(OPERATOR, "`)`")),
        ("{1,}", 3, expected(OPERAND, "`}`")),
        ("{,1}", 1, expected(OPERAND, "`,`")),
        ("{1 2}", 3, expected("`,` or `}`", "`2`")),
        ("member(1; 2)", 8, expected("`,` or `)`", "`;`")),
        ("a ?: 1", 3, expected(OPERAND, "`:`")),
        (
            "a ? 1",
            5,
            expected("`:` and what the value is otherwise", "the end of the text"),
        ),
        ("[a = 1]", 0, expected(OPERAND, "`[`")),
        ("l[0]", 1, expected(OPERATOR, "`[`")),
        (".x", 0, expected(OPERAND, "`.`")),
        (
            "my",
            2,
            expected("`.` and the name of an attribute", "the end of the text"),
        ),
        (
            "TARGET == 1",
            7,
            expected("`.` and the name of an attribute", "`==`"),
        ),
        (
            "MY.1",
            2,
            expected("`.` and the name of an attribute", "`0.1`"),
        ),
        (
            "MY.",
            3,
            expected("the name of an attribute", "the end of the text"),
        ),
        (
            "T2.",
            3,
            expected("the name of a tier, such as `small`", "the end of the text"),
        ),
        ("MY.x.y", 4, expected(OPERATOR, "`.`")),
        ("1 & 2", 2, Kind::UnexpectedCharacter('&')),
        ("a | b", 2, Kind::UnexpectedCharacter('|')),
        ("'a'", 0, Kind::UnexpectedCharacter('\'')),
        ("a\0", 1, Kind::UnexpectedCharacter('\0')),
        ("aé", 1, Kind::UnexpectedCharacter('é')),
        ("\"a\u{1b}\"", 2, Kind::UnexpectedCharacter('\u{1b}')),
        ("\"\0\"", 1, Kind::UnexpectedCharacter('\0')),
        ("x == \"abc", 5, Kind::UnterminatedText),
        ("x == \"abc\n\"", 5, Kind::UnterminatedText),
        ("\"\\", 0, Kind::UnterminatedText),
        ("1 /* 2", 2, Kind::UnterminatedComment),
        ("/*/", 0, Kind::UnterminatedComment),
        ("\"a\\x\"", 2, Kind::UnknownEscape('x')),
        ("\"\\é\"", 1, Kind::UnknownEscape('é')),
        ("1.", 0, number("1.")),
        ("1.e3", 0, number("1.e3")),
        ("2 + 1e", 4, number("1e")),
        ("1e+", 0, number("1e+")),
        ("1..5", 0, number("1..5")),
        ("1.2.3", 0, number("1.2.3")),
        ("16k", 0, number("16k")),
        ("1_000", 0, number("1_000")),
        ("010", 0, number("010")),
        ("00.5", 0, number("00.5")),
        ("0x10", 0, number("0x10")),
        ("9223372036854775808", 0, Kind::NumberTooLarge),
        ("1 - 9223372036854775808", 4, Kind::NumberTooLarge),
        ("-9223372036854775809", 1, Kind::NumberTooLarge),
        ("99999999999999999999999999", 0, Kind::NumberTooLarge),
        ("1 + 1e30", 4, Kind::NumberTooLarge),
        ("MY.true", 3, word("true")),
        ("TARGET.My", 7, word("My")),
        ("is", 0, word("is")),
        ("1 + parent", 4, word("parent")),
        ("true && size(x)", 8, Kind::UnknownFunction("size".into())),
        ("member(1)", 0, arguments("member", 2, 1)),
        ("1 + ISERROR()", 4, arguments("isError", 1, 0)),
        ("ifThenElse(1,2,3,4)", 0, arguments("ifThenElse", 3, 4)),
        ("other.cpus > 1", 0, Kind::UnknownScope("other".into())),
        ("a && T2.huge", 5, Kind::UnknownTier("T2.huge".into())),
        ("T2.nano.slow", 0, Kind::UnknownTier("T2.nano.slow".into())),
        ("t1.x", 0, Kind::UnknownTier("t1.x".into())),
    ] {
        let found = error(text);
        assert_eq!((found.position, &found.kind), (position, &kind), "{text}");
        assert_eq!(found.line, 1);
    }
}

#[test]
fn every_bound_has_its_error() {
    let nodes = ["1"; 129].join("+");
    let list = ["1"; 65].join(",");
    let long = "x".repeat(257);
    let name = "n".repeat(65);
    let name64 = "n".repeat(64);
    let encoded = [name64.as_str(); 16].join(" && ");
    let ternary = "a?b:".repeat(32) + "c";
    // 4,080 bytes, to which the blanks that are written back add more than a hundred.
    let quotes = format!("\"{}\"", "\\\"".repeat(256));
    let unknowns = |count| vec!["isUndefined(undefined)"; count].join(",");
    let shown = [
        format!("{{{}}}", unknowns(64)),
        format!("{{{}}}", unknowns(46)),
    ];
    let shown = [shown.as_slice(), &[quotes.clone(), quotes.clone(), quotes]]
        .concat()
        .join("&&");
    for (text, position, kind) in [
        ("x".repeat(4_097), 4_096, Kind::TextTooLong),
        ("é".repeat(2_049), 4_096, Kind::TextTooLong),
        (format!("a{}", "é".repeat(2_048)), 4_095, Kind::TextTooLong),
        ("(".repeat(4_096), 32, Kind::TooDeep),
        ("{".repeat(4_096), 32, Kind::TooDeep),
        ("!".repeat(4_096), 32, Kind::TooDeep),
        ("-+".repeat(2_048), 32, Kind::TooDeep),
        ("isError(".repeat(400), 256, Kind::TooDeep),
        ("a?".repeat(2_000), 64, Kind::TooDeep),
        (ternary, 126, Kind::TooDeep),
        (["1"; 33].join("+"), 63, Kind::TooDeep),
        (format!("{{{nodes}}}"), 64, Kind::TooDeep),
        (
            format!("{{{}}}", ["1+1+1+1"; 40].join(",")),
            0,
            Kind::TooManyNodes,
        ),
        (["1"; 256].join("&&"), 766, Kind::TooManyNodes),
        (
            format!("member(1, {{{list}}})"),
            11 + 128,
            Kind::ListTooLong,
        ),
        (format!("a == \"{long}\""), 5, Kind::StringTooLong),
        (format!("MY.{name}"), 3, Kind::NameTooLong),
        (encoded.clone(), encoded.len(), Kind::TooLong),
        (shown.clone(), shown.len(), Kind::TooLong),
    ] {
        let found = error(&text);
        let positions = match kind {
            // Which of the nodes is one too many depends on the order in which they are made.
            Kind::TooManyNodes => found.position,
            _ => position,
        };
        assert_eq!((found.position, &found.kind), (positions, &kind), "{text}");
    }
    let levels = format!("{}1{}", "(".repeat(31), ")".repeat(31));
    assert_eq!(Expression::parse(&levels).unwrap().to_string(), "1");
    assert!(Expression::parse(&format!("{}x", "!".repeat(31))).is_ok());
    assert!(Expression::parse(&["x"; 255].join("&&")).is_ok());
    assert!(Expression::parse(&["1"; 32].join("+")).is_ok());
}

#[test]
fn places_count_lines_and_characters() {
    let found = error("\"ä\" == x &&\n  cpus >> 2");
    assert_eq!((found.position, found.line, found.column), (21, 2, 9));
    assert_eq!(
        found.to_string(),
        "line 2, column 9: expected a name, a literal or `(`, found `>`"
    );
    let found = error("\"äö\" = 1");
    assert_eq!((found.position, found.line, found.column), (7, 1, 6));
}

#[test]
fn advertisements_have_errors_with_places_too() {
    let many: String = (0..65).map(|index| format!("a{index}=1;")).collect();
    let long = format!("[a=\"{0}\";b=\"{0}\";c=\"{0}\";d=\"{0}\"]", "x".repeat(256));
    let deep = format!("[a={}]", "{".repeat(100));
    for (text, position, kind) in [
        (
            "",
            0,
            expected(
                "`[`, with which an advertisement begins",
                "the end of the text",
            ),
        ),
        (
            "[",
            1,
            expected("the name of an attribute", "the end of the text"),
        ),
        (
            "[a]",
            2,
            expected("`=` and the value of the attribute", "`]`"),
        ),
        ("[a=]", 3, expected(LITERAL, "`]`")),
        ("[a=b]", 3, expected(LITERAL, "`b`")),
        ("[a=-\"x\"]", 4, expected(LITERAL, "the text \"x\"")),
        ("[a=1+1]", 4, expected("`;` or `]`", "`+`")),
        ("[a=1, b=2]", 4, expected("`;` or `]`", "`,`")),
        ("[a=1] x", 6, expected("the end of the text", "`x`")),
        ("[a={1;2}]", 5, expected("`,` or `}`", "`;`")),
        ("[my=1]", 1, Kind::ReservedWord("my".into())),
        ("[a=1; A=2]", 6, Kind::DuplicateAttribute("a".into())),
        ("[a=9223372036854775808]", 3, Kind::NumberTooLarge),
        (
            &format!("[{many}]"),
            many.find("a64").unwrap() + 1,
            Kind::TooManyAttributes,
        ),
        (&long, long.find('d').unwrap(), Kind::TooLong),
        (&deep, 3 + 32, Kind::TooDeep),
    ] {
        let found = ad_error(text);
        assert_eq!((found.position, &found.kind), (position, &kind), "{text}");
    }
}

#[test]
fn texts_are_shown_as_they_are_understood() {
    for (text, shown) in [
        ("cpus>=4", "cpus >= 4"),
        ("My . Cpus IS 4", "MY.cpus =?= 4"),
        ("target.OS isnt \"Linux\"", "TARGET.os =!= \"Linux\""),
        ("((a+b)*c)", "(a + b) * c"),
        ("(a*b)+c", "a * b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a && b && c", "a && b && c"),
        ("(a && b) && c", "(a && b) && c"),
        ("a && (b && c)", "a && (b && c)"),
        ("(a || b) && c || d", "(a || b) && c || d"),
        ("a ? b : (c ? d : e)", "a ? b : c ? d : e"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ? (b ? c : d) : e", "a ? b ? c : d : e"),
        ("- 5", "-5"),
        ("-(5)", "-(5)"),
        ("--5", "--5"),
        ("- -x", "--x"),
        ("!(a&&b)", "!(a && b)"),
        ("(!a) == b", "!a == b"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("1e3", "1000.0"),
        (".5", "0.5"),
        ("-0.0", "0.0"),
        ("TRUE", "true"),
        ("{ }", "{}"),
        ("MEMBER (1,{1,2})", "member(1, {1, 2})"),
        ("/* why */ 1 // because", "1"),
        ("\"\\\"\\\\\\n\\t\"", "\"\\\"\\\\\\n\\t\""),
        ("1<2<3", "1 < 2 < 3"),
        ("1<(2<3)", "1 < (2 < 3)"),
        ("a == b < c", "a == b < c"),
        ("(a == b) < c", "(a == b) < c"),
        ("(1)is(1)", "1 =?= 1"),
        ("member", "member"),
        ("t2 > 1", "t2 > 1"),
    ] {
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.to_string(), shown, "{text}");
        assert_eq!(Expression::parse(shown), Ok(expression), "{text}");
    }
}

#[test]
fn advertisements_are_shown_as_they_are_understood() {
    let ad = Ad::parse(
        "[ OS = \"Linux\";; cpus = +8; memory=-1; speed = -2.50; gpus = {\"a100\", {}, undefined};
           ok = TRUE; // of last week
           bad = error; ]",
    );
    let shown = "[ bad = error; cpus = 8; gpus = {\"a100\", {}, undefined}; memory = -1; ok = true; \
                 os = \"Linux\"; speed = -2.5; ]";
    assert_eq!(ad.as_ref().unwrap().to_string(), shown);
    assert_eq!(Ad::parse(shown), ad);
    assert_eq!(Ad::parse(" [ ] "), Ok(Ad::new()));
}
