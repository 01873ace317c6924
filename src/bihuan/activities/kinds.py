"""Which kinds of activities and teams there are in an area: the sections of the methods in use there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.activities.section import KEEP_DAYS, KEY, Activities, ActivityKind, TeamKind
from bihuan.kernel.api import NotFound, Problem
from bihuan.methods.api import Method, get_method, methods_in
from bihuan.methods.models import MethodVersion

K = TypeVar("K", ActivityKind, TeamKind)


@dataclass(frozen=True, slots=True)
class Ref(Generic[K]):
    """A kind as it stands in an area: the method's version, its key there, and what the file says of it."""

    version_id: UUID
    number: int
    method: Method
    key: str
    kind: K

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.kind.title.say(get_language() or "zh")

    @property
    def method_ref(self) -> str:
        """The method's version as entries name it."""
        return f"{self.method.key}@{self.number}"


def section_of(version_id: UUID) -> Activities | None:
    """Return the activities section of one version of a method, or None where it has none."""
    section = get_method(version_id).section(KEY)
    return section if isinstance(section, Activities) else None


def kinds_in(area_code: str) -> list[Ref[ActivityKind]]:
    """Return every kind of activity of the methods in use in an area, the residents' own method first."""
    return [
        Ref(version, _number(version), get_method(version), key, kind)
        for version, section in _sections(area_code)
        for key, kind in section.kinds.items()
    ]


def team_kinds_in(area_code: str) -> list[Ref[TeamKind]]:
    """Return every kind of team of the methods in use in an area."""
    return [
        Ref(version, _number(version), get_method(version), key, kind)
        for version, section in _sections(area_code)
        for key, kind in section.teams.items()
    ]


def _sections(area_code: str) -> Iterator[tuple[UUID, Activities]]:
    for use in sorted(methods_in(area_code), key=lambda use: (not use.default_for_reports, use.key)):
        section = section_of(use.version_id)
        if section is not None:
            yield use.version_id, section


@lru_cache(maxsize=512)
def _number(version_id: UUID) -> int:
    return int(MethodVersion.objects.values_list("number", flat=True).get(pk=version_id))


def find_kind(area_code: str, key: str, method_key: str | None = None) -> Ref[ActivityKind]:
    """Return the kind ``key`` as it stands in an area.

    Raises:
        NotFound: when no method in use there has it.
    """
    return _pick(kinds_in(area_code), key, method_key, _("这里没有这种活动。"))


def find_team_kind(area_code: str, key: str, method_key: str | None = None) -> Ref[TeamKind]:
    """Return the kind of team ``key`` as it stands in an area.

    Raises:
        NotFound: when no method in use there has it.
    """
    return _pick(team_kinds_in(area_code), key, method_key, _("这里没有这类队伍。"))


def kind_of(version_id: UUID, key: str) -> Ref[ActivityKind]:
    """Return the kind ``key`` of a version: what an announced activity is pinned to."""
    section = section_of(version_id)
    if section is None or key not in section.kinds:
        raise NotFound(Problem("kind", _("这里没有这种活动。"), ""))
    return Ref(version_id, _number(version_id), get_method(version_id), key, section.kinds[key])


def team_kind_of(version_id: UUID, key: str) -> Ref[TeamKind]:
    """Return the kind of team ``key`` of a version: what a team is pinned to."""
    section = section_of(version_id)
    if section is None or key not in section.teams:
        raise NotFound(Problem("kind", _("这里没有这类队伍。"), ""))
    return Ref(version_id, _number(version_id), get_method(version_id), key, section.teams[key])


def keep_days(version_id: UUID) -> int:
    """Return how many days names are kept after an activity, as its method says."""
    section = section_of(version_id)
    return int(section.keep.amount) if section is not None else KEEP_DAYS


def _pick(refs: Iterable[Ref[K]], key: str, method_key: str | None, why: str) -> Ref[K]:
    there = [ref for ref in refs if method_key in {None, ref.method.key}]
    for ref in there:
        if ref.key == key:
            return ref
    how = _("先在本区域启用写有它的工作法。")
    if there:
        how = _("这里有的：%(known)s。") % {"known": "、".join(f"{ref.key}（{ref.title}）" for ref in there)}
    raise NotFound(Problem("kind", why, how))
