"""A matter that was settled before it came into the record: brought in from an old ledger, closed as it says.

Nobody acts here: what was done, and by whom, happened on paper. The matter stands where the method's own acts that
end so would have left it; no clock runs, nothing is owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .draft import Draft
from .types import Refusal

if TYPE_CHECKING:
    from bihuan.methods.method import Method


def refusals(method: Method, earlier: Mapping[str, Any], began: datetime) -> list[Refusal]:
    """Say what is wrong with how it is said to have ended: an unknown outcome, or an end before the beginning."""
    found = []
    if last_step(method, str(earlier["outcome"])) is None:
        titles = "、".join(outcome.title.zh for outcome in method.outcomes.values())
        titles_en = ", ".join(outcome.title.say("en") for outcome in method.outcomes.values())
        found.append(
            Refusal(
                "outcome", f"没有这种办结方式。可写：{titles}。", f"No such outcome. There are: {titles_en}.", "outcome"
            )
        )
    if datetime.fromisoformat(str(earlier["closed"])) < began:
        found.append(Refusal("closed", "办结早于登记。", "It was closed before it was recorded.", "closed"))
    return found


def last_step(method: Method, outcome: str) -> str | None:
    """Return where an act that ends with ``outcome`` leaves a matter; None where none does."""
    if outcome not in method.outcomes:
        return None
    for place in method.places.values():
        for move in place.moves.values():
            for way in move.routes:
                if way.outcome == outcome and way.step:
                    return way.step
    return next((key for key, step in method.steps.items() if step.final), None)


def settle(method: Method, draft: Draft, earlier: Mapping[str, Any]) -> None:
    """Close a matter that has just begun."""
    outcome, at = str(earlier["outcome"]), datetime.fromisoformat(str(earlier["closed"]))
    draft.step = last_step(method, outcome) or draft.step
    draft.clocks, draft.pending = {}, {}
    draft.close(outcome, at)
    spec = method.outcomes[outcome]
    draft.effects = []
    draft.say("closed", outcome=outcome, **{"class": spec.class_, "result": spec.result})
