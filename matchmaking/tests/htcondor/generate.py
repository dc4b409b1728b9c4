"""Writes expressions with the values that HTCondor's own ClassAd implementation gives them.

One JSON object a line on standard output:

    expression  the text
    my, target  the two ads, as text
    value       what HTCondor says: "undefined", "error", "parse error", "other" (an ad, a failed
                evaluation), {"boolean": b}, {"integer": "…"}, {"real": "…"}, {"text": "…"},
                {"list": [values]}
    marks       the sub-expressions at which HTCondor's arithmetic leaves exact arithmetic:
                {"class": "integer overflow" | "real division by zero" | "real range" | "real rounding",
                 "at": the text of the sub-expression, "value": its value,
                 "least" and "largest": the magnitudes among its value and its operands, but for 0}

The same seed and count give the same lines. Usage: generate.py SEED COUNT
"""

import json
import random
import sys
from fractions import Fraction

import classad2
from classad2 import ClassAd, ExprTree, Value

DEEPEST = 6
MUTATED_SHARE = 0.2
SHORT_SHARE = 0.02
INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1
LARGEST_FIXED = Fraction(2**127, 10**9)

# ---------------------------------------------------------------------------------------- HTCondor


def configure():
    """Makes HTCondor evaluate as its daemons do by default.

    It reads its configuration only when it first makes an ad of its own, as for the value `MY`. Until then it is
    strict: a name without scope is sought in MY alone, not then in TARGET.
    """
    ExprTree("MY").eval(ClassAd(), ClassAd())
    if ExprTree("a").eval(ClassAd(), ClassAd("[a = 1]")) != 1:
        raise SystemExit("HTCondor does not look for names in TARGET; is STRICT_CLASSAD_EVALUATION set?")


def parse(text):
    """The expression tree, or None where HTCondor refuses the text."""
    try:
        return ClassAd(f"[expression = {text}\n]").lookup("expression")
    except classad2.ClassAdException:
        return None


def evaluated(value, my, target):
    """What `ExprTree.eval` returned, with the elements of lists evaluated too."""
    if isinstance(value, ExprTree):
        return evaluated(value.eval(my, target), my, target)
    if isinstance(value, list):
        return [evaluated(element, my, target) for element in value]
    return value


def evaluate(text, my, target):
    """The value as HTCondor sees it; `SyntaxError` (the class) stands for a refused text."""
    tree = parse(text)
    if tree is None:
        return SyntaxError
    try:
        return evaluated(tree, my, target)
    except classad2.ClassAdException:
        return RuntimeError


def described(value):
    if value is SyntaxError:
        return "parse error"
    if value is Value.Undefined:
        return "undefined"
    if value is Value.Error:
        return "error"
    if isinstance(value, bool):
        return {"boolean": value}
    if isinstance(value, int):
        return {"integer": str(value)}
    if isinstance(value, float):
        return {"real": repr(value)}
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, list):
        return {"list": [described(element) for element in value]}
    return "other"


# ------------------------------------------------------------------------------------------- trees

# Level of a node's text in the grammar, loosest first. The short form `a ?: b` binds tightest.
CHOICE, OR, AND, EQUALITY, ORDER, SUM, PRODUCT, UNARY, DEFAULT, ATOM = range(10)

BINARY = {
    "||": OR,
    "&&": AND,
    "==": EQUALITY,
    "!=": EQUALITY,
    "=?=": EQUALITY,
    "=!=": EQUALITY,
    "is": EQUALITY,
    "isnt": EQUALITY,
    "<": ORDER,
    "<=": ORDER,
    ">": ORDER,
    ">=": ORDER,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
}


class Node:
    """A kind ("leaf", "unary", "binary", "choice", "default", "list", "call"), its word, its parts."""

    def __init__(self, kind, word, parts=()):
        self.kind, self.word, self.parts = kind, word, tuple(parts)

    def level(self):
        if self.kind == "binary":
            return BINARY[self.word]
        if self.word.startswith("-") and self.kind == "leaf":
            return UNARY
        return {"choice": CHOICE, "unary": UNARY, "default": DEFAULT}.get(self.kind, ATOM)

    def nodes(self):
        yield self
        for part in self.parts:
            yield from part.nodes()


