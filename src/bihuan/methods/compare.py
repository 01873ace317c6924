"""Two versions side by side: what changed, and which running matters may move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .engine.types import State
from .method import Method
from .schema.base import Text
from .wording import words

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``kind``: "added", "removed" or "changed"; ``path`` in canonical keys."""

    path: str
    kind: str
    old: Any = None
    new: Any = None
    zh: str = ""
    en: str = ""

    def text(self, language: str = "zh") -> str:
        """Return the change in words: “办理时限：其余 15 个工作日 → 10 个工作日”."""
        return self.en if language.startswith("en") else self.zh


def diff(a: Method, b: Method) -> list[Change]:
    """Return every difference between two versions, in the file's order."""
    return [_worded(a, b, *found) for found in _diff(dump(a), dump(b), ())]


def _worded(a: Method, b: Method, parts: tuple[str, ...], kind: str, old: Any, new: Any) -> Change:
    zh, en = (words(a, b, parts, old, new, kind, language) for language in ("zh", "en"))
    return Change(".".join(parts), kind, old, new, zh, en)


def dump(method: Method) -> dict[str, Any]:
    """Return a method as plain canonical data, sections included."""
    data = method.file.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for key in method.section_keys:
        data[key] = method.section(key).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def _diff(a: Any, b: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, Any, Any]]:
    if a == b:
        return
    if not (isinstance(a, dict) and isinstance(b, dict)) or "amount" in a or "zh" in a:
        yield path, "changed", a, b
        return
    for key in [*a, *(key for key in b if key not in a)]:
        here = (*path, str(key))
        if key not in b:
            yield here, "removed", a[key], None
        elif key not in a:
            yield here, "added", None, b[key]
        else:
            yield from _diff(a[key], b[key], here)


@dataclass(slots=True)
class Plan(Generic[K]):
    """What a migration would do: which matters move, and for the others why they stay."""

    changes: list[Change] = field(default_factory=list)
    moves: list[K] = field(default_factory=list)
    stays: dict[K, list[tuple[str, str]]] = field(default_factory=dict)  # → (zh, en) reasons


def migration_plan(a: Method, b: Method, states: Iterable[tuple[K, State]]) -> Plan[K]:
    """Say which running matters may move from version ``a`` to ``b``: those that met nothing that changed.

    A state itself is never altered by a move, so moving back is the same plan the other way round.
    """
    plan: Plan[K] = Plan(diff(a, b))
    one, two = dump(a), dump(b)
    for key, state in states:
        reasons = list(obstacles(a, b, one, two, state))
        if reasons:
            plan.stays[key] = reasons
        else:
            plan.moves.append(key)
    return plan


def obstacles(
    a: Method, b: Method, one: Mapping[str, Any], two: Mapping[str, Any], state: State
) -> Iterator[tuple[str, str]]:
    """Yield (zh, en) for each thing the matter has met that is another one in ``b``."""
    if not state.is_open:
        yield "已经办结，留在原来的版本。", "It is closed and stays on its version."
        return
    yield from _changed_steps(a, b, one, two, state)
    for key, clock in state.clocks.items():
        if clock.stopped_at is None and _part(one, "clocks", key) != _part(two, "clocks", key):
            title = a.clocks[key].title
            yield f"正在走的时限“{title.zh}”改了。", f"Clock '{title.say('en')}' is running and changed."
    for key in state.fields:
        if key in a.fields and (key not in b.fields or a.fields[key].type != b.fields[key].type):
            title = a.fields[key].title
            yield (
                f"已填的字段“{title.zh}”没有了或类型变了。",
                f"Field '{title.say('en')}' is filled, and gone or changed.",
            )
    for role in state.parties:
        if role not in b.party_roles:
            title = a.role_title(role)
            yield f"责任角色“{title.zh}”没有了。", f"Party '{title.say('en')}' is gone."


def _changed_steps(
    a: Method, b: Method, one: Mapping[str, Any], two: Mapping[str, Any], state: State
) -> Iterator[tuple[str, str]]:
    for key in [key.removeprefix("step:") for key in state.counts if key.startswith("step:")]:
        title = a.steps[key].title if key in a.steps else Text(zh=key)
        if key not in b.steps:
            yield f"走过的环节“{title.zh}”在新版里没有了。", f"Step '{title.say('en')}', which it passed, is gone."
        elif _part(one, "steps", key) != _part(two, "steps", key):
            yield f"走过的环节“{title.zh}”改了。", f"Step '{title.say('en')}', which it reached, changed."
    if _common(a, state.step) != _common(b, state.step):
        yield "现在环节的通用动作改了。", "The common actions of its step changed."


def _part(data: Mapping[str, Any], group: str, key: str) -> Any:
    return data.get(group, {}).get(key)


def _common(method: Method, step: str) -> dict[str, Any]:
    return {
        key: spec.model_dump(exclude={"at"})
        for key, spec in method.file.common.items()
        if step in method.places and key in method.places[step].moves
    }


def why_stays(a: Method, b: Method, state: State) -> list[tuple[str, str]]:
    """Return every reason, in Chinese and English, why one running matter cannot move from ``a`` to ``b``."""
    return list(obstacles(a, b, dump(a), dump(b), state))
