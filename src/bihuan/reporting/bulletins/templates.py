"""Which templates there are in an area: the standard ones, and those of the methods in use there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.kernel.api import NotFound, Problem
from bihuan.methods.api import get_method, methods_in
from bihuan.reporting.bulletins.section import KEY, Bulletins, BulletinSpec

_STANDARD = Path(__file__).resolve().parent.parent / "standard" / "bulletins"


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it stands in an area; ``key`` is "monthly", or "<method>:<key>" of a method's own."""

    key: str
    spec: BulletinSpec
    method_key: str = ""

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return self.spec.title.say(get_language() or "zh")


@cache
def standard() -> dict[str, BulletinSpec]:
    """Return the templates that ship, in the order of their files."""
    found: dict[str, BulletinSpec] = {}
    for path in sorted(_STANDARD.glob("*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        found |= Bulletins.model_validate({"bulletins": loaded}).bulletins
    return found


def templates_in(area_code: str) -> list[Template]:
    """Return every template of an area: those of the methods in use there first."""
    found = []
    for use in methods_in(area_code):
        section = get_method(use.version_id).section(KEY)
        if isinstance(section, Bulletins):
            found += [Template(f"{use.key}:{key}", spec, use.key) for key, spec in section.bulletins.items()]
    return found + [Template(key, spec) for key, spec in standard().items()]


def template_of(area_code: str, key: str) -> Template:
    """Return a template by its key.

    Raises:
        NotFound: naming those there are.
    """
    there = templates_in(area_code)
    for template in there:
        if template.key == key:
            return template
    names = "、".join(template.key for template in there)
    raise NotFound(Problem("template", _("没有这个模板：%s。") % key[:60], _("可写：%s。") % names))
