"""Proof that a matter is what its entries say: fold them again, and compare with what is kept.

Used by ``bihuan matters check`` and by tests. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Count, Q

from bihuan.kernel.models import Entry, Sealed
from bihuan.matters.derive import TODO_COLUMNS, derive, todo_rows
from bihuan.matters.methodinfo import info_of
from bihuan.matters.models import AreaTally, Matter, Party, Todo
from bihuan.matters.sealedtext import MARK
from bihuan.matters.timeline import sealed_texts
from bihuan.methods.api import By, Event, Refusals, State, decide, initial, state_from_json, state_to_json

_BESIDE = frozenset({"join", "migrate", "erase", "hand", "again"})
PAGE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """Something kept that does not follow from the entries."""

    what: str  # "state", "row", "todo", "party", "tally", "chain"
    where: str  # a matter's number or an area's code
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.what} {self.where}: {self.found} ≠ {self.expected}"


class NotFoldable(Exception):
    """The entries do not make a state: a text that a condition read was erased, or an entry does not stand."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A matter as its entries alone make it."""

    state: State
    version_id: UUID  # of the method, after the last migration
    area_code: str
    channel: str


def fold(matter: Matter) -> State:
    """Return the state that a matter's entries make.

    Raises:
        NotFoldable: naming the entry.
    """
    return folded(matter).state


def folded(matter: Matter) -> Folded:
    """Return what a matter's entries make: its state, where it lies, how it came in, by which version it goes.

    Raises:
        NotFoldable: naming the entry.
    """
    entries = list(Entry.objects.filter(subject_type="matter", subject_id=matter.pk).order_by("seq"))
    texts = sealed_texts(Sealed.objects.filter(subject_type="matter", subject_id=matter.pk))
    encrypted = _encrypted(matter.pk)
    state: State | None = None
    for entry in entries:
        body = orjson.loads(entry.body)
        action = str(body["action"])
        if action in _BESIDE:
            continue
        event = _event(entry, body, {**encrypted.get(entry.pk, {}), **texts.get(entry.pk, {})})
        method = info_of(UUID(hex=body["version"])).method
        result = initial(method, event) if state is None else decide(method, state, event)
        if isinstance(result, Refusals):
            raise NotFoldable(f"#{entry.seq} {action}: " + " ".join(reason.message for reason in result.reasons))
        state = result.state
    if state is None:
        raise NotFoldable("no entries")
    first, last = (
        entries[0],
        next(body for entry in reversed(entries) if "version" in (body := orjson.loads(entry.body))),
    )
    channel = str(orjson.loads(first.body).get("channel", ""))
    return Folded(state, UUID(hex=last["version"]), first.area_code, channel)


def _encrypted(matter_id: UUID) -> dict[UUID, dict[str, str]]:
    """Return marks for encrypted values: the engine only needs to know that something was given."""
    rows = Sealed.objects.filter(subject_type="matter", subject_id=matter_id, encrypted=True)
    found: dict[UUID, dict[str, str]] = {}
    for entry_id, name in rows.values_list("entry_id", "name"):
        found.setdefault(entry_id, {})[name] = MARK
    return found


def _event(entry: Entry, body: dict[str, Any], texts: dict[str, str]) -> Event:
    info = info_of(UUID(hex=body["version"]))
    data = {
        key: texts.get(key, MARK) if value == MARK and info.sealed(key) else info.typed(key, value)
        for key, value in body.get("data", {}).items()
    }
    opening = info.file.opening.get(str(body["action"]))
    if opening is not None:  # the row's title may be one that the method did not ask for
        data = {key: value for key, value in data.items() if key not in {"title", "text"} or key in opening.gives}
    person = entry.actor_id.hex if entry.actor_id is not None else None
    at = entry.recorded_at
    if (body.get("earlier") or {}).get("closed"):  # settled in an old ledger: it began and ended then
        data["earlier"] = body["earlier"]
        at = datetime.fromisoformat(body["earlier"]["registered"])
    return Event(str(body["action"]), at, By(person, frozenset(body["roles"])), data)


