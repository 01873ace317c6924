"""Registers the activities section with the method language: its check and what it is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bihuan.activities import picture
from bihuan.activities.section import KEEP_DAYS, KEY, KEY_ZH, Activities
from bihuan.methods.api import Method, Report, Section, register_section

_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


def check(method: Method, section: Activities, report: Report) -> None:
    """Report everything wrong with a section, at its lines."""
    for group, keys in (("kinds", section.kinds), ("teams", section.teams)):
        _check_keys(group, keys, report)
    _check_roles(section, method.roles, report)
    _check_teams(section, report)
    _check_keep(section, report)


def _check_keys(group: str, keys: Mapping[str, object], report: Report) -> None:
    for key in keys:
        if not _KEY.match(key):
            report.error(
                (KEY, group, key),
                "bad-key",
                f"代号“{key}”的写法不对。",
                f"The key '{key}' is not written as it must be.",
                "只用小写字母、数字和下划线，以字母开头；名称写在“标题”里。",
                "Lower-case letters, digits and _, a letter first; the name goes into 'title'.",
            )


def _check_roles(section: Activities, roles: Collection[str], report: Report) -> None:
    for path, role in _roles(section):
        if role not in roles:
            report.error(
                (KEY, *path),
                "unknown-role",
                f"没有角色“{role}”。",
                f"There is no role '{role}'.",
                "在“角色”里写明，或改用已有的角色。",
                "Declare it under roles, or use one that is there.",
            )


def _roles(section: Activities) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key, kind in section.kinds.items():
        for at, role in enumerate(kind.organisers):
            yield ("kinds", key, "organisers", at), role
    for key, team in section.teams.items():
        for at, role in enumerate(team.founders):
            yield ("teams", key, "founders", at), role


def _check_teams(section: Activities, report: Report) -> None:
    for key, kind in section.kinds.items():
        if kind.team and kind.team not in section.teams:
            report.error(
                (KEY, "kinds", key, "team"),
                "unknown-team",
                f"没有队伍类别“{kind.team}”。",
                f"There is no kind of team '{kind.team}'.",
                f"可写：{'、'.join(section.teams) or '（还没有队伍）'}；或在“队伍”里写明。",
                f"There are: {', '.join(section.teams) or 'none'}; or declare it under 'teams'.",
            )


def _check_keep(section: Activities, report: Report) -> None:
    keep, path = section.keep, (KEY, "keep")
    if keep.unit != "days" or keep.amount != int(keep.amount) or keep.amount < 1:
        report.error(
            path,
            "bad-keep",
            "保存期限要写整天数，至少 1 天。",
            "Names are kept for whole days, one at least.",
            f"写成“{KEEP_DAYS} 天”。",
            f"Write '{KEEP_DAYS} days'.",
        )
    elif keep.amount > KEEP_DAYS:
        report.warn(
            path,
            "burden-retention",
            f"报名人的称呼要保存 {keep.amount:g} 天：活动办完就用不着了。",
            f"Names are kept for {keep.amount:g} days, though nobody needs them once it was held.",
            f"改为“{KEEP_DAYS} 天”以内。",
            f"Make it '{KEEP_DAYS} days' or fewer.",
        )


def register() -> None:
    """Add the section to the language; called once at start."""
    register_section(
        Section(
            key=KEY,
            zh=KEY_ZH,
            model=Activities,
            check=check,
            doc="办什么活动、谁来办、由哪支队伍办，报名人的称呼保存多久",
            doc_en="what is held, who announces it, which teams hold it, how long names are kept",
            draw=picture.draw,
            acts=lambda section: {f"activities.{key}": kind.title for key, kind in section.kinds.items()},
        )
    )
