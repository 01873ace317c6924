"""A type checker for conditions: CEL's tree by celpy's parser, against what a method declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import lark

from .slips import Flaw, slips

KINDS = {
    "int": ("整数", "a whole number"),
    "double": ("小数", "a number"),
    "string": ("文字", "text"),
    "bool": ("是否", "yes/no"),
    "list": ("名单", "a list"),
    "record": ("一组内容", "a group"),
    "dyn": ("任意", "anything"),
    "null": ("空", "null"),
}


@dataclass(frozen=True)
class T:
    """The type of an expression. ``options``: the values a choice can have; ``members``: what a record holds."""

    kind: str
    item: T | None = None
    options: tuple[str, ...] = ()
    members: Mapping[str, T] = field(default_factory=dict)
    what: tuple[str, str] = ("", "")  # what its members are called


INT, DOUBLE, STRING, BOOL, DYN = T("int"), T("double"), T("string"), T("bool"), T("dyn")
NUMBERS = {"int", "double"}


@cache
def _parser() -> Any:
    from celpy.celparser import CELParser

    return CELParser()


class Checker:
    """Checks one condition; gathers flaws and the fields it reads."""

    def __init__(self, variables: Mapping[str, T]) -> None:
        """Check against these variables."""
        self.variables = variables
        self.flaws: list[Flaw] = []
        self.reads: set[str] = set()  # "fields.level", "parties.lead", …
        self.bound: list[str] = []

    def run(self, source: str) -> T:
        """Return the type of ``source``; flaws are gathered."""
        from celpy.celparser import CELParseError

        found, source = slips(source)
        self.flaws += found
        try:
            tree = _parser().parse(source)
        except CELParseError as error:
            if found:  # most likely the same slip again
                return DYN
            where = f"第 {error.column} 个字符附近" if error.column else ""
            self.flaw(
                "cel",
                f"条件写法不对：{where}看不懂。",
                f"The condition cannot be read near character {error.column}.",
                "检查引号、括号和 ==、&&、||。",
                "Look at quotes, brackets, ==, && and ||.",
            )
            return DYN
        return self.type(tree)

    def flaw(self, code: str, *words: str) -> None:
        """Add a flaw."""
        self.flaws.append(Flaw(code, *words))

    def type(self, node: Any) -> T:
        """Return the type of a node."""
        if isinstance(node, lark.Token):
            return DYN
        name, children = str(node.data), list(node.children)
        rule = _RULES.get(name)
        if rule is not None:
            return rule(self, children)
        if len(children) == 1:
            return self.type(children[0])
        return self._several(name, children)

    def _several(self, name: str, children: list[Any]) -> T:
        if name == "expr":  # condition ? a : b
            self.expect(self.type(children[0]), "bool")
            yes, no = self.type(children[1]), self.type(children[2])
            return yes if yes.kind == no.kind else DYN
        if name in {"conditionalor", "conditionaland"}:
            for child in children:
                self.expect(self.type(child), "bool")
            return BOOL
        if name == "relation":
            operator, left = children[0], None
            left = self.type(operator.children[0]) if operator.children else DYN
            return self.compare(str(operator.data), left, self.type(children[1]))
        if name in {"addition", "multiplication"}:
            left = self.type(children[0].children[0])
            return self.arithmetic(str(children[0].data), left, self.type(children[1]))
        if name == "unary":
            inner = self.type(children[1])
            if str(children[0].data) == "unary_not":
                self.expect(inner, "bool")
                return BOOL
            return inner
        for child in children:
            self.type(child)
        return DYN

    def expect(self, got: T, kind: str) -> None:
        """Require an expression to be of a kind."""
        if got.kind not in {kind, "dyn"}:
            zh, en = KINDS[got.kind]
            want_zh, want_en = KINDS[kind]
            self.flaw(
                "type",
                f"这里要的是{want_zh}，写的却是{zh}。",
                f"{want_en.capitalize()} is wanted here, not {en}.",
                "写成比较，如 fields.x == 1。",
                "Write a comparison, such as fields.x == 1.",
            )

    def compare(self, operator: str, left: T, right: T) -> T:
        """Return the type of a comparison."""
        if operator == "relation_in":
            self._contains(left, right)
            return BOOL
        kinds = {left.kind, right.kind}
        if "dyn" not in kinds and left.kind != right.kind and not kinds <= NUMBERS:
            a, b = KINDS[left.kind], KINDS[right.kind]
            self.flaw(
                "type",
                f"{a[0]}不能同{b[0]}比较。",
                f"{a[1].capitalize()} cannot be compared with {b[1]}.",
                "两边要是同一种内容：文字加引号，数字不加。",
                "Both sides must be of one kind: text in quotes, numbers not.",
            )
        elif operator in {"relation_lt", "relation_le", "relation_gt", "relation_ge"} and kinds & {
            "bool",
            "list",
            "record",
        }:
            self.flaw(
                "type", "这里不能比大小。", "These have no order.", "名单用 size(…) 比个数。", "Use size(…) for lists."
            )
        else:
            self._option(left, right)
        return BOOL

    def _option(self, left: T, right: T) -> None:
        """A choice compared with a word that is not among its options is never equal."""
        for choice, words in ((left, right), (right, left)):
            if not choice.options or choice.item is not None:
                continue
            for word in words.options if words.item is _LITERAL else ():
                if word not in choice.options and word != "":
                    self.flaw(
                        "option",
                        f"没有“{word}”这个选项。",
                        f"There is no option '{word}'.",
                        f"可以写：{'、'.join(choice.options)}。",
                        f"There are: {', '.join(choice.options)}.",
                    )

    def _contains(self, left: T, right: T) -> None:
        if right.kind not in {"list", "record", "dyn"}:
            zh, en = KINDS[right.kind]
            self.flaw("type", f"in 的右边要是名单，写的却是{zh}。", f"'in' wants a list on its right, not {en}.")
        elif right.item is not None and "dyn" not in {right.item.kind, left.kind} and right.item.kind != left.kind:
            self.flaw("type", "名单里的内容同左边不是一种。", "The list holds another kind of thing.")
        elif right.kind == "list" and right.item is not None:
            self._option(left, T("string", _LITERAL, right.item.options) if right.item.item is _LITERAL else DYN)
            self._option(right.item, left)

    def arithmetic(self, operator: str, left: T, right: T) -> T:
        """Return the type of a sum or product."""
        kinds = {left.kind, right.kind}
        if "dyn" in kinds:
            return DYN
        if kinds == {"string"} and operator == "addition_add":
            return STRING
        if left.kind == right.kind and left.kind in NUMBERS:
            return left
        if kinds <= NUMBERS:
            self.flaw(
                "type",
                "整数和小数不能直接相算。",
                "A whole number and a fraction cannot be mixed.",
                "整数写成 2.0，或用 double(…)。",
                "Write 2.0, or double(…).",
            )
            return DOUBLE
        self.flaw("type", "这两样不能相算。", "These cannot be reckoned with each other.")
        return DYN

    def name(self, name: str) -> T:
        """Return the type of a variable."""
        if name in self.bound:
            return DYN
        if name not in self.variables:
            known = "、".join(sorted(self.variables))
            self.flaw(
                "unknown-variable",
                f"条件里没有“{name}”。",
                f"There is no '{name}' in conditions.",
                f"可以用：{known}；文字要加引号。",
                f"There are: {', '.join(sorted(self.variables))}; put text in quotes.",
            )
            return DYN
        self.reads.add(name)
        return self.variables[name]

    def member(self, owner: T, name: str) -> T:
        """Return the type of a member."""
        if owner.kind == "dyn":
            return DYN
        if owner.kind != "record":
            self.flaw("type", f"“.{name}”前面不是一组内容。", f"What stands before '.{name}' has no members.")
            return DYN
        if name not in owner.members:
            zh, en = owner.what
            if "*" in owner.members:
                return owner.members["*"]
            self.flaw(
                "unknown-variable",
                f"没有{zh}“{name}”。",
                f"There is no {en} '{name}'.",
                f"已有的：{'、'.join(sorted(owner.members))}。",
                f"There are: {', '.join(sorted(owner.members))}.",
            )
            return DYN
        self.reads.add(f"{owner.what[1]}.{name}")
        return owner.members[name]

    def call(self, name: str, arguments: Sequence[Any]) -> T:
        """Return the type of a function's result."""
        types = [self.type(argument) for argument in arguments]
        if name == "has":
            self.flaw(
                "has",
                "没填的字段按空值算，不用 has。",
                "What is not filled counts as empty; has() is not needed.",
                '写成 "代号" in given。',
                'Write "key" in given.',
            )
            return BOOL
        if name not in _FUNCTIONS:
            self.flaw(
                "unknown-function",
                f"没有函数 {name}。",
                f"There is no function {name}.",
                f"可以用：{'、'.join(_FUNCTIONS)}。",
                f"There are: {', '.join(_FUNCTIONS)}.",
            )
            return DYN
        takes, gives = _FUNCTIONS[name]
        if len(types) != 1:
            self.flaw("arguments", f"{name} 要一个参数。", f"{name} takes one argument.")
        elif types[0].kind not in takes and types[0].kind != "dyn":
            self.flaw(
                "type",
                f"{name} 不能用在{KINDS[types[0].kind][0]}上。",
                f"{name} does not take {KINDS[types[0].kind][1]}.",
            )
        return gives

    def method(self, owner: T, name: str, arguments: Sequence[Any]) -> T:
        """Return the type of a method call's result."""
        if name in {"all", "exists", "exists_one", "filter", "map"} and arguments:
            if self.bound:  # each level multiplies the work of every act on every matter
                self.flaw(
                    "nested",
                    f"{name} 不能套在另一个里面。",
                    f"{name} cannot stand inside another.",
                    "拆成两个条件，用 && 相连。",
                    "Write two conditions joined by &&.",
                )
            variable = next((str(token) for token in arguments[0].scan_values(lambda token: True)), "")
            self.bound.append(variable)
            body = [self.type(argument) for argument in arguments[1:]]
            self.bound.pop()
            if name in {"all", "exists", "exists_one"} and body:
                self.expect(body[-1], "bool")
            if owner.kind not in {"list", "record", "dyn"}:
                self.flaw("type", f"{name} 要用在名单上。", f"{name} works on lists.")
            return BOOL if name in {"all", "exists", "exists_one"} else T("list", DYN)
        for argument in arguments:
            self.type(argument)
        if name == "size":
            return INT
        if name in {"contains", "startsWith", "endsWith", "matches"}:
            if owner.kind not in {"string", "dyn"}:
                self.flaw("type", f"{name} 要用在文字上。", f"{name} works on text.")
            return BOOL
        self.flaw("unknown-function", f"没有函数 {name}。", f"There is no function {name}.")
        return DYN