def check_matter(matter: Matter) -> Iterator[Difference]:
    """Yield every difference between a matter's rows and what its entries and its state say."""
    try:
        folded = state_to_json(fold(matter))
    except NotFoldable as error:
        yield Difference("state", matter.number, "kept", str(error))
    else:
        kept = matter.state_json
        if _without_erased(kept) != _without_erased(folded, like=kept):
            yield Difference("state", matter.number, _short(kept), _short(folded))
    yield from _check_rows(matter)


def _without_erased(state: dict[str, Any], like: dict[str, Any] | None = None) -> Any:
    """Return a state without the fields whose text was erased: of those only the mark is known."""
    marks = {key for key, value in ((like or state).get("fields") or {}).items() if value == MARK}
    fields = {key: value for key, value in (state.get("fields") or {}).items() if key not in marks}
    return orjson.loads(orjson.dumps({**state, "fields": fields}))


def _short(state: dict[str, Any]) -> str:
    return orjson.dumps(state, option=orjson.OPT_SORT_KEYS).decode()[:400]


def _check_rows(matter: Matter) -> Iterator[Difference]:
    state, info = state_from_json(matter.state_json), info_of(matter.version_ref_id)
    expected = derive(info.method, state)
    pairs = {
        "step": (matter.step, state.step),
        "is_open": (matter.is_open, state.is_open),
        "outcome": (matter.outcome, state.outcome),
        "due_at": (matter.due_at, expected.due_at),
        "card": (matter.card, expected.card),
    }
    for name, (found, wanted) in pairs.items():
        if found != wanted:
            yield Difference("row", f"{matter.number}.{name}", str(found), str(wanted))
    kept = set(Todo.objects.filter(matter=matter).values_list(*TODO_COLUMNS))
    rows = {tuple(row) for row in todo_rows(info.method, state, matter.pk, matter.area_code, matter.created_at)}
    if kept != rows:
        yield Difference("todo", matter.number, str(len(kept)), str(len(rows)))
    held = set(Party.objects.filter(matter=matter, until__isnull=True).values_list("role", "person_id"))
    parties = {(role, UUID(hex=person)) for role, people in state.parties.items() for person in people}
    if held != parties:
        yield Difference("party", matter.number, str(len(held)), str(len(parties)))


def check_tallies() -> Iterator[Difference]:
    """Yield every area whose tally is not the count of its matters. Two statements."""
    counted = {
        row["area_code"]: (row["total"], row["open"], row["yellow"], row["red"])
        for row in Matter.objects.order_by()
        .values("area_code")
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(is_open=True)),
            yellow=Count("pk", filter=Q(is_open=True, card="yellow")),
            red=Count("pk", filter=Q(is_open=True, card="red")),
        )
    }
    kept = {
        code: tuple(rest)
        for code, *rest in AreaTally.objects.values_list("area_code", "total", "open", "yellow", "red")
    }
    for code in sorted(set(counted) | set(kept)):
        found, wanted = kept.get(code, (0, 0, 0, 0)), counted.get(code, (0, 0, 0, 0))
        if found != wanted:
            yield Difference("tally", code, str(found), str(wanted))


def check_all(progress: Callable[[int], None] | None = None, numbers: Sequence[str] = ()) -> Iterator[Difference]:
    """Yield every difference in the whole database (or among some numbers), matter by matter and then the tallies."""
    last, done = UUID(int=0), 0
    while True:
        found = Matter.objects.filter(pk__gt=last).order_by("pk")
        if numbers:
            found = found.filter(number__in=list(numbers))
        page = list(found[:PAGE])
        for matter in page:
            yield from check_matter(matter)
        done += len(page)
        if progress is not None:
            progress(done)
        if len(page) < PAGE:
            break
        last = page[-1].pk
    if not numbers:
        yield from check_tallies()