class Printer:
    """Turns a tree into text with the fewest parentheses that keep its meaning."""

    def __init__(self, random_source=None, all_parentheses=False):
        self.random, self.all_parentheses = random_source, all_parentheses

    def text(self, node, level=CHOICE):
        words = self.unwrapped(node)
        if node.level() < level or (self.all_parentheses and node.parts):
            return f"({words})"
        if self.random and self.random.random() < 0.04:
            return f"( {words} )"
        return words

    def blank(self):
        if not self.random:
            return " "
        return self.random.choice(["", " ", " ", " ", "  ", "\n", "\t"])

    def case(self, word):
        if not self.random or self.random.random() < 0.85:
            return word
        return self.random.choice([word.upper(), word.capitalize()])

    def unwrapped(self, node):
        parts = node.parts
        if node.kind == "leaf":
            return self.leaf(node.word)
        if node.kind == "unary":
            return node.word + self.gap() + self.text(parts[0], UNARY)
        if node.kind == "binary":
            level = node.level()
            left, right = self.text(parts[0], level), self.text(parts[1], level + 1)
            if node.word.isalpha():
                return f"{left} {self.case(node.word)} {right}"
            return f"{left}{self.blank()}{node.word}{self.blank()}{right}"
        if node.kind == "choice":
            test, yes, no = self.text(parts[0], OR), self.text(parts[1]), self.text(parts[2])
            return f"{test}{self.blank()}?{self.blank()}{yes} :{self.blank()}{no}"
        if node.kind == "default":
            left, right = self.text(parts[0], ATOM), self.text(parts[1], DEFAULT)
            return f"{left}{self.blank()}?:{self.blank()}{right}"
        inside = f",{self.blank()}".join(self.text(part) for part in parts)
        if node.kind == "list":
            return "{" + inside + "}"
        return f"{self.case(node.word)}({inside})"

    def gap(self):
        return " " if self.random and self.random.random() < 0.2 else ""

    def leaf(self, word):
        plain = word.replace("_", "a").isalpha()
        return self.case(word) if plain else word


# -------------------------------------------------------------------------------------- generation

NAMES = ["cpus", "memory", "disk", "gpus", "price", "ratio", "os", "region", "arch", "fast", "models", "sizes", "odd"]
MISSING = ["nothing", "absent_thing"]
WORDS = ["linux", "LINUX", "Linux", "windows", "x86_64", "a100", "A100", "h100", "", "8", "true", "eu", "é", "a b"]
SMALL = [0, 1, 2, 3, 4, 5, 7, 8, 10, 16, 64, 100, 1024, 16384]
LARGE = [2**31, 2**53, 2**53 + 1, 2**62, INTEGER_MAX, INTEGER_MAX - 1, 3037000500]
REALS = ["0.0", "0.5", "1.0", "1.5", "2.0", "2.25", "4.0", "8.125", "100.0", ".5", "1e3", "2.5e-1", "64.0"]
DECIMALS = ["0.1", "0.2", "0.3", "1.1", "3.14", "99.99", "0.001", "1e-9", "123456.789"]


