"""Registers the deliberation section with the method language: its check, its bodies, its scenario words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.meetings.section import KEY, KEY_ZH, Deliberation, check_section
from bihuan.methods.api import Method, Report, Section, register_section

_YES = {"是", "通过", "赞成", True}


def check(method: Method, section: Deliberation, report: Report) -> None:
    """Report everything wrong with a section, at its lines."""
    roles = {*method.roles, *method.party_roles}
    waited = {step.deliberated_by for step in method.steps.values()}
    for flaw in check_section(section, roles=roles, deliberated=waited):
        tell = report.error if flaw.severity == "error" else report.warn
        tell((KEY, *flaw.path), flaw.code, flaw.message, flaw.message_en, flaw.mend, flaw.mend_en)


def result(method: Method, section: Deliberation, value: Any) -> Mapping[str, Any]:
    """The scenario word 议决: ``议决: 通过`` or ``议决: {通过: 是, 赞成: 8, 反对: 1, 弃权: 0}``."""
    del method, section
    given = value if isinstance(value, dict) else {"carried": value}
    names = {"通过": "carried", "赞成": "for", "反对": "against", "弃权": "abstain"}
    data = {names.get(key, key): one for key, one in given.items()}
    data["carried"] = data.get("carried", False) in _YES
    return {"result": data}


def register() -> None:
    """Add the section to the language; called once at start."""
    register_section(
        Section(
            key=KEY,
            zh=KEY_ZH,
            model=Deliberation,
            check=check,
            doc="议事组织和议事规矩：谁召集、谁应到会、几个人到会算数、怎样算通过、结果怎样公布",
            doc_en="bodies that deliberate: who calls, who is due, quorum, majority, publicity",
            bodies=lambda section: {key: body.title for key, body in section.bodies.items()},
            acts=lambda section: {f"meetings.{key}": body.title for key, body in section.bodies.items()},
            scenario={"议决": result, "resolved": result},
        )
    )
