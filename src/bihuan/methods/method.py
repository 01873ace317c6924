"""A work method ready to run: the typed file, its sections, and lookups worked out once. Never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from .engine.cel import Condition
from .engine.compiled import Move, Place, Start, Triggers
from .schema.base import Text
from .schema.model import Clock, FieldSpec, MethodFile, OutcomeSpec, Responsible, Role, Step

ZERO: dict[str, Any] = {
    "text": "", "long_text": "", "choice": "", "date": "", "time": "", "person": "",
    "number": 0, "amount": 0.0, "yes_no": False, "choices": [],
}  # fmt: skip
PARTY_ALWAYS = ("reporter", "follower")


class Method:
    """One version of a work method.

    ``file`` is the typed file; the shortcuts below are what callers mostly need. ``section(key)`` is the typed
    model of a section that another package registered, or None.
    """

    zero_counts: dict[str, int]
    zero_rungs: dict[str, int]

    def __init__(
        self, file: MethodFile, sections: Mapping[str, Any], source: str, path: str = "", *, lenient: bool = False
    ) -> None:
        """Prepare a method. ``lenient`` (a file under check) leaves conditions that are no CEL out.

        Raises:
            ValueError: when a condition is no CEL and the method is not lenient.
        """
        self.file, self._sections, self.source, self.path = file, dict(sections), source, path
        self._lenient = lenient
        self.sha256 = hashlib.sha256(source.encode()).hexdigest()
        self.places = {key: Place(key, step, file.common, self._compile) for key, step in file.steps.items()}
        self.starts = {key: Start(key, opening, self._compile) for key, opening in file.opening.items()}
        self.triggers = Triggers(file.clocks)
        self.limit_cases = {
            key: tuple((self._compile(case.when), case.limit) for case in clock.limit.cases)
            for key, clock in file.clocks.items()
        }
        self.private = self._compile(file.privacy.private_when, broken=True)  # in doubt nothing is shown
        self._prepare_values()

    def _prepare_values(self) -> None:
        file = self.file
        self.defaults = {key: ZERO[spec.type] for key, spec in file.fields.items() if not hidden(spec)}
        self.doubles = frozenset(key for key, spec in file.fields.items() if spec.type == "amount")
        self.hidden = frozenset(key for key, spec in file.fields.items() if hidden(spec))
        actions = {key for place in self.places.values() for key in place.moves}
        self.action_keys = frozenset(actions)
        self.zero_counts = dict.fromkeys((*sorted(actions), *(f"step:{key}" for key in file.steps), "repeats"), 0)
        self.party_roles = frozenset(
            [*PARTY_ALWAYS, *file.responsibility]
            + [f"{key}_deputy" for key, spec in file.responsibility.items() if spec.deputies]
        )
        self.no_parties: dict[str, list[str]] = {key: [] for key in sorted(self.party_roles)}
        self.zero_rungs = dict.fromkeys(file.ladders, 0)
        self.deputies = {f"{key}_deputy": key for key, spec in file.responsibility.items() if spec.deputies}

    def _compile(self, source: str | None, *, broken: bool = False) -> Condition | None:
        if source is None:
            return None
        try:
            return Condition(source, broken=broken)
        except ValueError:
            if self._lenient:
                return None
            raise

    def section(self, key: str) -> Any:
        """Return the typed model of a registered section, or None where the file has none."""
        return self._sections.get(key)

    @property
    def section_keys(self) -> tuple[str, ...]:
        """The registered sections that this file has."""
        return tuple(self._sections)

    @property
    def key(self) -> str:
        """The method's key, ``yiwang-sanbu-wuqin``."""
        return self.file.key

    @property
    def title(self) -> Text:
        """Its name."""
        return self.file.title

    @property
    def roles(self) -> Mapping[str, Role]:
        """Who takes part, by role key."""
        return self.file.roles

    @property
    def fields(self) -> Mapping[str, FieldSpec]:
        """What is filled in, by field key."""
        return self.file.fields

    @property
    def steps(self) -> Mapping[str, Step]:
        """The steps, in the file's order."""
        return self.file.steps

    @property
    def clocks(self) -> Mapping[str, Clock]:
        """The clocks."""
        return self.file.clocks

    @property
    def outcomes(self) -> Mapping[str, OutcomeSpec]:
        """How a matter may end."""
        return self.file.outcomes

    @property
    def responsibility(self) -> Mapping[str, Responsible]:
        """Who answers for a matter, by party role."""
        return self.file.responsibility

    def move(self, step: str, action: str) -> Move | None:
        """Return action ``action`` at ``step``, ready to run, or None."""
        place = self.places.get(step)
        return place.moves.get(action) if place else None

    def action_title(self, action: str) -> Text:
        """Return the title of an action (also ``<action>.grant`` / ``.deny``), wherever it stands."""
        key, _, part = action.partition(".")
        if key in self.file.opening:
            return self.file.opening[key].title
        for place in self.places.values():
            if key in place.moves:
                return decision_title(place.moves[key].spec.title, part)
        return Text(zh=action or "—")

    def role_title(self, role: str) -> Text:
        """Return the title of a role, a party role or a body (``meeting:<body>``)."""
        from .sections import sections

        if role in self.file.roles:
            return self.file.roles[role].title
        if role in self.file.responsibility:
            return self.file.responsibility[role].title
        if role.startswith("meeting:"):
            for key, part in self._sections.items():
                section = sections().get(key)
                if section and section.bodies and role[8:] in section.bodies(part):
                    title = section.bodies(part)[role[8:]]
                    return title if isinstance(title, Text) else Text(zh=title)
        if role in self.deputies:
            base = self.role_title(self.deputies[role])
            return Text(zh=f"{base.zh}的代理人", en=f"Deputy of the {base.say('en').lower()}")
        zh, en = BUILT_IN.get(role, (role or "—", role or "—"))
        return Text(zh=zh, en=en)

    def __repr__(self) -> str:
        return f"<Method {self.key} {self.sha256[:8]}>"


BUILT_IN = {
    "anyone": ("任何人", "Anyone"),
    "system": ("系统", "The system"),
    "reporter": ("反映人", "Reporter"),
    "follower": ("关注人", "Follower"),
    "escalated": ("提级后的负责人", "Whoever it was raised to"),
}


def hidden(spec: FieldSpec) -> bool:
    """Whether a field's content stays out of the engine's state (personal, sensitive, long text)."""
    return spec.sensitivity != "none" or spec.type in {"long_text", "person"}


def decision_title(title: Text, part: str) -> Text:
    """Return the title of granting or denying what was asked for."""
    if part == "grant":
        return Text(zh=f"同意：{title.zh}", en=f"Grant: {title.say('en')}")
    if part == "deny":
        return Text(zh=f"不同意：{title.zh}", en=f"Deny: {title.say('en')}")
    return title