def quoted(word):
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Generator:
    def __init__(self, source):
        self.random = source
        self.large = False
        self.decimals = False

    def pick(self, choices):
        return self.random.choice(choices)

    def ad(self):
        attributes = {}
        for name in NAMES:
            if self.random.random() < 0.65:
                attributes[name] = self.attribute(name)
        body = "; ".join(f"{name} = {value}" for name, value in attributes.items())
        return f"[ {body} ]"

    def attribute(self, name):
        if name in ("cpus", "memory", "disk", "gpus"):
            return str(self.pick(SMALL + [-1]))
        if name in ("price", "ratio"):
            return self.pick(["0.5", "1.5", "2.0", "-2.25", "0.0", "16.0"])
        if name in ("os", "region", "arch"):
            return quoted(self.pick(WORDS))
        if name == "fast":
            return self.pick(["true", "false"])
        if name in ("models", "sizes"):
            element = self.text_literal if name == "models" else self.number_literal
            return "{" + ", ".join(element() for _ in range(self.random.randrange(4))) + "}"
        return self.pick(["undefined", "true", "0", "7", '"odd"', "{}", '{1, "a", true, undefined}', "-3", "1.5"])

    def number_literal(self):
        draw = self.random.random()
        if self.large and draw < 0.35:
            return str(self.pick(LARGE))
        if self.decimals and draw < 0.3:
            return self.pick(DECIMALS)
        if draw < 0.75:
            return str(self.pick(SMALL))
        return self.pick(REALS)

    def text_literal(self):
        return quoted(self.pick(WORDS))

    def reference(self):
        name = self.pick(NAMES if self.random.random() < 0.9 else MISSING)
        return self.pick(["", "MY.", "TARGET.", "TARGET."]) + name

    def leaf(self, want):
        if self.random.random() < 0.3:
            return Node("leaf", self.reference())
        if self.random.random() < 0.06:
            return Node("leaf", self.pick(["undefined", "error"]))
        if want == "any":
            want = self.pick(["number", "condition", "text", "list"])
        if want == "number":
            return Node("leaf", self.number_literal())
        if want == "condition":
            return Node("leaf", self.pick(["true", "false"]))
        if want == "text":
            return Node("leaf", self.text_literal())
        return Node("list", "", [self.leaf("any") for _ in range(self.random.randrange(4))])

    def tree(self, depth, want="any"):
        """An expression of at most this depth, mostly of the wanted type."""
        if self.random.random() < 0.06:
            want = "any"
        if depth <= 1 or self.random.random() < 0.08:
            return self.leaf(want)
        if want == "any":
            want = self.pick(["condition", "condition", "number", "number", "text", "list"])
        forms = {"condition": self.condition, "number": self.number, "text": self.text, "list": self.list}
        return forms[want](depth - 1)

    def condition(self, depth):
        form = self.random.randrange(10)
        if form < 3:
            parts = self.tree(depth, "condition"), self.tree(depth, "condition")
            return Node("binary", self.pick(["&&", "||"]), parts)
        if form < 6:
            want = self.pick(["number", "number", "text", "condition", "any"])
            word = self.pick(["==", "!=", "<", "<=", ">", ">="])
            return Node("binary", word, [self.tree(depth, want), self.tree(depth, want)])
        if form < 7:
            word = self.pick(["=?=", "=!=", "is", "isnt"])
            want = self.pick(["number", "text", "any", "condition"])
            return Node("binary", word, [self.tree(depth, want), self.tree(depth, want)])
        if form < 8:
            return Node("unary", "!", [self.tree(depth, "condition")])
        return self.call(depth)

    def call(self, depth):
        form = self.random.randrange(4)
        if form < 2:
            return Node("call", "member", [self.tree(depth, self.pick(["text", "number"])), self.tree(depth, "list")])
        return Node("call", ["isUndefined", "isError"][form - 2], [self.tree(depth)])

    def number(self, depth):
        draw = self.random.random()
        if draw < 0.12:
            return self.choice(depth, "number")
        if draw < 0.3:
            return Node("unary", self.pick(["-", "-", "+"]), [self.tree(depth, "number")])
        word = self.pick(["+", "-", "*", "/", "%", "+", "-", "*"])
        return Node("binary", word, [self.tree(depth, "number"), self.tree(depth, "number")])

    def choice(self, depth, want):
        if self.random.random() < SHORT_SHARE:
            return Node("default", "?:", [self.tree(depth, want), self.tree(depth, want)])
        parts = self.tree(depth, "condition"), self.tree(depth, want), self.tree(depth, want)
        form = self.pick([("choice", "?"), ("call", "ifThenElse")])
        return Node(*form, parts)

    def text(self, depth):
        return self.choice(depth, "text")

    def list(self, depth):
        if self.random.random() < 0.3:
            return self.choice(depth, "list")
        return Node("list", "", [self.tree(depth) for _ in range(self.random.randrange(5))])

# ------------------------------------------------------------------------------------------- marks


