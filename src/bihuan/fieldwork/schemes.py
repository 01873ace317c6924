"""Which pairing schemes (结对帮扶) there are in an area: the sections of the methods in use there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.fieldwork.engine import Plan
from bihuan.fieldwork.section import PAIRINGS, PairingPlan, Pairings, whole_days
from bihuan.kernel.api import NotFound, Problem
from bihuan.kernel.recurrence import RecurrenceError, in_english
from bihuan.methods.api import Method, get_method, methods_in
from bihuan.methods.models import MethodVersion


@dataclass(frozen=True)
class SchemeRef:
    """A pairing scheme as it stands in an area: the method's version, its key there, and what it says."""

    version_id: UUID
    number: int
    method: Method
    key: str
    spec: PairingPlan

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.spec.title.say(get_language() or "zh")

    @property
    def method_ref(self) -> str:
        """The method's version as entries name it."""
        return f"{self.method.key}@{self.number}"

    @property
    def help(self) -> dict[str, str]:
        """The kinds of help and their names in the reader's language, in the method's order."""
        return {key: text.say(get_language() or "zh") for key, text in self.spec.help.items()}

    @cached_property
    def plan(self) -> Plan | None:
        """Return when a visit is due; None where visits are made as needed, or its words name no recurring day."""
        try:
            return self.spec.plan(self.key)
        except RecurrenceError:
            return None

    @property
    def every(self) -> str:
        """How often, in the reader's language; "" where visits are made as needed."""
        if self.plan is not None and (get_language() or "zh").startswith("en"):
            return in_english(self.plan.rule)
        return self.spec.every

    @property
    def keep_days(self) -> int:
        """How many days personal values are kept after the pairing ended."""
        return whole_days(self.spec.keep)

    def role_title(self, role: str) -> str:
        """Return a role's name as the method has it."""
        return self.method.role_title(role).say(get_language() or "zh")

    def role_titles(self, roles: Iterable[str]) -> str:
        """Return the names of roles, joined as the reader's language does."""
        return _("、").join(self.role_title(role) for role in roles)


def in_area(area_code: str) -> list[SchemeRef]:
    """Return every scheme of the methods in use in an area, as the files have them."""
    return [ref for use in methods_in(area_code) for ref in of_version(use.version_id)]


def of_version(version_id: UUID) -> list[SchemeRef]:
    """Return the schemes that one version of a method declares."""
    method = get_method(version_id)
    number = _number(version_id)
    return [SchemeRef(version_id, number, method, key, spec) for key, spec in _specs(method).items()]


def _specs(method: Method) -> Mapping[str, PairingPlan]:
    section = method.section(PAIRINGS)
    return section.plans if isinstance(section, Pairings) else {}


@lru_cache(maxsize=512)
def _number(version_id: UUID) -> int:
    return int(MethodVersion.objects.values_list("number", flat=True).get(pk=version_id))


def find(area_code: str, key: str, method_key: str | None = None) -> SchemeRef:
    """Return the scheme ``key`` as it stands in an area.

    Raises:
        NotFound: when no method in use there has it.
    """
    return _pick(in_area(area_code), key, method_key)


def scheme_of(version_id: UUID, key: str) -> SchemeRef:
    """Return the scheme ``key`` of a version: what a pairing is pinned to."""
    return _pick(of_version(version_id), key, None)


def _pick(refs: Iterable[SchemeRef], key: str, method_key: str | None) -> SchemeRef:
    for ref in refs:
        if ref.key == key and method_key in {None, "", ref.method.key}:
            return ref
    raise NotFound(
        Problem(
            "key",
            _("这里没有“%(key)s”这项结对帮扶。") % {"key": key},
            _("先在本区域启用写有“结对”的工作法。"),
        )
    )