_LITERAL = T("literal")
_FUNCTIONS: dict[str, tuple[set[str], T]] = {
    "size": ({"list", "string", "record"}, INT),
    "int": ({"int", "double", "string"}, INT),
    "double": ({"int", "double", "string"}, DOUBLE),
    "string": ({"int", "double", "string", "bool"}, STRING),
}


def _literal(_: Checker, children: list[Any]) -> T:
    token = children[0]
    kinds = {"INT_LIT": INT, "UINT_LIT": INT, "FLOAT_LIT": DOUBLE, "BOOL_LIT": BOOL, "NULL_LIT": T("null")}
    if token.type in kinds:
        return kinds[token.type]
    text = str(token)
    quote = 3 if text[:3] in {'"""', "'''"} else 1
    return T("string", _LITERAL, (text[quote:-quote],))


def _list(checker: Checker, children: list[Any]) -> T:
    items = [checker.type(child) for child in (children[0].children if children else [])]
    kinds = {item.kind for item in items}
    if len(kinds) != 1:
        return T("list", DYN)
    words = tuple(word for item in items for word in item.options)
    return T("list", T(kinds.pop(), _LITERAL if words else None, words))


def _index(checker: Checker, children: list[Any]) -> T:
    owner, index = checker.type(children[0]), checker.type(children[1])
    if owner.kind == "record" and index.item is _LITERAL:
        return checker.member(owner, index.options[0])
    if owner.kind == "list":
        checker.expect(index, "int")
        return owner.item or DYN
    return DYN


def _arguments(children: list[Any]) -> list[Any]:
    return list(children[-1].children) if children and isinstance(children[-1], lark.Tree) else []


_RULES: dict[str, Callable[[Checker, list[Any]], T]] = {
    "literal": _literal,
    "ident": lambda checker, children: checker.name(str(children[0])),
    "member_dot": lambda checker, children: checker.member(checker.type(children[0]), str(children[1])),
    "member_index": _index,
    "list_lit": _list,
    "map_lit": lambda _checker, _children: DYN,
    "ident_arg": lambda checker, children: checker.call(str(children[0]), _arguments(children[1:])),
    "member_dot_arg": lambda checker, children: checker.method(
        checker.type(children[0]), str(children[1]), _arguments(children[2:])
    ),
}