def is_number(value):
    # UNDEFINED and ERROR are members of an enumeration of integers.
    return isinstance(value, (bool, int, float)) and not isinstance(value, Value)


def is_finite(value):
    return not isinstance(value, float) or abs(value) != float("inf") and value == value


def exact(word, operands):
    """The result in exact arithmetic of an operation that HTCondor gives a value."""
    if not all(is_finite(operand) for operand in operands):
        return None
    first, *rest = [Fraction(operand) for operand in operands]
    if not rest:
        return -first if word == "-" else first
    if word == "+":
        return first + rest[0]
    if word == "-":
        return first - rest[0]
    if word == "*":
        return first * rest[0]
    if word == "/" and rest[0] != 0:
        quotient = first / rest[0]
        return quotient if any(isinstance(operand, float) for operand in operands) else Fraction(int(quotient))
    return None


def mark_of_arithmetic(word, operands, value):
    real = any(isinstance(operand, float) for operand in operands)
    result = exact(word, operands)
    if real and word == "/" and operands[1] == 0:
        return "real division by zero" if value is not Value.Error else None
    if result is None:
        return "real range" if real and word != "%" else None
    if not real:
        return None if INTEGER_MIN <= result <= INTEGER_MAX else "integer overflow"
    if abs(result) >= LARGEST_FIXED:
        return "real range"
    fixed = (result * 10**9).denominator == 1
    return None if fixed and is_finite(value) and Fraction(value) == result else "real rounding"


def mark_of_real(text, value):
    if not is_finite(value) or abs(Fraction(value)) >= LARGEST_FIXED:
        return "real range"
    fixed = (Fraction(value) * 10**9).denominator == 1
    return None if fixed and Fraction(text) == Fraction(value) else "real rounding"


def is_beyond_double(values):
    """An integer that a double cannot hold meets a real: HTCondor rounds it first."""
    real = any(isinstance(value, float) for value in values)
    return real and any(isinstance(value, int) and int(float(value)) != value for value in values)


def is_close(values):
    """So close together that roundings before may decide how they compare."""
    first, second = values
    real = any(isinstance(value, float) for value in values)
    return real and abs(first - second) <= 1e-6 * max(1.0, abs(first), abs(second))


def mark(node, value, parts, rounded_below):
    if node.kind == "leaf" and isinstance(value, float) and node.word[0] in "-.0123456789":
        return mark_of_real(node.word, value)
    if node.kind not in ("unary", "binary") or not all(is_number(part) for part in parts):
        return None
    if node.kind == "unary":
        bare = node.word == "!" or isinstance(parts[0], bool)
        return None if bare else mark_of_arithmetic(node.word, parts, value)
    if node.word in ("+", "-", "*", "/", "%"):
        return mark_of_arithmetic(node.word, parts, value)
    if node.level() not in (EQUALITY, ORDER):
        return None
    return "real rounding" if is_beyond_double(parts) or rounded_below and is_close(parts) else None


def magnitudes(values):
    return [abs(float(value)) for value in values if is_number(value) and is_finite(value)]


def marks(tree, my, target):
    """The marks of the tree, from the leaves up."""
    printer, found = Printer(), []
    for part in tree.parts:
        found += [made for made in marks(part, my, target) if made not in found]
    text = printer.text(tree)
    value = evaluate(text, my, target)
    parts = [evaluate(printer.text(part), my, target) for part in tree.parts]
    rounded_below = any(made["class"] == "real rounding" for made in found)
    name = mark(tree, value, parts, rounded_below)
    if name:
        sizes = magnitudes([value, *parts])
        least, largest = min(filter(None, sizes), default=0.0), max(sizes, default=0.0)
        made = {"class": name, "at": text, "value": described(value)}
        found.append(made | {"least": repr(least), "largest": repr(largest)})
    return found


# -------------------------------------------------------------------------------------- odd texts

