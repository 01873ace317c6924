"""The figures there are: the standard ones, and those that a method declares; compiled once. No database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bihuan.methods.api import Condition, Method, Text
from bihuan.reporting.figures.section import KEY, Figures, FigureSpec

RULES = 2  # how they are worked out; one more whenever that changes: everything is folded anew then
# The sums that methods declare are kept in ten-thousandths: money in 万元 counts to the yuan, whatever its field was in
# an earlier version of the method.
FINE = 10_000
_FILE = Path(__file__).resolve().parent.parent / "standard" / "figures.yaml"


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure as it is read: its parts are names of measures.

    ``key`` is "settled", or "<method key>:<figure>" of one that a method declares. A rate without exclusions shares
    the measures of its numerator and denominator; one with exclusions has measures of its own: ``.n``, ``.d`` (both
    without what is left out) and ``.x.<key>`` for each exclusion.
    """

    key: str
    title: Text
    kind: str  # count, sum, median, rate
    unit: str  # matters, people, times, workdays …, percent
    measure: str  # "" for a rate
    numerator: str = ""
    denominator: str = ""
    numerator_title: Text | None = None
    denominator_title: Text | None = None
    excluded: tuple[tuple[str, Text], ...] = ()  # (measure, title)
    note: str = ""
    scales: tuple[int, int] = (1, 1)  # what is kept, divided by: of the whole or above the line, and below it

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure it is read from."""
        if self.kind != "rate":
            return (self.measure,)
        return (self.numerator, self.denominator, *(measure for measure, _title in self.excluded))

    def measure_of(self, part: str) -> str | None:
        """Return the measure of a part: "" (the whole), "n", "d" or "x.<key>"; None where there is none."""
        if self.kind != "rate":
            return self.measure if part == "" else None
        parts = {"n": self.numerator, "d": self.denominator}
        parts |= {"x." + measure.rpartition(".x.")[2]: measure for measure, _title in self.excluded}
        return parts.get(part)

    def title_of(self, part: str) -> Text:
        """Return what a part is called."""
        if part == "n":
            return self.numerator_title or self.title
        if part == "d":
            return self.denominator_title or self.title
        measure = self.measure_of(part)
        return next((title for name, title in self.excluded if name == measure), self.title)


@cache
def standard() -> Figures:
    """Return the standard figures."""
    return Figures.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


@cache
def fingerprint() -> str:
    """Return by which rules this program counts."""
    return hashlib.sha256(f"{RULES}\n".encode() + _FILE.read_bytes()).hexdigest()


def own(method: Method) -> Figures:
    """Return what a method declares; nothing where it has no such section."""
    found = method.section(KEY)
    return found if isinstance(found, Figures) else Figures()


def definitions(method: Method | None = None) -> dict[str, Definition]:
    """Return the standard figures, or those that a method declares for itself, by key, in the file's order."""
    items = standard().items if method is None else own(method).items
    prefix = "" if method is None else f"{method.key}:"
    known = dict(_named(standard().items, ""))
    if method is not None:
        known |= {key: value for key, value in _named(items, prefix) if key not in known}
    return {
        full: _definition(full, spec, known)
        for key, spec in items.items()
        for full in (prefix + key,)
        if method is None or key not in standard().items
    }


def _named(items: Mapping[str, FigureSpec], prefix: str) -> Iterator[tuple[str, tuple[str, FigureSpec]]]:
    for key, spec in items.items():
        yield key, (prefix + key, spec)


def _definition(key: str, spec: FigureSpec, known: Mapping[str, tuple[str, FigureSpec]]) -> Definition:
    if spec.kind != "rate":
        scale = scale_of(key, spec)
        return Definition(key, spec.title, spec.kind, unit_of(spec), key, note=spec.note, scales=(scale, scale))
    above, below = known[spec.numerator], known[spec.denominator]
    numerator, denominator = (f"{key}.n", f"{key}.d") if spec.excluded else (above[0], below[0])
    return Definition(
        key,
        spec.title,
        "rate",
        "percent",
        "",
        numerator,
        denominator,
        above[1].title,
        below[1].title,
        tuple((f"{key}.x.{name}", known[name][1].title) for name in spec.excluded),
        spec.note,
        (scale_of(*above), scale_of(*below)),
    )


def scale_of(measure: str, spec: FigureSpec) -> int:
    """Return in what parts of one a measure is kept."""
    return FINE if spec.sum and ":" in measure else 1


def unit_of(spec: FigureSpec) -> str:
    """Return what a figure is counted in."""
    if spec.duration:
        return spec.duration
    if spec.times:
        return "times"
    return ("people" if spec.sum == "people_affected" else "number") if spec.sum else "matters"


@dataclass(frozen=True, slots=True)
class Rule:
    """A count, sum or duration, ready to be worked out for a matter."""

    measure: str
    spec: FigureSpec
    condition: Condition | None
    actions: tuple[str, ...]  # whose times are counted
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with exclusions: what it is made of, by measures; each exclusion by its key, too."""

    key: str
    numerator: str
    denominator: str
    excluded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """All that one method's matters are counted by."""

    method: Method
    limit: tuple[str, ...]
    response: tuple[str, ...]
    rules: tuple[Rule, ...]
    rates: tuple[Rate, ...]
    medians: frozenset[str]


_COMPILED: dict[str, Compiled] = {}  # by the text's hash: as many as the methods that are parsed


def compiled(method: Method) -> Compiled:
    """Return a method's rules, worked out once for each text."""
    found = _COMPILED.get(method.sha256)
    if found is None:
        if len(_COMPILED) > 1000:
            _COMPILED.clear()
        found = _COMPILED[method.sha256] = _compile(method)
    return found


def _compile(method: Method) -> Compiled:
    section, common = own(method), standard().items
    full = {key: key if key in common else f"{method.key}:{key}" for key in (*common, *section.items)}
    rules: list[Rule] = []
    rates: list[Rate] = []
    for key, measure in full.items():
        spec = section.items.get(key) if key not in common or common[key].declared else common[key]
        if spec is None:  # the standard leaves it to methods, and this one says nothing of it
            continue
        if spec.kind == "rate":
            if spec.excluded:
                left_out = tuple((name, full[name]) for name in spec.excluded)
                rates.append(Rate(measure, full[spec.numerator], full[spec.denominator], left_out))
        else:
            rules.append(_rule(method, measure, spec))
    medians = frozenset(rule.measure for rule in rules if rule.spec.duration)
    return Compiled(method, tuple(section.limit), tuple(section.response), tuple(rules), tuple(rates), medians)


def _rule(method: Method, measure: str, spec: FigureSpec) -> Rule:
    wanted = set(spec.times)
    actions = [
        key
        for place in method.places.values()
        for key, move in place.moves.items()
        if key in wanted or move.spec.does in wanted
    ]
    condition = Condition(spec.when) if spec.when else None
    return Rule(measure, spec, condition, tuple(dict.fromkeys(actions)), scale_of(measure, spec))
