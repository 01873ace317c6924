"""Every address of the site, from the resolver: nothing can be added without standing here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

REST = r"[\s\S]*$"
PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    """One address as it is declared."""

    template: str
    name: str

    @property
    def catches_all(self) -> bool:
        """Whether it only answers, to anything, that there is no such address."""
        return self.template.startswith("^") and self.template.endswith(REST)

    def path(self, values: dict[str, Any]) -> str:
        """Fill the address with sample values; of a catch-all any address that it catches."""
        if self.catches_all:
            return "/" + self.template.removeprefix("^").removesuffix(REST) + "nothing/here"

        def value(match: re.Match[str]) -> str:
            name = match["name"]
            if name == "token":
                known = {
                    "d": "door",
                    "r": "follow",
                    "reported": "follow",
                    "activities": "sign_up",
                    "notices": "objection",
                }
                name = known.get(self.template.split("/")[0], name)
            if name == "act" and self.template.startswith("desk/activities/"):
                name = "activity_act"
            if name == "objection_id" and "/bulletins/" in self.template:
                name = "bulletin_objection_id"
            if name == "act" and self.template.startswith("desk/bulletins/"):
                name = "bulletin_act"
            return str(values[name])

        return "/" + PART.sub(value, self.template)


def routes() -> list[Route]:
    """Return all of them, sorted by address; the regular expressions of third parties as they print."""
    return sorted(set(_walk(get_resolver(), "", "")), key=lambda route: route.template)


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        template = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, template, inner)
        elif isinstance(pattern, URLPattern):
            yield Route(template, f"{space}{pattern.name or pattern.lookup_str}")
