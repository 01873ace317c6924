"""The facts of a matter, and what they add to the tallies: the same whether folded or still to be folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

import orjson

from bihuan.methods.api import get_method, state_from_json
from bihuan.reporting.figures.definitions import compiled
from bihuan.reporting.figures.measures import contributions, splits

DIMS = ("category", "channel", "outcome", "urgency", "method")
AMOUNT = "amount"  # the split of a median: by amount
LEVELS = (4, 6, 9, 12)  # city, district, street, community: as a whole and in every split
LEAVES = (15, 18, 21)  # what is inside a community, by length of the code: as a whole alone


class Values(NamedTuple):
    """One fact but for its matter and measure: where and when it counts, by what it is split, how much it is."""

    month: int
    area_code: str
    method_key: str
    category: str
    channel: str
    outcome: str
    urgency: str
    amount: int

    def split(self, dim: str) -> str:
        """Return the value by which the fact stands in a split."""
        return str(getattr(self, "method_key" if dim == "method" else dim))


Facts = dict[str, Values]  # by measure


class Row(NamedTuple):
    """A matter as far as it is counted."""

    id: UUID
    version_id: UUID
    area_code: str
    channel: str
    version: int
    state: str | bytes | dict[str, object]


def facts_of(row: Row) -> Facts:
    """Return what a matter adds, by measure."""
    method = get_method(row.version_id)
    state = state_from_json(row.state if isinstance(row.state, dict) else orjson.loads(row.state))
    by = splits(state)
    return {
        measure: Values(
            added.month, row.area_code, method.key, by["category"][:40], row.channel, by["outcome"],
            by["urgency"][:12], added.amount,
        )
        for measure, added in contributions(compiled(method), state).items()
    }  # fmt: skip


Key = tuple[str, str, str, int, str]  # measure, area, dim, month, value: as the table's key has them


def is_median(measure: str, method_id: UUID | None = None) -> bool:
    """Say whether a measure is a duration, whose middle is asked for and not its sum."""
    from bihuan.reporting.figures.definitions import standard

    spec = standard().items.get(measure)
    if spec is not None:
        return bool(spec.duration)
    if ":" not in measure or method_id is None:
        return False
    return measure in compiled(get_method(method_id)).medians


def tally_keys(measure: str, values: Values, *, median: bool) -> Iterator[Key]:
    """Yield the tallies that a fact stands in: for each area above it as a whole, and by each split it has a value in.

    Of what is inside a community the splits are not kept (``LEAVES``).
    """
    code, month = values.area_code, values.month
    whole = [("", "")]
    if median:
        parts = whole = [*whole, (AMOUNT, str(values.amount))]
    else:
        parts = [*whole, *((dim, value) for dim in DIMS if (value := values.split(dim)))]
    size = len(code)
    for length in LEVELS:
        if size >= length:
            area = code[:length]
            for dim, value in parts:
                yield measure, area, dim, month, value
    for length in LEAVES:
        if size >= length:
            area = code[:length]
            for dim, value in whole:
                yield measure, area, dim, month, value


def difference(
    deltas: dict[Key, list[int]], row_version: UUID, old: Facts, new: Facts
) -> tuple[list[str], list[tuple[str, Values]]]:
    """Add to ``deltas`` what changes where a matter's facts become others.

    Returns:
        The measures whose facts go, and the facts that come (what changed is in both).
    """
    gone = [measure for measure, values in old.items() if new.get(measure) != values]
    come = [(measure, values) for measure, values in new.items() if old.get(measure) != values]
    for measure in gone:
        _add(deltas, measure, old[measure], row_version, -1)
    for measure, values in come:
        _add(deltas, measure, values, row_version, 1)
    return gone, come


def _add(deltas: dict[Key, list[int]], measure: str, values: Values, version: UUID, sign: int) -> None:
    amount = sign * values.amount
    for key in tally_keys(measure, values, median=is_median(measure, version)):
        found = deltas.get(key)
        if found is None:
            deltas[key] = [sign, amount]
        else:
            found[0] += sign
            found[1] += amount