ODD = r"""
1K¦1M¦1.5G¦1B¦1.¦.5¦1e¦1e+¦1e3¦1E+3¦1..5¦1.5.5¦0x10¦0x¦010¦007¦00¦08¦09¦00.5¦1_000¦12abc¦0b1
9223372036854775807¦9223372036854775808¦-9223372036854775808¦-9223372036854775809¦- 9223372036854775808
99999999999999999999¦1-9223372036854775807¦-9223372036854775807 - 1¦-(9223372036854775807)
"a\"b"¦"a\\b"¦"a\nb"¦"a\tb"¦"a\rb"¦"a\bb"¦"a\fb"¦"a\'b"¦"a\qb"¦"a\101b"¦"a\0b"¦"\x41"¦"abc¦"¦""¦"a" "b"¦"é"¦"\"¦"a\/b"
'cpus'¦'cpus' == 8¦MY.'cpus'¦'a b'¦cpus'¦'¦''
1 /* c */ + 2¦/* a */ 1¦1 /* c¦1 # c¦/**/ 1¦1 /* * / */¦1 // c¦// c¦/* /* */ 1¦1 /**/+/**/ 2
TRUE¦True¦tRuE¦FALSE¦Undefined¦UNDEFINED¦Error¦eRROR¦1 IS 1¦1 Is 2¦1 ISNT 1¦1 Isnt 2
is¦isnt¦IS¦MY.is¦MY.true¦TARGET.error¦MY.undefined¦true1¦isnt1¦errors¦_¦_1¦a1¦1a¦A_B¦undefined1¦trueish
my¦MY¦target¦TARGET¦my.cpus¦My.CPUS¦target.Cpus¦MY .cpus¦MY. cpus¦TARGET . cpus¦MY.MY.cpus¦TARGET.MY.cpus¦.cpus¦MY.¦TARGET.¦.
cpus.os¦os.cpus¦models.cpus¦1.x¦"a".b¦true.x¦undefined.x¦(MY).cpus¦x.¦x.y.z
{}¦{ }¦{1}¦{1,2}¦{1,2,}¦{,1}¦{1,,2}¦{1 2}¦{1¦1}¦{(1)}¦{{}}¦{{1},{2}}¦{,}¦{1;2}
()¦(1)¦((1)¦(1))¦((1))¦)(¦(¦)¦(1)(2)¦(1) 2
1 +¦* 1¦+ 1¦1 ** 2¦1 + * 2¦+¦-¦!¦!!true¦! true¦- - 5¦--5¦-+5¦+-5¦!-1¦-!0¦-true¦+false¦-"a"¦+"a"¦-{}¦- undefined¦+error
1 = 1¦1 === 1¦1 <> 2¦1 =< 2¦1 => 2¦1 == == 2¦1 =? = 2¦1 = ?= 2¦1 =?== 2¦1 !== 2¦1 ! = 2¦1 =! = 2¦1 < = 2¦1 =!=2¦1=?=1¦a!b
1 && 2¦1 & & 2¦true && ¦&& true¦true | | false¦true &&& true¦true ||| true¦true and false¦not true¦true or false¦1 && && 1
1 & 3¦1 | 2¦1 ^ 3¦~1¦1 << 2¦8 >> 1¦-8 >>> 1¦1 & 1 == 1¦~true
1 ? 2 : 3¦1 ? 2¦1 : 2¦1 ? 2 :¦? 1 : 2¦1 ? : 2¦1 ?: 2¦1 ?:¦?: 1¦1 ? ? 2 : 3¦1 ? 2 : 3 : 4¦1 ? 2 ? 3 : 4 : 5¦undefined ? : 2¦0 ?: 5
true ? 1 ?: 2 : 3¦undefined ?: true ? 1 : 2¦false ? 1 : undefined ?: 2¦(undefined ?: undefined) ?: 4
member(1,{1})¦MEMBER(1,{1})¦Member (1,{1})¦member¦member + 1¦member(¦member()¦member(1)¦member(1,{1},2)¦member(1,)¦member(,)¦member(,1)
isUndefined()¦isUndefined(1,2)¦isUndefined(x)¦ISUNDEFINED(x)¦isError()¦isError(1,2)¦ISERROR(error)¦isError(member)
ifThenElse(true,1)¦ifThenElse(true,1,2,3)¦ifThenElse()¦IFTHENELSE(true,1,2)¦ifThenElse
size({1})¦toLower("A")¦strcat("a","b")¦nosuch(1)¦nosuch()¦f (1)¦x(¦MY.member(1,{1})¦stringListMember("a","a,b")¦1(2)¦"f"(1)
member(undefined,{1})¦member(error,{1})¦member(undefined,error)¦member(error,undefined)¦member(undefined,1)¦member({1},undefined)
member({1},{1})¦member(1,1)¦member("a","a")¦member(1,{{1},1})¦member(1,{error,1})¦member(1,{error})¦member("1",{1})¦member(true,{1})
member("A",{"a"})¦member(1,{1.0})¦member(1,undefined)¦member(1,error)¦member(1/0,{1})¦member(2,{1/0,2})¦member({},{})
a,b¦1,2¦1 2¦a b¦a$b¦@¦$¦#¦\¦a\b¦é¦1é¦`1`¦1;2¦null¦NULL¦none¦in¦1 in {1}¦x in y¦T2.small¦T1.default¦T2
1<2<3¦3>2>1¦1<2==true¦1==1==1¦2==2==2¦2==2==true¦1==1=?=true¦1=?=1==true¦1 is 1 == true¦1!=2!=3¦1=!=2=!=3¦true<2¦false<true
10-3-2¦100/10/2¦100/10*2¦2*3%4¦-2*3¦-7/2¦7/-2¦-7%2¦7%-2¦-7%-2¦7.5%2¦7%2.5¦5.0%0¦5/0¦5%0¦0/0
true+true¦true*2.5¦true/true¦true/false¦true%true¦false-true¦"a"+"b"¦{}+1¦1+{}¦undefined+"a"¦undefined+error¦error+undefined
{1}=={1}¦{1}=?={1}¦{1}=!={1}¦{}is{}¦{1}is 1¦1 is{1}¦{}isnt undefined¦undefined is{}¦undefined=={}¦{}==undefined¦"a"==1¦true=="true"
"a"=="A"¦"a"=?="A"¦"a"is"a"¦"a"<"B"¦"A"<"b"¦"_"<"a"¦"_"<"A"¦"Z"<"_"¦""<"a"¦"a"<"aa"¦"é"=="É"¦"a"<1¦"[" < "a"¦"[" < "A"
error is error¦undefined is undefined¦undefined is error¦1/0 is error¦(1/0)is error¦1 is 1.0¦1 is true¦1.0 is 1.0¦0.0 is -0.0¦-0.0 == 0
(-9223372036854775807-1)%-1
1.1 is 1.10
1 + undefined ?: 2¦!undefined ?: true¦-undefined ?: 2¦5 ?: 2 - 1¦5 ?: -1¦5 ?: - 1¦5 ?: +1¦5 ?: !true¦5 ?: -cpus¦5 ?: -(1)¦5 ?: (-1)¦5 ?: -1.5¦undefined ?: -1 + 2¦undefined ?: 1 ? 2 : 3¦2 * 5 ?: 3 * 4 + 1¦nothing is nothing ?: 2¦undefined ?: -9223372036854775808
1|2¦a|b¦true| |false¦|¦1 -1¦{1}-1¦(1)-1¦-1-1¦1 - -1¦1--1¦-1¦- 1¦-0¦-0.0¦1e-1-1¦1is 1¦1isnt 1¦1is1¦true is1¦"a"is"a"
"""


