"""The left navigation of the desk: its lines in groups, and which of them somebody is shown.

It stands on every page behind sign-in and is the same for everybody with the same rights: written once for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from bihuan.people.api import actor_for


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the page's name, its words, its icon, and the permission without which it is not shown ("": none).

    ``roles``: who is shown it by their post, too, where no permission of an area tells that the page is theirs.
    """

    page: str
    words: str
    sign: str
    permission: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together, under the words that people have for that part of their work."""

    key: str
    words: str
    lines: tuple[Line, ...]


GROUPS = (
    Group(
        "today",
        gettext_noop("今天"),
        (
            Line("desk:todo", gettext_noop("待办"), "todo"),
            Line("desk:record", gettext_noop("记一笔"), "plus", "matter.record"),
            Line("field:shell", gettext_noop("外勤"), "phone", "visit.record"),
        ),
    ),
    Group(
        "matters",
        gettext_noop("民情民事"),
        (
            Line("desk:ledger", gettext_noop("台账"), "ledger", "ledger.read"),
            Line("desk:map", gettext_noop("地图"), "map", "map.read"),
            Line("desk:rounds", gettext_noop("巡访"), "walk", "round.read"),
            Line("desk:visits", gettext_noop("民情日志"), "diary", "visit.record"),
            Line("desk:pairings", gettext_noop("结对"), "link", "pairing.read", frozenset({"partner_unit"})),
        ),
    ),
    Group(
        "together",
        gettext_noop("会议活动"),
        (
            Line("desk:meetings", gettext_noop("会议"), "meeting"),
            Line("desk:activities", gettext_noop("活动"), "agenda", "activity.read"),
        ),
    ),
    Group(
        "figures",
        gettext_noop("数据报表"),
        (
            Line("desk:cockpit", gettext_noop("看板"), "eye", "figure.read"),
            Line("desk:figures", gettext_noop("指标"), "chart", "figure.read"),
            Line("desk:registers", gettext_noop("各类台账"), "shelf", "ledger.read"),
            Line("desk:forms", gettext_noop("填表"), "form", "form.fill"),
            Line("desk:bulletins", gettext_noop("简报"), "file", "bulletin.read"),
        ),
    ),
    Group(
        "keeping",
        gettext_noop("设置"),
        (
            Line("desk:methods", gettext_noop("工作法"), "method", "method.read"),
            Line("desk:areas", gettext_noop("区域"), "building", "area.read"),
            Line("desk:people", gettext_noop("人员"), "people", "people.read"),
            Line("desk:exports", gettext_noop("导出记录"), "download", "export.read"),
            Line("desk:interfaces", gettext_noop("接口"), "loop", "interface.manage"),
        ),
    ),
)
LINES = tuple(line for group in GROUPS for line in group.lines)


def side_nav(request: HttpRequest) -> SafeString:
    """Return the lines that whoever asks may open, in their groups, as ``<li>`` elements; the page's own is marked."""
    actor = actor_for(request)
    roles = {post.role for post in actor.posts}
    shown = frozenset(
        line.page for line in LINES if not line.permission or line.roles & roles or actor.areas_with(line.permission)
    )
    return _written(_here(request.path), shown, get_language() or "")


@cache
def _addresses() -> dict[str, str]:
    return {line.page: reverse(line.page) for line in LINES}


def _here(path: str) -> str:
    """Return the line whose page, or a page below it, ``path`` is; the first one's address is above them all."""
    first, *others = _addresses().items()
    return next((page for page, url in others if path.startswith(url)), first[0] if path == first[1] else "")


@lru_cache(maxsize=256)
def _written(here: str, shown: frozenset[str], language: str) -> SafeString:  # noqa: ARG001 - the words depend on it
    return format_html_join(
        "\n",
        '<li class="side__group"><span class="side__head" id="side-{0}">{1}</span><ul aria-labelledby="side-{0}">{2}'
        "</ul></li>",
        ((group.key, _(group.words), lines) for group in GROUPS if (lines := _lines(group, here, shown))),
    )


def _lines(group: Group, here: str, shown: frozenset[str]) -> SafeString:
    icons = static("build/icons.svg")
    return format_html_join(
        "\n",
        '<li><a href="{}"{}><svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>{}</a></li>',
        (
            (
                _addresses()[line.page],
                mark_safe(' aria-current="page"') if line.page == here else "",
                icons,
                line.sign,
                _(line.words),
            )
            for line in group.lines
            if line.page in shown
        ),
    )
