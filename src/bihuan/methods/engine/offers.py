"""What each may and must do next, with the reason where they may not; and whom the matter waits for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .calendars import Calendar, default_calendar
from .clocks import due_of
from .guards import guard, guard_decision
from .types import By, Offer, Refusal, State, Wait

if TYPE_CHECKING:
    from bihuan.methods.method import Method

    from .compiled import Move


def offers(
    method: Method, state: State, by: By, at: datetime, calendar: Calendar | None = None, *, mine: bool = False
) -> list[Offer]:
    """Return every action at the matter's step as shown to ``by``.

    Actions for other roles come along with the refusal "role", unless ``mine``; those of the system never.
    """
    calendar = calendar or default_calendar()
    place = method.places.get(state.step)
    if place is None:
        return []
    out = []
    for move in place.moves.values():
        if move.by <= {"system"}:
            continue
        refusals = tuple(guard(method, move, state, by, at, calendar))
        if not (mine and _not_mine(refusals)):
            out.append(_offer(method, move, state, refusals))
        if move.key in state.pending and move.spec.consent is not None:
            for part in ("grant", "deny"):
                reasons = tuple(guard_decision(method, move, part, state, by))
                if not (mine and _not_mine(reasons)):
                    out.append(_decision(method, move, part, reasons))
    return out


def _not_mine(refusals: tuple[Refusal, ...]) -> bool:
    return any(refusal.code == "role" for refusal in refusals)


def _offer(method: Method, move: Move, state: State, refusals: tuple[Refusal, ...]) -> Offer:
    spec = move.spec
    return Offer(
        action=move.key,
        title=move.title,
        title_en=move.title_en,
        does=spec.does,
        must=spec.must,
        refusals=refusals,
        gives=move.gives,
        required=tuple(key for key in move.required if key not in state.fields),
        assigns=move.assigns,
        photos=move.photos,
        reason=spec.reason,
        primary=spec.primary,
    )


def _decision(method: Method, move: Move, part: str, refusals: tuple[Refusal, ...]) -> Offer:
    action = f"{move.key}.{part}"
    title = method.action_title(action)
    reason = "required" if part == "deny" else "optional"
    return Offer(
        action, title.zh, title.say("en"), part, must=True, refusals=refusals, reason=reason, primary=part == "grant"
    )


def waits(method: Method, state: State, *, optional: bool = False) -> list[Wait]:
    """Return whom the matter waits for: each owed act once per role, or per person where a party role holds it.

    With ``optional`` also what is allowed but not owed (``must`` false).
    """
    place = method.places.get(state.step)
    if place is None:
        return []
    out: list[Wait] = []
    for move in place.moves.values():
        if move.spec.consent is not None and move.key in state.pending:
            due = due_of(state, method, move.key)
            for role in move.spec.consent.by:
                out += _for_role(method, state, f"{move.key}.grant", role, due, must=True)
            continue
        if not (move.spec.must or optional) or not _open(method, move, state):
            continue
        due = due_of(state, method, move.key)
        done = state.accepted.get(move.key, ())
        roles = [role for role in move.accept_from if role not in done] if move.accept_from else sorted(move.by)
        for role in roles:
            if role != "system":
                out += _for_role(method, state, move.key, role, due, must=move.spec.must)
    return out


def _open(method: Method, move: Move, state: State) -> bool:
    """Whether the act can be done by anybody at all now."""
    most = move.spec.most
    used_up = most is not None and state.counts.get(move.key, 0) >= most
    return not used_up and (move.when is None or move.when.holds(method, state))


def _for_role(method: Method, state: State, action: str, role: str, due: datetime | None, *, must: bool) -> list[Wait]:
    if role == "escalated":
        reached = [
            rung.to for ladder, number in state.rung.items() for rung in method.file.ladders.get(ladder, ())[:number]
        ]
        return [wait for name in reached for wait in _for_role(method, state, action, name, due, must=must)]
    if role not in method.party_roles:
        return [Wait(action, role, None, must, due)]
    people = [*state.parties.get(role, ()), *state.parties.get(f"{role}_deputy", ())]
    if not people:
        return [Wait(action, role, None, must, due)]
    return [Wait(action, role, person, must, due) for person in people]
