"""Every step × event pair of each shipped method: an outcome or refusals in both languages, never an exception."""

from __future__ import annotations

import re

import pytest

from bihuan.methods.api import (
    Event,
    Method,
    Outcome,
    Refusals,
    State,
    decide,
    offers,
    state_from_json,
    state_to_json,
    waits,
)

from .samples import SLUGS, at, by, shipped

NOW = at("2024-04-10 10:00")
PAIRS = [
    (slug, step, action)
    for slug in SLUGS
    for step in shipped(slug).steps
    for action in sorted(shipped(slug).action_keys | {"tick", "nothing"})
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def stand(method: Method, step: str) -> State:
    """Return a state at ``step`` with every responsibility filled."""
    parties = {role: (f"p-{role}",) for role in method.responsibility}
    final = method.steps[step].final
    return State(
        step=step, is_open=not final, opened_at=at("2024-04-01 09:00"), parties={**parties, "reporter": ("r",)},
        closed_at=at("2024-04-09 09:00") if final else None, counts={f"step:{step}": 1},
    )  # fmt: skip


def everything(method: Method, action: str) -> dict[str, object]:
    """Return data as full as can be."""
    values = {"number": 3, "amount": 1.5, "yes_no": True, "date": "2024-04-03", "choices": []}
    gives = {
        key for place in method.places.values() for key in (place.moves[action].gives if action in place.moves else ())
    }
    data: dict[str, object] = {
        key: next(iter(spec.options)) if spec.options else values.get(spec.type, "字")
        for key, spec in method.fields.items()
        if key in gives
    }
    assigns = {
        role for place in method.places.values() if action in place.moves for role in place.moves[action].assigns
    }
    return data | {
        "reason": "理由", "until": "2024-05-10", "into": "x", "photos": {"after": 2, "before": 2, "scene": 2},
        "parties": {role: [f"p-{role}"] for role in assigns}, "result": {"carried": True},
    }  # fmt: skip


def judge(result: Outcome | Refusals, method: Method) -> None:
    if isinstance(result, Refusals):
        assert result.reasons
        for reason in result.reasons:
            assert CHINESE.search(reason.message), reason
            assert reason.message_en, reason
        return
    assert result.state.step in method.steps
    assert result.state.is_open != method.steps[result.state.step].final
    assert state_from_json(state_to_json(result.state)) == result.state
    waits(method, result.state)
    offers(method, result.state, by("x", "anyone"), NOW)


@pytest.mark.parametrize(("slug", "step", "action"), PAIRS, ids=lambda value: str(value))
def test_every_step_takes_every_event(slug: str, step: str, action: str) -> None:
    method = shipped(slug)
    state = stand(method, step)
    everybody = frozenset(
        [*method.roles, *method.party_roles, "anyone", "system", "reporter"]
        + [role for place in method.places.values() for move in place.moves.values() for role in move.by]
    )
    for roles, data in ((frozenset({"anyone"}), {}), (everybody, {}), (everybody, everything(method, action))):
        for person in (None, "somebody", "p-lead"):
            result = decide(method, state, Event(action, NOW, by(person, *roles), data))
            judge(result, method)
            if isinstance(result, Outcome) and result.state.pending:
                for part in ("grant", "deny"):
                    answer = Event(f"{action}.{part}", NOW, by("another", *everybody), {"reason": "因为"})
                    judge(decide(method, result.state, answer), method)


@pytest.mark.parametrize("slug", SLUGS)
def test_what_may_be_done_is_offered_without_a_reason_and_what_may_not_with_one(slug: str) -> None:
    method = shipped(slug)
    everybody = by(
        "x", *{role for place in method.places.values() for move in place.moves.values() for role in move.by}
    )
    for step in method.steps:
        state = stand(method, step)
        for offer in offers(method, state, everybody, NOW):
            result = decide(method, state, Event(offer.action, NOW, everybody, everything(method, offer.action)))
            codes = {r.code for r in result.reasons} if isinstance(result, Refusals) else set()
            assert {r.code for r in offer.refusals} <= codes, (step, offer)
            if not offer.refusals:
                assert codes <= {"distinct", "count", "party", "field", "until"}, (step, offer.action, result)
