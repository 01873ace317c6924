"""What people choose from: places of their own, the method's words, who may be named. Few queries, no surprises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.areas.api import ancestors, display_name, names, subtree_q, within
from bihuan.areas.models import Area
from bihuan.kernel.api import clock
from bihuan.matters.api import LedgerFilters
from bihuan.matters.models import Matter
from bihuan.methods import api as methods
from bihuan.people.api import LEDGER_READ, Actor
from bihuan.people.models import Person, Post, Role

Choice = tuple[str, str]
MOST_PEOPLE = 200


def language() -> str:
    """Return "en" or "zh": how methods' words are asked for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def role_titles(keys: Iterable[str]) -> dict[str, str]:
    """Return the titles of post roles in the reader's language. One statement."""
    english = language() == "en"
    return {
        key: title_en if english and title_en else title
        for key, title, title_en in Role.objects.filter(key__in=set(keys)).values_list("key", "title", "title_en")
    }


def posts_in_words(actor: Actor) -> str:
    """Return an actor's posts as people say them: 网格员（12号楼）、议事会成员（电建社区）. Two statements."""
    if not actor.posts:
        return ""
    called = names(post.area_code for post in actor.posts)
    titles = role_titles(post.role for post in actor.posts)
    form, comma = (_("%(role)s（%(area)s）"), _("、"))
    return comma.join(
        form % {"role": titles.get(post.role, post.role), "area": called.get(post.area_code, post.area_code)}
        for post in actor.posts
    )


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
    rows = Area.objects.filter(wanted, active=True).only("code", "name", "short_name")
    shallow = min(len(root) for root in roots)
    return [(area.code, "　" * _depth(area.code, shallow) + display_name(area)) for area in rows]


def _depth(code: str, top: int) -> int:
    return max(0, (len(code) - top) // 3)


def method_at(area_code: str) -> Any | None:
    """Return the method that new matters of an area follow, or None where none is installed."""
    try:
        _version, method = methods.method_for(area_code)
    except LookupError:
        return None
    return method


def ledger_selects(actor: Actor, filters: LedgerFilters) -> list[dict[str, Any]]:
    """Return the ledger's filters: name, title, options, the chosen value."""
    roots = actor.areas_with(LEDGER_READ)
    method = method_at(filters.area or roots[0]) if roots else None
    lang = language()
    steps = [(key, step.title.say(lang)) for key, step in method.steps.items()] if method else []
    outcomes = [(key, outcome.title.say(lang)) for key, outcome in method.outcomes.items()] if method else []
    table: list[tuple[str, str, list[Choice]]] = [
        ("area", _("地点"), area_options(roots, filters.area)),
        ("category", _("类别"), field_options(method, "category", lang)),
        ("urgency", _("紧急程度"), field_options(method, "urgency", lang)),
        ("step", _("环节"), steps),
        ("state", _("状态"), [("open", _("未办结")), ("closed", _("已办结"))]),
        ("outcome", _("办结方式"), outcomes),
        ("channel", _("渠道"), [(key, _(str(label))) for key, label in Matter.Channel.choices]),
        ("card", _("督办牌"), [("yellow", _("黄牌")), ("red", _("红牌"))]),
        ("sort", _("排序"), [("new", _("最新登记在前")), ("due", _("时限最近在前"))]),
    ]
    return [
        {
            "name": name,
            "title": title,
            "options": options if name == "sort" else [("", _("全部")), *options],
            "value": getattr(filters, name),
        }
        for name, title, options in table
        if options
    ]


def field_options(method: Any | None, key: str, lang: str) -> list[Choice]:
    """Return the options of one of the method's fields of choice."""
    spec = method.fields.get(key) if method else None
    return [(value, title.say(lang)) for value, title in spec.options.items()] if spec else []


def eligible(matter: Matter, roles: Iterable[str]) -> list[Choice]:
    """Return who may be named for a party that is chosen among ``roles``: id, name and post.

    Post roles count where the post is held at the matter's place, above it, or below its community; "reporter"
    is the one who reported; "resident" is whoever lives in the community. Two statements.
    """
    wanted = set(roles)
    found: dict[str, str] = {}
    if "reporter" in wanted and matter.reporter_id:
        for key, name in Person.objects.filter(pk=matter.reporter_id, erased_at=None).values_list("pk", "name"):
            found[str(key)] = _("%(name)s（反映人）") % {"name": name}
    here = Q(area_code__in=ancestors(matter.area_code)) | subtree_q("area_code", matter.community_code)
    posts = (
        Post.objects.active(clock.today())
        .filter(here, role_id__in=wanted, person__erased_at=None)
        .select_related("person", "role")
        .order_by("role__order", "-area_code", "person__name")[:MOST_PEOPLE]
    )
    rows = sorted(posts, key=lambda post: not within(matter.area_code, post.area_code))
    english = language() == "en"
    called = names({post.area_code for post in rows}) if rows else {}
    for post in rows:
        title = post.role.title_en if english and post.role.title_en else post.role.title
        label = _("%(name)s（%(area)s %(role)s）") % {
            "name": post.person.name,
            "area": called.get(post.area_code, post.area_code),
            "role": title,
        }
        found.setdefault(str(post.person_id), label)
    if "resident" in wanted:
        neighbours = Person.objects.filter(subtree_q("home_code", matter.community_code), erased_at=None)
        for key, name, home in neighbours.order_by("home_code", "name").values_list("pk", "name", "home_code")[
            :MOST_PEOPLE
        ]:
            near = _("同楼") if home == matter.area_code else ""
            label = _("%(name)s（居民）") % {"name": name} + (f" {near}" if near else "")
            found.setdefault(str(key), label)
    return list(found.items())
