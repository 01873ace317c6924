"""What one may record here: a matter of the method in use, or of another one whose opening is for one's role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from bihuan.methods.api import get_method, methods_in
from bihuan.people.api import Actor
from bihuan.web.desk import choices

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Kinds:
    """The methods that one may begin a matter of: the chosen one, and how the others are reached.

    ``key``: of the chosen one where it is not the area's own; ``links``: title, address, whether it is the chosen one.
    """

    method: Any | None
    key: str = ""
    links: tuple[tuple[str, str, bool], ...] = ()

    @property
    def told(self) -> bool:
        """Whether somebody told it: a project that an office enters has no reporter."""
        return self.method is None or "report" in self.method.file.opening


def kinds_of(request: HttpRequest, actor: Actor, area: str) -> Kinds:
    """Return what may be recorded in an area, and which of it was asked for by ``method``."""
    own = choices.method_at(area)
    if not area:
        return Kinds(own)
    roles = actor.roles_in(area) | {"anyone"}
    others = {}
    for use in methods_in(area):
        method = get_method(use.version_id)
        opening = method.file.opening.get("record")
        if (own is None or use.key != own.key) and opening is not None and roles & set(opening.by):
            others[use.key] = method
    given = request.POST if request.method == "POST" else request.GET
    asked = str(given.get("method", ""))[:_LONGEST]
    key = asked if asked in others else ""
    if not others:
        return Kinds(own)
    language, page = get_language() or "", reverse("desk:record")
    links = [(own.title.say(language), page, not key)] if own is not None else []
    links += [
        (method.title.say(language), f"{page}?{urlencode({'method': name})}", name == key)
        for name, method in others.items()
    ]
    return Kinds(others[key] if key else own, key, tuple(links))
