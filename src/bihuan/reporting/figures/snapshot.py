"""What a reading is made of, fetched by one statement: one statement sees one moment, on either engine.

The tallies of the areas asked for, the few matters that are not counted yet with the facts they were last folded to,
and by which rules the tallies were made. What the uncounted change is put to the tallies, so a reading is exact at its
moment, and it costs the same at any size.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bihuan.areas.api import upper_bound
from bihuan.kernel.api import Problem, Refused, sql
from bihuan.reporting.figures.definitions import fingerprint
from bihuan.reporting.figures.facts import (
    AMOUNT,
    DIMS,
    LEAVES,
    LEVELS,
    Facts,
    Row,
    Values,
    facts_of,
    is_median,
    tally_keys,
)
from bihuan.reporting.figures.months import months_of

MOST = 20_000  # so many uncounted matters are worked out while somebody waits; more means: they are being folded
_REMEMBERED = 20_000

Cell = tuple[str, str, str, str, int]  # measure, area, dim, value, month


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: which measures, in which areas, by which split, in which months.

    ``areas``: codes; of what is inside a community a split is added up from its facts, the whole is kept.
    ``dims``: "" is always among them.
    ``only``: (split, value): matters with these values alone. No tally is kept of that: it is added up from the facts,
    and costs as many as the period has.
    ``pair``: two splits at once, likewise added up from the facts; of ``root`` alone.
    """

    measures: frozenset[str]
    root: str
    areas: tuple[str, ...]
    dims: tuple[str, ...]
    since: int
    until: int
    medians: frozenset[str] = frozenset()
    only: tuple[tuple[str, str], ...] = ()
    pair: tuple[str, str] | None = None

    def fits(self, values: Values) -> bool:
        """Say whether a fact is one of those asked for."""
        return all(values.split(dim) == value for dim, value in self.only)


@dataclass(slots=True)
class Pending:
    """A matter that is not counted yet: what it adds now, and what it was last folded to."""

    row: Row
    now: Facts
    folded: Facts


@dataclass(slots=True)
class Answer:
    """Sums by measure, area, split, value and month: [how many, how much].

    ``amounts``: the same of histograms, by measure and area: (month, amount, sum).
    """

    cells: dict[Cell, list[int]] = field(default_factory=dict)
    amounts: dict[tuple[str, str], list[tuple[int, int, list[int]]]] = field(default_factory=dict)

    def add(self, cell: Cell, n: int, amount: int) -> None:
        """Add to one sum."""
        found = self.cells.get(cell)
        if found is None:
            found = self.cells[cell] = [n, amount]
            if cell[2] == AMOUNT:
                self.amounts.setdefault(cell[:2], []).append((cell[4], int(cell[3]), found))
        else:
            found[0] += n
            found[1] += amount


_known: OrderedDict[tuple[UUID, int, UUID], Facts] = OrderedDict()


def worked_out(row: Row) -> Facts:
    """Return what a matter adds, remembered: it is asked for again until it is folded."""
    key = (row.id, row.version, row.version_id)
    found = _known.get(key)
    if found is None:
        found = _known[key] = facts_of(row)
        if len(_known) > _REMEMBERED:
            _known.popitem(last=False)
    return found


def ask(question: Question) -> Answer:
    """Return the sums, exact at one moment. One statement.

    Raises:
        Refused: the figures are being worked out anew (after an upgrade, a restore), so that nobody reads half of them.
    """
    kept = [] if question.only else _tallies(question)
    parts = [_RULES, *_uncounted(question.root), *kept, *_not_kept(question), *_paired(question)]
    statement = f"WITH {_with()} " + " UNION ALL ".join(text for text, _params in parts)
    params = [*_with_params(question.root), *(value for _text, values in parts for value in values)]
    answer, rules = Answer(), None
    pending: dict[UUID, Pending] = {}
    for row in sql.rows(statement, params):
        kind = row[0]
        if kind == "t":
            answer.add((row[1], row[2], row[3], row[4], row[9]), row[10], row[11])
        elif kind == "g":
            answer.add((row[1], row[2], row[3], both(row[4], row[5]), row[9]), row[10], row[11])
        elif kind == "r":
            rules = row[1]
        else:
            _gather(pending, row)
    _ready(rules, len(pending))
    for waiting in pending.values():
        _put(answer, question, waiting)
    return answer


