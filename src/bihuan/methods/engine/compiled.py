"""A method made ready for the engine: everything that does not depend on the matter is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from bihuan.methods.schema.model import Action, Clock, CommonAction, Opening, Route, Step, Trigger

from .cel import Condition
from .types import Refusal

Compile = Callable[[str | None], Condition | None]


class Way(NamedTuple):
    """One route of an action: under which condition, to which step ("" stays), with which outcome."""

    when: Condition | None
    step: str
    outcome: str


class Move:
    """One action at one step, ready to run."""

    __slots__ = (
        "accept_from", "accept_need", "assigns", "by", "did", "gives", "holds", "key", "photos",
        "required", "role_refusal", "routes", "spec", "title", "title_en", "when",
    )  # fmt: skip

    def __init__(self, key: str, spec: Action, compile_: Compile) -> None:
        """Prepare ``spec``; ``compile_`` turns CEL text into a condition."""
        self.key, self.spec = key, spec
        self.title, self.title_en = spec.title.zh, spec.title.en or spec.title.zh
        self.by = frozenset(spec.by)
        self.when = compile_(spec.when)
        self.gives = tuple(spec.gives)
        self.required = tuple(name for name, need in spec.gives.items() if need == "required")
        self.assigns = tuple(spec.assigns)
        self.photos = {tag: photo.least for tag, photo in spec.evidence.items()}
        self.did = tuple(spec.not_by.did) if spec.not_by else ()
        self.holds = tuple(spec.not_by.holds) if spec.not_by else ()
        self.routes = ways(spec.to, spec.outcome, compile_)
        self.accept_from = tuple(spec.accept.from_) if spec.accept else ()
        self.accept_need = needed(spec)
        self.role_refusal: Refusal | None = None  # said to whoever has not the role; filled when first wanted


def needed(spec: Action) -> int:
    """Return how many parties have to accept."""
    if spec.accept is None:
        return 0
    if spec.accept.need == "all":
        return len(spec.accept.from_)
    return 1 if spec.accept.need == "any" else min(int(spec.accept.need), len(spec.accept.from_))


def ways(routes: list[Route], outcome: str, compile_: Compile) -> tuple[Way, ...]:
    """Prepare routes; an action's own outcome applies to each that names none."""
    if not routes and outcome:
        return (Way(None, "", outcome),)
    return tuple(Way(compile_(route.when), route.step, route.outcome or outcome) for route in routes)


class Place:
    """A step, ready to run."""

    __slots__ = ("key", "moves", "skip_to", "skip_when", "spec")

    def __init__(self, key: str, spec: Step, common: Mapping[str, CommonAction], compile_: Compile) -> None:
        """Prepare ``spec`` with the common actions that apply to it."""
        self.key, self.spec = key, spec
        self.skip_when, self.skip_to = compile_(spec.skip_when), spec.skip_to
        own = {name: Move(name, action, compile_) for name, action in spec.actions.items()}
        shared = {
            name: Move(name, action, compile_)
            for name, action in common.items()
            if name not in own and (key in action.at or ("all" in action.at and not spec.final))
        }
        self.moves: dict[str, Move] = {**own, **shared}


class Start:
    """A way to begin, ready to run."""

    __slots__ = ("by", "key", "photos", "required", "role_refusal", "routes", "spec")

    def __init__(self, key: str, spec: Opening, compile_: Compile) -> None:
        """Prepare ``spec``."""
        self.key, self.spec = key, spec
        self.by = frozenset(spec.by)
        self.required = tuple(name for name, need in spec.gives.items() if need == "required")
        self.photos = {tag: photo.least for tag, photo in spec.evidence.items()}
        self.routes = ways(spec.to, "", compile_)


Ops = dict[str, tuple[tuple[str, str], ...]]


class Triggers:
    """Which clocks start, stop, pause and resume when a step is entered or left or an action done."""

    __slots__ = ("after", "enter", "leave")

    def __init__(self, clocks: Mapping[str, Clock]) -> None:
        """Index the triggers of all clocks by step and by action."""
        tables: dict[str, dict[str, list[tuple[str, str]]]] = {"enter": {}, "leave": {}, "after": {}}
        for key, clock in clocks.items():
            for op in ("stop", "pause", "resume", "start"):
                trigger: Trigger = getattr(clock, op)
                for when in ("enter", "leave", "after"):
                    for name in getattr(trigger, when):
                        tables[when].setdefault(name, []).append((op, key))
        self.enter, self.leave, self.after = (
            {name: tuple(ops) for name, ops in tables[when].items()} for when in ("enter", "leave", "after")
        )
