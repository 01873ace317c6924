"""Who may vote, what was voted, whether it carries, and why: pure functions, no Django, no clock.

One mandate is one vote, whatever the channel: show of hands, paper and phone are counted together and the
turnout counts them all. Nothing here depends on the order in which votes arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from bihuan.meetings import expression
from bihuan.meetings.expression import Words

Choice = Literal["for", "against", "abstain"]
CHOICES: tuple[Choice, ...] = ("for", "against", "abstain")
SPOILT = "spoilt"
CHANNELS = ("hands", "paper", "phone")
_SUBJECT = {"for": "agree", "against": "against", "abstain": "abstain"}
CHOICE_WORDS = {"for": ("赞成", "for"), "against": ("反对", "against"), "abstain": ("弃权", "abstaining")}

Measures = Mapping[str, Fraction]

MEASURES: dict[str, Words] = {
    "heads": ("人数", "heads"),
    "households": ("户数", "households"),
    "floor_area": ("建筑面积", "floor area"),
    "shares": ("份额", "shares"),
}
_QUORUM_SUBJECTS: dict[str, Words] = {
    "due": ("应到", "due"),
    "present": ("到会", "present"),
    "register": ("在册", "on the register"),
}
_VOTE_SUBJECTS: dict[str, Words] = {
    **_QUORUM_SUBJECTS,
    "agree": ("赞成", "for"),
    "against": ("反对", "against"),
    "abstain": ("弃权", "abstaining"),
    "cast": ("参加表决", "voting"),
}


def known_names(measures: Iterable[str], *, voting: bool) -> dict[str, Words]:
    """The names a condition may use, with their words: ``present.heads`` → 到会人数."""
    subjects = _VOTE_SUBJECTS if voting else _QUORUM_SUBJECTS
    own = {name: MEASURES.get(name, (name, name)) for name in measures}
    register = {**own, "households": MEASURES["households"], "floor_area": MEASURES["floor_area"]}
    return {
        f"{subject}.{name}": (f"{zh}{words[0]}", f"{words[1]} {en}")
        for subject, (zh, en) in subjects.items()
        for name, words in (register if subject == "register" else own).items()
    }


@dataclass(frozen=True, slots=True)
class Mandate:
    """One who is due, with the weight of their vote by measure. ``present``: in person or by a deputy."""

    voter: str
    present: bool
    measures: Measures = field(default_factory=lambda: {"heads": Fraction(1)})


@dataclass(frozen=True, slots=True)
class Ballot:
    """One use of a mandate. ``choice`` is "" in a secret ballot: there the boxes hold the choices."""

    voter: str
    channel: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one body as it stands: conditions, and the words the method file has for them."""

    quorum: str
    majority: str
    measures: tuple[str, ...] = ("heads",)
    quorum_words: str = ""
    majority_words: str = ""
    quorum_words_en: str = ""
    majority_words_en: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with its reasons: one line per comparison (holds?, Chinese, English), then the sum of it."""

    met: bool
    lines: tuple[tuple[bool, str, str], ...]
    zh: str
    en: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"met": self.met, "lines": [list(line) for line in self.lines], "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted. ``choices`` and the other mappings go from measure to sum; ``turnout`` from channel to heads.

    ``conflicting``: voters whose mandate was used twice with different choices; none of the two counts.
    ``strangers``: votes by nobody due and present; they count nowhere.
    """

    choices: Mapping[str, Measures]
    due: Measures
    present: Measures
    cast: Measures
    turnout: Mapping[str, int]
    register: Measures = field(default_factory=dict)
    spoilt: int = 0
    conflicting: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    secret: bool = False

    @property
    def voters(self) -> int:
        """How many mandates were used, over every channel."""
        return sum(self.turnout.values())

    def heads(self, choice: str) -> int:
        """How many mandates chose ``choice``."""
        return int(self.choices.get(choice, {}).get("heads", Fraction(0)))

    def values(self, rule: Rule) -> dict[str, Fraction]:
        """Every name a majority condition may use."""
        sides: dict[str, Measures] = {
            "due": self.due,
            "present": self.present,
            "register": self.register,
            "cast": self.cast,
            **{_SUBJECT[choice]: self.choices.get(choice, {}) for choice in CHOICES},
        }
        return _values(known_names(rule.measures, voting=True), sides)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; sums as exact text ("12", "175/2")."""
        return {
            "choices": {choice: _text(sums) for choice, sums in self.choices.items()},
            "due": _text(self.due),
            "present": _text(self.present),
            "cast": _text(self.cast),
            "register": _text(self.register),
            "turnout": dict(self.turnout),
            "voters": self.voters,
            "spoilt": self.spoilt,
            "secret": self.secret,
        }


def _text(sums: Measures) -> dict[str, str]:
    return {name: str(value) for name, value in sums.items()}


def _values(known: Mapping[str, Any], sides: Mapping[str, Measures]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for name in known:
        subject, measure = name.split(".", 1)
        found[name] = sides.get(subject, {}).get(measure, Fraction(0))
    return found


def _sum(measures: Iterable[Measures]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {"heads": Fraction(0)}
    for one in measures:
        for name, value in one.items():
            total[name] = total.get(name, Fraction(0)) + value
    return total


def tally(
    votes: Iterable[Ballot],
    attendances: Sequence[Mandate],
    rule: Rule,
    *,
    boxes: Mapping[str, int] | None = None,
    register: Measures | None = None,
) -> Count:
    """Count.

    Args:
        votes: uses of mandates over all channels, in any order.
        attendances: everyone who is due.
        rule: the body's rule.
        boxes: in a secret ballot, how many ballots for each choice ("spoilt" among them).
        register: what the area's register says (households, floor area).
    """
    entitled = {mandate.voter: mandate for mandate in attendances if mandate.present}
    by_voter: dict[str, set[tuple[str, str]]] = {}
    for vote in votes:
        by_voter.setdefault(vote.voter, set()).add((vote.choice, vote.channel))
    strangers = tuple(sorted(voter for voter in by_voter if voter not in entitled))
    conflicting = tuple(
        sorted(v for v, used in by_voter.items() if v in entitled and len({choice for choice, _ in used}) > 1)
    )
    good = {v: used for v, used in by_voter.items() if v in entitled and v not in conflicting}
    turnout = dict.fromkeys(CHANNELS, 0)
    for used in good.values():
        channel = min(channel for _, channel in used)
        turnout[channel] = turnout.get(channel, 0) + 1
    choices: dict[str, Measures]
    if boxes is None:
        chosen = {choice: [v for v, used in good.items() if next(iter(used))[0] == choice] for choice in CHOICES}
        choices = {choice: _sum(entitled[v].measures for v in voters) for choice, voters in chosen.items()}
    else:
        choices = {choice: {"heads": Fraction(boxes.get(choice, 0))} for choice in CHOICES}
    return Count(
        choices=choices,
        due=_sum(mandate.measures for mandate in attendances),
        present=_sum(mandate.measures for mandate in entitled.values()),
        cast=_sum(entitled[voter].measures for voter in good),
        turnout=turnout,
        register=dict(register or {}),
        spoilt=(boxes or {}).get(SPOILT, 0),
        conflicting=conflicting,
        strangers=strangers,
        secret=boxes is not None,
    )


def quorum_met(attendances: Sequence[Mandate], rule: Rule, *, register: Measures | None = None) -> Finding:
    """Whether enough are there to deliberate, and why (or why not)."""
    known = known_names(rule.measures, voting=False)
    sides = {
        "due": _sum(mandate.measures for mandate in attendances),
        "present": _sum(mandate.measures for mandate in attendances if mandate.present),
        "register": dict(register or {}),
    }
    met, lines = _judge(rule.quorum, _values(known, sides), known)
    due, present = (expression.plain(sides[side]["heads"]) for side in ("due", "present"))
    needs = rule.quorum_words or rule.quorum
    needs_en = rule.quorum_words_en or needs
    return Finding(
        met,
        lines,
        f"应到 {due} 人，实到 {present} 人，{'符合' if met else '不符合'}到会要求（{needs}）",
        f"{due} due, {present} present: {'a quorum' if met else 'no quorum'} ({needs_en})",
    )


def carried(count: Count, rule: Rule, *, quorum: bool = True) -> Finding:
    """Whether what was voted on carries under the rule, and why (or why not). Without a quorum nothing does."""
    known = known_names(rule.measures, voting=True)
    majority, lines = _judge(rule.majority, count.values(rule), known)
    if not quorum:
        lines = (
            (False, "到会人数不符合要求，表决无效", "there was no quorum, so the vote does not stand"),
            *lines,
        )
    met = majority and quorum
    sums = [(CHOICE_WORDS[choice], count.heads(choice)) for choice in CHOICES]
    zh = "、".join(f"{words[0]} {heads} 票" for words, heads in sums)
    en = ", ".join(f"{heads} {words[1]}" for words, heads in sums)
    if count.spoilt:
        zh, en = f"{zh}、废票 {count.spoilt} 张", f"{en}, {count.spoilt} spoilt"
    needs = rule.majority_words or rule.majority
    needs_en = rule.majority_words_en or needs
    return Finding(
        met,
        lines,
        f"{zh}：{'通过' if met else '未通过'}（{needs}）",
        f"{en}: {'carried' if met else 'not carried'} ({needs_en})",
    )


def _judge(
    condition: str, values: Mapping[str, Fraction], known: Mapping[str, expression.Words]
) -> tuple[bool, tuple[tuple[bool, str, str], ...]]:
    node = expression.parse(condition)
    lines = tuple((ok, zh, en) for ok, (zh, en) in expression.explain(node, values, known))
    return expression.holds(node, values), lines