def pending_in(root: str) -> list[Pending]:
    """Return the matters of an area that are not counted yet. One statement."""
    parts = [_RULES, *_uncounted(root)]
    statement = f"WITH {_with()} " + " UNION ALL ".join(text for text, _params in parts)
    pending: dict[UUID, Pending] = {}
    rules = None
    for row in sql.rows(statement, _with_params(root)):
        if row[0] == "r":
            rules = row[1]
        else:
            _gather(pending, row)
    _ready(rules, len(pending))
    return list(pending.values())


def _ready(rules: str | None, waiting: int) -> None:
    if (rules is not None and rules != fingerprint()) or waiting > MOST:
        raise Refused(Problem("", _("指标正在重新汇总。"), _("请过几分钟再看；汇总完以前不显示数字，免得看到一半。")))


def uncounted_matters() -> str:
    """Return what stands after FROM where matters that are not counted yet are looked for.

    SQLite is told the index: where statistics are taken while nothing waits, it takes the small index for a large one
    and reads every matter of the area instead.
    """
    return "matters_matter INDEXED BY matter_uncounted" if sql.is_sqlite() else "matters_matter"


def _with() -> str:
    return (
        "u AS (SELECT id, version_ref_id, area_code, channel, version, state_json "  # noqa: S608
        f"FROM {uncounted_matters()} WHERE NOT counted AND area_code >= %s AND area_code <= %s LIMIT {MOST + 1})"
    )


# Every part gives the same columns: kind, eight texts, three numbers. A text of NULL tells PostgreSQL the type.
_RULES: tuple[str, list[Any]] = (
    "SELECT 'r' AS kind, fingerprint AS a, '' AS b, '' AS c, '' AS d, '' AS e, '' AS f, '' AS g, '' AS h, "
    "CAST(0 AS bigint) AS x, CAST(0 AS bigint) AS y, CAST(0 AS bigint) AS z FROM reporting_figurerules",
    [],
)


def _with_params(root: str) -> list[Any]:
    return [root, upper_bound(root) if root else "9" * 21]


def _uncounted(root: str) -> list[tuple[str, list[Any]]]:
    del root
    return [
        (
            "SELECT 'm', CAST(id AS text), CAST(version_ref_id AS text), area_code, channel, "
            "CAST(state_json AS text), '', '', '', version, 0, 0 FROM u",
            [],
        ),
        (
            "SELECT 'f', CAST(f.matter_id AS text), f.measure, f.area_code, f.method_key, f.category, f.channel, "
            "f.outcome, f.urgency, f.month, f.amount, 0 FROM reporting_fact f WHERE f.matter_id IN (SELECT id FROM u)",
            [],
        ),
    ]


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _value in values)


def _tallies(question: Question) -> list[tuple[str, list[Any]]]:
    """Return what reads the tallies, by their key: histograms apart, as few measures have one.

    One part for both would be twice the places to look in, and PostgreSQL would rather go through the whole table.
    """
    found = [_kept(question, question.measures, question.dims)]
    if question.medians:
        found.append(_kept(question, question.medians, [AMOUNT]))
    return found


def _kept(question: Question, wanted: Iterable[str], dims: Sequence[str]) -> tuple[str, list[Any]]:
    measures, areas = sorted(wanted), question.areas
    return (
        "SELECT 't', measure, area_code, dim, value, '', '', '', '', month, n, amount FROM reporting_tally "  # noqa: S608
        f"WHERE measure IN ({_marks(measures)}) AND area_code IN ({_marks(areas)}) AND dim IN ({_marks(dims)}) "
        "AND month >= %s AND month <= %s",
        [*measures, *areas, *dims, question.since, question.until],
    )


def _not_kept(question: Question) -> list[tuple[str, list[Any]]]:
    """Return what adds up the facts where no tally is kept: a split inside a community, and all areas as one ("")."""
    by_length: dict[int, list[str]] = {}
    for code in question.areas:
        if question.only or len(code) not in LEVELS:
            by_length.setdefault(len(code), []).append(code)
    found = []
    for length, areas in by_length.items():
        inside = length in LEAVES and not question.only
        dims = [dim for dim in question.dims if dim or not inside]
        if not inside and question.medians:
            dims.append(AMOUNT)
        found += [part for dim in dims if (part := _added_up(question, dim, length, areas)) is not None]
    return found


