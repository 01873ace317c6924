"""Which bodies deliberate in an area: the sections of the methods in use there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import NotFound, Problem
from bihuan.meetings.section import KEY, Body, Deliberation
from bihuan.methods.api import Method, get_method, methods_in
from bihuan.methods.models import MethodVersion


@dataclass(frozen=True, slots=True)
class BodyRef:
    """A body as it stands in an area: the method's version, its key there, and its rules."""

    version_id: UUID
    number: int
    method: Method
    key: str
    body: Body
    in_use: bool = True  # new reports follow its method, or no method of the area has been chosen for them

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.body.title.say(get_language() or "zh")


def in_area(area_code: str) -> list[BodyRef]:
    """Return every body of the methods in use in an area: the residents' own method first, as the files have them."""
    uses = sorted(methods_in(area_code), key=lambda use: (not use.default_for_reports, use.key))
    chosen = any(use.default_for_reports for use in uses)
    return [
        replace(ref, in_use=use.default_for_reports or not chosen) for use in uses for ref in of_version(use.version_id)
    ]


def of_version(version_id: UUID) -> list[BodyRef]:
    """Return the bodies that one version of a method declares."""
    method = get_method(version_id)
    section = method.section(KEY)
    if not isinstance(section, Deliberation):
        return []
    number = _number(version_id)
    return [BodyRef(version_id, number, method, key, body) for key, body in section.bodies.items()]


@lru_cache(maxsize=512)
def _number(version_id: UUID) -> int:
    return int(MethodVersion.objects.values_list("number", flat=True).get(pk=version_id))


def find(area_code: str, key: str, method_key: str | None = None) -> BodyRef:
    """Return the body ``key`` as it stands in an area.

    Raises:
        NotFound: when no method in use there has it.
    """
    return _pick(in_area(area_code), key, method_key)


def body_of(version_id: UUID, key: str) -> BodyRef:
    """Return the body ``key`` of a version: the rules a running meeting is pinned to."""
    return _pick(of_version(version_id), key, None)


def _pick(refs: Iterable[BodyRef], key: str, method_key: str | None) -> BodyRef:
    there = [ref for ref in refs if method_key in {None, ref.method.key}]
    for ref in there:
        if ref.key == key:
            return ref
    how = _("先在本区域启用写有这个会议的工作法。")
    if there:
        how = _("这里有的：%(known)s。") % {"known": "、".join(f"{ref.key}（{ref.title}）" for ref in there)}
    raise NotFound(Problem("body", _("这里没有“%(body)s”这个会议。") % {"body": key}, how))


def role_title(method: Method, role: str) -> str:
    """Return a role's title, a post's or a party's, as the method names it."""
    return method.role_title(role).say(get_language() or "zh")
