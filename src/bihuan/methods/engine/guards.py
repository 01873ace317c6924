"""Why not: one list of guards, behind both the refusal of an act and the reason on a disabled button."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .calendars import Calendar, add
from .clocks import running
from .types import By, Refusal, State

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .compiled import Move

Guard = Callable[["Method", "Move", State, By, frozenset[str], datetime, Calendar], Refusal | None]


def roles_of(method: Method, state: State, by: By) -> frozenset[str]:
    """Return every role that counts: those held, those deputised for, and "escalated" at a rung reached."""
    roles = by.roles
    if method.deputies:
        stands_for = [method.deputies[role] for role in roles if role in method.deputies]
        if stands_for:
            roles = roles.union(stands_for)
    if state.rung:
        reached = {
            rung.to for ladder, number in state.rung.items() for rung in method.file.ladders.get(ladder, ())[:number]
        }
        if not reached.isdisjoint(roles):
            roles = roles | {"escalated"}
    return roles


def _names(method: Method, roles: Iterable[str], language: str) -> str:
    words = [method.role_title(role).say(language) for role in sorted(roles)]
    return ("、" if language == "zh" else ", ").join(words)


def right_role(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Only the roles the method names may act."""
    if not move.by.isdisjoint(roles) or "anyone" in move.by:
        return None
    if move.role_refusal is None:  # the same for everybody: worked out once
        move.role_refusal = Refusal(
            "role",
            f"“{move.title}”由{_names(method, move.by, 'zh')}来做。",
            f"'{move.title_en}' is for: {_names(method, move.by, 'en')}.",
            mend="请其中一位来做，或请其把您设为代理人。",
            mend_en="Ask one of them to do it, or to name you as deputy.",
        )
    return move.role_refusal


def condition(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """The action's own condition holds."""
    if move.when is None or move.when.holds(method, state):
        return None
    because = move.spec.because
    zh = because.zh if because else f"还不满足条件：{move.when.source}。"
    en = because.say("en") if because else f"A condition is not met yet: {move.when.source}."
    return Refusal("when", zh, en)


def not_by(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Whoever did the work does not judge it."""
    for action in move.did:
        if by.person is not None and by.person in state.done_by.get(action, ()):
            title = method.action_title(action)
            return Refusal(
                "not_by",
                f"您做过“{title.zh}”，不能再由您做“{move.title}”。",
                f"You did '{title.say('en')}', so '{move.title_en}' is for somebody else.",
                mend="请另一位来做。",
                mend_en="Ask somebody else to do it.",
            )
    for role in move.holds:
        held = by.person is not None and by.person in state.parties.get(role, ())
        if held or (role in by.roles and role in method.party_roles):
            title = method.role_title(role)
            return Refusal(
                "not_by",
                f"您是{title.zh}，不能做“{move.title}”。",
                f"You are the {title.say('en').lower()}, so '{move.title_en}' is for somebody else.",
                mend="请另一位来做。",
                mend_en="Ask somebody else to do it.",
            )
    return None


def how_often(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Not more often than the method allows."""
    most = move.spec.most
    if most is None or state.counts.get(move.key, 0) < most:
        return None
    return Refusal(
        "most",
        f"“{move.title}”最多 {most} 次，已经用完。",
        f"'{move.title_en}' may be done {most} time(s) at most, and has been.",
    )


def in_time(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Within the time after closing."""
    within = move.spec.within
    if within is None or state.closed_at is None or at <= add(calendar, state.closed_at, within):
        return None
    return Refusal(
        "within",
        f"办结后 {within.say()}以内可以做，已经过了。",
        f"It may be done within {within.say('en')} after closing, which have passed.",
        mend="请重新反映。",
        mend_en="Please report it anew.",
    )


def already_asked(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Not asked for twice."""
    if move.key not in state.pending:
        return None
    return Refusal(
        "pending",
        f"“{move.title}”已经申请，正在等人同意。",
        f"'{move.title_en}' has been asked for and waits for consent.",
    )


def already_accepted(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Each party accepts once."""
    if not move.accept_from:
        return None
    done = state.accepted.get(move.key, ())
    if any(role in roles and role not in done for role in move.accept_from):
        return None
    if not any(role in roles for role in move.accept_from):
        return Refusal(
            "role",
            f"“{move.title}”由{_names(method, move.accept_from, 'zh')}来做。",
            f"'{move.title_en}' is for: {_names(method, move.accept_from, 'en')}.",
        )
    return Refusal(
        "accepted",
        f"您已经做过“{move.title}”，还在等其他方。",
        f"You have done '{move.title_en}'; the others are awaited.",
    )


def clock_runs(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """Only a running clock is extended."""
    if move.spec.does != "extend":
        return None
    clock = state.clocks.get(move.spec.clock)
    if clock is not None and running(clock):
        return None
    title = method.clocks[move.spec.clock].title if move.spec.clock in method.clocks else move.spec.title
    return Refusal(
        "clock", f"“{title.zh}”现在没有在计时，不用延期。", f"'{title.say('en')}' is not running: nothing to extend."
    )


def rung_left(
    method: Method, move: Move, state: State, by: By, roles: frozenset[str], at: datetime, calendar: Calendar
) -> Refusal | None:
    """There is a rung above the one reached."""
    ladder = move.spec.ladder
    if move.spec.does != "escalate" or state.rung.get(ladder, 0) < len(method.file.ladders.get(ladder, ())):
        return None
    return Refusal("rung", "已经提到最高一级。", "It has been raised to the top rung already.")


GUARDS: tuple[Guard, ...] = (
    right_role, condition, not_by, how_often, in_time, already_asked, already_accepted, clock_runs, rung_left,
)  # fmt: skip


def guard(method: Method, move: Move, state: State, by: By, at: datetime, calendar: Calendar) -> list[Refusal]:
    """Return every reason why ``by`` may not do ``move`` now; none means they may."""
    roles = roles_of(method, state, by)
    found = []
    for check in GUARDS:
        refusal = check(method, move, state, by, roles, at, calendar)
        if refusal is not None:
            found.append(refusal)
    return found


def guard_decision(method: Method, move: Move, part: str, state: State, by: By) -> list[Refusal]:
    """Return every reason why ``by`` may not grant or deny what was asked for."""
    asked = state.pending.get(move.key)
    if asked is None:
        return [Refusal("pending", f"没有人申请“{move.title}”。", f"Nobody has asked for '{move.title_en}'.")]
    consent = move.spec.consent
    by_roles = frozenset(consent.by) if consent else frozenset()
    found = []
    if by_roles.isdisjoint(roles_of(method, state, by)):
        found.append(
            Refusal(
                "role",
                f"“{move.title}”由{_names(method, by_roles, 'zh')}决定是否同意。",
                f"Consent to '{move.title_en}' is given by: {_names(method, by_roles, 'en')}.",
            )
        )
    if by.person is not None and by.person == asked.asked_by:
        found.append(Refusal("not_by", "不能同意自己的申请。", "Nobody grants what they asked for themselves."))
    return found