def edges():
    """Trees at the edges of HTCondor's arithmetic, where marks must say what happens."""
    words = ["0", "-1", "3", str(INTEGER_MAX), str(INTEGER_MIN), "9007199254740993", "3037000500"]
    words += ["0.0", "-5.0", "0.1", "0.2", "3.0", "9007199254740992.0", "1e20", "1e-9", "1e29"]
    leaves = [Node("leaf", word) for word in words]
    trees = [Node("leaf", word) for word in ("1e30", "1e400", "1e-12", "123456789.123456789", "1e308")]
    trees += [Node("unary", word, [leaf]) for word in ("-", "+", "!") for leaf in leaves]
    for word in ("+", "-", "*", "/", "%", "<", "==", "=?="):
        trees += [Node("binary", word, [left, right]) for left in leaves for right in leaves]
    sum_of_tenths = Node("binary", "+", [Node("leaf", "0.1"), Node("leaf", "0.2")])
    third = Node("binary", "/", [Node("leaf", "1"), Node("leaf", "3.0")])
    trees.append(Node("binary", "==", [sum_of_tenths, Node("leaf", "0.3")]))
    trees.append(Node("binary", "*", [third, Node("leaf", "3")]))
    return trees


def odd_texts():
    texts = [text for line in ODD.strip().splitlines() for text in line.split("¦")]
    deep = [30, 33, 64, 300]
    texts += ["(" * depth + "1" + ")" * depth for depth in deep]
    texts += ["!" * depth + "true" for depth in deep]
    texts += ["-" * depth + "1" for depth in deep]
    texts += ["true ? " * depth + "1" + " : 2" * depth for depth in deep]
    texts += ["{" * depth + "}" * depth for depth in (20, 33, 50)]
    texts += ["+".join(["1"] * length) for length in (20, 100, 200, 400)]
    texts += ["{" + ", ".join(["1"] * length) + "}" for length in (64, 65, 200)]
    texts += ['"' + "x" * length + '"' for length in (256, 257, 5000)]
    texts += ["a" * 64, "a" * 65, "MY." + "b" * 200]
    return texts + ["", " ", "\n", "\t1\n", "\r\n1", "\x0b1", "\x0c1", "\u00a01", '"a\nb"', "1 // c\n+ 2", "1 // c\n"]


