"""The engine's refusals as errors that a person can act on."""

from __future__ import annotations

from bihuan.kernel.api import BadInput, Problem, Refused
from bihuan.matters.labels import english
from bihuan.methods.api import Refusal, Refusals

_INPUT_CODES = frozenset(
    {"required", "type", "option", "long", "least", "photos", "party", "count", "distinct", "from", "reason",
     "until", "into", "rung", "field"}
)  # fmt: skip


def told(refusals: Refusals) -> BadInput | Refused:
    """Return the engine's refusals as the error a person can act on."""
    problems = [problem_of(refusal) for refusal in refusals.reasons]
    if all(refusal.code in _INPUT_CODES and refusal.field for refusal in refusals.reasons):
        return BadInput(problems)
    return Refused(problems)


def problem_of(refusal: Refusal) -> Problem:
    """Return one refusal in the reader's language."""
    if english():
        return Problem(refusal.field, refusal.message_en, refusal.mend_en)
    return Problem(refusal.field, refusal.message, refusal.mend)
