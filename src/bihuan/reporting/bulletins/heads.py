"""公文要素: what the head and the end of a printed document hold beside its text. Kept with the bulletin's rules.

密级 is not among them: a state secret is written on no machine that has a network (保守国家秘密法), so not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from bihuan.kernel.api import Problem, visible
from bihuan.reporting.bulletins.section import BulletinSpec
from bihuan.reporting.models import Bulletin

URGENCY = {"": "", "urgent": "加急", "critical": "特急"}
MOST = 9
_BETWEEN = re.compile(r"[、，,；;\n\t]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What is printed around the text."""

    joint: tuple[str, ...] = ()
    upward: bool = False
    signers: tuple[str, ...] = ()
    urgency: str = ""
    annotation: str = ""
    sealed: bool = True
    both_sides: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return what is not as usual, by name."""
        said = {**asdict(self), "joint": list(self.joint), "signers": list(self.signers)}
        usual = {**asdict(Head()), "joint": [], "signers": []}
        return {name: value for name, value in said.items() if value != usual[name]}


def head_of(row: Bulletin) -> Head:
    """Return what is printed around a bulletin's text."""
    said = dict(row.rules_json.get("head", {}))
    return Head(**{**said, "joint": tuple(said.get("joint", ())), "signers": tuple(said.get("signers", ()))})


def of_template(spec: BulletinSpec) -> Head:
    """Return what a template says of it."""
    return Head(tuple(spec.joint), spec.upward, (), spec.urgency, spec.annotation, spec.sealed, spec.both_sides)


def listed(text: str) -> tuple[str, ...]:
    """Return names that were written in one line, with 、 or a comma between them."""
    return tuple(name for part in _BETWEEN.split(text) if (name := " ".join(visible(part).split())))


def changed(head: Head, given: Mapping[str, Any]) -> tuple[Head, list[Problem]]:
    """Return a head with what was given, and every problem of it. Names may come as a list or as one line."""
    said: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, longest in (("joint", 40), ("signers", 20)):
        if name in given:
            value = given[name]
            said[name] = listed(value) if isinstance(value, str) else tuple(listed("、".join(map(str, value))))
            if len(said[name]) > MOST or any(len(one) > longest for one in said[name]):
                why = _("太多或太长：最多 %(n)s 个，每个 %(m)s 个字。") % {"n": MOST, "m": longest}
                problems.append(Problem(name, why, _("用“、”隔开。")))
    for name in ("upward", "sealed", "both_sides"):
        if name in given:
            said[name] = bool(given[name])
    if "urgency" in given:
        said["urgency"] = str(given["urgency"])
        if said["urgency"] not in URGENCY:
            problems.append(Problem("urgency", _("没有这个紧急程度。"), _("特急、加急，或不写。")))
    if "annotation" in given:
        said["annotation"] = " ".join(visible(str(given["annotation"])).split()).strip("（）()")
        if len(said["annotation"]) > 120:
            problems.append(Problem("annotation", _("太长：最多 %(n)s 个字。") % {"n": 120}, _("写短一些。")))
    return replace(head, **said), problems


def signed_for(row: Bulletin) -> Problem | None:
    """A document to a superior names who signs it off."""
    head = head_of(row)
    if head.upward and not head.signers:
        return Problem("signers", _("上行文没有写签发人。"), _("在“公文要素”里写上签发人的姓名。"))
    return None
