"""What people choose from: places of their own, the method's words, who may be named. Few queries, no surprises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors, names, subtree_q, within
from bihuan.areas.models import Area
from bihuan.kernel.api import NotFound
from bihuan.matters.api import LedgerFilters, candidates
from bihuan.matters.models import Matter
from bihuan.methods import api as methods
from bihuan.people.api import LEDGER_READ, Actor, person_names

Choice = tuple[str, str]
MOST_PEOPLE = 200
MOST_PLACES = 500


def language() -> str:
    """Return "en" or "zh": how methods' words are asked for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def area_options(roots: Sequence[str], chosen: str) -> list[Choice]:
    """Return the places an area filter offers: one's own roots, the way down to the chosen one, what lies below it.

    One statement. Below a district are its streets, below a community its micro-grids: never thousands at once.
    """
    if not roots:
        return []
    way = [code for code in ancestors(chosen) if any(within(code, root) for root in roots)] if chosen else []
    open_at = way[-1] if way else (roots[0] if len(roots) == 1 else "")
    wanted = Q(code__in=[*roots, *way])
    if open_at:
        wanted |= Q(parent_code=open_at)
        if len(way) > 1:
            wanted |= Q(parent_code=way[-2])
    rows = Area.objects.filter(wanted, active=True).values_list("code", "name", "short_name")
    shallow = min(len(root) for root in roots)
    return [(code, "　" * _depth(code, shallow) + (short or name)) for code, name, short in rows]


def place_options(roots: Sequence[str]) -> list[Choice]:
    """Return the places among which somebody picks one for good, in one go: one's own, communities, what is just below.

    One statement. A district has some dozens of communities; micro-grids are offered below one's own community alone.
    """
    if not roots:
        return []
    levels = (Area.Level.DISTRICT, Area.Level.STREET, Area.Level.COMMUNITY)
    wanted = Q(code__in=roots)
    for root in roots:
        wanted |= Q(parent_code=root) | (subtree_q("code", root) & Q(level__in=levels))
    rows = Area.objects.filter(wanted, active=True).order_by("code").values_list("code", "name", "short_name")
    shallow = min(len(root) for root in roots)
    return [(code, "　" * _depth(code, shallow) + (short or name)) for code, name, short in rows[:MOST_PLACES]]


def _depth(code: str, top: int) -> int:
    return max(0, (len(code) - top) // 3)


def method_at(area_code: str) -> Any | None:
    """Return the method that new matters of an area follow, or None where none is installed."""
    try:
        _version, method = methods.method_for(area_code)
    except NotFound:
        return None
    return method


def ledger_selects(actor: Actor, filters: LedgerFilters) -> list[dict[str, Any]]:
    """Return the ledger's filters: name, title, options."""
    roots = actor.areas_with(LEDGER_READ)
    table: list[tuple[str, str, list[Choice]]] = [
        ("area", _("地点"), area_options(roots, filters.area)),
        *filter_choices(filters.area or (roots[0] if roots else "")),
        ("sort", _("排序"), [("new", _("最新登记在前")), ("due", _("时限最近在前"))]),
    ]
    return [
        {
            "name": name,
            "title": title,
            "options": options_html(options if name == "sort" else [("", _("全部")), *options], getattr(filters, name)),
        }
        for name, title, options in table
        if options
    ]


def filter_choices(area_code: str) -> list[tuple[str, str, list[Choice]]]:
    """Return what matters of an area can be filtered by: name, title, choices."""
    method = method_at(area_code) if area_code else None
    lang = language()
    steps = [(key, step.title.say(lang)) for key, step in method.steps.items()] if method else []
    outcomes = [(key, outcome.title.say(lang)) for key, outcome in method.outcomes.items()] if method else []
    return [
        ("category", _("类别"), field_options(method, "category", lang)),
        ("urgency", _("紧急程度"), field_options(method, "urgency", lang)),
        ("step", _("环节"), steps),
        ("state", _("状态"), [("open", _("未办结")), ("closed", _("已办结"))]),
        ("outcome", _("办结方式"), outcomes),
        ("channel", _("渠道"), [(key, _(str(label))) for key, label in Matter.Channel.choices]),
        ("card", _("督办牌"), [("yellow", _("黄牌")), ("red", _("红牌"))]),
    ]


def options_html(options: Iterable[Choice], chosen: str) -> SafeString:
    """Return ``<option>`` elements: a hundred of them cost a template engine more than the ledger itself."""
    return mark_safe(  # noqa: S308 - both parts are escaped
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(title)}</option>'
            for value, title in options
        )
    )


def field_options(method: Any | None, key: str, lang: str) -> list[Choice]:
    """Return the options of one of the method's fields of choice."""
    spec = method.fields.get(key) if method else None
    return [(value, title.say(lang)) for value, title in spec.options.items()] if spec else []


def eligible(matter: Matter, roles: Iterable[str]) -> list[Choice]:
    """Return who may be named for a party that is chosen among ``roles``: id, name and post.

    The rule is the one by which ``advance`` takes them (``matters.eligible``), the nearest first; "reporter" is the one
    who reported. Two statements.
    """
    wanted = set(roles)
    found: dict[str, str] = {}
    if "reporter" in wanted and matter.reporter_id:
        for key, name in person_names([matter.reporter_id]).items():
            found[str(key)] = _("%(name)s（反映人）") % {"name": name}
    posts = list(candidates(matter.area_code, matter.community_code, wanted)[:MOST_PEOPLE])
    called = names({post.area_code for post in posts}) if posts else {}
    english = language() == "en"
    for post in posts:
        label = _("%(name)s（%(area)s %(role)s）") % {
            "name": post.person.name,
            "area": called.get(post.area_code, post.area_code),
            "role": post.role.title_en if english and post.role.title_en else post.role.title,
        }
        found.setdefault(str(post.person_id), label)
    return list(found.items())
