"""Which rounds there are in an area: the ``rounds`` sections of the methods in use there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language

from bihuan.areas.api import ancestors
from bihuan.fieldwork.engine import Plan
from bihuan.fieldwork.section import ROUNDS, Round, Rounds, area_word, whole_days
from bihuan.kernel.api import sql
from bihuan.kernel.recurrence import in_english
from bihuan.methods.api import Method, get_method

KEEP_DAYS = 1825  # of visits under a method that says nothing of rounds


@dataclass(frozen=True, slots=True)
class PlanRef:
    """A round as it stands in an area: the method's version, its key there, what it says."""

    use: Use
    method: Method
    section: Rounds
    key: str
    spec: Round
    plan: Plan

    @property
    def name(self) -> tuple[str, str]:
        """Method and round: what coverage is kept under."""
        return self.method.key, self.key

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.spec.title.say(language())

    @property
    def every(self) -> str:
        """How often, in the reader's language."""
        return in_english(self.plan.rule) if language().startswith("en") else self.spec.every

    @property
    def levels(self) -> int:
        """How many levels go one after another; 1 for most."""
        return len(self.plan.levels)

    @property
    def rounds_equivalent(self) -> tuple[str, ...]:
        """Keys of the rounds whose visits cover a place too."""
        return tuple(act[6:] for act in self.spec.equivalent if act.startswith("plans."))

    @property
    def acts_equivalent(self) -> tuple[str, ...]:
        """Keys of the actions on matters that cover a place too."""
        return tuple(act[4:] for act in self.spec.equivalent if act.startswith("act."))

    def goes_to(self, kind: str) -> bool:
        """Say whether it goes to a kind of place, or to areas of a level."""
        return kind in self.spec.places

    def kind_title(self, kind: str) -> str:
        """Return the name of a kind of place or of a level, in the reader's language."""
        return kind_title(self.section, kind)

    def role_title(self, role: str) -> str:
        """Return a role's name as the method has it."""
        return self.method.role_title(role).say(language())


@dataclass(frozen=True, slots=True)
class Use:
    """A version of a method in use."""

    version_id: UUID
    key: str
    number: int
    default: bool

    @property
    def tag(self) -> str:
        """The version as entries name it."""
        return f"{self.key}@{self.number}"

    @property
    def method(self) -> Method:
        """The method itself; parsed once per process."""
        return get_method(self.version_id)


def language() -> str:
    """Return the reader's language."""
    return get_language() or "zh"


def rounds_of(method: Method) -> Rounds | None:
    """Return a method's section, None where it has none."""
    section = method.section(ROUNDS)
    return section if isinstance(section, Rounds) else None


def kind_title(section: Rounds | None, kind: str) -> str:
    """Return the name of a kind of place or of a level of areas; the key itself where nothing names it."""
    if section is not None and kind in section.kinds:
        return section.kinds[kind].say(language())
    return area_word(kind, language())


def keep_days(method: Method) -> int:
    """Return how many days what was written on a visit is kept."""
    section = rounds_of(method)
    return whole_days(section.keep) if section is not None else KEEP_DAYS


@lru_cache(maxsize=512)
def _refs(use: Use) -> Mapping[str, PlanRef]:
    section = rounds_of(use.method)
    if section is None:
        return {}
    return {
        key: PlanRef(use, use.method, section, key, section.plans[key], plan) for key, plan in section.engine.items()
    }


def plans_of(use: Use) -> Mapping[str, PlanRef]:
    """Return the rounds of one version by key."""
    return _refs(use)


def uses_in(codes: Iterable[str]) -> dict[str, dict[str, Use]]:
    """Return for each area which methods are in use there, the nearest use of each key. One statement for 800 areas."""
    wanted = sorted(set(codes))
    above = sorted({code for one in wanted for code in ancestors(one)})
    kept: dict[str, list[Use]] = {}
    for chunk in sql.batched(above, 800):
        marks = ", ".join(["%s"] * len(chunk))
        for code, key, default, version, number in sql.rows(
            "SELECT u.area_code, u.key, u.default_for_reports, v.id, v.number FROM methods_methoduse u "  # noqa: S608
            f"JOIN methods_methodversion v ON v.id = u.version_id WHERE u.area_code IN ({marks}) ORDER BY u.key",
            chunk,
        ):
            kept.setdefault(code, []).append(Use(sql.as_uuid(version), key, number, bool(default)))
    return {one: {use.key: use for code in ancestors(one) for use in kept.get(code, ())} for one in wanted}


def choose(uses: Mapping[str, Use], method_key: str | None, round_key: str = "") -> Use | None:
    """Return which of an area's methods is meant.

    That of ``method_key``; else the one that has the round; else the one for residents' reports; else one that has
    rounds; else the first. None where none is in use, or not that one.
    """
    if method_key:
        return uses.get(method_key)
    ordered = sorted(uses.values(), key=lambda use: (not use.default, use.key))
    having = [use for use in ordered if round_key in plans_of(use)] if round_key else []
    return next(iter([*having, *ordered]), None)


def plans_in(area_code: str) -> list[PlanRef]:
    """Return every round of the methods in use in an area, the residents' method first. One statement."""
    return refs_of(uses_in([area_code])[area_code])


def refs_of(uses: Mapping[str, Use]) -> list[PlanRef]:
    """Return every round of some methods, the residents' method first."""
    ordered = sorted(uses.values(), key=lambda use: (not use.default, use.key))
    return [ref for use in ordered for ref in plans_of(use).values()]
