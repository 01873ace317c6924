"""Which bodies deliberate in an area: the sections of the methods in use there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors
from bihuan.kernel.api import NotFound, Problem
from bihuan.meetings.section import KEY, Body, Deliberation
from bihuan.methods.api import Method, get_method
from bihuan.methods.models import MethodUse


@dataclass(frozen=True, slots=True)
class BodyRef:
    """A body as it stands in an area: the method's version, its key there, and its rules."""

    version_id: UUID
    method: Method
    key: str
    body: Body

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.body.title.say(get_language() or "zh")


def in_area(area_code: str) -> list[BodyRef]:
    """Return every body of the methods in use in an area, nearest use first, in the order of the files."""
    codes = [area_code, *ancestors(area_code)]
    uses = MethodUse.objects.filter(area_code__in=codes).select_related(None)
    nearest: dict[str, MethodUse] = {}
    for use in sorted(uses, key=lambda use: (-len(use.area_code), not use.default_for_reports, use.key)):
        nearest.setdefault(use.key, use)
    return [ref for use in nearest.values() for ref in of_version(use.version_id)]


def of_version(version_id: UUID) -> list[BodyRef]:
    """Return the bodies that one version of a method declares."""
    method = get_method(version_id)
    section = method.section(KEY)
    if not isinstance(section, Deliberation):
        return []
    return [BodyRef(version_id, method, key, body) for key, body in section.bodies.items()]


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
    for ref in refs:
        if ref.key == key and method_key in {None, ref.method.key}:
            return ref
    raise NotFound(
        Problem(
            "body",
            _("这里没有“%(body)s”这个会议。") % {"body": key},
            _("先在本区域启用写有这个会议的工作法。"),
        )
    )


def role_title(method: Method, role: str) -> str:
    """Return a role's title as the method names it."""
    language = get_language() or "zh"
    spec = method.file.roles.get(role)
    if spec is not None:
        return spec.title.say(language)
    party = method.file.responsibility.get(role)
    return party.title.say(language) if party is not None else role