FRAGMENTS = ["(", ")", "{", "}", ",", ".", "&&", "||", "!", "=", "==", "=?=", "<", ">", "?", ":", '"', "1", "x", "+", "-",
             "*", "/", "%", " ", "is ", "undefined", "1.5", "MY.", "&", "|", "member(", "é", "@", "//", "/*"]


def mutated(text, source):
    """The text with one or two places damaged."""
    for _ in range(source.choice([1, 1, 2])):
        place = source.randrange(len(text) + 1)
        form = source.randrange(4)
        if form == 0:
            text = text[:place] + source.choice(FRAGMENTS) + text[place:]
        elif form == 1:
            text = text[:place] + text[place + source.randrange(1, 4):]
        elif form == 2:
            text = text[:place] + source.choice(FRAGMENTS) + text[place + 1:]
        else:
            text = text[:place]
    return text


# -------------------------------------------------------------------------------------------- main


def case(text, my, target, found=()):
    value = evaluate(text, ClassAd(my), ClassAd(target))
    return {"expression": text, "my": my, "target": target, "value": described(value), "marks": list(found)}


def case_of(tree, my, target):
    text = Printer().text(tree)
    return case(text, my, target, marks(tree, ClassAd(my), ClassAd(target)))


def valid_case(generator):
    source = generator.random
    generator.large, generator.decimals = source.random() < 0.1, source.random() < 0.12
    my, target = generator.ad(), generator.ad()
    want = source.choice(["condition", "condition", "condition", "number", "any"])
    tree = generator.tree(source.randrange(1, DEEPEST + 1), want)
    text = Printer(source).text(tree)
    first, second = ClassAd(my), ClassAd(target)
    value = evaluate(text, first, second)
    bracketed = evaluate(Printer(all_parentheses=True).text(tree), first, second)
    if described(value) != described(bracketed):
        raise SystemExit(f"the precedence of HTCondor is not what this generator takes it for: {text}")
    return case(text, my, target, marks(tree, first, second))


def cases(seed, count):
    generator = Generator(random.Random(seed))
    source = generator.random
    fixed = [case_of(tree, "[]", "[]") for tree in edges()]
    fixed += [case(text, generator.ad(), generator.ad()) for text in odd_texts()]
    yield from fixed[:count]
    for _ in range(count - len(fixed)):
        made = valid_case(generator)
        if source.random() < MUTATED_SHARE:
            text = mutated(made["expression"], source)
            made = case(text, made["my"], made["target"], made["marks"])
        yield made


def main():
    configure()
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for made in cases(seed, count):
        print(json.dumps(made, ensure_ascii=True))


if __name__ == "__main__":
    main()