def _added_up(question: Question, dim: str, length: int, areas: Sequence[str]) -> tuple[str, list[Any]] | None:
    """Return what adds up the facts of areas with codes as long, by one split: ranges of the index ``fact_drill``."""
    wanted = question.medians if dim == AMOUNT else question.measures - question.medians if dim else question.measures
    if not wanted:
        return None
    measures = sorted(wanted)
    value = {"": "''", AMOUNT: "CAST(amount AS text)"}.get(dim) or _column(dim)
    filled = f" AND {value} <> ''" if dim else ""
    filled += "".join(f" AND {_column(name)} = %s" for name, _said in question.only)
    months = months_of(question.since, question.until)
    return (
        f"SELECT 't', measure, substr(area_code, 1, {length:d}), '{dim}', {value}, '', '', '', '', month, "  # noqa: S608
        f"count(*), CAST(sum(amount) AS bigint) FROM reporting_fact WHERE measure IN ({_marks(measures)}) "
        f"AND month IN ({_marks(months)}) AND area_code >= %s AND area_code <= %s{filled} "
        "GROUP BY 2, 3, 5, 10",
        [*measures, *months, min(areas), upper_bound(max(areas)), *(said for _name, said in question.only)],
    )


def both(first: str, second: str) -> str:
    """Return the value of two splits at once, as the cells of an answer have it."""
    return f"{first}\x1f{second}"


def pair_dim(pair: tuple[str, str]) -> str:
    """Return the split of an answer's cells that stands for two at once."""
    return "*".join(pair)


def _paired(question: Question) -> list[tuple[str, list[Any]]]:
    """Return what adds up the facts of one area by two splits at once: what has no value in one of them, too."""
    if question.pair is None:
        return []
    measures, months = sorted(question.measures - question.medians), months_of(question.since, question.until)
    first, second = map(_column, question.pair)
    more = "".join(f" AND {_column(name)} = %s" for name, _said in question.only)
    statement = (
        f"SELECT 'g', measure, CAST(%s AS text), '{pair_dim(question.pair)}', {first}, {second}, '', '', '', month, "  # noqa: S608
        f"count(*), CAST(sum(amount) AS bigint) FROM reporting_fact WHERE measure IN ({_marks(measures)}) "
        f"AND month IN ({_marks(months)}) AND area_code >= %s AND area_code <= %s{more} GROUP BY 2, 5, 6, 10"
    )
    root, end = _with_params(question.root)
    return [(statement, [question.root, *measures, *months, root, end, *(said for _name, said in question.only)])]


def _column(dim: str) -> str:
    return "method_key" if dim == "method" else DIMS[DIMS.index(dim)]


def _add(answer: Answer, question: Question, area: str, measure: str, values: Values, n: int) -> None:
    """Add ``n`` facts alike (negative: take them away) to the sums of one area."""
    median = measure in question.medians
    wanted = {*question.dims, AMOUNT} if median else set(question.dims)
    cut = values._replace(area_code="0" * LEVELS[0])  # one level alone: which area it is is known
    for _measure, _area, dim, month, value in tally_keys(measure, cut, median=median):
        if dim in wanted:
            answer.add((measure, area, dim, value, month), n, n * values.amount)


def _gather(pending: dict[UUID, Pending], row: tuple[Any, ...]) -> None:
    key = sql.as_uuid(row[1]) if len(row[1]) == 32 else UUID(row[1])
    found = pending.get(key)
    if found is None:
        found = pending[key] = Pending(Row(key, key, "", "", 0, ""), {}, {})
    if row[0] == "m":
        found.row = Row(key, UUID(row[2]), row[3], row[4], row[9], row[5])
        found.now = worked_out(found.row)
    else:
        _kind, _id, measure, area, method, category, channel, outcome, urgency, month, amount, _z = row
        found.folded[measure] = Values(month, area, method, category, channel, outcome, urgency, amount)


def _put(answer: Answer, question: Question, waiting: Pending) -> None:
    for facts, sign in ((waiting.folded, -1), (waiting.now, 1)):
        for measure, values in facts.items():
            if measure not in question.measures or not question.since <= values.month <= question.until:
                continue
            if waiting.folded.get(measure) == waiting.now.get(measure) or not question.fits(values):
                continue
            for code in question.areas:
                if values.area_code.startswith(code):
                    _add(answer, question, code, measure, values, sign)
            if question.pair is not None and values.area_code.startswith(question.root):
                first, second = (values.split(dim) for dim in question.pair)
                cell = measure, question.root, pair_dim(question.pair), both(first, second), values.month
                answer.add(cell, sign, sign * values.amount)


__all__ = ["MOST", "Answer", "Pending", "Question", "ask", "is_median", "pending_in"]
