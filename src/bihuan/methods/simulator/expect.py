"""Compares what a scenario expects with what came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bihuan.methods.engine.calendars import SHANGHAI, Calendar
from bihuan.methods.engine.clocks import card_of
from bihuan.methods.engine.offers import offers, waits
from bihuan.methods.engine.types import By, Effect, Refusal, State
from bihuan.methods.method import Method

from .script import Expect

Mistake = tuple[str, str, str]  # which expectation, zh, en


def mistakes(
    method: Method, state: State | None, expect: Expect, by: By, now: datetime | None, refused: Sequence[Refusal],
    told: Sequence[Effect], calendar: Calendar,
) -> Iterator[Mistake]:  # fmt: skip
    """Yield every expectation that did not come true."""
    if expect.refused:
        codes = {refusal.code for refusal in refused}
        if not codes:
            yield "refused", "这一步应当不准，却做成了。", "It should have been refused, and was not."
        for code in expect.refused:
            if codes and code not in codes:
                got = "、".join(sorted(codes))
                yield "refused", f"应当因“{code}”不准，实际理由是：{got}。", f"Expected refusal '{code}', got: {got}."
    if state is None:
        return
    yield from _standing(method, state, expect)
    yield from _clocks(state, expect)
    yield from _people(method, state, expect, told)
    yield from _offers(method, state, expect, by, now, calendar)


def _differ(name: str, zh: str, en: str, wanted: object, got: object) -> Iterator[Mistake]:
    if wanted != got:
        yield name, f"{zh}应当是“{wanted}”，实际是“{got}”。", f"{en} should be '{wanted}', but is '{got}'."


def _standing(method: Method, state: State, expect: Expect) -> Iterator[Mistake]:
    if expect.step:
        yield from _differ("step", "环节", "The step", expect.step, state.step)
    if expect.outcome:
        yield from _differ("outcome", "办结方式", "The outcome", expect.outcome, state.outcome)
    if expect.is_open is not None:
        yield from _differ("open", "在办", "Open", expect.is_open, state.is_open)
    if expect.card is not None:
        yield from _differ("card", "督办牌", "The card", expect.card, card_of(state))
    if expect.private is not None:
        private = method.private is not None and method.private.holds(method, state)
        yield from _differ("private", "不公开", "Private", expect.private, private)
    for key, value in expect.fields.items():
        yield from _differ("fields", f"字段“{key}”", f"The field '{key}'", value, state.fields.get(key))
    for key, number in expect.counts.items():
        yield from _differ("counts", f"“{key}”的次数", f"The count of '{key}'", number, state.counts.get(key, 0))
    for key, number in expect.rung.items():
        yield from _differ("rung", f"阶梯“{key}”", f"The rung of '{key}'", number, state.rung.get(key, 0))
    for role, people in expect.parties.items():
        yield from _differ("parties", f"“{role}”", f"'{role}'", list(people), list(state.parties.get(role, ())))


def _clocks(state: State, expect: Expect) -> Iterator[Mistake]:
    for key, wanted in expect.due.items():
        clock = state.clocks.get(key)
        if clock is None or clock.stopped_at is not None:
            got = "stopped"
        elif clock.paused_at is not None:
            got = "paused"
        else:
            got = clock.due_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        yield from _differ("due", f"时限“{key}”", f"Clock '{key}'", wanted, got)
    late = {key for key, clock in state.clocks.items() if clock.late}
    for key in expect.late:
        if key not in late:
            yield "late", f"时限“{key}”应当超期，实际没有。", f"Clock '{key}' should be late, and is not."


def _people(method: Method, state: State, expect: Expect, told: Sequence[Effect]) -> Iterator[Mistake]:
    owed: dict[str, set[str]] = {}
    for wait in waits(method, state):
        for name in {wait.role, wait.person or wait.role}:
            owed.setdefault(name, set()).add(wait.action)
    for who, actions in expect.todo.items():
        missing = [action for action in actions if action not in owed.get(who, ())]
        if missing:
            got = "、".join(sorted(owed.get(who, ()))) or "无"
            yield (
                "todo",
                f"“{who}”应有待办 {'、'.join(missing)}，实际：{got}。",
                f"'{who}' should owe {missing}; owes: {got}.",
            )
    if expect.nobody is True and owed:
        yield "nobody", f"应当没有待办，实际：{owed}。", f"Nobody should owe anything; there is: {owed}."
    names = {str(effect.data.get("to", "")).removeprefix("party:") for effect in told if effect.kind == "notify"}
    for who in expect.told:
        if who not in names:
            got = "、".join(sorted(names)) or "无"
            yield "told", f"应当告知“{who}”，实际告知：{got}。", f"'{who}' should have been told; told: {got}."


def _offers(
    method: Method, state: State, expect: Expect, by: By, now: datetime | None, calendar: Calendar
) -> Iterator[Mistake]:
    if now is None or not (expect.may or expect.may_not):
        return
    free = {offer.action for offer in offers(method, state, by, now, calendar) if not offer.refusals}
    for action in expect.may:
        if action not in free:
            yield (
                "may",
                f"应当可以“{action}”，实际可以：{'、'.join(sorted(free))}。",
                f"'{action}' should be allowed; allowed: {sorted(free)}.",
            )
    for action in expect.may_not:
        if action in free:
            yield "may_not", f"应当不可以“{action}”，实际可以。", f"'{action}' should not be allowed, and is."
