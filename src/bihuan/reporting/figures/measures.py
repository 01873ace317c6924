"""What one matter adds to each measure: a pure function of its method and its state. No database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from bihuan.kernel.clock import ZONE
from bihuan.methods.api import UNSET, ClockState, State, default_calendar, standing
from bihuan.reporting.figures.definitions import Compiled, Rule

MOST = 2**53  # of what is kept; this is against broken data alone


class Added(NamedTuple):
    """What is added to a measure: in which month (202404), and how much."""

    month: int
    amount: int


def month_of(at: datetime) -> int:
    """Return the month of an instant where the offices are."""
    local = at.astimezone(ZONE)
    return local.year * 100 + local.month


def contributions(rules: Compiled, state: State) -> dict[str, Added]:
    """Return what a matter adds, by measure; nothing for a measure it does not count in.

    Args:
        rules: of the version of the method that the matter follows.
        state: the matter as its entries make it.
    """
    limit, response = _limit(rules, state), _named(rules.response, state)
    extra = {"limit": standing(limit), "response": standing(response)}
    months = {
        "opened": state.opened_at,
        "closed": state.closed_at,
        "limit": limit.due_at if limit else None,
        "response": response.started_at if response else None,
    }
    found: dict[str, Added] = {}
    for rule in rules.rules:
        at = months[rule.spec.month]
        if at is None:
            continue
        if rule.condition is not None and not rule.condition.holds(rules.method, state, extra):
            continue
        if rule.spec.reason and not state.counts.get(rule.spec.reason):
            continue  # what leaves a matter out must have been given its reason
        amount = _amount(rule, state)
        if amount is not None:
            found[rule.measure] = Added(month_of(at), amount)
    _rates(rules, found)
    return found


def _rates(rules: Compiled, found: dict[str, Added]) -> None:
    for rate in rules.rates:
        below = found.get(rate.denominator)
        if below is None:
            continue
        left_out = False
        for name, measure in rate.excluded:
            if measure in found:
                found[f"{rate.key}.x.{name}"] = Added(below.month, below.amount)
                left_out = True
        if not left_out:
            found[f"{rate.key}.d"] = below
            above = found.get(rate.numerator)
            if above is not None:
                found[f"{rate.key}.n"] = above


def _amount(rule: Rule, state: State) -> int | None:
    """Return how much a matter adds; None: nothing."""
    spec = rule.spec
    if spec.duration:
        if state.opened_at is None or state.closed_at is None:
            return None
        return max(0, int(default_calendar().between(state.opened_at, state.closed_at, spec.duration)))
    if spec.sum:
        value = state.fields.get(spec.sum)
        if not isinstance(value, int | float) or isinstance(value, bool) or not value or not isfinite(value):
            return None
        kept = round(Decimal(str(value)) * rule.scale)  # to the even one where it lies in the middle
        return kept if kept and abs(kept) <= MOST else None
    if spec.times:
        return sum(state.counts.get(key, 0) for key in rule.actions) or None
    return 1


def _limit(rules: Compiled, state: State) -> ClockState | None:
    if rules.limit:
        return _named(rules.limit, state)
    return max(state.clocks.values(), key=lambda clock: clock.due_at, default=None)


def _named(keys: tuple[str, ...], state: State) -> ClockState | None:
    return next((state.clocks[key] for key in keys if key in state.clocks), None)


def splits(state: State) -> Mapping[str, str]:
    """Return by what a matter's numbers are split, as far as its state says it."""
    category, urgency = state.fields.get("category"), state.fields.get("urgency")
    return {
        "category": category if isinstance(category, str) else "",
        "urgency": urgency if isinstance(urgency, str) else "",
        "outcome": state.outcome,
    }


__all__ = ["UNSET", "Added", "contributions", "month_of", "splits"]
